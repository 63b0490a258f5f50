"""The page of a program, in words and in shapes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.domain.claims import PracticumClaim, ProgramClaim
from app.domain.credentials.eligibility import Answer
from app.domain.messages import N_
from app.domain.vocabulary import Finding, Level, Pace, Topic, TransferKind
from app.schemas.checklists import ChecklistRead
from app.schemas.claims import ClaimRead
from app.schemas.eligibility import EligibilityRead
from app.schemas.programs import ProgramRead
from app.schemas.similar import AspectRead, SimilarItem
from app.schemas.timeline import StepRead, TimelineRead
from app.schemas.total_cost import CostLineRead, LeftOutRead, MissingPartRead, TotalCostRead
from app.site import words
from app.site.hand_outs import to_web_address
from app.site.pages.cards import ProgramCard, award_of, not_known, program_card, to_range
from app.site.pages.claims import ClaimWriter
from app.site.pages.visits import Visit
from app.site.writing import Bar, Criterion, Fact, Phrase, Rows, Said, Writer

FEW = 2
"""Open checks of a criterion that are shown without being asked for."""

ROOM = 1.25
"""Width of a drawing whose end is open, in lengths of what is known."""

SCHOOL_METRICS = (
    "graduation_rate_150",
    "retention_rate",
    "transfer_out_rate",
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

PACES: words.Words = {Pace.FULL: N_("Full time"), Pace.PART: N_("Part time, 6 credits a term")}
MARKS = {
    Answer.YES: Finding.MET,
    Answer.NO: Finding.NOT_MET,
    Answer.NOT_YET: Finding.PARTLY_MET,
    Answer.UNKNOWN: Finding.UNKNOWN,
}
"""Answer -> the mark it gets."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a bar in percent of its width: what is sure, and what is open behind it."""

    start: float
    sure: float
    open: float


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion, and whether its checks are shown without being asked for."""

    criterion: Criterion
    is_open: bool


@dataclass(frozen=True, slots=True)
class YearView:
    """Awards of one year beside those of the others."""

    year: str
    count: str
    width: float
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class ProgramView:
    """What is known of a program; empty lists are of what nobody tells."""

    slug: str
    label: str
    name: str
    school: str
    school_key: str
    place: str
    award: str
    field: str | None
    address: str | None
    bar: Bar
    facts: Sequence[Fact]
    cautions: Sequence[Phrase]
    criteria: Sequence[CriterionView]
    open_count: int
    retired_on: str | None
    retired_reason: Phrase | None
    match: str | None
    practicum: Sequence[Fact]
    topics: Sequence[Fact]
    transfer: Sequence[Fact]
    services: Sequence[Fact]
    years: Sequence[YearView]
    outcomes: Sequence[Fact]
    school_outcomes: Sequence[Fact]
    conflicts: Sequence[Fact]
    conflict_count: int


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the cost; without ``amount`` nobody names a price that counts."""

    name: str
    amount: str | None
    stretch: Stretch
    reason: Phrase
    said: Sequence[Said]
    ask: Phrase | None = None
    whom: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a form."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CostView:
    """The whole cost with its parts; ``alternative`` says what the drawing shows."""

    total: str | None
    is_open: bool
    stretch: Stretch
    alternative: str
    parts: Sequence[PartView]
    missing: Sequence[PartView]
    left_out: Sequence[PartView]
    assumptions: Sequence[Phrase]
    credential: str | None
    residencies: Sequence[Option]
    paces: Sequence[Option]
    credentials: Sequence[Option]


