"""The HTTP server: uvicorn's protocols with time limits, and refusals as problem documents.

Uvicorn waits for ever for a request that is half sent, for a body that stops and for a client
that does not read. Here one look over all connections a second ends those; a request costs
nothing more by it.
"""

import asyncio
import importlib.util
import logging
import math
import struct
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import uuid4
from weakref import WeakKeyDictionary

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from app.http.problems import kind_for_status, problem_response

if sys.platform != "win32":
    import fcntl
    import resource
    import termios

HEAD_SECONDS = 20.0
"""Time for a whole request line with its headers, from the end of the answer before."""
BODY_SECONDS = 30.0
"""Time in which a body must go on."""
READ_SECONDS = 60.0
"""Time in which a client must read at least ``READ_BYTES`` of what waits for it."""
READ_BYTES = 4_096
MAX_HEAD_BYTES = 65_536
LOOK_SECONDS = 1.0
LOOK_AT_ONCE = 256
LINGER_SECONDS = 2.0
LINGER_BYTES = 4_000_000
GRACEFUL_SECONDS = 10
IDLE_SECONDS = 5
START_SECONDS = 60
"""Time for a worker to be there at all, which on a busy machine takes longer than the usual 5 s."""

log = logging.getLogger(__name__)


def run(*, host: str, port: int, workers: int, access_log: bool, trusted: str) -> None:
    """Serve until a signal ends it; what is being sent then may go on for ten seconds.

    ``trusted`` are the proxies whose X-Forwarded-For is believed.
    """
    log.info("up to %s files and connections may be open", raise_file_limit())
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        http=protocol(),
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        host=host,
        port=port,
        workers=workers,
        access_log=access_log,
        server_header=False,
        forwarded_allow_ips=trusted,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_worker_healthcheck=START_SECONDS,
    )


def raise_file_limit() -> int | None:
    """Let this process open as many files as it is allowed to, and return how many that are.

    Shells often allow 1,024, and each connection is one. None where there is no such limit.
    """
    if sys.platform == "win32":
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(ValueError, OSError):  # some systems name a limit that they do not grant
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def protocol() -> type[asyncio.Protocol]:
    """Return the protocol with the quicker parser that is installed."""
    return WatchedHttpTools if importlib.util.find_spec("httptools") else WatchedH11


