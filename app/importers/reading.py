"""Read public tables: text parted by commas or tabs, plain or packed, or a workbook; streaming.

Text is UTF-8, with or without its mark, or else Windows-1252. A file is checked whole (packing,
encoding, digest) before its first row is used. A cell that cannot be read costs its row, named by
file, line, column and value; a wrong header or encoding, or damage, refuses the file.
"""

import codecs
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import IO, TypeVar

from app.domain.vocabulary import ValueStatus
from app.errors import ImportFileError
from app.importers.csv_records import Records, find_delimiter
from app.importers.odd_cells import MAX_COMPLAINTS, SOON, OddCells
from app.importers.packed import MAX_PLAIN_BYTES, ZIP, Packed, to_csv

MAX_LINES = 100_000_000
"""Lines above which a file is refused."""

MISSING_IN_R = "NA"
"""What R writes for a missing value in whatever column."""

Row = dict[str, object]
Progress = Callable[[int], None]


def as_printed(text: str) -> str:
    """Return a cell without its surrounding blanks."""
    return text.strip()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a public file: its printed name, our name, and how to read a cell.

    ``parse`` raises ValueError for a cell that cannot be read. A column that is not required
    may be absent from the file; its cells are then empty text. ``also`` lists what other editions
    print above it. A cell of a column that ``spares_row`` reads as None where it cannot be read,
    and the rest of its row stays.
    """

    printed: str
    name: str
    parse: Callable[[str], object] = as_printed
    required: bool = True
    also: tuple[str, ...] = ()
    spares_row: bool = False

    def found_in(self, header: Sequence[str]) -> str | None:
        """Return its name in a header of upper-case names; None: it is absent."""
        return next((n for n in (self.printed, *self.also) if n.upper() in header), None)


@dataclass(slots=True)
class CheckedFile:
    """A file that is whole and readable.

    ``converted`` is the text that was made of a workbook, ``odd`` what could not be read of its
    rows; strictly, one cell that cannot be read refuses the file.
    """

    packed: Packed
    encoding: str
    sha256: str
    delimiter: str
    has_controls: bool = False
    strict: bool = False
    converted: IO[bytes] | None = None
    odd: OddCells = field(init=False)

    def __post_init__(self) -> None:
        self.odd = OddCells(self.name)

    @property
    def path(self) -> Path:
        """The file itself, or the zip that it lies in."""
        return self.packed.path

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.packed.name

    @contextmanager
    def open(self) -> Iterator[IO[str]]:
        """Open for reading text, newlines untouched."""
        with (
            _open(self.packed, self.converted) as binary,
            io.TextIOWrapper(binary, encoding=self.encoding, newline="") as text,
        ):
            yield text

    @contextmanager
    def records(self) -> Iterator[Records]:
        """Open for reading the rows of a table."""
        with self.open() as text:
            lines = (line.translate(WINDOWS_1252) for line in text) if self.has_controls else text
            yield Records(lines, self.delimiter)


WINDOWS_1252 = {
    code: bytes([code]).decode("windows-1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""C1 control -> letter that Windows has in its place: publishers mean the letter."""

