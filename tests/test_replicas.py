"""Reads that go to replicas: whole releases, none that is away, and the primary where need be."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.main import bind, create_app
from app.store.database import make_engine, migrate
from app.store.replicas import Database, Databases, name_of
from tests.editing import Editor, make_key
from tests.making import add_program, price, publish
from tests.postgres import HOW_TO_GET_IT, Replica, find_binaries, server_of, stop_server_of
from tests.serving import serving_app, wait_until

ONE = "/v1/programs/the-one"
LIST = "/v1/programs?sort=name"
SNAPSHOT = {"programs": ["the-one", "the-other"]}


def fill(engine: Engine) -> Engine:
    migrate(engine)
    with Session(engine) as session:
        add_program(session, "the-one", claims=[price("tuition", 1000)])
        add_program(session, "the-other", school="other-college")
        publish(session)
    return engine


def publish_more(engine: Engine, slug: str) -> None:
    with Session(engine) as session:
        add_program(session, slug)
        publish(session)


def names(client: TestClient | httpx.Client) -> tuple[int, int, set[str]]:
    """Return what a list says: release, total, and the programs in it."""
    told = client.get(LIST).json()
    return told["release"], told["total"], {item["slug"] for item in told["items"]}


class Copies:
    """A catalogue in a file, and copies of it that catch up when they are told to."""

    def __init__(self, filled: Path, folder: Path, count: int) -> None:
        shutil.copy(filled, folder / "primary.db")
        self.primary = make_engine(f"sqlite:///{folder}/primary.db")
        self.replicas = [make_engine(f"sqlite:///{folder}/replica-{n}.db") for n in range(count)]
        for number in range(count):
            self.catch_up(number)

    def path(self, number: int) -> Path:
        return Path(str(self.replicas[number].url.database))

    def catch_up(self, number: int) -> None:
        source = str(self.primary.url.database)
        with (
            closing(sqlite3.connect(source)) as one,
            closing(sqlite3.connect(self.path(number))) as c,
        ):
            one.backup(c)

    @contextmanager
    def away(self, number: int) -> Iterator[None]:
        path = self.path(number)
        path.rename(path.with_suffix(".away"))
        yield
        path.with_suffix(".away").rename(path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a catalogue."""
    path = tmp_path_factory.mktemp("filled") / "one.db"
    fill(make_engine(f"sqlite:///{path}")).dispose()
    return path


@pytest.fixture
def copies(filled: Path, tmp_path: Path) -> Copies:
    return Copies(filled, tmp_path, 2)


@pytest.fixture
def client(copies: Copies, shared_app: FastAPI) -> Iterator[TestClient]:
    bind(shared_app, copies.primary, copies.replicas)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        yield client


def test_replicas_that_are_behind_serve_the_older_release_whole(
    copies: Copies, client: TestClient
) -> None:
    publish_more(copies.primary, "a-third")
    before = names(client)
    gone = client.get("/v1/programs/a-third").status_code
    copies.catch_up(1)
    after = [names(client) for _ in range(4)]
    told = client.get("/health/ready").json()["databases"]

    assert before == (1, 2, {"the-one", "the-other"})
    assert gone == 404
    assert after == [(2, 3, {"the-one", "the-other", "a-third"})] * 4
    assert client.get("/v1/programs/a-third").status_code == 200
    assert [one["release"] for one in told] == [2, 1, 2]


def test_a_replica_that_is_away_is_left_out_and_comes_back(
    copies: Copies, client: TestClient
) -> None:
    with copies.away(0), copies.away(1):
        alone = client.get(ONE)
        told = client.get("/health/ready").json()["databases"]
    publish_more(copies.primary, "a-third")
    with copies.away(0):
        copies.catch_up(1)
        of_one = names(client)
    behind = names(client)

    assert alone.status_code == 200
    assert [one["release"] for one in told] == [1, None, None]
    assert of_one == behind
    assert of_one[0] == 2  # and not back to that of the one that returned


def test_a_release_that_was_served_is_served_on_by_whoever_has_it(
    copies: Copies, client: TestClient
) -> None:
    publish_more(copies.primary, "a-third")
    copies.catch_up(0)
    first = names(client)
    with copies.away(0):
        second = names(client)

    assert first == second
    assert first[0] == 2


def test_without_the_primary_releases_are_read_and_nothing_is_written(
    copies: Copies, client: TestClient
) -> None:
    path = Path(str(copies.primary.url.database))
    path.rename(path.with_suffix(".away"))
    read = [client.get(path).status_code for path in (ONE, LIST, f"{ONE}/checklist", "/data")]
    written = client.post("/v1/snapshots", json=SNAPSHOT)
    ready = client.get("/health/ready")
    path.with_suffix(".away").rename(path)

    assert read == [200] * 4
    assert written.status_code == 503
    assert ready.status_code == 200
    assert ready.json()["databases"][0]["release"] is None
    assert client.post("/v1/snapshots", json=SNAPSHOT).status_code == 201


def test_who_writes_reads_it_at_once(copies: Copies, client: TestClient) -> None:
    key = make_key(copies.primary, Scope.ADMIN)
    kept = client.post("/v1/snapshots", json=SNAPSHOT).json()["hash"]
    editor = Editor(client, key)
    editor.change("program", "the-one", name="Another name")
    editor.publish()

    assert client.get(f"/v1/snapshots/{kept}").status_code == 200
    assert client.get(ONE, headers=key).json()["name"] == "Another name"
    assert client.get(ONE).json()["name"] == "Health Information Technology"
    copies.catch_up(0)
    assert client.get(ONE).json()["name"] == "Another name"


