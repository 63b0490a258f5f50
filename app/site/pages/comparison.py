"""The page that compares: programs side by side, how sure their order is, and what to ask."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10

from app.domain.checklist.rubric import Rubric
from app.domain.vocabulary import CellStatus, CostComponent, Finding
from app.domain.vocabulary import Section as Part
from app.schemas.checklists import ChecklistRead, CheckRead
from app.schemas.comparison import ComparisonRead, FlipRead, RangeRead, RowRead, StabilityRead
from app.site import words
from app.site.pages.visits import Visit
from app.site.rows import Line, RowWriter
from app.site.writing import Bar, Phrase, Said

LEAST_SHOWN = 0.005
"""Shares that are less, or less away from all, are not shown as none or as all."""

OPEN_SECTIONS = frozenset(
    {Part.LENGTH, Part.COST, Part.ACCREDITATION, Part.TRANSFER, Part.PRACTICUM}
)
"""Sections that are not folded at first: what most people ask for."""

FEW_PAIRS = 6
"""Pairs that are shown at once; more are folded away."""


@dataclass(frozen=True, slots=True)
class Side:
    """A program; ``before`` is its score without the reader's answers, where there are some."""

    slug: str
    name: str
    school: str
    short: str
    place: str
    award: str
    bar: Bar
    before: Bar | None
    rank: str
    cautions: Sequence[Phrase]
    is_retired: bool


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
    ``ahead``.
    """

    first: str
    second: str
    ahead: float
    behind: float
    least: float
    most: float
    sentences: Sequence[str]

    @property
    def alternative(self) -> str:
        """All that the drawing shows."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class CostBar:
    """The whole cost of a program on an axis, in percent of its length; None: not known."""

    short: str
    value: Phrase
    is_known: bool
    low: float
    rest: float
    is_open: bool
    counted: str | None
    missing: str | None
    said: Sequence[Said]

    @property
    def alternative(self) -> str:
        """All that the drawing shows."""
        return ". ".join(filter(None, (self.value.text, self.counted, self.missing)))


