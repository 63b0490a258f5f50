# ruff: noqa: E501 - rows as their publishers print them
"""Pay by state and area, and price levels of states: what files say, and what is served of it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.domain.areas import parse_area, states_of
from app.domain.vocabulary import AreaKind
from app.store.tables.areas import Area, AreaWage, PriceLevel
from app.store.tables.sources import ImportRun, Source
from tests.importing import CIP, OEWS, import_files

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
    engine: Engine, tmp_path: Path
) -> None:
    import_files(engine, *CIP, write(tmp_path, "MSA_M2025_dl.csv", METROS))
    older = METROS.replace("Cincinnati, OH-KY-IN", "Cincinnati, OH").replace("50000", "48000")

    import_files(engine, write(tmp_path, "MSA_M2024_dl.csv", older))

    found = wages(engine)
    assert found["17140", "29-2072", 2024].annual_median == 48000
    assert found["17140", "29-2072", 2025].annual_median == 50000
    with Session(engine) as session:
        assert session.get_one(Area, "17140").title == "Cincinnati, OH-KY-IN"


def test_price_levels_are_read_by_state_line_and_year(engine: Engine, tmp_path: Path) -> None:
    import_files(engine, write(tmp_path, "SARPP_STATE_2022_2023.csv", PRICES))
    revised = PRICES.replace("91.812", "92.000").replace("2022,2023", "2021,2022")
    import_files(engine, write(tmp_path, "SARPP_STATE_2021_2022.csv", revised))

    with Session(engine) as session:
        levels = {(level.state, level.year): level for level in session.exec(select(PriceLevel))}
    assert set(levels) == {("OH", 2021), ("OH", 2022), ("OH", 2023)}
    assert (levels["OH", 2023].all_items, levels["OH", 2023].housing) == (91.812, None)
    assert (levels["OH", 2022].all_items, levels["OH", 2022].source) == (91.513, "bea-sarpp-2023")
