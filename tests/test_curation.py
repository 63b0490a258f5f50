"""The curation queue: the unknowns that matter most come first, and one request settles one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.checklist.curation import SETTLERS, claim_for
from app.domain.checklist.scoring import points_at_stake, score
from app.domain.keys import Scope
from app.domain.vocabulary import Finding
from tests.editing import Editor, make_key
from tests.making import RUBRIC, accredited, add_program, price, publish

pytestmark = pytest.mark.engines_in_turn

PATH = "/v1/admin/curation-queue"
PAGE = {
    "source_url": "https://alpha.example/page",
    "as_of": "2026-11-01",
    "basis": "stated_by_institution",
    "why": "Read on the page.",
}


@pytest.fixture(autouse=True)
def catalogue(session: Session) -> None:
    add_program(
        session,
        "large-hit",
        school="large-college",
        completions={"2023-24": 100},
        claims=[accredited(award_level="associate")],
    )
    add_program(session, "small-hit", school="small-college", completions={"2023-24": 2})
    add_program(
        session,
        "unreported-hit",
        school="unreported-college",
        school_fields={"state": "TX"},
        claims=[price("tuition", 1000)],
    )
    publish(session)


@pytest.fixture
def editor(engine: Engine, client: TestClient) -> Editor:
    return Editor(client, make_key(engine, Scope.READ_DRAFTS, Scope.WRITE_FACTS, Scope.PUBLISH))


findings = st.fixed_dictionaries({key: st.sampled_from(list(Finding)) for key in RUBRIC.check_keys})


@given(findings)
def test_points_at_stake_are_what_settling_can_add(found: dict[str, Finding]) -> None:
    """Met in the place of an open check raises the low end by exactly its stake."""
    before = score(RUBRIC, found).whole.low
    for key, stake in points_at_stake(RUBRIC, found).items():
        after = score(RUBRIC, {**found, key: Finding.MET}).whole.low

        assert after - before == pytest.approx(stake)


def test_the_queue_orders_by_awards_times_points(editor: Editor) -> None:
    queue = editor.ask("GET", PATH, limit=100)

    weights = [item["weight"] for item in queue["items"]]
    assert weights == sorted(weights, reverse=True)
    assert queue["items"][0]["program"] == "large-hit"
    first = queue["items"][0]
    assert first["weight"] == pytest.approx(100 * first["points_at_stake"], abs=0.6)
    assert queue["programs_looked_at"] == 3
    settled = {(i["program"], i["check"]) for i in queue["items"]}
    assert ("large-hit", "program_accredited") not in settled
    assert ("small-hit", "program_accredited") in settled


def test_the_queue_can_be_narrowed(editor: Editor) -> None:
    texas = editor.ask("GET", PATH, state="TX", limit=100)["items"]
    refunds = editor.ask("GET", PATH, check="refund_policy", limit=100)["items"]

    assert {item["program"] for item in texas} == {"unreported-hit"}
    assert {item["check"] for item in refunds} == {"refund_policy"}


def test_the_queue_tells_what_a_newer_edition_can_settle_and_what_only_people(
    editor: Editor,
) -> None:
    everything = editor.ask("GET", PATH, limit=100)["items"]
    fetched = editor.ask("GET", PATH, settled_by="refresh", limit=100)["items"]
    asked = editor.ask("GET", PATH, settled_by="people", limit=100)["items"]

    assert {i["check"] for i in fetched} >= {"tuition", "institution_accredited"}
    assert {i["check"] for i in asked} >= {"program_accredited", "refund_policy", "hours_stated"}
    assert all(item["settled_by"] for item in fetched)
    assert len(fetched) + len(asked) == len(everything)


DETAILS: dict[str, dict[str, Any]] = {
    "institution_accredited": {"accreditor": "Higher Learning Commission"},
    **{
        key: {
            "amount_low_cents": 100,
            "amount_high_cents": 100,
            "unit": "year",
            "residency": "any",
        }
        for key in ("tuition", "fees", "books", "technology")
    },
    "credits_accepted": {"credits_max": 30},
    "hours_stated": {"hours_low": 120, "hours_high": 120},
    "local_or_remote": {"format": "virtual"},
}


@pytest.mark.parametrize("check", RUBRIC.check_keys)
def test_every_check_can_be_settled_as_met_in_one_request(editor: Editor, check: str) -> None:
    body = {
        "program": "small-hit",
        "check": check,
        "finding": "met",
        "details": DETAILS.get(check, {}),
        **PAGE,
    }

    settled = editor.ask("POST", f"{PATH}/settle", body, status=201)
    editor.publish()

    assert settled["finding_before"] == "unknown"
    assert settled["finding_after"] == "met", settled["reason"]
    page = editor.ask("GET", "/v1/programs/small-hit/checklist")
    found = {c["key"]: c["finding"] for part in page["criteria"] for c in part["checks"]}
    assert found[check] == "met"


@pytest.mark.parametrize(
    ("check", "finding", "after"),
    [
        ("program_accredited", "not_met", "not_met"),
        ("program_accredited", "partly_met", "partly_met"),
        ("tuition", "not_met", "not_met"),
        ("tuition", "partly_met", "partly_met"),
        ("refund_policy", "not_met", "not_met"),
        ("transfer_policy", "not_met", "not_met"),
        ("credits_accepted", "partly_met", "partly_met"),
        ("practicum_offered", "partly_met", "partly_met"),
        ("practicum_offered", "not_met", "not_met"),
        ("site_support", "not_met", "not_met"),
    ],
)
def test_other_findings_settle_too(editor: Editor, check: str, finding: str, after: str) -> None:
    body = {"program": "small-hit", "check": check, "finding": finding, **PAGE}

    assert editor.ask("POST", f"{PATH}/settle", body, status=201)["finding_after"] == after


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        ({"program": "nobody"}, "#/program", "nobody"),
        ({"check": "tution"}, "#/check", "tution"),
        ({"check": "tuition"}, "#/finding", "amount_low_cents"),
        ({"check": "hours_stated", "finding": "not_met"}, "#/finding", "can be found met"),
        ({"finding": "unknown"}, "#/finding", "not unknown"),
        ({"as_of": "soon"}, "#/values", "neither a date"),
        ({"source_url": "https://www.awin1.com/x"}, "#/values", "pays somebody"),
        ({"details": {"colour": "red"}}, "#/values/colour", "no column 'colour'"),
    ],
)
def test_what_cannot_settle_a_check_is_named(
    editor: Editor, body: dict[str, Any], pointer: str, words: str
) -> None:
    whole = {"program": "small-hit", "check": "program_accredited", "finding": "met", **PAGE}

    problem = editor.ask("POST", f"{PATH}/settle", {**whole, **body}, status=422)

    assert problem["errors"][0]["pointer"] == pointer
    assert words in problem["detail"]


def test_every_check_of_the_rubric_has_a_claim_that_settles_it() -> None:
    assert set(SETTLERS) == set(RUBRIC.check_keys)


@given(st.sampled_from(sorted(SETTLERS)), st.sampled_from(list(Finding)))
def test_a_finding_gives_a_claim_or_the_words_why_not(check: str, finding: Finding) -> None:
    try:
        collection, values = claim_for(
            check, finding, "associate", ["CAHIIM"], DETAILS.get(check, {})
        )
    except ValueError as error:
        assert check in str(error)
    else:
        assert collection.endswith("_claim")
        assert values
