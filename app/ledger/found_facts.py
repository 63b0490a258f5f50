"""Keep what pages and schools state until an editor decides; nothing is published by itself."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session, col, select

from app.domain.claims import ProgramClaim, claims_in, own_fields
from app.domain.dossier import Dossier
from app.domain.messages import N_
from app.domain.pages.page import Stated, statement_of
from app.domain.text.identifiers import fold
from app.domain.vocabulary import Level
from app.errors import ConflictError, InvalidRequestError, NotFoundError, ProblemError
from app.ledger.drafts import Proposal, propose_claims
from app.queries.found_facts import claim_of, contradicted
from app.queries.programs import get_program
from app.schemas.drafts import EditRead
from app.schemas.found_facts import (
    AcceptFactRequest,
    DecideAllRequest,
    DecidedAllRead,
    FactDecisionRead,
    FoundFactRead,
    RefusedFact,
)
from app.store.changes import Author
from app.store.records import canonical
from app.store.tables.changes import DraftEdit
from app.store.tables.programs import Program
from app.store.tables.reading import FoundFact, PageReview


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


def _to_read(fact: FoundFact, program: str) -> FoundFactRead:
    return FoundFactRead.model_validate({**fact.model_dump(), "program": program})


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
    asked = _to_propose(fact, request.changes, request.why, actor)
    [made] = propose_claims(session, [asked], now)
    if isinstance(made, ProblemError):
        raise made
    _accepted(session, fact, made, request.why, actor, now)
    return FactDecisionRead(fact=_to_read(fact, program), edit=EditRead.model_validate(made))


def _to_propose(
    fact: FoundFact, changes: Mapping[str, Any], why: str, actor: str
) -> tuple[Proposal, Author]:
    values = {**fact.record, **changes}
    told = {name: value for name, value in values.items() if value is not None}
    author = Author(actor, f"{why} (found fact {fact.id})")
    return Proposal("create", fact.collection, None, told), author


def _accepted(
    session: Session, fact: FoundFact, edit: DraftEdit, why: str, actor: str, now: datetime
) -> None:
    """Mark a fact as accepted, and what states the same elsewhere as settled with it."""
    fact.edit_id = edit.id
    _decide(session, fact, "accepted", why, actor, now)
    for other in _the_same(session, fact):
        _decide(session, other, "declined", f"The same as found fact {fact.id}", actor, now)


def _the_same(session: Session, fact: FoundFact) -> list[FoundFact]:
    """Return the open facts that state what another does, on other pages or in other words."""
    claim = claim_of(fact.collection, fact.record)
    if claim is None:
        return []
    others = session.exec(
        select(FoundFact).where(
            FoundFact.program_id == fact.program_id,
            FoundFact.collection == fact.collection,
            FoundFact.origin == fact.origin,
            FoundFact.state == "open",
        )
    )
    says = statement_of(claim)
    found = ((one, claim_of(one.collection, one.record)) for one in others)
    return [one for one, other in found if other is not None and statement_of(other) == says]


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
    waiting = select(FoundFact).where(
        FoundFact.program_id == program.id,
        FoundFact.state == "open",
        col(FoundFact.confidence) >= request.least_confidence,
    )
    if request.origin:
        waiting = waiting.where(FoundFact.origin == request.origin)
    facts = session.exec(waiting.order_by(col(FoundFact.id))).all()
    return decide_each(
        session, {fact.id or 0: request.decision for fact in facts}, request.why, actor, now
    )


Decision = Literal["accept", "decline"]


def decide_each(
    session: Session,
    decisions: Mapping[int, Decision],
    why: str,
    actor: str,
    now: datetime,
    *,
    changes: Mapping[int, dict[str, Any]] | None = None,
    one_by_one: Collection[int] = (),
) -> DecidedAllRead:
    """Accept or decline facts; what cannot be accepted goes on waiting, and the answer says why.

    Args:
        session: In a transaction that writes.
        decisions: Fact -> what becomes of it.
        why: The reason.
        actor: Who decides.
        now: The moment.
        changes: Fact -> columns that are to say something else.
        one_by_one: Facts that were looked at one by one. Of others, those that contradict each
            other are not accepted.
    """
    done = DecidedAllRead(decided=[], refused=[])
    facts = [fact for n in decisions if (fact := session.get(FoundFact, n)) is not None]
    for fact in facts:
        if decisions[fact.id or 0] == "decline" and fact.state == "open":
            _decide(session, fact, "declined", why, actor, now)
            done.decided.append(fact.id or 0)
    accepted = [f for f in facts if decisions[f.id or 0] == "accept" and f.state == "open"]
    apart = contradicted(accepted) - set(one_by_one)
    done.refused += [RefusedFact(id=number, reason=SAYS_OTHERWISE) for number in sorted(apart)]
    wanted = [fact for fact in _each_once(accepted) if fact.id not in apart]
    made = propose_claims(
        session,
        [_to_propose(fact, (changes or {}).get(fact.id or 0, {}), why, actor) for fact in wanted],
        now,
    )
    for fact, edit in zip(wanted, made, strict=True):
        if isinstance(edit, ProblemError):
            reason = "; ".join(str(fault.detail) for fault in edit.faults) or edit.detail
            done.refused.append(RefusedFact(id=fact.id or 0, reason=reason))
        else:
            _accepted(session, fact, edit, why, actor, now)
    done.decided += [fact.id or 0 for fact in accepted if fact.state != "open"]
    return done


SAYS_OTHERWISE = N_("Another page says otherwise: look at each of them.")


def _each_once(facts: Iterable[FoundFact]) -> list[FoundFact]:
    """Return the first of facts that state the same."""
    found: dict[object, FoundFact] = {}
    for fact in facts:
        claim = claim_of(fact.collection, fact.record)
        found.setdefault(statement_of(claim) if claim else fact.id, fact)
    return list(found.values())


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
