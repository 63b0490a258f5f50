"""What no list can have: ZIP codes, prices and lengths of time, in figures or words."""

import re
from collections.abc import Iterator, Sequence
from math import ceil

from app.search.reading.cities import MILES
from app.search.reading.folding import Token
from app.search.reading.lexicon import Lexicon
from app.search.reading.spans import AreaTarget, FilterTarget, Kind, Surface
from app.search.zip_states import state_of_zip

NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            *("", "a an one un una uno", "two dos", "three tres", "four cuatro", "five cinco"),
            *("six seis", "seven siete", "eight ocho", "nine nueve", "ten diez"),
            *("eleven once", "twelve doce"),
        )
    )
    for word in words.split()
} | {"eighteen": 18, "dieciocho": 18}

UNITS = {
    "day": 1 / 30,
    "dia": 1 / 30,
    "week": 7 / 30,
    "wk": 7 / 30,
    "semana": 7 / 30,
    "month": 1,
    "mo": 1,
    "mth": 1,
    "mes": 1,
    "year": 12,
    "yr": 12,
    "ano": 12,
}
"""Unit of time -> months; "ano" is the Spanish year without its tilde."""

_AT_MOST = (
    r"under|below|less than|up to|no more than|not more than|max|maximum|maximum of|at most"
    r"|within|cheaper than|shorter than|in under|in less than|menos de|en menos de|hasta|maximo"
    r"|como maximo|por debajo de|no mas de|a lo mas"
)
_OR_LESS = r"or less|or under|or fewer|max|maximum|o menos|como maximo"
_NUMBER = "|".join(NUMBERS)
_UNIT = r"(?:days?|dias?|weeks?|wks?|semanas?|months?|mos?|mths?|mes|meses|years?|yrs?|anos?)"

_EACH = (
    r"(?:(?:per|a|each|por|al) (?:year|yr|semester|term|ano|semestre)|yearly|total|en total|anual)"
)

_PRICE = re.compile(
    rf"(?<!\S)(?P<bound>(?:{_AT_MOST}) )?"
    rf"(?P<money>\$\d{{2,6}}(?:\.\d+)?k?|\$\d{{1,3}}(?:\.\d+)?k|\d{{1,3}}(?:\.\d+)?k"
    rf"|\d{{3,6}}(?:\.\d\d)?)"
    rf"(?P<unit> (?:dollars?|usd|bucks|dolares|dolar)(?!\S))?(?P<less> (?:{_OR_LESS})(?!\S))?(?!\S)"
    rf"(?! {_UNIT}(?!\S))(?: {_EACH}(?!\S))?"
)
_LENGTH = re.compile(
    rf"(?<!\S)(?P<bound>(?:{_AT_MOST}|in|en) )?(?P<number>\d{{1,3}}|{_NUMBER}) (?P<unit>{_UNIT})"
    rf"(?P<less> (?:{_OR_LESS}|long)(?!\S))?(?!\S)"
)
_LONGEST_MONTHS = 120


def patterns_in(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[int, int, Surface]]:
    """Yield the ZIP codes, prices and lengths of a text, each from token to token."""
    text = " ".join(token.text for token in tokens)
    starts = {}
    offset = 0
    for place, token in enumerate(tokens):
        starts[offset] = place
        offset += len(token.text) + 1
        if surface := zip_surface(token.text, lexicon):
            yield place, place + 1, surface
    for pattern, to_surface in ((_PRICE, _price), (_LENGTH, _length)):
        for match in pattern.finditer(text):
            start = starts.get(match.start())
            if start is not None and (surface := to_surface(match)):
                yield start, start + len(match.group().split()), surface


def zip_surface(text: str, lexicon: Lexicon) -> Surface | None:
    """Return what a ZIP code stands for, its first five digits; None: it is none that is known."""
    if not re.fullmatch(r"\d{5}(-\d{4})?", text):
        return None
    code = text[:5]
    point = lexicon.point_of_zip(code)
    if point is None:
        return None
    state = state_of_zip(code)
    target = AreaTarget(code, center=point, miles=MILES, state=state, zip_code=code)
    return Surface(text, Kind.AREA, target, 1.0, "any", "zip-code", 2.0)


def _price(match: re.Match[str]) -> Surface | None:
    money = match["money"]
    if not (money.startswith("$") or money.endswith("k") or match["bound"] or match["unit"]):
        return None
    amount = float(money.strip("$k")) * (1000 if money.endswith("k") else 1)
    target = FilterTarget("max_tuition_usd", (str(round(amount)),))
    return Surface(match.group(), Kind.PRICE, target, 1.0, "any", "pattern", 1.5)


def _length(match: re.Match[str]) -> Surface | None:
    number, unit = match["number"], match["unit"]
    count = int(number) if number.isdigit() else NUMBERS[number]
    stem = unit if unit in UNITS else unit.removesuffix("s").removesuffix("e")
    if number in ("a", "an", "un", "una", "uno") and not (match["bound"] or match["less"]):
        return None
    months = ceil(count * UNITS.get(stem, UNITS.get(unit.removesuffix("es"), 1)))
    if not 0 < months <= _LONGEST_MONTHS:
        return None
    target = FilterTarget("max_months", (str(months),))
    sure = 1.0 if match["bound"] or match["less"] or stem not in ("year", "yr", "ano") else 0.7
    return Surface(match.group(), Kind.LENGTH, target, sure, "any", "pattern", 1.5)
