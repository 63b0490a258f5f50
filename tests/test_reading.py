"""Public files as they come: damaged, differently encoded, with headers and cells of every sort."""

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from app.domain.vocabulary import ValueStatus
from app.errors import ImportFileError
from app.importers.packed import MAX_MEMBERS, Packed, list_packed
from app.importers.reading import (
    Column,
    Row,
    check_file,
    find_absent,
    flagged_value,
    parse_amount,
    parse_count,
    parse_flag,
    read_header,
    read_rows,
)
from tests.publishers import workbook

COLUMNS = (Column("UNITID", "unitid", int), Column("INSTNM", "name"))


def write(folder: Path, content: bytes | str, name: str = "some.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, columns: tuple[Column, ...] = COLUMNS) -> list[Row]:
    return list(read_rows(check_file(path), columns))


def read_with_remarks(
    path: Path, columns: tuple[Column, ...] = COLUMNS
) -> tuple[list[Row], list[str]]:
    file = check_file(path)
    return list(read_rows(file, columns)), list(file.odd.sentences())


def complaint_of(path: Path, columns: tuple[Column, ...] = COLUMNS, *, strict: bool = False) -> str:
    with pytest.raises(ImportFileError) as caught:
        list(read_rows(check_file(path, strict=strict), columns))
    return str(caught.value)


def test_a_row_is_keyed_by_our_names_and_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n100654,Alabama A & M\n")

    assert read(path) == [{"line": 2, "unitid": 100654, "name": "Alabama A & M"}]


def test_gzip_is_told_by_its_content_not_its_name(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"UNITID,INSTNM\n1,One\n"), "some.csv")

    assert [row["name"] for row in read(path)] == ["One"]


def test_a_byte_order_mark_does_not_hide_the_first_column(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbfUNITID,INSTNM\n1,One\n")

    assert read(path)[0]["unitid"] == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("1,Cañada".encode("windows-1252"), "Cañada"),
        (b"1,Star\x96Brick \x80", "Star–Brick €"),
        ("1,Star\x96Brick".encode(), "Star–Brick"),  # made UTF-8 of by somebody who took Latin-1
        ("1,Cañada – Oświęcim".encode(), "Cañada – Oświęcim"),
    ],
    ids=range(4),
)
def test_letters_are_those_the_publisher_meant(tmp_path: Path, content: bytes, name: str) -> None:
    assert read(write(tmp_path, b"UNITID,INSTNM\n" + content + b"\n"))[0]["name"] == name


def test_a_byte_that_no_encoding_has_refuses_the_file_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, b"UNITID,INSTNM\n1,One\n2,\x81\n")

    with pytest.raises(ImportFileError, match=r"some\.csv, line 3: not UTF-8"):
        check_file(path)


