"""May I sit the exam: the answer, the rule it rests on, and what would change it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.credentials.eligibility import Answer
from app.domain.messages import N_
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

RULES = {
    "decision": N_("decision %(name)s"),
    "route": N_("route %(name)s"),
    "closed": N_("closed"),
    "not_told": N_("not told"),
    "no_program": N_("no program"),
    "no_route": N_("no route"),
}
"""What decided, with the number of the decision or the name of the route."""


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
    rule: str
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
    kind, _, name = read.rule.partition(" ")
    return Verdict(
        mark=MARKS[read.answer],
        headline=say(words.MAY_SIT[read.answer]),
        reason=write.told(read.reason),
        rule=say(RULES[kind], name=name.replace("_", " ")),
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
                    if (phrase := write.told(one.text))
                ],
                said=write.said([route.evidence]),
            )
            for route in read.routes
        ],
        changes=[
            (write.told(one.text), say(one.whom) if one.whom else None)
            for one in read.what_would_change
        ],
        instead=Link(Phrase(instead.credential), visit.to(address_of(instead.credential)))
        if instead
        else None,
        instead_reason=write.told(instead.reason) if instead else None,
        note=Phrase(say("Only the issuer decides. Ask before you pay for a program or an exam.")),
    )
