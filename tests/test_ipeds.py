"""IPEDS files of a few lines: what a cell says, what it does not, and what becomes of it."""

import csv
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
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
    TransferClaim,
)
from app.errors import ImportFileError
from app.store.rows import Tally
from app.store.tables.claims import TABLES, ClaimColumns
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program
from app.store.tables.sources import Source
from tests.importing import import_files
from tests.making import add_program

pytestmark = pytest.mark.engines_in_turn

UNITID = "100001"
OTHER = "999999"

WriteTable = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> WriteTable:
    """Write a CSV file of rows given as column -> cell; the first row tells the columns."""

    def write_table(name: str, *rows: dict[str, str]) -> Path:
        path = tmp_path / name
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), restval=".")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write_table


@pytest.fixture
def school(engine: Engine) -> Engine:
    """A catalogue with one school, of UNITID 100001, and its associate degree in 51.0707."""
    return offer(engine, "51.0707", "associate")


def offer(engine: Engine, cip_code: str, award_level: str, year: str = "2021-22") -> Engine:
    """Add a program of the school of UNITID 100001, with awards in one academic year."""
    with Session(engine) as session:
        add_program(
            session,
            f"some-college-{cip_code}-{award_level}",
            school_fields={"unitid": int(UNITID)},
            cip_code=cip_code,
            award_level=award_level,
            completions={year: 3},
        )
        session.commit()
    return engine


def current(engine: Engine, kind: type[ProgramClaim]) -> list[Any]:
    with Session(engine) as session:
        table = TABLES[kind]
        statement = select(table).where(col(table.superseded_at).is_(None)).order_by(col(table.id))
        return list(session.exec(statement))


def only(claims: list[Any], **fields: object) -> Any:
    """Return the one claim that has these fields."""
    found = [c for c in claims if all(getattr(c, k) == v for k, v in fields.items())]
    assert len(found) == 1, found
    return found[0]


def refusal_of(engine: Engine, *paths: Path) -> str:
    with pytest.raises(ImportFileError) as caught:
        import_files(engine, *paths)
    return str(caught.value)


# --- directory -------------------------------------------------------------------------------


def hd(**cells: str) -> dict[str, str]:
    return {
        "UNITID": UNITID,
        "INSTNM": "Some College",
        "IALIAS": "SC | Some",
        "ADDR": "1 Main St",
        "CITY": "Columbus",
        "STABBR": "OH",
        "ZIP": "43215",
        "OPEID": "00102000",
        "OPEFLAG": "1",
        "WEBADDR": "www.some.edu/",
        "ADMINURL": "",
        "FAIDURL": "",
        "NPRICURL": "",
        "CONTROL": "1",
        "ICLEVEL": "2",
        "LOCALE": "12",
        "LONGITUD": "-83.0",
        "LATITUDE": "40.0",
        "CYACTIVE": "1",
        "CLOSEDAT": "-2",
        **cells,
    }


def institution(engine: Engine) -> Institution:
    with Session(engine) as session:
        return session.exec(select(Institution).where(Institution.unitid == int(UNITID))).one()


CELLS: tuple[tuple[str, str, str, object], ...] = (
    ("OPEID", "00102000", "opeid", "00102000"),
    ("OPEID", "102000", "opeid", "00102000"),
    ("OPEID", "-2", "opeid", None),
    ("ZIP", "8876", "zip_code", "08876"),
    ("ZIP", "43215-1234", "zip_code", "43215-1234"),
    ("WEBADDR", "www.some.edu/", "website", "https://www.some.edu/"),
    ("WEBADDR", "http://some.edu", "website", "http://some.edu"),
    ("ADMINURL", "", "admissions_url", None),
    ("CONTROL", "3", "control", "private_for_profit"),
    ("CONTROL", "-3", "control", None),
    ("ICLEVEL", "-3", "level", None),
    ("LOCALE", "-3", "locale_code", None),
    ("CYACTIVE", "3", "is_active", False),
    ("CLOSEDAT", "06/30/2024", "closed_on", "2024-06-30"),
    ("CLOSEDAT", "-2", "closed_on", None),
    ("LATITUDE", ".", "latitude", None),
    ("CBSA", "18140", "cbsa_code", "18140"),
    ("CBSA", "-2", "cbsa_code", None),
    ("CBSATYPE", "2", "cbsa_kind", "micropolitan"),
    ("COUNTYCD", "1089", "county_code", "01089"),
    ("F1SYSNAM", " ", "system_name", None),
    ("F1SYSNAM", "Schools of Ohio", "system_name", "Schools of Ohio"),
)
"""Column, cell -> field and value of the school."""


def test_a_cell_of_the_directory_is_read_as_text_code_or_nothing(
    engine: Engine, table: WriteTable
) -> None:
    schools = dict(enumerate(CELLS, start=500_001))
    others = dict.fromkeys(("CBSA", "CBSATYPE", "COUNTYCD", "F1SYSNAM"), "-2")
    rows = [
        hd(**others | {"UNITID": str(unitid), "INSTNM": f"College {unitid}", column: cell})
        for unitid, (column, cell, _, _) in schools.items()
    ]

    import_files(engine, table("hd2024.csv", *rows))

    with Session(engine) as session:
        found = {school.unitid: school for school in session.exec(select(Institution))}
    read = [(*case[:3], getattr(found[unitid], case[2])) for unitid, case in schools.items()]
    assert read == list(CELLS)


def test_the_directory_may_start_with_a_byte_order_mark_and_write_names_in_any_case(
    engine: Engine, table: WriteTable
) -> None:
    path = table("HD2024.csv", {name.title(): cell for name, cell in hd().items()})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    import_files(engine, path)

    assert institution(engine).name == "Some College"


@pytest.mark.parametrize(
    ("column", "cell"),
    [("STABBR", "XX"), ("UNITID", "12")],
)
def test_a_school_without_a_key_or_a_place_is_left_out_by_name(
    engine: Engine, table: WriteTable, column: str, cell: str
) -> None:
    other = hd(UNITID=OTHER, OPEID="00103000")
    tally = import_files(engine, table("hd2024.csv", other, hd(**{column: cell})))

    [remark] = tally["ipeds-directory"].reasons
    assert remark.startswith(f"hd2024.csv, line 3, column {column}: {cell!r} cannot be read")
    assert tally["ipeds-directory"].refused == 1
    with Session(engine) as session:
        assert list(session.exec(select(Institution.unitid))) == [int(OTHER)]


@pytest.mark.parametrize(
    ("column", "cell", "field"),
    [
        ("OPEID", "001020001", "opeid"),
        ("CONTROL", "7", "control"),
        ("ICLEVEL", "x", "level"),
        ("LATITUDE", "far", "latitude"),
        ("ZIP", "613", "zip_code"),
    ],
)
def test_a_code_of_the_directory_that_is_not_known_leaves_the_school_in(
    engine: Engine, table: WriteTable, column: str, cell: str, field: str
) -> None:
    tally = import_files(engine, table("hd2024.csv", hd(**{column: cell})))["ipeds-directory"]

    assert (institution(engine).name, getattr(institution(engine), field)) == ("Some College", None)
    assert tally.reasons[0].startswith(f"hd2024.csv, line 2, column {column}: {cell!r} cannot be")
    assert tally.refused == 0


