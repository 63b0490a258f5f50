"""The import command: order, all or nothing, dry run, records; on files of a few lines."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.errors import ImportFileError, ReleaseBlockedError
from app.importers.recognising import plan
from app.importers.run import FileResult, refresh_if_due, run_imports
from app.main import create_app
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program, ProgramSummary
from app.store.tables.releases import Release
from app.store.tables.sources import ImportRun, Source
from tests.importing import quiet
from tests.making import RUBRIC

HD_HEADER = (
    "UNITID,INSTNM,IALIAS,ADDR,CITY,STABBR,ZIP,OPEID,OPEFLAG,WEBADDR,ADMINURL,FAIDURL,NPRICURL,"
    "CONTROL,ICLEVEL,LOCALE,LONGITUD,LATITUDE,CYACTIVE,CLOSEDAT\n"
)
HD_ROWS = (
    "100001,First College,,1 Main,Dayton,OH,45402,00100100,1,www.first.edu,,,,1,2,12,-84,39,1,-2\n"
    "100002,Second College,,2 Main St,Akron,OH,44301,00100200,1,second.edu,,,,2,1,12,-81,41,1,-2\n"
)
C_HEADER = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT\n"

WriteFile = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write_file


def bring_in(engine: Engine, *paths: Path, dry_run: bool = False) -> list[FileResult]:
    tasks, _ = plan(paths)
    done = run_imports(engine, tasks, rubric=RUBRIC, progress=quiet, dry_run=dry_run)
    return done.files


@pytest.fixture
def directory(write: WriteFile) -> Path:
    return write("hd2024.csv", HD_HEADER + HD_ROWS)


@pytest.fixture
def completions(write: WriteFile) -> Path:
    return write(
        "c2024_a.csv",
        C_HEADER
        + "100001,51.0707,1,3,12\n100001,51.0713,1,21,0\n100002,51.2706,1,7,5\n"
        + "100002,99,1,7,500\n100002,52.0201,1,5,80\n",
    )


def test_files_come_in_the_order_they_build_on_each_other_whatever_the_order_given(
    directory: Path, completions: Path, write: WriteFile
) -> None:
    older = write("c2023_a.csv", C_HEADER)

    tasks, others = plan([older, completions, directory, write("notes.csv", "a\n")])

    assert [task.path.name for task in tasks] == ["hd2024.csv", "c2024_a.csv", "c2023_a.csv"]
    assert [path.name for path in others] == ["notes.csv"]


@pytest.mark.parametrize(
    ("name", "header", "told"),
    [
        ("C2023DEP.csv", "", "ipeds-c2023dep 2022-23"),
        ("by distance 2023.csv", "UNITID,CIPCODE,PTOTAL,PTOTALDE", "ipeds-c2023dep 2022-23"),
        ("GR200_22_RV.csv", "", "ipeds-gr200-22 2022"),
        ("graduation 2022.csv", "UNITID,BAGR150,L4GR150", "ipeds-gr200-22 2022"),
        ("prices 2025.csv", "TUITPL3,TUITION2,CIPCODE1,CIPTUIT1", "ipeds-cost1-2025 2025-26"),
        ("programs 2023.csv", "CIPCODE1,CIPTUIT1,CHG1PY3", "ipeds-ic2023-py 2023-24"),
        ("MERGED2022_23_PP.csv", "", "scorecard-merged2022 2022-23"),
        ("Most-Recent-Cohorts-Institution.csv", "", "scorecard-recent None"),
        (
            "College_Scorecard_Raw_Data_06102026/Most-Recent-Cohorts-Institution.csv",
            "",
            "scorecard-2026-06-10 2026-06-10",
        ),
        (
            "Raw_Data_06102026/Most-Recent-Cohorts-Field-of-Study.csv",
            "",
            "scorecard-fields-2026-06-10 2026-06-10",
        ),
        ("FieldOfStudyData1920_2021_PP.csv", "", "scorecard-fields-2019 2019-20"),
        ("FieldOfStudyData2021_2122_PP.csv", "", "scorecard-fields-2020 2020-21"),
        ("oesm25nat/national_M2025_dl.csv", "", "bls-oews-2025-05 May 2025"),
        ("MSA_M2025_dl.csv", "", "bls-oews-areas-2025-05 May 2025"),
        (
            "occupation.csv",
            '2024 National Employment Matrix code,"Employment change, numeric, 2024–34",'
            "Typical education needed for entry",
            "bls-ep-2024-34 2024-34",
        ),
        ("SARPP_STATE_2008_2024.csv", "", "bea-sarpp-2024 2008-2024"),
        ("db_30_1_text/Task Statements.txt", "", "onet-tasks 30.1"),
    ],
)
def test_files_are_known_by_the_names_of_their_publishers(
    tmp_path: Path, name: str, header: str, told: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{header or 'x'}\n", encoding="utf-8")

    [task], _ = plan([path])

    source = task.importer.describe(task.match)
    assert f"{source.key} {source.edition}" == told


def test_a_first_import_makes_programs_summaries_a_release_and_records(
    engine: Engine, directory: Path, completions: Path
) -> None:
    bring_in(engine, directory, completions)

    with Session(engine) as session:
        slugs = sorted(session.exec(select(ProgramSummary.slug)))
        runs = session.exec(select(ImportRun.importer, ImportRun.outcome)).all()
        assert slugs == [
            "first-college-510707-associate",
            "first-college-510713-certificate-under-1-year",
            "second-college-512706-master",
        ]
        assert session.exec(select(Release.number)).all() == [1]
        assert runs == [("ipeds-directory", "imported"), ("ipeds-completions", "imported")]
        assert session.get_one(Source, "ipeds-c2024-a").row_count == 6


def test_importing_twice_changes_nothing_and_says_so(
    engine: Engine, directory: Path, completions: Path
) -> None:
    bring_in(engine, directory, completions)

    again = bring_in(engine, directory, completions)

    assert not any(result.tally.has_changes for result in again)
    with Session(engine) as session:
        assert session.exec(select(Release.number)).all() == [1]
        assert session.exec(select(ImportRun.outcome)).all()[-2:] == ["unchanged", "unchanged"]


def test_a_dry_run_counts_and_keeps_nothing(engine: Engine, directory: Path) -> None:
    results = bring_in(engine, directory, dry_run=True)

    assert results[0].tally.added > 0
    with Session(engine) as session:
        assert session.exec(select(Institution)).all() == []
        assert session.exec(select(ImportRun)).all() == []


def test_a_second_file_that_is_odd_in_most_rows_takes_the_first_back_too(
    engine: Engine, directory: Path, write: WriteFile
) -> None:
    bad = write(
        "c2024_a.csv",
        C_HEADER + "100001,51.0707,1,3,12\n100001,51.0713\n100001,51.0713,1,third,2\n",
    )

    with pytest.raises(ImportFileError) as failure:
        bring_in(engine, directory, bad)

    assert "c2024_a.csv, line 4, column AWLEVEL: 'third'" in str(failure.value)
    with Session(engine) as session:
        assert session.exec(select(Institution)).all() == []
        record = session.exec(select(ImportRun)).one()
        assert (record.importer, record.outcome) == ("ipeds-completions", "failed")
        assert "line 3" in record.reasons[0]


def test_a_truncated_file_is_found_before_anything_is_used(
    engine: Engine, directory: Path, tmp_path: Path
) -> None:
    whole = gzip.compress((C_HEADER + "100001,51.0707,1,3,12\n" * 500).encode())
    cut = tmp_path / "c2024_a.csv.gz"
    cut.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(ImportFileError, match="truncated or damaged"):
        bring_in(engine, directory, cut)

    with Session(engine) as session:
        assert session.exec(select(Institution)).all() == []


def test_a_program_missing_from_a_newer_year_is_retired_and_comes_back(
    engine: Engine, directory: Path, completions: Path, write: WriteFile
) -> None:
    bring_in(engine, directory, completions)
    newer = write("c2025_a.csv", C_HEADER + "100001,51.0707,1,3,9\n")

    results = bring_in(engine, newer)

    assert results[0].tally.retired == 2
    with Session(engine) as session:
        assert session.exec(select(ProgramSummary.slug)).all() == ["first-college-510707-associate"]
        gone = session.exec(
            select(Program).where(Program.slug == "second-college-512706-master")
        ).one()
        assert gone.retired_reason == "not in the federal completions of 2024-25"
    back = write("c2026_a.csv", C_HEADER + "100001,51.0707,1,3,9\n100002,51.2706,1,7,1\n")

    bring_in(engine, back)

    with Session(engine) as session:
        assert len(session.exec(select(ProgramSummary.slug)).all()) == 2


def test_an_older_year_adds_counts_and_no_programs(
    engine: Engine, directory: Path, completions: Path, write: WriteFile
) -> None:
    bring_in(engine, directory, completions)
    older = write("c2023_a.csv", C_HEADER + "100001,51.0707,1,3,7\n100001,51.0716,1,3,4\n")

    bring_in(engine, older)

    with Session(engine) as session:
        assert len(session.exec(select(Program)).all()) == 3
        counts = session.exec(select(Completion.academic_year, Completion.count)).all()
        assert ("2022-23", 7) in counts
        assert ("2022-23", 4) not in counts


def test_zero_completions_are_a_program_on_offer(
    engine: Engine, directory: Path, completions: Path
) -> None:
    bring_in(engine, directory, completions)

    with Session(engine) as session:
        offered = session.exec(
            select(ProgramSummary).where(ProgramSummary.cip_code == "51.0713")
        ).one()
        assert offered.completions == 0


def test_schools_of_one_name_are_told_apart_by_city_then_unitid(
    engine: Engine, write: WriteFile
) -> None:
    row = "{},Same College,,,{},OH,45402,00100100,1,,,,,1,2,12,-84,39,1,-2\n"
    text = row.format(1, "Dayton").replace("1,Same", "100001,Same", 1)
    text += row.format(2, "Akron").replace("2,Same", "100002,Same", 1)
    text += row.format(3, "Akron").replace("3,Same", "100003,Same", 1)

    bring_in(engine, write("hd2024.csv", HD_HEADER + text))

    with Session(engine) as session:
        assert sorted(session.exec(select(Institution.slug))) == [
            "same-college-akron",
            "same-college-akron-100003",
            "same-college-dayton",
        ]


def test_a_catalogue_is_scored_anew_once_claims_have_passed_their_shelf_life(
    engine: Engine, directory: Path, completions: Path
) -> None:
    bring_in(engine, directory, completions)
    with Session(engine) as session:
        release = session.exec(select(Release)).one()
        assert release.scores_change_on is not None
        release.scores_change_on = release.scored_on
        session.add(release)
        session.commit()

    assert refresh_if_due(engine, RUBRIC)
    assert not refresh_if_due(engine, RUBRIC)
    with Session(engine) as session:
        assert len(session.exec(select(Release)).all()) == 2


def test_a_running_server_scores_anew_when_claims_have_passed_their_shelf_life(
    engine: Engine, directory: Path, completions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(engine, directory, completions)
    with Session(engine) as session:
        release = session.exec(select(Release)).one()
        release.scores_change_on = release.scored_on
        session.add(release)
        session.commit()
    monkeypatch.setattr("app.importers.rescoring.FIRST_CHECK", 0.01)

    with TestClient(create_app(engine)) as client:
        deadline = time.monotonic() + 20
        while client.get("/v1/programs").json()["release"] == 1 and time.monotonic() < deadline:
            time.sleep(0.02)

        assert client.get("/v1/programs").json()["release"] == 2


def test_an_import_that_would_lose_knowledge_is_blocked_until_it_is_accepted(
    engine: Engine, directory: Path, completions: Path, write: WriteFile
) -> None:
    bring_in(engine, directory, completions)
    poorer = write("hd2025.csv", HD_HEADER + HD_ROWS.replace("www.first.edu", ""))
    tasks, _ = plan([poorer])

    with pytest.raises(ReleaseBlockedError, match=r"institutions\.website from 100\.0%"):
        run_imports(engine, tasks, rubric=RUBRIC, progress=quiet)
    with Session(engine) as session:
        assert session.exec(select(Release.number)).all() == [1]
        assert session.get(Source, "ipeds-hd2025") is None

    done = run_imports(
        engine, tasks, rubric=RUBRIC, progress=quiet, accepted=["institutions.website"]
    )
    assert (done.release, done.report["blocked_by"]) == (2, [])
