"""Answers kept in memory by release: a repeated read costs no query, an unchanged one no body.

An answer depends on nothing but its request key, the release and the day. That is so because the
layers below are shown nothing else: they get a request made from the key, not the one that came.
"""

import hashlib
from asyncio import Event
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.text.conditional import FAILED, NOT_MODIFIED, precondition_status
from app.domain.text.negotiation import canonical_accept, choose_coding, choose_language
from app.errors import StaleError
from app.http.guards import refused
from app.http.problems import ProblemKind, kind_of
from app.http.publication import ReleaseWatch, Version

Pairs = list[tuple[bytes, bytes]]

RawKey = tuple[object, ...]
"""The parts of a request, as sent, that its key is made from."""

LARGEST_BODY = 1_000_000
"""Bytes above which an answer is not cached."""

MOST_RAW_KEYS, LONGEST_RAW_KEY = 8, 2_000
"""Size limits of the index of requests as sent: forms for an answer, bytes of a form."""

OVERHEAD = 2_000
"""Bytes counted for what Python needs beside texts and bodies."""

ENCODINGS = ("zstd", "br", "gzip")
"""In the order of the layer that compresses."""

NEVER_CACHED = (
    *("/v1/admin", "/v1/corrections", "/v1/snapshots", "/v1/export", "/corrections"),
    *("/health/", "/metrics", "/static/"),
    *("/v1/sources", "/data"),  # they tell when newer editions were looked for
)
"""Prefixes of addresses whose answers depend on more than the release, or are files."""

IF_NONE_MATCH = b"if-none-match"
CONDITIONS = (IF_NONE_MATCH, b"if-match", b"if-modified-since", b"if-unmodified-since")


class RequestKey(NamedTuple):
    """All that the answer to a read may depend on, normalized.

    ``accept``, ``encoding`` and ``language`` are what was chosen among what is offered, "" where
    it makes no difference. The address of the server belongs to it, since linked data name
    themselves by it.
    """

    path: str
    query: str
    accept: str
    encoding: str
    language: str
    scheme: str
    host: str

    def scope(self, scope: Scope) -> Scope:
        """Return the scope of a request for just this."""
        sent = {
            "host": self.host,
            "accept": self.accept,
            "accept-encoding": self.encoding,
            "accept-language": self.language,
        }
        return {
            **scope,
            "method": "GET",
            "raw_path": None,
            "query_string": self.query.encode("latin-1"),
            "headers": [(name.encode(), text.encode()) for name, text in sent.items() if text],
        }


@dataclass(slots=True)
class CachedAnswer:
    """A cached answer: all that is sent but the id of the request.

    ``short`` are the headers of a 304; ``count`` and ``count_short`` count one more of each.
    """

    version: Version
    tag: bytes
    headers: Pairs
    short: Pairs
    body: bytes
    count: Callable[[], None]
    count_short: Callable[[], None]
    raw: list[RawKey] = field(default_factory=list)
    bytes: int = 0
    is_used: bool = False


