"""What is the same for every read of a release, made once a process.

Only sessions that read what is published keep or take anything (``READING``): a draft and a
transaction that writes see the catalogue otherwise.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from functools import wraps
from threading import Lock
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from app.store.records import inner_table
from app.store.replicas import catalogue_of
from app.store.tables.releases import Release

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Load = Callable[Concatenate[Session, Parameters], Result]

READING = {"is_reading": True}
"""What a session is told (``Session(info=READING)``) that reads what is published."""


class Edition(NamedTuple):
    """A release of a database; a restored catalogue can have the number of another."""

    database: sa.URL
    number: int
    published_at: datetime | None


_RELEASE = inner_table(Release).c
NEWEST = sa.select(_RELEASE.number, _RELEASE.published_at).order_by(_RELEASE.number.desc()).limit(1)


def edition_of(session: Session) -> Edition:
    """Return the newest release that a session sees, asked for once by a session that reads."""
    known: Edition | None = session.info.get("edition")
    if known is None:
        number, published_at = session.execute(NEWEST).first() or (0, None)
        known = Edition(catalogue_of(session.get_bind().engine), number, published_at)
        if "is_reading" in session.info:
            session.info["edition"] = known
    return known


def kept(*, most: int = 1) -> Callable[[Load[Parameters, Result]], Load[Parameters, Result]]:
    """Keep what a function loads of a release, for at most so many arguments.

    Nobody changes what is kept, and none of it belongs to a session.
    """

    def keep(load: Load[Parameters, Result]) -> Load[Parameters, Result]:
        @wraps(load)
        def find(
            session: Session, /, *args: Parameters.args, **options: Parameters.kwargs
        ) -> Result:
            if "is_reading" not in session.info or not (edition := edition_of(session)).number:
                return load(session, *args, **options)
            found: dict[Any, Result] = _of_edition(edition).setdefault(load, {})
            key = (*args, *options.items())
            try:
                return found[key]
            except KeyError:
                result = load(session, *args, **options)
            if len(found) >= most:
                found.clear()
            found[key] = result
            return result

        return find

    return keep


Item = TypeVar("Item")


class Shelf(Generic[Item]):
    """What is kept of many things of a release: at most so many bytes, those asked for last."""

    def __init__(self, max_bytes: int) -> None:
        self.bytes = 0
        self._max_bytes = max_bytes
        self._items: OrderedDict[Hashable, tuple[Item, int]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> Item | None:
        """Return what is kept under a key."""
        with self._lock:
            if key not in self._items:
                return None
            self._items.move_to_end(key)
            return self._items[key][0]

    def put(self, key: Hashable, item: Item, size: int) -> None:
        """Keep something that can need so many bytes, and let go of what was asked for before."""
        with self._lock:
            _, was = self._items.pop(key, (None, 0))
            self._items[key] = item, size
            self.bytes += size - was
            while self.bytes > self._max_bytes:
                _, (_, freed) = self._items.popitem(last=False)
                self.bytes -= freed


Results = dict[Any, dict[Any, Any]]
"""Function -> its arguments -> what it loaded."""

held: dict[sa.URL, tuple[Edition, Results]] = {}
"""Address of a database -> its newest release, and what is kept of it."""


def _of_edition(edition: Edition) -> Results:
    newest, results = held.get(edition.database, (None, {}))
    if newest != edition:
        results = {}
        held[edition.database] = edition, results
    return results
