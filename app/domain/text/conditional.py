"""Whether what a caller holds is still current: conditional requests (RFC 9110, section 13)."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

NOT_MODIFIED, FAILED = 304, 412

_TAG = re.compile(r'\s*((?:W/)?"[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')


def precondition_status(
    conditions: Mapping[str, str],
    *,
    etag: str | None,
    last_modified: datetime | None = None,
    is_read: bool = True,
) -> int | None:
    """Return the status that the conditions of a request call for, or None: go on as usual.

    Evaluated in the order of section 13.2.2.

    Args:
        conditions: The request's headers, by name in lower case; others are passed over.
        etag: Entity tag of what is there, with its quotes; None: nothing is there.
        last_modified: When it last changed, to the second; None: not known, so that conditions
            on the date are passed over.
        is_read: Whether the method is GET or HEAD, which answer 304 where others answer 412.
    """
    since = conditions.get("if-modified-since")
    if (wanted := conditions.get("if-match")) is not None:
        if not has_tag(wanted, etag, weakly=False):
            return FAILED
    elif last_modified and _is_later(last_modified, conditions.get("if-unmodified-since")):
        return FAILED
    if (known := conditions.get("if-none-match")) is not None:
        if has_tag(known, etag, weakly=True):
            return NOT_MODIFIED if is_read else FAILED
    elif is_read and last_modified and _is_later(last_modified, since) is False:
        return NOT_MODIFIED
    return None


def has_tag(header: str, etag: str | None, *, weakly: bool) -> bool:
    """Return whether a list of entity tags, or ``*``, holds the tag of what is there.

    Compared strongly, a weak tag equals none, not even itself (section 8.8.3.2). What cannot be
    read as a tag, as one without quotes, equals none.
    """
    if etag is None:
        return False
    if header.strip() == "*":
        return True
    if not weakly:
        return not etag.startswith("W/") and etag in _tags(header)
    bare = etag.removeprefix("W/")
    return any(tag.removeprefix("W/") == bare for tag in _tags(header))


def may_send_range(if_range: str | None, *, etag: str, last_modified: datetime | None) -> bool:
    """Return whether a part may be sent: what the caller has the rest of is unchanged (13.1.5)."""
    if if_range is None:
        return True
    if '"' in if_range:
        return not etag.startswith("W/") and if_range.strip() == etag
    return last_modified is not None and _moment(if_range) == last_modified


def _tags(header: str) -> Iterator[str]:
    at = 0
    while found := _TAG.match(header, at):
        yield found[1]
        at = found.end()


def _is_later(last_modified: datetime, text: str | None) -> bool | None:
    """Return whether a moment is after an HTTP date; None where there is no such date."""
    since = _moment(text)
    return None if since is None else last_modified > since


def _moment(text: str | None) -> datetime | None:
    """Return the moment of an HTTP date; None for one that cannot be read, which is passed over."""
    try:
        moment = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
