"""Listed programs as a file: a line each, as lists serve them and in their usual order."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Engine

from app.database import read_snapshot
from app.queries.search import Matches, join_docs
from app.queries.search_index import index_of
from app.schemas.programs import ProgramFilters

ROWS_A_CHUNK = 1_000

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
    "months_low": ("months", "low"),
    "months_high": ("months", "high"),
    "tuition_and_fees_usd": ("price", "tuition_and_fees_usd"),
    "price_basis": ("price", "basis"),
    "price_level": ("price", "level"),
    "price_residency": ("price", "residency"),
    "price_academic_year": ("price", "academic_year"),
    "total_cost_low_usd": ("total_cost", "low_usd"),
    "total_cost_high_usd": ("total_cost", "high_usd"),
    "total_cost_is_complete": ("total_cost", "is_complete"),
    "accreditation": ("accreditation",),
    "prepares_for": ("prepares_for",),
    "completions": ("completions", "count"),
    "completions_academic_year": ("completions", "academic_year"),
    "score_low": ("score", "low"),
    "score_high": ("score", "high"),
    "coverage": ("score", "coverage"),
    "updated_at": ("updated_at",),
}
"""Column of the CSV -> where it stands in a list item; an empty cell is unknown."""


def stream_ndjson(engine: Engine, filters: ProgramFilters) -> Iterator[bytes]:
    """Yield the programs that filters let through, a line each; the last has their hash."""
    return _stream(engine, filters, b"", lambda docs: f"{docs}\n", "{tail}\n")


def stream_csv(engine: Engine, filters: ProgramFilters) -> Iterator[bytes]:
    """Yield the programs that filters let through as CSV; the last line is a comment."""
    head = f"{','.join(COLUMNS)}\r\n".encode()
    return _stream(engine, filters, head, _to_csv, "# {tail}\r\n")


def _stream(
    engine: Engine,
    filters: ProgramFilters,
    head: bytes,
    to_text: Callable[[str], str],
    last_line: str,
) -> Iterator[bytes]:
    digest = hashlib.sha256(head)
    with read_snapshot(engine) as session:
        index, connection = index_of(session), session.connection()
        numbers = iter(Matches(index, filters).found)
        count = 0
        yield head
        while ids := [index.programs[number] for number in islice(numbers, ROWS_A_CHUNK)]:
            part = to_text(join_docs(connection, ids)).encode()
            digest.update(part)
            count += len(ids)
            yield part
    tail = {"release": index.release, "rows": count, "sha256": digest.hexdigest()}
    yield last_line.replace("{tail}", json.dumps(tail, separators=(",", ":"))).encode()


def _to_csv(docs: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    for doc in docs.split("\n"):
        item = json.loads(doc)
        writer.writerow([to_cell(_find(item, path)) for path in COLUMNS.values()])
    return text.getvalue()


def _find(item: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if item is None:
            return None
        item = item.get(name)
    return item


FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula; such text gets an apostrophe before it."""


def to_cell(value: Any) -> str:
    """Return a value as a cell: nothing for unknown, no text that a spreadsheet would run."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(map(str, value))
        case str():
            return f"'{value}" if value.startswith(FORMULA) else value
        case _:
            return f"{value:g}" if isinstance(value, float) and value < 1e6 else str(value)
