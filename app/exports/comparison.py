"""A comparison as a table: a fact a row, and of each program its value and who says so."""

import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from app.domain.vocabulary import CellStatus, in_words
from app.exports.programs import to_line
from app.schemas.comparison import ComparisonRead, RowRead, ValueRead

Row = list[str | int | float | None]

WIDTHS = {"section": 18, "fact": 34, "value": 34, "said": 40, "verdict": 16}
"""Width of the columns of a sheet, in characters."""


def table_of(comparison: ComparisonRead) -> Iterator[Row]:
    """Yield the head, then a row for each fact.

    Amounts are numbers where there is one, else words; what is not known says so.
    """
    names = {one.program: f"{one.institution}: {one.name}" for one in comparison.checklists}
    head: Row = ["Section", "Fact", "Unit"]
    for slug in comparison.programs:
        head += [names[slug], f"Who says so: {names[slug]}"]
    yield [*head, "Verdict", "Better"]
    for row in comparison.rows:
        yield [
            in_words(row.section).capitalize(),
            str(row.label),
            row.unit,
            *_sides(row),
            in_words(row.verdict),
            "; ".join(names[slug] for slug in row.best),
        ]


def _sides(row: RowRead) -> Row:
    return [cell for value in row.values for cell in (_value(value), _said(value))]


def _value(value: ValueRead) -> str | int | float | None:
    is_amount = isinstance(value.value, int | float) and not isinstance(value.value, bool)
    if is_amount and value.status is CellStatus.KNOWN:
        return value.value  # type: ignore[return-value]
    return str(value.display)


def _said(value: ValueRead) -> str:
    return "; ".join(
        f"{one.source_url or one.source} ({one.as_of or 'undated'})" for one in value.evidence
    )


def to_csv(comparison: ComparisonRead) -> str:
    """Return a comparison as CSV; no cell is one that a spreadsheet would run."""
    return "".join(map(to_line, table_of(comparison)))


def to_xlsx(comparison: ComparisonRead) -> bytes:
    """Return a comparison as a workbook: the facts, and how they were taken."""
    buffer = io.BytesIO()
    # a text stays a text, whatever it looks like: neither a formula nor a link is made of it
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Comparison")
        for at, row in enumerate(table_of(comparison)):
            sheet.write_row(at, 0, row, wrapped if at else bold)
        pairs = [WIDTHS["value"], WIDTHS["said"]] * len(comparison.programs)
        widths = [WIDTHS["section"], WIDTHS["fact"], WIDTHS["verdict"], *pairs]
        for at, width in enumerate([*widths, WIDTHS["verdict"], WIDTHS["value"]]):
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 2)
        about = book.add_worksheet("About")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 80)
        for at, (name, told) in enumerate(_about(comparison)):
            about.write_row(at, 0, [name, told], wrapped)
    return buffer.getvalue()


def _about(comparison: ComparisonRead) -> Iterator[tuple[str, Any]]:
    yield "As known on", str(comparison.as_of)
    yield "Release", comparison.release
    yield "Checklist", comparison.rubric
    for slug, whom in (comparison.for_whom or {}).items():
        yield f"Prices: {slug}", str(whom)
    if not comparison.for_whom:
        yield "Prices for", in_words(comparison.residency or "")
    yield "Note", str(comparison.note)