NOT_WINDOWS_1252 = re.compile(rb"[\x00\x81\x8d\x8f\x90\x9d]")
CONTROLS_IN_UTF8 = re.compile(rb"\xc2[\x80-\x9f]")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def check_file(
    path: Path | Packed,
    *,
    max_plain_bytes: int = MAX_PLAIN_BYTES,
    max_lines: int = MAX_LINES,
    strict: bool = False,
    is_wanted: Callable[[list[str]], bool] = bool,
) -> CheckedFile:
    """Read a file once to its end, without keeping it, and return how to read it.

    ``is_wanted`` chooses among the sheets of a workbook by their headers in upper case.

    Raises:
        ImportFileError: Missing, empty, too large, truncated or damaged, or neither UTF-8, nor
            Windows-1252, nor UTF-16 with its mark.
    """
    packed = path if isinstance(path, Packed) else Packed(path)
    name = packed.name
    if not packed.path.is_file():
        raise ImportFileError([f"{name}: there is no such file ({packed.path})."])
    digest = hashlib.sha256()
    text = codecs.getincrementaldecoder("utf-8")()
    encoding, size, lines, has_controls, last = "utf-8-sig", 0, 0, False, b""
    odd_line: int | None = None
    try:
        converted = to_csv(packed, is_wanted)
        with _open(packed, converted) as stream:
            while chunk := stream.read(1 << 20):
                if size == 0 and chunk.startswith(UTF_16):
                    encoding, text = "utf-16", codecs.getincrementaldecoder("utf-16")()
                size += len(chunk)
                digest.update(chunk)
                if size > max_plain_bytes:
                    raise ImportFileError(
                        [f"{name}: larger than {max_plain_bytes} bytes when unpacked."]
                    )
                if encoding != "utf-16":
                    has_controls |= CONTROLS_IN_UTF8.search(last + chunk) is not None
                    last = chunk[-1:]
                    if odd_line is None and (odd := NOT_WINDOWS_1252.search(chunk)):
                        odd_line = lines + chunk[: odd.start()].count(b"\n") + 1
                        if odd[0] == b"\x00":
                            raise ImportFileError(
                                [f"{name}, line {odd_line}: a NUL byte; {NO_TEXT}."]
                            )
                if encoding != "windows-1252":
                    try:
                        text.decode(chunk)
                    except UnicodeDecodeError:
                        encoding = _other(encoding, name, lines + 1)
                lines += chunk.count(b"\n")
                if lines > max_lines:
                    raise ImportFileError([f"{name}: more than {max_lines} lines."])
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise ImportFileError(
            [f"{name}, after line {lines}: the packed data is truncated or damaged ({error})."]
        ) from error
    if size == 0:
        raise ImportFileError([f"{name}: the file is empty."])
    if encoding != "windows-1252":
        try:
            text.decode(b"", final=True)
        except UnicodeDecodeError:
            encoding = _other(encoding, name, lines + 1)
    if encoding == "windows-1252" and odd_line is not None:
        raise ImportFileError([f"{name}, line {odd_line}: {NO_TEXT}."])
    file = CheckedFile(
        packed,
        encoding,
        digest.hexdigest(),
        delimiter=",",
        has_controls=has_controls and encoding == "utf-8-sig",
        strict=strict,
        converted=converted,
    )
    with file.open() as plain:
        file.delimiter = find_delimiter(plain.readline(MAX_HEADER))
    return file


def _open(packed: Packed, converted: IO[bytes] | None) -> AbstractContextManager[IO[bytes]]:
    return Packed(Path(converted.name)).open() if converted else packed.open()


def _other(encoding: str, name: str, line: int) -> str:
    """Return what a file is written in that is no UTF-8.

    Raises:
        ImportFileError: It begins as UTF-16 and is none.
    """
    if encoding == "utf-16":
        raise ImportFileError([f"{name}, line {line}: {NO_TEXT}."])
    return "windows-1252"


NO_TEXT = "not UTF-8, Windows-1252 or marked UTF-16 text"
MAX_HEADER = 1_000_000
"""Characters of the longest header; the Scorecard's has 3,306 columns."""


