"""Credits brought into a program, over the wire."""

from pydantic import BaseModel, Field

from app.schemas.advancement import Credits
from app.schemas.messages import Sentence
from app.schemas.pages import DayQuery, Evidence, Stamp, Text
from app.schemas.timeline import AssumptionRead, MonthsRead


class TransferQuery(DayQuery):
    """Query string of GET /v1/programs/{slug}/transfer."""

    credits: Credits | None = Field(
        default=None, description="Semester credits that you bring", examples=[45]
    )
    brought_from: Text | None = Field(
        default=None,
        alias="from",
        max_length=200,
        description="Where they were earned: the slug of a program, or the name of a school",
        examples=["pitt-community-college-510707-associate"],
    )


class BoundsRead(BaseModel):
    """Bounds in semester credits; null is unknown, or open upward."""

    low: float
    high: float | None


class AwardCredits(BaseModel):
    """Semester credits of the whole award."""

    value: float | None = Field(description="null: not known")
    is_assumed: bool = Field(description="The usual size of such an award, no source tells")


class TransferGround(BaseModel):
    """Something that bears on how many credits count."""

    topic: str = Field(
        description="transfer_policy, credits_accepted, articulation, prior_learning or old"
    )
    text: Sentence
    evidence: list[Evidence]


class TransferQuestion(BaseModel):
    """What to ask, and whom."""

    ask: Sentence
    whom: str


class TransferEstimate(Stamp):
    """How many credits count here and what is left, as far as sources tell."""

    program: str
    institution: str
    award_level: str | None
    credits: float | None
    brought_from: str | None
    is_known: bool = Field(description="False: no source bounds it, so it is none to all")
    summary: Sentence
    counted: BoundsRead = Field(description="Credits that count")
    needed: AwardCredits
    left: BoundsRead | None = Field(description="Credits left to earn; null: not known")
    months_left: MonthsRead = Field(description="At full time, in proportion to what is left")
    grounds: list[TransferGround]
    assumptions: list[AssumptionRead]
    questions: list[TransferQuestion]
