"""Reports of wrong facts, over the wire."""

import json
import re
from datetime import datetime
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator
from typing_extensions import TypeAliasType

from app.domain.evidence import to_span
from app.domain.independence import refusal_of
from app.domain.messages import Message
from app.schemas.drafts import EditRead
from app.schemas.pages import Cursor, Page, PageParams, Text, printable
from app.schemas.records import URL, reason_against, texts_in
from app.schemas.site import VisitQuery

CorrectionState = TypeAliasType("CorrectionState", Literal["open", "accepted", "declined"])

ReportedCollection = TypeAliasType(
    "ReportedCollection",
    Literal[
        "program",
        "institution",
        "credential",
        "work_setting",
        "advancement_path",
        "advancement_step",
        "guide_entry",
        "source",
        "statistic",
    ],
)
REPORTED_COLLECTIONS: tuple[str, ...] = get_args(ReportedCollection.__value__)

MOST_PROPOSED = 4_096
"""Bytes that all proposed values take as JSON."""

LONGEST_PROPOSED = 1_000
"""Characters of one proposed text."""

_TURNED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What turns or breaks a line, so that a page would show other words than were sent."""


class CorrectionRequest(BaseModel):
    """What is wrong, and the page that shows it. Leave names and addresses of people out."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "collection": "program",
                    "key": "sinclair-community-college-510707-associate",
                    "field": "practicum",
                    "statement": "A practicum of 120 hours is required.",
                    "source_url": "https://www.sinclair.edu/program/hit",
                    "seen_on": "2026-11-20",
                }
            ]
        },
    )

    collection: ReportedCollection = Field(description="What kind of record is wrong")
    key: Text = Field(min_length=1, max_length=300, description="Its slug or code")
    field: Text | None = Field(default=None, max_length=60, description="Which fact of it")
    statement: Text = Field(
        min_length=10, max_length=1_000, description="What is right, in your own words"
    )
    source_url: URL = Field(
        description="The page that shows it", examples=["https://www.sinclair.edu/program/hit"]
    )
    seen_on: Text | None = Field(default=None, description="When you saw it, as a date")
    proposed: dict[str, Any] | None = Field(
        default=None,
        max_length=30,
        description="Columns of that kind of record as they should read, if you know them; "
        "4 kB in all",
        examples=[{"url": "https://www.sinclair.edu/program/hit"}],
    )
    website: Text | None = Field(
        default=None, description="Leave it empty: only machines that fill every field do not"
    )

    @field_validator("website")
    @classmethod
    def _is_empty(cls, website: str | None) -> str | None:
        if website:
            raise ValueError(Message("it must be left empty"))
        return website

    @field_validator("seen_on")
    @classmethod
    def _is_date(cls, seen_on: str | None) -> str | None:
        to_span(seen_on)
        return seen_on

    @field_validator("field", "statement")
    @classmethod
    def _reads_as_sent(cls, text: str | None) -> str | None:
        if text and _TURNED.search(text):
            raise ValueError(Message("characters that turn or break a line are not accepted"))
        return text

    @field_validator("proposed")
    @classmethod
    def _is_short(cls, proposed: dict[str, Any] | None) -> dict[str, Any] | None:
        size = len(json.dumps(proposed, ensure_ascii=False, separators=(",", ":")).encode())
        if size > MOST_PROPOSED:
            raise ValueError(f"it takes {size:,} bytes; at most {MOST_PROPOSED:,} are taken")
        for path, text in texts_in(proposed):
            if len(text) > LONGEST_PROPOSED:
                raise ValueError(f"{path}: a text has at most {LONGEST_PROPOSED:,} characters")
            if reason := reason_against(path, printable(text)):
                raise ValueError(f"{path}: {reason}")
        return proposed

    @field_validator("statement", "source_url")
    @classmethod
    def _is_independent(cls, text: str) -> str:
        if reason := refusal_of(text):
            raise ValueError(reason)
        return text

    @field_validator("statement")
    @classmethod
    def _is_no_list_of_links(cls, statement: str) -> str:
        if statement.lower().count("http") > 1:
            raise ValueError(
                Message("it may hold one address at most; the page goes to source_url")
            )
        return statement


class CorrectionRead(BaseModel):
    """One report and what became of it."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    collection: str
    key: str
    field: str | None
    statement: str = Field(description="Empty: hidden, see hidden_at")
    source_url: str = Field(description="Empty: hidden, see hidden_at")
    seen_on: str | None
    proposed: dict[str, Any] | None
    created_at: datetime
    state: CorrectionState
    reason: str | None = Field(description="Why it was accepted or declined")
    decided_at: datetime | None
    edit_id: int | None = Field(description="The proposed change that it became")
    hidden_at: datetime | None = Field(description="When an editor took its words away")
    hidden_reason: str | None = Field(description="Why they were taken away")


class CorrectionsQuery(PageParams):
    """Query string of the log of reports."""

    state: list[CorrectionState] = Field(
        default_factory=list, description="Where it stands", examples=[["open"]]
    )
    collection: ReportedCollection | None = Field(
        default=None, description="Kind of record", examples=["program"]
    )
    key: Text | None = Field(
        default=None,
        max_length=300,
        description="Slug or code",
        examples=["sinclair-community-college-510707-associate"],
    )


class CorrectionsVisit(VisitQuery):
    """Query string of the page of reports: which to list, and what its form begins with."""

    state: CorrectionState | None = None
    collection: Text | None = Field(default=None, max_length=50)
    key: Text | None = Field(default=None, max_length=300)
    field: Text | None = Field(default=None, max_length=60)
    cursor: Cursor | None = None


class CorrectionPage(Page[CorrectionRead]):
    """One page of reports, the newest first."""


class AcceptRequest(BaseModel):
    """The change that a report becomes: a new fact, or other values of a record."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "reason": "The page says so.",
                    "collection": "practicum_claim",
                    "values": {"availability": "required", "hours_low": 120, "hours_high": 120},
                }
            ]
        },
    )

    reason: Text = Field(min_length=3, description="Why it is right")
    collection: Text = Field(
        max_length=50, description="Collection of the new fact, or that of the record to change"
    )
    values: dict[str, Any] = Field(
        default_factory=dict,
        max_length=50,
        description="Columns; the report's page and date are the evidence unless given here",
    )


class DeclineRequest(BaseModel):
    """Why a report is not followed."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "The page is of 2019."}]}
    )

    reason: Text = Field(min_length=3)


class HideRequest(BaseModel):
    """Why the words of a report are taken away; this is public, so it must not repeat them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "It names a person."}]}
    )

    reason: Text = Field(min_length=3, description="Why, without the words themselves")
    decision_too: bool = Field(
        default=False, description="Whether the reason of the decision goes too, as it quotes them"
    )


class DecisionRead(BaseModel):
    """The report as decided, and the change it became."""

    correction: CorrectionRead
    edit: EditRead | None