class Answers:
    """The cached answers of an application, bounded in bytes, keys and headers included.

    Evicts by second chance: an answer that was not used since it was last looked at goes first.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self.computing: dict[RequestKey, Event] = {}
        self._by_key: OrderedDict[RequestKey, CachedAnswer] = OrderedDict()
        self._by_raw: dict[RawKey, CachedAnswer] = {}

    def find_raw(self, raw: RawKey) -> CachedAnswer | None:
        """Return what the same request, as sent, got before; it may be of an older release."""
        return self._by_raw.get(raw)

    def find(self, key: RequestKey) -> CachedAnswer | None:
        """Return the answer cached for a key, even if it is of an older release."""
        return self._by_key.get(key)

    def remember(self, raw: RawKey, answer: CachedAnswer) -> None:
        """Index a cached answer by a request as sent; skip forms over LONGEST_RAW_KEY bytes."""
        size = _size(raw)
        if size > LONGEST_RAW_KEY or raw in self._by_raw or not answer.bytes:
            return
        if len(answer.raw) == MOST_RAW_KEYS:
            self._forget(answer, answer.raw.pop(0))
        answer.raw.append(raw)
        self._by_raw[raw] = answer
        self._count(answer, size)
        self._shrink()

    def put(self, key: RequestKey, answer: CachedAnswer) -> None:
        """Cache an answer, and evict others if need be."""
        self._drop(key)
        self._by_key[key] = answer
        told = sum(len(name) + len(value) for name, value in (*answer.headers, *answer.short))
        self._count(answer, len(answer.body) + told + _size(key) + OVERHEAD)
        self._shrink()

    def _count(self, answer: CachedAnswer, size: int) -> None:
        answer.bytes += size
        self.bytes += size

    def _shrink(self) -> None:
        while self.bytes > self.max_bytes:
            oldest, kept = next(iter(self._by_key.items()))
            if kept.is_used:
                kept.is_used = False
                self._by_key.move_to_end(oldest)
            else:
                self._drop(oldest)

    def _forget(self, answer: CachedAnswer, raw: RawKey) -> None:
        self._by_raw.pop(raw, None)
        self._count(answer, -_size(raw))

    def _drop(self, key: RequestKey) -> None:
        answer = self._by_key.pop(key, None)
        if answer is None:
            return
        for raw in answer.raw:
            self._by_raw.pop(raw, None)
        self.bytes -= answer.bytes
        answer.bytes = 0


def _size(parts: Sequence[object]) -> int:
    return sum(len(part) for part in parts if isinstance(part, (str, bytes)))


class AnswerCache:
    """Serves repeated reads from ``app.state.answers``; computes each key once at a time.

    While the database is away, cached answers are still served.

    Args:
        app: The layers below.
        languages: Those that pages are offered in, the usual one first.
        counter: Returns what counts one more answer to a request, by its scope and status.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        languages: Sequence[str],
        counter: Callable[[Scope, int], Callable[[], None]],
    ) -> None:
        self._app = app
        self._languages = languages
        self._counter = counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the cache, or let the layers below compute the answer and cache it."""
        if scope["type"] != "http" or "refusal" in scope:
            return await self._app(scope, receive, send)
        state = scope["app"].state
        watch: ReleaseWatch = state.release_watch
        method = scope["method"]
        if method not in ("GET", "HEAD"):
            return await self._app(scope, receive, _refresh_after_write(scope, send, watch))
        if not watch.is_running:
            await watch.look()
        sent: dict[bytes, bytes] = scope["fields"]
        if watch.version is None or b"authorization" in sent:
            return await self._app(scope, receive, send)
        answers: Answers = state.answers
        raw = (
            scope["path"],
            scope["query_string"],
            sent.get(b"accept"),
            sent.get(b"accept-encoding"),
            sent.get(b"accept-language"),
            scope["scheme"],
            sent.get(b"host"),
        )
        answer = answers.find_raw(raw)
        if answer is None or answer.version is not watch.version:
            if scope["path"].startswith(NEVER_CACHED) or b"release=draft" in scope["query_string"]:
                return await self._app(scope, receive, send)
            key = self._key(scope, sent)
            answer = await self._find(answers, key, watch.version)
            if answer is None:
                return await self._compute(key, watch.version, (scope, receive, send))
            answers.remember(raw, answer)
        answer.is_used = True
        tag = sent.get(IF_NONE_MATCH)
        if tag == answer.tag:
            status: int | None = NOT_MODIFIED
        elif tag is not None or not sent.keys().isdisjoint(CONDITIONS):
            status = _condition(sent, answer.tag)
        else:
            status = None
        if status == FAILED:
            return await self._app(refused(scope, *_failed()), receive, send)
        if status is not None:
            answer.count_short()
            return await _send(send, scope, status, answer.short, b"")
        answer.count()
        body = answer.body if method == "GET" else b""
        return await _send(send, scope, 200, answer.headers, body)

    def _key(self, scope: Scope, sent: dict[bytes, bytes]) -> RequestKey:
        """Return the normalized key of a request."""
        told = {name: sent.get(name, b"").decode("latin-1") for name in _NEGOTIATED}
        language = self._languages[0]
        if not scope["path"].startswith("/v1/"):
            language = choose_language(told[b"accept-language"], self._languages)
        pairs = scope["query_string"].decode("latin-1").split("&")
        if len(pairs) > 1:  # the order of different parameters does not matter
            pairs.sort(key=lambda pair: pair.partition("=")[0])
        return RequestKey(
            path=scope["path"],
            query="&".join(pairs),
            accept=canonical_accept(told[b"accept"]),
            encoding=choose_coding(told[b"accept-encoding"], ENCODINGS) or "",
            language="" if language == self._languages[0] else language,
            scheme=scope["scheme"],
            host=sent.get(b"host", b"").decode("latin-1").lower(),
        )

    async def _find(
        self, answers: Answers, key: RequestKey, version: Version
    ) -> CachedAnswer | None:
        """Return the answer of a version, once no other request is computing it."""
        if (computing := answers.computing.get(key)) is not None:
            await computing.wait()
        answer = answers.find(key)
        return answer if answer is not None and answer.version is version else None

    async def _compute(
        self, key: RequestKey, version: Version, call: tuple[Scope, Receive, Send]
    ) -> None:
        scope, receive, send = call
        answers: Answers = scope["app"].state.answers
        tag = _tag(version, key)
        sent: dict[bytes, bytes] = scope["fields"]
        inner = key.scope(scope)
        inner["state"] = {**scope["state"], "release": version[0]}
        done = Event()
        answers.computing.setdefault(key, done)
        body = bytearray()
        found: Pairs | None = None
        status: int | None = None

        async def keep(message: Message) -> None:
            nonlocal found, status
            if message["type"] == "http.response.start":
                if message["status"] == 200 and _is_cacheable(message["headers"]):
                    MutableHeaders(scope=message)["ETag"] = tag.decode()
                    found = [pair for pair in message["headers"] if pair[0] != b"x-request-id"]
                    status = _condition(sent, tag)
                    if status == NOT_MODIFIED:
                        await _send(send, scope, status, _short(found), b"")
                else:
                    finish()
            elif found is not None:
                body.extend(message.get("body", b""))
                if len(body) > LARGEST_BODY:
                    found = None
                    finish()
                elif not message.get("more_body"):
                    answers.put(key, self._to_answer(inner, version, tag, found, bytes(body)))
                    finish()
            if status is None:
                is_body = message["type"] == "http.response.body"
                is_hidden = is_body and scope["method"] == "HEAD"
                await send({**message, "body": b""} if is_hidden else message)

        def finish() -> None:
            """Wake those who wait for the answer before it is sent, which may take long."""
            if answers.computing.get(key) is done:
                del answers.computing[key]
            done.set()

        try:
            await self._app(inner, receive, keep)
        finally:
            finish()
        if status == FAILED:
            await self._app(refused(scope, *_failed()), receive, send)

    def _to_answer(
        self, scope: Scope, version: Version, tag: bytes, headers: Pairs, body: bytes
    ) -> CachedAnswer:
        if all(name != b"content-length" for name, _ in headers):  # it came in parts
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        return CachedAnswer(
            version,
            tag,
            headers,
            _short(headers),
            body,
            self._counter(scope, 200),
            self._counter(scope, 304),
        )


_NEGOTIATED = (b"accept", b"accept-encoding", b"accept-language")


def _refresh_after_write(scope: Scope, send: Send, watch: ReleaseWatch) -> Send:
    """Wrap ``send`` to look for a new release before an editor's write is answered."""
    if not scope["path"].startswith("/v1/admin"):
        return send

    async def look_first(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] < 400:
            await watch.look()
        await send(message)

    return look_first


