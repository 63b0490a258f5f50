"""College Scorecard files of a few lines: what a cell says of a school, and what it does not."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    OfferingClaim,
    OutcomeClaim,
    ProgramClaim,
    ServiceClaim,
    StatusClaim,
)
from app.domain.cost.net_price import AIDED, INCOMES
from app.errors import ImportFileError
from app.store.tables.claims import TABLES
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program
from app.store.tables.sources import Source
from tests.importing import import_files
from tests.making import add_program

pytestmark = pytest.mark.engines_in_turn

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


FIRST = 100001
"""UNITID of the school of the first row, and so on."""


def merged(folder: Path, *rows: dict[str, str], year: str = "2023_24") -> Path:
    """Write the file of a year; a cell that a row does not tell is NA."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    path = folder / f"MERGED{year}_PP.csv"
    lines = [",".join(["UNITID", *columns])]
    for unitid, row in enumerate(rows, FIRST):
        lines.append(",".join([str(unitid), *(row.get(name, "NA") for name in columns)]))
    path.write_text("\n".join(lines) + "\n")
    return path


def add_schools(engine: Engine, *controls: str) -> None:
    """Add a school with a program for each control, of the UNITIDs of a file's rows."""
    with Session(engine) as session:
        for unitid, control in enumerate(controls, FIRST):
            fields = {"unitid": unitid, "control": control}
            add_program(session, f"him-{unitid}", school=f"school-{unitid}", school_fields=fields)
        session.commit()


def told(engine: Engine, kind: type[ProgramClaim], *fields: str) -> dict[int, list[Any]]:
    """Return UNITID -> what is currently claimed of the school, some fields of each claim."""
    table: Any = TABLES[kind]
    found: dict[int, list[Any]] = {}
    with Session(engine) as session:
        held = (
            select(table, Institution.unitid)
            .join(Institution, col(Institution.id) == table.institution_id)
            .where(col(table.superseded_at).is_(None), table.source.startswith("scorecard"))
            .order_by(col(table.id))
        )
        for claim, unitid in session.exec(held):
            found.setdefault(unitid, []).append(tuple(getattr(claim, name) for name in fields))
    return found


def test_a_file_of_a_year_may_have_any_of_the_columns(school: Engine, tmp_path: Path) -> None:
    row = {"MD_EARN_WNE_P6": "33000", "MD_EARN_WNE_P10": "PS"}

    import_files(school, merged(tmp_path, row, year="2022_23"))

    after_10, after_6 = earnings(school)
    assert (after_6.value, after_6.value_status, after_6.as_of) == (33000, "reported", "2022-23")
    assert (after_10.value, after_10.value_status) == (None, "withheld")
    assert told(school, StatusClaim, "status") == {}


def test_a_file_without_any_of_the_columns_is_refused(school: Engine, tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="none of the columns"):
        import_files(school, merged(tmp_path, {"COSTT4_A": "20000"}))


@pytest.mark.parametrize("released", ["05192025", "2025-05-19"])
def test_the_newest_data_is_dated_by_its_release(
    school: Engine, tmp_path: Path, released: str
) -> None:
    path = tmp_path / f"Most-Recent-Cohorts-Institution_{released}.csv"
    path.write_text("UNITID,MD_EARN_WNE_P10\n100001,40000\n")

    import_files(school, path)

    [claim] = earnings(school)
    assert (claim.source, claim.as_of) == ("scorecard-2025-05-19", "2025-05-19")


