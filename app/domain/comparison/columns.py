"""What is known of one program in a row of a comparison: from its record and claims to cells.

A function that makes cells is of the type ``Cells``. It returns what is known, the leading value
first, and nothing where nothing is known. A value past its shelf life is shown and does not count.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar, NamedTuple, TypeVar

from app.domain.checklist.rules import (
    CAHIIM,
    NO_VALUE,
    CheckResult,
    dated_first,
    is_stale,
    is_wide,
    leading_first,
    prices_of,
)
from app.domain.checklist.scoring import Interval, Score
from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    OfferingClaim,
    OutcomeClaim,
    PracticumClaim,
    ProgramClaim,
    ProgramFacts,
    ServiceClaim,
    TransferClaim,
)
from app.domain.comparison.cells import UNDATED, Cell, ComparableTerms, Range, Value
from app.domain.cost.prices import HeadlinePrice, is_for, list_prices
from app.domain.cost.total_cost import SCHOOL_PARTS, Target, find_total_cost
from app.domain.evidence import Age, Subject, to_span
from app.domain.vocabulary import (
    AccreditationScope,
    AccreditationStatus,
    CellStatus,
    CostComponent,
    CostUnit,
    Finding,
    Level,
    Pace,
    Residency,
    TransferKind,
    ValueStatus,
    in_words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClaim(ProgramClaim):
    """That a source lists the program or the school at all, under this name and place."""

    subject: ClassVar[Subject] = Subject.OFFERING


@dataclass(frozen=True, slots=True)
class YearCount:
    """Awards of one academic year."""

    academic_year: str
    count: int
    record: RecordClaim


@dataclass(frozen=True, slots=True)
class Side:
    """One program of a comparison: its record, the claims on it, and its checklist."""

    slug: str
    name: str
    award: str | None
    cip_code: str | None
    cip_title: str | None
    campus: str | None
    school: str
    city: str | None
    state: str
    control: str | None
    delivery: tuple[str, ...] | None
    record: RecordClaim
    school_record: RecordClaim
    completions: Sequence[YearCount]
    facts: ProgramFacts
    results: Sequence[CheckResult]
    scored: Score
    target: Target | None


Claim = TypeVar("Claim", bound=ProgramClaim)


@dataclass(frozen=True)
class Column:
    """One program as a comparison shows it, to students of a residency and on a day."""

    side: Side
    residency: str
    today: date

    def claims(self, kind: type[Claim]) -> list[Claim]:
        """Return the claims of a kind, the leading one first."""
        return [claim for claim in self._ordered if isinstance(claim, kind)]

    def is_stale(self, claim: ProgramClaim) -> bool:
        """Return whether a claim is past its shelf life."""
        return is_stale(claim, claim.subject, self.today)

    @cached_property
    def results(self) -> dict[str, CheckResult]:
        """Check key -> result."""
        return {result.key: result for result in self.side.results}

    @cached_property
    def _ordered(self) -> list[ProgramClaim]:
        facts = self.side.facts
        kinds: tuple[Sequence[ProgramClaim], ...] = (
            facts.accreditation,
            facts.costs,
            facts.transfer,
            facts.practicum,
            facts.topics,
            facts.preparation,
            facts.outcomes,
            facts.offerings,
            facts.services,
        )
        return [claim for claims in kinds for claim in leading_first(claims, self.today)]


Cells = Callable[[Column], Sequence[Cell]]


class Shown(NamedTuple):
    """What a claim says: a value, the same in words, and on which terms it stands."""

    value: Value
    display: str
    terms: ComparableTerms = ComparableTerms()


def _to_cell(column: Column, claim: ProgramClaim, shown: Shown) -> Cell:
    status = CellStatus.STALE if column.is_stale(claim) else CellStatus.KNOWN
    return Cell(shown.value, shown.display, status, (claim,), shown.terms)


def first_known(*makers: Cells) -> Cells:
    """Make the cells of the first maker that knows something."""
    return lambda column: next((found for make in makers if (found := make(column))), ())


# records


def of_program(value: Callable[[Side], str | None], show: Callable[[str], str] = str) -> Cells:
    """Make cells of a field of the program's record."""
    return lambda column: _recorded(value(column.side), show, column.side.record)


