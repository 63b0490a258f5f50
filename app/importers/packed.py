"""Files as publishers pack them: plain, gzip, members of a zip, and workbooks of a spreadsheet.

Nothing is unpacked to a place that a name in an archive could choose, and nothing without a bound.
"""

import csv
import gzip
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from python_calamine import CalamineError, CalamineWorkbook

from app.errors import ImportFileError

MAX_PLAIN_BYTES = 4_000_000_000
"""Unpacked size above which a file is refused, against compression bombs."""

MAX_MEMBERS = 500
"""Files in a zip above which it is refused."""

MAX_SHEET_BYTES = 1_000_000_000
"""Unpacked size above which a workbook is refused: its sheets are held in memory."""

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
WORKBOOK = "xl/workbook.xml"
"""Member by which a zip is known as a workbook."""


@dataclass(frozen=True, slots=True)
class Packed:
    """One file, or one member of a zip."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """What reports call it: "HD2023.zip/hd2023_rv.csv"."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @property
    def file_name(self) -> str:
        """The name it was published under, without folders.

        Of a member that is called as its zip but for the day of the release, that of the zip.
        """
        if self.member is None:
            return self.path.name
        member = PurePosixPath(self.member)
        if re.fullmatch(rf"{re.escape(member.stem)}_\d{{8}}", self.path.stem, re.IGNORECASE):
            return f"{self.path.stem}{member.suffix}"
        return member.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open what lies in it for reading; gzip is told by its content."""
        with self._raw() as raw:
            is_gzip = raw.read(2) == GZIP
        with self._raw() as raw:
            if is_gzip:
                with gzip.GzipFile(fileobj=raw) as plain:
                    yield cast("IO[bytes]", plain)
            else:
                yield raw

    @contextmanager
    def _raw(self) -> Iterator[IO[bytes]]:
        if self.member is None:
            with self.path.open("rb") as raw:
                yield raw
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as member:
            yield member


def list_packed(path: Path) -> list[Packed]:
    """Return what lies in a file: itself, or the members of a zip by name.

    Raises:
        ImportFileError: A damaged or encrypted zip, or one that holds too much.
    """
    with path.open("rb") as raw:
        if raw.read(4) != ZIP:
            return [Packed(path)]
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise ImportFileError([f"{path.name}: the zip is truncated or damaged ({error})."]) from (
            error
        )
    if any(one.filename == WORKBOOK for one in members):
        return [Packed(path)]
    if len(members) > MAX_MEMBERS:
        raise ImportFileError([f"{path.name}: more than {MAX_MEMBERS} files in one zip."])
    if sum(one.file_size for one in members) > MAX_PLAIN_BYTES:
        raise ImportFileError([f"{path.name}: larger than {MAX_PLAIN_BYTES} bytes when unpacked."])
    if any(one.flag_bits & 1 for one in members):
        raise ImportFileError([f"{path.name}: the zip is encrypted."])
    names = sorted(one.filename for one in members)
    return [Packed(path, name) for name in names if not _is_hidden(name)]


def list_beside(packed: Packed) -> list[Packed]:
    """Return the members of the zip that a member lies in, or the files of a file's folder.

    Raises:
        ImportFileError: As ``list_packed``.
    """
    if packed.member is not None:
        return list_packed(packed.path)
    return [Packed(path) for path in sorted(packed.path.parent.iterdir()) if path.is_file()]


def _is_hidden(member: str) -> bool:
    """Return whether a member is what an operating system adds, such as "__MACOSX/._a.csv"."""
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(member).parts)


def to_csv(packed: Packed, is_wanted: Callable[[list[str]], bool]) -> IO[bytes] | None:
    """Return a sheet of a workbook as CSV in a temporary file; None: it is no workbook.

    It is the first with a header that ``is_wanted``, names of columns in upper case, else the
    first. Titles above a header are left out, whole numbers written without a point and days as
    in "2024-06-30".

    Raises:
        ImportFileError: A damaged workbook, or one that is too large.
    """
    with packed.open() as raw:
        if raw.read(4) != ZIP:
            return None
    with packed.open() as raw, tempfile.TemporaryFile() as whole:
        while chunk := raw.read(1 << 20):
            whole.write(chunk)
            if whole.tell() > MAX_SHEET_BYTES:
                raise ImportFileError([f"{packed.name}: larger than {MAX_SHEET_BYTES} bytes."])
        try:
            with zipfile.ZipFile(whole) as archive:
                if WORKBOOK not in archive.namelist():
                    raise ImportFileError([f"{packed.name}: a zip in a zip is not opened."])
                if sum(one.file_size for one in archive.infolist()) > MAX_SHEET_BYTES:
                    raise ImportFileError(
                        [f"{packed.name}: larger than {MAX_SHEET_BYTES} bytes when unpacked."]
                    )
            whole.seek(0)
            rows = _find_sheet(CalamineWorkbook.from_filelike(whole), is_wanted)
        except (CalamineError, zipfile.BadZipFile) as error:
            raise ImportFileError(
                [f"{packed.name}: the workbook is truncated or damaged ({error})."]
            ) from error
        written = tempfile.NamedTemporaryFile(suffix=".csv")  # noqa: SIM115 - as long as its reader
        text = io.TextIOWrapper(written, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        for row in rows:
            writer.writerow([_to_text(cell) for cell in row])
        text.flush()
        text.detach()
    return written


def _find_sheet(
    workbook: CalamineWorkbook, is_wanted: Callable[[list[str]], bool]
) -> Iterable[list[Any]]:
    """Return the rows of the first sheet that is wanted, else of the first, from its header on."""
    first: Iterable[list[Any]] = ()
    for number in range(len(workbook.sheet_names)):
        rows = iter(workbook.get_sheet_by_index(number).iter_rows())
        header = next((row for row in rows if sum(cell != "" for cell in row) > 1), [])
        names = [" ".join(_to_text(cell).upper().split()) for cell in header]
        if is_wanted(names):
            return chain([header], rows)
        if number == 0:
            first = chain([header], rows)
    return first


def _to_text(cell: Any) -> str:
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
