"""Months to entry: known parts add up, unknown ones stay open."""

from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import OfferingClaim
from app.store.tables.guide import GuideEntry
from tests.making import SCHOOL, add_program, evidence, publish


def get(client: TestClient, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/timeline", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_the_usual_way_takes_18_to_27_months_and_stays_open(seeded_client: TestClient) -> None:
    timeline = get(seeded_client)

    assert timeline["months_to_entry"] == {"low": 18.0, "high": 27.0}
    assert timeline["is_open"] is True
    assert [step["months"]["low"] for step in timeline["steps"]] == [None, 18.0, 0.0, None]
    assert all(step["decision_point"] for step in timeline["steps"])


@pytest.mark.parametrize("level", ["certificate", "doctorate_research"])
def test_an_award_of_unknown_length_has_unknown_months_to_entry(
    seeded_client: TestClient, level: str
) -> None:
    timeline = get(seeded_client, award_level=level)

    assert timeline["months_to_entry"] == {"low": None, "high": None}
    assert timeline["is_open"] is True


def test_part_time_with_credits_brought_in_says_what_it_assumes(
    seeded_client: TestClient,
) -> None:
    timeline = get(seeded_client, pace="part", credits_per_term=6, credits_transferred=30)

    # 18..24 months, half the credits left, 15 / 6 terms as many: 22.5..30, then 0..3
    assert timeline["months_to_entry"] == {"low": 22.5, "high": 33.0}
    assert len(timeline["assumptions"]) == 3
    assert "22.5 to 33 months" in timeline["steps"][2]["note"]


def test_credits_a_term_without_part_time_pace_are_refused(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/v1/timeline", params={"credits_per_term": 6})

    assert answer.status_code == 422
    assert "pace=part" in answer.text


MERCY = "mercy-college-of-ohio-510707-associate"


def test_a_program_tells_its_award_and_what_to_ask_at_each_step(seeded_client: TestClient) -> None:
    timeline = get(seeded_client, program=MERCY, exam_prep_months=2)

    assert (timeline["program"], timeline["award_level"]) == (MERCY, "associate")
    assert timeline["months_to_entry"] == {"low": 20.0, "high": 26.0}  # 18..24, and 2
    asked = {s["slug"]: [q["check"] for q in s["open_questions"]] for s in timeline["steps"]}
    assert "program_accredited" in asked["choose_program"]
    assert "practicum_offered" in asked["associate_coursework"]
    assert asked["prepare_certification"] == []


def test_a_stated_length_takes_the_place_of_the_awards(
    client: TestClient, session: Session
) -> None:
    offering = OfferingClaim(
        **evidence(), credits=90, credit_unit="quarter", months_low=20, months_high=None
    )
    add_program(session, "quick", claims=[offering])
    session.add(
        GuideEntry(
            section="timeline",
            slug="associate_coursework",
            position=1,
            kind="step",
            label="Complete associate degree coursework",
            facts={},
            filled=[],
            basis="third_party",
            source=SCHOOL,
        )
    )
    publish(session)

    whole = get(client, program="quick")
    half = get(client, program="quick", credits_transferred=30)

    assert whole["months_to_entry"] == {"low": 20.0, "high": 20.0}
    # 90 quarter credits are 60 semester credits, of which 30 come in
    assert half["months_to_entry"] == {"low": 10.0, "high": 10.0}
    assert "states its length" in whole["assumptions"][0]["text"]
    assert SCHOOL in whole["sources"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"program": MERCY, "award_level": "associate"}, "leave out one of the two"),
        ({"program": "mercy-colege-of-ohio-510707-associate"}, "Did you mean"),
        ({"exam_prep_months": -1}, "exam_prep_months"),
    ],
)
def test_what_does_not_fit_is_refused(
    seeded_client: TestClient, params: dict[str, Any], words: str
) -> None:
    answer = seeded_client.get("/v1/timeline", params=params)

    assert answer.status_code == 422
    assert words in answer.text