def of_school(value: Callable[[Side], str | None], show: Callable[[str], str] = str) -> Cells:
    """Make cells of a field of the school's record."""
    return lambda column: _recorded(value(column.side), show, column.side.school_record)


def _recorded(value: str | None, show: Callable[[str], str], record: RecordClaim) -> list[Cell]:
    return [] if value is None else [Cell(value, show(value), CellStatus.KNOWN, (record,))]


def field_of_study(column: Column) -> list[Cell]:
    """Return the CIP code with its title."""
    side = column.side
    return _recorded(
        side.cip_code, lambda code: f"{code} {side.cip_title or ''}".strip(), side.record
    )


def place_of(side: Side) -> str:
    """Return city and state of a school."""
    return ", ".join(filter(None, (side.city, side.state)))


# statements: one claim leads


def stated(kind: type[Claim], show: Callable[[Claim], Shown | None]) -> Cells:
    """Make cells of what the leading claim of a kind says, among those that ``show`` shows."""

    def cells(column: Column) -> list[Cell]:
        for claim in column.claims(kind):
            if (shown := show(claim)) is not None:
                return [_to_cell(column, claim, shown)]
        return []

    return cells


def word(key: str | None, prefix: str = "") -> Shown | None:
    """Show a key of a closed list, if there is one."""
    return Shown(key, f"{prefix}{in_words(key)}") if key else None


def yes_or_no(answer: bool | None, *, level: str | None = None) -> Shown | None:
    """Show whether something is so, if that is known."""
    if answer is None:
        return None
    return Shown(answer, "yes" if answer else "no, as stated", ComparableTerms(level=level))


def quantity(low: float | None, high: float | None, unit: str) -> Shown | None:
    """Show one number, or from low to high, if one of them is known."""
    if low is None:
        return None if high is None else Shown(Range(None, high), f"at most {high:g} {unit}")
    if high is None or low == high:
        return Shown(low, f"{low:g} {unit}")
    return Shown(Range(low, high), f"{low:g} to {high:g} {unit}")


def listing(names: Iterable[str]) -> Shown | None:
    """Show names one after the other, if there are any."""
    found = tuple(names)
    return Shown(found, ", ".join(found)) if found else None


CREDIT_UNITS = {
    "semester": "semester credits",
    "quarter": "quarter credits",
    "credit_hour": "credit hours",
    "clock_hour": "clock hours",
    "competency_unit": "competency units",
}


def credits_of(claim: OfferingClaim) -> Shown | None:
    """Show how many credits a program has, in credits of which kind."""
    if not claim.credits:
        return None
    unit = CREDIT_UNITS.get(claim.credit_unit or "", "credits of a kind not stated")
    return Shown(claim.credits, f"{claim.credits:g} {unit}", ComparableTerms(unit=unit))


def delivery(column: Column) -> list[Cell]:
    """Return how the program is taught, as it was settled, else as a stale claim has it."""
    side = column.side
    ranked: Sequence[ProgramClaim] = column.claims(ServiceClaim)
    if any(claim.delivery for claim in side.facts.offerings):
        ranked = [claim for claim in column.claims(OfferingClaim) if claim.delivery]
    if side.delivery is not None:
        shown = ", ".join(side.delivery)
        return [Cell(side.delivery, shown, CellStatus.KNOWN, tuple(ranked[:1]))]
    if ranked and isinstance(ranked[0], OfferingClaim):
        modes = tuple(sorted(ranked[0].delivery))
        return [_to_cell(column, ranked[0], Shown(modes, ", ".join(modes)))]
    return []


