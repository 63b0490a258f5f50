"""Databases and disks that fail while a server runs: refused in plain words, and come back from."""

import errno
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.errors import UnavailableError
from app.main import bind
from app.settings import get_settings
from app.store import database, postgresql
from app.store.database import make_engine, migrate, write_session
from app.store.outages import explain
from tests.editing import make_key
from tests.making import add_program, publish
from tests.postgres import CLUSTER, HOW_TO_GET_IT, find_binaries, server_of, stop_server_of
from tests.serving import serving

ONE = "/v1/programs/the-one"
SNAPSHOT = {"programs": ["the-one", "the-other"]}


def add_programs(session: Session) -> None:
    add_program(session, "the-one")
    add_program(session, "the-other", school="other-college")
    publish(session)


def fill(engine: Engine) -> Engine:
    migrate(engine)
    with Session(engine) as session:
        add_programs(session)
    return engine


@pytest.fixture(scope="module")
def own_server() -> Iterator[Path]:
    """The folder of a PostgreSQL server of these tests alone, which may be frozen."""
    if find_binaries() is None or "TEST_DATABASE_URL" in os.environ:
        pytest.skip(HOW_TO_GET_IT)
    run = Path(tempfile.mkdtemp(prefix="hit_own_"))
    yield run
    stop_server_of(run)
    shutil.rmtree(run, ignore_errors=True)


