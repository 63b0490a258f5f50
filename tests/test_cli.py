"""The command line: help with examples, refusals, exit status."""

import json
from pathlib import Path

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from app.ops import cli
from app.settings import get_settings
from app.store.database import make_engine
from app.store.tables.programs import Program
from tests.test_import_command import C_HEADER, HD_HEADER, HD_ROWS

runner = CliRunner()


@pytest.fixture(autouse=True)
def _own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/cli.db")
    get_settings.cache_clear()


@pytest.fixture(autouse=True, scope="module")
def _forget_settings() -> object:
    yield
    get_settings.cache_clear()


@pytest.mark.parametrize(
    "command",
    [
        ["serve"],
        ["import"],
        ["check-curated"],
        ["check-lexicon"],
        ["propose-words"],
        ["migrate"],
        ["backup"],
        ["restore"],
        ["seed", "load"],
        ["seed", "write"],
    ],
)
def test_every_command_explains_itself_with_an_example(command: list[str]) -> None:
    result = runner.invoke(cli.cli, [*command, "--help"])

    assert result.exit_code == 0
    assert "Example:" in result.output
    assert "hit-compare" in result.output


def test_import_prints_a_line_a_file_and_what_it_did(tmp_path: Path) -> None:
    (tmp_path / "hd2024.csv").write_text(HD_HEADER + HD_ROWS)
    (tmp_path / "c2024_a.csv").write_text(C_HEADER + "100001,51.0707,1,3,12\n")

    first = runner.invoke(cli.cli, ["import", str(tmp_path)])
    again = runner.invoke(cli.cli, ["import", str(tmp_path)])

    assert first.exit_code == 0, first.output
    assert "hd2024.csv" in first.output
    assert "Done" in first.output
    assert "Nothing changes" in again.output


def test_a_dry_run_says_that_nothing_was_kept(tmp_path: Path) -> None:
    (tmp_path / "hd2024.csv").write_text(HD_HEADER + HD_ROWS)

    result = runner.invoke(cli.cli, ["import", "--dry-run", str(tmp_path)])

    assert "Dry run, nothing was kept" in result.output


def test_a_failed_import_names_the_cell_and_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hd2024.csv").write_text(HD_HEADER + HD_ROWS.replace("OH,45402", "ZZ,45402"))
    monkeypatch.setattr("sys.argv", ["hit-compare", "import", "--strict", str(tmp_path)])

    with pytest.raises(SystemExit) as stop:
        cli.main()

    assert stop.value.code == 1
    printed = capsys.readouterr().err
    assert "hd2024.csv, line 2, column STABBR: 'ZZ'" in printed
    assert "Nothing was changed." in printed


def test_import_of_files_nobody_takes_lists_the_importers(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("a\n1\n")

    result = runner.invoke(cli.cli, ["import", str(tmp_path)])

    assert result.exit_code == 1
    assert "ipeds-completions" in result.output


def test_import_of_a_cip_selection_that_is_none_is_refused(tmp_path: Path) -> None:
    result = runner.invoke(cli.cli, ["import", "--cip", "health", str(tmp_path)])

    assert result.exit_code == 2
    assert "'health'" in result.output


def test_a_written_seed_loads_into_the_same_catalogue(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "hd2024.csv").write_text(HD_HEADER + HD_ROWS)
    (data / "c2024_a.csv").write_text(C_HEADER + "100001,51.0707,1,3,12\n")
    runner.invoke(cli.cli, ["import", str(data)])

    result = runner.invoke(cli.cli, ["seed", "write", str(tmp_path / "seed")])

    assert result.exit_code == 0, result.output
    assert "1 program" in result.output
    programs = (tmp_path / "seed" / "program.csv").read_text().splitlines()
    assert programs[1].startswith("first-college-510707-associate,100001,")
    assert "second-college" in (tmp_path / "seed" / "institution.csv").read_text()


def test_a_curated_file_is_checked_in_an_empty_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "curated-a.json"
    bad = {"id": "a", "institution": {"name": "A", "state": "OH", "nam": "B"}}
    file.write_text(json.dumps([bad]))

    result = runner.invoke(cli.cli, ["check-curated", "--json", str(file)])

    (told,) = json.loads(result.output)["records"]
    assert result.exit_code == 1
    assert (told["record"], told["outcome"]) == ("a", "refused")
    assert {remark["nearest"] for remark in told["remarks"]} == {None, "name"}


def test_the_schema_of_a_curated_file_is_printed() -> None:
    result = runner.invoke(cli.cli, ["check-curated", "--schema"])

    assert result.exit_code == 0
    assert "forms" in json.loads(result.output)["properties"]


def test_every_field_of_study_is_taken_where_all_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "hd2024.csv").write_text(HD_HEADER + HD_ROWS)
    rows = "100001,51.0707,1,3,12\n100001,01.0000,1,3,4\n100001,60.0101,1,3,1\n100001,99,1,3,17\n"
    (tmp_path / "c2024_a.csv").write_text(C_HEADER + rows)

    runner.invoke(cli.cli, ["import", "--cip", "all", str(tmp_path)])

    with Session(make_engine(get_settings().database_url)) as session:
        codes = session.exec(select(Program.cip_code)).all()
    assert sorted(codes) == ["01.0000", "51.0707", "60.0101"]