def institution_accreditation(column: Column) -> list[Cell]:
    """Return who accredits the school."""
    claims = [
        claim
        for claim in column.claims(AccreditationClaim)
        if claim.scope == AccreditationScope.INSTITUTION
    ]
    for leader in dated_first(claims, column.today)[:1]:
        words = f"{leader.accreditor}: {in_words(leader.status)}"
        if leader.status == AccreditationStatus.TITLE_IV:
            words = "takes part in federal student aid (Title IV)"
        return [_to_cell(column, leader, Shown(leader.accreditor, words))]
    return []


def cahiim_status(claim: AccreditationClaim) -> Shown | None:
    """Show how the field's accreditor says that the program stands."""
    if (claim.scope, claim.accreditor) != (AccreditationScope.PROGRAM, CAHIIM):
        return None
    return word(claim.status, f"{CAHIIM}: ")


def outside_accreditation(column: Column) -> list[Cell]:
    """Return that the field's accreditor accredits no program of this kind, where that is so."""
    if column.results["program_accredited"].finding is not Finding.NOT_APPLICABLE:
        return []
    return [Cell(None, f"{CAHIIM} does not accredit this kind", CellStatus.NOT_APPLICABLE)]


def through_year_of(claim: AccreditationClaim) -> Shown | None:
    """Show until when a program is accredited."""
    if claim.scope != AccreditationScope.PROGRAM or not claim.through_year:
        return None
    return Shown(claim.through_year, f"through {claim.through_year}")


def has_transfer_policy(claim: TransferClaim) -> Shown | None:
    """Show whether a transfer policy is published."""
    is_policy = claim.kind == TransferKind.POLICY
    return yes_or_no(claim.is_offered is not False) if is_policy else None


def is_offered(kind: TransferKind) -> Cells:
    """Make cells of whether credit of a kind is given, by the program or by the school."""
    return stated(
        TransferClaim,
        lambda claim: (
            yes_or_no(claim.is_offered, level=claim.level) if claim.kind == kind else None
        ),
    )


def credit_limit(claim: TransferClaim) -> Shown | None:
    """Show how many credits are taken over at most."""
    if claim.kind != TransferKind.CREDITS_ACCEPTED or claim.credits_max is None:
        return None
    return Shown(claim.credits_max, f"at most {claim.credits_max:g} credits")


def credit_limit_in_words(column: Column) -> list[Cell]:
    """Return what is said of the credits taken over without a number."""
    claims = [c for c in column.claims(TransferClaim) if c.kind == TransferKind.CREDITS_ACCEPTED]
    return [
        Cell(None, claim.as_stated or "in words", CellStatus.PUBLISHED_WITHOUT_AMOUNT, (claim,))
        for claim in claims[:1]
    ]


has_practicum = stated(PracticumClaim, lambda claim: word(claim.availability))


def without_practicum(column: Column) -> list[Cell]:
    """Return that there is no practicum, where that is so."""
    if column.results["practicum_offered"].finding is not Finding.NOT_MET:
        return []
    evidence = tuple(claim for cell in has_practicum(column) for claim in cell.evidence)
    return [Cell(None, "no practicum", CellStatus.NOT_APPLICABLE, evidence)]


def of_practicum(show: Callable[[PracticumClaim], Shown | None]) -> Cells:
    """Make cells of a fact of the practicum, which does not apply where there is none."""
    return first_known(stated(PracticumClaim, show), without_practicum)


# lists: all claims that still count add to them, stale ones where there are no others


def listed(kind: type[Claim], name: Callable[[Claim], str | None]) -> Cells:
    """Make cells of all that claims of a kind name."""

    def cells(column: Column) -> list[Cell]:
        claims, status = _counting(column, [c for c in column.claims(kind) if name(c)])
        found = tuple(sorted({str(name(claim)) for claim in claims}))
        return [Cell(found, ", ".join(map(in_words, found)), status, (c,)) for c in claims[:1]]

    return cells


def agreements(column: Column) -> list[Cell]:
    """Return the colleges that the school has agreements with; that it has none can be known."""
    claims, status = _counting(
        column, [c for c in column.claims(TransferClaim) if c.kind == TransferKind.ARTICULATION]
    )
    others = {
        claim.receiving_institution or claim.sending_program or "another college"
        for claim in claims
        if claim.is_offered is not False
    }
    found = tuple(sorted(others))
    words = ", ".join(found) or "none, as stated"
    return [Cell(found, words, status, tuple(claims))] if claims else []


