"""Completions of what somebody types, over HTTP."""

import time
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.domain.vocabulary import SuggestionKind
from app.main import bind
from tests.asking import ask, forget
from tests.fixtures import Databases
from tests.test_poisoning import HOST

pytestmark = pytest.mark.engines_in_turn

BEGINNINGS = (
    *(
        "si",
        "uni",
        "col",
        "north",
        "john",
        "st ",
        "ohio st",
        "san",
        "new y",
        "medical",
        "medical b",
    ),
    *("health inf", "asso", "mast", "rh", "cpc", "454", "51.07", "lehigh v", "cook co", "tech"),
    *("coding in ohio", "health informatics tex", "facturación", "codific"),
)
KIND_READ = {
    "school": {"school"},
    "field": {"field"},
    "occupation": {"field"},
    "place": {"area"},
    "credential": {"credential"},
    "award": {"award"},
}
"""Kind of a suggestion -> kinds that its text may be read as."""


def suggested(client: TestClient, prefix: str, **params: Any) -> list[dict[str, Any]]:
    answer = client.get("/v1/suggest", params={"prefix": prefix, **params})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize("prefix", BEGINNINGS)
def test_a_suggestion_is_read_as_what_it_stands_for_and_finds_what_it_says(
    seeded_client: TestClient, prefix: str
) -> None:
    items = suggested(seeded_client, prefix)

    assert items
    for item in items:
        found = seeded_client.get(
            "/v1/programs", params={"q": item["text"], "limit": 1, "fields": "slug"}
        ).json()
        read = {one["kind"] for one in found["understood"] if one["used"] != "left_out"}
        assert read & KIND_READ[item["kind"]], (item, read)
        counted = seeded_client.get("/v1/programs", params={**item["query"], "limit": 1})
        if item["programs"] or "q" not in item["query"]:  # a text without programs looks farther
            assert counted.json()["total"] == item["programs"], item
        assert seeded_client.get(item["href"]).status_code == 200, item


def test_schools_with_programs_come_before_others(seeded_client: TestClient) -> None:
    items = suggested(seeded_client, "albany", kinds="school", limit=20)

    counts = [item["programs"] for item in items]
    assert 0 in counts
    assert counts.index(0) == len([count for count in counts if count])


def test_a_school_is_found_by_later_words_and_by_what_it_is_called(
    seeded_client: TestClient,
) -> None:
    later = suggested(seeded_client, "fairbanks", kinds="school")
    called = suggested(seeded_client, "uga", kinds="school")

    assert any("Fairbanks" in item["text"] for item in later)
    assert ("University of Georgia", "uga") in {(one["text"], one["matched"]) for one in called}


@pytest.mark.parametrize(
    ("prefix", "meant"),
    [("colmbus", "Columbus, OH"), ("univeristy of geo", "University of Georgia")],
)
def test_errors_are_looked_past_only_where_nothing_begins_so(
    seeded_client: TestClient, prefix: str, meant: str
) -> None:
    mended = seeded_client.get("/v1/suggest", params={"prefix": prefix}).json()
    right = seeded_client.get("/v1/suggest", params={"prefix": meant[:8]}).json()

    assert mended["is_mended"]
    assert meant in {item["text"] for item in mended["items"]}
    assert not right["is_mended"]
    assert suggested(seeded_client, "qqqqxz") == []


def test_the_last_words_are_completed_after_others(seeded_client: TestClient) -> None:
    items = suggested(seeded_client, "Medical coding Colora")

    first = items[0]
    assert (first["kind"], first["text"]) == ("place", "Medical coding Colorado")
    assert first["query"] == {"q": ["Medical coding"], "state": ["CO"]}
    assert all(item["programs"] for item in items)


def test_kinds_and_limits_are_kept(seeded_client: TestClient) -> None:
    for kind in SuggestionKind:
        assert {item["kind"] for item in suggested(seeded_client, "co", kinds=kind)} <= {kind}
    assert len(suggested(seeded_client, "co", limit=3)) == 3
    assert len({item["kind"] for item in suggested(seeded_client, "col")}) > 2


def test_spanish_words_come_first_where_spanish_is_asked_for(seeded_client: TestClient) -> None:
    english = suggested(seeded_client, "codi", kinds="field")
    spanish = suggested(seeded_client, "codi", kinds="field", lang="es")

    assert "coding" in english[0]["text"]
    assert spanish[0]["text"].startswith("codific")
    assert any("ó" in item["text"] for item in spanish)


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({}, "prefix"),
        ({"prefix": "c"}, "prefix"),
        ({"prefix": "co", "kinds": "schol"}, "kinds"),
        ({"prefix": "co", "limit": "21"}, "limit"),
        ({"prefix": "co", "lang": "fr"}, "lang"),
        ({"prefixes": "co", "prefix": "co"}, "prefixes"),
    ],
)
def test_bad_input_is_named(
    seeded_client: TestClient, params: dict[str, str], parameter: str
) -> None:
    answer = seeded_client.get("/v1/suggest", params=params)

    assert answer.status_code == 422
    assert parameter in {error["parameter"].split(".")[0] for error in answer.json()["errors"]}


def test_what_was_told_once_is_not_sent_again(seeded_client: TestClient) -> None:
    first = seeded_client.get("/v1/suggest", params={"prefix": "sinc"})
    again = seeded_client.get(
        "/v1/suggest", params={"prefix": "sinc"}, headers={"If-None-Match": first.headers["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "prefix", ["\u00b7\u00b7", "''", "a" * 200, "a b " * 50, "o'", "5 5", "--"]
)
def test_any_text_is_answered(seeded_client: TestClient, prefix: str) -> None:
    suggested(seeded_client, prefix)


MOST_OF_A_REPEATED_READ = 30
"""How many repeated reads a new suggestion may cost: 1 to 2 ms beside 0.09."""


def test_a_suggestion_costs_few_repeated_reads(databases: Databases, shared_app: FastAPI) -> None:
    bind(shared_app, databases.seeded("sqlite"))
    addresses = [
        f"/v1/suggest?prefix={prefix}" for prefix in "si co un ne lo as me sa al ta".split()
    ]

    def seconds(asked: list[str], times: int) -> float:
        began = time.process_time()
        for _ in range(times):
            for address in asked:
                assert ask(shared_app, address, [HOST]).status == 200
        return (time.process_time() - began) / times / len(asked)

    seconds(addresses, 1)
    forget(shared_app)
    new = seconds(addresses, 1)
    repeated = seconds(addresses, 5)

    assert new < MOST_OF_A_REPEATED_READ * repeated
