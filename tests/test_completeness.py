"""What the catalogue knows, counted by hand on made-up programs, and which fields lost."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.claims import CostClaim, OfferingClaim, ServiceClaim
from app.domain.completeness import FillRate
from app.domain.credentials.cells import EXPECTED_FIELDS
from app.domain.vocabulary import ServiceKind
from app.queries.completeness import fill_rates
from app.store.tables.claims import TABLES
from app.store.tables.credentials import Credential, CredentialClaim
from tests.making import (
    GOVERNMENT,
    NOW,
    SCHOOL,
    accredited,
    add_program,
    add_school,
    evidence,
    price,
    publish,
)


def add_credential(session: Session, code: str, **fields: Any) -> None:
    session.add(
        Credential(
            **{
                "code": code,
                "name": code,
                "issuer": "AHIMA",
                "issuer_name": "AHIMA",
                "issuer_url": "https://issuer.example",
                "level": "entry",
                "focus": "coding",
                "summary": "Made up",
                "status": "offered",
                "source": SCHOOL,
                **fields,
            }
        )
    )
    session.flush()


def add_cell(session: Session, code: str, field: str, **fields: Any) -> None:
    session.add(
        CredentialClaim(
            **{
                "credential_code": code,
                "field": field,
                "value_text": "as stated",
                "sayer_kind": "issuer",
                "basis": "stated_by_issuer",
                "origin": "test",
                "source": SCHOOL,
                "recorded_at": NOW,
                **fields,
            }
        )
    )


def test_fields_of_programs_are_counted_over_listed_ones(session: Session) -> None:
    offering = OfferingClaim(delivery=["online"], months_low=12, months_high=24, **evidence())
    add_program(session, "known", url="https://a.example", campus="North", claims=[offering])
    add_program(
        session, "priced", school="other", claims=[price("tuition", 900), price("fees", 100)]
    )
    add_program(session, "bare", cip_code=None, award_level=None, award_group="certificate")
    add_program(session, "gone", url="https://b.example", campus="South", retired_at=NOW)
    publish(session)

    rates = fill_rates(session)

    assert rates["programs.campus"] == FillRate(1, 3)
    assert rates["programs.url"] == FillRate(1, 3)
    assert rates["programs.cip_code"] == FillRate(2, 3)
    assert rates["programs.award_level"] == FillRate(2, 3)
    assert rates["programs.months"] == FillRate(1, 3)
    assert rates["programs.delivery"] == FillRate(1, 3)
    assert rates["programs.price"] == FillRate(1, 3)
    assert rates["programs.completions"] == FillRate(0, 3)


def test_claims_count_a_program_once_and_only_while_current(session: Session) -> None:
    add_program(session, "two", claims=[price("tuition", 900), price("books", 50), accredited()])
    add_program(session, "old", claims=[price("tuition", 800)])
    add_program(session, "gone", claims=[price("tuition", 700)], retired_at=NOW)
    costs: Any = TABLES[CostClaim]
    old = session.exec(select(costs).where(costs.amount_low_cents == 80_000)).one()
    old.superseded_at = NOW + timedelta(days=1)
    publish(session)

    rates = fill_rates(session)

    assert rates["program_claims.cost"] == FillRate(1, 2)
    assert rates["program_claims.accreditation"] == FillRate(1, 2)
    assert rates["program_claims.practicum"] == FillRate(0, 2)


def test_schools_count_where_they_offer_a_listed_program(session: Session) -> None:
    service = ServiceClaim(
        service=ServiceKind.ALL_PROGRAMS_DISTANCE, is_offered=True, **evidence("institution")
    )
    known = {"unitid": 100001, "website": "https://a.example"}
    add_program(session, "a", school="first", school_fields=known, claims=[service])
    add_program(session, "b", school="second")
    add_program(session, "c", school="second")
    add_school(session, "without-programs", website="https://b.example")
    publish(session)

    rates = fill_rates(session)

    assert rates["institutions.unitid"] == FillRate(1, 2)
    assert rates["institutions.website"] == FillRate(1, 2)
    assert rates["institutions.city"] == FillRate(2, 2)
    assert rates["institution_claims.service"] == FillRate(1, 2)
    assert rates["program_claims.service"] == FillRate(0, 3)


def test_a_cell_is_known_by_its_own_claim_or_a_number_of_the_issuer(session: Session) -> None:
    add_program(session, "any")
    add_credential(session, "AAA")
    add_credential(session, "BBB")
    add_credential(session, "CCC", issuer="OTHER")
    add_credential(session, "OLD", status="retired")
    add_cell(session, "AAA", "exam_fee")
    add_cell(session, "AAA", "exam_fee", qualifier="member")
    add_cell(session, "BBB", "exam_fee", is_contradicted=True)
    add_cell(session, "CCC", "exam_fee", superseded_at=NOW)
    add_cell(session, "OLD", "exam_fee")
    add_cell(session, "ALL-AHIMA", "renewal_cycle_months", value_low=24)
    add_cell(session, "ALL-AHIMA", "exam_items")
    publish(session)

    rates = fill_rates(session)

    assert rates["credentials.exam_fee"] == FillRate(1, 3)
    assert rates["credentials.renewal_cycle_months"] == FillRate(2, 3)
    assert rates["credentials.exam_items"] == FillRate(0, 3)


def test_what_is_known_of_one_state_is_of_its_programs_and_schools_only(
    session: Session, client: TestClient
) -> None:
    add_program(session, "here", campus="North", claims=[accredited()])
    add_program(session, "gone", campus="South", claims=[accredited()], retired_at=NOW)
    for slug in ("there", "too"):
        school = {"state": "MI", "unitid": 100002}
        add_program(session, slug, school="other", school_fields=school, claims=[accredited()])
    publish(session)

    report = client.get("/v1/completeness?state=Ohio").json()

    rates = {
        f"{one['name']}.{field['field']}": (field["known"], field["total"])
        for one in report["collections"]
        for field in one["fields"]
    }
    assert rates["programs.campus"] == (1, 1)
    assert rates["program_claims.accreditation"] == (1, 1)
    assert rates["institutions.unitid"] == (0, 1)
    assert not any(name.startswith("credentials.") for name in rates)
    assert {one["programs"] for one in report["criteria"]} == {1}
    assert sum(one["programs"] for one in report["program_accredited"]) == 1
    assert client.get("/v1/completeness?state=Ohoi").status_code == 422


def test_an_empty_catalogue_knows_no_share(client: TestClient) -> None:
    report = client.get("/v1/completeness").json()

    fields = [field for c in report["collections"] for field in c["fields"]]
    assert {(f["known"], f["total"], f["share"]) for f in fields} == {(0, 0, None)}
    assert {c["mean_coverage"] for c in report["criteria"]} == {None}


def test_the_report_rounds_shares_and_names_sources(session: Session, client: TestClient) -> None:
    for slug in ("a", "b", "c"):
        add_program(session, slug, claims=[accredited()] if slug == "a" else [])
    publish(session)

    report = client.get("/v1/completeness").json()

    collections = {c["name"]: c for c in report["collections"]}
    claims = {f["field"]: f for f in collections["program_claims"]["fields"]}
    findings = {f["finding"]: f["programs"] for f in report["program_accredited"]}
    assert claims["accreditation"] == {
        "field": "accreditation",
        "known": 1,
        "total": 3,
        "share": 0.3333,
    }
    assert findings["unknown"] == 2
    assert sum(findings.values()) == 3
    assert report["sources"] == [GOVERNMENT, SCHOOL]
    assert report["release"] == 1


def test_shares_of_the_catalogue_as_shipped_lie_between_0_and_1(seeded_client: TestClient) -> None:
    report = seeded_client.get("/v1/completeness").json()

    collections = {c["name"]: c for c in report["collections"]}
    shares = [f["share"] for c in report["collections"] for f in c["fields"]]
    assert (collections["programs"]["total"], collections["institutions"]["total"]) == (5048, 1998)
    assert all(0 <= share <= 1 for share in shares)
    assert 0 in shares
    assert [c["key"] for c in report["criteria"]] == [
        "accreditation",
        "cost_transparency",
        "transfer_credits",
        "practicum_access",
    ]
    assert all(0 < c["mean_coverage"] < 1 for c in report["criteria"])
    assert sum(f["programs"] for f in report["program_accredited"]) == 5048


def test_cells_counted_as_known_are_those_that_credentials_show(seeded_client: TestClient) -> None:
    report = seeded_client.get("/v1/completeness").json()
    offered = seeded_client.get("/v1/credentials", params={"status": "offered"}).json()["items"]
    answers = [seeded_client.get(f"/v1/credentials/{item['code']}").json() for item in offered]

    shown = dict.fromkeys(EXPECTED_FIELDS, 0)
    for answer in answers:
        for field in EXPECTED_FIELDS:
            own = [c["current"] for c in answer["cells"] if c["field"] == field]
            shared = [c["current"] for c in answer["issuer_rules"] if c["field"] == field]
            shown[field] += any(own or shared)

    counted = next(c for c in report["collections"] if c["name"] == "credentials")
    assert {f["field"]: f["known"] for f in counted["fields"]} == shown
    assert counted["total"] == len(offered)


def test_a_field_that_nothing_fills_says_why(session: Session, client: TestClient) -> None:
    add_program(session, "him", claims=[accredited(), OfferingClaim(**evidence())])
    add_program(session, "hit", claims=[accredited(campus="Downtown")], campus=None)
    publish(session)

    empty = client.get("/v1/completeness").json()["empty_fields"]

    fields = {(one["collection"], one["field"]): one["reason"] for one in empty}
    assert {("program", "campus"), ("accreditation_claim", "ended_on")} <= fields.keys()
    assert ("offering_claim", "starts_on") in fields  # asked for, and no source tells it
    assert ("accreditation_claim", "campus") not in fields
    assert not {name for name, _ in fields if name == "cost_claim"}  # there are none
    assert all(fields.values())