class ConnectionWatch:
    """Looks at every connection of one server once a second, a few at a time."""

    def __init__(self, server: ServerState, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop = server, loop
        self._left: list[WatchedProtocol] = []
        self._seconds = 0.0
        self.is_running = False

    def start(self) -> None:
        """Look from now on, until there is no connection."""
        if not self.is_running:
            self.is_running = True
            self._loop.call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        if not self._left:
            self._left = [
                one for one in self._server.connections if isinstance(one, WatchedProtocol)
            ]
            self._seconds = LOOK_SECONDS / max(1, math.ceil(len(self._left) / LOOK_AT_ONCE))
        now = time.monotonic()
        for _ in range(min(LOOK_AT_ONCE, len(self._left))):
            try:
                self._left.pop().look(now)
            except Exception:  # one odd connection must not leave all others unwatched
                log.exception("a connection could not be looked at")
        self.is_running = bool(self._server.connections)
        if self.is_running:
            self._loop.call_later(self._seconds, self._look)


class WatchedProtocol(asyncio.Protocol):
    """Additions to a protocol of uvicorn; ``look`` is called by the watch of its server."""

    _watches: ClassVar[WeakKeyDictionary[ServerState, ConnectionWatch]] = WeakKeyDictionary()

    cycle: Any
    flow: Any
    loop: asyncio.AbstractEventLoop
    server_state: ServerState
    transport: asyncio.Transport

    _body_bytes = 0
    _seen: tuple[str, object] = ("", None)
    _left_to_read = 0
    _since = 0.0
    _is_refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a connection, and make the watch look at it."""
        super().connection_made(transport)
        watch = self._watches.get(self.server_state)
        if watch is None:
            watch = self._watches[self.server_state] = ConnectionWatch(self.server_state, self.loop)
        watch.start()

    def shutdown(self) -> None:
        """End as the server does, and let nobody wait for a release that cannot come any more."""
        super().shutdown()  # type: ignore[misc]
        if self.cycle is not None and (app := self.cycle.scope.get("app")) is not None:
            app.state.release_watch.end_waiting()

    def look(self, now: float) -> None:
        """End the connection if the client has kept it waiting for too long."""
        state = self._state()
        if state != self._seen:
            self._seen, self._since = state, now
            self._left_to_read = self._unread() if state[0] == "reader" else 0
            return
        waits_for, waited = state[0], now - self._since
        if waits_for == "head" and waited > HEAD_SECONDS:
            if self._has_begun():
                self.refuse(408, "The request was not whole in time.")
            else:
                self.transport.close()
        elif waits_for == "body" and waited > BODY_SECONDS:
            self.refuse(408, "The body of the request did not go on.")
        elif waits_for == "reader":
            unread = self._unread()
            if unread <= self._left_to_read - READ_BYTES:
                self._since, self._left_to_read = now, unread
            elif waited > READ_SECONDS:
                self.transport.abort()

    def _state(self) -> tuple[str, object]:
        """Return what the connection waits for, and what tells one such wait from the next."""
        cycle = self.cycle
        if self.flow.write_paused or self.transport.is_closing():
            return "reader", cycle
        if cycle is None or cycle.response_complete:
            return "head", cycle
        if cycle.more_body and not self.flow.read_paused and not self._was_not_asked():
            return "body", self._body_bytes
        return "us", cycle

    def _unread(self) -> int:
        """Return how many bytes the client has not taken yet, here and in the system."""
        waiting = self.transport.get_write_buffer_size()
        if sys.platform != "win32":
            with suppress(OSError, AttributeError):  # no such number here, or no socket any more
                descriptor = self.transport.get_extra_info("socket").fileno()
                in_system = fcntl.ioctl(descriptor, termios.TIOCOUTQ, b"\0" * 4)
                waiting += int(struct.unpack("i", in_system)[0])
        return waiting

    def _has_begun(self) -> bool:
        """Return whether a part of a request line or of headers has come."""
        raise NotImplementedError

    def _was_not_asked(self) -> bool:
        """Return whether the client holds its body back until asked (RFC 9110, 10.1.1)."""
        raise NotImplementedError

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser cannot read; uvicorn calls it and has words of its own."""
        error = sys.exc_info()[1]
        status = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400
        if status == 431:
            self.refuse_head()
        else:
            self.refuse(400, "This is not a request of HTTP/1.1 or 1.0.")

    def refuse_head(self) -> None:
        """Refuse a request line with headers that never end."""
        self.refuse(431, f"Request line and headers are longer than {MAX_HEAD_BYTES} bytes.")

    def refuse(self, status: int, detail: str) -> None:
        """Answer with a problem document, unless another answer has begun, and hang up."""
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True  # whatever the application still sends is for nobody
            cycle.message_event.set()
            if cycle.response_started:
                self.transport.abort()
                return
        self.transport.write(refusal(status, detail, self.server_state.default_headers))
        self.transport.set_protocol(DrainAfterRefusal(self, self.transport, self.loop))


class DrainAfterRefusal(asyncio.Protocol):
    """Reads on for a moment after a refusal: closing at once could lose it on its way."""

    def __init__(
        self,
        before: asyncio.Protocol,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._before, self._transport = before, transport
        self._left = LINGER_BYTES
        self._end = loop.call_later(LINGER_SECONDS, transport.abort)
        if transport.can_write_eof():
            transport.write_eof()

    def data_received(self, data: bytes) -> None:
        """Pass over what still comes, up to a bound."""
        self._left -= len(data)
        if self._left < 0:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the first protocol clear up."""
        self._end.cancel()
        self._before.connection_lost(exc)


def refusal(status: int, detail: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return a problem document with its head, as it goes over the wire."""
    name = uuid4().hex
    scope = {"type": "http", "path": "", "name": name.encode()}
    answer = problem_response(scope, kind_for_status(status), detail, status=status)
    fields = [
        *headers,
        *answer.raw_headers,
        (b"x-request-id", name.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    head = b"HTTP/1.1 %d %b\r\n" % (status, HTTPStatus(status).phrase.encode())
    lines = (b"%b: %b\r\n" % field for field in fields)
    return b"".join([head, *lines, b"\r\n", bytes(answer.body)])


class WatchedH11(WatchedProtocol, H11Protocol):
    """The parser written in Python; it counts the bytes of a head by itself."""

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._body_bytes += len(data)
        super().data_received(data)

    def _has_begun(self) -> bool:
        return bool(self.conn.trailing_data[0])

    def _was_not_asked(self) -> bool:
        return self.conn.they_are_waiting_for_100_continue


if importlib.util.find_spec("httptools"):
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

    class WatchedHttpTools(WatchedProtocol, HttpToolsProtocol):
        """The parser written in C; it takes heads of any length, so they are counted here."""

        _head_bytes = 0
        _head: object = None

        def data_received(self, data: bytes) -> None:
            """Read on, and refuse a head that does not end."""
            super().data_received(data)
            cycle = self.cycle
            if cycle is not None and cycle.scope is self.scope:
                return  # the head is whole; most requests come in one piece and end here
            if self._head is not self.scope:
                self._head, self._head_bytes = self.scope, 0
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self.refuse_head()

        def on_body(self, body: bytes) -> None:
            """Take a part of a body."""
            self._body_bytes += len(body)
            super().on_body(body)

        def _has_begun(self) -> bool:
            if self.scope is None:
                return False
            return self.cycle is None or self.cycle.scope is not self.scope

        def _was_not_asked(self) -> bool:
            return bool(self.cycle.waiting_for_100_continue)
