"""Answers kept in memory by release: a repeated read costs no query, an unchanged one no body.

An answer depends on nothing but the question, the release and the day, so these are its key and
its entity tag; the tag is known before anything is computed.
"""

import hashlib
import logging
import re
from asyncio import Event
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import monotonic
from urllib.parse import parse_qsl, urlencode

from anyio.to_thread import run_sync
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.models.releases import Release
from app.queries.imports import inner_table

Published = tuple[int, datetime | None]
"""Number of a release and moment of its publication: a restored catalogue can have the number of
another. 0 and None: there is no release."""

Version = tuple[Published, date]
"""Release and day: what every cacheable answer depends on."""

Asked = tuple[str, bytes, bytes | None, bytes | None, bool, str, bytes | None]
"""Path, query, encodings, types, whether a browser asks from another site, scheme, host."""

Key = tuple[str, str, str, str, bool, str]
"""The same in one spelling: the order of different parameters does not matter.

The address of the server belongs to it, since linked data name themselves by it.
"""

Pairs = list[tuple[bytes, bytes]]

LARGEST = 1_000_000
"""Bytes above which an answer is not kept."""

SPELLINGS, LONGEST_SPELT = 20_000, 1_000
"""Questions as sent of which the one spelling is remembered, and bytes of the longest of them."""

