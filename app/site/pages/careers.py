"""Careers in words: the field's occupations side by side, and one of them state by state."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.messages import N_
from app.schemas.areas import OccupationPay
from app.schemas.careers import CareerRead, CareersRead
from app.schemas.site import CareerOrder
from app.site.pages.pay import PayLine, PriceLine, pay_line, price_line, scale_of
from app.site.pages.statistics import value_of
from app.site.pages.visits import PageContext
from app.site.words import Words
from app.site.writing import Citation, Phrase, Writer

ORDERS: Words = {
    CareerOrder.NAME: N_("Name"),
    CareerOrder.PAY: N_("Median pay a year"),
    CareerOrder.JOBS: N_("Jobs"),
}
"""By what a table of pay may be sorted -> the head of the column."""


@dataclass(frozen=True, slots=True)
class CareerRow:
    """An occupation: its pay in each area, and what is asked for; ``address`` tells it by state.

    ``said`` is who tells the usual education and the growth.
    """

    code: str
    title: Phrase
    address: str
    pay: Sequence[PayLine]
    education: Phrase | None
    growth: Phrase | None
    said: Sequence[Citation]
    credentials: Sequence[str]


@dataclass(frozen=True, slots=True)
class CareersTable:
    """The field's occupations side by side, with what the figures are of and who says so."""

    place: Phrase | None
    areas: Sequence[Phrase]
    rows: Sequence[CareerRow]
    prices: Sequence[PriceLine]
    notes: Sequence[Phrase]
    said: Sequence[Citation]


def careers_table(
    write: Writer, visit: PageContext, now: CareersRead, order: CareerOrder
) -> CareersTable:
    """Return the occupations in an order: by name, or the most first in the place asked for."""
    scale = scale_of([pay for career in now.careers for pay in career.pay])
    nearest, most = min(1, len(now.areas) - 1), _most(order)
    careers = sorted(now.careers, key=lambda career: most(career.pay[nearest]))
    if order is CareerOrder.NAME:
        careers = sorted(now.careers, key=lambda career: write.told(career.title, "name").text)
    rows = [_row(write, visit, career, scale) for career in careers]
    return CareersTable(
        place=write.told(now.place.note) if now.place else None,
        areas=[row.area for row in rows[0].pay] if rows else [],
        rows=rows,
        prices=[price_line(write, level) for level in now.price_levels],
        notes=[write.told(note) for note in now.notes],
        said=write.said(pay.evidence for one in now.careers for pay in one.pay if pay.evidence),
    )


def _row(write: Writer, visit: PageContext, career: CareerRead, scale: float) -> CareerRow:
    by_state = visit.here(("soc", career.soc_code), without=("soc",))
    education, growth = career.education, career.growth
    return CareerRow(
        code=career.soc_code,
        title=write.told(career.title, "name"),
        address=f"{by_state}#by-state",
        pay=[pay_line(write, visit, one, scale) for one in _nearest_first(career.pay)],
        education=value_of(write, education) if education else None,
        growth=value_of(write, growth) if growth else None,
        said=write.said(one.evidence for one in (education, growth) if one),
        credentials=career.credentials,
    )


def _nearest_first(pay: Sequence[OccupationPay]) -> Sequence[OccupationPay]:
    """Return the areas of a place before the whole country."""
    return [*pay[1:], *pay[:1]]


def states_in_order(
    write: Writer, visit: PageContext, found: Sequence[OccupationPay], order: CareerOrder
) -> list[PayLine]:
    """Return one occupation in each state, by name or the most first."""
    scale = scale_of(found)
    ordered = sorted(found, key=_most(order)) if order is not CareerOrder.NAME else found
    lines = [pay_line(write, visit, one, scale) for one in ordered]
    return sorted(lines, key=lambda line: line.area.text) if order is CareerOrder.NAME else lines


def _most(order: CareerOrder) -> Callable[[OccupationPay], int]:
    """Return by what to sort so that the most comes first, and what is not known last."""
    name = SORTED_BY[order]
    return lambda pay: -(getattr(pay, name) or 0)


SORTED_BY: Mapping[CareerOrder, str] = {
    CareerOrder.NAME: "annual_median",
    CareerOrder.PAY: "annual_median",
    CareerOrder.JOBS: "employment",
}
