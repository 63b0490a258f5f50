"""The layers around the routes: what holds for every request, in one order."""

import logging
import re
import tempfile
import time
from asyncio import sleep
from collections.abc import Callable
from typing import Any, NamedTuple

from fastapi.routing import iter_route_contexts
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from app.domain.vocabulary import REGIONS
from app.http import metrics
from app.http.caching import AnswerCache
from app.http.deprecation import deprecation_headers
from app.http.guards import BodyGuard, RateLimit, RequestHead
from app.http.lanes import Lanes
from app.http.missed_texts import MissedTexts
from app.http.problems import internal_error, request_id
from app.http.reading import ReadElsewhere
from app.http.waiting import WaitForRelease
from app.search.missed import Miss, noting_misses
from app.settings import Settings

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
EXPOSED_HEADERS = (
    "Allow",
    "Content-Disposition",
    "Deprecation",
    "ETag",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Repr-Digest",
    "Retry-After",
    "Sunset",
    "WWW-Authenticate",
    "X-Request-ID",
)
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
ONLY_BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}

log = logging.getLogger(__name__)

for media_type in ("text/csv", "application/x-ndjson"):
    add_compress_type(media_type)


class Layer(NamedTuple):
    """A layer, its arguments, and the reason for its place in the order."""

    cls: Any
    arguments: dict[str, Any]
    why: str


def layers(settings: Settings) -> tuple[Layer, ...]:
    """Return the layers, the outermost first."""
    by_address, by_key = settings.rate_limit_per_address, settings.rate_limit_per_key
    return (
        Layer(
            RequestHead,
            {"hosts": settings.allowed_hosts},
            "first: nothing below may read a header in another way, or one that is refused",
        ),
        *(
            [
                Layer(
                    RateLimit,
                    {"by_address": by_address, "by_key": by_key},
                    "before what is kept, which counts too; left out where no limit is set",
                )
            ]
            if by_address or by_key
            else []
        ),
        Layer(WaitForRelease, {}, "before what is kept: all who wait get the one answer"),
        Layer(
            AnswerCache,
            {"languages": tuple(REGIONS), "counter": counter_of},
            "as far out as can be, so that a repeated read costs hardly more than sending it",
        ),
        Layer(
            AnswerHeaders,
            {"settings": settings},
            "around all that answers, so that every answer bears the same headers",
        ),
        Layer(HeadAsGet, {}, "within what counts, as the method counted is the one asked for"),
        Layer(BufferForHttp10, {}, "around what compresses, whose length is known at its end only"),
        Layer(CompressMiddleware, {}, "around every answer, problems too"),
        Layer(SplitBodies, {}, "within compression, which packs a part at a time"),
        Layer(CatchAll, {}, "within compression and headers: failures are answers like others"),
        Layer(DraftView, {}, "before the lanes, one of which is for drafts"),
        Layer(
            BodyGuard,
            {"limit": settings.max_body_bytes},
            "before the lanes: who sends slowly holds no place in one",
        ),
        Layer(Lanes, {}, "a place is held only while an answer is computed"),
        Layer(ReadElsewhere, {}, "last: a read that is tried again keeps its place"),
    )


def security_headers(settings: Settings) -> dict[str, str]:
    """Return the security headers of every answer; pages add to them."""
    is_https = (settings.public_url or "").startswith("https://")
    return SECURITY_HEADERS | (ONLY_BY_HTTPS if is_https else {})


def counter_of(scope: Scope, status: int) -> Callable[[], None]:
    """Return a function that counts one more cached answer to a request like this."""
    count = metrics.counter_of(route_of(scope), status)
    if not scope.get("misses"):
        return count
    count_miss = _miss_counter(scope)

    def count_both() -> None:
        count()
        count_miss()

    return count_both


def _miss_counter(scope: Scope) -> Callable[[], None]:
    """Return a function that counts that the search of a request found nothing."""
    miss: Miss = scope["misses"][0]
    texts: MissedTexts = scope["app"].state.missed_texts

    def count() -> None:
        metrics.count_miss(miss.kind)
        texts.add(miss.text)

    return count


_templates: dict[str, str] = {}
"""Name of a route -> its whole template; the route in the scope lacks the prefix of its router."""


def route_of(scope: Scope) -> str:
    """Return the template of the route that a request took, or "unmatched"."""
    matched = scope.get("route")
    if matched is None:
        return "unmatched"
    if not _templates:
        for route in iter_route_contexts(scope["app"].routes):
            _templates[route.name or ""] = route.path or ""
    return _templates.get(matched.name, "unmatched")


