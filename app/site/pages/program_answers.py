"""What decides, as questions with an answer each: the top of the page of a program or a school."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.messages import N_
from app.domain.vocabulary import Finding
from app.schemas.checklists import QuestionRead
from app.site.pages.deciding import Deciding, Explained, Told, explained
from app.site.writing import Citation, Phrase, Writer

QUESTIONS: Mapping[str, str] = {
    "accredited": N_("Is it accredited?"),
    "leads_to": N_("Which exam does it lead to?"),
    "cost": N_("What does it cost me in all?"),
    "length": N_("How long does it take?"),
    "format": N_("Is it online?"),
    "practicum": N_("Is there a practicum?"),
    "transfer": N_("Do credits transfer?"),
    "earnings": N_("What do graduates earn?"),
}
"""What decides -> the question, in the order of the page."""

TERMS: Mapping[str, str] = {
    "accredited": "accreditation",
    "leads_to": "leads-to",
    "practicum": "practicum",
    "transfer": "articulation",
}
"""What decides -> the term of the glossary that explains its question."""

RESTS_ON: Mapping[str, str] = {"leads_to": "accredited"}
"""What decides -> the other question whose answer settles it as well."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: in a few words, with what limits it, and who says so.

    ``icon`` is the name of a symbol. ``text`` is None where nothing is known; ``ask`` is the key of
    the question to the school.
    """

    key: str
    question: str
    term: Explained | None
    finding: Finding
    icon: str
    text: Phrase | None
    notes: Sequence[Phrase]
    terms: Sequence[Explained]
    said: Sequence[Citation]
    ask: str | None


def answer(
    key: str, question: str, told: Told, term: Explained | None, ask: str | None = None
) -> Answer:
    """Return what is told as the answer to a question."""
    return Answer(
        key=key,
        question=question,
        term=term,
        finding=told.finding,
        icon=told.icon or told.finding,
        text=told.text,
        notes=told.notes,
        terms=told.terms,
        said=told.said,
        ask=ask,
    )


def program_answers(
    write: Writer, deciding: Deciding, asked: Mapping[str, QuestionRead]
) -> list[Answer]:
    """Return the answers of a program; ``asked`` is what decides and is open -> what to ask."""
    say = write.speech.say
    return [
        answer(
            key,
            say(question),
            deciding.tell(key),
            explained(write, TERMS[key], say(question)) if key in TERMS else None,
            next((asked[one].check for one in (key, RESTS_ON.get(key, key)) if one in asked), None),
        )
        for key, question in QUESTIONS.items()
    ]


def first_words(answers: Iterable[Answer]) -> list[str]:
    """Return the answers in words, for a description of the page."""
    return [f"{one.question} {one.text.text}" for one in answers if one.text]
