"""What a program costs in all, up to the credential: from low to high, part by part.

A part nobody prices is listed as missing and never counted as 0. A part that another already
contains is never added twice. A price of a year or credit is counted only where the length is
known, or usual for the award. Amounts are whole cents.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import ClassVar

from app.domain.checklist.prices import PRICE_TITLES, PRICE_WORDS, prices_of
from app.domain.checklist.reading import is_wide
from app.domain.claims import CostClaim, OfferingClaim, ProgramClaim, ProgramFacts
from app.domain.cost.amounts import money
from app.domain.cost.prices import HeadlinePrice, is_for
from app.domain.credentials.timeline import PART_TIME_CREDITS, Assumption
from app.domain.evidence import Age, Subject, age_of, order_claims
from app.domain.messages import N_, Listing, Message, word
from app.domain.vocabulary import (
    AwardLevel,
    Basis,
    CostComponent,
    CostUnit,
    Delivery,
    Pace,
    Residency,
    ValueStatus,
)

EXAM = "exam"
MEMBERSHIP = "membership"
RENEWAL = "renewal"
SCHOOL_PARTS = (
    CostComponent.TUITION,
    CostComponent.FEES,
    CostComponent.BOOKS,
    CostComponent.TECHNOLOGY,
)

SEMESTER_CREDITS_A_YEAR = 30
QUARTER_CREDITS_A_YEAR = 45
"""Credits of a full-time academic year. IPEDS glossary, "Full-time student", two or three terms."""

MONTHS_A_YEAR = 9
"""Months of an academic year. IPEDS glossary, "Academic year": usually September to June."""

TERMS_A_YEAR: dict[CostUnit, tuple[int, int]] = {
    CostUnit.SEMESTER: (2, 2),
    CostUnit.QUARTER: (3, 3),
    CostUnit.TERM: (2, 3),
}


@dataclass(frozen=True, slots=True)
class Span:
    """How often a price is paid, at least and at most."""

    low: Fraction
    high: Fraction


ONCE = Span(Fraction(1), Fraction(1))


@dataclass(frozen=True, slots=True)
class NominalLength:
    """The least and the most academic years and semester credits of an award at full time."""

    years: Span
    credits: Span


def _nominal(low: int | Fraction, high: int | Fraction, least_credits: int) -> NominalLength:
    most_credits = Fraction(high) * SEMESTER_CREDITS_A_YEAR
    return NominalLength(
        Span(Fraction(low), Fraction(high)), Span(Fraction(least_credits), most_credits)
    )


NOMINAL_LENGTHS: dict[str, NominalLength] = {
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: _nominal(Fraction(9, 30), 1, 9),
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: _nominal(1, 2, 30),
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: _nominal(2, 4, 60),
    AwardLevel.ASSOCIATE: _nominal(2, Fraction(5, 2), 60),
    AwardLevel.BACHELOR: _nominal(4, 5, 120),
    AwardLevel.MASTER: _nominal(1, 2, 24),
}
"""Award level -> its length as the federal survey defines it (IPEDS Completions, AWLEVEL, and
glossary: weeks, credits and years of full-time study). An associate degree, there two to under four
years, takes 60 to 75 credits as a rule; that rule is ours. Awards that the survey does not bound
from below and above have no usual length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFee(ProgramClaim):
    """A fee of an exam or renewal, or a year's membership, as one sayer gives it.

    ``qualifier`` says for whom.
    """

    subject: ClassVar[Subject] = Subject.CREDENTIAL

    field: str
    qualifier: str | None
    amount_low_cents: int
    amount_high_cents: int


@dataclass(frozen=True, slots=True)
class Target:
    """The credential aimed at, and what is claimed of its fees."""

    code: str
    fees: Sequence[CredentialFee]
    is_membership_required: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One part that is counted."""

    component: str
    label: str | None
    low_cents: int
    high_cents: int | None
    unit: str
    times: Span
    is_nominal: bool
    reason: Message
    claims: tuple[ProgramClaim, ...]
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """One part that belongs to the total and has no price that counts."""

    component: str
    reason: Message
    claims: tuple[ProgramClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A price that is known and not added, with why."""

    component: str
    label: str | None
    reason: Message
    claim: CostClaim | CredentialFee


