"""The file of an SQLite database: never created by accident; a replacement is noticed."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event


class OtherFileError(sqlite3.OperationalError):
    """The file that an engine has opened is not there any more, or is another one."""


def file_of(engine: Engine) -> Path | None:
    """Return the file of an SQLite database, or None: in memory, or on a server."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name).absolute()


def make_file(engine: Engine) -> None:
    """Create an empty file for a database, unless there is one."""
    if path := file_of(engine):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


class OpenFile:
    """The file that an engine has opened, known by device and inode."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.opened: tuple[int, int] | None = None

    def connect(self) -> sqlite3.Connection:
        """Open the file; one that is missing is not made.

        Raises:
            OtherFileError: It is missing, or not the one that was opened first.
        """
        if self.opened is None:
            self.opened = self._found()
        self.require()
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode=rw",
            uri=True,
            check_same_thread=False,
            factory=WatchedConnection,
        )
        connection.file = self
        return connection

    def require(self) -> None:
        """Do nothing while the file is the one that was opened.

        Raises:
            OtherFileError: It was removed or replaced: what is written would be lost, and what
                is read is not what others see.
        """
        found = self._found()
        if found is None:
            raise OtherFileError(
                "The file of the database is not there. If it was moved, put it back; "
                "for a new one, start the service anew."
            )
        if found != self.opened:
            raise OtherFileError(
                "The file of the database was replaced while the service was running. "
                "Start the service anew."
            )

    def _found(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino


class WatchedConnection(sqlite3.Connection):
    """Raises instead of committing to a file that was removed or replaced."""

    file: OpenFile

    def commit(self) -> None:
        """Commit, and see to it that the file still stands, before and after."""
        self.file.require()
        super().commit()
        self.file.require()


def watch_file(engine: Engine) -> None:
    """Tie an engine to the file that it opened first, until the engine is disposed of."""
    path = file_of(engine)
    if path is None:
        return
    file = OpenFile(path)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, _args: Any, _named: Any) -> sqlite3.Connection:
        return file.connect()

    @event.listens_for(engine, "checkout")
    def use(_dbapi: object, _record: object, _proxy: object) -> None:
        file.require()

    @event.listens_for(engine, "engine_disposed")
    def forget(_engine: Engine) -> None:
        file.opened = None