@pytest.mark.parametrize(
    ("state", "cell", "zip_code"),
    [("PR", "613", "00613"), ("VI", "8021234", "00802-1234"), ("NJ", "8876", "08876")],
)
def test_zeros_that_a_spreadsheet_ate_are_mended_where_the_state_has_them(
    engine: Engine, table: WriteTable, state: str, cell: str, zip_code: str
) -> None:
    import_files(engine, table("hd2024.csv", hd(STABBR=state, ZIP=cell)))

    assert institution(engine).zip_code == zip_code


@pytest.mark.parametrize(
    ("flag", "statuses"),
    [
        ("1", ["title_iv"]),
        ("2", ["title_iv"]),
        ("3", ["title_iv_deferment"]),
        ("5", ["not_title_iv"]),
        ("6", ["not_title_iv"]),
        ("7", ["title_iv"]),
        ("9", []),
        ("-2", []),
        ("", []),
    ],
)
def test_a_school_is_said_to_take_part_in_title_iv_or_not_as_of_the_year(
    engine: Engine, table: WriteTable, flag: str, statuses: list[str]
) -> None:
    tally = import_files(engine, table("hd2024.csv", hd(OPEFLAG=flag)))

    claims = current(engine, AccreditationClaim)
    assert [(c.status, c.as_of) for c in claims] == [(s, "2024-25") for s in statuses]
    reasons = tally["ipeds-directory"].reasons
    assert any("OPEFLAG 9" in reason for reason in reasons) is (flag == "9")


def test_a_branch_without_aid_is_told_apart_where_its_main_campus_takes_part(
    engine: Engine, table: WriteTable
) -> None:
    branch = hd(UNITID=OTHER, OPEID="00102004", OPEFLAG="5")
    other = hd(UNITID="777777", OPEID="00202000", OPEFLAG="5")

    import_files(engine, table("hd2024.csv", hd(), branch, other))

    notes = {c.note for c in current(engine, AccreditationClaim) if c.status == "not_title_iv"}
    assert len(notes) == 2


@pytest.mark.parametrize("order", [("hd2023.csv", "hd2024.csv"), ("hd2024.csv", "hd2023.csv")])
def test_a_newer_directory_settles_who_takes_part_in_title_iv(
    engine: Engine, table: WriteTable, order: tuple[str, str]
) -> None:
    flags = {"hd2023.csv": "1", "hd2024.csv": "5"}
    for name in order:
        import_files(engine, table(name, hd(OPEFLAG=flags[name])))

    assert only(current(engine, AccreditationClaim)).status == "not_title_iv"
    with Session(engine) as session:
        every = session.exec(select(TABLES[AccreditationClaim])).all()
    assert {claim.source for claim in every} == {"ipeds-hd2023", "ipeds-hd2024"}


@pytest.mark.parametrize(
    ("cells", "status", "is_active"),
    [
        ({}, "open", True),
        ({"ACT": "A", "NEWID": "-2", "DEATHYR": "-2"}, "open", True),
        ({"ACT": "N"}, "open", True),
        ({"ACT": "M", "DEATHYR": "2024"}, "closed", False),
        ({"ACT": "M", "CLOSEDAT": "07/30/2024"}, "closed", False),
        ({"CLOSEDAT": "07/30/2024"}, "closed", False),
        ({"ACT": "D", "CYACTIVE": "3"}, "closed", False),
        ({"ACT": "C", "CYACTIVE": "3", "NEWID": "130934"}, "merged", False),
        ({"ACT": "C", "CYACTIVE": "3", "NEWID": "-2"}, "not_operating", False),
        ({"ACT": "O", "CYACTIVE": "3"}, "not_operating", False),
        ({"CYACTIVE": "3"}, "not_operating", False),
        ({"ACT": "A", "DEATHYR": "2024"}, "not_operating", False),
    ],
)
def test_all_columns_of_the_directory_tell_whether_a_school_operates(
    engine: Engine,
    table: WriteTable,
    cells: dict[str, str],
    status: str,
    is_active: bool,
) -> None:
    import_files(engine, table("hd2024.csv", hd(**cells)))

    claim = only(current(engine, StatusClaim))
    assert (claim.status, claim.as_of) == (status, "2024-25")
    assert institution(engine).is_active is is_active
    assert (claim.successor_unitid == 130934) is (status == "merged")


@pytest.mark.parametrize("order", [*permutations(("hd2014.csv", "hd2020.csv", "hd2024.csv"))])
def test_names_of_older_directories_are_former_names_with_their_last_edition(
    engine: Engine, table: WriteTable, order: tuple[str, ...]
) -> None:
    names = {"hd2014.csv": "Elm Institute", "hd2020.csv": "Elm College", "hd2024.csv": "Oak"}
    for name in (*order, "hd2024.csv"):
        import_files(engine, table(name, hd(INSTNM=names[name])))
    import_files(engine, table("hd2015.csv", hd(INSTNM="ELM INSTITUTE")))

    with Session(engine) as session:
        school = session.exec(select(Institution)).one()
    assert school.name == "Oak"
    assert school.former_names == [
        {"name": "Elm College", "until": "2020-21"},
        {"name": "ELM INSTITUTE", "until": "2015-16"},
    ]


@pytest.mark.parametrize("order", [("hd2023.csv", "hd2024.csv"), ("hd2024.csv", "hd2023.csv")])
def test_an_older_directory_never_undoes_a_newer_one(
    engine: Engine, table: WriteTable, order: tuple[str, str]
) -> None:
    for name in order:
        import_files(engine, table(name, hd(INSTNM=f"College of {name[2:6]}")))

    assert institution(engine).name == "College of 2024"
    assert institution(engine).as_of == "2024-25"


# --- completions -----------------------------------------------------------------------------


def c(**cells: str) -> dict[str, str]:
    return {
        "UNITID": UNITID,
        "CIPCODE": "51.0707",
        "MAJORNUM": "1",
        "AWLEVEL": "3",
        "CTOTALT": "12",
        **cells,
    }


@pytest.fixture
def directory(engine: Engine, table: WriteTable) -> Engine:
    """A catalogue that knows one school, and no program yet."""
    import_files(engine, table("hd2024.csv", hd()))
    return engine


def offered(engine: Engine) -> list[tuple[str | None, str | None]]:
    """Return CIP code and award level of programs not retired."""
    with Session(engine) as session:
        statement = select(Program.cip_code, Program.award_level).where(
            col(Program.retired_at).is_(None)
        )
        return sorted(session.exec(statement))


def counts(engine: Engine) -> list[tuple[str, int]]:
    with Session(engine) as session:
        statement = select(Completion.academic_year, Completion.count).order_by(
            col(Completion.academic_year)
        )
        return [tuple(row) for row in session.exec(statement)]


def test_zero_completions_is_a_program_on_offer_and_no_row_is_none(
    directory: Engine, table: WriteTable
) -> None:
    import_files(directory, table("c2024_a.csv", c(CTOTALT="0")))

    assert offered(directory) == [("51.0707", "associate")]
    assert counts(directory) == [("2023-24", 0)]


