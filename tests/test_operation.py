"""Schools that have closed, merged or left federal aid: told everywhere, and left out of lists."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import AccreditationClaim, OfferingClaim, StatusClaim
from app.domain.vocabulary import Basis, Level
from app.errors import ImportFileError
from app.store.rows import Tally
from tests.importing import import_files
from tests.making import GOVERNMENT, add_program, evidence, publish

SUCCESSOR = {"unitid": 100_001, "name": "Open College", "link": "/v1/institutions/100001"}


def of_school(kind: type[Any], **fields: Any) -> Any:
    said = evidence(Level.INSTITUTION, source=GOVERNMENT, basis=Basis.GOVERNMENT_DATA)
    return kind(**said | {"as_of": "2024-25", "source_url": None} | fields)


@pytest.fixture
def schools(session: Session) -> None:
    """An open school with a paused program beside it, and four that are not open."""
    aid = {"scope": "institution", "accreditor": "US Department of Education"}
    standing = {
        "open": [
            of_school(StatusClaim, status="open", is_cash_monitored=True),
            of_school(AccreditationClaim, status="not_title_iv", **aid),
        ],
        "closed": [
            of_school(StatusClaim, status="open"),
            of_school(StatusClaim, status="closed", as_of="2023-24", closed_on="2024-10-31"),
        ],
        "merged": [
            of_school(
                StatusClaim,
                status="merged",
                successor_unitid=100_001,
                successor_name="Open College",
            )
        ],
        "closing": [of_school(StatusClaim, status="closed", closed_on="2090-06-30")],
        "unknown": [],
    }
    for number, (name, claims) in enumerate(standing.items(), start=100_001):
        fields = {"unitid": number}
        add_program(session, name, school=f"{name}-college", school_fields=fields, claims=claims)
    paused = [OfferingClaim(enrollment_status="paused", **evidence())]
    add_program(session, "paused", school="open-college", claims=paused)
    publish(session)


def get(client: TestClient, path: str, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def slugs(page: Any) -> set[str]:
    return {item["slug"] for item in page["items"]}


@pytest.mark.usefixtures("schools")
def test_lists_leave_out_closed_schools_and_say_how_many(client: TestClient) -> None:
    page = get(client, "/v1/programs", facets="status")
    schools = get(client, "/v1/institutions", facets="status")

    assert slugs(page) == {"open", "paused", "unknown"}
    assert page["total"] == 3
    assert page["left_out"] == {"closed": 1, "closing": 1, "merged": 1}
    counts = {one["value"]: one["count"] for one in page["facets"]["status"]}
    assert counts == {
        **dict.fromkeys(("closed", "closing", "merged", "open", "paused"), 1),
        "unknown": 1,
    }
    assert "data-left-out" in client.get("/?sort=institution").text
    assert slugs(schools) == {"open-college", "unknown-college"}
    assert schools["left_out"] == page["left_out"]
    assert {item["slug"]: item["status"] for item in schools["items"]} == {
        "open-college": "open",
        "unknown-college": None,
    }


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"status": "closed"}, {"closed"}),
        ({"status": ["closed", "merged"]}, {"closed", "merged"}),
        ({"status": "open"}, {"open"}),
        ({"status_is": "unknown"}, {"unknown"}),
        ({"exclude_status": ["closed", "paused"]}, {"open", "merged", "closing", "unknown"}),
        ({"q": "merged college"}, {"open", "paused"}),  # of the school that took it over
        ({"q": "merged college", "status": "merged"}, {"merged"}),
    ],
)
def test_they_are_found_by_who_asks_for_them(
    client: TestClient, params: dict[str, Any], found: set[str]
) -> None:
    page = get(client, "/v1/programs", **params)

    assert slugs(page) == found
    assert bool(page.get("left_out")) is (params == {"q": "merged college"})
    assert get(client, "/v1/programs", **params, fields="status")["total"] == len(found)


@pytest.mark.usefixtures("schools")
def test_every_answer_on_a_closed_school_says_so_with_who_says_it(client: TestClient) -> None:
    program = get(client, "/v1/programs/closed")
    school = get(client, "/v1/institutions/100002")

    for told in (program["institution"], school):
        assert (told["status"], told["is_active"], told["closed_on"]) == (
            "closed",
            False,
            "2024-10-31",
        )
        assert [one["as_of"] for one in told["status_evidence"]] == ["2023-24"]
    assert program["status"] == "closed"
    assert {claim["status"] for claim in school["statuses"]} == {"open", "closed"}
    linked = client.get("/v1/programs/closed.jsonld").json()
    assert "Ceased" in json.dumps(linked["ceterms:lifeCycleStatusType"])
    for page in ("/programs/closed", "/institutions/100002"):
        assert 'data-status="closed"' in client.get(page).text
    [row] = [
        row
        for row in get(client, "/v1/comparison", program=["closed", "open"])["rows"]
        if row["key"] == "status"
    ]
    assert [value["value"] for value in row["values"]] == ["closed", "open"]


@pytest.mark.usefixtures("schools")
def test_a_merged_school_leads_to_the_one_that_it_is_part_of(client: TestClient) -> None:
    school = get(client, "/v1/institutions/100003")
    found = get(client, "/v1/lookup", unitid=100_003)

    assert (school["status"], school["merged_into"]) == ("merged", SUCCESSOR)
    assert [item["key"] for item in found["items"]] == ["100003", "100001"]
    assert [item["is_exact"] for item in found["items"]] == [True, False]
    assert [item["status"] for item in found["items"]] == ["merged", "open"]
    assert found["items"][0]["merged_into"] == SUCCESSOR


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize(
    ("program", "codes", "words"),
    [
        ("open", {"not_in_title_iv", "heightened_cash_monitoring"}, ["2024-25"]),
        ("paused", {"closed_or_paused", "not_in_title_iv", "heightened_cash_monitoring"}, []),
        ("closed", {"closed_or_paused"}, ["2024-10-31", "2023-24"]),
        ("merged", {"closed_or_paused"}, ["Open College", "2024-25"]),
        ("closing", {"closed_or_paused"}, ["2090-06-30", "2024-25"]),
        ("unknown", set(), []),
    ],
)
def test_the_checklist_warns_of_schools_that_are_not_open(
    client: TestClient, program: str, codes: set[str], words: list[str]
) -> None:
    checklist = get(client, f"/v1/programs/{program}/checklist")

    ours = {"closed_or_paused", "not_in_title_iv", "heightened_cash_monitoring"}
    warnings = {one["code"]: one for one in checklist["warnings"] if one["code"] in ours}
    assert warnings.keys() == codes
    assert all(one["evidence"] for one in warnings.values())
    told = " ".join(one["message"] for one in warnings.values())
    assert all(word in told for word in words)
    [check] = [
        check
        for criterion in checklist["criteria"]
        for check in criterion["checks"]
        if check["key"] == "institution_accredited"
    ]
    assert check["finding"] == "unknown"  # no federal aid is not "not accredited"


@pytest.mark.usefixtures("schools")
def test_alternatives_are_of_schools_that_are_open(client: TestClient) -> None:
    assert slugs(get(client, "/v1/programs/closed/similar")) == {"open", "unknown"}


def test_the_seed_tells_of_every_school_that_federal_data_call_closed(
    seeded_client: TestClient,
) -> None:
    """34 programs of 18 schools (CURROPER 0 in 2023-24), 38 of 20 without federal aid."""
    gone = get(seeded_client, "/v1/programs", status=["closed", "merged"], limit=100)
    schools = get(seeded_client, "/v1/institutions", status=["closed", "merged"], limit=100)

    assert (gone["total"], schools["total"]) == (34, 18)
    assert get(seeded_client, "/v1/programs")["left_out"] == {"closed": 16, "merged": 18}
    days = {203_331: "2024-10-31", 218_238: "2025-05", 449_445: "2024-07-30", 165_644: None}
    for number, day in days.items():
        school = get(seeded_client, f"/v1/institutions/{number}")
        told = (school["status"], school["is_active"], school["closed_on"])
        assert told == ("closed", False, day)
        assert all(one["source_url"] for one in school["status_evidence"])
    former = get(seeded_client, "/v1/institutions/500139")
    assert former["merged_into"]["unitid"] == 243_780


def test_editors_tell_of_closings_that_they_read_of(
    engine: Engine, session: Session, tmp_path: Path
) -> None:
    add_program(session, "him", school_fields={"unitid": 100_001})
    session.commit()
    report = {"status": "closed", "closed_on": "2025-05", "as_of": "2025-04-29"}
    page = {"source_url": "https://news.example/closing"}
    path = tmp_path / "school_statuses.json"

    def bring_in(**other: object) -> Tally:
        reports = [{"unitid": number, **report, **page, **other} for number in (100_001, 999_999)]
        path.write_text(json.dumps(reports))
        return import_files(engine, path)["school-statuses"]

    assert (bring_in().added, len(bring_in().reasons)) == (1, 1)  # one school is not known
    assert bring_in(closed_on="2025-06").changed == 1
    with pytest.raises(ImportFileError, match="neither a date"):
        bring_in(closed_on="in spring")
