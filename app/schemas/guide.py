"""The career guide over the wire."""

from enum import StrEnum
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from app.domain.credentials.leads_to import GateCode
from app.schemas.pages import Page, Stamp, sent_always


class GuideFacts(BaseModel):
    """What an entry can say; an entry has only the fields of its section."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _of_earlier_version(cls, facts: dict[str, Any]) -> dict[str, Any]:
        """Read what an earlier version stored: one code for several, gates among warnings."""
        if isinstance(facts, dict) and "warning_code" in facts:
            rest = {name: value for name, value in facts.items() if name != "warning_code"}
            facts = {**rest, "warning_codes": [facts["warning_code"]]}
        if isinstance(facts, dict) and facts.get("warning_codes") == [GateCode.NOT_ELIGIBLE_RHIT]:
            rest = {name: value for name, value in facts.items() if name != "warning_codes"}
            return {**rest, "gate_codes": [GateCode.NOT_ELIGIBLE_RHIT.value]}
        return facts

    @model_validator(mode="after")
    def _zero_is_a_bound(self) -> Self:
        if self.months_low == 0 and not self.months_high:
            raise ValueError("months_low 0 is unknown, unless months_high tells how long at most")
        return self

    summary: str | None = None
    what: str | None = None
    why: str | None = None
    how: str | None = None
    better_approach: str | None = None
    implication: str | None = None
    advice: str | None = None
    caution: str | None = None
    best_for: str | None = None
    decision_point: str | None = None
    question: str | None = None
    asks: str | None = None
    answer: str | None = None
    good_fit: str | None = None
    not_fit: str | None = None
    items: list[str] | None = None
    months_low: int | None = Field(
        default=None, ge=0, description="Absent: unknown; 0 only where there is a longer bound"
    )
    months_high: int | None = Field(default=None, ge=1, description="Absent: unknown, never 0")
    months_note: str | None = None
    varies_with: list[str] | None = None
    criteria: list[str] | None = Field(default=None, description="Criteria of the rubric")
    checks: list[str] | None = Field(default=None, description="Checks of the rubric")
    unscored: list[str] | None = Field(default=None, description="Shown beside the score")
    warning_codes: list[str] | None = Field(default=None, description="Warnings of the checklist")
    gate_codes: list[str] | None = Field(default=None, description="Gates of the checklist")
    skills: list[str] | None = Field(default=None, description="Slugs of section skills")
    paths: list[str] | None = Field(default=None, description="Slugs of /v1/advancement-paths")
    statistics: list[str] | None = Field(default=None, description="Slugs of /v1/statistics")
    credentials: list[str] | None = Field(default=None, description="Codes of /v1/credentials")
    topics: list[str] | None = Field(default=None, description="Sections that say more")
    references: list[str] | None = None
    link_to: list[str] | None = Field(default=None, description="Entries, as section/slug")
    named_in: list[str] | None = None


class FitSide(StrEnum):
    """Whom a statement describes."""

    GOOD_FIT = "good_fit"
    NOT_FIT = "not_fit"


class FitStatement(BaseModel):
    """One statement to say yes or no to."""

    key: str = Field(
        description="Key of an answer of POST /v1/fit", examples=["clinical_contact.good_fit"]
    )
    side: FitSide
    text: str


class GuideEntryRead(GuideFacts):
    """One entry; `filled` names the fields that hit-compare added to the source."""

    model_config = ConfigDict(json_schema_extra=sent_always())

    section: str = Field(examples=["questions"])
    slug: str = Field(examples=["publishes_costs"])
    position: int
    kind: str | None = None
    label: str
    basis: str
    source: str
    filled: list[str]
    statements: list[FitStatement] | None = Field(
        default=None, description="Section fit: both sides, each to be answered"
    )

    @model_serializer(mode="wrap")
    def _without_absent(self, handler: SerializerFunctionWrapHandler):  # type: ignore[no-untyped-def]
        # without a return annotation, which would take the place of the schema
        return {name: value for name, value in handler(self).items() if value is not None}


class GuideEntryAnswer(GuideEntryRead, Stamp):
    """One entry with its stamp."""


class GuideSection(BaseModel):
    """A section and how many entries it has."""

    section: str = Field(examples=["questions"])
    position: int = Field(description="In reading order, from 1")
    title: str
    summary: str | None = Field(description="What it tells, in a sentence")
    entries: int
    url: str


class GuideSectionPage(Page[GuideSection]):
    """The sections in reading order."""

    left_out: list[str] = Field(
        description="What the source of the guide says and the guide leaves out on purpose, and why"
    )
