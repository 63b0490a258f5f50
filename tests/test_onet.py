"""O*NET files: scope, dates a spreadsheet spoilt, flags, and rows that go away."""

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app.importers.onet import parse_month, parse_onet
from app.store.tables.occupations import (
    Occupation,
    OccupationTask,
    OccupationTechnology,
    RelatedOccupation,
)
from app.store.tables.sources import Source
from tests.importing import CIP, ONET, import_files

pytestmark = pytest.mark.engines_in_turn


@pytest.mark.parametrize(
    ("text", "month"),
    [("Aug-24", "2024-08"), ("Nov-20", "2020-11"), ("Dec-04", "2004-12"), ("08/2024", "2024-08")],
)
def test_a_month_is_read_from_what_a_spreadsheet_made_of_it(text: str, month: str) -> None:
    assert parse_month(text) == month


@pytest.mark.parametrize("text", ["24-Aug", "Aug 2024", "13/2024", "Foo-24", "aug-24"])
def test_other_spellings_of_a_month_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        parse_month(text)


def test_an_empty_month_is_unknown() -> None:
    assert parse_month("") is None


@pytest.mark.parametrize("text", ["29-2072", "29-2072.0", "292072.00", ""])
def test_a_code_without_its_eight_digits_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="eight digits"):
        parse_onet(text)


def test_only_occupations_that_programs_lead_to_or_that_lie_beyond_come_in(engine: Engine) -> None:
    import_files(engine, *CIP, *ONET)

    with Session(engine) as session:
        codes = sorted(session.exec(select(Occupation.onet_code)))
        tasks = sorted(session.exec(select(OccupationTask.task_id)))
    assert codes == ["15-1211.00", "15-1211.01", "29-2072.00", "29-9021.00"]
    assert tasks == [101, 103, 104, 105]


def test_a_task_keeps_its_kind_month_and_sayer(engine: Engine) -> None:
    import_files(engine, *CIP, *ONET)

    with Session(engine) as session:
        core = session.get_one(OccupationTask, ("29-2072.00", 104))
        unrated = session.get_one(OccupationTask, ("29-2072.00", 105))
    assert (core.task_type, core.as_of, core.domain_source) == ("core", "2023-08", "Incumbent")
    assert (unrated.task_type, unrated.as_of) == (None, "2020-11")


def test_technology_is_hot_and_in_demand_by_two_flags(engine: Engine) -> None:
    import_files(engine, *CIP, *ONET)

    with Session(engine) as session:
        flags = session.exec(
            select(
                OccupationTechnology.name,
                OccupationTechnology.is_hot,
                OccupationTechnology.is_in_demand,
            ).order_by(OccupationTechnology.name)
        ).all()
    assert flags == [
        ("Aardvark Charts", False, False),
        ("Medi Sheets", True, False),
        ("Zebra EHR", True, True),
    ]


def test_neighbours_keep_tier_and_rank(engine: Engine) -> None:
    import_files(engine, *CIP, *ONET)

    with Session(engine) as session:
        near = session.get_one(RelatedOccupation, ("29-2072.00", "29-9021.00"))
    assert (near.tier, near.rank) == ("primary_short", 1)


def test_the_source_asks_for_its_attribution(engine: Engine) -> None:
    import_files(engine, *CIP, *ONET)

    with Session(engine) as session:
        source = session.get_one(Source, "onet-tasks")
    assert source.licence == "CC BY 4.0"
    assert source.attribution == (
        "This product includes information from the O*NET Database by the U.S. Department of "
        "Labor, Employment and Training Administration (USDOL/ETA), used under the CC BY 4.0 "
        "license"
    )


def test_importing_onet_twice_changes_nothing(engine: Engine) -> None:
    import_files(engine, *CIP, *ONET)

    again = import_files(engine, *ONET)

    assert not any(tally.has_changes for tally in again.values())


def test_a_task_that_left_the_file_leaves_the_catalogue(engine: Engine, tmp_path: Path) -> None:
    import_files(engine, *CIP, *ONET)
    shorter = tmp_path / "task_statements.csv"
    lines = ONET[1].read_text(encoding="utf-8").splitlines(keepends=True)
    shorter.write_text("".join(lines[:-1]), encoding="utf-8")

    tally = import_files(engine, shorter)["onet-tasks"]

    assert (tally.retired, tally.unchanged) == (1, 3)
    with Session(engine) as session:
        assert session.get(OccupationTask, ("29-2072.00", 105)) is None


def test_details_without_any_occupation_say_what_to_import_first(engine: Engine) -> None:
    tally = import_files(engine, ONET[1])["onet-tasks"]

    assert tally.rows_read == 0
    assert "import occupation_data first" in tally.reasons[0]


def test_an_unknown_flag_names_its_cell(engine: Engine, tmp_path: Path) -> None:
    import_files(engine, *CIP, ONET[0])
    bad = tmp_path / "technology_skills.csv"
    bad.write_text(ONET[2].read_text(encoding="utf-8-sig").replace(",Y,Y", ",Y,maybe"))

    reasons = import_files(engine, bad)["onet-technology"].reasons

    assert "line 4, column In Demand: 'maybe' cannot be read" in reasons[0]


def test_the_text_release_is_read_with_titles_from_its_own_table(
    engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "db_31_2_text.zip"
    of_other = "O*NET-SOC Code\tRelated O*NET-SOC Code\tRelatedness Tier\tIndex\n"
    members = {
        "Occupation Data": "O*NET-SOC Code\tTitle\tDescription\n29-2072.00\tRecords\tMade up.\n"
        '43-4071.00\tFile Clerks\tSays "so".\n',
        "Related Occupations": f"{of_other}29-2072.00\t43-4071.00\tPrimary-Long\t1\n",
        "Task Statements": "O*NET-SOC Code\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\t"
        "Domain Source\n29-2072.00\t7\tTidy a shelf.\tn/a\tn/a\t08/2025\tAnalyst\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"db_31_2_text/{name}.txt", text)

    import_files(engine, *CIP, path)

    with Session(engine) as session:
        related = session.get_one(RelatedOccupation, ("29-2072.00", "43-4071.00"))
        task = session.get_one(OccupationTask, ("29-2072.00", 7))
        assert (related.related_title, task.task) == ("File Clerks", "Tidy a shelf.")
        assert (task.task_type, task.as_of) == (None, "2025-08")
        assert session.get_one(Source, "onet-related").edition == "31.2"
