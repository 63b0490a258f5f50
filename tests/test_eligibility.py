"""Who may sit an exam: a table of statuses, levels and dates, and routes by condition."""

import json
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.domain.claims import AccreditationClaim, ProgramFacts
from app.domain.credentials.eligibility import (
    Answer,
    Candidate,
    Education,
    StatusRule,
    find_eligibility,
)
from app.domain.vocabulary import AwardLevel
from app.settings import get_settings
from tests.making import TODAY, accredited

RULES: dict[str, Any] = json.loads(
    (get_settings().seed_dir / "authored" / "credential_rules.json").read_text()
)
ELIGIBILITY = RULES["eligibility"]


def statuses(code: str) -> dict[str, StatusRule]:
    return {
        row["status"]: StatusRule(
            row["counts_to_sit"][code]["value"],
            row["question"],
        )
        for row in RULES["accreditation_statuses"]
    }


def answer_for(
    code: str,
    level: str | None = "associate",
    *claims: AccreditationClaim,
    cip_code: str = "51.0707",
    campus: str | None = None,
    today: date = TODAY,
) -> tuple[str, str]:
    facts = ProgramFacts(award_level=level, cip_code=cip_code, campus=campus)
    facts.accreditation += claims
    found = find_eligibility(ELIGIBILITY[code], statuses(code), Candidate(facts), today)
    return found.answer, found.rule


FRESH, STALE, UNDATED = "2026-01-15", "2020-01-01", None
LEVELS = ["certificate_under_1_year", "associate", "bachelor", "master"]
TABLE = {
    # status: certificate, associate, bachelor, master; fresh, for RHIT
    "accredited": ["no", "yes", "no", "no"],
    "initial": ["no", "yes", "no", "no"],
    "continuing": ["no", "yes", "no", "no"],
    "candidacy": ["not_yet", "not_yet", "not_yet", "not_yet"],
    "probationary": ["no", "unknown", "unknown", "no"],
    "administrative_probationary": ["no", "unknown", "unknown", "no"],
    "voluntary_withdrawal": ["no", "unknown", "unknown", "no"],
    "inactive": ["no", "unknown", "unknown", "no"],
    "withheld": ["no", "no", "no", "no"],
    "withdrawn": ["no", "no", "no", "no"],
    "not_accredited": ["no", "no", "no", "no"],
    "aligned_only": ["no", "unknown", "unknown", "no"],
    "historical": ["no", "unknown", "unknown", "no"],
    "unclear": ["no", "unknown", "unknown", "no"],
}


@pytest.mark.parametrize(("status", "level"), list(product(TABLE, LEVELS)))
def test_rhit_by_status_and_level_with_a_fresh_claim(status: str, level: str) -> None:
    expected = TABLE[status][LEVELS.index(level)]

    assert answer_for("RHIT", level, accredited(status, as_of=FRESH))[0] == expected


@pytest.mark.parametrize(("status", "as_of"), list(product(TABLE, [STALE, UNDATED])))
def test_a_stale_or_undated_claim_settles_nothing_for_an_associate_program(
    status: str, as_of: str | None
) -> None:
    assert answer_for("RHIT", "associate", accredited(status, as_of=as_of)) == (
        "unknown",
        "decision 9",
    )


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("associate", "unknown"),
        ("bachelor", "unknown"),
        (None, "unknown"),
        ("master", "no"),
        ("certificate", "no"),
    ],
)
def test_rhit_without_any_claim(level: str | None, expected: str) -> None:
    assert answer_for("RHIT", level)[0] == expected


@pytest.mark.parametrize("cip_code", ["51.0713", "51.0714", "51.0710"])
def test_a_coding_or_billing_certificate_opens_neither(cip_code: str) -> None:
    for code in ("RHIT", "RHIA"):
        found = answer_for(code, "certificate_1_to_2_years", cip_code=cip_code)
        assert found == ("no", "decision 1")


