"""Which snapshots were opened, written down in passing: never waited for, and lost at worst."""

import logging
import time
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.clock import today
from app.ledger.snapshots import record_opened
from app.store.database import write_session

MOST_WAITING = 10_000
SECONDS_AFTER_FAILURE = 60.0

log = logging.getLogger(__name__)


class Openings:
    """Snapshots opened in this process and not written down yet.

    One thread at a time writes; where it cannot, as on a full disk, a replica or a locked
    database, nobody tries again for a while.
    """

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._writing = Lock()
        self._again_at = 0.0

    def add(self, key: str) -> None:
        """Remember that a snapshot was opened; one too many is forgotten."""
        if len(self._waiting) < MOST_WAITING:
            self._waiting.add(key)

    def write(self, engine: Engine) -> None:
        """Store what was opened, unless another thread is doing so; never fails."""
        if time.monotonic() < self._again_at or not self._writing.acquire(blocking=False):
            return
        try:
            keys = set(self._waiting)
            with write_session(engine) as session:
                record_opened(session, sorted(keys), today())
            self._waiting -= keys
        except SQLAlchemyError as error:
            self._again_at = time.monotonic() + SECONDS_AFTER_FAILURE
            log.warning("which snapshots were opened is not written down: %s", error)
        finally:
            self._writing.release()


_known: WeakKeyDictionary[Engine, Openings] = WeakKeyDictionary()


def openings_of(engine: Engine) -> Openings:
    """Return what was opened of a database."""
    return _known.setdefault(engine, Openings())