def test_utf_8_is_not_taken_for_latin_1_where_a_letter_spans_two_blocks(tmp_path: Path) -> None:
    text = b"UNITID,INSTNM\n" + b"1,One\n" * ((1 << 20) // 6)
    text = text[: text.rindex(b"\n", 0, (1 << 20) - 20) + 1] + b"2,"
    text += b"x" * ((1 << 20) - 1 - len(text)) + "ñ\n".encode()

    rows = read(write(tmp_path, text))

    assert str(rows[-1]["name"]).endswith("xñ")


@pytest.mark.parametrize("header", ["unitid,instnm", "UnitID,InstNm ", " UNITID ,INSTNM\t"])
def test_headers_match_whatever_their_case_and_blanks(tmp_path: Path, header: str) -> None:
    path = write(tmp_path, f"{header}\n1,One\n")

    assert read(path)[0]["name"] == "One"


def test_a_missing_column_is_named_with_the_nearest_there_is(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNAME\n1,One\n")

    assert complaint_of(path) == (
        "some.csv, line 1, column INSTNM: missing from the header; the nearest is 'INSTNAME'."
    )


def test_every_missing_column_is_named_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "A,B\n1,One\n")

    complaint = complaint_of(path)

    assert "column UNITID" in complaint
    assert "column INSTNM" in complaint


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM,instnm\n1,One,Two\n")

    assert "column INSTNM: stands there twice" in complaint_of(path)


def test_a_column_that_may_be_absent_gives_empty_text(tmp_path: Path) -> None:
    columns = (*COLUMNS, Column("TUITPL3", "plan", int, required=False))
    path = write(tmp_path, "UNITID,INSTNM\n1,One\n")

    assert read(path, columns)[0]["plan"] == ""
    assert find_absent(check_file(path), columns) == ["TUITPL3"]


def test_a_column_goes_by_the_name_that_its_edition_prints(tmp_path: Path) -> None:
    columns = (*COLUMNS, Column("TUITPL3", "plan", int, also=("PayPlan",)))
    path = write(tmp_path, "UNITID,INSTNM,PAYPLAN\n1,One,1\n2,Two,x\n")

    rows, remarks = read_with_remarks(path, columns)

    assert [row["plan"] for row in rows] == [1]
    assert "line 3, column PayPlan: 'x' cannot be read" in remarks[0]
    assert find_absent(check_file(path), columns) == []


def test_a_bad_cell_costs_its_row_and_is_named_by_file_line_column_and_value(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n1,One\nabc,Two\n")

    rows, [remark] = read_with_remarks(path)

    assert [row["unitid"] for row in rows] == [1]
    assert remark.startswith("some.csv, line 3, column UNITID: 'abc' cannot be read: ")


def test_a_column_may_spare_its_row(tmp_path: Path) -> None:
    columns = (COLUMNS[1], Column("CONTROL", "control", int, spares_row=True))
    path = write(tmp_path, "INSTNM,CONTROL\nOne,1\nTwo,?\n")

    rows, [remark] = read_with_remarks(path, columns)

    assert [row["control"] for row in rows] == [1, None]
    assert remark.startswith("some.csv, line 3, column CONTROL: '?' cannot be read: ")


def test_cells_that_are_odd_for_one_reason_are_one_sentence(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n" + "1,One\n" * 50 + "abc,One\n" * 30)

    _, [remark] = read_with_remarks(path)

    assert remark.startswith("some.csv: 30 rows left out, column UNITID: 'abc' cannot be read")
    assert "lines 52, 53, 54, 55 and 26 more" in remark


@pytest.mark.parametrize(("odd", "is_refused"), [(2, False), (3, True), (2000, True)])
def test_a_file_that_is_odd_in_most_rows_is_refused(
    tmp_path: Path, odd: int, is_refused: bool
) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n1,One\n2,Two\n" + "abc,One\n" * odd)

    if is_refused:
        assert "more than 50%" in complaint_of(path)
    else:
        assert len(read(path)) == 2


def test_strictly_no_row_is_handed_out_after_a_bad_cell(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\nabc,One\n2,Two\n3,Three\n")
    seen = []

    with pytest.raises(ImportFileError):
        seen.extend(read_rows(check_file(path, strict=True), COLUMNS))

    assert seen == []


def test_strictly_a_cell_that_spares_its_row_refuses_the_file_too(tmp_path: Path) -> None:
    columns = (COLUMNS[1], Column("CONTROL", "control", int, spares_row=True))
    path = write(tmp_path, "INSTNM,CONTROL\nOne,1\nTwo,?\n")

    assert complaint_of(path, columns, strict=True).startswith("some.csv, line 3, column CONTROL")


@pytest.mark.parametrize("row", ["1", "1,One,more"])
def test_a_row_with_another_number_of_cells_is_left_out(tmp_path: Path, row: str) -> None:
    path = write(tmp_path, f"UNITID,INSTNM\n{row}\n2,Two\n")

    rows, [remark] = read_with_remarks(path)

    assert [row["unitid"] for row in rows] == [2]
    assert f"some.csv, line 2: {row.count(',') + 1} cells where the header has 2" in remark


def test_empty_cells_beyond_the_header_are_dropped(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM \n1,One,\n2,Two,,,\n3,Three\n")

    assert [row["name"] for row in read(path)] == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('"A "great, big" school"', 'A "great, big" school'),
        ('"hl="veteran"&#x"', 'hl="veteran"&#x'),
        ('"the "best""', 'the "best"'),
        ('"a ""doubled"" one"', 'a "doubled" one'),
        ('"""all"" of it"', '"all" of it'),
        ('24" wide', '24" wide'),
    ],
)
def test_bare_quotes_belong_to_their_cell(tmp_path: Path, cell: str, told: str) -> None:
    path = write(tmp_path, f'UNITID,INSTNM,CITY\n1,{cell},"Rome"\n2,Two,"Oslo"\n')

    assert [row["name"] for row in read(path)] == [told, "Two"]


def test_a_line_break_inside_a_quoted_cell_belongs_to_the_cell(tmp_path: Path) -> None:
    path = write(tmp_path, 'UNITID,INSTNM\n1,"One\nCollege"\n2,Two\n')

    assert [(row["line"], row["name"]) for row in read(path)] == [(3, "One\nCollege"), (4, "Two")]


def test_a_quote_left_open_costs_its_row_and_none_that_follow(tmp_path: Path) -> None:
    path = write(tmp_path, 'UNITID,INSTNM\n1,"One\n2,"Two"\n3,Three\n')

    rows, [remark] = read_with_remarks(path)

    assert [row["unitid"] for row in rows] == [2, 3]
    assert "some.csv, line 2" in remark


@pytest.mark.parametrize("end", ["3", '3,"Thr'])
def test_a_file_that_ends_inside_of_a_row_is_refused(tmp_path: Path, end: str) -> None:
    path = write(tmp_path, f"UNITID,INSTNM\n1,One\n2,Two\n{end}")

    assert "some.csv, line 4: the file is cut off" in complaint_of(path)


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n\n1,One\n\n")

    assert len(read(path)) == 1


def test_a_cut_gzip_is_refused_before_its_first_row_is_used(tmp_path: Path) -> None:
    whole = gzip.compress(b"UNITID,INSTNM\n" + b"1,One\n" * 1000)
    path = write(tmp_path, whole[: len(whole) // 2], "some.csv.gz")

    with pytest.raises(ImportFileError, match=r"some\.csv\.gz, after line \d+: the packed data is"):
        check_file(path)


def test_a_damaged_gzip_is_refused(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(b"UNITID,INSTNM\n1,One\n"))
    whole[-6] ^= 0xFF  # in the checksum

    with pytest.raises(ImportFileError, match="truncated or damaged"):
        check_file(write(tmp_path, bytes(whole)))


def test_a_nul_byte_is_refused_by_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, b"UNITID,INSTNM\n1,O\x00ne\n")

    with pytest.raises(ImportFileError, match="line 2: a NUL byte"):
        check_file(path)


def test_utf_16_is_read_where_it_is_marked(tmp_path: Path) -> None:
    table = "UNITID\tINSTNM\n1\tOświęcim\n"

    assert read(write(tmp_path, table.encode("utf-16")))[0]["name"] == "Oświęcim"
    with pytest.raises(ImportFileError, match="not UTF-8"):
        check_file(write(tmp_path, table.encode("utf-16-le")))


def test_what_r_writes_for_a_missing_value_is_one(tmp_path: Path) -> None:
    columns = (COLUMNS[0], Column("PAY", "pay", parse_amount))
    path = write(tmp_path, "UNITID,PAY\n1,NA\n2,5\n3,NULNULL\n")

    rows, [remark] = read_with_remarks(path, columns)

    assert [row["pay"] for row in rows] == [None, 5]
    assert "line 4, column PAY: 'NULNULL' cannot be read" in remark


def zipped(folder: Path, **members: bytes) -> Path:
    path = folder / "some.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def some_workbook(folder: Path) -> Path:
    path = folder / "some.xlsx"
    path.write_bytes(workbook(All=SCHOOLS))
    return path


SCHOOLS = (("UNITID", "INSTNM"), (1, 'One, "1"'))


def test_a_table_is_read_however_it_is_packed(tmp_path: Path) -> None:
    text = b'UNITID,INSTNM\n1,"One, ""1"""\n'
    path = zipped(
        tmp_path,
        **{
            "a.csv": text,
            "folder__b.csv": text,
            "__MACOSX__._a.csv": b"x",
            "c.csv.gz": gzip.compress(text),
            "d.txt": text.replace(b",", b"\t", 1).replace(b"1,", b"1\t", 1),
            "e.xlsx": some_workbook(tmp_path).read_bytes(),
        },
    )

    packed = list_packed(path)

    assert [one.name for one in packed] == [
        f"some.zip/{name}" for name in ("a.csv", "c.csv.gz", "d.txt", "e.xlsx", "folder/b.csv")
    ]
    for one in [*packed, Packed(some_workbook(tmp_path))]:
        assert list(read_rows(check_file(one), COLUMNS)) == [
            {"line": 2, "unitid": 1, "name": 'One, "1"'}
        ]


def test_the_sheet_of_a_workbook_is_chosen_by_its_columns_below_its_title(tmp_path: Path) -> None:
    first = (("Table", "What"), *SCHOOLS[1:])
    path = tmp_path / "two.xlsx"
    path.write_bytes(workbook(All=first, Table=(("Schools",), *SCHOOLS)))

    file = check_file(path, is_wanted=lambda header: "UNITID" in header)

    assert [row["name"] for row in read_rows(file, COLUMNS)] == ['One, "1"']
    assert read_header(check_file(path, is_wanted=lambda header: False)) == ["TABLE", "WHAT"]


def test_a_zip_that_holds_too_much_or_is_damaged_is_refused(tmp_path: Path) -> None:
    many = zipped(tmp_path, **{f"{n}.csv": b"x" for n in range(MAX_MEMBERS + 1)})
    with pytest.raises(ImportFileError, match="files in one zip"):
        list_packed(many)

    whole = zipped(tmp_path, **{"a.csv": b"UNITID,INSTNM\n" + os.urandom(5000).hex().encode()})
    for content, said in (
        (whole.read_bytes()[:-40], "truncated or damaged"),
        (whole.read_bytes().replace(whole.read_bytes()[60:90], bytes(30)), "truncated or damaged"),
    ):
        path = write(tmp_path, content, "other.zip")
        with pytest.raises(ImportFileError, match=said):
            check_file(list_packed(path)[0])
    with pytest.raises(ImportFileError, match="larger than 1000 bytes"):
        check_file(Packed(whole, "a.csv"), max_plain_bytes=1000)
    inner = zipped(tmp_path, **{"a.csv": b"x"}).read_bytes()
    with pytest.raises(ImportFileError, match="a zip in a zip"):
        check_file(list_packed(zipped(tmp_path, **{"inner.zip": inner}))[0])


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ImportFileError, match=r"some\.csv: the file is empty"):
        check_file(write(tmp_path, content))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="there is no such file"):
        check_file(tmp_path / "none.csv")


def test_the_digest_is_of_the_text_however_it_is_packed(tmp_path: Path) -> None:
    text = b"UNITID,INSTNM\n1,One\n"

    plain = check_file(write(tmp_path, text, "a.csv"))
    packed = check_file(write(tmp_path, gzip.compress(text), "b.csv.gz"))

    assert plain.sha256 == packed.sha256


@pytest.mark.parametrize("cell", ["", " ", ".", ". ", "-1", "-2", "-2     ", "-3"])
def test_a_missing_value_is_no_amount(cell: str) -> None:
    assert parse_amount(cell) is None


@pytest.mark.parametrize(("cell", "amount"), [("0", 0), (" 8610 ", 8610), ("3.42", 3.42)])
def test_an_amount_is_a_number_and_zero_is_one(cell: str, amount: float) -> None:
    assert parse_amount(cell) == amount


@pytest.mark.parametrize("cell", ["-4", "-99999", "*", "#", "PS", "nan", "inf", "1e400", "$5"])
def test_what_is_neither_an_amount_nor_a_known_gap_is_refused(cell: str) -> None:
    with pytest.raises(ValueError):
        parse_amount(cell)


@pytest.mark.parametrize("cell", ["", ".", "-1", "1.5", "²", "*"])
def test_a_count_is_never_guessed(cell: str) -> None:
    with pytest.raises(ValueError):
        parse_count(cell)


@pytest.mark.parametrize(
    ("flag", "status"),
    [
        ("R", ValueStatus.REPORTED),
        ("C", ValueStatus.REPORTED),
        ("A", ValueStatus.NOT_APPLICABLE),
        ("Y", ValueStatus.NOT_APPLICABLE),
        ("B", ValueStatus.NOT_REPORTED),
        ("P", ValueStatus.IMPUTED),
        ("N", ValueStatus.IMPUTED),
        ("Z", ValueStatus.IMPUTED),
        (" r ", ValueStatus.REPORTED),
    ],
)
def test_a_flag_tells_how_the_amount_beside_it_stands(flag: str, status: ValueStatus) -> None:
    assert parse_flag(flag) is status


@pytest.mark.parametrize("flag", ["", "X", "RR"])
def test_an_unknown_flag_is_refused(flag: str) -> None:
    with pytest.raises(KeyError):
        parse_flag(flag)


@pytest.mark.parametrize(
    ("status", "amount", "settled"),
    [
        (ValueStatus.REPORTED, 0.0, (0.0, ValueStatus.REPORTED)),
        (ValueStatus.IMPUTED, 5.0, (5.0, ValueStatus.IMPUTED)),
        (ValueStatus.NOT_APPLICABLE, None, (None, ValueStatus.NOT_APPLICABLE)),
        (ValueStatus.NOT_APPLICABLE, 0.0, (None, ValueStatus.NOT_APPLICABLE)),
        (ValueStatus.NOT_REPORTED, 0.0, (None, ValueStatus.NOT_REPORTED)),
        (ValueStatus.REPORTED, None, (None, ValueStatus.NOT_REPORTED)),
    ],
)
def test_a_missing_amount_never_reads_as_free(
    status: ValueStatus, amount: float | None, settled: tuple[float | None, ValueStatus]
) -> None:
    assert flagged_value(status, amount) == settled
