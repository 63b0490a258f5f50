"""Which facts a comparison shows, section by section, and on which terms each of them stands."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeVar

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.rules import (
    CAHIIM,
    NO_VALUE,
    CheckResult,
    findings_of,
    is_stale,
    is_wide,
    prices_of,
)
from app.domain.checklist.scoring import Interval, Score
from app.domain.claims import (
    CostClaim,
    OfferingClaim,
    OutcomeClaim,
    ProgramClaim,
    ProgramFacts,
)
from app.domain.comparison.cells import (
    NOTHING,
    UNDATED,
    Better,
    Cell,
    Range,
    Row,
    Terms,
    Value,
    judge,
    judge_intervals,
    judge_measured,
)
from app.domain.cost.prices import HeadlinePrice, is_for, list_prices
from app.domain.cost.total_cost import SCHOOL_PARTS, Target, find_total_cost
from app.domain.evidence import Age, Subject, order_claims, to_span
from app.domain.vocabulary import (
    AccreditationScope,
    AccreditationStatus,
    CellStatus,
    CostComponent,
    CostUnit,
    Finding,
    Level,
    OutcomeMetric,
    Pace,
    Residency,
    Section,
    Topic,
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


def build_rows(sides: Sequence[Side], rubric: Rubric, residency: str, today: date) -> Iterator[Row]:
    """Yield every row of a comparison, section by section.

    Args:
        sides: The programs, in the order asked for.
        rubric: The version that the sides were scored by.
        residency: Whose price is wanted, a key of ``Residency``.
        today: The day to judge age by.
    """
    yield from _award(sides)
    yield from _place_and_delivery(sides, today)
    yield from _length(sides, today)
    yield from _cost(sides, residency, today)
    yield from _accreditation(sides, today)
    yield from _transfer(sides, today)
    yield from _practicum(sides, today)
    yield from _credentials(sides, today)
    yield from _outcomes(sides, today)
    yield from _checklist(sides, rubric)


Claim = TypeVar("Claim", bound=ProgramClaim)


def _ranked(claims: Iterable[Claim], today: date) -> list[Claim]:
    """Return claims, the leading one first: fresh before stale, the program's before the school's.

    This is the order in which the checklist takes them.
    """
    found = list(claims)
    if not found:
        return found
    subject = found[0].subject
    return sorted(
        order_claims(found, subject, today),
        key=lambda claim: (is_stale(claim, subject, today), is_wide(claim)),
    )


def _cell(
    claim: ProgramClaim, value: Value, display: str, today: date, terms: Terms | None = None
) -> Cell:
    """Return the cell of one claim; a value past its shelf life is shown and does not count."""
    stale = is_stale(claim, claim.subject, today)
    status = CellStatus.STALE if stale else CellStatus.KNOWN
    return Cell(value, display, status, (claim,), terms or Terms())


def _leading(
    sides: Sequence[Side],
    claims_of: Callable[[Side], Iterable[Claim]],
    to_cell: Callable[[Claim], Cell],
    today: date,
) -> dict[str, Cell]:
    cells = {}
    for side in sides:
        ranked = _ranked(claims_of(side), today)
        cells[side.slug] = to_cell(ranked[0]) if ranked else NOTHING
    return cells


def _record(record: RecordClaim, value: str | None, display: str | None = None) -> Cell:
    if value is None:
        return NOTHING
    return Cell(value, display or value, CellStatus.KNOWN, (record,))


def _award(sides: Sequence[Side]) -> Iterator[Row]:
    part = Section.AWARD
    yield judge(part, "name", "Program", {s.slug: _record(s.record, s.name) for s in sides})
    awards = {s.slug: _record(s.record, s.award, in_words(s.award)) for s in sides}
    yield judge(part, "award_level", "Award", awards)
    fields = {
        s.slug: _record(s.record, s.cip_code, f"{s.cip_code} {s.cip_title or ''}".strip())
        for s in sides
    }
    yield judge(part, "cip_code", "Field of study (CIP 2020)", fields)


def _place_and_delivery(sides: Sequence[Side], today: date) -> Iterator[Row]:
    part = Section.PLACE_AND_DELIVERY
    schools = {s.slug: _record(s.school_record, s.school) for s in sides}
    yield judge(part, "institution", "School", schools)
    places = {
        s.slug: _record(s.school_record, ", ".join(filter(None, (s.city, s.state)))) for s in sides
    }
    yield judge(part, "place", "Place", places)
    controls = {s.slug: _record(s.school_record, s.control, in_words(s.control)) for s in sides}
    yield judge(part, "control", "Run by", controls)
    yield judge(part, "campus", "Campus", {s.slug: _campus(s, today) for s in sides})
    yield judge(part, "delivery", "Delivery", {s.slug: _delivery(s, today) for s in sides})
    statuses = _leading(
        sides,
        lambda s: [c for c in s.facts.offerings if c.enrollment_status],
        lambda c: _cell(c, c.enrollment_status, in_words(c.enrollment_status), today),
        today,
    )
    yield judge(part, "enrollment_status", "New students", statuses)


def _campus(side: Side, today: date) -> Cell:
    if side.campus:
        return _record(side.record, side.campus)
    for claim in _ranked([c for c in side.facts.offerings if c.campuses], today):
        return _cell(claim, tuple(claim.campuses), ", ".join(claim.campuses), today)
    return NOTHING


def _delivery(side: Side, today: date) -> Cell:
    stating: list[ProgramClaim] = [c for c in side.facts.offerings if c.delivery]
    ranked = _ranked(stating or side.facts.services, today)
    if side.delivery is not None:
        return Cell(side.delivery, ", ".join(side.delivery), CellStatus.KNOWN, tuple(ranked[:1]))
    if ranked and isinstance(ranked[0], OfferingClaim):
        modes = tuple(sorted(ranked[0].delivery))
        return _cell(ranked[0], modes, ", ".join(modes), today)
    return NOTHING


def _length(sides: Sequence[Side], today: date) -> Iterator[Row]:
    months = _leading(
        sides,
        lambda s: [c for c in s.facts.offerings if c.months_low or c.months_high],
        lambda c: _cell(c, *_range(c.months_low, c.months_high, "months"), today),
        today,
    )
    yield judge(Section.LENGTH, "months", "Length", months, unit="months")
    credits_ = _leading(
        sides,
        lambda s: [c for c in s.facts.offerings if c.credits],
        lambda c: _credits_cell(c, today),
        today,
    )
    yield judge(Section.LENGTH, "credits", "Credits", credits_)


CREDIT_WORDS = {
    "semester": "semester credits",
    "quarter": "quarter credits",
    "credit_hour": "credit hours",
    "clock_hour": "clock hours",
    "competency_unit": "competency units",
}


def _credits_cell(claim: OfferingClaim, today: date) -> Cell:
    unit = CREDIT_WORDS.get(claim.credit_unit or "", "credits of a kind not stated")
    return _cell(claim, claim.credits, f"{claim.credits:g} {unit}", today, Terms(unit=unit))


def _range(low: float | None, high: float | None, unit: str) -> tuple[Value, str]:
    """Return a quantity as a value and in words: one number, or from low to high."""
    if low == high or (high is None and low is not None):
        return low, f"{low:g} {unit}"
    if low is None:
        return Range(None, high), f"at most {high:g} {unit}"
    return Range(low, high), f"{low:g} to {high:g} {unit}"


UNIT_WORDS: dict[str, str] = {
    CostUnit.PROGRAM: "for the program",
    **{unit: f"a {in_words(unit)}" for unit in CostUnit if unit is not CostUnit.PROGRAM},
}
PRICE_ROWS = {
    CostComponent.TUITION: "Tuition",
    CostComponent.FEES: "Fees",
    CostComponent.BOOKS: "Books and supplies",
    CostComponent.TECHNOLOGY: "Technology",
}


def _cost(sides: Sequence[Side], residency: str, today: date) -> Iterator[Row]:
    part = Section.COST
    sums = {s.slug: _sums(s, residency, today) for s in sides}
    yield from judge_measured(
        part, "tuition_and_fees", "Tuition and fees", sums, better=Better.LOWER
    )
    for component, label in PRICE_ROWS.items():
        options = {s.slug: _prices(s, component, residency, today) for s in sides}
        yield from judge_measured(part, component, label, options, better=Better.LOWER)
    per_credit = {
        s.slug: [
            cell
            for cell in _prices(s, CostComponent.TUITION, residency, today)
            if cell.terms.unit == _usd(CostUnit.CREDIT)
        ]
        for s in sides
    }
    yield from judge_measured(
        part, "tuition_per_credit", "Tuition for one credit", per_credit, better=Better.LOWER
    )
    totals = {s.slug: _total_cost(s, residency, today) for s in sides}
    yield judge(part, "total_cost", "Total to the credential", totals, better=Better.LOWER)
    for component, label in (
        (CostComponent.REFUND_POLICY, "Refund policy published"),
        (CostComponent.PAYMENT_PLAN, "Payment plan"),
    ):
        cells = _leading(
            sides,
            lambda s, component=component: [  # type: ignore[misc]
                c
                for c in s.facts.costs
                if c.component == component and c.value_status not in NO_VALUE
            ],
            lambda c: _yes_or_no(c, c.value_status != ValueStatus.NOT_PUBLISHED, today),
            today,
        )
        yield judge(part, component, label, cells)


def _sums(side: Side, residency: str, today: date) -> list[Cell]:
    """Return tuition and fees together: fresh sums, then undated ones, then stale ones.

    Where nothing is known for the residency, what others pay is shown, on its own terms.
    """
    found = [
        _sum_cell(price, residency, CellStatus.STALE if age is Age.STALE else CellStatus.KNOWN)
        for age in (Age.FRESH, Age.UNDATED, Age.STALE)
        for price in list_prices(side.facts, today, residency, age=age)
    ]
    return found or [
        _sum_cell(price, residency, CellStatus.KNOWN)
        for other in (Residency.IN_STATE, Residency.OUT_OF_STATE)
        if other != residency
        for price in list_prices(side.facts, today, other)
    ]


def _total_cost(side: Side, residency: str, today: date) -> Cell:
    """Return the whole cost at full time; unknown where no tuition is known."""
    total = find_total_cost(
        side.facts, side.target, residency=residency, pace=Pace.FULL, today=today
    )
    if CostComponent.TUITION not in total.parts:
        return NOTHING
    value, display = _amount(total.low_cents, total.high_cents)
    if total.missing:
        missing = ", ".join(in_words(part.component) for part in total.missing)
        display = f"{display}, and {missing} on top"
    claims = {id(claim): claim for line in total.lines for claim in line.claims}
    terms = Terms(
        unit="USD to the credential",
        residency=residency,
        parts=", ".join(
            in_words(part)
            if part in SCHOOL_PARTS or side.target is None
            else f"{part} of {side.target.code}"
            for part in sorted(total.parts)
        ),
    )
    return Cell(value, display, CellStatus.KNOWN, tuple(claims.values()), terms)


def _amount(low: int, high: int | None) -> tuple[Value, str]:
    """Return cents as a value in dollars and in words: one amount, or from low to high."""
    if low == high:
        return low / 100, _money(low / 100)
    if high is None:
        return Range(low / 100, None), f"{_money(low / 100)} or more"
    return Range(low / 100, high / 100), f"{_money(low / 100)} to {_money(high / 100)}"


def _sum_cell(price: HeadlinePrice, residency: str, status: CellStatus) -> Cell:
    wide = price.level == Level.INSTITUTION or any(map(is_wide, price.claims))
    terms = Terms(
        year=academic_year(price.as_of),
        unit=_usd(price.unit),
        residency=_residency(price.residency, residency),
        level=Level.INSTITUTION if wide else Level.PROGRAM,
    )
    amount = price.cents / 100
    display = f"{_money(amount)} {UNIT_WORDS[price.unit]}"
    return Cell(amount, display, status, tuple(price.claims), terms)


def _prices(side: Side, component: str, residency: str, today: date) -> list[Cell]:
    """Return prices of one component: those for the residency, then for others.

    A price of a credit comes after that of a longer time, for only the latter is a whole.
    """
    claims = [c for c in prices_of(side.facts, component) if c.component == component]
    ranked = _ranked(claims, today)
    ranked.sort(
        key=lambda claim: (
            claim.amount_low_cents is None,
            is_stale(claim, Subject.COST, today),
            not is_for(claim, residency),
            residency == Residency.IN_DISTRICT and claim.residency == Residency.IN_STATE,
            claim.unit == CostUnit.CREDIT,
        )
    )
    return [_price_cell(claim, residency, today) for claim in ranked]


def _price_cell(claim: CostClaim, residency: str, today: date) -> Cell:
    low, high = claim.amount_low_cents, claim.amount_high_cents
    if low is None:
        published = claim.value_status != ValueStatus.NOT_PUBLISHED
        status = CellStatus.PUBLISHED_WITHOUT_AMOUNT if published else CellStatus.NOT_PUBLISHED
        return Cell(None, in_words(status), status, (claim,))
    unit = f" {UNIT_WORDS[claim.unit]}" if claim.unit else ""
    value, amount = _amount(low, high)
    display = f"{amount}{unit}"
    terms = Terms(
        year=academic_year(claim.as_of),
        population=_price_population(claim),
        unit=_usd(claim.unit) if claim.unit else claim.unit_as_stated or "unit not stated",
        residency=_residency(claim.residency, residency),
        level=Level.INSTITUTION if is_wide(claim) else Level.PROGRAM,
    )
    return _cell(claim, value, display, today, terms)


def _price_population(claim: CostClaim) -> str | None:
    """Return for whom or what a price holds beyond its component; None for all of it."""
    parts = [claim.applies_to, claim.label]
    if claim.contains:
        parts.append(f"with {', '.join(map(in_words, claim.contains))} in it")
    if claim.contained_in:
        parts.append(f"already in {in_words(claim.contained_in)}")
    return "; ".join(filter(None, parts)) or None


def _residency(stated: str | None, asked: str) -> str:
    """Return whose price it is; one that names no residency is everybody's."""
    return asked if stated in (None, Residency.ANY) else str(stated)


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


