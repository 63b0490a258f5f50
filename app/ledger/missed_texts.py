"""Texts that found nothing: add, and forget in time."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy import text as sql_text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.queries.missed_texts import DAYS_KEPT
from app.store.records import inner_table
from app.store.tables.missed_texts import MissedText

MOST_ROWS = 20_000
"""Texts by day that are kept; of more, those asked most, the newest first."""

TABLE = inner_table(MissedText)

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def add_missed(session: Session, times: Mapping[str, int], day: date) -> None:
    """Add how often texts found nothing on a day."""
    rows = [{"text": text, "day": day, "times": times[text]} for text in sorted(times)]
    insert = INSERTS[session.get_bind().dialect.name](TABLE).values(rows)
    more = TABLE.c.times + insert.excluded.times
    session.execute(
        insert.on_conflict_do_update(index_elements=["text", "day"], set_={"times": more})
    )
    order = (TABLE.c.times.desc(), TABLE.c.day.desc(), TABLE.c.text)
    key = (TABLE.c.text, TABLE.c.day)
    over = select_columns(*key).order_by(*order).offset(MOST_ROWS)
    session.execute(delete(TABLE).where(tuple_(*key).in_(over)))


def is_any_old(session: Session, today: date) -> bool:
    """Return whether a text has to be forgotten."""
    return (
        session.execute(select_columns(TABLE.c.day).where(_is_old(today)).limit(1)).first()
        is not None
    )


def forget_missed(session: Session, today: date) -> None:
    """Forget the texts of ``DAYS_KEPT`` days ago and before."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(sql_text("PRAGMA secure_delete = ON"))  # what is deleted is zeroed
    session.execute(delete(TABLE).where(_is_old(today)))


def _is_old(today: date) -> ColumnElement[bool]:
    return TABLE.c.day <= today - timedelta(days=DAYS_KEPT)
