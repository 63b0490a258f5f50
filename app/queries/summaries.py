"""What lists serve, rebuilt in the transaction that changes a fact."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.domain.checklist import find_all, find_one, findings_of
from app.domain.claims import OfferingClaim, ProgramFacts
from app.domain.evidence import Age, Subject, age_of, expires_on, order_claims
from app.domain.prices import HeadlinePrice, headline_price
from app.domain.rubric import Rubric
from app.domain.scoring import Interval, Score, score
from app.domain.total_cost import Target, find_total_cost
from app.domain.total_cost import TotalCost as Total
from app.domain.vocabulary import (
    CostComponent,
    Delivery,
    Pace,
    Residency,
    ServiceKind,
)
from app.models.institutions import Institution
from app.models.programs import Completion, Program, ProgramTag
from app.models.programs import ProgramSummary as SummaryRow
from app.queries.claims import LISTS, load_facts
from app.queries.classifications import cip_titles
from app.queries.imports import insert_rows
from app.queries.total_cost import find_target
from app.schemas.checklists import ScoreRead
from app.schemas.programs import (
    CompletionCount,
    InstitutionBrief,
    MonthsRange,
    Price,
    ProgramSummary,
    TotalCost,
)


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


def current_offering(facts: ProgramFacts, today: date) -> list[OfferingClaim]:
    """Return offering claims that still count, leading first; the program's before the school's."""
    ordered = order_claims(facts.offerings, Subject.OFFERING, today)
    return [c for c in ordered if age_of(c.as_of, Subject.OFFERING, today) is not Age.STALE]


def delivery_of(facts: ProgramFacts, today: date) -> list[str] | None:
    """Return delivery modes, or None where no source tells.

    A school that says all its programs are at a distance makes each of them online.
    """
    modes = {mode for claim in current_offering(facts, today) for mode in claim.delivery}
    for claim in order_claims(facts.services, Subject.SERVICE, today):
        if claim.service == ServiceKind.ALL_PROGRAMS_DISTANCE and not modes:
            if claim.is_offered:
                modes.add(Delivery.ONLINE)
            break
    return sorted(modes) or None


def months_of(facts: ProgramFacts, today: date) -> MonthsRange | None:
    """Return the stated length in months, or None."""
    for claim in current_offering(facts, today):
        if claim.months_low is not None:
            high = claim.months_high if claim.months_high is not None else claim.months_low
            return MonthsRange(low=claim.months_low, high=high)
    return None


def to_score(interval: Interval) -> ScoreRead:
    """Return an interval as served: points to one decimal, coverage to two."""
    low, high, coverage = interval.shown
    return ScoreRead(low=low, high=high, coverage=coverage)


def to_price(price: HeadlinePrice | None) -> Price | None:
    """Return the headline price as served."""
    if price is None:
        return None
    return Price(
        tuition_and_fees_usd=price.cents / 100,
        basis=price.unit,
        level=price.level,
        residency=price.residency,
        academic_year=price.as_of,
        source=price.claims[0].source,
    )


def to_brief(institution: Institution) -> InstitutionBrief:
    """Return a school as it stands in a list item."""
    return InstitutionBrief.model_validate(institution, from_attributes=True)


def build_summary(
    program: Program,
    institution: Institution,
    facts: ProgramFacts,
    cip_title: str | None,
    completion: Completion | None,
    scored: Score,
    accreditation: str,
    total: Total | None,
    today: date,
) -> ProgramSummary:
    """Return the list item of one program."""
    prepares_for = sorted({claim.credential_code for claim in facts.preparation})
    return ProgramSummary.model_validate(
        {
            "slug": program.slug,
            "name": program.name,
            "cip_code": program.cip_code,
            "cip_title": cip_title,
            "award_level": program.award_level,
            "award_as_stated": program.award_as_stated,
            "institution": to_brief(institution),
            "delivery": delivery_of(facts, today),
            "months": months_of(facts, today),
            "price": to_price(headline_price(facts, today)),
            "total_cost": to_total_cost(total),
            "accreditation": accreditation,
            "prepares_for": prepares_for,
            "completions": (
                CompletionCount(academic_year=completion.academic_year, count=completion.count)
                if completion
                else None
            ),
            "score": to_score(scored.whole),
            "updated_at": program.updated_at,
        }
    )


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


def known_total(facts: ProgramFacts, target: Target | None, today: date) -> Total | None:
    """Return the whole cost for residents at full time, or None where no tuition is known."""
    total = find_total_cost(
        facts, target, residency=Residency.IN_STATE, pace=Pace.FULL, today=today
    )
    return total if CostComponent.TUITION in total.parts else None


def to_total_cost(total: Total | None) -> TotalCost | None:
    """Return the whole cost as lists serve it."""
    if total is None:
        return None
    return TotalCost(
        low_usd=total.low_cents / 100,
        high_usd=None if total.high_cents is None else total.high_cents / 100,
        is_complete=total.is_complete,
    )


def labels_of(session: Session, slugs: Collection[str]) -> dict[str, str]:
    """Return slug -> school and name of listed programs; others are left out."""
    if not slugs:
        return {}
    wanted = select(
        col(SummaryRow.slug), col(SummaryRow.institution_name), col(SummaryRow.name)
    ).where(col(SummaryRow.slug).in_(slugs))
    return {slug: f"{school}: {name}" for slug, school, name in session.exec(wanted)}


def find_best_known(session: Session) -> str | None:
    """Return the slug of the listed program of whose checklist most is known; None: there is none.

    Of equals it is the first by slug.
    """
    order = (col(SummaryRow.coverage).desc(), col(SummaryRow.slug))
    return session.exec(select(col(SummaryRow.slug)).order_by(*order).limit(1)).first()