def _yes_or_no(claim: ProgramClaim, answer: bool, today: date, *, has_level: bool = False) -> Cell:
    terms = Terms(level=claim.level) if has_level else None
    return _cell(claim, answer, "yes" if answer else "no, as stated", today, terms)


def _accreditation(sides: Sequence[Side], today: date) -> Iterator[Row]:
    part = Section.ACCREDITATION
    cells = _leading(
        sides,
        lambda s: [
            c
            for c in s.facts.accreditation
            if c.scope == AccreditationScope.PROGRAM and c.accreditor == CAHIIM
        ],
        lambda c: _cell(c, c.status, f"{CAHIIM}: {in_words(c.status)}", today),
        today,
    )
    for side in sides:
        finding = findings_of(side.results)["program_accredited"]
        if finding is Finding.NOT_APPLICABLE:
            cells[side.slug] = Cell(
                None, f"{CAHIIM} does not accredit this kind", CellStatus.NOT_APPLICABLE
            )
    yield judge(part, "program_accreditation", "Program accreditation", cells)
    through = _leading(
        sides,
        lambda s: [
            c
            for c in s.facts.accreditation
            if c.scope == AccreditationScope.PROGRAM and c.through_year
        ],
        lambda c: _cell(c, c.through_year, f"through {c.through_year}", today),
        today,
    )
    yield judge(part, "accredited_through", "Accredited through", through, unit="year")
    schools = {s.slug: _school_cell(s, today) for s in sides}
    yield judge(part, "institution_accreditation", "School's accreditation", schools)


