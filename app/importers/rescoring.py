"""Score anew while a server runs, as days pass and claims become stale."""

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

FIRST_CHECK = 60.0
"""Seconds after the start of a server; ``serve`` has checked just before it."""

BETWEEN_CHECKS = 3600.0
SOONEST_RETRY = 5.0
LATEST_RETRY = 600.0

LAST_CHECK = Gauge(
    "hit_compare_scores_looked_at_seconds",
    "When it was last seen to that the stored scores hold, in seconds since 1970; 0: not yet",
    multiprocess_mode="max",
)


class ScoreChecks:
    """Checks of one server process whether the stored scores are up to date."""

    def __init__(self) -> None:
        self.last_good: datetime | None = None
        self.failures = 0

    def run(self, engine: Engine) -> None:
        """Score anew if it is due; log any failure, to be retried."""
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
            LAST_CHECK.set(self.last_good.timestamp())

    def pause(self) -> float:
        """Return the seconds to the next check: exponential backoff after failures.

        >>> checks = ScoreChecks()
        >>> checks.failures = 3
        >>> checks.pause()
        20.0
        """
        if not self.failures:
            return BETWEEN_CHECKS
        return min(SOONEST_RETRY * 2.0 ** min(self.failures - 1, 30), LATEST_RETRY)


async def keep_scores_current(engine: Engine, checks: ScoreChecks) -> None:
    """Check every hour until the task is cancelled; no failure ends it."""
    await sleep(FIRST_CHECK)
    while True:
        await run_sync(checks.run, engine)
        await sleep(checks.pause())
