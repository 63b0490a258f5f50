"""Parts of a file that a caller asks for (RFC 9110, section 14)."""

import re
from collections.abc import Iterable, Iterator

_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})", re.IGNORECASE)

Slice = tuple[int, int]
"""Start and end of a part in bytes, the end not counted."""


class UnsatisfiableError(Exception):
    """Nothing of the part asked for is there."""


def parse_range(header: str | None, size: int) -> Slice | None:
    """Return the one part asked for, or None: send all of it.

    What cannot be read, and several parts at once, are passed over as RFC 9110 allows.

    Raises:
        UnsatisfiableError: It begins after the end.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        start, end = max(size - int(match[2]), 0), size
    else:
        start, end = int(match[1]), int(match[2]) + 1 if match[2] else size
        if match[2] and end <= start:
            return None
    if start >= size:
        raise UnsatisfiableError
    return start, min(end, size)


def merge(slices: Iterable[Slice]) -> Iterator[Slice]:
    """Yield slices, those that touch as one; nothing of the empty ones."""
    held: Slice | None = None
    for start, end in slices:
        if start == end:
            continue
        if held is not None and held[1] == start:
            held = held[0], end
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held
