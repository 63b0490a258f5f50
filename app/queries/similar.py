"""Nearest alternatives to a program, from what lists already hold."""

from collections.abc import Iterable
from dataclasses import fields
from math import cos, radians
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func
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
from app.domain.reader import Reader, residency_for
from app.domain.vocabulary import Finding, Residency
from app.queries.kept import kept
from app.queries.releases import stamp_programs
from app.queries.summaries import NOT_GONE, build_summary
from app.schemas.programs import ProgramSummary
from app.schemas.similar import AspectRead, SimilarItem, SimilarItemPage
from app.search.programs import fetch_docs
from app.store.tables.institutions import Institution
from app.store.tables.programs import ProgramPrice, ProgramTag
from app.store.tables.programs import ProgramSummary as SummaryRow

MAX_CANDIDATES = 2_000

SERIES = len("51.07")


def find_similar(session: Session, dossier: Dossier, limit: int) -> SimilarItemPage:
    """Return the nearest alternatives of other schools, each with its better and worse sides."""
    return SimilarItemPage(
        items=list_similar(session, dossier, limit),
        total=_count_schools(session, _to_candidate(dossier)),
        **stamp_programs(session, dossier.day),
    )


def list_similar(session: Session, dossier: Dossier, limit: int) -> list[SimilarItem]:
    """Return the nearest alternatives, without how many there are."""
    target = _to_candidate(dossier)
    candidates = _load_candidates(session, target, dossier.reader, limit)
    chosen = nearest_alternatives(target, candidates, limit)
    ids = [alternative.candidate.program_id for alternative in chosen]
    rows = {
        row.program_id: row
        for row in session.exec(select(SummaryRow).where(col(SummaryRow.program_id).in_(ids)))
    }
    docs = {key: row.doc for key, row in rows.items()}
    if not dossier.reader.pays_as_resident:
        whose = {key: residency_for(dossier.reader, row.state) for key, row in rows.items()}
        docs = dict(fetch_docs(session.connection(), whose))
    own = _to_offer(
        build_summary(dossier),
        None if dossier.program.retired_at else dossier.score().criteria.get("practicum_access"),
    )
    items = []
    for alternative in chosen:
        row = rows[alternative.candidate.program_id]
        summary = ProgramSummary.model_validate_json(docs[row.program_id])
        miles = alternative.miles
        better, worse = weigh_up(own, _to_offer(summary, _practicum_of(row)), miles)
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
    return items


def _to_candidate(dossier: Dossier) -> Candidate:
    program, price = dossier.program, dossier.price
    return Candidate(
        program_id=program.id,
        slug=program.slug,
        institution_id=program.institution_id,
        cip_code=program.cip_code,
        award_level=program.award_level,
        award_group=program.award_group,
        point=_point(dossier.school.latitude, dossier.school.longitude),
        delivery=frozenset(dossier.delivery or ()),
        price_cents=price.cents if price else None,
        price_terms=(price.unit, price.level) if price else (None, None),
    )


def _load_candidates(
    session: Session, to: Candidate, reader: Reader, limit: int
) -> list[Candidate]:
    """Return the candidates of which the nearest come from at least so many schools, if they can.

    Field decides before award, and award before all else: those of the same code and award are
    asked for first, then those of the same code, and others only where these are too few.
    """
    for alike in (("cip_code", "award_level", "award_group"), ("cip_code",), ()):
        kind = Kind(to.cip_code, to.award_level, to.award_group, alike)
        if (every := _load_all(session, kind, reader)) is not None:
            found = every
        else:
            others = col(SummaryRow.institution_id) != to.institution_id
            wanted = _with_prices(_candidates(kind, COLUMNS).where(others), reader)
            found = _read(session, _nearest(to, wanted))
        schools = {candidate.institution_id for candidate in found} - {to.institution_id}
        if len(schools) >= limit:
            break
    return found


class Kind(NamedTuple):
    """What candidates have in common: all are of the series of the code and of a near award.

    ``alike`` are the fields in which they are the same.
    """

    cip_code: str | None
    award_level: str | None
    award_group: str | None
    alike: tuple[str, ...] = ()


@kept(most=64)
def _load_all(session: Session, kind: Kind, reader: Reader) -> list[Candidate] | None:
    """Return all candidates of a kind; None where they are more than MAX_CANDIDATES."""
    wanted = _with_prices(_candidates(kind, COLUMNS), reader)
    found = _read(session, wanted.limit(MAX_CANDIDATES + 1))
    return None if len(found) > MAX_CANDIDATES else found


