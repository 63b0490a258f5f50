"""The checks of all rubrics: from claims to findings, each with its rule in one sentence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from app.domain.checklist.rubric import Rubric
from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    KnownFacts,
    ProgramClaim,
    ProgramFacts,
)
from app.domain.evidence import Age, Subject, age_of
from app.domain.vocabulary import (
    BELOW_ASSOCIATE,
    CERTIFICATE,
    GRADUATE,
    AccreditationScope,
    AccreditationStatus,
    Availability,
    CostComponent,
    Finding,
    Level,
    PracticumFormat,
    StudentLevel,
    TransferKind,
    ValueStatus,
)

CAHIIM = "CAHIIM"

OFFICE_CIP = frozenset(
    {
        "51.0705",  # medical office management
        "51.0708",  # medical transcription
        "51.0710",  # medical office assistant
        "51.0711",  # medical receptionist
        "51.0712",  # medical reception and records
        "51.0713",  # medical insurance coding
        "51.0714",  # medical insurance and billing
        "51.0715",  # medical billing (2010 title)
        "51.0716",  # medical administrative assistant
    }
)
"""Fields in which CAHIIM accredits no certificate below an associate degree (cahiim.org/about)."""

ACCREDITED = frozenset(
    {
        AccreditationStatus.ACCREDITED,
        AccreditationStatus.INITIAL,
        AccreditationStatus.CONTINUING,
        AccreditationStatus.PROBATIONARY,
        AccreditationStatus.ADMINISTRATIVE_PROBATIONARY,
        AccreditationStatus.VOLUNTARY_WITHDRAWAL,
    }
)
ABSENT = frozenset(
    {
        AccreditationStatus.NOT_ACCREDITED,
        AccreditationStatus.WITHHELD,
        AccreditationStatus.WITHDRAWN,
    }
)
IN_DOUBT = {
    AccreditationStatus.ALIGNED_ONLY: "says that its courses follow the accreditor's standards, "
    "which is not accreditation",
    AccreditationStatus.HISTORICAL: "names an accreditation of the past",
    AccreditationStatus.UNCLEAR: "names the accreditor without saying which program it covers",
    AccreditationStatus.INACTIVE: "calls the accreditation inactive",
    AccreditationStatus.APPROVED: "names an approval, which is not accreditation",
    AccreditationStatus.PREACCREDITED: "speaks of preaccreditation",
    AccreditationStatus.TITLE_IV: "speaks of federal aid only",
}
NO_VALUE = frozenset({ValueStatus.NOT_APPLICABLE, ValueStatus.NOT_REPORTED, ValueStatus.WITHHELD})


@dataclass(slots=True)
class CheckResult:
    """The finding of one check, the rule that gave it, and the claims it rests on."""

    key: str
    finding: Finding
    reason: str
    evidence: list[ProgramClaim] = field(default_factory=list)
    is_stale: bool = False

    @property
    def needs_question(self) -> bool:
        """Whether there is something left to ask the school."""
        return self.is_stale or self.finding in {Finding.UNKNOWN, Finding.PARTLY_MET}


Claim = TypeVar("Claim", bound=ProgramClaim)


def find_all(facts: KnownFacts, rubric: Rubric, today: date) -> list[CheckResult]:
    """Return the result of every check that a rubric has, in its order.

    Claims count by their age on ``today``: in full within shelf life, at most as partly met
    when undated, not at all when stale. Statements about the program lead those about the
    institution as a whole.
    """
    return [RULES[key](facts, today, key) for key in rubric.check_keys]


def find_one(facts: KnownFacts, key: str, today: date) -> CheckResult:
    """Return the result of one check, whether a rubric has it or not."""
    return RULES[key](facts, today, key)


def require_rules(rubric: Rubric) -> Rubric:
    """Return a rubric that can be scored.

    Raises:
        ValueError: It has checks that no rule is known for.
    """
    if unknown := [key for key in rubric.check_keys if key not in RULES]:
        raise ValueError(f"rubric {rubric.version}: no rule is known for {', '.join(unknown)}")
    return rubric


def findings_of(results: Iterable[CheckResult]) -> dict[str, Finding]:
    """Return check key -> finding."""
    return {result.key: result.finding for result in results}


ANSWERED = "Answered by the caller."


def answered(
    results: Iterable[CheckResult], answers: Mapping[str, Finding] | None
) -> list[CheckResult]:
    """Return results with a caller's answers in the place of what the catalogue knows.

    An answer of unknown is none: it takes nothing away that is known.
    """
    given = answers or {}
    return [
        CheckResult(result.key, given[result.key], ANSWERED)
        if given.get(result.key, Finding.UNKNOWN) is not Finding.UNKNOWN
        else result
        for result in results
    ]


def _sort(
    claims: Sequence[Claim], subject: Subject, today: date
) -> tuple[list[Claim], list[Claim]]:
    """Part claims that count from stale ones, both in order, those on the program itself first."""
    usable: list[Claim] = []
    stale: list[Claim] = []
    for claim in claims:
        (stale if is_stale(claim, subject, today) else usable).append(claim)
    if len(usable) > 1:
        usable.sort(key=is_wide)
    return usable, stale


def leading_first(claims: Sequence[Claim], today: date) -> list[Claim]:
    """Return claims of one kind, known on a day and in order, as the checklist takes them.

    Fresh ones stand before stale ones, and among either the program's before the school's.
    """
    if not claims:
        return []
    usable, stale = _sort(claims, claims[0].subject, today)
    return [*usable, *sorted(stale, key=is_wide)]


def dated_first(claims: Iterable[Claim], today: date) -> list[Claim]:
    """Return claims that stand leading first with fresh dated ones before undated ones.

    So a dated statement outweighs an undated one of a better-placed sayer, whatever its level.
    """
    return sorted(claims, key=lambda c: (is_stale(c, c.subject, today), c.as_of is None))


def is_stale(claim: ProgramClaim, subject: Subject, today: date) -> bool:
    """Return whether a claim is too old to count, or speaks of an accreditation run out."""
    return age_of(claim.as_of, subject, today) is Age.STALE or (
        isinstance(claim, AccreditationClaim)
        and claim.through_year is not None
        and claim.through_year < today.year
    )


def is_wide(claim: ProgramClaim) -> bool:
    """Whether a claim speaks of the whole institution."""
    return claim.level == Level.INSTITUTION or (
        isinstance(claim, CostClaim) and claim.is_institution_wide
    )


def _capped(finding: Finding, claim: ProgramClaim) -> Finding:
    """Return the finding, met lowered to partly met where the claim bears no date."""
    return Finding.PARTLY_MET if finding is Finding.MET and claim.as_of is None else finding


def _dated(claim: ProgramClaim) -> str:
    return f"({claim.as_of})" if claim.as_of else "(undated, so at most partly met)"


def _none_usable(key: str, what: str, stale: Sequence[ProgramClaim]) -> CheckResult:
    if stale:
        newest = stale[0]
        when = f" ({newest.as_of})" if newest.as_of else ""
        return CheckResult(
            key,
            Finding.UNKNOWN,
            f"What is known of {what} is too old to count{when}.",
            list(stale[:3]),
            is_stale=True,
        )
    return CheckResult(key, Finding.UNKNOWN, f"No source in the catalogue tells {what}.")


def _is_certificate(facts: ProgramFacts) -> bool:
    return facts.award_level == CERTIFICATE or facts.award_level in BELOW_ASSOCIATE


def _program_accreditation(
    facts: KnownFacts, today: date
) -> tuple[list[AccreditationClaim], list[AccreditationClaim]]:
    scoped = [c for c in facts.accreditation if c.scope == AccreditationScope.PROGRAM]
    return _sort(scoped, Subject.ACCREDITATION, today)


def _is_out_of_scope(facts: ProgramFacts, claims: Sequence[AccreditationClaim]) -> bool:
    """Whether CAHIIM accredits no program of this kind; never told from the CIP code alone."""
    speaks = any(c.accreditor == CAHIIM and c.status in ACCREDITED | ABSENT for c in claims)
    return _is_certificate(facts) and facts.cip_code in OFFICE_CIP and not speaks


OUT_OF_SCOPE = "The field's accreditor, CAHIIM, does not accredit certificates of this kind."


def _program_accredited(facts: KnownFacts, today: date, key: str) -> CheckResult:
    usable, stale = _program_accreditation(facts, today)
    if _is_out_of_scope(facts, usable):
        return CheckResult(key, Finding.NOT_APPLICABLE, OUT_OF_SCOPE, list(usable))
    if not usable:
        return _none_usable(key, "whether CAHIIM accredits the program", stale)
    leader = usable[0]
    evidence: list[ProgramClaim] = list(usable)
    status = AccreditationStatus(leader.status)
    if leader.accreditor == CAHIIM and status is AccreditationStatus.CANDIDACY:
        reason = f"The program is a candidate: CAHIIM has not accredited it yet {_dated(leader)}."
        return CheckResult(key, Finding.PARTLY_MET, reason, evidence)
    if leader.accreditor == CAHIIM and status in ABSENT:
        reason = f"A source states that the program is not accredited {_dated(leader)}."
        return CheckResult(key, Finding.NOT_MET, reason, evidence)
    if leader.accreditor == CAHIIM and status in ACCREDITED and not has_ended(leader, today):
        reason = f"A source states that CAHIIM accredits the program {_dated(leader)}."
        return CheckResult(key, _capped(Finding.MET, leader), reason, evidence)
    if leader.accreditor != CAHIIM:
        why = f"names {leader.accreditor}, which is not the field's accreditor"
    else:
        why = IN_DOUBT.get(status, "names an accreditation that has ended")
    return CheckResult(key, Finding.UNKNOWN, f"The source {why}.", evidence)


def has_ended(claim: AccreditationClaim, today: date) -> bool:
    """Return whether an accreditation is over on a day."""
    return claim.ended_on is not None and claim.ended_on <= today.isoformat()


STANDING = {
    AccreditationStatus.ACCREDITED: Finding.MET,
    AccreditationStatus.INITIAL: Finding.MET,
    AccreditationStatus.CONTINUING: Finding.MET,
    AccreditationStatus.CANDIDACY: Finding.PARTLY_MET,
    AccreditationStatus.PROBATIONARY: Finding.PARTLY_MET,
    AccreditationStatus.ADMINISTRATIVE_PROBATIONARY: Finding.PARTLY_MET,
    AccreditationStatus.VOLUNTARY_WITHDRAWAL: Finding.PARTLY_MET,
    AccreditationStatus.WITHHELD: Finding.NOT_MET,
    AccreditationStatus.WITHDRAWN: Finding.NOT_MET,
    AccreditationStatus.NOT_ACCREDITED: Finding.NOT_MET,
}


def _good_standing(facts: KnownFacts, today: date, key: str) -> CheckResult:
    usable, stale = _program_accreditation(facts, today)
    if _is_out_of_scope(facts, usable):
        return CheckResult(key, Finding.NOT_APPLICABLE, OUT_OF_SCOPE)
    leader = next((c for c in usable if c.accreditor == CAHIIM and c.status in STANDING), None)
    if leader is None or (usable[0] is not leader):
        return _none_usable(key, "how the program stands with its accreditor", stale)
    status = AccreditationStatus(leader.status)
    if has_ended(leader, today):
        reason = f"The accreditation ended on {leader.ended_on}."
        return CheckResult(key, Finding.NOT_MET, reason, [leader])
    words = status.replace("_", " ")
    reason = f"The program's status is given as {words} {_dated(leader)}."
    return CheckResult(key, _capped(STANDING[status], leader), reason, [leader])


def _covers_campus_and_level(facts: KnownFacts, today: date, key: str) -> CheckResult:
    usable, stale = _program_accreditation(facts, today)
    if _is_out_of_scope(facts, usable):
        return CheckResult(key, Finding.NOT_APPLICABLE, OUT_OF_SCOPE)
    what = "which campus and award an accreditation covers"
    if not usable or usable[0].accreditor != CAHIIM:
        return _none_usable(key, what, stale)
    leader = usable[0]
    if leader.status in ABSENT:
        reason = "There is no accreditation that could cover this campus and award."
        return CheckResult(key, Finding.NOT_MET, reason, [leader])
    if leader.status not in ACCREDITED:
        return _none_usable(key, what, stale)
    if leader.award_level is not None and leader.award_level != facts.award_level:
        reason = f"The accreditation named is for another award: {leader.award_level}."
        return CheckResult(key, Finding.NOT_MET, reason, [leader])
    if leader.campus and facts.campus and leader.campus != facts.campus:
        reason = f"The accreditation named is for another campus: {leader.campus}."
        return CheckResult(key, Finding.NOT_MET, reason, [leader])
    if leader.award_level is None or (facts.campus and not leader.campus):
        reason = f"The source names the program, but not both award and campus {_dated(leader)}."
        return CheckResult(key, Finding.PARTLY_MET, reason, [leader])
    reason = f"The source names this award {_dated(leader)}."
    return CheckResult(key, _capped(Finding.MET, leader), reason, [leader])


def _institution_accredited(facts: KnownFacts, today: date, key: str) -> CheckResult:
    scoped = [c for c in facts.accreditation if c.scope == AccreditationScope.INSTITUTION]
    usable, stale = _sort(scoped, Subject.ACCREDITATION, today)
    # a dated statement outweighs an undated one of a better-placed sayer, whatever its level
    usable.sort(key=lambda claim: claim.as_of is None)
    if not usable:
        return _none_usable(key, "whether the institution is accredited", stale)
    leader = usable[0]
    evidence: list[ProgramClaim] = [*usable, *stale[:2]]
    if leader.status == AccreditationStatus.TITLE_IV:
        reason = (
            "The institution takes part in federal student aid (Title IV), which requires "
            f"accreditation by a recognized agency {_dated(leader)}."
        )
        return CheckResult(key, Finding.MET, reason, evidence)
    if leader.status in ABSENT:
        reason = f"A source states that the institution is not accredited {_dated(leader)}."
        return CheckResult(key, Finding.NOT_MET, reason, evidence)
    if leader.status == AccreditationStatus.PREACCREDITED:
        reason = f"{leader.accreditor} has preaccredited the institution {_dated(leader)}."
        return CheckResult(key, Finding.PARTLY_MET, reason, evidence)
    if leader.status in ACCREDITED:
        reason = f"{leader.accreditor} accredits the institution {_dated(leader)}."
        return CheckResult(key, _capped(Finding.MET, leader), reason, evidence)
    return CheckResult(key, Finding.UNKNOWN, "The source does not settle it.", evidence)


def student_level_of(facts: ProgramFacts) -> StudentLevel:
    """Return which whole-institution prices hold for a program of this award."""
    return StudentLevel.GRADUATE if facts.award_level in GRADUATE else StudentLevel.UNDERGRADUATE


def prices_of(facts: ProgramFacts, component: str) -> list[CostClaim]:
    """Return claims that price a component for this program, alone or inside a larger sum."""
    level = student_level_of(facts)
    return [
        claim
        for claim in facts.costs
        if (claim.component == component or component in claim.contains)
        and claim.student_level in (None, level)
        and claim.cip_code in (None, facts.cip_code)
        and claim.value_status not in NO_VALUE
    ]


PRICE_WORDS = {
    CostComponent.TUITION: "tuition",
    CostComponent.FEES: "fees",
    CostComponent.BOOKS: "books",
    CostComponent.TECHNOLOGY: "technology costs",
}


def _price(facts: KnownFacts, today: date, key: str) -> CheckResult:
    component = CostComponent(key)
    words = PRICE_WORDS[component]
    usable, stale = _sort(prices_of(facts, component), Subject.COST, today)
    if not usable:
        return _none_usable(key, f"the program's {words}", stale)
    evidence: list[ProgramClaim] = list(usable[:4])
    priced = [c for c in usable if c.amount_low_cents is not None]
    own = [c for c in priced if not is_wide(c)]
    leader = next((c for c in own if c.as_of), (own or priced or usable)[0])
    if own and leader in own:
        inside = "" if leader.component == component else " inside a larger sum"
        reason = f"An amount for {words} is published for this program{inside} {_dated(leader)}."
        return CheckResult(key, _capped(Finding.MET, leader), reason, evidence)
    if usable[0].value_status == ValueStatus.NOT_PUBLISHED:
        reason = f"The school states that it does not publish {words} {_dated(usable[0])}."
        return CheckResult(key, Finding.NOT_MET, reason, evidence)
    if priced:
        reason = f"{words.capitalize()}: known for the institution as a whole {_dated(leader)}."
    else:
        reason = f"{words.capitalize()}: published without an amount {_dated(leader)}."
    return CheckResult(key, Finding.PARTLY_MET, reason, evidence)


def _refund_policy(facts: KnownFacts, today: date, key: str) -> CheckResult:
    claims = [c for c in facts.costs if c.component == CostComponent.REFUND_POLICY]
    usable, stale = _sort(claims, Subject.COST, today)
    if not usable:
        return _none_usable(key, "the refund policy", stale)
    leader = usable[0]
    if leader.value_status == ValueStatus.NOT_PUBLISHED:
        reason = f"The school states that it does not publish a refund policy {_dated(leader)}."
        return CheckResult(key, Finding.NOT_MET, reason, list(usable))
    reason = f"The refund rules are published {_dated(leader)}."
    return CheckResult(key, _capped(Finding.MET, leader), reason, list(usable))


def _transfer_policy(facts: KnownFacts, today: date, key: str) -> CheckResult:
    claims = [c for c in facts.transfer if c.kind == TransferKind.POLICY]
    usable, stale = _sort(claims, Subject.TRANSFER, today)
    if not usable:
        return _none_usable(key, "whether a transfer policy is published", stale)
    leader = usable[0]
    if leader.is_offered is False:
        reason = f"A source states that no transfer policy is published {_dated(leader)}."
        return CheckResult(key, Finding.NOT_MET, reason, list(usable))
    reason = f"The transfer policy is published {_dated(leader)}."
    return CheckResult(key, _capped(Finding.MET, leader), reason, list(usable))


def _articulation(facts: KnownFacts, today: date, key: str) -> CheckResult:
    claims = [c for c in facts.transfer if c.kind == TransferKind.ARTICULATION]
    usable, stale = _sort(claims, Subject.TRANSFER, today)
    if not usable:
        return _none_usable(key, "of an articulation agreement", stale)
    usable.sort(key=lambda claim: claim.as_of is None)
    leader = usable[0]
    if leader.is_offered is False:
        reason = f"A source states that there is no articulation agreement {_dated(leader)}."
        return CheckResult(key, Finding.NOT_MET, reason, list(usable))
    other = leader.receiving_institution or leader.sending_program or "another college"
    reason = f"An agreement with {other} is named {_dated(leader)}."
    return CheckResult(key, _capped(Finding.MET, leader), reason, list(usable))


def _credits_accepted(facts: KnownFacts, today: date, key: str) -> CheckResult:
    claims = [c for c in facts.transfer if c.kind == TransferKind.CREDITS_ACCEPTED]
    usable, stale = _sort(claims, Subject.TRANSFER, today)
    if not usable:
        return _none_usable(key, "how many credits are accepted", stale)
    leader = next((c for c in usable if c.credits_max is not None), usable[0])
    if leader.credits_max is None:
        reason = f"The limit is stated in words, without a number {_dated(leader)}."
        return CheckResult(key, Finding.PARTLY_MET, reason, list(usable))
    reason = f"At most {leader.credits_max:g} credits are accepted {_dated(leader)}."
    return CheckResult(key, _capped(Finding.MET, leader), reason, list(usable))


NO_CREDIT_AT_ALL = {TransferKind.NO_PRIOR_CREDIT, TransferKind.POLICY, TransferKind.ARTICULATION}
"""Kinds of statement beside which "accepts none" of an earlier survey can still hold."""


def _prior_learning(facts: KnownFacts, today: date, key: str) -> CheckResult:
    kinds = {TransferKind.PRIOR_LEARNING, TransferKind.STACKABLE, TransferKind.NO_PRIOR_CREDIT}
    claims = [c for c in facts.transfer if c.kind in kinds and c.is_offered is not None]
    usable, stale = _sort(claims, Subject.TRANSFER, today)
    accepted = [c.as_of or "" for c in facts.recorded.transfer if c.kind not in NO_CREDIT_AT_ALL]
    usable = [
        c
        for c in usable
        if c.kind != TransferKind.NO_PRIOR_CREDIT or (c.as_of or "") >= max(accepted, default="")
    ]
    if not usable:
        return _none_usable(key, "whether prior learning counts", stale)
    evidence: list[ProgramClaim] = list(usable)
    positive = [c for c in usable if c.is_offered and c.kind != TransferKind.NO_PRIOR_CREDIT]
    if own := [c for c in positive if c.level == Level.PROGRAM]:
        own.sort(key=lambda claim: claim.as_of is None)
        reason = f"Prior learning or a shorter award counts in this program {_dated(own[0])}."
        return CheckResult(key, _capped(Finding.MET, own[0]), reason, evidence)
    leader = usable[0]
    if leader in positive:
        reason = f"The institution gives credit for prior learning in general {_dated(leader)}."
        return CheckResult(key, Finding.PARTLY_MET, reason, evidence)
    reason = f"The institution states that it gives no credit for prior learning {_dated(leader)}."
    return CheckResult(key, Finding.NOT_MET, reason, evidence)


AVAILABILITY = {
    Availability.REQUIRED: (Finding.MET, "A practicum is required"),
    Availability.OPTIONAL: (Finding.PARTLY_MET, "A practicum is optional"),
    Availability.NONE: (Finding.NOT_MET, "The program has no practicum"),
}


def _practicum_offered(facts: KnownFacts, today: date, key: str) -> CheckResult:
    claims = [c for c in facts.practicum if c.availability is not None]
    usable, stale = _sort(claims, Subject.PRACTICUM, today)
    if not usable:
        return _none_usable(key, "whether a practicum is part of the program", stale)
    leader = usable[0]
    finding, words = AVAILABILITY[Availability(str(leader.availability))]
    return CheckResult(key, _capped(finding, leader), f"{words} {_dated(leader)}.", list(usable))


def _site_support(facts: KnownFacts, today: date, key: str) -> CheckResult:
    claims = [c for c in facts.practicum if c.is_site_arranged is not None]
    usable, stale = _sort(claims, Subject.PRACTICUM, today)
    if not usable:
        return _no_practicum(facts, today, key) or _none_usable(
            key, "who finds the practicum site", stale
        )
    leader = usable[0]
    if leader.is_site_arranged:
        reason = f"The school finds the site or helps to find it {_dated(leader)}."
        return CheckResult(key, _capped(Finding.MET, leader), reason, list(usable))
    reason = f"Students find the site themselves {_dated(leader)}."
    return CheckResult(key, Finding.NOT_MET, reason, list(usable))


def _hours_stated(facts: KnownFacts, today: date, key: str) -> CheckResult:
    claims = [c for c in facts.practicum if c.hours_low is not None]
    usable, stale = _sort(claims, Subject.PRACTICUM, today)
    if not usable:
        return _no_practicum(facts, today, key) or _none_usable(
            key, "how many practicum hours there are", stale
        )
    leader = usable[0]
    high = leader.hours_high
    hours = f"{leader.hours_low:g}" if high == leader.hours_low else f"{leader.hours_low:g} or more"
    if high is not None and high != leader.hours_low:
        hours = f"{leader.hours_low:g} to {high:g}"
    reason = f"The practicum takes {hours} hours {_dated(leader)}."
    return CheckResult(key, _capped(Finding.MET, leader), reason, list(usable))


def _local_or_remote(facts: KnownFacts, today: date, key: str) -> CheckResult:
    remote = {PracticumFormat.VIRTUAL, PracticumFormat.SIMULATION, PracticumFormat.MIXED}
    claims = [c for c in facts.practicum if c.format is not None]
    usable, stale = _sort(claims, Subject.PRACTICUM, today)
    if not usable:
        return _no_practicum(facts, today, key) or _none_usable(
            key, "where practicum hours can be done", stale
        )
    leader = usable[0]
    if leader.format in remote:
        reason = f"Hours can be done {_FORMAT_WORDS[str(leader.format)]} {_dated(leader)}."
        return CheckResult(key, _capped(Finding.MET, leader), reason, list(usable))
    reason = "Hours are on site; whether a site near the student will do is not said."
    return CheckResult(key, Finding.UNKNOWN, reason, list(usable))


_FORMAT_WORDS = {
    "virtual": "virtually",
    "simulation": "in a simulation",
    "mixed": "partly on site, partly virtually or simulated",
}


def _no_practicum(facts: KnownFacts, today: date, key: str) -> CheckResult | None:
    offered = _practicum_offered(facts, today, "practicum_offered")
    if offered.finding is not Finding.NOT_MET:
        return None
    reason = "The program has no practicum, so this cannot be asked."
    return CheckResult(key, Finding.NOT_APPLICABLE, reason, offered.evidence)


Rule = Callable[[KnownFacts, date, str], CheckResult]

RULES: Mapping[str, Rule] = {
    "program_accredited": _program_accredited,
    "good_standing": _good_standing,
    "covers_campus_and_level": _covers_campus_and_level,
    "institution_accredited": _institution_accredited,
    "tuition": _price,
    "fees": _price,
    "books": _price,
    "technology": _price,
    "refund_policy": _refund_policy,
    "transfer_policy": _transfer_policy,
    "articulation": _articulation,
    "credits_accepted": _credits_accepted,
    "prior_learning": _prior_learning,
    "practicum_offered": _practicum_offered,
    "site_support": _site_support,
    "hours_stated": _hours_stated,
    "local_or_remote": _local_or_remote,
}
"""Check key -> rule. One that is to change gets a key of its own: published scores rest on it."""
