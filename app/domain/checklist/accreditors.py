"""Which accreditor a program is asked for, and what its claims say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.accreditors import (
    RemitKind,
    Remits,
    accreditors_among,
    body_of,
    claims_of,
    remits_for,
)
from app.domain.checklist.reading import Reading, none_usable
from app.domain.checklist.results import CheckResult
from app.domain.claims import ABSENT, AccreditationClaim, ProgramFacts
from app.domain.messages import N_, Listing, Message, either
from app.domain.vocabulary import (
    BELOW_ASSOCIATE,
    CERTIFICATE,
    AccreditationScope,
    AccreditationStatus,
    Finding,
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

LASTING_ACCREDITATION = ACCREDITED - {AccreditationStatus.VOLUNTARY_WITHDRAWAL}
"""Those that go on: one that its holder gives up counts for a student, and ends on a day that no
record tells."""


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
        result = none_usable(key, what, self.stale)
        result.applies_if = self.applies_if
        if self.applies_if:
            result.reason = Listing(" ", (result.reason, self.applies_if))
        return result

    def not_applicable(self, key: str) -> CheckResult | None:
        """Return that the check does not apply, where nobody is asked for."""
        if self.out_of_scope is None:
            return None
        return CheckResult(key, Finding.NOT_APPLICABLE, self.out_of_scope, list(self.usable))


@dataclass(frozen=True)
class ProgramReading(Reading):
    """The claims on one program with the accreditor that it is asked for."""

    @cached_property
    def asked(self) -> Asked:
        """Which accreditor the program is asked for, on which three checks rest."""
        return _asked(self)


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
            "It applies only to some fields and levels: %(fields)s.", fields=Listing(", ", named)
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
    parts = [Message("No body is known to accredit programs of this field and level.")]
    granting = remits_for(read.remits, facts.cip_code, facts.award_level, read.day)
    parts += [Message(GRANTS[remit.kind][0], body=remit.body) for remit in granting]
    parts += [said for claim in claims if (said := granted(read, claim))][:1]
    return Listing(" ", parts)


def granted(read: Reading, claim: AccreditationClaim) -> Message | None:
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


def _is_certificate(facts: ProgramFacts) -> bool:
    return facts.award_level == CERTIFICATE or facts.award_level in BELOW_ASSOCIATE


OUT_OF_SCOPE = Message(
    "The field's accreditor, CAHIIM, does not accredit certificates of this kind."
)
