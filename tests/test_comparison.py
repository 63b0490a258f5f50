"""Comparisons: verdicts, what is better, how sure the order is, answers, refusals."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, func, select
from starlette.testclient import TestClient

from app.domain.claims import (
    OfferingClaim,
    OutcomeClaim,
    PracticumClaim,
    PreparationClaim,
    TransferClaim,
)
from app.domain.comparison.cells import ComparableTerms
from app.domain.vocabulary import Section
from tests.making import GOVERNMENT, TODAY, accredited, add_program, evidence, price, publish

pytestmark = pytest.mark.engines_in_turn

YEAR = ComparableTerms(
    year="2023-24", unit="USD per year", residency="in_state", level="institution"
)


# over HTTP


def compare(client: TestClient, *slugs: str, **params: Any) -> Any:
    answer = client.get("/v1/comparison", params={"program": list(slugs), **params})
    assert answer.status_code == 200, answer.text
    return answer.json()


def find_row(comparison: Any, key: str, section: str | None = None) -> Any:
    """Return the first row of a key: that of the fact before that of the check of this name."""
    return next(
        row for row in comparison["rows"] if row["key"] == key and section in (None, row["section"])
    )


def value_of(comparison: Any, key: str, slug: str, section: str | None = None) -> Any:
    [found] = [
        value for value in find_row(comparison, key, section)["values"] if value["program"] == slug
    ]
    return found


FULL = [
    accredited(award_level="associate"),
    price("tuition", 4000),
    price("fees", 500),
    price("books", 900),
    price("technology", 300),
    TransferClaim(kind="policy", is_offered=True, **evidence()),
    TransferClaim(
        kind="articulation", is_offered=True, receiving_institution="Big State", **evidence()
    ),
    TransferClaim(kind="credits_accepted", credits_max=45, **evidence()),
    PracticumClaim(availability="required", hours_low=120, hours_high=120, **evidence()),
    PreparationClaim(credential_code="RHIT", **evidence()),
    OfferingClaim(
        delivery=["online"],
        months_low=18,
        months_high=24,
        credits=64,
        credit_unit="semester",
        **evidence(),
    ),
    OutcomeClaim(
        metric="exam_pass_rate",
        unit="percent",
        value=88,
        credential_code="RHIT",
        cohort="2024",
        **evidence(as_of="2024"),
    ),
]


@pytest.fixture
def two(session: Session) -> None:
    add_program(session, "full", school="full-college", claims=FULL, completions={"2023-24": 12})
    add_program(
        session,
        "bare",
        school="bare-college",
        claims=[
            price("tuition", 3000, level="institution", as_of="2022-23", source=GOVERNMENT),
            PracticumClaim(availability="none", **evidence()),
        ],
        completions={"2022-23": 3},
    )
    publish(session)


@pytest.mark.usefixtures("two")
def test_rows_stand_in_sections_with_value_unit_and_evidence(client: TestClient) -> None:
    found = compare(client, "full", "bare")

    sections = list(dict.fromkeys(row["section"] for row in found["rows"]))
    assert sections == [str(section) for section in Section]
    tuition = find_row(found, "tuition", "cost")
    assert tuition["verdict"] == "not_comparable"
    assert tuition["reason"] == "other year; program against institution level"
    assert tuition["unit"] == "USD per year"
    assert tuition["best"] == []
    assert [value["value"] for value in tuition["values"]] == [4000, 3000]
    assert tuition["values"][0]["display"] == "$4,000 a year"
    assert tuition["values"][0]["evidence"][0]["as_of"] == "2026-01-15"
    assert tuition["values"][0]["terms"]["year"] == "2025-26"


@pytest.mark.usefixtures("two")
def test_keys_are_unique_within_their_section(client: TestClient) -> None:
    found = compare(client, "full", "bare")

    keys = [(row["section"], row["key"]) for row in found["rows"]]
    assert len(keys) == len(set(keys))


@pytest.mark.usefixtures("two")
def test_what_nobody_tells_is_unknown_and_never_loses(client: TestClient) -> None:
    found = compare(client, "full", "bare")

    books = find_row(found, "books", "cost")
    assert (books["verdict"], books["reason"]) == ("unknown", "not known for bare")
    assert books["best"] == []
    assert books["values"][1] == {
        "program": "bare",
        "value": None,
        "kind": None,
        "display": "not known",
        "status": "unknown",
        "stale": False,
        "terms": dict.fromkeys(
            ["year", "population", "unit", "residency", "for_whom", "level", "parts"]
        ),
        "evidence": [],
    }


@pytest.mark.usefixtures("two")
def test_facts_of_a_practicum_do_not_apply_to_a_program_without_one(client: TestClient) -> None:
    found = compare(client, "full", "bare")

    assert value_of(found, "practicum", "bare")["value"] == "none"
    hours = find_row(found, "practicum_hours")
    assert hours["verdict"] == "not_comparable"
    assert hours["reason"] == "does not apply to bare"
    assert find_row(found, "practicum_offered")["best"] == ["full"]


@pytest.mark.usefixtures("two")
def test_awards_of_other_years_do_not_compare(client: TestClient) -> None:
    found = compare(client, "full", "bare")

    assert find_row(found, "completions")["reason"] == "other year"
    assert value_of(found, "completions", "full")["value"] == 12
    assert value_of(found, "completions", "full")["evidence"][0]["source"] == GOVERNMENT


@pytest.mark.usefixtures("two")
def test_everything_else_known_is_told(client: TestClient) -> None:
    found = compare(client, "full", "bare")

    told = {
        key: value_of(found, key, "full")["value"]
        for key in (
            "name",
            "award_level",
            "institution",
            "place",
            "months",
            "credits",
            "articulation",
            "credits_accepted",
            "prepares_for",
            "exam_pass_rate_rhit",
            "program_accreditation",
            "tuition_and_fees",
        )
    }
    assert told == {
        "name": "Health Information Technology",
        "award_level": "associate",
        "institution": "Full College",
        "place": "Columbus, OH",
        "months": {"low": 18, "high": 24},
        "credits": 64,
        "articulation": ["Big State"],
        "credits_accepted": 45,
        "prepares_for": ["RHIT"],
        "exam_pass_rate_rhit": 88,
        "program_accreditation": "accredited",
        "tuition_and_fees": 4500,
    }
    assert value_of(found, "delivery", "full")["value"] == ["online"]
    assert value_of(found, "practicum_hours", "full")["value"] == 120


@pytest.mark.usefixtures("two")
def test_a_clock_moved_on_makes_values_stale_and_rows_unknown(client: TestClient) -> None:
    found = compare(client, "full", "bare", as_of="2036-01-01")

    tuition = value_of(found, "tuition", "full", "cost")
    assert (tuition["value"], tuition["status"], tuition["stale"]) == (4000, "stale", True)
    assert find_row(found, "tuition", "cost")["verdict"] == "unknown"
    assert found["as_of"] == "2036-01-01"


def test_before_the_first_claim_nothing_is_known(client: TestClient, session: Session) -> None:
    for slug in ("a", "b"):
        school = accredited(accreditor="HLC", scope="institution", level="institution")
        add_program(session, slug, school=f"{slug}-college", claims=[*FULL, school])
    publish(session)

    found = compare(client, "a", "b", as_of="2000-01-01")

    for key in ("tuition", "institution_accreditation", "practicum", "prepares_for"):
        assert value_of(found, key, "a")["status"] == "unknown"
    record = client.get("/v1/programs/a", params={"as_of": "2000-01-01"}).json()
    assert (record["costs"], record["accreditations"], record["practicum"]) == ([], [], [])
    claims = client.get("/v1/programs/a/claims", params={"as_of": "2000-01-01"}).json()
    assert {claim["kind"] for claim in claims["items"]} <= {"preparation", "topic"}


def offered(months: int, **fields: Any) -> OfferingClaim:
    return OfferingClaim(months_low=months, months_high=months, **evidence(**fields))


WIDE = {"level": "institution"}


@pytest.mark.parametrize(
    ("claims", "key", "value"),
    [
        # the program's own before the school's, whoever says it
        ([offered(18, **WIDE, basis="government_data"), offered(24)], "months", 24),
        # one that counts before one past its shelf life
        ([offered(18, **WIDE), offered(24, as_of="2012")], "months", 18),
        # the program's own among those past their shelf life, too
        ([offered(18, **WIDE, as_of="2013"), offered(24, as_of="2012")], "months", 24),
        # of the school's accreditors one with a date
        (
            [
                accredited(
                    scope="institution",
                    accreditor=accreditor,
                    **WIDE,
                    as_of=as_of,
                    basis=basis,
                )
                for accreditor, as_of, basis in (
                    ("HLC", None, "stated_by_accreditor"),
                    ("SACSCOC", "2025-01-15", "third_party"),
                )
            ],
            "institution_accreditation",
            "SACSCOC",
        ),
    ],
)
def test_the_claim_that_leads_is_shown(
    client: TestClient, session: Session, claims: list[Any], key: str, value: Any
) -> None:
    for slug, known in (("a", claims), ("b", claims[::-1])):
        add_program(session, slug, school=f"{slug}-college", claims=known)
    publish(session)

    found = compare(client, "a", "b")

    assert [one["value"] for one in find_row(found, key)["values"]] == [value, value]


def test_the_residency_asked_for_decides_which_price_is_shown(
    client: TestClient, session: Session
) -> None:
    for slug, school in (("a", "a-college"), ("b", "b-college")):
        inside = [price("tuition_and_fees", 4000, contains=["tuition", "fees"])]
        outside = price(
            "tuition_and_fees", 9000, residency="out_of_state", contains=["tuition", "fees"]
        )
        add_program(
            session, slug, school=school, claims=[*inside, outside] if slug == "a" else inside
        )
    publish(session)

    inside_row = find_row(compare(client, "a", "b"), "tuition_and_fees")
    outside_row = find_row(compare(client, "a", "b", residency="out_of_state"), "tuition_and_fees")

    assert [value["value"] for value in inside_row["values"]] == [4000, 4000]
    assert inside_row["verdict"] == "same"
    assert [value["value"] for value in outside_row["values"]] == [9000, 4000]
    assert (outside_row["verdict"], outside_row["reason"]) == ("not_comparable", "other residency")


def test_a_resident_of_the_district_pays_the_price_of_the_state_where_there_is_no_other(
    client: TestClient, session: Session
) -> None:
    sums = {"contains": ["tuition", "fees"]}
    add_program(
        session,
        "a",
        school="a-college",
        claims=[
            price("tuition_and_fees", 4000, **sums),
            price("tuition_and_fees", 3000, residency="in_district", **sums),
        ],
    )
    add_program(session, "b", school="b-college", claims=[price("tuition_and_fees", 3500, **sums)])
    publish(session)

    found = find_row(compare(client, "a", "b", residency="in_district"), "tuition_and_fees")

    assert [value["value"] for value in found["values"]] == [3000, 3500]
    assert found["reason"] == "other residency"


@pytest.mark.usefixtures("two")
def test_checklists_stand_side_by_side_under_the_callers_weights(client: TestClient) -> None:
    weights = "accreditation:3,cost_transparency:1"

    found = compare(client, "full", "bare", weights=weights)

    assert found["weights"] == {
        "accreditation": 0.75,
        "cost_transparency": 0.25,
        "transfer_credits": 0,
        "practicum_access": 0,
    }
    for checklist in found["checklists"]:
        path = f"/v1/programs/{checklist['program']}/checklist"
        assert checklist == client.get(path, params={"weights": weights}).json()


@pytest.mark.usefixtures("two")
def test_applying_the_weights_of_a_flip_makes_the_tie(client: TestClient) -> None:
    client_answers = {
        # full: 0, 0 and 1/2, bare: 1, 1 and 0 on three criteria, so that weights decide
        "full": {"program_accredited": "not_met", "good_standing": "not_met"},
        "bare": dict.fromkeys(
            ["program_accredited", "good_standing", "covers_campus_and_level"], "met"
        ),
    }
    body = {"programs": ["full", "bare"], "answers": client_answers}
    [pair, _] = client.post("/v1/comparison", json=body).json()["stability"]
    assert pair["flip"]["moved"] > 0

    again = client.post("/v1/comparison", json={**body, "weights": pair["flip"]["weights"]}).json()

    low, other = (checklist["score"]["low"] for checklist in again["checklists"])
    assert low == pytest.approx(other, abs=0.1)
    assert again["stability"][0]["flip"]["moved"] == pytest.approx(0, abs=1e-6)


@pytest.mark.usefixtures("two")
def test_the_order_of_programs_changes_nothing_but_the_order(client: TestClient) -> None:
    one, other = compare(client, "full", "bare"), compare(client, "bare", "full")

    def unordered(found: Any) -> Any:
        rows = [
            {**row, "values": sorted(row["values"], key=lambda v: v["program"]), "reason": None}
            for row in found["rows"]
        ]
        by_name = {
            name: sorted(found[name], key=lambda item: (item["program"], item.get("over", "")))
            for name in ("stability", "ranks", "checklists", "dominance")
        }
        return {**found, **by_name, "rows": rows, "programs": sorted(found["programs"])}

    assert unordered(one) == unordered(other)


@pytest.mark.parametrize("weights", [{"transfer_credits": 1}, {"accreditation": 1}, None])
def test_gates_stand_under_any_weights(
    seeded_client: TestClient, weights: dict[str, int] | None
) -> None:
    gated, other = (
        f"{school}-community-college-510707-associate" for school in ("owens", "sinclair")
    )
    answers = {gated: {"program_accredited": "not_met"}}
    body = {"programs": [gated, other], "answers": answers, "weights": weights}

    found = seeded_client.post("/v1/comparison", json=body).json()

    assert [checklist["gates"] for checklist in found["checklists"]] == [["not_eligible_rhit"], []]
    assert value_of(found, "gates", gated)["value"] == ["not_eligible_rhit"]


@pytest.mark.usefixtures("two")
def test_answers_change_the_interval_at_once_and_are_not_stored(
    client: TestClient, session: Session
) -> None:
    tables = SQLModel.metadata.sorted_tables
    before = [session.execute(select(func.count()).select_from(t)).scalar() for t in tables]
    plain = compare(client, "full", "bare")
    body = {
        "programs": ["full", "bare"],
        "answers": {"bare": {"refund_policy": "met", "prior_learning": "unknown"}},
    }

    answer = client.post("/v1/comparison", json=body)

    found = answer.json()
    old, new = plain["checklists"][1]["score"], found["checklists"][1]["score"]
    assert new["low"] > old["low"]
    assert new["high"] == old["high"]
    assert new["coverage"] > old["coverage"]
    [check] = [
        check
        for criterion in found["checklists"][1]["criteria"]
        for check in criterion["checks"]
        if check["key"] == "refund_policy"
    ]
    assert (check["finding"], check["reason"]) == ("met", "Answered by the caller.")
    assert check["evidence"] == []
    assert found["checklists"][0] == plain["checklists"][0]
    assert compare(client, "full", "bare") == plain
    session.rollback()
    assert before == [session.execute(select(func.count()).select_from(t)).scalar() for t in tables]


@pytest.mark.usefixtures("two")
def test_an_answer_overrides_what_the_catalogue_knows_but_unknown_takes_nothing_away(
    client: TestClient,
) -> None:
    body = {"programs": ["full", "bare"], "answers": {"full": {"tuition": "not_met"}}}

    found = client.post("/v1/comparison", json=body).json()
    silent = client.post(
        "/v1/comparison",
        json={"programs": ["full", "bare"], "answers": {"full": {"tuition": "unknown"}}},
    ).json()

    assert value_of(found, "tuition", "full", "checklist")["value"] == "not_met"
    assert value_of(silent, "tuition", "full", "checklist")["value"] == "met"


@pytest.mark.usefixtures("two")
def test_answers_can_be_put_on_top_of_one_program(client: TestClient) -> None:
    known_of = client.get("/v1/programs/bare/checklist").json()
    body = {"program": "bare", "answers": {"refund_policy": "met"}}

    found = client.post("/v1/checklists", json=body).json()

    assert found["program"] == "bare"
    assert found["score"]["low"] > known_of["score"]["low"]
    assert client.get("/v1/programs/bare/checklist").json() == known_of


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"program": "bear", "answers": {}}, "#/program"),
        ({"program": "bare", "award_level": "associate"}, "#/award_level"),
    ],
)
def test_a_wrong_program_to_answer_for_is_named(
    client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/v1/checklists", json=body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({}, [None]),
        ({"program": ["full"]}, [None]),
        ({"program": ["full", "full"]}, ["full"]),
        ({"program": ["full", "bear"]}, ["bear"]),
        ({"program": ["full", "bear"], "weights": "price:1"}, ["price:1", "bear"]),
        ({"program": [f"p-{at}" for at in range(9)]}, [None, *(f"p-{at}" for at in range(9))]),
        ({"program": ["full", "bare"], "residency": "abroad"}, ["abroad"]),
        ({"program": ["full", "bare"], "as_of": "soon"}, ["soon"]),
    ],
)
def test_a_choice_that_cannot_be_compared_is_refused_by_name(
    client: TestClient, params: dict[str, Any], named: list[str | None]
) -> None:
    answer = client.get("/v1/comparison", params=params)

    assert answer.status_code == 422
    problem = answer.json()
    assert [error.get("value") for error in problem["errors"]] == named


@pytest.mark.usefixtures("two")
def test_a_misspelt_program_comes_with_the_nearest_one(
    client: TestClient, session: Session
) -> None:
    add_program(session, "columbus-state-510707-associate", school="columbus")
    publish(session)

    answer = client.get(
        "/v1/comparison", params={"program": ["full", "columbus-state-510707-asociate"]}
    )

    [error] = answer.json()["errors"]
    assert error["suggestion"] == "columbus-state-510707-associate"


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"programs": ["full"]}, ["#/programs"]),
        ({"programs": ["full", "bear"]}, ["#/programs/1"]),
        ({"programs": ["full", "full"]}, ["#/programs/0"]),
        ({"weights": {"price": 1}}, ["#/weights"]),
        ({"answers": {"bear": {}}}, ["#/answers/bear"]),
        ({"answers": {"full": {"tution": "met"}}}, ["#/answers/full/tution"]),
        ({"answers": {"full": {"tuition": "yes"}}}, ["#/answers/full/tuition"]),
        ({"anwers": {}}, ["#/anwers"]),
        (
            {"programs": ["full", "bear"], "weights": {"price": 1}, "answers": {"x": {"y": "met"}}},
            ["#/programs/1", "#/weights", "#/answers/x", "#/answers/x/y"],
        ),
    ],
)
def test_a_wrong_body_is_refused_by_pointer(
    client: TestClient, change: dict[str, Any], pointers: list[str]
) -> None:
    answer = client.post("/v1/comparison", json={"programs": ["full", "bare"], **change})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


@pytest.mark.usefixtures("two")
def test_the_answer_names_its_sources_and_day(client: TestClient) -> None:
    found = compare(client, "full", "bare", as_of=TODAY.isoformat())

    assert date.fromisoformat(found["as_of"]) == TODAY
    assert found["release"] == 1
    evidence_sources = {
        item["source"]
        for row_ in found["rows"]
        for value in row_["values"]
        for item in value["evidence"]
    }
    assert evidence_sources <= set(found["sources"])


def test_eight_programs_can_be_compared(client: TestClient, session: Session) -> None:
    slugs = [f"p-{at}" for at in range(8)]
    for slug in slugs:
        add_program(session, slug, school=slug)
    publish(session)

    found = compare(client, *slugs)

    assert found["programs"] == slugs
    assert len(found["stability"]) == 8 * 7
    assert found["tie_bands"] == [slugs]


def test_a_name_is_stated_by_the_page_it_was_read_on(seeded_client: TestClient) -> None:
    page = seeded_client.get(f"/v1/programs/{NAMED_BY_PAGE}").json()["links"]["program_page"]
    rows = seeded_client.get(
        "/v1/comparison", params={"program": [NAMED_BY_PAGE, NAMED_BY_SURVEY]}
    ).json()["rows"]

    said = {
        (row["key"], value["program"]): [
            (one["source"], one["basis"], one["source_url"] == page) for one in value["evidence"]
        ]
        for row in rows
        if row["section"] == "award"
        for value in row["values"]
    }
    assert said["name", NAMED_BY_PAGE] == [("curated-programs", "stated_by_institution", True)]
    assert said["cip_code", NAMED_BY_PAGE] == [("ipeds-c2024-a", "government_data", False)]
    assert said["name", NAMED_BY_SURVEY] == said["cip_code", NAMED_BY_SURVEY]


NAMED_BY_PAGE = "schoolcraft-community-college-district-510707-associate"
NAMED_BY_SURVEY = "sinclair-community-college-510707-associate"
