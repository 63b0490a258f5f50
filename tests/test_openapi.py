"""The OpenAPI document: valid, complete, and every example works on the seed."""

import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
import yaml
from fastapi.routing import APIRoute, iter_route_contexts
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from app.http.faults import Contract
from app.http.openapi import openapi_file
from app.http.openapi_parts import meanings
from app.site.routes import ROUTERS
from tests.application import openapi_document, operations_of, shared_application
from tests.example_answers import is_shown

pytestmark = pytest.mark.engines_in_turn

DOCUMENT = openapi_document()
SCHEMAS = DOCUMENT["components"]["schemas"]
VERBS = (
    *("get", "list", "score", "search", "look_up", "compare", "check", "find", "freeze", "add"),
    *("create", "change", "retire", "preview", "discard", "publish", "roll_back", "report"),
    *("accept", "decline", "settle", "open", "upload", "run", "cancel", "export", "hide", "remove"),
    "send",
)
MADE_BY_CALLERS = {"get_job", "get_webhook"}
"""Operations on what the seed has none of: their example says how an address looks."""


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    return operations_of(DOCUMENT)


def strictly(schema: Any) -> Any:
    """Return a schema by which an object has no other fields than those it tells of."""
    if isinstance(schema, list):
        return [strictly(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {
        key: {name: strictly(one) for name, one in value.items()}
        if key == "properties"
        else value
        if key in ("example", "examples")
        else strictly(value)
        for key, value in schema.items()
    }
    if "properties" in strict:
        strict.setdefault("additionalProperties", False)
    return strict


STRICT = {"components": {"schemas": {name: strictly(one) for name, one in SCHEMAS.items()}}}


def faults_of(body: Any, schema: dict[str, Any]) -> list[str]:
    """Return what of a body is otherwise than a schema says, fields too many included."""
    checker = Draft202012Validator({**strictly(schema), **STRICT})
    return [f"{error.instance_path} {error.message}" for error in checker.iter_errors(body)]


def example_of(parameter: dict[str, Any]) -> Any:
    return parameter["example"]


GETS = [
    pytest.param(path, operation, id=operation["operationId"])
    for path, method, operation in operations()
    if method == "get"
]


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    validate(DOCUMENT)


def test_operation_ids_are_unique_and_read_as_verb_and_noun() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]

    assert len(ids) == len(set(ids))
    for name in ids:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name)
        assert name.startswith(VERBS), name


def test_schemas_have_names_that_make_good_classes() -> None:
    for name in DOCUMENT["components"]["schemas"]:
        assert re.fullmatch(r"([A-Z][a-z]+)+", name), name


def test_every_operation_is_explained_grouped_and_describes_its_problems() -> None:
    known = {tag["name"] for tag in DOCUMENT["tags"]}
    for path, _, operation in operations():
        assert operation["summary"], path
        assert set(operation["tags"]) <= known, path
        for status in ("404", "422", "500"):
            content = operation["responses"][status]["content"]
            pages = ["text/html"] if path.startswith("/embed/") else []
            assert list(content) == ["application/problem+json", *pages], path


def test_every_operation_opens_with_a_sentence_for_people_who_write_no_code() -> None:
    for path, method, operation in operations():
        opening = re.sub(r"\[(.+?)\]\(.+?\)", r"\1", operation["description"].split("\n\n")[0])
        where = f"{method} {path}: {opening}"
        assert re.fullmatch(r"[A-Z][^\n`{}/]+\.", opening), where
        assert len(opening.split()) >= 8, where
        assert opening.rstrip(".") != operation["summary"], where


def test_groups_come_in_the_order_of_a_students_questions() -> None:
    assert [tag["name"] for tag in DOCUMENT["tags"]] == [
        "Find a program",
        "Score it",
        "Compare",
        "Look up a credential",
        "Where it leads",
        "Data and method",
        "Put it on your site",
        "Keep it true",
        "Service",
    ]
    for tag in DOCUMENT["tags"]:
        assert "?" in tag["description"]


