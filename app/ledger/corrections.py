"""Reports of wrong facts: take them in, show them, decide on them, and hide their words."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, text
from sqlalchemy import select as select_columns
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from app.domain.text.addresses import is_on_site
from app.domain.text.identifiers import fold
from app.domain.text.json_text import escape_part
from app.domain.vocabulary import Basis
from app.errors import ConflictError, Fault, InvalidRequestError, NotFoundError, nearest
from app.ledger.drafts import Proposal, propose, read_record
from app.queries.programs import get_program, slugs_like
from app.queries.releases import stamp
from app.queries.summaries import labels_of
from app.schemas.corrections import (
    REPORTED_COLLECTIONS,
    AcceptRequest,
    CorrectionPage,
    CorrectionRead,
    CorrectionRequest,
    CorrectionsQuery,
    DecisionRead,
    HideRequest,
)
from app.schemas.drafts import EditRead
from app.schemas.records import CLAIMS, WRITABLE, values_model
from app.store.changes import Author
from app.store.paging import SortKey, fetch_page
from app.store.records import canonical, collections, record_columns
from app.store.tables.changes import DraftEdit
from app.store.tables.corrections import Correction
from app.store.tables.institutions import Institution

log = logging.getLogger(__name__)

UNITID_DIGITS = 6

NAMES = ("name", "label", "title")
"""Columns that hold what a record is called, in whichever collection it is."""


@dataclass(frozen=True, slots=True)
class Became:
    """The change that a report became: a fact of a collection.

    ``release`` is the number of the one it was published with; None: not yet, or never where it
    ``is_discarded``.
    """

    collection: str
    release: int | None
    is_discarded: bool


def count_since(session: Session, moment: datetime) -> int:
    """Return how many reports came since a moment."""
    count = select(func.count()).select_from(Correction)
    return session.exec(count.where(col(Correction.created_at) >= moment)).one()


def add_report(
    session: Session, request: CorrectionRequest, now: datetime
) -> tuple[Correction, bool]:
    """Add a report; one that says the same as an earlier one is that one.

    Returns:
        The report, and whether it is new.

    Raises:
        InvalidRequestError: There is no such record, or it has no such column.
    """
    if faults := _column_faults(request):
        raise InvalidRequestError(faults)
    if request.collection == "institution":
        request = request.model_copy(update={"key": _slug_of_school(session, request.key)})
    try:
        if request.collection == "program":
            get_program(session, request.key)  # knows which one may be meant
        read_record(session, request.collection, request.key)
    except NotFoundError as error:
        raise InvalidRequestError([error.in_body("#/key")]) from error
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
    correction = Correction(
        **request.model_dump(exclude={"website"}), digest=digest, created_at=now
    )
    session.add(correction)
    session.flush()
    return correction, True


def _slug_of_school(session: Session, key: str) -> str:
    """Return the slug of a school, which may be named by its UNITID as everywhere else."""
    if not (key.isascii() and key.isdigit() and len(key) < UNITID_DIGITS + 1):
        return key
    slug = session.exec(select(Institution.slug).where(col(Institution.unitid) == int(key))).first()
    return slug or key


def _column_faults(request: CorrectionRequest) -> list[Fault]:
    columns = (
        list(values_model(request.collection).model_fields)
        if request.collection in WRITABLE
        else [column.name for column in record_columns(collections()[request.collection])]
    )
    faults = []
    for name in sorted((request.proposed or {}).keys() - columns):
        near = nearest(name, columns)
        hint = f" Did you mean {near!r}?" if near else f" It has {', '.join(columns)}."
        words = f"A {request.collection} has no column {name[:60]!r}.{hint}"
        pointer = f"#/proposed/{escape_part(name[:60])}"
        faults.append(Fault(words, pointer=pointer, value=name[:60], suggestion=near))
    return faults


def get_correction(session: Session, number: int) -> Correction:
    """Return one report.

    Raises:
        NotFoundError: There is none of this number.
    """
    correction = session.get(Correction, number)
    if correction is None:
        raise NotFoundError("correction", str(number))
    return correction


def find_outcome(session: Session, number: int | None) -> Became | None:
    """Return what became of the change that a report became; None: it became none."""
    edit = session.get(DraftEdit, number) if number is not None else None
    if edit is None:
        return None
    return Became(edit.collection, edit.published_in, edit.discarded_at is not None)


def name_records(
    session: Session, records: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Return collection and key -> what the record is called; those that are not there left out.

    A program is called by its school too. All listed programs are looked up at once.
    """
    wanted = set(records)
    labels = labels_of(session, [key for collection, key in wanted if collection == "program"])
    named = {("program", slug): label for slug, label in labels.items()}
    for collection, key in wanted - named.keys():
        try:
            record = read_record(session, collection, key).record
        except NotFoundError:
            continue
        named[collection, key] = next((str(record[one]) for one in NAMES if record.get(one)), key)
    return named


