"""What lists serve, rebuilt in the transaction that changes a fact."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.rules import find_all, find_one, findings_of
from app.domain.checklist.scoring import score
from app.domain.claims import LISTS, ProgramFacts
from app.domain.cost.prices import headline_price
from app.domain.cost.total_cost import Target
from app.domain.evidence import Age, Subject, age_of, expires_on
from app.queries.claims import load_facts
from app.queries.classifications import cip_titles
from app.queries.summaries import build_summary, known_total
from app.queries.total_cost import find_target
from app.schemas.programs import (
    ProgramSummary,
)
from app.store.facts import refresh_facts
from app.store.rows import insert_rows
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program, ProgramTag
from app.store.tables.programs import ProgramSummary as SummaryRow


def refresh_summaries(
    session: Session, rubric: Rubric, *, now: datetime, only: Collection[int] | None = None
) -> date | None:
    """Rebuild the summary of every listed program, scored on the day of ``now``.

    Args:
        session: In a transaction that writes.
        rubric: The version to score by.
        now: The moment that ages are counted to.
        only: Ids of programs to rebuild, listed or not any more; None: all.

    Returns:
        The first later day on which the score of a rebuilt program can change because a claim
        passes its shelf life or comes of age; None if none ever does.
    """
    today = now.date()
    refresh_facts(session, whole=only is None)
    listed = select(Program).where(col(Program.retired_at).is_(None))
    counted = select(Completion).order_by(col(Completion.academic_year))
    tagged, summed = delete(ProgramTag), delete(SummaryRow)
    if only is not None:
        listed = listed.where(col(Program.id).in_(only))
        counted = counted.where(col(Completion.program_id).in_(only))
        tagged = tagged.where(col(ProgramTag.program_id).in_(only))
        summed = summed.where(col(SummaryRow.program_id).in_(only))
    programs = list(session.exec(listed))
    schools = select(Institution)
    if only is not None:
        schools = schools.where(col(Institution.id).in_({p.institution_id for p in programs}))
    institutions = {i.id: i for i in session.exec(schools)}
    facts = load_facts(session, programs)
    titles = cip_titles(session)
    completions = {row.program_id: row for row in session.exec(counted)}
    rows: list[dict[str, Any]] = []
    tags: list[dict[str, Any]] = []
    for program in programs:
        key = int(program.id or 0)
        row = _to_row(
            program,
            institutions[program.institution_id],
            facts[key],
            titles.get(program.cip_code or ""),
            completions.get(key),
            rubric,
            find_target(session, facts[key], today),
            today,
        )
        tags += _to_tags(key, row.pop("summary"), facts[key], today)
        rows.append(row)
    session.execute(tagged)
    session.execute(summed)
    insert_rows(session, SummaryRow, rows)
    insert_rows(session, ProgramTag, tags)
    return next_change(facts.values(), today)


def next_change(facts: Any, today: date) -> date | None:
    """Return the first day after ``today`` on which the age of any claim changes."""
    seen = {
        (claim.as_of, claim.subject)
        for fact in facts
        for name in LISTS.values()
        for claim in getattr(fact, name)
    }
    last_days = (expires_on(as_of, subject) for as_of, subject in seen)
    changes = [date.fromordinal(day.toordinal() + 1) for day in last_days if day and day >= today]
    return min(changes, default=None)


def _to_row(
    program: Program,
    institution: Institution,
    facts: ProgramFacts,
    cip_title: str | None,
    completion: Completion | None,
    rubric: Rubric,
    target: Target | None,
    today: date,
) -> dict[str, Any]:
    findings = findings_of(find_all(facts, rubric, today))
    scored = score(rubric, findings)
    accreditation = find_one(facts, "program_accredited", today).finding
    total = known_total(facts, target, today)
    summary = build_summary(
        program,
        institution,
        facts,
        cip_title,
        completion,
        scored,
        accreditation,
        total,
        today,
    )
    price = headline_price(facts, today)
    row: dict[str, Any] = {
        "program_id": program.id,
        "slug": program.slug,
        "name": program.name,
        "institution_id": institution.id,
        "institution_name": institution.name,
        "state": institution.state,
        "control": institution.control,
        "cip_code": program.cip_code,
        "award_level": program.award_level,
        "award_group": program.award_group,
        "accreditation": str(accreditation),
        "practicum": str(find_one(facts, "practicum_offered", today).finding),
        "tuition_and_fees_cents": price.cents if price else None,
        "price_unit": price.unit if price else None,
        "price_level": price.level if price else None,
        "total_cost_low_cents": total.low_cents if total else None,
        "total_cost_high_cents": total.high_cents if total else None,
        "months_low": summary.months.low if summary.months else None,
        "months_high": summary.months.high if summary.months else None,
        "completions": completion.count if completion else None,
        "score_low": scored.whole.low,
        "score_high": scored.whole.high,
        "coverage": scored.whole.coverage,
        "updated_at": program.updated_at,
        "doc": summary.model_dump_json(),
        "summary": summary,
    }
    for criterion in rubric.criteria:
        interval = scored.criteria.get(criterion.key)
        for name in ("low", "high", "coverage"):
            row[f"{criterion.key}_{name}"] = getattr(interval, name) if interval else None
    return row


def _to_tags(
    program_id: int, summary: ProgramSummary, facts: ProgramFacts, today: date
) -> list[dict[str, Any]]:
    values = {("delivery", str(mode)) for mode in summary.delivery or []}
    values |= {("credential", code) for code in summary.prepares_for}
    values |= {
        ("topic", claim.topic)
        for claim in facts.topics
        if claim.is_covered and age_of(claim.as_of, Subject.TOPIC, today) is not Age.STALE
    }
    values |= {
        ("transfer", claim.kind)
        for claim in facts.transfer
        if claim.is_offered and age_of(claim.as_of, Subject.TRANSFER, today) is not Age.STALE
    }
    return [
        {"kind": kind, "value": value, "program_id": program_id} for kind, value in sorted(values)
    ]
