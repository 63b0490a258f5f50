"""A database of every earlier version of the tables, under the newest code."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.importers.run import refresh_if_due
from app.main import bind
from app.search.index import loaded
from app.settings import MIGRATIONS
from app.store.database import migrate, migration_config
from tests.addresses import addresses_of, failures
from tests.editing import Editor, make_key
from tests.fixtures import Databases
from tests.making import RUBRIC, accredited, add_program, price, publish
from tests.test_migrations import drop_everything

VERSIONS = sorted(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))[:-1]


OF_BOTH_ENDS = [("postgresql", VERSIONS[0]), ("postgresql", VERSIONS[-1])]
"""The tables are changed by the same steps on both engines: the first and the last will do."""


@pytest.mark.parametrize(
    ("backend", "version"), [*(("sqlite", version) for version in VERSIONS), *OF_BOTH_ENDS]
)
def test_nothing_is_lost_and_nothing_fails_after_an_upgrade(
    databases: Databases, shared_app: FastAPI, backend: str, version: str
) -> None:
    with databases.empty(backend) as engine:
        check_upgrade(engine, shared_app, version)


def check_upgrade(engine: Engine, shared_app: FastAPI, version: str) -> None:
    drop_everything(engine)
    migrate(engine)
    with Session(engine) as session:
        claims = [accredited(), price("tuition", 4000)]
        add_program(session, "kept", completions={"2023-24": 3}, claims=claims)
        publish(session)
    key = make_key(engine, Scope.ADMIN)
    bind(shared_app, engine)
    with TestClient(shared_app) as client:
        Editor(client, key).change("program", "kept", name="Another name")
    command.downgrade(migration_config(engine), version)
    loaded.clear()

    migrate(engine)

    bind(shared_app, engine)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        assert len(addresses_of(shared_app, "kept")) > 60
        assert failures(client, shared_app, "kept") == {}
        assert client.get("/v1/programs?state=OH").json()["total"] == 1
        if version >= "0004":
            draft = Editor(client, key).read("program", "kept")
            assert draft["record"]["name"] == "Another name"
        with engine.connect() as connection:
            is_kept = connection.scalar(sa.text("SELECT rubric FROM release")) is not None
        assert (refresh_if_due(engine, RUBRIC) is None) == is_kept
        assert client.get("/v1/programs").json()["items"][0]["slug"] == "kept"
        assert client.get("/v1/programs/kept").json()["all_completions"][0]["count"] == 3


def test_there_are_earlier_versions() -> None:
    assert len(VERSIONS) >= 8
    assert Path(MIGRATIONS).is_dir()
