"""What people report as wrong, and what became of it."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.store.tables.fields import NullableJson, SortableText, one_of


class Correction(SQLModel, table=True):
    """One report on a record, with the page that shows it; nothing of its sender is kept.

    ``digest`` is equal for reports that say the same. ``edit_id`` is the proposed change that an
    accepted one became. An editor can hide the words: ``hidden_at``, ``hidden_by`` and
    ``hidden_reason`` tell of it, and the words themselves are gone.
    """

    __tablename__ = "correction"

    id: int | None = Field(default=None, primary_key=True)
    collection: str
    key: str = Field(sa_type=SortableText)
    field: str | None = None
    statement: str
    source_url: str
    seen_on: str | None = None
    proposed: dict[str, Any] | None = Field(default=None, sa_type=NullableJson)
    digest: str = Field(unique=True)
    created_at: datetime = Field(index=True)
    state: str = Field(default="open", index=True)
    reason: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    edit_id: int | None = Field(default=None, foreign_key="draft_edit.id")
    hidden_at: datetime | None = None
    hidden_by: str | None = None
    hidden_reason: str | None = None

    __table_args__ = (one_of("state", ["open", "accepted", "declined"]),)