@pytest.mark.parametrize(
    ("claim", "campus", "expected"),
    [
        ({"campus": "Main"}, "Main", "yes"),
        ({"campus": "North"}, "Main", "no"),
        ({"campus": None}, "Main", "unknown"),
        ({"campus": None}, None, "yes"),
        ({"award_level": "associate"}, None, "yes"),
        ({"award_level": "bachelor"}, None, "no"),
        ({"ended_on": "2025-06-30"}, None, "no"),
        ({"ended_on": "2027-06-30"}, None, "yes"),
        ({"through_year": 2025}, None, "unknown"),
        ({"accreditor": "ACICS"}, None, "unknown"),
        ({"scope": "institution"}, None, "unknown"),
    ],
)
def test_the_claim_must_cover_this_campus_and_award(
    claim: dict[str, Any], campus: str | None, expected: str
) -> None:
    claims = accredited(**claim)

    assert answer_for("RHIT", "associate", claims, campus=campus)[0] == expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("bachelor", "yes"),
        ("master", "yes"),
        ("postbaccalaureate_certificate", "yes"),
        ("associate", "no"),
        ("doctorate_research", "no"),
    ],
)
def test_rhia_by_level_when_accredited(level: str, expected: str) -> None:
    assert answer_for("RHIA", level, accredited())[0] == expected


def test_rules_past_their_shelf_life_settle_nothing() -> None:
    """The routes to the RHIT were last read in May 2026: 36 months later they are too old."""
    before, after = date(2029, 4, 30), date(2029, 5, 2)
    claim = accredited(as_of="2029-01-01")

    assert answer_for("RHIT", "associate", claim, today=before)[0] == "yes"
    assert answer_for("RHIT", "associate", claim, today=after)[0] == "unknown"
    assert answer_for("RHIT", "master", today=after)[0] == "unknown"


def test_a_dated_statement_outweighs_an_undated_one() -> None:
    undated = accredited("not_accredited", as_of=None)
    dated = accredited(as_of=FRESH, basis="third_party")

    assert answer_for("RHIT", "associate", undated, dated)[0] == "yes"


levels = st.sampled_from([*AwardLevel, "certificate", None])
claims = st.lists(
    st.builds(
        accredited,
        st.sampled_from(list(TABLE)),
        as_of=st.sampled_from([FRESH, STALE, UNDATED]),
        campus=st.sampled_from([None, "Main", "North"]),
        award_level=st.sampled_from([None, "associate", "bachelor"]),
    ),
    max_size=3,
)


@given(st.sampled_from(sorted(ELIGIBILITY)), levels, claims, st.sampled_from([None, "Main"]))
def test_unknown_is_never_a_no(
    code: str, level: str | None, found: list[AccreditationClaim], campus: str | None
) -> None:
    """A yes needs a fresh claim or a rule that asks for none; a no never rests on silence."""
    facts = ProgramFacts(award_level=level, cip_code="51.0707", campus=campus, accreditation=found)
    table = statuses(code) if code in ("RHIT", "RHIA") else {}
    decision = find_eligibility(ELIGIBILITY[code], table, Candidate(facts), TODAY)
    fresh = any(claim.as_of == FRESH for claim in found)

    assert decision.reason
    if code in ("RHIT", "RHIA") and not fresh:
        # only the award level, which is known, can say no
        assert decision.answer in (Answer.UNKNOWN, Answer.NO)
        assert (decision.answer is Answer.NO) <= (level not in (None, "associate", "bachelor")) or (
            code == "RHIA"
        )
    if decision.answer in (Answer.NOT_YET, Answer.UNKNOWN) and code != "PCS":
        assert decision.changes


def person(code: str, **told: Any) -> str:
    asked = {**told, "holds": frozenset(told["holds"])} if "holds" in told else told
    return str(find_eligibility(ELIGIBILITY[code], {}, Candidate(**asked), TODAY).answer)


def test_a_persons_education_and_experience_are_weighed() -> None:
    diploma = Education.HIGH_SCHOOL

    assert person("CCS", education=diploma) == "yes"
    assert person("CCS") == "unknown"
    assert person("CCS", education=Education.LESS_THAN_HIGH_SCHOOL) == "no"
    assert person("CPC") == "yes"
    assert person("CHDA", education=Education.DOCTORATE, experience_years=40) == "unknown"
    assert person("PCS", education=Education.DOCTORATE) == "no"
    assert person("RHIT", education=Education.DOCTORATE, experience_years=40) == "unknown"