@pytest.mark.parametrize("cell", ["", ".", "-1", "1.5"])
def test_a_count_that_is_not_there_is_unknown_not_zero(
    directory: Engine, table: WriteTable, cell: str
) -> None:
    tally = import_files(directory, table("c2024_a.csv", c(CTOTALT=cell)))["ipeds-completions"]

    assert (offered(directory), counts(directory)) == ([("51.0707", "associate")], [])
    assert f"line 2, column CTOTALT: {cell!r} cannot be read" in tally.reasons[0]


def test_a_program_is_not_retired_by_a_row_that_cannot_be_read(
    directory: Engine, table: WriteTable
) -> None:
    import_files(directory, table("c2023_a.csv", c(), c(AWLEVEL="7")))

    import_files(directory, table("c2024_a.csv", c(), c(AWLEVEL="seven")))

    assert len(offered(directory)) == 2


@pytest.mark.parametrize("level", ["03", "3.0", '"3"', " 3 "])
def test_a_code_is_compared_as_a_number(directory: Engine, table: WriteTable, level: str) -> None:
    import_files(directory, table("c2024_a.csv", c(AWLEVEL=level, CIPCODE="51.071")))

    assert offered(directory) == [("51.0710", "associate")]


@pytest.mark.parametrize("revised_first", [True, False])
def test_a_revised_release_stands_over_the_provisional_one(
    directory: Engine, table: WriteTable, revised_first: bool
) -> None:
    both = [table("c2024_a.csv", c(CTOTALT="20")), table("C2024_A_RV.csv", c(CTOTALT="22"))]

    for path in reversed(both) if revised_first else both:
        import_files(directory, path)

    assert counts(directory) == [("2023-24", 22)]
    with Session(directory) as session:
        source = session.get_one(Source, "ipeds-c2024-a")
        assert (source.is_revised, "revised" in source.title) == (True, True)


def test_a_program_missing_from_a_newer_year_is_retired_and_keeps_its_history(
    directory: Engine, table: WriteTable
) -> None:
    import_files(directory, table("c2023_a.csv", c(), c(CIPCODE="51.0713", AWLEVEL="2")))

    import_files(directory, table("c2024_a.csv", c(CTOTALT="9")))

    assert offered(directory) == [("51.0707", "associate")]
    assert counts(directory) == [("2022-23", 12), ("2022-23", 12), ("2023-24", 9)]
    with Session(directory) as session:
        gone = session.exec(select(Program).where(Program.cip_code == "51.0713")).one()
        assert gone.retired_reason == "not in the federal completions of 2023-24"


def test_a_retired_program_that_comes_back_is_the_same_program(
    directory: Engine, table: WriteTable
) -> None:
    both = (c(), c(CIPCODE="51.0713", AWLEVEL="2"))
    for name, rows in (("c2022_a.csv", both), ("c2023_a.csv", both[:1]), ("c2024_a.csv", both)):
        import_files(directory, table(name, *rows))

    assert offered(directory) == [
        ("51.0707", "associate"),
        ("51.0713", "certificate_1_to_2_years"),
    ]
    assert len(counts(directory)) == 5


def test_an_older_year_adds_counts_to_known_programs_and_no_programs(
    directory: Engine, table: WriteTable
) -> None:
    import_files(directory, table("c2024_a.csv", c()))

    older = table("c2020_a.csv", c(CTOTALT="7"), c(CIPCODE="51.0713"), c(UNITID=OTHER))
    tally = import_files(directory, older)["ipeds-completions"]

    assert offered(directory) == [("51.0707", "associate")]
    assert counts(directory) == [("2019-20", 7), ("2023-24", 12)]
    assert tally.reasons == ["2 rows of programs not offered in 2023-24: passed over"]


def test_totals_other_fields_and_second_majors_are_left_out(
    directory: Engine, table: WriteTable
) -> None:
    rows = (
        c(),
        c(CIPCODE="99", CTOTALT="500"),
        c(CIPCODE="52.0201"),
        c(CIPCODE="51.0713", MAJORNUM="2"),
    )

    import_files(directory, table("c2024_a_first_majors.csv", *rows))

    assert offered(directory) == [("51.0707", "associate")]


AWARD_LEVELS = {
    "20": "certificate_under_12_weeks",
    "21": "certificate_under_1_year",
    "2": "certificate_1_to_2_years",
    "4": "certificate_2_to_4_years",
    " 3": "associate",
    "5": "bachelor",
    "6": "postbaccalaureate_certificate",
    "7": "master",
    "8": "postmaster_certificate",
    "17": "doctorate_research",
    "18": "doctorate_professional",
    "19": "doctorate_other",
}


def test_award_level_codes_are_names_not_a_scale(directory: Engine, table: WriteTable) -> None:
    fields = dict(zip(AWARD_LEVELS, range(1, 20), strict=False))  # a field each tells them apart
    rows = [c(CIPCODE=f"51.07{field:02}", AWLEVEL=code) for code, field in fields.items()]

    import_files(directory, table("c2024_a.csv", *rows))

    assert offered(directory) == [
        (f"51.07{field:02}", AWARD_LEVELS[code]) for code, field in fields.items()
    ]


def test_rows_of_the_award_level_that_was_split_in_2020_are_left_out_in_one_sentence(
    directory: Engine, table: WriteTable
) -> None:
    rows = [c(), *[c(AWLEVEL="1", CIPCODE=f"51.07{n:02}") for n in (1, 2)], c(CIPCODE="51.0713")]
    tally = import_files(directory, table("c2019_a.csv", *rows))["ipeds-completions"]

    assert [cip for cip, _ in offered(directory)] == ["51.0707", "51.0713"]
    [remark] = tally.reasons
    assert remark.startswith("c2019_a.csv: 2 rows left out, column AWLEVEL: '1' cannot be read")
    assert tally.refused == 2


def test_one_cip_code_at_several_award_levels_is_several_programs(
    directory: Engine, table: WriteTable
) -> None:
    import_files(directory, table("c2024_a.csv", c(AWLEVEL="3"), c(AWLEVEL="7"), c(AWLEVEL="21")))

    assert offered(directory) == [
        ("51.0707", "associate"),
        ("51.0707", "certificate_under_1_year"),
        ("51.0707", "master"),
    ]


@pytest.mark.parametrize("spelling", ["51.0707", '"51.0707"', "510707", '="51.0707"', " 51.0707"])
def test_a_cip_code_is_one_code_in_every_spelling(
    directory: Engine, table: WriteTable, spelling: str
) -> None:
    import_files(directory, table("c2024_a.csv", c(CIPCODE=spelling)))

    assert offered(directory) == [("51.0707", "associate")]


def test_a_four_digit_series_is_no_program(directory: Engine, table: WriteTable) -> None:
    import_files(directory, table("c2024_a.csv", c(), c(CIPCODE="5107")))

    assert offered(directory) == [("51.0707", "associate")]


def test_a_school_that_the_directory_does_not_have_is_refused_by_line(
    directory: Engine, table: WriteTable
) -> None:
    tally = import_files(directory, table("c2024_a.csv", c(), c(UNITID=OTHER)))

    refused = tally["ipeds-completions"]
    assert refused.refused == 1
    assert refused.reasons == ["line 3: UNITID 999999 is not in the directory"]


