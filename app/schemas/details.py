"""The whole record of one program, with the answers of other addresses about it if asked for."""

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, Field
from typing_extensions import TypeAliasType

from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    FieldOutcomeClaim,
    OfferingClaim,
    OnlineCompletionClaim,
    OutcomeClaim,
    PracticumClaim,
    PreparationClaim,
    ProgramClaim,
    ServiceClaim,
    StatusClaim,
    TopicClaim,
    TransferClaim,
)
from app.domain.credentials.leads_to import LeadsTo
from app.schemas.areas import PayRead
from app.schemas.briefs import BriefQuery
from app.schemas.checklists import ChecklistQuery, ChecklistRead
from app.schemas.claims import ClaimRead
from app.schemas.eligibility import EligibilityRead
from app.schemas.messages import Sentence
from app.schemas.pages import Stamp, Text, parted
from app.schemas.programs import (
    CompletionRead,
    InstitutionDetail,
    Links,
    ProgramSummary,
    RecordMatch,
)
from app.schemas.served import served
from app.schemas.similar import SimilarItemPage
from app.schemas.timeline import TimelineRead
from app.schemas.total_cost import TotalCostRead

IncludedPart = TypeAliasType(
    "IncludedPart",
    Literal["checklist", "total_cost", "eligibility", "similar", "timeline", "pay"],
)
PARTS: tuple[str, ...] = get_args(IncludedPart.__value__)


class ProgramRecordQuery(ChecklistQuery, BriefQuery):
    """Query string of GET /v1/programs/{slug}."""

    include: Annotated[list[IncludedPart], BeforeValidator(parted)] = Field(
        default_factory=list,
        description="What other addresses answer about the program, in the same call: "
        f"{', '.join(PARTS)}; parted by commas, or repeat the parameter",
        examples=[list(PARTS)],
    )
    credential: Text | None = Field(
        default=None,
        max_length=100,
        description="Credential that `eligibility` and `total_cost` are about; default the first "
        "that the program says it prepares for, else the one that its award opens",
        examples=["RHIT"],
    )


@served
class Included(BaseModel):
    """What was asked for by `include`, each as its own address answers; null: not asked for."""

    checklist: ChecklistRead | None = Field(
        default=None, description="As GET /v1/programs/{slug}/checklist"
    )
    total_cost: TotalCostRead | None = Field(
        default=None, description="As GET /v1/programs/{slug}/total-cost"
    )
    eligibility: EligibilityRead | None = Field(
        default=None,
        description="As GET /v1/eligibility; null also where the award opens no credential",
    )
    similar: SimilarItemPage | None = Field(
        default=None, description="As GET /v1/programs/{slug}/similar"
    )
    timeline: TimelineRead | None = Field(default=None, description="As GET /v1/timeline")
    pay: PayRead | None = Field(
        default=None,
        description="What the occupations that the field leads to pay in the metropolitan area and "
        "state of the school, and in the reader's `home_state`",
    )


@served
class OpeningRead(BaseModel):
    """Whether graduates may sit an exam, and what decided."""

    credential: str = Field(examples=["RHIT"])
    leads_to: LeadsTo
    rule: str = Field(description="What decided, as in /v1/eligibility")
    reason: Sentence
    url: str = Field(description="The whole answer")


@served
class FormRead(BaseModel):
    """A form or track of a program, with what is said of it alone."""

    name: str
    claims: list[ClaimRead[ProgramClaim]]


@served
class MovedTo(BaseModel):
    """The program that another one was found to be."""

    slug: str
    link: str = Field(examples=["/v1/programs/austin-community-college-district-510707-associate"])


@served
class ProgramRead(ProgramSummary, Stamp):
    """Everything known on one program; each claim with its evidence and standing."""

    institution: InstitutionDetail
    campus: str | None = Field(
        description="Where a source tells campuses apart; null: it counts a program once for its "
        "school, see `empty_fields` of /v1/completeness"
    )
    leads_to_reasons: list[OpeningRead] = Field(
        default_factory=list, description="What decided each of `leads_to`"
    )
    match: RecordMatch | None
    retired_at: datetime | None = Field(description="Since when it is out of lists; null: listed")
    retired_reason: str | None
    moved_to: MovedTo | None = Field(
        default=None,
        description="The program that has its facts now, where another one was found to be it",
    )
    all_completions: list[CompletionRead]
    offerings: list[ClaimRead[OfferingClaim]] = Field(
        description="How it is offered; no source read so far tells when it begins"
    )
    online_completions: list[ClaimRead[OnlineCompletionClaim]] = Field(
        description="Whether it can be completed online, by the federal survey of programs"
    )
    costs: list[ClaimRead[CostClaim]]
    accreditations: list[ClaimRead[AccreditationClaim]]
    transfer: list[ClaimRead[TransferClaim]]
    practicum: list[ClaimRead[PracticumClaim]]
    topics: list[ClaimRead[TopicClaim]]
    preparation: list[ClaimRead[PreparationClaim]]
    outcomes: list[ClaimRead[OutcomeClaim]]
    field_outcomes: list[ClaimRead[FieldOutcomeClaim]] = Field(
        description="Earnings and debt of the field and level at the school, which count the "
        "graduates of this program among others: see `field_outcome`"
    )
    services: list[ClaimRead[ServiceClaim]]
    statuses: list[ClaimRead[StatusClaim]]
    forms: list[FormRead] = Field(
        default_factory=list,
        description="Forms and tracks that have facts of their own (executive, online): none of "
        "these is a fact of the program as a whole",
    )
    links: Links
    included: Included | None = Field(
        default=None, description="What `include` asks for; null: nothing"
    )
