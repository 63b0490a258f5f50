"""Reports of wrong facts: take them in, show them, and decide on them."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from app.domain.identifiers import fold
from app.domain.vocabulary import Basis
from app.errors import ConflictError, Fault, InvalidRequestError, NotFoundError, UnavailableError
from app.models.corrections import Correction
from app.queries.changes import Author
from app.queries.drafts import Proposal, propose, read_record
from app.queries.paging import SortKey, fetch_page
from app.queries.programs import get_program
from app.queries.records import canonical
from app.queries.releases import stamp
from app.schemas.corrections import (
    AcceptRequest,
    CorrectionPage,
    CorrectionRead,
    CorrectionRequest,
    CorrectionsQuery,
    DecisionRead,
)
from app.schemas.drafts import EditRead
from app.schemas.records import CLAIMS

MOST_OPEN = 5_000
"""Open reports above which no more are taken: an editor has to catch up first."""


def take_in(session: Session, request: CorrectionRequest, now: datetime) -> tuple[Correction, bool]:
    """Add a report; one that says the same as an earlier one is that one.

    Returns:
        The report, and whether it is new.

    Raises:
        InvalidRequestError: There is no such record.
        UnavailableError: Too many reports are open.
    """
    try:
        if request.collection == "program":
            get_program(session, request.key)  # knows which one may be meant
        read_record(session, request.collection, request.key)
    except NotFoundError as error:
        fault = Fault(error.detail, pointer="#/key", value=request.key, suggestion=error.suggestion)
        raise InvalidRequestError([fault]) from error
    said = [
        request.collection,
        request.key,
        request.field,
        fold(request.statement),
        request.source_url,
        request.proposed,
    ]
    digest = hashlib.sha256(canonical(said).encode()).hexdigest()
    known = session.exec(select(Correction).where(Correction.digest == digest)).first()
    if known is not None:
        return known, False
    count = select(func.count()).select_from(Correction).where(Correction.state == "open")
    if session.exec(count).one() >= MOST_OPEN:
        raise UnavailableError(f"{MOST_OPEN} reports are open; no more are taken for now.")
    correction = Correction(
        **request.model_dump(exclude={"website"}), digest=digest, created_at=now
    )
    session.add(correction)
    session.flush()
    return correction, True


def get_correction(session: Session, number: int) -> Correction:
    """Return one report.

    Raises:
        NotFoundError: There is none of this number.
    """
    correction = session.get(Correction, number)
    if correction is None:
        raise NotFoundError("correction", str(number))
    return correction


def list_corrections(session: Session, query: CorrectionsQuery) -> CorrectionPage:
    """Return one page of the log, the newest first."""
    where: list[ColumnElement[bool]] = []
    if query.state:
        where.append(col(Correction.state).in_(query.state))
    if query.collection is not None:
        where.append(col(Correction.collection) == query.collection)
    if query.key is not None:
        where.append(col(Correction.key) == query.key)
    rows, following = fetch_page(
        session,
        select_columns(Correction).where(*where),
        [SortKey(col(Correction.id), descending=True)],
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"cursor", "limit"}),
    )
    total = session.exec(select(func.count()).select_from(Correction).where(*where)).one()
    return CorrectionPage(
        items=[CorrectionRead.model_validate(row[0]) for row in rows],
        total=total,
        next=following,
        **stamp(session, []),
    )


def _open_one(session: Session, number: int) -> Correction:
    correction = get_correction(session, number)
    if correction.state != "open":
        raise ConflictError(f"The correction {number} is {correction.state} already.")
    return correction


def accept(
    session: Session, number: int, request: AcceptRequest, actor: str, now: datetime
) -> DecisionRead:
    """Make a report a proposed change, with its page as the evidence.

    Raises:
        NotFoundError: There is no such report.
        ConflictError: It is decided already.
        InvalidRequestError: A value cannot be accepted.
    """
    correction = _open_one(session, number)
    proposal, if_match = _to_proposal(session, correction, request)
    author = Author(actor, f"Correction {number}: {request.reason}")
    edit, _ = propose(session, proposal, author, if_match=if_match, now=now)
    _decide(session, correction, "accepted", request.reason, actor, now)
    correction.edit_id = edit.id
    session.flush()
    return DecisionRead(
        correction=CorrectionRead.model_validate(correction), edit=EditRead.model_validate(edit)
    )


def _to_proposal(
    session: Session, correction: Correction, request: AcceptRequest
) -> tuple[Proposal, str | None]:
    if request.collection not in CLAIMS:
        if request.collection != correction.collection:
            words = (
                f"The report is on a {correction.collection}: accept it as a change of that, or "
                "as a fact with evidence."
            )
            raise InvalidRequestError(
                [Fault(words, pointer="#/collection", value=request.collection)]
            )
        return Proposal("change", correction.collection, correction.key, request.values), "*"
    values: dict[str, Any] = {
        "source_url": correction.source_url,
        "as_of": correction.seen_on,
        "basis": str(Basis.THIRD_PARTY),
        **_about(session, correction),
        **request.values,
    }
    return Proposal("create", request.collection, None, values), None


def _about(session: Session, correction: Correction) -> dict[str, str]:
    """Return the column that says what a fact is about."""
    record = read_record(session, correction.collection, correction.key).record
    match correction.collection:
        case "program":
            return {"program": correction.key}
        case "institution":
            return {"institution": str(record["unitid"] or correction.key)}
        case "credential":
            return {"credential_code": correction.key}
        case _:
            return {}


def decline(session: Session, number: int, reason: str, actor: str, now: datetime) -> DecisionRead:
    """Close a report without a change; the reason is public.

    Raises:
        NotFoundError: There is no such report.
        ConflictError: It is decided already.
    """
    correction = _open_one(session, number)
    _decide(session, correction, "declined", reason, actor, now)
    return DecisionRead(correction=CorrectionRead.model_validate(correction), edit=None)


def _decide(
    session: Session, correction: Correction, state: str, reason: str, actor: str, now: datetime
) -> None:
    correction.state, correction.reason = state, reason
    correction.decided_at, correction.decided_by = now, actor
    session.add(correction)
    session.flush()
