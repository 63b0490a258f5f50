"""The newest release, looked up in the background, so that no request waits for it."""

import logging
from asyncio import Event, timeout
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from functools import cached_property

from anyio import CapacityLimiter, sleep
from anyio.to_thread import run_sync
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.store.database import make_reading_engine
from app.store.records import inner_table
from app.store.tables.releases import Release

Published = tuple[int, datetime | None]
"""Number of a release and moment of its publication: a restored catalogue can have the number of
another. 0 and None: there is no release."""

Version = tuple[Published, date]
"""Release and day: what every cached answer depends on."""

SECONDS_BETWEEN_LOOKS_OF_A_WAITER = 0.1
"""Where nothing looks in the background."""

RELEASES = inner_table(Release).c
NEWEST = text("SELECT number, published_at FROM release ORDER BY number DESC LIMIT 1").columns(
    RELEASES.number, RELEASES.published_at
)

log = logging.getLogger(__name__)


class ReleaseWatch:
    """Knows the newest release of a database, and how many wait for the next one (``waiting``).

    ``is_running`` tells whether the background looks; where it does not, who asks looks.

    It looks in the background, over a connection and in a thread of its own. ``version`` is None
    before the first look that succeeds; while the database is away it stays as it was.

    Args:
        engine: The engine of the application; its pool is left alone.
        seconds: Pause between two looks. 0: nothing looks in the background, as tests want it
            that publish behind the server's back.
    """

    def __init__(self, engine: Engine, seconds: float) -> None:
        self.version: Version | None = None
        self.waiting = 0
        self._engine = engine
        self._seconds = seconds
        self._thread = CapacityLimiter(1)
        self.is_running = False
        self._is_away = False
        self._is_ending = False
        self._changed = Event()

    @property
    def number(self) -> int:
        """The number of the newest release; 0 before the first."""
        return self.version[0][0] if self.version else 0

    async def run(self) -> None:
        """Look at intervals, also after failures, until it is cancelled."""
        if not self._seconds:
            return
        self.is_running = True
        try:
            while True:
                await self.look()
                await sleep(self._seconds)
        finally:
            self.is_running = False

    async def look(self) -> None:
        """Look for a newer release now."""
        try:
            published = await run_sync(self._newest, limiter=self._thread, abandon_on_cancel=True)
        except SQLAlchemyError:
            if not self._is_away:
                log.warning("the newest release cannot be looked up", exc_info=True)
            self._is_away = True
            return
        if self._is_away:
            log.warning("the newest release is looked up again")
        self._is_away = False
        found = published, datetime.now(UTC).date()
        if found != self.version:
            self.version = found
            self._tell()

    async def wait_for_newer(self, number: int, seconds: float) -> None:
        """Return once there is a newer release than ``number``, or the time is over."""
        self.waiting += 1
        try:
            async with timeout(seconds):
                while self.number <= number and not self._is_ending:
                    await self._change()
        except TimeoutError:
            return
        finally:
            self.waiting -= 1

    async def versions(self) -> AsyncIterator[Version]:
        """Yield the newest release and day, and each that follows, while the background looks."""
        told = None
        while self._seconds:
            if self.version is not None and self.version != told:
                told = self.version
                yield told
            else:
                await self._changed.wait()

    def end_waiting(self) -> None:
        """Wake all who wait, as the server is about to stop."""
        self._is_ending = True
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = Event()

    async def _change(self) -> None:
        if self.is_running:
            await self._changed.wait()
        else:
            await sleep(SECONDS_BETWEEN_LOOKS_OF_A_WAITER)
            await self.look()

    def close(self) -> None:
        """Close the connection."""
        if "_reading" in self.__dict__:
            self._reading.dispose()

    @cached_property
    def _reading(self) -> Engine:
        return make_reading_engine(self._engine.url, connections=1)

    def _newest(self) -> Published:
        with self._reading.connect() as connection:
            found = connection.execute(NEWEST).first()
        return (found[0], found[1]) if found else (0, None)
