"""The page of a school: what decides about it, and its prices in the order of the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.checklist.accreditation import STANDING
from app.domain.claims import AccreditationClaim, CostClaim, OutcomeClaim
from app.domain.cost.net_price import AIDED
from app.domain.messages import N_
from app.domain.vocabulary import (
    AccreditationStatus,
    Finding,
    OutcomeMetric,
    Residency,
    SchoolStatus,
)
from app.schemas.claims import LEADING, ClaimRead
from app.schemas.institutions import InstitutionRead
from app.site import words
from app.site.pages.claims import ClaimWriter
from app.site.pages.deciding import UNTOLD, Told, explained
from app.site.pages.program_answers import Answer, answer
from app.site.writing import Phrase, Writer

QUESTIONS: Mapping[str, str] = {
    "open": N_("Is it open?"),
    "accredited": N_("Who accredits it?"),
    "aid": N_("Is there federal student aid?"),
    "net_price": N_("What do students pay after grants?"),
    "graduation": N_("How many graduate?"),
    "earnings": N_("What do its students earn later?"),
}
"""What decides about a school -> the question, in the order of the page."""

TERMS: Mapping[str, str] = {
    "accredited": "accreditation",
    "aid": "title-iv",
    "net_price": "net-price",
}
"""What decides -> the term of the glossary that explains its question."""

AID: Mapping[str, Finding] = {
    AccreditationStatus.TITLE_IV: Finding.MET,
    AccreditationStatus.TITLE_IV_DEFERMENT: Finding.PARTLY_MET,
    AccreditationStatus.NOT_TITLE_IV: Finding.NOT_MET,
}
"""Standing in federal student aid -> its mark."""

GRADUATION = (
    OutcomeMetric.GRADUATION_RATE_150,
    OutcomeMetric.GRADUATION_RATE_200,
    OutcomeMetric.AWARD_RATE_6_YEARS,
    OutcomeMetric.AWARD_RATE_4_YEARS,
)
"""Figures that tell how many finish, the one to show first."""

EARNINGS = (OutcomeMetric.EARNINGS_10_YEARS, OutcomeMetric.EARNINGS_6_YEARS)


@dataclass(frozen=True, slots=True)
class Price:
    """A price of a school; ``is_for_all``: residents and others pay the same."""

    claim: ClaimRead[CostClaim]
    is_for_all: bool


def leading_prices(costs: Iterable[ClaimRead[CostClaim]]) -> list[Price]:
    """Return the prices that lead, each amount once; those of one part stand together."""
    order = list(words.COST_PARTS)
    priced = [
        one for one in costs if one.standing in LEADING and one.stated.amount_low_usd is not None
    ]
    priced.sort(key=lambda one: (order.index(one.stated.component), one.stated.unit or ""))
    alike: dict[tuple[object, ...], list[ClaimRead[CostClaim]]] = {}
    for one in priced:
        stated = one.stated
        alike.setdefault((stated.component, stated.unit, stated.label), []).append(one)
    return [price for group in alike.values() for price in _prices(group)]


def _prices(group: Sequence[ClaimRead[CostClaim]]) -> list[Price]:
    residencies = {one.stated.residency for one in group}
    amounts = {(one.stated.amount_low_usd, one.stated.amount_high_usd) for one in group}
    is_one = len(amounts) == 1 and {Residency.IN_STATE, Residency.OUT_OF_STATE} <= residencies
    if is_one:
        return [Price(group[0], is_for_all=True)]
    return [Price(one, is_for_all=one.stated.residency == Residency.ANY) for one in group]


class SchoolAnswers:
    """Answers what decides about a school."""

    def __init__(self, writer: Writer, school: InstitutionRead) -> None:
        self._write = writer
        self._say = writer.speech.say
        self._claims = ClaimWriter(writer)
        self._school = school

    def answers(self) -> list[Answer]:
        """Return all answers, in the order of the page."""
        told = {
            "open": self._open(),
            "accredited": self._accredited(),
            "aid": self._aid(),
            "net_price": self._figure((OutcomeMetric.NET_PRICE,), AIDED),
            "graduation": self._figure(GRADUATION),
            "earnings": self._figure(EARNINGS),
        }
        return [
            answer(
                key,
                self._say(question),
                told[key],
                explained(self._write, TERMS[key], self._say(question)) if key in TERMS else None,
            )
            for key, question in QUESTIONS.items()
        ]

    def _open(self) -> Told:
        school = self._school
        if school.status is None:
            return UNTOLD
        finding = Finding.MET if school.status == SchoolStatus.OPEN else Finding.NOT_MET
        notes = (
            [Phrase(self._say("since %(day)s", day=school.closed_on))] if school.closed_on else []
        )
        text = self._write.word(words.OPERATIONS, school.status)
        if finding is Finding.MET:
            text = Phrase(self._say("Yes"))
        return Told(finding, text, notes, self._write.said(school.status_evidence))

    def _of_school(self) -> list[ClaimRead[AccreditationClaim]]:
        return [
            one
            for one in self._school.accreditations
            if one.standing in LEADING and one.stated.scope == "institution"
        ]

    def _accredited(self) -> Told:
        told = [one for one in self._of_school() if one.stated.status not in AID]
        if not told:
            return UNTOLD
        claim = told[0].stated
        finding = STANDING.get(AccreditationStatus(claim.status), Finding.UNCONFIRMED)
        if told[0].standing == "unconfirmed":
            finding = Finding.UNCONFIRMED
        is_plain = claim.status == AccreditationStatus.ACCREDITED
        notes = [] if is_plain else [self._write.word(words.STATUSES, claim.status)]
        if claim.through_year:
            notes.append(Phrase(self._say("through %(year)s", year=claim.through_year)))
        said = self._write.said([told[0].evidence])
        return Told(finding, Phrase(claim.accreditor), notes, said)

    def _aid(self) -> Told:
        told = next((one for one in self._of_school() if one.stated.status in AID), None)
        if told is None:
            return UNTOLD
        status = self._write.word(words.STATUSES, told.stated.status)
        finding = AID[told.stated.status]
        text = Phrase(self._say(words.AID[finding]))
        notes = [] if finding is Finding.MET else [status]
        return Told(finding, text, notes, self._write.said([told.evidence]))

    def _figure(self, metrics: Sequence[str], cohort: str | None = None) -> Told:
        """Return the first figure that is told of some, which is of the whole school."""
        for metric in metrics:
            for one in self._school.outcomes:
                claim: OutcomeClaim = one.stated
                is_asked = claim.metric == metric and cohort in (None, claim.cohort)
                if is_asked and one.standing in LEADING and claim.value is not None:
                    fact = self._claims.fact(one)
                    return Told(
                        Finding.UNCONFIRMED if one.standing == "unconfirmed" else Finding.MET,
                        fact.value,
                        [Phrase(fact.label), *fact.notes],
                        fact.said,
                    )
        return UNTOLD
