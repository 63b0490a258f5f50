"""Snapshots: freeze, keep once, find, note who is opened, thin out."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from app.domain.snapshots import FORMAT, content_hash, pack, to_canonical, unpack
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.schemas.comparison import ComparisonRead
from app.schemas.snapshots import SHIPPED, FrozenSource, SnapshotContent
from app.store.tables.snapshots import Snapshot
from app.store.tables.sources import Source

MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen comparison; ``body`` is its canonical JSON text."""

    hash: str
    release: int
    body: str

    @property
    def document(self) -> bytes:
        """The snapshot as served: the body with its hash in front."""
        return f'{{"hash":"{self.hash}",{self.body[1:]}'.encode()


def freeze(session: Session, comparison: ComparisonRead) -> Frozen:
    """Return a comparison frozen together with the description of its sources.

    Raises:
        InvalidRequestError: It takes more than MAX_BYTES.
    """
    rows = session.exec(
        select(Source).where(col(Source.key).in_(comparison.sources)).order_by(col(Source.key))
    )
    content = SnapshotContent(
        format=FORMAT,
        comparison=comparison,
        source_list=[FrozenSource.model_validate(source) for source in rows],
    )
    body = to_canonical(content.model_dump(mode="json"))
    size = len(body.encode())
    if size > MAX_BYTES:
        words = f"The comparison takes {size:,} bytes; a snapshot holds at most {MAX_BYTES:,}."
        raise InvalidRequestError([Fault(words, pointer="#/programs")])
    return Frozen(content_hash(body), comparison.release, body)


def thaw(text: str) -> Frozen:
    """Return a snapshot from its JSON as served.

    Raises:
        ValueError: Not a snapshot, or its hash is not that of its content.
    """
    try:
        document = json.loads(text)
        body = to_canonical(document)
        release = int(document["comparison"]["release"])
        said = document["hash"]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a snapshot: {error!r}") from error
    if said != content_hash(body):
        raise ValueError(f"its content does not have the hash {said}")
    return Frozen(said, release, body)


def is_stored(session: Session, key: str) -> bool:
    """Return whether a snapshot is stored already."""
    return session.exec(select(Snapshot.hash).where(Snapshot.hash == key)).first() is not None


def count_since(session: Session, moment: datetime) -> int:
    """Return how many snapshots were added since a moment."""
    count = select(func.count()).select_from(Snapshot).where(col(Snapshot.created_at) >= moment)
    return session.exec(count).one()


def store_snapshot(session: Session, frozen: Frozen, *, now: datetime) -> bool:
    """Store a snapshot unless it is there already; return whether it is new."""
    try:
        with session.begin_nested():
            session.add(
                Snapshot(
                    hash=frozen.hash,
                    created_at=now,
                    release=frozen.release,
                    packed=pack(frozen.body),
                )
            )
    except IntegrityError:
        return False
    return True


def get_snapshot(session: Session, key: str) -> tuple[Frozen, date | None]:
    """Return a snapshot by its hash, and the day it was last opened.

    Raises:
        NotFoundError: No snapshot has this hash.
    """
    found = session.get(Snapshot, key)
    if found is None:
        raise NotFoundError("snapshot", key, more=THINNED)
    return Frozen(found.hash, found.release, unpack(found.packed)), found.opened_on


def find_by_start(session: Session, start: str) -> str:
    """Return the hash that begins so.

    Raises:
        NotFoundError: None does, or several do.
    """
    begins = col(Snapshot.hash).between(start, f"{start}g")
    found = session.exec(select(Snapshot.hash).where(begins).limit(2)).all()
    if len(found) != 1:
        raise NotFoundError("snapshot", start, more=THINNED)
    return found[0]


THINNED = (
    "One that nobody opens for a long time may be taken out: freeze the comparison again, or ask "
    "whoever kept its JSON, which proves itself by its hash."
)


def record_opened(session: Session, keys: Iterable[str], day: date) -> None:
    """Record the day on which snapshots were last opened."""
    session.execute(
        sa.update(Snapshot)
        .where(
            col(Snapshot.hash).in_(list(keys)),
            sa.or_(col(Snapshot.opened_on).is_(None), col(Snapshot.opened_on) < day),
        )
        .values(opened_on=day)
    )


@dataclass(frozen=True, slots=True)
class Thinned:
    """Snapshots that nobody opened: how many, and the bytes that they take."""

    count: int
    size: int


def count_unopened(session: Session, since: date) -> Thinned:
    """Return what was neither frozen nor opened since a day; the one that ships never counts."""
    size = func.coalesce(func.sum(func.length(Snapshot.packed)), 0)
    count, taken = session.exec(select(func.count(), size).where(*_unopened(since))).one()
    return Thinned(count, taken)


def remove_unopened(session: Session, since: date, *, most: int) -> Thinned:
    """Remove at most so many snapshots that were neither frozen nor opened since a day."""
    some = session.exec(
        select(Snapshot.hash, func.length(Snapshot.packed)).where(*_unopened(since)).limit(most)
    ).all()
    session.execute(sa.delete(Snapshot).where(col(Snapshot.hash).in_([key for key, _ in some])))
    return Thinned(len(some), sum(size for _, size in some))


def _unopened(since: date) -> list[sa.ColumnElement[bool]]:
    return [
        col(Snapshot.created_at) < datetime.combine(since, time(), UTC),
        sa.or_(col(Snapshot.opened_on).is_(None), col(Snapshot.opened_on) < since),
        col(Snapshot.hash) != SHIPPED,
    ]
