"""Record every change of the catalogue as it is written, and tell what changed since a release."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, inspect
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import Session, SQLModel, col

from app.store.records import (
    BOOKKEEPING,
    Names,
    batches,
    collections,
    current,
    is_current,
    key_columns,
    key_of,
    key_text,
    to_image,
    to_record,
)
from app.store.tables.changes import CatalogueChange
from app.store.tables.releases import Release

Row = Mapping[str, Any]
CHANGES = "changes of this transaction"
CHANGES_A_BATCH = 1_000
IS_FIRST_RELEASE = "whether this transaction makes the first release"


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes the catalogue, and why."""

    name: str
    why: str


@dataclass(slots=True)
class RowBeforeAfter:
    """A row before the first and after the last change of a transaction; None: not there."""

    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def differ(self) -> bool:
        """Whether the row states something else, or was added, superseded or retired."""
        return _stated_values(self.before) != _stated_values(self.after)


def _stated_values(image: dict[str, Any] | None) -> object:
    if image is None or not is_current(image):
        return None
    return {name: value for name, value in image.items() if name not in BOOKKEEPING}


def is_recording(session: OrmSession) -> bool:
    """Return whether changes are recorded: from the first release on."""
    if IS_FIRST_RELEASE not in session.info:
        number = session.execute(sa.select(col(Release.number)).limit(1)).first()
        session.info[IS_FIRST_RELEASE] = number is None
    return not session.info[IS_FIRST_RELEASE]


def record_changes(
    session: OrmSession, table: sa.Table, pairs: Iterable[tuple[Row | None, Row | None]]
) -> None:
    """Record rows of a table before and after a change; tables outside the catalogue are skipped.

    None is a row that is not there.
    """
    if table.name not in collections() or not is_recording(session):
        return
    changes: dict[tuple[str, str], RowBeforeAfter] = session.info.setdefault(CHANGES, {})
    for before, after in pairs:
        row = after if after is not None else before
        if row is None:
            continue
        old = None if before is None else to_image(before)
        new = None if after is None else to_image(after)
        known = changes.setdefault((table.name, key_of(table, row)), RowBeforeAfter(old, new))
        known.after = new


@event.listens_for(OrmSession, "before_flush")
def _record_updated_rows(session: OrmSession, _context: object, _instances: object) -> None:
    for entity in session.dirty:
        table = inspect(type(entity)).local_table
        if session.is_modified(entity) and table.name in collections():
            state = inspect(entity)
            before, after = {}, {}
            for column in table.columns:
                history = state.attrs[column.name].history
                after[column.name] = getattr(entity, column.name)
                before[column.name] = history.deleted[0] if history.deleted else after[column.name]
            record_changes(session, table, [(before, after)])


@event.listens_for(OrmSession, "after_flush")
def _record_inserted_rows(session: OrmSession, _context: object) -> None:
    for entity in session.new:
        table = inspect(type(entity)).local_table
        row = {column.name: getattr(entity, column.name) for column in table.columns}
        record_changes(session, table, [(None, row)])


def forget_changes(session: OrmSession) -> None:
    """Discard the recorded changes, as after a savepoint was rolled back."""
    session.info.pop(CHANGES, None)


def recorded_changes(session: OrmSession) -> dict[tuple[str, str], RowBeforeAfter]:
    """Return (collection, key) -> the row before and after, for all changes made so far."""
    session.flush()
    found: dict[tuple[str, str], RowBeforeAfter] = session.info.get(CHANGES, {})
    return {at: change for at, change in found.items() if change.differ}


def write_changes(session: Session, release: int, author: Author, now: datetime) -> None:
    """Write the changes of the transaction to the log of a release, and start recording anew."""
    changes = recorded_changes(session)
    forget_changes(session)
    session.info.pop(IS_FIRST_RELEASE, None)
    if not changes:
        return
    log = SQLModel.metadata.tables["catalogue_change"]
    at = [{"of": collection, "row": key} for collection, key in changes]
    session.connection().execute(
        sa.update(log)
        .where(
            log.c.collection == sa.bindparam("of"),
            log.c.key == sa.bindparam("row"),
            log.c.is_latest,
        )
        .values(is_latest=False),
        at,
    )
    rows = [
        {
            "release": release,
            "collection": collection,
            "key": key,
            "before": change.before,
            "after": change.after,
            "actor": author.name,
            "why": author.why,
            "at": now,
            "is_latest": True,
        }
        for (collection, key), change in changes.items()
    ]
    for some in batches(rows, 2_000):
        session.execute(sa.insert(log), some)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """A record as it stands now, or a tombstone (``record`` None)."""

    release: int
    collection: str
    key: str
    record: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """How far a reader has read the feed: within the first release, or up to a change.

    ``collection`` is that of the row read last, None once the first release is read through.
    """

    collection: str | None
    values: tuple[Any, ...]

    def as_text(self) -> str:
        """Return the position as text for a cursor."""
        return json.dumps([self.collection, *self.values])

    @classmethod
    def from_text(cls, text: str) -> "FeedPosition":
        """Return the position of a cursor text.

        Raises:
            ValueError: The text is no position.
        """
        collection, *values = json.loads(text)
        if collection is not None and collection not in collections():
            raise ValueError("the cursor names a collection that is not there")
        return cls(collection, tuple(values))


def first_release(session: Session) -> int:
    """Return the number of the oldest release, 0 before there is one."""
    return session.execute(sa.select(sa.func.min(col(Release.number)))).scalar() or 0


