"""Lists answered without the framework: the same answer, and its refusals for all else."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.main import bind
from app.models.programs import ProgramSummary
from app.models.releases import Release
from app.queries.search_index import write_index
from app.queries.summaries import refresh_summaries
from app.routes import quick
from tests.fixtures import Databases
from tests.making import NOW, RUBRIC, add_program, publish
from tests.test_search import CASES, questions

PARAMS = [*CASES, {"cursor": "damaged"}, {"sate": "OH"}, {"limit": 0}, {"q": "x"}, {"near": "1"}]


def same(answer: Any) -> tuple[int, dict[str, str], Any]:
    """Return what must not depend on the way an answer took."""
    headers = {name: v for name, v in answer.headers.items() if name != "x-request-id"}
    body = answer.json()
    body.pop("request_id", None)
    return answer.status_code, headers, body


@pytest.fixture
def both_ways(
    databases: Databases, shared_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> tuple[TestClient, pytest.MonkeyPatch]:
    bind(shared_app, databases.seeded("sqlite"))
    client = TestClient(shared_app, raise_server_exceptions=False)
    client.get("/v1/programs?limit=1")
    return client, monkeypatch


def ask_both_ways(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, params: Any, **headers: str
) -> tuple[Any, Any]:
    found = []
    for release_path in (quick.PATH, "nowhere"):
        monkeypatch.setattr(quick, "PATH", release_path)
        client.app.state.answers.max_bytes = 0  # type: ignore[attr-defined]
        found.append(same(client.get("/v1/programs", params=params, headers=headers)))
        monkeypatch.undo()
    return found[0], found[1]


@pytest.mark.parametrize("params", PARAMS, ids=str)
def test_a_list_is_the_same_whichever_way_it_takes(
    both_ways: tuple[TestClient, pytest.MonkeyPatch], params: dict[str, Any]
) -> None:
    quickly, slowly = ask_both_ways(*both_ways, params)

    assert quickly == slowly


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://school.example"},
        {"accept-encoding": "gzip"},
        {"accept-encoding": "br, gzip;q=0.5"},
        {"accept-encoding": "identity", "accept": "text/html"},
    ],
    ids=str,
)
def test_headers_are_the_same_whichever_way_it_takes(
    both_ways: tuple[TestClient, pytest.MonkeyPatch], headers: dict[str, str]
) -> None:
    quickly, slowly = ask_both_ways(*both_ways, {"state": "OH"}, **headers)

    assert quickly == slowly


@given(question=questions, limit=st.integers(1, 100))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_question_is_the_same_whichever_way_it_takes(
    both_ways: tuple[TestClient, pytest.MonkeyPatch], question: dict[str, Any], limit: int
) -> None:
    quickly, slowly = ask_both_ways(*both_ways, {**question, "limit": limit})

    assert quickly == slowly


def test_a_failure_on_the_quick_way_is_met_on_the_other(
    both_ways: tuple[TestClient, pytest.MonkeyPatch],
) -> None:
    client, monkeypatch = both_ways

    def fail(*_args: Any) -> bytes:
        raise RuntimeError("by accident")

    monkeypatch.setattr(quick, "list_programs", fail)

    assert client.get("/v1/programs?state=OH&limit=3").status_code == 200


@pytest.mark.parametrize("more", [{}, {"sort": "tuition"}, {"near": "45402", "fields": "slug"}])
def test_a_program_retired_since_the_index_was_loaded_is_left_out(
    client: TestClient, session: Session, more: dict[str, str]
) -> None:
    dayton = {"latitude": 39.7563, "longitude": -84.1895}
    for slug in ("alpha", "beta"):
        add_program(session, slug, school=f"{slug}-college", school_fields=dayton)
    publish(session)
    client.get("/v1/programs?q=beta")
    session.execute(delete(ProgramSummary).where(col(ProgramSummary.slug) == "alpha"))
    session.commit()

    answer = client.get("/v1/programs", params=more)

    assert answer.status_code == 200, answer.text
    assert [item["slug"] for item in answer.json()["items"]] == ["beta"]


def test_another_catalogue_with_the_same_number_of_release_is_another(
    client: TestClient, session: Session
) -> None:
    add_program(session, "alpha")
    publish(session)
    before = client.get("/v1/programs")

    add_program(session, "beta", school="beta-college")
    refresh_summaries(session, RUBRIC, now=NOW)
    write_index(session, 1)
    session.get_one(Release, 1).published_at = NOW + timedelta(days=1)
    session.commit()
    after = client.get("/v1/programs", headers={"If-None-Match": before.headers["etag"]})

    assert before.json()["total"] == 1
    assert (after.status_code, after.json()["total"]) == (200, 2)
    assert after.headers["etag"] != before.headers["etag"]
