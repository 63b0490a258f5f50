"""How the score is made, ready to be set: the rubric, a worked sum, and what an order rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.checklist.rubric import Criterion as RubricCriterion
from app.domain.checklist.rubric import Rubric
from app.domain.comparison.stability import share_won
from app.domain.evidence import RANKS, SHELF_LIFE_MONTHS, Subject
from app.domain.messages import N_
from app.domain.vocabulary import Finding
from app.schemas.checklists import ChecklistRead, CriterionRead, ScoreRead
from app.site import words
from app.site.words import Words
from app.site.writing import Bar, Criterion, Phrase, Writer

SUBJECTS: Words = {
    Subject.ACCREDITATION: N_("Accreditation"),
    Subject.CREDENTIAL: N_("What an issuer says of its credential"),
    Subject.COST: N_("Prices and refund rules"),
    Subject.TRANSFER: N_("Transfer of credits"),
    Subject.PRACTICUM: N_("The practicum"),
    Subject.TOPIC: N_("What the curriculum covers"),
    Subject.PREPARATION: N_("Exams it prepares for"),
    Subject.OUTCOME: N_("Outcomes and other figures"),
    Subject.OFFERING: N_("Length, place and form of teaching"),
    Subject.SERVICE: N_("Career services and online options"),
}
RANKED: Sequence[tuple[str, str]] = (
    (
        N_("The issuer of a credential or the accreditor"),
        N_("It decides the matter itself, so nobody knows better."),
    ),
    (N_("Government data"), N_("Collected under rules that are the same for all schools.")),
    (N_("The school"), N_("On its own public pages, which can be read and dated.")),
    (
        N_("A third party with a date"),
        N_("Without a date it comes one place lower, beside the editors."),
    ),
    (N_("The editors"), N_("A judgment of ours, or of the guide that is retold here.")),
    (N_("No source named"), N_("Shown as such, and behind everything else.")),
)
"""Who is heard first where sources differ; one line for each rank of ``evidence.RANKS``."""

BOTH_TIE = (
    (Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1)),
    (Fraction(1), Fraction(3, 4), Fraction(1), Fraction(0)),
)
"""Two made-up programs, by their share of each criterion's points; they tie under equal weights."""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check as the rubric has it."""

    key: str
    label: str
    points: str
    reason: Phrase
    rule: Phrase
    question: str
    whom: str


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion as the rubric has it."""

    key: str
    label: str
    weight: str
    reason: Phrase
    checks: Sequence[CheckView]


@dataclass(frozen=True, slots=True)
class GateView:
    """What no points outweigh, or a warning."""

    key: str
    text: Phrase


@dataclass(frozen=True, slots=True)
class RubricView:
    """A version of the rubric."""

    version: str
    published_on: str
    title: Phrase
    measures: Phrase
    values: Sequence[tuple[str, str]]
    criteria: Sequence[CriterionView]
    gates: Sequence[GateView]


@dataclass(frozen=True, slots=True)
class Term:
    """A criterion in the sum of one program; without points where none of its checks applies."""

    label: str
    weight: str
    earned: str
    open: str
    of: str
    low: str
    high: str
    adds: str


@dataclass(frozen=True, slots=True)
class Example:
    """The sum of one program."""

    slug: str
    name: str
    bar: Bar
    terms: Sequence[Term]
    low_sum: str
    high_sum: str
    criteria: Sequence[Criterion]


@dataclass(frozen=True, slots=True)
class Order:
    """Two programs that tie under equal weights, and how often the first is ahead."""

    rows: Sequence[tuple[str, str, str]]
    sums: tuple[str, str]
    share: str
    percent: str
    ahead: float


def rubric_view(writer: Writer, rubric: Rubric) -> RubricView:
    """Return a version of the rubric."""
    say, speech = writer.speech.say, writer.speech
    return RubricView(
        version=rubric.version,
        published_on=rubric.published_on,
        title=writer.told(rubric.title),
        measures=writer.told(rubric.measures),
        values=[
            (say(words.FINDINGS[Finding(key)]), speech.number(value))
            for key, value in rubric.values.items()
        ],
        criteria=[_criterion(writer, one) for one in rubric.criteria],
        gates=[GateView(gate.key, writer.told(gate.reason)) for gate in rubric.gates],
    )


def _criterion(writer: Writer, criterion: RubricCriterion) -> CriterionView:
    speech, say = writer.speech, writer.speech.say
    total = sum(check.points for check in criterion.checks)
    return CriterionView(
        criterion.key,
        say(criterion.label),
        speech.percent(criterion.weight),
        Phrase(say(criterion.reason)),
        [
            CheckView(
                check.key,
                say(check.label),
                say("%(points)s of %(total)s points", points=check.points, total=total),
                writer.told(check.reason),
                writer.told(check.rule),
                say(check.question),
                say(check.whom),
            )
            for check in criterion.checks
        ],
    )


def warning_views(writer: Writer) -> list[GateView]:
    """Return every warning there is."""
    return [GateView(code, writer.word(words.WARNINGS, code)) for code in words.WARNINGS]


def shelf_lives(writer: Writer) -> list[tuple[str, Sequence[str]]]:
    """Return years -> what counts in full for as long, the shortest first."""
    by_months: dict[int, list[str]] = {}
    for subject, months in SHELF_LIFE_MONTHS.items():
        by_months.setdefault(months, []).append(writer.speech.say(SUBJECTS[subject]))
    return [
        (writer.speech.say_count("%(n)s year", "%(n)s years", months / 12), subjects)
        for months, subjects in sorted(by_months.items())
    ]


def ranks(writer: Writer) -> list[tuple[str, str]]:
    """Return who is heard first, and why; as many lines as the rules have ranks."""
    say = writer.speech.say
    return [(say(who), say(why)) for who, why in RANKED[: len(set(RANKS.values()))]]


def example_view(writer: Writer, checklist: ChecklistRead) -> Example:
    """Return the sum of a program, criterion by criterion."""
    applicable = [one for one in checklist.criteria if one.score is not None]
    return Example(
        slug=checklist.program or "",
        name=f"{checklist.institution}: {checklist.name}",
        bar=writer.bar(checklist.score),
        terms=[_term(writer, one) for one in checklist.criteria],
        low_sum=_sum(writer, applicable, "low", checklist.score),
        high_sum=_sum(writer, applicable, "high", checklist.score),
        criteria=[writer.criterion(one, checklist) for one in checklist.criteria],
    )


def _term(writer: Writer, criterion: CriterionRead) -> Term:
    speech = writer.speech
    if criterion.score is None:
        none = speech.say(words.FINDINGS[Finding.NOT_APPLICABLE])
        return Term(speech.say(criterion.label), "", none, "", "", "", "", "")
    checks = [one for one in criterion.checks if one.finding != Finding.NOT_APPLICABLE]
    earned = sum(check.points or 0 for check in checks)
    still_open = sum(check.max_points for check in checks if check.finding == Finding.UNKNOWN)
    low, high = criterion.score.low, criterion.score.high
    return Term(
        label=speech.say(criterion.label),
        weight=speech.percent(criterion.weight),
        earned=speech.number(earned),
        open=speech.number(still_open),
        of=speech.number(sum(check.max_points for check in checks)),
        low=speech.number(low),
        high=speech.number(high),
        adds=_span(writer, criterion.weight * low, criterion.weight * high),
    )


def _span(writer: Writer, low: float, high: float) -> str:
    number = writer.speech.number
    if low == high:
        return number(round(low, 3))
    return writer.speech.say(
        "%(low)s to %(high)s", low=number(round(low, 3)), high=number(round(high, 3))
    )


def _sum(writer: Writer, criteria: Iterable[CriterionRead], end: str, whole: ScoreRead) -> str:
    """Return weights times points of each criterion, added up to those of the whole."""
    number = writer.speech.number
    terms = [
        f"{number(round(one.weight, 4))} × {number(getattr(one.score, end))}" for one in criteria
    ]
    return f"{' + '.join(terms)} = {number(getattr(whole, end))}"


def order_view(writer: Writer, rubric: Rubric) -> Order:
    """Return the worked example of an order that rests on the weights."""
    speech = writer.speech
    one, other = BOTH_TIE
    share = share_won([a - b for a, b in zip(one, other, strict=True)])
    labels = [speech.say(criterion.label) for criterion in rubric.criteria]
    return Order(
        rows=[
            (label, speech.number(float(100 * a)), speech.number(float(100 * b)))
            for label, a, b in zip(labels, one, other, strict=False)
        ],
        sums=(_mean(writer, one), _mean(writer, other)),
        share=f"{share.numerator}/{share.denominator}",
        percent=speech.percent(float(share)),
        ahead=round(float(100 * share), 2),
    )


def _mean(writer: Writer, shares: Sequence[Fraction]) -> str:
    return writer.speech.number(float(100 * sum(shares, Fraction(0)) / len(shares)))


def version_links(published: Mapping[str, Rubric]) -> list[tuple[str, str]]:
    """Return version and day of every published rubric, the newest first."""
    return [(rubric.version, rubric.published_on) for rubric in reversed(list(published.values()))]
