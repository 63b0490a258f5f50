"""Every school of the catalogue, also those without a listed program: find, list."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from app.clock import today
from app.domain.places import Point, miles_between
from app.domain.schools import fold_name
from app.domain.text.cursors import decode_cursor, encode_cursor
from app.domain.text.identifiers import fold
from app.domain.vocabulary import GONE, STATE_NAMES
from app.errors import Fault, InvalidRequestError
from app.queries.institutions import find_operations, school_sources, search_institutions
from app.queries.kept import kept
from app.queries.releases import stamp
from app.schemas.institutions import (
    HasPrograms,
    InstitutionItem,
    InstitutionPage,
    InstitutionQuery,
)
from app.schemas.programs import FacetCount, Relaxation
from app.search.index import UNKNOWN
from app.search.places import USUAL_MILES, point_of
from app.store.tables.institutions import Institution
from app.store.tables.programs import ProgramSummary as SummaryRow

FACTS = ("state", "control", "level", "status")
"""Fields of an item that have filters and facets."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A school, the names it goes or went by, and the words it is found by."""

    key: int
    item: InstitutionItem
    names: frozenset[str]
    words: frozenset[str]
    point: Point | None


def list_schools(session: Session, query: InstitutionQuery) -> InstitutionPage:
    """Return one page of schools: those with a listed program, those without, or all.

    Where no school with a listed program is found, it tells how many others would be.

    Raises:
        InvalidRequestError: The cursor belongs to another query, or the ZIP code is not known.
    """
    if query.has_programs is not HasPrograms.TRUE:
        return search_directory(session, query)
    page = search_institutions(session, query)
    if not page.total:
        anyhow = query.model_copy(update={"has_programs": HasPrograms.ANY, "cursor": None})
        if total := search_directory(session, anyhow).total:
            page.relaxations.append(Relaxation(without="has_programs", total=total))
    return page


def search_directory(session: Session, query: InstitutionQuery) -> InstitutionPage:
    """Return one page of all schools, or of those without a listed program.

    Words are looked for as they are spelled, in names of today and of older editions, and places.

    Raises:
        InvalidRequestError: The cursor belongs to another query, or the ZIP code is not known.
    """
    asked = query.model_dump_json(exclude={"cursor", "limit", "facets"})
    center = point_of(query.near) if query.near else None
    among = list(_among(session, query, center))
    is_open = not (query.status or query.exclude_status or query.status_is)
    left_out: Counter[str] = Counter()
    found = []
    for listed, miles in among:
        item = listed.item
        if not all(_fits(item, query, fact) for fact in FACTS):
            continue
        if is_open and item.status in GONE:
            left_out[str(item.status)] += 1
            continue
        found.append((listed, miles))
    facets = {str(fact): _facet(among, query, str(fact), is_open) for fact in query.facets}
    _sort(found, query)
    start = _start(query, asked)
    shown = found[start : start + query.limit]
    more = len(found) > start + len(shown)
    return InstitutionPage(
        items=[one.item.model_copy(update={"distance_miles": miles}) for one, miles in shown],
        total=len(found),
        total_is_estimate=False,
        next=encode_cursor([start + len(shown)], asked) if more and shown else None,
        left_out=dict(sorted(left_out.items())),
        facets=facets,
        **stamp(session, school_sources(session)),
    )


def named(session: Session, name: str) -> list[int]:
    """Return the ids of schools that go or went by a name, and of those it is a nickname of."""
    folded = fold_name(name)
    return [one.key for one in _every_school(session, today()) if folded in one.names]


def _among(
    session: Session, query: InstitutionQuery, center: Point | None
) -> Iterable[tuple[Listed, float | None]]:
    """Yield the schools that words and place let through, with their distance."""
    words = fold_name(query.q or "").split()
    most = query.within_miles or USUAL_MILES
    for one in _every_school(session, today()):
        if query.has_programs is HasPrograms.FALSE and one.item.program_count:
            continue
        if not all(_has(one.words, word) for word in words):
            continue
        miles = None
        if center is not None:
            if one.point is None or (way := miles_between(center, one.point)) > most:
                continue
            miles = round(way, 1)
        yield one, miles


