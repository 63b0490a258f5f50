"""Months from choosing a program to a first post: what is known, and what stays open."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.messages import N_, Listing, Message
from app.domain.vocabulary import CERTIFICATE, AwardLevel, Basis

FULL_TIME_CREDITS = 15.0
"""Semester credits of a full-time term; a usual measure, ours."""

PART_TIME_CREDITS = 6
"""Credits of a part-time term where the student names none; ours."""

LEAST_SHARE = 0.25
"""Share of an award that is always earned at the school, however many credits come in; ours."""


@dataclass(frozen=True, slots=True)
class Months:
    """Bounds in months; None is unknown, never 0."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Credits:
    """Bounds of the semester credits that a school counts."""

    low: float
    high: float


NO_CREDITS = Credits(0, 0)
"""Nothing is brought."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A rule used where no source decides."""

    text: Message
    basis: str


@dataclass(frozen=True, slots=True)
class Length:
    """Full-time length of an award and its credits, with where the length comes from."""

    months: Months
    credits: float | None
    assumption: Assumption


def _defined(length: Message) -> Assumption:
    pattern = N_(
        "The federal survey defines the award by its length at full-time study: %(length)s."
    )
    return Assumption(Message(pattern, length=length), Basis.GOVERNMENT_DATA)


LENGTHS: dict[str, Length] = {
    CERTIFICATE: Length(
        Months(None, None),
        None,
        Assumption(Message("The length of the certificate is not stated."), Basis.EDITORIAL),
    ),
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: Length(
        Months(None, 3),
        None,
        _defined(Message("under 12 weeks")),
    ),
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: Length(
        Months(3, 12),
        None,
        _defined(Message("12 weeks to under one year")),
    ),
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: Length(
        Months(12, 24),
        None,
        _defined(Message("one to under two years")),
    ),
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: Length(
        Months(24, 48),
        None,
        _defined(Message("two to under four years")),
    ),
    AwardLevel.ASSOCIATE: Length(
        Months(18, 24),
        60,
        Assumption(
            Message("The career guide gives 18 to 24 months for the coursework."), Basis.EDITORIAL
        ),
    ),
    AwardLevel.BACHELOR: Length(
        Months(48, 48),
        120,
        Assumption(Message("Four years at full-time study, a usual measure."), Basis.EDITORIAL),
    ),
    AwardLevel.MASTER: Length(
        Months(12, 24),
        36,
        Assumption(
            Message("One to two years at full-time study, a usual measure."), Basis.EDITORIAL
        ),
    ),
}
"""Award level -> length; levels not listed have no rule and stay unknown."""

NO_RULE = Length(
    Months(None, None),
    None,
    Assumption(
        Message("No general length is known for this degree or certificate."), Basis.EDITORIAL
    ),
)


def length_of(
    award_level: str | None, *, months: Months | None = None, credits_: float | None = None
) -> Length:
    """Return the full-time length of an award, or of a program that states its own.

    Args:
        award_level: A key of AwardLevel, "certificate", or None where unknown.
        months: What the program states of its length, if anything.
        credits_: Semester credits that the program states, if it does.
    """
    usual = LENGTHS.get(award_level or "", NO_RULE)
    assumption = usual.assumption
    if months is not None:
        text = Message("The program states its length; it is taken as that of full-time study.")
        assumption = Assumption(text, Basis.STATED_BY_INSTITUTION)
    return Length(months or usual.months, credits_ or usual.credits, assumption)


def coursework_months(
    length: Length, *, credits_per_term: float | None, transferred: Credits
) -> tuple[Months, list[Assumption]]:
    """Return the months of coursework and the assumptions they rest on.

    Args:
        length: Of the award or program, see ``length_of``.
        credits_per_term: Credits a term of a part-time student; None at full time.
        transferred: Semester credits that come in.

    Returns:
        Bounds that shorten in proportion to credits transferred, of which at most three
        quarters of the award count, and stretch in proportion to lighter terms; the low one
        with most credits, the high one with fewest. Unknown bounds stay unknown.
    """
    assumptions = [length.assumption]
    least = most = 1.0
    if transferred.high and length.credits is not None:
        least, most = (
            max(1 - credits_ / length.credits, LEAST_SHARE)
            for credits_ in (transferred.high, transferred.low)
        )
        assumptions.append(Assumption(_credits_text(length.credits, transferred), Basis.EDITORIAL))
    elif transferred.high:
        assumptions.append(
            Assumption(
                Message(
                    "How many credits the award takes is not known, so transferred credits do not "
                    "shorten it here."
                ),
                Basis.EDITORIAL,
            )
        )
    stretch = 1.0
    if credits_per_term is not None:
        stretch = max(FULL_TIME_CREDITS / credits_per_term, 1.0)
        assumptions.append(
            Assumption(
                Message(
                    "A full-time term holds %(full)s credits; %(part)s a term stretch the "
                    "coursework in proportion.",
                    full=f"{FULL_TIME_CREDITS:g}",
                    part=f"{credits_per_term:g}",
                ),
                Basis.EDITORIAL,
            )
        )
    low, high = length.months.low, length.months.high
    months = Months(
        None if low is None else round(low * least * stretch, 1),
        None if high is None else round(high * most * stretch, 1),
    )
    return months, assumptions


def _credits_text(needed: float, transferred: Credits) -> Message:
    if transferred.low == transferred.high:
        return Message(
            "The award takes %(n)s semester credits; transferred credits shorten it in "
            "proportion, and a quarter of it is earned at the school at least. Ask how "
            "many the school accepts.",
            n=f"{needed:g}",
        )
    return Message(
        "The award takes %(n)s semester credits, and the school decides how many of those brought "
        "count: from %(low)s, which is the whole length, to %(high)s. A quarter of it is earned "
        "at the school at least.",
        n=f"{needed:g}",
        low=f"{transferred.low:g}",
        high=f"{min(transferred.high, needed * (1 - LEAST_SHARE)):g}",
    )


def preparation_months(told: Months) -> Months:
    """Return the months of preparing for the exam: whoever sits it right away needs none.

    Args:
        told: What the guide gives to those who review first.
    """
    return Months(0.0, told.high)


def preparation_text(length: Months, total: Months, *, is_planned: bool) -> Message:
    """Return what is said of preparing for the exam, with the known part of the whole path."""
    said: list[Message] = []
    if is_planned:
        said.append(Message("As you plan it."))
    elif length.high is not None:
        said.append(
            Message(
                "Some graduates take the exam right after the program, others review first: "
                "0 to %(high)s months.",
                high=f"{length.high:g}",
            )
        )
    if total.low is not None and total.high is not None:
        pattern = N_(
            "With the coursework, the known part of the path is %(low)s to %(high)s months."
        )
        if total.low == total.high:
            pattern = N_("With the coursework, the known part of the path is %(low)s months.")
        said.append(Message(pattern, low=f"{total.low:g}", high=f"{total.high:g}"))
    return Listing(" ", said)


def total_months(coursework: Months, others: Sequence[Months]) -> tuple[Months, bool]:
    """Return the sum of what is known, and whether a step is unknown, so that more is to come.

    A bound is None where the coursework has none: without it the rest is no answer. Unknown
    bounds of other steps are left out and leave the sum open.
    """
    low, high = coursework.low, coursework.high
    if low is not None:
        low = round(low + sum(step.low for step in others if step.low is not None), 1)
    if high is not None:
        high = round(high + sum(step.high for step in others if step.high is not None), 1)
    is_open = any(step.low is None or step.high is None for step in (coursework, *others))
    return Months(low, high), is_open
