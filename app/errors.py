"""Expected failures, in plain words; nothing here knows a framework.

``app/http/problems.py`` turns them into RFC 9457 problem documents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import partial
from itertools import takewhile
from typing import ClassVar

from app.domain.messages import Listing, Message, either
from app.domain.text.names import Names


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


def hinting(fault: Message, *near: str | None) -> Message:
    """Return what is wrong, and what may be meant instead if something is near."""
    names = [repr(name) for name in near if name is not None]
    if not names:
        return fault
    return Listing(" ", [fault, Message("Did you mean %(near)s?", near=either(names))])


MOST_ALIKE = 8
"""Known words that are looked at closely, of those most like a misspelt one."""

SHORTEST_BEGINNING, LIKE_A_BEGINNING = 3, 0.85
"""Letters of which a word that begins so may be meant, and how like its beginning they must be."""


def nearest(key: str, known: Iterable[str]) -> str | None:
    """Return the known word most like a misspelt one, else the shortest that begins so, or None.

    Of words that are equally like it, the one that is the same for longer from its beginning.

    >>> nearest("ASOCIATE", ["associate", "bachelor"]), nearest("bls", ["bls-oews", "onet"])
    ('associate', 'bls-oews')
    """
    asked = key.lower()
    words = {word.lower(): word for word in known}
    if likes := get_close_matches(asked, words, n=MOST_ALIKE):
        return words[max(likes, key=partial(_likeness, asked))]
    if len(asked) < SHORTEST_BEGINNING:
        return None
    begun: dict[str, str] = {}
    for word in sorted(words, key=lambda word: (len(word), word)):
        begun.setdefault(word[: len(asked)], word)
    for like in get_close_matches(asked, begun, n=1, cutoff=LIKE_A_BEGINNING):
        return words[begun[like]]
    return None


def _likeness(asked: str, word: str) -> tuple[float, int]:
    same = takewhile(lambda letters: letters[0] == letters[1], zip(word, asked, strict=False))
    return SequenceMatcher(a=word, b=asked).ratio(), len([*same])


def unknown_faults(names: Names, kind: str, parameter: str, values: Iterable[str]) -> list[Fault]:
    """Return a fault for every value of a parameter that names nothing, with what is like it."""
    unknown = [value for value in values if names.find(value) is None]
    return [NotFoundError(kind, value, names=names).in_parameter(parameter) for value in unknown]


class ProblemError(Exception):
    """A failure that a caller can understand and act upon."""

    status: ClassVar[int] = 400
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = "Bad request"
    meaning: ClassVar[str] = "The request could not be understood."
    advice: ClassVar[str] = "Mend what the detail names and send the request again."

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
    advice = (
        "Check the spelling; where something has nearly the same name, the detail tells it. Slugs "
        "and codes come from the lists, such as /v1/programs and /v1/credentials. A program that "
        "has ended keeps its address, so one that is not found was never there."
    )

    def __init__(
        self,
        kind: str,
        key: str,
        *,
        known: list[str] | None = None,
        names: Names | None = None,
        more: str = "",
    ) -> None:
        near = names.nearest(key) if names else nearest(key, known or [])
        self.key, self.suggestion = key, near
        if names and names.keys and not near:
            more = f"Known are {', '.join(names.keys)}."
        absent = Message("No %(kind)s is known as %(key)s.", kind=kind, key=repr(key))
        detail = hinting(absent, near)
        super().__init__(Listing(" ", [detail, Message(more)]) if more else detail)

    def in_parameter(self, parameter: str) -> Fault:
        """Return what is wrong as a fault of the parameter that names the record."""
        return Fault(self.detail, parameter=parameter, value=self.key, suggestion=self.suggestion)

    def in_body(self, pointer: str) -> Fault:
        """Return what is wrong as a fault of the place in the body that names the record."""
        return Fault(self.detail, pointer=pointer, value=self.key, suggestion=self.suggestion)


class InvalidRequestError(ProblemError):
    """The request is well formed, but a value in it cannot be accepted."""

    status = 422
    slug = "invalid-request"
    title = "Invalid request"
    meaning = "A parameter or a field of the body has an unknown name or a value not accepted."
    advice = (
        "Go through errors: each entry names the parameter or the place in the body, what was sent "
        "and, where there is one, the nearest that is accepted. All that is wrong is told at once. "
        "Nothing is answered in part: without the filter it would be an answer to another question."
    )

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(" ".join(fault.detail for fault in faults), faults)


class StartOverError(ProblemError):
    """A copy of the catalogue is of a release that the catalogue does not have."""

    status = 410
    slug = "start-over"
    title = "Start over"
    meaning = (
        "The release that a copy holds is newer than any that is here: the catalogue was restored "
        "from a backup, or it is another one. What changed since cannot be told."
    )
    advice = (
        "Throw the copy away and take a new one: /v1/changes?since=0, or the file of the whole "
        "catalogue in /v1/export."
    )


class NotAcceptableError(ProblemError):
    """The record exists, but in none of the representations the caller accepts."""

    status = 406
    slug = "not-acceptable"
    title = "Not acceptable"
    meaning = (
        "The address has no representation that the Accept header allows. "
        "The detail lists those it has."
    )
    advice = "Ask for one of those listed, or leave the Accept header out to get JSON."

    def __init__(self, offered: list[str]) -> None:
        listed = ", ".join(offered)
        faults = [Fault(f"Accept allows none of {listed}.", parameter="Accept")]
        super().__init__(f"This address offers {listed}; the Accept header allows none.", faults)


class UnauthorizedError(ProblemError):
    """No key was sent where one is needed, or none that works."""

    status = 401
    slug = "unauthorized"
    title = "Unauthorized"
    meaning = (
        "The address needs a key, sent as Authorization: Bearer hc_…, and none was sent that "
        "works. A key may be mistyped, expired or revoked."
    )
    advice = (
        "Reading needs no key: only addresses under /v1/admin do, and reads with release=draft. "
        "Editors get a key from whoever runs the service. It is shown once; where it is lost, ask "
        "for a new one."
    )


class ForbiddenError(ProblemError):
    """The key works, but it does not have the scope that the address needs."""

    status = 403
    slug = "forbidden"
    title = "Forbidden"
    meaning = "The key does not have the scope that the address needs. The detail names the scope."
    advice = "Ask whoever runs the service for a key with that scope as well."

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs the scope {str(scope)!r}, which the key does not have.")


class NotOpenError(ProblemError):
    """The address answers whoever runs the service, and nobody else."""

    status = 403
    slug = "not-open"
    title = "Not open"
    meaning = "The address is for whoever runs the service: figures on its own work."
    advice = (
        "Ask from the machine of the service, not through a proxy, or send the token that is set "
        "there as METRICS_TOKEN: Authorization: Bearer …"
    )

    def __init__(self) -> None:
        super().__init__(
            "This address answers requests from the machine of the service itself, or with the "
            "token that is set for it."
        )


class TooManyRequestsError(ProblemError):
    """The caller has done something more often than it is allowed.

    Args:
        retry_after: Seconds until it is possible again.
    """

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"
    meaning = (
        "More requests came than are answered in this time, or too many with keys that do not "
        "work. Reports of wrong facts and frozen comparisons are counted too, by address, by "
        "network and, for all together, by day."
    )
    advice = (
        "Wait for the seconds in Retry-After, then ask again. Where a limit holds for all "
        "requests, the headers RateLimit-Policy and RateLimit tell it beforehand. Who wants all of "
        "the catalogue takes an export instead of page after page."
    )

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ConflictError(ProblemError):
    """The request is sound, but the catalogue stands otherwise than it supposes."""

    status = 409
    slug = "conflict"
    title = "Conflict"
    meaning = (
        "The request is sound, but the catalogue stands otherwise than it supposes: what should be "
        "added is there already, or what should be published or changed is not."
    )
    advice = "Read again what the detail names, and decide whether the request is still wanted."


class ReleaseBlockedError(ProblemError):
    """A release would make the catalogue know much less of a field than before."""

    status = 409
    slug = "release-blocked"
    title = "Release blocked"
    meaning = (
        "The release would make the known share of a field fall by more than 5 points, which is "
        "more often a mistake than meant. Nothing was published."
    )
    advice = (
        "See in /v1/admin/draft/report what is lost. If it is meant, publish again and name the "
        "field in accept_drop."
    )


class StaleError(ProblemError):
    """The record is not any more what the writer has read."""

    status = 412
    slug = "stale"
    title = "Changed meanwhile"
    meaning = "Somebody changed the record after you had read it. Your change was not made."
    advice = (
        "Read the record again and see whether the change is still right; if so, send it with the "
        "new etag."
    )


class PreconditionRequiredError(ProblemError):
    """A change must say which state of the record it is meant for."""

    status = 428
    slug = "precondition-required"
    title = "If-Match needed"
    meaning = "A change needs the header If-Match with the etag of the record as it was read."
    advice = (
        "Read the record first; its etag is in the answer and in the header ETag. Send it as "
        "If-Match, so that the change cannot undo that of somebody else."
    )


class UnavailableError(ProblemError):
    """The service cannot answer at the moment."""

    status = 503
    slug = "unavailable"
    title = "Unavailable"
    meaning = "The service cannot answer at the moment, for example because its database is away."
    advice = "Wait for the seconds in Retry-After, then ask again. Nothing of a change was kept."


class BusyError(ProblemError):
    """More requests of a kind are at work or waiting than the service takes on."""

    status = 503
    slug = "busy"
    title = "Busy"
    meaning = (
        "As many requests of this kind are being answered or wait as the service takes on at once. "
        "Other kinds are answered as usual."
    )
    advice = "Wait for the seconds in Retry-After, then ask again. Nothing of a change was kept."


class StorageFullError(ProblemError):
    """There is no space left to write to."""

    status = 507
    slug = "insufficient-storage"
    title = "No space left"
    meaning = (
        "The service has no space left to write to: the disk of its database or of its uploads is "
        "full. Reading goes on as before."
    )
    advice = (
        "Nothing of the change was kept. Tell whoever runs the service, and send the change again "
        "once there is space."
    )

    def __init__(self) -> None:
        super().__init__("There is no space left to write to; nothing of the change was kept.")


class ImportFileError(Exception):
    """A public file cannot be imported; nothing of it was kept.

    Args:
        complaints: One sentence each, naming file, line, column and value.
    """

    file: str | None = None
    """Name of the file, where it is one of several that are brought in together."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


class BackupError(Exception):
    """A backup cannot be written or restored; files and database are as they were."""
