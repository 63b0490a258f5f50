"""Figures on pay, employment and growth in words, and drawn beside each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.messages import N_
from app.domain.vocabulary import Measure, Method
from app.schemas.statistics import StatisticRead
from app.site.words import NOT_KNOWN, Words
from app.site.writing import Citation, Phrase, Writer

METHODS: Words = {
    Method.EMPLOYER_SURVEY: N_("Survey of employers"),
    Method.PROJECTION: N_("Projection"),
    Method.SELF_REPORTS: N_("What people report of themselves"),
    Method.EVENT_RECORDS: N_("Records of events"),
    Method.EDITORIAL_ESTIMATE: N_("An editor's estimate"),
    Method.NOT_STATED: N_("Not stated how it was counted"),
}
UNITS: Words = {
    "USD per year": N_("%(amount)s a year"),
    "months": N_("%(amount)s months"),
    "jobs": N_("%(amount)s jobs"),
    "jobs per 1000 jobs": N_("%(amount)s of 1,000 jobs"),
    "workers": N_("%(amount)s workers"),
    "breaches": N_("%(amount)s breaches"),
    "thousand jobs": N_("%(amount)s thousand jobs"),
    "thousand jobs per year": N_("%(amount)s thousand jobs a year"),
}
"""Units of a figure; a share and a percentage are written with a percent sign."""

QUARTERS = (
    Measure.ANNUAL_P10,
    Measure.ANNUAL_P25,
    Measure.ANNUAL_MEDIAN,
    Measure.ANNUAL_P75,
    Measure.ANNUAL_P90,
)


@dataclass(frozen=True, slots=True)
class PayRow:
    """Yearly pay in one occupation, in percent of the longest bar of its chart.

    From ``low`` to ``high`` reach four fifths of the people, from ``first`` to ``third`` half.
    """

    slug: str
    title: Phrase
    soc_code: str
    low: float
    first: float
    median: float
    third: float
    high: float
    words: Sequence[str]
    alternative: str


@dataclass(frozen=True, slots=True)
class GrowthRow:
    """Projected change of jobs in one occupation, in percent of the longest bar of its chart."""

    slug: str
    title: Phrase
    soc_code: str
    share: float
    is_loss: bool
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beside each other, with when they were measured, whom they count and who says so."""

    rows: Sequence[PayRow | GrowthRow]
    when: str
    population: Phrase
    said: Sequence[Citation]