@dataclass(slots=True)
class TotalCost:
    """The sum of the counted parts; ``high_cents`` None: one of them is open upward.

    ``is_known``: what makes the most of it is counted, so that the sum may be called the total.
    """

    is_known: bool = False
    low_cents: int = 0
    high_cents: int | None = 0
    lines: list[Line] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Whether every part has a price."""
        return not self.missing

    @property
    def is_length_assumed(self) -> bool:
        """Whether a price is multiplied by the usual length of the award, for none is stated."""
        return any(line.is_nominal for line in self.lines)

    @property
    def parts(self) -> set[str]:
        """The parts counted, alone or within another."""
        return {part for line in self.lines for part in (line.component, *line.contains)}


@dataclass(frozen=True, slots=True)
class Course:
    """Length and load of the studies: what prices are multiplied by.

    ``credits`` are the school's own, of which ``credits_a_year`` make a year. ``often`` is how
    often a price of a unit is paid, and whether that is only nominal; units that neither the
    program nor its award tells of are not in it. ``claims`` state the length where it is not
    nominal.
    """

    years: Span | None
    credits: Fraction | None
    credits_a_year: int
    usual_credits: Span | None
    months: Span | None
    often: Mapping[str, tuple[Span, bool]]
    pace: Pace
    claims: tuple[OfferingClaim, ...]


def find_total_cost(
    facts: ProgramFacts,
    target: Target | None,
    *,
    residency: str,
    pace: Pace,
    today: date,
    credits_per_term: int = PART_TIME_CREDITS,
    course: Course | None = None,
) -> TotalCost:
    """Return what is known of the whole cost of a program on a day.

    Args:
        facts: All claims on the program and its school.
        target: Credential whose exam ends the way; None where none is named.
        residency: Whose price is wanted, a key of ``Residency``.
        pace: Part-time students pay by the credit or term: a full-time price of a year is not
            theirs.
        today: The day to judge age by: stale prices do not count.
        credits_per_term: Credits a term at part-time pace.
        course: Its length and load at this pace, where they are found already.

    Returns:
        Counted lines, what is missing, what is left out and why, and the assumptions made.
        The sum never falls when a part is added, and is not known where no tuition counts.
    """
    course = course or find_course(facts, pace, today, credits_per_term)
    chooser = _Chooser(facts, course, residency, today)
    total = TotalCost()
    tuition = chooser.choose(CostComponent.TUITION)
    inside = frozenset(tuition.contains if tuition else ())
    fees, left_out = chooser.choose_fees(tuition)
    found: dict[str, list[Line]] = {
        CostComponent.TUITION: [tuition] if tuition else [],
        CostComponent.FEES: fees,
    }
    total.left_out += left_out
    for component in (CostComponent.BOOKS, CostComponent.TECHNOLOGY):
        line = None if component in inside else chooser.choose(component)
        found[component] = [line] if line else []
    for component in SCHOOL_PARTS:
        total.lines += found[component]
        if not found[component] and component not in inside:
            total.missing.append(chooser.why_missing(component))
    total.left_out += [
        LeftOut(
            CostComponent.OTHER,
            claim.label,
            Message("Not every student pays it, or what it is charged for is not stated."),
            claim,
        )
        for claim in facts.costs
        if claim.component == CostComponent.OTHER and claim.amount_low_cents is not None
    ]
    total.missing += chooser.fees_not_counted(tuition) if fees else []
    _add_credential(total, target, today)
    _add_up(total)
    total.is_known = CostComponent.TUITION in total.parts
    total.assumptions += _assumptions(total.lines, course, credits_per_term)
    return total


def find_credential_cost(target: Target, today: date) -> TotalCost:
    """Return what is known of the cost of a credential on a day: the exam, and dues it needs."""
    total = TotalCost()
    _add_credential(total, target, today)
    _add_up(total)
    total.is_known = bool(total.lines)
    return total


def _add_up(total: TotalCost) -> None:
    total.low_cents = sum(line.low_cents for line in total.lines)
    highs = [line.high_cents for line in total.lines]
    total.high_cents = None if None in highs else sum(high or 0 for high in highs)


def find_course(
    facts: ProgramFacts, pace: Pace, today: date, credits_per_term: int = PART_TIME_CREDITS
) -> Course:
    """Return length and load of a program: stated by somebody, else nominal for its award."""
    usable = [
        claim
        for claim in order_claims(facts.offerings, Subject.OFFERING, today)
        if age_of(claim.as_of, Subject.OFFERING, today) is not Age.STALE
    ]
    with_credits = next((c for c in usable if _load_of(c) and _counts_credits(c)), None)
    with_months = next((c for c in usable if c.months_low or c.months_high), None)
    nominal = NOMINAL_LENGTHS.get(facts.award_level or "")
    stated_load = _load_of(with_credits) if with_credits else None
    is_one = stated_load is not None and stated_load.low == stated_load.high
    credits_ = stated_load.low if stated_load and is_one else None
    months = _months_of(with_months) if with_months else None
    claims = tuple(c for c in (with_credits, with_months) if c)
    years, is_nominal = nominal.years if nominal else None, True
    is_quarter = with_credits is not None and with_credits.credit_unit == "quarter"
    a_year = QUARTER_CREDITS_A_YEAR if is_quarter else SEMESTER_CREDITS_A_YEAR
    if stated_load:
        years, is_nominal = Span(stated_load.low / a_year, stated_load.high / a_year), False
    elif months:
        years, is_nominal = _years_of(months), False
    usual_credits = nominal.credits if nominal else None
    load = stated_load or usual_credits
    often: dict[str, tuple[Span, bool]] = {CostUnit.PROGRAM: (ONCE, False)}
    if years:
        often[CostUnit.YEAR] = years, is_nominal
    if load:
        often[CostUnit.CREDIT] = load, not stated_load
    if months:
        often[CostUnit.MONTH] = months, False
    terms = _full_time_terms(years)
    if pace is Pace.PART:
        terms, is_nominal = _part_time_terms(load, credits_per_term), not stated_load
    often |= {unit: (times, is_nominal) for unit, times in terms.items()}
    return Course(
        years=years,
        credits=credits_,
        credits_a_year=a_year,
        usual_credits=usual_credits,
        months=months,
        often=often,
        pace=pace,
        claims=claims,
    )


def year_cents(price: HeadlinePrice, course: Course) -> int:
    """Return the most that an academic year of a program costs at full time, in cents.

    A program that takes no longer than a year costs its whole price. Where no length is known,
    the price of a whole program is taken for that of a year, which it is never below.
    """
    match price.unit:
        case CostUnit.PROGRAM:
            years = course.years.low if course.years else Fraction(1)
            return ceil(price.cents / max(years, Fraction(1)))
        case CostUnit.CREDIT:
            a_year = course.credits_a_year
            return ceil(price.cents * min(course.credits or a_year, a_year))
        case _:
            return price.cents


def _full_time_terms(years: Span | None) -> dict[CostUnit, Span]:
    if years is None:
        return {}
    return {
        unit: Span(Fraction(ceil(low * years.low)), Fraction(ceil(high * years.high)))
        for unit, (low, high) in TERMS_A_YEAR.items()
    }


def _part_time_terms(credits_: Span | None, credits_per_term: int) -> dict[CostUnit, Span]:
    if credits_ is None:
        return {}
    times = Span(
        Fraction(ceil(credits_.low / credits_per_term)),
        Fraction(ceil(credits_.high / credits_per_term)),
    )
    return dict.fromkeys(TERMS_A_YEAR, times)


def _years_of(months: Span) -> Span:
    """Return the academic years in some months: with the summers off, and studying through them."""
    whole, rest = divmod(months.low, 12)
    return Span(whole + min(rest / MONTHS_A_YEAR, Fraction(1)), months.high / MONTHS_A_YEAR)


def _counts_credits(claim: OfferingClaim) -> bool:
    """Whether a program is measured in credits, not in clock hours or competency units."""
    return claim.credit_unit in (None, "semester", "quarter", "credit_hour")


def _load_of(claim: OfferingClaim) -> Span | None:
    """Return the credits of a program; None where they are not stated, or have no upper end."""
    low, high = claim.credits or claim.credits_low, claim.credits or claim.credits_high
    return Span(Fraction(str(low or high)), Fraction(str(high))) if high else None


def _months_of(claim: OfferingClaim) -> Span:
    low = claim.months_low or claim.months_high or 0
    high = claim.months_high or low
    return Span(Fraction(str(low)), Fraction(str(high)))


UNIT_ORDER = (
    CostUnit.PROGRAM,
    CostUnit.YEAR,
    CostUnit.SEMESTER,
    CostUnit.QUARTER,
    CostUnit.TERM,
    CostUnit.MONTH,
    CostUnit.CREDIT,
    CostUnit.COURSE,
    CostUnit.CONTACT_HOUR,
    CostUnit.CLOCK_HOUR,
)
"""Units from the one that tells most of the whole to the one that tells least."""


@dataclass(frozen=True, slots=True)
class _Chooser:
    facts: ProgramFacts
    course: Course
    residency: str
    today: date

    def choose(self, component: CostComponent) -> Line | None:
        """Return the line of the price that leads, its range over alternatives of one page."""
        claims = self.usable(prices_of(self.facts, component))
        if not claims:
            return None
        leader = claims[0]
        return self.to_line(
            component, [c for c in claims if _page_of(c) == _page_of(leader)], label=None
        )

    def usable(self, claims: Iterable[CostClaim]) -> list[CostClaim]:
        """Return claims that count, the leading one first."""
        return [claim for claim in self.payable(claims) if claim.unit in self.course.often]

    def payable(self, claims: Iterable[CostClaim]) -> list[CostClaim]:
        """Return claims with an amount that this student pays, the leading one first."""
        fitting = [
            claim
            for claim in order_claims(claims, Subject.COST, self.today)
            if claim.amount_low_cents is not None
            and self.objection(claim) is None
            and not claim.contained_in
        ]
        return sorted(
            fitting,
            key=lambda claim: (
                claim.as_of is None,
                is_wide(claim),
                self.residency == Residency.IN_DISTRICT and claim.residency == Residency.IN_STATE,
                UNIT_ORDER.index(CostUnit(str(claim.unit))),
            ),
        )

    def objection(self, claim: CostClaim) -> Message | None:
        """Return why a price with an amount does not count, or None if it does."""
        if age_of(claim.as_of, Subject.COST, self.today) is Age.STALE:
            return Message("What is known is too old to count (%(as_of)s).", as_of=claim.as_of)
        if not is_for(claim, self.residency):
            return Message(
                "Only the price for %(whom)s students is known.", whom=word(claim.residency)
            )
        if claim.unit is None:
            return Message("What the price is charged for is not stated.")
        if claim.applies_to == "online" and not self.is_online():
            return Message("Only the price of the online form is known.")
        is_part = self.course.pace is Pace.PART
        if claim.applies_to == ("full_time" if is_part else "part_time"):
            return Message(
                "Only the price for %(whom)s students is known.", whom=word(claim.applies_to)
            )
        full_time_units = FULL_TIME_UNITS.get(claim.component, frozenset({CostUnit.YEAR}))
        if is_part and claim.unit in full_time_units:
            return Message(
                "Only the price of a full-time %(unit)s is known.", unit=word(claim.unit)
            )
        return None

    def is_online(self) -> bool:
        return any(claim.delivery == [Delivery.ONLINE] for claim in self.facts.offerings)

    def choose_fees(self, tuition: Line | None) -> tuple[list[Line], list[LeftOut]]:
        """Return the lines of fees, and fees not added since the tuition contains them.

        Fees of the program and fees of all students may be the same money: the larger sum
        counts for the low end, both for the high end.
        """
        claims = [
            c
            for c in self.usable(prices_of(self.facts, CostComponent.FEES))
            if c.component == CostComponent.FEES
        ]
        own = [c for c in claims if not is_wide(c)]
        recurring = [c for c in own if c.unit != CostUnit.PROGRAM]
        once = [c for c in own if c.unit == CostUnit.PROGRAM]
        wide = [c for c in claims if is_wide(c)]
        left_out: list[LeftOut] = []
        if tuition is not None and CostComponent.FEES in tuition.contains:
            held = recurring + wide
            if not is_wide_line(tuition):
                held, once = held + once, []
            said = Message("The tuition already contains fees.")
            left_out = [LeftOut(CostComponent.FEES, c.label, said, c) for c in held]
            return self.by_label(once), left_out
        page = self.one_page(wide, tuition)
        left_out = [
            LeftOut(
                CostComponent.FEES, c.label, Message("Another source tells of the same fees."), c
            )
            for c in wide
            if c not in page
        ]
        left_out += [
            LeftOut(CostComponent.FEES, c.label, Message("It is already in another price."), c)
            for c in self.facts.costs
            if c.component == CostComponent.FEES and c.contained_in
        ]
        return (
            [*_either(self.by_label(recurring), self.by_label(page)), *self.by_label(once)],
            left_out,
        )

    def fees_not_counted(self, tuition: Line | None) -> list[Missing]:
        """Return the fees beside those counted that are paid nobody knows how often."""
        if tuition is not None and CostComponent.FEES in tuition.contains:
            return []
        return [
            Missing(CostComponent.FEES, self.why_not_counted(claim), (claim,))
            for claim in self.payable(prices_of(self.facts, CostComponent.FEES))
            if claim.component == CostComponent.FEES and claim.unit not in self.course.often
        ]

    def one_page(self, claims: Sequence[CostClaim], tuition: Line | None) -> list[CostClaim]:
        """Return the claims of one source: that of the tuition if it tells any, else the first."""
        sources = [claim.source for claim in claims]
        told = [c.source for c in tuition.claims if c.source in sources] if tuition else []
        chosen = (told or sources)[:1]
        return [claim for claim in claims if claim.source in chosen]

    def by_label(self, claims: Sequence[CostClaim]) -> list[Line]:
        """Return one line for each fee by name."""
        groups: dict[str | None, list[CostClaim]] = {}
        for claim in claims:
            groups.setdefault(claim.label, []).append(claim)
        return [
            self.to_line(
                CostComponent.FEES,
                [c for c in group if _page_of(c) == _page_of(group[0])],
                label=label,
            )
            for label, group in groups.items()
        ]

    def to_line(
        self, component: CostComponent, claims: Sequence[CostClaim], label: str | None
    ) -> Line:
        """Return the line of prices that are alternatives to each other."""
        unit = str(claims[0].unit)
        times, is_nominal = self.course.often[unit]
        lows = [claim.amount_low_cents or 0 for claim in claims]
        highs = [claim.amount_high_cents for claim in claims]
        high = None if None in highs else max(h or 0 for h in highs)
        contains = {part for claim in claims for part in claim.contains} - {component}
        return Line(
            component=component,
            label=label,
            low_cents=floor(min(lows) * times.low),
            high_cents=None if high is None else ceil(high * times.high),
            unit=unit,
            times=times,
            is_nominal=is_nominal,
            reason=self.reason(claims[0], times),
            claims=(*claims, *(() if unit == CostUnit.PROGRAM else self.course.claims)),
            contains=tuple(sorted(contains)),
        )

    def reason(self, claim: CostClaim, times: Span) -> Message:
        dated = claim.as_of or Message("undated")
        if claim.unit == CostUnit.PROGRAM:
            pattern = N_("A price of this program, once (%(dated)s).")
            if is_wide(claim):
                pattern = N_("A price of the school as a whole, once (%(dated)s).")
            return Message(pattern, dated=dated)
        pattern = N_("A price of this program for a %(unit)s (%(dated)s), %(often)s times.")
        if is_wide(claim):
            pattern = N_(
                "A price of the school as a whole for a %(unit)s (%(dated)s), %(often)s times."
            )
        return Message(pattern, unit=word(claim.unit), dated=dated, often=_span_words(times))

    def why_not_counted(self, claim: CostClaim) -> Message:
        """Return the price of one unit, and that how often it is paid is not known."""
        why = Message(
            "%(amount)s for one %(unit)s (%(dated)s); how many the program takes is not known, so "
            "it is not counted.",
            amount=_amount_of(claim),
            unit=word(claim.unit),
            dated=claim.as_of or Message("undated"),
        )
        return Listing(": ", (claim.label, why)) if claim.label else why

    def of_field(self, component: CostComponent) -> list[CostClaim]:
        """Return prices of programs of this field at the school whose award is not stated."""
        return [
            claim
            for claim in self.facts.costs
            if claim.cip_code is not None
            and claim.cip_code == self.facts.cip_code
            and (claim.component == component or component in claim.contains)
            and claim.amount_low_cents is not None
        ]

    def why_of_field(self, claim: CostClaim) -> Message:
        """Return the price of a program of this field, and that its award is not stated."""
        return Message(
            "%(amount)s for one program of this field at the school (%(program)s; %(dated)s): its "
            "award is not stated, so it is not counted.",
            amount=_amount_of(claim),
            program=claim.label or Message("length not stated"),
            dated=claim.as_of or Message("undated"),
        )

    def why_missing(self, component: CostComponent) -> Missing:
        """Return why a part has no price that counts, with what is known of it."""
        words = PRICE_WORDS[component]
        claims = order_claims(prices_of(self.facts, component), Subject.COST, self.today)
        priced = [c for c in claims if c.amount_low_cents is not None]
        if payable := self.payable(priced):
            return Missing(component, self.why_not_counted(payable[0]), tuple(payable[:3]))
        if objections := [(why, c) for c in priced if (why := self.objection(c))]:
            return Missing(component, objections[0][0], tuple(c for _, c in objections[:3]))
        if claims:
            leader = claims[0]
            pattern = N_("%(part)s: the school states that it does not publish them.")
            if leader.value_status != ValueStatus.NOT_PUBLISHED:
                pattern = N_("%(part)s: the school publishes them without an amount.")
            return Missing(component, Message(pattern, part=PRICE_TITLES[component]), (leader,))
        if any(
            c.component == component and c.value_status == ValueStatus.NOT_APPLICABLE
            for c in self.facts.costs
        ):
            why = Message("The survey reports %(part)s as not applicable.", part=words)
            return Missing(component, why)
        if of_field := self.of_field(component):
            return Missing(component, self.why_of_field(of_field[0]), tuple(of_field[:3]))
        why = Message("No source in the catalog tells the %(part)s.", part=words)
        return Missing(component, why)


def _amount_of(claim: CostClaim) -> str:
    """Return the least of a price, and what is in it."""
    amount = money((claim.amount_low_cents or 0) / 100)
    if not claim.contains:
        return amount
    parts = Listing(", ", map(word, claim.contains))
    return Message("%(amount)s, with %(parts)s in it,", amount=amount, parts=parts)


FULL_TIME_UNITS: dict[str, frozenset[str]] = {
    CostComponent.TUITION: frozenset({CostUnit.YEAR, *TERMS_A_YEAR}),
    CostComponent.TUITION_AND_FEES: frozenset({CostUnit.YEAR, *TERMS_A_YEAR}),
    CostComponent.BOOKS: frozenset(),
    CostComponent.TECHNOLOGY: frozenset(),
}
"""Units in which a price is that of full-time students; of other components that of a year. Books
are bought once whatever the pace: those of a full-time year serve a full-time year's work."""