def test_every_survey_keeps_its_own_academic_year(school: Engine, table: WriteTable) -> None:
    import_files(
        school,
        table("hd2024.csv", hd()),
        table("c2024_a.csv", c()),
        table("ic2022_ay.csv", ay()),
        table("ic2021_py.csv", py(cip1="51.0707")),
        table("ic2024.csv", ic()),
        table("effy2021_dist.csv", effy()),
        table("ef2021d.csv", ef()),
    )

    with Session(school) as session:
        editions = dict(session.exec(select(Source.key, Source.edition)).all())
    assert {key: year for key, year in editions.items() if key.startswith("ipeds")} == {
        "ipeds-hd2024": "2024-25",
        "ipeds-c2024-a": "2023-24",
        "ipeds-ic2022-ay": "2022-23",
        "ipeds-ic2021-py": "2021-22",
        "ipeds-ic2024": "2024-25",
        "ipeds-effy2021-dist": "2020-21",
        "ipeds-ef2021d": "2021-22",
    }
    assert {claim.as_of for claim in current(school, CostClaim)} == {"2021-22", "2022-23"}


# --- charges of an academic year -------------------------------------------------------------

AY_FLAGS = {
    f"{flag}{digit}": f"{name}{digit}"
    for digit in (1, 2, 3, 5, 6, 7)
    for name, flag in (("TUITION", "XTUIT"), ("FEE", "XFEE"), ("HRCHG", "XHRCHG"))
} | {"XCHG4AY3": "CHG4AY3 "}
"""Flag -> its amount; the last header cell of the real file ends in a blank."""


def ay(**flagged: str) -> dict[str, str]:
    """Return a row in which every price is not applicable but those given as flag="R 8610"."""
    row = {"UNITID": UNITID}
    for flag, amount in AY_FLAGS.items():
        given = flagged.get(flag, "A .").split()
        row |= {flag: given[0], amount: given[1]}
    return row


def tuition_of(engine: Engine, residency: str = "in_state", **fields: object) -> Any:
    wanted = {"component": "tuition", "unit": "year", "student_level": "undergraduate"}
    return only(current(engine, CostClaim), residency=residency, **{**wanted, **fields})


@pytest.mark.parametrize(
    ("cell", "cents", "status"),
    [
        ("R 8610", 861_000, "reported"),
        ("R 0", 0, "reported"),
        ("A .", None, "not_applicable"),
        ("A 0", None, "not_applicable"),
        ("R .", None, "not_reported"),
        ("B .", None, "not_reported"),
        ("P 900", 90_000, "imputed"),
        ("Z 0", None, "not_reported"),  # implied zero: left blank
    ],
)
def test_a_missing_price_is_not_free_and_a_price_of_zero_is_zero(
    school: Engine, table: WriteTable, cell: str, cents: int | None, status: str
) -> None:
    import_files(school, table("ic2022_ay.csv", ay(XTUIT2=cell)))

    claim = tuition_of(school)
    assert (claim.amount_low_cents, claim.amount_high_cents) == (cents, cents)
    assert claim.value_status == status
    assert (claim.as_of, claim.source) == ("2022-23", "ipeds-ic2022-ay")
    assert (claim.program_id, claim.institution_id is None) == (None, False)


def test_an_amount_beside_an_unknown_flag_is_not_told(school: Engine, table: WriteTable) -> None:
    tally = import_files(school, table("ic2022_ay.csv", ay(XFEE3="Q 5")))

    assert "line 2, column XFEE3: 'Q' cannot be read" in tally["ipeds-charges-year"].reasons[0]
    assert [
        claim.amount_low_cents
        for claim in current(school, CostClaim)
        if (claim.component, claim.residency) == ("fees", "out_of_state")
    ] in ([], [None])


@pytest.mark.parametrize("cell", ["-99999", "*", "PS"])
def test_a_price_that_is_no_number_is_refused_by_name(
    school: Engine, table: WriteTable, cell: str
) -> None:
    complaint = refusal_of(school, table("ic2022_ay.csv", ay(XFEE3=f"R {cell}")))

    assert complaint.startswith(f"ic2022_ay.csv, line 2, column FEE3: {cell!r} cannot be read")


def test_fees_credit_hours_and_books_are_prices_of_their_own(
    school: Engine, table: WriteTable
) -> None:
    row = ay(XFEE2="R 1414", XHRCHG2="R 287.5", XCHG4AY3="R 1600")

    import_files(school, table("ic2022_ay.csv", row))

    claims = current(school, CostClaim)
    fees = only(claims, component="fees", residency="in_state")
    credit = only(claims, unit="credit", residency="in_state")
    books = only(claims, component="books")
    assert (fees.unit, fees.amount_low_cents) == ("year", 141_400)
    assert (credit.component, credit.amount_low_cents) == ("tuition", 28_750)
    assert (books.residency, books.amount_low_cents) == ("any", 160_000)
    assert books.note == "The institution's own allowance for books and supplies."


def test_a_price_for_the_district_is_left_out_where_it_is_that_for_the_state(
    school: Engine, table: WriteTable
) -> None:
    row = ay(XTUIT1="R 100", XTUIT2="R 100", XFEE1="R 10", XFEE2="R 20", XHRCHG1="A .")

    import_files(school, table("ic2022_ay.csv", row))

    district = [k for k in current(school, CostClaim) if k.residency == "in_district"]
    assert [(k.component, k.amount_low_cents) for k in district] == [("fees", 1_000)]


def test_graduate_prices_are_left_out_only_where_there_are_none_at_all(
    school: Engine, table: WriteTable
) -> None:
    import_files(school, table("ic2022_ay.csv", ay()))
    without = [k for k in current(school, CostClaim) if k.student_level == "graduate"]

    import_files(school, table("ic2022_ay.csv", ay(XTUIT6="R 10128")))

    graduate = [k for k in current(school, CostClaim) if k.student_level == "graduate"]
    assert without == []
    assert only(graduate, residency="in_state", unit="year", component="tuition").note is None
    assert only(graduate, residency="in_state", component="fees").value_status == "not_applicable"


def test_schools_without_a_program_are_passed_over_and_counted_in_one_reason(
    school: Engine, table: WriteTable
) -> None:
    rows = (ay(), {**ay(), "UNITID": OTHER, "XTUIT2": "Q"}, {**ay(), "UNITID": "999998"})

    tally = import_files(school, table("ic2022_ay.csv", *rows))["ipeds-charges-year"]

    assert (tally.rows_read, tally.refused) == (3, 0)
    assert tally.reasons == [
        "2 rows of institutions without a program in the catalogue: passed over"
    ]


def test_a_unitid_that_is_none_is_refused_and_not_passed_over(
    school: Engine, table: WriteTable
) -> None:
    complaint = refusal_of(school, table("ic2022_ay.csv", {**ay(), "UNITID": "10000"}))

    assert complaint.startswith("ic2022_ay.csv, line 2, column UNITID: '10000' cannot be read")


def test_a_changed_cell_supersedes_and_the_older_row_stays_readable(
    school: Engine, table: WriteTable
) -> None:
    import_files(school, table("ic2022_ay.csv", ay(XTUIT2="R 8000")))

    tally = import_files(school, table("ic2022_ay.csv", ay(XTUIT2="R 8610")))["ipeds-charges-year"]

    assert (tally.added, tally.changed, tally.retired) == (0, 1, 0)
    assert tuition_of(school).amount_low_cents == 861_000
    with Session(school) as session:
        costs = TABLES[CostClaim]
        old = session.exec(select(costs).where(col(costs.superseded_at).is_not(None))).one()
        assert old.amount_low_cents == 800_000


