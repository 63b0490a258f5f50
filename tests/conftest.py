"""Fixtures shared by all tests: real databases of both engines, sessions and clients over them."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from itertools import chain
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient

os.environ.setdefault("CACHE_LOOK_SECONDS", "0")  # tests publish behind the server's back

import app.models  # noqa: F401
from app.database import make_engine, migrate, migration_config
from app.domain.keys import Scope
from app.importers.seed import load_seed
from app.main import bind, create_app
from app.queries.search_index import loaded
from app.settings import get_settings
from tests.editing import make_key
from tests.postgres import (
    HOW_TO_GET_IT,
    PostgresDatabase,
    Server,
    find_binaries,
    temporary_server,
)

ENGINES = ("sqlite", "postgresql")


class SqliteDatabase:
    """A file with every table and no row, for one test after another."""

    def __init__(self, file: Path, empty: Path) -> None:
        self._file, self._empty = file, empty
        self.engine = make_engine(f"sqlite:///{file}")
        self.empty_again()

    def empty_again(self) -> bool:
        """Put the empty file in its place; always can."""
        self.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._file}{ending}").unlink(missing_ok=True)
        shutil.copy(self._empty, self._file)
        return True

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()


class Databases:
    """The databases of a test run, each made when a test first asks for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cleanup = ExitStack()
        self._made = 0
        self._kept: dict[str, list[SqliteDatabase | PostgresDatabase]] = {
            backend: [] for backend in ENGINES
        }
        self._seeded: dict[str, Engine] = {}
        self.keys: dict[str, dict[str, str]] = {}

    @contextmanager
    def empty(self, backend: str) -> Iterator[Engine]:
        """Yield an engine over a database with every table and no row.

        An engine serves one test after another: what it has compiled would be most of the
        work of each.
        """
        kept = self._kept[backend]
        database = kept.pop() if kept else self._make(backend)
        try:
            yield database.engine
        finally:
            loaded.pop(str(database.engine.url), None)
            if database.empty_again():
                kept.append(database)
            else:
                database.close()

    def _make(self, backend: str) -> SqliteDatabase | PostgresDatabase:
        if backend == "sqlite":
            self._made += 1
            return SqliteDatabase(self._folder / f"test_{self._made}.db", self._empty_file)
        return PostgresDatabase(self._server, self._empty_database)

    def seeded(self, backend: str) -> Engine:
        """Return the one engine over a migrated database with the seed; tests only read it."""
        if backend not in self._seeded:
            address = f"sqlite:///{self._folder}/seeded.db"
            if backend == "postgresql":
                address = self._server.create().render_as_string(hide_password=False)
            engine = make_engine(address)
            self._cleanup.callback(engine.dispose)
            migrate(engine)
            load_seed(engine, get_settings().seed_dir)
            self._seeded[backend] = engine
            self.keys[backend] = make_key(engine, Scope.ADMIN)
        return self._seeded[backend]

    @contextmanager
    def copy_of_seeded(self) -> Iterator[Engine]:
        """Yield an engine over a copy of the catalogue as shipped, on SQLite, to write to."""
        path = self._folder / f"{uuid4().hex}.db"
        source = str(self.seeded("sqlite").url.database)
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(path)) as other:
            one.backup(other)
        engine = make_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()

    def close(self) -> None:
        """Let go of every engine and stop the server."""
        for database in chain(*self._kept.values()):
            database.close()
        self._cleanup.close()

    @cached_property
    def _server(self) -> Server:
        if find_binaries() is None and "TEST_DATABASE_URL" not in os.environ:
            if os.environ.get("CI"):
                pytest.fail(HOW_TO_GET_IT)
            pytest.skip(HOW_TO_GET_IT)
        return self._cleanup.enter_context(temporary_server())

    @cached_property
    def _empty_file(self) -> Path:
        path = self._folder / "empty.db"
        _create_tables(f"sqlite:///{path}")
        return path

    @cached_property
    def _empty_database(self) -> str:
        url = self._server.create()
        _create_tables(url.render_as_string(hide_password=False))
        return str(url.database)


def _create_tables(url: str) -> None:
    engine = make_engine(url)
    SQLModel.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The databases of this test process; most tests want ``engine`` or ``seeded_engine``."""
    databases = Databases(tmp_path_factory.mktemp("databases"))
    yield databases
    databases.close()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Engine]:
    """An empty database with every table, once on each engine."""
    with databases.empty(request.param) as engine:
        yield engine


@pytest.fixture
def stamped_engine(engine: Engine) -> Engine:
    """The same database, known to the migrations as theirs: commands migrate as they start."""
    command.stamp(migration_config(engine), "head")
    return engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session over the empty database."""
    with Session(engine) as session:
        yield session


@pytest.fixture(scope="session")
def shared_app() -> FastAPI:
    """One application for all tests that do not need one of their own: it takes long to make."""
    return create_app(create_engine("sqlite://"))


@pytest.fixture
def client(engine: Engine, shared_app: FastAPI) -> Iterator[TestClient]:
    """A client of the application over the same database."""
    bind(shared_app, engine)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session", params=ENGINES)
def seeded_engine(request: pytest.FixtureRequest, databases: Databases) -> Engine:
    """The catalogue as shipped, once on each engine; shared, so only read it."""
    return databases.seeded(request.param)


@pytest.fixture(scope="session")
def seeded_key(seeded_engine: Engine, databases: Databases) -> dict[str, str]:
    """Headers with a key that opens everything on the catalogue as shipped."""
    backend = "sqlite" if seeded_engine.dialect.name == "sqlite" else "postgresql"
    return databases.keys[backend]


@pytest.fixture(scope="session")
def seeded_client(seeded_engine: Engine) -> Iterator[TestClient]:
    """A client of the application over the catalogue as shipped."""
    with TestClient(create_app(seeded_engine), raise_server_exceptions=False) as client:
        yield client