def _counting(column: Column, claims: list[Claim]) -> tuple[list[Claim], CellStatus]:
    fresh = [claim for claim in claims if not column.is_stale(claim)]
    return fresh or claims, CellStatus.KNOWN if fresh else CellStatus.STALE


# prices


UNIT_WORDS: dict[str, str] = {
    CostUnit.PROGRAM: "for the program",
    **{unit: f"a {in_words(unit)}" for unit in CostUnit if unit is not CostUnit.PROGRAM},
}


def tuition_and_fees(column: Column) -> list[Cell]:
    """Return tuition and fees together: fresh sums, then undated ones, then stale ones.

    Where nothing is known for the residency, what others pay is shown, on its own terms.
    """
    facts, asked, today = column.side.facts, column.residency, column.today
    found = [
        _sum_cell(price, asked, CellStatus.STALE if age is Age.STALE else CellStatus.KNOWN)
        for age in (Age.FRESH, Age.UNDATED, Age.STALE)
        for price in list_prices(facts, today, asked, age=age)
    ]
    return found or [
        _sum_cell(price, asked, CellStatus.KNOWN)
        for other in (Residency.IN_STATE, Residency.OUT_OF_STATE)
        if other != asked
        for price in list_prices(facts, today, other)
    ]


def _sum_cell(price: HeadlinePrice, residency: str, status: CellStatus) -> Cell:
    wide = price.level == Level.INSTITUTION or any(map(is_wide, price.claims))
    terms = ComparableTerms(
        year=academic_year(price.as_of),
        unit=_usd(price.unit),
        residency=_residency(price.residency, residency),
        level=Level.INSTITUTION if wide else Level.PROGRAM,
    )
    amount = price.cents / 100
    display = f"{_money(amount)} {UNIT_WORDS[price.unit]}"
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
            for claim in leading_first(prices_of(column.side.facts, component), column.today)
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
        unit=_usd(claim.unit) if claim.unit else claim.unit_as_stated or "unit not stated",
        residency=_residency(claim.residency, column.residency),
        level=Level.INSTITUTION if is_wide(claim) else Level.PROGRAM,
    )
    return _to_cell(column, claim, Shown(value, display, terms))


def _price_population(claim: CostClaim) -> str | None:
    """Return for whom or what a price holds beyond its component; None for all of it."""
    parts = [claim.applies_to, claim.label]
    if claim.contains:
        parts.append(f"with {', '.join(map(in_words, claim.contains))} in it")
    if claim.contained_in:
        parts.append(f"already in {in_words(claim.contained_in)}")
    return "; ".join(filter(None, parts)) or None