def test_a_price_that_is_gone_is_superseded_without_a_successor(
    school: Engine, table: WriteTable
) -> None:
    import_files(school, table("custom_tuition_fees_2023.csv", tuition_table("100", "200")))

    tally = import_files(school, table("custom_tuition_fees_2023.csv", tuition_table("100", "")))

    assert tally["ipeds-charges-table"].retired == 1
    assert [k.residency for k in current(school, CostClaim)] == ["in_state"]


# --- charges by program ----------------------------------------------------------------------


def py(**cells: str) -> dict[str, str]:
    """Return a row of six unused slots, but for cells given as cip2="51.0713", XCIPTUI2="R 5".

    A used slot is of 24 credit hours where nothing else is given.
    """
    row = {"UNITID": UNITID}
    for slot in range(1, 7):
        row |= {f"CIPCODE{slot}": cells.get(f"cip{slot}", "-2     "), f"PRGMSR{slot}": "-2"}
        for flag, amount in (
            (f"XCIPTUI{slot}", f"CIPTUIT{slot}"),
            (f"XCIPSUP{slot}", f"CIPSUPP{slot}"),
            (f"XCIPLGT{slot}", f"CIPLGTH{slot}"),
            (f"XMTHCMP{slot}", f"MTHCMP{slot}"),
        ):
            is_length = f"cip{slot}" in cells and flag == f"XCIPLGT{slot}"
            given = cells.get(flag, "R 24" if is_length else "A .").split()
            row |= {flag: given[0], amount: given[1]}
        row[f"PRGMSR{slot}"] = cells.get(f"PRGMSR{slot}", "2" if f"cip{slot}" in cells else "-2")
    for flag, amount in (("XCHG1PY3", "CHG1PY3"), ("XCHG4PY3", "CHG4PY3")):
        given = cells.get(flag, "A .").split()
        row |= {flag: given[0], amount: given[1]}
    return row


@pytest.fixture
def certificate(engine: Engine) -> Engine:
    """A catalogue with one school and its certificate in 51.0713."""
    return offer(engine, "51.0713", "certificate_under_1_year")


def test_the_first_price_of_schools_with_first_time_students_is_the_published_one(
    certificate: Engine, table: WriteTable
) -> None:
    row = py(cip1="51.0713", XCHG1PY3="R 12150", XCHG4PY3="R 2649")

    import_files(certificate, table("ic2021_py.csv", row))

    claims = current(certificate, CostClaim)
    assert only(claims, component="tuition_and_fees").amount_low_cents == 1_215_000
    assert only(claims, component="books").amount_low_cents == 264_900


def test_the_first_price_of_other_schools_stands_where_the_other_five_stand(
    certificate: Engine, table: WriteTable
) -> None:
    row = py(cip1="51.0713", XCIPTUI1="R 5000", XCIPSUP1="R 300")

    import_files(certificate, table("ic2021_py.csv", row))

    claims = current(certificate, CostClaim)
    assert only(claims, component="tuition_and_fees").amount_low_cents == 500_000
    assert only(claims, component="books").amount_low_cents == 30_000


def test_another_slot_never_takes_the_price_of_the_first(
    certificate: Engine, table: WriteTable
) -> None:
    row = py(cip1="12.0401", XCHG1PY3="R 12150", cip2='"51.0713"', XCIPTUI2="R 2150")

    import_files(certificate, table("ic2021_py.csv", row))

    claims = current(certificate, CostClaim)
    assert only(claims, component="tuition_and_fees").amount_low_cents == 215_000
    assert only(claims, component="books").value_status == "not_applicable"


def test_a_price_of_a_whole_program_goes_to_the_award_that_its_hours_fit(
    certificate: Engine, table: WriteTable
) -> None:
    row = py(cip3="51.0713", XCIPTUI3="R 2150", XCIPLGT3="R 650", PRGMSR3="1", XMTHCMP3="R 7")

    import_files(certificate, table("ic2021_py.csv", row))

    price = only(current(certificate, CostClaim), component="tuition_and_fees")
    length = only(current(certificate, OfferingClaim))
    assert price.program_id is not None
    assert (price.unit, price.contains) == ("program", ["tuition", "fees"])
    assert (price.cip_code, price.note, price.as_of) == (None, None, "2021-22")
    assert length.program_id == price.program_id
    assert (length.months_low, length.months_high) == (7, 7)
    assert (length.credits, length.credit_unit) == (650, "clock_hour")


def test_a_length_in_credit_hours_is_called_so(certificate: Engine, table: WriteTable) -> None:
    row = py(cip1="51.0713", XCIPLGT1="R 34", PRGMSR1="2", XMTHCMP1="R 11")

    import_files(certificate, table("ic2021_py.csv", row))

    length = only(current(certificate, OfferingClaim))
    assert (length.credits, length.credit_unit) == (34, "credit_hour")


CLOCK, CREDIT = "1", "2"
SHORT, LONG = "certificate_under_1_year", "certificate_1_to_2_years"


@pytest.mark.parametrize(
    ("awards", "hours", "unit", "meant"),
    [
        ([SHORT, "associate"], "300", CLOCK, SHORT),
        ([SHORT, LONG], "899", CLOCK, SHORT),
        ([SHORT, LONG], "900", CLOCK, LONG),
        ([SHORT, "associate"], "35", CREDIT, SHORT),  # 35 quarter credits are 23 of a semester
        ([SHORT, LONG], "35", CREDIT, None),  # semester or quarter credits are not told apart
        ([LONG, "associate"], "54", CREDIT, LONG),
        (["associate", "bachelor"], "92", CREDIT, "associate"),
        (["associate", "bachelor"], "120", CREDIT, "bachelor"),
        (["associate"], "36", CREDIT, None),
        (["associate"], "120", CREDIT, None),
        (["associate"], "720", CLOCK, None),
        (["bachelor"], "92", CREDIT, None),
        (["master"], "30", CREDIT, None),
        ([SHORT], "990", CLOCK, None),
    ],
)
def test_hours_tell_which_award_a_price_is_of(
    engine: Engine, table: WriteTable, awards: list[str], hours: str, unit: str, meant: str | None
) -> None:
    for award in awards:
        offer(engine, "51.0713", award)
    row = py(cip1="51.0713", XCHG1PY3="R 900", XCIPLGT1=f"R {hours}", PRGMSR1=unit)

    import_files(engine, table("ic2021_py.csv", row))

    priced = only(current(engine, CostClaim), component="tuition_and_fees").program_id
    with Session(engine) as session:
        program = session.get(Program, priced) if priced else None
    assert (program.award_level if program else None) == meant


