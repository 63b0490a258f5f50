"""Occupations over HTTP: what is done, what it pays, where it comes from."""

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.importing import ARTICLE, CIP, OEWS, ONET, PROJECTIONS, import_files


@pytest.fixture(autouse=True)
def catalogue(engine: Engine) -> None:
    """Occupations with their figures."""
    import_files(engine, *CIP, *ONET, OEWS, PROJECTIONS, *ARTICLE)


def test_whole_occupations_are_listed_with_specialties_and_fields_of_study(
    client: TestClient,
) -> None:
    page = client.get("/v1/occupations").json()

    assert [item["soc_code"] for item in page["items"]] == ["15-1211", "29-2072", "29-9021"]
    assert page["total"] == 3
    analysts, records, _ = page["items"]
    assert analysts["specialties"] == [
        {
            "onet_code": "15-1211.01",
            "title": "Health Informatics Specialists",
            "url": "/v1/occupations/15-1211.01",
        }
    ]
    assert [field["cip_code"] for field in records["fields_of_study"]] == ["51.0707", "51.0713"]


def test_occupations_are_found_by_the_field_of_study_in_any_spelling(client: TestClient) -> None:
    def found(cip_code: str) -> list[str]:
        items = client.get("/v1/occupations", params={"cip_code": cip_code}).json()["items"]
        return [item["soc_code"] for item in items]

    assert found("51.0713") == ["29-2072"]
    assert found("510707") == ["29-2072", "29-9021"]
    assert found("01.0101") == []


def test_occupations_come_in_pages(client: TestClient) -> None:
    first = client.get("/v1/occupations", params={"limit": 2}).json()
    second = client.get("/v1/occupations", params={"limit": 2, "cursor": first["next"]}).json()

    codes = [item["soc_code"] for item in first["items"] + second["items"]]
    assert codes == ["15-1211", "29-2072", "29-9021"]
    assert second["next"] is None


def test_tasks_come_core_first_and_technology_by_demand(client: TestClient) -> None:
    occupation = client.get("/v1/occupations/29-2072").json()

    assert [task["task_id"] for task in occupation["tasks"]] == [104, 105, 103]
    assert [row["name"] for row in occupation["technology"]] == [
        "Zebra EHR",
        "Medi Sheets",
        "Aardvark Charts",
    ]


def test_neighbours_come_nearest_first_and_link_where_they_are_known(client: TestClient) -> None:
    related = client.get("/v1/occupations/29-2072").json()["related"]

    assert [(row["rank"], row["tier"]) for row in related] == [
        (1, "primary_short"),
        (2, "primary_long"),
        (3, "supplemental"),
    ]
    assert [row["url"] for row in related] == ["/v1/occupations/29-9021.00", None, None]
    assert client.get(related[0]["url"]).json()["soc_code"] == "29-9021"


def test_wages_and_outlook_are_the_newest_official_figures(client: TestClient) -> None:
    occupation = client.get("/v1/occupations/29-2072").json()

    wages = {figure["measure"]: figure["value_low"] for figure in occupation["wages"]}
    outlook = {figure["measure"]: figure for figure in occupation["outlook"]}
    assert wages["annual_median"] == 51140
    assert len(wages) == len(occupation["wages"]) == 7
    assert outlook["employment_change_pct"]["value_low"] == 7.1
    assert outlook["typical_education"]["value_text"] == "Postsecondary nondegree award"


def test_figures_of_the_article_are_not_among_the_official_ones(client: TestClient) -> None:
    occupation = client.get("/v1/occupations/29-9021").json()

    bases = {f["evidence"]["basis"] for f in occupation["wages"] + occupation["outlook"]}
    assert bases == {"government_data"}


def test_the_answer_carries_the_attribution_and_every_source(client: TestClient) -> None:
    occupation = client.get("/v1/occupations/29-2072").json()

    assert occupation["attribution"] == (
        "This product includes information from the O*NET Database by the U.S. Department of "
        "Labor, Employment and Training Administration (USDOL/ETA), used under the CC BY 4.0 "
        "license"
    )
    assert occupation["sources"] == [
        "bls-ep-2024-34",
        "bls-oews-2025-05",
        "onet-occupations",
        "onet-related",
        "onet-tasks",
        "onet-technology",
    ]


def test_contradicting_statements_on_the_occupation_are_shown(client: TestClient) -> None:
    conflicts = client.get("/v1/occupations/29-2072").json()["conflicts"]

    assert "associate_degree_needed" in {conflict["slug"] for conflict in conflicts}


def test_a_specialty_has_its_own_tasks_and_the_figures_of_its_occupation(
    client: TestClient,
) -> None:
    specialty = client.get("/v1/occupations/15-1211.01").json()

    assert specialty["title"] == "Health Informatics Specialists"
    assert [task["task"] for task in specialty["tasks"]] == ["Map a workflow."]
    assert {figure["soc_code"] for figure in specialty["outlook"]} == {"15-1211"}


def test_what_onet_has_not_published_is_null_and_not_empty(client: TestClient) -> None:
    occupation = client.get("/v1/occupations/29-9021").json()

    assert occupation["tasks"] is None
    assert occupation["technology"] is None
    assert occupation["related"] is None


def test_an_unknown_occupation_is_named_with_the_nearest(client: TestClient) -> None:
    answer = client.get("/v1/occupations/29-2071")

    assert answer.status_code == 404
    assert "'29-2071'" in answer.json()["detail"]
    assert "'29-2072'" in answer.json()["detail"]
    assert "It was replaced by 29-2072 and 29-9021." in answer.json()["detail"]


@pytest.mark.parametrize("code", ["292072", "29-2072.0", "29-2072.000", "records"])
def test_a_code_of_another_shape_is_refused(client: TestClient, code: str) -> None:
    assert client.get(f"/v1/occupations/{code}").status_code == 422
