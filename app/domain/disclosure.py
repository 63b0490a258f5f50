"""What an accreditor makes its programs publish, checked against what is known of one program."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.checklist.accreditors import LASTING_ACCREDITATION
from app.domain.claims import KnownFacts, ProgramClaim
from app.domain.evidence import Age, age_of
from app.domain.messages import Message
from app.domain.vocabulary import (
    AccreditationScope,
    Basis,
    Level,
    OutcomeMetric,
)


class Shown(StrEnum):
    """Whether the school shows what it must, as far as is known."""

    SHOWN = "shown"
    STALE = "stale"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that a program must publish, and whether it does."""

    key: str
    shown: Shown
    text: Message
    claims: tuple[ProgramClaim, ...]


GRADUATION = frozenset(
    {
        OutcomeMetric.GRADUATION_RATE,
        OutcomeMetric.GRADUATION_RATE_100,
        OutcomeMetric.GRADUATION_RATE_150,
    }
)
EMPLOYMENT = frozenset({OutcomeMetric.EMPLOYMENT_RATE, OutcomeMetric.PLACEMENT_RATE})
FURTHER = frozenset(
    {
        OutcomeMetric.RETENTION_RATE,
        OutcomeMetric.TRANSFER_OUT_RATE,
        OutcomeMetric.STUDENT_SATISFACTION,
        OutcomeMetric.GRADUATE_SATISFACTION,
        OutcomeMetric.EXAM_PASS_RATE,
    }
)

DUTIES: Mapping[str, Mapping[str, tuple[frozenset[OutcomeMetric], Message]]] = {
    "CAHIIM": {
        "next_review": (
            frozenset(),
            Message("The accreditation with its level and the year of the next review."),
        ),
        "graduation_rate": (GRADUATION, Message("The graduation rate of the program.")),
        "employment_rate": (EMPLOYMENT, Message("The employment rate of its graduates.")),
        "one_more": (
            FURTHER,
            Message(
                "One more figure: retention, further study, satisfaction or the pass rate of the "
                "exam."
            ),
        ),
    }
}
"""Accreditor -> duty -> the figures that fulfil it, and what it asks for.

CAHIIM: https://www.cahiim.org/accreditation/website-requirements, undated. Figures are to be no
older than the last full academic year.
"""


def accreditors_bound(facts: KnownFacts) -> list[str]:
    """Return the bodies whose duties a program has: those that the leading claim says accredit."""
    leading: dict[str, str] = {}
    for claim in facts.accreditation:
        if claim.scope == AccreditationScope.PROGRAM and claim.accreditor in DUTIES:
            leading.setdefault(claim.accreditor, claim.status)
    return [body for body, status in leading.items() if status in LASTING_ACCREDITATION]


def find_duties(facts: KnownFacts, accreditor: str, today: date) -> list[Duty]:
    """Return what an accreditor makes a program publish, and whether the school shows it.

    What only somebody else says is not shown by the school. What nobody has found may be there.
    """
    found = []
    for key, (metrics, text) in DUTIES.get(accreditor, {}).items():
        claims: list[ProgramClaim] = []
        if key == "next_review":
            claims += [
                claim
                for claim in facts.accreditation
                if claim.accreditor == accreditor and (claim.next_review or claim.through_year)
            ]
        claims += [c for c in facts.outcomes if c.metric in metrics and c.level == Level.PROGRAM]
        shown = [claim for claim in claims if claim.basis == Basis.STATED_BY_INSTITUTION]
        found.append(Duty(key, _shown(shown, today), text, tuple(shown)))
    return found


def _shown(claims: Iterable[ProgramClaim], today: date) -> Shown:
    ages = {age_of(claim.as_of, claim.subject, today) for claim in claims}
    if not ages:
        return Shown.NOT_KNOWN
    return Shown.STALE if ages == {Age.STALE} else Shown.SHOWN
