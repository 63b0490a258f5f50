"""What real people typed and got wrong answers to, each with what its programs have in common.

What is right is reckoned from the rows: field, award, place, school. Texts stand for their kinds.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.vocabulary import STATE_NAMES
from app.main import create_app
from tests.fixtures import Databases
from tests.judged.finding import Answer
from tests.judged.judging import misread
from tests.judged.rows import CITY_MILES, Catalogue, Slugs
from tests.judged.texts import Text

EDGE_MILES = 5.0
"""How far the middles of a city may lie apart by several tables."""

Want = Mapping[str, Any]

ADMINISTRATION = ["51.0701", "51.0702"]
RECORDS = ["51.0706", "51.0707"]
TECHNOLOGY, CODING, BILLING, INFORMATICS = ["51.0707"], ["51.0713"], ["51.0714"], ["51.2706"]
NO_FIELD = ""
MIDWEST = "IL IN MI OH WI IA KS MN MO NE ND SD".split()


@pytest.fixture(scope="module")
def catalogue(databases: Databases) -> Iterator[Catalogue]:
    """The rows of the catalogue as shipped."""
    with Session(databases.seeded("sqlite")) as session:
        yield Catalogue(session)


@pytest.fixture(scope="module")
def client(databases: Databases) -> Iterator[TestClient]:
    """A client over the catalogue as shipped, on SQLite; one test compares both databases."""
    with TestClient(create_app(databases.seeded("sqlite"))) as client:
        yield client


def ask(client: TestClient, text: str, path: str = "/v1/programs", **more: Any) -> dict[str, Any]:
    answer = client.get(path, params={"q": text, "limit": 100, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def slugs_found(client: TestClient, text: str) -> list[str]:
    """Return the slugs of all that a text finds, in order."""
    slugs: list[str] = []
    more: dict[str, Any] = {"fields": "slug"}
    while True:
        page = ask(client, text, **more)
        slugs += [item["slug"] for item in page["items"]]
        if page["next"] is None:
            return slugs
        more["cursor"] = page["next"]


def told(page: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return words -> how they were read."""
    return {one["words"]: one for one in page["understood"]}


