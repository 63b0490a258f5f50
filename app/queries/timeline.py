"""Months to entry, from the guide's steps and the rules of each award."""

from datetime import date

from sqlmodel import Session

from app.domain.timeline import Months, coursework_months, total_months
from app.queries.guide import list_entries
from app.queries.releases import stamp
from app.schemas.timeline import AssumptionRead, MonthsRead, Pace, StepRead, TimelineQuery
from app.schemas.timeline import TimelineRead as Timeline

PART_TIME_CREDITS = 6
COURSEWORK = "associate_coursework"
"""The guide's step that the award aimed at decides."""


def get_timeline(session: Session, query: TimelineQuery, today: date) -> Timeline:
    """Return the steps to entry with months where known, and their sum."""
    per_term = query.credits_per_term or PART_TIME_CREDITS
    coursework, assumptions = coursework_months(
        query.award_level,
        credits_per_term=per_term if query.pace is Pace.PART else None,
        credits_transferred=query.credits_transferred,
    )
    entries = [entry for entry in list_entries(session, "timeline") if entry.kind == "step"]
    steps, others = [], []
    for entry in entries:
        is_coursework = entry.slug == COURSEWORK
        length = coursework if is_coursework else Months(entry.months_low, entry.months_high)
        label = entry.label
        if is_coursework and query.award_level != "associate":
            label = f"Complete the coursework of the {query.award_level.replace('_', ' ')}"
        if not is_coursework:
            others.append(length)
        steps.append(
            StepRead(
                slug=entry.slug,
                label=label,
                months=MonthsRead(low=length.low, high=length.high),
                note=None if is_coursework else entry.months_note,
                decision_point=entry.decision_point,
                basis=entry.basis,
                source=entry.source,
            )
        )
    total, is_open = total_months(coursework, others)
    return Timeline(
        award_level=query.award_level,
        pace=query.pace,
        steps=steps,
        months_to_entry=MonthsRead(low=total.low, high=total.high),
        is_open=is_open,
        assumptions=[AssumptionRead(text=a.text, basis=a.basis) for a in assumptions],
        **stamp(session, {entry.source for entry in entries}, today),
    )
