"""Engine and sessions for SQLite and PostgreSQL."""

import fcntl
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.settings import MIGRATIONS, get_settings
from app.store.sqlite_file import file_of, make_file, watch_file

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

POOL_SIZE = 8
MAX_OVERFLOW = 12

CONNECTIONS_A_PROCESS = POOL_SIZE + MAX_OVERFLOW + 5
"""The most that a server process opens to PostgreSQL; lists and the look for a release have own."""

POOL_SECONDS = 3.0
"""How long a request waits for a connection that others hold, before it is told to come again."""

BUSY_SECONDS = 10
"""How long a writer waits for another one."""

START_LOCK = 4_711_008_220
"""Key of the advisory lock of PostgreSQL; any number nobody else uses in the database."""


def make_engine(
    url: str | URL, *, pool_size: int = POOL_SIZE, max_overflow: int = MAX_OVERFLOW
) -> Engine:
    """Return an engine with the pragmas, rules and time limits the application counts on.

    SQLite runs in WAL mode with real transactions; a session opened by ``write_session``
    takes the write lock at once, so a reader that turns writer cannot fail half-way. Its file
    is not made here but by ``migrate``. PostgreSQL is given up when it does not answer.
    """
    url = make_url(url)
    sizes = {"pool_size": pool_size, "max_overflow": max_overflow, "pool_timeout": POOL_SECONDS}
    if url.get_backend_name() != "sqlite":
        # needs psycopg, which a catalogue in a file does without
        from app.store.postgresql import bound_waiting, connect_arguments

        seconds = get_settings().statement_seconds
        arguments = connect_arguments(url, seconds)
        engine = create_engine(url, pool_pre_ping=True, connect_args=arguments, **sizes)
        bound_waiting(engine, seconds)
        return engine
    if url.database in (None, "", ":memory:"):
        engine = create_engine(url, connect_args={"check_same_thread": False})
    else:
        engine = create_engine(url, **sizes)
    watch_file(engine)

    @event.listens_for(engine, "connect")
    def configure(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_SECONDS * 1000}",  # first: the others wait too
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "")
        if mode is not None:  # else every statement stands for itself
            connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def make_reading_engine(url: str | URL, *, connections: int) -> Engine:
    """Return an engine of its own few connections, on which every statement stands for itself.

    So nothing is held between two statements, and who reads over it waits for nobody else's
    connection.
    """
    engine = make_engine(url, pool_size=connections, max_overflow=0)
    if engine.dialect.name == "sqlite":
        return engine.execution_options(sqlite_begin=None)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def write_session(engine: Engine, *, takes_long: bool = False) -> Iterator[Session]:
    """Open a session that holds the write lock; commits at the end, rolls back on any error.

    Args:
        engine: Of the catalogue.
        takes_long: Whether its statements may take longer than those of a request.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="IMMEDIATE")
        with Session(connection) as session:
            try:
                if takes_long:
                    take_long(session.connection())
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise


def take_long(connection: Connection) -> None:
    """Lift the time limit of statements for the transaction of a connection."""
    if connection.dialect.name == "postgresql":
        from app.store.postgresql import wait_patiently  # as in make_engine

        connection.execute(text("SET LOCAL statement_timeout = 0"))
        wait_patiently(connection.connection.dbapi_connection)


@contextmanager
def read_snapshot(engine: Engine) -> Iterator[Session]:
    """Open a session whose reads all see one state (a snapshot)."""
    level = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect() as plain, Session(plain.execution_options(**level)) as session:
        yield session


def analyze(engine: Engine) -> None:
    """Tell the planner what the tables hold, as after many rows came in at once.

    Plans are only slower without it, so a database that is busy is left alone.
    """
    try:
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    except OperationalError:
        log.warning("the tables could not be analysed", exc_info=True)


@contextmanager
def exclusive(engine: Engine) -> Iterator[None]:
    """Let one process of all that use a database do what is done at a start; others wait.

    The lock ends with the process, however that ends. On SQLite it is a file beside the
    database, on PostgreSQL an advisory lock of a transaction, which poolers keep to as well.
    """
    if path := file_of(engine):
        with path.with_name(f"{path.name}-start").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                log.warning(WAITING)
                fcntl.flock(file, fcntl.LOCK_EX)
            yield
    elif engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            take_long(connection)
            taken = text("SELECT pg_try_advisory_xact_lock(:key)")
            if not connection.scalar(taken, {"key": START_LOCK}):
                log.warning(WAITING)
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": START_LOCK})
            yield
    else:
        yield


WAITING = "another process is starting, importing or migrating: waiting until it is through"


def migration_config(engine: Engine) -> "Config":
    """Return the configuration of the migrations, bound to an engine."""
    from alembic.config import Config  # takes long to import, and most starts need none of it

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = engine
    return config


@lru_cache(maxsize=1)
def known_versions() -> dict[str, set[str]]:
    """Return the versions of the tables by ``revision``, and those followed by another."""
    found = {"revision": set[str](), "down_revision": set[str]()}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        for name, version in re.findall(r'^(\w*revision) = "(\w+)"', source, re.MULTILINE):
            found[name].add(version)
    return found


def newest_version() -> str:
    """Return the version of the tables that the code needs."""
    [newest] = known_versions()["revision"] - known_versions()["down_revision"]
    return newest


def is_enough(version: str | None) -> bool:
    """Return whether the code can use tables of a version: its own, or one that it does not know.

    That one is newer, made by the server that replaces this one; migrations take nothing away
    that the code before them reads.
    """
    known = known_versions()["revision"]
    return version is not None and (version == newest_version() or version not in known)


def find_version(connection: Connection) -> str | None:
    """Return the version that the tables are at, or None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Open a connection that changes tables in one transaction, and commit at the end.

    SQLite makes whole tables anew, which is no harm to rows that refer to them: it looks at
    references at the end only.

    Raises:
        RuntimeError: A row refers to what is not there any more.
    """
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            take_long(connection)
            yield connection
            connection.commit()
            return
        _refer(connection, "OFF")
        try:
            connection.execution_options(sqlite_begin="IMMEDIATE")
            yield connection
            if dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                raise RuntimeError(f"rows refer to what is not there any more: {dangling[:10]}")
            connection.commit()
        finally:
            connection.rollback()
            _refer(connection, "ON")


def _refer(connection: Connection, state: str) -> None:
    """Turn foreign keys of SQLite on or off, which works between transactions only."""
    connection.execution_options(sqlite_begin=None)
    connection.exec_driver_sql(f"PRAGMA foreign_keys={state}")
    connection.commit()


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version; does nothing when they are.

    One process at a time: whoever comes second waits, and finds nothing to do.
    """
    make_file(engine)
    try:
        if is_migrated(engine):
            return
    except OperationalError:
        log.info("the tables cannot be read yet", exc_info=True)
    with exclusive(engine):
        migrate_alone(engine)


def migrate_alone(engine: Engine) -> None:
    """Bring the tables to the newest version, in a process that holds the lock of starts."""
    make_file(engine)
    if not is_migrated(engine):
        from alembic import command  # as in migration_config

        command.upgrade(migration_config(engine), "head")


def is_migrated(engine: Engine) -> bool:
    """Return whether the tables are at the version of the code, or a newer one."""
    with engine.connect() as connection:
        return is_enough(find_version(connection))