def parameters(page: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the parameters that the words of a text stand for."""
    found: dict[str, list[str]] = {}
    for one in page["understood"]:
        if one["used"] != "left_out":
            for name, values in one["query"].items():
                found.setdefault(name, []).extend(map(str, values))
    return found


def bounds(catalogue: Catalogue, want: Want) -> tuple[Slugs, Slugs]:
    """Return what must be found, and what may be.

    They differ at the edge of a circle, and by programs of which no field is told.
    """
    wider = {**want, "cip": [*want["cip"], NO_FIELD]} if "cip" in want else dict(want)
    if "near" not in want:
        return catalogue.find(want), catalogue.find(wider)
    city, state, miles = want["near"]
    least = catalogue.find({**want, "near": [city, state, miles - EDGE_MILES]})
    return least, catalogue.find({**wider, "near": [city, state, miles + EDGE_MILES]})


def near(city: str, state: str, cip: list[str], miles: float = CITY_MILES) -> Want:
    return {"near": [city, state, miles], "cip": cip}


def school(*names: str, **more: list[str]) -> Want:
    return {"school": list(names), **more}


FOUND: list[tuple[str, Want]] = [
    # Q1: names that are known in another way than by the directory.
    ("uga health administration", school("University of Georgia", cip=ADMINISTRATION)),
    ("Brevard Community College", school("Eastern Florida State College")),
    ("missisipi medical coding", {"state": ["MS"], "cip": CODING}),
    ("chatanoga medical coding", near("Chattanooga", "TN", CODING)),
    # Q2: known words are not mended, nor read as the beginning of a name.
    ("free medical billing classes", {"cip": BILLING}),
    ("short medical coding", {"cip": CODING}),
    ("fast medical billing", {"cip": BILLING}),
    ("retirement home director", {"cip": ["51.0718"]}),
    # Q4: whole questions.
    ("I live in Spokane and want to be a medical coder", near("Spokane", "WA", CODING)),
    ("what schools in Raleigh teach medical billing", near("Raleigh", "NC", BILLING)),
    ("do any colleges in Wyoming teach medical coding", {"state": ["WY"], "cip": CODING}),
    (
        "which universities have a health informatics doctorate",
        {"cip": INFORMATICS, "award": ["doctorate"]},
    ),
    (
        "uw milwaukee health informatics",
        school("University of Wisconsin-Milwaukee", cip=INFORMATICS),
    ),
    (
        "Palm Beach Community College medical billing",
        school("Palm Beach State College", cip=BILLING),
    ),
    # Q5: a city with its suburbs, across state lines.
    ("health information technology st louis", near("Saint Louis", "MO", TECHNOLOGY)),
    ("medical coding milwaukee", near("Milwaukee", "WI", CODING)),
    ("health information technology tampa", near("Tampa", "FL", TECHNOLOGY)),
    ("medical records portland oregon", near("Portland", "OR", RECORDS)),
    ("medical billing tampa", near("Tampa", "FL", BILLING)),
    # Q6: regions and counties.
    ("lehigh valley medical coding", {"county": ["42077", "42095"], "cip": CODING}),
    (
        "piedmont triad health information technology",
        {"county": ["37057", "37059", "37067", "37081"], "cip": TECHNOLOGY},
    ),
    (
        "midwest health informatics masters",
        {"state": MIDWEST, "cip": INFORMATICS, "award": ["master"]},
    ),
    ("Cook County medical coding", {"county": ["17031"], "cip": CODING}),
    # Q7: names that people use.
    ("wazzu health administration", school("Washington State University", cip=ADMINISTRATION)),
    ("bama healthcare administration", school("The University of Alabama", cip=ADMINISTRATION)),
    ("tri-c", school("Cuyahoga Community College District")),
    (
        "University of Maryland University College",
        school("University of Maryland Global Campus"),
    ),
    ("Pikes Peak Community College", school("Pikes Peak State College")),
    (
        "Florida Community College at Jacksonville",
        school("Florida State College at Jacksonville"),
    ),
    ("Lake-Sumter Community College", school("Lake-Sumter State College")),
    # Q8: codes.
    ("51.0716", {"cip": ["51.0716"]}),
    ("510716", {"cip": ["51.0716"]}),
    ("51.0716 ohio", {"cip": ["51.0716"], "state": ["OH"]}),
    ("510716 wisconsin", {"cip": ["51.0716"], "state": ["WI"]}),
    ("CIP 51.2706 texas", {"cip": INFORMATICS, "state": ["TX"]}),
    ("151263", {"unitid": ["151263"]}),
    ("00180400", {"unitid": ["151263"]}),
    ("001804", {"unitid": ["151263"]}),
    # The state that is typed, where a word means more.
    ("coding MS", {"cip": CODING, "state": ["MS"]}),
    # Q9: Spanish.
    ("expedientes médicos", {"cip": RECORDS}),
    ("licenciatura en administración de salud", {"cip": ADMINISTRATION, "award": ["bachelor"]}),
    ("codificador médico san diego", near("San Diego", "CA", CODING)),
    ("recepcionista médica wisconsin", {"cip": ["51.0712"], "state": ["WI"]}),
    ("informatica medica pensilvania", {"cip": INFORMATICS, "state": ["PA"]}),
    ("investigación clínica", {"cip": ["51.0719"]}),
    # Q10: everyday names.
    ("electronic medical records", {"cip": RECORDS}),
    ("EMR training", {"cip": RECORDS}),
    ("clinical trials", {"cip": ["51.0719"]}),
    ("revenue cycle management", {"cip": [*CODING, *BILLING]}),
    ("admitting clerk", {"cip": ["51.0703", "51.0712"]}),
    ("patient registration", {"cip": ["51.0703", "51.0712"]}),
    ("BSHA", {"cip": ADMINISTRATION, "award": ["bachelor"]}),
    ("MHSA", {"cip": ADMINISTRATION, "award": ["master"]}),
    # Q11: forms of words.
    ("registrars", {"cip": ["51.0721"]}),
    ("M.H.A. iowa", {"cip": ADMINISTRATION, "state": ["IA"], "award": ["master"]}),
    ("D.H.A. florida", {"cip": ADMINISTRATION, "state": ["FL"], "award": ["doctorate"]}),
    ("health informatics M.S.", {"cip": INFORMATICS, "award": ["master"]}),
    (
        "A.A.S. health information technology",
        {"cip": TECHNOLOGY, "award": ["associate"]},
    ),
    ("medical coding & billing alabama", {"cip": [*CODING, *BILLING], "state": ["AL"]}),
]
"""A text, and what the programs have in common that it must find, and no other."""


@pytest.mark.parametrize(
    ("text", "want"),
    FOUND,
    ids=[one[0] for one in FOUND],
)
def test_a_text_finds_what_it_asks_for_and_no_other(
    client: TestClient, catalogue: Catalogue, text: str, want: Want
) -> None:
    least, most = bounds(catalogue, want)

    found = slugs_found(client, text)

    assert least
    assert sorted(least - {*found})[:5] == []
    assert sorted({*found} - most)[:5] == []
    assert len(found) == len({*found})


FOUND_FIRST: list[tuple[str, Want]] = [
    ("chicagoland health information technology", near("Chicago", "IL", TECHNOLOGY, 40)),
    ("delmarva health information", {"state": ["DE", "MD", "VA"], "cip": [*RECORDS, "51.0723"]}),
    ("quad cities medical coding", near("Davenport", "IA", CODING, 20)),
    ("front range medical coding", near("Denver", "CO", CODING, 75)),
    ("osu health information management", school("Ohio State University-Main Campus", cip=RECORDS)),
    ("11-9111 wyoming", {"state": ["WY"]}),
    ("43-6013 idaho", {"state": ["ID"]}),
    ("certified coding specialist", {"cip": CODING}),
    ("certified outpatient coder", {"cip": CODING}),
    ("oncology data specialist", {"cip": ["51.0721"]}),
    ("certified professional biller", {"cip": BILLING}),
    ("medical coder albany", {"cip": CODING}),
    ("informaticists", {"cip": INFORMATICS}),
    ("medical clerks", {"cip": ["51.0703", "51.0712", "51.0716", "51.0710"]}),
]
"""A text, and what the first ten have in common; others may follow."""


@pytest.mark.parametrize(("text", "want"), FOUND_FIRST, ids=[text for text, _ in FOUND_FIRST])
def test_a_text_finds_what_it_asks_for_first(
    client: TestClient, catalogue: Catalogue, text: str, want: Want
) -> None:
    least, most = bounds(catalogue, want)

    first = [item["slug"] for item in ask(client, text)["items"][: min(10, len(least))]]

    assert first
    assert [slug for slug in first if slug not in most] == []


@pytest.mark.parametrize(
    ("text", "soc", "state"),
    [("11-9111 wyoming", "11-9111", "WY"), ("43-6013 idaho", "43-6013", "ID")],
)
def test_a_code_of_an_occupation_finds_the_fields_that_lead_to_it(
    client: TestClient, catalogue: Catalogue, text: str, soc: str, state: str
) -> None:
    wanted = catalogue.find({"cip": catalogue.occupations[soc], "state": [state]})

    assert set(slugs_found(client, text)) == wanted


@pytest.mark.parametrize(
    "text",
    ["socal medical coding", "southern california health information technology"],
)
def test_a_part_of_a_state_is_cut_at_its_latitude(
    client: TestClient, catalogue: Catalogue, text: str
) -> None:
    cip = CODING if "coding" in text else TECHNOLOGY
    rows = {row.slug: row.school for row in catalogue.rows}
    state = catalogue.find({"cip": cip, "state": ["CA"]})
    places = {slug: point for slug in state if (point := rows[slug].point)}

    found = set(slugs_found(client, text))

    assert {slug for slug, point in places.items() if point[0] < 35.0} <= found
    assert found <= {slug for slug, point in places.items() if point[0] < 36.6}


def test_a_system_of_schools_finds_all_its_schools(
    client: TestClient, databases: Databases
) -> None:
    """By the host that their addresses share."""
    statement = sa.text(
        "SELECT s.slug FROM program_summary s JOIN institution i ON i.id = s.institution_id "
        "WHERE i.website LIKE '%kctcs.edu%' AND COALESCE(s.school_status, 'open') = 'open'"
    )
    with Session(databases.seeded("sqlite")) as session:
        wanted = set(session.execute(statement).scalars())

    assert set(slugs_found(client, "kctcs")) == wanted != set()


@pytest.mark.parametrize("code", STATE_NAMES)
def test_a_state_or_territory_in_words_is_that_state(
    client: TestClient, catalogue: Catalogue, code: str
) -> None:
    page = ask(client, STATE_NAMES[code])

    assert page["total"] == len(catalogue.find({"state": [code]}))
    assert parameters(page).get("state") == [code]


# Nothing is held, and it is told.

UNKNOWN = [
    ("Caltech health informatics", "caltech"),
    ("utsa", "utsa"),
    ("HVAC", "hvac"),
    ("virginia tech", "virginia tech"),
    ("Cal State Fullerton", "cal state fullerton"),
    ("Quanterly College medical coding", "quanterly college"),
    ("medical coding in Grelbornox", "grelbornox"),
    ("medical coding in Ostravia", "ostravia"),
    ("Cedar Harbor Community College", "cedar harbor community college"),
    ("Liberty Valley State College medical coding", "liberty valley state college"),
    ("health informatics at Salem Meadow Institute of Technology", "institute of technology"),
]
"""A text with a school that has no program here, or a name that nobody has."""

FOREIGN = [
    ("phlebotomy certificate", "phlebotomy"),
    ("cosmetology texas", "cosmetology"),
    ("lpn programs tampa", "lpn"),
    ("public health", "public health"),
    ("HVAC", "hvac"),
]


@pytest.mark.parametrize(
    "text",
    [
        *("community colleges in Ohio", "colleges in Salem", "best universities for coding"),
        *("Denver Community College", "Chicago Prairie State College", "Penn State College"),
        *("Troy Montgomery Community College", "Stanford Stanford University"),
        *(
            "State College, PA",
            "Stanford University, Harvard University",
            "Houston Strayer College",
        ),
    ],
)
def test_schools_of_a_sort_and_known_names_are_no_unknown_name(
    client: TestClient, text: str
) -> None:
    page = ask(client, text)

    assert not [one for one in page["understood"] if one.get("because") == "not known"]


def reading_of(page: Mapping[str, Any], words: str) -> dict[str, Any]:
    """Return how some words of a text were read."""
    [one] = [one for one in page["understood"] if words in one["words"].lower()]
    return dict(one)


@pytest.mark.parametrize(("text", "name"), UNKNOWN)
def test_a_name_of_which_nothing_is_held_finds_nothing_and_it_is_told(
    client: TestClient, text: str, name: str
) -> None:
    page = ask(client, text)

    assert (page["total"], page["items"]) == (0, [])
    assert reading_of(page, name)["because"] != "spelling"
    assert page["beyond"]["said"]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Caltech health informatics", {"cip": INFORMATICS}),
        ("medical coding in Grelbornox", {"cip": CODING}),
    ],
)
def test_what_the_rest_of_the_text_finds_stands_apart(
    client: TestClient, catalogue: Catalogue, text: str, want: Want
) -> None:
    page = ask(client, text)

    assert page["total"] == 0
    assert page["beyond"]["total"] >= len(catalogue.find(want))


@pytest.mark.parametrize(("text", "words"), FOREIGN)
def test_a_field_that_is_not_held_is_refused_in_words(
    client: TestClient, text: str, words: str
) -> None:
    page = ask(client, text)

    assert (page["total"], page["items"]) == (0, [])
    assert reading_of(page, words)["because"] == "not a field of this catalogue"
    assert page["beyond"]["said"]


def test_a_school_that_has_nothing_of_the_field_shows_what_it_has(
    client: TestClient, catalogue: Catalogue
) -> None:
    page = ask(client, "Stanford medical coding")

    assert {item["slug"] for item in page["items"]} == catalogue.find(school("Stanford University"))
    assert page["loosened"]


# What is given up, and in which order.

LOOSENED: list[tuple[str, Want]] = [
    ("RHIT macon", near("Macon", "GA", TECHNOLOGY, 60)),
    (
        "is there a health information technology program close to Savannah Georgia",
        near("Savannah", "GA", TECHNOLOGY, 60),
    ),
    ("can I become a cancer registrar in Colorado", {"cip": ["51.0721"]}),
    (
        "My mother is a home health aide in Duluth Minnesota and after she finishes next spring "
        "she would love to study medical coding",
        near("Duluth", "MN", CODING, 60),
    ),
    ("medical coding providence", near("Providence", "RI", CODING, 60)),
]


@pytest.mark.parametrize(("text", "want"), LOOSENED, ids=[text for text, _ in LOOSENED])
def test_what_is_nowhere_near_is_looked_for_farther_away_and_it_is_told(
    client: TestClient, catalogue: Catalogue, text: str, want: Want
) -> None:
    _, most = bounds(catalogue, want)

    page = ask(client, text)

    found = {item["slug"] for item in page["items"]}
    assert found
    assert found <= most
    assert page["loosened"]
    assert all(one["said"] for one in page["loosened"])


def test_a_text_that_is_met_gives_nothing_up(client: TestClient) -> None:
    assert not ask(client, "medical coding milwaukee").get("loosened")


def test_programs_in_the_city_come_before_those_around_it(client: TestClient) -> None:
    items = ask(client, "medical billing tampa")["items"]

    cities = [item["institution"]["city"] == "Tampa" for item in items]
    assert cities == sorted(cities, reverse=True)
    assert all(item["distance_miles"] is not None for item in items)


def test_several_places_of_a_name_are_choices(client: TestClient) -> None:
    page = ask(client, "medical coder albany")

    states = {"NY", "OR", "GA"}
    said = " ".join(one["said"] for one in page["choices"])
    found = {item["institution"]["state"] for item in page["items"]}
    assert sum(f", {state}" in said or state in found for state in states) >= 2
    assert "IN" not in found  # New Albany is another city


def test_several_schools_of_a_name_are_choices(client: TestClient) -> None:
    page = ask(client, "osu")

    said = " ".join(one["said"] for one in page["choices"])
    assert "Ohio State" in said or "Ohio State" in str(page["items"][:3])
    assert len(page["choices"]) >= 1


# Facts that sources seldom tell.


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("accredited indiana", {"state": ["IN"]}),
        ("accredited medical coding kansas", {"state": ["KS"], "cip": CODING}),
        ("cahiim accredited wisconsin", {"state": ["WI"]}),
    ],
)
def test_what_is_not_known_to_be_accredited_is_not_found_and_stands_apart(
    client: TestClient, catalogue: Catalogue, text: str, rest: Want
) -> None:
    asked = {"state": rest["state"]} | ({"cip_code": rest["cip"]} if "cip" in rest else {})
    known = client.get("/v1/programs", params={**asked, "accreditation": "met"}).json()

    page = ask(client, text)

    least, most = bounds(catalogue, rest)
    assert page["total"] == known["total"]
    assert len(least) <= page["total"] + page["not_known"] + page["known_no"] <= len(most)


def test_the_accreditation_of_a_school_is_told_of_the_school(client: TestClient) -> None:
    page = ask(client, "is Carrington College accredited")

    assert page["first"][0]["kind"] == "institution"
    names = {item["institution"]["name"] for item in page["items"]}
    assert all(name.startswith("Carrington College") for name in names)


# Wishes as parameters.

ONLINE = ["online", "hybrid"]

SAME: list[tuple[str, dict[str, Any]]] = [
    ("medical coding under $5000", {"cip_code": CODING, "max_tuition_usd": 5000}),
    ("6 month medical billing", {"cip_code": BILLING, "max_months": 6}),
    ("online programs", {"delivery": ONLINE}),
    ("programas en línea", {"delivery": ONLINE}),
    ("grado asociado en línea", {"delivery": ONLINE, "award_level": "associate"}),
    ("online associate degree", {"delivery": ONLINE, "award_level": "associate"}),
]
"""A text, and the parameters that ask the same."""


@pytest.mark.parametrize(("text", "asked"), SAME, ids=[text for text, _ in SAME])
def test_a_wish_in_words_is_the_parameter(
    client: TestClient, catalogue: Catalogue, text: str, asked: dict[str, Any]
) -> None:
    by_parameters = client.get("/v1/programs", params={**asked, "limit": 100}).json()

    page = ask(client, text)

    unnamed = len(catalogue.having("cip", [NO_FIELD])) if "cip_code" in asked else 0
    for name in ("total", "not_known"):
        assert 0 < by_parameters[name] <= page[name] <= by_parameters[name] + unnamed
    if page["total"] <= len(page["items"]):
        assert {i["slug"] for i in by_parameters["items"]} <= {i["slug"] for i in page["items"]}


@pytest.mark.parametrize(
    ("text", "cip"), [("low cost medical billing", BILLING), ("cheap", None), ("cheapest", None)]
)
def test_cheap_is_the_order_of_tuition(
    client: TestClient, catalogue: Catalogue, text: str, cip: list[str] | None
) -> None:
    page = ask(client, text)

    least, most = bounds(catalogue, {"cip": cip} if cip else {})
    assert len(least) <= page["total"] <= len(most)
    prices = [item["price"] and item["price"]["year_usd"] for item in page["items"]]
    known = [price for price in prices if price is not None]
    assert prices[: len(known)] == sorted(known)
    assert "tuition" in parameters(page)["sort"]


@pytest.mark.parametrize("text", ["short medical coding", "fast medical billing"])
def test_short_is_the_order_of_length(client: TestClient, text: str) -> None:
    page = ask(client, text)

    lengths = [item["months"] and item["months"]["low"] for item in page["items"]]
    known = [length for length in lengths if length is not None]
    assert lengths[: len(known)] == sorted(known)
    assert "length" in parameters(page)["sort"]


def test_a_practicum_asked_for_is_found_where_known_and_the_others_are_counted(
    client: TestClient, catalogue: Catalogue
) -> None:
    page = ask(client, "medical coding with externship")

    least, most = bounds(catalogue, {"cip": CODING})
    assert len(least) <= page["total"] + page["not_known"] + page["known_no"] <= len(most)
    assert page["not_known"] > 0
    assert all(one["because"] != "not known" for one in page["understood"])


@pytest.mark.parametrize(
    ("text", "words", "want"),
    [
        ("free medical billing classes", "free", {"cip": BILLING}),
        ("full time health information", "full time", {"cip": RECORDS}),
        ("medical coding close to home", "close to home", {"cip": CODING}),
        ("medical coding around here", "around here", {"cip": CODING}),
    ],
)
def test_a_wish_that_no_data_can_meet_is_told_and_leaves_nothing_out(
    client: TestClient, catalogue: Catalogue, text: str, words: str, want: Want
) -> None:
    page = ask(client, text)

    assert page["total"] >= len(catalogue.find(want))
    [one] = [one for one in page["understood"] if set(words.split()) & set(one["words"].split())]
    assert (one["used"], bool(one["said"])) == ("left_out", True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("registrars", "registrar"),
        ("informaticists", "informaticist"),
        ("medical clerks", "medical clerk"),
        ("M.H.A. iowa", "mha iowa"),
        ("A.A.S. health information technology", "aas health information technology"),
        ("medical coding & billing alabama", "medical coding and billing alabama"),
        ("programas en línea", "online programs"),
        ("chatanoga medical coding", "chattanooga medical coding"),
    ],
)
def test_two_ways_to_write_a_text_find_the_same(client: TestClient, one: str, other: str) -> None:
    assert set(slugs_found(client, one)) == set(slugs_found(client, other)) != set()


# Results that are no programs.

FIRST: list[tuple[str, list[str]]] = [
    ("what is an RHIT", ["/credentials/RHIT"]),
    ("CDIP", ["/credentials/CDIP"]),
    ("CHDA", ["/credentials/CHDA"]),
    ("cpma", ["/credentials/CPMA"]),
    ("certified coding specialist", ["/credentials/CCS"]),
    ("certified outpatient coder", ["/credentials/COC"]),
    ("oncology data specialist", ["/credentials/ODS"]),
    ("certified professional biller", ["/credentials/CPB"]),
    ("RHIT or CCS which is better", ["/credentials/RHIT", "/credentials/CCS"]),
]


@pytest.mark.parametrize(("text", "pages"), FIRST, ids=[text for text, _ in FIRST])
def test_a_credential_is_the_first_result(client: TestClient, text: str, pages: list[str]) -> None:
    page = ask(client, text)

    assert [one["page"] for one in page["first"]][: len(pages)] == pages
    assert all(client.get(one["page"]).status_code == 200 for one in page["first"])
    assert all(client.get(one["href"]).status_code == 200 for one in page["first"])


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("RHIA salary", ["figure", "credential"]),
        ("who accredits health information programs", ["accreditor"]),
        ("difference between medical billing and coding", ["guide"]),
        ("transfer credits", ["guide"]),
        ("how much does a coder earn", ["figure"]),
        ("how long does it take to become a medical coder", ["guide", "figure"]),
        ("is Carrington College accredited", ["institution"]),
    ],
)
def test_a_question_that_no_program_answers_has_a_first_result_that_does(
    client: TestClient, text: str, kinds: list[str]
) -> None:
    first = ask(client, text)["first"]

    assert first[0]["kind"] in kinds
    assert len(first) <= 3
    assert all(client.get(one["page"].partition("#")[0]).status_code == 200 for one in first)


def test_first_results_stand_on_the_first_page_only(client: TestClient) -> None:
    page = ask(client, "RHIT", limit=5)

    following = ask(client, "RHIT", limit=5, cursor=page["next"])

    assert page["first"]
    assert not following.get("first")


# Schools.


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("emppire state nuversity", "empire state university"),
        ("sant monica college", "santa monica college"),
        ("health niforrmation", "health information"),
        ("medical bolling technician", "medical billing technician"),
    ],
)
def test_a_longer_name_is_mended_in_several_words_short_and_rare_ones_too(
    client: TestClient, text: str, meant: str
) -> None:
    assert slugs_found(client, text) == slugs_found(client, meant) != []


@pytest.mark.parametrize(
    ("text", "state"), [("coding Rosemont Pennsylvania", "PA"), ("Riverdale New York", "NY")]
)
def test_a_place_is_the_one_in_the_state_that_is_typed(
    client: TestClient, text: str, state: str
) -> None:
    """Also where only schools tell that there is such a place in that state."""
    page = ask(client, text)

    assert page["items"][0]["institution"]["state"] == state
    assert any(one["said"].endswith(f", {state}.") for one in page["understood"])


def test_schools_around_a_city_are_found(client: TestClient, catalogue: Catalogue) -> None:
    page = ask(client, "colleges around portland", "/v1/institutions")

    found = {item["unitid"] for item in page["items"]}
    unitids = {row.slug: row.school.unitid for row in catalogue.rows}
    least, most = (
        {unitids[slug] for slug in catalogue.within(catalogue.cities["Portland", "OR"], miles)}
        for miles in (CITY_MILES - EDGE_MILES, CITY_MILES + EDGE_MILES)
    )
    assert least <= found <= most
    assert {item["state"] for item in page["items"]} == {"OR", "WA"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Brevard Community College", "Eastern Florida State College"),
        ("tri-c", "Cuyahoga Community College District"),
        ("wazzu", "Washington State University"),
        ("151263", "University of Indianapolis"),
        ("Cuyahoga Community College medical billing", "Cuyahoga Community College District"),
    ],
)
def test_a_school_is_found_by_any_of_its_names(client: TestClient, text: str, name: str) -> None:
    items = ask(client, text, "/v1/institutions")["items"]

    assert items[0]["name"] == name


# How a text was read.

TEXTS = list(
    dict.fromkeys(
        text
        for table in (FOUND, FOUND_FIRST, LOOSENED, SAME, FIRST, UNKNOWN, FOREIGN)
        for text, *_ in table
    )
)


def test_no_reading_of_these_texts_misleads(client: TestClient, catalogue: Catalogue) -> None:
    wants = {text: want for table in (FOUND, FOUND_FIRST, LOOSENED) for text, want in table}
    wants |= {text: {"none": True} for table in (UNKNOWN, FOREIGN) for text, _ in table}
    wrong = {}
    for text in TEXTS:
        page = ask(client, text, limit=10)
        wanted = bounds(catalogue, wants[text])[1] if text in wants else catalogue.slugs
        answer = Answer([], page["total"], page)
        if found := list(misread(catalogue, Text(text, "case", wanted), answer)):
            wrong[text] = found

    assert wrong == {}


def test_every_word_is_told_once_in_the_order_of_the_text(client: TestClient) -> None:
    for text in TEXTS:
        page = ask(client, text, limit=1)
        words = " ".join(one["words"] for one in page["understood"])
        letters = [re.sub("[^a-z0-9]", "", plain(part)) for part in (words, text)]
        assert letters[0] == letters[1], text
        assert all(one["said"] for one in page["understood"]), text


def plain(text: str) -> str:
    """Return a text without accents, and its "&" in letters."""
    accents = str.maketrans("áéíóúñ", "aeioun")
    return text.lower().translate(accents).replace("&", "and")


def test_a_reading_can_be_undone_by_the_address_that_it_gives(client: TestClient) -> None:
    for text in TEXTS[:25]:
        page = ask(client, text, limit=1)
        for one in page["understood"]:
            if one["used"] in ("filter", "required"):
                without = client.get(one["without"])
                assert without.status_code == 200, (text, one)


def test_both_databases_read_and_find_the_same(databases: Databases, client: TestClient) -> None:
    with TestClient(create_app(databases.seeded("postgresql"))) as other:
        for text in TEXTS:
            pages = [ask(one, text, limit=10) for one in (client, other)]
            assert undated(pages[0]) == undated(pages[1]), text


def undated(told: Any) -> Any:
    """Return an answer without what tells when its rows were written."""
    if isinstance(told, dict):
        return {k: undated(v) for k, v in told.items() if k not in ("updated_at", "release")}
    return [undated(one) for one in told] if isinstance(told, list) else told


# Parameters beside a text.


@pytest.mark.parametrize(
    ("params", "parameter", "suggestion"),
    [
        ({"credential": "RHITT"}, "credential", "RHIT"),
        ({"credential": "XYZ"}, "credential", None),
        ({"sort": "price"}, "sort", "tuition"),
        ({"max_cost": "9000"}, "max_cost", "max_total_cost_usd"),
        ({"max_cost": "9000"}, "max_cost", "max_tuition_usd"),
        ({"practicum": "required"}, "practicum", "met"),
    ],
)
def test_a_parameter_that_is_not_known_is_refused_with_the_right_one(
    client: TestClient, params: dict[str, str], parameter: str, suggestion: str | None
) -> None:
    answer = client.get("/v1/programs", params=params)

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["parameter"] == parameter
    if suggestion:
        assert suggestion in str(error)


@pytest.mark.parametrize(
    ("params", "same"),
    [
        ({"near": "Macon"}, None),
        ({"state": "Georgia"}, {"state": "GA"}),
        ({"credential": "Certified Coding Specialist"}, {"credential": "CCS"}),
        ({"credential": "certified tumor registrar"}, {"credential": "ODS"}),
    ],
)
def test_a_name_is_read_where_one_meaning_exists_or_refused_with_a_suggestion(
    client: TestClient, params: dict[str, str], same: dict[str, str] | None
) -> None:
    answer = client.get("/v1/programs", params=params)

    if answer.status_code == 422:
        [error] = answer.json()["errors"]
        assert error.get("suggestion") or "ZIP" in error["detail"], error
    else:
        assert answer.status_code == 200
        if same:
            assert answer.json()["total"] == client.get("/v1/programs", params=same).json()["total"]


@pytest.mark.parametrize(
    ("name", "code"),
    [("Certified Coding Specialist", "CCS"), ("Oncology Data Specialist", "ODS"), ("CBCS", "CBCS")],
)
def test_a_credential_is_found_by_its_name(client: TestClient, name: str, code: str) -> None:
    answer = client.get(f"/v1/credentials/{name}")

    assert answer.status_code == 200, answer.text
    assert answer.json()["code"] == code


def test_a_text_of_one_letter_is_refused_in_letters(client: TestClient) -> None:
    answer = client.get("/v1/programs", params={"q": "a"})

    assert answer.status_code == 422
    assert "characters" in answer.text
    assert "entries" not in answer.text


def test_the_page_tells_readings_in_words_of_people(client: TestClient) -> None:
    page = client.get("/", params={"q": "cheapest online RHIT"})

    text = re.sub(r"<[^>]+>", " ", page.text)
    assert page.status_code == 200
    assert not re.search(r"\b(award_group|award_level|credential|cip_code|sort|delivery)=", text)
    assert "spelling" not in text
