"""Searching programs: one table of questions for both engines, and what holds of any question."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.claims import OfferingClaim
from app.domain.places import miles_between
from app.domain.text.cursors import encode_cursor
from app.main import bind, create_app
from app.schemas.filters import FACETS
from app.schemas.programs import SORTS, ProgramQuery
from app.store.tables.programs import Program
from tests.fixtures import Databases
from tests.making import NOW, accredited, add_program, evidence, price, publish

pytestmark = pytest.mark.engines_in_turn

LEVEL = {"award_level": "associate"}
CASES: list[dict[str, Any]] = [
    {},
    {"q": "columbus"},
    {"q": "health information"},
    {"q": "coding online"},
    {"q": "texas coding"},
    {"q": "rhit"},
    {"q": "nobody teaches this"},
    {"q": "sinclar comunity colege"},
    {"q": "medical coding online texas"},
    {"q": "him hawaii", "state": "HI"},
    {"q": "saint phillips"},
    {"q": "45402", "award_level": "associate"},
    {"q": "rhit", "sort": ["relevance", "tuition"]},
    {"q": "coding", "near": "45402"},
    {"q": "coding", "sort": "-score", "weights": "accreditation:1"},
    {"state": "OH"},
    {"state": ["OH", "MI"], "sort": "-score"},
    {"exclude_state": ["OH", "TX", "CA"]},
    {"state": "OH", "exclude_award_level": "certificate"},
    {"near": "45402"},
    {"near": "45402", "within_miles": 20, "include_online": False},
    {"near": "39.96,-82.99", "within_miles": 100, "sort": ["-distance", "name"]},
    {"near": "99501", "within_miles": 5, "include_online": False},
    {"near": "10001", "within_miles": 10, "include_online": False, "sort": ["tuition"]},
    {**LEVEL, "cip_code": "51.0707"},
    {"award_level": "certificate", "sort": ["tuition", "name"]},
    {"award_level": ["bachelor", "master"], "sort": ["-completions"]},
    {"award_level_is": "unknown"},
    {"award_level_is": "known", "state": "WY"},
    {"cip_code": "51.27"},
    {"cip_code": ["51.0707", "51.0713"], "state": "NC"},
    {"exclude_cip_code": "51.07"},
    {"control": "private_for_profit", "sort": ["-tuition"]},
    {"exclude_control": ["public", "private_nonprofit"]},
    {"control_is": "unknown"},
    {"level": "two_year", "exclude_state": "OH", **LEVEL},
    {"level_is": "unknown"},
    {"delivery": "online"},
    {"delivery": ["online", "hybrid"], **LEVEL},
    {"exclude_delivery": "online", "state": "FL"},
    {"delivery_is": "unknown", "state": "VT"},
    {"delivery_is": "known", "sort": ["name"]},
    {"accreditation": "met"},
    {"accreditation": ["partly_met", "not_met"]},
    {"exclude_accreditation": ["unknown", "not_applicable"]},
    {"practicum": "met"},
    {"practicum": "partly_met"},
    {"exclude_practicum": "unknown"},
    {"transfer": "articulation"},
    {"transfer": ["prior_learning", "stackable"], "state": "MN"},
    {"exclude_transfer": "prior_learning", "state": "AZ"},
    {"transfer_is": "unknown", "state": "ME"},
    {"topic": "coding_systems"},
    {"topic": ["ehr_training", "anatomy"], "exclude_topic": "reimbursement"},
    {"topic_is": "known"},
    {"credential": "rhit"},
    {"credential": ["CCS", "CPC"]},
    {"exclude_credential": "RHIT", "credential_is": "known"},
    {"credential_is": "unknown", "state": "DE"},
    {"leads_to": "rhit"},
    {"leads_to": "none", "state": "MI"},
    {"leads_to_is": "unknown", "award_level": "associate", "state": "MI"},
    {"unitid": 202222},
    {"max_tuition_usd": 2500, "sort": ["tuition"]},
    {"min_tuition_usd": 20000, "max_tuition_usd": 30000, **LEVEL},
    {"tuition_is": "unknown"},
    {"max_total_cost_usd": 5000, **LEVEL, "sort": ["total_cost"]},
    {"min_total_cost_usd": 100000, "sort": ["-total_cost"]},
    {"total_cost_is": "unknown", "state": "OR"},
    {"max_months": 12},
    {"min_months": 20, "sort": ["length"]},
    {"months_is": "known"},
    {"min_score": 30, "sort": ["-score", "institution"]},
    {"min_coverage": 0.5, "sort": ["-coverage"]},
    {"min_completions": 200, "sort": ["-completions"]},
    {"completions_is": "unknown"},
    {"updated_since": "2100-01-01"},
    {"state": "OH", "weights": "accreditation:1", "sort": ["-score"]},
    {"state": "TX", "weights": "cost_transparency:3,practicum_access:1", "sort": ["-score"]},
    {"state": "OH", "fields": ["slug", "score"]},
    {"state": "WY", "award_level": "doctorate_research"},
    {"q": "college", "state": "OH", "max_tuition_usd": 6000, "control": "public"},
    {"near": "48201", "sort": ["total_cost"]},
    {"home_state": "OH", "max_tuition_usd": 9000, "sort": ["-tuition", "name"], **LEVEL},
    {"home_state": "OH", "tuition_is": "unknown", "control": "public"},
    {"residency": "out_of_state", "sort": ["-total_cost"], "state": "OH"},
    {"residency": "in_district", "max_total_cost_usd": 12000, "state": ["MD", "TX"]},
    {"sort": ["-institution", "-name"], "state": "RI"},
]


def test_there_are_at_least_sixty_questions() -> None:
    assert len(CASES) >= 60


@pytest.fixture(scope="module")
def both(databases: Databases) -> Iterator[tuple[TestClient, TestClient]]:
    """The catalogue as shipped on both engines."""
    with (
        TestClient(create_app(databases.seeded("sqlite"))) as one,
        TestClient(create_app(databases.seeded("postgresql"))) as other,
    ):
        yield one, other


@pytest.mark.parametrize("params", CASES, ids=str)
def test_both_engines_give_the_same_answer_in_the_same_order(
    both: tuple[TestClient, TestClient], params: dict[str, Any]
) -> None:
    asked = {**params, "facets": list(FACETS), "limit": 50}

    one, other = (client.get("/v1/programs", params=asked) for client in both)

    assert one.status_code == 200, one.text
    pages = [answer.json() for answer in (one, other)]
    for page in pages:
        for item in page["items"]:
            item.pop("updated_at", None)
    assert pages[0]["items"] == pages[1]["items"]
    assert pages[0]["total"] == pages[1]["total"]
    assert pages[0]["facets"] == pages[1]["facets"]
    assert pages[0].get("relaxations") == pages[1].get("relaxations")


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """The programs of the seed, as the file has them."""
    with Path("seed/catalogue/program.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def walk(client: TestClient, **params: Any) -> list[dict[str, Any]]:
    items, cursor = [], None
    while True:
        answer = client.get(
            "/v1/programs", params={**params, **({"cursor": cursor} if cursor else {})}
        )
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


def test_counts_agree_with_the_file(seeded_client: TestClient, rows: list[dict[str, str]]) -> None:
    asked = {"limit": 1, "facets": ["award_level", "cip_code"], "exclude_status": "not_operating"}
    page = seeded_client.get("/v1/programs", params=asked).json()
    counts = {one["value"]: one["count"] for one in page["facets"]["award_level"]}
    codes = {one["value"]: one["count"] for one in page["facets"]["cip_code"]}

    assert page["total"] == len(rows)
    for level in ("associate", "bachelor", "certificate_under_1_year"):
        assert counts[level] == sum(row["award_level"] == level for row in rows)
    assert codes["51.0707"] == sum(row["cip_code"] == "51.0707" for row in rows)


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
def test_walking_all_pages_gives_each_program_once_in_order_with_unknowns_last(
    seeded_client: TestClient, sort: str
) -> None:
    near = {"near": "40.0,-83.0", "within_miles": 3000} if "distance" in sort else {}
    near |= {"home_state": "WV"} if sort.strip("-") in ("tuition", "total_cost") else {}

    items = walk(seeded_client, state=["OH", "WV"], sort=sort, limit=37, **near)

    slugs = [item["slug"] for item in items]
    total = seeded_client.get("/v1/programs", params={"state": ["OH", "WV"], **near}).json()
    assert len(set(slugs)) == len(slugs) == total["total"]
    values = [value_of(item, sort.removeprefix("-")) for item in items]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known  # unknowns last
    assert known == sorted(known, reverse=sort.startswith("-"))


def value_of(item: dict[str, Any], sort: str) -> Any:
    match sort:
        case "institution":
            return item["institution"]["name"]
        case "score":
            return item["score"]["low"]
        case "coverage":
            return item["score"]["coverage"]
        case "tuition":
            return item["price"] and item["price"]["year_usd"]
        case "total_cost":
            total = item["total_cost"]
            return total["low_usd"] if total and total["high_usd"] is not None else None
        case "completions":
            return item["completions"] and item["completions"]["count"]
        case "length":
            return item["months"] and item["months"]["low"]
        case "distance":
            return item["distance_miles"]
        case "net_price":
            return item["net_price"] and item["net_price"]["usd"]
        case _ if sort.startswith("field_"):
            figure = item["field_outcome"] or {}
            return figure.get(f"{sort.removeprefix('field_')}_usd")
        case _:
            return item[sort]


closed = {
    "state": ["OH", "TX", "WY"],
    "award_level": ["associate", "bachelor", "certificate", "certificate_under_1_year"],
    "control": ["public", "private_for_profit"],
    "level": ["two_year", "four_year"],
    "delivery": ["online", "campus", "not_online"],
    "completion_online": ["all", "none"],
    "accreditation": ["met", "unknown", "not_applicable"],
    "practicum": ["met", "unknown"],
    "transfer": ["articulation", "prior_learning"],
    "topic": ["anatomy", "coding_systems"],
    "credential": ["RHIT", "CCS"],
    "leads_to": ["RHIT", "none"],
    "cip_code": ["51.0707", "51.07", "51.27"],
}
questions = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)
            for name, values in closed.items()
        },
        **{
            f"exclude_{name}": st.lists(st.sampled_from(values), min_size=1, max_size=1)
            for name, values in closed.items()
        },
        "q": st.sampled_from(["health", "college", "medical coding", "biling", "him online"]),
        "max_tuition_usd": st.sampled_from([3000, 20000]),
        "min_coverage": st.sampled_from([0.2, 0.5]),
    },
)
QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def ask(client: TestClient, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/programs", params={"limit": 100, **params})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("parameter", ["credential", "exclude_credential"])
def test_a_filter_takes_any_name_of_a_credential(seeded_client: TestClient, parameter: str) -> None:
    by_code = ask(seeded_client, **{parameter: "RHIT"})
    by_name = ask(seeded_client, **{parameter: "Registered Health Information Technician"})
    former = ask(seeded_client, **{parameter: "CTR"})

    assert by_code["items"] == by_name["items"] != []
    assert former["items"] == ask(seeded_client, **{parameter: "ODS"})["items"]


@pytest.mark.parametrize("path", ["/v1/programs", "/v1/export/programs.csv"])
def test_credentials_nobody_knows_are_refused_each_by_its_name(
    seeded_client: TestClient, path: str
) -> None:
    asked = {
        "credential": ["RHIT", "XYZ", "coding specialist", "RHITT"],
        "exclude_credential": "QXQX",
    }
    answer = seeded_client.get(path, params=asked)

    assert answer.status_code == 422
    assert {(e["parameter"], e["value"], e.get("suggestion")) for e in answer.json()["errors"]} == {
        ("credential", "XYZ", None),
        ("credential", "coding specialist", "CCS"),
        ("credential", "RHITT", "RHIT"),
        ("exclude_credential", "QXQX", None),
    }


def test_programs_that_lead_to_a_credential_are_told_from_those_nobody_knows_of(
    seeded_client: TestClient,
) -> None:
    """Of the seven associate programs in health information technology in Michigan one is known."""
    field = {"state": "MI", "award_level": "associate", "cip_code": "51.0707"}
    whole = ask(seeded_client, **field, facets="leads_to")

    known = ask(seeded_client, **field, leads_to="Registered Health Information Technician")
    open_ = ask(seeded_client, **field, leads_to_is="unknown")
    office = ask(seeded_client, state="MI", cip_code="51.0716", leads_to="none")

    assert whole["facets"]["leads_to"] == [
        {"value": "unknown", "count": 6},
        {"value": "RHIT", "count": 1},
    ]
    assert [item["leads_to"] for item in known["items"]] == [{"RHIT": "yes"}]
    assert (known["not_known"], known["known_no"]) == (6, 0)
    assert {item["leads_to"]["RHIT"] for item in open_["items"]} == {"not_known"}
    assert {item["leads_to"]["RHIT"] for item in office["items"]} == {"no"}


@pytest.mark.parametrize(
    ("asked", "suggestion"), [("CPC", None), ("Health Information Tecnician", "RHIT")]
)
def test_a_credential_that_programs_are_not_judged_by_is_refused(
    seeded_client: TestClient, asked: str, suggestion: str | None
) -> None:
    answer = seeded_client.get("/v1/programs", params={"exclude_leads_to": asked})

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["parameter"], error.get("suggestion")) == ("exclude_leads_to", suggestion)


@pytest.mark.parametrize(
    ("path", "parameter", "value", "suggestion"),
    [
        *(
            (path, parameter, value, suggestion)
            for path in ("/v1/programs", "/v1/credentials/RHIT/programs", "/v1/export/programs.csv")
            for parameter, value, suggestion in (
                ("cip_code", "51.0777", "51.0717"),
                ("exclude_cip_code", "51.070", "51.07"),
                ("unitid", "202223", "202222"),
                ("unitid", "20222", "202222"),
                ("state", "Ohoi", "OH"),
                ("exclude_state", "north carolin", "NC"),
            )
        ),
        ("/v1/institutions", "state", "north carolin", "NC"),
        ("/v1/occupations", "cip_code", "51.0777", "51.0717"),
        ("/v1/statistics", "soc_code", "29-2070", "29-2072"),
        ("/v1/statistics", "source", "bls", "bls-ep-2024-34"),
        ("/v1/corrections", "key", "sinclair-comunity", "sinclair-community-college-"),
        (
            "/v1/programs/sinclair-community-college-510707-associate/claims",
            "standing",
            "old",
            None,
        ),
        ("/v1/timeline", "program", "sinclair-community", "sinclair-community-college-"),
    ],
)
def test_a_code_that_nothing_has_is_refused_with_the_nearest(
    seeded_client: TestClient, path: str, parameter: str, value: str, suggestion: str | None
) -> None:
    answer = seeded_client.get(path, params={parameter: value})

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["value"]) == (parameter, value)
    assert (error.get("suggestion") or "").startswith(suggestion or "")
    assert (suggestion is None) == (error.get("suggestion") is None)


@pytest.mark.parametrize("code", ["51.0801", "01.0101", "52", "52.02"])
def test_a_field_of_study_without_a_program_finds_none(
    seeded_client: TestClient, code: str
) -> None:
    page = ask(seeded_client, cip_code=code)

    assert page["total"] == 0
    assert page["relaxations"][0]["without"] == "cip_code"


@given(question=questions)
@QUIET
def test_a_filter_never_widens_and_totals_and_facets_add_up(
    seeded_client: TestClient, question: dict[str, Any]
) -> None:
    page = ask(seeded_client, **question, facets=list(FACETS))

    for name in question:
        fewer = {key: value for key, value in question.items() if key != name}
        assert page["total"] <= ask(seeded_client, **fewer)["total"]
    if page["total"] <= 100:
        assert len(page["items"]) == page["total"]
    for name in ("state", "control", "accreditation", "practicum", "cip_code"):
        without = {
            key: value
            for key, value in question.items()
            if key not in (name, f"exclude_{name}", f"{name}_is")
        }
        counts = page["facets"][name]
        assert sum(one["count"] for one in counts) == ask(seeded_client, **without)["total"]
    if page["total"] == 0:
        for relaxed in page["relaxations"]:
            rest = {k: v for k, v in question.items() if k != relaxed["without"]}
            assert ask(seeded_client, **rest)["total"] == relaxed["total"] > 0


@given(question=questions, name=st.sampled_from(sorted(closed)))
@QUIET
def test_a_facet_tells_what_choosing_its_value_finds(
    seeded_client: TestClient, question: dict[str, Any], name: str
) -> None:
    question = {
        key: value for key, value in question.items() if key not in (name, f"exclude_{name}")
    }
    counts = ask(seeded_client, **question, facets=name)["facets"][name]

    for one in counts[:4]:
        if one["value"] == "unknown" and name not in ("accreditation", "practicum"):
            continue
        found = ask(seeded_client, **question, **{name: one["value"]})
        assert found["total"] == one["count"]


def test_known_and_unknown_part_the_catalogue(seeded_client: TestClient) -> None:
    whole = ask(seeded_client)["total"]
    for name in (
        "award_level",
        "control",
        "delivery",
        "transfer",
        "topic",
        "credential",
        "leads_to",
        "tuition",
        "total_cost",
        "months",
        "completions",
    ):
        known, unknown = (
            ask(seeded_client, **{f"{name}_is": which})["total"] for which in ("known", "unknown")
        )
        assert known + unknown == whole, name


def test_near_tells_true_distances_and_keeps_online_programs_unless_told_not_to(
    client: TestClient, session: Session
) -> None:
    dayton = {"latitude": 39.7563, "longitude": -84.1895}
    far = {"latitude": 34.05, "longitude": -118.24}
    add_program(session, "here", school="here-college", school_fields=dayton)
    add_program(session, "far", school="far-college", school_fields=far)
    add_program(session, "nowhere", school="nowhere-college")
    add_program(
        session,
        "anywhere",
        school="anywhere-college",
        school_fields=far,
        claims=[offering_online()],
    )
    publish(session)

    kept = ask(client, near="45402")["items"]
    local = ask(client, near="45402", include_online=False)["items"]
    wide = ask(client, near="39.7563,-84.1895", within_miles=4000, include_online=False)["items"]

    assert [(item["slug"], item["distance_miles"]) for item in local] == [("here", 0.0)]
    assert {item["slug"] for item in kept} == {"here", "anywhere"}
    assert {item["slug"] for item in wide} == {"here", "far", "anywhere"}
    miles = round(miles_between((39.7563, -84.1895), (34.05, -118.24)), 1)
    assert {i["distance_miles"] for i in wide if i["slug"] == "far"} == {miles}


def offering_online() -> OfferingClaim:
    return OfferingClaim(**evidence(), delivery=["online"])


@pytest.mark.parametrize(
    ("params", "parameter", "words"),
    [
        ({"near": "00000"}, "near", "no ZIP code"),
        ({"near": "91,0"}, "near", "no latitude"),
        ({"near": "Zzyzx"}, "near", "no ZIP code or city"),
        ({"near": "Springfield"}, "near", "Did you mean"),
        ({"within_miles": 20}, None, "needs near"),
        ({"sort": "distance"}, None, "needs near"),
        ({"sort": "relevance"}, None, "needs q"),
        ({"sort": "tution"}, "sort", "tuition"),
        ({"sort": "-price"}, "sort", "'-tuition'"),
        ({"practicum": "required"}, "practicum", "'met'"),
        ({"max_cost": 9000}, "max_cost", "'max_total_cost_usd' or 'max_tuition_usd'"),
        ({"q": "a"}, "q", "at least 2 characters"),
        ({"facets": "stat"}, "facets", "state"),
        ({"fields": "nmae"}, "fields", "name"),
        ({"exclude_state": "XX"}, "exclude_state", "XX"),
        ({"delivery_is": "maybe"}, "delivery_is", "unknown"),
        ({"max_tuition_usd": -1}, "max_tuition_usd", "0"),
        ({"min_coverage": 2}, "min_coverage", "1"),
        ({"max_tuiton_usd": 5}, "max_tuiton_usd", "max_tuition_usd"),
    ],
)
def test_what_cannot_be_asked_is_named(
    client: TestClient, params: dict[str, Any], parameter: str | None, words: str
) -> None:
    answer = client.get("/v1/programs", params=params)

    assert answer.status_code == 422
    assert words in answer.text
    if parameter:
        assert answer.json()["errors"][0]["parameter"] == parameter


def test_fields_are_sent_as_asked_for(seeded_client: TestClient) -> None:
    items = ask(seeded_client, state="OH", fields=["slug", "price"], limit=3)["items"]

    assert all(list(item) == ["slug", "price"] for item in items)


def test_an_empty_answer_says_what_to_leave_out(seeded_client: TestClient) -> None:
    page = ask(seeded_client, state="WY", award_level="doctorate_research")

    assert (page["items"], page["total"]) == ([], 0)
    without = {one["without"]: one["total"] for one in page["relaxations"]}
    assert set(without) == {"state", "award_level"}
    totals = list(without.values())
    assert totals == sorted(totals)
    assert ask(seeded_client, state="WY")["total"] == without["award_level"]


def test_a_release_is_counted_at_once(client: TestClient, session: Session) -> None:
    add_program(session, "one", claims=[price("tuition", 10)])
    publish(session)
    before = ask(client, facets="state")

    add_program(session, "two", school="two-college", claims=[accredited()])
    publish(session)
    after = ask(client, facets="accreditation")

    assert (before["total"], after["total"]) == (1, 2)
    assert {"value": "met", "count": 1} in after["facets"]["accreditation"]


def test_an_empty_catalogue_is_an_empty_answer(engine: Engine, client: TestClient) -> None:
    page = ask(client, facets=["state", "topic"], state="OH")

    assert (page["total"], page["items"], page["relaxations"]) == (0, [], [])


SORTED_BY = ["institution", "-name", "-score", "tuition", "-completions"]


@given(
    changes=st.lists(st.tuples(st.sampled_from(["add", "retire"]), st.integers(0, 40)), max_size=6),
    sort=st.lists(st.sampled_from(SORTED_BY), max_size=2, unique=True),
    limit=st.integers(1, 4),
)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_walk_gives_what_stays_once_and_in_order_while_rows_come_and_go(
    databases: Databases,
    shared_app: FastAPI,
    changes: list[tuple[str, int]],
    sort: list[str],
    limit: int,
) -> None:
    with databases.empty("sqlite") as engine:
        bind(shared_app, engine)
        with TestClient(shared_app) as client, Session(engine) as session:
            staying = [add_numbered(session, number).slug for number in range(0, 12, 2)]
            publish(session)
            walked, cursor, waiting = [], None, list(changes)
            while True:
                page = ask(client, limit=limit, sort=sort, **({"cursor": cursor} if cursor else {}))
                walked += page["items"]
                if (cursor := page["next"]) is None:
                    break
                if waiting:
                    change(session, *waiting.pop(), staying)
                    publish(session)
            slugs = [item["slug"] for item in walked]
            order = [item["slug"] for item in ask(client, limit=100, sort=sort)["items"]]

    assert len(slugs) == len(set(slugs))
    assert set(staying) <= set(slugs)
    assert [slug for slug in slugs if slug in staying] == [s for s in order if s in staying]


def add_numbered(session: Session, number: int) -> Program:
    known = session.exec(select(Program).where(Program.slug == f"p{number}")).first()
    if known is not None:
        known.retired_at = None
        return known
    return add_program(
        session,
        f"p{number}",
        school=f"college-{number % 5}",
        name=f"Program {number % 3}",
        claims=[price("tuition", number % 4 * 100)] if number % 3 else [],
        completions={"2023-24": number % 4},
    )


def change(session: Session, what: str, number: int, staying: list[str]) -> None:
    program = add_numbered(session, number)
    if what == "retire" and program.slug not in staying:
        program.retired_at = NOW
    session.add(program)


def test_an_answer_says_how_each_word_was_read(seeded_client: TestClient) -> None:
    page = ask(seeded_client, q="HIM at sinclar 45402", award_level="associate")

    told = [(one["words"], one["kind"], one["used"]) for one in page["understood"]]
    assert told == [
        ("HIM", "field", "required"),
        ("at", "filler", "left_out"),
        ("sinclar", "school", "required"),
        ("45402", "area", "filter"),
    ]
    field, _, school, zip_code = page["understood"]
    assert field["query"] == {"cip_code": ["51.0706", "51.0707"]}
    assert field["without"] == "/v1/programs?limit=100&q=at+sinclar+45402&award_level=associate"
    assert school["because"] == "spelling"
    assert zip_code["query"]["near"] == ["45402"]
    assert {item["institution"]["name"] for item in page["items"]} == {"Sinclair Community College"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"state": "Georgia"}, {"state": "GA"}),
        ({"exclude_state": ["north carolina", "oh"]}, {"exclude_state": ["NC", "OH"]}),
        ({"near": "Macon"}, {"near": "32.83,-83.65"}),
        ({"near": "portland, maine"}, {"near": "Portland ME"}),
    ],
)
def test_a_state_and_a_city_are_understood_by_name(
    seeded_client: TestClient, one: dict[str, Any], other: dict[str, Any]
) -> None:
    pages = [ask(seeded_client, **asked) for asked in (one, other)]

    slugs = [[item["slug"] for item in page["items"]] for page in pages]
    assert slugs[0] == slugs[1] != []


FACTS_ASKED = [
    ({"q": "accredited michigan"}, {"q": "michigan"}, "accreditation"),
    (
        {"q": "medical coding online", "state": "OH"},
        {"q": "medical coding", "state": "OH"},
        "delivery",
    ),
    ({"accreditation": "accredited", "state": "MI"}, {"state": "MI"}, "accreditation"),
    ({"accreditation": "met", "state": "IN"}, {"state": "IN"}, "accreditation"),
    ({"practicum": ["met", "partly_met"], "state": "OH"}, {"state": "OH"}, "practicum"),
    ({"delivery": "online", "cip_code": "51.0707"}, {"cip_code": "51.0707"}, "delivery"),
    ({"transfer": "articulation", "state": "OH"}, {"state": "OH"}, "transfer"),
    ({"credential": "RHIT", "state": "MI"}, {"state": "MI"}, "credential"),
    ({"max_months": 24, "cip_code": "51.0707"}, {"cip_code": "51.0707"}, "months"),
    ({"min_tuition_usd": 2000, "max_tuition_usd": 5000, "state": "MI"}, {"state": "MI"}, "tuition"),
]
"""A question with a fact that sources seldom tell, the same without it, and the fact."""


@pytest.mark.parametrize(("question", "rest", "fact"), FACTS_ASKED)
def test_a_filter_on_a_fact_tells_of_how_many_programs_it_is_not_known(
    seeded_client: TestClient, question: dict[str, Any], rest: dict[str, Any], fact: str
) -> None:
    page = ask(seeded_client, **question)

    every = ask(seeded_client, **rest)["total"]
    assert page["total"] + page["not_known"] + page["known_no"] == every
    assert page["not_known"] > 0
    [told] = page["not_known_by"]
    assert (told["filter"], told["count"]) == (fact, page["not_known"])
    kept = {name: value for name, value in question.items() if name in (*rest, "q")}
    assert ask(seeded_client, **{**kept, **told["ask"]})["total"] == page["not_known"]


def test_a_filter_on_what_is_always_known_counts_nothing_as_unknown(
    seeded_client: TestClient,
) -> None:
    assert "not_known" not in ask(seeded_client, state="MI", award_level="associate")
    assert "not_known" not in ask(seeded_client, accreditation="unknown", state="MI")


def test_several_facts_are_not_known_where_one_is_and_none_is_known_not_to_fit(
    seeded_client: TestClient,
) -> None:
    asked = {"delivery": "online", "practicum": "met"}
    page = ask(seeded_client, **asked, state="OH")

    def found(**one: str) -> set[str]:
        return {item["slug"] for item in walk(seeded_client, state="OH", **one)}

    slugs = {name: found(**{name: value}) for name, value in asked.items()}
    maybe = {name: slugs[name] | found(**{f"{name}_is": "unknown"}) for name in asked}
    maybe["practicum"] |= found(practicum="unconfirmed")
    assert page["total"] == len(slugs["delivery"] & slugs["practicum"])
    assert page["not_known"] == len(maybe["delivery"] & maybe["practicum"]) - page["total"]


def test_programs_of_a_credential_are_told_beside_those_that_do_not_say(
    seeded_client: TestClient,
) -> None:
    page = seeded_client.get("/v1/credentials/RHIT/programs", params={"state": "MI"}).json()

    of_field = ask(seeded_client, state="MI", cip_code="51.0707", award_level="associate")["total"]
    assert page["total"] + page["not_known"] == of_field
    [told] = page["not_known_by"]
    assert ask(seeded_client, state="MI", **told["ask"])["total"] == page["not_known"]
    other = seeded_client.get("/v1/credentials/CPHIMS/programs", params={"state": "MI"}).json()
    assert "not_known" not in other


@pytest.mark.parametrize("values", [[], ["x"] * 6, [None] * 6, [1, "a", "b", "c", 1, -5]])
def test_a_cursor_made_by_somebody_else_is_refused_or_a_page(
    seeded_client: TestClient, values: list[Any]
) -> None:
    asked = ProgramQuery.model_validate({"sort": ["tuition"]})
    query = asked.model_dump_json(exclude={"cursor", "limit", "facets", "fields"})

    answer = seeded_client.get(
        "/v1/programs", params={"sort": "tuition", "cursor": encode_cursor(values, query)}
    )

    assert answer.status_code in (200, 422), answer.text


EXPORTED: dict[str, Any] = {"state": ["OH", "MI"], "award_level": "associate"}


def test_the_export_is_the_walk(seeded_client: TestClient) -> None:
    walked = walk(seeded_client, **EXPORTED, limit=100)

    content = seeded_client.get("/v1/export/programs.ndjson", params=EXPORTED).content

    assert [json.loads(line) for line in content.splitlines()] == walked


def test_the_table_holds_the_same_programs_with_unknown_as_empty(
    seeded_client: TestClient,
) -> None:
    answer = seeded_client.get("/v1/export/programs.csv", params=EXPORTED)

    rows = list(csv.DictReader(answer.text.splitlines()))
    walked = {item["slug"]: item for item in walk(seeded_client, **EXPORTED, limit=100)}
    assert [row["slug"] for row in rows] == list(walked)
    assert answer.headers["content-type"].startswith("text/csv")
    for row in rows:
        price = walked[row["slug"]]["price"]
        assert row["tuition_and_fees_usd"] == (
            "" if price is None else f"{price['tuition_and_fees_usd']:g}"
        )


def test_a_name_that_a_spreadsheet_would_run_is_made_text(
    client: TestClient, session: Session
) -> None:
    add_program(session, "evil", name='=HYPERLINK("http://x.example","HIT, AAS")')
    publish(session)

    text = client.get("/v1/export/programs.csv").text

    row = next(iter(csv.DictReader(text.splitlines())))
    assert row["name"] == '\'=HYPERLINK("http://x.example","HIT, AAS")'


def test_an_export_refuses_what_a_list_refuses(client: TestClient) -> None:
    for params in ({"near": "00000"}, {"sate": "OH"}, {"sort": "name"}):
        answer = client.get("/v1/export/programs.csv", params=params)
        assert answer.status_code == 422, answer.text
