"""The search in everything over HTTP: kinds, their order, why, and the way to each."""

from typing import Any

import pytest
from starlette.testclient import TestClient

pytestmark = pytest.mark.engines_in_turn

KINDS = ("program", "institution", "credential", "advancement_path", "guide", "statistic")
TEXTS = (
    *("RHIA salary", "medical coding columbus", "what is an RHIT", "Owens Community College"),
    *("cdi specialist", "transfer credits", "Caltech health informatics", "who accredits programs"),
    *("difference between medical billing and coding", "RHIT or CCS which is better", "qqqqxz"),
    *("salario de codificador", "how long does it take to become a medical coder", "45402"),
)


def found(client: TestClient, text: str, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/search", params={"q": text, **params})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def kinds(answer: dict[str, Any]) -> list[str]:
    return [group["kind"] for group in answer["groups"]]


@pytest.mark.parametrize("text", TEXTS)
def test_every_result_says_why_and_leads_somewhere(seeded_client: TestClient, text: str) -> None:
    answer = found(seeded_client, text)

    assert set(kinds(answer)) <= set(KINDS)
    for group in answer["groups"]:
        assert 1 <= len(group["items"]) <= min(3, group["total"])
        assert seeded_client.get(group["href"]).status_code == 200, group["href"]
        for item in group["items"][:2]:
            assert item["because"].endswith(".")
            assert seeded_client.get(item["href"]).status_code == 200, item["href"]
            assert seeded_client.get(item["page"].partition("#")[0]).status_code == 200, item


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("what is an RHIT", "credential", "RHIT"),
        ("RHIT or CCS which is better", "credential", "CCS"),
        ("RHIA salary", "statistic", "wages"),
        ("Owens Community College", "institution", "204945"),
        ("how long does it take to become a medical coder", "guide", "timeline"),
    ],
)
def test_what_the_text_is_about_comes_first(
    seeded_client: TestClient, text: str, kind: str, key: str
) -> None:
    first = found(seeded_client, text)["groups"][0]

    assert first["kind"] == kind
    assert key in {item["key"] for item in first["items"]}


def test_programs_are_those_of_the_list_read_alike(seeded_client: TestClient) -> None:
    answer = found(seeded_client, "medical coding columbus", limit=2)
    programs = seeded_client.get(
        "/v1/programs", params={"q": "medical coding columbus", "limit": 2}
    ).json()

    group = answer["groups"][0]
    assert [item["key"] for item in group["items"]] == [one["slug"] for one in programs["items"]]
    assert group["total"] == programs["total"]
    assert answer["understood"] == programs["understood"]
    assert "medical coding" in group["items"][0]["because"]


def test_roles_and_credentials_are_found_by_the_words_of_their_texts(
    seeded_client: TestClient,
) -> None:
    roles = {g["kind"]: g for g in found(seeded_client, "cdi specialist")["groups"]}
    coding = {g["kind"]: g for g in found(seeded_client, "medical coding", limit=10)["groups"]}

    assert roles["advancement_path"]["items"][0]["key"] == "cdi-specialist"
    assert {"CCS", "CPC"} & {item["key"] for item in coding["credential"]["items"]}


def test_figures_are_those_of_the_work_that_is_asked_about(seeded_client: TestClient) -> None:
    figures = found(seeded_client, "RHIA salary", limit=10)["groups"][0]["items"]

    assert figures[0]["kind"] == "figure"
    assert any("Health Services Managers" in item["title"] for item in figures)


def test_a_school_without_programs_is_told_and_why(seeded_client: TestClient) -> None:
    answer = found(seeded_client, "Caltech health informatics")

    assert "program" not in kinds(answer)
    assert answer["nothing"]
    assert answer["groups"][0]["items"][0]["key"] == "110404"


@pytest.mark.parametrize(
    "params", [{}, {"q": "a"}, {"q": "ab", "limit": "11"}, {"q": "ab", "x": 1}]
)
def test_bad_input_is_named(seeded_client: TestClient, params: dict[str, Any]) -> None:
    answer = seeded_client.get("/v1/search", params=params)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] in {"q", "limit", "x"}


def test_an_empty_catalogue_finds_nothing(client: TestClient) -> None:
    assert found(client, "medical coding")["groups"] == []