DRAFT = b"release=draft"
"""In the query of who asks for what is proposed: never kept."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Kept:
    """An answer as it leaves, but for the name of the request.

    ``short`` are the headers of one unchanged; ``count`` and ``count_short`` count one more.
    """

    version: Version
    tag: bytes
    headers: Pairs
    short: Pairs
    body: bytes
    count: Callable[[], None]
    count_short: Callable[[], None]


class Answers:
    """What an application keeps: bounded in bytes, the least recently used given up first."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.computing: dict[Key, Event] = {}
        self.version: Version = ((0, None), date.min)
        self.looked_at = float("-inf")
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._spelt: OrderedDict[Asked, Key] = OrderedDict()

    def key_of(self, asked: Asked) -> Key | None:
        """Return the one spelling of a question that was asked before."""
        return self._spelt.get(asked)

    def spell(self, asked: Asked, key: Key) -> None:
        """Remember the one spelling of a question; long ones, many of which fill memory, not."""
        if sum(len(part) for part in asked if isinstance(part, (str, bytes))) > LONGEST_SPELT:
            return
        self._spelt[asked] = key
        if len(self._spelt) > SPELLINGS:
            self._spelt.popitem(last=False)

    def peek(self, key: Key) -> Kept | None:
        """Return what is kept under a key, of whatever release."""
        return self._kept.get(key)

    def find(self, key: Key, version: Version) -> Kept | None:
        """Return the answer of a version, if it is kept."""
        kept = self._kept.get(key)
        if kept is None or kept.version != version:
            return None
        self._kept.move_to_end(key)
        return kept

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer, in the place of others if need be."""
        old = self._kept.pop(key, None)
        self.bytes += len(kept.body) - (len(old.body) if old else 0)
        self._kept[key] = kept
        while self.bytes > self.max_bytes:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= len(gone.body)


class ReleaseCache:
    """Serves repeated reads from ``app.state.answers``; one computation a question at a time.

    It stands before all other layers where it can, so that a repeated read costs no more than
    sending it. Another process may publish: the newest release is looked up at most every
    ``seconds_between_looks``, and at once after a write through this process. While the database
    is away, what is kept goes on being served.

    Args:
        app: The layers below.
        seconds_between_looks: How long another process's release may go unnoticed.
        name: Returns the name of a request from its headers; None: a layer above names it.
        counter: Returns what counts an answer to a request; None: a layer above counts.
    """

    _cacheable = re.compile(r"/v1/(?!admin|changes|export|corrections|snapshots)")
    _encodings = ("zstd", "br", "gzip")

    def __init__(
        self,
        app: ASGIApp,
        *,
        seconds_between_looks: float,
        name: Callable[[dict[bytes, bytes]], bytes] | None = None,
        counter: Callable[[Scope, int], Callable[[], None]] | None = None,
    ) -> None:
        self._app = app
        self._seconds = seconds_between_looks
        self._name = name
        self._counter = counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory where it can be, else let it be computed and keep it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        answers: Answers = scope["app"].state.answers
        if scope["method"] not in ("GET", "HEAD"):
            answers.looked_at = float("-inf")  # it may publish: look before the next read
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        asked = (
            scope["path"],
            scope["query_string"],
            headers.get(b"accept-encoding"),
            headers.get(b"accept"),
            b"origin" in headers,
            scope["scheme"],
            headers.get(b"host"),
        )
        key = answers.key_of(asked)
        if key is None:
            if not self._cacheable.match(scope["path"]) or DRAFT in scope["query_string"]:
                return await self._app(scope, receive, send)
            key = _spelt(asked, self._encodings)
            answers.spell(asked, key)
        if b"authorization" in headers:
            return await self._app(scope, receive, send)
        if monotonic() - answers.looked_at >= self._seconds:
            await self._look(answers, scope["app"].state.engine)
        version = answers.version
        while (kept := answers.find(key, version)) is None and key in answers.computing:
            await answers.computing[key].wait()
        wanted = headers.get(b"if-none-match")
        if wanted is not None:
            if kept is not None and kept.tag in wanted:
                kept.count_short()
                return await self._send(send, 304, kept.short, headers, b"")
            if kept is None and (tag := _tag(version, key)) in wanted:
                self._counted(scope, 304)()
                stale = answers.peek(key)
                short = [*_short(stale.headers if stale else []), (b"etag", tag)]
                return await self._send(send, 304, short, headers, b"")
        if kept is None:
            return await self._compute(answers, key, version, (scope, receive, send))
        kept.count()
        body = kept.body if scope["method"] == "GET" else b""
        return await self._send(send, 200, kept.headers, headers, body)

    async def _look(self, answers: Answers, engine: Engine) -> None:
        try:
            published = await run_sync(_newest, engine)
        except SQLAlchemyError:
            log.warning("the newest release could not be looked up", exc_info=True)
        else:
            answers.version = published, datetime.now(UTC).date()
            answers.looked_at = monotonic()

    def _counted(self, scope: Scope, status: int) -> Callable[[], None]:
        """Return what counts an answer, if no layer above does."""
        return self._counter(scope, status) if self._counter else _nothing

    async def _send(
        self, send: Send, status: int, sent: Pairs, headers: dict[bytes, bytes], body: bytes
    ) -> None:
        if self._name:
            sent = [*sent, (b"x-request-id", self._name(headers))]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})

    async def _compute(
        self, answers: Answers, key: Key, version: Version, call: tuple[Scope, Receive, Send]
    ) -> None:
        scope, receive, send = call
        scope["state"] = {**scope.get("state", {}), "release": version[0]}
        tag = _tag(version, key)
        done = answers.computing[key] = Event()
        body = bytearray()
        found: Pairs | None = None

        async def keep(message: Message) -> None:
            nonlocal found
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).setdefault("ETag", tag.decode())
                found = [pair for pair in message["headers"] if pair[0] != b"x-request-id"]
            elif message["type"] == "http.response.body" and found is not None:
                body.extend(message.get("body", b""))
                if len(body) > LARGEST:
                    found = None
                elif not message.get("more_body") and scope["method"] == "GET":
                    kept = Kept(
                        version,
                        tag,
                        found,
                        [*_short(found), (b"etag", tag)],
                        bytes(body),
                        self._counted(scope, 200),
                        self._counted(scope, 304),
                    )
                    answers.put(key, kept)
            await send(message)

        try:
            await self._app(scope, receive, keep)
        finally:
            del answers.computing[key]
            done.set()


def _nothing() -> None:
    """Count nothing: a layer above does."""


def _spelt(asked: Asked, encodings: tuple[str, ...]) -> Key:
    """Return a question in one spelling."""
    path, raw, accepted, types, is_foreign, scheme, host = asked
    query = raw.decode("latin-1")
    if "&" in query:
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode(sorted(pairs, key=lambda pair: pair[0]))
    told = (accepted or b"").decode("latin-1").lower()
    if ";" not in told:
        told = ",".join(name for name in encodings if name in told)
    server = f"{scheme}://{(host or b'').decode('latin-1')}"
    return path, query, told, (types or b"").decode("latin-1"), is_foreign, server


RELEASES = inner_table(Release).c
NEWEST = text("SELECT number, published_at FROM release ORDER BY number DESC LIMIT 1").columns(
    RELEASES.number, RELEASES.published_at
)


def _newest(engine: Engine) -> Published:
    with engine.connect() as connection:
        found = connection.execute(NEWEST).first()
    return (found[0], found[1]) if found else (0, None)


def _tag(version: Version, key: Key) -> bytes:
    """Return the weak entity tag of an answer: bodies are compressed on the way."""
    (number, published), day = version
    told = "\n".join(map(str, (published, *key))).encode()
    digest = hashlib.blake2b(told, digest_size=8).hexdigest()
    return f'W/"{number}-{day:%Y%m%d}-{digest}"'.encode()


SHORT = {
    b"cache-control",
    b"vary",
    b"content-location",
    b"expires",
    b"access-control-allow-origin",
    b"access-control-expose-headers",
}
"""Headers that an answer without a body repeats (RFC 9110, 15.4.5), and what browsers need."""


def _short(headers: Pairs) -> Pairs:
    return [pair for pair in headers if pair[0] in SHORT]
