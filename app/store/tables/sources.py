"""Where facts come from, and every run that brought some in."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.store.tables.fields import JsonColumn, NullableJson


class Source(SQLModel, table=True):
    """One edition of one publication; ``key`` is what every claim names."""

    __tablename__ = "source"

    key: str = Field(primary_key=True)
    title: str
    publisher: str
    licence: str
    attribution: str | None = None
    edition: str | None = None
    url: str | None = None
    retrieved_on: str | None = None
    is_revised: bool | None = None
    """Whether its file is a revised release; null: nothing tells."""
    retired_at: datetime | None = None
    basis: str
    row_count: int | None = None


class ImportRun(SQLModel, table=True):
    """One attempt to bring a file in: what was read and what became of it.

    ``asked`` is, of a survey that asks the same every year, which schools answered and what it
    asks; ``app.importers.editions`` reads it.
    """

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    importer: str
    source: str | None = None
    file_name: str
    file_sha256: str | None = None
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str = Field(default="running")
    rows_read: int = 0
    added: int = 0
    changed: int = 0
    retired: int = 0
    unchanged: int = 0
    refused: int = 0
    reasons: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    asked: dict[str, Any] | None = Field(default=None, sa_type=NullableJson)

    __table_args__ = (
        sa.CheckConstraint(
            "outcome IN ('running', 'imported', 'unchanged', 'failed')", name="outcome_known"
        ),
    )


class EditionLook(SQLModel, table=True):
    """When a publisher was last asked for a newer edition of one publication, and with what result.

    ``edition`` is the newest that the publisher has, None where none was found; ``told`` says in
    words what was found, or why it could not be looked for.
    """

    __tablename__ = "edition_look"

    publication: str = Field(primary_key=True)
    looked_at: datetime
    edition: str | None = None
    is_failed: bool
    told: str
