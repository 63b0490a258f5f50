"""Deprecated addresses: the dated mark of a route, and what clients are told of it.

What a deprecated address answers with, besides what it always did: ``Deprecation`` (RFC 9745),
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
"""The least time between marking an address and removing it."""

PROMISE = "/docs/versions"
"""The page that tells what may change, how, and what is marked."""

MARK = "x-deprecation"
"""Where the operation holds its dates in the OpenAPI document."""


class RouteArguments(TypedDict):
    """Arguments of a deprecated route."""

    deprecated: Literal[True]
    openapi_extra: dict[str, Any]


def deprecated(*, since: date, until: date, instead: str) -> RouteArguments:
    """Return the arguments that mark a route: ``@router.get("/old", **deprecated(since=…, …))``.

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
class DeprecatedRoute:
    """A deprecated route, as the page lists it."""

    methods: str
    path: str
    since: str
    until: str
    instead: str


def list_deprecated(app: FastAPI) -> list[DeprecatedRoute]:
    """Return the deprecated routes of an application, by the day they end."""
    found = [
        DeprecatedRoute(", ".join(sorted(route.methods or ())), route.path or "", **mark)
        for route in iter_route_contexts(app.routes)
        if (mark := _mark_of(route))
    ]
    return sorted(found, key=lambda route: (route.until, route.path))


def deprecation_headers(scope: Scope) -> Iterator[tuple[str, str]]:
    """Yield the headers that tell of the deprecation of the route that a request took, if any."""
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
