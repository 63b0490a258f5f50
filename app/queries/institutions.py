"""Schools: keep in step with the directory, find, list."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from app.domain.claims import ProgramFacts
from app.domain.identifiers import to_slug
from app.errors import NotFoundError
from app.models.institutions import Institution
from app.models.programs import ProgramSummary as SummaryRow
from app.queries.claims import load_institution_facts
from app.queries.details import to_detail, to_reads
from app.queries.imports import Tally, upsert_rows
from app.queries.paging import SortKey, fetch_page
from app.queries.releases import stamp
from app.queries.search_text import schools_meant
from app.queries.summaries import to_brief
from app.schemas.institutions import (
    InstitutionFilters,
    InstitutionItem,
    InstitutionQuery,
    InstitutionRead,
)
from app.schemas.pages import Page
from app.schemas.programs import ProgramSummary

DIRECTORY = "ipeds-hd"
"""How the keys of sources begin that are editions of the federal directory."""


def upsert_institutions(session: Session, rows: Iterable[dict[str, Any]]) -> Tally:
    """Add or change institutions by unitid; a slug once given stays.

    A new school is addressed by its name, with its city where the name is shared, and with
    its unitid where that is not enough. An older edition does not undo what a newer one says.
    """
    known = dict(session.exec(select(Institution.unitid, Institution.slug)).all())
    in_directory = select(Institution.unitid, Institution.as_of).where(
        col(Institution.source).startswith(DIRECTORY)
    )
    dated = {unitid: as_of or "" for unitid, as_of in session.exec(in_directory)}
    offered = list(rows)
    rows = [row for row in offered if dated.get(row["unitid"], "") <= row["as_of"]]
    taken = set(session.exec(select(Institution.slug)))
    shared = Counter(to_slug(row["name"]) for row in rows)
    for row in rows:
        slug = known.get(row["unitid"])
        if slug is None:
            slug = to_slug(row["name"])
            if shared[slug] > 1 or slug in taken:
                slug = to_slug(f"{row['name']} {row['city'] or row['state']}")
            if slug in taken:
                slug = f"{slug}-{row['unitid']}"
            taken.add(slug)
        row["slug"] = slug
    tally = upsert_rows(session, Institution, ("unitid",), rows)
    if older := len(offered) - len(rows):
        tally.reasons.append(f"{older} rows of schools known from a newer edition: passed over")
    return tally


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


def search_institutions(session: Session, query: InstitutionQuery) -> Page[InstitutionItem]:
    """Return one page of schools that offer a listed program, by name."""
    counts = (
        select_columns(col(SummaryRow.institution_id), func.count().label("program_count"))
        .group_by(col(SummaryRow.institution_id))
        .subquery()
    )
    where = [col(Institution.id) == counts.c.institution_id, *to_conditions(session, query)]
    total = session.execute(
        select_columns(func.count()).select_from(Institution).join(counts, where[0]).where(*where)
    ).scalar_one()
    rows, following = fetch_page(
        session,
        select_columns(Institution, counts.c.program_count).where(*where),
        [SortKey(col(Institution.name)), SortKey(col(Institution.slug))],
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"cursor", "limit"}),
    )
    items = [
        InstitutionItem(**to_brief(row[0]).model_dump(), level=row[0].level, program_count=row[1])
        for row in rows
    ]
    sources = session.exec(select(Institution.source).distinct())
    return Page(items=items, total=total, next=following, **stamp(session, sources))


def to_conditions(session: Session, filters: InstitutionFilters) -> list[ColumnElement[bool]]:
    """Return what filters ask of a school."""
    conditions: list[ColumnElement[bool]] = [
        col(getattr(Institution, name)).in_([str(value) for value in values])
        for name in ("state", "control", "level")
        if (values := getattr(filters, name))
    ]
    if filters.q:
        conditions.append(col(Institution.id).in_(schools_meant(session, filters.q)))
    return conditions


def get_institution(session: Session, key: str, today: date) -> InstitutionRead:
    """Return one school by unitid or slug, with its claims and listed programs.

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
        raise NotFoundError("institution", key)
    return read_institutions(session, [institution], today)[0]


def read_institutions(
    session: Session, institutions: Sequence[Institution], today: date
) -> list[InstitutionRead]:
    """Return schools with their listed programs; claims are loaded for all of them together."""
    facts = load_institution_facts(session, [int(school.id or 0) for school in institutions])
    return [
        _to_institution(session, school, facts[int(school.id or 0)], today)
        for school in institutions
    ]


def _to_institution(
    session: Session, institution: Institution, facts: ProgramFacts, today: date
) -> InstitutionRead:
    docs = session.exec(
        select(SummaryRow.doc)
        .where(SummaryRow.institution_id == institution.id)
        .order_by(col(SummaryRow.slug))
    )
    claims = [
        *facts.accreditation,
        *facts.costs,
        *facts.transfer,
        *facts.outcomes,
        *facts.services,
    ]
    return InstitutionRead(
        **to_detail(session, institution, today).model_dump(),
        accreditations=to_reads(facts.accreditation, today),
        costs=to_reads(facts.costs, today),
        transfer=to_reads(facts.transfer, today),
        outcomes=to_reads(facts.outcomes, today),
        services=to_reads(facts.services, today),
        programs=[ProgramSummary.model_validate_json(doc) for doc in docs],
        **stamp(session, {c.source for c in claims} | {institution.source}, today),
    )
