"""Expected failures, in plain words; nothing here knows a framework.

``app/problems.py`` turns them into RFC 9457 problem documents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request.

    ``pointer`` is a JSON pointer into the body, ``parameter`` the name of a query,
    path or header parameter; one of the two is set.
    """

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    value: str | None = None
    suggestion: str | None = None


def nearest(key: str, known: Iterable[str]) -> str | None:
    """Return the known word most like a misspelt one, or None."""
    return next(iter(get_close_matches(key.lower(), list(known), n=1)), None)


class ProblemError(Exception):
    """A failure that a caller can understand and act upon."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "Bad request"
    meaning: ClassVar[str] = "The request could not be understood."

    def __init__(self, detail: str, faults: list[Fault] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults or []


class NotFoundError(ProblemError):
    """A record named in the request does not exist."""

    status = 404
    slug = "not-found"
    title = "Not found"
    meaning = "No record or page has this address. The detail names what was looked for."

    def __init__(self, kind: str, key: str, *, known: list[str] | None = None) -> None:
        self.suggestion = near = nearest(key, known or [])
        hint = f" Did you mean {near!r}?" if near else ""
        super().__init__(f"No {kind} is known as {key!r}.{hint}")


class InvalidRequestError(ProblemError):
    """The request is well formed, but a value in it cannot be accepted."""

    status = 422
    slug = "invalid-request"
    title = "Invalid request"
    meaning = "A parameter or a field of the body has an unknown name or a value not accepted."

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(fault.detail for fault in faults), faults)


class NotAcceptableError(ProblemError):
    """The record exists, but in none of the representations the caller accepts."""

    status = 406
    slug = "not-acceptable"
    title = "Not acceptable"
    meaning = (
        "The address has no representation that the Accept header allows. "
        "The detail lists those it has."
    )

    def __init__(self, offered: list[str]) -> None:
        listed = ", ".join(offered)
        faults = [Fault(f"Accept allows none of {listed}.", parameter="Accept")]
        super().__init__(f"This address offers {listed}; the Accept header allows none.", faults)


class UnavailableError(ProblemError):
    """The service cannot answer at the moment."""

    status = 503
    slug = "unavailable"
    title = "Unavailable"
    meaning = (
        "The service cannot answer at the moment. Wait for the seconds in Retry-After, then ask "
        "again."
    )


class ImportFileError(Exception):
    """A public file cannot be imported; nothing of it was kept.

    Args:
        complaints: One sentence each, naming file, line, column and value.
    """

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints
