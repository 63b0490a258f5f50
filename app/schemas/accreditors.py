"""Accreditors over the wire: what they grant to whom, what each status means."""

from typing import Any

from pydantic import BaseModel, Field

from app.domain.accreditors import RemitKind
from app.domain.vocabulary import AwardLevel
from app.schemas.pages import Evidence, Stamp


class AccreditorFactRead(BaseModel):
    """A fact on an accrediting or approving body."""

    body: str
    fact: str
    value: str
    note: str | None
    source_url: str


class RemitRead(BaseModel):
    """What one body grants to programs of some fields and awards."""

    body: str = Field(description="Short name", examples=["CAHIIM"])
    name: str
    other_names: list[str] = Field(description="Former names and other spellings")
    kind: RemitKind = Field(description="Only the first is an accreditation")
    field: str
    cip_codes: list[str] = Field(description="CIP 2020", examples=[["51.0706", "51.0707"]])
    award_levels: list[AwardLevel]
    is_certain: bool = Field(
        description="False: the body may accept such a program, so ask the school"
    )
    began_on: str | None = Field(description="Date, month or year; null: no source tells")
    ended_on: str | None = Field(description="null: it goes on")
    note: str | None
    evidence: list[Evidence]


class OpenQuestion(BaseModel):
    """What no page that was read tells."""

    field: str
    question: str
    whom: str


class AccreditorsRead(Stamp):
    """What accreditors of the field do, and what each status means, with a source a cell."""

    remits: list[RemitRead] = Field(
        description="Who accredits, certifies or approves what, by field and award; for programs "
        "of other fields and awards there is no accreditor"
    )
    facts: list[AccreditorFactRead]
    statuses: list[dict[str, Any]] = Field(description="A null cell is unknown")
    applicability: list[dict[str, Any]] = Field(description="Which awards can be accredited")
    questions: list[OpenQuestion] = Field(description="What is not known of accreditation")
