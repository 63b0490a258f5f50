"""kill -9 in the middle of everything that writes: what was acknowledged is there, and is whole."""

import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from app.domain.keys import Scope
from app.importers.run import refresh_if_due
from app.ledger.seed import write_seed
from app.settings import ROOT
from app.store.database import migrate, migration_config
from tests.editing import make_key
from tests.making import RUBRIC, add_program, publish
from tests.starting import outcome, start_command
from tests.test_import_command import C_HEADER, HD_HEADER, HD_ROWS
from tests.test_migrations import drop_everything
from tests.test_starts import free_port, wait_until_ready

VERSIONS = {path.name[:4] for path in (ROOT / "migrations" / "versions").glob("0*.py")}
"""Versions of the tables: none is ever half there."""

KILLS = int(os.environ.get("KILLS", "20"))

pytestmark = [pytest.mark.torture, pytest.mark.timeout(900)]


def kill_after(process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Kill a process after a while, if it still runs; return whether it did."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def check_whole(engine: Engine) -> None:
    """Fail if the database itself, or a reference in it, is broken."""
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            for table in SQLModel.metadata.sorted_tables:
                connection.execute(sa.text(f'SELECT count(*) FROM "{table.name}"'))
        return
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def duration(engine: Engine, *arguments: str, **given: Any) -> float:
    """Return the seconds that a command takes when nobody kills it."""
    started = time.monotonic()
    status, said = outcome(start_command(engine, *arguments, **given))
    assert status == 0, said
    return time.monotonic() - started


@pytest.fixture
def small_seed(tmp_path: Path, session: Session) -> Path:
    """A seed of some programs."""
    shutil.copytree(ROOT / "seed" / "rubrics", tmp_path / "seed" / "rubrics")
    for number in range(300):
        add_program(session, f"program-{number}", school=f"school-{number % 50}")
    publish(session)
    write_seed(session, tmp_path / "seed" / "catalogue")
    session.close()
    return tmp_path / "seed"


def test_a_first_start_and_its_migrations(engine: Engine, small_seed: Path) -> None:
    drop_everything(engine)
    whole = duration(engine, "seed", "load", seed=small_seed)
    killed = 0
    for _ in range(KILLS):
        drop_everything(engine)
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
        process = start_command(engine, "seed", "load", seed=small_seed)
        killed += kill_after(process, random.uniform(0.3, 0.9) * whole)
        with engine.connect() as connection:
            tables = sa.inspect(connection).get_table_names()
            releases = programs = 0
            if "release" in tables:
                releases = connection.scalar(sa.text("SELECT count(*) FROM release")) or 0
                programs = connection.scalar(sa.text("SELECT count(*) FROM program")) or 0
        assert (releases, programs) in {(0, 0), (1, 300)}
        assert not tables or "alembic_version" in tables  # all tables or none
        status, said = outcome(start_command(engine, "seed", "load", seed=small_seed))
        assert status == 0, said
        check_whole(engine)
    assert killed >= KILLS // 4


def test_a_migration_of_an_older_database(engine: Engine, session: Session) -> None:
    drop_everything(engine)
    migrate(engine)
    for number in range(300):
        add_program(session, f"program-{number}", completions={"2023-24": number})
    publish(session)
    session.close()
    config, killed = migration_config(engine), 0
    command.downgrade(config, "0001")
    whole = duration(engine, "migrate")
    for _ in range(KILLS):
        command.downgrade(config, "0001")
        killed += kill_after(start_command(engine, "migrate"), random.uniform(0.3, 0.9) * whole)
        with engine.connect() as connection:
            version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        assert version in VERSIONS  # SQLite keeps each step, PostgreSQL all of them or none
        migrate(engine)
        command.check(config)
        check_whole(engine)
        with engine.connect() as connection:
            counts = connection.execute(sa.text("SELECT count FROM completion ORDER BY count"))
            assert list(counts.scalars()) == list(range(300))
    assert killed >= KILLS // 4


def test_an_import(stamped_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "hd2024.csv").write_text(HD_HEADER + HD_ROWS)
    counts = "".join(f"100001,51.0707,1,3,{number}\n" for number in range(1, 2))
    (tmp_path / "c2024_a.csv").write_text(C_HEADER + counts)
    whole, killed, done = 0.0, 0, 0
    for attempt in range(KILLS + 1):
        name = f"First College {attempt}"
        (tmp_path / "hd2024.csv").write_text(HD_HEADER + HD_ROWS.replace("First College", name))
        if not attempt:
            whole = duration(stamped_engine, "import", str(tmp_path))
            done = 1
            continue
        process = start_command(stamped_engine, "import", str(tmp_path))
        killed += kill_after(process, random.uniform(0.3, 0.9) * whole)
        with stamped_engine.connect() as connection:
            releases = connection.scalar(sa.text("SELECT count(*) FROM release"))
            runs = connection.scalar(sa.text("SELECT count(*) FROM import_run"))
            listed = connection.scalar(
                sa.text("SELECT count(*) FROM program_summary WHERE institution_name = :name"),
                {"name": name},
            )
        assert releases in {done, done + 1}
        assert bool(listed) == (releases == done + 1)  # lists, release and record, or none
        assert runs == 2 * releases
        done = releases
        check_whole(stamped_engine)
    assert killed >= KILLS // 4


def test_edits_reports_snapshots_and_publishes_of_a_server(
    stamped_engine: Engine, session: Session
) -> None:
    engine = stamped_engine
    for slug in ("one", "two"):
        add_program(session, slug, school=f"{slug}-college")
    publish(session)
    session.close()
    refresh_if_due(engine, RUBRIC)
    key = make_key(engine, Scope.ADMIN)
    acknowledged: dict[str, list[Any]] = {"snapshot": [], "report": [], "edit": [], "release": []}
    for attempt in range(KILLS):
        port = free_port()
        process = start_command(
            engine,
            *("serve", "--port", str(port)),
            CORRECTIONS="1000000/hour",
            SNAPSHOTS="1000000/hour",
        )
        wait_until_ready(port, process)
        until = time.monotonic() + random.uniform(0.3, 1.5)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            number = 0
            while time.monotonic() < until:
                number += 1
                write_one_of_each(client, key, f"{attempt}-{number}", acknowledged)
            os.kill(process.pid, signal.SIGKILL)  # in the middle of the next, as often as not
            process.communicate()
        check_whole(engine)
        check_acknowledged(engine, acknowledged)
    assert all(acknowledged.values())


def write_one_of_each(
    client: httpx.Client, key: dict[str, str], mark: str, acknowledged: dict[str, list[Any]]
) -> None:
    weights = {"accreditation": random.randint(1, 10**6), "cost_transparency": 1}
    frozen = client.post("/v1/snapshots", json={"programs": ["one", "two"], "weights": weights})
    if frozen.status_code == 201:
        acknowledged["snapshot"].append(frozen.json()["hash"])
    report = {
        "collection": "program",
        "key": "one",
        "source_url": "https://school.example/page",
        "statement": f"Report {mark} of a test.",
    }
    reported = client.post("/v1/corrections", json=report)
    if reported.status_code == 201:
        acknowledged["report"].append(reported.json()["id"])
    path = "/v1/admin/records/program/one"
    etag = client.get(path, headers=key).json()["etag"]
    body = {"values": {"name": f"Name {mark}"}, "why": "a test"}
    edited = client.patch(path, json=body, headers={**key, "If-Match": etag})
    if edited.is_success:
        acknowledged["edit"].append(f"Name {mark}")
    published = client.post("/v1/admin/publish", json={"note": mark}, headers=key)
    if published.is_success:
        acknowledged["release"].append(published.json()["release"])


def check_acknowledged(engine: Engine, acknowledged: dict[str, list[Any]]) -> None:
    with engine.connect() as connection:

        def column(statement: str) -> set[Any]:
            return set(connection.execute(sa.text(statement)).scalars())

        assert set(acknowledged["snapshot"]) <= column("SELECT hash FROM snapshot")
        assert set(acknowledged["report"]) <= column("SELECT id FROM correction")
        assert set(acknowledged["release"]) <= column("SELECT number FROM release")
        edits = connection.execute(sa.text("SELECT count(*) FROM draft_edit")).scalar_one()
        assert edits >= len(acknowledged["edit"])
        indexes = column("SELECT release FROM search_terms")
        assert max(column("SELECT number FROM release")) in indexes
