"""Keyset pages over any select: stable while rows come and go, unknowns last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, false, or_
from sqlmodel import Session

from app.domain.text.cursors import decode_cursor, encode_cursor
from app.errors import Fault, InvalidRequestError


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to sort by; the last key of an order must be unique and never null."""

    column: SQLColumnExpression[Any]
    descending: bool = False


def order_of(keys: Sequence[SortKey]) -> list[ColumnElement[Any]]:
    """Return ORDER BY terms that put nulls last in both directions, on both engines."""
    terms: list[ColumnElement[Any]] = []
    for key in keys:
        terms.append(case((key.column.is_(None), 1), else_=0))
        terms.append(key.column.desc() if key.descending else key.column.asc())
    return terms


def rows_after(keys: Sequence[SortKey], values: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition for rows that come after one with these sort values."""
    alternatives = []
    for at, key in enumerate(keys):
        if values[at] is None:
            continue  # nothing sorts after null in this column
        same = [
            before.column.is_(None) if value is None else before.column == value
            for before, value in zip(keys[:at], values[:at], strict=True)
        ]
        beyond = key.column < values[at] if key.descending else key.column > values[at]
        alternatives.append(and_(*same, or_(beyond, key.column.is_(None))))
    return or_(*alternatives) if alternatives else false()


def fetch_page(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    keys: Sequence[SortKey],
    *,
    limit: int,
    cursor: str | None,
    query: str,
) -> tuple[list[Any], str | None]:
    """Return one page of rows and the cursor of the next page, or None on the last.

    ``query`` is the canonical query without cursor and limit. The sort values are read from
    extra columns put behind those of the statement; rows keep them.

    Raises:
        InvalidRequestError: The cursor is damaged or belongs to another query.
    """
    if cursor is not None:
        try:
            values = decode_cursor(cursor, query, len(keys))
        except ValueError as error:
            raise InvalidRequestError(
                [Fault(f"{error}.", parameter="cursor", value=cursor[:60])]
            ) from error
        statement = statement.where(rows_after(keys, values))
    columns: list[ColumnElement[Any]] = [
        key.column.label(f"_sort_{at}") for at, key in enumerate(keys)
    ]
    rows = list(
        session.execute(statement.add_columns(*columns).order_by(*order_of(keys)).limit(limit + 1))
    )
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode_cursor(list(rows[limit - 1])[-len(keys) :], query)
