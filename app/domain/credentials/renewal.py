"""What renewing credentials takes: units over a cycle, its dates and fees, by an issuer's rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from app.domain.evidence import Age, Subject, add_months, age_of, to_span
from app.domain.messages import Message
from app.domain.vocabulary import SayerKind

STRICT = {"extra": "forbid"}
"""For whoever reads rules into these classes: a misspelt key is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says a rule, where and as of when; ``source`` is the key of the page's publisher."""

    __pydantic_config__ = STRICT

    source_kind: SayerKind
    source_url: str
    as_of: str | None
    source: str | None = None

    def __post_init__(self) -> None:
        """Refuse a date of another spelling."""
        to_span(self.as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """How long a cycle is and from which day it counts; None is unknown.

    ``months_of`` gives the length for some credentials where it is not known for all.
    ``starts`` says what a first cycle counts from, ``ends_on`` the day of the year it ends
    ("12-31"). ``is_shared`` says whether several credentials are renewed in one cycle.
    """

    __pydantic_config__ = STRICT

    months: int | None
    months_of: Mapping[str, int] | None = None
    starts: Literal["exam_passed"] | None
    ends_on: str | None
    is_shared: bool | None
    text: str
    question: str
    said: tuple[Said, ...]
    said_of_length: tuple[Said, ...] = ()
    apply_days_before: int | None = None
    grace_days: int | None = None

    def __post_init__(self) -> None:
        """Refuse a cycle of no length."""
        if self.months is not None and self.months_of:
            raise ValueError("a cycle has one length, or one for each of some credentials")
        for months in (self.months, *(self.months_of or {}).values()):
            if months is not None and not 1 <= months <= 120:
                raise ValueError("a cycle has 1 to 120 months")

    def length_for(self, codes: Sequence[str]) -> int | None:
        """Return the months of the cycle of credentials; None where they differ or one is open."""
        if self.months_of is None:
            return self.months
        lengths = {self.months_of.get(code) for code in codes}
        return lengths.pop() if len(lengths) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRule:
    """How many units a cycle takes: by ``by_count``, or from the largest single requirement.

    With ``base`` each further credential adds ``per_further``, up to ``cap``; a None there
    means that nothing is known of several. The last number of ``by_count`` holds for more.
    """

    __pydantic_config__ = STRICT

    text: str
    said: tuple[Said, ...]
    base: Mapping[str, int] | None = None
    per_further: int | None = None
    cap: int | None = None
    by_count: tuple[int, ...] | None = None
    said_of_several: tuple[Said, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a rule that counts in two ways, or in none."""
        if bool(self.base) == bool(self.by_count):
            raise ValueError("units come from base or from by_count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A credential that is not kept up any more once another is held."""

    __pydantic_config__ = STRICT

    held: str
    drops: str
    text: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """A part of the units that must, or may at most, be of one kind; percent or units."""

    __pydantic_config__ = STRICT

    key: str
    bound: Literal["at_least", "at_most"]
    of: str
    text: str
    said: tuple[Said, ...]
    percent: int | None = None
    units: int | None = None
    credentials: tuple[str, ...] | None = None
    since: date | None = None
    question: str | None = None

    def __post_init__(self) -> None:
        """Refuse a portion without a size, or with two."""
        if (self.percent is None) == (self.units is None):
            raise ValueError("a portion has percent or units")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What renewing costs; ``further_usd`` is the price of each further credential held."""

    __pydantic_config__ = STRICT

    who: Literal["member", "non_member", "everybody"]
    covers: Literal["renewal", "membership"]
    usd: float
    further_usd: float | None
    per: Literal["cycle", "year"]
    text: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Another rule of renewal, in force between two days; None is open."""

    __pydantic_config__ = STRICT

    text: str
    said: tuple[Said, ...]
    credentials: tuple[str, ...] | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A claim on units that is shown and not applied."""

    __pydantic_config__ = STRICT

    text: str
    why: str
    said: tuple[Said, ...]
    credentials: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What an issuer itself works out for credentials held together."""

    __pydantic_config__ = STRICT

    credentials: tuple[str, ...]
    units: int
    portions: Mapping[str, int]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalRules:
    """The rules of one issuer; of several rules on units the first known on a day decides."""

    __pydantic_config__ = STRICT

    cycle: Cycle
    units: tuple[UnitRule, ...]
    drops: tuple[Drop, ...] = ()
    portions: tuple[Portion, ...] = ()
    fees: tuple[Fee, ...] = ()
    remarks: tuple[Remark, ...] = ()
    rivals: tuple[Rival, ...] = ()
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A credential held, and the day its exam was passed; None where it is not told."""

    code: str
    certified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was applied, and the units after it."""

    rule: str
    text: Message
    units: int | None
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """One cycle: the next one starts on ``ends_on``."""

    number: int
    starts_on: date
    ends_on: date
    apply_from: date | None
    grace_until: date | None


class Applies(StrEnum):
    """Whether a portion is asked of the cycle."""

    YES = "yes"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PortionDue:
    """A portion with its units, None where the whole is unknown."""

    portion: Portion
    units: int | None
    applies: Applies


@dataclass(frozen=True, slots=True)
class FeeDue:
    """A fee for the credentials held; ``usd`` None: more than ``at_least``, by an unknown part."""

    fee: Fee
    usd: float | None
    at_least: float


@dataclass(frozen=True, slots=True)
class Renewal:
    """The plan for the credentials of one issuer.

    ``units`` None is unknown, with ``at_least`` what is known of it.
    """

    kept: tuple[str, ...]
    dropped: tuple[Drop, ...]
    units: int | None
    at_least: int
    steps: tuple[Step, ...]
    is_stale: bool
    months: int | None
    dates: Dates | None
    why_no_dates: Message | None
    portions: tuple[PortionDue, ...]
    fees: tuple[FeeDue, ...]
    remarks: tuple[Remark, ...]
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, slots=True)
class YearlyPart:
    """A known part of what a year costs."""

    issuer: str
    covers: str
    usd: float
    is_stale: bool


@dataclass(frozen=True, slots=True)
class YearlyGap:
    """A part of what a year costs that nobody tells; it comes on top, and is never 0."""

    issuer: str
    field: str
    reason: Message


@dataclass(frozen=True, slots=True)
class YearlyFees:
    """What a year costs over all issuers; ``known_usd`` None: no part is known."""

    who: str
    known_usd: float | None
    parts: tuple[YearlyPart, ...]
    missing: tuple[YearlyGap, ...]


def plan_renewal(rules: RenewalRules, held: Iterable[Held], today: date) -> Renewal:
    """Return what renewing the credentials of one issuer takes, as the rules were known on a day.

    The order of what is held does not matter, and each code counts once. A further credential
    never lowers ``at_least``.
    """
    named = sorted({one.code: one for one in held}.values(), key=lambda one: one.code)
    codes = {one.code for one in named}
    dropped = tuple(
        d for d in rules.drops if d.held in codes and d.drops in codes and is_told(d.said, today)
    )
    kept = tuple(sorted(codes - {d.drops for d in dropped}))
    unit_rules = [rule for rule in rules.units if is_told(rule.said, today)]
    units, at_least, steps = _count(unit_rules[0], kept, today) if unit_rules else (None, 0, [])
    cycle = rules.cycle
    length = cycle.said_of_length or cycle.said
    months = cycle.length_for(kept) if is_told(length, today) else None
    dates, why_not = _date(cycle, named, months, today)
    begins = dates.starts_on if dates else today
    fees = tuple(_charge(fee, len(kept)) for fee in rules.fees if is_told(fee.said, today))
    older = [
        Rival(text=rule.text, why=Message("An older rule, replaced since."), said=rule.said)
        for rule in unit_rules[1:]
    ]
    applied = [step.said for step in steps]
    return Renewal(
        kept=kept,
        dropped=dropped,
        units=units,
        at_least=at_least,
        steps=(*(_to_step(d) for d in dropped), *steps) if steps else (),
        is_stale=any(is_stale(said, today) for said in applied),
        months=months,
        dates=dates,
        why_no_dates=why_not,
        portions=tuple(
            _share(portion, units, begins)
            for portion in rules.portions
            if _is_about(portion.credentials, kept)
            and is_told(portion.said, today)
            and (portion.since is None or portion.since <= today)
        ),
        fees=fees,
        remarks=tuple(
            remark
            for remark in rules.remarks
            if _is_about(remark.credentials, kept)
            and is_told(remark.said, today)
            and (remark.since or today) <= today <= (remark.until or today)
        ),
        rivals=tuple(
            rival
            for rival in [*rules.rivals, *older]
            if _is_about(rival.credentials, kept) and is_told(rival.said, today)
        ),
    )


def is_told(said: Iterable[Said], today: date) -> bool:
    """Return whether anybody had said it by a day."""
    return any(age_of(s.as_of, Subject.CREDENTIAL, today) is not Age.FUTURE for s in said)


def is_stale(said: Iterable[Said], today: date) -> bool:
    """Return whether all who had said it by a day did so too long ago to be trusted."""
    ages = {age_of(s.as_of, Subject.CREDENTIAL, today) for s in said} - {Age.FUTURE}
    return ages == {Age.STALE}


def _is_about(credentials: Sequence[str] | None, kept: Sequence[str]) -> bool:
    return credentials is None or not set(credentials).isdisjoint(kept)


def _to_step(drop: Drop) -> Step:
    return Step("replaced", Message(drop.text), None, drop.said)


def _count(rule: UnitRule, kept: Sequence[str], today: date) -> tuple[int | None, int, list[Step]]:
    """Return the units, None if unknown, what they are at least, and how they came about."""
    further = len(kept) - 1
    if rule.by_count is not None:
        units = rule.by_count[min(further, len(rule.by_count) - 1)]
        return units, units, [Step("by_count", Message(rule.text), units, rule.said)]
    base = {code: units for code, units in (rule.base or {}).items() if code in kept}
    if not base:
        return None, 0, []
    units = max(base.values())
    largest = next(code for code in kept if base.get(code) == units)
    text = Message("%(code)s takes %(units)s units a cycle.", code=largest, units=units)
    if further:
        text = Message(
            "The largest single requirement counts: %(units)s units, for %(code)s.",
            units=units,
            code=largest,
        )
    steps = [Step("base", text, units, rule.said)]
    if not further:
        return units, units, steps
    if rule.per_further is None or not is_told(rule.said_of_several, today):
        return None, units, steps
    total = units + rule.per_further * further
    steps.append(
        Step(
            "further",
            Message(
                "Each further credential adds %(units)s units; %(n)s more are held.",
                units=rule.per_further,
                n=further,
            ),
            total,
            rule.said_of_several,
        )
    )
    if rule.cap is not None and total > rule.cap:
        total = max(rule.cap, units)
        text = Message("No more than %(units)s units are asked.", units=rule.cap)
        steps.append(Step("cap", text, total, rule.said_of_several))
    is_known = len(base) == len(kept)
    return total if is_known else None, total, steps


def _date(
    cycle: Cycle, named: Sequence[Held], months: int | None, today: date
) -> tuple[Dates | None, Message | None]:
    """Return the cycle that runs on a day, or why it cannot be dated; None where no day is told."""
    passed = [one.certified_on for one in named if one.certified_on is not None]
    if not passed:
        return None, None
    if months is None:
        return None, Message("The length of the cycle is not known.")
    if cycle.starts is None or not is_told(cycle.said, today):
        return None, Message("No rule that was read says from which day the cycle counts.")
    if len(named) > 1:
        return None, Message(
            "The rule dates the cycle of a single credential; several change its dates."
        )
    first = passed[0]
    number = 1
    while add_months(first, months * number) <= today:
        number += 1
    ends_on = add_months(first, months * number)
    before, grace = cycle.apply_days_before, cycle.grace_days
    return Dates(
        number=number,
        starts_on=add_months(first, months * (number - 1)),
        ends_on=ends_on,
        apply_from=_shift(ends_on, -before) if before is not None else None,
        grace_until=_shift(ends_on, grace) if grace is not None else None,
    ), None


def _shift(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _share(portion: Portion, units: int | None, begins: date) -> PortionDue:
    """Return a portion in units, rounded up; whether it catches a cycle begun before is unknown."""
    due = portion.units
    if portion.percent is not None:
        due = None if units is None else -(-portion.percent * units // 100)
    is_later = portion.since is not None and begins < portion.since
    return PortionDue(portion, due, Applies.UNKNOWN if is_later else Applies.YES)


def _charge(fee: Fee, count: int) -> FeeDue:
    if count > 1 and fee.further_usd is None:
        return FeeDue(fee, None, fee.usd)
    total = fee.usd + (fee.further_usd or 0) * (count - 1)
    return FeeDue(fee, total, total)


def unknown_fields(plan: Renewal | None) -> list[str]:
    """Return the fields of a credential that a plan asks for and nobody tells."""
    told = {due.fee.covers for due in plan.fees if due.usd is not None} if plan else set()
    return [
        *(["ceu_per_cycle"] if plan is None or plan.units is None else []),
        *(["renewal_cycle_months"] if plan is None or plan.months is None else []),
        *(["renewal_fee"] if "renewal" not in told else []),
    ]


def add_up_fees(
    plans: Mapping[str, Renewal | None], who: Literal["member", "non_member"], today: date
) -> YearlyFees:
    """Return what a year of renewing costs over issuers, the known parts and those that are not.

    Membership is asked for of members, and of everybody where an issuer wants it of all. Of an
    issuer without a plan nothing is known.
    """
    parts: list[YearlyPart] = []
    missing: list[YearlyGap] = []
    for issuer, plan in sorted(plans.items()):
        for covers, field in (("renewal", "renewal_fee"), ("membership", "membership_fee")):
            due = [d for d in plan.fees if d.fee.covers == covers] if plan else []
            due = [d for d in due if d.fee.who in (who, "everybody")]
            if not due and (covers == "renewal" or who == "member"):
                reason = Message("No page that was read names the amount.")
                missing.append(YearlyGap(issuer, field, reason))
            for one in due:
                months = 12 if one.fee.per == "year" or plan is None else plan.months
                if months is None:
                    reason = Message(
                        "It falls due once a cycle, and the length of the cycle is not known."
                    )
                    missing.append(YearlyGap(issuer, field, reason))
                    continue
                amount = round(one.at_least * 12 / months, 2)
                parts.append(YearlyPart(issuer, covers, amount, is_stale(one.fee.said, today)))
                if one.usd is None:
                    reason = Message("No page that was read prices a further credential.")
                    missing.append(YearlyGap(issuer, field, reason))
    known = round(sum(part.usd for part in parts), 2) if parts else None
    return YearlyFees(who, known, tuple(parts), tuple(missing))


def codes_of(rules: RenewalRules) -> list[str]:
    """Return every credential that the rules name, each once."""
    return sorted(
        {
            *(rules.cycle.months_of or ()),
            *(code for rule in rules.units for code in rule.base or ()),
            *(code for drop in rules.drops for code in (drop.held, drop.drops)),
            *(code for part in rules.portions for code in part.credentials or ()),
            *(code for remark in rules.remarks for code in remark.credentials or ()),
            *(code for rival in rules.rivals for code in rival.credentials or ()),
            *(code for case in rules.cases for code in case.credentials),
        }
    )


def broken_cases(rules: RenewalRules, today: date) -> list[str]:
    """Return the issuer's own cases that its rules do not come to, in words."""
    faults = []
    for case in rules.cases:
        plan = plan_renewal(rules, map(Held, case.credentials), today)
        found = {due.portion.key: due.units for due in plan.portions}
        wrong = {key: found.get(key) for key, units in case.portions.items()} != dict(case.portions)
        if plan.units != case.units or wrong:
            faults.append(
                f"{' + '.join(case.credentials)}: the issuer asks for {case.units} units, "
                f"{dict(case.portions)}; the rules give {plan.units}, {found}"
            )
    return faults
