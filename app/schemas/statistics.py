"""Statistics over the wire: the figure, the query, the comparison."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.domain.text.identifiers import parse_soc
from app.domain.vocabulary import AreaKind, Measure, Method, ValueStatus
from app.schemas.areas import AreaRef, PlaceRead, PriceLevelRead
from app.schemas.messages import Sentence
from app.schemas.pages import Evidence, Page, PageParams, QueryModel, Stamp, Text
from app.schemas.reader import NearText

SocCode = Annotated[str, AfterValidator(parse_soc)]
"""A SOC 2018 code, also read from an O*NET-SOC code."""


class ReferenceRead(BaseModel):
    """What the article that gives a figure names as its own source."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    publisher: str
    title: str
    published: str | None
    retrieved: str | None


class StatisticRead(BaseModel):
    """One published figure with all that decides what it can be compared with."""

    model_config = ConfigDict(from_attributes=True)

    slug: str = Field(examples=["oews_2025_05_29_2072_annual_median"])
    label: str
    measure: Measure
    method: Method
    value_low: float | None = Field(description="Equal to `value_high` when one value is given")
    value_high: float | None = Field(description="null beside a `value_low`: open upward")
    is_exclusive: bool = Field(description="The bound itself is not meant: more than")
    value_text: str | None = Field(description="A value that is no number")
    value_status: ValueStatus = Field(description="Why there is a value, or none")
    unit: str | None
    soc_code: str | None = Field(description="Occupation; null: not stated")
    soc_edition: str | None = Field(description="Edition of SOC the code belongs to")
    occupation_title: str | None
    area: AreaRef | None = Field(
        default=None, description="Where it was measured; null: the whole country, or not stated"
    )
    population: str = Field(description="Who is counted and who is left out")
    period: str | None = Field(description="When it was measured; null: not stated")
    horizon: str | None = Field(description="First and last year of a projection")
    attributed_to: str | None = Field(description="Whom the article names for the figure")
    reference: ReferenceRead | None
    warnings: list[str]
    superseded_by: str | None = Field(description="Slug of the newer edition")
    see_also: list[str] = Field(description="Slugs of figures nearby, not of newer editions")
    evidence: Evidence


class StatedFigure(BaseModel):
    """A statement and who makes it."""

    statement: str
    sayer: str
    basis: str
    soc_code: str | None
    as_of: str | None


class ConflictRead(StatedFigure):
    """A statement and those that contradict it."""

    slug: str
    conflicts_with: list[StatedFigure]


class StatisticAnswer(StatisticRead, Stamp):
    """One figure beside the newest official ones, and the contradicting statements."""

    beside: list["BesideRead"] = Field(description="Its newer edition first, then those nearby")
    conflicts: list[ConflictRead]


class StatisticQuery(PageParams):
    """Query string of GET /v1/statistics; repeat a parameter to mean any of its values."""

    soc_code: list[SocCode] = Field(
        default_factory=list, max_length=50, description="SOC code", examples=[["29-2072"]]
    )
    soc: list[SocCode] = Field(
        default_factory=list,
        max_length=50,
        description="The same as `soc_code`",
        examples=[["29-2072"]],
    )
    area: list[Text] = Field(
        default_factory=list,
        max_length=10,
        description="Where: a state by its two-letter code, a metropolitan or nonmetropolitan area "
        "by its code, or either by name; without a place, figures are of the whole country. See "
        "/v1/areas",
        examples=[["OH", "18140"]],
    )
    area_kind: list[AreaKind] = Field(
        default_factory=list,
        description="Every area of a kind: all states, all metropolitan areas",
        examples=[["state"]],
    )
    near: NearText | None = Field(
        default=None,
        description="ZIP code, latitude,longitude, or a city such as Macon, GA: figures of the "
        "metropolitan area of the place, then of its state; `place` says how that was decided",
        examples=["43215"],
    )
    measure: list[Measure] = Field(
        default_factory=list, description="What is measured", examples=[["annual_median"]]
    )
    source: Text | None = Field(
        default=None, description="Key of /v1/sources", examples=["bls-oews-2025-05"]
    )
    superseded: bool | None = Field(
        default=None,
        description="true: only figures with a newer edition; false: only current ones",
        examples=[False],
    )


class StatisticPage(Page[StatisticRead]):
    """A page of figures, and where they were measured."""

    place: PlaceRead | None = Field(
        default=None, description="What `near` was taken for; null: not asked"
    )
    price_levels: list[PriceLevelRead] = Field(
        default_factory=list,
        description="How dear living is in the states of `area` and `near`; corrects no figure",
    )


class ComparisonQuery(QueryModel):
    """Query string of GET /v1/statistics/comparison."""

    id: list[Text] = Field(
        min_length=2,
        max_length=4,
        description="Slugs of two to four statistics",
        examples=[["bls_growth_2023_33", "ep_2024_34_29_2072_employment_change_pct"]],
    )


class ReasonRead(BaseModel):
    """Why two figures do not compare."""

    code: str = Field(examples=["other_soc"])
    detail: Sentence


class BesideRead(BaseModel):
    """Another figure, and whether the two can be set against each other."""

    statistic: StatisticRead
    is_newer_edition: bool
    comparable: bool
    reasons: list[ReasonRead] = Field(description="Empty where they compare")


class PairRead(BaseModel):
    """Two of the figures, and whether they can be set against each other."""

    a: str
    b: str
    comparable: bool
    reasons: list[ReasonRead] = Field(description="Empty where they compare")


class StatisticComparison(Stamp):
    """Figures side by side, every pair judged."""

    statistics: list[StatisticRead]
    pairs: list[PairRead]
    superseded: list[str] = Field(description="Slugs of those that have a newer edition")
