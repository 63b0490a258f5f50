"""Starts side by side on one database: each becomes ready, none dies, one fills."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.importers.starting import make_ready
from app.ledger.seed import write_seed
from app.ops.cli_serve import warn_of_connections, warn_of_few_files
from app.settings import ROOT
from app.store.database import WAITING, exclusive, make_engine, migrate, newest_version
from app.store.tables.releases import Release
from tests.fixtures import Databases
from tests.making import RUBRIC, add_program, publish
from tests.starting import ForkedCommand, start_command
from tests.test_migrations import drop_everything

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def small_seed(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seed of one program."""
    folder = tmp_path_factory.mktemp("seed")
    shutil.copytree(ROOT / "seed" / "rubrics", folder / "rubrics")
    shutil.copy(ROOT / "seed" / "accreditors.json", folder)
    with databases.empty("sqlite") as engine, Session(engine) as session:
        add_program(session, "the-one")
        publish(session)
        write_seed(session, folder / "catalogue")
    return folder


@pytest.fixture
def bare(engine: Engine) -> Engine:
    """A database without a table."""
    drop_everything(engine)
    return engine


def releases_of(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return [release.note for release in session.exec(select(Release))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def servers(
    engine: Engine, seed: Path, *, count: int
) -> Iterator[list[tuple[int, "subprocess.Popen[str]"]]]:
    """Start servers at once, and end them; each with its port."""
    ports = [free_port() for _ in range(count)]
    started = [start_command(engine, "serve", "--port", str(port), seed=seed) for port in ports]
    try:
        yield list(zip(ports, started, strict=True))
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.communicate(timeout=60)


def wait_until_ready(port: int, process: "subprocess.Popen[str]") -> dict[str, object]:
    deadline = time.monotonic() + 240
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        while time.monotonic() < deadline and process.poll() is None:
            with suppress(httpx.TransportError):
                answer = client.get("/health/ready")
                if answer.status_code == 200:
                    return dict(answer.json())
            time.sleep(0.1)
    pytest.fail(f"no server became ready; status {process.poll()}")


def test_four_processes_at_once_make_and_fill_one_database_and_one_does_it(
    bare: Engine, small_seed: Path
) -> None:
    commands = [["migrate"], ["seed", "load"], ["seed", "load"], ["migrate"]]
    started = [ForkedCommand(bare, *command, seed=small_seed) for command in commands]

    ends = [command.outcome() for command in started]

    assert [status for status, _ in ends] == [0] * 4, ends
    assert sum("Filled in" in said for _, said in ends) == 1, ends
    assert not any("Traceback" in said for _, said in ends)
    assert releases_of(bare) == ["The seed"]


def test_two_servers_start_on_no_file_at_all(tmp_path: Path, small_seed: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new/catalogue.db")

    with servers(engine, small_seed, count=2) as started:
        ready = [wait_until_ready(port, process) for port, process in started]

    assert [answer["release"] for answer in ready] == [1, 1]
    assert releases_of(engine) == ["The seed"]
    engine.dispose()


@pytest.mark.parametrize("command", [["migrate"], ["seed", "load"]])
def test_a_start_waits_for_another_says_so_once_and_finds_nothing_to_do(
    bare: Engine, small_seed: Path, command: list[str]
) -> None:
    with exclusive(bare):
        process = ForkedCommand(bare, *command, seed=small_seed)
        first = process.read_line()
        waits = process.is_running()
        tables = sa.inspect(bare).get_table_names()
    status, rest = process.outcome()

    assert WAITING in first
    assert waits
    assert "alembic_version" not in tables
    assert status == 0, rest
    assert WAITING not in rest


def test_a_start_with_everything_in_place_waits_for_nobody(bare: Engine, small_seed: Path) -> None:
    said: list[str] = []
    make_ready(bare, small_seed, RUBRIC, said.append)

    with exclusive(bare):  # as while another imports
        make_ready(bare, small_seed, RUBRIC, said.append)
        migrate(bare)

    assert len(said) == 2
    assert releases_of(bare) == ["The seed"]


def test_the_version_that_the_code_needs_is_that_of_the_newest_migration(bare: Engine) -> None:
    migrate(bare)

    with bare.connect() as connection:
        found = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    assert found == newest_version()


def test_migrating_scores_anew_what_an_earlier_rubric_has_scored(
    bare: Engine, small_seed: Path
) -> None:
    assert ForkedCommand(bare, "seed", "load", seed=small_seed).outcome()[0] == 0
    with Session(bare) as session:
        release = session.exec(select(Release)).one()
        release.rubric = "2026.1"
        session.add(release)
        session.commit()

    ends = [ForkedCommand(bare, "migrate", seed=small_seed).outcome() for _ in range(2)]

    assert [(status, "Scored anew" in said) for status, said in ends] == [(0, True), (0, False)]
    assert len(releases_of(bare)) == 2


def test_more_processes_than_postgresql_has_connections_for_are_warned_of(
    databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    engine = databases.seeded("postgresql")

    warn_of_connections(engine, 1)
    few = list(caplog.messages)
    warn_of_connections(engine, 64)

    assert not any("server processes can open" in message for message in few)
    assert "64 server processes can open" in caplog.text
    assert "max_connections 100" in caplog.text


def test_a_limit_of_few_open_files_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    for enough in (None, 4_096, 1_048_576):
        warn_of_few_files(enough)
    assert "open files" not in caplog.text

    warn_of_few_files(1_024)

    assert "at most 1024 files" in caplog.text
