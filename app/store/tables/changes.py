"""Every change of the catalogue, row by row, and changes proposed but not yet published."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.store.tables.fields import JsonColumn, NullableJson, SortableText, one_of


class CatalogueChange(SQLModel, table=True):
    """One row of the catalogue as it was before and after a release; null: it was not there.

    The rows of the first release are not listed: they were there when it began. ``is_latest``
    marks the last change of each row, which is what a feed of changes serves.
    """

    __tablename__ = "catalogue_change"

    id: int | None = Field(default=None, primary_key=True)
    release: int = Field(foreign_key="release.number")
    collection: str
    key: str = Field(sa_type=SortableText)
    before: dict[str, Any] | None = Field(default=None, sa_type=NullableJson)
    after: dict[str, Any] | None = Field(default=None, sa_type=NullableJson)
    actor: str
    why: str
    at: datetime
    is_latest: bool = True

    __table_args__ = (
        sa.Index("ix_catalogue_change_row", "collection", "key", "id"),
        sa.Index("ix_catalogue_change_latest", "is_latest", "id"),
        sa.Index("ix_catalogue_change_release", "release"),
    )


class DraftEdit(SQLModel, table=True):
    """One proposed change; pending until it is published with a release or discarded.

    ``record`` holds columns in their served form: those that change, or all of a new row.
    ``key`` is null for a new claim, which gets its number when it is published.
    """

    __tablename__ = "draft_edit"

    id: int | None = Field(default=None, primary_key=True)
    action: str
    collection: str
    key: str | None = Field(default=None, sa_type=SortableText)
    record: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    actor: str
    why: str
    at: datetime
    published_in: int | None = Field(default=None, foreign_key="release.number")
    discarded_at: datetime | None = None
    discarded_by: str | None = None

    __table_args__ = (
        one_of("action", ["create", "change", "retire"]),
        sa.Index("ix_draft_edit_pending", "published_in", "discarded_at"),
    )
