"""Claims on programs: load them as the facts that rules work on, or with their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.claims import LISTS, FieldOutcomeClaim, ProgramClaim, ProgramFacts
from app.domain.dossier import ProgramRecord
from app.domain.field_outcomes import holds_for
from app.domain.vocabulary import Basis, Level
from app.store.facts import SOURCES, Document, read_documents, told_by
from app.store.records import batches, inner_table
from app.store.tables.claims import TABLES
from app.store.tables.programs import Program, ProgramSummary
from app.store.tables.reading import PageVisit

Kind = TypeVar("Kind", bound=ProgramClaim)


@dataclass(frozen=True, slots=True)
class RecordedClaim:
    """A claim with the times it was recorded and superseded."""

    claim: ProgramClaim
    recorded_at: datetime
    superseded_at: datetime | None


def load_facts(
    session: Session,
    programs: Sequence[Program | ProgramRecord],
    kinds: Iterable[type[ProgramClaim]] = LISTS,
) -> dict[int, ProgramFacts]:
    """Return program id -> current claims on each program and its institution.

    One statement for up to some hundred programs, those that a draft would change included.
    """
    facts: dict[int, ProgramFacts] = {}
    for some in batches(list(programs), TOGETHER):
        keys = {int(program.id or 0): program for program in some}
        schools = {program.institution_id for program in some}
        found = read_documents(
            session, {Level.PROGRAM: keys.keys(), Level.INSTITUTION: schools}, kinds
        )
        for key, program in keys.items():
            award = program.award_level or program.award_group
            told = _to_facts(
                ProgramFacts(award_level=award, cip_code=program.cip_code, campus=program.campus),
                found.get((Level.PROGRAM, key), {}),
                found.get((Level.INSTITUTION, program.institution_id), {}),
            )
            told.field_outcomes = [
                one for one in told.field_outcomes if holds_for(one, program.cip_code, award)
            ]
            facts[key] = told
    return facts


TOGETHER = 500
"""Programs whose claims are asked for in one statement."""


def _to_facts(facts: ProgramFacts, *documents: Document) -> ProgramFacts:
    """Fill in the claims of documents, in the order in which they were recorded."""
    for kind, name in LISTS.items():
        numbered = [pair for document in documents for pair in document.get(kind, ())]
        numbered.sort(key=_number)
        setattr(facts, name, [claim for _, claim in numbered if claim.form is None])
        if len(getattr(facts, name)) < len(numbered):
            facts.of_forms += tuple(claim for _, claim in numbered if claim.form is not None)
    return facts


_number = itemgetter(0)


def load_institution_facts(
    session: Session, institution_ids: Sequence[int]
) -> dict[int, ProgramFacts]:
    """Return institution id -> current claims on each institution as a whole."""
    found = read_documents(session, {Level.INSTITUTION: institution_ids}, LISTS)
    return {
        key: _to_facts(
            ProgramFacts(award_level=None, cip_code=None),
            found.get((Level.INSTITUTION, key), {}),
        )
        for key in institution_ids
    }


def load_claims(
    session: Session, kind: type[Kind], program_ids: Sequence[int]
) -> dict[int, list[Kind]]:
    """Return program id -> current claims of a kind on the program itself, where there are any."""
    found = read_documents(session, {Level.PROGRAM: program_ids}, [kind])
    return {
        key: [claim for _, claim in document[kind] if isinstance(claim, kind)]
        for (_, key), document in found.items()
    }


def list_recorded_claims(session: Session, program: Program) -> list[RecordedClaim]:
    """Return every claim on a program and its institution, superseded ones among them.

    Of those on fields and levels of the school, the ones that count its graduates.
    """
    about = {"program": program.id, "school": program.institution_id}
    kinds = list(LISTS)
    award = program.award_level or program.award_group
    recorded = []
    for row in session.execute(_every_claim(), about).mappings():
        kind = kinds[row["place"]]
        values = {field.name: row[field.name] for field in fields(kind) if field.name != "level"}
        level = Level.PROGRAM if row["program_id"] else Level.INSTITUTION
        claim = kind(level=level, **values)
        if isinstance(claim, FieldOutcomeClaim) and not holds_for(claim, program.cip_code, award):
            continue
        recorded.append(RecordedClaim(claim, row["recorded_at"], row["superseded_at"]))
    return recorded


@lru_cache(maxsize=1)
def _every_claim() -> sa.CompoundSelect[Any]:
    """Select claims of all kinds at once: each kind has the columns of all, empty where foreign."""
    tables = [inner_table(TABLES[kind]) for kind in LISTS]
    columns = {column.name: column.type for table in tables for column in table.c}
    selects = []
    for place, table in enumerate(tables):
        told = [
            told_by(table, name) if name in table.c else sa.cast(sa.null(), of_type).label(name)
            for name, of_type in columns.items()
        ]
        selects.append(
            sa.select(sa.literal(place).label("place"), *told)
            .join(SOURCES, SOURCES.c.key == table.c.source)
            .where(
                sa.or_(
                    table.c.program_id == sa.bindparam("program"),
                    table.c.institution_id == sa.bindparam("school"),
                )
            )
        )
    return sa.union_all(*selects).order_by("place", "id")


@dataclass(frozen=True, slots=True)
class PageBehindFacts:
    """A page that current facts on a program rest on; ``looked_at``: last read by somebody."""

    program: str
    awards: int
    url: str
    looked_at: datetime


def pages_behind_facts(session: Session, states: Sequence[str]) -> list[PageBehindFacts]:
    """Return the pages behind the current facts on programs themselves, but for public files.

    One that no recheck has opened yet was last looked at when its fact was recorded.
    """
    claims = sa.union_all(
        *(
            sa.select(table.c.program_id, table.c.source_url, table.c.recorded_at).where(
                table.c.superseded_at.is_(None),
                table.c.source_url.is_not(None),
                table.c.program_id.is_not(None),
                table.c.basis != Basis.GOVERNMENT_DATA,
            )
            for table in map(inner_table, TABLES.values())
        )
    ).subquery()
    visit, summary = inner_table(PageVisit), inner_table(ProgramSummary)
    is_visit = sa.and_(
        visit.c.program_id == claims.c.program_id, visit.c.url == claims.c.source_url
    )
    statement = (
        sa.select(
            summary.c.slug,
            sa.func.coalesce(summary.c.completions, 0),
            claims.c.source_url,
            sa.func.max(claims.c.recorded_at),
            sa.func.max(visit.c.checked_at),
        )
        .join(summary, summary.c.program_id == claims.c.program_id)
        .outerjoin(visit, is_visit)
        .group_by(summary.c.slug, summary.c.completions, claims.c.source_url)
    )
    if states:
        statement = statement.where(summary.c.state.in_(states))
    return [
        PageBehindFacts(slug, awards, url, checked_at or recorded_at)
        for slug, awards, url, recorded_at, checked_at in session.execute(statement)
    ]
