"""Databases filled by earlier versions of the code, out of the history, under the newest."""

import json
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
from app.store.database import make_engine, migrate
from app.store.tables.programs import ProgramSummary
from tests.addresses import addresses_of, failures
from tests.fixtures import ENGINES, Databases
from tests.history import FILL, FIRST, USE, last_commits, run_old, unpack

pytestmark = [pytest.mark.torture, pytest.mark.timeout(900)]

COMMITS = last_commits()


@pytest.fixture(params=sorted(COMMITS) or ["none"])
def version(request: pytest.FixtureRequest) -> str:
    """A version of the tables."""
    return str(request.param)


@pytest.fixture
def old_code(version: str, tmp_path: Path) -> Path:
    """The files of the last commit of a version of the tables."""
    if not COMMITS:
        pytest.skip("there is no history here to take earlier versions from")
    try:
        return unpack(COMMITS[version], tmp_path, can="import app.main, app.importers.seed")
    except LookupError as why:
        if version >= FIRST:
            raise
        pytest.skip(str(why))


@pytest.fixture(params=ENGINES)
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database without a table, which old code fills."""
    if request.param == "sqlite":
        return make_engine(f"sqlite:///{tmp_path}/old.db")
    version = request.getfixturevalue("version")
    if version not in {FIRST, "0005", max(COMMITS)}:
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
        before = failures(client, addresses_of(shared_app, str(slug)))
        refresh_if_due(old_database, current_rubric())
        after = failures(client, addresses_of(shared_app, str(slug)))
        total = client.get("/v1/programs").json()["total"]
        if "snapshot" in told:
            assert client.get(f"/v1/snapshots/{told['snapshot']}").status_code == 200
        if "report" in told:
            assert client.get(f"/v1/corrections/{told['report']}").status_code == 200
    old_database.dispose()

    assert (before, after) == ({}, {})
    assert total == programs
