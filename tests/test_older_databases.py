"""Databases that earlier versions of the code filled, under the newest code.

They are kept in ``tests/data/older``; ``tests/history.py`` says how they were made.
"""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.importers.starting import make_ready
from app.main import bind
from app.queries.rubrics import current_rubric
from app.search.index import loaded
from app.settings import MIGRATIONS, get_settings
from app.store.database import make_engine
from tests.addresses import addresses_of, failures
from tests.editing import Editor
from tests.fixtures import Databases
from tests.history import FIRST, PROGRAMS, older_databases, restore

pytestmark = pytest.mark.long

VERSIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))

SHARES = 5
"""Of all addresses each version is asked one in so many, its neighbors another one: once migrated,
databases differ by their rows only, so that every address is asked of a fifth of the versions."""

MADE_ANEW = {"alembic_version", "change", "program_summary", "program_tag"}
"""Tables whose rows are not statements of somebody: other code may need more or fewer of them."""


def count_rows(engine: Engine) -> dict[str, int]:
    """Return table -> its rows."""
    tables = sa.inspect(engine).get_table_names()
    with engine.connect() as connection:
        return {
            table: connection.scalar(sa.text(f'SELECT count(*) FROM "{table}"')) or 0
            for table in tables
        }


@pytest.mark.parametrize(("backend", "version"), older_databases())
def test_nothing_is_lost_and_nothing_fails_in_an_older_database(
    databases: Databases, shared_app: FastAPI, backend: str, version: str
) -> None:
    engine = make_engine(databases.new_url(backend))
    told = restore(engine, version)
    before, programs = count_rows(engine), programs_of(engine)

    make_ready(engine, get_settings().seed_dir, current_rubric(), print)

    loaded.clear()
    after = count_rows(engine)
    fewer = {table for table in before if after.get(table, 0) < before[table]}
    assert fewer <= MADE_ANEW
    bind(shared_app, engine)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        check_answers(client, shared_app, told, programs, int(version) % SHARES)
    engine.dispose()


def programs_of(engine: Engine) -> set[str]:
    """Return the slugs of the listed programs."""
    listed = sa.text("SELECT slug FROM program WHERE retired_at IS NULL")
    with engine.connect() as connection:
        return set(connection.scalars(listed))


def check_answers(
    client: TestClient, app: FastAPI, told: dict[str, str], programs: set[str], share: int
) -> None:
    """Ask a share of everything there is, and look for what the older code had written."""
    names = {
        item["slug"]: item["name"] for item in client.get("/v1/programs?limit=100").json()["items"]
    }
    assert names.keys() == programs <= PROGRAMS
    slug = told.get("published", "sinclair-community-college-510707-associate")
    addresses = addresses_of(app, slug)
    assert len(addresses) > 60
    assert failures(client, addresses[share::SHARES]) == {}
    found = client.get("/v1/programs?q=sinclair").json()["items"]
    assert [item["slug"] for item in found] == ["sinclair-community-college-510707-associate"]
    if "snapshot" in told:
        assert client.get(f"/v1/snapshots/{told['snapshot']}").status_code == 200
    if "report" in told:
        assert client.get(f"/v1/corrections/{told['report']}").json()["state"] == "open"
    if "key" in told:
        editor = Editor(client, {"Authorization": f"Bearer {told['key']}"})
        assert names[told["published"]] == "A published name"
        assert names[told["drafted"]] != "A drafted name"
        drafted = editor.read("program", told["drafted"])
        assert drafted["record"]["name"] == "A drafted name"


def test_every_version_but_the_newest_is_among_them() -> None:
    # python -m tests.history makes those that are missing
    assert set(VERSIONS[1:-1]) <= {v for backend, v in older_databases() if backend == "sqlite"}
    assert FIRST in {version for backend, version in older_databases() if backend == "postgresql"}