def _read(session: Session, found: Select[Any]) -> list[Candidate]:
    """Return candidates; each comes once for each of its delivery modes, the mode last."""
    which = found.subquery()
    is_delivery = (col(ProgramTag.program_id) == which.c.program_id) & (
        col(ProgramTag.kind) == "delivery"
    )
    told = select_columns(which, col(ProgramTag.value)).outerjoin(ProgramTag, is_delivery)
    rows = session.execute(told).all()
    delivery: dict[int, set[str]] = {}
    for row in rows:
        if row[-1]:
            delivery.setdefault(row[0], set()).add(row[-1])
    return [
        Candidate(
            program_id=row[0],
            slug=row[1],
            institution_id=row[2],
            cip_code=row[3],
            award_level=row[4],
            award_group=row[5],
            point=_point(row[6], row[7]),
            delivery=frozenset(delivery.get(row[0], ())),
            price_cents=row[8],
            price_terms=(row[9], row[10]),
        )
        for row in {row[0]: row for row in rows}.values()
    ]


COLUMNS = (
    col(SummaryRow.program_id),
    col(SummaryRow.slug),
    col(SummaryRow.institution_id),
    col(SummaryRow.cip_code),
    col(SummaryRow.award_level),
    col(SummaryRow.award_group),
    col(Institution.latitude),
    col(Institution.longitude),
)
PRICE_COLUMNS = ("tuition_and_fees_cents", "price_unit", "price_level")


def _with_prices(found: Select[Any], reader: Reader) -> Select[Any]:
    """Select also the price that a reader pays, its unit and level."""
    elsewhere = residency_for(reader, "")
    if elsewhere is Residency.IN_STATE:
        return found.add_columns(*(getattr(SummaryRow, name) for name in PRICE_COLUMNS))
    is_theirs = (col(ProgramPrice.program_id) == col(SummaryRow.program_id)) & (
        col(ProgramPrice.residency) == elsewhere
    )
    if reader.residency is None:
        is_theirs &= col(SummaryRow.state) != reader.home_state
    is_apart = col(ProgramPrice.program_id).is_not(None)
    return found.outerjoin(ProgramPrice, is_theirs).add_columns(
        *(
            case((is_apart, getattr(ProgramPrice, name)), else_=getattr(SummaryRow, name)).label(
                name
            )
            for name in PRICE_COLUMNS
        )
    )


def _count_schools(session: Session, to: Candidate) -> int:
    """Return of how many schools there are candidates."""
    kind = Kind(to.cip_code, to.award_level, to.award_group)
    others = col(SummaryRow.institution_id) != to.institution_id
    found = _candidates(kind, [col(SummaryRow.institution_id)]).where(others)
    nearest = _nearest(to, found).subquery()
    schools = func.count(func.distinct(nearest.c.institution_id))
    return session.exec(select(schools)).one()


def _candidates(kind: Kind, columns: Iterable[Any]) -> Select[Any]:
    wanted = (
        select_columns(*columns)
        .join(Institution, col(Institution.id) == col(SummaryRow.institution_id))
        .where(
            col(SummaryRow.award_group).in_(neighbours(kind.award_group)),
            *(col(getattr(SummaryRow, name)) == getattr(kind, name) for name in kind.alike),
            NOT_GONE,
        )
    )
    if kind.cip_code is not None:
        wanted = wanted.where(col(SummaryRow.cip_code).startswith(kind.cip_code[:SERIES]))
    return wanted


def _nearest(to: Candidate, found: Select[Any]) -> Select[Any]:
    """Select at most MAX_CANDIDATES: the same code and award come first, then the nearest."""
    return found.order_by(*_nearest_first(to), col(SummaryRow.slug)).limit(MAX_CANDIDATES)


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
    return Interval(*(getattr(row, f"practicum_access_{part.name}") for part in fields(Interval)))


def _to_offer(summary: ProgramSummary, practicum: Interval | None) -> Offer:
    """Return what a program offers the reader; the practicum of a retired one stays out."""
    price, score = summary.price, summary.score
    return Offer(
        price=(
            Price(
                price.tuition_and_fees_usd,
                price.basis,
                (price.basis, price.level, price.academic_year),
            )
            if price
            else None
        ),
        accreditation=Finding(summary.accreditation),
        score=Interval(score.low, score.likely, score.high, score.coverage),
        practicum=practicum,
        delivery=frozenset(map(str, summary.delivery or [])),
    )
