# ruff: noqa: E501 - rows as their publishers print them
"""Pay by state and area, and price levels of states: what files say, and what is served of it."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.areas import parse_area, states_of
from app.domain.vocabulary import AreaKind
from app.store.tables.areas import Area, AreaWage, PriceLevel
from app.store.tables.sources import ImportRun, Source
from tests.importing import CIP, OEWS, import_files
from tests.reading_pages import ReadPage, read_page

pytestmark = pytest.mark.engines_in_turn

HEAD = (
    "AREA,AREA_TITLE,AREA_TYPE,PRIM_STATE,NAICS,I_GROUP,OCC_CODE,OCC_TITLE,O_GROUP,TOT_EMP,JOBS_1000,"
    "LOC_QUOTIENT,H_MEAN,A_MEAN,H_MEDIAN,A_PCT10,A_PCT25,A_MEDIAN,A_PCT75,A_PCT90"
)
RECORDS = "29-2072,Medical Records Specialists,detailed"
STATES = f"""{HEAD}
39,Ohio,2,OH,000000,cross-industry,{RECORDS},"7,440",1.341,1.07,27.2,"56,620",24,38060,45500,50990,63510,79290
39,Ohio,2,OH,000000,cross-industry,29-2072,Medical Records Specialists,broad,1,1,1,1,1,1,1,1,1,1,1
39,Ohio,2,OH,622000,sector,{RECORDS},2,2,2,2,2,2,2,2,2,2,2
39,Ohio,2,OH,000000,cross-industry,29-1141,Registered Nurses,detailed,3,3,3,3,3,3,3,3,3,3,3
39,Ohio,2,OH,000000,cross-industry,11-9111,Medical and Health Services Managers,detailed,**,**,**,60,130000,55,70000,90000,120000,160000,#
1,Alabama,2,AL,000000,cross-industry,{RECORDS},2330,1.101,0.88,*,*,*,*,*,*,*,*
72,Puerto Rico,3,PR,000000,cross-industry,{RECORDS},500,0.5,0.4,14,29000,13,20000,24000,28000,33000,39000
99,U.S.,1,US,000000,cross-industry,{RECORDS},194720,,,27.3,56790,24,37000,43490,51140,64820,81150
"""
METROS = f"""{HEAD}
17140,"Cincinnati, OH-KY-IN",4,OH,000000,cross-industry,{RECORDS},1200,1.1,0.88,26,54000,24,37000,44000,50000,60000,75000
3900001,West Northwestern Ohio nonmetropolitan area,6,OH,000000,cross-industry,{RECORDS},90,0.5,0.4,24,48000,23,36000,40000,46000,52000,61000
"""
NOTES = """area_type,area_code,area_title,occ_code,occ_title,tot_emp,a_mean,a_pct10,a_pct25,a_median,a_pct75,a_pct90,jobs_1000,loc_quotient,footnotes
N,0000000,National,29-2072,Medical Records Specialists,194720,56790,37000,43490,51140,64820,81150,,,
S,3900000,Ohio,29-2072,Medical Records Specialists,7440,56620,38060,45500,50990,63510,79290,1.341,1.07,
M,0017140,"Cincinnati, OH-KY-IN",29-2072,Medical Records Specialists,-,-,-,-,-,-,-,-,-,8
M,0017140,"Cincinnati, OH-KY-IN",11-9111,Medical and Health Services Managers,-,130000,70000,90000,120000,160000,-,-,-,5;8
M,0017140,"Cincinnati, OH-KY-IN",29-9021,Health Information Technologists,40,130000,70000,90000,120000,160000,-,1.0,1.0,5;8
"""
PRICES = """GeoFIPS,GeoName,Region,TableName,LineCode,IndustryClassification,Description,Unit,2022,2023
 "00000",United States, ,SARPP,5,...,RPPs: All items ,Index,100.000,100.000
 "39000",Ohio *,3,SARPP,3,...,Real income ,Dollars,1,1
 "39000",Ohio *,3,SARPP,5,...,RPPs: All items ,Index,91.513,91.812
 "39000",Ohio *,3,SARPP,7,...,  RPPs: Services: Housing ,Index,72.775,(NA)
 "93000",Great Lakes,3,SARPP,5,...,RPPs: All items ,Index,95,95
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def wages(engine: Engine) -> dict[tuple[str, str, int], AreaWage]:
    with Session(engine, expire_on_commit=False) as session:
        return {(w.area_code, w.soc_code, w.year): w for w in session.exec(select(AreaWage))}