def test_experience_that_is_not_enough_yet_is_not_yet() -> None:
    rules = {
        "any_of": [
            {
                "route": "1",
                "text": "Associate degree and 4 years.",
                "decides": True,
                "as_of": "2026",
                "all_of": [
                    {"kind": "education", "at_least": "associate"},
                    {"kind": "experience_years", "field": "privacy", "at_least": 4},
                ],
            }
        ]
    }

    def told(**fields: Any) -> str:
        return str(find_eligibility(rules, {}, Candidate(**fields), TODAY).answer)

    associate = Education.ASSOCIATE
    assert told(education=associate, experience_years=4) == "yes"
    assert told(education=associate, experience_years=3.9) == "not_yet"
    assert told(education=associate) == "unknown"
    assert told(education=Education.HIGH_SCHOOL, experience_years=9) == "no"


def get(client: TestClient, status: int = 200, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/eligibility", params=params)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def test_the_answer_names_rule_reason_and_whom_to_ask(seeded_client: TestClient) -> None:
    slug = "sinclair-community-college-510707-associate"
    found = get(seeded_client, program=slug, credential="rhit", as_of="2026-11-24")

    assert (found["answer"], found["rule"]) == ("unknown", "decision 9")
    assert found["standing"]["accreditation"] == "unknown"
    assert found["what_would_change"][0]["whom"] == "program director"
    assert [route["answer"] for route in found["routes"]] == ["unknown", "no", "no"]
    assert found["routes"][2]["conflicting"] is True
    assert found["claims_url"] == "/v1/credentials/RHIT"
    assert {"third-party-credential-pages"} <= set(found["sources"])


def test_a_bachelors_program_is_told_of_the_rhia(seeded_client: TestClient) -> None:
    slug = "illinois-state-university-510706-bachelor"
    found = get(seeded_client, program=slug, credential="RHIT", as_of="2026-11-24")

    assert found["answer"] == "unknown"
    assert found["answer_instead"]["credential"] == "RHIA"
    assert found["answer_instead"]["answer"] in {"unknown", "yes"}


def test_every_credential_answers_for_every_kind_of_program(seeded_client: TestClient) -> None:
    codes = [item["code"] for item in seeded_client.get("/v1/credentials").json()["items"]]
    slugs = [
        "sinclair-community-college-510707-associate",
        "illinois-state-university-510706-bachelor",
        "academy-of-allied-health-careers-510713-certificate-under-1-year",
    ]
    for code, slug in product(codes, [None, *slugs]):
        params = {"credential": code, **({"program": slug} if slug else {})}
        assert get(seeded_client, **params)["answer"] in set(Answer)


@pytest.mark.parametrize(
    ("params", "parameter", "suggestion"),
    [
        ({"credential": "Health Information Tecnician"}, "credential", "RHIT"),
        ({"credential": "RHIT", "holds": "Tumor registrar"}, "holds", "ODS"),
        (
            {"credential": "RHIT", "program": "sinclair-community-college-510707-asociate"},
            "program",
            "sinclair-community-college-510707-associate",
        ),
        ({"credential": "RHIT", "education": "phd"}, "education", None),
        ({}, "credential", None),
    ],
)
def test_bad_parameters_are_named(
    seeded_client: TestClient, params: dict[str, Any], parameter: str, suggestion: str | None
) -> None:
    problem = get(seeded_client, 422, **params)

    assert problem["errors"][0]["parameter"] == parameter
    if suggestion:
        assert problem["errors"][0]["suggestion"] == suggestion


def test_a_former_name_is_understood(seeded_client: TestClient) -> None:
    assert get(seeded_client, credential="CTR")["credential"] == "ODS"


SCHOOLCRAFT = "schoolcraft-community-college-district-510707-associate"
BILLING = "carrington-college-las-vegas-510714-certificate-1-to-2-years"


def checks_of(checklist: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {check["key"]: check for part in checklist["criteria"] for check in part["checks"]}


def test_a_page_that_names_no_campus_gives_a_yes_with_that_condition(
    seeded_client: TestClient,
) -> None:
    found = get(seeded_client, program=SCHOOLCRAFT, credential="RHIT")
    checklist = seeded_client.get(f"/v1/programs/{SCHOOLCRAFT}/checklist").json()
    [route, *_] = found["routes"]

    assert (found["answer"], found["standing"]["covers"]) == ("yes", "not_stated")
    assert found["what_would_change"][0]["whom"] == "program director"
    assert route["answer"] == "yes"
    assert checks_of(checklist)["covers_campus_and_level"]["finding"] == "unconfirmed"
    assert checklist["gates"] == []


def test_the_line_that_decided_is_told_in_words_and_stands_where_it_leads(
    seeded_client: TestClient,
) -> None:
    found = get(seeded_client, program=BILLING, credential="RHIT")
    rules = seeded_client.get(found["rule_url"]).json()["eligibility"]

    [line] = [one for one in rules["decision_order"] if f"decision {one['line']}" == found["rule"]]
    assert (found["answer"], line["answer"]) == ("no", "no")
    assert found["rule_text"] == line["text"] == found["reason"]


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        (BILLING, "RHIT"),
        ("aims-community-college-510716-associate", "RHIT"),
        ("harvard-university-512706-doctorate-research", "RHIA"),
    ],
)
def test_what_does_not_lead_to_the_credential_of_its_award_bears_a_gate_everywhere(
    seeded_client: TestClient, slug: str, code: str
) -> None:
    gate = f"not_eligible_{code.lower()}"
    read = seeded_client.get(f"/v1/programs/{slug}").json()
    checklist = seeded_client.get(f"/v1/programs/{slug}/checklist").json()
    compared = seeded_client.get("/v1/comparison", params={"program": [slug, SCHOOLCRAFT]}).json()
    answer = get(seeded_client, program=slug, credential=code)
    [notice] = checklist["gate_notices"]

    assert (read["leads_to"], answer["answer"]) == ({code: "no"}, "no")
    assert read["leads_to_reasons"][0]["reason"] == answer["reason"]
    assert read["gates"] == checklist["gates"] == [gate]
    assert answer["reason"] in notice["message"]
    assert seeded_client.get(notice["url"]).json()["credential"] == code
    assert [one["gates"] for one in compared["checklists"]] == [[gate], []]
    assert checks_of(checklist)["program_accredited"]["finding"] == "not_applicable"


