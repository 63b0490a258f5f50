"""Fixtures of all tests but those of pure code: real databases of both engines, and clients."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from hashlib import sha256
from itertools import chain
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlalchemy import URL, Engine, make_url, text
from sqlmodel import Session
from starlette.testclient import TestClient

import app.store.tables  # noqa: F401
from app.domain.dossier import Dossier
from app.domain.keys import Scope
from app.exports.release_files import folder_of
from app.importers.seed import load_seed
from app.main import bind, create_app
from app.queries.dossiers import LISTED, load_dossiers
from app.queries.kept import held
from app.search.index import loaded
from app.search.mapped import index_folder
from app.settings import get_settings
from app.store import postgresql
from app.store.database import make_engine, migrate, migration_config
from tests.application import shared_application
from tests.browsing import chromium, close_browser
from tests.conftest import RUN
from tests.domain.facts import NOW, RUBRIC
from tests.editing import make_key
from tests.postgres import (
    HOW_TO_GET_IT,
    PostgresDatabase,
    Server,
    find_binaries,
    locked,
    server_of,
)
from tests.serving import serving

ENGINES = ("sqlite", "postgresql")

KEPT = Path(__file__).parents[1] / "var" / "seeded"
"""Folder of the catalogue as shipped that the last run of the tests has filled."""


def has_postgresql() -> bool:
    """Return whether a PostgreSQL server can be started, or is named."""
    return find_binaries() is not None or "TEST_DATABASE_URL" in os.environ


def backends() -> tuple[str, ...]:
    """Return the engines to test on: both, unless PostgreSQL may be missing and is."""
    return ENGINES if has_postgresql() or os.environ.get("CI") else ENGINES[:1]


class SqliteDatabase:
    """A file with every table and no row, for one test after another."""

    def __init__(self, url: URL, empty: Path) -> None:
        self._file, self._empty = Path(str(url.database)), empty
        self.engine = make_engine(url)
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
    """The databases of a test process, each made when a test first asks for it.

    What takes long to fill is filled once a run, and copied by each process.
    """

    def __init__(self, run: Path, folder: Path) -> None:
        self._run, self._folder = run, folder
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
        database = kept.pop() if kept else self._make_empty(backend)
        try:
            yield database.engine
        finally:
            loaded.pop(database.engine.url, None)
            held.pop(database.engine.url, None)
            for folder in (folder_of(database.engine), index_folder(database.engine)):
                shutil.rmtree(folder, ignore_errors=True)
            if database.empty_again():
                kept.append(database)
            else:
                database.close()

    def seeded(self, backend: str) -> Engine:
        """Return the one engine over a migrated database with the seed; tests only read it."""
        if backend not in self._seeded:
            template = self._template(backend, "seeded", _seed)
            url = self.new_url(backend, str(template.database))
            if backend == "sqlite":
                shutil.copy(str(template.database), str(url.database))
            engine = self._seeded[backend] = make_engine(url)
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
        """Let go of every engine."""
        for database in chain(*self._kept.values()):
            database.close()
        for engine in self._seeded.values():
            engine.dispose()

    def _make_empty(self, backend: str) -> SqliteDatabase | PostgresDatabase:
        template = str(self._template(backend, "empty", _make_tables).database)
        if backend == "sqlite":
            return SqliteDatabase(self.new_url(backend), Path(template))
        return PostgresDatabase(self._server, template)

    def _template(self, backend: str, name: str, fill: Callable[[Engine], None]) -> URL:
        """Return the address of a database for copies, filled by the first process that asks."""
        address = self._run / f"{name}-{backend}"
        with locked(address):
            if not address.exists():
                engine = make_engine(self.new_url(backend))
                fill(engine)
                engine.dispose()
                address.write_text(engine.url.render_as_string(hide_password=False))
        return make_url(address.read_text())

    def new_url(self, backend: str, template: str = "template0") -> URL:
        """Return the address of a database in which there is nothing yet."""
        if backend == "postgresql":
            return self._server.create(template)
        self._made += 1
        return make_url(f"sqlite:///{self._folder}/{self._made}.db")

    @cached_property
    def _server(self) -> Server:
        if not has_postgresql():
            if os.environ.get("CI"):
                pytest.fail(HOW_TO_GET_IT)
            pytest.skip(HOW_TO_GET_IT)
        return server_of(self._run)


def _make_tables(engine: Engine) -> None:
    """Make the tables as every installation has them, and leave it to tests to say so."""
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))


def _seed(engine: Engine) -> None:
    """Fill a database with the catalogue as shipped.

    A file that the same code filled from the same seed is kept for the next run of the tests.
    """
    kept = KEPT / f"{_digest_of_what_fills()}.db"
    if engine.dialect.name != "sqlite":
        migrate(engine)
        load_seed(engine, get_settings().seed_dir)
    elif kept.exists():
        shutil.copy(kept, str(engine.url.database))
    else:
        migrate(engine)
        load_seed(engine, get_settings().seed_dir)
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        with closing(sqlite3.connect(unfinished)) as copy, closing(engine.raw_connection()) as file:
            file.driver_connection.backup(copy)  # type: ignore[union-attr]
        unfinished.rename(kept)


def _digest_of_what_fills() -> str:
    root = Path(__file__).parents[1]
    digest = sha256((root / "requirements.lock").read_bytes())
    for folder in ("app", "migrations", "seed"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(bytes(path.relative_to(root)) + path.read_bytes())
    return digest.hexdigest()


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask for pages on SQLite alone: they read as the interface does, which is asked on both."""
    if metafunc.module.__name__.startswith(("tests.test_pages_", "tests.test_embeds")):
        for name, scope in (("engine", "function"), ("seeded_engine", "session")):
            if name in metafunc.fixturenames:
                one = pytest.mark.parametrize(name, ENGINES[:1], indirect=True, scope=scope)
                metafunc.definition.add_marker(one)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Ask further cases of tests marked ``engines_in_turn`` of one engine each, in turn.

    The first case of a test is asked of both.
    """
    if backends() != ENGINES:
        return
    functions = [item for item in items if isinstance(item, pytest.Function)]
    cases: dict[str, dict[str, list[pytest.Function]]] = {}
    for item in functions:
        engine = engine_of(item)
        if engine and item.get_closest_marker("engines_in_turn"):
            test, _, case = item.nodeid.partition("[")
            cases.setdefault(test, {}).setdefault(case.replace(engine, ""), []).append(item)
    passed_over = {
        item
        for of_test in cases.values()
        for place, case in enumerate(sorted(of_test))
        for item in of_test[case]
        if place and engine_of(item) != ENGINES[place % len(ENGINES)]
    }
    items[:] = [item for item in items if item not in passed_over]
    config.hook.pytest_deselected(items=list(passed_over))


def engine_of(item: pytest.Function) -> str | None:
    """Return the engine that a test is asked of; None: none, or one alone."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    return next((given[name] for name in ("engine", "seeded_engine") if name in given), None)