@pytest.mark.parametrize(
    ("printed", "code", "kind"),
    [
        ("39", "OH", AreaKind.STATE),
        ("1", "AL", AreaKind.STATE),
        ("3900000", "OH", AreaKind.STATE),
        ("100000", "AL", AreaKind.STATE),
        ("18140", "18140", AreaKind.METRO),
        ("0018140", "18140", AreaKind.METRO),
        ("3900001", "3900001", AreaKind.NONMETRO),
        ("100001", "0100001", AreaKind.NONMETRO),
        ("99", "US", None),
        ("0000000", "US", None),
    ],
)
def test_an_area_has_one_code_however_it_is_printed(
    printed: str, code: str, kind: AreaKind | None
) -> None:
    area = parse_area(printed)

    assert (area.code, area.kind) == (code, kind)


@pytest.mark.parametrize("printed", ["", "OH", "9900001", "12345678", "-1"])
def test_what_is_no_code_of_an_area_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match="code of an area"):
        parse_area(printed)


def test_a_metropolitan_area_lies_in_the_states_of_its_title() -> None:
    assert states_of(parse_area("17140"), "Cincinnati, OH-KY-IN") == ["OH", "KY", "IN"]
    assert states_of(parse_area("3900001"), "West Northwestern Ohio") == ["OH"]


def test_official_tables_of_states_and_areas_come_in_as_one_survey(
    engine: Engine, tmp_path: Path
) -> None:
    files = (
        write(tmp_path, "state_M2025_dl.csv", STATES),
        write(tmp_path, "MSA_M2025_dl.csv", METROS),
    )
    import_files(engine, *CIP, OEWS, *files)

    found = wages(engine)
    ohio = found["OH", "29-2072", 2025]
    assert (ohio.employment, ohio.annual_median, ohio.annual_p90) == (7440, 50990, 79290)
    assert (ohio.jobs_per_1000, ohio.location_quotient, ohio.open_upward) == (1.341, 1.07, None)
    managers = found["OH", "11-9111", 2025]
    assert (managers.employment, managers.annual_p90) == (None, 239_200)
    assert managers.open_upward == "annual_p90"
    assert found["AL", "29-2072", 2025].annual_median is None
    assert {code for code, _, _ in found} == {"OH", "AL", "PR", "17140", "3900001"}
    with Session(engine) as session:
        areas = {area.code: (area.kind, area.states) for area in session.exec(select(Area))}
        assert areas["17140"] == ("metro", ["OH", "KY", "IN"])
        assert areas["3900001"] == ("nonmetro", ["OH"])
        assert session.get_one(Source, "bls-oews-areas-2025-05").row_count == 5 + 6
    again = import_files(engine, *files)
    assert not any(tally.has_changes for tally in again.values())


def test_footnotes_tell_a_wage_above_the_top_from_one_withheld(
    engine: Engine, tmp_path: Path
) -> None:
    path = write(tmp_path, "oews_areas_may2025_some.csv", NOTES)
    import_files(engine, *CIP, OEWS, path)

    found = wages(engine)
    assert found["17140", "29-2072", 2025].annual_p90 is None
    assert found["17140", "11-9111", 2025].open_upward == "annual_p90"
    assert found["17140", "29-9021", 2025].annual_p90 is None  # either may be meant
    with Session(engine) as session:
        run = session.exec(select(ImportRun).where(ImportRun.importer == "bls-oews-areas")).one()
    assert [reason[:6] for reason in run.reasons] == ["1 of 1"]


def test_rows_of_the_country_that_say_otherwise_are_told_and_not_stored(
    engine: Engine, tmp_path: Path
) -> None:
    other = write(tmp_path, "state_M2025_dl.csv", STATES.replace("51140", "51150"))

    tally = import_files(engine, *CIP, OEWS, other)["bls-oews-areas"]

    assert any("51150" in reason and "51140" in reason for reason in tally.reasons)
    assert not any(code == "US" for code, _, _ in wages(engine))


