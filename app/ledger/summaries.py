"""What lists serve, rebuilt in the transaction that changes a fact."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import Interval
from app.domain.claims import ProgramFacts, claims_in
from app.domain.credentials.leads_to import NOWHERE, LeadsTo
from app.domain.dossier import Dossier
from app.domain.field_outcomes import ASKED
from app.domain.operation import last_day_of
from app.domain.peers import Board, Place, codes_in, place_of, rank_in, to_board, to_place
from app.domain.shared_facts import SharedFacts
from app.domain.vocabulary import Delivery, Residency
from app.queries.dossiers import BY_ID, LISTED, load_dossiers
from app.queries.shared_facts import (
    PLACE,
    RANKED,
    encode_shared_facts,
    find_boards,
    find_peers,
    gather_shared_facts,
    read_boards,
)
from app.queries.summaries import build_summary, price_fields, to_peer_rank
from app.schemas.filters import NOT_ONLINE
from app.schemas.programs import ProgramSummary
from app.schemas.served import to_plain
from app.store.facts import refresh_facts
from app.store.rows import insert_rows
from app.store.tables.programs import COMPLETION, ONLINE_TODAY, ProgramPrice, ProgramTag
from app.store.tables.programs import ProgramSummary as SummaryRow
from app.store.tables.shared_facts import SharedFactsRow


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
    refresh_facts(session, whole=only is None)
    shared = gather_shared_facts(session)
    which, wanted = (LISTED, ()) if only is None else (BY_ID, only)
    tagged, summed, priced = delete(ProgramTag), delete(SummaryRow), delete(ProgramPrice)
    if only is not None:
        tagged = tagged.where(col(ProgramTag.program_id).in_(only))
        summed = summed.where(col(SummaryRow.program_id).in_(only))
        priced = priced.where(col(ProgramPrice.program_id).in_(only))
    found = load_dossiers(session, which, wanted, now.date(), rubric=rubric, shared=shared)
    dossiers = [dossier for dossier in found if dossier.program.retired_at is None]
    session.execute(tagged)
    session.execute(priced)
    session.execute(summed)
    summaries = [build_summary(dossier) for dossier in dossiers]
    told = read_boards(session)
    if only is None:
        boards = _boards_of(dossiers)
        for dossier, summary in zip(dossiers, summaries, strict=True):
            summary.peers = to_peer_rank(dossier.rank_on(boards))
    pairs = list(zip(dossiers, summaries, strict=True))
    insert_rows(session, SummaryRow, [_to_row(*pair) for pair in pairs])
    insert_rows(session, ProgramTag, [tag for pair in pairs for tag in _to_tags(*pair)])
    insert_rows(session, ProgramPrice, [p for dossier in dossiers for p in _to_prices(dossier)])
    if only is not None:
        boards = find_boards(session)
        changed = {kind for kind in boards if boards[kind] != told.get(kind)}
        _rank_anew(session, boards, changed | {d.kind for d in dossiers if d.kind})
    _keep(session, replace(shared, peers=find_peers(session), boards=boards))
    return next_change((dossier.facts for dossier in dossiers), now.date())


def _boards_of(dossiers: Iterable[Dossier]) -> dict[str, Board]:
    """Return kind -> the places of some programs."""
    places: dict[str, list[Place]] = {}
    for dossier in dossiers:
        if kind := dossier.kind:
            places.setdefault(kind, []).append(place_of(dossier.score().whole))
    return {kind: to_board(found) for kind, found in places.items()}


def _rank_anew(session: Session, boards: Mapping[str, Board], kinds: Iterable[str]) -> None:
    """Write their places into the list items of programs of some kinds."""
    for kind in kinds:
        codes, award_level = codes_in(kind)
        stated = select(col(SummaryRow.program_id), col(SummaryRow.doc), *PLACE).where(
            col(SummaryRow.cip_code).in_(codes), col(SummaryRow.award_level) == award_level, RANKED
        )
        changed = []
        for program, doc, likely, low in session.execute(stated):
            item = from_json(doc)
            ranked = rank_in(boards[kind], to_place(likely, low), kind, item["cip_title"])
            peers = to_plain(to_peer_rank(ranked))
            if item.get("peers") != peers:
                text = to_json({**item, "peers": peers}).decode()
                changed.append({"program_id": program, "doc": text})
        if changed:
            session.execute(update(SummaryRow), changed)


def _keep(session: Session, shared: SharedFacts) -> None:
    session.execute(delete(SharedFactsRow))
    session.execute(insert(SharedFactsRow).values(id=1, doc=encode_shared_facts(shared)))


def next_change(facts: Iterable[ProgramFacts], today: date) -> date | None:
    """Return the first day after ``today`` on which the age of any claim changes, or one ends."""
    last_days: set[date] = set()
    closings: set[str | None] = set()
    for fact in facts:
        last_days.update(day for claim in claims_in(fact) for day in claim.last_days())
        closings |= {claim.closed_on for claim in fact.statuses}
    changes = {day + timedelta(days=1) for day in last_days if day >= today}
    changes |= {day for closing in closings if (day := last_day_of(closing)) and day > today}
    return min(changes, default=None)


def _to_row(dossier: Dossier, summary: ProgramSummary) -> dict[str, Any]:
    program, school, scored = dossier.program, dossier.school, dossier.score()
    survey = summary.completion_online
    row: dict[str, Any] = {
        "program_id": program.id,
        "slug": program.slug,
        "name": program.name,
        "institution_id": school.id,
        "institution_name": school.name,
        "state": school.state,
        "control": school.control,
        "cip_code": program.cip_code,
        "award_level": program.award_level,
        "award_group": program.award_group,
        "status": summary.status,
        "school_status": summary.institution.status,
        "completion_online": survey and survey.answer,
        "accreditation": summary.accreditation,
        "practicum": str(dossier.find("practicum_offered").finding),
        **_price_columns(dossier, dossier.residency),
        "months_low": summary.months.low if summary.months else None,
        "months_high": summary.months.high if summary.months else None,
        "completions": summary.completions.count if summary.completions else None,
        "net_price_cents": round(summary.net_price.usd * 100) if summary.net_price else None,
        **{f"field_{name}": getattr(summary.field_outcome, name, None) for name in ASKED},
        "score_low": scored.whole.low,
        "score_likely": scored.whole.likely,
        "score_high": scored.whole.high,
        "coverage": scored.whole.coverage,
        "updated_at": program.updated_at,
        "doc": summary.model_dump_json(),
    }
    for criterion in dossier.rubric.criteria:
        interval = scored.criteria.get(criterion.key)
        for part in fields(Interval):
            row[f"{criterion.key}_{part.name}"] = getattr(interval, part.name) if interval else None
    return row


def _price_columns(dossier: Dossier, residency: Residency) -> dict[str, Any]:
    price, total = dossier.price_for(residency), dossier.total_for(residency)
    return {
        "tuition_and_fees_cents": price.cents if price else None,
        "tuition_year_cents": dossier.year_cents(residency),
        "price_unit": price.unit if price else None,
        "price_level": price.level if price else None,
        "total_cost_low_cents": total.low_cents if total else None,
        "total_cost_high_cents": total.high_cents if total else None,
    }


def _to_prices(dossier: Dossier) -> Iterator[dict[str, Any]]:
    """Yield the prices of those who pay otherwise than residents of the state."""
    for residency in sorted(dossier.residencies_apart):
        yield {
            "program_id": dossier.program.id,
            "residency": residency,
            **_price_columns(dossier, residency),
            "doc": to_json(price_fields(dossier, residency)).decode(),
        }


def _to_tags(dossier: Dossier, summary: ProgramSummary) -> list[dict[str, Any]]:
    values = {("delivery", str(mode)) for mode in summary.delivery or []}
    if (survey := dossier.online_completion) and survey.leads:
        values.add((COMPLETION, str(Delivery.ONLINE) if survey.is_possible else NOT_ONLINE))
        if survey.is_possible and not survey.is_stale:
            values.add((COMPLETION, ONLINE_TODAY))
    values |= {("credential", code) for code in summary.prepares_for}
    values |= {
        ("leads_to", code if leads_to is LeadsTo.YES else NOWHERE)
        for code, leads_to in summary.leads_to.items()
        if leads_to is not LeadsTo.NOT_KNOWN
    }
    if dossier.is_distance_only is not None:
        values.add(("distance_only", "yes" if dossier.is_distance_only else "no"))
    topics = dossier.counting(dossier.facts.topics)
    transfer = dossier.counting(dossier.facts.transfer)
    values |= {("topic", claim.topic) for claim in topics if claim.is_covered}
    values |= {("transfer", claim.kind) for claim in transfer if claim.is_offered}
    return [
        {"kind": kind, "value": value, "program_id": dossier.program.id}
        for kind, value in sorted(values)
    ]
