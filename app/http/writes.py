"""Writes of anybody, without a key: so many by address, by network, and by day for all."""

from datetime import datetime, timedelta

from fastapi import Request
from limits import RateLimitItemPerDay, parse

from app.errors import TooManyRequestsError
from app.http.limiting import Limiter, client_address, client_network

SHARE = 10
"""One network may take this part of the room of a day, so that it cannot take all of it."""

LEAST_SHARE = 100
"""What one network may take at least: a school whose computers share an address."""


def midnight(now: datetime) -> datetime:
    """Return when the day of a moment began."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def take_room(
    request: Request, what: str, *, rate: str, room: int, taken: int, now: datetime
) -> None:
    """Count one more write, or refuse it.

    Args:
        request: Who writes.
        what: What is written, in the plural; each is counted by itself.
        rate: How many one address may write, such as "10/hour".
        room: How many all may write in a day.
        taken: How many of those were written today.
        now: The moment.

    Raises:
        TooManyRequestsError: The address, its network or the day has no room left.
    """
    if taken >= room:
        tomorrow = midnight(now) + timedelta(days=1)
        raise TooManyRequestsError(
            f"{taken:,} {what} came today; no more are taken before midnight UTC.",
            retry_after=int((tomorrow - now).total_seconds()) + 1,
        )
    limiter: Limiter = request.app.state.limiter
    of_network = RateLimitItemPerDay(max(room // SHARE, LEAST_SHARE))
    for limit, whose, caller in (
        (parse(rate), "address", client_address(request.scope)),
        (of_network, "network", client_network(request.scope)),
    ):
        standing = limiter.hit(limit, what, whose, caller)
        if standing.is_over:
            raise TooManyRequestsError(
                f"Many {what} came from this {whose}.", retry_after=standing.seconds
            )
