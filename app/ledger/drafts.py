"""Proposed changes: applied in a transaction to look at them, or for good by a release."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col, select

from app.domain.checklist.rubric import Rubric
from app.domain.credentials.cells import FIELD_LABELS, find_asserter, may_speak_as
from app.domain.vocabulary import BELOW_ASSOCIATE, CERTIFICATE, Basis, SayerKind
from app.errors import (
    ConflictError,
    Fault,
    InvalidRequestError,
    NotFoundError,
    PreconditionRequiredError,
    ProblemError,
    StaleError,
    nearest,
)
from app.ledger.summaries import refresh_summaries
from app.queries.credentials import asserters_by_host, evidence_faults
from app.queries.references import EDITORS, reference_faults
from app.queries.releases import stamp, why_due
from app.schemas.records import (
    ABOUT,
    CLAIMS,
    WRITABLE,
    ChangeRead,
    EditAuthor,
    HistoryRead,
    RecordPage,
    RecordRead,
    RecordsQuery,
    Values,
    values_model,
)
from app.store.changes import Author, forget_changes, recorded_changes
from app.store.paging import SortKey, fetch_page
from app.store.records import (
    Names,
    collections,
    current,
    etag_of,
    is_current,
    key_columns,
    key_of,
    to_record,
)
from app.store.rows import insert_rows, supersede_rows, update_rows
from app.store.tables.changes import CatalogueChange, DraftEdit
from app.store.tables.programs import Program
from app.store.tables.releases import Release
from app.store.tables.sources import Source


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change as an editor asks for it; ``key`` None: a new record."""

    action: str
    collection: str
    key: str | None
    values: Mapping[str, Any]


def lock_catalogue(session: Session) -> None:
    """Lock the catalogue for one writer at a time.

    SQLite holds its lock from the start of the transaction; elsewhere the row of the first
    release is it, for that one never changes.
    """
    first = select(Release.number).order_by(col(Release.number)).limit(1)
    session.exec(first.with_for_update()).first()


def pending_edits(session: Session) -> list[DraftEdit]:
    """Return proposed changes that are neither published nor discarded, oldest first."""
    return list(
        session.exec(
            select(DraftEdit)
            .where(col(DraftEdit.published_in).is_(None), col(DraftEdit.discarded_at).is_(None))
            .order_by(col(DraftEdit.id))
        )
    )


def propose(
    session: Session,
    proposal: Proposal,
    author: Author,
    *,
    if_match: str | None,
    now: datetime,
) -> tuple[DraftEdit, RecordRead]:
    """Add a change to the draft after applying it on top of all pending ones; publish nothing.

    Args:
        session: In a transaction that writes.
        proposal: What is to change.
        author: Who asks for it, and why.
        if_match: Entity tag of the record as the author read it; needed unless it is new.
        now: The moment of the proposal.

    Raises:
        NotFoundError: There is no such collection or record.
        InvalidRequestError: A value cannot be accepted.
        PreconditionRequiredError: No entity tag is given.
        StaleError: The record reads otherwise than the entity tag says.
        ConflictError: The record is retired already, or a pending change stands in the way.
    """
    lock_catalogue(session)
    edit = _to_edit(proposal, author, now)
    pending = pending_edits(session)
    with rolled_back_savepoint(session):
        apply_edits(session, pending, now)
        if proposal.key is not None:
            _check_etag(session, proposal, if_match)
        key = apply_edit(session, edit, now)
        found = read_record(session, proposal.collection, key)
        if edit.action == "create" and proposal.collection not in CLAIMS:
            edit.key = key
    session.add(edit)
    session.flush()
    if proposal.action == "create":
        found.key = edit.key
    mine = [e for e in pending if (e.collection, e.key) == (edit.collection, edit.key)]
    found.edits = [int(e.id or 0) for e in [*mine, edit]]
    return edit, found


def _to_edit(proposal: Proposal, author: Author, now: datetime) -> DraftEdit:
    return DraftEdit(
        action=proposal.action,
        collection=proposal.collection,
        key=proposal.key,
        record=dict(proposal.values),
        actor=author.name,
        why=author.why,
        at=now,
    )


