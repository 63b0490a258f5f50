"""The page that compares: programs side by side, how sure their order is, and what to ask."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, log10

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import points_at_stake_together
from app.domain.dossier import Dossier
from app.domain.messages import Message, parts_of
from app.domain.vocabulary import CellStatus, CostComponent, Finding
from app.domain.vocabulary import Section as Part
from app.schemas.checklists import ChecklistRead, CheckRead
from app.schemas.comparison import (
    ComparisonRead,
    FlipRead,
    RangeRead,
    RankRead,
    RowRead,
    StabilityRead,
    ValueRead,
)
from app.schemas.eligibility import EligibilityRead
from app.schemas.total_cost import TotalCostRead
from app.site import words
from app.site.pages.chips import Strip, strip_of
from app.site.pages.deciding import Deciding
from app.site.pages.deciding_rows import DecidingRow, deciding_rows
from app.site.pages.visits import PageContext
from app.site.rows import Line, RowWriter
from app.site.writing import Bar, Citation, Phrase, ProgramSide

LEAST_SHOWN = 0.005
"""Shares that are less, or less away from all, are not shown as none or as all."""

OPEN_SECTIONS = frozenset(
    {Part.LENGTH, Part.COST, Part.ACCREDITATION, Part.TRANSFER, Part.PRACTICUM}
)
"""Sections that are not folded at first: what most people ask for."""


@dataclass(frozen=True, slots=True)
class Slider:
    """The weight of a criterion: as given, from 0 to 100, and as a share of the whole."""

    key: str
    label: str
    reason: str
    value: int
    share: str


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two programs, and under which share of weightings which of them is ahead.

    Shares are in percent; ``least`` and ``most`` are what the open questions can make of
    ``ahead``. ``words`` say all that the drawing shows.
    """

    first: str
    second: str
    ahead: float
    behind: float
    least: float
    most: float
    words: str


@dataclass(frozen=True, slots=True)
class CostBar:
    """The whole cost of a program on an axis, in percent of its length; None: not known."""

    short: str
    value: Phrase
    for_whom: Phrase | None
    is_known: bool
    low: float
    rest: float
    is_open: bool
    counted: str | None
    missing: str | None
    said: Sequence[Citation]

    @property
    def alternative(self) -> str:
        """All that the drawing shows."""
        return ". ".join(filter(None, (self.value.text, self.counted, self.missing)))


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind; ``untold`` are the rows in which nothing is known of any program."""

    key: str
    title: str
    tally: str
    lines: Sequence[Line]
    untold: Sequence[Line]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """One school's place beside a question.

    ``choices`` are what can be answered where it is open: how it stands in an address, its words,
    and whether it is chosen.
    """

    slug: str
    finding: str
    known: str
    choices: Sequence[tuple[str, str, bool]]
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is open for one program at least."""

    key: str
    label: str
    ask: str
    whom: str
    replies: Sequence[Reply]