async def _send(send: Send, scope: Scope, status: int, headers: Pairs, body: bytes) -> None:
    named = [*headers, (b"x-request-id", scope["name"])]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body})


def _failed() -> tuple[ProblemKind, str]:
    """Return the problem of a read whose If-Match names another state of what it reads."""
    return kind_of(StaleError), "If-Match names another state than the present one."


def _condition(sent: dict[bytes, bytes], tag: bytes) -> int | None:
    """Return the status that the conditions of a read call for, if any."""
    told = {name.decode(): sent[name].decode("latin-1") for name in CONDITIONS if name in sent}
    return precondition_status(told, etag=tag.decode())


def _is_cacheable(headers: Pairs) -> bool:
    return b"no-store" not in Headers(raw=headers).get("cache-control", "").encode()


def _tag(version: Version, key: RequestKey) -> bytes:
    """Return the weak entity tag of an answer: bodies are compressed on the way."""
    (number, published), day = version
    told = "\n".join(map(str, (code_digest(), published, *key))).encode()
    digest = hashlib.blake2b(told, digest_size=8).hexdigest()
    return f'W/"{number}-{day:%Y%m%d}-{digest}"'.encode()


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Return the digest of the code and templates: with other ones the same question has another
    answer, and every server with the same ones gives the same."""
    digest = hashlib.blake2b(digest_size=8)
    folder = Path(__file__).parents[1]
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".html", ".css", ".js", ".po", ".mo", ".svg", ".md", ".json"):
            digest.update(f"{path.relative_to(folder)}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


SHORT = {
    b"etag",
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
