"""The page of a program: claims on it in order, and drawings of cost and time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.domain.claims import PracticumClaim, ProgramClaim
from app.domain.cost.net_price import INCOMES
from app.domain.credentials.leads_to import LeadsTo
from app.domain.vocabulary import Level, Residency, Topic, TransferKind
from app.schemas.claims import LEADING, ClaimRead
from app.schemas.details import ProgramRead
from app.schemas.timeline import StepRead, TimelineRead
from app.schemas.total_cost import CostLineRead, LeftOutRead, MissingPartRead, TotalCostRead
from app.site import words
from app.site.languages import capitalized
from app.site.pages.cards import not_known
from app.site.pages.claims import ClaimWriter
from app.site.writing import Fact, Phrase, Writer

ROOM = 1.25
"""Width of a drawing whose end is open, in lengths of what is known."""

SCHOOL_METRICS = (
    "graduation_rate_150",
    "retention_rate",
    "transfer_out_rate",
    "net_price",
    "earnings_10_years",
    "student_faculty_ratio",
    "distance_only_share",
)
"""Figures of the whole school that the page of a program shows; the school's page has all."""

ASKED_OF_TRANSFER = (
    TransferKind.POLICY,
    TransferKind.ARTICULATION,
    TransferKind.CREDITS_ACCEPTED,
    TransferKind.PRIOR_LEARNING,
)
"""What is said to be unknown where nobody tells."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a bar in percent of its width: what is sure, and what is open behind it."""

    start: float
    sure: float
    open: float


class ProgramClaims:
    """Puts what is claimed of a program into lines; no lines where nobody tells."""

    def __init__(self, writer: Writer, program: ProgramRead) -> None:
        self._write = writer
        self._claims = ClaimWriter(writer)
        self._say = writer.speech.say
        self._program = program

    def practicum(self) -> list[Fact]:
        """Return each side of the practicum as the first sayer has it; none where nobody tells."""
        told = [one for one in self._program.practicum if one.standing in (*LEADING, "agreeing")]
        if not told:
            return []
        say, claims = self._say, self._claims

        def side(
            label: str, values: Iterable[tuple[ClaimRead[PracticumClaim], Phrase | None]]
        ) -> Fact:
            for claim, value in values:
                if value is not None:
                    said = self._write.said([claim.evidence])
                    return Fact(label, value, is_known=True, said=said)
            return not_known(self._write, label)

        def phrase(text: str | None) -> Phrase | None:
            return Phrase(capitalized(text)) if text else None

        return [
            side(say("Hours"), ((one, phrase(claims.hours(one.stated))) for one in told)),
            side(
                say("Where the hours are done"),
                (
                    (
                        one,
                        phrase(self._write.listed(words.PRACTICUM_FORMATS, [one.stated.format]))
                        if one.stated.format
                        else None,
                    )
                    for one in told
                ),
            ),
            side(
                say("How far the site is"),
                (
                    (
                        one,
                        phrase(self._write.listed(words.PRACTICUM_SITES, one.stated.sites))
                        if one.stated.sites
                        else None,
                    )
                    for one in told
                ),
            ),
            side(
                say("Who finds the site"),
                (
                    (
                        one,
                        None
                        if one.stated.is_site_arranged is None
                        else phrase(claims.site(one.stated.is_site_arranged)),
                    )
                    for one in told
                ),
            ),
            side(
                say("The school's word for it"),
                (
                    (one, self._write.told(", ".join(labels)) if labels else None)
                    for one in told
                    for labels in [one.stated.labels]
                ),
            ),
        ]

    def topics(self) -> list[Fact]:
        """Return every topic that there is to ask for."""
        told = {one.topic: self._claims.fact(one) for one in _leading(self._program.topics)}
        if not told:
            return []
        return [
            told.get(topic) or not_known(self._write, self._write.word(words.TOPICS, topic).text)
            for topic in Topic
        ]

    def transfer(self) -> list[Fact]:
        """Return what is said of moving credits, and what of it is not known."""
        leading = _leading(self._program.transfer)
        told = {one.topic for one in leading}
        if not told:
            return []
        unknown = [
            not_known(self._write, self._write.word(words.TRANSFERS, kind).text)
            for kind in ASKED_OF_TRANSFER
            if kind not in told
        ]
        return [*self._claims.facts(leading), *unknown]

    def contacts(self) -> list[Fact]:
        """Return the roles and offices that answer questions on the program."""
        told = _leading(self._program.offerings)
        return self._claims.facts(one for one in told if one.stated.has_contact)

    def services(self) -> list[Fact]:
        """Return the services of the school."""
        return self._claims.facts(_leading(self._program.services))

    def outcomes(self) -> list[Fact]:
        """Return the results of the program itself."""
        leading = _leading(self._program.outcomes)
        return self._claims.facts(one for one in leading if one.level == Level.PROGRAM)

    def school_outcomes(self) -> list[Fact]:
        """Return the results of the whole school."""
        told = _leading(self._program.outcomes)
        leading = [one for one in told if one.level == Level.INSTITUTION]
        return [
            self._claims.fact(one)
            for metric in SCHOOL_METRICS
            for one in leading
            if one.metric == metric and one.cohort not in INCOMES
        ]

    def forms(self) -> list[tuple[str, list[Fact]]]:
        """Return the forms of the program that have facts of their own, each with these."""
        return [(form.name, self._claims.facts(form.claims)) for form in self._program.forms]

    def field_outcomes(self) -> list[Fact]:
        """Return what graduates of the field and level at the school earn and owe."""
        return self._claims.field_outcomes(_leading(self._program.field_outcomes))

    def conflicts(self) -> list[Fact]:
        """Return what is said otherwise than what is shown."""
        program = self._program
        lists: tuple[Sequence[ClaimRead[ProgramClaim]], ...] = (
            program.accreditations,
            program.offerings,
            program.online_completions,
            program.costs,
            program.practicum,
            program.transfer,
            program.topics,
            program.preparation,
            program.outcomes,
            program.field_outcomes,
            program.services,
        )
        return self._claims.facts(
            one for claims in lists for one in claims if one.standing == "conflicting"
        )