def test_every_link_of_the_document_leads_somewhere(client: TestClient) -> None:
    told = [DOCUMENT["info"]["description"], *(tag["description"] for tag in DOCUMENT["tags"])]
    told += [operation["description"] for _, _, operation in operations()]
    links = set(re.findall(r"\]\((/[^)]+)\)", " ".join(told)))

    assert len(links) > 15
    for link in links:
        address, _, anchor = link.partition("#")
        page = client.get(address)
        assert page.status_code == 200, link
        assert not anchor or f'id="{anchor}"' in page.text, link


def test_every_parameter_has_a_description_and_an_example() -> None:
    for path, _, operation in operations():
        for parameter in operation.get("parameters", []):
            where = f"{path} {parameter['name']}"
            assert parameter.get("description") or parameter["schema"].get("description"), where
            if parameter["name"] != "cursor":  # a cursor is made by an answer, not by hand
                assert example_of(parameter) is not None, where


def test_every_route_is_documented_or_known_not_to_be() -> None:
    paths = {
        str(route.path).replace(":path}", "}")
        for route in iter_route_contexts(shared_application().routes)
    }
    pages = {route.path for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    hidden = paths - set(DOCUMENT["paths"])

    assert hidden - pages == {
        "/.well-known/api-catalog",
        "/docs/assistants",
        *(f"/v1/{one}.jsonld" for one in ("programs/{slug}", "credentials/{code}")),
        "/v1/institutions/{unitid}.jsonld",
        "/docs/embed",
        "/docs/glossary",
        "/docs/interface",
        "/docs/quick-start",
        "/docs/versions",
        "/docs/webhooks",
        "/docs/{name}",
        "/embed.js",
        "/llms.txt",
        "/mcp",
        "/metrics",
        "/openapi.json",
        "/openapi.yaml",
    }


@pytest.mark.parametrize(("path", "operation"), GETS)
def test_the_example_of_each_parameter_works_on_the_seed(
    seeded_client: TestClient,
    seeded_key: dict[str, str],
    path: str,
    operation: dict[str, Any],
) -> None:
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(example_of(parameter)))
    required = {
        p["name"]: example_of(p) for p in parameters if p["in"] == "query" and p.get("required")
    }
    optional = [
        {p["name"]: example_of(p)}
        for p in parameters
        if p["in"] == "query" and not p.get("required") and p["name"] != "cursor"
    ]
    filled_in = {
        p["name"]: p["example"]
        for p in parameters
        if p["in"] == "query" and p["name"] in operation.get("x-filled-in", ())
    }

    for one in [filled_in, *optional]:
        if "credits_per_term" in one:
            one = {**one, "pace": "part"}
        if "within_miles" in one or "include_online" in one:
            one = {**one, "near": "45402"}
        is_long = path.startswith("/v1/export/") and "program" not in required
        if is_long and parameters and (one or path.endswith(".jsonld")):
            one = {"state": "VT", **one}  # all of it takes seconds, each time
        answer = seeded_client.get(path, params={**required, **one}, headers=seeded_key)
        expected = 404 if operation["operationId"] in MADE_BY_CALLERS else 200
        assert answer.status_code == expected, f"{path} {one}: {answer.text[:300]}"
        told = operation["responses"]["200"]["content"].get("application/json")
        if one is filled_in and expected == 200 and told:
            assert faults_of(answer.json(), told["schema"]) == [], path


EXAMPLES = [
    pytest.param(media["schema"], media["example"], id=f"{operation['operationId']} {media_type}")
    for _, _, operation in operations()
    for response in operation["responses"].values()
    for media_type, media in response.get("content", {}).items()
    if "example" in media
]


@pytest.mark.parametrize(("schema", "example"), EXAMPLES)
def test_each_example_answer_is_as_the_document_says(schema: dict[str, Any], example: Any) -> None:
    assert faults_of(example, schema) == []  # else: python -m tests.example_answers


def test_every_answer_has_a_true_example() -> None:
    for _, _, operation in operations():
        for status, response in operation["responses"].items():
            for media_type, media in response.get("content", {}).items():
                where = f"python -m tests.example_answers {operation['operationId']}"
                if status.startswith("2") and is_shown(media_type):
                    assert "example" in media, where


