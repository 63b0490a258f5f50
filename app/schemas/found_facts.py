"""Facts that wait for an editor: read on pages, or answered by schools."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.domain.vocabulary import StateCode
from app.schemas.drafts import EditRead
from app.schemas.pages import PageParams, QueryModel, Text

FactDecision = TypeAliasType("FactDecision", Literal["accept", "decline"])


FactOrigin = TypeAliasType("FactOrigin", Literal["page", "school", "reader"])


FactState = TypeAliasType("FactState", Literal["open", "accepted", "declined", "gone"])


class FoundFactsQuery(PageParams, QueryModel):
    """Query string of the facts that wait."""

    state: FactState = Field(default="open", description="What became of them", examples=["open"])
    program: Text | None = Field(
        default=None, description="Only of this program", examples=["ccri-510707-associate"]
    )
    school_state: list[StateCode] = Field(
        default_factory=list, description="State of the school", examples=[["OH"]]
    )
    school: Text | None = Field(
        default=None, description="Words in the name of the school", examples=["Sinclair"]
    )
    check: list[Text] = Field(
        default_factory=list,
        max_length=20,
        description="Only facts that can settle one of these checks",
        examples=[["program_accredited"]],
    )
    collection: list[Text] = Field(
        default_factory=list,
        max_length=20,
        description="Only facts of these kinds",
        examples=[["practicum_claim"]],
    )
    origin: FactOrigin | None = Field(
        default=None,
        description="Read on a page, answered by the school, or sent by a reader",
        examples=["page"],
    )


class FoundFactRead(BaseModel):
    """A fact that a page seems to state, with the words it rests on."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    program: str
    collection: str
    record: dict[str, Any] = Field(description="Columns of the fact, as an editor may write them")
    origin: str
    sentence: str = Field(description="What the page says, at most 400 letters")
    headings: list[str] = Field(description="Headings that the sentence stands under")
    url: str | None
    rule: str = Field(description="The rule that found it")
    confidence: float = Field(description="0 to 1")
    found_at: datetime
    seen_at: datetime = Field(description="When the page said so last")
    state: str
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None
    edit_id: int | None


class FoundFactsPage(BaseModel):
    """One page of facts, those of one program together."""

    items: list[FoundFactRead]
    total: int
    programs: int = Field(description="Programs that the facts are of")
    next: str | None


class AcceptFactRequest(BaseModel):
    """Accept a fact, with what the editor changes of it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"changes": {"hours_high": 160}}]}
    )

    changes: dict[str, Any] = Field(
        default_factory=dict, max_length=30, description="Columns that are to say something else"
    )
    why: Text = Field(default="Read on the page that is named", min_length=3)


class DeclineFactRequest(BaseModel):
    """Decline a fact: it does not come back while its page says the same."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"why": "It speaks of the nursing program"}]},
    )

    why: Text = Field(min_length=3)


class FactDecisionRead(BaseModel):
    """What was decided; ``edit`` is the proposed change that an accepted fact became."""

    fact: FoundFactRead
    edit: EditRead | None


class AnswerLinkRequest(BaseModel):
    """Ask for an address under which a school answers the open questions of a program."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"program": "sinclair-community-college-510707-associate", "days": 60}]
        },
    )

    program: Text
    days: int = Field(default=60, ge=1, le=365, description="How long it works")


class LinkLetter(BaseModel):
    """A letter to a school that names the address made for it."""

    model_config = ConfigDict(from_attributes=True)

    language: str
    subject: str
    text: str = Field(description="Plain text, the questions numbered by what they can settle")
    mailto: str = Field(
        description="Opens it in a mail program, to the program's mailbox if it is known"
    )


class AnswerLinkRead(BaseModel):
    """An address for a school; ``url`` is shown once, when it is made."""

    id: int
    program: str
    url: str | None = Field(description="Shown once")
    made_by: str
    made_at: datetime
    expires_on: datetime
    revoked_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    contact: str | None = Field(
        description="Whom the school says may be asked back; forgotten when the address ends"
    )
    letters: list[LinkLetter] = Field(
        default_factory=list, description="In each language; shown once, as they name the address"
    )


class AnswerLinksRead(BaseModel):
    """The addresses made for schools, the newest first."""

    items: list[AnswerLinkRead]


class DecideAllRequest(BaseModel):
    """Accept or decline all that waits of one program."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "program": "sinclair-community-college-510707-associate",
                    "decision": "accept",
                    "least_confidence": 0.8,
                    "why": "Looked at each",
                }
            ]
        },
    )

    program: Text
    decision: FactDecision
    origin: FactOrigin | None = Field(
        default=None, description="Only what was read on pages, or answered by the school"
    )
    least_confidence: float = Field(default=0, ge=0, le=1, description="Only facts this sure")
    why: Text = Field(min_length=3)


class RefusedFact(BaseModel):
    """A fact that could not be accepted as it stands."""

    id: int
    reason: str


class DecidedAllRead(BaseModel):
    """What became of all that waited of a program."""

    decided: list[int]
    refused: list[RefusedFact]


class PageReviewRead(BaseModel):
    """A page behind current facts that is gone, moved, or says otherwise."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    program: str
    url: str
    outcome: str = Field(description="changed, moved or gone")
    url_now: str | None
    lost: list[str] = Field(description="Facts whose words the page has no more")
    found_at: datetime


class PageReviewsRead(BaseModel):
    """The pages that an editor is to look at, the oldest first."""

    items: list[PageReviewRead]
