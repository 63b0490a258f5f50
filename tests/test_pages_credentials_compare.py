"""Credentials side by side: over the wire, and as a page."""

import csv
import io
import re

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

HTML = {"Accept": "text/html"}
THREE = ["RHIT", "CCS", "CPC"]
ADDRESS = "/v1/credentials/comparison"


def cells_of(page: str) -> dict[str, dict[str, str]]:
    """Return row -> credential -> whether anything is told."""
    rows = re.findall(r'<tr data-row="(\w+)">(.*?)</tr>', page, re.DOTALL)
    return {
        key: dict(re.findall(r'<td data-credential="([^"]+)" data-finding="(\w+)"', row))
        for key, row in rows
    }


def test_each_cell_is_what_leads_on_the_credential_itself(seeded_client: TestClient) -> None:
    answer = seeded_client.get(ADDRESS, params={"credential": THREE}).json()

    assert [one["code"] for one in answer["credentials"]] == THREE
    for at, code in enumerate(THREE):
        alone = seeded_client.get(f"/v1/credentials/{code}").json()
        told = [*alone["cells"], *alone["issuer_rules"]]
        assert answer["credentials"][at]["eligibility"] == alone["eligibility"]
        assert all(cell in told for row in answer["rows"] for cell in row["values"][at])
        found = seeded_client.get(f"/v1/credentials/{code}/programs", params={"limit": 1})
        assert answer["credentials"][at]["programs"] == found.json()["total"]
    assert all(len(row["values"]) == 3 for row in answer["rows"])


def test_pay_is_told_where_a_place_is(seeded_client: TestClient) -> None:
    bare = seeded_client.get(ADDRESS, params={"credential": THREE}).json()

    areas = [[area["code"] for area in one["pay"]["areas"]] for one in bare["credentials"]]
    assert areas == [["US"]] * 3
    for place in ({"state": "MI"}, {"home_state": "MI"}, {"near": "48201"}):
        placed = seeded_client.get(ADDRESS, params={"credential": THREE, **place}).json()
        areas = [[area["code"] for area in one["pay"]["areas"]] for one in placed["credentials"]]
        assert all(codes[0] == "US" and codes[-1] == "MI" for codes in areas)
        assert set(placed["sources"]) > set(bare["sources"])


@pytest.mark.parametrize(
    ("codes", "value"),
    [(["RHIT", "RHTI"], "RHTI"), (["RHIT"], None), (["CCS", "ccs"], "ccs"), (["CCS"] * 7, "CCS")],
)
def test_what_cannot_be_compared_is_named(
    seeded_client: TestClient, codes: list[str], value: str | None
) -> None:
    answer = seeded_client.get(ADDRESS, params={"credential": codes})

    assert answer.status_code == 422
    [fault, *_] = answer.json()["errors"]
    assert fault["parameter"] == "credential"
    assert fault.get("value") == value


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_page_sets_them_side_by_side(seeded_client: TestClient, lang: str) -> None:
    asked = {"credential": THREE, "near": "48201", "lang": lang}
    page = seeded_client.get("/credentials/compare", params=asked, headers=HTML).text

    cells = cells_of(page)
    rows = seeded_client.get(ADDRESS, params={"credential": THREE}).json()["rows"]
    for row in rows:
        for code, told in zip(THREE, row["values"], strict=True):
            is_known = any(cell["current"] for cell in told)
            assert cells[row["field"]][code] == ("met" if is_known else "unknown")
    assert set(cells["routes"]) == set(cells["pay"]) == set(THREE)
    assert "data-who-says" in page
    assert page.count('name="credential"') > 10


def test_they_are_taken_away_as_a_table(seeded_client: TestClient) -> None:
    asked = {"credential": THREE, "home_state": "MI"}
    answer = seeded_client.get(ADDRESS, params=asked).json()
    sheet = seeded_client.get("/v1/export/credential-comparison.csv", params=asked)
    book = seeded_client.get("/v1/export/credential-comparison.xlsx", params=asked)

    rows = list(csv.DictReader(io.StringIO(sheet.text, newline="")))
    assert {row["label"] for row in answer["rows"]} < {row["Fact"] for row in rows}
    for fee in (row for row in rows if row["Fact"] == "Exam fee" and row["RHIT"] != "not known"):
        assert fee["Unit"] == "USD"
        assert float(fee["RHIT"]) > 0 < len(fee["Who says so: RHIT"])
    pay = [row for row in rows if row["Fact"] == "Median pay a year"]
    told = [one for one in answer["credentials"][0]["pay"]["occupations"] if one["annual_median"]]
    assert [row["RHIT"] for row in pay if row["RHIT"].isdigit()] == [
        str(one["annual_median"]) for one in told
    ]
    held = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
    assert [row[0] for row in held.to_python()[1:]] == [row["Fact"] for row in rows]
    wrong = seeded_client.get("/v1/export/credential-comparison.csv?credential=RHIT&credential=no")
    assert wrong.status_code == 422


def test_who_chose_too_few_chooses_and_what_is_unknown_is_said(seeded_client: TestClient) -> None:
    asked = {"credential": ["RHIT", "nobody"]}
    page = seeded_client.get("/credentials/compare", params=asked, headers=HTML).text

    assert 'data-unknown="nobody"' in page
    assert "data-row" not in page
    assert re.search(r'value="RHIT" checked', page)


def test_careers_lead_to_every_question(seeded_client: TestClient) -> None:
    page = seeded_client.get("/careers", headers=HTML)

    addresses = re.findall(r'data-question="([^"]+)"', page.text)
    assert page.status_code == 200
    assert len(addresses) >= 8
    for address in addresses:
        assert seeded_client.get(address, headers=HTML).status_code == 200