@dataclass(frozen=True)
class ComparisonPage:
    """All that the page shows, in the words of a writer.

    Args:
        write: Puts facts into words.
        now: With the weights and answers of the reader.
        unanswered: Program -> checklist without the reader's answers.
        rubric: The version that the programs were scored by.
        given: Criterion -> weight as the reader gave it; empty where none is given.
        retired: Programs that are no longer listed.
        only_differing: Whether rows that do not differ are left out.
        dossiers: The programs with what the reader was told, by slug.
        costs: Program -> its whole cost.
        exams: Program -> whether its graduates may sit the exams they ask about.
    """

    write: RowWriter
    now: ComparisonRead
    unanswered: Mapping[str, ChecklistRead]
    rubric: Rubric
    given: Mapping[str, float]
    retired: frozenset[str]
    only_differing: bool
    dossiers: Mapping[str, Dossier]
    costs: Mapping[str, TotalCostRead]
    exams: Mapping[str, Sequence[EligibilityRead]]

    @cached_property
    def shorts(self) -> dict[str, str]:
        """Program -> its school; with the name of the program where a school comes twice."""
        schools = Counter(checklist.institution for checklist in self.now.checklists)
        names = Counter((one.institution, one.name) for one in self.now.checklists)
        shorts = {}
        for at, one in enumerate(self.now.checklists, 1):
            short = one.institution or ""
            if schools[one.institution] > 1:
                short = f"{short}: {one.name}"
            if names[one.institution, one.name] > 1:
                short = f"{short} ({at})"
            shorts[one.program or ""] = short
        return shorts

    @cached_property
    def sides(self) -> list[ProgramSide]:
        """The programs in the order asked for."""
        return self.write.sides(self.now)

    @property
    def ranking(self) -> list[ProgramSide]:
        """The programs, the best place first."""
        places = {rank.program: (rank.best, rank.worst) for rank in self.now.ranks}
        return sorted(self.sides, key=lambda side: (*places[side.slug], -side.bar.met))

    def bar_before(self, slug: str) -> Bar | None:
        """Return the score without the reader's answers, where there are some."""
        is_answered = bool(self.now.answers.get(slug))
        return self.write.checklist_bar(self.unanswered[slug]) if is_answered else None

    @property
    def places(self) -> dict[str, RankRead]:
        """Program -> the best and the worst place that it can have."""
        return {rank.program: rank for rank in self.now.ranks}

    @property
    def headline(self) -> str:
        """How far there is an order, in a sentence."""
        return self.write.headline(self.now, self.shorts)

    @property
    def certainties(self) -> list[str]:
        """What holds under every weighting, and which programs cannot be told apart."""
        say = self.write.speech.say
        return [
            *self.write.dominance(self.now, self.shorts),
            *(
                say(
                    "Too close to call under these weights: %(names)s. Their scores overlap.",
                    names="; ".join(self.shorts[slug] for slug in band),
                )
                for band in self.now.tie_bands
            ),
        ]

    # what decides

    @cached_property
    def _findings(self) -> dict[str, dict[str, Finding]]:
        """Program -> check -> finding, with what the reader was told."""
        return {
            checklist.program or "": {
                check.key: check.finding for one in checklist.criteria for check in one.checks
            }
            for checklist in self.now.checklists
        }

    @cached_property
    def deciding(self) -> list[DecidingRow]:
        """The eight facts that decide; only those that differ where these alone are asked for."""
        told = {
            slug: Deciding(
                self.write,
                self.dossiers[slug],
                {(row.section, row.key): (row.label, row.values[at]) for row in self.now.rows},
                self.now.checklists[at],
                self.costs[slug],
                self.exams[slug],
            )
            for at, slug in enumerate(self.now.programs)
        }
        rows = deciding_rows(self.write, self._lines, told)
        return [row for row in rows if row.differs or not self.only_differing]

    def strip(self, slug: str) -> Strip:
        """Return the checks of a program as marks, with what the reader was told."""
        findings = self._findings[slug]
        return strip_of(self.write, findings, *self.rubric.count_answered(findings.values()))

    # pairs

    @cached_property
    def pairs(self) -> list[PairLine]:
        """Every two programs, the one first that is ahead more often."""
        by_pair = {(pair.program, pair.over): pair for pair in self.now.stability}
        lines = []
        for at, one in enumerate(self.now.programs):
            for other in self.now.programs[at + 1 :]:
                pair, opposite = by_pair[one, other], by_pair[other, one]
                if (opposite.share_decimal or 0) > (pair.share_decimal or 0):
                    pair, opposite = opposite, pair
                lines.append(self._pair(pair, opposite))
        return lines

    @cached_property
    def _labels(self) -> dict[str, str]:
        say = self.write.speech.say
        return {one.key: say(one.label) for one in self.rubric.criteria}

    def _pair(self, pair: StabilityRead, opposite: StabilityRead) -> PairLine:
        first, second = self.shorts[pair.program], self.shorts[pair.over]
        ahead, behind = pair.share_decimal, opposite.share_decimal
        if ahead is None or behind is None:
            nothing = self.write.speech.say(
                "No criterion applies to both, so there is nothing to weigh."
            )
            return PairLine(first, second, 0, 0, 0, 0, nothing)
        return PairLine(
            first,
            second,
            ahead=round(100 * ahead, 2),
            behind=round(100 * behind, 2),
            least=round(100 * (pair.share_worst_case_decimal or 0.0), 2),
            most=round(100 * (pair.share_best_case_decimal or 0.0), 2),
            words=" ".join(self._pair_words(pair, ahead)),
        )

    def _pair_words(self, pair: StabilityRead, ahead: float) -> Iterator[str]:
        """Yield in sentences what is sure of a pair, and what would turn it round."""
        say, first = self.write.speech.say, self.shorts[pair.program]
        if pair.always_tied:
            yield say("As much is verified of both, on every criterion.")
        elif ahead == 1:
            yield say(
                "By what is verified alone, %(first)s is ahead under every weighting.", first=first
            )
        else:
            yield say(
                "By what is verified alone, %(first)s is ahead under %(share)s of all weightings.",
                first=first,
                share=self._share(pair.share, ahead),
            )
        least, most = pair.share_worst_case_decimal or 0.0, pair.share_best_case_decimal or 0.0
        if (least, most) == (0, 1):
            yield say("Once every question is answered, either can be ahead of the other.")
        elif (least, most) != (ahead, ahead):
            yield say(
                "Once every question is answered, it can be anything from %(least)s to %(most)s.",
                least=self._share(pair.share_worst_case, least),
                most=self._share(pair.share_best_case, most),
            )
        if not pair.always_tied:
            yield self._flip(pair.flip)
        if pair.left_out:
            listed = ", ".join(self._labels[key] for key in pair.left_out)
            yield say("Left out, for it does not apply to both: %(names)s.", names=listed)

    def _share(self, exact: str | None, share: float) -> str:
        """Return a share as percent, with the fraction it is exactly where that says more."""
        say, to_percent = self.write.speech.say, self.write.speech.percent
        percent = to_percent(share)
        if exact is None or "/" not in exact:
            return percent
        if share < LEAST_SHOWN:
            percent = say("less than %(percent)s", percent=to_percent(0.01))
        elif share > 1 - LEAST_SHOWN:
            percent = say("more than %(percent)s", percent=to_percent(0.99))
        return say("%(percent)s (exactly %(exact)s)", percent=percent, exact=exact)

    def _flip(self, flip: FlipRead | None) -> str:
        say, to_percent = self.write.speech.say, self.write.speech.percent
        if flip is None:
            return say("By what is verified now, no change of the weights makes them equal.")
        if flip.moved == 0:
            return say("By what is verified now, they are equal under these weights.")
        weights = ", ".join(
            f"{self._labels[key]} {to_percent(share)}" for key, share in flip.weights.items()
        )
        values = {"moved": to_percent(flip.moved), "weights": weights}
        if flip.turns_round:
            return say(
                "It turns round if more than %(moved)s of the weight moves, beyond %(weights)s.",
                **values,
            )
        return say(
            "They become equal, no more, if %(moved)s of the weight moves, to %(weights)s.",
            **values,
        )

    # weights

    @property
    def sliders(self) -> list[Slider]:
        """The weights, as the reader gave them where a slider can stand there."""
        say, shares = self.write.speech.say, self.now.weights
        given = self.given
        if not given or max(given.values()) > 100 or any(value % 1 for value in given.values()):
            given = {key: 100 * share for key, share in shares.items()}
        return [
            Slider(
                key=one.key,
                label=say(one.label),
                reason=say(one.reason),
                value=round(given.get(one.key, 0)),
                share=self.write.speech.percent(shares[one.key]),
            )
            for one in self.rubric.criteria
        ]

    @property
    def is_equally_weighed(self) -> bool:
        """Whether everything weighs the same."""
        return len({round(share, 6) for share in self.now.weights.values()}) == 1

    # the whole cost

    @cached_property
    def _total_cost(self) -> RowRead:
        return next(row for row in self.now.rows if row.key == "total_cost")

    @cached_property
    def _axis_end(self) -> int:
        spans = filter(None, (_span(value.value) for value in self._total_cost.values))
        return _round_up(max((end for span in spans for end in span if end), default=0))

    @property
    def top_cost(self) -> str:
        """The end of the axis in words."""
        return self.write.speech.dollars(self._axis_end)

    @property
    def cost_bars(self) -> list[CostBar]:
        """Whole costs side by side."""
        return [self._cost_bar(value) for value in self._total_cost.values]

    def _cost_bar(self, value: ValueRead) -> CostBar:
        say, top = self.write.speech.say, self._axis_end
        span = _span(value.value)
        low, high = span or (0.0, 0.0)
        counted = [one for one in parts_of(value.terms.parts) if isinstance(one, Message)]
        parts = [str(one.params.get("part", one)) for one in counted]  # an exam is of a credential
        missing = [part for part in EXPECTED if part not in parts]
        return CostBar(
            short=self.shorts[value.program],
            value=Phrase(self.write.amount(value.value))
            if isinstance(value.value, int | float | RangeRead)
            else self.write.word(words.CELLS, value.status),
            for_whom=self.write.told(value.terms.for_whom) if value.terms.for_whom else None,
            is_known=span is not None,
            low=_percent_of(low, top),
            rest=_percent_of(top if high is None else high, top) - _percent_of(low, top),
            is_open=span is not None and high is None,
            counted=say("Counted: %(parts)s", parts=self._listed(parts)) if span else None,
            missing=say("Not known, and on top: %(parts)s", parts=self._listed(missing))
            if span and missing
            else None,
            said=self.write.said(value.evidence),
        )

    def _listed(self, parts: Sequence[str]) -> str:
        named = (self.write.word(words.COST_PARTS, part).text for part in parts)
        return ", ".join(name[:1].lower() + name[1:] for name in named)

    @property
    def cost_warning(self) -> str | None:
        """That the totals do not compare, where that is so."""
        known = [v for v in self._total_cost.values if v.status is CellStatus.KNOWN]
        if len({value.terms.parts for value in known}) < 2:
            return None
        return self.write.speech.say(
            "The totals do not compare: not the same parts are known of all."
        )

    # line by line

    @cached_property
    def _lines(self) -> dict[tuple[Part, str], Line]:
        accredited = {
            slug: self._checks[slug, "program_accredited"].finding for slug in self.now.programs
        }
        return {
            (row.section, row.key): self.write.line(row, self.now.answers, accredited)
            for row in self.now.rows
        }

    @property
    def sections(self) -> list[Section]:
        """The rows, section by section."""
        rows: dict[str, list[Line]] = {}
        for (section, _), line in self._lines.items():
            rows.setdefault(section, []).append(line)
        return [
            Section(
                key=key,
                title=self.write.word(words.SECTIONS, key).text,
                tally=self.write.tally(lines),
                lines=[
                    line
                    for line in lines
                    if line.is_told and (line.differs or not self.only_differing)
                ],
                untold=[line for line in lines if not line.is_told],
                is_open=self.only_differing or key in OPEN_SECTIONS,
            )
            for key, lines in rows.items()
        ]

    # questions

    @cached_property
    def questions(self) -> list[Question]:
        """What is not answered without the reader, and what is, by what hangs on it.

        The order stays as it was while the reader answers.
        """
        say, found = self.write.speech.say, []
        for check in (check for one in self.rubric.criteria for check in one.checks):
            replies = [self._reply(slug, check.key) for slug in self.now.programs]
            if any(reply.choices for reply in replies):
                ask = self._asked(check.key) or say(check.question)
                found.append(Question(check.key, say(check.label), ask, say(check.whom), replies))
        findings = [
            {check.key: check.finding for part in one.criteria for check in part.checks}
            for one in self.unanswered.values()
        ]
        stakes = points_at_stake_together(self.rubric, findings, self.now.weights)
        return sorted(found, key=lambda question: -stakes[question.key])

    def _asked(self, key: str) -> str:
        """Return what is asked of the programs about a check, each question once."""
        checks = (self._checks[slug, key] for slug in self.now.programs)
        asked = dict.fromkeys(check.question for check in checks if check.question)
        return " ".join(self.write.speech.tell(one) or one for one in asked)

    @cached_property
    def _checks(self) -> dict[tuple[str, str], CheckRead]:
        return {
            (slug, check.key): check
            for slug, checklist in self.unanswered.items()
            for one in checklist.criteria
            for check in one.checks
        }

    def _reply(self, slug: str, key: str) -> Reply:
        check = self._checks[slug, key]
        given = self.now.answers.get(slug, {}).get(key, Finding.UNKNOWN)
        offered = [Finding.UNKNOWN, Finding.MET, Finding.PARTLY_MET, Finding.NOT_MET]
        if given not in offered:
            offered.append(given)
        is_answered = given is not Finding.UNKNOWN
        is_open = check.question is not None or is_answered
        return Reply(
            slug=slug,
            finding=check.finding,
            known=self.write.word(words.FINDINGS, check.finding).text,
            choices=[
                (
                    "" if finding is Finding.UNKNOWN else f"{slug}:{key}.{finding}",
                    self.write.word(words.SCHOOL_ANSWERS, finding).text,
                    finding is given,
                )
                for finding in offered
                if is_open
            ],
            is_answered=is_answered,
        )

    @property
    def open_count(self) -> int:
        """How many answers are still open."""
        replies = [reply for question in self.questions for reply in question.replies]
        return sum(bool(reply.choices) and not reply.is_answered for reply in replies)

    @property
    def answer_count(self) -> int:
        """How many answers the reader gave."""
        return sum(len(given) for given in self.now.answers.values())


EXPECTED = (
    CostComponent.TUITION,
    CostComponent.FEES,
    CostComponent.BOOKS,
    CostComponent.TECHNOLOGY,
    "exam",
)
"""Parts that every whole cost has."""


def _span(value: object) -> tuple[float, float | None] | None:
    """Return low and high end of an amount; an end of None is open, None is not known."""
    if isinstance(value, RangeRead):
        return value.low or 0.0, value.high
    return (float(value), float(value)) if isinstance(value, int | float) else None


def _round_up(amount: float) -> int:
    """Return the next amount with one digit, or one and a half; 0 stays 0.

    >>> _round_up(41750), _round_up(12000)
    (50000, 15000)
    """
    if amount <= 0:
        return 0
    step = 10 ** int(log10(amount))
    return next(int(step * end) for end in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * end >= amount)


def _percent_of(amount: float, top: float) -> float:
    return ceil(10_000 * amount / top) / 100 if top else 0.0


def unknown_programs(
    visit: PageContext, near: Mapping[str, str | None]
) -> list[tuple[str, str | None]]:
    """Return the chosen programs that nobody knows, and the address with the nearest instead."""
    return [
        (slug, visit.instead_of(slug, other) if other else None) for slug, other in near.items()
    ]