def read_rows(
    file: CheckedFile,
    columns: tuple[Column, ...],
    *,
    only: tuple[Column, Callable[[str], bool]] | None = None,
    progress: Progress | None = None,
) -> Iterator[Row]:
    """Yield one dict a row, keyed by our column names, plus ``line`` (1 is the header).

    Header cells match whatever their case and blanks; empty cells beyond the header are dropped,
    and ``NA`` is an empty cell. ``only`` is one of the columns and a test of its raw cell; other
    rows are passed over unread. A row with a cell that cannot be read is left out and noted in
    ``file.odd``; a column that ``spares_row`` is None then.

    Raises:
        ImportFileError: A column is missing or doubled, the last row is cut off, or most rows
            cannot be read; strictly, as soon as one cannot be: at most ``MAX_COMPLAINTS`` of them
            are named.
    """
    odd, read = file.odd, 0
    with file.records() as records:
        header = [cell.upper() for cell in records.header]
        places = _find_columns(file.name, header, columns)
        only_at = next((at for column, _, at in places if only and column is only[0]), None)
        for count, (line, cells) in enumerate(records, start=1):
            if progress and count % 5000 == 0:
                progress(5000)
            if cells is None:
                read += 1
                odd.note(line, None, records.begins, records.why)
                odd.leave_out(line, records.begins.split(file.delimiter)[0])
                if records.ends_cut:
                    raise ImportFileError(
                        [f"{file.name}, line {line}: the file is cut off in this row."]
                    )
            elif only is None or only_at is None or only[1](cells[only_at]):
                read += 1
                row = _read_row(line, cells, places, odd, strict=file.strict)
                if row is not None and not (file.strict and odd.rows):
                    yield row
            if odd.rows and (file.strict or len(odd.rows) % SOON == 0):
                _refuse(file, read, is_end=False)
    if odd.rows:
        _refuse(file, read, is_end=True)


def _read_row(
    line: int,
    cells: list[str],
    places: list[tuple[Column, str, int | None]],
    odd: OddCells,
    *,
    strict: bool,
) -> Row | None:
    """Return a row by our names, or None where one of its cells cannot be read."""
    row: Row = {"line": line}
    is_whole = True
    for column, printed, place in places:
        if place is None:
            row[column.name] = ""
            continue
        cell = cells[place]
        try:
            row[column.name] = column.parse("" if cell.strip() == MISSING_IN_R else cell)
        except (ValueError, KeyError) as error:
            why = str(error) if isinstance(error, ValueError) else "not a known code"
            spares_row = column.spares_row and not strict
            odd.note(line, printed, cell, why, spares_row=spares_row)
            row[column.name] = None
            is_whole &= spares_row
    if is_whole:
        return row
    odd.leave_out(line, cells[0])
    return None


def _refuse(file: CheckedFile, read: int, *, is_end: bool) -> None:
    """Refuse a file of which too many rows cannot be read; strictly, one is too many.

    Raises:
        ImportFileError: It is refused.
    """
    if not file.strict:
        file.odd.refuse_if_most(read)
    elif is_end or len(file.odd.rows) >= MAX_COMPLAINTS:
        raise ImportFileError(list(file.odd.sentences(became=False)))


def read_header(file: CheckedFile) -> list[str]:
    """Return the names in the header of a table, in upper case."""
    with file.records() as records:
        return [cell.upper() for cell in records.header]


def peek_header(packed: Packed) -> list[str]:
    """Return the names in the header of a text table that was not checked yet, in upper case.

    None of a workbook, nor of a file that cannot be read; that is told when it is checked.
    """
    with suppress(OSError, EOFError, zlib.error, zipfile.BadZipFile), packed.open() as binary:
        head = binary.read(MAX_HEADER)
        if head.startswith(ZIP):
            return []
        encoding = "utf-16" if head.startswith(UTF_16) else "utf-8-sig"
        first = io.StringIO(head.decode(encoding, errors="replace"), newline="").readline()
        records = Records([first], find_delimiter(first))
        return [cell.upper() for cell in records.header]
    return []


def find_absent(file: CheckedFile, columns: tuple[Column, ...]) -> list[str]:
    """Return the printed names of columns that a file does not have."""
    header = read_header(file)
    return [column.printed for column in columns if column.found_in(header) is None]