def _school_cell(side: Side, today: date) -> Cell:
    """Return who accredits the school; a dated statement leads, as it does in the checklist."""
    claims = [c for c in side.facts.accreditation if c.scope == AccreditationScope.INSTITUTION]
    if not claims:
        return NOTHING
    leader = min(
        _ranked(claims, today),
        key=lambda c: (is_stale(c, Subject.ACCREDITATION, today), c.as_of is None),
    )
    words = f"{leader.accreditor}: {in_words(leader.status)}"
    if leader.status == AccreditationStatus.TITLE_IV:
        words = "takes part in federal student aid (Title IV)"
    return _cell(leader, leader.accreditor, words, today)


def _transfer(sides: Sequence[Side], today: date) -> Iterator[Row]:
    part = Section.TRANSFER
    policies = _leading(
        sides,
        lambda s: [c for c in s.facts.transfer if c.kind == TransferKind.POLICY],
        lambda c: _yes_or_no(c, c.is_offered is not False, today),
        today,
    )
    yield judge(part, "transfer_policy", "Transfer policy published", policies)
    agreements = {s.slug: _agreements(s, today) for s in sides}
    yield judge(part, "articulation", "Agreements with other colleges", agreements)
    limits = {s.slug: _credit_limit(s, today) for s in sides}
    yield judge(part, "credits_accepted", "Credits accepted", limits, unit="credits")
    for key, label, kinds in (
        ("prior_learning", "Credit for prior learning", {TransferKind.PRIOR_LEARNING}),
        ("stackable", "A shorter award counts toward it", {TransferKind.STACKABLE}),
    ):
        cells = _leading(
            sides,
            lambda s, kinds=kinds: [  # type: ignore[misc]
                c for c in s.facts.transfer if c.kind in kinds and c.is_offered is not None
            ],
            lambda c: _yes_or_no(c, bool(c.is_offered), today, has_level=True),
            today,
        )
        yield judge(part, key, label, cells)