class CostDrawing:
    """The whole cost as bars on one scale, from nothing to the most there may be."""

    def __init__(self, writer: Writer, cost: TotalCostRead) -> None:
        self._write = writer
        self._cost = cost
        low, high = cost.total.low_usd, cost.total.high_usd
        ends_open = cost.total.is_open or not cost.total.is_complete
        longest = max((part.high_usd or part.low_usd for part in cost.components), default=0)
        self._scale = (high or low or longest or 1) * (ROOM if ends_open else 1)
        self.whole = _stretch(low, None if ends_open else high, self._scale)

    def bar(self, part: CostLineRead) -> Stretch:
        """Return the bar of a part."""
        return _stretch(part.low_usd, part.high_usd, self._scale)

    def name(self, part: CostLineRead | MissingPartRead | LeftOutRead) -> str:
        """Return what a part is called."""
        component, credential = part.component, self._cost.credential
        label = None if isinstance(part, MissingPartRead) else part.label
        if component == "exam" and credential and not isinstance(part, LeftOutRead):
            return self._write.speech.say("Exam of %(credential)s", credential=credential)
        if isinstance(part, CostLineRead) and component == "tuition" and "fees" in part.contains:
            component = "tuition_and_fees"
        name = self._write.word(words.COST_PARTS, component).text
        return f"{name}: {label}" if label else name

    @property
    def others(self) -> list[tuple[str, str]]:
        """What it comes to for those for whom the total does not hold, by residency."""
        cost, write = self._cost, self._write
        told = {
            Residency.IN_DISTRICT: cost.in_district,
            Residency.IN_STATE: cost.in_state,
            Residency.OUT_OF_STATE: cost.out_of_state,
        }
        return [
            (
                residency,
                write.speech.say(
                    "%(amount)s %(for_whom)s",
                    amount=write.between(total.low_usd, total.high_usd),
                    for_whom=write.word(words.RESIDENCIES, residency).text,
                ),
            )
            for residency, total in told.items()
            if total is not None and residency != cost.holds_for
        ]

    @property
    def alternative(self) -> str:
        """All that the drawing shows."""
        say, between, total = self._write.speech.say, self._write.between, self._cost.total
        said = []
        if total.low_usd is not None:
            parts = ", ".join(
                f"{self.name(part)} {between(part.low_usd, part.high_usd)}"
                for part in self._cost.components
            )
            whole = between(total.low_usd, total.high_usd)
            said.append(say("In all %(total)s: %(parts)s.", total=whole, parts=parts))
        if self._cost.missing:
            names = ", ".join(self.name(part) for part in self._cost.missing)
            said.append(say("Without a known price, on top: %(names)s.", names=names))
        return " ".join(said)


def leads_to(writer: Writer, program: ProgramRead) -> list[Fact]:
    """Return to which exams a program leads, each with the line that decided."""
    return [
        Fact(
            label=writer.speech.say("Leads to %(credential)s", credential=one.credential),
            value=writer.word(words.LEADS_TO, one.leads_to),
            is_known=one.leads_to is not LeadsTo.NOT_KNOWN,
            notes=[writer.told(one.reason)],
            finding=words.LEADS_TO_MARKS[one.leads_to],
        )
        for one in program.leads_to_reasons
    ]


def credentials_to_choose(cost: TotalCostRead) -> list[str]:
    """Return the credentials whose exam may end the way."""
    named = [*cost.prepares_for, *([cost.credential] if cost.credential else [])]
    return list(dict.fromkeys([*named, "RHIT", "RHIA", "CCA", "CCS", "CPC"]))


def drawn_steps(timeline: TimelineRead) -> list[tuple[StepRead, Stretch]]:
    """Return the steps to a first post, each drawn from where the one before may end."""
    ends = [(0.0, 0.0)]
    for step in timeline.steps:
        (least, most), (low, high) = ends[-1], (step.months.low, step.months.high)
        ends.append((least + (low or 0), most + (high if high is not None else low or 0)))
    scale = max(ends[-1][1], 1) * (ROOM if timeline.is_open else 1)
    return [
        (step, _drawn(step, *bounds, scale))
        for step, bounds in zip(timeline.steps, pairwise(ends), strict=True)
    ]


def _drawn(
    step: StepRead, before: tuple[float, float], after: tuple[float, float], scale: float
) -> Stretch:
    end = scale if step.months.high is None else after[1]
    start, sure = 100 * before[0] / scale, 100 * (after[0] - before[0]) / scale
    return Stretch(round(start, 2), round(sure, 2), round(100 * end / scale - start - sure, 2))


def _leading(claims: Iterable[Any]) -> list[Any]:
    """Return the claims that lead, in their order."""
    return [one for one in claims if one.standing in LEADING]


def _stretch(low: float | None, high: float | None, scale: float) -> Stretch:
    """Return a bar from nothing; without a high end it is open to the edge."""
    sure = 100 * (low or 0) / scale
    end = 100 if high is None else 100 * high / scale
    return Stretch(0, round(sure, 2), round(end - sure, 2))
