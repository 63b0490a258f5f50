"""What to ask a school before enrolling: first what decides, then the rest of the checklist."""

from collections.abc import Mapping, Sequence

from app.domain.dossier import Dossier
from app.domain.field_outcomes import has_numbers
from app.domain.messages import Message
from app.queries.total_cost import WHICH_CREDENTIAL
from app.schemas.checklists import QuestionRead

FIRST_ASKED = 5
"""Questions that are asked before all others, and shown without being opened."""

DECIDING: Mapping[str, Sequence[str]] = {
    "accredited": ("program_accredited", "good_standing", "covers_campus_and_level"),
    "leads_to": (),
    "cost": ("tuition", "fees", "books", "technology"),
    "length": (),
    "format": (),
    "practicum": ("practicum_offered", "hours_stated", "site_support"),
    "transfer": ("articulation", "credits_accepted", "transfer_policy"),
    "earnings": (),
}
"""What decides about a program, in its order -> the checks that ask about it, the first one first.

What no check of the rubric asks about has a question of its own.
"""

OWN = {
    "leads_to": (WHICH_CREDENTIAL.ask, WHICH_CREDENTIAL.whom),
    "length": (
        Message("How many months does the program take at full time, and how many part time?"),
        "program director",
    ),
    "format": (
        Message("Which parts can I complete online, and for which do I have to come to campus?"),
        "program director",
    ),
    "earnings": (
        Message(
            "How many of your graduates work in the field within a year, and what do they earn?"
        ),
        "program director",
    ),
}


def deciding_questions(
    dossier: Dossier, questions: Sequence[QuestionRead]
) -> dict[str, QuestionRead]:
    """Return what decides and is open -> what to ask about it; one check asks about one thing.

    ``questions`` are those of the checklist. What is known so far is not told with these, which
    stand beside it and have to fit into a mail.
    """
    by_check = {question.check: question for question in questions}
    untold = {
        "leads_to": not dossier.leads_to and not dossier.credentials,
        "length": dossier.months is None,
        "format": dossier.delivery is None and not _is_surveyed(dossier),
        "earnings": dossier.field_outcome is None or not has_numbers(dossier.field_outcome.claim),
    }
    found = {}
    for key, checks in DECIDING.items():
        question = next((by_check[check] for check in checks if check in by_check), None)
        if question is None and untold.get(key):
            ask, whom = OWN[key]
            question = QuestionRead(check=key, ask=ask, whom=whom)
        if question is not None:
            found[key] = _without_known(dossier, question)
    return found


def questions_to_school(dossier: Dossier, questions: Sequence[QuestionRead]) -> list[QuestionRead]:
    """Return all that is left to ask: what decides, then the rest of the checklist in its order."""
    return after_deciding(deciding_questions(dossier, questions), questions)


def after_deciding(
    deciding: Mapping[str, QuestionRead], questions: Sequence[QuestionRead]
) -> list[QuestionRead]:
    """Return the questions that decide, then the others of the checklist in its order."""
    asked = {question.check for question in deciding.values()}
    return [*deciding.values(), *(one for one in questions if one.check not in asked)]


def _without_known(dossier: Dossier, question: QuestionRead) -> QuestionRead:
    result, check = dossier.result(question.check), dossier.rubric.find_check(question.check)
    if result is None or check is None:
        return question
    ask = result.question or Message(check.question)
    return QuestionRead(check=question.check, ask=ask, whom=question.whom)


def _is_surveyed(dossier: Dossier) -> bool:
    survey = dossier.online_completion
    return survey is not None and not survey.is_stale
