"""Accreditation records of a few lines, with the institutions file beside them."""

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.domain.claims import AccreditationClaim
from app.errors import ImportFileError
from app.importers.dapip import parse_day
from app.importers.recognising import plan
from app.importers.run import run_imports
from app.store.tables.claims import TABLES
from app.store.tables.institutions import Institution
from tests.importing import import_files, quiet
from tests.making import RUBRIC, add_program

pytestmark = pytest.mark.engines_in_turn

ACCREDITATIONS: Any = TABLES[AccreditationClaim]
PLACES = "DapipId,OpeId,IpedsUnitIds,LocationName,LocationType\n"
RECORDS = (
    "DapipId,AgencyName,ProgramName,InitialDateFlag,AccreditationDate,AccreditationStatus,"
    "ReviewDate,AccreditationEndDate\n"
)
HLC = "Higher Learning Commission"
CURRENT = f"900001,{HLC},Institutional Accreditation,Actual,1/26/1998 12:00:00 AM,Accredited,"


@pytest.fixture
def schools(engine: Engine) -> Engine:
    """A catalogue with two schools, of UNITID 100001 and 100002."""
    with Session(engine) as session:
        for unitid in (100001, 100002):
            add_program(
                session, f"him-{unitid}", school=f"s{unitid}", school_fields={"unitid": unitid}
            )
        session.commit()
    return engine


def write_places(folder: Path, *rows: str) -> None:
    text = PLACES + "".join(f"{row}\n" for row in rows)
    (folder / "institutions_2020-11.csv").write_text(text)


def write_records(folder: Path, *rows: str) -> Path:
    path = folder / "records_2020-11.csv"
    path.write_text(RECORDS + "".join(f"{row}\n" for row in rows))
    return path


def found(engine: Engine) -> list[tuple[int | None, str, str]]:
    """Return UNITID, accreditor and status of current claims."""
    with Session(engine) as session:
        statement = (
            select(Institution.unitid, ACCREDITATIONS.accreditor, ACCREDITATIONS.status)
            .join(Institution, col(Institution.id) == col(ACCREDITATIONS.institution_id))
            .where(col(ACCREDITATIONS.superseded_at).is_(None))
            .order_by(col(Institution.unitid), col(ACCREDITATIONS.accreditor))
        )
        return [tuple(row) for row in session.exec(statement)]


def the_claim(engine: Engine) -> Any:
    with Session(engine) as session:
        return session.exec(select(ACCREDITATIONS)).one()


def test_a_current_record_is_an_accreditation_of_the_institution(
    schools: Engine, tmp_path: Path
) -> None:
    write_places(tmp_path, "900001,00102000,100001,Some College,Institution")

    import_files(schools, write_records(tmp_path, f"{CURRENT}01/26/2022,"))

    claim = the_claim(schools)
    assert found(schools) == [(100001, HLC, "accredited")]
    assert (claim.scope, claim.as_of, claim.basis) == ("institution", "2020-11", "government_data")
    assert (claim.began_on, claim.next_review, claim.ended_on) == ("1998-01-26", "2022-01-26", None)
    assert (claim.source, claim.note) == ("dapip-2020-11", None)


def test_a_place_may_hold_two_unitids(schools: Engine, tmp_path: Path) -> None:
    write_places(tmp_path, '900001,,"100001, 100002",Some College,Institution')

    import_files(schools, write_records(tmp_path, f"{CURRENT},"))

    assert [unitid for unitid, _, _ in found(schools)] == [100001, 100002]


@pytest.mark.parametrize(
    "record",
    [
        CURRENT + "01/26/2022,6/30/2015 12:00:00 AM",
        CURRENT.replace("Institutional Accreditation", "Nursing") + ",",
    ],
)
def test_ended_records_and_those_of_single_programs_are_left_out(
    schools: Engine, tmp_path: Path, record: str
) -> None:
    write_places(tmp_path, "900001,,100001,Some College,Institution")

    import_files(schools, write_records(tmp_path, record))

    assert found(schools) == []


def test_an_additional_location_counts_only_under_a_unitid_of_its_own(
    schools: Engine, tmp_path: Path
) -> None:
    write_places(
        tmp_path,
        "900001001,,,Some College,Additional Location",
        "900001002,,100002,Some College at Akron,Additional Location",
    )
    rows = (CURRENT.replace("900001", place) + "," for place in ("900001001", "900001002"))

    tally = import_files(schools, write_records(tmp_path, *rows))["dapip"]

    assert found(schools) == [(100002, HLC, "accredited")]
    assert (tally.rows_read, tally.refused) == (2, 0)
    assert tally.reasons == [
        "1 rows of institutions without a program in the catalogue: passed over"
    ]


@pytest.mark.parametrize("is_turned", [False, True])
def test_one_agency_counts_once_and_full_accreditation_leads(
    schools: Engine, tmp_path: Path, is_turned: bool
) -> None:
    write_places(tmp_path, "900001,,100001,Some College,Institution")
    rows = [CURRENT + ",", CURRENT.replace("Accredited", "Preaccredited") + "01/30/2024,"]

    import_files(schools, write_records(tmp_path, *(reversed(rows) if is_turned else rows)))

    assert found(schools) == [(100001, HLC, "accredited")]


def test_two_agencies_are_two_claims(schools: Engine, tmp_path: Path) -> None:
    write_places(tmp_path, "900001,,100001,Some College,Institution")
    rows = (CURRENT + ",", CURRENT.replace(HLC, "Another Agency") + ",")

    import_files(schools, write_records(tmp_path, *rows))

    assert [accreditor for _, accreditor, _ in found(schools)] == ["Another Agency", HLC]


