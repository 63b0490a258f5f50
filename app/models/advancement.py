"""Roles to grow into."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.domain.vocabulary import Basis
from app.models.fields import JsonColumn, NullableJson, one_of


class AdvancementPath(SQLModel, table=True):
    """A role with what it takes; the first of ``soc_codes`` is its main occupation."""

    __tablename__ = "advancement_path"

    slug: str = Field(primary_key=True)
    position: int = Field(unique=True)
    label: str
    aliases: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    named_in: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    summary: str | None = None
    best_for: str | None = None
    skills_to_build: list[str] | None = Field(default=None, sa_type=NullableJson)
    credentials: list[str] | None = Field(default=None, sa_type=NullableJson)
    education: str | None = None
    education_levels: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    soc_codes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonColumn)
    onet_code: str | None = None
    statistics: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    specialisations: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    retired_at: datetime | None = None
    filled: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    source: str = Field(foreign_key="source.key")
    basis: str

    __table_args__ = (one_of("basis", Basis),)
