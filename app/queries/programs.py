"""Programs: find one, and what is reported of them."""

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, func, select

from app.domain.checklist.warnings import Peers
from app.domain.cost.prices import HeadlinePrice
from app.domain.vocabulary import MatchQuality
from app.errors import Fault, InvalidRequestError, NotFoundError
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


def retired_ids(session: Session) -> set[int]:
    """Return the ids of programs taken out of lists."""
    statement = select(Program.id).where(col(Program.retired_at).is_not(None))
    return {key for key in session.exec(statement) if key is not None}


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
