"""Words and shapes of the texts that are drawn, and the words kept as data."""

import csv
from functools import cache

from app.settings import get_settings

STATES_IN_SPANISH = {
    "CA": "California", "DC": "Distrito de Columbia", "HI": "Hawái", "LA": "Luisiana",
    "MI": "Míchigan", "MO": "Misuri", "MS": "Misisipi", "NC": "Carolina del Norte",
    "ND": "Dakota del Norte", "NH": "Nuevo Hampshire", "NJ": "Nueva Jersey", "NM": "Nuevo México",
    "NY": "Nueva York", "OR": "Oregón", "PA": "Pensilvania", "PR": "Puerto Rico",
    "SC": "Carolina del Sur", "SD": "Dakota del Sur", "TN": "Tennessee", "TX": "Texas",
    "WV": "Virginia Occidental",
}  # fmt: skip
"""As Spanish has them (Fundéu RAE, names of the states of the country)."""

FIELDS_IN_SPANISH = {
    "codificación médica": ["51.0713"],
    "codificadora médica": ["51.0713"],
    "facturación médica": ["51.0714"],
    "informática médica": ["51.2706"],
    "transcripción médica": ["51.0708"],
    "secretaria médica": ["51.0716"],
    "recepcionista médica": ["51.0712"],
    "administración de servicios de salud": ["51.0701", "51.0702"],
    "investigación clínica": ["51.0719"],
    "ilustración médica": ["51.2703"],
}
"""Titles of these fields as colleges with Spanish pages have them."""

AWARDS = {
    "associate": ("associate degree", "associates", "AAS", "A.A.S.", "two year degree"),
    "bachelor": ("bachelor's degree", "bachelors", "BS", "B.S."),
    "master": ("master's degree", "masters", "MS", "M.S."),
    "doctorate": ("doctorate", "doctoral degree", "Ph.D."),
    "certificate": ("certificate", "certificate program"),
}
AWARDS_IN_SPANISH = {
    "certificate": "certificado",
    "associate": "grado asociado",
    "master": "maestría",
    "doctorate": "doctorado",
}

REGIONS = {
    "new england": "CT ME MA NH RI VT",
    "northeast": "CT ME MA NH RI VT NJ NY PA",
    "midwest": "IL IN MI OH WI IA KS MN MO NE ND SD",
}
"""Regions and a division of the Census Bureau that people name so."""

METRO_WORDS = ("greater {}", "{} area", "{} metro", "{} metro area")

BEFORE = ("", "", "", "find ", "looking for ", "I want to study ", "best schools for ")
AFTER = ("", "", "", " programs", " classes", " courses", " schools")

QUESTIONS = (
    "where can I study {field} in {place}",
    "what colleges offer {field} in {place}?",
    "is there a school near {place} that teaches {field}",
    "I live in {place} and I want to learn {field}",
    "which schools in {place} have {field}",
    "my sister lives in {place} and would like to study {field} next fall, what is there for her",
    "can you tell me if there are any {field} classes around {place} please",
)
QUESTIONS_IN_SPANISH = (
    "{field} en {place}",
    "programas de {field} en {place}",
    "¿dónde puedo estudiar {field} en {place}?",
    "quiero estudiar {field} cerca de {place}",
    "escuelas de {field} {place}",
)

LANDSCAPES = ("Valley", "Ridge", "Harbor", "Summit", "Prairie", "Meadow", "Falls", "Canyon")
SCHOOL_KINDS = ("University", "College", "Community College", "State College", "Technical College")
"""Of what names of schools are made that nobody has."""

PERSONS = ("er", "or", "ist", "ian", "ant", "clerk")
"""How words for who does a work end; these are said of several."""

ELSEWHERE = ("01", "11", "12", "13", "15", "22", "43", "46", "47", "48", "49", "50", "51", "52")
"""Families of fields that people look for, of which nearly all is not held."""

SYLLABLES = ("bra", "dro", "fel", "gri", "hol", "jun", "kve", "lom", "mur", "nep", "pla", "quo",
             "rix", "stu", "tor", "vex", "wim", "yar", "zob", "ond", "eck", "ump")  # fmt: skip


@cache
def lexicon(kind: str) -> list[dict[str, str]]:
    """Return the rows of one file of the words kept as data."""
    path = get_settings().seed_dir / "lexicon" / f"{kind}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
