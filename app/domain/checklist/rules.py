"""The checks of all rubrics: from claims to findings, each with its rule in one sentence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import methodcaller
from typing import TypeVar

from app.domain.accreditors import (
    Coverage,
    RemitKind,
    Remits,
    accreditors_among,
    body_of,
    claims_of,
    coverage_of,
    remits_for,
)
from app.domain.checklist.rubric import Policy, Rubric
from app.domain.claims import (
    ABSENT,
    AccreditationClaim,
    CostClaim,
    KnownFacts,
    ProgramClaim,
    ProgramFacts,
)
from app.domain.cost.amounts import price_in_words
from app.domain.evidence import Age, age_of
from app.domain.messages import N_, Key, Listing, Message, either, word
from app.domain.vocabulary import (
    BELOW_ASSOCIATE,
    CERTIFICATE,
    GRADUATE,
    NO_FEDERAL_AID,
    AccreditationScope,
    AccreditationStatus,
    Availability,
    CostComponent,
    Finding,
    Level,
    PracticumFormat,
    PracticumSite,
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
IN_DOUBT = {
    AccreditationStatus.ALIGNED_ONLY: Message(
        "The source says that its courses follow the accreditor's standards, which is not "
        "accreditation."
    ),
    AccreditationStatus.HISTORICAL: Message("The source names an accreditation of the past."),
    AccreditationStatus.UNCLEAR: Message(
        "The source names the accreditor without saying which program it covers."
    ),
    AccreditationStatus.INACTIVE: Message("The source calls the accreditation inactive."),
    AccreditationStatus.APPROVED: Message(
        "The source names an approval, which is not accreditation."
    ),
    AccreditationStatus.CERTIFIED: Message(
        "The source names a certification, which is not accreditation."
    ),
    AccreditationStatus.PREACCREDITED: Message("The source speaks of preaccreditation."),
    AccreditationStatus.APPLIED: Message(
        "The source says that accreditation is applied for or under self-study; it is not granted."
    ),
    AccreditationStatus.NO_LONGER_LISTED: Message(
        "The accreditor's list named this program and does not name it any more; why is not told."
    ),
    AccreditationStatus.TITLE_IV: Message("The source speaks of federal aid only."),
}
FEDERAL_AID = Message("takes part in federal student aid (Title IV)")
ENDED = Message("The source names an accreditation that has ended.")
NO_VALUE = frozenset({ValueStatus.NOT_APPLICABLE, ValueStatus.NOT_REPORTED, ValueStatus.WITHHELD})


@dataclass(slots=True)
class CheckResult:
    """The finding of one check, the rule that gave it, and the claims it rests on."""

    key: str
    finding: Finding
    reason: Message
    evidence: list[ProgramClaim] = field(default_factory=list)
    is_stale: bool = False
    said: Finding | None = None
    """What an unconfirmed statement would come to if it were confirmed."""
    question: Message | None = None
    """What to ask of this program, where that is not the question of the rubric as it stands."""
    applies_if: Message | None = None
    """On what it depends whether the check applies at all, where that is not known."""


Claim = TypeVar("Claim", bound=ProgramClaim)


@dataclass(frozen=True)
class Reading:
    """The claims on one program on one day, read by the policy of a version of the rubric."""

    facts: KnownFacts
    day: date
    policy: Policy
    remits: Remits

    @cached_property
    def asked(self) -> "Asked":
        """Which accreditor the program is asked for, on which three checks rest."""
        return _asked(self)

    def age(self, claim: ProgramClaim) -> Age:
        """Return how far a claim can be trusted."""
        if self.policy.keeps_running_terms:
            return claim.age_on(self.day)
        through = claim.through_year if isinstance(claim, AccreditationClaim) else None
        if through is not None and through < self.day.year:
            return Age.STALE
        return age_of(claim.as_of, claim.subject, self.day)

    def is_undated(self, claim: ProgramClaim) -> bool:
        """Return whether nothing tells when a claim was made."""
        return self.age(claim) is Age.UNDATED

    def part(self, claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
        """Part claims that a check may rest on from stale ones, the leading ones first in both.

        Where a version still tells what is past its shelf life, a check rests on it if there is
        nothing else.
        """
        usable, stale = _sort(claims, self.age)
        if self.policy.dated_statements_lead:
            usable.sort(key=self.is_undated)
        if not usable and self.policy.stale is not Finding.UNKNOWN:
            return sorted(stale, key=is_wide), []
        return usable, stale

    def weigh(
        self,
        key: str,
        said: Finding,
        leader: ProgramClaim,
        reason: Message,
        evidence: Sequence[ProgramClaim],
    ) -> CheckResult:
        """Return the result of a check by what a claim says and how far it can be trusted.

        A no is a no without a date, too; leaving a date out never pays.
        """
        age, finding = self.age(leader), said
        if age is Age.STALE:
            finding = self.policy.stale
        elif age is Age.UNDATED and said is not Finding.NOT_MET:
            finding = self.policy.undated
        is_open = finding is Finding.UNCONFIRMED
        said = Finding.MET if said is Finding.UNCONFIRMED else said
        return CheckResult(
            key, finding, reason, list(evidence), age is Age.STALE, said if is_open else None
        )

    def dated(self, claim: ProgramClaim) -> str:
        """Return the date of a claim in brackets, and whether it counts for less for it."""
        age = self.age(claim)
        if age is Age.STALE:
            return Message(
                "(%(as_of)s, too old to count in full)", as_of=claim.as_of or _term(claim)
            )
        if claim.as_of is not None:
            return f"({claim.as_of})"
        if age is Age.FRESH:
            return f"({_term(claim)})"
        return UNDATED if self.policy.undated is Finding.PARTLY_MET else WITHOUT_DATE


def _term(claim: ProgramClaim) -> str:
    """Return the years that an accreditation names, where its page bears no date."""
    if not isinstance(claim, AccreditationClaim):
        return ""
    ends = claim.ended_on or claim.through_year or claim.expires_on or claim.next_review or ""
    return f"{claim.began_on or claim.awarded_on or claim.effective_on or ''}–{ends}"


def find_all(facts: KnownFacts, rubric: Rubric, today: date, remits: Remits) -> list[CheckResult]:
    """Return the result of every check that a rubric has, in its order.

    Claims count by their age on ``today``: in full within shelf life, else as the policy of the
    rubric has it. Statements about the program lead those about the institution as a whole.
    """
    read = Reading(facts, today, rubric.policy, remits)
    return [RULES[key](read, key) for key in rubric.check_keys]


def find_one(
    facts: KnownFacts, key: str, policy: Policy, today: date, remits: Remits
) -> CheckResult:
    """Return the result of one check, whether a rubric has it or not."""
    return RULES[key](Reading(facts, today, policy, remits), key)


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


def said_in(results: Iterable[CheckResult]) -> dict[str, Finding]:
    """Return check key -> what is said, of those checks on which a statement is unconfirmed."""
    return {result.key: result.said for result in results if result.said is not None}


ANSWERED = Message("Answered by the caller.")
NOT_ANSWERED = Message("Not answered.")


def answered(
    results: Iterable[CheckResult], answers: Mapping[str, Finding] | None
) -> list[CheckResult]:
    """Return results with a caller's answers in the place of what the catalogue knows.

    An answer of unknown is none: it takes nothing away that is known. Nor does a no where the
    school as a whole publishes something: that stays as it is.
    """
    given = answers or {}
    return [_answered(result, given.get(result.key, Finding.UNKNOWN)) for result in results]


def _answered(result: CheckResult, answer: Finding) -> CheckResult:
    if answer is Finding.UNKNOWN:
        return result
    if result.finding is Finding.PARTLY_KNOWN and answer is Finding.NOT_MET:
        reason = Message(
            "Answered by the caller; what is known of the whole school holds: %(reason)s",
            reason=result.reason,
        )
        return CheckResult(result.key, Finding.PARTLY_MET, reason, result.evidence)
    said = Finding.MET if answer is Finding.UNCONFIRMED else None
    return CheckResult(result.key, answer, ANSWERED, said=said)


def _sort(
    claims: Sequence[Claim], age: Callable[[ProgramClaim], Age]
) -> tuple[list[Claim], list[Claim]]:
    """Part claims that count from stale ones, both in order, those on the program itself first."""
    usable: list[Claim] = []
    stale: list[Claim] = []
    for claim in claims:
        (stale if age(claim) is Age.STALE else usable).append(claim)
    if len(usable) > 1:
        usable.sort(key=is_wide)
    return usable, stale


def leading_first(claims: Sequence[Claim], today: date) -> list[Claim]:
    """Return claims of one kind, known on a day and in order, as the checklist takes them.

    Fresh ones stand before stale ones, and among either the program's before the school's.
    """
    usable, stale = _sort(claims, methodcaller("age_on", today))
    return [*usable, *sorted(stale, key=is_wide)]


def dated_first(claims: Iterable[Claim], today: date) -> list[Claim]:
    """Return claims that stand leading first with fresh dated ones before undated ones.

    So a dated statement outweighs an undated one of a better-placed sayer, whatever its level.
    """
    ages = [Age.FRESH, Age.UNDATED, Age.STALE, Age.FUTURE]
    return sorted(claims, key=lambda claim: ages.index(claim.age_on(today)))


def is_stale(claim: ProgramClaim, today: date) -> bool:
    """Return whether a claim is too old to count, or speaks of an accreditation run out."""
    return claim.age_on(today) is Age.STALE


def is_wide(claim: ProgramClaim) -> bool:
    """Whether a claim speaks of the whole institution."""
    return claim.level == Level.INSTITUTION or (
        isinstance(claim, CostClaim) and claim.is_institution_wide
    )


UNDATED = Message("(undated, so at most partly met)")
WITHOUT_DATE = Message("(undated)")


def _none_usable(key: str, what: Message, stale: Sequence[ProgramClaim]) -> CheckResult:
    if stale:
        newest = stale[0]
        when = f" ({newest.as_of})" if newest.as_of else ""
        return CheckResult(
            key,
            Finding.UNKNOWN,
            Message("What is known of %(what)s is too old to count%(when)s.", what=what, when=when),
            list(stale[:3]),
            is_stale=True,
        )
    return CheckResult(
        key, Finding.UNKNOWN, Message("No source in the catalogue tells %(what)s.", what=what)
    )


def _is_certificate(facts: ProgramFacts) -> bool:
    return facts.award_level == CERTIFICATE or facts.award_level in BELOW_ASSOCIATE


@dataclass(frozen=True, slots=True)
class Asked:
    """Which accreditor a program is asked for, and what its claims say of it.

    Args:
        bodies: Short names of those whose word counts; none where no accreditor exists.
        usable: Claims that the checks may rest on, the leading one first.
        stale: Claims past their shelf life.
        out_of_scope: Why nobody is asked for; None: somebody is.
        applies_if: On what it depends whether the checks apply, where that is not known.
        question: What to ask whether the program is accredited.
    """

    bodies: tuple[str, ...]
    usable: list[AccreditationClaim]
    stale: list[AccreditationClaim]
    out_of_scope: Message | None = None
    applies_if: Message | None = None
    question: Message | None = None

    def names_accreditor(self, claim: AccreditationClaim, remits: Remits) -> bool:
        """Return whether a claim speaks of the accreditor that the program is asked for."""
        return claim.accreditor in self.bodies or body_of(remits, claim.accreditor) in self.bodies

    def unknown(self, key: str, what: Message) -> CheckResult:
        """Return that nothing usable is known, and on what it depends whether it applies."""
        result = _none_usable(key, what, self.stale)
        result.applies_if = self.applies_if
        if self.applies_if:
            result.reason = Listing(" ", (result.reason, self.applies_if))
        return result

    def not_applicable(self, key: str) -> CheckResult | None:
        """Return that the check does not apply, where nobody is asked for."""
        if self.out_of_scope is None:
            return None
        return CheckResult(key, Finding.NOT_APPLICABLE, self.out_of_scope, list(self.usable))


def _asked(read: Reading) -> Asked:
    """Return whom a program is asked for by the policy of a version."""
    facts, remits = read.facts, read.remits
    scoped = [c for c in facts.accreditation if c.scope == AccreditationScope.PROGRAM]
    if not read.policy.asks_accreditor_of_field:
        usable, stale = read.part(scoped)
        reason = OUT_OF_SCOPE if _is_out_of_scope(facts, usable) else None
        return Asked((CAHIIM,), usable, stale, reason)
    possible = accreditors_among(remits, facts.cip_code, facts.award_level, read.day)
    bodies = tuple(dict.fromkeys(remit.body for remit in possible))
    if not bodies:  # a school may report a program under a field of another accreditor
        known = {remit.body for remit in remits if remit.kind is RemitKind.ACCREDITATION}
        speakers = [body_of(remits, c.accreditor) for c in scoped if c.status in SPEAKING]
        bodies = tuple(dict.fromkeys(body for body in speakers if body in known and body))
    own = [claim for body in bodies for claim in claims_of(scoped, body, remits)]
    usable, stale = read.part([claim for claim in scoped if claim in own] or scoped)
    if not bodies:
        return Asked((), usable, stale, _no_accreditor(read, usable))
    applies_if = None
    if facts.cip_code is None or facts.award_level is None:
        fields = dict.fromkeys((remit.field, remit.body) for remit in possible)
        named = [Message("%(field)s (%(body)s)", field=Message(f), body=b) for f, b in fields]
        applies_if = Message(
            "It applies only to some fields and awards: %(fields)s.", fields=Listing(", ", named)
        )
    pattern = IS_ACCREDITED
    if possible and not any(remit.is_certain for remit in possible):
        pattern = MAY_BE_ACCREDITED
    question = Message(pattern, body=either(bodies))
    return Asked(bodies, usable, stale, applies_if=applies_if, question=question)


SPEAKING = ACCREDITED | ABSENT | {AccreditationStatus.CANDIDACY}
"""Statuses by which a source says that an accreditor has decided on a program, or is about to."""

IS_ACCREDITED = N_(
    "Is this program accredited by %(body)s as of today, and under which program code can I look "
    "it up?"
)
MAY_BE_ACCREDITED = N_(
    "%(body)s accredits some programs that schools report under this field: is this program one "
    "of them, accredited as of today, and under which program code can I look it up?"
)

GRANTS = {
    RemitKind.CERTIFICATION: (
        N_("%(body)s certifies programs of this kind, which is no accreditation."),
        N_("A source states that %(body)s certifies the program %(dated)s."),
    ),
    RemitKind.APPROVAL: (
        N_("%(body)s approves programs of this kind, which is no accreditation."),
        N_("A source states that %(body)s approves the program %(dated)s."),
    ),
}
"""What is granted -> the sentences that somebody grants it to such programs, and to this one."""


def _no_accreditor(read: Reading, claims: Sequence[AccreditationClaim]) -> Message:
    """Return that nobody accredits such programs, and who certifies or approves them."""
    facts = read.facts
    parts = [Message("No body is known to accredit programs of this field and award.")]
    granting = remits_for(read.remits, facts.cip_code, facts.award_level, read.day)
    parts += [Message(GRANTS[remit.kind][0], body=remit.body) for remit in granting]
    parts += [said for claim in claims if (said := _granted(read, claim))][:1]
    return Listing(" ", parts)


def _granted(read: Reading, claim: AccreditationClaim) -> Message | None:
    """Return that a source says that a body which accredits nobody certifies or approves it."""
    body = body_of(read.remits, claim.accreditor)
    kinds = [remit.kind for remit in read.remits if remit.body == body]
    if not kinds or RemitKind.ACCREDITATION in kinds or claim.status in ABSENT:
        return None
    return Message(GRANTS[kinds[0]][1], body=body, dated=read.dated(claim))


def _is_out_of_scope(facts: ProgramFacts, claims: Sequence[AccreditationClaim]) -> bool:
    """Whether CAHIIM accredits no program of this kind, as versions before 2026.2 have it."""
    speaks = any(c.accreditor == CAHIIM and c.status in ACCREDITED | ABSENT for c in claims)
    return _is_certificate(facts) and facts.cip_code in OFFICE_CIP and not speaks


OUT_OF_SCOPE = Message(
    "The field's accreditor, CAHIIM, does not accredit certificates of this kind."
)


def _program_accredited(read: Reading, key: str) -> CheckResult:
    asked = read.asked
    if result := asked.not_applicable(key):
        return result
    if asked.usable:
        result = _accredited_by(read, key, asked, asked.usable[0])
    else:
        what = Message("whether %(body)s accredits the program", body=either(asked.bodies))
        result = asked.unknown(key, what)
    result.question = asked.question
    return result


def _accredited_by(
    read: Reading, key: str, asked: Asked, leader: AccreditationClaim
) -> CheckResult:
    evidence: list[ProgramClaim] = list(asked.usable)
    status, dated = AccreditationStatus(leader.status), read.dated(leader)
    if not asked.names_accreditor(leader, read.remits):
        reason = _granted(read, leader) or Message(
            "The source names %(body)s, which is not the field's accreditor.",
            body=leader.accreditor,
        )
        return CheckResult(key, Finding.UNKNOWN, reason, evidence)
    body = body_of(read.remits, leader.accreditor) or leader.accreditor
    if status is AccreditationStatus.CANDIDACY:
        reason = Message(
            "The program is a candidate: %(body)s has not accredited it yet %(dated)s.",
            body=body,
            dated=dated,
        )
        return read.weigh(key, Finding.PARTLY_MET, leader, reason, evidence)
    if status in ABSENT:
        reason = Message(
            "A source states that the program is not accredited %(dated)s.", dated=dated
        )
        return read.weigh(key, Finding.NOT_MET, leader, reason, evidence)
    if status in ACCREDITED and not has_ended(leader, read.day):
        reason = Message(
            "A source states that %(body)s accredits the program %(dated)s.", body=body, dated=dated
        )
        return read.weigh(key, Finding.MET, leader, reason, evidence)
    return CheckResult(key, Finding.UNKNOWN, IN_DOUBT.get(status, ENDED), evidence)


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


def _good_standing(read: Reading, key: str) -> CheckResult:
    asked = read.asked
    if result := asked.not_applicable(key):
        return result
    leader = next(iter(asked.usable), None)
    if (
        leader is None
        or leader.status not in STANDING
        or not asked.names_accreditor(leader, read.remits)
    ):
        return asked.unknown(key, Message("how the program stands with its accreditor"))
    status = AccreditationStatus(leader.status)
    if has_ended(leader, read.day):
        reason = Message("The accreditation ended on %(day)s.", day=leader.ended_on)
        return read.weigh(key, Finding.NOT_MET, leader, reason, [leader])
    reason = Message(
        "The program's status is given as %(status)s %(dated)s.",
        status=word(status),
        dated=read.dated(leader),
    )
    return read.weigh(key, STANDING[status], leader, reason, [leader])


def _covers_campus_and_level(read: Reading, key: str) -> CheckResult:
    asked = read.asked
    if result := asked.not_applicable(key):
        return result
    what = Message("which campus and award an accreditation covers")
    leader = next(iter(asked.usable), None)
    if leader is None or not asked.names_accreditor(leader, read.remits):
        return asked.unknown(key, what)
    if leader.status in ABSENT:
        reason = Message("There is no accreditation that could cover this campus and award.")
        return read.weigh(key, Finding.NOT_MET, leader, reason, [leader])
    if leader.status not in ACCREDITED:
        return asked.unknown(key, what)
    match coverage_of(leader, read.facts):
        case Coverage.OTHER_AWARD:
            reason = Message(
                "The accreditation named is for another award: %(award)s.",
                award=Key(str(leader.award_level)),
            )
            return read.weigh(key, Finding.NOT_MET, leader, reason, [leader])
        case Coverage.OTHER_CAMPUS:
            reason = Message(
                "The accreditation named is for another campus: %(campus)s.",
                campus=", ".join(leader.covered_campuses),
            )
            return read.weigh(key, Finding.NOT_MET, leader, reason, [leader])
        case Coverage.SOME_FORMS:
            reason = Message(
                "The accreditation named covers only some forms of the program: %(forms)s.",
                forms=", ".join(leader.forms),
            )
            return read.weigh(key, Finding.PARTLY_MET, leader, reason, [leader])
        case Coverage.NOT_STATED:
            reason = Message(
                "The source names the program, but not both award and campus %(dated)s.",
                dated=read.dated(leader),
            )
            return read.weigh(key, read.policy.vague, leader, reason, [leader])
    reason = Message("The source names this award %(dated)s.", dated=read.dated(leader))
    return read.weigh(key, Finding.MET, leader, reason, [leader])


def _institution_accredited(read: Reading, key: str) -> CheckResult:
    scoped = [
        claim
        for claim in read.facts.accreditation
        if claim.scope == AccreditationScope.INSTITUTION and claim.status not in NO_FEDERAL_AID
    ]
    usable, stale = read.part(scoped)
    # a dated statement outweighs an undated one of a better-placed sayer, whatever its level
    usable.sort(key=read.is_undated)
    if not usable:
        return _none_usable(key, Message("whether the institution is accredited"), stale)
    leader = naming_agency(usable, read.day)
    evidence: list[ProgramClaim] = [*usable, *stale[:2]]
    if leader.status == AccreditationStatus.TITLE_IV:
        reason = Message(
            "The institution takes part in federal student aid (Title IV), which requires "
            "accreditation by a recognized agency %(dated)s.",
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.MET, leader, reason, evidence)
    if leader.status in ABSENT:
        reason = Message(
            "A source states that the institution is not accredited %(dated)s.",
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.NOT_MET, leader, reason, evidence)
    if leader.status == AccreditationStatus.PREACCREDITED:
        reason = Message(
            "%(body)s has preaccredited the institution %(dated)s.",
            body=leader.accreditor,
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.PARTLY_MET, leader, reason, evidence)
    if leader.status in ACCREDITED:
        reason = Message(
            "%(body)s accredits the institution %(dated)s.",
            body=leader.accreditor,
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.MET, leader, reason, evidence)
    return CheckResult(key, Finding.UNKNOWN, Message("The source does not settle it."), evidence)


def naming_agency(claims: Sequence[AccreditationClaim], today: date) -> AccreditationClaim:
    """Return the claim on a school to show first: who accredits it, where that is what leads.

    That it takes part in federal student aid says that somebody does, so whom a fresh statement
    names is told in its place.
    """
    leader = claims[0]
    if leader.status != AccreditationStatus.TITLE_IV:
        return leader
    named = (claim for claim in claims if claim.status != AccreditationStatus.TITLE_IV)
    second = next(named, leader)
    is_fresh = second.age_on(today) is Age.FRESH
    return second if is_fresh and second.status in ACCREDITED else leader


def student_level_of(facts: ProgramFacts) -> StudentLevel:
    """Return which whole-institution prices hold for a program of this award."""
    return StudentLevel.GRADUATE if facts.award_level in GRADUATE else StudentLevel.UNDERGRADUATE


def prices_of(facts: ProgramFacts, component: str) -> list[CostClaim]:
    """Return claims that price a component for this program, alone or inside a larger sum.

    A price of one program of the field whose award is not stated is not one of them.
    """
    level = student_level_of(facts)
    return [
        claim
        for claim in facts.costs
        if (claim.component == component or component in claim.contains)
        and claim.student_level in (None, level)
        and claim.cip_code is None
        and claim.value_status not in NO_VALUE
    ]


PRICE_WORDS = {
    CostComponent.TUITION: Message("tuition"),
    CostComponent.FEES: Message("fees"),
    CostComponent.BOOKS: Message("books"),
    CostComponent.TECHNOLOGY: Message("technology costs"),
}
PRICE_TITLES = {
    CostComponent.TUITION: Message("Tuition"),
    CostComponent.FEES: Message("Fees"),
    CostComponent.BOOKS: Message("Books"),
    CostComponent.TECHNOLOGY: Message("Technology costs"),
}


def _price(read: Reading, key: str) -> CheckResult:
    component = CostComponent(key)
    words = PRICE_WORDS[component]
    usable, stale = read.part(prices_of(read.facts, component))
    if not usable:
        return _none_usable(key, Message("the program's %(part)s", part=words), stale)
    evidence: list[ProgramClaim] = list(usable[:4])
    priced = [c for c in usable if c.amount_low_cents is not None]
    own = [c for c in priced if not is_wide(c)]
    leader = next((c for c in own if c.as_of), (own or priced or usable)[0])
    if read.policy.dated_statements_lead:
        leader = (priced or usable)[0]
    if own and leader in own:
        pattern = N_("%(part)s for this program: %(amount)s %(dated)s.")
        if leader.component != component:
            pattern = N_("%(part)s for this program, inside a larger sum: %(amount)s %(dated)s.")
        reason = Message(
            pattern,
            part=PRICE_TITLES[component],
            amount=price_in_words([leader, *own]),
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.MET, leader, reason, evidence)
    if usable[0].value_status == ValueStatus.NOT_PUBLISHED:
        reason = Message(
            "The school states that it does not publish %(part)s %(dated)s.",
            part=words,
            dated=read.dated(usable[0]),
        )
        return read.weigh(key, Finding.NOT_MET, leader, reason, evidence)
    title, dated = PRICE_TITLES[component], read.dated(leader)
    if not priced:
        reason = Message(
            "%(part)s: published without an amount %(dated)s.", part=title, dated=dated
        )
        return read.weigh(key, Finding.PARTLY_MET, leader, reason, evidence)
    pattern = N_("%(part)s for the school as a whole: %(amount)s %(dated)s.")
    if leader.component != component:
        pattern = N_(
            "%(part)s for the school as a whole, inside a larger sum: %(amount)s %(dated)s."
        )
    reason = Message(pattern, part=title, amount=price_in_words([leader, *priced]), dated=dated)
    return read.weigh(key, read.policy.institution_wide, leader, reason, evidence)


def _refund_policy(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.costs if c.component == CostComponent.REFUND_POLICY]
    usable, stale = read.part(claims)
    if not usable:
        return _none_usable(key, Message("the refund policy"), stale)
    leader = usable[0]
    if leader.value_status == ValueStatus.NOT_PUBLISHED:
        reason = Message(
            "The school states that it does not publish a refund policy %(dated)s.",
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.NOT_MET, leader, reason, list(usable))
    reason = Message("The refund rules are published %(dated)s.", dated=read.dated(leader))
    return read.weigh(key, Finding.MET, leader, reason, list(usable))


def _transfer_policy(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.transfer if c.kind == TransferKind.POLICY]
    usable, stale = read.part(claims)
    if not usable:
        return _none_usable(key, Message("whether a transfer policy is published"), stale)
    leader = usable[0]
    if leader.is_offered is False:
        reason = Message(
            "A source states that no transfer policy is published %(dated)s.",
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.NOT_MET, leader, reason, list(usable))
    reason = Message("The transfer policy is published %(dated)s.", dated=read.dated(leader))
    return read.weigh(key, Finding.MET, leader, reason, list(usable))


def _articulation(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.transfer if c.kind == TransferKind.ARTICULATION]
    usable, stale = read.part(claims)
    if not usable:
        return _none_usable(key, Message("of an articulation agreement"), stale)
    usable.sort(key=read.is_undated)
    leader = usable[0]
    if leader.is_offered is False:
        reason = Message(
            "A source states that there is no articulation agreement %(dated)s.",
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.NOT_MET, leader, reason, list(usable))
    other = leader.receiving_institution or leader.sending_program or Message("another college")
    reason = Message(
        "An agreement with %(other)s is named %(dated)s.", other=other, dated=read.dated(leader)
    )
    return read.weigh(key, Finding.MET, leader, reason, list(usable))


def _credits_accepted(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.transfer if c.kind == TransferKind.CREDITS_ACCEPTED]
    usable, stale = read.part(claims)
    if not usable:
        return _none_usable(key, Message("how many credits are accepted"), stale)
    leader = next((c for c in usable if c.credits_max is not None), usable[0])
    if leader.credits_max is None:
        reason = Message(
            "The limit is stated in words, without a number %(dated)s.", dated=read.dated(leader)
        )
        return read.weigh(key, Finding.PARTLY_MET, leader, reason, list(usable))
    reason = Message(
        "At most %(n)s credits are accepted %(dated)s.",
        n=f"{leader.credits_max:g}",
        dated=read.dated(leader),
    )
    return read.weigh(key, Finding.MET, leader, reason, list(usable))


NO_CREDIT_AT_ALL = {TransferKind.NO_PRIOR_CREDIT, TransferKind.POLICY, TransferKind.ARTICULATION}
"""Kinds of statement beside which "accepts none" of an earlier survey can still hold."""


def _prior_learning(read: Reading, key: str) -> CheckResult:
    kinds = {TransferKind.PRIOR_LEARNING, TransferKind.STACKABLE, TransferKind.NO_PRIOR_CREDIT}
    claims = [c for c in read.facts.transfer if c.kind in kinds and c.is_offered is not None]
    usable, stale = read.part(claims)
    accepted = [
        c.as_of or "" for c in read.facts.recorded.transfer if c.kind not in NO_CREDIT_AT_ALL
    ]
    usable = [
        c
        for c in usable
        if c.kind != TransferKind.NO_PRIOR_CREDIT or (c.as_of or "") >= max(accepted, default="")
    ]
    if not usable:
        return _none_usable(key, Message("whether prior learning counts"), stale)
    evidence: list[ProgramClaim] = list(usable)
    positive = [c for c in usable if c.is_offered and c.kind != TransferKind.NO_PRIOR_CREDIT]
    own = [c for c in positive if c.level == Level.PROGRAM]
    own.sort(key=read.is_undated)
    if own and (positive[0] is own[0] or not read.policy.dated_statements_lead):
        reason = Message(
            "Prior learning or a shorter award counts in this program %(dated)s.",
            dated=read.dated(own[0]),
        )
        return read.weigh(key, Finding.MET, own[0], reason, evidence)
    leader = usable[0]
    if leader in positive:
        reason = Message(
            "The institution gives credit for prior learning in general %(dated)s.",
            dated=read.dated(leader),
        )
        return read.weigh(key, read.policy.institution_wide, leader, reason, evidence)
    reason = Message(
        "The institution states that it gives no credit for prior learning %(dated)s.",
        dated=read.dated(leader),
    )
    return read.weigh(key, Finding.NOT_MET, leader, reason, evidence)


AVAILABILITY = {
    Availability.REQUIRED: (Finding.MET, N_("A practicum is required %(dated)s.")),
    Availability.OPTIONAL: (Finding.PARTLY_MET, N_("A practicum is optional %(dated)s.")),
    Availability.NONE: (Finding.NOT_MET, N_("The program has no practicum %(dated)s.")),
}


def _practicum_offered(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.practicum if c.availability is not None]
    usable, stale = read.part(claims)
    if not usable:
        return _none_usable(key, Message("whether a practicum is part of the program"), stale)
    leader = usable[0]
    finding, pattern = AVAILABILITY[Availability(str(leader.availability))]
    reason = Message(pattern, dated=read.dated(leader))
    return read.weigh(key, finding, leader, reason, list(usable))


def _site_support(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.practicum if c.is_site_arranged is not None]
    usable, stale = read.part(claims)
    if not usable:
        return _no_practicum(read, key) or _none_usable(
            key, Message("who finds the practicum site"), stale
        )
    leader = usable[0]
    if leader.is_site_arranged:
        reason = Message(
            "The school finds the site or helps to find it %(dated)s.", dated=read.dated(leader)
        )
        return read.weigh(key, Finding.MET, leader, reason, list(usable))
    reason = Message("Students find the site themselves %(dated)s.", dated=read.dated(leader))
    return read.weigh(key, Finding.NOT_MET, leader, reason, list(usable))


def _hours_stated(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.practicum if c.hours_low is not None]
    usable, stale = read.part(claims)
    if not usable:
        return _no_practicum(read, key) or _none_usable(
            key, Message("how many practicum hours there are"), stale
        )
    leader = usable[0]
    low, high = f"{leader.hours_low:g}", leader.hours_high
    if high is None:
        hours: str = Message("%(low)s or more", low=low)
    elif high == leader.hours_low:
        hours = low
    else:
        hours = Message("%(low)s to %(high)s", low=low, high=f"{high:g}")
    reason = Message(
        "The practicum takes %(hours)s hours %(dated)s.", hours=hours, dated=read.dated(leader)
    )
    return read.weigh(key, Finding.MET, leader, reason, list(usable))


def _local_or_remote(read: Reading, key: str) -> CheckResult:
    remote = {PracticumFormat.VIRTUAL, PracticumFormat.SIMULATION, PracticumFormat.MIXED}
    claims = [c for c in read.facts.practicum if c.format is not None or c.sites]
    usable, stale = read.part(claims)
    if not usable:
        return _no_practicum(read, key) or _none_usable(
            key, Message("where practicum hours can be done"), stale
        )
    leader = usable[0]
    if PracticumSite.LOCAL in leader.sites:
        reason = Message(
            "Hours can be done at a site near the student %(dated)s.", dated=read.dated(leader)
        )
        return read.weigh(key, Finding.MET, leader, reason, list(usable))
    if leader.format in remote:
        reason = Message(_FORMATS[str(leader.format)], dated=read.dated(leader))
        return read.weigh(key, Finding.MET, leader, reason, list(usable))
    if leader.sites == [PracticumSite.ON_CAMPUS]:
        reason = Message("Hours are done on the campus %(dated)s.", dated=read.dated(leader))
        return read.weigh(key, Finding.NOT_MET, leader, reason, list(usable))
    reason = Message("Hours are on site; whether a site near the student will do is not said.")
    return CheckResult(key, Finding.UNKNOWN, reason, list(usable))


_FORMATS = {
    "virtual": N_("Hours can be done virtually %(dated)s."),
    "simulation": N_("Hours can be done in a simulation %(dated)s."),
    "mixed": N_("Hours can be done partly on site, partly virtually or simulated %(dated)s."),
}


def _no_practicum(read: Reading, key: str) -> CheckResult | None:
    offered = _practicum_offered(read, "practicum_offered")
    if offered.finding is not Finding.NOT_MET:
        return None
    reason = Message("The program has no practicum, so this cannot be asked.")
    return CheckResult(key, Finding.NOT_APPLICABLE, reason, offered.evidence)


Rule = Callable[[Reading, str], CheckResult]

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
