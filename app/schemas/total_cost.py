"""The whole cost of a program over the wire."""

from typing import Annotated

from pydantic import BaseModel, Field

from app.domain.messages import N_
from app.domain.vocabulary import Pace
from app.schemas.briefs import BriefQuery
from app.schemas.messages import Sentence
from app.schemas.pages import DayQuery, Evidence, Stamp, Text
from app.schemas.reader import ReaderQuery, ResidencyAsked
from app.schemas.timeline import AssumptionRead, PaceQuery


class TotalCostQuery(PaceQuery, DayQuery, ReaderQuery, BriefQuery):
    """Query string of GET /v1/programs/{slug}/total-cost."""

    credential: Text | None = Field(
        default=None,
        max_length=100,
        description="Credential whose exam ends the way; default the first that the program says "
        "it prepares for",
        examples=["RHIT"],
    )


class AmountRead(BaseModel):
    """A sum in US dollars; a null high end is open upward, never 0."""

    low_usd: float
    high_usd: float | None


class TimesRead(BaseModel):
    """How often a price is paid, at least and at most."""

    low: float
    high: float
    is_nominal: bool = Field(
        description="Rests on the usual length of the award, for none is stated"
    )


ForWhom = Annotated[
    Sentence, Field(description="The same in words", examples=["for residents of Ohio"])
]
TotalInDistrict = Annotated[
    AmountRead | None,
    Field(
        description="The total for residents of the school's district; null: no lower one is told"
    ),
]
TotalInState = Annotated[
    AmountRead | None,
    Field(
        description="The total for residents of the state; null: not known, or one for everybody"
    ),
]
TotalOutOfState = Annotated[
    AmountRead | None,
    Field(
        description="The total for people from outside the state; null: not known, or one for "
        "everybody"
    ),
]


class CostLineRead(AmountRead):
    """One part that is counted."""

    component: str = Field(
        description="tuition, fees, books, technology, exam or membership", examples=["tuition"]
    )
    label: str | None = Field(description="The school's own word for a fee")
    unit: str = Field(description="What the price is charged for", examples=["year"])
    times: TimesRead
    contains: list[str] = Field(description="Other parts that are already in this amount")
    reason: Sentence = Field(description="Which price was taken, and how often, in one sentence")
    evidence: list[Evidence]


class MissingPartRead(BaseModel):
    """A part without a price that counts; it comes on top, and is never 0."""

    component: str
    reason: Sentence
    ask: Sentence
    whom: str
    evidence: list[Evidence] = Field(description="What is known and does not count")


class LeftOutRead(BaseModel):
    """A known price that is not added, with why."""

    component: str
    label: str | None
    low_usd: float | None
    high_usd: float | None
    reason: Sentence
    evidence: list[Evidence]


class TotalRead(BaseModel):
    """The sum of the parts that are counted."""

    low_usd: float | None = Field(
        description="null: no price of the tuition counts, or nothing tells how often it is paid"
    )
    high_usd: float | None = Field(description="null: no total, or it is open upward")
    is_complete: bool = Field(
        description="True: every part is priced, though one may have no upper end (`is_open`). "
        "False: parts in `missing` come on top"
    )
    is_open: bool = Field(description="A counted part has no upper end, so neither has the sum")
    is_length_assumed: bool = Field(
        description="The usual length of the award stands for the program's own, for none is stated"
    )


class TotalCostRead(Stamp):
    """From low to high, what a program costs up to the credential."""

    program: str
    name: str
    institution: str
    residency: ResidencyAsked = Field(description="As whom the reader pays at this school")
    holds_for: str | None = Field(
        description="For whom the total holds: a residency, `any` for everybody, null: not stated"
    )
    for_whom: ForWhom
    in_district: TotalInDistrict
    in_state: TotalInState
    out_of_state: TotalOutOfState
    pace: Pace
    credits_per_term: int | None
    credential: str | None = Field(description="Whose exam is counted; null: none is named")
    prepares_for: list[str] = Field(description="Credentials that the program names")
    total: TotalRead
    components: list[CostLineRead]
    missing: list[MissingPartRead]
    left_out: list[LeftOutRead]
    assumptions: list[AssumptionRead]
    note: str = N_(
        "Before financial aid, in dollars of the years named. Verify with school and issuer."
    )
