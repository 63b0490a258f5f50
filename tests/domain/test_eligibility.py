"""Conditions of a way to an exam, and what would change the answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.claims import AccreditationClaim, ProgramFacts
from app.domain.credentials.eligibility import (
    Answer,
    Candidate,
    Decision,
    Education,
    StatusRule,
    combine,
    find_eligibility,
)
from tests.domain.facts import TODAY, accredited


@given(st.lists(st.sampled_from(list(Answer)), min_size=1, max_size=5))
def test_all_conditions_of_a_route_must_hold(answers: list[Answer]) -> None:
    found = combine(answers)

    assert (found is Answer.YES) == all(a is Answer.YES for a in answers)
    assert (found is Answer.NO) == (Answer.NO in answers)
    assert found in answers


ROUTE = {
    "route": "education",
    "decides": True,
    "text": "A bachelor's degree or 60 college credits.",
    "as_of": "2026-01-15",
    "all_of": [
        {"kind": "education_or_credits", "at_least": "bachelor", "or_college_credits": 60},
    ],
}


def person(condition: dict[str, Any], **known: Any) -> Decision:
    rules = {"any_of": [{**ROUTE, "all_of": [condition]}]}
    return find_eligibility(rules, {}, Candidate(**known), TODAY)


def test_credits_that_nobody_tells_keep_a_no_open() -> None:
    (condition,) = ROUTE["all_of"]

    decision = person(condition, education=Education.ASSOCIATE)

    assert decision.answer is Answer.UNKNOWN
    assert decision.reason == "Associate alone does not do; college credits are not told."
    assert [change.text for change in decision.changes] == ["Bachelor or 60 college credits."]


def test_too_little_education_is_a_no_where_credits_do_not_help() -> None:
    decision = person({"kind": "education", "at_least": "bachelor"}, education=Education.ASSOCIATE)

    assert decision.answer is Answer.NO
    assert [change.text for change in decision.changes] == ["Education of at least bachelor."]


ORDER = {
    "any_of": [
        {
            "route": "program",
            "decides": True,
            "text": "An accredited associate program.",
            "as_of": "2026-01-15",
            "all_of": [
                {"kind": "completed_program", "award_levels": ["associate"], "cahiim": "accredited"}
            ],
        }
    ],
    "decision_order": [
        {
            "when": {"accreditation": ["counts"], "covers": ["same"]},
            "answer": "yes",
            "text": "Yes.",
        },
        {"when": {"accreditation": ["unknown"]}, "answer": "unknown", "text": "Not known."},
        {"when": {}, "answer": "no", "text": "Not accredited."},
    ],
}
STATUSES = {
    "initial": StatusRule("yes", None),
    "continuing": StatusRule("yes", None),
    "withdrawn": StatusRule("no", "Does a withdrawn accreditation count for those enrolled then?"),
}
ELSEWHERE = "A program that CAHIIM accredits at its own campus, of level associate, would do."


@pytest.mark.parametrize(
    ("claim", "answer", "changes"),
    [
        (
            accredited("initial", campus="Dayton"),
            Answer.YES,
            [("A change of the program's accreditation before graduation.", None)],
        ),
        (
            accredited("initial", campus="Toledo"),
            Answer.NO,
            [("The program at the campus 'Toledo' would do.", None)],
        ),
        (
            accredited("initial", award_level="bachelor"),
            Answer.NO,
            [(f"The accreditation is for the award level bachelor. {ELSEWHERE}", None)],
        ),
        (
            accredited("withdrawn", campus="Dayton"),
            Answer.NO,
            [
                (ELSEWHERE, None),
                ("Does a withdrawn accreditation count for those enrolled then?", "issuer"),
            ],
        ),
    ],
)
def test_what_would_change_the_answer_and_whom_to_ask(
    claim: AccreditationClaim, answer: Answer, changes: list[tuple[str, str | None]]
) -> None:
    facts = ProgramFacts(
        award_level="associate", cip_code="51.0707", campus="Dayton", accreditation=[claim]
    )

    decision = find_eligibility(ORDER, STATUSES, Candidate(facts), TODAY)

    assert decision.answer is answer
    assert [(change.text, change.whom) for change in decision.changes] == changes
