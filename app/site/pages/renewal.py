"""What renewing credentials takes, in words: units, what of them must be what, dates, fees."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.credentials.renewal import Applies
from app.domain.messages import N_
from app.schemas.renewal import (
    PortionRead,
    RenewalCycle,
    RenewalFee,
    RenewalLine,
    RenewalPlanRead,
    YearlyFeesRead,
)
from app.site import words
from app.site.pages.credentials import Link, address_of
from app.site.pages.visits import Visit
from app.site.writing import Phrase, Said, Writer


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence and who says so."""

    text: Phrase
    said: Sequence[Said]
    more: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that was applied, and the units after it; ``share`` is of the most in the plan."""

    text: Phrase
    units: str
    share: float | None
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of the units; ``share`` of 0 to 100 where it is known."""

    text: Phrase
    amount: str
    share: float | None
    is_least: bool
    question: Phrase | None
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Line:
    """The plan for the credentials of one issuer."""

    issuer: str
    credentials: Sequence[Link]
    units: str
    is_stale: bool
    cycle: str
    dates: str | None
    cycle_told: Told | None
    question: Phrase | None
    steps: Sequence[Step]
    portions: Sequence[Portion]
    fees: Sequence[Told]
    replaced: Sequence[Told]
    remarks: Sequence[Told]
    conflicts: Sequence[Told]
    unknown: Sequence[tuple[Phrase, str]]


@dataclass(frozen=True, slots=True)
class Yearly:
    """What a year costs, as far as is known."""

    who: str
    amount: str
    parts: Sequence[str]
    missing: Sequence[tuple[Phrase, str]]


class RenewalPage:
    """Puts a renewal plan into words for one visit."""

    def __init__(self, visit: Visit, write: Writer) -> None:
        self._visit = visit
        self._write = write
        self._say = write.speech.say

    def lines(self, plan: RenewalPlanRead) -> list[Line]:
        """Return the plan, an issuer a line."""
        return [self._line(line) for line in plan.lines]

    def _line(self, line: RenewalLine) -> Line:
        english, told, said = self._write.english, self._write.told, self._write.said
        cycle = line.cycle
        most = max((step.units or 0 for step in line.path), default=0)
        return Line(
            issuer=line.issuer_name,
            credentials=[
                Link(Phrase(one.code), self._visit.to(address_of(one.code)))
                for one in line.credentials
            ],
            units=self._units(line),
            is_stale=line.stale,
            cycle=self._cycle(cycle),
            dates=self._dates(cycle) if cycle else None,
            cycle_told=Told(english(cycle.rule), said(cycle.evidence), told(cycle.reason))
            if cycle
            else None,
            question=told(cycle.question) if cycle and cycle.question else None,
            steps=[
                Step(
                    told(step.text),
                    self._count(step.units) if step.units is not None else "",
                    100 * step.units / most if step.units and most else None,
                    said(step.evidence),
                )
                for step in line.path
            ],
            portions=[self._portion(one, line.units) for one in line.portions],
            fees=[self._fee(one) for one in line.fees],
            replaced=[Told(english(one.text), said(one.evidence)) for one in line.replaced],
            remarks=[Told(english(one.text), said(one.evidence)) for one in line.remarks],
            conflicts=[
                Told(english(one.text), said(one.evidence), told(one.why)) for one in line.conflicts
            ],
            unknown=[(told(gap.question), self._say(gap.whom)) for gap in line.unknown],
        )

    def _count(self, units: float) -> str:
        return self._write.speech.say_count("%(n)s unit", "%(n)s units", units)

    def _units(self, line: RenewalLine) -> str:
        if line.units is not None:
            return self._count(line.units)
        if line.at_least:
            return self._say("at least %(units)s", units=self._count(line.at_least))
        return self._say(words.NOT_KNOWN)

    def _cycle(self, cycle: RenewalCycle | None) -> str:
        if cycle is None or cycle.months is None:
            return self._say("How long a cycle lasts is not known.")
        return self._write.speech.say_count(
            "in a cycle of %(n)s month", "in a cycle of %(n)s months", cycle.months
        )

    def _dates(self, cycle: RenewalCycle) -> str | None:
        if cycle.starts_on and cycle.ends_on:
            return self._say(
                "Cycle %(number)s runs from %(start)s; have the units before %(end)s.",
                number=cycle.number or "",
                start=cycle.starts_on,
                end=cycle.ends_on,
            )
        if cycle.ends_each:
            return self._say("Cycles end each time on %(day)s (month-day).", day=cycle.ends_each)
        return None

    def _portion(self, one: PortionRead, whole: int | None) -> Portion:
        is_least = one.bound == "at_least"
        share = float(one.percent) if one.percent is not None else None
        if share is None and one.units is not None and whole:
            share = 100 * one.units / whole
        amount = self._count(one.units) if one.units is not None else ""
        if one.units is None and one.percent is not None:
            amount = self._write.speech.percent(one.percent / 100)
        pattern = "at least %(amount)s" if is_least else "at most %(amount)s"
        question = one.question if one.question and one.applies != Applies.YES else None
        return Portion(
            text=self._write.english(one.text),
            amount=self._say(pattern, amount=amount),
            share=share,
            is_least=is_least,
            question=self._write.told(question) if question else None,
            said=self._write.said(one.evidence),
        )

    def _fee(self, fee: RenewalFee) -> Told:
        say, dollars = self._say, self._write.speech.dollars
        amount = (
            dollars(fee.usd)
            if fee.usd is not None
            else say("at least %(amount)s; a part is not known", amount=dollars(fee.at_least_usd))
        )
        sentence = say(
            FEES[fee.covers, fee.per],
            amount=amount,
            who=say(words.PAYERS[fee.who]),
        )
        return Told(Phrase(sentence), self._write.said(fee.evidence), self._write.english(fee.text))

    def yearly(self, plan: RenewalPlanRead) -> list[Yearly]:
        """Return what all of it costs a year, as a member and not."""
        return [self._year(fees) for fees in plan.fees_per_year]

    def _year(self, fees: YearlyFeesRead) -> Yearly:
        say, dollars = self._say, self._write.speech.dollars
        if fees.known_usd is None:
            amount = say(words.NOT_KNOWN)
        elif fees.is_complete:
            amount = dollars(fees.known_usd)
        else:
            amount = say("%(amount)s and what is not known", amount=dollars(fees.known_usd))
        return Yearly(
            who=say("As a member") if fees.who == "member" else say("Without membership"),
            amount=amount,
            parts=[
                say(PARTS[part.covers], issuer=part.issuer, amount=dollars(part.usd))
                for part in fees.parts
            ],
            missing=[(self._write.told(gap.ask), say(gap.whom)) for gap in fees.missing],
        )


FEES = {
    ("renewal", "cycle"): N_("Renewal, each cycle, for %(who)s: %(amount)s"),
    ("renewal", "year"): N_("Renewal, each year, for %(who)s: %(amount)s"),
    ("membership", "cycle"): N_("Dues, each cycle, for %(who)s: %(amount)s"),
    ("membership", "year"): N_("Dues, each year, for %(who)s: %(amount)s"),
}
"""What a fee covers and how often it is paid -> sentence."""

PARTS = {
    "renewal": N_("%(issuer)s, renewal: %(amount)s"),
    "membership": N_("%(issuer)s, dues: %(amount)s"),
}
