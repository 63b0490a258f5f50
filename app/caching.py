"""Answers kept in memory by release: a repeated read costs no query, an unchanged one no body.

An answer depends on nothing but the question, the release and the day, so these are its key and
its entity tag; the tag is known before anything is computed.
"""

import hashlib
import logging
import re
from asyncio import Event
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from time import monotonic
from urllib.parse import parse_qsl, urlencode

from anyio.to_thread import run_sync
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Version = tuple[int, date]
"""Release and day: what every cacheable answer depends on."""

Key = tuple[str, str, str, str, str]
"""Path, canonical query, accepted encodings, accepted types, address of the server as asked."""

LARGEST = 1_000_000
"""Bytes above which an answer is not kept."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Kept:
    """An answer as it left the layers below."""

    version: Version
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Answers:
    """What an application keeps: bounded in bytes, the least recently used given up first."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.computing: dict[Key, Event] = {}
        self.release = 0
        self.looked_at = float("-inf")
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

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

    Another process may publish: the newest release is looked up at most every
    ``seconds_between_looks``, and at once after a write through this process. While the database
    is away, what is kept goes on being served.
    """

    _cacheable = re.compile(r"/v1/(?!admin|changes|export|corrections|snapshots)")
    _encodings = ("zstd", "br", "gzip")

    def __init__(self, app: ASGIApp, *, seconds_between_looks: float) -> None:
        self._app = app
        self._seconds = seconds_between_looks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory where it can be, else let it be computed and keep it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        answers: Answers = scope["app"].state.answers
        if scope["method"] != "GET":
            answers.looked_at = float("-inf")  # it may publish: look before the next read
            return await self._app(scope, receive, send)
        if (
            not self._cacheable.match(scope["path"])
            or "authorization" in headers
            or scope.get("state", {}).get("draft")
        ):
            return await self._app(scope, receive, send)
        version = await self._version(answers, scope["app"].state.engine)
        key = self._key(scope, headers)
        tag = _tag(version, key)
        if tag in headers.get("if-none-match", ""):
            return await _send(send, 304, _short(answers.peek(key), tag), b"")
        while (kept := answers.find(key, version)) is None and key in answers.computing:
            await answers.computing[key].wait()
        if kept is not None:
            return await _send(send, 200, kept.headers, kept.body)
        return await self._compute(answers, key, version, tag, (scope, receive, send))

    async def _version(self, answers: Answers, engine: Engine) -> Version:
        if monotonic() - answers.looked_at >= self._seconds:
            try:
                answers.release = await run_sync(_newest, engine)
                answers.looked_at = monotonic()
            except SQLAlchemyError:
                log.warning("the newest release could not be looked up", exc_info=True)
        return answers.release, datetime.now(UTC).date()

    def _key(self, scope: Scope, headers: Headers) -> Key:
        query = scope["query_string"].decode("latin-1")
        if "&" in query:  # the order of different parameters does not matter
            pairs = parse_qsl(query, keep_blank_values=True)
            query = urlencode(sorted(pairs, key=lambda pair: pair[0]))
        accepted = headers.get("accept-encoding", "").lower()
        encodings = ",".join(name for name in self._encodings if name in accepted)
        return (
            scope["path"],
            query,
            encodings if ";" not in accepted else accepted,
            headers.get("accept", ""),
            f"{scope['scheme']}://{headers.get('host', '')}",  # linked data name themselves by it
        )

    async def _compute(
        self,
        answers: Answers,
        key: Key,
        version: Version,
        tag: str,
        call: tuple[Scope, Receive, Send],
    ) -> None:
        scope, receive, send = call
        done = answers.computing[key] = Event()
        body = bytearray()
        found: list[tuple[bytes, bytes]] | None = None

        async def keep(message: Message) -> None:
            nonlocal found
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).setdefault("ETag", tag)
                found = list(message["headers"])
            elif message["type"] == "http.response.body" and found is not None:
                body.extend(message.get("body", b""))
                if len(body) > LARGEST:
                    found = None
                elif not message.get("more_body"):
                    answers.put(key, Kept(version, found, bytes(body)))
            await send(message)

        try:
            await self._app(scope, receive, keep)
        finally:
            del answers.computing[key]
            done.set()


def _newest(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT max(number) FROM release")).scalar() or 0


def _tag(version: Version, key: Key) -> str:
    """Return the weak entity tag of an answer: bodies are compressed on the way."""
    release, day = version
    digest = hashlib.blake2b("\n".join(key).encode(), digest_size=8).hexdigest()
    return f'W/"{release}-{day:%Y%m%d}-{digest}"'


SHORT = {b"cache-control", b"vary", b"content-location", b"expires"}
"""Headers that an answer without a body repeats (RFC 9110, 15.4.5)."""


def _short(kept: Kept | None, tag: str) -> list[tuple[bytes, bytes]]:
    headers = [pair for pair in kept.headers if pair[0] in SHORT] if kept else []
    return [*headers, (b"etag", tag.encode())]


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})
