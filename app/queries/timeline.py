"""Months to entry, from the guide's steps and the rules of each award or program."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.domain.checklist.rubric import Rubric
from app.domain.claims import ProgramFacts
from app.domain.cost.total_cost import SEMESTER_CREDITS_A_YEAR, find_course
from app.domain.credentials.timeline import (
    Credits,
    Length,
    Months,
    coursework_months,
    length_of,
    preparation_months,
    preparation_text,
    total_months,
)
from app.domain.dossier import Dossier
from app.domain.messages import Message, word
from app.domain.vocabulary import AwardLevel, Pace
from app.queries.checklists import questions_of
from app.queries.dossiers import dossier_asked, stamp_of
from app.queries.guide import list_entries
from app.queries.releases import stamp
from app.queries.rubrics import current_rubric
from app.schemas.checklists import QuestionRead
from app.schemas.guide import GuideEntryRead
from app.schemas.timeline import AssumptionRead, MonthsRead, StepRead, TimelineQuery
from app.schemas.timeline import TimelineRead as Timeline

COURSEWORK = "associate_coursework"
"""The guide's step that the award aimed at decides."""

EXAM = "prepare_certification"
"""The guide's step that a caller's own plan takes the place of."""


@dataclass(frozen=True, slots=True)
class Studies:
    """What one studies: its length, what is left to ask, and the sources of both."""

    award_level: str | None
    length: Length
    questions: Sequence[QuestionRead] = ()
    sources: frozenset[str] = frozenset()


def get_timeline(session: Session, query: TimelineQuery, today: date) -> Timeline:
    """Return the steps to entry with months where known, and their sum.

    Raises:
        InvalidRequestError: The program is not known.
        NotFoundError: The guide tells no steps.
    """
    dossier = dossier_asked(session, query.program, today) if query.program else None
    return build_timeline(session, query, dossier, today)


def build_timeline(
    session: Session, query: TimelineQuery, dossier: Dossier | None, today: date
) -> Timeline:
    """Return the steps to entry through a program, or through an award for None.

    Raises:
        NotFoundError: The guide tells no steps.
    """
    rubric = current_rubric()
    if dossier is not None:
        studies = _studies_of(dossier)
    else:
        award_level = str(query.award_level or AwardLevel.ASSOCIATE)
        studies = Studies(award_level, length_of(award_level))
    is_part = query.pace is Pace.PART
    coursework, assumptions = coursework_months(
        studies.length,
        credits_per_term=query.term_load if is_part else None,
        transferred=Credits(query.credits_transferred, query.credits_transferred),
    )
    entries = [entry for entry in list_entries(session, "timeline") if entry.kind == "step"]
    lengths = {entry.slug: _length_of(entry, coursework, query) for entry in entries}
    others = [length for slug, length in lengths.items() if slug != COURSEWORK]
    total, is_open = total_months(coursework, others)
    steps = [
        _to_step(entry, lengths[entry.slug], total, studies, query, _checks_of(entry, rubric))
        for entry in entries
    ]
    sources = {entry.source for entry in entries} | studies.sources
    return Timeline(
        program=dossier.program.slug if dossier else None,
        award_level=studies.award_level,
        pace=query.pace,
        credits_per_term=query.term_load if is_part else None,
        steps=steps,
        months_to_entry=MonthsRead(low=total.low, high=total.high),
        is_open=is_open,
        assumptions=[AssumptionRead(text=a.text, basis=a.basis) for a in assumptions],
        **(stamp_of(dossier, sources) if dossier else stamp(session, sources, today)),
    )


def _length_of(entry: GuideEntryRead, coursework: Months, query: TimelineQuery) -> Months:
    if entry.slug == COURSEWORK:
        return coursework
    told = Months(entry.months_low, entry.months_high)
    if entry.slug != EXAM:
        return told
    planned = query.exam_prep_months
    return preparation_months(told) if planned is None else Months(planned, planned)


def _studies_of(dossier: Dossier) -> Studies:
    length, sources = length_of_program(dossier.facts, dossier.day)
    return Studies(
        award_level=dossier.facts.award_level,
        length=length,
        questions=questions_of(dossier.rubric, dossier.results),
        sources=sources,
    )


def length_of_program(facts: ProgramFacts, today: date) -> tuple[Length, frozenset[str]]:
    """Return the full-time length of a program, stated or usual, and the sources of it."""
    course = find_course(facts, Pace.FULL, today)
    months = None
    if course.months is not None:
        months = Months(float(course.months.low), float(course.months.high))
    credits_ = None
    if course.credits and course.years:
        credits_ = float(course.years.low) * SEMESTER_CREDITS_A_YEAR
    length = length_of(facts.award_level, months=months, credits_=credits_)
    return length, frozenset(claim.source for claim in course.claims)


def _checks_of(entry: GuideEntryRead, rubric: Rubric) -> set[str]:
    """Return the checks a step names, or all of the criteria it names."""
    criteria = [c for c in rubric.criteria if c.key in (entry.criteria or [])]
    return set(entry.checks or [check.key for c in criteria for check in c.checks])


def _to_step(
    entry: GuideEntryRead,
    length: Months,
    total: Months,
    studies: Studies,
    query: TimelineQuery,
    checks: Collection[str],
) -> StepRead:
    is_coursework = entry.slug == COURSEWORK
    label, note = entry.label, entry.months_note
    if is_coursework:
        note = None
        if studies.award_level != AwardLevel.ASSOCIATE:
            label = Message(
                "Complete the coursework of the %(award)s",
                award=word(studies.award_level or "award"),
            )
    elif entry.slug == EXAM:
        note = preparation_text(length, total, is_planned=query.exam_prep_months is not None)
    return StepRead(
        slug=entry.slug,
        label=label,
        months=MonthsRead(low=length.low, high=length.high),
        note=note,
        decision_point=entry.decision_point,
        open_questions=[q for q in studies.questions if q.check in checks],
        basis=entry.basis,
        source=entry.source,
    )
