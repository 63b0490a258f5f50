"""The one price a list shows for a program, and what it is a price of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.checklist.rules import prices_of
from app.domain.claims import CostClaim, ProgramFacts
from app.domain.evidence import Age, Subject, age_of, to_span
from app.domain.vocabulary import CostComponent, CostUnit, Level, Residency


@dataclass(frozen=True, slots=True)
class HeadlinePrice:
    """Tuition and fees together, in cents, with what the amount is for and where it stands."""

    cents: int
    unit: str
    level: str
    residency: str | None
    as_of: str | None
    claims: tuple[CostClaim, ...]


def headline_price(
    facts: ProgramFacts, today: date, residency: str = Residency.IN_STATE
) -> HeadlinePrice | None:
    """Return the price to show first, or None where no fresh sum of tuition and fees is known.

    Prices past their shelf life are not shown as the price.
    """
    return next(iter(list_prices(facts, today, residency)), None)


def list_prices(
    facts: ProgramFacts,
    today: date,
    residency: str = Residency.IN_STATE,
    *,
    age: Age = Age.FRESH,
) -> list[HeadlinePrice]:
    """Return every sum of tuition and fees known for a residency, the one to show first first.

    A price of the whole program leads; else the newest price of a year. Tuition and fees are
    added only when one source states both for the same students. A district that has no price
    of its own pays that of the state.
    """
    claims = [
        c
        for c in prices_of(facts, CostComponent.TUITION) + prices_of(facts, CostComponent.FEES)
        if age_of(c.as_of, Subject.COST, today) is age and is_for(c, residency)
    ]
    sums = [*_stated_sums(claims), *_added_sums(claims)]
    # a sum that contains both parts is found under either
    once = {tuple(map(id, found.claims)): found for found in sums}
    return sorted(
        once.values(),
        key=lambda price: (
            price.unit == CostUnit.PROGRAM,
            price.level == Level.PROGRAM,
            price.residency == Residency.IN_DISTRICT,
            span.last.toordinal() if (span := to_span(price.as_of)) else 0,
            len(price.claims) == 1,
        ),
        reverse=True,
    )


def is_for(claim: CostClaim, residency: str) -> bool:
    """Return whether a student of a residency pays this price."""
    holds = {None, Residency.ANY, residency}
    if residency == Residency.IN_DISTRICT:
        holds.add(Residency.IN_STATE)
    return claim.residency in holds


def _stated_sums(claims: Sequence[CostClaim]) -> list[HeadlinePrice]:
    return [
        _to_price(claim.amount_low_cents, claim, (claim,))
        for claim in claims
        if claim.component == CostComponent.TUITION_AND_FEES
        and claim.unit in (CostUnit.PROGRAM, CostUnit.YEAR)
        and claim.amount_low_cents is not None
        and claim.amount_low_cents == claim.amount_high_cents
    ]


def _added_sums(claims: Sequence[CostClaim]) -> list[HeadlinePrice]:
    parts: dict[tuple[object, ...], dict[str, list[CostClaim]]] = {}
    for claim in claims:
        exact = claim.amount_low_cents is not None
        if exact and claim.amount_low_cents == claim.amount_high_cents and not claim.contained_in:
            key = (claim.source, claim.level, claim.unit, claim.residency, claim.as_of)
            parts.setdefault(key, {}).setdefault(claim.component, []).append(claim)
    sums = []
    for by_component in parts.values():
        tuition = by_component.get(CostComponent.TUITION, [])
        fees = by_component.get(CostComponent.FEES, [])
        if len(tuition) == len(fees) == 1 and tuition[0].unit == CostUnit.YEAR:
            cents = (tuition[0].amount_low_cents or 0) + (fees[0].amount_low_cents or 0)
            sums.append(_to_price(cents, tuition[0], (tuition[0], fees[0])))
    return sums


def _to_price(cents: int | None, leader: CostClaim, claims: tuple[CostClaim, ...]) -> HeadlinePrice:
    return HeadlinePrice(
        cents=cents or 0,
        unit=str(leader.unit),
        level=leader.level,
        residency=leader.residency,
        as_of=leader.as_of,
        claims=claims,
    )


def money(amount: float) -> str:
    """Return US dollars; cents only where there are some."""
    return f"${amount:,.0f}" if amount == int(amount) else f"${amount:,.2f}"
