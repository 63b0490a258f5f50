"""The newest release, looked up in the background, so that no request waits for it."""

import logging
from asyncio import Event, timeout
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

from anyio import CapacityLimiter, create_task_group, sleep
from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError

from app.store.replicas import Database, Databases, Published

Version = tuple[Published, date]
"""Release and day: what every cached answer depends on."""

SECONDS_BETWEEN_LOOKS_OF_A_WAITER = 0.1
"""Where nothing looks in the background."""

log = logging.getLogger(__name__)


class ReleaseWatch:
    """Knows the release that is served, and how many wait for the next one (``waiting``).

    ``is_running`` tells whether the background looks; where it does not, who asks looks.

    It looks in the background at each database, over a connection and in a thread of its own, so
    that one that hangs keeps no other waiting. ``version`` is None before the first look that
    succeeds; while all databases are away it stays as it was.

    Args:
        databases: Those of the application; the pools of their engines are left alone.
        seconds: Pause between two looks. 0: nothing looks in the background, as tests want it
            that publish behind the server's back.
    """

    def __init__(self, databases: Databases, seconds: float) -> None:
        self.version: Version | None = None
        self.waiting = 0
        self._databases = databases
        self._seconds = seconds
        self._threads = {one: CapacityLimiter(1) for one in databases.every}
        self._away: set[Database] = set()
        self.is_running = False
        self._is_ending = False
        self._changed = Event()

    @property
    def published(self) -> Published | None:
        """The release that is served; None before the first look that succeeds."""
        return self.version[0] if self.version else None

    @property
    def number(self) -> int:
        """The number of the release that is served; 0 before the first."""
        return self.version[0][0] if self.version else 0

    async def run(self) -> None:
        """Look at intervals, also after failures, until it is cancelled."""
        if not self._seconds:
            return
        self.is_running = True
        try:
            async with create_task_group() as looks:
                for database in self._databases.every:
                    looks.start_soon(self._run, database)
        finally:
            self.is_running = False

    async def _run(self, database: Database) -> None:
        while True:
            await self._look(database)
            await sleep(self._seconds)

    async def look(self) -> None:
        """Look for a newer release now, at all databases."""
        async with create_task_group() as looks:
            for database in self._databases.every:
                looks.start_soon(self._look, database)

    async def _look(self, database: Database) -> None:
        try:
            await run_sync(database.look, limiter=self._threads[database], abandon_on_cancel=True)
        except SQLAlchemyError:
            if database not in self._away:
                log.warning(
                    "the newest release cannot be looked up: %s", database.name, exc_info=True
                )
            self._away.add(database)
        else:
            if database in self._away:
                log.warning("the newest release is looked up again: %s", database.name)
            self._away.discard(database)
        self._decide()

    def _decide(self) -> None:
        published = self._databases.newest(self.published)
        if published is None:
            return
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
