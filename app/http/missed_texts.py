"""Texts that found nothing, counted in memory and written beside the requests."""

import logging
from collections.abc import Mapping
from datetime import date

from anyio import CapacityLimiter, move_on_after, sleep
from anyio.to_thread import run_sync
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.clock import today
from app.domain.text.private import may_tell_a_person
from app.ledger.missed_texts import add_missed, forget_missed, is_any_old
from app.search.reading.folding import fold_surface
from app.store.database import write_session

log = logging.getLogger(__name__)

SECONDS_BETWEEN_WRITES = 60.0
SECONDS_AT_THE_END = 2.0

MOST_WAITING = 1_000
"""Texts that wait to be written; others are not kept."""


class MissedTexts:
    """Counts texts of one server process, and writes them in a thread of its own.

    What cannot be written is given up: nobody waits for it, and no request fails by it. ``add`` is
    called on the event loop.

    Args:
        engine: The engine of the application.
        is_kept: Whether texts are kept; they are forgotten in time also if none is added any more.
    """

    def __init__(self, engine: Engine, *, is_kept: bool) -> None:
        self._engine = engine
        self._is_kept = is_kept
        self._thread = CapacityLimiter(1)
        self._waiting: dict[str, int] = {}
        self._forgot_on: date | None = None
        self._is_failing = False

    def add(self, text: str) -> None:
        """Count a text once more, unless it may tell who typed it."""
        if not self._is_kept or may_tell_a_person(text):
            return
        folded = fold_surface(text)
        if folded in self._waiting or (folded and len(self._waiting) < MOST_WAITING):
            self._waiting[folded] = self._waiting.get(folded, 0) + 1

    async def run(self) -> None:
        """Write at intervals until it is cancelled."""
        while True:
            await sleep(SECONDS_BETWEEN_WRITES)
            await self.write()

    async def write(self) -> None:
        """Write what waits, and forget what is old."""
        times, self._waiting = self._waiting, {}
        if times or self._forgot_on != today():
            await run_sync(self._write, times, limiter=self._thread, abandon_on_cancel=True)

    async def close(self) -> None:
        """Write what waits for the last time, if that takes no time."""
        if self._waiting:
            with move_on_after(SECONDS_AT_THE_END):
                await self.write()

    def _write(self, times: Mapping[str, int]) -> None:
        day = today()
        try:
            with Session(self._engine) as session:
                is_due = is_any_old(session, day)
            if times or is_due:
                with write_session(self._engine) as session:
                    if is_due:
                        forget_missed(session, day)
                    if times:
                        add_missed(session, times, day)
        except (SQLAlchemyError, OSError):
            if not self._is_failing:
                log.warning("texts that found nothing cannot be kept", exc_info=True)
            self._is_failing = True
        else:
            self._forgot_on, self._is_failing = day, False
