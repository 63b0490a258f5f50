"""Careers: the field's occupations side by side, one state by state, as tables."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient


def test_occupations_stand_beside_each_other_in_the_country_and_a_place(
    seeded_client: TestClient,
) -> None:
    answer = seeded_client.get("/v1/careers", params={"near": "43215"}).json()

    assert [area["code"] for area in answer["areas"]] == ["US", "18140", "OH"]
    by_code = {career["soc_code"]: career for career in answer["careers"]}
    country, metro, state = by_code["29-2072"]["pay"]
    assert (country["annual_median"], country["national_median"]) == (51140, 51140)
    assert (metro["annual_median"], state["annual_median"]) == (51230, 50990)
    alone = seeded_client.get("/v1/occupations/29-2072", params={"near": "43215"}).json()
    assert by_code["29-2072"]["pay"][1:] == alone["pay"]["occupations"]
    wages = {figure["measure"]: figure["value_low"] for figure in alone["wages"]}
    assert {name: country[name] for name in wages} == wages
    assert "RHIT" in by_code["29-2072"]["credentials"]
    medians = [career["pay"][0]["annual_median"] for career in answer["careers"]]
    assert medians == sorted(medians, reverse=True)


def test_one_occupation_is_told_state_by_state(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/v1/careers", params={"soc_code": "29-9021"}).json()

    [career] = answer["careers"]
    told = {pay["area"]["code"]: pay["status"] for pay in career["pay"]}
    assert (told["US"], told["OH"], told["AL"]) == ("reported", "reported", "not_published")
    unknown = seeded_client.get("/v1/careers", params={"soc_code": "11-1111"})
    assert unknown.json()["errors"][0]["suggestion"] == "11-9111"


@pytest.mark.parametrize("asked", [{"home_state": "OH"}, {"soc_code": "29-9021"}])
def test_pay_is_taken_away_as_a_table(seeded_client: TestClient, asked: dict[str, str]) -> None:
    careers = seeded_client.get("/v1/careers", params=asked).json()["careers"]
    text = seeded_client.get("/v1/export/careers.csv", params=asked).text
    book = seeded_client.get("/v1/export/careers.xlsx", params=asked).content

    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    told = [(one["title"], pay) for one in careers for pay in one["pay"]]
    assert [(row["Occupation"], row["Where"]) for row in rows] == [
        (title, pay["area"]["title"]) for title, pay in told
    ]
    known = [str(pay["annual_median"]) for _, pay in told if pay["status"] == "reported"]
    assert [row["Median pay a year"] for row in rows if row["As of"]][: len(known)] == known
    held = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in held[1:]] == [row["Where"] for row in rows]
