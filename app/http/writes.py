"""Limits on writes without a key: by address, by network, and by day for all together."""

from datetime import datetime, timedelta

from fastapi import Request
from limits import RateLimitItemPerDay, parse

from app.errors import TooManyRequestsError
from app.http.limiting import Limiter, client_address, client_network

NETWORK_FRACTION = 10
"""One network may use at most this fraction (1/NETWORK_FRACTION) of the daily limit."""

LEAST_FOR_A_NETWORK = 100
"""The least that one network may use: a school whose computers share an address."""


def midnight(now: datetime) -> datetime:
    """Return when the day of a moment began."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def count_write(
    request: Request, what: str, *, rate: str, daily_limit: int, written: int, now: datetime
) -> None:
    """Count a write, or refuse it when a limit is reached.

    Args:
        request: The request that writes.
        what: What is written, in the plural; each is counted by itself.
        rate: How many one address may write, such as "10/hour".
        daily_limit: How many writes all callers together may make in a day.
        written: How many were made today.
        now: The moment.

    Raises:
        TooManyRequestsError: The limit of the address, its network or the day is reached.
    """
    if written >= daily_limit:
        tomorrow = midnight(now) + timedelta(days=1)
        raise TooManyRequestsError(
            f"{written:,} {what} came today; no more are taken before midnight UTC.",
            retry_after=int((tomorrow - now).total_seconds()) + 1,
        )
    limiter: Limiter = request.app.state.limiter
    of_network = RateLimitItemPerDay(max(daily_limit // NETWORK_FRACTION, LEAST_FOR_A_NETWORK))
    for limit, whose, caller in (
        (parse(rate), "address", client_address(request.scope)),
        (of_network, "network", client_network(request.scope)),
    ):
        quota = limiter.hit(limit, what, whose, caller)
        if quota.is_over:
            raise TooManyRequestsError(
                f"Many {what} came from this {whose}.", retry_after=quota.seconds
            )
