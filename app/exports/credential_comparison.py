"""Credentials side by side as a table: a fact a row, and of each its value and who says so."""

from collections.abc import Iterator
from itertools import chain

from app.domain.vocabulary import in_words
from app.exports.tables import Row, Table
from app.schemas.areas import OccupationPay
from app.schemas.credentials import (
    ComparedCredential,
    CredentialComparison,
    CredentialRow,
    StatementRead,
)
from app.schemas.pages import Evidence

NOT_KNOWN = "not known"

Told = tuple[str | float | None, str]
"""A value, and who says so."""


def table_of(now: CredentialComparison) -> Table:
    """Return credentials side by side, a row a fact; what nobody tells is said to be not known."""
    head = ["Fact", "Of whom or what", "Unit"]
    for one in now.credentials:
        head += [one.code, f"Who says so: {one.code}"]
    return Table(
        title="Credentials",
        head=head,
        rows=list(_rows(now)),
        widths=[34, 30, 12, *([34, 40] * len(now.credentials))],
        still=2,
        about=list(_about(now)),
    )


def _rows(now: CredentialComparison) -> Iterator[Row]:
    compared = now.credentials
    yield _row("Name", "", [(one.name, one.page_url or "") for one in compared])
    yield _row("Issuer", "", [(one.issuer_name, "") for one in compared])
    yield _row("Level", "", [(in_words(one.level), "") for one in compared])
    yield _row("About", "", [(in_words(one.focus), "") for one in compared])
    yield _row("Who may sit the exam", "", list(map(_routes, compared)))
    for row in now.rows:
        yield from _of_field(row)
    yield from _pay(compared)
    listed: list[Told] = [(one.programs, one.programs_url) for one in compared]
    yield _row("Programs that say they prepare for it", "", listed)


def _row(fact: str, of: str, sides: list[Told], unit: str = "") -> Row:
    return [fact, of, unit, *chain.from_iterable(sides)]


def _routes(one: ComparedCredential) -> Told:
    ways = [route for route in one.eligibility.any_of if route.decides] if one.eligibility else []
    said = dict.fromkeys(_said(route.evidence) for route in ways)
    return " Or: ".join(route.text for route in ways) or NOT_KNOWN, "; ".join(said)


def _of_field(row: CredentialRow) -> Iterator[Row]:
    """Yield a field, a row for each it differs by, such as members and others."""
    told = [
        {cell.qualifier: cell.current for cell in cells if cell.current} for cells in row.values
    ]
    for qualifier in dict.fromkeys(chain.from_iterable(told)) or [None]:
        found = [statements.get(qualifier) for statements in told]
        unit = next((one.unit for one in found if one and one.unit), "")
        yield _row(str(row.label), in_words(qualifier), list(map(_stated, found)), unit)


def _stated(statement: StatementRead | None) -> Told:
    if statement is None:
        return NOT_KNOWN, ""
    low, high = statement.value_low, statement.value_high
    is_number = low is not None and high in (None, low)
    return low if is_number else statement.value_text, _said(statement.evidence)


def _pay(compared: list[ComparedCredential]) -> Iterator[Row]:
    """Yield medians, a row an occupation in an area; empty where no role of a credential has it."""
    by_credential = [
        {(pay.soc_code, pay.area.code): pay for pay in one.pay.occupations} for one in compared
    ]
    for key in dict.fromkeys(chain.from_iterable(by_credential)):
        found = [told.get(key) for told in by_credential]
        first = next(filter(None, found))
        of = f"{first.occupation}, {first.area.title}"
        yield _row("Median pay a year", of, list(map(_median, found)), "USD")


def _median(pay: OccupationPay | None) -> Told:
    if pay is None:
        return None, ""
    said = _said(pay.evidence) if pay.evidence else ""
    return NOT_KNOWN if pay.annual_median is None else pay.annual_median, said


def _said(one: Evidence) -> str:
    return f"{one.source_url or one.source} ({one.as_of or 'undated'})"


def _about(now: CredentialComparison) -> Iterator[Row]:
    yield ["As known on", str(now.as_of)]
    yield ["Release", now.release]
    yield ["Note", now.verify]
    for note in dict.fromkeys(str(note) for one in now.credentials for note in one.pay.notes):
        yield ["Note", note]
