"""A parameter of one value is given once, on every operation of the interface."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.testclient import TestClient

from app.http.parameters import parameters_of
from app.main import bind
from tests.application import openapi_document, operations_of, shared_application
from tests.fixtures import Databases

OPERATIONS: dict[str, RouteContext] = {
    str(context.name): context
    for context in iter_route_contexts(shared_application().routes)
    if str(context.path).startswith("/v1/")
}


def ask(app: FastAPI, operation: RouteContext, pairs: list[tuple[str, str]]) -> list[str]:
    """Return the parameters that an answer of status 422 names; none for another status."""
    path = re.sub(r"\{[^}]*\}", "1", str(operation.path))
    [method] = operation.methods or ()
    answer = TestClient(app).request(method, f"{path}?{urlencode(pairs)}")
    if answer.status_code != 422:
        return []
    return [
        error["parameter"]
        for error in answer.json()["errors"]
        if "takes one value" in error["detail"]
    ]


@pytest.fixture
def empty_app(databases: Databases, shared_app: FastAPI) -> Iterator[FastAPI]:
    with databases.empty("sqlite") as engine:
        bind(shared_app, engine)
        yield shared_app


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_single_value_given_twice_is_refused_by_name(empty_app: FastAPI, name: str) -> None:
    operation = OPERATIONS[name]
    for parameter, is_list in parameters_of(operation.dependant).items():
        twice = [(parameter, "1"), (parameter, "2")]

        assert ask(empty_app, operation, twice) == ([] if is_list else [parameter])
        assert ask(empty_app, operation, twice[:1]) == []


def test_all_that_are_repeated_are_named(seeded_client: TestClient) -> None:
    query = "near=45402&limit=1&near=10001&limit=1&state=OH&state=MI"
    answer = seeded_client.get(f"/v1/programs?{query}")

    assert answer.status_code == 422
    named = {error["parameter"]: error["value"] for error in answer.json()["errors"]}
    assert named == {"near": "45402, 10001", "limit": "1, 1"}


def test_a_list_may_be_repeated(seeded_client: TestClient) -> None:
    both = seeded_client.get("/v1/programs?state=OH&state=MI&limit=1").json()["total"]
    each = [
        seeded_client.get(f"/v1/programs?state={state}&limit=1").json()["total"]
        for state in ("OH", "MI")
    ]

    assert both == sum(each)


def test_what_may_be_repeated_is_what_the_document_says() -> None:
    documented = {
        operation["operationId"]: {
            parameter["name"]: "array" in str(parameter["schema"])
            for parameter in operation["parameters"]
            if parameter["in"] == "query"
        }
        for _, _, operation in operations_of(openapi_document())
    }

    assert len(documented.keys() & OPERATIONS.keys()) > 100
    for name in documented.keys() & OPERATIONS.keys():
        assert parameters_of(OPERATIONS[name].dependant) == documented[name]
