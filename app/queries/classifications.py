"""Codes of fields of study and the occupations they lead to."""

import re
from collections.abc import Collection, Iterable

from sqlmodel import Session, col, or_, select

from app.domain.occupations import SUCCESSORS
from app.domain.text.identifiers import fold
from app.errors import NotFoundError
from app.search.index import index_of
from app.search.reading.spans import FieldTarget
from app.store.tables.classifications import Cip, CipSoc
from app.store.tables.occupations import Occupation
from app.store.tables.statistics import Statistic

CIP_PATTERN = re.compile(r"\d{2}(\.\d{2}(\d{2})?)?")


def cip_titles(session: Session, only: Collection[str] | None = None) -> dict[str, str]:
    """Return code -> title of these CIP families, series and codes, by default of every one."""
    statement = select(Cip.code, Cip.title)
    if only is not None:
        statement = statement.where(col(Cip.code).in_(only))
    return {code: title for code, title in session.exec(statement)}


def find_cip(session: Session, code: str) -> Cip | None:
    """Return a CIP family, series or code, or None."""
    return session.get(Cip, code)


def known_soc_codes(session: Session) -> set[str]:
    """Return the SOC codes that the catalogue has heard of, those that were replaced among them."""
    columns = (Occupation.soc_code, CipSoc.soc_code, Statistic.soc_code)
    found = {code for column in columns for code in session.exec(select(column).distinct())}
    return {code for code in found if code is not None} | SUCCESSORS.keys()


def occupation_titles(session: Session) -> dict[str, str]:
    """Return SOC code -> title of the whole occupation."""
    is_whole = col(Occupation.onet_code) == col(Occupation.soc_code) + ".00"
    return dict(session.exec(select(Occupation.soc_code, Occupation.title).where(is_whole)).all())


def find_fields(session: Session, name: str) -> frozenset[str]:
    """Return the CIP codes that a code, a title or everyday words for a field stand for.

    Raises:
        NotFoundError: No field is known under this name.
    """
    code = name.strip()
    words = fold(name)
    meanings, _ = index_of(session).lexicon.look_up(words)
    fields = (one.target for one in meanings if isinstance(one.target, FieldTarget))
    found = {code for target in fields for code in target.strong}
    titles = {} if found else cip_titles(session)
    if CIP_PATTERN.fullmatch(code) and code[:2] in titles:
        found = {code}
    elif words:
        asked = set(words.split())
        found |= {key for key, title in titles.items() if asked <= set(fold(title).split())}
    if not found:
        raise NotFoundError(
            "field", name, more="A CIP code such as 51.0707, or words of its title."
        )
    return frozenset(found)


def soc_codes_of(session: Session, cip_prefixes: tuple[str, ...]) -> set[str]:
    """Return the SOC codes that fields of study with these prefixes lead to."""
    belongs = or_(*(col(CipSoc.cip_code).startswith(prefix) for prefix in cip_prefixes))
    return set(session.exec(select(CipSoc.soc_code).where(belongs)))


def cips_of_soc(
    session: Session, soc_codes: Iterable[str]
) -> dict[str, list[tuple[str, str | None]]]:
    """Return SOC code -> fields of study that lead to it, as code and title, by code."""
    statement = (
        select(CipSoc.soc_code, CipSoc.cip_code, Cip.title)
        .join(Cip, col(Cip.code) == col(CipSoc.cip_code), isouter=True)
        .where(col(CipSoc.soc_code).in_(list(soc_codes)))
        .order_by(col(CipSoc.cip_code))
    )
    found: dict[str, list[tuple[str, str | None]]] = {}
    for soc_code, cip_code, title in session.exec(statement):
        found.setdefault(soc_code, []).append((cip_code, title))
    return found
