"""What lists serve of one program, and how it is made from claims."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain.claims import to_usd
from app.domain.cost.prices import HeadlinePrice
from app.domain.cost.total_cost import TotalCost as Total
from app.domain.dossier import Dossier
from app.domain.evidence import Age
from app.domain.field_outcomes import AWARDS, FIGURES, status_of
from app.domain.peers import PeerRank
from app.domain.reader import whose_price
from app.domain.vocabulary import GONE, FieldLevel, Finding, OnlineAnswer, Residency
from app.schemas.checklists import PeerRankRead, SummaryScore, to_score
from app.schemas.field_outcomes import FieldOutcomeBrief
from app.schemas.online import OnlineCompletion
from app.schemas.programs import (
    CompletionCount,
    InstitutionBrief,
    MonthsRange,
    NetPrice,
    Price,
    ProgramSummary,
    TotalCost,
    WholePrice,
)
from app.schemas.served import to_plain
from app.schemas.total_cost import AmountRead
from app.store.records import inner_table
from app.store.tables.programs import ProgramSummary as SummaryRow


def price_fields(dossier: Dossier, residency: Residency) -> dict[str, Any]:
    """Return the fields of a list item that depend on who reads it, for a residency."""
    return {
        "price": _to_price(dossier, residency),
        "total_cost": _to_total_cost(dossier, residency),
    }


def _to_price(dossier: Dossier, residency: Residency) -> Price | None:
    price = dossier.price_for(residency)
    if price is None:
        return None
    holds_for = dossier.price_holds_for(residency)
    year_cents = dossier.year_cents(residency) or price.cents
    apart = {one: _told_apart(dossier, price, one) for one in RESIDENCIES}
    in_district, in_state = apart[Residency.IN_DISTRICT], apart[Residency.IN_STATE]
    if in_district and in_state and in_district.cents >= in_state.cents:
        in_district = None
    usd = {one: other and other.cents / 100 for one, other in apart.items()}
    return Price(
        tuition_and_fees_usd=price.cents / 100,
        basis=price.unit,
        level=price.level,
        residency=holds_for,
        for_whom=whose_price(holds_for, dossier.school.state),
        academic_year=price.as_of,
        source=price.claims[0].source,
        parts=list(price.parts),
        year_usd=year_cents / 100,
        in_district_usd=in_district and usd[Residency.IN_DISTRICT],
        in_district_academic_year=in_district and in_district.as_of,
        in_state_usd=usd[Residency.IN_STATE],
        out_of_state_usd=usd[Residency.OUT_OF_STATE],
    )


RESIDENCIES = (Residency.IN_DISTRICT, Residency.IN_STATE, Residency.OUT_OF_STATE)


def _told_apart(
    dossier: Dossier, price: HeadlinePrice, residency: Residency
) -> HeadlinePrice | None:
    """Return what a residency pays where prices differ, on the terms of the price shown first.

    None: it is not told so. That of a district may be of another year: few sources tell it.
    """
    other = dossier.price_for(residency)
    if other is None or not dossier.residencies_apart or price.residency in (None, Residency.ANY):
        return None
    is_same_year = other.as_of == price.as_of or residency is Residency.IN_DISTRICT
    is_same = (other.unit, other.level) == (price.unit, price.level) and is_same_year
    return other if is_same else None


def _to_whole_price(dossier: Dossier) -> WholePrice | None:
    claim = dossier.whole_price
    if claim is None or claim.amount_low_usd is None:
        return None
    return WholePrice(
        low_usd=claim.amount_low_usd,
        high_usd=claim.amount_high_usd,
        contains=claim.contains,
        academic_year=claim.as_of,
        source=claim.source,
    )


def _to_net_price(dossier: Dossier) -> NetPrice | None:
    claim = dossier.net_price
    if claim is None or claim.value is None:
        return None
    return NetPrice(
        usd=claim.value,
        of_whom=claim.cohort,
        level=claim.level,
        academic_year=claim.as_of,
        source=claim.source,
    )


def _to_total_cost(dossier: Dossier, residency: Residency) -> TotalCost | None:
    total = dossier.total_for(residency)
    if total is None:
        return None
    holds_for = dossier.charged_as(residency)
    return TotalCost(
        **_to_range(total).model_dump(),
        is_complete=total.is_complete,
        is_length_assumed=total.is_length_assumed,
        residency=holds_for,
        for_whom=whose_price(holds_for, dossier.school.state),
        **totals_apart(dossier, dossier.total_for),
    )


def totals_apart(
    dossier: Dossier, total_for: Callable[[Residency], Total | None]
) -> dict[str, AmountRead | None]:
    """Return residency -> its total, where totals differ; that of a district where it is lower."""
    totals = {one: total_for(one) if dossier.residencies_apart else None for one in RESIDENCIES}
    in_district, in_state = totals[Residency.IN_DISTRICT], totals[Residency.IN_STATE]
    if in_district and in_state and in_district.low_cents >= in_state.low_cents:
        totals[Residency.IN_DISTRICT] = None
    return {str(one): _to_range(total) if total else None for one, total in totals.items()}


def _to_range(total: Total) -> AmountRead:
    return AmountRead(low_usd=total.low_cents / 100, high_usd=to_usd(total.high_cents))


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
        "completion_online": to_online_completion(dossier),
        "months": MonthsRange(low=months[0], high=months[1]) if months else None,
        **price_fields(dossier, dossier.residency),
        "whole_price": _to_whole_price(dossier),
        "net_price": _to_net_price(dossier),
        "field_outcome": to_field_outcome(dossier),
        "accreditation": dossier.find("program_accredited").finding,
        "prepares_for": dossier.prepares_for,
        "leads_to": dossier.leads_to,
        "gates": [gate.code for gate in dossier.gates],
        "completions": (
            CompletionCount(academic_year=latest.academic_year, count=latest.count)
            if latest
            else None
        ),
        "score": to_summary_score(dossier),
        "findings": by_finding(dossier),
        "status": dossier.status[0],
        "updated_at": program.updated_at,
        "peers": to_peer_rank(dossier.peer_rank),
    }


def to_online_completion(dossier: Dossier) -> OnlineCompletion | None:
    """Return whether a program can be completed online as served; None: no survey tells."""
    found = dossier.online_completion
    if found is None:
        return None
    return OnlineCompletion(
        answer=OnlineAnswer(found.claim.completion_online),
        as_of=found.claim.as_of,
        source=found.claim.source,
        is_stale=found.is_stale,
        leads=found.leads,
        is_contradicted=found.is_contradicted,
    )


def to_field_outcome(dossier: Dossier) -> FieldOutcomeBrief | None:
    """Return what graduates of the field and level earn and owe as served; None: nobody tells."""
    found = dossier.field_outcome
    if found is None:
        return None
    claim, level = found.claim, FieldLevel(found.claim.credential_level)
    return FieldOutcomeBrief(
        cip_family=claim.cip_family,
        credential_level=level,
        award_levels=list(map(str, AWARDS[level])),
        programs=found.programs,
        is_only_program=found.is_only_program,
        holds_for=found.sentence,
        **{name: getattr(claim, name) for name in FIGURES},
        statuses={name: status_of(claim, name) for name in FIGURES},
        graduates=claim.graduates,
        as_of=claim.as_of,
        source=claim.source,
        is_stale=claim.age_on(dossier.day) is Age.STALE,
    )


def by_finding(dossier: Dossier) -> dict[Finding, list[str]]:
    """Return finding -> the checks that it is the answer to, in the order of the checklist."""
    found: dict[Finding, list[str]] = {}
    for check, finding in dossier.findings.items():
        found.setdefault(finding, []).append(check)
    return found


def to_summary_score(dossier: Dossier, weights: Mapping[str, float] | None = None) -> SummaryScore:
    """Return the score of a program, by default by the weights of its rubric, and its grounds."""
    answered, applying = dossier.rubric.count_answered(dossier.findings.values())
    whole = to_plain(to_score(dossier.score(weights).whole))
    return SummaryScore(**whole, answered=answered, of=applying)


def to_peer_rank(ranked: PeerRank | None) -> PeerRankRead | None:
    """Return a place among peers as served."""
    if ranked is None:
        return None
    return PeerRankRead(kind=ranked.kind, rank=ranked.rank, of=ranked.of)


_SUMMARY = inner_table(SummaryRow).c

NOT_GONE = sa.func.coalesce(_SUMMARY.school_status, "").not_in(GONE)
"""The condition that a program is not of a school that no new student should choose."""

_AWARDS = sa.func.coalesce(_SUMMARY.completions, 0)

WEIGHT: sa.ColumnElement[float] = sa.case((_AWARDS < 1, 1), else_=_AWARDS) * (
    _SUMMARY.score_high - _SUMMARY.score_low
)
"""Awards of a year, at least 1, times the points that hang on open checks."""

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
    """Return the slug of the program, of a school that is open, of whose checklist most is known.

    Of equals it is the first by slug; None: there is none.
    """
    order = (col(SummaryRow.coverage).desc(), col(SummaryRow.slug))
    listed = select(col(SummaryRow.slug)).where(NOT_GONE)
    return session.exec(listed.order_by(*order).limit(1)).first()
