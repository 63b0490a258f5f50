"""A comparison as a table: a fact a row, and of each program its value and who says so."""

from collections.abc import Iterator

from app.domain.vocabulary import CellStatus, in_words
from app.exports.tables import Row, Table
from app.schemas.comparison import ComparisonRead, RowRead, ValueRead

WIDTHS = {"section": 18, "fact": 34, "value": 34, "said": 40, "verdict": 16}
"""Width of the columns of a sheet, in characters."""


def table_of(comparison: ComparisonRead) -> Table:
    """Return a comparison, a row a fact.

    Amounts are numbers where there is one, else words; what is not known says so.
    """
    names = {one.program: f"{one.institution}: {one.name}" for one in comparison.checklists}
    head = ["Section", "Fact", "Unit"]
    for slug in comparison.programs:
        head += [names[slug], f"Who says so: {names[slug]}"]
    pairs = [WIDTHS["value"], WIDTHS["said"]] * len(comparison.programs)
    return Table(
        title="Comparison",
        head=[*head, "Verdict", "Better"],
        rows=[
            [
                in_words(row.section).capitalize(),
                str(row.label),
                row.unit,
                *_sides(row),
                in_words(row.verdict),
                "; ".join(names[slug] for slug in row.best),
            ]
            for row in comparison.rows
        ],
        widths=[
            *(WIDTHS["section"], WIDTHS["fact"], WIDTHS["verdict"]),
            *(*pairs, WIDTHS["verdict"], WIDTHS["value"]),
        ],
        still=2,
        about=list(_about(comparison)),
    )


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


def _about(comparison: ComparisonRead) -> Iterator[Row]:
    yield ["As known on", str(comparison.as_of)]
    yield ["Release", comparison.release]
    yield ["Checklist", comparison.rubric]
    for slug, whom in (comparison.for_whom or {}).items():
        yield [f"Prices: {slug}", str(whom)]
    if not comparison.for_whom:
        yield ["Prices for", in_words(comparison.residency or "")]
    yield ["Note", str(comparison.note)]