def is_wide_line(line: Line) -> bool:
    """Whether a line is a price of the whole school."""
    return is_wide(line.claims[0])


def _page_of(claim: CostClaim) -> tuple[object, ...]:
    return (
        claim.source,
        claim.level,
        claim.unit,
        claim.residency,
        claim.as_of,
        claim.component,
        tuple(claim.contains),
    )


def _either(some: list[Line], others: list[Line]) -> list[Line]:
    """Return lines of two sets that may be the same money: the lesser set adds to the high end.

    A line of the lesser set has nothing at its low end.
    """
    if not some or not others:
        return [*some, *others]
    lesser, larger = sorted((some, others), key=lambda lines: sum(x.low_cents for x in lines))
    said = Message("It may be part of the other fees, so it counts for the high end only.")
    return [
        *larger,
        *(
            Line(
                component=line.component,
                label=line.label,
                low_cents=0,
                high_cents=line.high_cents,
                unit=line.unit,
                times=line.times,
                is_nominal=line.is_nominal,
                reason=Listing(" ", (line.reason, said)),
                claims=line.claims,
                contains=line.contains,
            )
            for line in lesser
        ),
    ]


def _add_credential(total: TotalCost, target: Target | None, today: date) -> None:
    if target is None:
        why = Message("Which credential the program leads to is not known.")
        total.missing.append(Missing(EXAM, why))
        return
    exam_fees = _fees_in_use(target, EXAM, today)
    _add_fee(total, target, EXAM, today)
    if target.is_membership_required:
        _add_fee(total, target, MEMBERSHIP, today)
    elif dues := _fees_in_use(target, MEMBERSHIP, today):
        why = Message("Not required to take the exam.")
        total.left_out += [LeftOut(MEMBERSHIP, None, why, fee) for fee in dues]
    elif any(fee.qualifier == MEMBER for fee in exam_fees):
        why = Message(
            "The exam's fee for members needs a membership, and no source states what it costs."
        )
        total.missing.append(Missing(MEMBERSHIP, why))
    if renewals := _fees_in_use(target, RENEWAL, today):
        why = Message("Due at the first renewal, after the exam.")
        total.left_out += [LeftOut(RENEWAL, None, why, fee) for fee in renewals]
    else:
        why = Message("Due at the first renewal, after the exam; no source states the fee.")
        total.missing.append(Missing(RENEWAL, why))