def test_editions_stand_beside_each_other_and_the_newest_names_an_area(
    engine: Engine, client: TestClient, tmp_path: Path
) -> None:
    import_files(engine, *CIP, write(tmp_path, "MSA_M2025_dl.csv", METROS))
    older = METROS.replace("Cincinnati, OH-KY-IN", "Cincinnati, OH").replace("50000", "48000")

    import_files(engine, write(tmp_path, "MSA_M2024_dl.csv", older))

    found = wages(engine)
    assert found["17140", "29-2072", 2024].annual_median == 48000
    assert found["17140", "29-2072", 2025].annual_median == 50000
    with Session(engine) as session:
        assert session.get_one(Area, "17140").title == "Cincinnati, OH-KY-IN"
    asked: dict[str, str] = {"area": "Cincinnati", "measure": "annual_median"}
    every = {item["slug"]: item["superseded_by"] for item in figures(client, **asked)["items"]}
    newer = "oews_2025_05_17140_29_2072_annual_median"
    older_one = newer.replace("2025", "2024")
    assert every == {newer: None, older_one: newer}
    for superseded, found in (("true", older_one), ("false", newer)):
        page = figures(client, **asked, superseded=superseded)
        assert [item["slug"] for item in page["items"]] == [found]
    page = figures(client, **asked, source="bls-oews-areas-2024-05")
    assert [item["slug"] for item in page["items"]] == [older_one]
    ids = {"id": [newer, older_one]}
    [pair] = client.get("/v1/statistics/comparison", params=ids).json()["pairs"]
    assert {reason["code"] for reason in pair["reasons"]} == {"other_period"}


def test_price_levels_are_read_by_state_line_and_year(engine: Engine, tmp_path: Path) -> None:
    import_files(engine, write(tmp_path, "SARPP_STATE_2022_2023.csv", PRICES))
    revised = PRICES.replace("91.812", "92.000").replace("2022,2023", "2021,2022")
    for line, other in (("3", "9"), ("5", "1"), ("7", "3")):  # another edition
        revised = revised.replace(f"SARPP,{line},", f"SARPP,{other},")
    revised += '"Note: See the footnotes."\n"U.S. Bureau of Economic Analysis"'
    import_files(engine, write(tmp_path, "SARPP_STATE_2021_2022.csv", revised))

    with Session(engine) as session:
        levels = {(level.state, level.year): level for level in session.exec(select(PriceLevel))}
    assert set(levels) == {("OH", 2021), ("OH", 2022), ("OH", 2023)}
    assert (levels["OH", 2023].all_items, levels["OH", 2023].housing) == (91.812, None)
    assert (levels["OH", 2022].all_items, levels["OH", 2022].source) == (91.513, "bea-sarpp-2023")


def figures(client: TestClient, **params: str | list[str]) -> dict[str, Any]:
    answer = client.get("/v1/statistics", params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("area", ["OH", "oh", "Ohio", "39", "3900000"])
def test_figures_of_an_area_are_found_by_code_or_name(seeded_client: TestClient, area: str) -> None:
    page = figures(seeded_client, area=area, soc="29-2072", measure="annual_median")

    [item] = page["items"]
    assert (item["value_low"], item["value_high"], item["period"]) == (50990, 50990, "2025-05")
    assert (item["area"]["code"], item["area"]["kind"]) == ("OH", "state")
    assert item["evidence"]["source"] == "bls-oews-areas-2025-05"
    assert page["price_levels"][0]["housing"] == 72.08
    assert page["sources"] == ["bea-sarpp-2023", "bls-oews-areas-2025-05"]


def test_figures_without_an_area_are_of_the_whole_country(seeded_client: TestClient) -> None:
    page = figures(seeded_client, soc="29-2072", measure="annual_median", superseded="false")

    assert [(item["value_low"], item["area"]) for item in page["items"]] == [(51140, None)]
    assert page["place"] is None


@pytest.mark.parametrize("near", ["43215", "39.96,-83.0"])
def test_a_place_is_put_into_the_area_of_the_nearest_school(
    seeded_client: TestClient, near: str
) -> None:
    page = figures(seeded_client, near=near, soc="29-2072", measure="annual_median")

    assert [item["area"]["code"] for item in page["items"]] == ["18140", "OH"]
    place = page["place"]
    assert (place["area"]["title"], place["state"]) == ("Columbus, OH", "OH")
    assert place["decided_by"] == "nearest_school"
    assert place["school"]["miles"] < 5
    assert place["school"]["name"] in place["note"]


@pytest.mark.parametrize(
    ("params", "suggestion"),
    [({"area": "Ohoi"}, "OH"), ({"area": "Cincinati"}, "17140"), ({"area": "US"}, None)],
)
def test_an_unknown_area_is_refused_with_the_nearest(
    seeded_client: TestClient, params: dict[str, str], suggestion: str | None
) -> None:
    answer = seeded_client.get("/v1/statistics", params=params)

    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["parameter"], error.get("suggestion")) == ("area", suggestion)