@pytest.mark.parametrize("hours", ["R 900", "A ."])
def test_a_price_whose_award_is_not_stated_stays_with_the_school(
    certificate: Engine, table: WriteTable, hours: str
) -> None:
    row = py(cip1="51.0713", XCHG1PY3="R 900", XMTHCMP1="R 9", XCIPLGT1=hours, PRGMSR1="1")

    import_files(certificate, table("ic2021_py.csv", row))

    price = only(current(certificate, CostClaim), component="tuition_and_fees")
    assert (price.program_id, price.cip_code) == (None, "51.0713")
    assert price.label == ("9 months, 900 clock hours" if hours == "R 900" else "9 months")
    assert "does not state its award" in price.note
    assert current(certificate, OfferingClaim) == []


def test_a_price_is_not_joined_to_an_award_that_came_in_another_year(
    engine: Engine, table: WriteTable
) -> None:
    offer(engine, "51.0713", SHORT, year="2022-23")
    row = py(cip1="51.0713", XCHG1PY3="R 900", XMTHCMP1="R 9")

    import_files(engine, table("ic2021_py.csv", row))

    assert only(current(engine, CostClaim), component="tuition_and_fees").program_id is None
    assert current(engine, OfferingClaim) == []


def test_two_prices_in_one_field_both_stay_with_the_school(
    certificate: Engine, table: WriteTable
) -> None:
    row = py(cip1="51.0713", XCHG1PY3="R 900", cip2="51.0713", XCIPTUI2="R 1800")

    import_files(certificate, table("ic2021_py.csv", row))

    prices = [k for k in current(certificate, CostClaim) if k.component == "tuition_and_fees"]
    assert sorted(k.amount_low_cents or 0 for k in prices) == [90_000, 180_000]
    assert {k.program_id for k in prices} == {None}


def test_unused_slots_and_other_fields_give_nothing(certificate: Engine, table: WriteTable) -> None:
    row = py(cip1="12.0401", XCHG1PY3="R 12150", cip2="01.0101")

    import_files(certificate, table("ic2021_py.csv", row))

    assert current(certificate, CostClaim) == []


def test_rows_may_end_in_one_comma_more_than_the_header(
    certificate: Engine, table: WriteTable
) -> None:
    path = table("ic2021_py.csv", py(cip1="51.0713", XCHG1PY3="R 900"))
    header, row = path.read_text().splitlines()
    path.write_text(f"{header} \n{row},\n")

    import_files(certificate, path)

    assert only(current(certificate, CostClaim), component="tuition_and_fees")


# --- cost survey -----------------------------------------------------------------------------


def cost(**cells: str) -> dict[str, str]:
    """Return a row of the Cost survey with few of its columns, some in lower case."""
    return {"UNITID": UNITID, "CIPCODE1": "-2", **cells}


def test_the_cost_survey_has_prices_of_a_year_or_of_programs_and_absent_columns_say_nothing(
    certificate: Engine, table: WriteTable
) -> None:
    offer(certificate, "51.0713", "associate", "2024-25")
    of_year = {"XTUIT2": "R", "TUITION2": "4000", "XFEE2": "Z", "FEE2": "0"}
    books = {"Xchg4ay3": "R", "chg4ay3": "900"}
    of_program = {"XCIPTUI1": "R", "CIPTUIT1": "9000", "XCIPLGT1": "R", "CIPLGTH1": "1800"}
    hours = {"PRGMSR1": "1", "XCHG1PY3": "A", "chg1py3": "-2", "XMTHCMP1": "Z", "MTHCMP1": "0"}

    import_files(certificate, table("COST1_2024.csv", cost(**of_year, **books)))

    priced = {(c.component, c.amount_low_cents) for c in current(certificate, CostClaim)}
    assert priced == {("tuition", 400000), ("fees", None), ("books", 90000)}
    assert only(current(certificate, CostClaim), component="fees").value_status == "not_reported"

    row = cost(**of_program, **hours) | {"CIPCODE1": "51.0713"}
    import_files(certificate, table("COST1_2024.csv", row))

    [price] = [c for c in current(certificate, CostClaim) if c.amount_low_cents is not None]
    assert (price.amount_low_cents, price.unit, price.as_of) == (900000, "program", "2024-25")
    assert price.program_id is not None
    [length] = current(certificate, OfferingClaim)
    assert (length.credits, length.months_low) == (1800, None)


@pytest.mark.parametrize("names", [("ic2022", "COST1_2024"), ("COST1_2024", "ic2022")])
def test_the_cost_survey_settles_what_the_older_survey_asked_of_payment_plans(
    school: Engine, table: WriteTable, names: tuple[str, str]
) -> None:
    rows = {"ic2022": ic(TUITPL3="1", STUSRV3="1"), "COST1_2024": cost(TUITPL3="0")}

    for name in names:
        import_files(school, table(f"{name}.csv", rows[name]))

    assert current(school, CostClaim) == []
    assert [claim.service for claim in current(school, ServiceClaim)] == ["employment_services"]


@pytest.mark.parametrize("name", ["ic2023_ay.csv", "ic2024_py.csv", "cost1_2025.csv"])
def test_a_file_of_prices_with_none_of_its_columns_is_refused(
    school: Engine, table: WriteTable, name: str
) -> None:
    complaint = refusal_of(school, table(name, {"UNITID": UNITID, "TUITON2": "4000"}))

    assert complaint.startswith(f"{name}, line 1")


def test_a_later_edition_may_lack_columns(school: Engine, table: WriteTable) -> None:
    row = {"UNITID": UNITID, "XTUIT2": "R", "TUITION2": "4000"}

    import_files(school, table("ic2023_ay.csv", row))

    [price] = current(school, CostClaim)
    assert (price.amount_low_cents, price.as_of) == (400000, "2023-24")


# --- short table -----------------------------------------------------------------------------


def tuition_table(in_state: str, out_of_state: str) -> dict[str, str]:
    return {
        "UnitID": UNITID,
        "Institution Name": "Some College",
        "TUITION_FEES_2023_OUTSTATE": out_of_state,
        "TUITION_FEES_INSTATE2023": in_state,
    }


def test_the_short_table_gives_one_sum_for_residents_and_one_for_others(
    school: Engine, table: WriteTable
) -> None:
    import_files(school, table("custom_tuition_fees_2023.csv", tuition_table("3600", "7200")))

    claims = current(school, CostClaim)
    state = only(claims, residency="in_state")
    assert (state.amount_low_cents, state.as_of) == (360_000, "2023-24")
    assert (state.component, state.contains) == ("tuition_and_fees", ["tuition", "fees"])
    assert only(claims, residency="out_of_state").amount_low_cents == 720_000


def test_a_blank_of_the_short_table_says_nothing(school: Engine, table: WriteTable) -> None:
    import_files(school, table("custom_tuition_fees_2023.csv", tuition_table("", "")))

    assert current(school, CostClaim) == []


# --- characteristics -------------------------------------------------------------------------


def ic(**cells: str) -> dict[str, str]:
    """Return a row of an edition without TUITPL3, every box unticked unless given."""
    return {
        "UNITID": UNITID,
        "CREDITS2": "0",
        "CREDITS3": "0",
        "CREDITS4": "0",
        "STUSRV3": "0",
        "STUSRV4": "0",
        "DISTCRS": "0",
        "DISTPGS": "0",
        "DISTNCED": "-2",
        **cells,
    }


def everything(engine: Engine) -> list[ClaimColumns]:
    return [
        claim
        for kind in (TransferClaim, ServiceClaim, CostClaim)
        for claim in current(engine, kind)
    ]


