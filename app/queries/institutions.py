"""Schools: find, list."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from pyroaring import FrozenBitMap
from sqlmodel import Session, col, select

from app.domain.claims import LISTS, ProgramFacts, claims_in
from app.domain.evidence import Subject, order_claims
from app.domain.operation import Operation, operation_of
from app.domain.reader import ANYBODY, Reader, residency_for
from app.domain.shared_facts import SharedFacts
from app.errors import NotFoundError
from app.queries.claims import load_institution_facts
from app.queries.details import to_detail, to_lists
from app.queries.kept import kept
from app.queries.releases import stamp
from app.queries.shared_facts import load_shared_facts
from app.schemas.institutions import (
    INSTITUTION_SORTS,
    InstitutionFilters,
    InstitutionItem,
    InstitutionPage,
    InstitutionQuery,
    InstitutionRead,
)
from app.schemas.programs import ProgramQuery, ProgramSummary
from app.search.index import FIRST_OF_SCHOOL, SCHOOL_STATUS, UNKNOWN, Index, index_of
from app.search.programs import Matches, SearchScope, fetch_docs, join_docs, search_programs
from app.store.tables.institutions import Institution
from app.store.tables.programs import ProgramSummary as SummaryRow

ITEMS_A_BATCH = 1_000

NEAR_UNITIDS = 100
"""How far from a mistyped unitid others are looked at."""


def institution_ids(session: Session) -> dict[int, int]:
    """Return unitid -> id of every institution that has a unitid."""
    statement = select(Institution.unitid, Institution.id).where(
        col(Institution.unitid).is_not(None)
    )
    return {unitid: key for unitid, key in session.exec(statement) if unitid and key}


def institution_slugs(session: Session) -> dict[int, str]:
    """Return id -> slug of every institution."""
    rows = session.exec(select(Institution.id, Institution.slug))
    return {key: slug for key, slug in rows if key}


@kept()
def school_sources(session: Session) -> list[str]:
    """Return the sources of all schools."""
    return list(session.exec(select(Institution.source).distinct()))


def search_institutions(session: Session, query: InstitutionQuery) -> InstitutionPage:
    """Return one page of schools that offer a listed program.

    They are searched by the first program of each, which stands for its school.

    Raises:
        InvalidRequestError: The cursor belongs to another query, or the ZIP code is not known.
    """
    index = index_of(session)
    sorts = tuple(INSTITUTION_SORTS[str(sort)] for sort in query.sort)
    found = search_programs(
        session.connection(),
        index,
        _as_programs(query, facets=list(query.facets), limit=query.limit, cursor=query.cursor),
        None,
        _schools_of(index, sorts or _usual(query)),
    )
    items = [_to_item(index, *one) for one in zip(found.numbers, found.docs, strict=True)]
    if "beyond" in found.more:
        found.more["beyond"]["items"] = [_to_item(index, *one) for one in found.beyond.items()]
    return InstitutionPage(
        items=items,
        total=found.total,
        total_is_estimate=False,
        next=found.next,
        **found.more,
        **stamp(session, school_sources(session)),
    )


def _to_item(index: Index, number: int, doc: str) -> InstitutionItem:
    """Return the school of a program, by the number of the program and its list item."""
    item, level = json.loads(doc), index["level"].of(number)
    return InstitutionItem(
        **item["institution"],
        level=None if level == UNKNOWN else level,
        program_count=index[FIRST_OF_SCHOOL].of(number),
        distance_miles=item.get("distance_miles"),
    )


def _as_programs(filters: InstitutionFilters, **more: Any) -> ProgramQuery:
    """Return what filters ask of the programs that stand for schools."""
    asked = filters.model_dump(exclude_unset=True, include=set(InstitutionFilters.model_fields))
    if filters.near:
        asked["include_online"] = False
    return ProgramQuery.model_validate({**asked, **more})


def _usual(query: InstitutionQuery) -> tuple[str, ...]:
    named = ("relevance",) if query.q else ()
    return (*named, "distance") if query.near else (*named, "institution")


def numbers_found(session: Session, filters: InstitutionFilters) -> FrozenBitMap:
    """Return the schools that filters let through by their first listed programs, by name."""
    index = index_of(session)
    return Matches(index, _as_programs(filters), _schools_of(index)).found


def all_numbers(session: Session) -> FrozenBitMap:
    """Return all schools with a listed program, by name; those that have closed are among them."""
    return index_of(session)[FIRST_OF_SCHOOL].known


def list_items(session: Session, places: Iterable[int] | None) -> Iterator[list[InstitutionItem]]:
    """Yield schools as lists serve them, some at a time: those at some places of ``all_numbers``.

    None: all of them.
    """
    index, every = index_of(session), list(all_numbers(session))
    wanted = iter(every if places is None else [every[place] for place in places])
    while numbers := list(islice(wanted, ITEMS_A_BATCH)):
        docs = join_docs(session.connection(), [index.programs[one] for one in numbers])
        found = zip(numbers, docs.split("\n"), strict=True)
        yield [_to_item(index, *one) for one in found]


def list_ids(session: Session) -> list[int]:
    """Return the ids of schools with a listed program, in the order of ``all_numbers``."""
    schools = index_of(session)["school_id"]
    return [schools.of(number) for number in all_numbers(session)]


def _schools_of(index: Index, sorts: tuple[str, ...] = ()) -> SearchScope:
    known = index[FIRST_OF_SCHOOL].known
    return SearchScope(
        "schools",
        known,
        "/v1/institutions",
        is_of_schools=True,
        sorts=sorts,
        status=SCHOOL_STATUS,
    )


def get_institution(
    session: Session, key: str, today: date, reader: Reader = ANYBODY
) -> InstitutionRead:
    """Return one school by unitid or slug, with its claims and listed programs for a reader.

    Raises:
        NotFoundError: No school has this unitid or slug.
    """
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None
    institution = session.exec(
        select(Institution).where(
            (Institution.slug == key) if number is None else (Institution.unitid == number)
        )
    ).first()
    if institution is None:
        raise NotFoundError("institution", key, known=_keys_like(session, key))
    return read_institutions(session, [institution], today, reader)[0]


def _keys_like(session: Session, key: str) -> list[str]:
    """Return keys of schools that begin like a mistyped one: unitids for digits, else slugs."""
    if key.isascii() and key.isdigit():
        near = int(key[:6])
        unitids = select(Institution.unitid).where(
            col(Institution.unitid).between(near - NEAR_UNITIDS, near + NEAR_UNITIDS)
        )
        return [str(unitid) for unitid in session.exec(unitids)]
    begins = col(Institution.slug).startswith(key[:6], autoescape=True)
    return list(session.exec(select(Institution.slug).where(begins).limit(500)))


def read_institutions(
    session: Session,
    institutions: Sequence[Institution],
    today: date,
    reader: Reader = ANYBODY,
) -> list[InstitutionRead]:
    """Return schools with their listed programs; what they need is loaded for all together."""
    ids = [int(school.id or 0) for school in institutions]
    facts = load_institution_facts(session, ids)
    docs: dict[int, list[str]] = {}
    listed = select(
        SummaryRow.institution_id, SummaryRow.program_id, SummaryRow.state, SummaryRow.doc
    )
    listed = listed.where(col(SummaryRow.institution_id).in_(ids)).order_by(col(SummaryRow.slug))
    rows = session.exec(listed).all()
    theirs: dict[int, str] = {}
    if not reader.pays_as_resident:
        whose = {program: residency_for(reader, state) for _, program, state, _ in rows}
        theirs = dict(fetch_docs(session.connection(), whose))
    for key, program, _, doc in rows:
        docs.setdefault(key, []).append(theirs.get(program, doc))
    shared, release = load_shared_facts(session)
    return [
        _to_institution(school, facts[key], docs.get(key, []), shared, release, today)
        for key, school in zip(ids, institutions, strict=True)
    ]


def _to_institution(
    institution: Institution,
    facts: ProgramFacts,
    docs: Sequence[str],
    shared: SharedFacts,
    release: int,
    today: date,
) -> InstitutionRead:
    operation = _operation(institution, facts, shared, today)
    return InstitutionRead(
        **to_detail(institution, operation, shared, today).model_dump(),
        **to_lists(facts, today, [kind for kind in LISTS if kind.is_of_schools]),
        programs=[ProgramSummary.model_validate_json(doc) for doc in docs],
        release=release,
        as_of=today,
        sources=sorted({claim.source for claim in claims_in(facts)} | {institution.source}),
    )


def _operation(
    institution: Institution, facts: ProgramFacts, shared: SharedFacts, today: date
) -> Operation:
    known = order_claims(facts.statuses, Subject.STATUS, today)
    return operation_of(known, institution, shared.sources[institution.source].basis, today)


def find_operations(
    session: Session, institutions: Sequence[Institution], today: date
) -> dict[int, Operation]:
    """Return id -> how each of some schools stands."""
    schools = {int(school.id or 0): school for school in institutions}
    facts = load_institution_facts(session, list(schools))
    shared, _ = load_shared_facts(session)
    return {key: _operation(school, facts[key], shared, today) for key, school in schools.items()}