def propose_claims(
    session: Session, proposals: Iterable[tuple[Proposal, Author]], now: datetime
) -> list[DraftEdit | ProblemError]:
    """Add new claims to the draft, each that can be; return its change, or why it cannot be.

    What is pending is applied once for all of them, but for new claims on other programs and
    schools, which cannot stand in the way.
    """
    lock_catalogue(session)
    wanted = [_to_edit(proposal, author, now) for proposal, author in proposals]
    about = {name for edit in wanted for name in _spoken_of(edit)}
    pending = [edit for edit in pending_edits(session) if not _is_on_others(edit, about)]
    refused: dict[int, ProblemError] = {}
    with rolled_back_savepoint(session):
        apply_edits(session, pending, now)
        for at, edit in enumerate(wanted):
            try:
                with session.begin_nested():
                    apply_edit(session, edit, now)
            except (InvalidRequestError, ConflictError) as error:
                refused[at] = error
    session.add_all(edit for at, edit in enumerate(wanted) if at not in refused)
    session.flush()
    return [refused.get(at, edit) for at, edit in enumerate(wanted)]


def _spoken_of(edit: DraftEdit) -> set[str]:
    return {str(edit.record[name]) for name in ABOUT.values() if edit.record.get(name)}


def _is_on_others(edit: DraftEdit, about: set[str]) -> bool:
    """Return whether a change is a new claim on none of those spoken of."""
    is_new_claim = edit.action == "create" and edit.collection in CLAIMS
    return is_new_claim and not about & _spoken_of(edit)


@contextmanager
def rolled_back_savepoint(session: Session) -> Iterator[None]:
    """Run the block in a savepoint and roll it back."""
    session.flush()
    forget_changes(session)
    part = session.begin_nested()
    try:
        yield
    finally:
        if part.is_active:
            part.rollback()
        forget_changes(session)


def _check_etag(session: Session, proposal: Proposal, if_match: str | None) -> None:
    found = read_record(session, proposal.collection, str(proposal.key))
    if if_match is None:
        raise PreconditionRequiredError(
            f"A change of {proposal.collection} {proposal.key!r} needs If-Match: {found.etag}."
        )
    tags = [tag.strip() for tag in if_match.split(",")]
    if found.etag not in tags and "*" not in tags:
        raise StaleError(
            f"{proposal.collection} {proposal.key!r} has the etag {found.etag} in the draft, not "
            f"{if_match}."
        )
    if found.is_retired:
        raise ConflictError(f"{proposal.collection} {proposal.key!r} is retired already.")


def apply_edits(session: Session, edits: Iterable[DraftEdit], now: datetime) -> list[str]:
    """Apply proposed changes in their order, as part of a transaction; return their keys.

    Raises:
        ConflictError: One does not fit the catalogue any more; it must be discarded.
    """
    keys = []
    for edit in edits:
        try:
            keys.append(apply_edit(session, edit, now))
        except (InvalidRequestError, NotFoundError, ConflictError) as error:
            raise ConflictError(
                f"The pending edit {edit.id} ({edit.action} {edit.collection} {edit.key or ''}) "
                f"does not fit any more: {error.detail} Discard it first."
            ) from error
    return keys


def apply_edit(session: Session, edit: DraftEdit, now: datetime) -> str:
    """Apply one proposed change and return the key of the record that stands now.

    Raises:
        InvalidRequestError: A value cannot be accepted.
        NotFoundError: There is no such collection or record.
        ConflictError: The database holds something that excludes it.
    """
    table = _writable(edit.collection)
    try:
        match edit.action:
            case "create":
                return _create(session, table, edit.record, now)
            case "change":
                return _change(session, table, str(edit.key), edit.record, now)
            case _:
                return _retire(session, table, str(edit.key), now)
    except IntegrityError as error:
        words = str(error.orig).splitlines()[0]
        raise ConflictError(f"The catalogue does not allow it: {words}.") from error