def _find_columns(
    file_name: str, header: list[str], columns: tuple[Column, ...]
) -> list[tuple[Column, str, int | None]]:
    """Return each column with its name in the header, and its place there."""
    places: list[tuple[Column, str, int | None]] = []
    complaints = []
    if not header:
        raise ImportFileError([f"{file_name}: the file has no header."])
    if header[0].startswith("<"):
        raise ImportFileError([f"{file_name}: a web page, not a table."])
    for column in columns:
        printed = column.found_in(header)
        if printed is not None:
            if header.count(printed.upper()) > 1:
                complaints.append(f"{file_name}, line 1, column {printed}: stands there twice.")
            places.append((column, printed, header.index(printed.upper())))
        elif column.required:
            near = get_close_matches(column.printed.upper(), header, n=1)
            hint = f"; the nearest is {near[0]!r}" if near else ""
            complaints.append(
                f"{file_name}, line 1, column {column.printed}: missing from the header{hint}."
            )
        else:
            places.append((column, column.printed, None))
    if complaints:
        raise ImportFileError(complaints)
    return places


IPEDS_MISSING = {"", ".", "-1", "-2", "-3"}

IPEDS_FLAGS = {  # X columns, e.g. XTUIT2; IPEDS data file documentation, imputation status codes
    "A": ValueStatus.NOT_APPLICABLE,
    "B": ValueStatus.NOT_REPORTED,
    "C": ValueStatus.REPORTED,
    "D": ValueStatus.NOT_REPORTED,
    "G": ValueStatus.IMPUTED,
    "H": ValueStatus.NOT_REPORTED,
    "J": ValueStatus.IMPUTED,
    "K": ValueStatus.IMPUTED,
    "L": ValueStatus.IMPUTED,
    "N": ValueStatus.IMPUTED,
    "P": ValueStatus.IMPUTED,
    "R": ValueStatus.REPORTED,
    "Y": ValueStatus.NOT_APPLICABLE,
    "Z": ValueStatus.IMPUTED,
}


def bare_code(text: str) -> str:
    """Return a code as a dictionary prints it: "03", "3.0" and '"3"' are "3".

    Spreadsheets and some publishers pad codes to a width, or make decimals of them.
    """
    bare = text.strip().strip('"').strip()
    match = re.fullmatch(r"(-?)0*(\d+)(\.0+)?", bare)
    return f"{match[1]}{match[2]}" if match else bare


Meaning = TypeVar("Meaning")


def code_of(meanings: Mapping[str, Meaning]) -> Callable[[str], Meaning]:
    """Return what reads a code of a list, by its number."""

    def parse_code(text: str) -> Meaning:
        return meanings[bare_code(text)]

    return parse_code


def parse_flag(text: str) -> ValueStatus:
    """Return the status of the amount beside an IPEDS X column."""
    return IPEDS_FLAGS[text.strip().upper()]


def parse_amount(text: str) -> float | None:
    """Return a number of at least 0, or None for an IPEDS missing value ("", ".", -1 to -3).

    Raises:
        ValueError: Not a number, not finite, or below -3.
    """
    bare = text.strip()
    if bare in IPEDS_MISSING:
        return None
    number = float(bare)
    if not 0 <= number < 1e12:
        raise ValueError("not a number from 0 up")
    return number


def to_cents(amount: float | None) -> int | None:
    """Return dollars as cents; 17.505 is 1751."""
    if amount is None:
        return None
    return int((Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def parse_count(text: str) -> int:
    """Return a whole number of at least 0; an empty cell is refused, for 0 is a fact here.

    Raises:
        ValueError: Anything else.
    """
    if not text.strip().isascii() or not text.strip().isdigit():
        raise ValueError("not a whole number from 0 up")
    return int(text)


FlaggedValue = tuple[float | None, ValueStatus]
"""A number, or None, and its status."""


def flagged_value(status: object, amount: object) -> FlaggedValue:
    """Return the number and status of a flagged IPEDS cell.

    A flag that says there is a value beside an empty cell gives NOT_REPORTED, and a flag
    that says there is none gives no number, so that a missing price never reads as free.
    """
    if status is None:  # a flag that no dictionary has
        return None, ValueStatus.NOT_REPORTED
    known = status if isinstance(status, ValueStatus) else ValueStatus.REPORTED
    if known in {ValueStatus.NOT_APPLICABLE, ValueStatus.NOT_REPORTED}:
        return None, known
    if amount is None or amount == "":
        return None, ValueStatus.NOT_REPORTED
    return float(str(amount)), known
