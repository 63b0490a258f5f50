"""Keep what pages and schools state until an editor decides; nothing is published by itself."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.domain.claims import ProgramClaim, claims_in, own_fields
from app.domain.dossier import Dossier
from app.domain.pages.page import Stated, statement_of
from app.domain.text.identifiers import fold
from app.domain.vocabulary import Level
from app.errors import ConflictError, InvalidRequestError, NotFoundError
from app.ledger.drafts import Proposal, propose
from app.queries.programs import get_program
from app.schemas.drafts import EditRead
from app.schemas.found_facts import (
    AcceptFactRequest,
    DecideAllRequest,
    DecidedAllRead,
    FactDecisionRead,
    FoundFactRead,
    FoundFactsPage,
    FoundFactsQuery,
    PageReviewRead,
    PageReviewsRead,
    RefusedFact,
)
from app.store.changes import Author
from app.store.paging import SortKey, fetch_page
from app.store.records import canonical, inner_table
from app.store.tables.programs import Program, ProgramSummary
from app.store.tables.reading import FoundFact, PageReview

FACT, PROGRAM = inner_table(FoundFact), inner_table(Program)
SUMMARY = inner_table(ProgramSummary)


@dataclass(slots=True)
class Kept:
    """How many facts were new, stood there already, were decided on before, or are known."""

    new: int = 0
    open: int = 0
    decided: int = 0
    known: int = 0

    def add(self, other: "Kept") -> None:
        """Count another's facts too."""
        self.new += other.new
        self.open += other.open
        self.decided += other.decided
        self.known += other.known


def named(dossier: Dossier, level: str) -> dict[str, str]:
    """Return the column by which a record on a level names the program, or its school."""
    if level == Level.INSTITUTION:
        return {"institution": str(dossier.school.unitid or dossier.school.slug)}
    return {"program": dossier.program.slug}


def record_of(claim: ProgramClaim, dossier: Dossier) -> tuple[str, dict[str, Any]]:
    """Return the collection and the columns of the change that would state a claim."""
    values: dict[str, Any] = {**named(dossier, claim.level)}
    for one in own_fields(type(claim)):
        value = getattr(claim, one.name)
        if value not in (None, []) and value != one.default:
            values[one.name] = str(value) if isinstance(value, str) else value
    for name in ("source_url", "as_of", "as_stated", "note"):
        if (value := getattr(claim, name)) is not None:
            values[name] = value
    values["basis"] = str(claim.basis)
    return f"{claim.kind_name}_claim", values


def keep(
    session: Session,
    dossier: Dossier,
    facts: Iterable[Stated],
    now: datetime,
    *,
    sha256: str | None = None,
) -> Kept:
    """Add facts of a page to those that wait, unless they wait, were decided on, or are known.

    Returns:
        How many of each.
    """
    kept = Kept()
    known = {statement_of(claim) for claim in claims_in(dossier.facts)}
    for one in facts:
        if statement_of(one.claim) in known:
            kept.known += 1
            continue
        collection, record = record_of(one.claim, dossier)
        kept.add(
            keep_record(
                session,
                dossier.program.id,
                collection,
                record,
                now,
                sentence=one.sentence,
                headings=one.headings,
                rule=one.rule,
                confidence=one.confidence,
                sha256=sha256,
            )
        )
    return kept