class Figures:
    """Puts figures into words, and those of occupations beside each other."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def value(self, figure: StatisticRead) -> Phrase:
        """Return one number, a range, a bound, or that no value is known."""
        return value_of(self._writer, figure)

    def label(self, figure: StatisticRead) -> Sequence[Phrase]:
        """Return the title of a figure; of an official one what is counted, of whom, and when."""
        when = figure.period or figure.horizon
        about = figure.occupation_title, figure.area.title if figure.area else None, when
        told = "".join(f", {part}" for part in about if part)
        measured = figure.label.removesuffix(told)
        if measured == figure.label:
            return [self._writer.told(figure.label)]
        return [
            self._writer.told(measured),
            *(self._writer.told(part, "name") for part in about[:2] if part),
            *([Phrase(when)] if when else []),
        ]

    def label_text(self, figure: StatisticRead) -> str:
        """Return the title of a figure where nothing can be marked as English."""
        return ", ".join(part.text for part in self.label(figure))

    def is_known(self, figure: StatisticRead) -> bool:
        """Return whether a figure has a value."""
        return (figure.value_low, figure.value_high, figure.value_text) != (None, None, None)

    def share(self, figure: StatisticRead) -> tuple[float, float] | None:
        """Return how much of a whole is sure, in percent, and what more it can be.

        None: it is no part of a whole, or one without a bound.
        """
        is_share = figure.measure in (Measure.SHARE, Measure.SELF_EMPLOYED_PCT)
        if not is_share or figure.value_low is None:
            return None
        scale = 100 if figure.unit == "share" else 1
        sure = figure.value_low * scale
        most = 100.0 if figure.value_high is None else figure.value_high * scale
        return sure, most - sure

    def pay(self, figures: Iterable[StatisticRead]) -> Chart | None:
        """Return yearly pay by occupation."""
        return pay_chart(self._writer, figures)

    def growth(self, figures: Iterable[StatisticRead]) -> Chart | None:
        """Return the projected change of jobs by occupation."""
        return growth_chart(self._writer, figures)


def value_of(writer: Writer, figure: StatisticRead) -> Phrase:
    """Return the value of a figure: one number, a range, a bound, or that none is known."""
    say, low, high = writer.speech.say, figure.value_low, figure.value_high
    if figure.value_text is not None:
        return writer.told(figure.value_text)
    if low is None and high is None:
        return Phrase(say(NOT_KNOWN))
    if low is None:
        bound = _number(writer, figure, high or 0)
        pattern = N_("less than %(amount)s") if figure.is_exclusive else N_("at most %(amount)s")
        amount = say(pattern, amount=bound)
    elif high is None:
        bound = _number(writer, figure, low)
        pattern = N_("more than %(amount)s") if figure.is_exclusive else N_("at least %(amount)s")
        amount = say(pattern, amount=bound)
    elif low == high:
        amount = _number(writer, figure, low)
    else:
        amount = say(
            "%(low)s to %(high)s",
            low=_number(writer, figure, low),
            high=_number(writer, figure, high),
        )
    return Phrase(say(UNITS.get(figure.unit or "", "%(amount)s"), amount=amount))


def _number(writer: Writer, figure: StatisticRead, number: float) -> str:
    match figure.unit:
        case "USD per year":
            return writer.speech.dollars(number)
        case "percent":
            return f"{writer.speech.number(number)}%"
        case "share":
            return writer.speech.percent(number)
        case _:
            return writer.speech.number(number)


def pay_chart(writer: Writer, figures: Iterable[StatisticRead]) -> Chart | None:
    """Return yearly pay by occupation, the highest median first; None where none is known.

    An occupation of which one of the five numbers is missing, or open upward, is left out.
    """
    surveyed = [figure for figure in figures if figure.method == Method.EMPLOYER_SURVEY]
    whole = {
        code: [by_measure[measure] for measure in QUARTERS]
        for code, by_measure in _by_occupation(surveyed).items()
        if all(
            measure in by_measure
            and by_measure[measure].value_low == by_measure[measure].value_high
            for measure in QUARTERS
        )
    }
    most = max((_low(five[-1]) for five in whole.values()), default=0.0)
    if not most:
        return None
    rows = [_pay_row(writer, code, five, most) for code, five in whole.items()]
    rows.sort(key=lambda row: -row.median)
    return _chart(writer, rows, [five[2] for five in whole.values()])


def _pay_row(writer: Writer, code: str, five: Sequence[StatisticRead], most: float) -> PayRow:
    say, dollars = writer.speech.say, writer.speech.dollars
    low, first, median, third, high = (_low(figure) for figure in five)
    words = [
        say("median %(median)s", median=dollars(median)),
        say("half between %(first)s and %(third)s", first=dollars(first), third=dollars(third)),
        say("four in five between %(low)s and %(high)s", low=dollars(low), high=dollars(high)),
    ]
    title = writer.told(five[2].occupation_title or code, "name")

    def place(amount: float) -> float:
        return round(100 * amount / most, 2)

    return PayRow(
        slug=five[2].slug,
        title=title,
        soc_code=code,
        low=place(low),
        first=place(first),
        median=place(median),
        third=place(third),
        high=place(high),
        words=words,
        alternative=f"{title.text}: {', '.join(words)}",
    )


def growth_chart(writer: Writer, figures: Iterable[StatisticRead]) -> Chart | None:
    """Return the projected change of jobs by occupation, the largest gain first."""
    known = [
        figure
        for figure in figures
        if figure.measure == Measure.EMPLOYMENT_CHANGE_PCT and figure.value_low is not None
    ]
    most = max((abs(_low(figure)) for figure in known), default=0.0)
    if not most:
        return None
    known.sort(key=lambda figure: -_low(figure))
    rows = [
        GrowthRow(
            figure.slug,
            writer.told(figure.occupation_title or figure.soc_code or "", "name"),
            figure.soc_code or "",
            round(100 * abs(_low(figure)) / most, 2),
            _low(figure) < 0,
            value_of(writer, figure).text,
        )
        for figure in known
    ]
    return _chart(writer, rows, known)


def _chart(
    writer: Writer, rows: Sequence[PayRow | GrowthRow], figures: Sequence[StatisticRead]
) -> Chart:
    when = {figure.horizon or figure.period or "" for figure in figures}
    return Chart(
        rows,
        ", ".join(sorted(when)),
        writer.told("; ".join(sorted({figure.population for figure in figures}))),
        writer.said([figure.evidence for figure in figures]),
    )


def _by_occupation(figures: Iterable[StatisticRead]) -> Mapping[str, dict[str, StatisticRead]]:
    found: dict[str, dict[str, StatisticRead]] = {}
    for figure in figures:
        if figure.soc_code:
            found.setdefault(figure.soc_code, {})[figure.measure] = figure
    return found


def _low(figure: StatisticRead) -> float:
    return figure.value_low or 0.0
