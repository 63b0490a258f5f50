"""The application behind the real server, with either of its HTTP parsers."""

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from tests.serving import serving


@pytest.fixture(params=["h11", "httptools"])
def http(request: pytest.FixtureRequest, engine: Engine) -> Iterator[httpx.Client]:
    """A client on one kept connection to a server on a port of this machine."""
    with (
        serving(engine, request.param) as address,
        httpx.Client(base_url=address, trust_env=False) as client,
    ):
        yield client


def test_head_leaves_the_connection_fit_for_the_next_request(http: httpx.Client) -> None:
    asked = http.head("/v1/programs")
    got = http.get("/v1/programs")

    assert asked.status_code == got.status_code == 200
    assert asked.content == b""
    assert int(asked.headers["content-length"]) > 0


def test_a_body_without_a_length_is_cut_off_with_a_problem(http: httpx.Client) -> None:
    chunks = (b" " * 10_000 for _ in range(10))

    answer = http.post(
        "/v1/checklists", content=chunks, headers={"content-type": "application/json"}
    )

    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/body-too-large"
    assert http.get("/health/live").status_code == 200


def test_a_refused_address_leaves_the_server_fine(http: httpx.Client) -> None:
    answer = http.get("/v1/programs?q=" + "x" * 9_000)

    assert answer.status_code == 414
    assert http.get("/health/live").status_code == 200
