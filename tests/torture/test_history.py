"""Databases filled by earlier versions of the code, out of the history, under the newest."""

import json
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.importers.run import refresh_if_due
from app.main import bind
from app.queries.rubrics import current_rubric
from app.search.index import loaded
from app.settings import ROOT
from app.store.database import make_engine, migrate
from app.store.tables.programs import ProgramSummary
from tests.addresses import failures
from tests.fixtures import ENGINES, Databases

pytestmark = [pytest.mark.torture, pytest.mark.timeout(900)]

FILL = """
import sys
from pathlib import Path
from app.store.database import make_engine, migrate
from app.importers.seed import load_seed
engine = make_engine(sys.argv[1])
migrate(engine)
load_seed(engine, Path("seed").resolve())
"""
USE = """
import json, sys
from app.store.database import make_engine
from app.main import create_app
from starlette.testclient import TestClient
told = {}
with TestClient(create_app(make_engine(sys.argv[1]))) as client:
    items = client.get("/v1/programs?limit=2").json()["items"]
    two = [item["slug"] for item in items]
    made = client.post("/v1/snapshots", json={"programs": two})
    if made.status_code == 201:
        told["snapshot"] = made.json()["hash"]
    report = {"collection": "program", "key": two[0], "statement": "It is otherwise by now.",
              "source_url": "https://school.example/page"}
    made = client.post("/v1/corrections", json=report)
    if made.status_code == 201:
        told["report"] = made.json()["id"]
print(json.dumps(told))
"""


def git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def last_commits() -> dict[str, str]:
    """Return version of the tables -> the last commit before the next version was added."""
    paths = sorted((ROOT / "migrations" / "versions").glob("0*.py"))
    found = {}
    for path, following in pairwise(paths):
        name = following.relative_to(ROOT)
        added = git("log", "--full-history", "--format=%H", "--", str(name)).splitlines()
        if added and (before := git("rev-parse", f"{added[-1]}^")):
            found[path.name[:4]] = before
    return found


COMMITS = last_commits()


def run_by(code: Path, script: str, url: str = "sqlite://") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, url],
        cwd=code,
        env={**os.environ, "PYTHONPATH": str(code), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def run_old(code: Path, script: str, url: str) -> str:
    done = run_by(code, script, url)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(params=sorted(COMMITS) or ["none"])
def version(request: pytest.FixtureRequest) -> str:
    """A version of the tables."""
    return str(request.param)


@pytest.fixture
def old_code(version: str, tmp_path: Path) -> Path:
    """The files of the last commit of a version of the tables."""
    if not COMMITS:
        pytest.skip("there is no history here to take earlier versions from")
    for back in range(5):  # a commit in the middle of a merge may not run by itself
        code, packed = tmp_path / f"code-{back}", tmp_path / "code.tar"
        commit = f"{COMMITS[version]}~{back}"
        subprocess.run(["git", "-C", str(ROOT), "archive", "-o", str(packed), commit], check=True)
        shutil.unpack_archive(packed, code, filter="data")
        if run_by(code, "import app.main, app.importers.seed").returncode == 0:
            return code
    if version == "0001":
        pytest.skip("no commit of the first version runs by itself")
    pytest.fail(f"none of the last commits of version {version} can be run")


@pytest.fixture(params=ENGINES)
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database without a table, which old code fills."""
    if request.param == "sqlite":
        return make_engine(f"sqlite:///{tmp_path}/old.db")
    version = request.getfixturevalue("version")
    if version not in {"0002", "0005", max(COMMITS)}:
        pytest.skip(
            "of PostgreSQL an early, a middle and the last version: each takes half a minute"
        )
    databases: Databases = request.getfixturevalue("databases")
    return make_engine(databases.new_url("postgresql"))


def test_a_database_of_an_earlier_version_is_served_whole_by_the_newest(
    old_code: Path, old_database: Engine, shared_app: FastAPI
) -> None:
    url = old_database.url.render_as_string(hide_password=False)
    run_old(old_code, FILL, url)
    told = json.loads(run_old(old_code, USE, url).splitlines()[-1])
    old_database.dispose()
    with make_engine(url).connect() as connection:
        count = sa.text("SELECT count(*) FROM program WHERE retired_at IS NULL")
        programs = connection.scalar(count)

    migrate(old_database)
    loaded.clear()
    bind(shared_app, old_database)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        with Session(old_database) as session:
            slug = session.exec(
                select(ProgramSummary.slug).order_by(col(ProgramSummary.slug))
            ).first()
        before = failures(client, shared_app, str(slug))
        refresh_if_due(old_database, current_rubric())
        after = failures(client, shared_app, str(slug))
        total = client.get("/v1/programs").json()["total"]
        if "snapshot" in told:
            assert client.get(f"/v1/snapshots/{told['snapshot']}").status_code == 200
        if "report" in told:
            assert client.get(f"/v1/corrections/{told['report']}").status_code == 200
    old_database.dispose()

    assert (before, after) == ({}, {})
    assert total == programs
