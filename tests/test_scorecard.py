"""College Scorecard files of a few lines: earnings, withheld earnings, and none."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.domain.claims import OutcomeClaim, StatusClaim
from app.errors import ImportFileError
from app.store.tables.claims import TABLES
from app.store.tables.sources import Source
from tests.importing import import_files
from tests.making import add_program

OUTCOMES: Any = TABLES[OutcomeClaim]
HEADER = "UNITID,INSTNM,STABBR,MD_EARN_WNE_P10,MD_EARN_WNE_P6\n"


@pytest.fixture
def school(engine: Engine) -> Engine:
    """A catalogue with one school, of UNITID 100001."""
    with Session(engine) as session:
        add_program(session, "him", school_fields={"unitid": 100001})
        session.commit()
    return engine


def write(folder: Path, *rows: str) -> Path:
    path = folder / "institution_earnings_2025-05-19.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return path


def earnings(engine: Engine) -> list[Any]:
    with Session(engine) as session:
        statement = (
            select(OUTCOMES)
            .where(col(OUTCOMES.superseded_at).is_(None))
            .order_by(col(OUTCOMES.metric))
        )
        return list(session.exec(statement))


def test_earnings_are_of_the_whole_school_and_dated_by_the_release(
    school: Engine, tmp_path: Path
) -> None:
    import_files(school, write(tmp_path, "100001,Some College,OH,40628.0,27851.0"))

    after_10, after_6 = earnings(school)
    assert (after_10.metric, after_10.value) == ("earnings_10_years", 40628)
    assert (after_6.metric, after_6.value) == ("earnings_6_years", 27851)
    assert (after_6.unit, after_6.as_of, after_6.cohort) == ("USD", "2025-05-19", None)
    assert (after_6.program_id, after_6.institution_id is None) == (None, False)
    assert after_6.note is not None
    assert "whole institution" in after_6.note


@pytest.mark.parametrize("mark", ["PS", "PrivacySuppressed"])
def test_a_number_withheld_for_privacy_is_null_with_that_status(
    school: Engine, tmp_path: Path, mark: str
) -> None:
    import_files(school, write(tmp_path, f"100001,Some College,OH,{mark},"))

    (claim,) = earnings(school)
    assert (claim.metric, claim.value, claim.value_status) == (
        "earnings_10_years",
        None,
        "withheld",
    )


@pytest.mark.parametrize("mark", ["", "NULL"])
def test_a_number_that_is_missing_gives_no_claim(school: Engine, tmp_path: Path, mark: str) -> None:
    import_files(school, write(tmp_path, f"100001,Some College,OH,{mark},{mark}"))

    assert earnings(school) == []


@pytest.mark.parametrize("cell", ["-1", "nan", "*", "40K"])
def test_what_is_no_number_is_refused_by_name(school: Engine, tmp_path: Path, cell: str) -> None:
    with pytest.raises(ImportFileError) as caught:
        import_files(school, write(tmp_path, f"100001,Some College,OH,{cell},"))

    assert str(caught.value).startswith(
        "institution_earnings_2025-05-19.csv, line 2, column MD_EARN_WNE_P10: "
        f"{cell!r} cannot be read"
    )


def test_branches_and_other_schools_are_passed_over(school: Engine, tmp_path: Path) -> None:
    rows = ("10000101,A Branch,OH,1.0,1.0", "999999,Other College,OH,1.0,1.0")

    tally = import_files(school, write(tmp_path, *rows))["scorecard"]

    assert earnings(school) == []
    assert (tally.rows_read, tally.refused) == (2, 0)
    assert tally.reasons == [
        "2 rows of institutions without a program in the catalogue: passed over"
    ]


def test_the_release_is_the_source(school: Engine, tmp_path: Path) -> None:
    import_files(school, write(tmp_path, "100001,Some College,OH,40628.0,27851.0"))

    with Session(school) as session:
        source = session.get_one(Source, "scorecard-2025-05-19")
        assert (source.edition, source.row_count) == ("2025-05-19", 2)


def test_importing_twice_changes_nothing(school: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, "100001,Some College,OH,40628.0,PS")
    import_files(school, path)

    again = import_files(school, path)["scorecard"]

    assert (again.has_changes, again.unchanged) == (False, 2)


STATUSES: Any = TABLES[StatusClaim]
STATUS_HEADER = "UNITID,OPEID6,INSTNM,HCM2,MAIN,CURROPER\n"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["100001,001020,Some,0,1,1"], ("open", None, False)),
        (["100001,001020,Some,1,1,1"], ("open", None, True)),
        (["100001,001020,Some,NULL,1,0"], ("closed", None, None)),
        (["100001,1020,Some,0,0,0", "100002,001020,Main,0,1,1"], ("merged", 100002, False)),
        (["100001,1020,Some,0,0,0", "100002,001020,Main,0,1,0"], ("closed", None, False)),
        (["100001,1020,Some,0,0,0", "100002,003000,Other,0,1,1"], ("closed", None, False)),
    ],
)
def test_a_school_that_does_not_operate_is_closed_or_merged_into_its_main_campus(
    school: Engine, tmp_path: Path, rows: list[str], expected: tuple[str, int | None, bool | None]
) -> None:
    path = tmp_path / "MERGED2023_24_PP.csv"
    path.write_text(STATUS_HEADER + "".join(f"{row}\n" for row in rows))

    import_files(school, path)

    with Session(school) as session:
        [claim] = session.exec(select(STATUSES)).all()
    assert (claim.status, claim.successor_unitid, claim.is_cash_monitored) == expected
    assert claim.as_of == "2023-24"


def test_a_newer_file_takes_back_that_a_school_is_closed(school: Engine, tmp_path: Path) -> None:
    for name, operates in (("MERGED2023_24_PP.csv", 0), ("MERGED2024_25_PP.csv", 1)):
        path = tmp_path / name
        path.write_text(f"{STATUS_HEADER}100001,001020,Some,0,1,{operates}\n")
        import_files(school, path)

    with Session(school) as session:
        current = select(STATUSES).where(col(STATUSES.superseded_at).is_(None))
        assert [claim.status for claim in session.exec(current)] == ["open"]
