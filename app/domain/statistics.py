"""Whether two published figures can be set against each other, and if not, why."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.messages import Message
from app.domain.text.identifiers import fold
from app.domain.vocabulary import Measure, Method

QUANTITIES: dict[str, str] = {
    Measure.EMPLOYMENT_BASE: Measure.EMPLOYMENT,
    Measure.EMPLOYMENT_PROJECTED: Measure.EMPLOYMENT,
}
"""Measures that count the same thing at the two ends of a projection."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What about a statistic decides whether another can stand beside it; None: not stated."""

    slug: str
    measure: str
    method: str
    population: str
    soc_code: str | None = None
    soc_edition: str | None = None
    unit: str | None = None
    period: str | None = None
    horizon: str | None = None
    area: str | None = None
    has_value: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two figures do not compare: a stable code and a sentence."""

    code: str
    detail: Message


def compare(one: Figure, other: Figure) -> list[Reason]:
    """Return every reason against comparing two figures; an empty list means they compare.

    A figure without an area is of the whole country. A trait that is not stated is a reason of its
    own, ``..._not_stated``, for what is not known cannot be taken to agree. Two
    figures without an occupation may still compare.
    """
    reasons = [
        Reason("no_value", Message("%(figure)s gives no value.", figure=figure.slug))
        for figure in (one, other)
        if not figure.has_value
    ]
    for trait, label, mine, theirs in _traits(one, other):
        if mine is None or theirs is None:
            silent = [f.slug for f, value in ((one, mine), (other, theirs)) if value is None]
            whose: str = silent[0]
            if len(silent) > 1:
                whose = Message("%(one)s and %(other)s", one=silent[0], other=silent[1])
            detail = Message("Without %(trait)s: %(figures)s.", trait=label, figures=whose)
            reasons.append(Reason(f"{trait}_not_stated", detail))
        elif fold(mine) != fold(theirs):
            detail = Message(
                "Other %(trait)s: %(mine)s against %(theirs)s.",
                trait=label,
                mine=repr(mine),
                theirs=repr(theirs),
            )
            reasons.append(Reason(f"other_{trait}", detail))
    return reasons


def _traits(one: Figure, other: Figure) -> Iterator[tuple[str, Message, str | None, str | None]]:
    """Yield name, label and both values of each trait that bears on this pair."""
    if one.soc_code or other.soc_code:
        yield "soc", Message("occupation (SOC code)"), one.soc_code, other.soc_code
    if one.soc_code and other.soc_code:
        yield "soc_edition", Message("edition of SOC"), one.soc_edition, other.soc_edition
    if one.horizon and other.horizon:  # two points of one projection differ in year by design
        yield "horizon", Message("projection horizon"), one.horizon, other.horizon
    else:
        yield "period", Message("period"), one.period or one.horizon, other.period or other.horizon
    if one.area or other.area:
        country = "the whole country"
        yield "area", Message("area"), one.area or country, other.area or country
    yield "population", Message("population"), one.population, other.population
    yield "measure", Message("measure"), _quantity(one), _quantity(other)
    if one.unit or other.unit:
        yield "unit", Message("unit"), one.unit, other.unit
    yield "method", Message("method"), _method(one), _method(other)


def _quantity(figure: Figure) -> str:
    return str(QUANTITIES.get(figure.measure, figure.measure))


def _method(figure: Figure) -> str | None:
    return None if figure.method == Method.NOT_STATED else figure.method
