"""Checks of accreditation: of the program, its standing, what it covers, and of the school."""

from collections.abc import Sequence
from datetime import date

from app.domain.accreditors import Coverage, body_of, coverage_of
from app.domain.checklist.accreditors import ACCREDITED, Asked, ProgramReading, granted
from app.domain.checklist.reading import none_usable
from app.domain.checklist.results import CheckResult
from app.domain.claims import ABSENT, AccreditationClaim, ProgramClaim
from app.domain.evidence import Age
from app.domain.messages import Key, Message, either, word
from app.domain.vocabulary import NO_FEDERAL_AID, AccreditationScope, AccreditationStatus, Finding

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


def _program_accredited(read: ProgramReading, key: str) -> CheckResult:
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
    read: ProgramReading, key: str, asked: Asked, leader: AccreditationClaim
) -> CheckResult:
    evidence: list[ProgramClaim] = list(asked.usable)
    status, dated = AccreditationStatus(leader.status), read.dated(leader)
    if not asked.names_accreditor(leader, read.remits):
        reason = granted(read, leader) or Message(
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


def _good_standing(read: ProgramReading, key: str) -> CheckResult:
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


def _covers_campus_and_level(read: ProgramReading, key: str) -> CheckResult:
    asked = read.asked
    if result := asked.not_applicable(key):
        return result
    what = Message("which campus and degree an accreditation covers")
    leader = next(iter(asked.usable), None)
    if leader is None or not asked.names_accreditor(leader, read.remits):
        return asked.unknown(key, what)
    if leader.status in ABSENT:
        reason = Message(
            "There is no accreditation that could cover this campus and this degree or certificate."
        )
        return read.weigh(key, Finding.NOT_MET, leader, reason, [leader])
    if leader.status not in ACCREDITED:
        return asked.unknown(key, what)
    match coverage_of(leader, read.facts):
        case Coverage.OTHER_AWARD:
            reason = Message(
                "The accreditation named is for another degree or certificate: %(award)s.",
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
                "The source names the program, but not both the degree and the campus %(dated)s.",
                dated=read.dated(leader),
            )
            return read.weigh(key, read.policy.vague, leader, reason, [leader])
    reason = Message(
        "The source names this degree or certificate %(dated)s.", dated=read.dated(leader)
    )
    return read.weigh(key, Finding.MET, leader, reason, [leader])


def _institution_accredited(read: ProgramReading, key: str) -> CheckResult:
    scoped = [
        claim
        for claim in read.facts.accreditation
        if claim.scope == AccreditationScope.INSTITUTION and claim.status not in NO_FEDERAL_AID
    ]
    usable, stale = read.part(scoped)
    # a dated statement outweighs an undated one of a better-placed sayer, whatever its level
    usable.sort(key=read.is_undated)
    if not usable:
        return none_usable(key, Message("whether the institution is accredited"), stale)
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


RULES = {
    "program_accredited": _program_accredited,
    "good_standing": _good_standing,
    "covers_campus_and_level": _covers_campus_and_level,
    "institution_accredited": _institution_accredited,
}
