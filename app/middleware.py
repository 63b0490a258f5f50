"""Layers around the routes, outermost first in ``layers``: what holds for every request."""

import email.message
import logging
import re
import time
from collections.abc import Awaitable, Callable
from itertools import count
from uuid import uuid4

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi.routing import iter_route_contexts
from limits import RateLimitItem, parse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from app import metrics
from app.caching import ReleaseCache
from app.deprecation import headers_of
from app.domain.json_text import MalformedJsonError, find_flaws
from app.errors import Fault, InvalidRequestError, TooManyRequestsError
from app.limiting import Limiter, Standing, client_address, to_fingerprint
from app.metrics import count_request
from app.problems import internal_error, kind_for_status, kind_of, problem_response, request_id
from app.settings import Settings

MAX_ADDRESS_BYTES = 8_192
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
EXPOSED_HEADERS = (
    "Allow",
    "Deprecation",
    "ETag",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Sunset",
    "WWW-Authenticate",
    "X-Request-ID",
)
LOOPBACK = ("localhost", "127.0.0.1")  # health checks on the machine itself name no public host
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
ONLY_BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}

log = logging.getLogger(__name__)


def layers(settings: Settings) -> list[Middleware]:
    """Return the layers of the application, the outermost first."""
    hosts, rates = guards(settings)
    dressing = dress(settings)
    return [
        *dressing[:2],
        Middleware(HeadAsGet),
        dressing[2],
        Middleware(ProblemsOnly),
        *hosts,
        dressing[3],
        *rates,
        *(
            [Middleware(ReleaseCache, seconds_between_looks=settings.cache_look_seconds)]
            if hosts or rates
            else []
        ),
        Middleware(DraftView),
        *dressing[4:],
        Middleware(CatchAll),
        Middleware(AddressGuard),
        Middleware(BodyGuard, limit=settings.max_body_bytes),
    ]


def dress(settings: Settings) -> list[Middleware]:
    """Return the layers that every answer passes, for they add to it only; the outermost first."""
    return [
        Middleware(RequestId),
        Middleware(Metrics),
        Middleware(DefaultHeaders, headers=security_headers(settings)),
        Middleware(
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
            allow_headers=["Authorization", "If-Match", "If-None-Match", "X-Request-ID"],
            expose_headers=EXPOSED_HEADERS,
        ),
        Middleware(PublicCache, seconds=settings.cache_seconds),
        Middleware(CompressMiddleware),
    ]


def security_headers(settings: Settings) -> dict[str, str]:
    """Return the headers that keep browsers safe, on every answer; pages add to them."""
    is_https = (settings.public_url or "").startswith("https://")
    return SECURITY_HEADERS | (ONLY_BY_HTTPS if is_https else {})


def guards(settings: Settings) -> tuple[list[Middleware], list[Middleware]]:
    """Return the layers that may refuse any request, if any are set: by host, and by rate.

    They come before what is kept; where there are none, what is kept comes first of all.
    """
    trusted = settings.allowed_hosts
    hosts = [Middleware(TrustedHostMiddleware, allowed_hosts=[*trusted, *LOOPBACK])]
    return hosts if trusted != ["*"] else [], _rate_limit(settings)


def _rate_limit(settings: Settings) -> list[Middleware]:
    """Return the layer that limits rates, if any limit is set."""
    by_address, by_key = (
        parse(rate) if rate else None
        for rate in (settings.rate_limit_per_address, settings.rate_limit_per_key)
    )
    if not (by_address or by_key):
        return []
    return [Middleware(RateLimit, by_address=by_address, by_key=by_key)]


def on_start(send: Send, change: Callable[[Message, MutableHeaders], None]) -> Send:
    """Return a send that lets a function change status and headers before they leave."""

    async def changed(message: Message) -> None:
        if message["type"] == "http.response.start":
            change(message, MutableHeaders(scope=message))
        await send(message)

    return changed


class RequestId:
    """Names every request: the caller's X-Request-ID where it is sane, else a new one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Put the id into the scope and into the answer."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        name = name_of(dict(scope["headers"])).decode()
        scope["state"] = {**scope.get("state", {}), "request_id": name}

        def add(_message: Message, headers: MutableHeaders) -> None:
            headers["X-Request-ID"] = name

        return await self._app(scope, receive, on_start(send, add))


SANE_NAME = re.compile(rb"[A-Za-z0-9._~-]{1,64}")
_numbers = count()
_process = uuid4().hex[:16].encode()


def name_of(headers: dict[bytes, bytes]) -> bytes:
    """Return the name of a request: the caller's where it is sane, else one never given before."""
    given = headers.get(b"x-request-id")
    if given is not None and SANE_NAME.fullmatch(given):
        return given
    return b"%b%016x" % (_process, next(_numbers))


def counter_of(scope: Scope, status: int) -> Callable[[], None]:
    """Return what counts one more answer to a request like this, sent at once."""
    return metrics.counter_of(route_of(scope), status)


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


