"""What was fetched becomes a job of the spool that was tried out: a draft that editors can publish.

A refresh touches a hundred thousand rows, so its draft is the set of its files and not an edit for
each row: the job holds them and the report, is listed beside those of editors, and running it for
good, by the command or over HTTP, does all the work and all the checks again.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, col

from app.domain.checklist.rubric import Rubric
from app.errors import ImportFileError
from app.importers.import_jobs import Spool, run_job, take_file
from app.importers.recognising import Task, plan, whys
from app.importers.run import ProgressFactory
from app.schemas.import_jobs import JobRead
from app.store.tables.sources import ImportRun

ACTOR = "hit-compare refresh"
"""Who opens the jobs that a refresh prepares."""

Refused = dict[str, list[str]]
"""File name -> why it cannot be used."""


def not_in_yet(engine: Engine, files: Sequence[Path], refused: Refused) -> list[Path]:
    """Return the files that hold something which was never imported; damaged ones are refused."""
    with Session(engine) as session:
        runs = sa.select(col(ImportRun.source), col(ImportRun.file_sha256)).where(
            col(ImportRun.outcome).in_(["imported", "unchanged"])
        )
        known = {tuple(run) for run in session.execute(runs)}
    found = []
    for path in files:
        try:
            tasks, others = plan([path])
            if any(_identity(task) not in known for task in tasks):
                found.append(path)
        except ImportFileError as error:
            refused[path.name] = error.complaints
            continue
        if not tasks:
            refused[path.name] = whys(others) or [f"{path.name}: no importer takes what is in it."]
    return found


def _identity(task: Task) -> tuple[str, str]:
    """Return which edition a file is, and the hash of what is in it."""
    return task.importer.describe(task.match).key, task.check().sha256


def prepare(
    spool: Spool,
    files: Sequence[Path],
    run_it: Callable[..., JobRead],
    *,
    dry_run: bool,
    refused: Refused,
) -> JobRead | None:
    """Return a job with these files that was run; a file that fails costs only itself.

    Args:
        spool: Where the job is put.
        files: What was fetched.
        run_it: Runs a job of the spool, by ``run``.
        dry_run: Whether it is only tried out.
        refused: Told which files cannot be used, and why.

    Returns:
        None: no file is left.
    """
    left = list(files)
    while left:
        job = run_it(spool, _open(spool, left), dry_run=dry_run)
        if job.state != "failed":
            return job
        spool.drop(job)
        at = next((path for path in left if path.name == job.failed_file), None)
        if at is None:
            raise ImportFileError(job.errors)
        refused[at.name] = job.errors
        left.remove(at)
    return None


def _open(spool: Spool, files: Sequence[Path]) -> JobRead:
    job = spool.open_job(ACTOR)
    for path in files:
        placed = spool.upload_path(job, path.name)
        _place(path, placed)
        with placed.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        job.files.append(take_file(placed, digest, placed.stat().st_size))
    return job


def _place(path: Path, at: Path) -> None:
    """Put a file at another place as well, without its bytes a second time where that can be."""
    try:
        os.link(path, at)
    except OSError:
        shutil.copyfile(path, at)


def find_waiting(spool: Spool) -> JobRead | None:
    """Return what an earlier refresh has prepared and nobody has published yet."""
    jobs = (job for job in spool.list_jobs() if job.actor == ACTOR)
    return next((job for job in jobs if _is_waiting(job)), None)


def _is_waiting(job: JobRead) -> bool:
    return job.state == "blocked" or (job.state == "done" and job.dry_run)


def run(
    spool: Spool,
    job: JobRead,
    *,
    engine: Engine,
    rubric: Rubric,
    dry_run: bool,
    accepted: Collection[str],
    showing: ProgressFactory,
) -> JobRead:
    """Run a job: its state is "done", "failed", or "blocked" where a field would lose too much."""
    job = job.model_copy(
        update={
            "dry_run": dry_run,
            "state": "running",
            "rows_read": 0,
            "errors": [],
            "accept_drop": sorted({*job.accept_drop, *accepted}),
        }
    )
    spool.write(job)
    return run_job(spool, job.id, engine, rubric, showing=showing)


def changes_something(job: JobRead) -> bool:
    """Return whether the catalogue would be other than before."""
    counts = (outcome.added + outcome.changed + outcome.retired for outcome in job.outcomes)
    return any(counts) or bool(job.report and job.report.rows)