@dataclass(frozen=True, slots=True)
class StepView:
    """A step on the way to work; without ``months`` its length is not known."""

    label: Phrase
    months: str | None
    stretch: Stretch
    note: Phrase | None
    decision: Phrase | None
    question_count: int


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The steps to a first post, drawn one after the other."""

    total: str | None
    is_open: bool
    alternative: str
    steps: Sequence[StepView]
    assumptions: Sequence[Phrase]
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class ExamView:
    """Whether an exam is open to graduates of the program."""

    code: str
    name: Phrase
    answer: str
    finding: str
    reason: Phrase
    changes: Sequence[tuple[Phrase, Phrase | None]]
    instead: tuple[str, str] | None
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class AlternativeView:
    """A similar program, and how it compares."""

    card: ProgramCard
    distance: str | None
    better: Sequence[tuple[str, Phrase]]
    worse: Sequence[tuple[str, Phrase]]


class ProgramPage:
    """Puts one program into words."""

    def __init__(self, visit: Visit, writer: Writer, read: ProgramRead) -> None:
        self._visit = visit
        self._write = writer
        self._claims = ClaimWriter(writer)
        self._say = writer.speech.say
        self._read = read

    def view(self, rows: Rows, checklist: ChecklistRead) -> ProgramView:
        """Return what is known of the program, from rows of a comparison and its checklist."""
        read = self._read
        side = self._write.side(rows, checklist)
        school = read.institution
        outcomes = [one for one in read.outcomes if one.level == Level.PROGRAM]
        conflicts = self._conflicts()
        return ProgramView(
            slug=read.slug,
            label=f"{school.name}: {read.name}",
            name=read.name,
            school=school.name,
            school_key=str(school.unitid or school.slug),
            place=", ".join(part for part in (read.campus, school.city, school.state) if part),
            award=award_of(self._write, read),
            field=f"{read.cip_title} ({read.cip_code})" if read.cip_title else read.cip_code,
            address=to_web_address(read.links.program_page),
            bar=side.bar,
            facts=side.facts,
            cautions=side.cautions,
            criteria=[self._criterion(one) for one in side.criteria],
            open_count=len(checklist.questions),
            retired_on=read.retired_at.date().isoformat() if read.retired_at else None,
            retired_reason=self._write.english(read.retired_reason)
            if read.retired_reason
            else None,
            match=read.match.quality if read.match else None,
            practicum=self._practicum(),
            topics=self._topics(checklist),
            transfer=self._transfer(),
            services=self._claims.facts(_leading(read.services)),
            years=self._years(),
            outcomes=self._claims.facts(_leading(outcomes)),
            school_outcomes=self._school_outcomes(),
            conflicts=self._claims.facts(conflicts),
            conflict_count=len(conflicts),
        )

    def _criterion(self, one: Criterion) -> CriterionView:
        still_open = sum(check.question is not None for check in one.checks)
        return CriterionView(one, is_open=0 < still_open <= FEW)

    def _practicum(self) -> list[Fact]:
        """Return each side of the practicum as the first sayer has it; none where nobody tells."""
        told = [one for one in self._read.practicum if one.standing in ("current", "agreeing")]
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
            return Phrase(text[:1].upper() + text[1:]) if text else None

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
                    (one, self._write.english(", ".join(labels)) if labels else None)
                    for one in told
                    for labels in [one.stated.labels]
                ),
            ),
        ]

    def _topics(self, checklist: ChecklistRead) -> list[Fact]:
        told = {one.topic: self._claims.fact(one) for one in _leading(self._read.topics)}
        if not told or checklist.extras is None:
            return []
        return [
            told.get(topic) or not_known(self._write, self._write.word(words.TOPICS, topic).text)
            for topic in Topic
        ]

    def _transfer(self) -> list[Fact]:
        leading = _leading(self._read.transfer)
        told = {one.topic for one in leading}
        if not told:
            return []
        unknown = [
            not_known(self._write, self._write.word(words.TRANSFERS, kind).text)
            for kind in ASKED_OF_TRANSFER
            if kind not in told
        ]
        return [*self._claims.facts(leading), *unknown]

    def _years(self) -> list[YearView]:
        counts = self._read.all_completions
        most = max((one.count for one in counts), default=0)
        return [
            YearView(
                year=one.academic_year,
                count=self._write.speech.number(one.count),
                width=round(100 * one.count / most, 1) if most else 0,
                said=self._write.said([one.evidence]),
            )
            for one in counts
        ]

    def _school_outcomes(self) -> list[Fact]:
        leading = [one for one in _leading(self._read.outcomes) if one.level == Level.INSTITUTION]
        return [
            self._claims.fact(one)
            for metric in SCHOOL_METRICS
            for one in leading
            if one.metric == metric
        ]

    def _conflicts(self) -> list[ClaimRead[ProgramClaim]]:
        read = self._read
        lists: tuple[Sequence[ClaimRead[ProgramClaim]], ...] = (
            read.accreditations,
            read.offerings,
            read.costs,
            read.practicum,
            read.transfer,
            read.topics,
            read.preparation,
            read.outcomes,
            read.services,
        )
        return [one for claims in lists for one in claims if one.standing == "conflicting"]

    def cost(self, cost: TotalCostRead) -> CostView:
        """Return the whole cost as bars on one scale, from nothing to the most there may be."""
        low, high = cost.total.low_usd, cost.total.high_usd
        ends_open = cost.total.is_open or not cost.total.is_complete
        scale = (high or low or 1) * (ROOM if ends_open else 1)
        total = None if low is None else self._write.amount(to_range(low, high))
        parts = [self._part(line, cost, scale) for line in cost.components]
        missing = [self._missing(part, cost) for part in cost.missing]
        stretch = _stretch(low, None if ends_open else high, scale)
        return CostView(
            total=total,
            is_open=cost.total.is_open,
            stretch=stretch,
            alternative=self._alternative(total, parts, missing),
            parts=parts,
            missing=missing,
            left_out=[self._left_out(part) for part in cost.left_out],
            assumptions=[self._write.told(one.text) for one in cost.assumptions],
            credential=cost.credential,
            residencies=self._options(words.RESIDENCIES, cost.residency),
            paces=self._options(PACES, cost.pace),
            credentials=self._credentials(cost),
        )

    def _alternative(
        self, total: str | None, parts: Sequence[PartView], missing: Sequence[PartView]
    ) -> str:
        told = ", ".join(f"{part.name} {part.amount}" for part in parts)
        said = [self._say("In all %(total)s: %(parts)s.", total=total, parts=told)] if total else []
        if missing:
            names = ", ".join(part.name for part in missing)
            said.append(self._say("Without a known price, on top: %(names)s.", names=names))
        return " ".join(said)

    def _part(self, line: CostLineRead, cost: TotalCostRead, scale: float) -> PartView:
        return PartView(
            name=self._part_name(line.component, line.label, line.contains, cost.credential),
            amount=self._write.amount(to_range(line.low_usd, line.high_usd)),
            stretch=_stretch(line.low_usd, line.high_usd, scale),
            reason=self._write.told(line.reason),
            said=self._write.said(line.evidence),
        )

    def _missing(self, part: MissingPartRead, cost: TotalCostRead) -> PartView:
        return PartView(
            name=self._part_name(part.component, None, [], cost.credential),
            amount=None,
            stretch=Stretch(0, 0, 100),
            reason=self._write.told(part.reason),
            said=self._write.said(part.evidence),
            ask=self._write.told(part.ask),
            whom=self._write.told(part.whom),
        )

    def _left_out(self, part: LeftOutRead) -> PartView:
        amount = None
        if part.low_usd is not None:
            amount = self._write.amount(to_range(part.low_usd, part.high_usd))
        return PartView(
            name=self._part_name(part.component, part.label, [], None),
            amount=amount,
            stretch=Stretch(0, 0, 0),
            reason=self._write.told(part.reason),
            said=self._write.said(part.evidence),
        )

    def _part_name(
        self, component: str, label: str | None, contains: Sequence[str], credential: str | None
    ) -> str:
        if component == "tuition" and "fees" in contains:
            component = "tuition_and_fees"
        name = self._write.word(words.COST_PARTS, component).text
        if component == "exam" and credential:
            return self._say("Exam of %(credential)s", credential=credential)
        return f"{name}: {label}" if label else name

    def _options(self, known: words.Words, chosen: str) -> list[Option]:
        return [
            Option(key, _capital(self._say(label)), key == chosen) for key, label in known.items()
        ]

    def _credentials(self, cost: TotalCostRead) -> list[Option]:
        codes = dict.fromkeys([*cost.prepares_for, *([cost.credential] if cost.credential else [])])
        codes.update(dict.fromkeys(("RHIT", "RHIA", "CCA", "CCS", "CPC")))
        none = [] if cost.credential else [Option("", self._say("None named"), is_chosen=True)]
        return [*none, *(Option(code, code, code == cost.credential) for code in codes)]

    def timeline(self, timeline: TimelineRead) -> TimelineView:
        """Return the steps to a first post, each drawn from where the one before may end."""
        ends = [(0.0, 0.0)]
        for step in timeline.steps:
            (least, most), (low, high) = ends[-1], (step.months.low, step.months.high)
            ends.append((least + (low or 0), most + (high if high is not None else low or 0)))
        scale = max(ends[-1][1], 1) * (ROOM if timeline.is_open else 1)
        total = timeline.months_to_entry
        months = None
        if total.low is not None or total.high is not None:
            months = self._months(total.low, total.high)
        steps = [
            self._step(step, *bounds, scale)
            for step, bounds in zip(timeline.steps, pairwise(ends), strict=True)
        ]
        told = [f"{step.label.text}: {step.months or self._say(words.NOT_KNOWN)}" for step in steps]
        return TimelineView(
            total=months,
            is_open=timeline.is_open,
            alternative="; ".join(told),
            steps=steps,
            assumptions=[self._write.told(one.text) for one in timeline.assumptions],
            said=[
                self._write.named(source, None)
                for source in dict.fromkeys(step.source for step in timeline.steps)
            ],
        )

    def _months(self, low: float | None, high: float | None) -> str:
        if high is None:
            number = self._write.speech.number(low or 0)
            return self._say("%(low)s months or more", low=number)
        return self._write.months(to_range(low, high))

    def _step(
        self,
        step: StepRead,
        before: tuple[float, float],
        after: tuple[float, float],
        scale: float,
    ) -> StepView:
        low, high = step.months.low, step.months.high
        end = scale if high is None else after[1]
        start, sure = 100 * before[0] / scale, 100 * (after[0] - before[0]) / scale
        return StepView(
            label=self._write.told(step.label),
            months=None if low is None and high is None else self._months(low, high),
            stretch=Stretch(
                round(start, 2), round(sure, 2), round(100 * end / scale - start - sure, 2)
            ),
            note=self._write.told(step.note) if step.note else None,
            decision=self._write.english(step.decision_point) if step.decision_point else None,
            question_count=len(step.open_questions),
        )

    def exam(self, exam: EligibilityRead) -> ExamView:
        """Return whether an exam is open to graduates, and what would change the answer."""
        evidence = exam.standing.evidence if exam.standing else []
        rules = [route.evidence for route in exam.routes if route.decides]
        instead = exam.answer_instead
        return ExamView(
            code=exam.credential,
            name=self._write.english(exam.credential_name, "name"),
            answer=self._say(words.OPENINGS[exam.answer]),
            finding=MARKS[exam.answer],
            reason=self._write.told(exam.reason),
            changes=[
                (self._write.told(one.text), self._write.told(one.whom) if one.whom else None)
                for one in exam.what_would_change
            ],
            instead=(instead.credential, self._say(words.OPENINGS[instead.answer]))
            if instead
            else None,
            said=self._write.said([*evidence, *rules]),
        )

    def alternative(self, item: SimilarItem) -> AlternativeView:
        """Return a similar program, with the respects in which it is better or worse."""
        distance = None
        if item.online:
            distance = self._say("Online, so distance is no matter")
        elif item.distance_miles is not None:
            distance = self._write.speech.say_count(
                "%(n)s mile away", "%(n)s miles away", round(item.distance_miles)
            )
        return AlternativeView(
            card=program_card(self._write, item),
            distance=distance,
            better=[self._aspect(one) for one in item.better],
            worse=[self._aspect(one) for one in item.worse],
        )

    def _aspect(self, one: AspectRead) -> tuple[str, Phrase]:
        return self._say(words.ASPECTS[one.key]), self._write.told(one.detail)


def _leading(claims: Iterable[Any]) -> list[Any]:
    """Return the claims that lead, in their order."""
    return [one for one in claims if one.standing == "current"]


def _stretch(low: float | None, high: float | None, scale: float) -> Stretch:
    """Return a bar from nothing; without a high end it is open to the edge."""
    sure = 100 * (low or 0) / scale
    end = 100 if high is None else 100 * high / scale
    return Stretch(0, round(sure, 2), round(end - sure, 2))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
