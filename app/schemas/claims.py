"""Claims over the wire: one shape a kind, each with its evidence and standing."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from app.domain import claims as domain
from app.domain.claims import ProgramClaim, identity_of, said_by
from app.domain.evidence import Age, age_of, order_claims
from app.domain.vocabulary import Level
from app.schemas.pages import Evidence

Standing = TypeAliasType("Standing", Literal["current", "agreeing", "conflicting", "superseded"])


class ClaimRead(BaseModel):
    """What every claim carries."""

    level: Level = Field(
        description="Whether it speaks of this program or of the whole institution"
    )
    standing: Standing = Field(
        description="current: leads; agreeing: says the same; conflicting: lost; superseded: old"
    )
    value_status: str = Field(
        description="reported, imputed, withheld, not_applicable, not_reported, "
        "published_without_amount or not_published; a missing value is never 0"
    )
    note: str | None
    evidence: Evidence
    recorded_at: datetime | None = None
    superseded_at: datetime | None = None


class AccreditationRead(ClaimRead):
    """An accreditor's decision, as somebody states it."""

    kind: Literal["accreditation"] = "accreditation"
    scope: str
    accreditor: str
    status: str
    award_level: str | None
    campus: str | None
    through_year: int | None
    next_review: str | None
    began_on: str | None
    ended_on: str | None


class CostRead(ClaimRead):
    """A price in US dollars; a null high with a low is open upward."""

    kind: Literal["cost"] = "cost"
    component: str
    amount_low_usd: float | None
    amount_high_usd: float | None
    unit: str | None
    unit_as_stated: str | None
    residency: str | None
    student_level: str | None
    applies_to: str | None
    label: str | None
    contains: list[str] = Field(description="Components already inside this amount")
    contained_in: str | None = Field(description="Component that already holds this amount")
    is_institution_wide: bool = Field(description="Read on a page for all students")


class TransferRead(ClaimRead):
    """What is said about credits that come in or go on."""

    kind: Literal["transfer"] = "transfer"
    topic: str = Field(description="policy, articulation, credits_accepted, prior_learning, …")
    is_offered: bool | None
    sending_program: str | None
    receiving_institution: str | None
    receiving_program: str | None
    credits_max: float | None


class PracticumPart(BaseModel):
    """One part of a practicum, under the school's own word for it."""

    label: str | None = None
    hours: float | None = None
    format: str | None = None


class PracticumRead(ClaimRead):
    """Practical training."""

    kind: Literal["practicum"] = "practicum"
    availability: str | None
    hours_low: float | None
    hours_high: float | None
    format: str | None
    is_site_arranged: bool | None
    components: list[PracticumPart]


class TopicRead(ClaimRead):
    """A curriculum topic."""

    kind: Literal["topic"] = "topic"
    topic: str
    is_covered: bool


class PreparationRead(ClaimRead):
    """A credential the program says it prepares for."""

    kind: Literal["preparation"] = "preparation"
    credential_code: str


class OutcomeRead(ClaimRead):
    """A measured result."""

    kind: Literal["outcome"] = "outcome"
    metric: str
    value: float | None
    unit: str
    credential_code: str | None
    cohort: str | None


class OfferingRead(ClaimRead):
    """How the program is offered, by one sayer."""

    kind: Literal["offering"] = "offering"
    delivery: list[str]
    credits: float | None
    credit_unit: str | None
    months_low: float | None
    months_high: float | None
    enrollment_status: str | None
    campuses: list[str]
    joint_with: str | None


class ServiceRead(ClaimRead):
    """A service or mode of study."""

    kind: Literal["service"] = "service"
    service: str
    is_offered: bool


AnyClaim = Annotated[
    AccreditationRead
    | CostRead
    | TransferRead
    | PracticumRead
    | TopicRead
    | PreparationRead
    | OutcomeRead
    | OfferingRead
    | ServiceRead,
    Field(discriminator="kind"),
]


def to_evidence(claim: ProgramClaim, today: date) -> Evidence:
    """Return the evidence of a claim as served on a day."""
    return Evidence(
        source=claim.source,
        source_url=claim.source_url,
        as_of=claim.as_of,
        basis=claim.basis,
        as_stated=claim.as_stated,
        stale=age_of(claim.as_of, claim.subject, today) is Age.STALE,
    )


def to_usd(cents: int | None) -> float | None:
    """Return dollars; a whole number of them as such."""
    return None if cents is None else cents / 100


def to_read(
    claim: ProgramClaim,
    standing: Standing,
    today: date,
    *,
    recorded_at: datetime | None = None,
    superseded_at: datetime | None = None,
) -> AnyClaim:
    """Return a claim in its wire shape."""
    shared: dict[str, Any] = {
        "level": claim.level,
        "standing": standing,
        "value_status": claim.value_status,
        "note": claim.note,
        "evidence": to_evidence(claim, today),
        "recorded_at": recorded_at,
        "superseded_at": superseded_at,
    }
    own = {name: getattr(claim, name) for name in _own_fields(type(claim))}
    match claim:
        case domain.AccreditationClaim():
            return AccreditationRead(**shared, **own)
        case domain.CostClaim():
            low, high = own.pop("amount_low_cents"), own.pop("amount_high_cents")
            own.pop("cip_code")
            return CostRead(
                **shared, **own, amount_low_usd=to_usd(low), amount_high_usd=to_usd(high)
            )
        case domain.TransferClaim():
            return TransferRead(**shared, topic=own.pop("kind"), **own)
        case domain.PracticumClaim():
            return PracticumRead(**shared, **own)
        case domain.TopicClaim():
            return TopicRead(**shared, **own)
        case domain.PreparationClaim():
            return PreparationRead(**shared, **own)
        case domain.OutcomeClaim():
            return OutcomeRead(**shared, **own)
        case domain.OfferingClaim():
            return OfferingRead(**shared, **own)
        case domain.ServiceClaim():
            return ServiceRead(**shared, **own)
        case _:
            raise TypeError(f"no wire shape for {type(claim).__name__}")


def to_standings(
    claims: Iterable[ProgramClaim], today: date
) -> list[tuple[ProgramClaim, Standing]]:
    """Return claims with their standing among those that answer the same question."""
    groups: dict[tuple[object, ...], list[ProgramClaim]] = {}
    for claim in claims:
        groups.setdefault(identity_of(claim), []).append(claim)
    stood: list[tuple[ProgramClaim, Standing]] = []
    for group in groups.values():
        ordered = order_claims(group, group[0].subject, today)
        for at, claim in enumerate(ordered):
            same = said_by(claim) == said_by(ordered[0])
            stood.append((claim, "current" if at == 0 else "agreeing" if same else "conflicting"))
    return stood


def _own_fields(kind: type[ProgramClaim]) -> list[str]:
    shared = set(ProgramClaim.__dataclass_fields__)
    return [name for name in kind.__dataclass_fields__ if name not in shared]
