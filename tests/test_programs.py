"""Programs over HTTP: search, one record, its checklist and claims."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import (
    OfferingClaim,
    OutcomeClaim,
    PreparationClaim,
    ServiceClaim,
)
from app.store.rows import ClaimTarget, reconcile_claims
from tests.making import (
    GOVERNMENT,
    NOW,
    accredited,
    add_program,
    evidence,
    price,
    publish,
)

pytestmark = pytest.mark.engines_in_turn


def slugs(client: TestClient, **params: Any) -> list[str]:
    answer = client.get("/v1/programs", params=params)
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


OPEN = {"low": 0.0, "likely": 0.0, "high": 100.0, "coverage": 0.0}


def test_a_list_item_says_what_is_known_and_null_where_nothing_is(
    client: TestClient, session: Session
) -> None:
    add_program(session, "hit", completions={"2022-23": 4, "2023-24": 0})
    publish(session)

    page = client.get("/v1/programs").json()

    assert page["total"] == 1
    assert page["next"] is None
    assert page["release"] == 1
    item = page["items"][0]
    assert item["completions"] == {"academic_year": "2023-24", "count": 0}
    assert item["accreditation"] == "unknown"
    assert item["price"] is None
    assert item["delivery"] is None
    assert item["months"] is None
    assert item["score"] == {**OPEN, "answered": 0, "of": 17}
    assert item["institution"]["state"] == "OH"


def test_a_list_names_every_source_its_items_draw_on(client: TestClient, session: Session) -> None:
    add_program(session, "hit", claims=[price("tuition", 4000)])
    publish(session)

    assert client.get("/v1/programs").json()["sources"] == [GOVERNMENT, "school-pages"]


def test_filters_narrow_and_repeating_one_means_any_of(
    client: TestClient, session: Session
) -> None:
    add_program(session, "a-oh", school="oh-college")
    add_program(session, "b-wa", school="wa-college", school_fields={"state": "WA"})
    add_program(
        session, "c-tx", school="tx-college", school_fields={"state": "TX", "control": None}
    )
    publish(session)

    assert slugs(client, state="WA") == ["b-wa"]
    assert slugs(client, state=["OH", "WA"]) == ["a-oh", "b-wa"]
    assert slugs(client, state=["OH", "TX"], control="public") == ["a-oh"]


def test_certificate_means_every_award_below_associate(
    client: TestClient, session: Session
) -> None:
    add_program(session, "a", award_level="certificate_under_1_year")
    add_program(session, "b", award_level=None, award_group="certificate", cip_code=None)
    add_program(session, "c", award_level="postbaccalaureate_certificate")
    publish(session)

    assert slugs(client, award_level="certificate") == ["a", "b"]
    assert slugs(client, award_level="certificate_under_1_year") == ["a"]


@pytest.mark.parametrize(
    ("cip_code", "found"),
    [("51.0707", ["hit"]), ("51.07", ["coding", "hit"]), ("510713", ["coding"]), ("51", 3)],
)
def test_cip_codes_series_and_families_match(
    client: TestClient, session: Session, cip_code: str, found: list[str] | int
) -> None:
    add_program(session, "hit", cip_code="51.0707")
    add_program(session, "coding", cip_code="51.0713")
    add_program(session, "informatics", cip_code="51.2706")
    publish(session)

    matched = slugs(client, cip_code=cip_code, sort="name")

    assert len(matched) == found if isinstance(found, int) else sorted(matched) == found


def test_delivery_accreditation_and_credential_filter(client: TestClient, session: Session) -> None:
    add_program(
        session,
        "a",
        claims=[
            OfferingClaim(delivery=["online", "campus"], **evidence()),
            PreparationClaim(credential_code="RHIT", **evidence()),
            accredited(),
        ],
    )
    add_program(
        session,
        "b",
        award_level="bachelor",
        claims=[OfferingClaim(delivery=["hybrid"], **evidence())],
    )
    publish(session)

    assert slugs(client, delivery="online") == ["a"]
    assert slugs(client, delivery=["online", "hybrid"]) == ["a", "b"]
    assert slugs(client, accreditation="met") == ["a"]
    assert slugs(client, accreditation="unknown") == ["b"]
    assert slugs(client, credential="rhit") == ["a"]


def test_a_school_that_teaches_only_at_a_distance_makes_its_programs_online(
    client: TestClient, session: Session
) -> None:
    claim = ServiceClaim(
        service="all_programs_distance",
        is_offered=True,
        **evidence("institution", source=GOVERNMENT, basis="government_data", as_of="2024-25"),
    )
    add_program(session, "a", claims=[claim])
    publish(session)

    assert slugs(client, delivery="online") == ["a"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("columbus", ["a"]),
        ("Ohio", ["a"]),
        ("health information", ["b", "a"]),
        ("INFORMATION seattle", ["b"]),
        ("technology", ["b", "a"]),
        ("nothing like it", []),
        ("%", []),
        ("__", []),
        ("rhit", ["a", "b"]),
        ("saint pauls college", ["b"]),
        ("st. paul's college", ["b"]),
    ],
)
def test_words_are_looked_for_in_names_places_and_credentials(
    client: TestClient, session: Session, q: str, found: list[str]
) -> None:
    add_program(session, "a", claims=[PreparationClaim(credential_code="RHIT", **evidence())])
    add_program(
        session,
        "b",
        school="saint-pauls-college",
        school_fields={
            "unitid": 100_001,
            "city": "Seattle",
            "state": "WA",
            "name": "Saint Paul's College",
        },
    )
    publish(session)

    answer = client.get("/v1/programs", params={"q": q})

    if len(q) < 2:
        assert answer.status_code == 422
    else:
        assert [item["slug"] for item in answer.json()["items"]] == found


def test_sorting_puts_unknowns_last_in_both_directions(
    client: TestClient, session: Session
) -> None:
    add_program(session, "few", completions={"2023-24": 2})
    add_program(session, "none-known", cip_code="51.0713")
    add_program(session, "many", cip_code="51.0706", completions={"2023-24": 9})
    publish(session)

    assert slugs(client, sort="completions") == ["few", "many", "none-known"]
    assert slugs(client, sort="-completions") == ["many", "few", "none-known"]


def test_pages_by_cursor_show_every_row_once_in_order(client: TestClient, session: Session) -> None:
    for at in range(7):
        counts = {"2023-24": at % 3} if at % 2 else {}
        add_program(session, f"p-{at}", campus=f"{at}", completions=counts)
    publish(session)

    whole = slugs(client, sort="-completions", limit=100)
    walked, cursor = [], None
    while True:
        params = {"sort": "-completions", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get("/v1/programs", params=params).json()
        walked += [item["slug"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert walked == whole
    assert len(walked) == 7


def test_a_cursor_of_another_query_or_a_damaged_one_is_refused(
    client: TestClient, session: Session
) -> None:
    for at in range(3):
        add_program(session, f"p-{at}", campus=f"{at}")
    publish(session)
    cursor = client.get("/v1/programs", params={"limit": 1}).json()["next"]

    other = client.get("/v1/programs", params={"limit": 1, "state": "OH", "cursor": cursor})
    damaged = client.get("/v1/programs", params={"limit": 1, "cursor": cursor[:-3] + "AAA"})

    assert other.status_code == 422
    assert other.json()["errors"][0]["parameter"] == "cursor"
    assert damaged.status_code == 422


def test_retired_programs_leave_the_list_and_keep_their_address(
    client: TestClient, session: Session
) -> None:
    add_program(session, "gone", retired_at=NOW, retired_reason="not in the newest year")
    publish(session)

    assert slugs(client) == []
    assert client.get("/v1/programs/gone").json()["retired_reason"] == "not in the newest year"


def test_a_program_that_was_found_to_be_another_leads_there(
    client: TestClient, session: Session
) -> None:
    add_program(session, "here")
    add_program(session, "gone", retired_at=NOW, moved_to="here")
    publish(session)

    read = client.get("/v1/programs/gone").json()
    page = client.get("/programs/gone?lang=es", follow_redirects=False)

    assert read["moved_to"] == {"slug": "here", "link": "/v1/programs/here"}
    assert (page.status_code, page.headers["location"]) == (308, "/programs/here?lang=es")


def test_weights_change_the_scores_shown_and_their_order(
    client: TestClient, session: Session
) -> None:
    add_program(session, "priced", claims=[price("tuition", 4000)])
    add_program(session, "accredited", cip_code="51.0706", claims=[accredited()])
    publish(session)

    by_cost = client.get(
        "/v1/programs", params={"sort": "-score", "weights": "cost_transparency:1"}
    ).json()
    by_accreditation = slugs(client, sort="-score", weights="accreditation:1")

    assert [item["slug"] for item in by_cost["items"]] == ["priced", "accredited"]
    verified = {"low": 20.0, "likely": 20.0, "high": 100.0, "coverage": 0.2}
    assert by_cost["items"][0]["score"] == {**verified, "answered": 1, "of": 17}
    assert by_accreditation == ["accredited", "priced"]


def test_weights_that_make_no_sense_name_the_parameter(client: TestClient) -> None:
    answer = client.get("/v1/programs", params={"weights": "price:1"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "weights"


def test_one_program_shows_every_fact_with_evidence_and_standing(
    client: TestClient, session: Session
) -> None:
    add_program(
        session,
        "a",
        completions={"2023-24": 5},
        claims=[
            price("tuition", 4000, as_of="2024-25"),
            price("tuition", 4500, as_of="2025-26"),
            OutcomeClaim(
                metric="retention_rate",
                unit="percent",
                value=None,
                value_status="withheld",
                **evidence("institution"),
            ),
        ],
    )
    publish(session)

    program = client.get("/v1/programs/a").json()

    assert [(c["amount_low_usd"], c["standing"]) for c in program["costs"]] == [
        (4500.0, "current"),
        (4000.0, "conflicting"),
    ]
    assert program["costs"][0]["evidence"] == {
        "source": "school-pages",
        "source_url": "https://school.example/page",
        "as_of": "2025-26",
        "basis": "stated_by_institution",
        "as_stated": None,
        "stale": False,
        "expires_on": "2031-06-30",
        "checked_on": None,
        "words_sha256": None,
    }
    assert program["outcomes"][0]["value"] is None
    assert program["outcomes"][0]["value_status"] == "withheld"
    assert program["all_completions"][0]["evidence"]["source"] == GOVERNMENT
    assert set(program["sources"]) == {"school-pages", GOVERNMENT}


def test_claims_keep_what_was_superseded(client: TestClient, session: Session) -> None:
    program = add_program(session, "a", claims=[price("tuition", 4000)])
    newer = price("tuition", 4200)
    reconcile_claims(
        session, type(newer), newer.source, [(ClaimTarget(program_id=program.id), newer)], now=NOW
    )
    publish(session)

    items = client.get("/v1/programs/a/claims").json()["items"]
    only_old = client.get("/v1/programs/a/claims", params={"standing": "superseded"}).json()
    history = client.get("/v1/programs/a/history").json()
    past = [item for item in items if item["standing"] in ("superseded", "conflicting")]
    assert history["items"] == past != []

    assert [(c["amount_low_usd"], c["standing"]) for c in items] == [
        (4200.0, "current"),
        (4000.0, "superseded"),
    ]
    assert items[1]["superseded_at"] is not None
    assert only_old["total"] == 1


def test_the_schools_accreditation_is_on_the_level_of_the_school(
    client: TestClient, session: Session
) -> None:
    claims = [
        accredited(),
        accredited(accreditor="Higher Learning Commission", scope="institution"),
    ]
    add_program(session, "a", claims=claims)
    publish(session)

    read = client.get("/v1/programs/a").json()
    history = client.get("/v1/programs/a/claims").json()["items"]

    for told in (read["accreditations"], history):
        found = {claim["accreditor"]: (claim["level"], claim["standing"]) for claim in told}
        assert found == {
            "CAHIIM": ("program", "current"),
            "Higher Learning Commission": ("institution", "current"),
        }


def test_a_checklist_has_score_checks_evidence_and_questions(
    client: TestClient, session: Session
) -> None:
    add_program(
        session,
        "a",
        claims=[
            accredited("not_accredited"),
            price("tuition", 4000, level="institution", as_of="2022-23"),
        ],
    )
    publish(session)

    checklist = client.get("/v1/programs/a/checklist", params={"as_of": "2026-11-24"}).json()

    assert checklist["rubric"] == "2026.2"
    assert checklist["score"]["low"] < checklist["score"]["high"]
    tuition = checklist["criteria"][1]["checks"][0]
    assert tuition["finding"] == "partly_known"
    assert tuition["points"] == 0.5
    assert tuition["possible"] == {"low": 0.5, "likely": 0.5, "high": 1.0}
    assert "$4,000" in tuition["reason"]
    assert tuition["evidence"][0]["as_of"] == "2022-23"
    asked = {question["check"] for question in checklist["questions"]}
    assert "tuition" in asked
    assert "program_accredited" not in asked
    assert [caution["code"] for caution in checklist["warnings"]] == [
        "dated_prices",
        "no_outcomes_published",
    ]


def test_the_same_checklist_asked_of_a_later_day_knows_less(
    client: TestClient, session: Session
) -> None:
    add_program(session, "a", claims=[accredited(), price("tuition", 4000)])
    publish(session)

    now = client.get("/v1/programs/a/checklist", params={"as_of": "2026-11-24"}).json()
    later = client.get("/v1/programs/a/checklist", params={"as_of": "2036-11-24"}).json()

    assert later["score"]["coverage"] < now["score"]["coverage"]
    assert later["score"]["low"] <= now["score"]["low"]
    assert later["score"]["high"] >= now["score"]["high"]
    assert later["criteria"][0]["checks"][0]["evidence"][0]["stale"] is True


def test_answers_all_unknown_score_the_whole_range(client: TestClient) -> None:
    checks = [
        check["key"]
        for criterion in client.get("/v1/rubrics/2026.2").json()["criteria"]
        for check in criterion["checks"]
    ]

    body = {"award_level": "associate", "answers": dict.fromkeys(checks, "unknown")}
    answer = client.post("/v1/checklists", json=body).json()

    assert len(checks) == 17
    assert answer["score"] == OPEN
    assert answer["program"] is None
    assert len({question["ask"] for question in answer["questions"]}) == 17


def test_answers_and_weights_of_the_caller_decide(client: TestClient) -> None:
    body = {
        "answers": {"tuition": "met", "fees": "not_met", "program_accredited": "not_met"},
        "weights": {"cost_transparency": 2},
        "rubric": "2026.1",
    }

    answer = client.post("/v1/checklists", json=body).json()

    assert answer["score"] == {"low": 20.0, "likely": 20.0, "high": 80.0, "coverage": 0.4}
    assert answer["gates"] == ["not_eligible_rhit"]


def test_an_older_version_of_the_rubric_can_be_asked_for(
    client: TestClient, session: Session
) -> None:
    claims = [accredited(as_of=None), price("tuition", 4000, level="institution")]
    add_program(session, "a", claims=claims)
    publish(session)

    # accreditation and standing undated: 1 of 4; tuition of the whole school 1/2 of 5
    first = client.get("/v1/programs/a/checklist", params={"rubric": "2026.1"}).json()
    newest = client.get("/v1/programs/a/checklist").json()
    body = {"program": "a", "rubric": "2026.1", "answers": {"tuition": "met"}}
    answered = client.post("/v1/checklists", json=body).json()

    assert first["rubric"] == answered["rubric"] == "2026.1"
    assert first["score"]["low"] == first["score"]["likely"] == round((37.5 + 10) / 4, 1)
    assert first["score"]["high"] < 100
    assert newest["score"]["low"] == round(10 / 4, 1)
    assert newest["score"]["likely"] == round((75 + 10) / 4, 1)
    assert newest["score"]["high"] == 100
    assert answered["score"]["low"] == round((37.5 + 20) / 4, 1)


@pytest.mark.parametrize(
    ("award_level", "cip_code"),
    [
        ("certificate_under_1_year", "51.0713"),
        ("certificate", "51.0714"),
        ("associate", "51.0707"),
        ("bachelor", "51.0706"),
        ("master", "51.2706"),
    ],
)
def test_the_same_applies_to_a_program_of_the_catalogue_and_to_one_that_is_described(
    client: TestClient, session: Session, award_level: str, cip_code: str
) -> None:
    level = None if award_level == "certificate" else award_level
    add_program(session, "a", award_level=level, award_group=award_level, cip_code=cip_code)
    publish(session)

    listed = client.get("/v1/programs/a/checklist").json()
    body = {"award_level": award_level, "cip_code": cip_code}
    described = client.post("/v1/checklists", json=body).json()

    assert findings(listed) == findings(described)
    assert listed["score"] == described["score"]
    assert listed["summary"] == described["summary"]


def findings(checklist: dict[str, Any]) -> dict[str, str]:
    return {c["key"]: c["finding"] for k in checklist["criteria"] for c in k["checks"]}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"rubric": "2026.9"}, "#/rubric"),
        ({"rubric": "2026.1", "answers": {"tuition": "partly_known"}}, "#/answers/tuition"),
        ({"cip_code": "51.07"}, "#/cip_code"),
        ({"answers": {"tution": "met"}}, "#/answers/tution"),
        ({"answers": {"tuition": "yes"}}, "#/answers/tuition"),
        ({"award_level": "phd"}, "#/award_level"),
        ({"weights": {"accreditation": 0}}, "#/weights"),
        ({"wieghts": {}}, "#/wieghts"),
    ],
)
def test_wrong_answers_are_named_by_pointer(
    client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/v1/checklists", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        ("yes", "met"),
        (" No", "not_met"),
        (True, "met"),
        (False, "not_met"),
        ("n/a", "not_applicable"),
    ],
)
def test_an_everyday_answer_is_refused_with_the_finding_it_means(
    client: TestClient, answer: Any, finding: str
) -> None:
    body = {"answers": {"tuition": answer}}

    [fault] = client.post("/v1/checklists", json=body).json()["errors"]

    assert fault["suggestion"] == finding
    assert "must be one of met, partly_met, not_met" in fault["detail"]
    assert f"Did you mean '{fault['suggestion']}'?" in fault["detail"]


def test_answers_are_taken_for_any_certificate_as_filters_take_them(client: TestClient) -> None:
    answer = client.post("/v1/checklists", json={"award_level": "certificate"})

    assert answer.status_code == 200


def test_an_unknown_program_is_named(client: TestClient, session: Session) -> None:
    add_program(session, "columbus-state-510707-associate")
    publish(session)

    answer = client.get("/v1/programs/columbus-state-510707-asociate")

    assert answer.status_code == 404
    assert "'columbus-state-510707-asociate'" in answer.json()["detail"]
    assert "Did you mean 'columbus-state-510707-associate'?" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("claim", "standing"),
    [
        (accredited(), "current"),
        (accredited(as_of=None), "unconfirmed"),
        (accredited(as_of="2014-15"), "unconfirmed"),
        (accredited("not_accredited", as_of="2016"), "unconfirmed"),
        (accredited("not_accredited", as_of=None), "current"),
        (accredited(as_of="2020-02-27", through_year=2099), "current"),
    ],
)
def test_a_claim_stands_as_the_check_that_rests_on_it(
    client: TestClient, session: Session, claim: Any, standing: str
) -> None:
    add_program(session, "a", claims=[claim])
    publish(session)

    read = client.get("/v1/programs/a").json()
    history = client.get("/v1/programs/a/claims", params={"standing": standing}).json()
    checklist = client.get("/v1/programs/a/checklist").json()

    assert [one["standing"] for one in read["accreditations"]] == [standing]
    assert [one["standing"] for one in history["items"]] == [standing]
    found = findings(checklist)["program_accredited"]
    assert (found == "unconfirmed") == (standing == "unconfirmed")


def test_evidence_tells_until_when_it_counts_and_the_hash_of_its_words(
    seeded_client: TestClient,
) -> None:
    path = "/v1/programs/schoolcraft-community-college-district-510707-associate/claims"
    told = [claim["evidence"] for claim in seeded_client.get(path).json()["items"]]

    with_words = [one for one in told if one["as_stated"]]
    assert with_words
    for one in with_words:
        assert one["words_sha256"] == sha256(one["as_stated"].encode()).hexdigest()
    assert all(one["words_sha256"] is None for one in told if not one["as_stated"])
    dated = [one for one in told if one["expires_on"]]
    assert dated
    assert all(one["stale"] == (one["expires_on"] < date.today().isoformat()) for one in dated)
