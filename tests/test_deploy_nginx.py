"""The shipped configuration of nginx, in front of servers that tell what arrives."""

import asyncio
import gzip
import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from app.errors import TooManyRequestsError
from app.http.problems import MEDIA_TYPE, kind_for_status, kind_of
from app.settings import ROOT, Settings
from tests.fixtures import Databases
from tests.proxy import DEPLOY, proxying
from tests.serving import free_port, serving, serving_app, serving_process, wait_until

pytestmark = pytest.mark.long

RELEASE_FILE = b'{"collection": "program"}\n' * 10_000


class Server:
    """Answers with what arrived, a large body, or the name of a file that nginx is to send."""

    def __init__(self) -> None:
        self.at_work = 0
        self.files: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        self.at_work += 1
        try:
            await self._answer(scope, receive, send)
        finally:
            self.at_work -= 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"etag", b'"of-the-server"')]
        body = json.dumps(
            {
                "path": scope["path"],
                "client": scope["client"][0],
                "headers": [[name.decode(), value.decode()] for name, value in scope["headers"]],
            }
        ).encode()
        path = scope["path"]
        if path == "/v1/admin/imports/1/files/large":
            while (await receive()).get("more_body"):
                pass
        if path.startswith("/v1/export/"):
            name = path.removeprefix("/v1/export/")
            headers = [
                (b"content-type", b"application/x-ndjson"),
                (b"etag", b'"of-the-server"'),
                (b"vary", b"Accept-Encoding"),
                (b"repr-digest", b"sha-256=:abc=:"),
                (b"x-request-id", b"one"),
                (b"x-accel-redirect", f"/release-files/{name}".encode()),
            ]
            if name.endswith(".gz"):
                headers.append((b"content-encoding", b"gzip"))
            body = b""
        elif path == "/large":
            body = b"x" * 20_000_000
        elif path == "/slow":
            await asyncio.sleep(4)
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def server() -> Server:
    return Server()


