"""Pay and outlook of occupations: bars from low to high on one scale, figures with their year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.messages import N_
from app.domain.vocabulary import Measure
from app.schemas.statistics import StatisticRead
from app.site import words
from app.site.writing import Fact, Phrase, Writer

PERCENTILES = {
    Measure.ANNUAL_P10: N_("one in ten earns less than"),
    Measure.ANNUAL_P25: N_("one in four earns less than"),
    Measure.ANNUAL_MEDIAN: N_("half earn less, half more than"),
    Measure.ANNUAL_P75: N_("one in four earns more than"),
    Measure.ANNUAL_P90: N_("one in ten earns more than"),
}
"""Points of a spread of pay, lowest first -> what each says."""

STEP = 50_000
"""The scale of pay ends on a multiple of this many dollars."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Pay from low to high, in percent of the scale; None where a point is not known."""

    low: float | None
    quarter: float | None
    median: float | None
    three_quarters: float | None
    high: float | None
    alternative: str


@dataclass(frozen=True, slots=True)
class Occupation:
    """Pay and outlook of one occupation; ``scale`` is where the drawing ends, in dollars.

    ``points`` are the figures of its spread that there are, each with what it says.
    """

    code: str
    title: str
    note: str | None
    median: StatisticRead | None
    low: float | None
    high: float | None
    points: Sequence[tuple[str, StatisticRead]]
    spread: Spread | None
    scale: float
    outlook: Sequence[Fact]


def wages_of(
    write: Writer, found: Sequence[tuple[str, str, str | None, Sequence[StatisticRead]]]
) -> list[Occupation]:
    """Return occupations, all on one scale; each is its code, title, note and figures."""
    amounts = [
        figure.value_high or 0
        for _, _, _, figures in found
        for figure in figures
        if figure.measure in PERCENTILES
    ]
    scale = -(-max(amounts, default=0) // STEP) * STEP
    return [_occupation(write, *one, scale) for one in found]


def _occupation(
    write: Writer,
    code: str,
    title: str,
    note: str | None,
    figures: Sequence[StatisticRead],
    scale: float,
) -> Occupation:
    by_measure = {figure.measure: figure for figure in figures}
    points = [(measure, by_measure[measure]) for measure in PERCENTILES if measure in by_measure]
    pay = {measure: figure.value_low for measure, figure in points if figure.value_low is not None}
    return Occupation(
        code=code,
        title=title,
        note=note,
        median=by_measure.get(Measure.ANNUAL_MEDIAN),
        low=pay.get(Measure.ANNUAL_P10),
        high=pay.get(Measure.ANNUAL_P90),
        points=[(write.speech.say(PERCENTILES[measure]), figure) for measure, figure in points],
        spread=spread_of(write, title, pay, scale) if pay else None,
        scale=scale,
        outlook=[
            _outlook(write, by_measure[measure])
            for measure in map(Measure, words.MEASURES)
            if measure in by_measure
        ],
    )


def spread_of(write: Writer, title: str, pay: Mapping[Measure, float], scale: float) -> Spread:
    """Return where the known points of a spread of pay are drawn on a scale in dollars."""
    say, dollars = write.speech.say, write.speech.dollars
    places = {measure: round(100 * amount / scale, 2) for measure, amount in pay.items()}
    points = "; ".join(
        f"{say(PERCENTILES[measure])} {dollars(amount)}" for measure, amount in pay.items()
    )
    return Spread(
        low=places.get(Measure.ANNUAL_P10),
        quarter=places.get(Measure.ANNUAL_P25),
        median=places.get(Measure.ANNUAL_MEDIAN),
        three_quarters=places.get(Measure.ANNUAL_P75),
        high=places.get(Measure.ANNUAL_P90),
        alternative=say(
            "Yearly pay of %(title)s: %(points)s. The scale ends at %(scale)s.",
            title=title,
            points=points,
            scale=dollars(scale),
        ),
    )


def _outlook(write: Writer, figure: StatisticRead) -> Fact:
    notes = [Phrase(when)] if (when := figure.horizon or figure.period) else []
    if figure.population:
        notes.append(write.told(figure.population))
    value = amount_of(write, figure)
    return Fact(
        label=write.speech.say(words.MEASURES[figure.measure]),
        value=value or Phrase(write.speech.say(words.NOT_KNOWN)),
        is_known=value is not None,
        said=write.said([figure.evidence]),
        notes=notes,
    )


def amount_of(write: Writer, figure: StatisticRead) -> Phrase | None:
    """Return a figure with its unit; None where nobody gives one."""
    speech, low = write.speech, figure.value_low
    if low is None:
        return write.told(figure.value_text) if figure.value_text else None
    if figure.unit == "percent":
        shown = speech.points(low)
    elif figure.unit == "USD per year":
        shown = speech.say("%(amount)s a year", amount=speech.dollars(low))
    elif figure.unit == "jobs":
        shown = speech.say("%(amount)s jobs", amount=speech.number(low))
    elif (figure.unit or "").startswith("thousand jobs"):
        shown = speech.number(round(low * 1000))
    else:
        shown = f"{speech.number(low)} {figure.unit or ''}".strip()
    if figure.is_exclusive:
        shown = speech.say("more than %(value)s", value=shown)
    return Phrase(shown)
