"""The hand files of the lexicon: what ships is right, and what is wrong is told by line."""

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from app.errors import ImportFileError
from app.ops import cli
from app.search.lexicon_check import LexiconCheck, check_lexicon
from app.search.reading.hand_files import COLUMNS, read_hand_files
from app.settings import ROOT, get_settings
from tests.fixtures import Databases

SHIPPED = ROOT / "seed" / "lexicon"
REST = "1,en,usage,2026-11-30"

WRONG = {
    "fields.csv": [
        ("a,51.07x3,", "target", "'51.07x3' is no CIP code"),
        ("b,51.0788,", "target", "Did you mean '51."),
    ],
    "awards.csv": [("a,asociate,", "target", "Did you mean 'associate'?")],
    "schools.csv": [
        ("a,20449,", "target", "is no UNITID of six digits"),
        ("b,204797,", "target", "'204797' is not known. Did you mean"),
        ("c,system host:kctcs.ed,", "target", "Did you mean 'kctcs.edu'?"),
    ],
    "areas.csv": [
        ("a,sate:OH,", "target", "Did you mean 'state'?"),
        ("b,state:OHIO,", "target", "'OHIO' is no state"),
        ("c,metros:18141,", "target", "Did you mean '18140'?"),
        ("d,counties:99001,", "target", "is in no state"),
        ("e,city:Columbos OH,", "target", "Did you mean 'columbus'?"),
        ("f,counties:3904,", "target", "is no area"),
    ],
    "credentials.csv": [("a,RHITT,", "target", "Did you mean 'RHIT'?")],
    "filters.csv": [
        ("a,delivry=online,", "target", "Did you mean 'delivery'?"),
        ("b,delivery=onlin,", "target", "Did you mean 'online'?"),
        ("c,max_months=soon,", "target", "'soon'"),
    ],
    "pages.csv": [("a,guide:question,", "target", "Did you mean 'guide:questions'?")],
    "untold.csv": [("a,schedul,", "target", "Did you mean 'schedule'?")],
    "foreign.csv": [
        ("a,cip:51.0707,", "target", "is held"),
        ("b,credential:RHIT,", "target", "is held"),
        ("c,country:OH,", "target", "'OH' is not known"),
        ("d,cp:51.38,", "target", "Did you mean 'cip'?"),
    ],
    "fillers.csv": [("a,something,", "target", "stands for nothing"), ("!,,", "surface", "letter")],
    "abbreviations.csv": [("a,!,", "target", "has no letter")],
    "usual_programs.csv": [("RHITT,51.0707,associate", "credential", "Did you mean 'RHIT'?")],
}
"""File -> lines that are wrong, with the column and a part of what is told."""


@pytest.fixture
def seeded(databases: Databases) -> Engine:
    """The catalogue as shipped, on one engine: both hold the same rows."""
    return databases.seeded("sqlite")


def _check(engine: Engine, folder: Path, files: dict[str, list[str]]) -> LexiconCheck:
    for name, lines in files.items():
        header = "credential,cip_codes,award_level" if "usual" in name else ",".join(COLUMNS)
        (folder / name).write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return check_lexicon(engine, folder)


def test_the_hand_files_that_ship_are_right(seeded: Engine) -> None:
    done = check_lexicon(seeded, SHIPPED)

    assert done.errors == []
    assert set(done.lines) == {path.name for path in SHIPPED.glob("*.csv")} - {"usual_programs.csv"}


def test_each_wrong_line_is_told_with_the_nearest_right_value(
    seeded: Engine, tmp_path: Path
) -> None:
    files = {
        name: [line if "usual" in name else line + REST for line, _, _ in lines]
        for name, lines in WRONG.items()
    }
    told = _check(seeded, tmp_path, files).errors

    for name, lines in WRONG.items():
        of_file = [one for one in told if one.file == name]
        assert [(one.line, one.column) for one in of_file] == [
            (number, column) for number, (_, column, _) in enumerate(lines, 2)
        ]
        for one, (_, _, words) in zip(of_file, lines, strict=True):
            assert words in one.problem


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("a,OH,2,en,usage,2026-11-30", "weight"),
        ("a,OH,much,en,usage,2026-11-30", "weight"),
        ("a,OH,1,eng,usage,2026-11-30", "language"),
        ("a,OH,1,en,,2026-11-30", "source"),
        ("a,OH,1,en,usage,", "checked_on"),
        ("a,OH,1,en,usage,30.11.2026", "checked_on"),
        ("a,OH,1,en,usage", "line"),
        ("a,OH,1,en,usage,2026-11-30,", "line"),
    ],
)
def test_every_line_has_weight_language_source_and_day(
    seeded: Engine, tmp_path: Path, line: str, column: str
) -> None:
    [told] = _check(seeded, tmp_path, {"abbreviations.csv": [f"b,bee,{REST}", line]}).errors

    assert (told.file, told.line, told.column) == ("abbreviations.csv", 3, column)


def test_spanish_words_stand_for_what_english_ones_stand_for() -> None:
    """No row of one language is narrower than those that it translates."""
    with (SHIPPED / "fields.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    spanish = {row["target"] for row in rows if row["language"] == "es"}

    assert spanish - {row["target"] for row in rows if row["language"] != "es"} == set()


def test_a_surface_stands_once_for_each_of_its_meanings(seeded: Engine, tmp_path: Path) -> None:
    done = _check(
        seeded,
        tmp_path,
        {
            "areas.csv": [f"Big Town,state:OH,{REST}", f"big-town,state:OH,{REST}"],
            "fields.csv": [f"big town,51.0713,{REST}", f"big town,51.0714,{REST}"],
        },
    )

    assert [(one.file, one.line, one.column) for one in done.errors] == [
        ("areas.csv", 3, "surface")
    ]
    [remark] = [one for one in done.remarks if "big town" in one.problem]
    assert "51.0713" in remark.problem
    assert "51.0714" in remark.problem
    assert "state:OH" in remark.problem


def test_other_files_and_headers_are_told(seeded: Engine, tmp_path: Path) -> None:
    (tmp_path / "feilds.csv").write_text("surface\n")
    (tmp_path / "fillers.csv").write_text("surface,target\nthe,\n")
    told = check_lexicon(seeded, tmp_path).errors

    assert {(one.file, one.column) for one in told} == {
        ("feilds.csv", "name"),
        ("fillers.csv", "header"),
    }
    with pytest.raises(ImportFileError, match=r"fields\.csv"):
        check_lexicon(seeded, tmp_path / "nowhere")


def test_what_is_wrong_is_refused_where_the_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "awards.csv").write_text(f"{','.join(COLUMNS)}\na,asociate,{REST}\n")

    with pytest.raises(ValueError, match=r"awards\.csv, line 2, target.*'associate'"):
        read_hand_files(tmp_path)


def test_the_command_ends_with_one_where_a_line_is_wrong(
    stamped_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = stamped_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    get_settings.cache_clear()
    (tmp_path / "fillers.csv").write_text(f"{','.join(COLUMNS)}\nthe,,{REST}\nthe,,{REST}\n")
    try:
        told = CliRunner().invoke(cli.cli, ["check-lexicon", str(tmp_path)])
        asked = CliRunner().invoke(cli.cli, ["check-lexicon", "--json", str(tmp_path)])
    finally:
        get_settings.cache_clear()

    assert told.exit_code == asked.exit_code == 1
    assert "fillers.csv, line 3, surface" in told.output
    assert json.loads(asked.output)["lines"] == {"fillers.csv": 2}
