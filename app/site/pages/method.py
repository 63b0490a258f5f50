"""How the score is made: who is heard first, how long, and what an order rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.checklist.rubric import Rubric
from app.domain.comparison.stability import share_won
from app.domain.evidence import RANKS, SHELF_LIFE_MONTHS, Subject
from app.domain.messages import N_
from app.site.words import Words
from app.site.writing import Writer

SUBJECTS: Words = {
    Subject.ACCREDITATION: N_("Accreditation"),
    Subject.CREDENTIAL: N_("What an issuer says of its credential"),
    Subject.COST: N_("Prices and refund rules"),
    Subject.TRANSFER: N_("Transfer credits"),
    Subject.PRACTICUM: N_("The practicum"),
    Subject.TOPIC: N_("What the curriculum covers"),
    Subject.PREPARATION: N_("Exams it prepares for"),
    Subject.OUTCOME: N_("Outcomes and other figures"),
    Subject.OFFERING: N_("Length, location and class format"),
    Subject.SERVICE: N_("Career services and online options"),
    Subject.STATUS: N_("Whether a school operates"),
}
_RANKED: Sequence[tuple[str, str]] = (
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
RANKED = _RANKED[: len(set(RANKS.values()))]
"""Who is heard first where sources differ; one line for each rank of ``evidence.RANKS``."""

BOTH_TIE = (
    (Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(1)),
    (Fraction(1), Fraction(3, 4), Fraction(1), Fraction(0)),
)
"""Two made-up programs, by their share of each criterion's points; they tie under equal weights."""


@dataclass(frozen=True, slots=True)
class Order:
    """Two programs that tie under equal weights, and how often the first is ahead."""

    rows: Sequence[tuple[str, str, str]]
    sums: tuple[str, str]
    share: str
    percent: str
    ahead: float


def shelf_lives() -> list[tuple[int, Sequence[str]]]:
    """Return months -> what counts in full for as long, the shortest first."""
    by_months: dict[int, list[str]] = {}
    for subject, months in SHELF_LIFE_MONTHS.items():
        by_months.setdefault(months, []).append(SUBJECTS[subject])
    return sorted(by_months.items())


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