def processes_of(run: Path) -> list[int]:
    """Return the server's process and those it started."""
    pid = int((run / CLUSTER / "data" / "postmaster.pid").read_text().splitlines()[0])
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [pid, *map(int, found.stdout.split())]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Engines made now give up whatever takes a fraction of a second."""
    monkeypatch.setattr(postgresql, "PING_SECONDS", 0.3)
    monkeypatch.setattr(postgresql, "GRACE_SECONDS", 0.3)
    monkeypatch.setattr(database, "POOL_SECONDS", 0.2)
    monkeypatch.setenv("STATEMENT_SECONDS", "0.3")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@contextmanager
def frozen(run: Path) -> Iterator[None]:
    """Stop every process of a server, as a full disk or a network that loses packets does."""
    stopped = processes_of(run)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)


def test_a_frozen_server_is_given_up_and_taken_up_again(
    own_server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "PING_SECONDS", 0.5)
    engine = fill(make_engine(server_of(own_server).create()))
    with (
        serving(engine) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        before = client.get(f"{ONE}?as_of=2026-01-01")
        with frozen(own_server):
            started = time.monotonic()
            resting = client.get(f"{ONE}?as_of=2026-01-02")
            again = client.get(f"{ONE}?as_of=2026-01-03")
            waited = time.monotonic() - started
        after = client.get(f"{ONE}?as_of=2026-01-04")
    engine.dispose()

    assert (before.status_code, after.status_code) == (200, 200)
    for answer in (resting, again):
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/unavailable"
        assert int(answer.headers["retry-after"]) > 0
    assert waited < 40  # each within 3 s on a machine that is not busy; without limits for ever


@pytest.mark.usefixtures("impatient")
def test_a_server_that_freezes_while_it_is_asked_is_given_up(own_server: Path) -> None:
    engine = make_engine(server_of(own_server).create())

    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        with frozen(own_server), pytest.raises(sa.exc.OperationalError) as given_up:
            connection.execute(sa.text("SELECT 2"))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT 3")) == 3
    engine.dispose()
    assert isinstance(explain(given_up.value), UnavailableError)


@pytest.mark.usefixtures("impatient")
def test_a_statement_that_takes_too_long_is_ended_unless_it_may(own_server: Path) -> None:
    engine = make_engine(server_of(own_server).create())
    long = sa.text("SELECT pg_sleep(0.7)")

    with pytest.raises(sa.exc.OperationalError) as ended, engine.connect() as connection:
        connection.execute(long)
    with write_session(engine, takes_long=True) as session:
        session.execute(long)
    with engine.connect() as connection:
        limit = connection.scalar(sa.text("SHOW statement_timeout"))
    engine.dispose()

    problem = explain(ended.value)
    assert isinstance(problem, UnavailableError)
    assert "too long" in problem.detail
    assert limit == "300ms"  # as before, for the next who gets the connection


@pytest.mark.usefixtures("impatient")
def test_a_pool_that_is_used_up_says_so(own_server: Path) -> None:
    engine = make_engine(server_of(own_server).create(), pool_size=1, max_overflow=0)

    with engine.connect(), pytest.raises(sa.exc.TimeoutError) as refused:
        engine.connect()

    engine.dispose()
    problem = explain(refused.value)
    assert isinstance(problem, UnavailableError)
    assert "in use" in problem.detail


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "catalogue.db"


@pytest.fixture
def on_file(file: Path) -> Iterator[Engine]:
    """A catalogue in a file of its own."""
    engine = fill(make_engine(f"sqlite:///{file}"))
    yield engine
    engine.dispose()


@pytest.fixture
def files_client(on_file: Engine, shared_app: FastAPI) -> Iterator[TestClient]:
    bind(shared_app, on_file)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        yield client


def test_a_file_taken_away_is_noticed_never_made_anew_and_good_again_once_back(
    files_client: TestClient, file: Path
) -> None:
    away = file.with_name("away.db")
    assert files_client.get("/health/ready").status_code == 200
    file.rename(away)

    ready = files_client.get("/health/ready")
    write = files_client.post("/v1/snapshots", json=SNAPSHOT)
    read = files_client.get(f"{ONE}?as_of=2026-01-02")
    made_anew = file.exists()
    away.rename(file)

    for answer in (ready, write, read):
        assert answer.status_code == 503, answer.text
        assert "not there" in answer.json()["detail"]
    assert not made_anew
    assert files_client.get("/health/ready").status_code == 200
    assert files_client.post("/v1/snapshots", json=SNAPSHOT).status_code == 201


def test_a_file_replaced_is_noticed_and_not_written_to(
    files_client: TestClient, file: Path, on_file: Engine
) -> None:
    copy = file.with_name("copy.db")
    with on_file.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(file, copy)
    assert files_client.get(ONE).status_code == 200
    copy.replace(file)

    ready = files_client.get("/health/ready")
    write = files_client.post("/v1/snapshots", json=SNAPSHOT)

    for answer in (ready, write):
        assert answer.status_code == 503, answer.text
        assert "replaced" in answer.json()["detail"]


def test_a_file_taken_away_in_the_middle_of_a_write_is_not_acknowledged(
    on_file: Engine, file: Path
) -> None:
    with pytest.raises(sa.exc.OperationalError), write_session(on_file) as session:
        session.execute(sa.text("UPDATE release SET note = 'lost'"))
        file.rename(file.with_name("away.db"))

    file.with_name("away.db").rename(file)
    with on_file.connect() as connection:
        assert connection.scalar(sa.text("SELECT note FROM release")) == "test"


def test_a_database_that_is_not_there_yet_is_not_made_by_reading(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/none.db")

    with pytest.raises(sa.exc.OperationalError), engine.connect():
        pass

    assert list(tmp_path.iterdir()) == []


REPORT = {
    "collection": "program",
    "key": "the-one",
    "statement": "A practicum of 120 hours is required.",
    "source_url": "https://school.example/page",
}


class Writers:
    """Everybody who writes, each with something long enough to need space."""

    def __init__(self, client: TestClient, key: dict[str, str]) -> None:
        self._client, self._key = client, key
        self._round = 0
        self.job = client.post("/v1/admin/imports", headers=key).json()["id"]

    def write(self) -> dict[str, int]:
        """Return kind of write -> status of its answer."""
        self._round += 1
        report = {**REPORT, "statement": f"{self._round} {'z' * 180}"}
        upload = f"/v1/admin/imports/{self.job}/files/hd2024.csv"
        send, key = self._client.request, self._key
        weights = {"accreditation": self._round, "cost_transparency": 1}
        answers = {
            "snapshot": send("POST", "/v1/snapshots", json={**SNAPSHOT, "weights": weights}),
            "report": send("POST", "/v1/corrections", json=report),
            "edit": self._edit("one"),
            "publish": send("POST", "/v1/admin/publish", json={"note": "n" * 180}, headers=key),
            "edit for the next": self._edit("two"),
            "job": send("POST", "/v1/admin/imports", headers=key),
            "upload": send("PUT", upload, content=b"x" * 300_000, headers=key),
        }
        for answer in answers.values():
            if answer.status_code == 507:
                assert answer.json()["type"] == "/problems/insufficient-storage"
        return {name: answer.status_code for name, answer in answers.items()}

    def _edit(self, word: str) -> httpx.Response:
        path = "/v1/admin/records/program/the-one"
        etag = self._client.get(path, headers=self._key).json()["etag"]
        body = {"values": {"name": f"{self._round} {word * 50}"}, "why": "y" * 180}
        headers = {**self._key, "If-Match": etag}
        return self._client.request("PATCH", path, json=body, headers=headers)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a disk of its own")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=False)


def test_on_a_full_disk_writes_are_507_reads_go_on_and_all_is_well_after(
    small_disk: Path, shared_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPOOL_DIR", str(small_disk / "imports"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{small_disk}/catalogue.db")
    get_settings.cache_clear()
    engine = fill(make_engine(f"sqlite:///{small_disk}/catalogue.db"))
    key = make_key(engine, Scope.ADMIN)
    bind(shared_app, engine)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        writers = Writers(client, key)
        before = writers.write()
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
            while True:
                full.write(b"0" * 4096)

        during = writers.write()
        reads = [client.get(path) for path in (ONE, "/v1/programs", "/", "/health/ready")]
        ballast.unlink()
        after = writers.write()
    get_settings.cache_clear()
    with engine.connect() as connection:
        sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    engine.dispose()

    assert before == after
    assert set(before.values()) <= {200, 201, 422}, before  # 422: the upload is no such file
    assert set(during.values()) == {507}, during
    assert [answer.status_code for answer in reads] == [200] * 4
    assert sound == "ok"


def test_a_database_that_may_not_grow_says_there_is_no_space(
    files_client: TestClient, on_file: Engine
) -> None:
    def stop_growing(dbapi: Any, _record: object) -> None:
        pages = dbapi.execute("PRAGMA page_count").fetchone()[0]
        dbapi.execute(f"PRAGMA max_page_count={pages}")

    on_file.dispose()
    sa.event.listen(on_file, "connect", stop_growing)
    answers = [
        files_client.post("/v1/snapshots", json={**SNAPSHOT, "weights": {"accreditation": n}})
        for n in range(1, 9)
    ]

    refused = next(answer for answer in answers if not answer.is_success)
    assert refused.status_code == 507
    assert refused.json()["type"] == "/problems/insufficient-storage"
    assert files_client.get(ONE).status_code == 200


def test_a_database_that_can_only_be_read_says_so(
    client: TestClient, session: Session, engine: Engine
) -> None:
    add_programs(session)
    if engine.dialect.name == "sqlite":
        only_read = "PRAGMA query_only=ON"
    else:
        only_read = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"

    def stop_writing(dbapi: Any, _record: object) -> None:
        dbapi.execute(only_read)
        dbapi.commit()

    session.close()
    engine.dispose()
    sa.event.listen(engine, "connect", stop_writing)
    try:
        answer = client.post("/v1/snapshots", json=SNAPSHOT)
        read = client.get(ONE)
    finally:
        sa.event.remove(engine, "connect", stop_writing)
        engine.dispose()

    assert (answer.status_code, read.status_code) == (503, 200)
    assert "can only be read" in answer.json()["detail"]


def test_a_page_says_what_failed_too(files_client: TestClient, file: Path) -> None:
    file.rename(file.with_name("away.db"))

    answer = files_client.get("/programs/the-one", headers={"accept": "text/html"})

    file.with_name("away.db").rename(file)
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")


def failure(orig: BaseException, kind: type[sa.exc.DBAPIError] = sa.exc.OperationalError) -> Any:
    return kind("INSERT", {}, orig)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (failure(psycopg.errors.DiskFull()), 507),
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), 507),
        (OSError(errno.EROFS, "Read-only file system"), 503),
        (failure(psycopg.errors.AdminShutdown()), 503),
        (failure(psycopg.errors.ReadOnlySqlTransaction(), sa.exc.InternalError), 503),
        (failure(psycopg.errors.LockNotAvailable()), 503),
        (failure(psycopg.errors.InternalError_(), sa.exc.InternalError), None),
        (failure(psycopg.errors.UndefinedTable(), sa.exc.ProgrammingError), None),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (ValueError("ours"), None),
    ],
    ids=repr,
)
def test_a_failure_is_explained_if_it_comes_from_outside(
    error: Exception, status: int | None
) -> None:
    problem = explain(error)

    assert (problem.status if problem else None) == status
