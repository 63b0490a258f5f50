"""Fit: statements of the guide sorted by the answers given, and nothing concluded from them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

ANSWERS = ("yes", "no", "unsure")


def statements(client: TestClient) -> dict[str, str]:
    entries = client.get("/v1/guide/fit").json()["items"]
    return {s["key"]: s["text"] for entry in entries for s in entry["statements"]}


def check(client: TestClient, answers: dict[str, Any], status: int = 200) -> dict[str, Any]:
    answer = client.post("/v1/fit", json={"answers": answers})
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def keys(found: list[dict[str, Any]]) -> list[str]:
    return [statement["key"] for statement in found]


def test_the_guide_lists_both_sides_of_five_pairs_with_their_keys(
    seeded_client: TestClient,
) -> None:
    entries = seeded_client.get("/v1/guide/fit").json()["items"]

    assert len(entries) == 5
    for entry in entries:
        assert entry["statements"] == [
            {"key": f"{entry['slug']}.good_fit", "side": "good_fit", "text": entry["good_fit"]},
            {"key": f"{entry['slug']}.not_fit", "side": "not_fit", "text": entry["not_fit"]},
        ]


def test_other_sections_have_no_statements_to_answer(seeded_client: TestClient) -> None:
    suits = seeded_client.get("/v1/guide/insights/who_it_suits").json()

    assert suits["good_fit"]
    assert "statements" not in suits


def test_yes_matches_no_does_not_and_the_rest_stays_open(seeded_client: TestClient) -> None:
    found = check(
        seeded_client,
        {"clinical_contact.good_fit": "yes", "rules.not_fit": "no", "rules.good_fit": "unsure"},
    )

    assert keys(found["matched"]) == ["clinical_contact.good_fit"]
    assert keys(found["not_matched"]) == ["rules.not_fit"]
    assert {s["key"]: s["answer"] for s in found["open"]}["rules.good_fit"] == "unsure"
    assert {s["answer"] for s in found["open"]} == {"unsure", None}
    assert found["matched"][0]["basis"] == "editorial"
    assert found["matched"][0]["url"] == "/v1/guide/fit/clinical_contact"
    assert found["sources"] == ["source-article"]


def test_the_answer_holds_no_score_and_no_verdict(seeded_client: TestClient) -> None:
    found = check(seeded_client, dict.fromkeys(statements(seeded_client), "yes"))

    assert set(found) == {
        *("matched", "not_matched", "open", "note", "release", "as_of", "sources"),
    }


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_every_statement_comes_back_once_under_its_answer(
    seeded_client: TestClient, data: st.DataObject
) -> None:
    known = statements(seeded_client)
    sheet = data.draw(st.dictionaries(st.sampled_from(sorted(known)), st.sampled_from(ANSWERS)))

    found = check(seeded_client, sheet)

    everything = [*found["matched"], *found["not_matched"], *found["open"]]
    assert {s["key"]: s["text"] for s in everything} == known
    assert len(everything) == len(known)
    assert set(keys(found["matched"])) == {k for k, a in sheet.items() if a == "yes"}
    assert set(keys(found["not_matched"])) == {k for k, a in sheet.items() if a == "no"}


def test_every_unknown_key_is_named_with_the_nearest(seeded_client: TestClient) -> None:
    problem = check(
        seeded_client,
        {"rules.goodfit": "yes", "clinical_contact": "no", "rules.good_fit": "yes", "a/b": "no"},
        status=422,
    )

    assert [(e["pointer"], e.get("suggestion")) for e in problem["errors"]] == [
        ("#/answers/rules.goodfit", "rules.good_fit"),
        ("#/answers/clinical_contact", "clinical_contact.not_fit"),
        ("#/answers/a~1b", None),
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/answers"),
        ({"answers": {"rules.good_fit": "maybe"}}, "#/answers/rules.good_fit"),
        ({"answers": {"rules.good_fit": None}}, "#/answers/rules.good_fit"),
        ({"answers": {}, "weights": {}}, "#/weights"),
    ],
)
def test_a_body_of_another_shape_is_refused_at_its_place(
    seeded_client: TestClient, body: dict[str, Any], pointer: str
) -> None:
    answer = seeded_client.post("/v1/fit", json=body)

    assert answer.status_code == 422
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


def test_a_catalogue_without_a_guide_says_so(client: TestClient) -> None:
    assert client.post("/v1/fit", json={"answers": {}}).status_code == 404
