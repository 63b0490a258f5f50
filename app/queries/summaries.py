"""What lists serve of one program, and how it is made from claims."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain.cost.prices import HeadlinePrice
from app.domain.cost.total_cost import TotalCost as Total
from app.domain.dossier import Dossier
from app.schemas.checklists import to_score
from app.schemas.programs import (
    CompletionCount,
    InstitutionBrief,
    MonthsRange,
    Price,
    ProgramSummary,
    TotalCost,
)
from app.store.records import inner_table
from app.store.tables.programs import ProgramSummary as SummaryRow


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


def build_summary(dossier: Dossier) -> ProgramSummary:
    """Return the list item of one program."""
    return ProgramSummary(**summary_fields(dossier))


def summary_fields(dossier: Dossier) -> dict[str, Any]:
    """Return what lists serve of one program, field by field."""
    program, months = dossier.program, dossier.months
    latest = next(iter(dossier.completions), None)
    return {
        "slug": program.slug,
        "name": program.name,
        "cip_code": program.cip_code,
        "cip_title": dossier.cip_title,
        "award_level": program.award_level,
        "award_as_stated": program.award_as_stated,
        "institution": InstitutionBrief.model_validate(
            dossier.school, from_attributes=True
        ).model_copy(update={"status": dossier.operation.status}),
        "delivery": dossier.delivery,
        "months": MonthsRange(low=months[0], high=months[1]) if months else None,
        "price": to_price(dossier.price),
        "total_cost": to_total_cost(dossier.listed_total),
        "accreditation": dossier.find("program_accredited").finding,
        "prepares_for": sorted({claim.credential_code for claim in dossier.facts.preparation}),
        "leads_to": dossier.leads_to,
        "gates": [gate.code for gate in dossier.gates],
        "completions": (
            CompletionCount(academic_year=latest.academic_year, count=latest.count)
            if latest
            else None
        ),
        "score": to_score(dossier.score().whole),
        "status": dossier.status[0],
        "updated_at": program.updated_at,
    }


def to_total_cost(total: Total | None) -> TotalCost | None:
    """Return the whole cost as lists serve it."""
    if total is None:
        return None
    return TotalCost(
        low_usd=total.low_cents / 100,
        high_usd=None if total.high_cents is None else total.high_cents / 100,
        is_complete=total.is_complete,
        is_length_assumed=total.is_length_assumed,
    )


_SUMMARY = inner_table(SummaryRow).c
LABELS = sa.select(_SUMMARY.slug, _SUMMARY.institution_name, _SUMMARY.name).where(
    _SUMMARY.slug.in_(sa.bindparam("slugs", expanding=True))
)


def labels_of(session: Session, slugs: Collection[str]) -> dict[str, str]:
    """Return slug -> school and name of listed programs; others are left out."""
    if not slugs:
        return {}
    found = session.execute(LABELS, {"slugs": list(slugs)})
    return {slug: f"{school}: {name}" for slug, school, name in found}


def find_best_known(session: Session) -> str | None:
    """Return the slug of the listed program of whose checklist most is known; None: there is none.

    Of equals it is the first by slug.
    """
    order = (col(SummaryRow.coverage).desc(), col(SummaryRow.slug))
    return session.exec(select(col(SummaryRow.slug)).order_by(*order).limit(1)).first()
