"""What lists serve of one program, and how it is made from claims."""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session, col, select

from app.domain.checklist.scoring import Score
from app.domain.claims import OfferingClaim, ProgramFacts
from app.domain.cost.prices import HeadlinePrice, headline_price
from app.domain.cost.total_cost import Target, find_total_cost
from app.domain.cost.total_cost import TotalCost as Total
from app.domain.evidence import Age, Subject, age_of, order_claims
from app.domain.vocabulary import (
    CostComponent,
    Delivery,
    Pace,
    Residency,
    ServiceKind,
)
from app.schemas.checklists import to_score
from app.schemas.programs import (
    CompletionCount,
    InstitutionBrief,
    MonthsRange,
    Price,
    ProgramSummary,
    TotalCost,
)
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program
from app.store.tables.programs import ProgramSummary as SummaryRow


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