def _credit_limit(side: Side, today: date) -> Cell:
    claims = [c for c in side.facts.transfer if c.kind == TransferKind.CREDITS_ACCEPTED]
    ranked = _ranked(claims, today)
    for claim in ranked:
        if claim.credits_max is not None:
            words = f"at most {claim.credits_max:g} credits"
            return _cell(claim, claim.credits_max, words, today)
    for claim in ranked[:1]:
        words = claim.as_stated or "in words"
        return Cell(None, words, CellStatus.PUBLISHED_WITHOUT_AMOUNT, (claim,))
    return NOTHING


def _agreements(side: Side, today: date) -> Cell:
    claims = [c for c in side.facts.transfer if c.kind == TransferKind.ARTICULATION]
    ranked = _ranked(claims, today)
    if not ranked:
        return NOTHING
    fresh = [c for c in ranked if not is_stale(c, Subject.TRANSFER, today)]
    others = {
        c.receiving_institution or c.sending_program or "another college"
        for c in fresh or ranked
        if c.is_offered is not False
    }
    names = tuple(sorted(others))
    status = CellStatus.KNOWN if fresh else CellStatus.STALE
    return Cell(names, ", ".join(names) or "none, as stated", status, tuple(fresh or ranked))


def _practicum(sides: Sequence[Side], today: date) -> Iterator[Row]:
    part = Section.PRACTICUM
    offered = _leading(
        sides,
        lambda s: [c for c in s.facts.practicum if c.availability],
        lambda c: _cell(c, c.availability, in_words(c.availability), today),
        today,
    )
    yield judge(part, "practicum", "Practicum", offered)
    hours = _leading(
        sides,
        lambda s: [c for c in s.facts.practicum if c.hours_low is not None],
        lambda c: _cell(c, *_range(c.hours_low, c.hours_high, "hours"), today),
        today,
    )
    formats = _leading(
        sides,
        lambda s: [c for c in s.facts.practicum if c.format],
        lambda c: _cell(c, c.format, in_words(c.format), today),
        today,
    )
    sites = _leading(
        sides,
        lambda s: [c for c in s.facts.practicum if c.is_site_arranged is not None],
        lambda c: _yes_or_no(c, bool(c.is_site_arranged), today),
        today,
    )
    without = {s.slug: offered[s.slug].evidence for s in sides if _has_no_practicum(s)}
    for cells in (hours, formats, sites):
        for slug, evidence in without.items():
            if cells[slug].status is CellStatus.UNKNOWN:
                cells[slug] = Cell(None, "no practicum", CellStatus.NOT_APPLICABLE, evidence)
    yield judge(part, "practicum_hours", "Practicum hours", hours, unit="hours")
    yield judge(part, "practicum_format", "Where the hours are done", formats)
    yield judge(part, "site_arranged", "School arranges or helps with the site", sites)