def _refuse_unknown_key(session: Session, key: str, collection: str | None) -> None:
    """Find fault with a key that no record has; one that was reported once stays known."""
    of_key = select(Correction.id).where(Correction.key == key)
    if session.exec(of_key.limit(1)).first() is not None:
        return
    for name in [collection] if collection else REPORTED_COLLECTIONS:
        try:
            read_record(session, name, key)
        except NotFoundError:
            continue
        return
    known = slugs_like(session, key) if collection in (None, "program") else []
    kind = (collection or "record").replace("_", " ")
    raise InvalidRequestError([NotFoundError(kind, key, known=known).in_parameter("key")])


def list_corrections(session: Session, query: CorrectionsQuery) -> CorrectionPage:
    """Return one page of the log, the newest first.

    Raises:
        InvalidRequestError: Nothing that can be reported has the key asked for.
    """
    if query.key is not None:
        _refuse_unknown_key(session, query.key, query.collection)
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
        if request.collection not in WRITABLE:
            words = (
                f"A {request.collection} is brought in from a file of its source and not changed "
                "by hand: import the file as it is right, then decline the report and say so."
            )
            raise InvalidRequestError(
                [Fault(words, pointer="#/collection", value=request.collection)]
            )
        return Proposal("change", correction.collection, correction.key, request.values), "*"
    values: dict[str, Any] = {
        "source_url": correction.source_url,
        "as_of": correction.seen_on,
        "basis": str(_basis(session, correction)),
        **_about(session, correction),
        **request.values,
    }
    return Proposal("create", request.collection, None, values), None


def _basis(session: Session, correction: Correction) -> Basis:
    """Return on whose word a report rests: the school's own, where the page is on its website."""
    website = None
    if correction.collection == "program":
        website = get_program(session, correction.key)[1].website
    elif correction.collection == "institution":
        record = read_record(session, correction.collection, correction.key).record
        website = record["website"]
    if website and is_on_site(correction.source_url, website):
        return Basis.STATED_BY_INSTITUTION
    return Basis.THIRD_PARTY


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


def hide(
    session: Session, number: int, request: HideRequest, actor: str, now: datetime
) -> CorrectionRead:
    """Erase the words of a report for good; number, subject, dates and decision stay.

    Who hid them first, when and why, stays as it is. The hash by which the same words are known
    again stays too, so that they cannot be sent once more; a change that the report became is a
    record of its own.

    Raises:
        NotFoundError: There is no such report.
    """
    correction = get_correction(session, number)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete = ON"))  # what is written over is zeroed
    if correction.hidden_at is None:
        correction.hidden_at, correction.hidden_by = now, actor
        correction.hidden_reason = request.reason
    correction.statement = correction.source_url = ""
    correction.field = correction.proposed = None
    if request.decision_too and correction.reason is not None:
        correction.reason = ""
        edit = session.get(DraftEdit, correction.edit_id) if correction.edit_id else None
        if edit is not None:
            edit.why = f"Correction {number}"
            session.add(edit)
    session.add(correction)
    session.flush()
    log.warning("the words of correction %d were hidden by %s: %s", number, actor, request.reason)
    return CorrectionRead.model_validate(correction)


def truncate_wal(engine: Engine) -> None:
    """Truncate the write-ahead log of SQLite, which may hold hidden words, unless it is in use."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as plain:
            connection = plain.execution_options(sqlite_begin=None)
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    except SQLAlchemyError as error:
        log.warning("hidden words may stand in the log of writes for a while: %s", error)