def test_a_name_of_several_areas_is_refused_with_all_of_them(seeded_client: TestClient) -> None:
    answer = seeded_client.get("/v1/areas/columbus")

    assert answer.status_code == 404
    assert all(code in answer.json()["detail"] for code in ("17980", "18020", "18140"))


def test_every_area_of_a_kind_tells_what_the_survey_publishes(seeded_client: TestClient) -> None:
    counts = {
        (soc, kind): figures(
            seeded_client, area_kind=kind, soc=soc, measure="annual_median", limit="1"
        )["total"]
        for soc in ("29-2072", "29-9021", "43-3021")
        for kind in ("state", "metro", "nonmetro")
    }

    assert [counts["29-2072", kind] for kind in ("state", "metro", "nonmetro")] == [53, 375, 132]
    assert counts["29-9021", "state"] == 51
    assert counts["29-9021", "metro"] + counts["29-9021", "nonmetro"] == 175
    assert counts["43-3021", "metro"] + counts["43-3021", "nonmetro"] == 527


@pytest.mark.parametrize("limit", ["7", "9", "100"])
def test_pages_of_areas_meet_without_gap_or_overlap(seeded_client: TestClient, limit: str) -> None:
    seen: list[str] = []
    params: dict[str, Any] = {"area": ["OH", "18140"], "soc": ["29-2072", "29-9021"]}
    while True:
        page = figures(seeded_client, **params, limit=limit)
        seen += [item["slug"] for item in page["items"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]

    assert len(seen) == len(set(seen)) == page["total"] == 36


def test_a_withheld_figure_is_null_with_its_status(seeded_client: TestClient) -> None:
    page = figures(seeded_client, area="10180", soc="13-1031")

    withheld = [item["measure"] for item in page["items"] if item["value_low"] is None]
    assert withheld == ["employment", "jobs_per_1000", "location_quotient"]
    statuses = {item["measure"]: item["value_status"] for item in page["items"]}
    assert statuses["employment"] == "withheld"
    assert statuses["annual_median"] == "reported"


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        ("oews_2025_05_in_29_2072_annual_median", {"other_area"}),
        ("oews_2025_05_29_2072_annual_median", {"other_area", "other_population"}),
        ("oews_2025_05_oh_29_9021_annual_median", {"other_soc"}),
    ],
)
def test_figures_of_different_areas_do_not_compare(
    seeded_client: TestClient, other: str, reasons: set[str]
) -> None:
    ids = ["oews_2025_05_oh_29_2072_annual_median", other]

    answer = seeded_client.get("/v1/statistics/comparison", params={"id": ids}).json()

    [pair] = answer["pairs"]
    assert pair["comparable"] is False
    assert {reason["code"] for reason in pair["reasons"]} == reasons


def test_a_figure_of_an_area_stands_beside_that_of_the_country(seeded_client: TestClient) -> None:
    slug = "oews_2025_05_18140_29_2072_annual_median"

    answer = seeded_client.get(f"/v1/statistics/{slug}").json()

    assert (answer["slug"], answer["value_low"]) == (slug, 51230)
    assert [near["statistic"]["value_low"] for near in answer["beside"]] == [51140]
    assert seeded_client.get(f"/v1/statistics/{slug.replace('18140', '99999')}").status_code == 404


def test_areas_are_listed_by_state_kind_and_words(seeded_client: TestClient) -> None:
    page = seeded_client.get(
        "/v1/areas", params={"state": "OH", "kind": "metro", "q": "cincinnati"}
    ).json()

    assert [(item["code"], item["states"]) for item in page["items"]] == [
        ("17140", ["OH", "KY", "IN"])
    ]
    area = seeded_client.get("/v1/areas/OH").json()
    medians = {row["soc_code"]: row["annual_median"] for row in area["occupations"]}
    assert medians["29-2072"] == 50990
    assert [level["year"] for level in area["price_levels"]] == [2023, 2022, 2021, 2020, 2019]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/credentials/RHIT",
        "/v1/advancement-paths/cdi-specialist",
        "/v1/occupations/29-2072",
        "/v1/work-settings/hospital",
    ],
)
def test_pay_in_a_place_stands_where_pay_is_told(seeded_client: TestClient, path: str) -> None:
    near = seeded_client.get(path, params={"near": "43215"}).json()
    none = seeded_client.get(path).json()

    assert none["pay"] is None
    pay = near["pay"]
    assert [area["code"] for area in pay["areas"]] == ["18140", "OH"]
    row = next(row for row in pay["occupations"] if row["soc_code"] == "29-2072")
    assert (row["annual_median"], row["national_median"]) == (51230, 51140)
    assert pay["price_levels"][0]["all_items"] == 91.812
    assert {"bea-sarpp-2023", "bls-oews-areas-2025-05"} <= set(near["sources"])
    assert {**near, "pay": None, "sources": None} == {**none, "sources": None}