def read_feed(
    session: Session,
    since: int,
    position: FeedPosition | None,
    limit: int,
    wanted: Collection[str] = (),
) -> tuple[list[FeedItem], FeedPosition | None]:
    """Return the next items of what changed since a release, and the position to go on from.

    Rows of the first release come first, in the order of their keys, those that were changed
    later left out; then every changed row once, in the order of its last change. So a reader who
    applies all items holds what is published when he comes to the end, however often the
    catalogue changes meanwhile. None as the position: nothing is left. Of ``wanted`` collections,
    all if there are none.
    """
    items: list[FeedItem] = []
    first = first_release(session)
    order = [name for name in sorted(collections()) if not wanted or name in wanted]
    if position is None:
        is_whole = since < first
        position = FeedPosition(order[0], ()) if is_whole else FeedPosition(None, (0,))
    while position.collection is not None and len(items) < limit:
        found, position = _read_base(session, first, position, limit - len(items), order)
        items += found
    if position.collection is not None:
        return items, position
    left = limit - len(items)
    if left == 0:
        return items, position
    rows = session.scalars(
        sa.select(CatalogueChange)
        .where(
            col(CatalogueChange.is_latest),
            col(CatalogueChange.release) > since,
            col(CatalogueChange.id) > position.values[0],
            col(CatalogueChange.collection).in_(order),
        )
        .order_by(col(CatalogueChange.id))
        .limit(left + 1)
    ).all()
    items += _to_items(session, rows[:left])
    if len(rows) <= left:
        return items, None
    return items, FeedPosition(None, (rows[left - 1].id,))


def _read_base(
    session: Session, first: int, position: FeedPosition, limit: int, order: Sequence[str]
) -> tuple[list[FeedItem], FeedPosition]:
    """Return unchanged rows of one collection of the first release, and the next position."""
    name = str(position.collection)
    table = collections()[name]
    keys = key_columns(table)
    statement = _unchanged_rows(name).limit(limit)
    if position.values:
        statement = statement.where(sa.tuple_(*keys) > sa.tuple_(*position.values))
    rows = [dict(row) for row in session.execute(statement).mappings()]
    names = Names(session)
    names.fill(rows)
    items = [
        FeedItem(first, name, key_of(table, row), to_record(table, row, names)) for row in rows
    ]
    if len(rows) == limit:
        last = rows[-1]
        return items, FeedPosition(name, tuple(last[column.name] for column in keys))
    later = [other for other in order if other > name]
    return items, FeedPosition(later[0], ()) if later else FeedPosition(None, (0,))


@cache
def _unchanged_rows(name: str) -> sa.Select[Any]:
    """Return the statement for the current rows of a collection that no change speaks of."""
    table = collections()[name]
    log = SQLModel.metadata.tables["catalogue_change"]
    changed = sa.exists().where(log.c.collection == name, log.c.key == key_text(table))
    return sa.select(table).where(current(table), ~changed).order_by(*key_columns(table))


def _to_items(session: Session, rows: Sequence[CatalogueChange]) -> list[FeedItem]:
    names = _names_in(session, [row.after for row in rows])
    return [
        FeedItem(row.release, row.collection, row.key, _record(row.collection, row.after, names))
        for row in rows
    ]


def _names_in(session: Session, images: Iterable[Row | None]) -> Names:
    names = Names(session)
    names.fill([image for image in images if image is not None])
    return names


def _record(collection: str, image: Row | None, names: Names) -> dict[str, Any] | None:
    """Return the record of a row as it was, None where it did not stand.

    Of columns that the table did not have yet it has what they are without a word.
    """
    if image is None or not is_current(image):
        return None
    table = collections()[collection]
    return to_record(table, {**_absent(table), **image}, names)


@cache
def _absent(table: sa.Table) -> Row:
    """Return what each column of a table holds where nothing was said."""
    return {column.name: _default_of(column) for column in table.columns}


def _default_of(column: sa.Column[Any]) -> Any:
    if isinstance(column.default, sa.ColumnDefault) and column.default.is_scalar:
        return column.default.arg
    return [] if isinstance(column.type, sa.JSON) and not column.nullable else None


@dataclass(frozen=True, slots=True)
class Change:
    """What a release made of one row; None: the record is not there."""

    release: int
    at: datetime
    collection: str
    key: str
    before: dict[str, Any] | None
    record: dict[str, Any] | None

    @property
    def kind(self) -> str:
        """Return whether it is "added", "changed" or "retired"."""
        had, has = self.before is not None, self.record is not None
        return "changed" if had and has else "added" if has else "retired"


def changes_about(column: str, value: object) -> sa.ColumnElement[bool]:
    """Return the condition for changes of rows that have a value in a column, as ``program_id``."""
    log = SQLModel.metadata.tables["catalogue_change"]
    return sa.or_(
        *(
            sa.and_(
                log.c.collection == name,
                log.c.key.in_(sa.select(key_text(table)).where(table.c[column] == value)),
            )
            for name, table in collections().items()
            if column in table.c
        )
    )


def list_changes(session: Session, *conditions: sa.ColumnElement[bool]) -> Iterator[Change]:
    """Yield every change that a release brought, in order; those that meet conditions only."""
    statement = sa.select(CatalogueChange).where(*conditions).order_by(col(CatalogueChange.id))
    rows = session.scalars(statement.execution_options(yield_per=CHANGES_A_BATCH))
    for some in rows.partitions():
        names = _names_in(session, (image for row in some for image in (row.before, row.after)))
        for row in some:
            yield Change(
                row.release,
                row.at,
                row.collection,
                row.key,
                _record(row.collection, row.before, names),
                _record(row.collection, row.after, names),
            )
