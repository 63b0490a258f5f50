"""Figures on pay, employment and growth, and statements that contradict each other."""

from typing import Any

from sqlmodel import Field, SQLModel

from app.domain.vocabulary import Basis, Measure, Method
from app.store.tables.fields import (
    EvidenceColumns,
    JsonColumn,
    SortableText,
    evidence_checks,
    one_of,
)


class ArticleReference(SQLModel, table=True):
    """An entry in the reference list of the article that figures were taken from."""

    __tablename__ = "article_reference"

    slug: str = Field(primary_key=True)
    publisher: str
    title: str
    published: str | None = None
    retrieved: str | None = None
    source: str = Field(foreign_key="source.key")


class Statistic(EvidenceColumns, table=True):
    """One published figure, never recomputed.

    Equal low and high is one value, a missing high is open upward, and ``is_exclusive`` says
    the bound itself is not meant ("more than"). ``value_text`` holds what is no number. A
    newer edition is named in ``superseded_by``, which may not be loaded yet.
    """

    __tablename__ = "statistic"

    slug: str = Field(primary_key=True, sa_type=SortableText)
    label: str
    measure: str = Field(index=True)
    method: str
    value_low: float | None = None
    value_high: float | None = None
    is_exclusive: bool = False
    value_text: str | None = None
    unit: str | None = None
    soc_code: str | None = Field(default=None, index=True)
    soc_edition: str | None = None
    occupation_title: str | None = None
    population: str
    period: str | None = None
    horizon: str | None = None
    attributed_to: str | None = None
    reference: str | None = Field(default=None, foreign_key="article_reference.slug")
    warnings: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    superseded_by: str | None = None
    see_also: list[str] = Field(default_factory=list, sa_type=JsonColumn)

    __table_args__ = (
        one_of("measure", Measure),
        one_of("method", Method),
        *evidence_checks(),
    )


class StatementConflict(SQLModel, table=True):
    """A statement and those that contradict it: ``{statement, sayer, basis, soc_code, as_of}``."""

    __tablename__ = "statement_conflict"

    slug: str = Field(primary_key=True, sa_type=SortableText)
    statement: str
    sayer: str
    basis: str
    soc_code: str | None = None
    as_of: str | None = None
    conflicts_with: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonColumn)
    source: str = Field(foreign_key="source.key")

    __table_args__ = (one_of("basis", Basis),)
