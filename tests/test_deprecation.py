"""Addresses that go: told to every caller, in the document and on the page of versions."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Path
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from app.http.dependencies import NO_PARAMETERS
from app.http.deprecation import NOTICE, deprecated
from app.http.openapi import build
from app.main import create_app


def test_the_page_of_versions_says_that_nothing_is_deprecated(shared_app: FastAPI) -> None:
    page = TestClient(shared_app).get("/docs/versions").text

    assert "Nothing is deprecated." in page
    assert f"at least {NOTICE.days} days" in page


@pytest.fixture(scope="module")
def going() -> Iterator[TestClient]:
    """A client of an application with an address that deprecated."""
    app = create_app(create_engine("sqlite://"))
    router = APIRouter(tags=["Service"])

    @router.get(
        "/greetings/{number}",
        summary="Greet",
        dependencies=[NO_PARAMETERS],
        **deprecated(since=date(2027, 1, 1), until=date(2028, 1, 1), instead="/v2/greetings"),
    )
    def get_greeting(number: Annotated[int, Path(examples=[1])]) -> dict[str, int]:
        return {"greeting": number}

    app.include_router(router, prefix="/v1")
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(("path", "status"), [("/v1/greetings/1", 200), ("/v1/greetings/one", 422)])
def test_an_address_that_goes_tells_when_whatever_it_answers(
    going: TestClient, path: str, status: int
) -> None:
    answer = going.get(path, headers={"origin": "https://school.example"})

    assert answer.status_code == status
    assert answer.headers["deprecation"] == "@1798761600"
    assert answer.headers["sunset"] == "Sat, 01 Jan 2028 23:59:59 GMT"
    assert '</docs/versions>; rel="deprecation"; type="text/html"' in answer.headers["link"]
    assert '</v2/greetings>; rel="successor-version"' in answer.headers["link"]
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"Deprecation", "Sunset", "Link"} <= set(exposed)


def test_an_address_that_stays_tells_nothing(going: TestClient) -> None:
    headers = going.get("/health/live").headers

    assert not {"deprecation", "sunset", "link"} & set(headers)


def test_an_address_that_goes_is_marked_in_the_document_and_on_the_page(going: TestClient) -> None:
    app = going.app
    assert isinstance(app, FastAPI)
    operation = build(app)["paths"]["/v1/greetings/{number}"]["get"]
    page = going.get("/docs/versions").text

    assert operation["deprecated"] is True
    assert operation["x-deprecation"]["until"] == "2028-01-01"
    assert "Nothing is deprecated." not in page
    for words in ("GET /v1/greetings/{number}", "2027-01-01", "2028-01-01", "/v2/greetings"):
        assert words in page


def test_nobody_is_given_less_time_than_is_promised() -> None:
    with pytest.raises(ValueError, match="365 days"):
        deprecated(since=date(2027, 1, 1), until=date(2027, 12, 31), instead="/v2/greetings")
    assert deprecated(since=date(2027, 1, 1), until=date(2028, 1, 1), instead="/")["deprecated"]


def test_whatever_is_deprecated_has_its_dates(shared_app: FastAPI) -> None:
    document: dict[str, Any] = shared_app.openapi()
    for path in document["paths"].values():
        for operation in path.values():
            assert operation.get("deprecated", False) == ("x-deprecation" in operation)
