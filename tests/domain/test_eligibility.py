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
from app.domain.vocabulary import Finding
from tests.domain.facts import REMITS, TODAY, accredited

CAHIIM_IN_FULL = (
    "Commission on Accreditation for Health Informatics and Information Management Education "
    "(CAHIIM)"
)


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
    assert decision.reason == (
        "Associate alone is not enough; you did not say how many college credits you have."
    )
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
        {
            "when": {"covers": ["other_campus", "other_award"]},
            "answer": "no",
            "text": "Not this one.",
        },
        {
            "when": {
                "accreditation": ["unknown", "undated", "counts", "out_of_scope", "other_field"]
            },
            "answer": "unknown",
            "text": "Not known.",
        },
        {"when": {}, "answer": "no", "text": "Not accredited."},
    ],
}
STATUSES = {
    "initial": StatusRule("yes", None),
    "continuing": StatusRule("yes", None),
    "withdrawn": StatusRule("no", "Does a withdrawn accreditation count for those enrolled then?"),
}
REVERSAL = "A change of the program's accreditation before graduation."
DIRECTOR = "program director"
LETTER = (
    "Ask for CAHIIM's current award letter for this program, award level and campus: does it name "
    "all three, and until when?"
)
ELSEWHERE = "A program that CAHIIM accredits at its own campus, of level associate, would do."


@pytest.mark.parametrize(
    ("claim", "answer", "changes"),
    [
        (
            accredited("initial", campus="Dayton", award_level="associate"),
            Answer.YES,
            [(REVERSAL, None)],
        ),
        (
            accredited("initial", campus="Dayton"),
            Answer.YES,
            [(LETTER, DIRECTOR), (REVERSAL, None)],
        ),
        # the program has a campus, and the claim may be of another one
        (accredited("initial", award_level="associate"), Answer.UNKNOWN, [(LETTER, DIRECTOR)]),
        (
            accredited("initial", campus="Toledo"),
            Answer.NO,
            [("The program at the campus 'Toledo' would do.", None)],
        ),
        (
            accredited("initial", award_level="bachelor"),
            Answer.NO,
            [(f"The accreditation is for the level bachelor. {ELSEWHERE}", None)],
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


@pytest.mark.parametrize(
    ("cip_code", "award", "claims", "answers", "answer", "rule"),
    [
        ("51.0707", "associate", [], {}, "unknown", "decision 3"),
        # its accreditor takes no programs of this field
        ("51.0716", "associate", [], {}, "no", "accreditor_scope"),
        ("51.0701", "master", [], {}, "no", "accreditor_scope"),
        # not where the field is not told, nor where somebody says that it is accredited
        (None, "associate", [], {}, "unknown", "decision 3"),
        ("51.0716", "associate", [accredited(as_of=None)], {}, "unknown", "decision 3"),
        ("51.0716", "associate", [accredited()], {}, "yes", "decision 1"),
        # the long name of a body is its short one
        ("51.0707", "associate", [accredited(accreditor=CAHIIM_IN_FULL)], {}, "yes", "decision 1"),
        # accredited in informatics, where the exam asks for information management
        ("51.2706", "master", [accredited()], {}, "unknown", "decision 3"),
        # what a reader found out takes the place of what is claimed
        ("51.0707", "associate", [], {"program_accredited": "met"}, "yes", "decision 1"),
        (
            "51.0707",
            "associate",
            [accredited()],
            {"program_accredited": "not_met"},
            "no",
            "decision 4",
        ),
        (
            "51.0707",
            "associate",
            [accredited(award_level="associate")],
            {"covers_campus_and_level": "not_met"},
            "no",
            "decision 2",
        ),
    ],
)
def test_field_award_and_what_a_reader_found_out_decide(
    cip_code: str | None,
    award: str,
    claims: list[AccreditationClaim],
    answers: dict[str, str],
    answer: str,
    rule: str,
) -> None:
    facts = ProgramFacts(award_level=award, cip_code=cip_code, accreditation=claims)
    told = {check: Finding(finding) for check, finding in answers.items()}
    candidate = Candidate(facts, remits=REMITS, answers=told)

    decision = find_eligibility(ORDER, STATUSES, candidate, TODAY)

    assert (decision.answer, decision.rule) == (answer, rule)
