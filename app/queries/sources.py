"""Sources of the catalogue."""

from collections import Counter

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from app.errors import NotFoundError
from app.store.tables.sources import Source


def list_sources(session: Session) -> list[Source]:
    """Return every source that is not retired, by key."""
    listed = select(Source).where(col(Source.retired_at).is_(None))
    return list(session.exec(listed.order_by(col(Source.key))))


def get_source(session: Session, key: str) -> Source:
    """Return one source.

    Raises:
        NotFoundError: No source has this key.
    """
    source = session.get(Source, key)
    if source is None:
        raise NotFoundError("source", key, known=list(session.exec(select(Source.key))))
    return source


def count_rows(session: Session) -> None:
    """Write to every source how many rows of the catalogue rest on it, superseded ones left out."""
    counts: Counter[str] = Counter()
    for table in SQLModel.metadata.sorted_tables:
        if "source" not in table.c or table.name == "import_run":
            continue
        statement = sa.select(table.c.source, sa.func.count()).group_by(table.c.source)
        if "superseded_at" in table.c:
            statement = statement.where(table.c.superseded_at.is_(None))
        for key, count in session.execute(statement):
            counts[key] += count
    for source in session.exec(select(Source)):
        source.row_count = counts[source.key]
    session.flush()