MEMBER = "member"
"""Whom a fee is for that only members of the issuer pay."""


def _add_fee(total: TotalCost, target: Target, component: str, today: date) -> None:
    line = _fee_line(component, _fees_in_use(target, component, today))
    if line is not None:
        total.lines.append(line)
        return
    stale = tuple(fee for fee in target.fees if fee.field == f"{component}_fee")
    why = Message("No source states the fee.")
    if stale:
        why = Message("What is known is too old to count.")
    total.missing.append(Missing(component, why, stale))


def _fees_in_use(target: Target, component: str, today: date) -> list[CredentialFee]:
    return [
        fee
        for fee in order_claims(target.fees, Subject.CREDENTIAL, today)
        if fee.field == f"{component}_fee"
        and age_of(fee.as_of, Subject.CREDENTIAL, today) is not Age.STALE
    ]


def _fee_line(component: str, usable: Sequence[CredentialFee]) -> Line | None:
    """Return the line of a fee from the least to the most that anybody fresh or undated states.

    Sayers that conflict widen the range. A year's membership is paid once.
    """
    if not usable:
        return None
    kinds = sorted({word(fee.qualifier) for fee in usable if fee.qualifier})
    whom = Message(" (%(kinds)s)", kinds=Listing(", ", kinds)) if kinds else ""
    what = Message("a year's membership, paid once")
    if component == EXAM:
        what = Message("the exam")
    return Line(
        component=component,
        label=None,
        low_cents=min(fee.amount_low_cents for fee in usable),
        high_cents=max(fee.amount_high_cents for fee in usable),
        unit=CostUnit.YEAR if component == MEMBERSHIP else component,
        times=ONCE,
        is_nominal=False,
        reason=Message("The least and the most stated for %(what)s%(whom)s.", what=what, whom=whom),
        claims=tuple(usable),
    )