@pytest.fixture(scope="module")
def address(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The shipped proxy with short times, in front of a server."""
    folder = tmp_path_factory.mktemp("nginx")
    exports = folder / "exports"
    exports.mkdir()
    (exports / "catalogue.ndjson").write_bytes(RELEASE_FILE)
    (exports / "catalogue.ndjson.gz").write_bytes(gzip.compress(RELEASE_FILE))
    with (exports / "large.ndjson").open("wb") as file:
        file.truncate(50_000_000)
    short = {"client_header_timeout": "3s", "client_body_timeout": "2s", "proxy_read_timeout": "2s"}
    with (
        serving_app(server) as behind,
        proxying(folder, [urlsplit(behind).netloc], exports, **short) as address,
    ):
        yield address


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
        yield client


def connect(address: str, source: str = "127.0.0.1") -> socket.socket:
    url = urlsplit(address)
    return socket.create_connection(
        (url.hostname, url.port), timeout=30, source_address=(source, 0)
    )


def raw(address: str, *lines: str) -> bytes:
    """Send a request as it stands, and return the whole answer."""
    with closing(connect(address)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes, or cuts the connection."""
    received = bytearray()
    with suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            received += piece
    return bytes(received)


def arrived(answer: bytes) -> dict[str, list[str]]:
    """Return the headers that the server was sent: name -> values."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), answer
    found: dict[str, list[str]] = {}
    for name, value in json.loads(body)["headers"]:
        found.setdefault(name, []).append(value)
    return found


def problem_of(answer: bytes) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert MEDIA_TYPE.encode() in head, answer
    document: dict[str, Any] = json.loads(body)
    assert head.startswith(f"HTTP/1.1 {document['status']} ".encode())
    return document


CLOSE = "Connection: close"
CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    "lines",
    [
        ("GET /v1/programs HTTP/1.1", "Host: evil.example", "Host: site", CLOSE),
        ("GET /v1/programs HTTP/1.1", "Host: site", "Host: site", CLOSE),
        ("GET /v1/programs HTTP/1.1", CLOSE),
        ("GET /v1/programs HTTP/1.1", "Host: a b", CLOSE),
        ("GET /v1/programs HTTP/1.1", "Host: a/b", CLOSE),
        ("GET",),
        (
            "GET / HTTP/1.1",
            "Host: a",
            "Content-Length: 5",
            "Transfer-Encoding: chunked",
            CLOSE,
            "",
            "0",
        ),
        ("GET / HTTP/1.1", "Host: a", "Content-Length: five", CLOSE),
        ("GET / HTTP/1.1", "Host: a", "Transfer-Encoding: odd", CLOSE),
        ("GET / HTTP/2.0", "Host: a", CLOSE),
    ],
    ids=str,
)
def test_poisoned_and_broken_requests_are_refused(address: str, lines: tuple[str, ...]) -> None:
    assert problem_of(raw(address, *lines))["status"] == 400


@pytest.mark.parametrize("name", ["Accept", "Accept-Encoding", "X-Request-ID", "X-Forwarded-For"])
def test_a_header_sent_twice_arrives_once(address: str, name: str) -> None:
    sent = (f"{name}: gzip", f"{name}: identity")
    answer = raw(address, "GET / HTTP/1.1", "Host: a", *sent, CLOSE)

    assert len(arrived(answer)[name.lower()]) == 1


def test_what_a_stranger_says_of_his_way_does_not_arrive(address: str) -> None:
    answer = raw(
        address,
        "GET / HTTP/1.1",
        "Host: site.example:8080",
        "X-Forwarded-For: 10.9.9.9",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: evil.example",
        "Forwarded: for=10.9.9.9",
        "X-Real-IP: 10.9.9.9",
        "X_Request_Id: underscored",
        "X-Request-ID: two words",
        CLOSE,
    )

    found = arrived(answer)
    assert found["host"] == ["site.example:8080"]
    assert found["x-forwarded-for"] == ["127.0.0.1"]
    assert found["x-forwarded-proto"] == ["http"]
    assert not {"x-forwarded-host", "forwarded", "x-real-ip", "x_request_id"} & found.keys()
    assert re.fullmatch("[0-9a-f]{32}", found["x-request-id"][0])


def test_a_sane_name_of_a_request_is_kept(http: httpx.Client) -> None:
    sent = http.get("/", headers={"x-request-id": "mine-1"}).json()["headers"]

    assert ["x-request-id", "mine-1"] in sent


@pytest.mark.parametrize(
    "path",
    [
        *("/metrics", "//metrics", "/x/../metrics", "/%6detrics", "/metrics?x=1"),
        *("/release-files/catalogue.ndjson", "/refused/400", "/refused/"),
    ],
)
def test_what_is_not_for_strangers_is_not_there(address: str, path: str) -> None:
    answer = raw(address, f"GET {path} HTTP/1.1", "Host: a", CLOSE)

    assert problem_of(answer)["status"] == 404


def test_long_addresses_heads_and_bodies_are_refused(address: str, http: httpx.Client) -> None:
    long_address = http.get("/", params={"q": "x" * 20_000})
    long_header = http.get("/", headers={"x-filler": "x" * 20_000})
    long_body = http.post("/v1/checklists", content=b"x" * 200_000)
    many_headers = http.get("/", headers={f"x-{n}": "x" * 8_000 for n in range(20)})
    upload = http.put("/v1/admin/imports/1/files/large", content=b"x" * 2_000_000)

    assert long_address.status_code == 414
    assert long_header.status_code == many_headers.status_code == 431
    assert long_body.status_code == 413
    assert upload.status_code == 200


def test_refusals_say_what_the_service_itself_would_say(address: str) -> None:
    text = (DEPLOY / "refusals.conf").read_text()
    documents = [json.loads(one) for one in re.findall(r"return \d+ '(.*)';", text)]
    conf = (DEPLOY / "nginx.conf").read_text()
    codes = {int(code) for code in re.findall(r"= /refused/(\d+);", conf)}

    assert {document["status"] for document in documents} == codes
    for document in documents:
        status = document["status"]
        kind = kind_of(TooManyRequestsError) if status == 429 else kind_for_status(status)
        assert (document["type"], document["title"]) == (kind.type, kind.title)


def test_a_refusal_can_be_read_by_scripts_and_names_its_request(http: httpx.Client) -> None:
    answer = http.get("/metrics")

    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "half", [b"", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nAccept: text/ht"]
)
def test_half_sent_heads_are_closed_while_health_answers(
    address: str, http: httpx.Client, half: bytes
) -> None:
    with ExitStack() as stack:
        waiting = [stack.enter_context(closing(connect(address))) for _ in range(100)]
        for connection in waiting:
            connection.sendall(half)
        assert http.get("/health/live").status_code == 200
        assert [read_all(connection) for connection in waiting] == [b""] * 100
        assert http.get("/health/live").status_code == 200


def test_idle_connections_take_nothing_from_others(address: str, http: httpx.Client) -> None:
    with ExitStack() as stack:
        for _ in range(200):
            connection = stack.enter_context(closing(connect(address)))
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        assert http.get("/").status_code == 200


def test_a_body_that_stops_is_refused(address: str) -> None:
    with closing(connect(address)) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
        answer = read_all(connection)

    assert answer == b"" or problem_of(answer)["status"] == 408


def test_slow_readers_hold_no_server(address: str, server: Server, http: httpx.Client) -> None:
    with ExitStack() as stack:
        for n in range(20):
            reader = stack.enter_context(closing(connect(address, f"127.0.0.{10 + n}")))
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            reader.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
            assert reader.recv(16)
        wait_until(lambda: server.at_work == 0)
        assert http.get("/").status_code == 200


def test_one_address_gets_so_many_downloads_at_once(address: str, http: httpx.Client) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            reader = stack.enter_context(closing(connect(address)))
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            reader.sendall(b"GET /v1/export/large.ndjson HTTP/1.1\r\nHost: a\r\n\r\n")
            assert reader.recv(16)
        refused = http.get("/v1/export/large.ndjson")
        other = http.get("/")

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert other.status_code == 200


def test_too_many_requests_of_one_address_are_told_to_wait(address: str) -> None:
    requests = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 400
    with closing(connect(address, "127.0.0.9")) as connection:
        connection.sendall(requests)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = read_all(connection)

    statuses = re.findall(rb"HTTP/1.1 (\d+)", answer)
    assert set(statuses) == {b"200", b"429"}
    assert statuses[:200] == [b"200"] * 200


def test_files_of_the_pages_are_sent_by_the_proxy(http: httpx.Client) -> None:
    plain = http.get("/static/site.css", headers={"accept-encoding": "identity"})
    packed = http.get("/static/site.css?v=0123456789ab")
    again = http.get("/static/site.css", headers={"if-none-match": plain.headers["etag"]})
    code = http.get("/static/__init__.py")

    assert plain.content == (ROOT / "app/site/static/site.css").read_bytes()
    assert plain.headers["content-type"] == "text/css; charset=utf-8"
    assert plain.headers["cache-control"] == "public, max-age=3600"
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text
    assert "immutable" in packed.headers["cache-control"]
    assert again.status_code == 304
    assert code.json()["path"] == "/static/__init__.py"  # the service says that there is none


def test_files_of_a_release_are_sent_by_the_proxy_as_the_server_describes_them(
    http: httpx.Client,
) -> None:
    whole = http.get("/v1/export/catalogue.ndjson", headers={"accept-encoding": "identity"})
    part = http.get("/v1/export/catalogue.ndjson", headers={"range": "bytes=10-19"})
    resumed = http.get(
        "/v1/export/catalogue.ndjson",
        headers={"range": "bytes=10-19", "if-range": '"of-the-server"'},
    )
    changed = http.get(
        "/v1/export/catalogue.ndjson", headers={"range": "bytes=10-19", "if-range": '"older"'}
    )
    packed = http.get("/v1/export/catalogue.ndjson.gz")

    assert whole.content == RELEASE_FILE
    assert int(whole.headers["content-length"]) == len(RELEASE_FILE)
    assert whole.headers["content-type"] == "application/x-ndjson"
    assert whole.headers["etag"] == '"of-the-server"'
    assert whole.headers["repr-digest"] == "sha-256=:abc=:"
    assert whole.headers["x-request-id"] == "one"
    assert whole.headers.get_list("vary") == ["Accept-Encoding"]
    assert (part.status_code, part.content) == (206, RELEASE_FILE[10:20])
    assert (resumed.status_code, resumed.content) == (206, RELEASE_FILE[10:20])
    assert (changed.status_code, changed.content) == (200, RELEASE_FILE)
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == RELEASE_FILE
    assert http.get("/v1/export/none.ndjson").status_code == 404


def test_a_server_that_is_slow_or_gone_is_told_as_unavailable(
    http: httpx.Client, tmp_path: Path
) -> None:
    slow = http.get("/slow")
    with proxying(tmp_path, [f"127.0.0.1:{free_port()}"]) as address:
        gone = httpx.get(f"{address}/v1/programs", trust_env=False)

    for answer in (slow, gone):
        assert answer.json()["type"] == "/problems/unavailable"
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_two_servers_share_the_work_and_one_stands_in_for_the_other(tmp_path: Path) -> None:
    asked = []

    def naming(name: str) -> Callable[..., Any]:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                asked.append(name)
                await send({"type": "http.response.start", "status": 204, "headers": []})
                await send({"type": "http.response.body"})

        return app

    with ExitStack() as stack:
        servers = [stack.enter_context(serving_app(naming(name))) for name in "ab"]
        places = [urlsplit(server).netloc for server in servers]
        address = stack.enter_context(proxying(tmp_path, [*places, f"127.0.0.1:{free_port()}"]))
        with httpx.Client(base_url=address, trust_env=False) as client:
            statuses = {client.get("/").status_code for _ in range(30)}

    assert statuses == {204}
    assert min(asked.count("a"), asked.count("b")) > 5


def test_the_service_itself_answers_through_the_proxy(databases: Databases, tmp_path: Path) -> None:
    with (
        serving(databases.seeded("sqlite")) as behind,
        proxying(tmp_path, [urlsplit(behind).netloc]) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        found = client.get("/v1/programs", params={"state": "OH", "limit": 1})
        page = client.get("/", headers={"accept": "text/html"})
        style = re.search(r'href="(/static/[^"]+)"', page.text)
        refused = client.get("/v1/programs", params={"sate": "OH"})
        assert style
        sheet = client.get(style[1])

    assert found.json()["total"] > 0
    assert found.headers.get_list("x-request-id") == [found.headers["x-request-id"]]
    assert refused.json()["errors"][0]["parameter"] == "sate"
    assert "immutable" in sheet.headers["cache-control"]


def test_a_file_that_the_proxy_sends_bears_every_header_of_the_service(
    databases: Databases, tmp_path: Path
) -> None:
    exports, folder = tmp_path / "exports", tmp_path / "nginx"
    folder.mkdir()
    settings = {"ACCEL_REDIRECT": "/release-files", "EXPORT_DIR": str(exports)}
    settings["RATE_LIMIT_PER_ADDRESS"] = "1000/minute"
    path = "/v1/export/credentials.jsonld"
    with (
        serving_process(str(databases.seeded("sqlite").url), **settings) as (_, behind),
        proxying(folder, [urlsplit(behind).netloc], exports) as address,
        httpx.Client(trust_env=False, timeout=120, headers={"host": "site"}) as client,
    ):
        told = client.get(f"{behind}{path}")
        sent = client.get(f"{address}{path}")
        known = client.get(f"{address}{path}", headers={"if-none-match": sent.headers["etag"]})

    of_a_hop = {"date", "server", "connection", "content-length", "x-accel-redirect"}
    changing = {"x-request-id", "ratelimit"}
    assert "x-accel-redirect" in told.headers
    assert "x-accel-redirect" not in sent.headers
    for name in told.headers.keys() - of_a_hop:
        assert name in sent.headers, name
        assert name in changing or sent.headers.get_list(name) == told.headers.get_list(name)
    assert sent.json()["@graph"]
    assert known.status_code == 304


def test_the_configuration_takes_what_the_service_takes() -> None:
    conf = (DEPLOY / "nginx.conf").read_text()
    sizes = [int(size) * unit for size, unit in _sizes(conf)]
    settings = Settings()

    assert sizes[0] >= settings.max_body_bytes
    assert sizes[1] >= settings.max_upload_bytes


def _sizes(conf: str) -> list[tuple[str, int]]:
    units = {"k": 1_024, "m": 1_024**2}
    found = re.findall(r"client_max_body_size (\d+)([km]);", conf)
    return [(size, units[unit]) for size, unit in found]