class Metrics:
    """Counts and times requests by route template, so that no caller can make new labels.

    HEAD counts as the GET it is run as.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count one request, also one that fails."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        method = scope["method"] if scope["method"] in METHODS else "other"
        status = 500
        began = time.perf_counter()

        def note(message: Message, _headers: MutableHeaders) -> None:
            nonlocal status
            status = message["status"]

        try:
            return await self._app(scope, receive, on_start(send, note))
        finally:
            seconds = time.perf_counter() - began
            count_request(method, route_of(scope), status, seconds)


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
        return await self._app({**scope, "method": "GET"}, receive, without_body)


class DefaultHeaders:
    """Gives every answer the headers that keep browsers safe, unless a page has its own.

    And tells of every address that goes by when it does.
    """

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add what is missing."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        def add(_message: Message, headers: MutableHeaders) -> None:
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            for name, value in headers_of(scope):
                headers.append(name, value)

        return await self._app(scope, receive, on_start(send, add))


class ProblemsOnly:
    """Turns the plain-text refusals of layers that know no problem documents into them."""

    _kept = re.compile(r"allow|vary|retry-after|access-control-.*")

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a plain refusal back and send its words as a problem."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        refusal: Message | None = None
        words = b""

        async def checked(message: Message) -> None:
            nonlocal refusal, words
            if message["type"] == "http.response.start" and message["status"] >= 400:
                if Headers(scope=message).get("content-type", "").startswith("text/plain"):
                    refusal = message
                    return
            elif refusal and message["type"] == "http.response.body":
                words += message.get("body", b"")
                if not message.get("more_body"):
                    await self._answer(scope, receive, send, refusal, words)
                return
            await send(message)

        return await self._app(scope, receive, checked)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, refusal: Message, words: bytes
    ) -> None:
        status = refusal["status"]
        kept = {
            name: value
            for name, value in Headers(scope=refusal).items()
            if self._kept.fullmatch(name)
        }
        response = problem_response(
            scope,
            kind_for_status(status),
            f"{words.decode('utf-8', 'replace').rstrip('.')}.",
            status=status,
            headers=kept,
        )
        await response(scope, receive, send)


class RateLimit:
    """Answers a caller up to so many requests in a time, and tells how it stands.

    A key is counted by what was sent, true or not; so it is counted beside the address and
    never instead of it. Counts are those of the application, ``app.state.limiter``.
    """

    _bearer = re.compile(r"bearer +(\S.*)", re.IGNORECASE)
    _exempt = re.compile(r"/health/.*|/metrics")

    def __init__(
        self, app: ASGIApp, by_address: RateLimitItem | None, by_key: RateLimitItem | None
    ) -> None:
        self._app = app
        self._by_address = by_address
        self._by_key = by_key
        self._threads = CapacityLimiter(8)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it until there is room again."""
        if scope["type"] != "http" or self._exempt.fullmatch(scope["path"]):
            return await self._app(scope, receive, send)
        limiter: Limiter = scope["app"].state.limiter
        if limiter.is_shared:
            found = await run_sync(self._count, limiter, scope, limiter=self._threads)
        else:
            found = self._count(limiter, scope)
        policy, state = _rate_limit_fields(found)

        def add(_message: Message, headers: MutableHeaders) -> None:
            if found:
                headers["RateLimit-Policy"] = policy
                headers["RateLimit"] = state

        send = on_start(send, add)
        for name, limit, standing in found:
            if standing.is_over:
                whose = "key" if name == "key" else "address"
                response = problem_response(
                    scope,
                    kind_of(TooManyRequestsError),
                    f"At most {limit.amount} requests in {limit.get_expiry()} seconds are "
                    f"answered to one {whose}.",
                    headers={"Retry-After": str(standing.seconds)},
                )
                return await response(scope, receive, send)
        return await self._app(scope, receive, send)

    def _count(self, limiter: Limiter, scope: Scope) -> list[tuple[str, RateLimitItem, Standing]]:
        """Count a request; return name, limit and standing of each policy it falls under."""
        found = []
        sent = self._bearer.fullmatch(Headers(scope=scope).get("authorization", ""))
        if self._by_address:
            standing = limiter.hit(self._by_address, "address", client_address(scope))
            found.append(("default", self._by_address, standing))
            if standing.is_over:
                return found
        if self._by_key and sent:
            standing = limiter.hit(self._by_key, "key", to_fingerprint(sent[1]))
            found.append(("key", self._by_key, standing))
        return found


def _rate_limit_fields(found: list[tuple[str, RateLimitItem, Standing]]) -> tuple[str, str]:
    """Return the fields RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers)."""
    return (
        ", ".join(f'"{name}";q={limit.amount};w={limit.get_expiry()}' for name, limit, _ in found),
        ", ".join(f'"{name}";r={now.remaining};t={now.seconds}' for name, _, now in found),
    )


