"""Schools over HTTP."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import OutcomeClaim
from app.main import bind
from tests.fixtures import Databases
from tests.making import add_program, add_school, evidence, publish


def test_only_schools_with_a_listed_program_are_listed(
    client: TestClient, session: Session
) -> None:
    add_program(session, "a", school="with-program", school_fields={"unitid": 100001})
    add_program(session, "b", school="with-program", cip_code="51.0713")
    add_school(session, "without")
    publish(session)

    page = client.get("/v1/institutions").json()

    assert [(i["slug"], i["program_count"]) for i in page["items"]] == [("with-program", 2)]
    assert page["total"] == 1


def test_schools_are_found_by_words_state_and_level(client: TestClient, session: Session) -> None:
    add_program(session, "a", school="alpha-college", school_fields={"city": "Dayton"})
    add_program(
        session,
        "b",
        school="beta-university",
        school_fields={"state": "WA", "level": "four_year", "city": None},
    )
    publish(session)

    def found(**params: str) -> list[str]:
        items = client.get("/v1/institutions", params=params).json()["items"]
        return [item["slug"] for item in items]

    assert found(q="dayton") == ["alpha-college"]
    assert found(q="beta univ") == ["beta-university"]
    assert found(state="WA") == ["beta-university"]
    assert found(level="two_year") == ["alpha-college"]


def test_a_school_shows_its_programs_and_claims_about_the_whole(
    client: TestClient, session: Session
) -> None:
    claim = OutcomeClaim(
        metric="retention_rate", unit="percent", value=61.0, **evidence("institution")
    )
    add_program(session, "a", school_fields={"unitid": 100001}, claims=[claim])
    publish(session)

    by_unitid = client.get("/v1/institutions/100001").json()
    by_slug = client.get("/v1/institutions/some-college").json()

    assert by_unitid == by_slug
    assert [program["slug"] for program in by_unitid["programs"]] == ["a"]
    assert by_unitid["outcomes"][0]["value"] == 61.0


def test_an_unknown_school_is_named(client: TestClient) -> None:
    answer = client.get("/v1/institutions/999999")

    assert answer.status_code == 404
    assert "'999999'" in answer.json()["detail"]


SCHOOL_QUESTIONS: list[dict[str, Any]] = [
    {"q": "sinclar"},
    {"q": "wgu"},
    {"q": "columbus", "state": "OH"},
    {"near": "45402", "within_miles": 60},
    {"near": "45402", "sort": "-distance"},
    {"q": "college", "near": "39.96,-82.99", "within_miles": 200},
    {"exclude_state": ["OH", "TX"], "level": "two_year", "sort": ["-programs", "name"]},
    {"exclude_control": "public", "sort": "-name"},
    {"control_is": "unknown"},
    {"level_is": "unknown"},
    {"state": "WY", "control": "private_for_profit"},
]


@pytest.mark.parametrize("params", SCHOOL_QUESTIONS, ids=str)
def test_schools_are_the_same_on_both_engines_and_each_comes_once(
    databases: Databases, shared_app: FastAPI, params: dict[str, Any]
) -> None:
    pages = []
    for backend in ("sqlite", "postgresql"):
        bind(shared_app, databases.seeded(backend))
        with TestClient(shared_app) as client:
            asked = {**params, "facets": ["state", "control", "level"], "limit": 100}
            page = client.get("/v1/institutions", params=asked).json()
            items, following = list(page["items"]), page["next"]
            while following:
                rest = client.get("/v1/institutions", params={**asked, "cursor": following}).json()
                items, following = items + rest["items"], rest["next"]
            pages.append((items, page["total"], page["facets"], page.get("relaxations")))

    (items, total, facets, relaxations), other = pages
    assert pages[0] == other
    slugs = [item["slug"] for item in items]
    assert len(slugs) == len(set(slugs)) == total
    if "state" not in params and "exclude_state" not in params:
        assert sum(one["count"] for one in facets["state"]) == total
    if total == 0:
        assert relaxations


def test_schools_have_distance_and_order_as_asked(seeded_client: TestClient) -> None:
    near = seeded_client.get(
        "/v1/institutions", params={"near": "45402", "within_miles": 60}
    ).json()["items"]
    many = seeded_client.get("/v1/institutions?sort=-programs").json()["items"]

    miles = [item["distance_miles"] for item in near]
    assert near[0]["name"] == "Sinclair Community College"
    assert miles == sorted(miles) and miles[-1] <= 60
    counts = [item["program_count"] for item in many]
    assert counts == sorted(counts, reverse=True)
    one = many[0]
    programs = seeded_client.get(f"/v1/institutions/{one['unitid']}").json()["programs"]
    assert len(programs) == one["program_count"]


@pytest.mark.parametrize(
    "params",
    [{"sort": "distance"}, {"within_miles": 3}, {"sort": "tuition"}, {"facets": "cip_code"}],
    ids=str,
)
def test_what_cannot_be_asked_of_schools_is_refused(
    client: TestClient, params: dict[str, str]
) -> None:
    assert client.get("/v1/institutions", params=params).status_code == 422
