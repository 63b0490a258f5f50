"""Addresses that are to go: the dated mark that a route carries, and what clients are told of it.

What an address that goes answers with, besides what it always did: ``Deprecation`` (RFC 9745),
``Sunset`` (RFC 8594) and two links, to the promise and to what takes its place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any, Literal, TypedDict

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.types import Scope

NOTICE = timedelta(days=365)
"""How long an address goes on working at least, once it is marked."""

PROMISE = "/docs/versions"
"""The page that tells what may change, how, and what is marked."""

MARK = "x-deprecation"
"""Where the operation holds its dates in the OpenAPI document."""


class Marked(TypedDict):
    """Arguments of a route that goes."""

    deprecated: Literal[True]
    openapi_extra: dict[str, Any]


def goes(*, since: date, until: date, instead: str) -> Marked:
    """Return what marks a route: ``@router.get("/old", summary="…", **goes(since=…, …))``.

    Args:
        since: The day from which nobody should begin to use it.
        until: The last day on which it is sure to work.
        instead: The address that takes its place.

    Raises:
        ValueError: Who uses it has less time than is promised.
    """
    if until - since < NOTICE:
        raise ValueError(f"An address works for {NOTICE.days} days after it is marked.")
    dates = {"since": since.isoformat(), "until": until.isoformat(), "instead": instead}
    return {"deprecated": True, "openapi_extra": {MARK: dates}}


@dataclass(frozen=True, slots=True)
class Going:
    """An address that goes, as the page lists it."""

    methods: str
    path: str
    since: str
    until: str
    instead: str


def list_going(app: FastAPI) -> list[Going]:
    """Return the addresses of an application that go, those that go first at first."""
    found = [
        Going(", ".join(sorted(route.methods or ())), route.path or "", **mark)
        for route in iter_route_contexts(app.routes)
        if (mark := _mark_of(route))
    ]
    return sorted(found, key=lambda going: (going.until, going.path))


def headers_of(scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield the headers that a request to an address that goes is answered with."""
    mark = _mark_of(scope.get("route"))
    if mark is None:
        return
    since = datetime.combine(date.fromisoformat(mark["since"]), time.min, UTC)
    until = datetime.combine(date.fromisoformat(mark["until"]), time(23, 59, 59), UTC)
    yield "Deprecation", f"@{int(since.timestamp())}"
    yield "Sunset", format_datetime(until, usegmt=True)
    yield "Link", f'<{PROMISE}>; rel="deprecation"; type="text/html"'
    yield "Link", f'<{mark["instead"]}>; rel="successor-version"'


def _mark_of(route: object) -> dict[str, str] | None:
    mark: dict[str, str] | None = (getattr(route, "openapi_extra", None) or {}).get(MARK)
    return mark