def _has_no_practicum(side: Side) -> bool:
    return findings_of(side.results)["practicum_offered"] is Finding.NOT_MET


def _credentials(sides: Sequence[Side], today: date) -> Iterator[Row]:
    part = Section.CREDENTIALS
    prepares = {
        s.slug: _listed(s.facts.preparation, lambda c: c.credential_code, today) for s in sides
    }
    yield judge(part, "prepares_for", "Prepares for, by its own word", prepares)
    topics = {
        s.slug: _listed(
            [c for c in s.facts.topics if c.is_covered], lambda c: Topic(c.topic).value, today
        )
        for s in sides
    }
    yield judge(part, "topics", "Curriculum topics named", topics)


def _listed(claims: Iterable[Claim], key: Callable[[Claim], str], today: date) -> Cell:
    """Return what is named by claims that still count; by stale ones where there are no others."""
    ranked = _ranked(claims, today)
    if not ranked:
        return NOTHING
    fresh = [c for c in ranked if not is_stale(c, c.subject, today)]
    names = tuple(sorted({key(claim) for claim in fresh or ranked}))
    status = CellStatus.KNOWN if fresh else CellStatus.STALE
    return Cell(names, ", ".join(map(in_words, names)), status, tuple((fresh or ranked)[:1]))


RATES = frozenset(
    {
        OutcomeMetric.EXAM_PASS_RATE,
        OutcomeMetric.PLACEMENT_RATE,
        OutcomeMetric.EMPLOYMENT_RATE,
        OutcomeMetric.GRADUATION_RATE,
        OutcomeMetric.GRADUATION_RATE_100,
        OutcomeMetric.GRADUATION_RATE_150,
        OutcomeMetric.GRADUATION_RATE_200,
        OutcomeMetric.AWARD_RATE_4_YEARS,
        OutcomeMetric.AWARD_RATE_6_YEARS,
        OutcomeMetric.RETENTION_RATE,
        OutcomeMetric.RETENTION_RATE_PART_TIME,
        OutcomeMetric.EMPLOYER_SATISFACTION,
        OutcomeMetric.GRADUATE_SATISFACTION,
        OutcomeMetric.STUDENT_SATISFACTION,
    }
)
"""Outcomes of which more is better; of the others, a share at a distance, none is."""