@pytest.mark.parametrize(
    ("body", "gates", "finding"),
    [
        (
            {"award_level": "master", "answers": {"program_accredited": "not_met"}},
            ["not_eligible_rhia"],
            "not_met",
        ),
        (
            {"award_level": "associate", "answers": {"program_accredited": "not_met"}},
            ["not_eligible_rhit"],
            "not_met",
        ),
        ({"award_level": "certificate_under_1_year"}, ["not_eligible_rhit"], "not_applicable"),
        ({"award_level": "associate"}, [], "unknown"),
        ({"program": SCHOOLCRAFT, "answers": {"program_accredited": "not_met"}}, None, "not_met"),
    ],
)
def test_gates_follow_from_the_award_and_what_a_reader_found_out(
    seeded_client: TestClient, body: dict[str, Any], gates: list[str] | None, finding: str
) -> None:
    checklist = seeded_client.post("/v1/checklists", json=body).json()

    assert checklist["gates"] == (["not_eligible_rhit"] if gates is None else gates)
    assert [notice["code"] for notice in checklist["gate_notices"]] == checklist["gates"]
    assert checks_of(checklist)["program_accredited"]["finding"] == finding


def test_a_masters_in_health_administration_is_asked_for_its_own_accreditor(
    seeded_client: TestClient,
) -> None:
    field = {"cip_code": "51.0701", "award_level": "master", "limit": 1}
    [item] = seeded_client.get("/v1/programs", params=field).json()["items"]
    checklist = seeded_client.get(f"/v1/programs/{item['slug']}/checklist").json()

    check = checks_of(checklist)["program_accredited"]
    assert check["finding"] == item["accreditation"] == "unknown"
    assert "CAHME" in check["question"]
    assert [check["question"]] == [
        asked["ask"] for asked in checklist["questions"] if asked["check"] == "program_accredited"
    ]
