"""What a program costs, as cells of a comparison: sums, prices of a component, the whole."""

from typing import Any

from app.domain.checklist.prices import NO_VALUE, prices_of
from app.domain.checklist.reading import is_wide, leading_first
from app.domain.claims import CostClaim
from app.domain.comparison.cells import UNDATED, Cell, ComparableTerms, Range, Value
from app.domain.comparison.columns import Cells, Column, Shown, stated, to_cell, yes_or_no
from app.domain.cost.amounts import money
from app.domain.cost.prices import HeadlinePrice, is_for, list_prices
from app.domain.cost.total_cost import SCHOOL_PARTS
from app.domain.evidence import Age, to_span
from app.domain.messages import Key, Listing, Message, word
from app.domain.reader import whose_price
from app.domain.vocabulary import (
    CellStatus,
    CostComponent,
    CostUnit,
    Level,
    Residency,
    ValueStatus,
    in_words,
)

UNIT_WORDS: dict[str, str] = {
    CostUnit.PROGRAM: "for the program",
    **{unit: f"a {in_words(unit)}" for unit in CostUnit if unit is not CostUnit.PROGRAM},
}


def tuition_and_fees(column: Column) -> list[Cell]:
    """Return tuition and fees together: fresh sums, then undated ones, then stale ones.

    Where nothing is known for the residency, what others pay is shown, on its own terms.
    """
    facts, asked, today = column.dossier.facts, column.residency, column.dossier.day
    found = [
        _sum_cell(column, price, CellStatus.STALE if age is Age.STALE else CellStatus.KNOWN)
        for age in (Age.FRESH, Age.UNDATED, Age.STALE)
        for price in list_prices(facts, today, asked, age=age)
    ]
    return found or [
        _sum_cell(column, price, CellStatus.KNOWN)
        for other in (Residency.IN_STATE, Residency.OUT_OF_STATE)
        if other != asked
        for price in list_prices(facts, today, other)
    ]


def _sum_cell(column: Column, price: HeadlinePrice, status: CellStatus) -> Cell:
    wide = price.level == Level.INSTITUTION or any(map(is_wide, price.claims))
    terms = ComparableTerms(
        year=academic_year(price.as_of),
        unit=usd_per(price.unit),
        **_whose(column, price.residency),
        level=Level.INSTITUTION if wide else Level.PROGRAM,
    )
    amount = price.cents / 100
    display = f"{money(amount)} {UNIT_WORDS[price.unit]}"
    return Cell(amount, display, status, tuple(price.claims), terms)


def prices(component: CostComponent, unit: CostUnit | None = None) -> Cells:
    """Make cells of the prices of a component: those for the residency, then for others.

    A price of a credit comes after that of a longer time, for only the latter is a whole. With
    a unit, only prices in it.
    """

    def cells(column: Column) -> list[Cell]:
        asked = column.residency
        claims = [
            claim
            for claim in leading_first(
                prices_of(column.dossier.known, component), column.dossier.day
            )
            if claim.component == component and (unit is None or claim.unit == unit)
        ]
        claims.sort(
            key=lambda claim: (
                claim.amount_low_cents is None,
                column.is_stale(claim),
                not is_for(claim, asked),
                asked == Residency.IN_DISTRICT and claim.residency == Residency.IN_STATE,
                claim.unit == CostUnit.CREDIT,
            )
        )
        return [_price_cell(column, claim) for claim in claims]

    return cells


def _price_cell(column: Column, claim: CostClaim) -> Cell:
    low, high = claim.amount_low_cents, claim.amount_high_cents
    if low is None:
        published = claim.value_status != ValueStatus.NOT_PUBLISHED
        status = CellStatus.PUBLISHED_WITHOUT_AMOUNT if published else CellStatus.NOT_PUBLISHED
        return Cell(None, in_words(status), status, (claim,))
    value, amount = _amount(low, high)
    display = f"{amount} {UNIT_WORDS[claim.unit]}" if claim.unit else amount
    terms = ComparableTerms(
        year=academic_year(claim.as_of),
        population=_price_population(claim),
        unit=usd_per(claim.unit) if claim.unit else claim.unit_as_stated or "unit not stated",
        **_whose(column, claim.residency),
        level=Level.INSTITUTION if is_wide(claim) else Level.PROGRAM,
    )
    return to_cell(column, claim, Shown(value, display, terms))