class DraftView:
    """Takes ``release=draft`` out of the query of a read, for any address can be read as a draft.

    Whoever opens the session for the request sees to the key and applies what is proposed.
    """

    _never = re.compile(r"/v1/(admin|changes|export|releases)(/|$)")

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark a request for the draft; leave every other one as it is."""
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

        def add(_message: Message, headers: MutableHeaders) -> None:
            headers["Cache-Control"] = "no-store"

        return await self._app(scope, receive, on_start(send, add))


class PublicCache:
    """Lets shared caches keep successful reads of the catalogue for a while."""

    def __init__(self, app: ASGIApp, seconds: int) -> None:
        self._app = app
        self._control = f"public, max-age={seconds}" if seconds else "no-cache"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add Cache-Control and Vary where a route has not said otherwise."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        # what is answered to a key may be for its bearer only
        is_read = (
            scope["method"] == "GET"
            and scope["path"].startswith("/v1/")
            and "authorization" not in Headers(scope=scope)
        )

        def add(message: Message, headers: MutableHeaders) -> None:
            if is_read and message["status"] < 400:
                headers.setdefault("Cache-Control", self._control)
                if "accept-encoding" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Accept-Encoding")
            elif not is_read:
                headers.setdefault("Cache-Control", "no-store")

        return await self._app(scope, receive, on_start(send, add))


class CatchAll:
    """Answers whatever nobody caught, inside CORS, so that browsers can read the answer too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Log the failure and send a problem, unless an answer has begun already."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begun = False

        def note(_message: Message, _headers: MutableHeaders) -> None:
            nonlocal begun
            begun = True

        try:
            return await self._app(scope, receive, on_start(send, note))
        except Exception:
            log.exception("unhandled failure, request %s", request_id(scope))
            if begun:
                raise  # the server cuts the connection: a half answer must not look whole
            return await internal_error(scope)(scope, receive, send)


class AddressGuard:
    """Refuses addresses that are too long or that no text column can be compared with."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a readable address through."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        query: bytes = scope["query_string"]
        length = len(scope.get("raw_path") or scope["path"].encode()) + len(query)
        if length > MAX_ADDRESS_BYTES:
            status = 414
            detail = f"The address has {length} bytes; at most {MAX_ADDRESS_BYTES} are read."
        elif "\0" in scope["path"] or b"%00" in query or b"\0" in query:
            status = 400
            detail = "The address contains a NUL character (%00)."
        else:
            return await self._app(scope, receive, send)
        response = problem_response(scope, kind_for_status(status), detail)
        return await response(scope, receive, send)


class BodyGuard:
    """Reads a body once: bounded, and JSON only if every value in it can be accepted.

    Nothing is read before a route asks for the body, so 404 and 405 come first. Uploads for
    import are streamed and bounded by their route.
    """

    _streamed = re.compile(r"/v1/admin/imports/[^/]+/files/[^/]+")

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit
        self._too_large = f"The body is larger than {limit} bytes."

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a body announced as too large, and check the body when it is read."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "")
        is_large = announced.isdecimal() and int(announced[:20]) > self._limit
        if is_large and not self._streamed.fullmatch(scope["path"]):
            response = problem_response(scope, kind_for_status(413), self._too_large)
            return await response(scope, receive, send)
        if self._streamed.fullmatch(scope["path"]):
            return await self._app(scope, receive, send)
        return await self._app(scope, self._checked(receive, headers), send)

    def _checked(self, receive: Receive, headers: Headers) -> Callable[[], Awaitable[Message]]:
        """Return a receive whose first message is the whole body."""
        is_read = False

        async def checked() -> Message:
            nonlocal is_read
            if is_read:
                return await receive()
            is_read = True
            body = b""
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return message
                body += message.get("body", b"")
                if len(body) > self._limit:
                    raise HTTPException(413, self._too_large)
                if not message.get("more_body"):
                    break
            if body and _is_json(headers.get("content-type", "")):
                _check_json(body)
            return {"type": "http.request", "body": body, "more_body": False}

        return checked


def _is_json(content_type: str) -> bool:
    """Return whether FastAPI will read a body of this type as JSON."""
    header = email.message.Message()
    header["content-type"] = content_type
    kind, subtype = header.get_content_maintype(), header.get_content_subtype()
    return kind == "application" and (subtype == "json" or subtype.endswith("+json"))


def _check_json(body: bytes) -> None:
    try:
        flaws = find_flaws(body)
    except MalformedJsonError as error:
        raise HTTPException(400, str(error)) from error
    if flaws:
        raise InvalidRequestError(
            [
                Fault(
                    f"{flaw.pointer.removeprefix('/').replace('/', '.') or 'The body'} "
                    f"{flaw.detail}.",
                    pointer=f"#{flaw.pointer}",
                    value=flaw.value,
                )
                for flaw in flaws
            ]
        )
