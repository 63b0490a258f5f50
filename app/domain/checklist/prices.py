"""Checks of what is published about prices and refunds."""

from app.domain.checklist.reading import Reading, is_wide, none_usable
from app.domain.checklist.results import CheckResult
from app.domain.claims import CostClaim, ProgramClaim, ProgramFacts
from app.domain.cost.amounts import price_in_words
from app.domain.messages import N_, Message
from app.domain.vocabulary import GRADUATE, CostComponent, Finding, StudentLevel, ValueStatus

NO_VALUE = frozenset({ValueStatus.NOT_APPLICABLE, ValueStatus.NOT_REPORTED, ValueStatus.WITHHELD})


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
        return none_usable(key, Message("the program's %(part)s", part=words), stale)
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
        return none_usable(key, Message("the refund policy"), stale)
    leader = usable[0]
    if leader.value_status == ValueStatus.NOT_PUBLISHED:
        reason = Message(
            "The school states that it does not publish a refund policy %(dated)s.",
            dated=read.dated(leader),
        )
        return read.weigh(key, Finding.NOT_MET, leader, reason, list(usable))
    reason = Message("The refund rules are published %(dated)s.", dated=read.dated(leader))
    return read.weigh(key, Finding.MET, leader, reason, list(usable))


RULES = {
    "tuition": _price,
    "fees": _price,
    "books": _price,
    "technology": _price,
    "refund_policy": _refund_policy,
}
