"""Prices, totals, limits and orders of the reader: by home state, ZIP code or residency."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.claims import CostClaim, OfferingClaim, ProgramClaim
from app.domain.reader import Reader, residency_for
from app.domain.vocabulary import Residency
from tests.making import add_program, evidence, price, publish

CHEAP_HERE, CHEAP_AWAY, PRIVATE = "cheap-here", "cheap-away", "private"


def yearly(dollars: float, residency: str) -> CostClaim:
    parts = ["tuition", "fees"]
    return price(
        "tuition_and_fees",
        dollars,
        contains=parts,
        residency=residency,
        **evidence("institution"),
    )


def add_schools(session: Session) -> None:
    """Add three programs: residents pay less for the first, strangers less for the second.

    | dollars a year | district | state | others |
    |---|---|---|---|
    | cheap-here, Ohio | 1,000 | 2,000 | 9,000 |
    | cheap-away, Texas | | 3,000 | 4,000 |
    | private, Ohio | 5,000 | 5,000 | 5,000 |
    """
    for slug, state, control, prices in (
        (CHEAP_HERE, "OH", "public", {"in_district": 1000, "in_state": 2000, "out_of_state": 9000}),
        (CHEAP_AWAY, "TX", "public", {"in_state": 3000, "out_of_state": 4000}),
        (PRIVATE, "OH", "private_nonprofit", {"in_state": 5000, "out_of_state": 5000}),
    ):
        add_program(
            session,
            slug,
            school=f"{slug}-college",
            school_fields={"state": state, "control": control},
            claims=[yearly(dollars, residency) for residency, dollars in prices.items()],
        )
    publish(session)


READERS = [
    ({}, [(CHEAP_HERE, 2000), (CHEAP_AWAY, 3000), (PRIVATE, 5000)]),
    ({"home_state": "OH"}, [(CHEAP_HERE, 2000), (CHEAP_AWAY, 4000), (PRIVATE, 5000)]),
    ({"home_state": "TX"}, [(CHEAP_AWAY, 3000), (PRIVATE, 5000), (CHEAP_HERE, 9000)]),
    ({"home_state": "WA"}, [(CHEAP_AWAY, 4000), (PRIVATE, 5000), (CHEAP_HERE, 9000)]),
    ({"residency": "in_district"}, [(CHEAP_HERE, 1000), (CHEAP_AWAY, 3000), (PRIVATE, 5000)]),
    ({"residency": "in_state"}, [(CHEAP_HERE, 2000), (CHEAP_AWAY, 3000), (PRIVATE, 5000)]),
    ({"residency": "out_of_state"}, [(CHEAP_AWAY, 4000), (PRIVATE, 5000), (CHEAP_HERE, 9000)]),
    # what is asked for outright wins over the place
    (
        {"home_state": "TX", "residency": "in_state"},
        [(CHEAP_HERE, 2000), (CHEAP_AWAY, 3000), (PRIVATE, 5000)],
    ),
]


def test_lists_orders_limits_records_and_files_are_those_of_the_reader(
    client: TestClient, session: Session
) -> None:
    add_schools(session)

    for asked, expected in READERS:
        by_price = ask(client, "/v1/programs", sort="tuition", **asked)["items"]
        by_total = ask(client, "/v1/programs", sort="-total_cost", **asked)["items"]
        cheap = ask(client, "/v1/programs", max_tuition_usd=4000, **asked)
        # an associate degree of two years to two and a half
        short = ask(client, "/v1/programs", max_total_cost_usd=10_000, **asked)
        lines = client.get("/v1/export/programs.ndjson", params=asked).text.splitlines()
        table = client.get("/v1/export/programs.csv", params={"state": ["OH", "TX"], **asked}).text

        dollars = dict(expected)
        assert [(one["slug"], paid(one)) for one in by_price] == expected, asked
        assert [one["slug"] for one in by_total] == [slug for slug, _ in reversed(expected)]
        assert cheap["total"] == sum(usd <= 4000 for usd in dollars.values())
        assert short["total"] == sum(2.5 * usd <= 10_000 for usd in dollars.values())
        items = {one["slug"]: one for one in map(json.loads, lines)}
        assert {slug: paid(one) for slug, one in items.items()} == dollars
        assert {
            row["slug"]: float(row["tuition_and_fees_usd"])
            for row in csv.DictReader(io.StringIO(table))
        } == dollars
        for one in by_price:
            school = ask(client, f"/v1/institutions/{one['slug']}-college", **asked)
            assert school["programs"][0]["price"] == one["price"]
            record = ask(client, f"/v1/programs/{one['slug']}", **asked)
            total = ask(client, f"/v1/programs/{one['slug']}/total-cost", **asked)
            assert record["price"] == one["price"] == items[one["slug"]]["price"]
            assert record["total_cost"] == one["total_cost"]
            assert total["total"]["low_usd"] == one["total_cost"]["low_usd"] == 2 * paid(one)
            assert total["for_whom"] == one["price"]["for_whom"]


def test_an_item_tells_whose_price_it_is_and_what_others_pay(
    client: TestClient, session: Session
) -> None:
    add_schools(session)

    here, away, private = (
        ask(client, f"/v1/programs/{slug}", home_state="TX")
        for slug in (CHEAP_HERE, CHEAP_AWAY, PRIVATE)
    )

    apart = ("residency", "for_whom", "in_district_usd", "in_state_usd", "out_of_state_usd")
    assert [here["price"][name] for name in apart] == [
        *("out_of_state", "for people from outside Ohio", 1000, 2000, 9000)
    ]
    assert [away["price"][name] for name in apart] == [
        *("in_state", "for residents of Texas", None, 3000, 4000)
    ]
    assert [private["price"][name] for name in apart] == [
        *("any", "one price for everybody", None, None, None)
    ]
    assert here["total_cost"]["in_district"] == {"low_usd": 2000, "high_usd": 2500}
    assert here["total_cost"]["in_state"] == {"low_usd": 4000, "high_usd": 5000}
    assert private["total_cost"]["out_of_state"] is None


def test_a_private_school_that_states_two_prices_has_two(
    client: TestClient, session: Session
) -> None:
    two: list[ProgramClaim] = [
        yearly(5000, "in_state"),
        yearly(7000, "out_of_state"),
        yearly(1, "in_district"),
    ]
    fields = {"control": "private_for_profit"}
    add_program(session, "two-prices", school_fields=fields, claims=two)
    publish(session)

    [item] = ask(client, "/v1/programs", home_state="WA")["items"]

    assert (item["price"]["residency"], paid(item)) == ("out_of_state", 7000)
    assert item["price"]["in_district_usd"] is None


def test_a_price_that_nobody_tells_the_reader_is_unknown_and_never_that_of_others(
    client: TestClient, session: Session
) -> None:
    add_program(session, "residents-only", claims=[yearly(2000, "in_state")])
    publish(session)

    [item] = ask(client, "/v1/programs", home_state="WA")["items"]

    assert (item["price"], item["total_cost"]) == (None, None)
    assert ask(client, "/v1/programs", tuition_is="unknown", home_state="WA")["total"] == 1
    assert ask(client, "/v1/programs", tuition_is="unknown", home_state="OH")["total"] == 0


def test_the_district_pays_its_own_tuition_and_the_fees_of_the_state(
    client: TestClient, session: Session
) -> None:
    wide = evidence("institution")
    add_program(
        session,
        "district",
        claims=[
            price("tuition", 1600, residency="in_district", **wide),
            price("tuition", 4000, residency="in_state", **wide),
            price("fees", 300, residency="in_state", **wide),
        ],
    )
    publish(session)

    [item] = ask(client, "/v1/programs", residency="in_district")["items"]

    assert (paid(item), item["price"]["in_state_usd"]) == (1900, 4300)


def test_the_reader_goes_by_the_price_of_an_academic_year(
    client: TestClient, session: Session
) -> None:
    whole = {"contains": ["tuition", "fees"], "unit": "program"}
    add_program(session, "year", claims=[price("tuition_and_fees", 6000, contains=["fees"])])
    two_years = OfferingClaim(credits=60, credit_unit="semester", **evidence())
    short = OfferingClaim(months_low=6, **evidence())
    add_program(
        session, "two-years", claims=[price("tuition_and_fees", 10_000, **whole), two_years]
    )
    add_program(
        session,
        "half-a-year",
        award_level="certificate_under_1_year",
        claims=[price("tuition_and_fees", 7000, **whole), short],
    )
    # the program's own price of a credit leads over the school's price of a year
    add_program(
        session,
        "credit",
        school="dear-college",
        claims=[
            price("tuition", 150, unit="credit"),
            price("fees", 10, unit="credit"),
            yearly(40_000, "any"),
        ],
    )
    publish(session)

    items = ask(client, "/v1/programs", sort="tuition")["items"]
    few = ask(client, "/v1/programs", max_tuition_usd=5000)["items"]

    told = ("basis", "tuition_and_fees_usd", "year_usd")
    assert [(one["slug"], *(one["price"][name] for name in told)) for one in items] == [
        ("credit", "credit", 160, 4800),  # 30 credits a year
        ("two-years", "program", 10_000, 5000),
        ("year", "year", 6000, 6000),
        ("half-a-year", "program", 7000, 7000),  # no longer than a year: the whole price
    ]
    assert {one["slug"] for one in few} == {"credit", "two-years"}


@pytest.mark.parametrize("sort", ["total_cost", "-total_cost"])
def test_totals_without_a_high_end_come_last_but_before_unknown_ones(
    client: TestClient, session: Session, sort: str
) -> None:
    add_program(session, "a-unknown")
    add_program(session, "b-open", claims=[replace(price("tuition", 10), amount_high_cents=None)])
    add_program(session, "c-dear", claims=[price("tuition", 9000)])
    add_program(session, "d-cheap", claims=[price("tuition", 100)])
    publish(session)

    slugs = [one["slug"] for one in ask(client, "/v1/programs", sort=sort)["items"]]

    known = ["d-cheap", "c-dear"] if sort == "total_cost" else ["c-dear", "d-cheap"]
    assert slugs == [*known, "b-open", "a-unknown"]


@pytest.mark.parametrize("asked", [{"home_state": "MI"}, {"near": "48201"}])
def test_a_reader_in_detroit_sees_what_she_pays(
    seeded_client: TestClient, asked: dict[str, str]
) -> None:
    slugs = [
        "schoolcraft-community-college-district-510707-associate",
        "mohawk-valley-community-college-510707-associate",
        "edgecombe-community-college-510707-associate",
    ]

    compared = ask(seeded_client, "/v1/comparison", program=slugs, **asked)
    totals = [ask(seeded_client, f"/v1/programs/{slug}/total-cost", **asked) for slug in slugs]
    listed = ask(
        seeded_client,
        "/v1/credentials/RHIT/programs",
        sort="total_cost",
        award_level="associate",
        **{"near": "48201", **asked},
    )["items"]

    # in state 5,982 a year at Schoolcraft; outside 8,695 and 8,784, by the federal table of 2023-24
    row = next(one for one in compared["rows"] if one["key"] == "tuition_and_fees")
    assert [value["value"] for value in row["values"]] == [5982, 8695, 8784]
    assert (row["verdict"], row["best"]) == ("differs", slugs[:1])
    assert compared["residency"] is None
    # two years or two terms of it, and books and the exam on top
    assert [total["components"][0]["low_usd"] for total in totals] == [11_964, 17_390, 17_568]
    among = [one["program"] for one in listed if one["program"]["slug"] in slugs]
    assert [one["slug"] for one in among] == slugs
    assert [one["is_only_online"] for one in among] == [False, True, True]


def test_pages_say_whose_price_it_is_and_take_the_home_state_along(
    seeded_client: TestClient,
) -> None:
    schoolcraft = "schoolcraft-community-college-district-510707-associate"
    edgecombe = "edgecombe-community-college-510707-associate"
    accept = {"accept": "text/html"}

    found = seeded_client.get("/?near=48201&credential=RHIT", headers=accept).text
    page = seeded_client.get(f"/programs/{edgecombe}?home_state=MI", headers=accept).text
    spanish = seeded_client.get(f"/programs/{edgecombe}?home_state=MI&lang=es", headers=accept).text
    both = f"program={schoolcraft}&program={edgecombe}&home_state=MI"
    compared = seeded_client.get(f"/compare?{both}", headers=accept).text
    card = seeded_client.get(f"/embed/comparison?{both}").text

    assert f'href="/programs/{edgecombe}?near=48201"' in found
    for text in (found, page, compared, card):
        assert "for people from outside North Carolina" in text
    for text in (found, compared, card):
        assert "for residents of Michigan" in text
    assert "para personas de fuera de Carolina del Norte" in spanish
    assert "for people from outside" not in spanish
    assert 'data-holds-for="out_of_state"' in page
    assert 'data-also="in_state"' in page
    for text in (page, compared):
        assert 'data-home="MI"' in text
    sent = seeded_client.post(
        "/compare/hand-out",
        data={"program": [schoolcraft, edgecombe], "home_state": "MI"},
        headers=accept,
    )
    assert "for people from outside North Carolina" in sent.text
    frozen = seeded_client.get(str(sent.url).partition("?")[0]).json()["comparison"]
    assert (frozen["home_state"], frozen["residency"]) == ("MI", None)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/programs",
        "/v1/programs/{slug}",
        "/v1/programs/{slug}/checklist",
        "/v1/programs/{slug}/total-cost",
        "/v1/programs/{slug}/similar",
        "/v1/comparison?program={slug}&program=owens-community-college-510707-associate",
        "/v1/credentials/RHIT/programs",
        "/v1/export/programs.csv",
        "/v1/export/programs.ndjson",
        "/embed/program/{slug}",
        "/embed/checklist/{slug}",
    ],
)
def test_places_that_are_none_are_refused_with_the_nearest(
    seeded_client: TestClient, path: str
) -> None:
    path = path.format(slug="sinclair-community-college-510707-associate")
    for asked, suggestion in (
        ({"home_state": "Ohoi"}, "OH"),
        ({"residency": "outofstate"}, "out_of_state"),
        ({"near": "99999"}, None),
    ):
        answer = seeded_client.get(path, params=httpx_params(path, asked))
        assert answer.status_code == 422, (path, asked)
        if "json" in answer.headers["content-type"]:
            [error] = answer.json()["errors"]
            assert error["parameter"] in asked
            assert error.get("suggestion") == suggestion


def httpx_params(path: str, asked: dict[str, str]) -> dict[str, Any]:
    """Return parameters with those that stand in the path, which a client would drop."""
    slugs = [pair.removeprefix("program=") for pair in path.partition("?")[2].split("&") if pair]
    return {**asked, **({"program": slugs} if slugs else {})}


def test_a_body_tells_of_home_as_an_address_does(seeded_client: TestClient) -> None:
    programs = [
        "sinclair-community-college-510707-associate",
        "owens-community-college-510707-associate",
    ]
    body = {"programs": programs, "home_state": "KY"}

    posted = seeded_client.post("/v1/comparison", json=body).json()
    got = ask(seeded_client, "/v1/comparison", program=programs, home_state="KY")
    refused = seeded_client.post("/v1/comparison", json={"programs": programs, "near": "99999"})

    checklist = {"program": programs[0], "near": "99999"}
    assert seeded_client.post("/v1/checklists", json=checklist).status_code == 422
    assert posted["rows"] == got["rows"]
    assert set(posted["for_whom"].values()) == {"for people from outside Ohio"}
    assert refused.json()["errors"][0]["pointer"] == "#/near"


@pytest.mark.parametrize(
    ("reader", "state", "residency"),
    [
        (Reader(), "OH", Residency.IN_STATE),
        (Reader(home_state="OH"), "OH", Residency.IN_STATE),
        (Reader(home_state="OH"), "KY", Residency.OUT_OF_STATE),
        (Reader("OH", Residency.IN_DISTRICT), "KY", Residency.IN_DISTRICT),
    ],
)
def test_who_a_school_takes_a_reader_for(reader: Reader, state: str, residency: Residency) -> None:
    assert residency_for(reader, state) is residency


def ask(client: TestClient, path: str, **params: Any) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def paid(item: dict[str, Any]) -> float:
    return float(item["price"]["tuition_and_fees_usd"])
