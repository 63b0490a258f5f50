"""Pay and outlook of occupations: bars from low to high on one scale, figures with their year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.messages import N_
from app.domain.vocabulary import Measure
from app.schemas.statistics import BesideRead, ConflictRead, StatedFigure, StatisticRead
from app.site import words
from app.site.pages.visits import Visit
from app.site.writing import Fact, Phrase, Said, Writer

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
    """Pay and outlook of one occupation, with who is counted."""

    code: str
    title: Phrase
    note: Phrase | None
    median: str
    low: str
    high: str
    is_known: bool
    spread: Spread | None
    scale: str
    points: Sequence[tuple[str, str, str]]
    period: str
    population: Phrase | None
    said: Sequence[Said]
    outlook: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Beside:
    """A newer or nearby official figure, and whether the two compare."""

    label: Phrase
    value: str
    address: str
    is_newer: bool
    comparable: bool
    reasons: Sequence[Phrase]
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure that the career guide gives, beside the official ones."""

    label: Phrase
    value: str
    address: str
    is_replaced: bool
    said: Sequence[Said]
    beside: Sequence[Beside]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A statement that others contradict."""

    statement: Phrase
    sayer: Phrase
    others: Sequence[tuple[Phrase, Phrase]]


class WagesView:
    """Puts figures on pay, jobs and growth into words."""

    def __init__(self, visit: Visit, write: Writer) -> None:
        self._visit = visit
        self._write = write
        self._say = write.speech.say

    def occupations(
        self, found: Iterable[tuple[str, str, str | None, Sequence[StatisticRead]]]
    ) -> list[Occupation]:
        """Return occupations, all on one scale; each is its code, title, note and figures."""
        listed = list(found)
        most = max(
            (
                figure.value_high or 0
                for _, _, _, figures in listed
                for figure in figures
                if figure.measure in PERCENTILES
            ),
            default=0,
        )
        scale = -(-most // STEP) * STEP
        return [self._occupation(*one, scale) for one in listed]

    def _occupation(
        self,
        code: str,
        title: str,
        note: str | None,
        figures: Sequence[StatisticRead],
        scale: float,
    ) -> Occupation:
        by_measure = {figure.measure: figure for figure in figures}
        pay = {
            measure: by_measure[measure].value_low
            for measure in PERCENTILES
            if measure in by_measure and by_measure[measure].value_low is not None
        }
        median = by_measure.get(Measure.ANNUAL_MEDIAN)
        return Occupation(
            code=code,
            title=self._write.english(title, "name"),
            note=self._write.english(note) if note else None,
            median=self._dollars(pay.get(Measure.ANNUAL_MEDIAN)),
            low=self._dollars(pay.get(Measure.ANNUAL_P10)),
            high=self._dollars(pay.get(Measure.ANNUAL_P90)),
            is_known=Measure.ANNUAL_MEDIAN in pay,
            spread=self._spread(title, pay, scale) if pay else None,
            scale=self._dollars(scale),
            points=[
                (
                    self._say(PERCENTILES[measure]),
                    self._dollars(pay.get(measure)),
                    self._visit.to(f"/statistics/{by_measure[measure].slug}"),
                )
                for measure in PERCENTILES
                if measure in by_measure
            ],
            period=(median.period if median else None) or self._say("undated"),
            population=self._write.english(median.population) if median else None,
            said=self._write.said([median.evidence] if median else []),
            outlook=[
                self._outlook(by_measure[measure])
                for measure in map(Measure, words.MEASURES)
                if measure in by_measure
            ],
        )

    def _dollars(self, amount: float | None) -> str:
        if amount is None:
            return self._say(words.NOT_KNOWN)
        return self._write.speech.dollars(amount)

    def _spread(self, title: str, pay: Mapping[Measure, float | None], scale: float) -> Spread:
        places = {
            measure: round(100 * amount / scale, 2)
            for measure, amount in pay.items()
            if amount is not None
        }
        points = "; ".join(
            f"{self._say(PERCENTILES[measure])} {self._dollars(pay[measure])}"
            for measure in PERCENTILES
            if measure in pay
        )
        return Spread(
            low=places.get(Measure.ANNUAL_P10),
            quarter=places.get(Measure.ANNUAL_P25),
            median=places.get(Measure.ANNUAL_MEDIAN),
            three_quarters=places.get(Measure.ANNUAL_P75),
            high=places.get(Measure.ANNUAL_P90),
            alternative=self._say(
                "Pay a year of %(title)s: %(points)s. The scale ends at %(scale)s.",
                title=title,
                points=points,
                scale=self._dollars(scale),
            ),
        )

    def _outlook(self, figure: StatisticRead) -> Fact:
        notes = [Phrase(when)] if (when := figure.horizon or figure.period) else []
        if figure.population:
            notes.append(self._write.english(figure.population))
        value = self.value(figure)
        return Fact(
            label=self._say(words.MEASURES[figure.measure]),
            value=value or Phrase(self._say(words.NOT_KNOWN)),
            is_known=value is not None,
            said=self._write.said([figure.evidence]),
            notes=notes,
        )

    def value(self, figure: StatisticRead) -> Phrase | None:
        """Return a figure with its unit; None where nobody gives one."""
        speech, low = self._write.speech, figure.value_low
        if low is None:
            return self._write.english(figure.value_text) if figure.value_text else None
        if figure.unit == "percent":
            shown = speech.points(low)
        elif figure.unit == "USD per year":
            shown = self._say("%(amount)s a year", amount=speech.dollars(low))
        elif (figure.unit or "").startswith("thousand jobs"):
            shown = speech.number(round(low * 1000))
        else:
            shown = f"{speech.number(low)} {figure.unit or ''}".strip()
        if figure.is_exclusive:
            shown = self._say("more than %(value)s", value=shown)
        return Phrase(shown)

    def stated(self, found: Iterable[tuple[StatisticRead, Sequence[BesideRead]]]) -> list[Stated]:
        """Return figures of the guide's source, each beside the newest official ones."""
        return [
            Stated(
                label=self._write.english(figure.label),
                value=self._value_or_unknown(figure),
                address=self._visit.to(f"/statistics/{figure.slug}"),
                is_replaced=figure.superseded_by is not None,
                said=self._write.said([figure.evidence]),
                beside=[
                    self._beside(one)
                    for one in beside
                    if one.is_newer_edition or one.statistic.measure == figure.measure
                ],
            )
            for figure, beside in found
        ]

    def _beside(self, one: BesideRead) -> Beside:
        figure = one.statistic
        return Beside(
            label=self._write.english(figure.label),
            value=self._value_or_unknown(figure),
            address=self._visit.to(f"/statistics/{figure.slug}"),
            is_newer=one.is_newer_edition,
            comparable=one.comparable,
            reasons=[
                self._write.word(words.INCOMPARABLE, reason.code)
                if reason.code in words.INCOMPARABLE
                else self._write.told(reason.detail)
                for reason in one.reasons
            ],
            said=self._write.said([figure.evidence]),
        )

    def _value_or_unknown(self, figure: StatisticRead) -> str:
        value = self.value(figure)
        return value.text if value else self._say(words.NOT_KNOWN)

    def conflicts(self, found: Iterable[ConflictRead]) -> list[Conflict]:
        """Return statements that others contradict."""
        return [
            Conflict(
                self._write.english(one.statement),
                self._sayer(one),
                [
                    (self._write.english(other.statement), self._sayer(other))
                    for other in one.conflicts_with
                ],
            )
            for one in found
        ]

    def _sayer(self, one: StatedFigure) -> Phrase:
        named = self._write.named(one.sayer, one.as_of)
        return replace(named.name, text=f"{named.name.text}, {named.as_of}")