def keep_record(
    session: Session,
    program_id: int,
    collection: str,
    record: dict[str, Any],
    now: datetime,
    *,
    sentence: str,
    rule: str,
    confidence: float,
    headings: Sequence[str] = (),
    sha256: str | None = None,
    origin: str = "page",
    link_id: int | None = None,
) -> Kept:
    """Add one fact to those that wait; what says the same in the same words is that one.

    One that its page had ceased to state waits again once the page states it again.

    Returns:
        One of ``new``, ``open`` and ``decided``.
    """
    said = [collection, {**record, "as_of": None}, fold(sentence)]
    digest = hashlib.sha256(canonical(said).encode()).hexdigest()
    found = session.exec(select(FoundFact).where(FoundFact.digest == digest)).first()
    if found is not None:
        found.seen_at, found.sha256 = now, sha256
        if found.state == "gone":
            found.state = "open"
        session.add(found)
        return Kept(open=1) if found.state == "open" else Kept(decided=1)
    session.add(
        FoundFact(
            program_id=program_id,
            collection=collection,
            record=record,
            digest=digest,
            origin=origin,
            link_id=link_id,
            sentence=sentence,
            headings=list(headings),
            url=record.get("source_url"),
            sha256=sha256,
            rule=rule,
            confidence=round(confidence, 2),
            found_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return Kept(new=1)


def forget_unsaid(
    session: Session, program_id: int, url: str, said: Collection[str], now: datetime
) -> int:
    """Mark as gone the open facts of a page that it does not state any more; return how many."""
    statement = select(FoundFact).where(
        FoundFact.program_id == program_id,
        FoundFact.url == url,
        FoundFact.state == "open",
        FoundFact.origin == "page",
    )
    gone = [fact for fact in session.exec(statement) if fact.sentence not in said]
    for fact in gone:
        fact.state, fact.reason, fact.decided_at = "gone", "The page does not say it any more", now
        session.add(fact)
    return len(gone)


def list_facts(session: Session, query: FoundFactsQuery) -> FoundFactsPage:
    """Return one page of the facts that wait: of the programs most students finish first."""
    where: list[sa.ColumnElement[bool]] = [FACT.c.state == query.state]
    if query.program:
        where.append(PROGRAM.c.slug == query.program)
    if query.school_state:
        where.append(SUMMARY.c.state.in_(query.school_state))
    if query.collection:
        where.append(FACT.c.collection.in_(query.collection))
    if query.origin:
        where.append(FACT.c.origin == query.origin)
    joined = (
        sa.select(FACT, PROGRAM.c.slug)
        .join(PROGRAM, PROGRAM.c.id == FACT.c.program_id)
        .outerjoin(SUMMARY, SUMMARY.c.program_id == FACT.c.program_id)
        .where(*where)
    )
    awards = func.coalesce(SUMMARY.c.completions, 0)
    rows, following = fetch_page(
        session,
        joined,
        [SortKey(awards, descending=True), SortKey(PROGRAM.c.slug), SortKey(FACT.c.id)],
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"cursor", "limit"}),
    )
    facts = joined.with_only_columns(func.count(), func.count(sa.distinct(FACT.c.program_id)))
    total, programs = session.execute(facts).one()
    return FoundFactsPage(
        items=[FoundFactRead.model_validate({**row._mapping, "program": row.slug}) for row in rows],
        total=total,
        programs=programs,
        next=following,
    )


def _to_read(fact: FoundFact, program: str) -> FoundFactRead:
    return FoundFactRead.model_validate({**fact.model_dump(), "program": program})


def count_waiting(session: Session, programs: Collection[int]) -> dict[int, int]:
    """Return program -> how many facts of it wait for an editor."""
    statement = (
        sa.select(FACT.c.program_id, func.count())
        .where(FACT.c.state == "open", FACT.c.program_id.in_(programs))
        .group_by(FACT.c.program_id)
    )
    return {program: count for program, count in session.execute(statement)}


def get_fact(session: Session, number: int) -> tuple[FoundFact, str]:
    """Return a fact that waits or was decided on, and the slug of its program.

    Raises:
        NotFoundError: There is none of this number.
    """
    fact = session.get(FoundFact, number)
    if fact is None:
        raise NotFoundError("found fact", str(number))
    return fact, session.exec(select(Program.slug).where(Program.id == fact.program_id)).one()


