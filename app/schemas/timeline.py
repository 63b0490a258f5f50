"""The timeline over the wire."""

from typing import Self

from pydantic import BaseModel, Field, model_validator

from app.domain.credentials.timeline import PART_TIME_CREDITS
from app.domain.vocabulary import AwardLevel, Pace
from app.schemas.briefs import BriefQuery
from app.schemas.checklists import QuestionRead
from app.schemas.filters import AwardLevelFilter
from app.schemas.messages import Sentence
from app.schemas.pages import QueryModel, Stamp, Text


class PaceQuery(QueryModel):
    """How fast one studies, in a query string."""

    pace: Pace = Field(default=Pace.FULL, description="Full or part time", examples=["part"])
    credits_per_term: int | None = Field(
        default=None,
        ge=1,
        le=30,
        description=f"Credits a term at part-time pace; default {PART_TIME_CREDITS}",
        examples=[PART_TIME_CREDITS],
    )

    @model_validator(mode="after")
    def _pace_fits(self) -> Self:
        if self.credits_per_term is not None and self.pace is Pace.FULL:
            raise ValueError("credits_per_term is for pace=part only")
        return self

    @property
    def term_load(self) -> int:
        """Credits a term that a part-time student takes."""
        return self.credits_per_term or PART_TIME_CREDITS


class TimelineQuery(PaceQuery, BriefQuery):
    """Query string of GET /v1/timeline."""

    program: Text | None = Field(
        default=None,
        description="Slug of the program; its award, length and open questions are then told",
        examples=["mercy-college-of-ohio-510707-associate"],
    )
    award_level: AwardLevelFilter | None = Field(
        default=None,
        description=f"Award aimed at, default {AwardLevel.ASSOCIATE}; not beside `program`",
        examples=["associate"],
    )
    credits_transferred: int = Field(
        default=0, ge=0, le=300, description="Semester credits that come in", examples=[15]
    )
    exam_prep_months: float | None = Field(
        default=None,
        ge=0,
        le=24,
        description="Months you plan for the exam; default what the guide gives",
        examples=[2],
    )

    @model_validator(mode="after")
    def _one_award(self) -> Self:
        if self.program is not None and self.award_level is not None:
            raise ValueError("award_level is that of the program; leave out one of the two")
        return self


class MonthsRead(BaseModel):
    """Bounds in months; null is unknown, never 0."""

    low: float | None
    high: float | None


class StepRead(BaseModel):
    """One step with its decision point."""

    slug: str
    label: Sentence
    months: MonthsRead
    note: Sentence | None
    decision_point: str | None
    open_questions: list[QuestionRead] = Field(
        description="What to ask this program's school before the step; empty without a program"
    )
    basis: str
    source: str


class AssumptionRead(BaseModel):
    """A rule used where no source decides."""

    text: Sentence
    basis: str


class TimelineRead(Stamp):
    """Months to entry, and what stays open."""

    program: str | None
    award_level: str | None = Field(description="null: the program's award is not known")
    pace: Pace
    credits_per_term: int | None
    steps: list[StepRead]
    months_to_entry: MonthsRead = Field(
        description="Sum of the steps that are known; null where the coursework is not"
    )
    is_open: bool = Field(description="Steps without a known length come on top")
    assumptions: list[AssumptionRead]
