"""Pay in a place: occupations by area as lines, price levels beside them, states on a map."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.areas import NATIONAL, wage_slug
from app.domain.messages import N_
from app.domain.vocabulary import STATE_NAMES, AreaKind, Measure, ValueStatus
from app.schemas.areas import AreaRef, OccupationPay, PayRead, PriceLevelRead
from app.site.pages.search import MAPPED
from app.site.pages.visits import PageContext
from app.site.pages.wages import STEP, Spread, spread_of
from app.site.words import NOT_KNOWN, Words
from app.site.writing import Citation, Phrase, Writer

MISSING: Words = {
    ValueStatus.WITHHELD: N_("Withheld by the survey"),
    ValueStatus.NOT_PUBLISHED: N_("The survey prints nothing for this occupation here"),
}
"""Why there is no median, in words."""

SHADES = 4


@dataclass(frozen=True, slots=True)
class PayLine:
    """Pay in one occupation in one area; ``spread`` is in percent of the scale of its table.

    ``span`` is what eight of ten earn, and ``words`` say so in a sentence.
    """

    soc_code: str
    title: Phrase
    area: Phrase
    code: str
    status: str
    median: str
    amount: int | None
    spread: Spread | None
    words: str | None
    span: str | None
    jobs: str | None
    country: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class PriceLine:
    """How dear living is in a state, in words."""

    state: str
    words: str
    said: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class PayTable:
    """What occupations pay in a place, with what the figures are of and who says so."""

    place: Phrase | None
    lines: Sequence[PayLine]
    scale: str
    prices: Sequence[PriceLine]
    notes: Sequence[Phrase]
    said: Sequence[Citation]


def pay_table(write: Writer, visit: PageContext, pay: PayRead) -> PayTable:
    """Return what a page shows of pay in a place."""
    scale = scale_of(pay.occupations)
    told = [one.evidence for one in pay.occupations if one.evidence]
    return PayTable(
        place=write.told(pay.place.note) if pay.place else None,
        lines=[pay_line(write, visit, one, scale) for one in pay.occupations],
        scale=write.speech.dollars(scale),
        prices=[price_line(write, level) for level in pay.price_levels],
        notes=[write.told(note) for note in pay.notes],
        said=write.said(told),
    )


def scale_of(found: Sequence[OccupationPay]) -> float:
    """Return where the drawings of pay end, in dollars."""
    most = max((one.annual_p90 or one.annual_median or 0 for one in found), default=0)
    return float(-(-most // STEP) * STEP)


def pay_line(write: Writer, visit: PageContext, one: OccupationPay, scale: float) -> PayLine:
    """Return pay in one occupation in one area in words, and where its spread is drawn."""
    say, dollars = write.speech.say, write.speech.dollars
    pay = {
        measure: float(amount)
        for measure in (
            Measure.ANNUAL_P10,
            Measure.ANNUAL_P25,
            Measure.ANNUAL_MEDIAN,
            Measure.ANNUAL_P75,
            Measure.ANNUAL_P90,
        )
        if (amount := getattr(one, measure)) is not None and measure not in one.open_upward
    }
    median = _amount(write, one, Measure.ANNUAL_MEDIAN)
    words = span = None
    if one.annual_p10 is not None and one.annual_p90 is not None:
        low = _amount(write, one, Measure.ANNUAL_P10) or ""
        high = _amount(write, one, Measure.ANNUAL_P90) or ""
        words = say("Eight of ten earn %(low)s to %(high)s.", low=low, high=high)
        span = say("%(low)s to %(high)s", low=low, high=high)
    country = one.national_median
    return PayLine(
        soc_code=one.soc_code,
        title=write.told(one.occupation, "name"),
        area=area_name(write, one.area),
        code=one.area.code,
        status=one.status,
        median=median or say(MISSING.get(one.status, NOT_KNOWN)),
        amount=one.annual_median,
        spread=spread_of(write, one.occupation, pay, scale) if pay and scale else None,
        words=words,
        span=span,
        jobs=None
        if one.employment is None
        else say("%(amount)s jobs", amount=write.speech.number(one.employment)),
        country=None
        if country is None
        else say("median of the whole country %(amount)s", amount=dollars(country)),
        address=_figure(visit, one, one.period) if one.period else None,
    )


def area_name(write: Writer, area: AreaRef) -> Phrase:
    """Return what an area is called."""
    if area.code == NATIONAL:
        return Phrase(write.speech.say("The whole country"))
    return write.told(area.title, "name")


def _figure(visit: PageContext, one: OccupationPay, period: str) -> str:
    """Return where the page of a median is."""
    year, area = int(period[:4]), None if one.area.code == NATIONAL else one.area.code
    slug = wage_slug(year, one.soc_code, Measure.ANNUAL_MEDIAN, area=area)
    return visit.to(f"/statistics/{slug}")


def _amount(write: Writer, one: OccupationPay, measure: Measure) -> str | None:
    amount = getattr(one, measure)
    if amount is None:
        return None
    shown = write.speech.dollars(amount)
    if measure in one.open_upward:
        return write.speech.say("at least %(amount)s", amount=shown)
    return shown


def price_line(write: Writer, level: PriceLevelRead) -> PriceLine:
    """Return how dear living is in a state, in words."""
    parts = ((N_("in all"), level.all_items), (N_("housing"), level.housing))
    told = ", ".join(
        f"{write.speech.say(label)} {write.speech.number(round(value, 1))}"
        for label, value in parts
        if value is not None
    )
    return PriceLine(
        state=level.state,
        words=write.speech.say(
            "Cost of living in %(state)s, %(year)s, with the whole country as 100: %(told)s.",
            state=level.state_name,
            year=level.year,
            told=told or write.speech.say(NOT_KNOWN),
        ),
        said=write.said([level.evidence]),
    )


@dataclass(frozen=True, slots=True)
class PayRegion:
    """A state on the map: how it is drawn, and the page it leads to."""

    code: str
    title: str
    drawn: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PayMap:
    """The states by the median pay of one occupation; ``steps`` are what the shades stand for."""

    regions: Sequence[PayRegion]
    steps: Sequence[str]
    alternative: str
    has_missing: bool


def pay_map(
    write: Writer, visit: PageContext, found: Sequence[OccupationPay], chosen: str | None
) -> PayMap:
    """Return the map of one occupation's median pay by state; a quarter of the states a shade."""
    by_state = {one.area.code: one for one in found if one.area.kind == AreaKind.STATE}
    known = sorted(
        (one.annual_median, code)
        for code, one in by_state.items()
        if one.annual_median is not None and code in MAPPED
    )
    amounts = [amount for amount, _ in known]
    bounds = sorted({amounts[len(amounts) * at // SHADES] for at in range(SHADES)} if known else ())
    dollars = write.speech.dollars
    ends = [max(a for a in amounts if a < bound) for bound in bounds[1:]] + amounts[-1:]
    return PayMap(
        regions=[
            _region(write, visit, code, by_state.get(code), bounds, chosen == code)
            for code in sorted(MAPPED)
        ],
        steps=[
            write.speech.say("%(low)s to %(high)s", low=dollars(low), high=dollars(high))
            for low, high in zip(bounds, ends, strict=True)
        ],
        alternative=write.speech.say(
            "Map of the median pay by state, from %(low)s to %(high)s.",
            low=f"{write.speech.say(STATE_NAMES[known[0][1]])} {dollars(known[0][0])}",
            high=f"{write.speech.say(STATE_NAMES[known[-1][1]])} {dollars(known[-1][0])}",
        )
        if known
        else write.speech.say("Map of the states; the pay is known in none."),
        has_missing=len(known) < len(MAPPED),
    )


def _region(
    write: Writer,
    visit: PageContext,
    code: str,
    one: OccupationPay | None,
    bounds: Sequence[int],
    is_chosen: bool,
) -> PayRegion:
    amount = one.annual_median if one else None
    if amount is None:
        status = one.status if one else ValueStatus.NOT_PUBLISHED
        drawn, told = "is-missing", write.speech.say(MISSING.get(status, NOT_KNOWN))
    else:
        drawn = f"shade-{sum(amount >= bound for bound in bounds)}"
        told = write.speech.dollars(amount)
    return PayRegion(
        code=code,
        title=f"{write.speech.say(STATE_NAMES[code])}: {told}",
        drawn=drawn,
        address=visit.here(("state", code), without=("state", "near")),
        is_chosen=is_chosen,
    )