def test_a_cell_tells_of_the_school_or_nothing(engine: Engine, tmp_path: Path) -> None:
    rows: list[tuple[dict[str, str], object]] = [
        ({"DISTANCEONLY": "1"}, ("all_programs_distance", True)),
        ({"DISTANCEONLY": "0"}, ("all_programs_distance", False)),
        ({"DISTANCEONLY": "NULL"}, None),
        ({"ACCREDAGENCY": "Higher Learning Commission"}, "Higher Learning Commission"),
        (
            {"ACCREDAGENCY": "Southern Association of Colleges and Schools Commission on Colleges"},
            "Southern Association of Colleges and Schools, Commission on Colleges",
        ),
        (
            {
                "ACCREDAGENCY": "Western Association of Schools and Colleges Senior Colleges and "
                "University Commission"
            },
            "WASC Senior College and University Commission",
        ),
        ({"ACCREDAGENCY": "An Agency of Next Year"}, "An Agency of Next Year"),
        ({"ACCREDAGENCY": "NULL"}, None),
        ({"NPT4_PUB": "11742"}, (11742, "reported", AIDED)),
        ({"NPT4_PRIV": "-310"}, (-310, "reported", AIDED)),
        ({"NPT41_PUB": "9000"}, (9000, "reported", INCOMES[0])),
        ({"NPT45_PRIV": "PrivacySuppressed"}, (None, "withheld", INCOMES[4])),
        ({"NPT4_PUB": "NULL"}, None),
        ({"BOOKSUPPLY": "1500"}, ("books", "any", 150000)),
        ({"BOOKSUPPLY": "0"}, None),
    ]
    add_schools(engine, *["public"] * len(rows))

    import_files(engine, merged(tmp_path, *(row for row, _ in rows)))

    named = told(engine, AccreditationClaim, "accreditor")
    claims: dict[int, list[Any]] = {
        **told(engine, ServiceClaim, "service", "is_offered"),
        **{unitid: [name for (name,) in names] for unitid, names in named.items()},
        **told(engine, OutcomeClaim, "value", "value_status", "cohort"),
        **told(engine, CostClaim, "component", "residency", "amount_low_cents"),
    }
    for unitid, (row, expected) in enumerate(rows, FIRST):
        assert claims.get(unitid, []) == ([] if expected is None else [expected]), row
    standing = told(engine, AccreditationClaim, "scope", "status", "basis", "as_of")
    assert {claim for claims in standing.values() for claim in claims} == {
        ("institution", "accredited", "government_data", "2023-24")
    }


def test_what_residents_of_the_district_pay_is_told_apart_from_what_the_state_pays(
    engine: Engine, tmp_path: Path
) -> None:
    rows: list[tuple[str, tuple[str, str], tuple[str, str], list[tuple[str, int]]]] = [
        # control, what the table has, what the Scorecard has in and out, what is told anew
        ("public", ("6194", "10000"), ("3914", "10000"), [("in_district", 391400)]),
        ("public", ("6194", "10000"), ("6194", "10000"), []),
        ("public", ("6194", "10000"), ("6194", "10500"), [("out_of_state", 1050000)]),
        ("private_nonprofit", ("6194", "6194"), ("6194", "6194"), []),
        ("public", ("6194", "10000"), ("NA", "NULL"), []),
        ("public", ("", ""), ("4000", "9000"), [("in_district", 400000), ("out_of_state", 900000)]),
        ("public", ("", ""), ("4000", "4000"), [("in_state", 400000), ("out_of_state", 400000)]),
        (
            "private_nonprofit",
            ("", ""),
            ("4000", "9000"),
            [("in_state", 400000), ("out_of_state", 900000)],
        ),
    ]
    add_schools(engine, *(control for control, *_ in rows))
    table = tmp_path / "custom_tuition_fees_2023.csv"
    lines = [f"{unitid},{','.join(row[1])}" for unitid, row in enumerate(rows, FIRST)]
    header = "UnitID,TUITION_FEES_INSTATE2023,TUITION_FEES_2023_OUTSTATE"
    table.write_text("\n".join([header, *lines]) + "\n")
    prices = [{"TUITIONFEE_IN": inside, "TUITIONFEE_OUT": out} for _, _, (inside, out), _ in rows]

    import_files(engine, table, merged(tmp_path, *prices))

    found = told(engine, CostClaim, "residency", "amount_low_cents")
    for unitid, row in enumerate(rows, FIRST):
        assert found.get(unitid, []) == row[3], row


YEAR_LONG = "certificate_1_to_2_years"


def slot(cell: str, months: str, *, number: int = 1) -> dict[str, str]:
    """Return the cells of a program in 51.0713."""
    named = {"CIPCODE": "51.0713", "CIPTFBS": cell, "MTHCMP": months}
    return {f"{name}{number}": one for name, one in named.items()}


