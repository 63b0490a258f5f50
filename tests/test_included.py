"""One program with what other addresses answer about it, in one call."""

import pytest
from starlette.testclient import TestClient

PROGRAM = "sinclair-community-college-510707-associate"
RECORD = f"/v1/programs/{PROGRAM}"
OWN = {
    "checklist": f"{RECORD}/checklist",
    "total_cost": f"{RECORD}/total-cost",
    "eligibility": f"/v1/eligibility?credential=RHIT&program={PROGRAM}",
    "similar": f"{RECORD}/similar",
    "timeline": f"/v1/timeline?program={PROGRAM}",
}


def test_each_part_is_what_its_own_address_answers(seeded_client: TestClient) -> None:
    alone = seeded_client.get(RECORD).json()
    whole = seeded_client.get(f"{RECORD}?include={','.join(OWN)}").json()

    assert alone.pop("included") is None
    included = whole.pop("included")
    assert included.pop("pay") is None  # not asked for
    assert whole == alone
    assert included == {part: seeded_client.get(path).json() for part, path in OWN.items()}


def test_parts_are_parted_by_commas_or_repeated(seeded_client: TestClient) -> None:
    parted = seeded_client.get(f"{RECORD}?include=timeline,checklist").json()
    repeated = seeded_client.get(f"{RECORD}?include=checklist&include=timeline").json()

    assert parted == repeated
    assert {part for part, said in parted["included"].items() if said} == {"checklist", "timeline"}


def test_parts_follow_the_weights_the_day_and_the_credential_asked_for(
    seeded_client: TestClient,
) -> None:
    asked = "as_of=2031-01-01&weights=practicum_access:1&credential=CCA"
    answer = seeded_client.get(f"{RECORD}?include=checklist,total_cost,eligibility&{asked}").json()
    included = answer["included"]

    day = {part: said["as_of"] for part, said in included.items() if said}
    assert set(day.values()) == {"2031-01-01"}
    assert included["checklist"]["weights"]["practicum_access"] == 1
    assert included["checklist"]["score"].items() <= answer["score"].items()
    assert included["total_cost"]["credential"] == included["eligibility"]["credential"] == "CCA"


@pytest.mark.parametrize(
    ("query", "parameter", "suggestion"),
    [
        ("include=checklist,simlar", "include", "similar"),
        ("include=", "include", None),
        ("include=total-cost", "include", "total_cost"),
        ("include=eligibility&credential=XYZ", "credential", None),
        ("included=checklist", "included", "include"),
    ],
)
def test_a_part_that_there_is_not_is_refused_with_the_nearest(
    seeded_client: TestClient, query: str, parameter: str, suggestion: str | None
) -> None:
    answer = seeded_client.get(f"{RECORD}?{query}")

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["parameter"], error.get("suggestion")) == (parameter, suggestion)
