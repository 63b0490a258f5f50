"""The whole database as one file with its hash beside it, and back again.

SQLite is copied by its online backup, PostgreSQL by its own programs; both give one state of the
database, whatever is written meanwhile.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import URL, Engine
from sqlmodel import Session

from app.errors import BackupError
from app.queries.backup import Contents, count_contents, find_release_number, own_tables
from app.settings import MIGRATIONS
from app.store.database import find_version, make_engine, migrate

BEGINNINGS = {"sqlite": b"SQLite format 3\0", "postgresql": b"PGDMP"}
"""Kind of database -> how its backups begin."""

NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
INSTALLED = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of every version of PostgreSQL, beside those on PATH."""

LOCK_SECONDS = 60
"""How long a restore waits for readers and writers of a PostgreSQL database."""


Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was written."""

    path: Path
    size: int
    sha256: str


def write_backup(engine: Engine, path: Path) -> Backup:
    """Write the database to one file, and its SHA-256 to a file of that name with ``.sha256``.

    A server may go on reading and writing. The file appears under its name only when it is
    whole; one that was there is then replaced.

    Raises:
        BackupError: There is no catalogue, it is damaged, or a program is missing.
        OSError: The file cannot be written.
    """
    database = _sqlite_path(engine)
    if database is not None and path.resolve() == database:
        raise BackupError(f"{path} is the database itself.")
    if not path.parent.is_dir():
        raise BackupError(f"{path.parent} is no folder.")
    if database is None:
        find_program("pg_dump")
    if _query(engine, find_version) is None:
        raise BackupError("The database holds no catalogue: there is nothing to back up.")
    with TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:
        draft, hashes = Path(folder) / "draft", Path(folder) / "draft.sha256"
        if database is not None:
            _dump_sqlite(database, draft)
        else:
            run_program("pg_dump", engine.url, "--format=custom", f"--file={draft}")
        backup = Backup(path, draft.stat().st_size, _hash(draft))
        hashes.write_text(f"{backup.sha256}  {path.name}\n", encoding="utf-8")
        for file in (draft, hashes):
            with file.open("rb") as written:
                os.fsync(written.fileno())
        draft.replace(path)
        hashes.replace(hash_path(path))
    return backup


def restore_backup(engine: Engine, path: Path, *, force: bool = False) -> Contents:
    """Put the state of a backup in place of the database's, at the newest version of the tables.

    Whoever reads meanwhile sees the old state or the new one; of a PostgreSQL backup by an older
    version, for a moment the new state in the old tables.

    Args:
        engine: The database to write over, empty or not there yet unless ``force``.
        path: A backup of the same kind of database, its hash beside it.
        force: Whether a catalogue with a release may be written over.

    Raises:
        BackupError: The file is not the one that was written, or not for this database.
        OSError: The file, or its hash, cannot be read.
        sqlalchemy.exc.DBAPIError: The database cannot be reached.
    """
    _check_hash(path)
    _check_kind(path, engine.dialect.name)
    if engine.dialect.name == "postgresql":
        for name in ("pg_restore", "psql"):
            find_program(name)
    release = _query(engine, find_release_number)
    if release is not None and not force:
        raise BackupError(
            f"The database holds release {release} already: --force writes over it, "
            "after a backup of it perhaps."
        )
    engine.dispose()
    database = _sqlite_path(engine)
    if database is not None:
        _restore_sqlite(database, path)
    else:
        _restore_postgresql(engine, path)
    migrate(engine)
    with Session(engine) as session:
        return count_contents(session)


def hash_path(path: Path) -> Path:
    """Return the path of the hash of a backup."""
    return path.with_name(f"{path.name}.sha256")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_hash(path: Path) -> None:
    if not path.is_file():
        raise BackupError(f"{path}: there is no such file.")
    found, beside = _hash(path), hash_path(path)
    if not beside.is_file():
        raise BackupError(f"{beside} is missing: without it nobody can tell that {path} is whole.")
    match = re.match(r"[0-9a-f]{64}\b", beside.read_text(encoding="utf-8", errors="replace"))
    if match is None:
        raise BackupError(f"{beside} holds no SHA-256.")
    if match[0] != found:
        raise BackupError(
            f"{path} is not as it was written: its hash is {found}, {beside.name} says {match[0]}."
        )


def _check_kind(path: Path, wanted: str) -> None:
    with path.open("rb") as file:
        beginning = file.read(16)
    kind = next((kind for kind, b in BEGINNINGS.items() if beginning.startswith(b)), None)
    if kind is None:
        raise BackupError(f"{path} is no backup.")
    if kind != wanted:
        raise BackupError(f"{path} is a backup of {NAMES[kind]}, the database is {NAMES[wanted]}.")


def _check_version(path: Path, version: str | None) -> None:
    """Refuse foreign tables, and versions that these migrations do not know."""
    if version is None:
        raise BackupError(f"{path} holds no catalogue.")
    known = {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py")}
    if version not in known:
        raise BackupError(f"{path} is of a newer version of hit-compare (tables at {version}).")


def _query(engine: Engine, question: Callable[[sa.Connection], Answer]) -> Answer | None:
    """Return the answer of a database; None of an SQLite file that is not there, nor made."""
    database = _sqlite_path(engine)
    if database is not None and not database.is_file():
        return None
    with engine.connect() as connection:
        return question(connection)


def _sqlite_path(engine: Engine) -> Path | None:
    """Return the file of an SQLite database, or None for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        return None
    return Path(engine.url.database or "").resolve()


