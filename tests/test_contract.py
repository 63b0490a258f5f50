"""The service keeps to its OpenAPI document under whatever fits it, and whatever does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine
from sqlmodel import Session

from app.domain.keys import Scope
from app.main import bind, create_app
from app.settings import get_settings
from tests.application import openapi_document
from tests.editing import make_key
from tests.fixtures import Databases, backends
from tests.making import accredited, add_program, price, publish

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
OPERATIONS = [
    pytest.param(path, method.upper(), id=operation["operationId"])
    for path, item in openapi_document()["paths"].items()
    for method, operation in item.items()
]


@pytest.fixture(scope="session")
def document(shared_app: FastAPI) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", shared_app)


@pytest.fixture(scope="module")
def apps(databases: Databases) -> list[FastAPI]:
    """The service over the catalogue as shipped, on each engine."""
    return [create_app(databases.seeded(backend)) for backend in backends()]


@pytest.mark.parametrize(
    ("place", "path", "method"),
    [pytest.param(place, *one.values, id=one.id) for place, one in enumerate(OPERATIONS)],
)
def test_every_answer_is_as_the_document_says(
    document: schemathesis.BaseSchema, apps: list[FastAPI], place: int, path: str, method: str
) -> None:
    app = apps[place % len(apps)]  # the engines take turns
    bind(app, app.state.engine)  # with nothing counted yet
    ask(document[path][method], app)


@pytest.fixture
def key(
    shared_app: FastAPI,
    engine: Engine,
    session: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[dict[str, str]]:
    """A key to everything in a catalogue that it may turn upside down."""
    monkeypatch.setenv("SPOOL_DIR", str(tmp_path / "spool"))
    get_settings.cache_clear()
    add_program(session, "alpha-hit", claims=[price("tuition", 1000), accredited()])
    publish(session)
    bind(shared_app, engine)
    yield make_key(engine, Scope.ADMIN)
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("path", "method"), [o for o in OPERATIONS if str(o.values[0]).startswith("/v1/admin")]
)
def test_with_a_key_too_every_answer_is_as_the_document_says(
    document: schemathesis.BaseSchema,
    shared_app: FastAPI,
    key: dict[str, str],
    path: str,
    method: str,
) -> None:
    ask(document[path][method], shared_app, key, times=5)


def ask(
    operation: Any, app: FastAPI, headers: dict[str, str] | None = None, times: int = 10
) -> None:
    """Ask an operation a few questions that fit it or do not."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=times,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def try_out(case: schemathesis.Case) -> None:
        if case.query and "wait" in case.query:
            case.query["wait"] = 0  # as long as it may wait, the asker would give up
        for asked in (case.query, case.body):
            if isinstance(asked, dict):  # the shape told is that of the usual answer
                asked.pop("view", None)
                asked.pop("fields", None)
        if case.path.endswith("s.jsonld") and case.path != "/v1/export/credentials.jsonld":
            case.query = {"state": ["VT"], **(case.query or {})}  # all of it takes seconds
        # the timeout is for a busy machine
        case.call_and_validate(checks=CHECKS, headers=headers, timeout=60, app=app)

    try_out()