def _writable(collection: str) -> sa.Table:
    if collection not in collections():
        raise NotFoundError("collection", collection, known=list(WRITABLE))
    if collection not in WRITABLE:
        fault = Fault(
            f"{collection} is kept by importers alone.", parameter="collection", value=collection
        )
        raise InvalidRequestError([fault])
    return collections()[collection]


def find_row(session: Session, table: sa.Table, key: str) -> dict[str, Any]:
    """Return the row of a key, retired or not.

    Raises:
        NotFoundError: There is none.
    """
    columns = key_columns(table)
    parts = key.split("/", len(columns) - 1)
    if len(parts) != len(columns):
        raise NotFoundError(table.name, key)
    is_number = [isinstance(column.type, sa.Integer) for column in columns]
    if any(
        number and not (part.isascii() and part.isdigit() and len(part) < 16)
        for number, part in zip(is_number, parts, strict=True)
    ):
        raise NotFoundError(table.name, key)
    where = [
        column == (int(part) if number else part)
        for column, part, number in zip(columns, parts, is_number, strict=True)
    ]
    row = session.execute(sa.select(table).where(*where)).mappings().first()
    if row is None:
        raise NotFoundError(table.name, key)
    return dict(row)


def read_record(session: Session, collection: str, key: str) -> RecordRead:
    """Return one record as the transaction has it.

    Raises:
        NotFoundError: There is no such collection or record.
    """
    if collection not in collections():
        raise NotFoundError("collection", collection, known=list(collections()))
    table = collections()[collection]
    return to_read(session, table, find_row(session, table, key))


def to_read(session: Session, table: sa.Table, row: Mapping[str, Any]) -> RecordRead:
    """Return a row as an editor sees it."""
    names = Names(session)
    names.fill([row])
    record = to_record(table, row, names)
    return RecordRead(
        collection=table.name,
        key=key_of(table, row),
        record=record,
        etag=etag_of(record),
        is_retired=not is_current(row),
        edits=[],
    )


