"""What can be claimed about a program or its institution; one class per kind of claim.

Every class carries its evidence flat: ``source`` is a key of /v1/sources, ``as_of`` a date, month,
year or academic year as printed (None: the page bears no date), ``basis`` who speaks.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, get_args, get_origin, get_type_hints

from app.domain.evidence import Subject, order_claims


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramClaim:
    """Evidence and standing shared by every kind of claim."""

    subject: ClassVar[Subject]
    identity: ClassVar[tuple[str, ...]] = ()
    """Fields that tell what is spoken of; two claims equal in them answer the same question."""

    level: str
    source: str
    basis: str
    source_url: str | None = None
    as_of: str | None = None
    as_stated: str | None = None
    note: str | None = None
    value_status: str = "reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditationClaim(ProgramClaim):
    """An accreditor's decision, as somebody states it."""

    subject: ClassVar[Subject] = Subject.ACCREDITATION
    identity: ClassVar[tuple[str, ...]] = ("scope", "accreditor", "campus", "award_level")

    scope: str
    accreditor: str
    status: str
    award_level: str | None = None
    campus: str | None = None
    through_year: int | None = None
    next_review: str | None = None
    began_on: str | None = None
    ended_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostClaim(ProgramClaim):
    """A price, or that one is published without an amount or not at all.

    Amounts are cents; equal low and high is one price, a missing high is open upward.
    ``contains`` lists components already inside this amount; ``contained_in`` the component
    that already holds this one. ``is_institution_wide`` marks a price that was read for this
    program on a page for all students.
    """

    subject: ClassVar[Subject] = Subject.COST
    identity: ClassVar[tuple[str, ...]] = (
        "component",
        "unit",
        "residency",
        "student_level",
        "applies_to",
        "label",
        "cip_code",
    )

    component: str
    amount_low_cents: int | None = None
    amount_high_cents: int | None = None
    unit: str | None = None
    unit_as_stated: str | None = None
    residency: str | None = None
    student_level: str | None = None
    applies_to: str | None = None
    label: str | None = None
    cip_code: str | None = None
    contains: list[str] = field(default_factory=list)
    contained_in: str | None = None
    is_institution_wide: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferClaim(ProgramClaim):
    """What is said about credits that come in or go on; ``is_offered`` None: only mentioned."""

    subject: ClassVar[Subject] = Subject.TRANSFER
    identity: ClassVar[tuple[str, ...]] = (
        "kind",
        "receiving_institution",
        "receiving_program",
        "sending_program",
    )

    kind: str
    is_offered: bool | None = None
    sending_program: str | None = None
    receiving_institution: str | None = None
    receiving_program: str | None = None
    credits_max: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticumClaim(ProgramClaim):
    """Practical training; ``components`` are parts of ``{label, hours, format}``."""

    subject: ClassVar[Subject] = Subject.PRACTICUM

    availability: str | None = None
    hours_low: float | None = None
    hours_high: float | None = None
    format: str | None = None
    is_site_arranged: bool | None = None
    components: list[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicClaim(ProgramClaim):
    """A curriculum topic that is covered, or stated not to be."""

    subject: ClassVar[Subject] = Subject.TOPIC
    identity: ClassVar[tuple[str, ...]] = ("topic",)

    topic: str
    is_covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationClaim(ProgramClaim):
    """A credential that the program says it prepares for."""

    subject: ClassVar[Subject] = Subject.PREPARATION
    identity: ClassVar[tuple[str, ...]] = ("credential_code",)

    credential_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeClaim(ProgramClaim):
    """A measured result; ``value`` None with a status where it is withheld or missing."""

    subject: ClassVar[Subject] = Subject.OUTCOME
    identity: ClassVar[tuple[str, ...]] = ("metric", "credential_code", "cohort")

    metric: str
    value: float | None = None
    unit: str = "percent"
    credential_code: str | None = None
    cohort: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingClaim(ProgramClaim):
    """How the program is offered, by one sayer: delivery, credits, length, intake, campuses."""

    subject: ClassVar[Subject] = Subject.OFFERING

    delivery: list[str] = field(default_factory=list)
    credits: float | None = None
    credit_unit: str | None = None
    months_low: float | None = None
    months_high: float | None = None
    enrollment_status: str | None = None
    campuses: list[str] = field(default_factory=list)
    joint_with: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceClaim(ProgramClaim):
    """A service or mode of study the institution says it has or has not."""

    subject: ClassVar[Subject] = Subject.SERVICE
    identity: ClassVar[tuple[str, ...]] = ("service",)

    service: str
    is_offered: bool


@dataclass(slots=True)
class ProgramFacts:
    """All claims on one program and those on its institution that bear on it.

    ``award_level`` is a key of ``AwardLevel``, "certificate" where only that much is known,
    or None. ``campus`` is the campus of the program where the source tells campuses apart.
    """

    award_level: str | None
    cip_code: str | None
    campus: str | None = None
    accreditation: list[AccreditationClaim] = field(default_factory=list)
    costs: list[CostClaim] = field(default_factory=list)
    transfer: list[TransferClaim] = field(default_factory=list)
    practicum: list[PracticumClaim] = field(default_factory=list)
    topics: list[TopicClaim] = field(default_factory=list)
    preparation: list[PreparationClaim] = field(default_factory=list)
    outcomes: list[OutcomeClaim] = field(default_factory=list)
    offerings: list[OfferingClaim] = field(default_factory=list)
    services: list[ServiceClaim] = field(default_factory=list)


LISTS: dict[type[ProgramClaim], str] = {
    get_args(kind)[0]: name
    for name, kind in get_type_hints(ProgramFacts).items()
    if get_origin(kind) is list
}
"""Kind of claim -> its list in ProgramFacts."""


@dataclass(slots=True, kw_only=True)
class KnownFacts(ProgramFacts):
    """The claims known on a day, the leading ones first in each list.

    ``recorded`` are all of them, those of later days among them, in the order of their recording.
    """

    recorded: ProgramFacts


def known_on(facts: ProgramFacts, day: date) -> KnownFacts:
    """Return the claims that were known on a day, each kind put in order once."""
    ordered = {
        name: order_claims(getattr(facts, name), kind.subject, day) for kind, name in LISTS.items()
    }
    return KnownFacts(
        award_level=facts.award_level,
        cip_code=facts.cip_code,
        campus=facts.campus,
        recorded=facts,
        **ordered,
    )


def identity_of(claim: ProgramClaim) -> tuple[object, ...]:
    """Return what a claim speaks of: equal for claims that answer the same question."""
    return (type(claim).__name__, claim.level, *(getattr(claim, n) for n in claim.identity))


def said_by(claim: ProgramClaim) -> tuple[object, ...]:
    """Return what a claim says, without who says it: equal for claims that agree."""
    shared = ProgramClaim.__dataclass_fields__
    return (
        claim.value_status,
        *(repr(getattr(claim, n)) for n in claim.__dataclass_fields__ if n not in shared),
    )
