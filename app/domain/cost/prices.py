"""The one price a list shows for a program, and what it is a price of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.checklist.prices import prices_of, student_level_of
from app.domain.checklist.reading import is_wide
from app.domain.claims import CostClaim, KnownFacts, ProgramFacts
from app.domain.evidence import Age, Subject, age_of, to_span
from app.domain.vocabulary import CostComponent, CostUnit, Level, Residency

HEADLINE_PARTS = (CostComponent.TUITION, CostComponent.FEES)


@dataclass(frozen=True, slots=True)
class HeadlinePrice:
    """Tuition and fees together, in cents, with what the amount is for and where it stands.

    ``parts`` are tuition and fees, or tuition alone where a price of a credit is told without
    fees.
    """

    cents: int
    unit: str
    level: str
    residency: str | None
    as_of: str | None
    claims: tuple[CostClaim, ...]
    parts: tuple[str, ...] = HEADLINE_PARTS


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

    A price of the whole program leads, then the program's own price of a year or credit; else
    the newest price of a year at the school. Tuition and fees are added only when one source
    states both for the same students. A district that has no price of its own pays that of the
    state.
    """
    claims = [
        c
        for c in prices_of(facts, CostComponent.TUITION) + prices_of(facts, CostComponent.FEES)
        if age_of(c.as_of, Subject.COST, today) is age and is_for(c, residency)
    ]
    sums = [*_stated_sums(claims), *_added_sums(claims, residency)]
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


def whole_program_price(facts: KnownFacts, today: date) -> CostClaim | None:
    """Return the newest price of the program that holds more than tuition and fees; None: none.

    What is in it beside them cannot be taken out, so it is no sum of tuition and fees.
    """
    return next(
        (
            claim
            for claim in prices_of(facts, CostComponent.TOTAL)
            if claim.component == CostComponent.TOTAL
            and claim.unit == CostUnit.PROGRAM
            and claim.amount_low_cents is not None
            and not is_wide(claim)
            and age_of(claim.as_of, Subject.COST, today) is Age.FRESH
        ),
        None,
    )


def residencies_apart(facts: ProgramFacts, *, is_private: bool) -> frozenset[Residency]:
    """Return the residencies that pay otherwise than residents of the state.

    A district is one where a lower price is told for it; all others are then told apart from it.
    A private school has no district, and takes the same of everybody unless it states two prices.
    """
    level = student_level_of(facts)
    stated: dict[str | None, dict[tuple[object, ...], set[int | None]]] = {}
    for claim in facts.costs:
        if claim.student_level in (None, level):
            of_whom = stated.setdefault(claim.residency, {})
            of_whom.setdefault(_but_for_residency(claim), set()).add(claim.amount_low_cents)
    of_state = stated.get(Residency.IN_STATE, {})
    outside = stated.get(Residency.OUT_OF_STATE, {})
    in_district = {} if is_private else stated.get(Residency.IN_DISTRICT, {})
    if any(_is_lower(cents, of_state.get(what)) for what, cents in in_district.items()):
        return frozenset({Residency.IN_DISTRICT, Residency.OUT_OF_STATE})
    is_one = outside == of_state or (is_private and not (outside and of_state))
    return frozenset() if is_one else frozenset({Residency.OUT_OF_STATE})


def _but_for_residency(claim: CostClaim) -> tuple[object, ...]:
    return (
        *(claim.source, claim.as_of, claim.level, claim.component, claim.unit, claim.label),
        claim.applies_to,
    )


def _is_lower(district: set[int | None], state: set[int | None] | None) -> bool:
    """Return whether a district has a price of its own that is below what the state pays.

    Where the state's is listed without an amount, nobody knows.
    """
    known = [cents for cents in district if cents is not None]
    of_state = [cents for cents in state or () if cents is not None]
    return bool(known) and (state is None or (bool(of_state) and min(known) < min(of_state)))


def is_for(claim: CostClaim, residency: str) -> bool:
    """Return whether a student of a residency pays this price."""
    holds = {None, Residency.ANY, residency}
    if residency == Residency.IN_DISTRICT:
        holds.add(Residency.IN_STATE)
    return claim.residency in holds


def _is_whole(claim: CostClaim) -> bool:
    """Return whether a unit tells a price by itself: program, year, or a credit of the program."""
    is_own_credit = claim.unit == CostUnit.CREDIT and not is_wide(claim) and not claim.applies_to
    return claim.unit in (CostUnit.PROGRAM, CostUnit.YEAR) or is_own_credit


def _stated_sums(claims: Sequence[CostClaim]) -> list[HeadlinePrice]:
    return [
        _to_price(claim.amount_low_cents, claim, (claim,))
        for claim in claims
        if claim.component == CostComponent.TUITION_AND_FEES
        and _is_whole(claim)
        and claim.amount_low_cents is not None
        and claim.amount_low_cents == claim.amount_high_cents
    ]


def _added_sums(claims: Sequence[CostClaim], residency: str) -> list[HeadlinePrice]:
    """Return tuition and fees added, of each page that tells both to the same students."""
    pages: dict[tuple[object, ...], list[CostClaim]] = {}
    for claim in claims:
        exact = claim.amount_low_cents is not None
        if exact and claim.amount_low_cents == claim.amount_high_cents and not claim.contained_in:
            page = (claim.source, claim.level, claim.unit, claim.as_of)
            pages.setdefault(page, []).append(claim)
    sums = []
    for page_claims in pages.values():
        tuition = _closest(page_claims, CostComponent.TUITION, residency)
        fees = _closest(page_claims, CostComponent.FEES, residency)
        if len(tuition) != 1 or not _is_whole(tuition[0]) or tuition[0].unit == CostUnit.PROGRAM:
            continue
        if len(fees) == 1:
            cents = (tuition[0].amount_low_cents or 0) + (fees[0].amount_low_cents or 0)
            sums.append(_to_price(cents, tuition[0], (tuition[0], fees[0])))
        elif tuition[0].unit == CostUnit.CREDIT:
            sums.append(_to_price(tuition[0].amount_low_cents, tuition[0], (tuition[0],)))
    return sums


def _closest(
    claims: Sequence[CostClaim], component: CostComponent, residency: str
) -> list[CostClaim]:
    """Return the prices of a component that are told most closely for a residency.

    A district that has no fees of its own pays those of the state, and all pay what is told of
    everybody.
    """
    of_component = [claim for claim in claims if claim.component == component]
    for whom in ((residency,), (Residency.IN_STATE,), (Residency.ANY, None)):
        if found := [claim for claim in of_component if claim.residency in whom]:
            return found
    return []


def _to_price(cents: int | None, leader: CostClaim, claims: tuple[CostClaim, ...]) -> HeadlinePrice:
    return HeadlinePrice(
        cents=cents or 0,
        unit=str(leader.unit),
        level=leader.level,
        residency=leader.residency,
        as_of=leader.as_of,
        claims=claims,
        parts=HEADLINE_PARTS if len(claims) > 1 or leader.contains else (CostComponent.TUITION,),
    )
