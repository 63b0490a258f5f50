"""What may refuse a request before it is answered: by its head, by its caller's rate, by its body.

A layer before the kept answers that refuses does not answer itself: it marks the request
(``refused``) and lets it go on, so that the refusal bears the headers that every answer bears.
"""

import email.message
import re
from collections.abc import Sequence
from itertools import count
from uuid import uuid4

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from limits import RateLimitItem, parse
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.text.json_text import MalformedJsonError, find_flaws
from app.errors import Fault, InvalidRequestError, TooManyRequestsError
from app.http.limiting import Limiter, Quota, client_address, to_fingerprint
from app.http.problems import ProblemKind, kind_for_status, kind_of, problem_response

MAX_ADDRESS_BYTES = 8_192
MAX_HEADER_BYTES = 32_768
CHECKED_INLINE = 2_000
"""Bytes of a body above which it is checked in a thread: that takes about a millisecond."""

HOSTS_REMEMBERED = 100
"""Size limit of the set of accepted Host values."""

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Always answered: health checks on the machine itself name no public host."""

SINGLE_VALUED = frozenset(
    (
        b"authorization",
        b"content-length",
        b"content-type",
        b"host",
        b"if-modified-since",
        b"if-range",
        b"if-unmodified-since",
        b"origin",
        b"range",
        b"x-request-id",
    )
)
"""Headers that routes read as one value: sent twice, nobody could tell which counts."""

_HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_SAFE_ID = re.compile(rb"[A-Za-z0-9._~-]{1,64}")
_numbers = count()
_process = uuid4().hex[:16].encode()


def refused(
    scope: Scope, kind: ProblemKind, detail: str, headers: dict[str, str] | None = None
) -> Scope:
    """Return a scope marked as refused; CatchAll answers it with the problem."""
    return {**scope, "refusal": problem_response(scope, kind, detail, headers=headers)}


class RequestHead:
    """Reads the head of a request once, for all layers below, and refuses what is wrong with it.

    Puts into the scope: ``fields``, header name -> value, those of a list that came in several
    lines joined (RFC 9110, 5.3); ``name``, what the request goes by, the caller's X-Request-ID
    where it is sane.

    Args:
        app: The layers below.
        hosts: Host names that are answered; ``*`` any, ``*.example.org`` all below.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app = app
        self._any_host = "*" in hosts
        self._known_hosts: set[bytes] = set()
        self._hosts = {*hosts, *LOOPBACK}
        self._endings = tuple(host[1:] for host in hosts if host.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark a faulty request as refused; pass every request on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        sent: list[tuple[bytes, bytes]] = scope["headers"]
        fields = dict(sent)
        repeated = None
        if len(fields) != len(sent):
            fields, repeated = _merge_repeated(sent)
            scope["headers"] = list(fields.items())
        scope["fields"] = fields
        given = fields.get(b"x-request-id")
        if given is None or not _SAFE_ID.fullmatch(given):
            given = b"%b%016x" % (_process, next(_numbers))
        scope["name"] = given
        scope.setdefault("state", {})
        flaw = self._flaw(scope, fields, repeated)
        if flaw is not None:
            status, detail = flaw
            scope = refused(scope, kind_for_status(status), detail)
        return await self._app(scope, receive, send)

    def _flaw(
        self, scope: Scope, fields: dict[bytes, bytes], repeated: bytes | None
    ) -> tuple[int, str] | None:
        """Return status and sentence of what is wrong with the head of a request."""
        if repeated is not None:
            return 400, f"The header {repeated.decode('latin-1')} was sent more than once."
        if sum(map(len, fields.values())) > MAX_HEADER_BYTES:
            return 431, f"The headers have more than {MAX_HEADER_BYTES} bytes."
        query: bytes = scope["query_string"]
        length = len(scope.get("raw_path") or scope["path"].encode()) + len(query)
        if length > MAX_ADDRESS_BYTES:
            return 414, f"The address has {length} bytes; at most {MAX_ADDRESS_BYTES} are read."
        if "\0" in scope["path"] or b"%00" in query or b"\0" in query:
            return 400, "The address contains a NUL character (%00)."
        host = fields.get(b"host")
        if host in self._known_hosts:
            return None
        if host is None:
            is_old = scope.get("http_version") == "1.0"
            return None if is_old else (400, "The header Host is missing.")
        if not _HOST.fullmatch(host):
            return 400, "The header Host names no host."
        if not self._any_host and not self._is_ours(host.decode()):
            return 400, "This service does not answer for the host that was asked for."
        if len(self._known_hosts) < HOSTS_REMEMBERED:
            self._known_hosts.add(host)
        return None

    def _is_ours(self, host: str) -> bool:
        name = re.sub(r":\d+$", "", host.lower())
        return name in self._hosts or name.endswith(self._endings or ("\0",))


def _merge_repeated(sent: list[tuple[bytes, bytes]]) -> tuple[dict[bytes, bytes], bytes | None]:
    """Return header -> value, and a header that was repeated though it may not be."""
    fields: dict[bytes, bytes] = {}
    repeated = None
    for name, value in sent:
        if name not in fields:
            fields[name] = value
        else:
            fields[name] += (b"; " if name == b"cookie" else b", ") + value
            if name in SINGLE_VALUED:
                repeated = name
    return fields, repeated


class RateLimit:
    """Limits the rate of requests of a caller, and tells the remaining quota in headers.

    A key is counted by what was sent, true or not; so it is counted beside the address and
    never instead of it. Counts are those of the application, ``app.state.limiter``. A scope that
    ``is_counted`` is of a request made within another one, which was counted.
    """

    _bearer = re.compile(r"bearer +(\S.*)", re.IGNORECASE)
    _exempt = re.compile(r"/health/.*|/metrics")

    def __init__(self, app: ASGIApp, by_address: str | None, by_key: str | None) -> None:
        self._app = app
        self._by_address = parse(by_address) if by_address else None
        self._by_key = parse(by_key) if by_key else None
        self._threads = CapacityLimiter(8)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it until there is room again."""
        is_free = scope["type"] != "http" or scope.get("is_counted", False)
        if is_free or self._exempt.fullmatch(scope["path"]):
            return await self._app(scope, receive, send)
        limiter: Limiter = scope["app"].state.limiter
        if limiter.is_shared:
            found = await run_sync(self._count, limiter, scope, limiter=self._threads)
        else:
            found = self._count(limiter, scope)
        policy, state = _rate_limit_fields(found)

        async def add_headers(message: Message) -> None:
            if message["type"] == "http.response.start" and found:
                headers = MutableHeaders(scope=message)
                headers["RateLimit-Policy"] = policy
                headers["RateLimit"] = state
            await send(message)

        for name, limit, quota in found:
            if quota.is_over:
                whose = "key" if name == "key" else "address"
                scope = refused(
                    scope,
                    kind_of(TooManyRequestsError),
                    f"At most {limit.amount} requests in {limit.get_expiry()} seconds are "
                    f"answered to one {whose}.",
                    {"Retry-After": str(quota.seconds)},
                )
        return await self._app(scope, receive, add_headers)

    def _count(self, limiter: Limiter, scope: Scope) -> list[tuple[str, RateLimitItem, Quota]]:
        """Count a request; return name, limit and quota of each policy it falls under."""
        found = []
        sent = self._bearer.fullmatch(scope["fields"].get(b"authorization", b"").decode("latin-1"))
        if self._by_address:
            quota = limiter.hit(self._by_address, "address", client_address(scope))
            found.append(("default", self._by_address, quota))
            if quota.is_over:
                return found
        if self._by_key and sent:
            quota = limiter.hit(self._by_key, "key", to_fingerprint(sent[1]))
            found.append(("key", self._by_key, quota))
        return found


def _rate_limit_fields(found: list[tuple[str, RateLimitItem, Quota]]) -> tuple[str, str]:
    """Return the fields RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers)."""
    return (
        ", ".join(f'"{name}";q={limit.amount};w={limit.get_expiry()}' for name, limit, _ in found),
        ", ".join(f'"{name}";r={now.remaining};t={now.seconds}' for name, _, now in found),
    )


class BodyGuard:
    """Reads a whole body before the request takes a place in a lane, so that a slow sender holds
    none; rejects JSON with values that cannot be stored.

    What is wrong with a body is told when a route asks for it, so 404 and 405 come first. Uploads
    for import are streamed and bounded by their route.
    """

    _streamed = re.compile(r"/v1/admin/imports/[^/]+/files/[^/]+")

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body of a request that has one."""
        if scope["type"] != "http" or "refusal" in scope:
            return await self._app(scope, receive, send)
        fields: dict[bytes, bytes] = scope["fields"]
        announced = fields.get(b"content-length", b"")
        is_empty = announced in (b"", b"0") and b"transfer-encoding" not in fields
        if is_empty or self._streamed.fullmatch(scope["path"]):
            return await self._app(scope, receive, send)
        body = b""
        is_large = announced.isdigit() and int(announced[:20]) > self._limit
        while not is_large:
            message = await receive()
            if message["type"] != "http.request":
                return None  # the caller has left
            body += message.get("body", b"")
            is_large = len(body) > self._limit
            if not message.get("more_body"):
                break
        if is_large:
            words = f"The body is larger than {self._limit} bytes."
            return await problem_response(scope, kind_for_status(413), words)(scope, receive, send)
        content_type = fields.get(b"content-type", b"").decode("latin-1")
        is_asked_for = False

        async def receive_body() -> Message:
            nonlocal is_asked_for
            if is_asked_for:
                return await receive()
            is_asked_for = True
            if body and _is_json(content_type):
                if len(body) > CHECKED_INLINE:
                    await run_sync(_check_json, body)
                else:
                    _check_json(body)
            return {"type": "http.request", "body": body, "more_body": False}

        return await self._app(scope, receive_body, send)


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