def _validated(collection: str, values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found: Values = values_model(collection).model_validate(dict(values))
    except ValidationError as error:
        columns = list(values_model(collection).model_fields)
        faults = [_to_fault(collection, columns, fault) for fault in error.errors()]
        raise InvalidRequestError(faults) from error
    dumped = found.model_dump(mode="json")
    if collection == "guide_entry":
        dumped["facts"] = {k: v for k, v in dumped["facts"].items() if v is not None}
    return dumped


def _to_fault(collection: str, columns: list[str], fault: Mapping[str, Any]) -> Fault:
    place = fault["loc"]
    pointer = "#/values" + "".join(f"/{part}" for part in place)
    value = None if fault["type"] == "missing" else str(fault["input"])[:200]
    if fault["type"] == "extra_forbidden" and len(place) == 1:
        near = nearest(str(place[0]), columns)
        hint = f" Did you mean {near!r}?" if near else ""
        words = f"A {collection} has no column {place[0]!r} to write.{hint}"
        return Fault(words, pointer=pointer, value=value, suggestion=near)
    words = fault["msg"].removeprefix("Value error, ")
    return Fault(f"{'.'.join(map(str, place)) or 'values'}: {words}.", pointer=pointer, value=value)


def _resolved(
    session: Session,
    table: sa.Table,
    values: dict[str, Any],
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return columns of the table: the program and school that a record names by number.

    Raises:
        InvalidRequestError: It names something that is not known, or may not be said by whom it
            names; every fault is told.
    """
    row = dict(values)
    faults = []
    for column, name in ABOUT.items():
        if column not in table.c or name not in row:
            continue
        key = row.pop(name)
        number = None if key is None else _number_of(session, name, key)
        if key is not None and number is None:
            words = f"No {name} is known as {key!r}."
            faults.append(Fault(words, pointer=f"#/values/{name}", value=key))
        row[column] = number
    is_fact = table.name in CLAIMS and table.name != "credential_claim" and not faults
    if is_fact and (row["program_id"] is None) == (row["institution_id"] is None):
        words = "A fact is about a program or about an institution: name one of the two."
        faults.append(Fault(words, pointer="#/values/program"))
    if table.name == "credential_claim":
        faults += _asserter_faults(session, row)
    if table.name == "credential_rule":
        faults += [
            Fault(fault, pointer="#/values/rules")
            for fault in evidence_faults(row["rules"], asserters_by_host(session), "rules")
        ]
    faults += reference_faults(session, table.name, values, before)
    if faults:
        raise InvalidRequestError(faults)
    return row


def _asserter_faults(session: Session, row: Mapping[str, Any]) -> list[Fault]:
    """Return why a fact on a credential may not enter: who says it is not on the list for it."""
    faults = []
    if row["field"] not in FIELD_LABELS:
        near = nearest(row["field"], FIELD_LABELS)
        words = f"{row['field']!r} is not a field of a credential."
        faults.append(Fault(words, pointer="#/values/field", value=row["field"], suggestion=near))
    listed = find_asserter(row["source_url"], asserters_by_host(session))
    sayer = SayerKind(row["sayer_kind"])
    if listed is None or listed.is_refused or not may_speak_as(listed.kind, sayer):
        words = (
            f"The page's host may not state facts on credentials as {sayer}: it is not on the "
            "list of asserters, refused there, or of a lower rank."
        )
        faults.append(Fault(words, pointer="#/values/source_url", value=row["source_url"]))
    return faults


def _number_of(session: Session, name: str, key: str) -> int | None:
    table = SQLModel.metadata.tables[name]
    where = table.c.slug == key
    if name == "institution" and key.isascii() and key.isdigit() and len(key) < 10:
        where = table.c.unitid == int(key)
    return session.execute(sa.select(table.c.id).where(where)).scalar()


def _create(session: Session, table: sa.Table, values: Mapping[str, Any], now: datetime) -> str:
    row = _resolved(session, table, _validated(table.name, values))
    _ensure_source(session)
    row |= _set_by_service(table, row, now)
    insert_rows(session, WRITABLE[table.name], [row])
    if "id" in table.c and "slug" not in table.c:
        return str(session.execute(sa.select(sa.func.max(table.c.id))).scalar_one())
    return key_of(table, row)


def _set_by_service(table: sa.Table, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the columns of a new row that no editor sets."""
    found: dict[str, Any] = {}
    if "source" in table.c:
        found["source"] = EDITORS
    for name in ("recorded_at", "updated_at"):
        if name in table.c:
            found[name] = now
    if table.name == "credential_claim":
        found["origin"] = EDITORS
    if table.name == "program":
        level = row["award_level"]
        found["award_group"] = CERTIFICATE if level in BELOW_ASSOCIATE else level
    return found


def _ensure_source(session: Session) -> None:
    known = session.get(Source, EDITORS)
    if known is not None and known.retired_at is not None:
        known.retired_at = None
        session.flush()
    if known is None:
        session.add(
            Source(
                key=EDITORS,
                title="Facts entered by editors, each with the page it was read on",
                publisher="hit-compare",
                licence="Apache-2.0",
                basis=Basis.EDITORIAL,
            )
        )
        session.flush()


def _change(
    session: Session, table: sa.Table, key: str, values: Mapping[str, Any], now: datetime
) -> str:
    old = find_row(session, table, key)
    _refuse_key_change(table, old, values)
    shape = values_model(table.name).model_fields
    record = to_read(session, table, old).record
    whole = {name: record.get(name) for name in shape} | dict(values)
    row = _resolved(session, table, _validated(table.name, whole), record)
    model = WRITABLE[table.name]
    if table.name in CLAIMS:
        _ensure_source(session)
        supersede_rows(session, model, [old["id"]], now)
        insert_rows(session, model, [row | _set_by_service(table, row, now)])
        return str(session.execute(sa.select(sa.func.max(table.c.id))).scalar_one())
    if "updated_at" in table.c:
        row["updated_at"] = now
    if table.name == "program":
        row["award_group"] = _set_by_service(table, row, now)["award_group"]
    elif table.name != "source":  # who says it now is the editor; a program is told by its claims
        _ensure_source(session)
        row["source"] = EDITORS
    if table.name == "institution":
        row["as_of"] = now.date().isoformat()
    identity = tuple(column.name for column in table.primary_key)
    update_rows(session, model, identity, [(old, row)])
    return key


def _refuse_key_change(table: sa.Table, old: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Refuse changes of key columns; addresses are permanent."""
    fixed = {"slug"} if "id" in table.c else {c.name for c in table.primary_key}
    faults = [
        Fault(
            f"{name} is part of the record's address, which stays {old[name]!r}.",
            pointer=f"#/values/{name}",
            value=str(values[name])[:200],
        )
        for name in sorted(fixed & set(values))
        if name in old and values[name] != old[name]
    ]
    if faults:
        raise InvalidRequestError(faults)


def _retire(session: Session, table: sa.Table, key: str, now: datetime) -> str:
    old = find_row(session, table, key)
    model = WRITABLE[table.name]
    if not is_current(old):
        raise ConflictError(f"{table.name} {key!r} is retired already.")
    if table.name in CLAIMS:
        supersede_rows(session, model, [old["id"]], now)
        return key
    if "retired_at" not in table.c:
        raise ConflictError(f"Records of {table.name} can be changed, not retired.")
    if table.name == "institution":
        listed = select(Program.slug).where(
            col(Program.institution_id) == old["id"], col(Program.retired_at).is_(None)
        )
        if slugs := session.exec(listed.limit(3)).all():
            names = ", ".join(slugs)
            raise ConflictError(f"{key!r} still has listed programs: {names}. Retire them first.")
    values: dict[str, Any] = {"retired_at": now}
    if "retired_reason" in table.c:
        values["retired_reason"] = "retired by an editor"
    identity = tuple(column.name for column in table.primary_key)
    update_rows(session, model, identity, [(old, values)])
    return key


MOST_RESCORED_ALONE = 500
"""Above this many affected programs, scoring all of them takes no longer."""


def affected_programs(session: Session) -> set[int] | None:
    """Return the programs whose summary the transaction affects; None means all."""
    programs: set[int] = set()
    schools: set[int] = set()
    codes: set[str] = set()
    for (collection, _), change in recorded_changes(session).items():
        for image in (change.before, change.after):
            if image is None:
                continue
            if collection == "program":
                programs.add(image["id"])
            elif collection == "institution":
                schools.add(image["id"])
            elif collection == "cip":
                codes.add(image["code"])
            elif image.get("program_id"):
                programs.add(image["program_id"])
            elif image.get("institution_id"):
                schools.add(image["institution_id"])
    of_schools = select(Program.id).where(
        sa.or_(col(Program.institution_id).in_(schools), col(Program.cip_code).in_(codes))
    )
    if schools or codes:
        programs |= {key for key in session.exec(of_schools) if key}
    return None if len(programs) > MOST_RESCORED_ALONE else programs


def refresh_affected(session: Session, rubric: Rubric, release: Release, now: datetime) -> Any:
    """Rescore the affected programs, or all of them where stored scores are out of date.

    Returns:
        The first later day on which any stored score can change, or None.
    """
    only = None if why_due(release, rubric, now) else affected_programs(session)
    change_on = refresh_summaries(session, rubric, now=now, only=only)
    if only is None:
        return change_on
    days = [day for day in (change_on, release.scores_change_on) if day is not None]
    return min(days, default=None)


def discard_edit(session: Session, number: int, actor: str, now: datetime) -> DraftEdit:
    """Remove a pending change from the draft; it stays readable.

    Raises:
        NotFoundError: There is no such edit.
        ConflictError: It is published or discarded already.
    """
    edit = session.get(DraftEdit, number)
    if edit is None:
        raise NotFoundError("edit", str(number))
    if edit.published_in is not None or edit.discarded_at is not None:
        state = "published" if edit.published_in is not None else "discarded"
        raise ConflictError(f"The edit {number} is {state} already.")
    edit.discarded_at, edit.discarded_by = now, actor
    session.add(edit)
    session.flush()
    return edit


@contextmanager
def draft_session(engine: Engine) -> Iterator[Session]:
    """Open a session that may write and is always rolled back."""
    with engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="IMMEDIATE")
        with Session(connection) as session:
            session.info["draft"] = True
            try:
                yield session
            finally:
                session.rollback()
                forget_changes(session)


def apply_draft(session: Session, rubric: Rubric, now: datetime) -> None:
    """Let a session that is taken back see the catalogue as the draft would make it.

    Raises:
        ConflictError: A pending change does not fit any more.
    """
    release = session.exec(select(Release).order_by(col(Release.number).desc()).limit(1)).first()
    edits = pending_edits(session)
    if release is not None and edits:
        apply_edits(session, edits, now)
        refresh_affected(session, rubric, release, now)
        session.expire_all()


def read_in_draft(session: Session, collection: str, key: str, now: datetime) -> RecordRead:
    """Return one record as the draft has it, in a session that is taken back.

    Raises:
        NotFoundError: There is no such collection or record.
        ConflictError: A pending change does not fit any more.
    """
    edits = pending_edits(session)
    apply_edits(session, edits, now)
    found = read_record(session, collection, key)
    found.edits = [int(e.id or 0) for e in edits if (e.collection, e.key) == (collection, key)]
    return found


def list_records(session: Session, collection: str, query: RecordsQuery) -> RecordPage:
    """Return one page of the records of a collection that stand, by their keys.

    Raises:
        NotFoundError: There is no such collection, or no such program.
        InvalidRequestError: Records of the collection are not about programs.
    """
    if collection not in collections():
        raise NotFoundError("collection", collection, known=list(collections()))
    table = collections()[collection]
    where = [current(table)]
    if query.program is not None:
        if "program_id" not in table.c:
            words = f"Records of {collection} are not about programs."
            raise InvalidRequestError([Fault(words, parameter="program", value=query.program)])
        number = _number_of(session, "program", query.program)
        if number is None:
            words = f"No program is known as {query.program!r}."
            raise InvalidRequestError([Fault(words, parameter="program", value=query.program)])
        where.append(table.c.program_id == number)
    rows, following = fetch_page(
        session,
        sa.select(table).where(*where),
        [SortKey(key) for key in key_columns(table)],
        limit=query.limit,
        cursor=query.cursor,
        query=f"records of {collection} on {query.program}",
    )
    found = [dict(zip(table.columns.keys(), row, strict=False)) for row in rows]
    return RecordPage(items=[to_read(session, table, row) for row in found], next=following)


def get_history(session: Session, collection: str, key: str, field: str | None) -> HistoryRead:
    """Return every change of a record, newest first, with who proposed and who published it.

    Raises:
        NotFoundError: There is no such collection, or no record was ever known by this key.
    """
    read_or_changed = list(
        session.exec(
            select(CatalogueChange)
            .where(CatalogueChange.collection == collection, CatalogueChange.key == key)
            .order_by(col(CatalogueChange.id).desc())
        )
    )
    if not read_or_changed:
        read_record(session, collection, key)
    table = collections()[collection]
    names = Names(session)
    names.fill([i for c in read_or_changed for i in (c.before, c.after) if i is not None])
    edits: dict[int, list[DraftEdit]] = {}
    for edit in session.exec(
        select(DraftEdit).where(DraftEdit.collection == collection, DraftEdit.key == key)
    ):
        edits.setdefault(edit.published_in or 0, []).append(edit)
    items = []
    for change in read_or_changed:
        before, after = (
            to_record(table, image, names) if image is not None and is_current(image) else None
            for image in (change.before, change.after)
        )
        differing = [
            column.name
            for column in table.columns
            if (change.before or {}).get(column.name) != (change.after or {}).get(column.name)
        ]
        if field is None or field in differing:
            items.append(
                ChangeRead(
                    release=change.release,
                    at=change.at,
                    actor=change.actor,
                    why=change.why,
                    edits=[
                        EditAuthor(edit=int(e.id or 0), actor=e.actor, at=e.at, why=e.why)
                        for e in edits.get(change.release, [])
                    ],
                    fields=differing,
                    before=before,
                    after=after,
                )
            )
    return HistoryRead(collection=collection, key=key, items=items, **stamp(session, []))
