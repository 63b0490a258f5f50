"""Read public CSV files: plain or gzip, UTF-8 with or without BOM, or Latin-1; streaming.

A file is checked whole (compression, encoding, digest) before its first row is used, and
a bad cell names file, line, column and value.
"""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import IO

from app.domain.vocabulary import ValueStatus
from app.errors import ImportFileError

MAX_COMPLAINTS = 20
MAX_PLAIN_BYTES = 4_000_000_000
"""Decompressed size above which a file is refused, against compression bombs."""

MAX_LINES = 100_000_000
"""Lines above which a file is refused."""

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
    print above it.
    """

    printed: str
    name: str
    parse: Callable[[str], object] = as_printed
    required: bool = True
    also: tuple[str, ...] = ()

    def found_in(self, header: Sequence[str]) -> str | None:
        """Return its name in a header of upper-case names; None: it is absent."""
        return next((n for n in (self.printed, *self.also) if n.upper() in header), None)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that is whole and readable."""

    path: Path
    encoding: str
    sha256: str
    is_gzip: bool

    def open(self) -> IO[str]:
        """Open for reading text, newlines untouched."""
        binary = gzip.open(self.path, "rb") if self.is_gzip else self.path.open("rb")  # noqa: SIM115
        return io.TextIOWrapper(binary, encoding=self.encoding, newline="")


def check_file(
    path: Path, *, max_plain_bytes: int = MAX_PLAIN_BYTES, max_lines: int = MAX_LINES
) -> CheckedFile:
    """Read a file once to its end, without keeping it, and return how to read it.

    Raises:
        ImportFileError: Missing, empty, too large, a truncated or damaged gzip, or neither UTF-8
            nor Latin-1 text (NUL bytes, UTF-16).
    """
    if not path.is_file():
        raise ImportFileError([f"{path.name}: there is no such file ({path})."])
    digest = hashlib.sha256()
    with path.open("rb") as raw:
        is_gzip = raw.read(2) == b"\x1f\x8b"
    is_utf8, size, tail, lines = True, 0, b"", 0
    try:
        with gzip.open(path, "rb") if is_gzip else path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                size += len(chunk)
                digest.update(chunk)
                if size > max_plain_bytes:
                    raise ImportFileError(
                        [f"{path.name}: larger than {max_plain_bytes} bytes when unpacked."]
                    )
                if b"\x00" in chunk:
                    line = lines + chunk[: chunk.index(b"\x00")].count(b"\n") + 1
                    raise ImportFileError(
                        [f"{path.name}, line {line}: a NUL byte; not UTF-8 or Latin-1 text."]
                    )
                lines += chunk.count(b"\n")
                if lines > max_lines:
                    raise ImportFileError([f"{path.name}: more than {max_lines} lines."])
                if is_utf8:
                    try:
                        (tail + chunk).decode("utf-8")
                        tail = b""
                    except UnicodeDecodeError as error:
                        rest = (tail + chunk)[error.start :]
                        is_utf8 = error.reason == "unexpected end of data" and len(rest) < 4
                        tail = rest
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ImportFileError(
            [f"{path.name}, after line {lines}: the gzip data is truncated or damaged ({error})."]
        ) from error
    if size == 0:
        raise ImportFileError([f"{path.name}: the file is empty."])
    encoding = "utf-8-sig" if is_utf8 and not tail else "latin-1"
    return CheckedFile(path, encoding, digest.hexdigest(), is_gzip)


def read_rows(
    file: CheckedFile,
    columns: tuple[Column, ...],
    *,
    only: tuple[Column, Callable[[str], bool]] | None = None,
    progress: Progress | None = None,
    strict: bool = True,
) -> Iterator[Row]:
    """Yield one dict a row, keyed by our column names, plus ``line`` (1 is the header).

    Header cells match whatever their case and surrounding blanks; one empty cell too many at the
    end of a row is dropped. ``only`` is one of the columns and a test of its raw cell; other
    rows are passed over unread. Not ``strict`` takes a quote that stands bare inside a quoted
    cell as it is, where a publisher wrote one.

    Raises:
        ImportFileError: A column is missing or doubled, a row has another number of cells,
            or cells cannot be read: at most ``MAX_COMPLAINTS`` of them are named.
    """
    complaints: list[str] = []
    with file.open() as text:
        reader = csv.reader(text, strict=strict)
        try:
            header = [cell.strip().upper() for cell in next(reader)]
            places = _find_columns(file.path.name, header, columns)
            only_at = next((at for column, _, at in places if only and column is only[0]), None)
            for count, cells in enumerate(reader, start=1):
                if progress and count % 5000 == 0:
                    progress(5000)
                if not cells:
                    continue
                if len(cells) == len(header) + 1 and not cells[-1]:
                    cells.pop()  # IC2021_PY ends every row, but not its header, with a comma
                if len(cells) != len(header):
                    complaints.append(
                        f"{file.path.name}, line {reader.line_num}: {len(cells)} cells where the "
                        f"header has {len(header)}; the row begins {','.join(cells)[:60]!r}."
                    )
                elif only is None or only_at is None or only[1](cells[only_at]):
                    row: Row = {"line": reader.line_num}
                    for column, printed, place in places:
                        cell = "" if place is None else cells[place]
                        try:
                            row[column.name] = column.parse(cell) if place is not None else ""
                        except (ValueError, KeyError) as error:
                            why = error if isinstance(error, ValueError) else "not a known code"
                            complaints.append(
                                f"{file.path.name}, line {reader.line_num}, column "
                                f"{printed}: {cell!r} cannot be read: {why}."
                            )
                    if not complaints:
                        yield row
                if len(complaints) >= MAX_COMPLAINTS:
                    break
        except csv.Error as error:
            complaints.append(f"{file.path.name}, line {reader.line_num}: {error}.")
        except StopIteration:
            complaints.append(f"{file.path.name}: the file has no header.")
    if complaints:
        raise ImportFileError(complaints)


def find_absent(file: CheckedFile, columns: tuple[Column, ...]) -> list[str]:
    """Return the printed names of columns that a file does not have."""
    with file.open() as text:
        header = [cell.strip().upper() for cell in next(csv.reader(text), [])]
    return [column.printed for column in columns if column.found_in(header) is None]


def _find_columns(
    file_name: str, header: list[str], columns: tuple[Column, ...]
) -> list[tuple[Column, str, int | None]]:
    """Return each column with its name in the header, and its place there."""
    places: list[tuple[Column, str, int | None]] = []
    complaints = []
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
    known = status if isinstance(status, ValueStatus) else ValueStatus.REPORTED
    if known in {ValueStatus.NOT_APPLICABLE, ValueStatus.NOT_REPORTED}:
        return None, known
    if amount is None or amount == "":
        return None, ValueStatus.NOT_REPORTED
    return float(str(amount)), known
