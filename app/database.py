"""Engine and sessions for SQLite and PostgreSQL."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.settings import MIGRATIONS

log = logging.getLogger(__name__)

POOL_SIZE = 8
MAX_OVERFLOW = 12


def make_engine(
    url: str | URL, *, pool_size: int = POOL_SIZE, max_overflow: int = MAX_OVERFLOW
) -> Engine:
    """Return an engine with the pragmas and transaction rules the application counts on.

    SQLite runs in WAL mode with real transactions; a session opened by ``write_session``
    takes the write lock at once, so a reader that turns writer cannot fail half-way.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url, pool_size=pool_size, max_overflow=max_overflow, pool_pre_ping=True
        )
    path = make_url(url).database
    pool = {}
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        pool = {"pool_size": pool_size, "max_overflow": max_overflow}
    engine = create_engine(url, connect_args={"check_same_thread": False}, **pool)

    @event.listens_for(engine, "connect")
    def configure(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=10000",
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
def write_session(engine: Engine) -> Iterator[Session]:
    """Open a session that holds the write lock; commits at the end, rolls back on any error."""
    with engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="IMMEDIATE")
        with Session(connection) as session:
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise


@contextmanager
def read_snapshot(engine: Engine) -> Iterator[Session]:
    """Open a session in which all reads see one state, whatever others publish meanwhile."""
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


def migration_config(engine: Engine) -> Config:
    """Return the configuration of the migrations, bound to an engine."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = engine
    return config


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version; does nothing when they are."""
    command.upgrade(migration_config(engine), "head")
