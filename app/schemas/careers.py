"""Careers over the wire: the field's occupations, what they pay and what they ask for."""

from pydantic import BaseModel, Field

from app.schemas.areas import AreaRef, OccupationPay, PlaceQuery, PlaceRead, PriceLevelRead
from app.schemas.messages import Sentence
from app.schemas.pages import Stamp
from app.schemas.statistics import SocCode, StatisticRead


class CareersQuery(PlaceQuery):
    """Query string of GET /v1/careers."""

    soc_code: SocCode | None = Field(
        default=None,
        description="Of this occupation alone, in every state; without it, of all occupations of "
        "the field, in the place asked for",
        examples=["29-2072"],
    )


class CareerRole(BaseModel):
    """A role that people of an occupation have."""

    slug: str = Field(examples=["medical-coder"])
    label: str
    url: str


class CareerRead(BaseModel):
    """An occupation: its pay in each area, and what its roles ask for."""

    soc_code: str = Field(examples=["29-2072"])
    title: str
    url: str
    pay: list[OccupationPay] = Field(description="Of the whole country, then of each area")
    roles: list[CareerRole] = Field(description="Roles of the catalogue that belong to it")
    credentials: list[str] = Field(
        description="Codes of credentials that those roles name; empty: no role tells"
    )
    education: StatisticRead | None = Field(
        description="Education usual at entry; null: nobody tells"
    )
    growth: StatisticRead | None = Field(description="Projected change of jobs; null: not told")


class CareersRead(Stamp):
    """The field's occupations side by side, or one state by state."""

    place: PlaceRead | None = Field(description="null: no place was asked for")
    areas: list[AreaRef] = Field(description="The whole country first")
    careers: list[CareerRead] = Field(description="The best paid in the country first")
    price_levels: list[PriceLevelRead]
    notes: list[Sentence]