METRIC_LABELS: dict[str, str] = {
    OutcomeMetric.GRADUATION_RATE_100: "Graduation within normal time",
    OutcomeMetric.GRADUATION_RATE_150: "Graduation within 150 % of normal time",
    OutcomeMetric.GRADUATION_RATE_200: "Graduation within 200 % of normal time",
    OutcomeMetric.AWARD_RATE_4_YEARS: "Award within 4 years",
    OutcomeMetric.AWARD_RATE_6_YEARS: "Award within 6 years",
    OutcomeMetric.RETENTION_RATE: "Retention, full-time",
    OutcomeMetric.RETENTION_RATE_PART_TIME: "Retention, part-time",
    OutcomeMetric.STUDENT_FACULTY_RATIO: "Students per member of faculty",
    OutcomeMetric.EARNINGS_6_YEARS: "Median earnings after 6 years",
    OutcomeMetric.EARNINGS_10_YEARS: "Median earnings after 10 years",
    OutcomeMetric.DISTANCE_ONLY_SHARE: "Students at a distance only",
    OutcomeMetric.DISTANCE_SOME_SHARE: "Students partly at a distance",
}


def _outcomes(sides: Sequence[Side], today: date) -> Iterator[Row]:
    part = Section.OUTCOMES
    counts = {
        s.slug: [
            Cell(
                year.count,
                f"{year.count} in {year.academic_year}",
                CellStatus.KNOWN,
                (year.record,),
                Terms(year=year.academic_year, unit="awards"),
            )
            for year in s.completions
        ]
        for s in sides
    }
    yield from judge_measured(part, "completions", "Awards conferred in a year", counts)
    named: dict[tuple[str, str | None], None] = {}
    for metric in OutcomeMetric:
        for side in sides:
            for claim in side.facts.outcomes:
                if claim.metric == metric:
                    named.setdefault((metric, claim.credential_code))
    for metric_key, credential in named:
        options = {
            s.slug: [
                _outcome_cell(c, today)
                for c in _ranked(_outcomes_of(s, metric_key, credential), today)
            ]
            for s in sides
        }
        label = METRIC_LABELS.get(metric_key) or in_words(metric_key).capitalize()
        yield from judge_measured(
            part,
            f"{metric_key}_{credential.lower().replace('-', '_')}" if credential else metric_key,
            f"{label}, {credential}" if credential else label,
            options,
            better=Better.HIGHER if metric_key in RATES else None,
        )


