"""The lookup of any identifier over HTTP."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.occupations import SUCCESSORS
from tests.importing import CIP, ONET, import_files
from tests.making import NOW, add_program, add_school, publish

pytestmark = pytest.mark.engines_in_turn


@pytest.fixture
def schools(session: Session) -> None:
    """A school with a branch, and one that shares nothing with them."""
    add_school(session, "branch", unitid=100002, opeid="00100101")
    add_school(session, "main", unitid=100001, opeid="00100100")
    add_school(session, "other", unitid=100003, opeid="00200100")
    publish(session)


@pytest.mark.usefixtures("schools")
def test_a_unitid_finds_its_school(client: TestClient) -> None:
    answer = client.get("/v1/lookup", params={"unitid": "100001"}).json()

    assert (answer["kind"], answer["key"], answer["match"]) == ("institution", "100001", "one")
    assert answer["items"] == [
        {
            "kind": "institution",
            "key": "100001",
            "name": "Main",
            "url": "/v1/institutions/100001",
            "is_exact": True,
            "status": None,
            "merged_into": None,
            "former_name": None,
            "program_count": None,
        }
    ]
    assert client.get(answer["items"][0]["url"]).status_code == 200


@pytest.mark.parametrize(
    ("asked", "is_exact", "until"),
    [("the new college", True, None), ("OLD Cöllege", False, "2019-20"), ("nc", False, None)],
)
def test_a_school_is_found_by_names_of_today_and_of_older_editions(
    client: TestClient, session: Session, asked: str, is_exact: bool, until: str | None
) -> None:
    former = [{"name": "Old College", "until": "2019-20"}]
    add_school(session, "new-college", unitid=100001, aliases=["NC"], former_names=former)
    add_school(session, "another", unitid=100002)
    publish(session)

    [item] = client.get("/v1/lookup", params={"school": asked}).json()["items"]

    assert (item["key"], item["is_exact"]) == ("100001", is_exact)
    assert item["former_name"] == (until and {"name": "Old College", "until": until})
    assert client.get("/v1/lookup", params={"school": "college"}).status_code == 404
    page = client.get("/institutions/100001").text
    assert page.count("data-former-name") == page.count("data-without-programs") == 1


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize("spelling", ["00100101", "100101", '="00100101"'])
def test_an_opeid_finds_its_school_first_and_then_those_it_shares_six_digits_with(
    client: TestClient, spelling: str
) -> None:
    answer = client.get("/v1/lookup", params={"opeid": spelling}).json()

    assert (answer["key"], answer["match"]) == ("00100101", "several")
    assert [(i["key"], i["is_exact"]) for i in answer["items"]] == [
        ("100002", True),
        ("100001", False),
    ]


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize("spelling", ["001001", "1001", ' ="001001" '])
def test_six_digits_of_an_opeid_find_the_main_campus_and_then_its_branches(
    client: TestClient, spelling: str
) -> None:
    answer = client.get("/v1/lookup", params={"opeid": spelling}).json()

    assert (answer["key"], answer["match"]) == ("00100100", "several")
    assert [(i["key"], i["is_exact"]) for i in answer["items"]] == [
        ("100001", True),
        ("100002", False),
    ]


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize("spelling", [" 100001 ", "00100001", '="100001"'])
def test_a_unitid_is_known_with_zeros_and_signs_around_it(
    client: TestClient, spelling: str
) -> None:
    answer = client.get("/v1/lookup", params={"unitid": spelling}).json()

    assert [item["key"] for item in answer["items"]] == ["100001"]


@pytest.mark.usefixtures("schools")
@pytest.mark.parametrize(
    ("parameter", "value", "near"),
    [("unitid", "100011", "100001"), ("opeid", "00100900", "00100100")],
)
def test_a_key_like_the_one_asked_for_is_named(
    client: TestClient, parameter: str, value: str, near: str
) -> None:
    detail = client.get("/v1/lookup", params={parameter: value}).json()["detail"]

    assert f"Did you mean '{near}'?" in detail


@pytest.mark.parametrize("spelling", ["51.0707", "510707", '"51.0707"'])
def test_a_cip_code_finds_its_title_and_the_programs_on_offer(
    client: TestClient, session: Session, engine: Engine, spelling: str
) -> None:
    import_files(engine, *CIP)
    add_program(session, "on-offer")
    add_program(session, "gone", award_level="bachelor", retired_at=NOW)
    add_program(session, "of-another-field", cip_code="51.0713")
    publish(session)

    answer = client.get("/v1/lookup", params={"cip": spelling}).json()

    [item] = answer["items"]
    assert (item["key"], item["name"]) == ("51.0707", "Health Records Technology")
    assert item["program_count"] == 1
    assert client.get(item["url"]).json()["total"] == 1


def test_a_cip_series_counts_the_programs_of_all_its_codes(
    client: TestClient, session: Session, engine: Engine
) -> None:
    import_files(engine, *CIP)
    add_program(session, "a")
    add_program(session, "b", cip_code="51.0713")
    publish(session)

    [item] = client.get("/v1/lookup", params={"cip": "5107"}).json()["items"]

    assert (item["key"], item["program_count"]) == ("51.07", 2)


@pytest.mark.parametrize(
    ("text", "key", "title"),
    [
        ("29-2072", "29-2072", "Medical Records Specialists"),
        ("29-2072.00", "29-2072", "Medical Records Specialists"),
        ("15-1211.01", "15-1211.01", "Health Informatics Specialists"),
    ],
)
def test_a_soc_code_finds_its_occupation(
    client: TestClient, engine: Engine, text: str, key: str, title: str
) -> None:
    import_files(engine, *CIP, *ONET)

    [item] = client.get("/v1/lookup", params={"soc": text}).json()["items"]

    assert (item["key"], item["name"]) == (key, title)
    assert client.get(item["url"]).json()["title"] == title


@pytest.mark.parametrize("text", ["29-2071", "292071", "29-2071.00"])
def test_a_code_of_an_older_list_leads_to_those_it_became(
    client: TestClient, engine: Engine, text: str
) -> None:
    import_files(engine, *CIP, *ONET)

    answer = client.get("/v1/lookup", params={"soc": text}).json()

    held = client.get("/v1/occupations", params={"limit": 100}).json()["items"]
    successors = [o["soc_code"] for o in held if o["soc_code"] in ("29-2072", "29-9021")]
    assert (answer["key"], len(successors) > 0) == ("29-2071", True)
    assert [item["key"] for item in answer["items"]] == successors
    assert not any(item["is_exact"] for item in answer["items"])


def test_every_successor_is_followed_by_the_catalogue(seeded_client: TestClient) -> None:
    for old, new in SUCCESSORS.items():
        answer = seeded_client.get("/v1/lookup", params={"soc": old}).json()

        assert [item["key"] for item in answer["items"]] == list(new)


def test_the_federal_forms_find_the_same_school(seeded_client: TestClient) -> None:
    for asked in ({"opeid": "005753"}, {"opeid": "00575300"}, {"unitid": "204945"}):
        answer = seeded_client.get("/v1/lookup", params=asked).json()

        assert [item["key"] for item in answer["items"] if item["is_exact"]] == ["204945"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("unitid", "999999"), ("opeid", "99999999"), ("cip", "99.9999"), ("soc", "29-2071")],
)
def test_an_identifier_nobody_has_is_named(client: TestClient, parameter: str, value: str) -> None:
    answer = client.get("/v1/lookup", params={parameter: value})

    assert answer.status_code == 404
    assert repr(value) in answer.json()["detail"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("unitid", "20222"),
        ("opeid", "123456789"),
        ("opeid", "-2"),
        ("cip", "51.070"),
        ("soc", "29207"),
        ("unitid", ""),
    ],
)
def test_an_identifier_that_cannot_be_read_names_parameter_and_value(
    client: TestClient, parameter: str, value: str
) -> None:
    answer = client.get("/v1/lookup", params={parameter: value})

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["value"]) == (parameter, value)


def test_no_identifier_is_refused_with_the_names_to_choose_from(client: TestClient) -> None:
    answer = client.get("/v1/lookup")

    assert answer.status_code == 422
    assert "unitid, opeid, school, cip, soc" in answer.json()["detail"]


def test_two_identifiers_are_refused_and_both_named(client: TestClient) -> None:
    answer = client.get("/v1/lookup", params={"unitid": "202222", "soc": "29-2072"})

    assert answer.status_code == 422
    assert {error["parameter"] for error in answer.json()["errors"]} == {"unitid", "soc"}