def test_what_the_survey_does_not_print_is_said_and_is_no_zero(seeded_client: TestClient) -> None:
    pay = seeded_client.get("/v1/occupations/29-9021", params={"state": "AL"}).json()["pay"]

    [row] = pay["occupations"]
    assert (row["status"], row["annual_median"], row["evidence"]) == ("not_published", None, None)
    assert row["national_median"] == 68020


def test_a_program_tells_pay_where_its_school_stands(seeded_client: TestClient) -> None:
    answer = seeded_client.get(
        "/v1/programs/sinclair-community-college-510707-associate",
        params={"include": "pay", "home_state": "IN"},
    ).json()

    pay = answer["included"]["pay"]
    assert pay["place"]["decided_by"] == "school"
    assert [area["code"] for area in pay["areas"]] == ["19430", "OH", "IN"]
    assert {row["soc_code"] for row in pay["occupations"]} == {"29-2072", "29-9021"}
    without = seeded_client.get(
        "/v1/programs/sinclair-community-college-510707-associate",
        params={"home_state": "IN"},
    ).json()
    assert answer["score"] == without["score"]


def page_of(client: TestClient, path: str, **params: str) -> ReadPage:
    answer = client.get(path, params=params, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return read_page(answer.text)


def pay_on(page: ReadPage) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Return occupation and area -> status and median of each line of pay on a page."""
    return {
        (part.marks["pay"], part.marks["area"]): (part.marks["status"], part.marks.get("median"))
        for part in page.parts
        if "pay" in part.marks
    }


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize(
    "path", ["/work-settings/hospital", "/credentials/RHIT", "/advancement-paths/medical-coder"]
)
def test_pages_tell_pay_in_the_place_of_the_address(
    seeded_client: TestClient, path: str, lang: str
) -> None:
    page = page_of(seeded_client, path, near="43215", lang=lang)

    assert pay_on(page)["29-2072", "18140"] == ("reported", "51230")
    assert pay_on(page)["29-2072", "OH"] == ("reported", "50990")
    assert page.marked("price-level") == ["OH"]
    assert set(page.sent("near")) == {"43215"}  # every form of the page takes it along
    assert pay_on(page_of(seeded_client, path, lang=lang)) == {}
    home = page_of(seeded_client, path, home_state="OH", lang=lang)
    assert ("29-2072", "OH") in pay_on(home)


def test_states_are_shaded_by_pay_and_those_without_are_marked(seeded_client: TestClient) -> None:
    page = page_of(seeded_client, "/careers", soc="29-9021", state="OH")

    drawn = dict(zip(page.marked("region"), page.marked("drawn"), strict=True))
    assert len(drawn) == 51
    assert (drawn["AL"], drawn["CA"], drawn["OH"]) == ("is-missing", "shade-4", "shade-3")
    told = {p.marks["state"]: p.marks["status"] for p in page.parts if "state" in p.marks}
    assert (told["AL"], told["OH"]) == ("not_published", "reported")
    unknown = seeded_client.get("/careers?soc=11-1111", headers={"Accept": "text/html"})
    assert unknown.status_code == 422


def test_the_page_of_a_program_tells_pay_where_its_school_stands(
    seeded_client: TestClient,
) -> None:
    page = page_of(
        seeded_client,
        "/programs/sinclair-community-college-510707-associate",
        home_state="AL",
    )

    assert pay_on(page)["29-2072", "19430"] == ("reported", "48470")
    assert pay_on(page)["29-9021", "AL"] == ("not_published", None)


def test_pay_and_price_levels_are_tables_to_take_away(seeded_client: TestClient) -> None:
    def table(name: str) -> list[dict[str, str]]:
        text = seeded_client.get(f"/v1/export/{name}.csv").text
        return list(csv.DictReader(io.StringIO(text, newline="")))

    wages = {(row["area"], row["soc_code"]): row for row in table("area_wages")}
    ohio = wages["OH", "29-2072"]
    assert (ohio["title"], ohio["annual_median"], ohio["period"]) == ("Ohio", "50990", "2025-05")
    assert "employment" in wages["10180", "13-1031"]["withheld"]
    assert wages["10180", "13-1031"]["employment"] == ""
    prices = {(row["state"], row["year"]): row for row in table("price_levels")}
    assert prices["OH", "2023"]["housing"] == "72.08"
