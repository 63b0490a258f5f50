"""Advancement paths over the wire."""

from pydantic import BaseModel, Field

from app.schemas.pages import Stamp
from app.schemas.statistics import ConflictRead, StatisticRead


class PathOccupation(BaseModel):
    """An occupation a path leads to; the first is the main one."""

    code: str = Field(description="SOC 2018", examples=["11-9111"])
    title: str
    note: str | None


class PathRead(BaseModel):
    """A role to grow into; `filled` names the fields that hit-compare added to the source."""

    slug: str = Field(examples=["cdi-specialist"])
    position: int
    label: str
    aliases: list[str]
    named_in: list[str]
    summary: str | None
    best_for: str | None
    skills_to_build: list[str] | None = Field(description="null: unknown")
    credentials: list[str] | None = Field(description="Codes of /v1/credentials; null: unknown")
    education: str | None
    education_levels: list[str]
    soc_codes: list[PathOccupation]
    onet_code: str | None
    statistics: list[str] = Field(description="Slugs of /v1/statistics the guide names")
    specialisations: list[str]
    filled: list[str]
    basis: str
    source: str


class PathAnswer(PathRead, Stamp):
    """One path with official wages and outlook of its main occupation."""

    wages_and_outlook: list[StatisticRead]
    stated: list[StatisticRead] = Field(description="Figures the guide's source gives")
    conflicts: list[ConflictRead] = Field(description="Statements others contradict")
