"""Programs: keep in step with completions, find, search."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from app.domain.checklist.warnings import Peers
from app.domain.cost.prices import HeadlinePrice
from app.domain.vocabulary import MatchQuality
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.store.rows import Tally, insert_rows, rows_where, update_rows, upsert_rows
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program, ProgramSummary

ProgramKey = tuple[int, str, str]
"""institution id, CIP code, award level."""


def offering_institutions(session: Session) -> dict[int, int]:
    """Return unitid -> id of institutions with a program in the catalogue."""
    statement = (
        select(Institution.unitid, Institution.id)
        .join(Program, col(Program.institution_id) == col(Institution.id))
        .where(col(Institution.unitid).is_not(None))
        .distinct()
    )
    return {unitid: key for unitid, key in session.exec(statement) if unitid and key}


def reported_programs(session: Session) -> dict[ProgramKey, int]:
    """Return key -> id of programs known from federal completions."""
    statement = select(
        Program.institution_id, Program.cip_code, Program.award_level, Program.id
    ).where(col(Program.match_quality).is_distinct_from(MatchQuality.UNMATCHED))
    return {
        (institution, cip, level): key  # type: ignore[misc]
        for institution, cip, level, key in session.exec(statement)
        if cip and level
    }


def newest_completions_year(session: Session) -> str | None:
    """Return the newest academic year with completions, or None."""
    return session.exec(select(func.max(Completion.academic_year))).one()


def add_reported_programs(
    session: Session, rows: Iterable[dict[str, Any]], *, now: datetime
) -> int:
    """Add programs seen in completions for the first time; return how many."""
    taken = set(session.exec(select(Program.slug)))
    fresh = []
    for row in rows:
        if row["slug"] in taken:
            row["slug"] = f"{row['slug']}-reported"
        taken.add(row["slug"])
        fresh.append({**row, "updated_at": now})
    insert_rows(session, Program, fresh)
    return len(fresh)


def retire_programs(
    session: Session, program_ids: list[int], reason: str, *, now: datetime
) -> None:
    """Take programs out of lists; their address and history stay."""
    values = {"retired_at": now, "retired_reason": reason, "updated_at": now}
    _change_programs(session, program_ids, values)


def _change_programs(session: Session, ids: list[int], values: dict[str, Any]) -> None:
    rows = rows_where(session, Program, "id", ids)
    update_rows(session, Program, ("id",), [(row, values) for row in rows])


def retired_ids(session: Session) -> set[int]:
    """Return the ids of programs taken out of lists."""
    statement = select(Program.id).where(col(Program.retired_at).is_not(None))
    return {key for key in session.exec(statement) if key is not None}


def restore_programs(session: Session, program_ids: list[int], *, now: datetime) -> None:
    """Put retired programs back into lists."""
    values = {"retired_at": None, "retired_reason": None, "updated_at": now}
    _change_programs(session, program_ids, values)


def upsert_completions(session: Session, rows: Iterable[dict[str, Any]]) -> Tally:
    """Add or change counts of awards by program and academic year."""
    return upsert_rows(session, Completion, ("program_id", "academic_year"), rows)


def get_program(session: Session, slug: str) -> tuple[Program, Institution]:
    """Return one program with its institution, retired ones too.

    Raises:
        NotFoundError: No program has this slug.
    """
    found = session.exec(
        select(Program, Institution).join(Institution).where(Program.slug == slug)
    ).first()
    if found is None:
        raise NotFoundError("program", slug, known=slugs_like(session, slug))
    return found


def program_asked(session: Session, slug: str) -> tuple[Program, Institution]:
    """Return the program that the parameter ``program`` names, with its school.

    Raises:
        InvalidRequestError: No program has this slug.
    """
    try:
        return get_program(session, slug)
    except NotFoundError as error:
        fault = Fault(error.detail, parameter="program", value=slug, suggestion=error.suggestion)
        raise InvalidRequestError([fault]) from error


def slugs_like(session: Session, slug: str) -> list[str]:
    """Return slugs of listed programs that begin like a misspelt one."""
    return list(
        session.exec(
            select(ProgramSummary.slug)
            .where(col(ProgramSummary.slug).startswith(slug[:8], autoescape=True))
            .limit(500)
        )
    )


def completions_of(session: Session, program_ids: Collection[int]) -> dict[int, list[Completion]]:
    """Return program id -> counts of its awards, newest year first."""
    statement = (
        select(Completion)
        .where(col(Completion.program_id).in_(program_ids))
        .order_by(col(Completion.program_id), col(Completion.academic_year).desc())
    )
    found: dict[int, list[Completion]] = {}
    for row in session.exec(statement):
        found.setdefault(row.program_id, []).append(row)
    return found


def peers_of(session: Session, award_level: str | None, price: HeadlinePrice | None) -> Peers:
    """Return the bounds of the lowest fifth among programs of the same award.

    Prices compare only with prices of the same unit and level; fewer than ten known give None.
    """
    if award_level is None:
        return Peers()
    same = [ProgramSummary.award_level == award_level]
    price_bound = None
    if price is not None:
        price_bound = _lowest_fifth(
            session,
            col(ProgramSummary.tuition_and_fees_cents),
            [
                *same,
                ProgramSummary.price_unit == price.unit,
                ProgramSummary.price_level == price.level,
            ],
        )
    return Peers(
        price_cents=price_bound,
        months=_lowest_fifth(session, col(ProgramSummary.months_low), same),
    )


def _lowest_fifth(session: Session, column: Any, where: list[Any]) -> Any:
    known = [*where, column.is_not(None)]
    count = session.exec(select(func.count()).select_from(ProgramSummary).where(*known)).one()
    if count < 10:
        return None
    return session.exec(
        select(column).where(*known).order_by(column).offset(count // 5 - 1).limit(1)
    ).one()
