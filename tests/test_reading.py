"""Public files as they come: damaged, differently encoded, with headers and cells of every sort."""

import gzip
from pathlib import Path

import pytest

from app.domain.vocabulary import ValueStatus
from app.errors import ImportFileError
from app.importers.reading import (
    MAX_COMPLAINTS,
    Column,
    Row,
    check_file,
    find_absent,
    flagged_value,
    parse_amount,
    parse_count,
    parse_flag,
    read_rows,
)

COLUMNS = (Column("UNITID", "unitid", int), Column("INSTNM", "name"))


def write(folder: Path, content: bytes | str, name: str = "some.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, columns: tuple[Column, ...] = COLUMNS) -> list[Row]:
    return list(read_rows(check_file(path), columns))


def complaint_of(path: Path, columns: tuple[Column, ...] = COLUMNS) -> str:
    with pytest.raises(ImportFileError) as caught:
        read(path, columns)
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


def test_latin_1_is_read_where_the_file_is_not_utf_8(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n1,Cañada\n".encode("latin-1"))

    assert check_file(path).encoding == "latin-1"
    assert read(path)[0]["name"] == "Cañada"


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

    with pytest.raises(ImportFileError, match=r"line 3, column PayPlan: 'x' cannot be read"):
        read(path, columns)
    assert find_absent(check_file(path), columns) == []


def test_a_bad_cell_is_named_by_file_line_column_and_value(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n1,One\nabc,Two\n")

    assert complaint_of(path).startswith("some.csv, line 3, column UNITID: 'abc' cannot be read: ")


def test_all_bad_cells_are_named_up_to_a_limit(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n" + "abc,One\n" * (MAX_COMPLAINTS + 5))

    assert len(complaint_of(path).splitlines()) == MAX_COMPLAINTS


def test_no_row_is_handed_out_after_a_bad_cell(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\nabc,One\n2,Two\n")
    seen = []

    with pytest.raises(ImportFileError):
        seen.extend(read_rows(check_file(path), COLUMNS))

    assert seen == []


@pytest.mark.parametrize("row", ["1", "1,One,more", "1,One,,"])
def test_a_row_with_another_number_of_cells_is_refused(tmp_path: Path, row: str) -> None:
    path = write(tmp_path, f"UNITID,INSTNM\n{row}\n")

    assert f"some.csv, line 2: {row.count(',') + 1} cells where the header has 2" in complaint_of(
        path
    )


def test_one_empty_cell_too_many_at_the_end_of_a_row_is_dropped(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM \n1,One,\n2,Two,\n")

    assert [row["name"] for row in read(path)] == ["One", "Two"]


def test_a_line_break_inside_a_quoted_cell_belongs_to_the_cell(tmp_path: Path) -> None:
    path = write(tmp_path, 'UNITID,INSTNM\n1,"One\nCollege"\n2,Two\n')

    assert [(row["line"], row["name"]) for row in read(path)] == [(3, "One\nCollege"), (4, "Two")]


def test_a_quote_left_open_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, 'UNITID,INSTNM\n1,"One\n2,Two\n')

    assert "unexpected end of data" in complaint_of(path)


def test_empty_lines_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n\n1,One\n\n")

    assert len(read(path)) == 1


def test_a_cut_gzip_is_refused_before_its_first_row_is_used(tmp_path: Path) -> None:
    whole = gzip.compress(b"UNITID,INSTNM\n" + b"1,One\n" * 1000)
    path = write(tmp_path, whole[: len(whole) // 2], "some.csv.gz")

    with pytest.raises(ImportFileError, match=r"some\.csv\.gz, after line \d+: the gzip data is"):
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


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_utf_16_is_refused(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "UNITID,INSTNM\n1,One\n".encode(encoding))

    with pytest.raises(ImportFileError, match="not UTF-8 or Latin-1 text"):
        check_file(path)


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
