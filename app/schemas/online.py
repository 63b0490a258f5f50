"""Whether a program can be completed at a distance, over the wire."""

from pydantic import BaseModel, Field

from app.domain.vocabulary import OnlineAnswer


class OnlineCompletion(BaseModel):
    """Whether the program can be completed online, by the newest federal survey that tells.

    A school is asked once for all its programs of a code and award, and not about hybrid teaching.
    """

    answer: OnlineAnswer = Field(
        description="Of the programs of this code and award at the school, all, some (at least "
        "one) or none can be completed entirely online; `none` is not the same as on campus only"
    )
    as_of: str | None = Field(description="The academic year it holds for", examples=["2020-21"])
    source: str
    is_stale: bool = Field(description="Past its shelf life: it tells of that year, not of today")
    leads: bool = Field(
        description="False: a newer statement tells where teaching takes place, see `delivery`"
    )
    is_contradicted: bool = Field(
        description="Whether `delivery` and the survey do not agree; both stand"
    )
