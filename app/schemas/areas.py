"""Areas over the wire: what occupations pay there, and how dear living is."""

from typing import Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.domain.vocabulary import AreaKind, Measure, ValueStatus
from app.schemas.messages import Sentence
from app.schemas.pages import DayQuery, Evidence, PageParams, QueryModel, Stamp, Text
from app.schemas.reader import NearText, State

DecidedBy = TypeAliasType(
    "DecidedBy",
    Literal["nearest_school", "only_nonmetropolitan_area", "state_of_zip_code", "state", "school"],
)


class AreaRef(BaseModel):
    """A part of the country that wages are surveyed for, or the whole of it."""

    code: str = Field(
        description="USPS code of a state, five-digit code of a metropolitan area (CBSA), "
        "seven-digit BLS code of a nonmetropolitan one, or US for the whole country",
        examples=["OH"],
    )
    title: str = Field(examples=["Ohio"])
    kind: AreaKind | Literal["country"]
    states: list[str] = Field(examples=[["OH"]])


class PriceLevelRead(BaseModel):
    """How dear living in a state was in a year; the whole country is 100. It corrects no wage."""

    state: str = Field(examples=["OH"])
    state_name: str
    year: int = Field(examples=[2023])
    all_items: float | None = Field(examples=[91.812])
    goods: float | None
    housing: float | None
    utilities: float | None
    other_services: float | None
    evidence: Evidence


class SchoolNearby(BaseModel):
    """The school by whose statistical area a place was put into one."""

    unitid: int | None
    name: str
    miles: float


class PlaceRead(BaseModel):
    """Where a place was taken to be, and how that was decided."""

    near: str | None = Field(description="As asked for; null: a state was asked for")
    state: str | None
    area: AreaRef | None = Field(
        description="Its metropolitan or nonmetropolitan area; null: not decided"
    )
    decided_by: DecidedBy
    school: SchoolNearby | None = Field(description="null: no school decided it")
    note: Sentence


class OccupationPay(BaseModel):
    """Jobs and yearly pay (USD) in one occupation in one area, as surveyed from employers."""

    soc_code: str = Field(examples=["29-2072"])
    occupation: str
    area: AreaRef
    status: ValueStatus = Field(
        description="Of the median: reported, withheld, or not_published where the survey prints "
        "nothing for the occupation in the area"
    )
    period: str | None = Field(examples=["2025-05"])
    annual_median: int | None
    annual_mean: int | None
    annual_p10: int | None
    annual_p25: int | None
    annual_p75: int | None
    annual_p90: int | None
    employment: int | None = Field(description="Jobs")
    jobs_per_1000: float | None = Field(description="Of a thousand jobs in the area")
    location_quotient: float | None = Field(
        description="How usual the occupation is in the area; 1 = as in the whole country"
    )
    withheld: list[Measure] = Field(description="Numbers the survey does not release")
    open_upward: list[Measure] = Field(description="Numbers that are the least they can be")
    national_median: float | None = Field(description="Of the whole country, newest edition")
    population: str
    evidence: Evidence | None = Field(description="null: nothing is published")
    url: str = Field(description="The same as figures")


class PayRead(BaseModel):
    """What occupations pay in some areas, with how dear living is in their states.

    A wage is of an occupation in an area, never of the graduates of a program, and scores nothing.
    """

    place: PlaceRead | None = Field(description="null: no place was asked for")
    areas: list[AreaRef]
    occupations: list[OccupationPay] = Field(description="By occupation, then by area")
    price_levels: list[PriceLevelRead] = Field(description="Newest year of each state")
    notes: list[Sentence] = Field(description="What the figures are of, and what they are not")


class PlaceQuery(QueryModel):
    """For which place to tell the pay: that asked for, or where the reader lives."""

    state: State | None = Field(
        default=None,
        description="State or territory, a two-letter code: adds `pay` there",
        examples=["OH"],
    )
    near: NearText | None = Field(
        default=None,
        description="ZIP code, latitude,longitude, or a city such as Macon, GA: adds `pay` in the "
        "metropolitan area of the place, and in its state",
        examples=["43215"],
    )
    home_state: State | None = Field(
        default=None,
        description="State where the reader lives, a two-letter code: adds `pay` there, as `state` "
        "does",
        examples=["OH"],
    )

    @property
    def states(self) -> list[str]:
        """The states asked for, that of the question first."""
        return list(dict.fromkeys(map(str, filter(None, (self.state, self.home_state)))))


class PlaceDayQuery(PlaceQuery, DayQuery):
    """For which day to tell, and for which place the pay."""


class AreaQuery(PageParams):
    """Query string of GET /v1/areas; repeat a parameter to mean any of its values."""

    q: Text | None = Field(
        default=None, min_length=2, description="Words in the name", examples=["columbus"]
    )
    state: list[State] = Field(
        default_factory=list, description="Areas that lie in it, or partly", examples=[["OH"]]
    )
    kind: list[AreaKind] = Field(
        default_factory=list, description="State, metropolitan or not", examples=[["metro"]]
    )


class AreaItem(AreaRef):
    """An area in a list."""

    url: str
    source: str


class AreaAnswer(AreaItem, Stamp):
    """One area: what every occupation pays there, and price levels of its states, newest first."""

    occupations: list[OccupationPay]
    price_levels: list[PriceLevelRead] = Field(description="Every year, newest first")
    notes: list[Sentence]
