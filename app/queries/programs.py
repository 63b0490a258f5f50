"""Programs: find one, and what is reported of them."""

from sqlmodel import Session, col, func, select

from app.domain.vocabulary import MatchQuality
from app.errors import NotFoundError
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


def listed_awards(session: Session) -> dict[int, set[tuple[str, str]]]:
    """Return institution id -> CIP code and award of its listed programs, as closely as known."""
    statement = select(
        Program.institution_id, Program.cip_code, Program.award_level, Program.award_group
    ).where(col(Program.retired_at).is_(None))
    found: dict[int, set[tuple[str, str]]] = {}
    for institution, cip_code, level, group in session.exec(statement):
        if cip_code and (award := level or group):
            found.setdefault(institution, set()).add((cip_code, award))
    return found


def awards_reported(
    session: Session, academic_year: str | None
) -> dict[tuple[int, str], dict[str, int]]:
    """Return (institution id, CIP code) -> award level -> id of the programs of one year.

    Programs on offer without an award in the year are among them.
    """
    statement = select(Completion.program_id).where(Completion.academic_year == academic_year)
    of_year = set(session.exec(statement))
    awards: dict[tuple[int, str], dict[str, int]] = {}
    for (institution, cip_code, level), program in reported_programs(session).items():
        if program in of_year:
            awards.setdefault((institution, cip_code), {})[level] = program
    return awards


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


def slugs_like(session: Session, slug: str) -> list[str]:
    """Return slugs of listed programs that begin like a misspelt one."""
    return list(
        session.exec(
            select(ProgramSummary.slug)
            .where(col(ProgramSummary.slug).startswith(slug[:8], autoescape=True))
            .limit(500)
        )
    )
