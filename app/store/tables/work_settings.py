"""Where people of the field work."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.domain.vocabulary import Basis
from app.store.tables.fields import JsonColumn, NullableJson, one_of


class WorkSetting(SQLModel, table=True):
    """A kind of workplace.

    ``employment`` lists counts with their own occupation and edition, ``remote`` shares of those
    who work away from the site; ``roles`` are ``{label, soc_codes, path, note}``.
    """

    __tablename__ = "work_setting"

    slug: str = Field(primary_key=True)
    position: int = Field(unique=True)
    label: str
    label_in_prose: str | None = None
    label_in_table: str | None = None
    named_in: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    typical_focus: str | None = None
    good_fit_if: str | None = None
    also: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    roles: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonColumn)
    credentials: list[str] | None = Field(default=None, sa_type=NullableJson)
    employment: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonColumn)
    remote: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonColumn)
    retired_at: datetime | None = None
    filled: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    source: str = Field(foreign_key="source.key")
    basis: str

    __table_args__ = (one_of("basis", Basis),)
