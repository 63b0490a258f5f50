"""Import files: all files of one command in one transaction, each run recorded."""

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.clock import moment
from app.domain.checklist.rubric import Rubric
from app.errors import ImportFileError
from app.importers.editions import ASKED
from app.importers.job import DEFAULT_CIP, Importer, Job
from app.importers.reading import CheckedFile, Progress
from app.importers.recognising import Task
from app.ledger.drafts import lock_catalogue
from app.ledger.publishing import measure, measure_baseline, report_on
from app.ledger.releases import COMMAND, add_release
from app.ledger.summaries import refresh_summaries
from app.queries.releases import find_release, why_due
from app.queries.sources import count_rows
from app.schemas.import_jobs import FileOutcome
from app.store.changes import recorded_changes
from app.store.database import analyze, exclusive, write_session
from app.store.rows import MAX_REASONS, Tally, record_run, upsert_source
from app.store.tables.sources import ImportRun, Source

log = logging.getLogger(__name__)

ProgressFactory = Callable[[str], AbstractContextManager[Progress]]
"""File name -> a context that gives the function to report rows to."""


@dataclass(slots=True)
class FileResult:
    """What became of one file."""

    name: str
    importer: Importer
    tally: Tally
    seconds: float

    def to_outcome(self) -> FileOutcome:
        """Return it as jobs keep it and commands print it."""
        record = self.tally.to_record()
        return FileOutcome(name=self.name, seconds=round(self.seconds, 2), **record)


@dataclass(slots=True)
class Imported:
    """The results of all files, the release they made (None: no change), and its report."""

    files: list[FileResult]
    release: int | None
    report: dict[str, Any]


def run_imports(
    engine: Engine,
    tasks: Sequence[Task],
    *,
    rubric: Rubric,
    progress: ProgressFactory,
    dry_run: bool = False,
    cip_prefixes: tuple[str, ...] = DEFAULT_CIP,
    accepted: Collection[str] = (),
    actor: str = COMMAND,
    strict: bool = False,
) -> Imported:
    """Import all files, rebuild the summaries and publish a release, or change nothing.

    Every file is checked whole before the first is used. A dry run does all the work and then
    takes it back; nothing of it is kept, not even its record. Whatever ``progress`` raises ends
    the import and takes everything back.

    Args:
        engine: Of the catalogue.
        tasks: Files in the order they build on each other.
        rubric: The version to score by.
        progress: Told of rows as they are read.
        dry_run: Take it all back at the end.
        cip_prefixes: Fields of study to take from completions.
        accepted: Fields that may be known less than before.
        actor: Who brings the files in.
        strict: Whether one bad row or record refuses its file.

    Raises:
        ImportFileError: A file cannot be used; nothing of any file was kept, and the failure
            is on record.
        ReleaseBlockedError: A field would be known much less than before; nothing was kept.
    """
    started = datetime.now(UTC)
    at: Task | None = None
    done = Imported([], None, {})
    try:
        checked = []
        for task in tasks:
            at = task
            checked.append(task.check(strict=strict))
        with exclusive(engine), write_session(engine, takes_long=True) as session:
            lock_catalogue(session)
            has_release = find_release(session) is not None
            before = measure_baseline(session) if has_release else None
            for task, file in zip(tasks, checked, strict=True):
                at = task
                done.files.append(
                    _run_one(session, task, file, started, progress, cip_prefixes, strict=strict)
                )
            if any(result.tally.has_changes for result in done.files) or recorded_changes(session):
                count_rows(session)
                change_on = refresh_summaries(session, rubric, now=started)
                if before is not None and dry_run:
                    done.report, _ = measure(session, before, accepted=accepted)
                elif before is not None:
                    done.report = report_on(session, before, accepted=accepted)
                names = ", ".join(dict.fromkeys(r.importer.key for r in done.files))
                release = add_release(
                    session,
                    f"Imported: {names}",
                    now=started,
                    change_on=change_on,
                    rubric=rubric,
                    actor=actor,
                    report=done.report,
                )
                done.release = release.number
            if dry_run:
                raise _DryRun
    except _DryRun:
        done.release = None
        return done
    except ImportFileError as error:
        error.file = at.path.name if at else None
        if not dry_run and at is not None:
            _record_failure(engine, at, started, error)
        raise
    if done.release is not None:
        analyze(engine)
    return done


class _DryRun(Exception):  # noqa: N818 - no error: it takes the transaction back
    pass


def _run_one(
    session: Session,
    task: Task,
    file: CheckedFile,
    started: datetime,
    progress: ProgressFactory,
    cip_prefixes: tuple[str, ...],
    *,
    strict: bool,
) -> FileResult:
    begun = datetime.now(UTC)
    source = task.importer.describe(task.match)
    if (known := session.get(Source, source.key)) and known.is_revised and not task.is_revised:
        tally = Tally(reasons=["passed over: the catalogue has the revised release of this table"])
        return FileResult(task.packed.name, task.importer, tally, 0.0)
    if task.is_revised:
        source.is_revised, source.title = True, f"{source.title}, revised"
    upsert_source(session, source)
    with progress(task.packed.name) as report:
        editions = task.importer.editions
        job = Job(session, file, task.match, started, report, editions, cip_prefixes, strict)
        tally = task.importer.run(job, source)
    tally.refused += len(file.odd.rows)
    tally.reasons = [*_release_of(task), *file.odd.sentences(), *tally.reasons]
    finished = datetime.now(UTC)
    record_run(
        session,
        ImportRun(
            importer=task.importer.key,
            source=source.key,
            file_name=task.packed.name,
            file_sha256=file.sha256,
            started_at=begun,
            finished_at=finished,
            outcome="imported" if tally.has_changes else "unchanged",
            asked=session.info.pop(ASKED, None),
            **tally.to_record(),
        ),
    )
    seconds = (finished - begun).total_seconds()
    return FileResult(task.packed.name, task.importer, tally, seconds)


def _release_of(task: Task) -> list[str]:
    """Say what the name of a file does not show: that it is revised, or what it was taken for."""
    told = []
    if task.importer.match(task.packed.file_name) is None:
        told.append(f"recognised by its columns: {task.importer.title}")
    if task.is_revised:
        told.append("the revised release")
    return told


def _record_failure(engine: Engine, task: Task, started: datetime, error: ImportFileError) -> None:
    with write_session(engine) as session:
        record_run(
            session,
            ImportRun(
                importer=task.importer.key,
                file_name=task.packed.name,
                started_at=started,
                finished_at=datetime.now(UTC),
                outcome="failed",
                reasons=error.complaints[:MAX_REASONS],
            ),
        )


def refresh_if_due(engine: Engine, rubric: Rubric, *, now: datetime | None = None) -> str | None:
    """Score anew, as a release of its own, if what the newest has stored does not hold any more.

    Returns:
        Why it was done; None: it was not due, or another process did it meanwhile.
    """
    now = now or moment()
    with Session(engine) as session:
        if _why_due(session, rubric, now) is None:
            return None
    try:
        with write_session(engine, takes_long=True) as session:
            lock_catalogue(session)
            reason = _why_due(session, rubric, now)
            if reason is None:
                return None
            log.warning("scoring all programs anew: %s", reason)
            change_on = refresh_summaries(session, rubric, now=now)
            note = f"Scored anew: {reason}"
            add_release(session, note, now=now, change_on=change_on, rubric=rubric)
    except IntegrityError:  # another process published the same number first
        return None
    analyze(engine)
    return reason


def _why_due(session: Session, rubric: Rubric, now: datetime) -> str | None:
    release = find_release(session)
    return why_due(release, rubric, now) if release else None