@pytest.mark.parametrize("cell", ["0", "-1", "-2", "-3", ".", ""])
def test_a_box_left_unticked_is_not_a_no(school: Engine, table: WriteTable, cell: str) -> None:
    row = {name: cell for name in ic() if name not in ("UNITID", "DISTNCED")}

    import_files(school, table("ic2022.csv", ic(**row, TUITPL3=cell)))

    assert everything(school) == []


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("CREDITS2", "prior_learning"),
        ("CREDITS3", "advanced_placement"),
        ("CREDITS4", "no_prior_credit"),
    ],
)
def test_credit_for_earlier_learning_is_claimed_where_the_box_is_ticked(
    school: Engine, table: WriteTable, column: str, kind: str
) -> None:
    import_files(school, table("ic2024.csv", ic(**{column: "1"})))

    claim = only(current(school, TransferClaim))
    assert (claim.kind, claim.is_offered, claim.as_of) == (kind, True, "2024-25")


@pytest.mark.parametrize(
    ("column", "service"),
    [
        ("STUSRV3", "employment_services"),
        ("STUSRV4", "placement_services"),
        ("DISTCRS", "distance_courses"),
        ("DISTPGS", "distance_programs"),
    ],
)
def test_a_service_is_claimed_where_the_box_is_ticked(
    school: Engine, table: WriteTable, column: str, service: str
) -> None:
    import_files(school, table("ic2024.csv", ic(**{column: "1"})))

    claim = only(current(school, ServiceClaim))
    assert (claim.service, claim.is_offered) == (service, True)


@pytest.mark.parametrize(
    ("cell", "answers"), [("1", [True]), ("2", [False]), ("-1", []), ("-2", []), ("-3", [])]
)
def test_a_no_that_was_given_is_a_no(
    school: Engine, table: WriteTable, cell: str, answers: list[bool]
) -> None:
    import_files(school, table("ic2024.csv", ic(DISTNCED=cell)))

    assert [claim.is_offered for claim in current(school, ServiceClaim)] == answers


def test_an_unknown_code_costs_its_cell_and_is_named(school: Engine, table: WriteTable) -> None:
    tally = import_files(school, table("ic2024.csv", ic(CREDITS2="2", CREDITS3="1")))

    assert tally["ipeds-characteristics"].reasons[0] == (
        "ic2024.csv, line 2, column CREDITS2: '2' cannot be read: not a known code; it is read as "
        "unknown."
    )
    assert only(current(school, TransferClaim)).kind == "advanced_placement"


def test_a_payment_plan_is_a_fact_without_an_amount(school: Engine, table: WriteTable) -> None:
    import_files(school, table("ic2022.csv", ic(TUITPL3="1")))

    plan = only(current(school, CostClaim))
    assert (plan.component, plan.amount_low_cents) == ("payment_plan", None)
    assert plan.value_status == "reported"


def test_a_column_that_left_the_survey_is_named_and_the_rest_comes_in(
    school: Engine, table: WriteTable
) -> None:
    tally = import_files(school, table("ic2024.csv", ic(STUSRV4="1")))["ipeds-characteristics"]

    assert tally.reasons == ["not in this edition: TUITPL3"]
    assert len(current(school, ServiceClaim)) == 1


def test_a_file_with_none_of_the_columns_is_refused(school: Engine, table: WriteTable) -> None:
    complaint = refusal_of(school, table("ic2024.csv", {"UNITID": UNITID, "VET1": "1"}))

    assert complaint.startswith("ic2024.csv, line 1: none of the columns CREDITS2, ")


@pytest.mark.parametrize("order", [("ic2022.csv", "ic2024.csv"), ("ic2024.csv", "ic2022.csv")])
@pytest.mark.parametrize("is_at_once", [True, False])
def test_the_newest_edition_that_asks_settles_a_question_also_by_an_empty_box(
    school: Engine, table: WriteTable, order: tuple[str, str], is_at_once: bool
) -> None:
    ticked = dict.fromkeys(("CREDITS2", "CREDITS4", "STUSRV4", "DISTPGS", "DISTNCED"), "1")
    cells = {"ic2022.csv": ic(**ticked, TUITPL3="1"), "ic2024.csv": ic(CREDITS3="1")}
    paths = [table(name, cells[name]) for name in order]

    for some in [paths] if is_at_once else [[path] for path in paths]:
        import_files(school, *some)

    assert only(current(school, TransferClaim)).kind == "advanced_placement"
    assert current(school, ServiceClaim) == []
    assert only(current(school, CostClaim)).source == "ipeds-ic2022"  # not asked any more
    with Session(school) as session:
        past = session.exec(select(TABLES[TransferClaim])).all()
    assert sorted(c.kind for c in past if c.superseded_at) == ["no_prior_credit", "prior_learning"]
    again = import_files(school, *paths)["ipeds-characteristics"]
    assert not again.has_changes


def test_an_edition_in_which_a_school_answers_nothing_settles_nothing(
    school: Engine, table: WriteTable
) -> None:
    silent = ic(**dict.fromkeys(ic().keys() - {"UNITID"}, "-2"))

    import_files(school, table("ic2022.csv", ic(CREDITS2="1")), table("ic2024.csv", silent))

    assert only(current(school, TransferClaim)).source == "ipeds-ic2022"


# --- outcomes --------------------------------------------------------------------------------


def gr200(**flagged: str) -> dict[str, str]:
    row = {"UNITID": UNITID}
    for name in ("BAGR100", "BAGR150", "BAGR200", "L4GR100", "L4GR150", "L4GR200"):
        flag, _, amount = flagged.get(name, "A ").partition(" ")
        row |= {f"X{name}": flag, name: amount}
    row["L4GR200 "] = row.pop("L4GR200")
    return row


def ef(**flagged: str) -> dict[str, str]:
    row = {"UNITID": UNITID}
    for name in ("RET_PCF", "RET_PCP", "STUFACR"):
        flag, _, amount = flagged.get(name, "A ").partition(" ")
        row |= {f"X{name}": flag, name: amount}
    return row


def effy(level: str = " 1", total: str = "R 6628", alone: str = "R 1689") -> dict[str, str]:
    row = {"UNITID": UNITID, "EFFYDLEV": level}
    row["XEYDETOT"], _, row["EFYDETOT"] = total.partition(" ")
    row["XEYDEEXC"], _, row["EFYDEEXC"] = alone.partition(" ")
    return row


def short(cohort: str, completers: str, moved: str) -> dict[str, str]:
    row = {"UNITID": UNITID}
    for name, cell in (("LINE_50", cohort), ("LINE_11", completers), ("LINE_30", moved)):
        row[f"X{name}"], _, row[name] = cell.partition(" ")
    return row


def fall(**cells: str) -> dict[str, str]:
    row = {"UnitID": UNITID}
    for year in ("2024", "2023", "2022", "2021", "2020"):
        some = "SDE_ENROLL_TOTAL" if year == "2024" else f"SDE_ENROLL_{year}"
        row |= dict.fromkeys((f"TOTAL_ENROLL_{year}", f"DE_ENROLL_{year}", some), "")
    return row | cells


FALL = "custom_distance_enrollment_2020_2024.csv"
AWARDS = "custom_graduation_rates_2015_cohort.csv"

