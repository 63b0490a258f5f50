"""Rows of the catalogue as records: our column names, programs and schools named by their keys.

A record holds what is stated, not when it was written: it reads the same in every copy.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

NOT_CATALOGUE = frozenset(
    {
        "api_key",
        "catalogue_change",
        "answer_link",
        "correction",
        "draft_edit",
        "edition_look",
        "import_run",
        "missed_text",
        "institution_facts",
        "program_facts",
        "program_summary",
        "program_price",
        "program_tag",
        "release",
        "search_terms",
        "shared_facts",
        "found_fact",
        "page_review",
        "page_visit",
        "program_reading",
        "snapshot",
        "webhook",
        "webhook_delivery",
    }
)
"""Tables that are derived from the others, or that record work on them."""

BOOKKEEPING = frozenset(
    {
        "id",
        "recorded_at",
        "superseded_at",
        "updated_at",
        "retired_at",
        "retired_reason",
        "row_count",
    }
)
"""Columns that say when and under which number a row was written, not what it states."""

KEYS = {"institution_id": ("institution", "institution"), "program_id": ("program", "program")}
"""Foreign key column -> (table it points to, column of its key in a record).

A program is named by its slug; a school by its unitid, or by its slug where it has none.
"""


@lru_cache(maxsize=1)
def collections() -> Mapping[str, sa.Table]:
    """Return name -> table of every collection, those that others point to first."""
    return {t.name: t for t in SQLModel.metadata.sorted_tables if t.name not in NOT_CATALOGUE}


def inner_table(table: type[SQLModel]) -> sa.Table:
    """Return the table of a model."""
    return SQLModel.metadata.tables[str(table.__tablename__)]


def record_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of a table that a record holds."""
    return [column for column in table.columns if column.name not in BOOKKEEPING]


def is_current(row: Mapping[str, Any]) -> bool:
    """Return whether a row is neither superseded nor retired."""
    return row.get("superseded_at") is None and row.get("retired_at") is None


def current(table: sa.Table) -> sa.ColumnElement[bool]:
    """Return the SQL condition for rows that are neither superseded nor retired."""
    marks = [table.c[name] for name in ("superseded_at", "retired_at") if name in table.c]
    return sa.and_(sa.true(), *(mark.is_(None) for mark in marks))


def key_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the key columns of a table; the slug for programs and institutions."""
    if "slug" in table.c and "id" in table.c:
        return [table.c.slug]
    return list(table.primary_key.columns)


def key_text(table: sa.Table) -> sa.ColumnElement[str]:
    """Return the key of a row within its collection, as ``key_of`` writes it, in SQL."""
    first, *others = key_columns(table)
    text: sa.ColumnElement[str] = sa.cast(first, sa.String)
    for column in others:
        text = text + "/" + sa.cast(column, sa.String)
    return text


def key_of(table: sa.Table, row: Mapping[str, Any]) -> str:
    """Return the key of a row within its collection; that of a numbered row is its number."""
    return "/".join(str(row[column.name]) for column in key_columns(table))


class Names:
    """Cache of the keys of programs and schools by row number."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, dict[int, str]] = {name: {} for name in KEYS}

    def fill(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Look up the keys that rows refer to and that are not cached yet."""
        for column, known in self._known.items():
            wanted = {row[column] for row in rows if row.get(column)} - known.keys()
            if not wanted:
                continue
            table = SQLModel.metadata.tables[KEYS[column][0]]
            name: sa.ColumnElement[str] = table.c.slug
            if "unitid" in table.c:
                name = sa.func.coalesce(sa.cast(table.c.unitid, sa.String), table.c.slug)
            for some in batches(sorted(wanted), 500):
                statement = sa.select(table.c.id, name).where(table.c.id.in_(some))
                known.update(dict(self._session.execute(statement).all()))

    def of(self, column: str, number: int | None) -> str | None:
        """Return the key of a program or school, or None for None."""
        return None if number is None else self._known[column][number]


def batches(items: list[Any], size: int) -> Iterable[list[Any]]:
    """Yield the items in lists of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def to_record(table: sa.Table, row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Return the record of a row whose programs and schools ``names`` has looked up."""
    record: dict[str, Any] = {}
    for column in record_columns(table):
        value = row[column.name]
        if column.name in KEYS:
            record[KEYS[column.name][1]] = names.of(column.name, value)
        elif isinstance(column.type, sa.Float) and value is not None:
            record[column.name] = float(value)
        else:
            record[column.name] = _plain(value)
    return record


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def to_image(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return all columns of a row as JSON values."""
    return {name: _plain(value) for name, value in row.items()}


def from_image(table: sa.Table, image: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row from its image; columns added since then keep their default."""
    row = {}
    for name, value in image.items():
        if name in table.c:
            kind = table.c[name].type
            is_time = value is not None and isinstance(kind, sa.DateTime | sa.types.TypeDecorator)
            row[name] = datetime.fromisoformat(value) if is_time and _is_moment(kind) else value
    return row


def _is_moment(kind: sa.types.TypeEngine[Any]) -> bool:
    inner = kind.impl if isinstance(kind, sa.types.TypeDecorator) else kind
    return isinstance(inner, sa.DateTime)


def canonical(document: Any) -> str:
    """Return the one JSON text of a document: sorted keys, no spaces, letters as they are."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def etag_of(record: Mapping[str, Any]) -> str:
    """Return the strong entity tag of a record."""
    return f'"{hashlib.sha256(canonical(record).encode()).hexdigest()[:32]}"'


def export_line(collection: str, key: str, record: Mapping[str, Any]) -> str:
    """Return one line of the canonical export, without its end."""
    return canonical({"collection": collection, "key": key, "record": record})


def export_lines(session: Session, wanted: Iterable[str] | None = None) -> Iterable[str]:
    """Yield the canonical export: a line a record that stands, by collection and key.

    Holds one collection in memory at a time.
    """
    known = collections()
    names = Names(session)
    for name in sorted(wanted or known):
        table = known[name]
        found = session.execute(_current_rows(name)).mappings()
        rows = [dict(row) for row in found]
        names.fill(rows)
        yield from (
            line
            for _, line in sorted(
                (key, export_line(name, key, to_record(table, row, names)))
                for key, row in ((key_of(table, row), row) for row in rows)
            )
        )


@cache
def _current_rows(name: str) -> sa.Select[Any]:
    table = collections()[name]
    return sa.select(table).where(current(table))
