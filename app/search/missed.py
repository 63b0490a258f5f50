"""Which searches find nothing: told to who answers the request; nothing is kept here."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from app.search.reading.spans import Kind
from app.search.said import Understanding

NOTHING_READ = "none"


class Miss(NamedTuple):
    """A text that found nothing; ``kind`` is that of the last words that were read, or "none"."""

    text: str
    kind: str


_of_request: ContextVar[list[Miss] | None] = ContextVar("misses", default=None)


@contextmanager
def noting_misses() -> Iterator[list[Miss]]:
    """Yield a list of what searches miss meanwhile, in threads that work for this one as well."""
    misses: list[Miss] = []
    token = _of_request.set(misses)
    try:
        yield misses
    finally:
        _of_request.reset(token)


def note_miss(text: str, understood: Sequence[Understanding]) -> None:
    """Tell whoever wants to know that a text found nothing."""
    misses = _of_request.get()
    if misses is not None:
        read = [one.kind for one in understood if one.kind in KINDS]
        misses.append(Miss(text, read[-1] if read else NOTHING_READ))


KINDS = frozenset(map(str, Kind)) - {str(Kind.FILLER)}
"""Kinds of words that mean something; "name" and "word" are those that were not read."""