@pytest.mark.parametrize(
    ("printed", "status"),
    [("Preaccredited", "preaccredited"), ("Denied Accreditation", "not_accredited")],
)
def test_other_standings_keep_their_meaning(
    schools: Engine, tmp_path: Path, printed: str, status: str
) -> None:
    write_places(tmp_path, "900001,,100001,Some College,Institution")

    import_files(
        schools, write_records(tmp_path, CURRENT.replace(",Accredited,", f",{printed},") + ",")
    )

    assert found(schools) == [(100001, HLC, status)]


def test_a_standing_not_seen_before_is_refused_by_name(schools: Engine, tmp_path: Path) -> None:
    write_places(tmp_path, "900001,,100001,Some College,Institution")
    record = CURRENT.replace(",Accredited,", ",Probation,") + ","

    with pytest.raises(ImportFileError) as caught:
        import_files(schools, write_records(tmp_path, record))

    assert str(caught.value).startswith(
        "records_2020-11.csv, line 2, column AccreditationStatus: 'Probation' cannot be read: "
        "not a known code."
    )


def test_an_estimated_start_is_called_estimated(schools: Engine, tmp_path: Path) -> None:
    write_places(tmp_path, "900001,,100001,Some College,Institution")

    import_files(schools, write_records(tmp_path, CURRENT.replace("Actual", "Estimated") + ","))

    assert (
        the_claim(schools).note == "The agency estimated the date on which the accreditation began."
    )


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("1/26/2018 12:00:00 AM", "2018-01-26"),
        ("01/26/2022", "2022-01-26"),
        ("6-30-2021", "2021-06-30"),
        ("4/1//2012", "2012-04-01"),
        ("", None),
    ],
)
def test_a_day_is_read_in_every_way_it_is_printed(printed: str, day: str | None) -> None:
    assert parse_day(printed) == day


@pytest.mark.parametrize("printed", ["13/1/2018", "2018-01-26", "1/26/18", "soon"])
def test_what_is_no_day_is_refused(printed: str) -> None:
    with pytest.raises(ValueError):
        parse_day(printed)


def test_the_institutions_file_may_be_compressed(schools: Engine, tmp_path: Path) -> None:
    packed = gzip.compress(f"{PLACES}900001,,100001,Some College,Institution\n".encode())
    (tmp_path / "institutions_2020-11.csv.gz").write_bytes(packed)

    import_files(schools, write_records(tmp_path, CURRENT + ","))

    assert len(found(schools)) == 1


def test_records_without_the_institutions_file_are_refused(schools: Engine, tmp_path: Path) -> None:
    (tmp_path / "institutions_2019-05.csv").write_text(PLACES)

    with pytest.raises(ImportFileError) as caught:
        import_files(schools, write_records(tmp_path, CURRENT + ","))

    assert "institutions_2020-11.csv, or institutions_2020-11.csv.gz, must stand beside it" in str(
        caught.value
    )


@pytest.mark.parametrize(
    ("name", "places", "edition"),
    [
        ("AccreditationData.zip", "InstitutionCampus.csv", "2020-09"),
        ("AccreditationData_11022025.zip", "folder/InstituteCampuses.csv", "2025-11"),
        ("dapip-2026-03-01.zip", "INSTITUTIONCAMPUS.CSV", "2026-03"),
    ],
)
def test_the_zip_of_the_publisher_is_read_and_its_month_told(
    schools: Engine, tmp_path: Path, name: str, places: str, edition: str
) -> None:
    path = tmp_path / name
    ended = f"900001,Old Agency,{CURRENT.split(',')[2]},Actual,1/1/1990,Accredited,,9/30/2020\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(places, PLACES + "900001,00102000,100001,Some College,Institution\n")
        records = places.rpartition("/")[0] + "/AccreditationRecords.csv"
        archive.writestr(records.lstrip("/"), f"{RECORDS}{CURRENT}01/26/2099,\n{ended}")
        archive.writestr("AccreditationActions.csv", "DapipId,AgencyName\n")

    tasks, others = plan([path])
    run_imports(schools, tasks, rubric=RUBRIC, progress=quiet)

    assert found(schools) == [(100001, HLC, "accredited")]
    assert (the_claim(schools).as_of, the_claim(schools).source) == (edition, f"dapip-{edition}")
    assert len(others) == 2
    assert all(other.why for other in others)


def test_a_bad_unitid_of_the_institutions_file_is_refused_by_name(
    schools: Engine, tmp_path: Path
) -> None:
    write_places(tmp_path, "900001,,1OOOO1,Some College,Institution")

    with pytest.raises(ImportFileError, match=r"institutions_2020-11\.csv, line 2, column Ipeds"):
        import_files(schools, write_records(tmp_path, CURRENT + ","))


def test_importing_twice_changes_nothing_and_an_ended_record_is_superseded(
    schools: Engine, tmp_path: Path
) -> None:
    write_places(tmp_path, "900001,,100001,Some College,Institution")
    import_files(schools, write_records(tmp_path, CURRENT + ","))

    again = import_files(schools, write_records(tmp_path, CURRENT + ","))["dapip"]
    ended = import_files(schools, write_records(tmp_path, CURRENT + ",6/30/2020 12:00:00 AM"))

    assert (again.has_changes, again.unchanged) == (False, 1)
    assert ended["dapip"].retired == 1
    assert the_claim(schools).superseded_at is not None