def test_every_property_says_what_it_means() -> None:
    used = set()
    for name, schema in SCHEMAS.items():
        for key, one in schema.get("properties", {}).items():
            assert "description" in one or "$ref" in one, f"{name}.{key}"
            used |= {key, f"{name}.{key}"}

    assert set(meanings()) <= used


def test_what_several_operations_take_and_answer_is_written_once() -> None:
    names = [one["name"] for one in DOCUMENT["components"]["parameters"].values()]

    assert len(names) == len(set(names)) > 90
    assert len(openapi_file(shared_application(), "https://hit-compare.example")) < 1_000_000


def test_a_saved_document_names_the_server_and_leads_to_its_pages(client: TestClient) -> None:
    saved = client.get("/openapi.json").json()

    assert saved["servers"] == [{"url": "http://testserver"}]
    assert saved["externalDocs"]["url"] == "http://testserver/docs/quick-start"
    assert "(http://testserver/docs/glossary)" in saved["info"]["description"]
    assert saved["info"]["version"].startswith("1.")


def test_the_document_is_there_as_yaml(client: TestClient) -> None:
    answer = client.get("/openapi.yaml")

    assert answer.headers["content-type"] == "application/yaml"
    assert yaml.load(answer.text, yaml.CSafeLoader) == client.get("/openapi.json").json()


def test_the_example_bodies_work_on_the_seed(seeded_client: TestClient) -> None:
    tried = 0
    for path, method, operation in operations():
        if method != "post" or operation.get("security") or path == "/v1/corrections":
            continue  # these write: their own tests send the examples to a catalogue of their own
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        name = schema["$ref"].rpartition("/")[2]
        for example in DOCUMENT["components"]["schemas"][name]["examples"]:
            answer = seeded_client.post(path, json=example)
            assert answer.status_code in {200, 201}, f"{path}: {answer.text[:300]}"
            tried += 1

    assert tried >= 1


@pytest.mark.parametrize(
    ("path", "operation"), [get for get in GETS if str(get.values[0]).startswith("/v1/")]
)
def test_no_address_takes_a_parameter_it_does_not_know(
    seeded_client: TestClient,
    seeded_key: dict[str, str],
    path: str,
    operation: dict[str, Any],
) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(example_of(parameter)))

    answer = seeded_client.get(path, params={"limt": "2"}, headers=seeded_key)

    assert answer.status_code == 422
    assert "limt" in {error["parameter"] for error in answer.json()["errors"]}


def test_refusals_know_each_route_as_the_document_does() -> None:
    documented = {operation["operationId"]: operation for _, _, operation in operations()}
    for route in iter_route_contexts(shared_application().routes):
        if route.name not in documented:
            continue
        contract = Contract.of_route(cast(APIRoute, route.original_route))
        told = documented[route.name].get("parameters", [])
        for place in ("query", "path", "header"):
            names = [one["name"] for one in told if one["in"] == place]
            assert list(contract.parameters(place)) == names
        body = documented[route.name].get("requestBody", {}).get("content", {})
        assert bool(contract.fields([])) == ("application/json" in body), route.name


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("GET", "/v1/programs?sate=OH", None),
        ("GET", "/v1/programs?near=somewhere", None),
        ("POST", "/v1/comparison", {"programs": ["a", "b"], "weihgts": {}}),
        ("GET", "/?near=somewhere", None),
        ("GET", "/docs/glossary", None),
    ],
)
def test_no_answer_waits_for_the_document(
    seeded_client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    address: str,
    body: dict[str, Any] | None,
) -> None:
    def never() -> dict[str, Any]:
        raise AssertionError(address)

    monkeypatch.setattr(seeded_client.app, "openapi", never)

    assert seeded_client.request(method, address, json=body).status_code in {200, 422}


def test_the_document_may_be_kept_and_is_sent_once(seeded_client: TestClient) -> None:
    first = seeded_client.get("/openapi.json")
    again = seeded_client.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"].startswith("public, max-age=")
    assert (again.status_code, again.content) == (304, b"")
