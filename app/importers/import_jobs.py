"""Imports as jobs: files in a spool folder, a process for each run, one run at a time.

The state of a job is a file of its own beside the uploads, for the database is one big
transaction while an import runs: nothing of it can be seen there before the end.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from uuid import uuid4

from sqlalchemy import Engine

from app.domain.checklist.rubric import Rubric
from app.errors import ConflictError, ImportFileError, NotFoundError, ReleaseBlockedError
from app.importers.packed import MAX_PLAIN_BYTES
from app.importers.reading import MAX_LINES, Progress
from app.importers.recognising import plan, whys
from app.importers.run import ProgressFactory, run_imports
from app.schemas.import_jobs import JobRead, RunRequest, UploadedFile
from app.schemas.releases import ReleaseReport

JOBS_KEPT = 50
"""Finished jobs that are kept; older ones are deleted."""

SECONDS_BETWEEN_WRITES = 0.3


class Cancelled(Exception):  # noqa: N818 - no error: it takes the transaction back
    """Somebody asked for the import to end."""


@dataclass(frozen=True, slots=True)
class Spool:
    """The folder of all jobs of a machine."""

    folder: Path

    def open_job(self, actor: str) -> JobRead:
        """Return a new job, open for uploads."""
        job = JobRead(id=uuid4().hex[:12], created_at=datetime.now(UTC), actor=actor, state="open")
        self._uploads(job.id).mkdir(parents=True)
        try:
            self.write(job)
        except OSError:  # a full disk
            self.drop(job)
            raise
        for old in self.list_jobs()[JOBS_KEPT:]:
            if old.state not in ("open", "running"):
                self.drop(old)
        return job

    def find(self, number: str) -> JobRead:
        """Return one job; mark it interrupted if its process died before it finished.

        Raises:
            NotFoundError: There is no such job on this machine.
        """
        job = self.read(number)
        if job.state == "running" and not self.is_running(number):
            job = self.read(number)  # it may have just ended
            if job.state == "running":
                job.state, job.finished_at = "interrupted", datetime.now(UTC)
                self.write(job)
        return job

    def read(self, number: str) -> JobRead:
        """Return one job as last written.

        Raises:
            NotFoundError: There is no such job on this machine.
        """
        path = self.folder / number / "job.json"
        if not number.isalnum() or not path.is_file():
            raise NotFoundError("import job", number)
        return JobRead.model_validate_json(path.read_bytes())

    def drop(self, job: JobRead) -> None:
        """Take a job away, with its files."""
        shutil.rmtree(self.folder / job.id, ignore_errors=True)

    def list_jobs(self) -> list[JobRead]:
        """Return every job, the newest first."""
        if not self.folder.is_dir():
            return []
        found = [self.find(path.parent.name) for path in self.folder.glob("*/job.json")]
        return sorted(found, key=lambda job: job.created_at, reverse=True)

    def write(self, job: JobRead) -> None:
        """Write the state of a job atomically."""
        path = self.folder / job.id / "job.json"
        new = path.with_suffix(f".{os.getpid()}")
        try:
            new.write_text(job.model_dump_json(indent=1), encoding="utf-8")
            new.replace(path)
        except OSError:
            new.unlink(missing_ok=True)
            raise

    def upload_path(self, job: JobRead, name: str) -> Path:
        """Return where a file of a job is put.

        Raises:
            ConflictError: The job takes no more files.
        """
        if job.state != "open":
            raise ConflictError(f"The job {job.id} is {job.state}: it takes no more files.")
        return self._uploads(job.id) / name

    def _uploads(self, number: str) -> Path:
        return self.folder / number / "files"

    def files(self, job: JobRead) -> list[Path]:
        """Return the uploaded files of a job."""
        return [self._uploads(job.id) / file.name for file in job.files]

    @contextmanager
    def running(self, number: str) -> Iterator[None]:
        """Hold the lock on runs of this machine; the system frees it however the process ends.

        Raises:
            ConflictError: Another import is running on this machine.
        """
        with (self.folder / "running").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ConflictError("Another import is running on this machine.") from error
            lock.seek(0)
            lock.truncate()
            lock.write(number)
            lock.flush()
            yield

    def is_running(self, number: str) -> bool:
        """Return whether a process holds the lock on runs for this job."""
        path = self.folder / "running"
        if not path.exists():
            return False
        with path.open("r", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return lock.read().strip() == number
        return False

    def start(self, job: JobRead, request: RunRequest, engine: Engine) -> JobRead:
        """Start a process that runs a job.

        Raises:
            ConflictError: It has no files, it has run already, or another import is running.
        """
        if job.state not in ("open", "interrupted", "cancelled", "failed", "blocked") and not (
            job.state == "done" and job.dry_run
        ):
            raise ConflictError(f"The job {job.id} is {job.state}: it cannot be run.")
        if not job.files:
            raise ConflictError(f"The job {job.id} has no files: upload some first.")
        with self.running(job.id):
            job = JobRead(
                **job.model_dump(include={"id", "created_at", "actor", "files"}),
                dry_run=request.dry_run,
                accept_drop=request.accept_drop,
                state="running",
                started_at=datetime.now(UTC),
            )
            self._cancel_mark(job.id).unlink(missing_ok=True)
            self.write(job)
        address = engine.url.render_as_string(hide_password=False)
        command = [sys.executable, "-m", "app.ops.cli", "run-job", job.id]
        with (self.folder / job.id / "output.txt").open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                env={**os.environ, "DATABASE_URL": address, "SPOOL_DIR": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        Thread(target=process.wait, daemon=True).start()  # or it stays behind as a zombie
        self._await_lock(job.id, process)
        return job

    def _await_lock(self, number: str, process: "subprocess.Popen[bytes]") -> None:
        """Wait until the process has locked its job, or it would be taken for interrupted."""
        until = monotonic() + 30
        while monotonic() < until and process.poll() is None and not self.is_running(number):
            sleep(0.02)

    def cancel(self, job: JobRead) -> None:
        """Ask a running job to end; it takes back what it did.

        Raises:
            ConflictError: It is not running.
        """
        if job.state != "running":
            raise ConflictError(f"The job {job.id} is {job.state}: nothing runs.")
        self._cancel_mark(job.id).touch()

    def _cancel_mark(self, number: str) -> Path:
        return self.folder / number / "cancel"

    def is_cancelled(self, number: str) -> bool:
        """Return whether somebody asked for the job to end."""
        return self._cancel_mark(number).exists()


@contextmanager
def _untold(_name: str) -> Iterator[Progress]:
    yield lambda rows: None


def run_job(
    spool: Spool,
    number: str,
    engine: Engine,
    rubric: Rubric,
    *,
    showing: ProgressFactory = _untold,
) -> JobRead:
    """Run a job in this process and write its state as it proceeds.

    Args:
        spool: Where it lies.
        number: Of the job.
        engine: Of the catalogue.
        rubric: The version to score by.
        showing: Told of rows too, as they are read.

    Raises:
        NotFoundError: There is no such job.
        ConflictError: Another import is running on this machine.
    """
    job = spool.read(number)
    with spool.running(number):
        try:
            done = run_imports(
                engine,
                plan(spool.files(job))[0],
                rubric=rubric,
                progress=_ProgressWriter(spool, job, showing).file,
                dry_run=job.dry_run,
                accepted=job.accept_drop,
                actor=job.actor,
            )
            job.state, job.release = "done", done.release
            job.report = ReleaseReport.model_validate(done.report)
            job.outcomes = [result.to_outcome() for result in done.files]
        except Cancelled:
            job.state = "cancelled"
        except ImportFileError as error:
            job.state, job.errors, job.failed_file = "failed", error.complaints, error.file
        except ReleaseBlockedError as error:
            job.state, job.errors = "blocked", [fault.detail for fault in error.faults]
        except Exception as error:
            job.state, job.errors = "failed", [f"A fault of the importer: {error}"]
            raise
        finally:
            job.at_file, job.finished_at = None, datetime.now(UTC)
            spool.write(job)
    return job


class _ProgressWriter:
    """Writes progress, at most a few times a second, and raises Cancelled on request."""

    def __init__(self, spool: Spool, job: JobRead, showing: ProgressFactory) -> None:
        self._spool, self._job, self._showing = spool, job, showing
        self._written = 0.0

    @contextmanager
    def file(self, name: str) -> Iterator[Progress]:
        self._job.at_file = name
        self._step(0)
        with self._showing(name) as show:

            def step(rows: int) -> None:
                show(rows)
                self._step(rows)

            yield step

    def _step(self, rows: int) -> None:
        self._job.rows_read += rows
        if monotonic() - self._written > SECONDS_BETWEEN_WRITES:
            self._written = monotonic()
            self._spool.write(self._job)
        if self._spool.is_cancelled(self._job.id):
            raise Cancelled


def take_file(
    path: Path,
    sha256: str,
    size: int,
    *,
    max_plain_bytes: int = MAX_PLAIN_BYTES,
    max_lines: int = MAX_LINES,
) -> UploadedFile:
    """Return what is known of an uploaded file, which is whole and readable.

    Raises:
        ImportFileError: No importer takes it, or it cannot be read.
    """
    tasks, others = plan([path])
    if not tasks:
        raise ImportFileError(whys(others) or [f"{path.name}: no importer takes this file."])
    for task in tasks:
        task.check(max_plain_bytes=max_plain_bytes, max_lines=max_lines)
    return UploadedFile(name=path.name, bytes=size, sha256=sha256, importer=tasks[0].importer.key)
