"""The published state: its number, and the day its scores stand for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlmodel import Session, col, select

from app.models.claims import TABLES
from app.models.institutions import Institution
from app.models.programs import Completion, Program
from app.models.releases import Release
from app.schemas.pages import StampFields


def today() -> date:
    """Return the current day, UTC."""
    return datetime.now(UTC).date()


def find_release(session: Session) -> Release | None:
    """Return the newest release, or None before the first."""
    return session.exec(select(Release).order_by(col(Release.number).desc()).limit(1)).first()


def stamp(session: Session, sources: Iterable[str], as_of: date | None = None) -> StampFields:
    """Return what every answer with facts carries: release, day and sources, sorted."""
    release = find_release(session)
    return {
        "release": release.number if release else 0,
        "as_of": as_of or today(),
        "sources": sorted(set(sources)),
    }


def stamp_programs(session: Session, as_of: date | None = None) -> StampFields:
    """Return the stamp of a list of programs: every source that one of them may draw on."""
    release = find_release(session)
    return {
        "release": release.number if release else 0,
        "as_of": as_of or today(),
        "sources": release.program_sources if release else [],
    }


def add_release(session: Session, note: str, *, now: datetime, change_on: date | None) -> Release:
    """Publish the next state, scored on the day of ``now``."""
    latest = find_release(session)
    release = Release(
        number=latest.number + 1 if latest else 1,
        published_at=now,
        note=note,
        scored_on=now.date(),
        scores_change_on=change_on,
        program_sources=_program_sources(session),
    )
    session.add(release)
    session.flush()
    return release


def _program_sources(session: Session) -> list[str]:
    """Return the sources of schools, programs, completions and all current claims on them."""
    found: set[str] = set()
    for table in (Institution, Program, Completion):
        found |= set(session.exec(select(table.source).distinct()))
    for claims in TABLES.values():
        current = select(claims.source).where(col(claims.superseded_at).is_(None)).distinct()
        found |= set(session.exec(current))
    return sorted(found)
