"""Snapshots: freeze, keep once, find."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.domain.snapshots import FORMAT, content_hash, to_canonical
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.models.snapshots import Snapshot
from app.models.sources import Source
from app.schemas.comparison import ComparisonRead
from app.schemas.snapshots import FrozenSource, SnapshotContent

MAX_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class Frozen:
    """A comparison ready to be kept: ``body`` is the canonical JSON text."""

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


def keep_snapshot(session: Session, frozen: Frozen, *, now: datetime) -> bool:
    """Store a snapshot unless it is there already; return whether it is new."""
    try:
        with session.begin_nested():
            session.add(
                Snapshot(hash=frozen.hash, created_at=now, release=frozen.release, body=frozen.body)
            )
    except IntegrityError:
        return False
    return True


def get_snapshot(session: Session, key: str) -> Frozen:
    """Return a snapshot by its hash.

    Raises:
        NotFoundError: No snapshot has this hash.
    """
    found = session.get(Snapshot, key)
    if found is None:
        raise NotFoundError("snapshot", key)
    return Frozen(found.hash, found.release, found.body)
