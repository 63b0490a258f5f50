"""What can be claimed about a program or its institution; one class per kind of claim.

Each class is the one declaration of its kind: the table, the shape it is served in, what an editor
may write and the lists of a program's claims follow from it. Every claim carries its evidence flat:
``source`` is a key of /v1/sources, ``as_of`` a date, month, year or academic year as printed (None:
the page bears no date), ``basis`` who speaks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from operator import methodcaller
from typing import Annotated, Any, ClassVar, get_args, get_origin, get_type_hints

from app.domain.evidence import Age, Span, Subject, age_of, expires_on, order_claims, to_span
from app.domain.vocabulary import (
    AccreditationScope,
    AccreditationStatus,
    Availability,
    CostComponent,
    CostUnit,
    FieldLevel,
    Level,
    OnlineAnswer,
    OutcomeMetric,
    PracticumFormat,
    Residency,
    SchoolStatus,
    ServiceKind,
    Topic,
    TransferKind,
    ValueStatus,
)

ABSENT = frozenset(
    {
        AccreditationStatus.NOT_ACCREDITED,
        AccreditationStatus.WITHHELD,
        AccreditationStatus.WITHDRAWN,
    }
)
"""Statuses of a program that has no accreditation."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a field of a claim means beyond its type."""

    one_of: type[StrEnum] | None = None
    """The closed list of its values."""
    served_as: str | None = None
    """The attribute of the claim that is served in its place, under that name."""
    shape: Any = None
    """The type in which it is served, where that is another one."""
    is_served: bool = True
    description: str | None = None
    is_indexed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramClaim:
    """Evidence and standing shared by every kind of claim."""

    kind_name: ClassVar[str]
    """The kind over the wire; that of its table ends in ``_claim``."""
    subject: ClassVar[Subject]
    """Decides for how long such a claim counts in full."""
    identity: ClassVar[tuple[str, ...]] = ()
    """Fields that tell what is spoken of; two claims equal in them answer the same question."""
    is_of_schools: ClassVar[bool] = False
    """Whether such a claim can be about a school as a whole, too."""
    details: ClassVar[frozenset[str]] = frozenset()
    """Fields that one sayer may tell and another leave out without saying otherwise."""
    is_contradicted: ClassVar[bool] = False
    conditions: ClassVar[Mapping[str, str]] = {}
    """Name -> what holds of the fields of every such claim, in SQL."""

    level: str
    source: str
    basis: str
    source_url: str | None = None
    as_of: str | None = None
    as_stated: str | None = None
    note: str | None = None
    value_status: str = "reported"
    form: str | None = None
    """The form or track of the program that alone it speaks of; None: of the program as a whole."""
    seen_on: str | None = None
    """The day on which somebody read it on its page."""

    def age_on(self, today: date) -> Age:
        """Return how far it can be trusted on a day."""
        return age_of(self.as_of, self.subject, today)

    @property
    def says_no(self) -> bool:
        """Whether it denies what is asked, which counts without a date, too."""
        return self.value_status == ValueStatus.NOT_PUBLISHED

    def is_confirmed(self, today: date) -> bool:
        """Return whether a check may rest on it in full on a day."""
        age = self.age_on(today)
        return age is Age.FRESH or (age is Age.UNDATED and self.says_no)

    def last_days(self) -> list[date]:
        """Return the days after which its age can change."""
        day = expires_on(self.as_of, self.subject)
        return [] if day is None else [day]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccreditationClaim(ProgramClaim):
    """An accreditor's decision, as somebody states it.

    Its level is that of what is accredited: a page on a program that tells who accredits the school
    speaks of the school.
    """

    kind_name: ClassVar[str] = "accreditation"
    subject: ClassVar[Subject] = Subject.ACCREDITATION
    identity: ClassVar[tuple[str, ...]] = ("scope", "accreditor", "campus", "award_level")
    details: ClassVar[frozenset[str]] = frozenset(
        {
            *("through_year", "next_review", "began_on", "accreditor_id"),
            *("awarded_on", "effective_on", "expires_on"),
        }
    )
    is_of_schools: ClassVar[bool] = True

    scope: Annotated[str, Column(one_of=AccreditationScope)]
    accreditor: str
    status: Annotated[str, Column(one_of=AccreditationStatus)]
    award_level: str | None = None
    campus: str | None = None
    through_year: int | None = None
    next_review: str | None = None
    began_on: Annotated[str | None, Column(description="Since when without a break")] = None
    ended_on: str | None = None
    accreditor_id: Annotated[
        str | None, Column(description="Number of the entry in the accreditor's own list")
    ] = None
    awarded_on: Annotated[str | None, Column(description="When the accreditor decided")] = None
    effective_on: Annotated[str | None, Column(description="From when the decision holds")] = None
    expires_on: Annotated[
        str | None, Column(description="Last day, month or year of the term, unless it is renewed")
    ] = None
    campuses: Annotated[
        list[str], Column(description="Campuses covered, where the source names several")
    ] = field(default_factory=list)
    forms: Annotated[
        list[str], Column(description="Forms or tracks covered; empty: none are told apart")
    ] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Put an accreditation of the school on the level of the school."""
        if self.scope == AccreditationScope.INSTITUTION:
            object.__setattr__(self, "level", Level.INSTITUTION)

    def age_on(self, today: date) -> Age:
        """Return how far it can be trusted on a day.

        A term that still runs keeps it fresh to its end, for the accreditor decided for that long;
        a term that is over makes it stale, unless the accreditor is yet to review it. Who says
        since when a program is accredited, or when that was decided, says so on that day or later.
        """
        age = ProgramClaim.age_on(self, today)
        if age is Age.FUTURE:
            return age
        if any(today <= end for end in self._term_ends()):
            return Age.FRESH
        has_term = self.through_year is not None or _span_of(self.expires_on) is not None
        if has_term and self.ended_on is None:
            return Age.STALE
        if age is Age.UNDATED:
            decided = (age_of(text, self.subject, today) for text in self._decided_on())
            return Age.FRESH if Age.FRESH in decided else age
        return age

    @property
    def covered_campuses(self) -> list[str]:
        """The campuses that it names; none: it names none."""
        return [*([self.campus] if self.campus else []), *self.campuses]

    @property
    def last_year(self) -> int | None:
        """The year through which it is granted; None: none is told, or in words that name none."""
        span = _span_of(self.expires_on)
        return self.through_year or (span.first.year if span else None)

    @property
    def says_no(self) -> bool:
        """Whether it says that there is no accreditation."""
        return self.status in ABSENT

    def last_days(self) -> list[date]:
        """Return the days after which its age can change."""
        days = [*ProgramClaim.last_days(self), *self._term_ends()]
        decided = (expires_on(text, self.subject) for text in self._decided_on())
        return [*days, *(day for day in decided if day)]

    def _decided_on(self) -> list[str]:
        """Return the dates before which nobody can have said what it says."""
        dates = (self.began_on, self.awarded_on, self.effective_on)
        return [text for text in dates if text and _span_of(text)]

    def _term_ends(self) -> tuple[date, ...]:
        """Return the last days of the term that it names, if it names one."""
        return _ends_of(self.ended_on, self.through_year, self.expires_on, self.next_review)


@lru_cache(maxsize=4096)
def _ends_of(
    ended_on: str | None, through_year: int | None, expires_on: str | None, next_review: str | None
) -> tuple[date, ...]:
    """Return the last days of a term by the dates that are told of it: its end outweighs others."""
    if span := _span_of(ended_on):
        return (span.last,)
    ends = [date(through_year, 12, 31)] if through_year is not None else []
    spans = (_span_of(expires_on), _span_of(next_review))
    return (*ends, *(span.last for span in spans if span))


def _span_of(text: str | None) -> Span | None:
    """Return the days that a text means; None where it names none."""
    try:
        return to_span(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostClaim(ProgramClaim):
    """A price in US dollars; a null high with a low is open upward.

    Equal low and high is one price; without either, one is published without an amount or not at
    all.
    """

    kind_name: ClassVar[str] = "cost"
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
    is_of_schools: ClassVar[bool] = True
    conditions: ClassVar[Mapping[str, str]] = {
        "amount_not_negative": "amount_low_cents >= 0",
        "range_in_order": "amount_high_cents >= amount_low_cents",
    }

    component: Annotated[str, Column(one_of=CostComponent)]
    amount_low_cents: Annotated[int | None, Column(served_as="amount_low_usd")] = None
    amount_high_cents: Annotated[int | None, Column(served_as="amount_high_usd")] = None
    unit: Annotated[str | None, Column(one_of=CostUnit)] = None
    unit_as_stated: str | None = None
    residency: Annotated[str | None, Column(one_of=Residency)] = None
    student_level: str | None = None
    applies_to: str | None = None
    label: str | None = None
    cip_code: str | None = None
    contains: Annotated[list[str], Column(description="Components already inside this amount")] = (
        field(default_factory=list)
    )
    contained_in: Annotated[
        str | None, Column(description="Component that already holds this amount")
    ] = None
    is_institution_wide: Annotated[bool, Column(description="Read on a page for all students")] = (
        False
    )

    @property
    def amount_low_usd(self) -> float | None:
        """The lowest price in dollars."""
        return to_usd(self.amount_low_cents)

    @property
    def amount_high_usd(self) -> float | None:
        """The highest price in dollars."""
        return to_usd(self.amount_high_cents)


def to_usd(cents: int | None) -> float | None:
    """Return dollars; a whole number of them as such."""
    return None if cents is None else cents / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferClaim(ProgramClaim):
    """What is said about credits that come in or go on.

    ``is_offered`` None: only mentioned.
    """

    kind_name: ClassVar[str] = "transfer"
    subject: ClassVar[Subject] = Subject.TRANSFER
    identity: ClassVar[tuple[str, ...]] = (
        "kind",
        "receiving_institution",
        "receiving_program",
        "sending_program",
    )
    is_of_schools: ClassVar[bool] = True

    kind: Annotated[
        str,
        Column(
            one_of=TransferKind,
            served_as="topic",
            description="policy, articulation, credits_accepted, prior_learning, …",
        ),
    ]
    is_offered: bool | None = None
    sending_program: str | None = None
    receiving_institution: str | None = None
    receiving_program: str | None = None
    credits_max: float | None = None

    @property
    def topic(self) -> str:
        """What is spoken of; ``kind`` over the wire is the kind of claim."""
        return self.kind

    @property
    def says_no(self) -> bool:
        """Whether it says that no such credit or agreement is on offer."""
        return self.is_offered is False


@dataclass(frozen=True, slots=True)
class PracticumPart:
    """One part of a practicum, under the school's own word for it.

    ``hours`` is one number of hours; a range has its ends instead, a null high end is open upward.
    """

    label: str | None = None
    hours: float | None = None
    format: str | None = None
    hours_low: float | None = None
    hours_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticumClaim(ProgramClaim):
    """Practical training; a null high with a low is open upward, "360 hours or more".

    ``components`` are the fields of a ``PracticumPart`` each.
    """

    kind_name: ClassVar[str] = "practicum"
    subject: ClassVar[Subject] = Subject.PRACTICUM

    availability: Annotated[str | None, Column(one_of=Availability)] = None
    hours_low: float | None = None
    hours_high: float | None = None
    format: Annotated[str | None, Column(one_of=PracticumFormat)] = None
    is_site_arranged: bool | None = None
    required_in: Annotated[
        list[str], Column(description="Forms or tracks that alone require it")
    ] = field(default_factory=list)
    sites: Annotated[
        list[str], Column(description="Where it can be done: on_campus, local (near the student)")
    ] = field(default_factory=list)
    components: Annotated[list[dict[str, object]], Column(shape=list[PracticumPart])] = field(
        default_factory=list
    )

    @property
    def labels(self) -> list[str]:
        """The school's words for the parts of it."""
        return [str(part["label"]) for part in self.components if part.get("label")]

    @property
    def says_no(self) -> bool:
        """Whether it says that there is none."""
        return self.availability == Availability.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicClaim(ProgramClaim):
    """A curriculum topic.

    It is covered, or stated not to be.
    """

    kind_name: ClassVar[str] = "topic"
    subject: ClassVar[Subject] = Subject.TOPIC
    identity: ClassVar[tuple[str, ...]] = ("topic",)

    topic: Annotated[str, Column(one_of=Topic)]
    is_covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationClaim(ProgramClaim):
    """A credential the program says it prepares for."""

    kind_name: ClassVar[str] = "preparation"
    subject: ClassVar[Subject] = Subject.PREPARATION
    identity: ClassVar[tuple[str, ...]] = ("credential_code",)

    credential_code: Annotated[str, Column(is_indexed=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeClaim(ProgramClaim):
    """A measured result.

    ``value`` is None with a status where it is withheld or missing.
    """

    kind_name: ClassVar[str] = "outcome"
    subject: ClassVar[Subject] = Subject.OUTCOME
    identity: ClassVar[tuple[str, ...]] = ("metric", "credential_code", "cohort")
    is_of_schools: ClassVar[bool] = True

    metric: Annotated[str, Column(one_of=OutcomeMetric)]
    value: float | None = None
    unit: str
    credential_code: str | None = None
    cohort: Annotated[str | None, Column(description="Who is counted, in the source's words")] = (
        None
    )
    reached_count: Annotated[
        int | None, Column(description="How many passed, found work or finished")
    ] = None
    person_count: Annotated[int | None, Column(description="Of how many")] = None
    definition: Annotated[
        str | None, Column(description="How the source defines what it measures")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOutcomeClaim(ProgramClaim):
    """What graduates of a field and level at a school earn and owe, its programs together.

    One row holds for all awards of the level in a field of four digits, and is counted for all
    schools under one federal aid number. It says nothing of one program by itself.
    """

    kind_name: ClassVar[str] = "field_outcome"
    subject: ClassVar[Subject] = Subject.OUTCOME
    identity: ClassVar[tuple[str, ...]] = ("cip_family", "credential_level")
    is_of_schools: ClassVar[bool] = True

    cip_family: Annotated[str, Column(description="Field of four digits, such as 51.07")]
    credential_level: Annotated[str, Column(one_of=FieldLevel)]
    earnings_1_year_usd: Annotated[
        float | None, Column(description="Median earnings 1 year after completion")
    ] = None
    earnings_1_year_counted: Annotated[
        int | None, Column(description="Graduates whose earnings are counted; null: not told")
    ] = None
    earnings_4_years_usd: Annotated[
        float | None, Column(description="Median earnings 4 years after completion")
    ] = None
    earnings_4_years_counted: int | None = None
    earnings_5_years_usd: Annotated[
        float | None, Column(description="Median earnings 5 years after completion")
    ] = None
    earnings_5_years_counted: int | None = None
    debt_usd: Annotated[
        float | None, Column(description="Median federal student debt at graduation")
    ] = None
    debt_counted: Annotated[
        int | None, Column(description="Graduates whose debt is counted; null: not told")
    ] = None
    graduates: Annotated[
        int | None, Column(description="Awards of these programs in a year, by the source")
    ] = None
    withheld: Annotated[
        list[str], Column(description="Figures that the source withholds for privacy")
    ] = field(default_factory=list)
    tells_withheld: Annotated[
        bool | None,
        Column(
            description="Whether the source tells figures that are withheld from those not "
            "reported; otherwise an empty figure is either"
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingClaim(ProgramClaim):
    """How the program is offered, by one sayer.

    Delivery, credits, length, intake, campuses, whom to ask. ``credits`` is one number of credits;
    a range has its ends instead, and is open upward where the high end is null. A length has no
    such range: one end is the whole of it, or the most.
    """

    kind_name: ClassVar[str] = "offering"
    subject: ClassVar[Subject] = Subject.OFFERING
    identity: ClassVar[tuple[str, ...]] = ("contact_role",)
    """Whom to ask is a question by itself, one for each role or office."""

    delivery: list[str] = field(default_factory=list)
    credits: float | None = None
    credits_low: float | None = None
    credits_high: float | None = None
    credit_unit: str | None = None
    months_low: float | None = None
    months_high: float | None = None
    enrollment_status: str | None = None
    campuses: list[str] = field(default_factory=list)
    joint_with: str | None = None
    contact_role: Annotated[
        str | None,
        Column(description="Role or office that answers questions on the program; never a person"),
    ] = None
    contact_mail: Annotated[
        str | None, Column(description="Mailbox of a role or office, never of a person")
    ] = None
    contact_phone: Annotated[
        str | None, Column(description="Number of an office, 555-010-0142 or 555-010-0142 ext. 3")
    ] = None

    @property
    def has_contact(self) -> bool:
        """Whether it tells how an office or role is reached."""
        return bool(self.contact_mail or self.contact_phone)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineCompletionClaim(ProgramClaim):
    """Whether programs of a code and award can be completed entirely at a distance.

    A school is asked once for all its programs of a code and award. That none can be completed so
    does not mean that all of it is taught on campus.
    """

    kind_name: ClassVar[str] = "online_completion"
    subject: ClassVar[Subject] = Subject.OFFERING

    completion_online: Annotated[
        str,
        Column(
            one_of=OnlineAnswer,
            description="all: every program of this code and award; some: at least one; none: none "
            "can be *completed* online, which does not mean that it is taught on campus only",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceClaim(ProgramClaim):
    """A service or mode of study.

    The institution says that it has it, or has not.
    """

    kind_name: ClassVar[str] = "service"
    subject: ClassVar[Subject] = Subject.SERVICE
    identity: ClassVar[tuple[str, ...]] = ("service",)
    is_of_schools: ClassVar[bool] = True

    service: Annotated[str, Column(one_of=ServiceKind)]
    is_offered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusClaim(ProgramClaim):
    """How a school stands, as one source has it.

    Whether it operates, and whether the Department of Education watches its cash (HCM2).
    """

    kind_name: ClassVar[str] = "status"
    subject: ClassVar[Subject] = Subject.STATUS
    is_of_schools: ClassVar[bool] = True

    status: Annotated[str, Column(one_of=SchoolStatus)]
    closed_on: Annotated[str | None, Column(description="Day, month or year of the closing")] = None
    successor_unitid: Annotated[
        int | None, Column(description="School it goes on as a part of")
    ] = None
    successor_name: str | None = None
    is_cash_monitored: Annotated[
        bool | None, Column(description="Heightened cash monitoring, HCM2; null: not told")
    ] = None


@dataclass(slots=True)
class ProgramFacts:
    """All claims on one program and those on its institution that bear on it.

    ``award_level`` is a key of ``AwardLevel``, "certificate" where only that much is known,
    or None. ``campus`` is the campus of the program where the source tells campuses apart.
    Beside the list of accreditations, a served program has the finding under that name.
    """

    award_level: str | None
    cip_code: str | None
    campus: str | None = None
    accreditation: Annotated[list[AccreditationClaim], Column(served_as="accreditations")] = field(
        default_factory=list
    )
    costs: list[CostClaim] = field(default_factory=list)
    transfer: list[TransferClaim] = field(default_factory=list)
    practicum: list[PracticumClaim] = field(default_factory=list)
    topics: list[TopicClaim] = field(default_factory=list)
    preparation: list[PreparationClaim] = field(default_factory=list)
    outcomes: list[OutcomeClaim] = field(default_factory=list)
    field_outcomes: list[FieldOutcomeClaim] = field(default_factory=list)
    offerings: list[OfferingClaim] = field(default_factory=list)
    online_completions: list[OnlineCompletionClaim] = field(default_factory=list)
    services: list[ServiceClaim] = field(default_factory=list)
    statuses: list[StatusClaim] = field(default_factory=list)
    of_forms: tuple[ProgramClaim, ...] = ()
    """What is said of one form or track alone: it is told as such, and settles nothing else."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A field as its class declares it; ``default`` is MISSING where it must be given."""

    name: str
    type: Any
    default: Any
    column: Column

    @property
    def served_as(self) -> str:
        """Its name over the wire, and the attribute that holds what is served."""
        return self.column.served_as or self.name


def declared_fields(kind: type[Any]) -> Iterator[Declared]:
    """Yield the fields of a dataclass as they are declared."""
    hints = get_type_hints(kind, include_extras=True)
    for one in fields(kind):
        hint, column = hints[one.name], Column()
        if get_origin(hint) is Annotated:
            hint, column = get_args(hint)
        default = one.default if one.default_factory is MISSING else one.default_factory()
        yield Declared(one.name, hint, default, column)


_LISTED = [
    declared for declared in declared_fields(ProgramFacts) if get_origin(declared.type) is list
]

LISTS: dict[type[ProgramClaim], str] = {get_args(one.type)[0]: one.name for one in _LISTED}
"""Kind of claim -> its list in ProgramFacts."""

WIRE_LISTS: dict[type[ProgramClaim], str] = {
    get_args(one.type)[0]: one.served_as for one in _LISTED
}
"""Kind of claim -> its list in a program, or school, as served."""


def claims_in(facts: ProgramFacts) -> Iterator[ProgramClaim]:
    """Yield the claims of every kind, those on single forms of the program last."""
    yield from (claim for name in LISTS.values() for claim in getattr(facts, name))
    yield from facts.of_forms


def by_form(facts: ProgramFacts) -> dict[str, list[ProgramClaim]]:
    """Return form or track -> the claims on it alone, in the order of their names."""
    found: dict[str, list[ProgramClaim]] = {}
    for claim in facts.of_forms:
        found.setdefault(str(claim.form), []).append(claim)
    return dict(sorted(found.items()))


def own_fields(kind: type[ProgramClaim]) -> list[Declared]:
    """Return the fields of a kind of claim beyond those that every claim has."""
    shared = ProgramClaim.__dataclass_fields__
    return [one for one in declared_fields(kind) if one.name not in shared]


@dataclass(slots=True, kw_only=True)
class KnownFacts(ProgramFacts):
    """The claims known on a day, the leading ones first in each list.

    ``recorded`` are all of them, those of later days among them, in the order of their recording.
    """

    recorded: ProgramFacts


def known_on(facts: ProgramFacts, day: date) -> KnownFacts:
    """Return the claims that were known on a day, each kind put in order once."""
    age = methodcaller("age_on", day)
    ordered = {
        name: order_claims(claims, kind.subject, day, age=age)
        for kind, name in LISTS.items()
        if (claims := getattr(facts, name))
    }
    return KnownFacts(
        award_level=facts.award_level,
        cip_code=facts.cip_code,
        campus=facts.campus,
        of_forms=facts.of_forms,
        recorded=facts,
        **ordered,
    )


def identity_of(claim: ProgramClaim) -> tuple[object, ...]:
    """Return what a claim speaks of: equal for claims that answer the same question."""
    told_apart = (getattr(claim, n) for n in claim.identity)
    return (type(claim).__name__, claim.level, claim.form, *told_apart)


def agree(one: ProgramClaim, other: ProgramClaim) -> bool:
    """Return whether two claims on the same question say the same, whoever says it.

    A detail that only one of them tells contradicts nothing.
    """
    shared = ProgramClaim.__dataclass_fields__
    names = [name for name in one.__dataclass_fields__ if name not in shared]
    said = [(name, getattr(one, name), getattr(other, name)) for name in names]
    return one.value_status == other.value_status and all(
        a == b or (name in one.details and None in (a, b)) for name, a, b in said
    )
