"""Keep the stored scores true while a server runs, as days pass and claims grow old."""

import logging
from datetime import datetime

from anyio import sleep
from anyio.to_thread import run_sync
from prometheus_client import Gauge
from sqlalchemy import Engine

from app.clock import moment
from app.importers.run import refresh_if_due
from app.queries.rubrics import current_rubric

log = logging.getLogger(__name__)

FIRST_LOOK = 60.0
"""Seconds after the start of a server, which ``serve`` has looked before."""

BETWEEN_LOOKS = 3600.0
SOONEST_RETRY = 5.0
LATEST_RETRY = 600.0

LAST_LOOK = Gauge(
    "hit_compare_scores_looked_at_seconds",
    "When it was last seen to that the stored scores hold, in seconds since 1970; 0: not yet",
    multiprocess_mode="max",
)


class Looks:
    """The looks of one server process."""

    def __init__(self) -> None:
        self.last_good: datetime | None = None
        self.failures = 0

    def take(self, engine: Engine) -> None:
        """Score anew if it is due; whatever fails is logged, and tried again."""
        try:
            refresh_if_due(engine, current_rubric())
        except Exception:
            self.failures += 1
            log.exception(
                "could not see to it that the stored scores hold, attempt %d; next in %.0f s",
                self.failures,
                self.pause(),
            )
        else:
            self.failures = 0
            self.last_good = moment()
            LAST_LOOK.set(self.last_good.timestamp())

    def pause(self) -> float:
        """Return the seconds to the next look: sooner after a failure, and ever later after more.

        >>> looks = Looks()
        >>> looks.failures = 3
        >>> looks.pause()
        20.0
        """
        if not self.failures:
            return BETWEEN_LOOKS
        return min(SOONEST_RETRY * 2.0 ** min(self.failures - 1, 30), LATEST_RETRY)


async def keep_scores_true(engine: Engine, looks: Looks) -> None:
    """Look hour by hour, for as long as the task lives; no failure ends it."""
    await sleep(FIRST_LOOK)
    while True:
        await run_sync(looks.take, engine)
        await sleep(looks.pause())