def total_cost(column: Column) -> list[Cell]:
    """Return the whole cost at full time; nothing where no tuition is known."""
    side = column.side
    total = find_total_cost(
        side.facts, side.target, residency=column.residency, pace=Pace.FULL, today=column.today
    )
    if CostComponent.TUITION not in total.parts:
        return []
    value, display = _amount(total.low_cents, total.high_cents)
    if total.missing:
        missing = ", ".join(in_words(part.component) for part in total.missing)
        display = f"{display}, and {missing} on top"
    claims = {id(claim): claim for line in total.lines for claim in line.claims}
    terms = ComparableTerms(
        unit="USD to the credential",
        residency=column.residency,
        parts=", ".join(
            in_words(part)
            if part in SCHOOL_PARTS or side.target is None
            else f"{part} of {side.target.code}"
            for part in sorted(total.parts)
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
        return low / 100, _money(low / 100)
    if high is None:
        return Range(low / 100, None), f"{_money(low / 100)} or more"
    return Range(low / 100, high / 100), f"{_money(low / 100)} to {_money(high / 100)}"


def _residency(stated_for: str | None, asked: str) -> str:
    """Return whose price it is; one that names no residency is everybody's."""
    return asked if stated_for in (None, Residency.ANY) else str(stated_for)


def _usd(unit: str) -> str:
    return "USD for the program" if unit == CostUnit.PROGRAM else f"USD per {in_words(unit)}"


def _money(amount: float) -> str:
    return f"${amount:,.0f}" if amount == int(amount) else f"${amount:,.2f}"


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


# outcomes


def completions(column: Column) -> list[Cell]:
    """Return the awards conferred, year by year."""
    return [
        Cell(
            year.count,
            f"{year.count} in {year.academic_year}",
            CellStatus.KNOWN,
            (year.record,),
            ComparableTerms(year=year.academic_year, unit="awards"),
        )
        for year in column.side.completions
    ]


def outcomes(metric: str, credential: str | None) -> Cells:
    """Make cells of what is measured, of a credential or of none."""
    return lambda column: [
        _outcome_cell(column, claim)
        for claim in column.claims(OutcomeClaim)
        if (claim.metric, claim.credential_code) == (metric, credential)
    ]


def _outcome_cell(column: Column, claim: OutcomeClaim) -> Cell:
    if claim.value is None:
        withheld = claim.value_status == ValueStatus.WITHHELD
        status = CellStatus.WITHHELD if withheld else CellStatus.UNKNOWN
        return Cell(None, "withheld for privacy" if withheld else "not known", status, (claim,))
    named = claim.cohort if claim.cohort and re.search(r"[a-z]{3}", claim.cohort) else None
    terms = ComparableTerms(
        year=academic_year(claim.as_of),
        population=named,
        unit=in_words(claim.unit),
        level=claim.level,
    )
    shown = Shown(claim.value, _measured(claim.value, claim.unit), terms)
    return _to_cell(column, claim, shown)


def _measured(value: float, unit: str) -> str:
    if unit == "USD":
        return _money(value)
    return f"{value:g} %" if unit == "percent" else f"{value:g} {in_words(unit)}"


# the checklist


FINDING_WORDS = {
    Finding.MET: "met",
    Finding.PARTLY_MET: "partly met",
    Finding.NOT_MET: "not met",
    Finding.UNKNOWN: "not known",
    Finding.NOT_APPLICABLE: "does not apply",
}
SHOWN_EVIDENCE = 2
"""Claims shown beside a check of the comparison; the checklist itself shows them all."""


def whole_score(column: Column) -> list[Cell]:
    """Return the score of the whole checklist."""
    return [_score_cell(column.side.scored.whole)]


def criterion_score(key: str) -> Cells:
    """Make cells of the score of a criterion."""
    return lambda column: [_score_cell(column.side.scored.criteria.get(key))]


def _score_cell(interval: Interval | None) -> Cell:
    if interval is None:
        return Cell(None, FINDING_WORDS[Finding.NOT_APPLICABLE], CellStatus.NOT_APPLICABLE)
    low, high, coverage = interval.rounded
    words = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    display = f"{words} of 100, {coverage:.0%} of it known"
    return Cell(Range(low, high), display, CellStatus.KNOWN)


def check_finding(key: str) -> Cells:
    """Make cells of the finding of a check."""
    return lambda column: [_finding_cell(column.results[key])]


def _finding_cell(result: CheckResult) -> Cell:
    status = {
        Finding.NOT_APPLICABLE: CellStatus.NOT_APPLICABLE,
        Finding.UNKNOWN: CellStatus.STALE if result.is_stale else CellStatus.UNKNOWN,
    }.get(result.finding, CellStatus.KNOWN)
    evidence = tuple(result.evidence[:SHOWN_EVIDENCE])
    value = str(result.finding) if status is CellStatus.KNOWN else None
    return Cell(value, FINDING_WORDS[result.finding], status, evidence)


def gates(column: Column) -> list[Cell]:
    """Return the gates that are raised."""
    raised = column.side.scored.gates
    return [Cell(raised, ", ".join(raised) or "none raised", CellStatus.KNOWN)]
