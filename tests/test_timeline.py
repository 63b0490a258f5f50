"""Months to entry: known parts add up, unknown ones stay open."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import OfferingClaim
from app.domain.timeline import LENGTHS, Months, coursework_months, length_of, total_months
from app.domain.vocabulary import AwardLevel
from app.models.guide import GuideEntry
from tests.making import SCHOOL, add_program, evidence, publish

levels = st.sampled_from([*LENGTHS, AwardLevel.DOCTORATE_RESEARCH])


def months_of(level: str, per_term: float | None = None, transferred: float = 0) -> Months:
    return coursework_months(
        length_of(level), credits_per_term=per_term, credits_transferred=transferred
    )[0]


@pytest.mark.parametrize(
    ("level", "per_term", "transferred", "low", "high"),
    [
        ("associate", None, 0, 18, 24),
        ("associate", None, 15, 13.5, 18),  # a quarter of 60 credits less
        ("associate", 7.5, 0, 36, 48),  # half the credits a term, twice the time
        ("associate", None, 300, 4.5, 6),  # a quarter is always earned at the school
        ("bachelor", None, 60, 24, 24),
        ("certificate_under_12_weeks", None, 0, None, 3),
        ("certificate", None, 0, None, None),
        ("doctorate_research", None, 0, None, None),
    ],
)
def test_coursework_by_award_pace_and_credits(
    level: str, per_term: float | None, transferred: float, low: float | None, high: float | None
) -> None:
    assert months_of(level, per_term, transferred) == Months(low, high)


@given(levels, st.floats(0, 300), st.floats(0, 300))
def test_more_transferred_credits_never_lengthen(level: str, some: float, more: float) -> None:
    fewer, further = sorted((some, more))
    before, after = months_of(level, transferred=fewer), months_of(level, transferred=further)

    for one, other in ((before.low, after.low), (before.high, after.high)):
        assert (one is None) == (other is None)
        assert one is None or other is None or other <= one


@given(levels, st.floats(1, 30), st.floats(1, 30))
def test_lighter_terms_never_shorten(level: str, one: float, other: float) -> None:
    light, heavy = sorted((one, other))
    slow, quick = months_of(level, light), months_of(level, heavy)

    assert slow.high is None or quick.high is None or slow.high >= quick.high
    assert slow.low is None or slow.high is None or slow.low <= slow.high


def test_unknown_steps_leave_the_sum_open_and_add_nothing() -> None:
    total, is_open = total_months(Months(18, 24), [Months(None, None), Months(1, 3)])

    assert total == Months(19, 27)
    assert is_open


def test_a_bound_the_coursework_lacks_is_never_that_of_the_other_steps() -> None:
    assert total_months(Months(None, None), [Months(1, 3)]) == (Months(None, None), True)
    assert total_months(Months(None, 3), [Months(1, 3)]) == (Months(None, 6), True)


def get(client: TestClient, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/timeline", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_the_usual_way_takes_19_to_27_months_and_stays_open(seeded_client: TestClient) -> None:
    timeline = get(seeded_client)

    assert timeline["months_to_entry"] == {"low": 19.0, "high": 27.0}
    assert timeline["is_open"] is True
    assert [step["months"]["low"] for step in timeline["steps"]] == [None, 18.0, 1.0, None]
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

    # 18..24 months, half the credits left, 15 / 6 terms as many: 22.5..30, then 1..3
    assert timeline["months_to_entry"] == {"low": 23.5, "high": 33.0}
    assert len(timeline["assumptions"]) == 3


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
