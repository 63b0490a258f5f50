"""Which statements on fit an answer sheet matches, over the wire."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.guide import FitSide
from app.schemas.pages import Stamp


class FitAnswer(StrEnum):
    """What somebody says to a statement."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class FitRequest(BaseModel):
    """Answers to statements of the guide's section fit; nothing is stored."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "answers": {
                        "clinical_contact.good_fit": "yes",
                        "clinical_contact.not_fit": "no",
                        "rules.not_fit": "unsure",
                    }
                }
            ]
        },
    )

    answers: dict[str, FitAnswer] = Field(
        max_length=100,
        description="Key of a statement -> answer; /v1/guide/fit lists the statements. Those "
        "left out stay open",
    )


class FitMatch(BaseModel):
    """A statement with the answer given to it."""

    key: str = Field(examples=["clinical_contact.good_fit"])
    side: FitSide
    label: str = Field(description="What the statement is about")
    text: str
    answer: FitAnswer | None = Field(description="null: not answered")
    basis: str
    source: str
    url: str


class FitRead(Stamp):
    """Every statement once: matched, not matched, or open. There is no verdict beyond that."""

    matched: list[FitMatch] = Field(description="Answered yes")
    not_matched: list[FitMatch] = Field(description="Answered no")
    open: list[FitMatch] = Field(description="Answered unsure, or not at all")
    note: str = (
        "These are the statements of one career guide. Which of them weigh more is for the "
        "reader to say: nothing is added up, and no verdict is given."
    )