def _outcomes_of(side: Side, metric: str, credential: str | None) -> list[OutcomeClaim]:
    return [c for c in side.facts.outcomes if (c.metric, c.credential_code) == (metric, credential)]


def _outcome_cell(claim: OutcomeClaim, today: date) -> Cell:
    if claim.value is None:
        withheld = claim.value_status == ValueStatus.WITHHELD
        status = CellStatus.WITHHELD if withheld else CellStatus.UNKNOWN
        return Cell(None, "withheld for privacy" if withheld else "not known", status, (claim,))
    named = claim.cohort if claim.cohort and re.search(r"[a-z]{3}", claim.cohort) else None
    terms = Terms(
        year=academic_year(claim.as_of),
        population=named,
        unit=in_words(claim.unit),
        level=claim.level,
    )
    return _cell(claim, claim.value, _measured(claim.value, claim.unit), today, terms)


def _measured(value: float, unit: str) -> str:
    if unit == "USD":
        return _money(value)
    return f"{value:g} %" if unit == "percent" else f"{value:g} {in_words(unit)}"


FINDING_WORDS = {
    Finding.MET: "met",
    Finding.PARTLY_MET: "partly met",
    Finding.NOT_MET: "not met",
    Finding.UNKNOWN: "not known",
    Finding.NOT_APPLICABLE: "does not apply",
}


def _checklist(sides: Sequence[Side], rubric: Rubric) -> Iterator[Row]:
    part = Section.CHECKLIST
    scores = {s.slug: _score_cell(s.scored.whole) for s in sides}
    yield judge_intervals(part, "score", "Score under these weights", scores)
    results: Mapping[str, Mapping[str, CheckResult]] = {
        s.slug: {result.key: result for result in s.results} for s in sides
    }
    for criterion in rubric.criteria:
        intervals = {s.slug: _score_cell(s.scored.criteria.get(criterion.key)) for s in sides}
        yield judge_intervals(part, criterion.key, criterion.label, intervals)
        for check in criterion.checks:
            cells = {slug: _finding_cell(found[check.key]) for slug, found in results.items()}
            yield judge(part, check.key, check.label, cells, better=Better.FINDING)
    gates = {
        s.slug: Cell(s.scored.gates, ", ".join(s.scored.gates) or "none raised", CellStatus.KNOWN)
        for s in sides
    }
    yield judge(part, "gates", "Gates that no points outweigh", gates)


def _score_cell(interval: Interval | None) -> Cell:
    if interval is None:
        return Cell(None, FINDING_WORDS[Finding.NOT_APPLICABLE], CellStatus.NOT_APPLICABLE)
    low, high, coverage = interval.shown
    words = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    display = f"{words} of 100, {coverage:.0%} of it known"
    return Cell(Range(low, high), display, CellStatus.KNOWN)


SHOWN_EVIDENCE = 2
"""Claims shown beside a check of the comparison; the checklist itself shows them all."""


def _finding_cell(result: CheckResult) -> Cell:
    status = {
        Finding.NOT_APPLICABLE: CellStatus.NOT_APPLICABLE,
        Finding.UNKNOWN: CellStatus.STALE if result.is_stale else CellStatus.UNKNOWN,
    }.get(result.finding, CellStatus.KNOWN)
    evidence = tuple(result.evidence[:SHOWN_EVIDENCE])
    value = str(result.finding) if status is CellStatus.KNOWN else None
    return Cell(value, FINDING_WORDS[result.finding], status, evidence)
