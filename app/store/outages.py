"""Turn failures of the database or the disk into refusals in plain words."""

import errno
import shutil
import sqlite3
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.errors import ProblemError, StorageFullError, UnavailableError
from app.settings import get_settings
from app.store.sqlite_file import OtherFileError

OUTAGES = (OperationalError, InterfaceError, InternalError, PoolTimeoutError, OSError)
"""What may be a failure of the database or the disk; ``explain`` tells."""

FAILURES = (OperationalError, InterfaceError)
"""Errors that come from outside, whatever they are; others are faults of a statement."""

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
LITTLE = 1_000_000
"""Bytes; SQLite says of a full quota only that it cannot write."""

AWAY = "The database cannot be reached at the moment."
READ_ONLY = "The database can only be read at the moment: nothing of the change was kept."

BY_STATE = {
    "25006": READ_ONLY,
    "57014": "The database took too long over the request, which was given up.",
    "55P03": "The database is busy with another change at the moment.",
    "40001": "The database is busy with another change at the moment.",
    "40P01": "The database is busy with another change at the moment.",
}
"""SQLSTATE of PostgreSQL -> what it means."""

BY_CODE = {
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_BUSY: "The database is busy with another change at the moment.",
}
"""Primary result code of SQLite -> what it means."""


def explain(error: BaseException) -> ProblemError | None:
    """Return the refusal that a failure amounts to; None: it is a fault of our own.

    A full disk ends the transaction under whoever writes, so that taking back a part of it fails
    as well: the first failure tells what it was.
    """
    problem = _explain_one(error)
    first = error.__context__
    while problem is not None and first is not None:
        if isinstance(found := _explain_one(first), StorageFullError):
            return found
        first = first.__context__
    return problem


def _explain_one(error: BaseException) -> ProblemError | None:
    if isinstance(error, PoolTimeoutError):
        return UnavailableError("All connections to the database are in use at the moment.")
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return StorageFullError()
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return UnavailableError("The disk can only be read at the moment: nothing was kept.")
    return None


def _of_database(error: DBAPIError) -> ProblemError | None:
    if isinstance(error.orig, OtherFileError):
        return UnavailableError(str(error.orig))
    state = getattr(error.orig, "sqlstate", None) or ""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if state == "53100" or code == sqlite3.SQLITE_FULL:
        return StorageFullError()
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _is_full():
        return StorageFullError()
    if known := BY_STATE.get(state) or BY_CODE.get(code):
        return UnavailableError(known)
    return UnavailableError(AWAY) if isinstance(error, FAILURES) else None


def _is_full() -> bool:
    """Return whether the folder of the database has next to no space left."""
    folder = Path(get_settings().database_url.partition("///")[2]).parent
    try:
        return shutil.disk_usage(folder).free < LITTLE
    except OSError:
        return False