@pytest.mark.parametrize("path", [ONE, LIST, "/programs/the-one", "/v1/suggest?prefix=some"])
def test_a_read_whose_database_fails_under_it_is_made_elsewhere(
    copies: Copies, client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/health/ready")
    monkeypatch.setattr(Database, "look", lambda _database: None)  # nobody has noticed yet
    with copies.away(0), copies.away(1):
        answer = client.get(path)

    assert answer.status_code == 200


def test_a_list_is_never_of_two_releases(
    copies: Copies, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/v1/programs?sort=name&limit=1")
    publish_more(copies.primary, "a-third")
    with monkeypatch.context() as patch:
        patch.setattr(Database, "look", lambda _database: None)  # it came a moment ago
        copies.catch_up(0)
        copies.catch_up(1)
        told = names(client)

    assert told == (2, 3, {"the-one", "the-other", "a-third"})


def test_how_databases_stand_is_told_to_prometheus(copies: Copies, client: TestClient) -> None:
    publish_more(copies.primary, "a-third")
    with copies.away(1):
        client.get(ONE)
        told = TestClient(client.app, client=("127.0.0.1", 50_000)).get("/metrics").text

    first, second = (name_of(engine.url) for engine in copies.replicas)
    assert 'database_up{database="primary"} 1.0' in told
    assert 'database_release{database="primary"} 2.0' in told
    assert f'database_release{{database="{first}"}} 1.0' in told
    assert f'database_up{{database="{second}"}} 0.0' in told


def test_no_name_tells_a_secret() -> None:
    urls = [
        "postgresql+psycopg://me:secret@db-1:5432/hit",
        "postgresql+psycopg://me:secret@/hit?host=a:1&host=b:2",
    ]
    engines = [make_engine(url) for url in urls]

    assert [name_of(engine.url) for engine in engines] == ["db-1:5432/hit", "a:1,b:2/hit"]


def test_replicas_take_turns(copies: Copies) -> None:
    databases = Databases(copies.primary, copies.replicas)
    for one in databases.every:
        one.look()
    published = databases.newest(None)

    chosen = [databases.serving(published) for _ in range(4)]

    assert chosen == [*databases.replicas, *databases.replicas]
    databases.close()


@pytest.fixture(scope="module")
def run() -> Iterator[Path]:
    """The folder of a PostgreSQL server of these tests alone, which gets a replica."""
    if find_binaries() is None or "TEST_DATABASE_URL" in os.environ:
        pytest.skip(HOW_TO_GET_IT)
    run = Path(tempfile.mkdtemp(prefix="hit_own_"))
    yield run
    stop_server_of(run)
    shutil.rmtree(run, ignore_errors=True)


def test_a_streaming_replica_is_read_lags_leaves_and_comes_back(run: Path) -> None:
    primary = fill(make_engine(server_of(run).create()))
    replica = Replica(run)
    engine = make_engine(primary.url.set(port=replica.port))
    key = make_key(primary, Scope.ADMIN)
    app = create_app(primary)
    bind(app, primary, [engine])
    [name] = [one.name for one in app.state.databases.replicas]
    try:
        with (
            serving_app(app) as address,
            httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
        ):
            wait_until(lambda: standing(client, name)["release"] == 1)
            replica.run("SELECT pg_wal_replay_pause()")
            publish_more(primary, "a-third")
            wait_until(lambda: standing(client, "primary")["release"] == 2)
            behind = names(client), standing(client, name)
            editors = client.get("/v1/programs/a-third", headers=key).status_code
            replica.run("SELECT pg_wal_replay_resume()")
            resumed = time.monotonic()
            wait_until(lambda: names(client)[0] == 2)
            seen_after = time.monotonic() - resumed
            caught_up = names(client), client.get(f"{ONE}?as_of=2026-01-01").status_code
            replica.stop()
            left = [client.get(f"{ONE}?as_of=2026-01-{day:02}").status_code for day in (2, 3, 4)]
            wait_until(lambda: standing(client, name)["release"] is None)
            replica.start()
            wait_until(lambda: standing(client, name)["release"] == 2)
    finally:
        engine.dispose()
        primary.dispose()
        replica.stop()

    assert behind[0] == (1, 2, {"the-one", "the-other"})
    assert (behind[1]["release"], behind[1]["lag_seconds"] > 0) == (1, True)
    assert editors == 200
    assert seen_after < 2
    assert caught_up == ((2, 3, {"the-one", "the-other", "a-third"}), 200)
    assert left == [200] * 3


def standing(client: httpx.Client, name: str) -> dict[str, Any]:
    [found] = [
        one for one in client.get("/health/ready").json()["databases"] if one["name"] == name
    ]
    return dict(found)


def test_a_connection_to_what_is_no_primary_any_more_is_given_up(run: Path) -> None:
    server = server_of(run)
    engine = make_engine(server.create())
    with engine.connect() as connection:
        first = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        connection.commit()
        connection.execute(text("SET TRANSACTION READ ONLY"))
        with pytest.raises(Exception, match="read-only"):
            connection.execute(text("CREATE TABLE one (id integer)"))
    with engine.connect() as connection:
        second = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    engine.dispose()

    assert first != second
