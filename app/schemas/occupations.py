"""Occupations over the wire."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.domain.text.identifiers import parse_cip
from app.domain.vocabulary import RelatedTier, TaskType
from app.schemas.areas import PayRead
from app.schemas.pages import PageParams, Stamp
from app.schemas.statistics import ConflictRead, StatisticRead

CipCode = Annotated[str, AfterValidator(parse_cip)]
"""A six-digit CIP code in any spelling of the public files."""


class SpecialtyRef(BaseModel):
    """A part of an occupation that O*NET describes by itself."""

    onet_code: str = Field(examples=["15-1211.01"])
    title: str
    url: str


class CipRef(BaseModel):
    """A field of study that leads to an occupation, by the federal crosswalk."""

    cip_code: str
    title: str | None
    url: str = Field(description="Its programs")


class OccupationItem(BaseModel):
    """An occupation in a list."""

    soc_code: str = Field(description="SOC 2018", examples=["29-2072"])
    onet_code: str = Field(examples=["29-2072.00"])
    title: str
    url: str
    specialties: list[SpecialtyRef]
    fields_of_study: list[CipRef]


class OccupationQuery(PageParams):
    """Query string of GET /v1/occupations."""

    cip_code: list[CipCode] = Field(
        default_factory=list,
        max_length=50,
        description="Field of study that leads there",
        examples=[["51.0707"]],
    )


class TaskRead(BaseModel):
    """One task, in the words of O*NET."""

    model_config = ConfigDict(from_attributes=True)

    task_id: int
    task: str
    task_type: TaskType | None = Field(description="null: not yet rated")
    as_of: str | None = Field(examples=["2020-11"])
    domain_source: str | None = Field(description="On whose word, as O*NET names it")
    source: str


class TechnologyRead(BaseModel):
    """Software or equipment used on the job."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    category: str
    is_hot: bool = Field(description="Often asked for in job postings of all occupations")
    is_in_demand: bool = Field(description="Often asked for in postings of this occupation")
    source: str


class RelatedRead(BaseModel):
    """A neighbour; rank 1 is nearest."""

    onet_code: str
    title: str
    tier: RelatedTier
    rank: int
    url: str | None = Field(description="null: not an occupation of the catalogue")
    source: str


class OccupationAnswer(OccupationItem, Stamp):
    """What is done in an occupation, what it pays, how it grows, and what lies near.

    ``tasks``, ``technology`` and ``related`` are null where O*NET has published none.
    """

    tasks: list[TaskRead] | None
    technology: list[TechnologyRead] | None
    related: list[RelatedRead] | None
    wages: list[StatisticRead] = Field(description="From the survey of employers, newest edition")
    outlook: list[StatisticRead] = Field(description="Projections, newest edition")
    conflicts: list[ConflictRead] = Field(description="Contradicting statements on it")
    pay: PayRead | None = Field(
        default=None,
        description="What it pays in the place asked for by `state` or `near`; null: none is asked "
        "for",
    )
    attribution: str | None = Field(description="Words to show wherever this is shown")