@contextmanager
def _open_sqlite(path: Path, mode: str = "rw") -> Iterator[sqlite3.Connection]:
    """Open an SQLite file; "rw" makes no new one, "rwc" does."""
    address = f"{path.resolve().as_uri()}?mode={mode}"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise BackupError(f"{path}: {error}.") from error


def _check_sqlite(connection: sqlite3.Connection, name: str) -> None:
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        raise BackupError(f"{name} is damaged: {'; '.join(found)}.")


def _dump_sqlite(database: Path, draft: Path) -> None:
    with _open_sqlite(database) as source, _open_sqlite(draft, "rwc") as target:
        source.backup(target)  # all pages in one step, so in one transaction of a reader
        target.execute("PRAGMA journal_mode=DELETE")  # whole without a log beside it
        _check_sqlite(target, str(database))


def _restore_sqlite(database: Path, path: Path) -> None:
    """Copy, check and migrate beside the database, then write over it in one transaction."""
    database.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{database.name}-", dir=database.parent) as folder:
        draft = Path(folder) / "draft.db"
        shutil.copyfile(path, draft)
        with _open_sqlite(draft) as copy:
            _check_sqlite(copy, str(path))
        staged = make_engine(f"sqlite:///{draft}")
        try:
            _check_version(path, _query(staged, find_version))
            migrate(staged)
        finally:
            staged.dispose()
        with _open_sqlite(draft) as source, _open_sqlite(database, "rwc") as target:
            source.backup(target)


def _restore_postgresql(engine: Engine, path: Path) -> None:
    """Turn the backup into statements, then run them in one transaction.

    Tables of a newer version, which the backup does not know, would be in the way of its own:
    so all of the catalogue's are dropped first.
    """
    with TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        run_program(
            *("pg_restore", None, "--clean", "--if-exists", "--no-owner", "--no-privileges"),
            *(f"--file={script}", str(path)),
        )
        _check_version(path, _version_in(script))
        with engine.connect() as connection:
            tables = ", ".join(f'"{name}"' for name in own_tables(connection))
        engine.dispose()
        drop = f"DROP TABLE {tables} CASCADE" if tables else "SELECT 1"
        run_program(
            *("psql", engine.url, "--no-psqlrc", "--quiet", "--single-transaction"),
            *("--set=ON_ERROR_STOP=1", f"--command=SET lock_timeout = '{LOCK_SECONDS}s'"),
            *(f"--command={drop}", f"--file={script}", "--output=/dev/null"),
        )


def _version_in(script: Path) -> str | None:
    """Return the version that the statements of a backup bring the tables to."""
    with script.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if re.match(r"COPY \S*\balembic_version \(", line):
                return next(lines, "").strip()
    return None


def run_program(name: str, url: URL | None, *arguments: str) -> None:
    """Run a program of PostgreSQL, on a database if one is given.

    The password goes through the environment: arguments can be read by every user.

    Raises:
        BackupError: The program is not installed, or failed; with what it says.
    """
    command, environment = [find_program(name), *arguments], dict(os.environ)
    if url is not None:
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
        address = URL.create(
            *("postgresql", url.username, None, url.host, url.port, url.database, url.query)
        )
        command.append(f"--dbname={address.render_as_string()}")
    done = subprocess.run(  # noqa: S603 - a program found by us, with arguments made by us
        command, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        raise BackupError(f"{name} failed: {done.stderr.strip()}")


def find_program(name: str) -> str:
    """Return where a program of PostgreSQL is: on PATH, or the newest of those installed.

    Raises:
        BackupError: It is nowhere.
    """
    if on_path := shutil.which(name):
        return on_path
    numbered = {
        tuple(map(int, found.parent.parent.name.split("."))): found
        for found in INSTALLED.glob(f"[0-9]*/bin/{name}")
    }
    if not numbered:
        raise BackupError(
            f"{name} is not installed: it comes with the client programs of PostgreSQL "
            "(on Debian apt-get install postgresql-client)."
        )
    return str(numbered[max(numbered)])