class AnswerHeaders:
    """Adds the headers that every answer has, and counts and times it.

    The id of the request; security headers, unless a page sets its own; CORS for any site, as
    nothing here relies on cookies; how long it may be cached; deprecation. Preflights are
    answered here. Labels of metrics are route templates, so that no caller can make new ones.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        fixed = security_headers(settings) | {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": ", ".join(EXPOSED_HEADERS),
        }
        self._fixed = [(name.lower().encode(), text.encode()) for name, text in fixed.items()]
        seconds = settings.cache_seconds
        self._public = f"public, max-age={seconds}" if seconds else "no-cache"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight; let every other request be answered, and count it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        fields: dict[bytes, bytes] = scope["fields"]
        # what is answered to a key may be for its bearer only
        is_read = (
            scope["method"] in ("GET", "HEAD")
            and scope["path"].startswith("/v1/")
            and b"authorization" not in fields
        )
        status = 500
        began = time.perf_counter()

        async def add(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                told = {name for name, _ in headers.raw}
                headers.raw.append((b"x-request-id", scope["name"]))
                headers.raw.extend(pair for pair in self._fixed if pair[0] not in told)
                for name, value in deprecation_headers(scope):
                    headers.append(name, value)
                if is_read and status < 400:
                    headers.setdefault("Cache-Control", self._public)
                    if "accept-encoding" not in headers.get("vary", "").lower():
                        headers.add_vary_header("Accept-Encoding")
                elif not is_read:
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            if _is_preflight(scope, fields):
                return await _preflight_response(fields)(scope, receive, add)
            with noting_misses() as scope["misses"]:
                return await self._app(scope, receive, add)
        finally:
            if scope.get("misses") and status < 400:
                _miss_counter(scope)()
            method = scope["method"] if scope["method"] in METHODS else "other"
            method = "GET" if scope["method"] == "HEAD" else method
            seconds = time.perf_counter() - began
            metrics.count_request(method, route_of(scope), status, seconds)


def _is_preflight(scope: Scope, fields: dict[bytes, bytes]) -> bool:
    return (
        scope["method"] == "OPTIONS"
        and b"origin" in fields
        and b"access-control-request-method" in fields
    )


def _preflight_response(fields: dict[bytes, bytes]) -> Response:
    """Return the answer to a browser that asks whether a script may ask (Fetch, CORS protocol)."""
    allowed = {
        "Access-Control-Allow-Methods": ", ".join(sorted(METHODS | {"HEAD"})),
        "Access-Control-Max-Age": "600",
        "Vary": "Access-Control-Request-Headers",
    }
    wanted = fields.get(b"access-control-request-headers", b"").decode("latin-1")
    if wanted:
        allowed["Access-Control-Allow-Headers"] = wanted
    return Response(headers=allowed)


class HeadAsGet:
    """Answers HEAD wherever there is a GET: the same headers, no body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run a HEAD as GET and keep the body back."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # a copy: the server counts the bytes of an answer by the method in its own scope
        inner = {**scope, "method": "GET"}
        try:
            return await self._app(inner, receive, without_body)
        finally:
            if "route" in inner:
                scope["route"] = inner["route"]


class BufferForHttp10:
    """Sends answers of unknown length whole to callers that do not know chunks (RFC 9112, 6.1)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Buffer an answer to HTTP/1.0, large ones on disk, until its length is known."""
        if scope["type"] != "http" or scope.get("http_version") != "1.0":
            return await self._app(scope, receive, send)
        start: Message | None = None
        with tempfile.SpooledTemporaryFile(max_size=BUFFERED_IN_MEMORY) as buffer:

            async def hold(message: Message) -> None:
                nonlocal start
                if message["type"] == "http.response.start":
                    start = message
                elif start is not None:
                    buffer.write(message.get("body", b""))
                    if not message.get("more_body"):
                        await send_buffer(start)

            async def send_buffer(start: Message) -> None:
                MutableHeaders(scope=start).setdefault("Content-Length", str(buffer.tell()))
                await send(start)
                buffer.seek(0)
                while part := buffer.read(BUFFERED_IN_MEMORY):
                    body = {"type": "http.response.body", "body": part, "more_body": True}
                    await send(body)
                await send({"type": "http.response.body", "body": b""})

            return await self._app(scope, receive, hold)


BUFFERED_IN_MEMORY = 256_000


PART = 32_768
"""Bytes compressed in one turn of the event loop: less than a millisecond."""


class SplitBodies:
    """Splits long bodies into parts, and yields to the event loop between two of them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Cut the messages of an answer that are longer than a part."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def cut(message: Message) -> None:
            body = message.get("body", b"")
            for at in range(0, len(body) - PART, PART):
                part = body[at : at + PART]
                await send({"type": "http.response.body", "body": part, "more_body": True})
                await sleep(0)
            if len(body) > PART:
                message = {**message, "body": body[-((len(body) - 1) % PART + 1) :]}
            await send(message)

        return await self._app(scope, receive, cut)


class CatchAll:
    """Answers refused requests, and turns unhandled exceptions into a 500 problem document.

    It stands inside CORS, so that browsers can read what it says.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Log a failure and send a problem, unless an answer has begun already."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if "refusal" in scope:
            await scope["refusal"](scope, receive, send)
            return None
        is_begun = is_whole = False

        async def note(message: Message) -> None:
            nonlocal is_begun, is_whole
            is_begun = True
            is_whole = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            return await self._app(scope, receive, note)
        except Exception:
            log.exception("unhandled failure, request %s", request_id(scope))
            if is_whole:  # the framework has answered, and passes the failure on
                return None
            if is_begun:
                raise  # the server cuts the connection: a half answer must not look whole
            return await internal_error(scope)(scope, receive, send)


class DraftView:
    """Strips ``release=draft`` from the query of a read and marks the request as a draft read.

    The dependency that opens the session checks the key and applies the proposed changes.
    """

    _never = re.compile(r"/v1/(admin|changes|export|releases)(/|$)")

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark a draft read; pass every other request on unchanged."""
        wants_draft = (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and b"release=draft" in scope["query_string"].split(b"&")
            and scope["path"].startswith("/v1/")
            and not self._never.match(scope["path"])
        )
        if not wants_draft:
            return await self._app(scope, receive, send)
        parts = [part for part in scope["query_string"].split(b"&") if part != b"release=draft"]
        scope["query_string"] = b"&".join(parts)
        scope["state"] = {**scope.get("state", {}), "draft": True}

        async def without_storing(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        return await self._app(scope, receive, without_storing)