def _price_population(claim: CostClaim) -> str | None:
    """Return for whom or what a price holds beyond its component; None for all of it."""
    parts: list[str] = [Key(claim.applies_to)] if claim.applies_to else []
    parts += [claim.label] if claim.label else []
    if claim.contains:
        parts.append(
            Message("with %(parts)s in it", parts=Listing(", ", map(word, claim.contains)))
        )
    if claim.contained_in:
        parts.append(Message("already in %(part)s", part=word(claim.contained_in)))
    return Listing("; ", parts) if parts else None


def total_cost(column: Column) -> list[Cell]:
    """Return the whole cost at full time; nothing where no tuition is known."""
    target = column.dossier.target
    total = column.dossier.total()
    if not total.is_known:
        return []
    value, display = _amount(total.low_cents, total.high_cents)
    if total.missing:
        missing = ", ".join(in_words(part.component) for part in total.missing)
        display = f"{display}, and {missing} on top"
    claims = {id(claim): claim for line in total.lines for claim in line.claims}
    terms = ComparableTerms(
        unit="USD to the credential",
        **_own(column),
        parts=Listing(
            ", ",
            (
                word(part)
                if part in SCHOOL_PARTS or target is None
                else Message("%(part)s of %(credential)s", part=word(part), credential=target.code)
                for part in sorted(total.parts)
            ),
        ),
    )
    return [Cell(value, display, CellStatus.KNOWN, tuple(claims.values()), terms)]


def is_published(component: CostComponent) -> Cells:
    """Make cells of whether a school publishes something that has no amount."""
    return stated(
        CostClaim,
        lambda claim: (
            yes_or_no(claim.value_status != ValueStatus.NOT_PUBLISHED)
            if claim.component == component and claim.value_status not in NO_VALUE
            else None
        ),
    )


def _amount(low: int, high: int | None) -> tuple[Value, str]:
    """Return cents as a value in dollars and in words: one amount, or from low to high."""
    if low == high:
        return low / 100, money(low / 100)
    if high is None:
        return Range(low / 100, None), f"{money(low / 100)} or more"
    return Range(low / 100, high / 100), f"{money(low / 100)} to {money(high / 100)}"


OWN = "own"
"""Residency of the prices that a reader pays who tells where home is: whatever it is at a school,
they compare with what the same reader pays elsewhere."""


def _own(column: Column) -> dict[str, Any]:
    """Return that a price is what the reader pays, as a term of comparison and in words."""
    dossier = column.dossier
    by_home = dossier.reader.home_state and not dossier.reader.residency
    holds_for = dossier.charged_as(dossier.residency)
    return {
        "residency": OWN if by_home else str(dossier.residency),
        "for_whom": whose_price(holds_for, dossier.school.state),
    }


def _whose(column: Column, stated_for: str | None) -> dict[str, Any]:
    """Return whose price it is, as ``_own``; one that names no residency is everybody's."""
    if not column.dossier.residencies_apart:
        return _own(column)
    own, words = _own(column), whose_price(stated_for, column.dossier.school.state)
    if stated_for in (None, Residency.ANY):
        return {"residency": own["residency"], "for_whom": words}
    is_own = own["residency"] == OWN and stated_for == column.residency
    return {"residency": OWN if is_own else stated_for, "for_whom": words}


def usd_per(unit: str) -> str:
    """Return the unit of a price as a comparison names it."""
    return "USD for the program" if unit == CostUnit.PROGRAM else f"USD per {in_words(unit)}"


def academic_year(as_of: str | None) -> str:
    """Return the academic year (July to June) that a date lies in: "2026-01-15" -> "2025-26".

    A bare calendar year lies in two and stays as it is.
    """
    span = to_span(as_of)
    if span is None:
        return UNDATED
    first = span.first.year if span.first.month >= 7 else span.first.year - 1
    last = span.last.year if span.last.month >= 7 else span.last.year - 1
    return f"{first}-{(first + 1) % 100:02d}" if first == last else str(as_of)
