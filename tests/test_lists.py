"""Lists: read without the framework, as the framework would read them."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI, Query
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.errors import InvalidRequestError
from app.http.query_strings import read_query, repeatable
from app.ledger.summaries import refresh_summaries
from app.schemas.programs import ProgramQuery
from app.search.index import write_index
from app.store.tables.programs import ProgramSummary
from app.store.tables.releases import Release
from tests.application import operations_of
from tests.making import NOW, RUBRIC, add_program, publish
from tests.test_search import questions

REPEATABLE = repeatable(ProgramQuery)
framework = FastAPI()


@framework.get("/")
def read(query: Annotated[ProgramQuery, Query()]) -> dict[str, Any]:
    return query.model_dump(mode="json")


ANY_PAIRS = st.lists(
    st.tuples(
        st.sampled_from([*ProgramQuery.model_fields, "sate", ""]),
        st.sampled_from(["", "OH", "1", "45402", "score", "-1", "true", "x" * 300, "\x00", "é"]),
    ),
    max_size=5,
)


def read_both_ways(pairs: list[tuple[str, Any]]) -> tuple[Any, Any]:
    """Return what the framework reads, and what lists read; None for what is refused."""
    text = urlencode(pairs)
    answer = TestClient(framework).get(f"/?{text}")
    usual = answer.json() if answer.status_code == 200 else None
    try:
        ours = read_query(ProgramQuery, REPEATABLE, text.encode()).model_dump(mode="json")
    except (InvalidRequestError, RequestValidationError):
        ours = None
    return usual, ours


@given(question=questions, limit=st.integers(1, 100))
def test_any_question_is_read_as_the_framework_reads_it(
    question: dict[str, Any], limit: int
) -> None:
    pairs = [
        (name, one)
        for name, value in {**question, "limit": limit}.items()
        for one in (value if isinstance(value, list) else [value])
    ]

    usual, ours = read_both_ways(pairs)

    assert usual is not None
    assert ours == usual


@given(pairs=ANY_PAIRS)
def test_what_the_framework_refuses_is_refused(pairs: list[tuple[str, str]]) -> None:
    names = [name for name, _ in pairs]
    is_doubtful = any(
        names.count(name) > 1 and name in ProgramQuery.model_fields and name not in REPEATABLE
        for name in names
    )

    usual, ours = read_both_ways(pairs)

    assert ours == (None if is_doubtful else usual)


@pytest.mark.parametrize("name", ["limit", "near", "q", "cursor"])
def test_a_parameter_of_one_value_that_comes_twice_is_named(client: TestClient, name: str) -> None:
    answer = client.get(f"/v1/programs?{name}=45402&{name}=10001")

    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [name]


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


# Pages lead on


def lists_in_pages(client: TestClient) -> list[tuple[str, dict[str, Any]]]:
    """Return path and parameters of every list without a key that comes in pages."""
    found = []
    for path, _, operation in operations_of(client.get("/openapi.json").json()):
        parameters = operation["parameters"]
        if "/admin/" in path or "cursor" not in {one["name"] for one in parameters}:
            continue
        needed = {one["name"]: one["example"] for one in parameters if one["required"]}
        places = {one["name"]: one["example"] for one in parameters if one["in"] == "path"}
        queried = {name: value for name, value in needed.items() if name not in places}
        found.append((path.format(**places), queried | {"limit": 1}))
    return found


def test_every_list_that_comes_in_pages_tells_where_the_others_are(
    seeded_client: TestClient,
) -> None:
    walked = set()
    for path, params in lists_in_pages(seeded_client):
        page = seeded_client.get(path, params=params)
        assert page.status_code == 200, page.text
        assert ("next" in page.links) == (page.json()["next"] is not None), path
        assert "first" not in page.links, path
        if "next" in page.links:
            walked.add(path)
            second = seeded_client.get(page.links["next"]["url"])
            by_cursor = seeded_client.get(path, params={**params, "cursor": page.json()["next"]})
            assert second.json() == by_cursor.json() != page.json(), path
            back = seeded_client.get(second.links["first"]["url"])
            assert back.json() == page.json(), path
    assert {"/v1/programs", "/v1/institutions", "/v1/statistics", "/v1/occupations"} <= walked


def test_the_address_of_the_next_page_keeps_the_question(
    seeded_client: TestClient,
) -> None:
    asked = {"q": "health & records", "state": ["OH", "MI"], "limit": 2, "sort": "-score"}
    page = seeded_client.get("/v1/programs", params=asked)

    following = httpx.URL(page.links["next"]["url"])

    assert following.path == "/v1/programs"
    assert set(following.params.get_list("state")) == {"MI", "OH"}
    assert following.params["q"] == "health & records"
    assert following.params["cursor"] == page.json()["next"]
    kept = seeded_client.get("/v1/programs", params=asked)
    assert kept.headers["link"] == page.headers["link"]
    assert seeded_client.head("/v1/programs", params=asked).headers["link"] == kept.headers["link"]
