"""Prices in words: what is paid, for what, and by whom."""

from collections.abc import Mapping, Sequence

from app.domain.claims import CostClaim
from app.domain.messages import N_, Listing, Message
from app.domain.vocabulary import CostUnit, Residency


def money(amount: float) -> str:
    """Return US dollars; cents only where there are some."""
    return f"${amount:,.0f}" if amount == int(amount) else f"${amount:,.2f}"


PRICE_UNITS: Mapping[str, str] = {
    CostUnit.PROGRAM: N_("%(amount)s for the program"),
    CostUnit.YEAR: N_("%(amount)s a year"),
    CostUnit.SEMESTER: N_("%(amount)s a semester"),
    CostUnit.QUARTER: N_("%(amount)s a quarter"),
    CostUnit.CREDIT: N_("%(amount)s a credit"),
    CostUnit.CONTACT_HOUR: N_("%(amount)s a contact hour"),
    CostUnit.CLOCK_HOUR: N_("%(amount)s a clock hour"),
    CostUnit.COURSE: N_("%(amount)s a course"),
    CostUnit.MONTH: N_("%(amount)s a month"),
    CostUnit.TERM: N_("%(amount)s a term"),
}
"""Unit of a price -> the price in that unit."""

RESIDENCIES: Mapping[str, str] = {
    Residency.IN_DISTRICT: N_("for residents of the district"),
    Residency.IN_STATE: N_("for residents of the state"),
    Residency.OUT_OF_STATE: N_("for people from other states"),
}
"""Residency -> for whom a price holds."""


def price_in_words(claims: Sequence[CostClaim]) -> Message:
    """Return what the first of some claims prices, with what others pay by the same source."""
    leader = claims[0]
    same = [
        claim
        for claim in claims
        if claim.amount_low_cents is not None
        and (claim.source, claim.as_of, claim.component, claim.unit, claim.label)
        == (leader.source, leader.as_of, leader.component, leader.unit, leader.label)
    ]
    by_residency = {claim.residency: claim for claim in reversed(same)}
    amounts = {_bounds(claim) for claim in by_residency.values()}
    if len(amounts) == 1:
        return _amount(leader)
    told = sorted(by_residency.items(), key=lambda pair: _bounds(pair[1]))
    return Listing(
        ", ",
        (
            Listing(" ", (_amount(claim), Message(RESIDENCIES[residency])))
            if residency is not None and residency in RESIDENCIES
            else _amount(claim)
            for residency, claim in told
        ),
    )


def _bounds(claim: CostClaim) -> tuple[int, int]:
    low = claim.amount_low_cents or 0
    return low, claim.amount_high_cents or low


def _amount(claim: CostClaim) -> Message:
    """Return the amount of one claim in its unit."""
    low, high = claim.amount_low_usd or 0.0, claim.amount_high_usd
    if high is None:
        amount: str = Message("%(low)s or more", low=money(low))
    elif high == low:
        amount = money(low)
    else:
        amount = Message("%(low)s to %(high)s", low=money(low), high=money(high))
    if claim.unit is None:
        return Listing("", (amount,))
    return Message(PRICE_UNITS[claim.unit], amount=amount)
