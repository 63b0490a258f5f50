"""Checks of transfer: policy, agreements, credits accepted, prior learning."""

from app.domain.checklist.reading import Reading, none_usable
from app.domain.checklist.results import CheckResult
from app.domain.claims import ProgramClaim
from app.domain.messages import Message
from app.domain.vocabulary import Finding, Level, TransferKind


def _transfer_policy(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.transfer if c.kind == TransferKind.POLICY]
    usable, stale = read.part(claims)
    if not usable:
        return none_usable(key, Message("whether a transfer policy is published"), stale)
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
        return none_usable(key, Message("of an articulation agreement"), stale)
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
        return none_usable(key, Message("how many credits are accepted"), stale)
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
        return none_usable(key, Message("whether prior learning counts"), stale)
    evidence: list[ProgramClaim] = list(usable)
    positive = [c for c in usable if c.is_offered and c.kind != TransferKind.NO_PRIOR_CREDIT]
    own = [c for c in positive if c.level == Level.PROGRAM]
    own.sort(key=read.is_undated)
    if own and (positive[0] is own[0] or not read.policy.dated_statements_lead):
        reason = Message(
            "Prior learning or a shorter certificate counts in this program %(dated)s.",
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


RULES = {
    "transfer_policy": _transfer_policy,
    "articulation": _articulation,
    "credits_accepted": _credits_accepted,
    "prior_learning": _prior_learning,
}