def test_the_price_of_a_whole_program_is_of_the_only_award_that_it_may_be_of(
    engine: Engine, tmp_path: Path
) -> None:
    both = {**slot("18000", "9"), **slot("9000", "12", number=2)}
    rows: list[tuple[list[str], str, dict[str, str], list[tuple[Any, ...]]]] = [
        # awards, the year that reports them, cells, (whether it is the program's own, its months)
        ([YEAR_LONG], "2023-24", slot("18000", "9"), [(True, 9)]),
        ([YEAR_LONG], "2023-24", slot("18000", "NA"), [(True, None)]),
        (["associate"], "2023-24", slot("18000", "9"), [(False, None)]),
        (["master"], "2023-24", slot("18000", "12"), [(False, None)]),
        ([YEAR_LONG, "associate"], "2023-24", slot("18000", "9"), [(False, None)]),
        ([YEAR_LONG], "2022-23", slot("18000", "9"), [(False, None)]),
        ([YEAR_LONG], "2023-24", both, [(False, None), (False, None)]),
        ([YEAR_LONG], "2023-24", slot("NULL", "9"), []),
        ([YEAR_LONG], "2023-24", slot("0", "9"), []),
    ]
    with Session(engine) as session:
        for unitid, (awards, year, *_) in enumerate(rows, FIRST):
            for award in awards:
                add_program(
                    session,
                    f"{award}-{unitid}",
                    school=f"school-{unitid}",
                    school_fields={"unitid": unitid},
                    cip_code="51.0713",
                    award_level=award,
                    completions={year: 3},
                )
        session.commit()

    import_files(engine, merged(tmp_path, *(cells for _, _, cells, _ in rows)))

    costs, lengths = TABLES[CostClaim], TABLES[OfferingClaim]
    with Session(engine) as session:
        months = {claim.program_id: claim.months_low for claim in session.exec(select(lengths))}
        school_of = {one.id: one.institution_id for one in session.exec(select(Program))}
        unitids = {one.id: one.unitid for one in session.exec(select(Institution))}
        found: dict[int | None, list[Any]] = {}
        for claim in session.exec(select(costs).order_by(col(costs.id))):
            assert (claim.component, claim.unit, claim.as_of) == ("total", "program", "2023-24")
            assert claim.contains == ["tuition", "fees", "books"]
            is_own = claim.program_id is not None
            assert (claim.cip_code is None) == is_own
            school = claim.institution_id or school_of[claim.program_id]
            one = (is_own, months.get(claim.program_id) if is_own else None)
            found.setdefault(unitids[school], []).append(one)
    for unitid, row in enumerate(rows, FIRST):
        assert found.get(unitid, []) == row[3], row


def test_what_the_file_settles_is_served(
    client: TestClient, engine: Engine, tmp_path: Path
) -> None:
    with Session(engine) as session:
        add_program(
            session,
            "coding",
            school_fields={"unitid": FIRST},
            cip_code="51.0713",
            award_level=YEAR_LONG,
            completions={"2023-24": 3},
        )
        session.commit()
    school = {"BOOKSUPPLY": "1500", "NPT4_PRIV": "15000", "DISTANCEONLY": "1"}

    import_files(engine, merged(tmp_path, {**school, **slot("18000", "9")}))

    total = client.get("/v1/programs/coding/total-cost").json()
    [part] = total["components"]
    assert (part["low_usd"], part["high_usd"], part["contains"]) == (
        18000,
        18000,
        ["books", "fees"],
    )
    assert "books" not in [one["component"] for one in total["missing"]]
    for asked, count in (
        ({"max_net_price_usd": 15000}, 1),
        ({"max_net_price_usd": 14999}, 0),
        ({"net_price_is": "unknown"}, 0),
        ({"distance_only": "yes"}, 1),
        ({"distance_only": "no"}, 0),
    ):
        assert client.get("/v1/programs", params=asked).json()["total"] == count, asked
    listed = client.get("/v1/programs", params={"sort": "net_price", "facets": "distance_only"})
    assert listed.json()["facets"]["distance_only"][0] == {"value": "yes", "count": 1}
    [item] = listed.json()["items"]
    assert item["price"] is None  # tuition and fees alone are not told
    assert item["whole_price"] == {
        "low_usd": 18000,
        "high_usd": 18000,
        "contains": ["tuition", "fees", "books"],
        "academic_year": "2023-24",
        "source": "scorecard-merged2023",
    }
    assert item["net_price"] == {
        "usd": 15000,
        "of_whom": AIDED,
        "level": "institution",
        "academic_year": "2023-24",
        "source": "scorecard-merged2023",
    }
