"""The clock: the one place where the code asks for the time."""

from datetime import UTC, date, datetime


def today() -> date:
    """Return the current day, UTC."""
    return datetime.now(UTC).date()


def moment() -> datetime:
    """Return the current moment, UTC."""
    return datetime.now(UTC)