def pytest_unconfigure() -> None:
    """End the browser of this process."""
    close_browser()


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Let connections rest that a busy machine keeps waiting."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(postgresql, "PING_SECONDS", 20.0)
        patched.setattr(postgresql.ImpatientConnection, "patience", 20.0)
        yield


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The databases of this test process; most tests want ``engine`` or ``seeded_engine``."""
    databases = Databases(Path(os.environ[RUN]), tmp_path_factory.mktemp("databases"))
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser, one for all tests of pages; each opens pages of its own in it."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def server(databases: Databases) -> Iterator[str]:
    """Address of a real server over the catalogue as shipped, on SQLite; only read it."""
    with serving(databases.seeded("sqlite")) as address:
        yield address


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
    return shared_application()


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
def shipped_dossiers(databases: Databases) -> list[Dossier]:
    """What is known of every program that ships, each with what a test has made of it."""
    with Session(databases.seeded("sqlite")) as session:
        return load_dossiers(session, LISTED, [], NOW.date(), rubric=RUBRIC)


@pytest.fixture(scope="session")
def seeded_client(seeded_engine: Engine) -> Iterator[TestClient]:
    """A client of the application over the catalogue as shipped."""
    with TestClient(create_app(seeded_engine), raise_server_exceptions=False) as client:
        yield client
