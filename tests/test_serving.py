"""What the server does below the application: refusals, time limits, and how it ends."""

import asyncio
import http.client
import json
import re
import resource
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from app.http.problems import MEDIA_TYPE
from app.ops import serving as server
from tests.asking import run as in_thread
from tests.fixtures import Databases
from tests.serving import Parser, serving_app, serving_process, wait_until

Connect = Callable[[], socket.socket]
SECONDS = 30


class Application:
    """Answers /endless without end, anything else with the number of bytes it was sent."""

    def __init__(self) -> None:
        self.ended = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return None
        try:
            if scope["path"] == "/endless":
                return await self._answer_for_ever(receive, send)
            await self._count(receive, send)
        finally:
            self.ended += 1

    async def _answer_for_ever(self, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not await self._is_gone(receive):
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})

    async def _is_gone(self, receive: Receive) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(0):
                return (await receive())["type"] == "http.disconnect"
        return False

    async def _count(self, receive: Receive, send: Send) -> None:
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message["body"])
            if not message["more_body"]:
                break
        body = str(size).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture(params=["h11", "httptools"])
def parser(request: pytest.FixtureRequest) -> Parser:
    return request.param


@pytest.fixture
def connect(application: Application, parser: Parser) -> Iterator[Connect]:
    with serving_app(application, parser) as address:
        yield lambda: _connect(address)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that waits for a fraction of a second."""
    monkeypatch.setattr(server, "LOOK_SECONDS", 0.05)
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "READ_SECONDS"):
        monkeypatch.setattr(server, name, 0.5)


def _connect(address: str) -> socket.socket:
    url = urlsplit(address)
    return socket.create_connection((url.hostname, url.port), timeout=SECONDS)


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


def problem_of(answer: bytes) -> dict[str, Any]:
    """Return the problem document of a raw answer, after a look at its head."""
    head, _, body = answer.partition(b"\r\n\r\n")
    fields = http.client.parse_headers(BytesIO(head.partition(b"\r\n")[2] + b"\r\n\r\n"))
    assert fields["content-type"] == MEDIA_TYPE
    assert fields["connection"] == "close"
    assert fields["date"]
    assert int(fields["content-length"]) == len(body)
    document: dict[str, Any] = json.loads(body)
    assert fields["x-request-id"] == document["request_id"]
    assert head.startswith(f"HTTP/1.1 {document['status']} ".encode())
    return document


UNREADABLE = [
    b"GET\r\n\r\n",
    b"GET / HTTP/one\r\nHost: a\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS to a port without it
    b"GET / HTTP/1.1\r\nHost: a\r\nname with spaces: 1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: five\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
]


@pytest.mark.parametrize("request_bytes", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_a_problem(
    connect: Connect, request_bytes: bytes
) -> None:
    with closing(connect()) as connection:
        connection.sendall(request_bytes)
        document = problem_of(read_all(connection))

    assert (document["status"], document["type"]) == (400, "/problems/bad-request")


def test_a_head_that_never_ends_is_refused_before_it_fills_the_memory(connect: Connect) -> None:
    sent = 0
    with closing(connect()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        with suppress(ConnectionError):  # it hangs up, as it should
            while sent < 50_000_000:
                sent += connection.send(b"X-Filler: " + b"x" * 1_000 + b"\r\n")

    assert sent < 50_000_000


def test_a_head_above_the_limit_is_answered_before_the_connection_closes(connect: Connect) -> None:
    with closing(connect()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Filler: " + b"x" * 70_000)
        document = problem_of(read_all(connection))

    assert document["status"] == 431


def test_many_requests_on_one_connection_are_not_counted_as_one_head(connect: Connect) -> None:
    request = b"GET / HTTP/1.1\r\nHost: a\r\nX-Filler: " + b"x" * 30_000 + b"\r\n\r\n"
    with closing(connect()) as connection, closing(connection.makefile("rb")) as answers:
        for _ in range(5):
            connection.sendall(request[:20_000])
            time.sleep(0.01)
            connection.sendall(request[20_000:])
            assert answers.readline() == b"HTTP/1.1 200 OK\r\n"
            head = http.client.parse_headers(answers)
            assert answers.read(int(head["content-length"])) == b"0"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "half", [b"GET / HT", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nAcce"]
)
def test_a_half_sent_request_is_given_up(connect: Connect, half: bytes) -> None:
    with closing(connect()) as connection:
        connection.sendall(half)
        document = problem_of(read_all(connection))

    assert document["status"] == 408


@pytest.mark.usefixtures("impatient")
def test_a_connection_that_sends_nothing_is_closed(connect: Connect) -> None:
    with closing(connect()) as connection:
        assert read_all(connection) == b""


@pytest.mark.usefixtures("impatient")
def test_a_second_request_that_is_half_sent_is_given_up_too(connect: Connect) -> None:
    with closing(connect()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        first = connection.recv(65_536)
        connection.sendall(b"GET / HTTP/1.1\r\nHo")
        rest = read_all(connection)

    assert first.startswith(b"HTTP/1.1 200")
    assert problem_of(rest[rest.index(b"HTTP/1.1 408") :])["status"] == 408


@pytest.mark.usefixtures("impatient")
def test_a_body_that_stops_is_given_up_and_the_application_told(
    connect: Connect, application: Application
) -> None:
    with closing(connect()) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhello")
        document = problem_of(read_all(connection))

    assert document["status"] == 408
    wait_until(lambda: application.ended == 1)


@pytest.mark.usefixtures("impatient")
def test_a_slow_body_that_goes_on_is_taken(connect: Connect) -> None:
    with closing(connect()) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n")
        for _ in range(10):
            time.sleep(0.15)
            connection.sendall(b"x")
        assert b"\r\n\r\n10" in connection.recv(65_536)


@pytest.mark.usefixtures("impatient")
def test_a_client_that_reads_nothing_is_let_go(connect: Connect, application: Application) -> None:
    with closing(connect()) as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        wait_until(lambda: application.ended == 1)


@pytest.mark.usefixtures("impatient")
def test_a_client_that_reads_slowly_is_kept(connect: Connect, application: Application) -> None:
    with closing(connect()) as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        for _ in range(30):
            time.sleep(0.05)
            assert connection.recv(65_536)
        assert application.ended == 0


def test_a_refusal_never_lands_in_an_answer_that_has_begun(connect: Connect) -> None:
    with closing(connect()) as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.recv(1_024)
        connection.sendall(b"GARBAGE\r\n\r\n" * 3)
        received = bytearray()
        with suppress(ConnectionError):  # hanging up is one way to refuse
            while len(received) < 30_000_000 and (piece := connection.recv(65_536)):
                received += piece

    assert b"problem+json" not in received


def test_thousands_of_connections_are_looked_at_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[int] = []

    class Connection(server.WatchedProtocol):
        def look(self, now: float) -> None:
            calls[-1] += 1
            raise RuntimeError("odd")  # which stops nobody from looking at the others

    async def run() -> None:
        state = server.ServerState()
        state.connections.update(Connection() for _ in range(1_000))  # type: ignore[arg-type]
        watch = server.ConnectionWatch(state, asyncio.get_running_loop())
        looked = watch._look

        def counted() -> None:
            calls.append(0)
            looked()

        monkeypatch.setattr(watch, "_look", counted)
        watch.start()
        while sum(calls) < 2_000:
            await asyncio.sleep(0.01)
        state.connections.clear()
        while watch.is_running:
            await asyncio.sleep(0.01)

    monkeypatch.setattr(server, "LOOK_SECONDS", 0.05)
    in_thread(run())

    assert max(calls) == server.LOOK_AT_ONCE
    assert sum(calls) >= 2_000


def test_the_command_serves_with_these_limits_and_ends_in_time(databases: Databases) -> None:
    database = str(databases.seeded("sqlite").url)
    with (
        serving_process(database) as (process, address),
        closing(_connect(address)) as reader,
    ):
        with closing(_connect(address)) as connection:
            connection.sendall(b"GET\r\n\r\n")
            refused = problem_of(read_all(connection))
        soft, hard = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        reader.sendall(b"GET /v1/export/catalogue.ndjson HTTP/1.1\r\nHost: a\r\n\r\n")
        started = reader.recv(1_024)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        rest = _read_until_closed(reader)

    assert refused["status"] == 400
    assert soft == hard
    assert started.startswith(b"HTTP/1.1 200")
    assert not _is_whole(started + rest)


def _read_until_closed(connection: socket.socket) -> bytes:
    received = bytearray()
    with suppress(ConnectionError):
        while piece := connection.recv(1_000_000):
            received += piece
    return bytes(received)


def _is_whole(answer: bytes) -> bool:
    """Return whether a client can take an answer for whole, by its length or its last chunk."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if told := re.search(rb"(?i)\r\ncontent-length: (\d+)", head):
        return len(body) == int(told[1])
    return body.endswith(b"\r\n0\r\n\r\n")
