"""The curation queue over the wire."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.domain.vocabulary import Basis, Finding, StateCode
from app.schemas.drafts import EditRead
from app.schemas.pages import Evidence, QueryModel, Stamp, Text

SettledBy = TypeAliasType("SettledBy", Literal["refresh", "people"])


class QueueQuery(QueryModel):
    """Query string of the curation queue."""

    limit: int = Field(default=20, ge=1, le=100, description="Checks at most", examples=[20])
    state: list[StateCode] = Field(
        default_factory=list, description="State of the school", examples=[["OH"]]
    )
    check: list[Text] = Field(
        default_factory=list,
        max_length=20,
        description="Only these checks",
        examples=[["program_accredited"]],
    )
    settled_by: SettledBy | None = Field(
        default=None,
        description="refresh: only what a newer edition of a public file can settle; people: only "
        "what no public file tells, so that somebody must read or ask",
        examples=["people"],
    )
    program: Text | None = Field(
        default=None,
        description="Only this program",
        examples=["sinclair-community-college-510707-associate"],
    )


class QueueItem(BaseModel):
    """One open check of one program, and what settling it is worth."""

    program: str
    institution: str
    check: str = Field(examples=["program_accredited"])
    label: str
    completions: int | None = Field(description="Awards of the newest year; null: not known")
    points_at_stake: float = Field(description="Points of 100 that hang on it")
    weight: float = Field(description="Completions (at least 1) times points at stake")
    reason: str = Field(description="Why it is open")
    ask: str
    whom: str
    evidence: list[Evidence]
    website: str | None = Field(description="Where to look first")
    settled_by: list[str] = Field(
        description="Publications whose next edition can settle it, as `hit-compare refresh` calls "
        "them; empty: only people can",
        examples=[["ipeds-charges-year"]],
    )
    found_facts: int = Field(description="Facts found on pages of the program that wait")


class QueueRead(Stamp):
    """Open checks, the weightiest first."""

    items: list[QueueItem]
    total: int = Field(description="Open checks of all programs looked at")
    programs_looked_at: int = Field(description="Those that most students finish")


class SettleRequest(BaseModel):
    """What a page shows about one check of one program, with that page as evidence."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "program": "sinclair-community-college-510707-associate",
                    "check": "tuition",
                    "finding": "met",
                    "source_url": "https://www.sinclair.edu/tuition",
                    "as_of": "2026-27",
                    "basis": "stated_by_institution",
                    "details": {
                        "amount_low_cents": 450000,
                        "amount_high_cents": 450000,
                        "unit": "year",
                        "residency": "in_state",
                    },
                    "why": "Read on the school's page of prices.",
                }
            ]
        },
    )

    program: Text
    check: Text
    finding: Finding
    source_url: Text = Field(max_length=2_000)
    as_of: Text | None = Field(description="Date on the page; null: it bears none")
    basis: Basis = Basis.STATED_BY_INSTITUTION
    details: dict[str, Any] = Field(
        default_factory=dict, max_length=30, description="Further columns of the claim"
    )
    why: Text = Field(min_length=3)


class SettleRead(BaseModel):
    """The proposed claim, and what the check says once it is published."""

    edit: EditRead
    check: str
    finding_before: Finding
    finding_after: Finding
    reason: str
