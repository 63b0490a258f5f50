"""Publish the next state of the catalogue, in the transaction that made it."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.domain.checklist.rubric import Rubric
from app.ledger.webhooks import queue_release
from app.queries.releases import find_release
from app.search.index import write_index
from app.store.changes import Author, write_changes
from app.store.tables.claims import TABLES
from app.store.tables.institutions import Institution
from app.store.tables.programs import SUMMARY_SHAPE, Completion, Program
from app.store.tables.releases import Release
from app.store.tables.search import INDEX_SHAPE

COMMAND = "command line"
"""Who publishes where no key is asked for: somebody on the machine itself."""


def add_release(
    session: Session,
    note: str,
    *,
    now: datetime,
    change_on: date | None,
    rubric: Rubric,
    actor: str = COMMAND,
    report: dict[str, Any] | None = None,
) -> Release:
    """Publish the next state, scored on the day of ``now``, with all that its transaction changed.

    Scores and lists are those of ``rubric`` and of this version of the code.

    Nobody sees it before the transaction commits, and then everybody does.
    """
    latest = find_release(session)
    release = Release(
        number=latest.number + 1 if latest else 1,
        published_at=now,
        note=note,
        scored_on=now.date(),
        scores_change_on=change_on,
        rubric=rubric.version,
        summary_shape=SUMMARY_SHAPE,
        index_shape=INDEX_SHAPE,
        program_sources=_program_sources(session),
        actor=actor,
        report=report or {},
    )
    session.add(release)
    session.flush()
    write_index(session, release.number)
    write_changes(session, release.number, Author(actor, note), now)
    queue_release(session, release.number, now)
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
