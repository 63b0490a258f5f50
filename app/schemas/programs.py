"""Programs over the wire: the list item, the whole record, the search query."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, field_validator

from app.domain.identifiers import parse_cip_prefix
from app.domain.vocabulary import (
    CERTIFICATE,
    AwardLevel,
    Control,
    Delivery,
    Finding,
    StateCode,
)
from app.schemas.checklists import ScoreRead
from app.schemas.claims import (
    AccreditationRead,
    AnyClaim,
    CostRead,
    OfferingRead,
    OutcomeRead,
    PracticumRead,
    PreparationRead,
    ServiceRead,
    TopicRead,
    TransferRead,
)
from app.schemas.pages import DayQuery, Evidence, Page, PageParams, Stamp, Text

AwardLevelFilter = StrEnum(  # type: ignore[misc]
    "AwardLevelFilter",
    {"CERTIFICATE": CERTIFICATE, **{level.name: level.value for level in AwardLevel}},
)


class InstitutionBrief(BaseModel):
    """The school of a program."""

    unitid: int | None = Field(description="IPEDS key; null: not in the federal directory")
    slug: str
    name: str
    city: str | None
    state: str
    control: Control | None
    website: str | None


class MonthsRange(BaseModel):
    """Length in months; equal when one figure is stated."""

    low: float
    high: float


class Price(BaseModel):
    """Tuition and fees together, and what exactly the amount is."""

    tuition_and_fees_usd: float
    basis: str = Field(description="What is paid for: program or year")
    level: str = Field(description="Whether the price is of this program or of the institution")
    residency: str | None
    academic_year: str | None
    source: str


class CompletionCount(BaseModel):
    """Awards of one academic year; 0: on offer, no award that year."""

    academic_year: str
    count: int


class ProgramSummary(BaseModel):
    """An item of the list; null is unknown."""

    slug: str
    name: str
    cip_code: str | None = Field(description="CIP 2020", examples=["51.0707"])
    cip_title: str | None
    award_level: AwardLevel | None
    award_as_stated: str | None
    institution: InstitutionBrief
    delivery: list[Delivery] | None = Field(description="null: no source tells")
    months: MonthsRange | None
    price: Price | None
    accreditation: Finding = Field(description="Finding of the check program_accredited")
    prepares_for: list[str]
    completions: CompletionCount | None
    score: ScoreRead
    updated_at: datetime


class ProgramSort(StrEnum):
    """Sort keys; a minus turns the order round. Unknowns always come last."""

    INSTITUTION = "institution"
    INSTITUTION_DOWN = "-institution"
    NAME = "name"
    NAME_DOWN = "-name"
    SCORE = "score"
    SCORE_DOWN = "-score"
    TUITION = "tuition"
    TUITION_DOWN = "-tuition"
    COMPLETIONS = "completions"
    COMPLETIONS_DOWN = "-completions"
    LENGTH = "length"
    LENGTH_DOWN = "-length"


class ProgramQuery(PageParams):
    """Query string of GET /v1/programs; repeat a parameter to mean any of its values."""

    q: Text | None = Field(
        default=None,
        min_length=2,
        description="Words in the program's or school's name, place or credential",
        examples=["columbus health information"],
    )
    state: list[StateCode] = Field(
        default_factory=list, description="Two-letter code", examples=[["OH"]]
    )
    award_level: list[AwardLevelFilter] = Field(
        default_factory=list,
        description="Award; `certificate` is every award below associate",
        examples=[["associate"]],
    )
    cip_code: list[Text] = Field(
        default_factory=list,
        max_length=50,
        description="CIP code, or a series or family: 51.0707, 51.07, 51",
        examples=[["51.0707"]],
    )
    control: list[Control] = Field(
        default_factory=list, description="Who runs the school", examples=[["public"]]
    )
    delivery: list[Delivery] = Field(
        default_factory=list, description="Where teaching takes place", examples=[["online"]]
    )
    accreditation: list[Finding] = Field(
        default_factory=list,
        description="Finding of the check program_accredited",
        examples=[["met", "partly_met"]],
    )
    credential: list[Text] = Field(
        default_factory=list,
        max_length=50,
        description="Code of a credential the program says it prepares for",
        examples=[["RHIT"]],
    )
    unitid: list[Annotated[int, Field(ge=100_000, le=999_999)]] = Field(
        default_factory=list,
        max_length=50,
        description="IPEDS key of the school",
        examples=[[202222]],
    )
    sort: list[ProgramSort] = Field(
        default_factory=lambda: [ProgramSort.INSTITUTION, ProgramSort.NAME],
        max_length=6,
        description="Sort keys, first one first; - turns the order round; unknowns last",
        examples=[["-score", "institution"]],
    )
    weights: str | None = Field(
        default=None,
        max_length=300,
        description="Criterion weights for scores shown and sorted by, as for the checklist",
        examples=["accreditation:40,cost_transparency:20,transfer_credits:20,practicum_access:20"],
    )

    @field_validator("cip_code")
    @classmethod
    def _as_prefix(cls, codes: list[str]) -> list[str]:
        return [parse_cip_prefix(code) for code in codes]


class ProgramPage(Page[ProgramSummary]):
    """A page of programs."""


class CompletionRead(CompletionCount):
    """Awards of one year with their evidence."""

    evidence: Evidence


class Match(BaseModel):
    """How facts read on the school's pages were joined to the federal record."""

    quality: str = Field(description="exact, likely, or unmatched: a record of its own")
    reason: str | None


class Links(BaseModel):
    """Where more is said."""

    checklist: str
    claims: str
    institution: str
    program_page: str | None


class InstitutionDetail(InstitutionBrief):
    """The school, as the federal directory has it."""

    opeid: str | None
    aliases: list[str]
    address: str | None
    zip_code: str | None
    latitude: float | None
    longitude: float | None
    level: str | None
    admissions_url: str | None
    financial_aid_url: str | None
    net_price_url: str | None
    is_active: bool | None
    closed_on: str | None
    evidence: Evidence = Field(description="Where name, place and control come from")


class ProgramRead(ProgramSummary, Stamp):
    """Everything known on one program; each claim with its evidence and standing."""

    institution: InstitutionDetail
    campus: str | None
    match: Match | None
    retired_at: datetime | None = Field(description="Since when it is out of lists; null: listed")
    retired_reason: str | None
    all_completions: list[CompletionRead]
    offerings: list[OfferingRead]
    costs: list[CostRead]
    accreditations: list[AccreditationRead]
    transfer: list[TransferRead]
    practicum: list[PracticumRead]
    topics: list[TopicRead]
    preparation: list[PreparationRead]
    outcomes: list[OutcomeRead]
    services: list[ServiceRead]
    links: Links


class ClaimsQuery(DayQuery):
    """Query string of GET /v1/programs/{slug}/claims."""

    standing: list[str] = Field(
        default_factory=list,
        description="current, agreeing, conflicting or superseded",
        examples=[["current", "conflicting"]],
    )

    @field_validator("standing")
    @classmethod
    def _known(cls, values: list[str]) -> list[str]:
        allowed = ("current", "agreeing", "conflicting", "superseded")
        for value in values:
            if value not in allowed:
                raise ValueError(f"{value!r} is not a standing; they are {', '.join(allowed)}")
        return values


class ProgramClaims(Stamp):
    """All claims on one program, oldest history included."""

    program: str
    items: list[AnyClaim]
    total: int
