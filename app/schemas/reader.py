"""Who asks, over the wire: what makes prices, totals, limits and orders the reader's own."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.domain.vocabulary import StateCode
from app.schemas.pages import QueryModel, Text

ResidencyAsked = TypeAliasType("ResidencyAsked", Literal["in_district", "in_state", "out_of_state"])

HomeState = Annotated[
    StateCode | None,
    Field(
        description="State where the reader lives, a two-letter code: public schools of other "
        "states then cost what people from outside pay",
        examples=["OH"],
    ),
]
WhosePrice = Annotated[
    ResidencyAsked | None,
    Field(
        description="Whose prices to count, wherever the reader lives; default by `home_state` or "
        "`near`, else those of residents of the state. A private school has one price for "
        "everybody",
        examples=["out_of_state"],
    ),
]
NearText = Annotated[
    Text,
    Field(
        max_length=40,
        pattern=r"^(\d{5}|-?\d{1,2}(\.\d{1,8})?\s*,\s*-?\d{1,3}(\.\d{1,8})?)$",
    ),
]
"""A ZIP code, or latitude and longitude."""

ZipCode = Annotated[Text, Field(pattern=r"^\d{5}$")]


class ReaderParams(QueryModel):
    """What a reader tells of home."""

    home_state: HomeState = None
    residency: WhosePrice = None


class ReaderQuery(ReaderParams):
    """What a reader tells of home, by state or by ZIP code."""

    near: ZipCode | None = Field(
        default=None,
        description="ZIP code where the reader lives; its state is the home state where "
        "`home_state` is not given",
        examples=["45402"],
    )