def accept(
    session: Session, number: int, request: AcceptFactRequest, actor: str, now: datetime
) -> FactDecisionRead:
    """Make a fact a proposed change, as it was found or with columns the editor changes.

    Raises:
        NotFoundError: There is no such fact.
        ConflictError: It is decided already.
        InvalidRequestError: A value cannot be accepted.
    """
    fact, program = _open_one(session, number)
    values = {**fact.record, **request.changes}
    proposal = Proposal(
        "create", fact.collection, None, {k: v for k, v in values.items() if v is not None}
    )
    author = Author(actor, f"{request.why} (found fact {number})")
    edit, _ = propose(session, proposal, author, if_match=None, now=now)
    _decide(session, fact, "accepted", request.why, actor, now)
    fact.edit_id = edit.id
    session.flush()
    return FactDecisionRead(fact=_to_read(fact, program), edit=EditRead.model_validate(edit))


def decline(session: Session, number: int, why: str, actor: str, now: datetime) -> FactDecisionRead:
    """Decline a fact; it does not come back while its page says the same.

    Raises:
        NotFoundError: There is no such fact.
        ConflictError: It is decided already.
    """
    fact, program = _open_one(session, number)
    _decide(session, fact, "declined", why, actor, now)
    return FactDecisionRead(fact=_to_read(fact, program), edit=None)


def _open_one(session: Session, number: int) -> tuple[FoundFact, str]:
    fact, program = get_fact(session, number)
    if fact.state != "open":
        raise ConflictError(f"The found fact {number} is {fact.state} already.")
    return fact, program


def _decide(
    session: Session, fact: FoundFact, state: str, why: str, actor: str, now: datetime
) -> None:
    fact.state, fact.reason, fact.decided_at, fact.decided_by = state, why, now, actor
    session.add(fact)
    session.flush()


def decide_all(
    session: Session, request: DecideAllRequest, actor: str, now: datetime
) -> DecidedAllRead:
    """Accept or decline all that waits of one program; what cannot be accepted goes on waiting.

    Raises:
        InvalidRequestError: There is no such program.
    """
    try:
        program, _ = get_program(session, request.program)
    except NotFoundError as error:
        raise InvalidRequestError([error.in_body("#/program")]) from error
    waiting = select(FoundFact.id).where(
        FoundFact.program_id == program.id,
        FoundFact.state == "open",
        col(FoundFact.confidence) >= request.least_confidence,
    )
    done = DecidedAllRead(decided=[], refused=[])
    for number in list(session.exec(waiting.order_by(col(FoundFact.id)))):
        try:
            with session.begin_nested():
                if request.decision == "accept":
                    accept(session, number or 0, AcceptFactRequest(why=request.why), actor, now)
                else:
                    decline(session, number or 0, request.why, actor, now)
        except InvalidRequestError as error:
            reason = "; ".join(str(fault.detail) for fault in error.faults)
            done.refused.append(RefusedFact(id=number or 0, reason=reason))
            continue
        done.decided.append(number or 0)
    return done


def list_reviews(session: Session) -> PageReviewsRead:
    """Return the pages behind facts that an editor is to look at, the oldest first."""
    rows = session.exec(
        select(PageReview, Program.slug)
        .join(Program, col(Program.id) == PageReview.program_id)
        .where(col(PageReview.decided_at).is_(None))
        .order_by(col(PageReview.id))
    )
    return PageReviewsRead(
        items=[
            PageReviewRead.model_validate({**review.model_dump(), "program": slug})
            for review, slug in rows
        ]
    )


def close_review(session: Session, number: int, why: str, actor: str, now: datetime) -> None:
    """Close a review: an editor has looked at the page, and changed what was to change.

    Raises:
        NotFoundError: There is none of this number.
        ConflictError: It is closed already.
    """
    review = session.get(PageReview, number)
    if review is None:
        raise NotFoundError("page review", str(number))
    if review.decided_at is not None:
        raise ConflictError(f"The page review {number} is closed already.")
    review.decided_at, review.decided_by, review.reason = now, actor, why
    session.add(review)
    session.flush()
