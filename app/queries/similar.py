"""Nearest alternatives to a program, from what lists already hold."""

from datetime import date
from math import cos, radians

from sqlalchemy import ColumnElement, case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import Interval
from app.domain.comparison.similar import (
    Candidate,
    Offer,
    Price,
    nearest_alternatives,
    neighbours,
    weigh_up,
)
from app.domain.vocabulary import Finding, Residency
from app.queries.details import get_details
from app.queries.releases import stamp_programs
from app.schemas.pages import Page
from app.schemas.programs import ProgramSummary
from app.schemas.similar import AspectRead, SimilarItem
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program, ProgramTag
from app.store.tables.programs import ProgramSummary as SummaryRow

MAX_CANDIDATES = 2_000

SERIES = len("51.07")


def find_similar(
    session: Session,
    program: Program,
    institution: Institution,
    rubric: Rubric,
    limit: int,
    today: date,
) -> Page[SimilarItem]:
    """Return the nearest alternatives of other schools, each with its better and worse sides."""
    own_row = session.get(SummaryRow, program.id)
    own = (
        ProgramSummary.model_validate_json(own_row.doc)
        if own_row
        else get_details(session, program, institution, rubric, today)
    )
    target = Candidate(
        program_id=int(program.id or 0),
        slug=program.slug,
        institution_id=program.institution_id,
        cip_code=program.cip_code,
        award_level=program.award_level,
        award_group=program.award_group,
        point=_point(institution.latitude, institution.longitude),
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
    own_offer = _to_offer(own, own_row)
    items = []
    for alternative in chosen:
        row = rows[alternative.candidate.program_id]
        summary = ProgramSummary.model_validate_json(row.doc)
        better, worse = weigh_up(own_offer, _to_offer(summary, row), alternative.miles)
        miles = alternative.miles
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
    return Page(items=items, total=total, **stamp_programs(session, today))


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


def _to_offer(summary: ProgramSummary, row: SummaryRow | None) -> Offer:
    """Return what a program offers; a retired one has no row, so its practicum stays out."""
    price, practicum = summary.price, None
    if row is not None and row.practicum_access_low is not None:
        practicum = Interval(
            row.practicum_access_low,
            row.practicum_access_high or 0.0,
            row.practicum_access_coverage or 0.0,
        )
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
