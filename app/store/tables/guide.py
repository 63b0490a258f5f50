"""The career guide, one row an entry."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from app.domain.vocabulary import Basis
from app.store.tables.fields import JsonColumn, one_of


class GuideEntry(SQLModel, table=True):
    """An entry of a section; ``facts`` holds the fields of app.schemas.guide.GuideFacts.

    ``filled`` names the fields that are our own addition, not the source's.
    """

    __tablename__ = "guide_entry"

    section: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    position: int
    kind: str | None = None
    label: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JsonColumn)
    retired_at: datetime | None = None
    filled: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    source: str = Field(foreign_key="source.key")
    basis: str

    __table_args__ = (
        one_of("basis", Basis),
        sa.UniqueConstraint("section", "kind", "position"),
    )
