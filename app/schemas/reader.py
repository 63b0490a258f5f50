"""Who asks, over the wire: what makes prices, totals, limits and orders the reader's own."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from typing_extensions import TypeAliasType

from app.domain.text.identifiers import fold
from app.domain.vocabulary import STATE_NAMES, StateCode
from app.schemas.pages import QueryModel, Text

ResidencyAsked = TypeAliasType("ResidencyAsked", Literal["in_district", "in_state", "out_of_state"])


def state_meant(value: object) -> object:
    """Return the code of a state that is named, or written in small letters; else what is given."""
    if not isinstance(value, str):
        return value
    return value.upper() if value.upper() in STATE_NAMES else _STATES.get(fold(value), value)


_STATES = {fold(name): code for code, name in STATE_NAMES.items()}

State = Annotated[StateCode, BeforeValidator(state_meant)]
"""A state by its two-letter code; its name is understood."""

HomeState = Annotated[
    State | None,
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
NearText = Annotated[Text, Field(min_length=2, max_length=60)]
"""A ZIP code, latitude and longitude, or a city: "Macon, GA"."""

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
