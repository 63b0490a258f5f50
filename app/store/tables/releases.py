"""Published states of the catalogue, numbered from 1."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.store.tables.fields import JsonColumn


class Release(SQLModel, table=True):
    """One published state.

    ``scored_on`` is the day the stored scores stand for; they hold until the day before
    ``scores_change_on``, when the next claim passes its shelf life (None: never).
    ``program_sources`` are the keys of all sources that programs and their scores draw on.
    ``actor`` published it; ``report`` tells what it changed.
    ``rubric`` is the version the stored scores are by; ``summary_shape`` and ``index_shape`` are
    the ``SUMMARY_SHAPE`` and ``INDEX_SHAPE`` of the code that made what lists serve and what a
    search looks in. All three are None of a release made before they were kept.
    """

    __tablename__ = "release"

    number: int = Field(primary_key=True)
    published_at: datetime
    note: str
    scored_on: date
    scores_change_on: date | None = None
    rubric: str | None = None
    summary_shape: int | None = None
    index_shape: int | None = None
    program_sources: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    actor: str = Field(sa_column_kwargs={"server_default": "command line"})
    report: dict[str, Any] = Field(
        default_factory=dict, sa_type=JsonColumn, sa_column_kwargs={"server_default": "{}"}
    )
