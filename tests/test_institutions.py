"""Schools over HTTP."""

from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import OutcomeClaim
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
    claim = OutcomeClaim(metric="retention_rate", value=61.0, **evidence("institution"))
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
