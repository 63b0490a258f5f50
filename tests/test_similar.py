"""Nearest alternatives: which come first, one a school, and what each is better and worse in."""

from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import OfferingClaim, PracticumClaim
from app.queries import similar as queries
from app.store.tables.programs import Program
from tests.making import NOW, accredited, add_program, evidence, price, publish

COLUMBUS = {"latitude": 39.96, "longitude": -83.0}
DAYTON = {"latitude": 39.76, "longitude": -84.19}
CLEVELAND = {"latitude": 41.5, "longitude": -81.69}
SEATTLE = {"latitude": 47.61, "longitude": -122.33}


def similar(client: TestClient, slug: str = "here", **params: Any) -> list[Any]:
    answer = client.get(f"/v1/programs/{slug}/similar", params=params)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["items"]
    return found


def add(session: Session, slug: str, place: dict[str, Any] | None = None, **fields: Any) -> Program:
    school = fields.pop("school", f"{slug}-college")
    return add_program(session, slug, school=school, school_fields=place or COLUMBUS, **fields)


def test_field_comes_before_award_and_award_before_distance(
    client: TestClient, session: Session
) -> None:
    add(session, "here")
    add(session, "same-far", SEATTLE)
    add(session, "bachelor", award_level="bachelor")
    add(session, "other-code", cip_code="51.0713")
    add(session, "other-series", cip_code="51.2706")
    add(session, "master", award_level="master")
    publish(session)

    found = similar(client)

    assert [(i["slug"], i["same_field"], i["same_award"]) for i in found] == [
        ("same-far", True, True),
        ("bachelor", True, False),
        ("other-code", False, True),
    ]


def test_nearer_ones_come_first_and_an_unknown_distance_last(
    client: TestClient, session: Session
) -> None:
    add(session, "here")
    add(session, "far", SEATTLE)
    add(session, "nowhere", {"latitude": None, "longitude": None})
    add(session, "near", DAYTON)
    add(session, "middle", CLEVELAND)
    publish(session)

    found = similar(client)

    assert [item["slug"] for item in found] == ["near", "middle", "far", "nowhere"]
    assert [item["distance_miles"] for item in found][-1] is None
    assert found[0]["distance_miles"] == pytest.approx(65, rel=0.02)

    add(session, "beside")
    publish(session)

    assert next(item["slug"] for item in similar(client)) == "beside"


def test_within_a_band_the_same_delivery_and_then_the_nearer_price_come_first(
    client: TestClient, session: Session
) -> None:
    def offer(slug: str, dollars: float, mode: str) -> None:
        cost = price("tuition_and_fees", dollars, contains=["tuition", "fees"])
        add(session, slug, claims=[cost, OfferingClaim(delivery=[mode], **evidence())])

    offer("here", 5000, "campus")
    offer("twice-the-price", 10000, "campus")
    offer("like-it", 5100, "campus")
    offer("hybrid", 5000, "hybrid")
    publish(session)

    assert [item["slug"] for item in similar(client)] == ["like-it", "twice-the-price", "hybrid"]


def test_an_online_program_stands_with_the_nearest_and_tells_its_true_distance(
    client: TestClient, session: Session
) -> None:
    add(session, "here")
    add(session, "near", DAYTON)
    add(session, "online", SEATTLE, claims=[OfferingClaim(delivery=["online"], **evidence())])
    publish(session)

    first = similar(client)[0]

    assert (first["slug"], first["online"]) == ("online", True)
    assert first["distance_miles"] == pytest.approx(2008, rel=0.01)
    assert "distance" not in [aspect["key"] for aspect in first["worse"]]
    assert "distance" not in [aspect["key"] for aspect in first["worse"]]


def test_no_school_stands_there_twice_and_the_own_school_never(
    client: TestClient, session: Session
) -> None:
    add(session, "here", school="own")
    add(session, "own-too", school="own", cip_code="51.0713")
    for at in range(3):
        add(session, f"other-{at}", school="other", campus=f"{at}")
    publish(session)

    answer = client.get("/v1/programs/here/similar").json()

    assert [item["slug"] for item in answer["items"]] == ["other-0"]
    assert answer["total"] == 1