def _has(words: frozenset[str], word: str) -> bool:
    """Return whether a word is among others, or from three letters on begins one of them."""
    return word in words or (len(word) > 2 and any(other.startswith(word) for other in words))


def _fits(item: InstitutionItem, query: InstitutionQuery, fact: str) -> bool:
    value = getattr(item, fact)
    wanted, refused = getattr(query, fact), getattr(query, f"exclude_{fact}")
    whether = getattr(query, f"{fact}_is", None)
    if whether is not None and (value is None) != (whether == UNKNOWN):
        return False
    return (not wanted or value in wanted) and value not in refused


def _facet(
    among: Iterable[tuple[Listed, float | None]], query: InstitutionQuery, fact: str, is_open: bool
) -> list[FacetCount]:
    """Return the counts of a field's values, without the filters on the field itself."""
    others = [other for other in FACTS if other != fact]
    counts = Counter(
        str(getattr(one.item, fact) or UNKNOWN)
        for one, _ in among
        if all(_fits(one.item, query, other) for other in others)
        and not (is_open and fact != "status" and one.item.status in GONE)
    )
    counts.setdefault(UNKNOWN, 0)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        FacetCount(value=value, count=count)
        for value, count in ordered
        if count or value == UNKNOWN
    ]


def _sort(found: list[tuple[Listed, float | None]], query: InstitutionQuery) -> None:
    """Sort schools, which come by name, by the keys asked for."""
    name = fold_name(query.q or "")
    usual = [*(["relevance"] if query.q else ()), *(["distance"] if query.near else ())]
    for key in reversed([str(sort) for sort in query.sort] or usual):
        is_down = key.startswith("-")
        match key.removeprefix("-"):
            case "name":
                found.sort(key=lambda one: one[0].item.name, reverse=is_down)
            case "programs":
                found.sort(key=lambda one: one[0].item.program_count, reverse=is_down)
            case "distance":
                found.sort(key=lambda one: one[1] or 0.0, reverse=is_down)
            case _:
                found.sort(key=lambda one: name not in one[0].names)


def _start(query: InstitutionQuery, asked: str) -> int:
    if not query.cursor:
        return 0
    try:
        [start] = decode_cursor(query.cursor, asked, 1)
        if not isinstance(start, int) or start < 0:
            raise ValueError("the cursor is damaged; take it unchanged from `next`")
    except ValueError as error:
        fault = Fault(f"{error}.", parameter="cursor", value=query.cursor[:60])
        raise InvalidRequestError([fault]) from error
    return start


@kept()
def _every_school(session: Session, day: date) -> list[Listed]:
    """Return all schools by name, as they stand on a day."""
    offering = {
        school: (count, status)
        for school, count, status in session.exec(
            select(
                SummaryRow.institution_id, func.count(), func.max(SummaryRow.school_status)
            ).group_by(col(SummaryRow.institution_id))
        )
    }
    schools = session.exec(
        select(Institution)
        .where(col(Institution.retired_at).is_(None))
        .order_by(col(Institution.name), col(Institution.slug))
    ).all()
    others = [school for school in schools if school.id not in offering]
    operations = find_operations(session, others, day)
    found = []
    for school in schools:
        key = school.id or 0
        count, status = offering.get(key) or (0, operations[key].status)
        names = (school.name, *school.aliases, *(one["name"] for one in school.former_names or ()))
        place = f"{school.city or ''} {school.state} {STATE_NAMES.get(school.state, '')}"
        folded = frozenset(map(fold_name, names)) - {""}
        words = {word for text in (*folded, fold(place)) for word in text.split()}
        point = (
            None
            if school.latitude is None or school.longitude is None
            else (school.latitude, school.longitude)
        )
        item = InstitutionItem(
            **{name: getattr(school, name) for name in ITEM},
            status=status,
            program_count=count,
        )
        zip_code = {school.zip_code[:5]} if school.zip_code else set()
        found.append(Listed(key, item, folded, frozenset(words | zip_code), point))
    return found


ITEM = ("unitid", "slug", "name", "city", "state", "control", "website", "level")
"""Fields of an item that are columns of its school."""