Outcome = tuple[str, float | None, str, str | None, str | None]


def outcomes(engine: Engine) -> list[Outcome]:
    return [
        (claim.metric, claim.value, claim.value_status, claim.cohort, claim.as_of)
        for claim in current(engine, OutcomeClaim)
    ]


def test_graduation_rates_name_their_cohort(school: Engine, table: WriteTable) -> None:
    import_files(school, table("gr200_21.csv", gr200(L4GR100="R 8", L4GR150="R 30")))

    cohort = "degree or certificate seekers, entered 2017"
    assert outcomes(school) == [
        ("graduation_rate_100", 8, "reported", cohort, "2021"),
        ("graduation_rate_150", 30, "reported", cohort, "2021"),
    ]


def test_bachelor_seekers_are_another_cohort(school: Engine, table: WriteTable) -> None:
    import_files(school, table("gr200_21.csv", gr200(BAGR200="R 33")))

    assert outcomes(school) == [
        ("graduation_rate_200", 33, "reported", "bachelor seekers, entered 2013", "2021")
    ]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("R 0", [(0, "reported")]),
        ("P 40", [(40, "imputed")]),
        ("A ", []),
        ("R ", [(None, "not_reported")]),
        ("B ", [(None, "not_reported")]),
    ],
)
def test_a_rate_that_is_not_there_is_not_zero(
    school: Engine, table: WriteTable, cell: str, found: list[tuple[float | None, str]]
) -> None:
    import_files(school, table("ef2021d.csv", ef(RET_PCP=cell)))

    assert outcomes(school) == [
        ("retention_rate_part_time", value, status, "part-time, entered fall 2020", "2021-22")
        for value, status in found
    ]


def test_students_per_teacher_are_no_percentage(school: Engine, table: WriteTable) -> None:
    import_files(school, table("ef2021d.csv", ef(RET_PCF="R 58", STUFACR="R 18")))

    ratio = only(current(school, OutcomeClaim), metric="student_faculty_ratio")
    assert (ratio.value, ratio.unit, ratio.cohort) == (18, "students_per_faculty", None)
    assert only(current(school, OutcomeClaim), metric="retention_rate").unit == "percent"


def test_rates_of_short_schools_are_our_division_and_say_so(
    school: Engine, table: WriteTable
) -> None:
    import_files(school, table("gr2021_l2.csv", short("R 30", "R 22", "Z 0")))

    rate = only(current(school, OutcomeClaim), metric="graduation_rate_150")
    moved = only(current(school, OutcomeClaim), metric="transfer_out_rate")
    assert (rate.value, rate.value_status) == (73.3, "reported")
    assert rate.note == (
        "Divided by us: completers within 150 % of normal time by the adjusted cohort."
    )
    assert (moved.value, moved.value_status) == (0, "imputed")


@pytest.mark.parametrize("cohort", ["R 0", "A ", "R "])
def test_there_is_no_rate_of_nobody(school: Engine, table: WriteTable, cohort: str) -> None:
    import_files(school, table("gr2021_l2.csv", short(cohort, "R 0", "R 0")))

    assert outcomes(school) == []


def test_a_part_above_its_whole_is_refused_by_line(school: Engine, table: WriteTable) -> None:
    tally = import_files(school, table("gr2021_l2.csv", short("R 30", "R 31", "R 0")))

    refused: Tally = tally["ipeds-graduation-short"]
    assert (refused.refused, refused.reasons) == (1, ["line 2: LINE_11 31 is more than LINE_50 30"])
    assert outcomes(school) == []


def test_the_share_at_a_distance_is_of_all_students(school: Engine, table: WriteTable) -> None:
    rows = (effy(), effy(level=" 2", alone="R 1"), effy(level="12", alone="R 2"))

    import_files(school, table("effy2021_dist.csv", *rows))

    assert outcomes(school) == [("distance_only_share", 25.5, "reported", None, "2020-21")]


def test_a_count_of_many_students_is_not_rounded_before_dividing(
    school: Engine, table: WriteTable
) -> None:
    row = effy(total="R 1234567", alone="R 1234567")

    import_files(school, table("effy2021_dist.csv", row))

    assert outcomes(school)[0][1] == 100


def test_a_school_without_distance_study_gets_no_share(school: Engine, table: WriteTable) -> None:
    import_files(school, table("effy2021_dist.csv", effy(alone="A ")))

    assert outcomes(school) == []


def test_the_newest_fall_with_students_counts(school: Engine, table: WriteTable) -> None:
    row = fall(
        TOTAL_ENROLL_2023="200",
        DE_ENROLL_2023="50",
        SDE_ENROLL_2023="20",
        TOTAL_ENROLL_2022="100",
        DE_ENROLL_2022="99",
    )

    import_files(school, table(FALL, row))

    assert outcomes(school) == [
        ("distance_only_share", 25, "reported", None, "2023-24"),
        ("distance_some_share", 10, "reported", None, "2023-24"),
    ]


def test_the_newest_column_of_some_distance_is_called_total(
    school: Engine, table: WriteTable
) -> None:
    row = fall(TOTAL_ENROLL_2024="4251", DE_ENROLL_2024="", SDE_ENROLL_TOTAL="2768")

    import_files(school, table(FALL, row))

    assert outcomes(school) == [("distance_some_share", 65.1, "reported", None, "2024-25")]


def test_award_rates_are_dated_by_the_year_they_could_be_counted(
    school: Engine, table: WriteTable
) -> None:
    row = {
        "UnitID": UNITID,
        "Institution Name": "Some College",
        "TOTAL_COHORT_2015": "53",
        "PCT_AWARD_6YRS": "36",
        "PCT_AWARD_4YEARS": "",
    }

    import_files(school, table(AWARDS, row))

    assert outcomes(school) == [("award_rate_6_years", 36, "reported", "entered 2015", "2021")]


# --- all of them -----------------------------------------------------------------------------


def test_importing_twice_changes_nothing(certificate: Engine, table: WriteTable) -> None:
    files = (
        table("ic2022_ay.csv", ay(XTUIT2="R 8610", XFEE6="R 5", XCHG4AY3="R 1600")),
        table("ic2021_py.csv", py(cip1="51.0713", XCHG1PY3="R 900", XMTHCMP1="R 9")),
        table("custom_tuition_fees_2023.csv", tuition_table("3600", "7200")),
        table("ic2022.csv", ic(CREDITS2="1", DISTNCED="2", TUITPL3="1")),
        table("gr200_21.csv", gr200(L4GR150="R 30")),
        table("gr2021_l2.csv", short("R 30", "R 22", "R 1")),
        table("ef2021d.csv", ef(RET_PCF="R 58")),
        table("effy2021_dist.csv", effy()),
        table(FALL, fall(TOTAL_ENROLL_2024="300", DE_ENROLL_2024="100")),
        table(AWARDS, {"UnitID": UNITID, "PCT_AWARD_6YRS": "36", "PCT_AWARD_4YEARS": "30"}),
    )
    first = import_files(certificate, *files)

    again = import_files(certificate, *files)

    assert all(tally.added for tally in first.values())
    assert not any(tally.has_changes for tally in again.values())
    assert {key: tally.unchanged for key, tally in again.items()} == {
        key: tally.added for key, tally in first.items()
    }