def test_better_and_worse_rest_on_facts_known_of_both(client: TestClient, session: Session) -> None:
    def yearly(dollars: float, **fields: Any) -> Any:
        return price("tuition_and_fees", dollars, contains=["tuition", "fees"], **fields)

    practicum = {"hours_low": 100.0, "hours_high": 100.0, "is_site_arranged": True}
    add(
        session,
        "here",
        claims=[
            yearly(5000),
            accredited("candidacy"),
            PracticumClaim(availability="none", **evidence()),
            OfferingClaim(delivery=["campus"], **evidence()),
        ],
    )
    add(
        session,
        "rich",
        SEATTLE,
        claims=[
            yearly(4000),
            accredited(award_level="associate"),
            PracticumClaim(availability="required", format="virtual", **practicum, **evidence()),
            OfferingClaim(delivery=["campus"], **evidence()),
        ],
    )
    add(session, "silent", DAYTON)
    add(session, "older-price", DAYTON, claims=[yearly(1000, as_of="2022-23")])
    publish(session)

    found = {item["slug"]: item for item in similar(client)}

    better = {aspect["key"]: aspect["detail"] for aspect in found["rich"]["better"]}
    assert better["price"] == "$1,000 less a year: $4,000 against $5,000."
    assert set(better) == {"price", "accreditation", "verified", "practicum"}
    assert [aspect["key"] for aspect in found["rich"]["worse"]] == ["distance"]
    assert found["silent"]["better"] == []
    assert [aspect["key"] for aspect in found["silent"]["worse"]] == ["verified", "distance"]
    assert "price" not in [aspect["key"] for aspect in found["older-price"]["better"]]


def test_each_is_better_where_the_other_is_worse(client: TestClient, session: Session) -> None:
    cost = {"contains": ["tuition", "fees"]}
    one = [price("tuition_and_fees", 5000, **cost), accredited("not_accredited")]
    two = [price("tuition_and_fees", 9000, **cost), accredited(award_level="associate")]
    add(session, "here", claims=[*one, OfferingClaim(delivery=["online"], **evidence())])
    add(session, "there", claims=[*two, OfferingClaim(delivery=["campus"], **evidence())])
    publish(session)

    [there], [here] = similar(client, "here"), similar(client, "there")

    def keys(item: Any, side: str) -> list[str]:
        return [aspect["key"] for aspect in item[side]]

    assert keys(there, "better") == keys(here, "worse")
    assert keys(there, "worse") == keys(here, "better")
    assert set(keys(there, "better") + keys(there, "worse")) == {
        "price",
        "accreditation",
        "verified",
        "delivery",
    }


def test_a_program_out_of_lists_still_has_alternatives(
    client: TestClient, session: Session
) -> None:
    add(session, "here", retired_at=NOW, retired_reason="gone")
    add(session, "there")
    publish(session)

    assert [item["slug"] for item in similar(client)] == ["there"]


def test_a_program_without_a_code_is_compared_within_its_award(
    client: TestClient, session: Session
) -> None:
    add(session, "here", cip_code=None)
    add(session, "there", cip_code="51.2706")
    publish(session)

    [item] = similar(client)

    assert (item["slug"], item["same_field"]) == ("there", False)


def test_candidates_are_bounded_and_the_nearest_are_kept(
    client: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MAX_CANDIDATES", 2)
    add(session, "here")
    add(session, "other-code", cip_code="51.0713")
    add(session, "far", SEATTLE)
    add(session, "near", DAYTON)
    publish(session)

    assert [item["slug"] for item in similar(client)] == ["near", "far"]


@pytest.mark.parametrize("limit", [0, 21, "all"])
def test_a_limit_out_of_bounds_is_refused(client: TestClient, session: Session, limit: Any) -> None:
    add(session, "here")
    publish(session)

    answer = client.get("/v1/programs/here/similar", params={"limit": limit})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "limit"


def test_the_limit_is_kept_and_the_total_told(client: TestClient, session: Session) -> None:
    add(session, "here")
    for at in range(4):
        add(session, f"p-{at}")
    publish(session)

    answer = client.get("/v1/programs/here/similar", params={"limit": 2}).json()

    assert (len(answer["items"]), answer["total"], answer["next"]) == (2, 4, None)


def test_an_unknown_program_has_no_alternatives(client: TestClient) -> None:
    assert client.get("/v1/programs/nothing/similar").status_code == 404
