"""Claims on programs: load them as the facts that rules work on, or with their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain import claims as domain
from app.domain.claims import ProgramClaim, ProgramFacts
from app.domain.vocabulary import Level
from app.store.tables.claims import TABLES
from app.store.tables.programs import Program

LISTS: dict[type[ProgramClaim], str] = {
    domain.AccreditationClaim: "accreditation",
    domain.CostClaim: "costs",
    domain.TransferClaim: "transfer",
    domain.PracticumClaim: "practicum",
    domain.TopicClaim: "topics",
    domain.PreparationClaim: "preparation",
    domain.OutcomeClaim: "outcomes",
    domain.OfferingClaim: "offerings",
    domain.ServiceClaim: "services",
}
"""Kind of claim -> its list in ProgramFacts."""


@dataclass(frozen=True, slots=True)
class RecordedClaim:
    """A claim with the times it was recorded and superseded."""

    claim: ProgramClaim
    recorded_at: datetime
    superseded_at: datetime | None


def load_facts(
    session: Session, programs: Sequence[Program], kinds: Iterable[type[ProgramClaim]] = LISTS
) -> dict[int, ProgramFacts]:
    """Return program id -> current claims on each program and its institution.

    One statement a kind of claim, whatever the number of programs.
    """
    facts = {
        int(program.id or 0): ProgramFacts(
            award_level=program.award_level or program.award_group,
            cip_code=program.cip_code,
            campus=program.campus,
        )
        for program in programs
    }
    by_institution: dict[int, list[int]] = {}
    for program in programs:
        by_institution.setdefault(program.institution_id, []).append(int(program.id or 0))
    for kind in kinds:
        name = LISTS[kind]
        for program_id, institution_id, claim in current_of(
            session, kind, list(facts), list(by_institution)
        ):
            about = [program_id] if program_id else by_institution[institution_id or 0]
            for key in about:
                getattr(facts[key], name).append(claim)
    return facts


def current_of(
    session: Session, kind: type[ProgramClaim], program_ids: list[int], institution_ids: list[int]
) -> Iterable[tuple[int | None, int | None, ProgramClaim]]:
    """Yield the current claims of a kind on programs and on schools, with the id of either."""
    table: Any = TABLES[kind]
    names = [f.name for f in fields(kind) if f.name != "level"]
    statement = select_columns(
        col(table.program_id),
        col(table.institution_id),
        *(col(getattr(table, name)) for name in names),
    ).where(col(table.superseded_at).is_(None))
    if len(program_ids) <= 500:
        statement = statement.where(
            or_(
                col(table.program_id).in_(program_ids),
                col(table.institution_id).in_(institution_ids),
            )
        )
    wanted, schools = set(program_ids), set(institution_ids)
    for program_id, institution_id, *values in session.execute(statement.order_by(table.id)):
        if program_id in wanted or institution_id in schools:
            level = Level.PROGRAM if program_id else Level.INSTITUTION
            yield (
                program_id,
                institution_id,
                kind(level=level, **dict(zip(names, values, strict=True))),
            )


def load_institution_facts(
    session: Session, institution_ids: Sequence[int]
) -> dict[int, ProgramFacts]:
    """Return institution id -> current claims on each institution as a whole."""
    facts = {key: ProgramFacts(award_level=None, cip_code=None) for key in institution_ids}
    for kind, name in LISTS.items():
        for _, institution_id, claim in current_of(session, kind, [], list(institution_ids)):
            getattr(facts[institution_id or 0], name).append(claim)
    return facts


def list_recorded_claims(session: Session, program: Program) -> list[RecordedClaim]:
    """Return every claim on a program and its institution, superseded ones among them."""
    recorded = []
    for kind in LISTS:
        table: Any = TABLES[kind]
        statement = (
            select(table)
            .where(
                or_(
                    col(table.program_id) == program.id,
                    col(table.institution_id) == program.institution_id,
                )
            )
            .order_by(table.id)
        )
        names = [f.name for f in fields(kind) if f.name != "level"]
        for row in session.exec(statement):
            level = Level.PROGRAM if row.program_id else Level.INSTITUTION
            claim = kind(level=level, **{name: getattr(row, name) for name in names})
            recorded.append(RecordedClaim(claim, row.recorded_at, row.superseded_at))
    return recorded
