"""Which representation a caller wants, by the Accept header (RFC 9110, section 12.5.1)."""

from collections.abc import Sequence

MEDIA_TYPES = (
    "application/json",
    "application/ld+json",
    "application/problem+json",
    "text/csv",
    "text/html",
    "text/markdown",
)
"""Every type that an address offers beside another: what ``canonical_accept`` tells apart."""

ANY = ""
"""An Accept header that prefers nothing, as one that is not there."""

NOTHING = "none/none"
"""An Accept header that allows nothing that is offered anywhere."""


def canonical_accept(accept: str | None) -> str:
    """Return the one spelling of all Accept headers that choose alike.

    For any choice of ``MEDIA_TYPES``, it leads to the same type as the header itself.
    """
    if not accept or not accept.strip():
        return ANY
    ranges = _parse_ranges(accept)
    qualities = {media_type: _quality(media_type, ranges) for media_type in MEDIA_TYPES}
    ranks = sorted(set(qualities.values()) - {0.0}, reverse=True)
    if not ranks:
        return NOTHING
    if set(qualities.values()) == {ranks[0]}:
        return ANY
    return ", ".join(
        f"{media_type};q={1 - ranks.index(quality) / 10:g}"
        for media_type, quality in qualities.items()
        if quality > 0
    )


def choose_media_type(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered media type the caller prefers, the first one where it does not care.

    The most specific range that fits a type decides its quality. None where nothing offered is
    acceptable.

    Raises:
        LookupError: A type is not one of ``MEDIA_TYPES``, so that answers in it and in others
            would be kept under one key.
    """
    if unknown := set(offered).difference(MEDIA_TYPES):
        raise LookupError(f"{unknown} must be added to MEDIA_TYPES")
    if not accept or not accept.strip():
        return offered[0]
    ranges = _parse_ranges(accept)
    qualities = {media_type: _quality(media_type, ranges) for media_type in offered}
    best = max(offered, key=lambda media_type: qualities[media_type])  # the first of equals
    return best if qualities[best] > 0 else None


def _parse_ranges(accept: str) -> list[tuple[str, float]]:
    return [_parse_range(part) for part in accept.split(",") if part.strip()]


def _parse_range(text: str) -> tuple[str, float]:
    media_range, *parameters = [part.strip().lower() for part in text.split(";")]
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return media_range, 0.0
            return media_range, quality if 0 <= quality <= 1 else 0.0
    return media_range, 1.0


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    kind = media_type.partition("/")[0]
    for fitting in (media_type, f"{kind}/*", "*/*"):
        found = [quality for media_range, quality in ranges if media_range == fitting]
        if found:
            return max(found)
    return 0.0


def choose_coding(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the first content coding offered that a caller takes; None: send it plain."""
    wanted = {name: quality for name, quality in map(_parse_range, (accept or "").split(","))}
    rest = wanted.get("*", 0.0)
    return next((coding for coding in offered if wanted.get(coding, rest) > 0), None)


def choose_language(accept: str | None, offered: Sequence[str]) -> str:
    """Return the offered language the caller prefers, the first one where none is wanted.

    Regions do not count: who reads ``es-MX`` is given ``es`` (RFC 4647, lookup).
    """
    wanted: dict[str, float] = {}
    for part in (accept or "").split(","):
        tag, quality = _parse_range(part)
        code = tag.partition("-")[0]
        wanted[code] = max(quality, wanted.get(code, 0.0))
    best = max(offered, key=lambda code: wanted.get(code, 0.0))  # the first of equals
    return best if wanted.get(best, 0.0) > 0 else offered[0]
