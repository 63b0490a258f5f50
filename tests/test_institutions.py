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

pytestmark = pytest.mark.engines_in_turn


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


@pytest.fixture
def directory(session: Session) -> None:
    """A school with a program that had another name, and three without: one of these is closed."""
    former = [{"name": "Elm Institute", "until": "2019-20"}]
    add_program(session, "a", school="beta", school_fields={"former_names": former})
    add_school(session, "alpha-school", state="WA", latitude=47.6, longitude=-122.3)
    add_school(session, "gamma", level=None, former_names=former, zip_code="45402-1000")
    add_school(session, "shut", is_active=False)
    publish(session)


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize(
    ("params", "slugs"),
    [
        ({}, ["beta"]),
        ({"q": "elm institute"}, ["beta"]),
        ({"has_programs": "true"}, ["beta"]),
        ({"has_programs": "false"}, ["alpha-school", "gamma"]),
        ({"has_programs": "any"}, ["alpha-school", "beta", "gamma"]),
        ({"has_programs": "any", "sort": "-name"}, ["gamma", "beta", "alpha-school"]),
        ({"has_programs": "any", "sort": "-programs"}, ["beta", "alpha-school", "gamma"]),
        ({"has_programs": "any", "q": "Elm Institute"}, ["beta", "gamma"]),
        ({"has_programs": "any", "q": "alph washington"}, ["alpha-school"]),
        ({"has_programs": "any", "q": "45402"}, ["gamma"]),
        ({"has_programs": "any", "state": "OH"}, ["beta", "gamma"]),
        ({"has_programs": "any", "exclude_state": "OH"}, ["alpha-school"]),
        ({"has_programs": "any", "level_is": "unknown"}, ["gamma"]),
        ({"has_programs": "any", "near": "47.6,-122.4", "within_miles": "10"}, ["alpha-school"]),
    ],
)
def test_schools_without_a_listed_program_are_found_when_asked_for(
    client: TestClient, params: dict[str, str], slugs: list[str]
) -> None:
    page = client.get("/v1/institutions", params=params).json()

    assert [item["slug"] for item in page["items"]] == slugs
    assert page["total"] == len(slugs)


@pytest.mark.usefixtures("directory")
def test_all_schools_are_paged_counted_and_told_of_where_none_else_is_found(
    client: TestClient,
) -> None:
    def get(**params: str) -> Any:
        return client.get("/v1/institutions", params={"limit": "2", **params}).json()

    first = get(has_programs="any", facets="state")
    second = get(has_programs="any", cursor=first["next"])
    other = get(has_programs="false", cursor=first["next"])

    assert [item["slug"] for item in second["items"]] == ["gamma"]
    assert second["next"] is None
    assert other["status"] == 422
    assert {one["value"]: one["count"] for one in first["facets"]["state"]} == {
        "OH": 2,
        "WA": 1,
        "unknown": 0,
    }
    assert sum(first["left_out"].values()) == 1
    assert {"without": "has_programs", "total": 1} in get(q="gamma")["relaxations"]
    assert client.get("/v1/institutions/gamma").json()["programs"] == []


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
