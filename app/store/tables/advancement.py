"""Roles to grow into, and the graph of steps between them."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from app.domain.advancement.roles import Stage
from app.domain.vocabulary import Basis
from app.store.tables.fields import JsonColumn, NullableJson, one_of


class AdvancementPath(SQLModel, table=True):
    """A role with what it takes; the first of ``soc_codes`` is its main occupation.

    ``requirements`` lists what employers look for, each with who says so: ``{kind, any_of,
    at_least, years_below, text, basis, source, statistic, ask, whom}``.
    """

    __tablename__ = "advancement_path"

    slug: str = Field(primary_key=True)
    position: int = Field(unique=True)
    label: str
    stage: str = Field(default=Stage.TARGET)
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
    requirements: list[dict[str, Any]] = Field(default_factory=list, sa_type=JsonColumn)
    statistics: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    specialisations: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    retired_at: datetime | None = None
    filled: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    source: str = Field(foreign_key="source.key")
    basis: str

    __table_args__ = (one_of("basis", Basis), one_of("stage", Stage))


class AdvancementStep(SQLModel, table=True):
    """An edge of the graph: whoever held one role can come into another."""

    __tablename__ = "advancement_step"

    sending_role: str = Field(primary_key=True, foreign_key="advancement_path.slug")
    receiving_role: str = Field(primary_key=True, foreign_key="advancement_path.slug")
    reason: str
    experience: str | None = None
    months_low: float | None = None
    months_high: float | None = None
    retired_at: datetime | None = None
    source: str = Field(foreign_key="source.key")
    basis: str

    __table_args__ = (one_of("basis", Basis),)
