"""Sources of the catalogue."""

from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, func, select

from app.domain.areas import AREA_SURVEY
from app.errors import NotFoundError
from app.queries.freshness import load_freshness
from app.queries.kept import kept
from app.schemas.sources import SourceRead
from app.store.tables.areas import AreaWage
from app.store.tables.sources import Source
from app.store.tables.statistics import ArticleReference


def list_sources(session: Session) -> list[Source]:
    """Return every source that is not retired, by key."""
    listed = select(Source).where(col(Source.retired_at).is_(None))
    return list(session.exec(listed.order_by(col(Source.key))))


def read_sources(session: Session, today: date) -> list[SourceRead]:
    """Return every source that is not retired, with its age and its place among its editions."""
    known = load_freshness(session, today)
    return [known.of(source) for source in list_sources(session)]


@kept()
def list_titles(session: Session) -> dict[str, tuple[str, str | None]]:
    """Return title and address of every source that is not retired, by its key."""
    listed = select(Source.key, Source.title, Source.url).where(col(Source.retired_at).is_(None))
    return {key: (title, url) for key, title, url in session.exec(listed)}


def get_source(session: Session, key: str, today: date) -> tuple[SourceRead, list[str]]:
    """Return one source, or what the article refers to under this key, and where that is told.

    Raises:
        NotFoundError: Neither a source nor a reference has this key.
    """
    source = session.get(Source, key)
    if source is not None:
        return load_freshness(session, today).of(source), [key]
    reference = session.get(ArticleReference, key)
    if reference is not None:
        told_in = session.get_one(Source, reference.source)
        return _to_reference(reference, told_in), [told_in.key]
    keys = [*session.exec(select(Source.key)), *session.exec(select(ArticleReference.slug))]
    raise NotFoundError("source", key, known=keys)


def _to_reference(reference: ArticleReference, told_in: Source) -> SourceRead:
    return SourceRead(
        key=reference.slug,
        title=reference.title,
        publisher=reference.publisher,
        licence=told_in.licence,
        attribution=told_in.attribution,
        edition=reference.published,
        url=None,
        retrieved_on=reference.retrieved,
        basis=told_in.basis,
        row_count=None,
    )


def count_rows(session: Session) -> None:
    """Write to every source how many rows of the catalogue rest on it, superseded ones left out."""
    counts: Counter[str] = Counter()
    for key, count in session.execute(_rows_by_source()):
        counts[key] += count
    surveyed = select(AreaWage.year, func.count()).group_by(col(AreaWage.year))
    for year, count in session.exec(surveyed):  # their rows do not name it
        counts[AREA_SURVEY.format(year=year)] += count
    for source in session.exec(select(Source)):
        source.row_count = counts[source.key]
    session.flush()


@cache
def _rows_by_source() -> sa.CompoundSelect[Any]:
    """Return the statement for the rows of each table that rest on each source."""
    counting = []
    for table in SQLModel.metadata.sorted_tables:
        if "source" not in table.c or table.name == "import_run":
            continue
        statement = sa.select(table.c.source, sa.func.count()).group_by(table.c.source)
        if "superseded_at" in table.c:
            statement = statement.where(table.c.superseded_at.is_(None))
        counting.append(statement)
    return sa.union_all(*counting)
