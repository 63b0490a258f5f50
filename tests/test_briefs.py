"""Answers in short: within their bounds for every record, with sources, and open where all is."""

import json
from collections.abc import Iterator
from itertools import pairwise
from math import ceil
from typing import Any

import httpx
import pytest

from app.schemas.briefs import BriefComparison, BriefPrograms, BriefRead

A, B = "owens-community-college-510707-associate", "mercy-college-of-ohio-510707-associate"
CHARACTERS_A_TOKEN = 3.6
BRIEF = {"view": "brief"}
PROGRAMS = 40
"""Programs looked at of the whole catalogue."""


def tokens(answer: object) -> int:
    told = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return ceil(len(told) / CHARACTERS_A_TOKEN)


def get(client: httpx.Client, address: str, **query: Any) -> Any:
    answer = client.get(address, params={**BRIEF, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def slugs(http: httpx.Client) -> list[str]:
    """Programs from all over the catalogue, those of which most is known among them."""
    found = []
    for query in ({}, {"sort": "score"}, {"award_level": "bachelor", "sort": "-name"}):
        page = http.get("/v1/programs", params={"limit": 20, "fields": "slug"} | query)
        found += [item["slug"] for item in page.json().get("items", ())]
    return list(dict.fromkeys([A, B, *found]))[:PROGRAMS]


def cited(answer: dict[str, Any], lines: str = "facts") -> None:
    """Check that every number names a source, and every source is named."""
    named = {number for line in answer[lines] for number in line["by"]}
    assert named == {source["n"] for source in answer["sources"]}
    assert all(source["title"] for source in answer["sources"])


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/v1/programs/{slug}", 1_200),
        ("/v1/programs/{slug}/checklist", 800),
        ("/v1/programs/{slug}/total-cost", 600),
    ],
)
def test_what_is_told_of_any_program_is_short(
    http: httpx.Client, slugs: list[str], address: str, most: int
) -> None:
    for slug in slugs:
        answer = get(http, address.format(slug=slug))

        assert tokens(answer) <= most, slug
        assert answer["page"] == str(http.base_url.join(f"/programs/{slug}"))
        cited(answer)


def test_any_comparison_is_short(http: httpx.Client, slugs: list[str]) -> None:
    chosen = [list(pair) for pair in pairwise(slugs[:10])] + [slugs[:4], slugs[:8]]
    for programs in chosen:
        answer = get(http, "/v1/comparison", program=programs)

        assert tokens(answer) <= 1_500, programs
        assert [one["page"].rpartition("/")[2] for one in answer["programs"]] == programs
        assert all(len(row["says"]) in {1, len(programs)} for row in answer["rows"])
        cited(answer, "rows")


def test_any_credential_is_short(http: httpx.Client) -> None:
    for item in http.get("/v1/credentials").json()["items"]:
        answer = get(http, f"/v1/credentials/{item['code']}")
        opens = get(http, "/v1/eligibility", credential=item["code"], program=A)

        assert tokens(answer) <= 1_200
        assert tokens(opens) <= 600
        cited(answer)


def test_any_role_and_the_way_to_it_are_short(http: httpx.Client) -> None:
    for item in http.get("/v1/advancement-paths").json()["items"][::3]:
        role = get(http, f"/v1/advancement-paths/{item['slug']}", state="Ohio")
        plan = get(http, "/v1/advancement-plans", target=item["slug"], credentials="CCA")

        assert tokens(role) <= 800
        assert tokens(plan) <= 1_200
        cited(role)
        cited(plan)


@pytest.mark.parametrize("codes", [["RHIA", "CCS"], ["RHIT", "CPC", "CHPS", "CDIP"]])
def test_a_plan_of_renewal_is_short(http: httpx.Client, codes: list[str]) -> None:
    answer = http.post("/v1/renewal-plans", json={"credentials": codes, **BRIEF}).json()

    assert tokens(answer) <= 1_000
    assert all(code in answer["answer"] for code in codes)
    cited(answer)


def test_a_list_is_short_and_tells_where_it_stands_for_people(http: httpx.Client) -> None:
    answer = get(http, "/v1/programs", q="associate health information ohio", limit=10)

    assert tokens(answer) <= 1_200
    assert len(answer["programs"]) == 10
    assert answer["page"] == f"{http.base_url}/?q=associate+health+information+ohio"
    assert {one["accredited"] for one in answer["programs"]} <= {"yes", "no", "not known"}


def test_time_is_short_and_says_what_is_open(http: httpx.Client) -> None:
    answer = get(http, "/v1/timeline", program=A, pace="part")

    assert tokens(answer) <= 600
    assert any(fact["says"].startswith("not known") for fact in answer["facts"])


def test_answers_of_ones_own_are_scored_in_short(http: httpx.Client) -> None:
    asked = {"program": A, "answers": {"program_accredited": "met"}, **BRIEF}
    answer = http.post("/v1/checklists", json=asked).json()

    told = {fact["label"]: fact["says"] for fact in answer["facts"]}
    assert told["Program accredited by the field's accreditor"].startswith("met")
    assert tokens(answer) <= 800


def test_what_nobody_tells_is_said_to_be_not_known(http: httpx.Client) -> None:
    whole = http.get(f"/v1/programs/{A}").json()
    answer = get(http, f"/v1/programs/{A}")

    said = {fact["label"]: fact for fact in answer["facts"]}
    assert whole["accreditation"] == "unknown"
    assert said["Program accreditation"]["says"] == "not known"
    assert said["Program accreditation"]["by"] == []


def test_each_answer_has_the_shape_that_its_class_has(http: httpx.Client) -> None:
    assert list(get(http, f"/v1/programs/{A}")) == list(BriefRead.model_fields)
    assert list(get(http, "/v1/programs", state="OH")) == list(BriefPrograms.model_fields)
    compared = get(http, "/v1/comparison", program=[A, B])
    assert list(compared) == list(BriefComparison.model_fields)


def test_sections_of_a_comparison_leave_out_the_rest(http: httpx.Client) -> None:
    asked = {"program": [A, B], "sections": "cost,accreditation"}
    answer = http.get("/v1/comparison", params=asked)
    whole = http.get("/v1/comparison", params={"program": [A, B]})

    read = answer.json()
    assert {row["section"] for row in read["rows"]} == {"cost", "accreditation"}
    assert read["checklists"] == []
    assert read["ranks"] == whole.json()["ranks"]
    assert set(read["sources"]) < set(whole.json()["sources"])
    assert len(answer.content) * 3 < len(whole.content)


def test_a_section_that_there_is_not_is_told_with_the_nearest(http: httpx.Client) -> None:
    asked = {"program": [A, B], "sections": "costs"}
    [error] = http.get("/v1/comparison", params=asked).json()["errors"]

    assert error["suggestion"] == "cost"


def test_each_value_of_a_comparison_tells_its_kind(http: httpx.Client) -> None:
    types = {
        "text": str,
        "yes_no": bool,
        "number": int | float,
        "list": list,
        "range": dict,
        None: type(None),
    }
    read = http.get("/v1/comparison", params={"program": [A, B]}).json()
    values = [value for row in read["rows"] for value in row["values"]]

    assert {value["kind"] for value in values} >= {"text", "yes_no", "number", "range", None}
    for value in values:
        assert isinstance(value["value"], types[value["kind"]])
        assert isinstance(value["value"], bool) == (value["kind"] == "yes_no")
