"""May I sit the exam: the answer, the rule it rests on, and what would change it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.credentials.eligibility import Answer
from app.domain.vocabulary import Finding
from app.schemas.eligibility import EligibilityRead
from app.site import words
from app.site.pages.credentials import Link, address_of
from app.site.pages.visits import Visit
from app.site.writing import Phrase, Said, Writer

MARKS = {
    Answer.YES: Finding.MET,
    Answer.NOT_YET: Finding.PARTLY_MET,
    Answer.NO: Finding.NOT_MET,
    Answer.UNKNOWN: Finding.UNKNOWN,
}
"""Answer -> the mark it is shown with."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a way to the exam."""

    mark: str
    answer: str
    text: Phrase


@dataclass(frozen=True, slots=True)
class Weighed:
    """A way to the exam, weighed against what was told."""

    mark: str
    answer: str
    text: Phrase
    is_disputed: bool
    conditions: Sequence[Condition]
    said: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the exam is open, as far as is known."""

    mark: str
    headline: str
    reason: Phrase
    rule: Phrase
    program: str | None
    program_address: str | None
    ways: Sequence[Weighed]
    changes: Sequence[tuple[Phrase, str | None]]
    instead: Link | None
    instead_reason: Phrase | None
    note: Phrase


def to_verdict(visit: Visit, write: Writer, read: EligibilityRead) -> Verdict:
    """Return an answer in words."""
    say = write.speech.say
    instead = read.answer_instead
    return Verdict(
        mark=MARKS[read.answer],
        headline=say(words.MAY_SIT[read.answer]),
        reason=write.english(read.reason),
        rule=write.english(read.rule.replace("_", " ")),
        program=f"{read.institution}: {read.program_name}" if read.program else None,
        program_address=visit.to(f"/programs/{read.program}") if read.program else None,
        ways=[
            Weighed(
                mark=MARKS[route.answer],
                answer=say(words.ANSWERS[route.answer]),
                text=write.english(route.text),
                is_disputed=not route.decides,
                conditions=[
                    Condition(MARKS[one.answer], say(words.ANSWERS[one.answer]), phrase)
                    for one in route.conditions
                    if (phrase := write.english(one.text))
                ],
                said=write.said([route.evidence]),
            )
            for route in read.routes
        ],
        changes=[(write.english(change.text), change.whom) for change in read.what_would_change],
        instead=Link(Phrase(instead.credential), visit.to(address_of(instead.credential)))
        if instead
        else None,
        instead_reason=write.english(instead.reason) if instead else None,
        note=Phrase(say("Only the issuer decides. Ask before you pay for a program or an exam.")),
    )