def _assumptions(lines: Sequence[Line], course: Course, credits_per_term: int) -> list[Assumption]:
    assumptions = []
    multiplied = [line for line in lines if line.unit in {*TERMS_A_YEAR, CostUnit.YEAR}]
    multiplied = [line for line in multiplied if line.component != MEMBERSHIP]
    years = _span_words(course.years) if course.years else ""
    if any(line.is_nominal for line in multiplied):
        text = Message(
            "How long this program takes is not stated: the award's usual length stands for it, "
            "%(years)s academic years at full time.",
            years=years,
        )
        assumptions.append(Assumption(text, Basis.GOVERNMENT_DATA))
    elif multiplied and course.credits:
        text = Message(
            "%(credits)s credits make %(years)s academic years of 30 semester or 45 quarter "
            "credits.",
            credits=number(course.credits),
            years=years,
        )
        assumptions.append(Assumption(text, Basis.EDITORIAL))
    elif multiplied:
        text = Message(
            "Nine months of study are one academic year: the months stated make %(years)s academic "
            "years, at least with the summers off, at most without.",
            years=years,
        )
        assumptions.append(Assumption(text, Basis.EDITORIAL))
    if course.pace is Pace.PART and any(line.unit in TERMS_A_YEAR for line in lines):
        text = Message(
            "At %(n)s credits a term the terms last until all credits are earned.",
            n=credits_per_term,
        )
        assumptions.append(Assumption(text, Basis.EDITORIAL))
    if course.usual_credits and any(
        line.unit == CostUnit.CREDIT and line.is_nominal for line in lines
    ):
        text = Message(
            "How many credits this program takes is not stated: the usual %(credits)s semester "
            "credits of the award stand for it.",
            credits=_span_words(course.usual_credits),
        )
        assumptions.append(Assumption(text, Basis.GOVERNMENT_DATA))
    if len({line.claims[0].as_of for line in lines}) > 1:
        text = Message("Prices of different years are added as they stand, without inflation.")
        assumptions.append(Assumption(text, Basis.EDITORIAL))
    return assumptions


def number(value: Fraction) -> str:
    """Return a count in at most two decimals."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _span_words(span: Span) -> str:
    low = number(span.low)
    high = number(span.high)
    return low if low == high else Message("%(low)s to %(high)s", low=low, high=high)
