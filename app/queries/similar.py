"""Nearest alternatives to a program, from what lists already hold."""

from math import cos, radians

from sqlalchemy import ColumnElement, case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.checklist.scoring import Interval
from app.domain.comparison.similar import (
    Candidate,
    Offer,
    Price,
    nearest_alternatives,
    neighbours,
    weigh_up,
)
from app.domain.dossier import Dossier
from app.domain.vocabulary import Finding, Residency
from app.queries.releases import stamp_programs
from app.queries.summaries import build_summary
from app.schemas.pages import Page
from app.schemas.programs import ProgramSummary
from app.schemas.similar import AspectRead, SimilarItem
from app.store.tables.institutions import Institution
from app.store.tables.programs import ProgramSummary as SummaryRow
from app.store.tables.programs import ProgramTag

MAX_CANDIDATES = 2_000

SERIES = len("51.07")


def find_similar(session: Session, dossier: Dossier, limit: int) -> Page[SimilarItem]:
    """Return the nearest alternatives of other schools, each with its better and worse sides."""
    own, program, school = build_summary(dossier), dossier.program, dossier.school
    target = Candidate(
        program_id=program.id,
        slug=program.slug,
        institution_id=program.institution_id,
        cip_code=program.cip_code,
        award_level=program.award_level,
        award_group=program.award_group,
        point=_point(school.latitude, school.longitude),
        delivery=frozenset(map(str, own.delivery or [])),
        price_cents=round(own.price.tuition_and_fees_usd * 100) if own.price else None,
        price_terms=(own.price.basis, own.price.level) if own.price else (None, None),
    )
    chosen, total = nearest_alternatives(target, _load_candidates(session, target), limit)
    ids = [alternative.candidate.program_id for alternative in chosen]
    rows = {
        row.program_id: row
        for row in session.exec(select(SummaryRow).where(col(SummaryRow.program_id).in_(ids)))
    }
    own_practicum = None if program.retired_at else dossier.score().criteria.get("practicum_access")
    own_offer = _to_offer(own, own_practicum)
    items = []
    for alternative in chosen:
        row = rows[alternative.candidate.program_id]
        summary = ProgramSummary.model_validate_json(row.doc)
        miles = alternative.miles
        better, worse = weigh_up(own_offer, _to_offer(summary, _practicum_of(row)), miles)
        items.append(
            SimilarItem(
                **dict(summary),
                same_field=alternative.is_same_field,
                same_award=alternative.is_same_award,
                distance_miles=None if miles is None else round(miles, 1),
                online=alternative.candidate.is_online,
                better=[AspectRead.model_validate(aspect) for aspect in better],
                worse=[AspectRead.model_validate(aspect) for aspect in worse],
            )
        )
    return Page(items=items, total=total, **stamp_programs(session, dossier.day))


def _load_candidates(session: Session, to: Candidate) -> list[Candidate]:
    """Return at most MAX_CANDIDATES of the same series and of neighbouring awards.

    The same code and award come first, then the nearest.
    """
    where: list[ColumnElement[bool]] = [
        col(SummaryRow.institution_id) != to.institution_id,
        col(SummaryRow.award_group).in_(neighbours(to.award_group)),
    ]
    if to.cip_code is not None:
        where.append(col(SummaryRow.cip_code).startswith(to.cip_code[:SERIES]))
    columns = (
        col(SummaryRow.program_id),
        col(SummaryRow.slug),
        col(SummaryRow.institution_id),
        col(SummaryRow.cip_code),
        col(SummaryRow.award_level),
        col(SummaryRow.award_group),
        col(Institution.latitude),
        col(Institution.longitude),
        col(SummaryRow.tuition_and_fees_cents),
        col(SummaryRow.price_unit),
        col(SummaryRow.price_level),
    )
    rows = session.execute(
        select_columns(*columns)
        .join(Institution, col(Institution.id) == col(SummaryRow.institution_id))
        .where(*where)
        .order_by(*_nearest_first(to), col(SummaryRow.slug))
        .limit(MAX_CANDIDATES)
    ).all()
    delivery: dict[int, set[str]] = {}
    tagged = select_columns(col(ProgramTag.program_id), col(ProgramTag.value)).where(
        col(ProgramTag.kind) == "delivery",
        col(ProgramTag.program_id).in_(select_columns(col(SummaryRow.program_id)).where(*where)),
    )
    for program_id, mode in session.execute(tagged):
        delivery.setdefault(program_id, set()).add(mode)
    return [
        Candidate(
            program_id=key,
            slug=slug,
            institution_id=school,
            cip_code=cip_code,
            award_level=level,
            award_group=group,
            point=_point(latitude, longitude),
            delivery=frozenset(delivery.get(key, ())),
            price_cents=cents,
            price_terms=(unit, price_level),
        )
        for (
            key,
            slug,
            school,
            cip_code,
            level,
            group,
            latitude,
            longitude,
            cents,
            unit,
            price_level,
        ) in rows
    ]


def _nearest_first(to: Candidate) -> list[ColumnElement[int] | ColumnElement[float]]:
    order: list[ColumnElement[int] | ColumnElement[float]] = [
        case((col(SummaryRow.cip_code) == to.cip_code, 0), else_=1),
        case((col(SummaryRow.award_level) == to.award_level, 0), else_=1),
    ]
    if to.point is not None:
        latitude, longitude = to.point
        north = col(Institution.latitude) - latitude
        east = (col(Institution.longitude) - longitude) * cos(radians(latitude))
        squared = north * north + east * east
        order.append(case((squared.is_(None), 1e9), else_=squared))
    return order


def _point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    return None if latitude is None or longitude is None else (latitude, longitude)


def _practicum_of(row: SummaryRow) -> Interval | None:
    if row.practicum_access_low is None:
        return None
    return Interval(
        row.practicum_access_low,
        row.practicum_access_high or 0.0,
        row.practicum_access_coverage or 0.0,
    )


def _to_offer(summary: ProgramSummary, practicum: Interval | None) -> Offer:
    """Return what a program offers; the practicum of a retired one stays out."""
    price = summary.price
    return Offer(
        price=(
            Price(
                price.tuition_and_fees_usd,
                price.basis,
                (
                    price.basis,
                    price.level,
                    price.academic_year,
                    price.residency or Residency.ANY,
                ),
            )
            if price
            else None
        ),
        accreditation=Finding(summary.accreditation),
        score=Interval(summary.score.low, summary.score.high, summary.score.coverage),
        practicum=practicum,
        delivery=frozenset(map(str, summary.delivery or [])),
    )
