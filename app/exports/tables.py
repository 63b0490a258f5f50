"""A table to take away: as CSV, and as a workbook for Excel, LibreOffice or Google Sheets."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import xlsxwriter  # type: ignore[import-untyped]

from app.exports.cells import to_line

Row = Sequence[str | int | float | None]


@dataclass(frozen=True, slots=True)
class Table:
    """A head and rows, with what they are of.

    Amounts are numbers where there is one; None is an empty cell. ``widths`` are those of the
    columns, in characters, ``still`` is how many of them stay in view. ``about`` tells of the
    table in pairs.
    """

    title: str
    head: Row
    rows: Sequence[Row]
    widths: Sequence[int]
    still: int
    about: Sequence[Row] = field(default_factory=list)


def to_csv(table: Table) -> str:
    """Return a table as CSV; no cell is one that a spreadsheet would run."""
    return "".join(map(to_line, [table.head, *table.rows]))


def to_xlsx(table: Table) -> bytes:
    """Return a table as a workbook: its rows, and on a second sheet what they are of."""
    buffer = io.BytesIO()
    # a text stays a text, whatever it looks like: neither a formula nor a link is made of it
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(table.title)
        sheet.write_row(0, 0, table.head, bold)
        for at, row in enumerate(table.rows, 1):
            sheet.write_row(at, 0, row, wrapped)
        for at, width in enumerate(table.widths):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, table.still)
        about = book.add_worksheet("About")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 80)
        for at, row in enumerate(table.about):
            about.write_row(at, 0, row, wrapped)
    return buffer.getvalue()
