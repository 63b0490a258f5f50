"""The timeline over the wire."""

from enum import StrEnum

from pydantic import BaseModel, Field, model_validator

from app.domain.vocabulary import AwardLevel
from app.schemas.pages import QueryModel, Stamp
from app.schemas.programs import AwardLevelFilter


class Pace(StrEnum):
    """How fast one studies."""

    FULL = "full"
    PART = "part"


class TimelineQuery(QueryModel):
    """Query string of GET /v1/timeline."""

    award_level: AwardLevelFilter = Field(
        default=AwardLevelFilter(AwardLevel.ASSOCIATE),
        description="Award aimed at",
        examples=["associate"],
    )
    pace: Pace = Field(default=Pace.FULL, description="Full or part time", examples=["part"])
    credits_per_term: int | None = Field(
        default=None,
        ge=1,
        le=30,
        description="Credits a term at part-time pace; default 6",
        examples=[6],
    )
    credits_transferred: int = Field(
        default=0, ge=0, le=300, description="Semester credits that come in", examples=[15]
    )

    @model_validator(mode="after")
    def _pace_fits(self) -> "TimelineQuery":
        if self.credits_per_term is not None and self.pace is Pace.FULL:
            raise ValueError("credits_per_term is for pace=part only")
        return self


class MonthsRead(BaseModel):
    """Bounds in months; null is unknown, never 0."""

    low: float | None
    high: float | None


class StepRead(BaseModel):
    """One step with its decision point."""

    slug: str
    label: str
    months: MonthsRead
    note: str | None
    decision_point: str | None
    basis: str
    source: str


class AssumptionRead(BaseModel):
    """A rule used where no source decides."""

    text: str
    basis: str


class TimelineRead(Stamp):
    """Months to entry, and what stays open."""

    award_level: str
    pace: Pace
    steps: list[StepRead]
    months_to_entry: MonthsRead = Field(
        description="Sum of the steps that are known; null where the coursework is not"
    )
    is_open: bool = Field(description="Steps without a known length come on top")
    assumptions: list[AssumptionRead]