@dataclass(frozen=True, slots=True)
class CostPicture:
    """Whole costs side by side; ``top`` is the end of the axis in words."""

    top: str
    bars: Sequence[CostBar]
    warning: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind; ``untold`` are the rows in which nothing is known of any program."""

    key: str
    title: str
    tally: str
    lines: Sequence[Line]
    untold: Sequence[str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be given, and how it stands in an address."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """One school's place beside a question: choices where it is open, else what is known."""

    slug: str
    short: str
    finding: str
    known: str
    choices: Sequence[Choice]
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is open for one program at least."""

    key: str
    label: str
    ask: str
    whom: str
    replies: Sequence[Reply]


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions of one criterion."""

    label: str
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that the page shows."""

    headline: str
    sides: Sequence[Side]
    ranking: Sequence[Side]
    sentences: Sequence[str]
    pairs: Sequence[PairLine]
    sliders: Sequence[Slider]
    is_equally_weighed: bool
    costs: CostPicture
    sections: Sequence[Section]
    groups: Sequence[QuestionGroup]
    open_count: int
    answer_count: int

    @property
    def has_many_pairs(self) -> bool:
        """Whether the pairs are folded away."""
        return len(self.pairs) > FEW_PAIRS


@dataclass(frozen=True, slots=True)
class Compared:
    """What a page is made of.

    Args:
        now: With the weights and answers of the reader.
        before: Program -> checklist without the reader's answers.
        given: Criterion -> weight as the reader gave it; empty where none is given.
        retired: Programs that are no longer listed.
        only_differing: Whether rows that do not differ are left out.
    """

    now: ComparisonRead
    before: Mapping[str, ChecklistRead]
    rubric: Rubric
    given: Mapping[str, float]
    retired: frozenset[str]
    only_differing: bool


def view(writer: RowWriter, found: Compared) -> Comparison:
    """Return a comparison ready to be set."""
    now = found.now
    shorts = _short_names(now)
    sides = _sides(writer, found, shorts)
    places = {rank.program: (rank.best, rank.worst) for rank in now.ranks}
    ranking = sorted(sides, key=lambda side: (*places[side.slug], -side.bar.met))
    groups = _questions(writer, found, shorts)
    replies = [reply for group in groups for one in group.questions for reply in one.replies]
    return Comparison(
        headline=_headline(writer, now, shorts),
        sides=sides,
        ranking=ranking,
        sentences=_certainties(writer, now, shorts),
        pairs=_pairs(writer, now, shorts),
        sliders=_sliders(writer, found),
        is_equally_weighed=len({round(share, 6) for share in now.weights.values()}) == 1,
        costs=_costs(writer, now, shorts),
        sections=_sections(writer, found),
        groups=groups,
        open_count=sum(bool(reply.choices) and not reply.is_answered for reply in replies),
        answer_count=sum(reply.is_answered for reply in replies),
    )


def _short_names(now: ComparisonRead) -> dict[str, str]:
    """Return program -> its school; with the name of the program where a school comes twice."""
    schools = Counter(checklist.institution for checklist in now.checklists)
    names = Counter((one.institution, one.name) for one in now.checklists)
    shorts = {}
    for at, one in enumerate(now.checklists, 1):
        short = one.institution or ""
        if schools[one.institution] > 1:
            short = f"{short}: {one.name}"
        if names[one.institution, one.name] > 1:
            short = f"{short} ({at})"
        shorts[one.program or ""] = short
    return shorts


def _sides(writer: RowWriter, found: Compared, shorts: Mapping[str, str]) -> list[Side]:
    sides = []
    for slug, side in zip(found.now.programs, writer.sides(found.now), strict=True):
        before = found.before.get(slug) if found.now.answers.get(slug) else None
        sides.append(
            Side(
                slug=slug,
                name=side.name,
                school=side.school,
                short=shorts[slug],
                place=side.place,
                award=side.award,
                bar=side.bar,
                before=writer.bar(before.score) if before else None,
                rank=side.rank,
                cautions=side.cautions,
                is_retired=slug in found.retired,
            )
        )
    return sides


def _headline(writer: RowWriter, now: ComparisonRead, shorts: Mapping[str, str]) -> str:
    """Return in a sentence how far there is an order."""
    say, count = writer.speech.say, len(now.ranks)
    first = [shorts[rank.program] for rank in now.ranks if rank.worst == 1]
    if len(first) == 1:
        return say("%(name)s is first under these weights, whatever is still open.", name=first[0])
    if all((rank.best, rank.worst) == (1, count) for rank in now.ranks):
        return say("No order is sure yet: the open questions decide who comes first.")
    return say("Some places are sure, others hang on the open questions.")


def _certainties(writer: RowWriter, now: ComparisonRead, shorts: Mapping[str, str]) -> list[str]:
    """Return what holds under every weighting, and which programs cannot be told apart."""
    say = writer.speech.say
    sentences = [
        say(
            "%(one)s certainly scores at least as much as %(other)s, whatever the weights.",
            one=shorts[pair.program],
            other=shorts[pair.over],
        )
        for pair in now.dominance
    ]
    if not sentences:
        sentences.append(say("No program is certainly above another under every weighting."))
    sentences += [
        say(
            "Too close to call under these weights: %(names)s. Their scores overlap.",
            names="; ".join(shorts[slug] for slug in band),
        )
        for band in now.tie_bands
    ]
    return sentences


def _pairs(writer: RowWriter, now: ComparisonRead, shorts: Mapping[str, str]) -> list[PairLine]:
    by_pair = {(pair.program, pair.over): pair for pair in now.stability}
    labels = {one.key: one.label for checklist in now.checklists for one in checklist.criteria}
    lines = []
    for at, one in enumerate(now.programs):
        for other in now.programs[at + 1 :]:
            pair, opposite = by_pair[one, other], by_pair[other, one]
            if (opposite.share_decimal or 0) > (pair.share_decimal or 0):
                pair, opposite = opposite, pair
            lines.append(_pair(writer, pair, opposite, shorts, labels))
    return lines


def _pair(
    writer: RowWriter,
    pair: StabilityRead,
    opposite: StabilityRead,
    shorts: Mapping[str, str],
    labels: Mapping[str, str],
) -> PairLine:
    say = writer.speech.say
    first, second = shorts[pair.program], shorts[pair.over]
    ahead, behind = pair.share_decimal, opposite.share_decimal
    if ahead is None or behind is None:
        sentences = [say("No criterion applies to both, so there is nothing to weigh.")]
        return PairLine(first, second, 0, 0, 0, 0, sentences)
    if pair.always_tied:
        sentences = [say("As much is verified of both, on every criterion.")]
    else:
        sentences = [
            say("%(first)s is ahead under every weighting.", first=first)
            if ahead == 1
            else say(
                "%(first)s is ahead under %(share)s of all weightings.",
                first=first,
                share=_share(writer, pair.share, ahead),
            )
        ]
    least, most = pair.share_worst_case_decimal or 0.0, pair.share_best_case_decimal or 0.0
    if (least, most) == (0, 1):
        sentences.append(say("With the open questions settled, either can be ahead of the other."))
    elif (least, most) != (ahead, ahead):
        sentences.append(
            say(
                "With the open questions settled it can be anything from %(least)s to %(most)s.",
                least=_share(writer, pair.share_worst_case, least),
                most=_share(writer, pair.share_best_case, most),
            )
        )
    if not pair.always_tied:
        sentences.append(_flip(writer, pair.flip, labels))
    if pair.left_out:
        listed = ", ".join(say(labels[key]) for key in pair.left_out)
        sentences.append(say("Left out, for it does not apply to both: %(names)s.", names=listed))
    return PairLine(
        first,
        second,
        round(100 * ahead, 2),
        round(100 * behind, 2),
        round(100 * least, 2),
        round(100 * most, 2),
        sentences,
    )


def _share(writer: RowWriter, exact: str | None, share: float) -> str:
    """Return a share as percent, with the fraction it is exactly where that says more."""
    percent = writer.speech.percent(share)
    if exact is None or "/" not in exact:
        return percent
    if share < LEAST_SHOWN:
        percent = writer.speech.say("less than %(percent)s", percent=writer.speech.percent(0.01))
    elif share > 1 - LEAST_SHOWN:
        percent = writer.speech.say("more than %(percent)s", percent=writer.speech.percent(0.99))
    return writer.speech.say("%(percent)s (exactly %(exact)s)", percent=percent, exact=exact)


def _flip(writer: RowWriter, flip: FlipRead | None, labels: Mapping[str, str]) -> str:
    say = writer.speech.say
    if flip is None:
        return say("By what is verified now, no change of the weights makes them equal.")
    if flip.moved == 0:
        return say("By what is verified now, they are equal under these weights.")
    weights = ", ".join(
        f"{say(labels[key])} {writer.speech.percent(share)}" for key, share in flip.weights.items()
    )
    values = {"moved": writer.speech.percent(flip.moved), "weights": weights}
    if flip.turns_round:
        return say(
            "It turns round if more than %(moved)s of the weight moves, beyond %(weights)s.",
            **values,
        )
    return say(
        "They become equal, no more, if %(moved)s of the weight moves, to %(weights)s.",
        **values,
    )


def _sliders(writer: RowWriter, found: Compared) -> list[Slider]:
    say, shares = writer.speech.say, found.now.weights
    given = found.given
    if not given or max(given.values()) > 100 or any(value % 1 for value in given.values()):
        given = {key: 100 * share for key, share in shares.items()}
    return [
        Slider(
            key=one.key,
            label=say(one.label),
            reason=say(one.reason),
            value=round(given.get(one.key, 0)),
            share=writer.speech.percent(shares[one.key]),
        )
        for one in found.rubric.criteria
    ]


def _costs(writer: RowWriter, now: ComparisonRead, shorts: Mapping[str, str]) -> CostPicture:
    say = writer.speech.say
    row = next(row for row in now.rows if row.key == "total_cost")
    spans = {value.program: _span(value.value) for value in row.values}
    ends = [end for span in spans.values() if span for end in span if end]
    top = _round_up(max(ends, default=0))
    bars = []
    for value in row.values:
        span = spans[value.program]
        low, high = span or (0.0, 0.0)
        parts = [part.partition(" of ")[0] for part in (value.terms.parts or "").split(", ")]
        missing = [part for part in EXPECTED if part not in parts]
        bars.append(
            CostBar(
                short=shorts[value.program],
                value=Phrase(writer.amount(value.value))
                if isinstance(value.value, int | float | RangeRead)
                else writer.word(words.CELLS, value.status),
                is_known=span is not None,
                low=_percent_of(low, top),
                rest=_percent_of(top if high is None else high, top) - _percent_of(low, top),
                is_open=span is not None and high is None,
                counted=say("Counted: %(parts)s", parts=_listed(writer, parts)) if span else None,
                missing=say("Not known, and on top: %(parts)s", parts=_listed(writer, missing))
                if span and missing
                else None,
                said=writer.said(value.evidence),
            )
        )
    return CostPicture(writer.speech.dollars(top), bars, _cost_warning(writer, row))


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


def _listed(writer: RowWriter, parts: Sequence[str]) -> str:
    named = (writer.word(words.COST_PARTS, part).text for part in parts)
    return ", ".join(name[:1].lower() + name[1:] for name in named)


def _cost_warning(writer: RowWriter, row: RowRead) -> str | None:
    known = [value for value in row.values if value.status is CellStatus.KNOWN]
    if len({value.terms.parts for value in known}) > 1:
        return writer.speech.say("The totals do not compare: not the same parts are known of all.")
    return None


def _sections(writer: RowWriter, found: Compared) -> list[Section]:
    rows: dict[str, list[Line]] = {}
    for row in found.now.rows:
        line = writer.line(row, found.now.residency, found.now.answers)
        rows.setdefault(row.section, []).append(line)
    return [
        Section(
            key=key,
            title=writer.word(words.SECTIONS, key).text,
            tally=writer.tally(lines),
            lines=[
                line
                for line in lines
                if line.is_told and (line.differs or not found.only_differing)
            ],
            untold=[line.label for line in lines if not line.is_told],
            is_open=found.only_differing or key in OPEN_SECTIONS,
        )
        for key, lines in rows.items()
    ]


def _questions(
    writer: RowWriter, found: Compared, shorts: Mapping[str, str]
) -> list[QuestionGroup]:
    """Return what is open before the reader's answers, and what is answered."""
    checks = {
        slug: {check.key: check for one in checklist.criteria for check in one.checks}
        for slug, checklist in found.before.items()
    }
    say = writer.speech.say
    groups = []
    for criterion in found.rubric.criteria:
        questions = []
        for check in criterion.checks:
            replies = [
                _reply(
                    writer,
                    slug,
                    shorts[slug],
                    checks[slug][check.key],
                    found.now.answers.get(slug, {}).get(check.key),
                )
                for slug in found.now.programs
            ]
            if any(reply.choices for reply in replies):
                questions.append(
                    Question(
                        check.key, say(check.label), say(check.question), say(check.whom), replies
                    )
                )
        if questions:
            groups.append(QuestionGroup(say(criterion.label), questions))
    return groups


def _reply(
    writer: RowWriter, slug: str, short: str, check: CheckRead, answer: Finding | None
) -> Reply:
    given = answer or Finding.UNKNOWN
    offered = [Finding.MET, Finding.PARTLY_MET, Finding.NOT_MET]
    if given is Finding.NOT_APPLICABLE:
        offered.append(given)
    choices = [Choice("", writer.word(words.SCHOOL_ANSWERS, Finding.UNKNOWN).text, not answer)]
    choices += [
        Choice(
            f"{slug}:{check.key}.{finding}",
            writer.word(words.SCHOOL_ANSWERS, finding).text,
            finding is given,
        )
        for finding in offered
    ]
    is_open = check.question is not None or given is not Finding.UNKNOWN
    return Reply(
        slug=slug,
        short=short,
        finding=check.finding,
        known=writer.word(words.FINDINGS, check.finding).text,
        choices=choices if is_open else [],
        is_answered=given is not Finding.UNKNOWN,
    )


def unknown_programs(visit: Visit, near: Mapping[str, str | None]) -> list[tuple[str, str | None]]:
    """Return the chosen programs that nobody knows, and the address with the nearest instead."""
    return [
        (slug, visit.instead_of(slug, other) if other else None) for slug, other in near.items()
    ]
