"""Listed programs as lines: as lists serve them, and as a table for spreadsheets."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlmodel import Session

from app.domain.reader import Reader
from app.search.index import index_of
from app.search.prices import ReaderNumbers
from app.search.programs import fetch_prices, join_docs, with_prices

ROWS_A_BATCH = 1_000

COLUMNS: dict[str, tuple[str, ...]] = {
    "slug": ("slug",),
    "name": ("name",),
    "cip_code": ("cip_code",),
    "cip_title": ("cip_title",),
    "award_level": ("award_level",),
    "institution": ("institution", "name"),
    "unitid": ("institution", "unitid"),
    "city": ("institution", "city"),
    "state": ("institution", "state"),
    "control": ("institution", "control"),
    "website": ("institution", "website"),
    "delivery": ("delivery",),
    "completion_online": ("completion_online", "answer"),
    "completion_online_as_of": ("completion_online", "as_of"),
    "months_low": ("months", "low"),
    "months_high": ("months", "high"),
    "tuition_and_fees_usd": ("price", "tuition_and_fees_usd"),
    "price_basis": ("price", "basis"),
    "price_level": ("price", "level"),
    "price_residency": ("price", "residency"),
    "price_for_whom": ("price", "for_whom"),
    "price_year_usd": ("price", "year_usd"),
    "price_in_district_usd": ("price", "in_district_usd"),
    "price_in_state_usd": ("price", "in_state_usd"),
    "price_out_of_state_usd": ("price", "out_of_state_usd"),
    "price_academic_year": ("price", "academic_year"),
    "total_cost_low_usd": ("total_cost", "low_usd"),
    "total_cost_high_usd": ("total_cost", "high_usd"),
    "total_cost_is_complete": ("total_cost", "is_complete"),
    "total_cost_is_length_assumed": ("total_cost", "is_length_assumed"),
    "total_cost_residency": ("total_cost", "residency"),
    "accreditation": ("accreditation",),
    "prepares_for": ("prepares_for",),
    "completions": ("completions", "count"),
    "completions_academic_year": ("completions", "academic_year"),
    "field_earnings_1_year_usd": ("field_outcome", "earnings_1_year_usd"),
    "field_earnings_4_years_usd": ("field_outcome", "earnings_4_years_usd"),
    "field_debt_usd": ("field_outcome", "debt_usd"),
    "field_cip_family": ("field_outcome", "cip_family"),
    "field_level": ("field_outcome", "credential_level"),
    "field_programs": ("field_outcome", "programs"),
    "field_outcome_as_of": ("field_outcome", "as_of"),
    "score_low": ("score", "low"),
    "score_likely": ("score", "likely"),
    "score_high": ("score", "high"),
    "coverage": ("score", "coverage"),
    "updated_at": ("updated_at",),
    "status": ("status",),
    "leads_to": ("leads_to",),
    "gates": ("gates",),
    "whole_price_low_usd": ("whole_price", "low_usd"),
    "whole_price_contains": ("whole_price", "contains"),
    "whole_price_academic_year": ("whole_price", "academic_year"),
    "net_price_usd": ("net_price", "usd"),
    "net_price_academic_year": ("net_price", "academic_year"),
}
"""Column of the CSV -> where it stands in a list item; an empty cell is unknown."""

HEAD = f"{','.join(COLUMNS)}\r\n"


def list_items(session: Session, numbers: Iterable[int], reader: Reader) -> Iterator[list[str]]:
    """Yield the list items of programs by their numbers in the index, some at a time.

    Raises:
        RuntimeError: The index numbers a program that has no list item.
    """
    index, connection = index_of(session), session.connection()
    whose = ReaderNumbers(index, reader)
    wanted = iter(numbers)
    while batch := list(islice(wanted, ROWS_A_BATCH)):
        ids = [index.programs[number] for number in batch]
        docs = join_docs(connection, ids).split("\n")
        if len(docs) != len(ids) or not docs[0]:
            raise RuntimeError("index and list items are not of the same release")
        if not reader.pays_as_resident:
            pays = zip(batch, ids, strict=True)
            away = [key for number, key in pays if whose.residency_of(number) is whose.elsewhere]
            prices = fetch_prices(connection, away, whose.elsewhere)
            docs = [
                with_prices(doc, prices[key]) if key in prices else doc
                for key, doc in zip(ids, docs, strict=True)
            ]
        yield docs


def to_row(doc: str) -> str:
    """Return a list item as a line of the table."""
    item = json.loads(doc)
    return to_line(_find(item, path) for path in COLUMNS.values())


def _find(item: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if item is None:
            return None
        item = item.get(name)
    return item


FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula; such text gets an apostrophe before it."""

_QUOTED = re.compile(r'[",;#|\t\r\n]')
"""What some reader takes for more than a letter: separators, quotes, ends of lines, comments."""


def to_cell(value: Any) -> str:
    """Return a value as a cell: nothing for unknown, no text that a spreadsheet would run."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
        case list():
            text = ";".join(map(_plain, value))
        case dict():
            text = ";".join(f"{_plain(key)}:{_plain(told)}" for key, told in value.items())
        case _:
            text = _plain(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _plain(value: Any) -> str:
    """Return what stands in a list, or alone, as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def to_line(values: Iterable[Any]) -> str:
    """Return values as a line of a table; an empty cell is unknown."""
    return f"{','.join(quoted(to_cell(value)) for value in values)}\r\n"


def quoted(cell: str) -> str:
    """Return a cell as it stands in a line."""
    if _QUOTED.search(cell):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell
