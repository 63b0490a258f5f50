"""Rate limits: so many and no more, told in headers, by address and by key."""

import logging
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse
from pydantic import ValidationError
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.http import limiting
from app.http.limiting import (
    Limiter,
    Windows,
    client_address,
    client_network,
    to_fingerprint,
    trusted_proxies,
)
from app.main import create_app
from app.settings import Settings, get_settings
from tests.asking import run
from tests.fixtures import Databases

PATH = "/v1/rubrics"
MakeClient = Callable[..., TestClient]


@pytest.fixture
def make_client(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeClient]:
    """Make clients of an application under limits; which database it has makes no difference."""

    def make(address: str = "192.0.2.1", **limits: str) -> TestClient:
        for name, value in limits.items():
            monkeypatch.setenv(name.upper(), value)
        get_settings.cache_clear()
        app = create_app(engine)
        return TestClient(app, client=(address, 50_000), raise_server_exceptions=False)

    with databases.empty("sqlite") as engine:
        yield make
    get_settings.cache_clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time in seconds, which passes only when a test says so."""
    now = [1_000_000.0]
    stopped = SimpleNamespace(time=lambda: now[0], monotonic=lambda: now[0])
    monkeypatch.setattr("app.http.limiting.time", stopped)
    return now


def statuses(client: TestClient, count: int, **headers: str) -> list[int]:
    return [client.get(PATH, headers=headers).status_code for _ in range(count)]


def test_a_message_of_an_assistant_counts_once_with_all_that_it_asks(
    make_client: MakeClient,
) -> None:
    client = make_client(rate_limit_per_address="2/minute")
    read = {"method": "resources/read", "params": {"uri": "hit-compare://rubric"}}  # asks twice
    message = {"jsonrpc": "2.0", "id": 1, **read}

    answers = [client.post("/mcp", json=message) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "program_accredited" in answers[0].json()["result"]["contents"][0]["text"]
    assert answers[1].headers["RateLimit"].startswith('"default";r=0')


def test_without_a_limit_nothing_is_counted_and_nothing_said(make_client: MakeClient) -> None:
    answer = make_client().get(PATH)

    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers
    assert "ratelimit-policy" not in answer.headers


def test_the_last_request_of_a_limit_is_answered_and_the_next_refused(
    make_client: MakeClient,
) -> None:
    client = make_client(rate_limit_per_address="3/minute")

    answers = [client.get(PATH) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"default";q=3;w=60'}
    left = [answer.headers["ratelimit"].split(";")[1] for answer in answers]
    assert left == ["r=2", "r=1", "r=0", "r=0"]
    problem = answers[3].json()
    assert problem["type"] == "/problems/too-many-requests"
    assert "At most 3 requests in 60 seconds" in problem["detail"]
    assert problem["request_id"] == answers[3].headers["x-request-id"]
    assert answers[3].headers["cache-control"] == "no-store"


def test_room_comes_back_as_the_window_moves(make_client: MakeClient, clock: list[float]) -> None:
    client = make_client(rate_limit_per_address="2/minute")
    client.get(PATH)
    clock[0] += 20
    client.get(PATH)

    over = client.get(PATH)
    clock[0] += int(over.headers["retry-after"])
    after = statuses(client, 2)

    assert over.headers["retry-after"] == "41"
    assert over.headers["ratelimit"] == '"default";r=0;t=41'
    assert after == [200, 429]


def test_every_address_has_its_own_room(make_client: MakeClient) -> None:
    first = make_client(rate_limit_per_address="1/minute")
    second = TestClient(first.app, client=("192.0.2.2", 50_000))

    assert statuses(first, 2) == [200, 429]
    assert statuses(second, 2) == [200, 429]


def test_another_key_with_every_request_does_not_escape_the_limit_of_the_address(
    make_client: MakeClient,
) -> None:
    client = make_client(rate_limit_per_address="2/minute", rate_limit_per_key="2/minute")

    found = [
        client.get(PATH, headers={"authorization": f"Bearer hc_{n}"}).status_code for n in range(3)
    ]

    assert found == [200, 200, 429]


def test_a_key_is_counted_over_all_addresses(make_client: MakeClient) -> None:
    first = make_client(rate_limit_per_address="9/minute", rate_limit_per_key="2/minute")
    second = TestClient(first.app, client=("192.0.2.2", 50_000))
    headers = {"authorization": "Bearer hc_same"}

    found = [client.get(PATH, headers=headers) for client in (first, second, first)]

    assert [answer.status_code for answer in found] == [200, 200, 429]
    assert found[2].headers["ratelimit-policy"] == '"default";q=9;w=60, "key";q=2;w=60'
    assert found[2].headers["ratelimit"].startswith('"default";r=7;t=')
    assert '"key";r=0;t=' in found[2].headers["ratelimit"]
    assert "one key" in found[2].json()["detail"]
    assert second.get(PATH).status_code == 200


def test_a_limit_for_keys_alone_leaves_others_uncounted(make_client: MakeClient) -> None:
    client = make_client(rate_limit_per_key="1/minute")

    assert statuses(client, 3) == [200, 200, 200]
    assert statuses(client, 2, authorization="Bearer hc_one") == [200, 429]
    assert "ratelimit" not in client.get(PATH).headers


def test_health_and_metrics_are_answered_over_any_limit(make_client: MakeClient) -> None:
    client = make_client(rate_limit_per_address="1/minute")
    statuses(client, 2)

    found = {path: client.get(path) for path in ("/health/live", "/metrics", "/health")}

    assert [answer.status_code for answer in found.values()] == [200, 403, 429]
    assert "ratelimit" not in found["/health/live"].headers


def test_addresses_that_lead_nowhere_and_wrong_requests_count_too(make_client: MakeClient) -> None:
    client = make_client(rate_limit_per_address="2/minute")

    found = [client.get(path).status_code for path in ("/nothing", f"{PATH}?a=b", PATH)]

    assert found == [404, 422, 429]


def test_browsers_of_other_origins_can_read_a_refusal_and_ask_beforehand(
    make_client: MakeClient,
) -> None:
    client = make_client(rate_limit_per_address="1/minute")
    origin = {"origin": "https://school.example"}
    client.get(PATH)

    over = client.get(PATH, headers=origin)
    preflight = client.options(
        PATH,
        headers=origin
        | {
            "access-control-request-method": "GET",
            "access-control-request-headers": "authorization,if-match",
        },
    )

    assert over.status_code == 429
    assert over.headers["access-control-allow-origin"] == "*"
    exposed = over.headers["access-control-expose-headers"]
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed.split(", "))
    assert preflight.status_code == 200


@pytest.mark.parametrize(
    ("client", "counted_as"),
    [
        (("192.0.2.7", 1), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 1), "fe80::/64"),
        (("::ffff:192.0.2.7", 1), "192.0.2.7"),
        (("testclient", 1), "testclient"),
        (None, "unknown"),
    ],
)
def test_ipv6_callers_are_counted_by_their_network(client: Any, counted_as: str) -> None:
    assert client_address({"client": client}) == counted_as


@pytest.mark.parametrize("rate", ["", "0/minute", "many", "10", "10/fortnight", "-1/minute"])
def test_a_rate_nobody_can_read_stops_the_start(rate: str) -> None:
    with pytest.raises(ValidationError, match="rate_limit_per_address"):
        Settings(rate_limit_per_address=rate)


def test_counting_somewhere_unknown_stops_the_start() -> None:
    with pytest.raises(ValidationError, match="rate_limit_storage"):
        Settings(rate_limit_storage="carrier-pigeon://here")


def test_looking_does_not_count() -> None:
    limiter, limit = Limiter("memory://"), parse("1/minute")

    looks = [limiter.look(limit, "caller").is_over for _ in range(3)]
    hits = [limiter.hit(limit, "caller").is_over for _ in range(2)]

    assert looks == [False, False, False]
    assert hits == [False, True]
    assert limiter.look(limit, "caller").is_over


def test_callers_who_come_no_more_are_forgotten(clock: list[float]) -> None:
    windows = Windows(parse("5/second"))
    for caller in range(50):
        windows.count(f"caller {caller}", counts=True)
    crowd = len(windows)
    clock[0] += 1.1

    for caller in range(51):  # each hit takes out two
        windows.count(f"late {caller}", counts=True)
        clock[0] += 0.1

    assert crowd == 50
    assert len(windows) <= 11  # those of the last second


def test_callers_are_bounded_and_the_one_unseen_for_longest_goes(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    monkeypatch.setattr(limiting, "MOST_CALLERS", 10)
    windows = Windows(parse("1/minute"))

    for caller in range(30):
        windows.count(f"caller {caller}", counts=True)
        clock[0] += 0.001

    over = [n for n in range(30) if windows.count(f"caller {n}", counts=False).is_over]
    assert over == list(range(20, 30))


def test_hits_are_bounded_and_who_has_just_come_keeps_his_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limiting, "MOST_HITS", 20)
    windows = Windows(parse("8/minute"))

    for caller in range(10):
        for _ in range(8):
            windows.count(f"caller {caller}", counts=True)

    over = [n for n in range(10) if windows.count(f"caller {n}", counts=False).is_over]
    assert over == [8, 9]


def test_a_refused_caller_who_goes_on_knocking_is_not_remembered_for_longer(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    windows = Windows(parse("1/minute"))
    windows.count("knocks", counts=True)
    for _ in range(5):
        clock[0] += 10
        assert windows.count("knocks", counts=True).is_over

    clock[0] += 10

    assert not windows.count("knocks", counts=True).is_over


@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.floats(0, 40), st.sampled_from("abc")), max_size=40),
)
def test_no_window_ever_holds_more_than_the_limit(
    amount: int, visits: list[tuple[float, str]]
) -> None:
    now, counted = 1000.0, {name: list[float]() for name in "abc"}
    windows = Windows(parse(f"{amount}/minute"))
    for wait, caller in visits:
        now += wait
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("app.http.limiting.time", SimpleNamespace(monotonic=lambda at=now: at))
            standing = windows.count(caller, counts=True)
        recent = [at for at in counted[caller] if at > now - 60]
        assert standing.is_over == (len(recent) >= amount)
        if not standing.is_over:
            counted[caller].append(now)
        assert standing.remaining == amount - len([t for t in counted[caller] if t > now - 60])


def test_a_hit_costs_the_same_among_many_callers_as_among_few() -> None:
    limit = parse("600/minute")

    def cost(callers: int) -> float:
        windows = Windows(limit)
        for caller in range(callers):
            windows.count(f"caller {caller}", counts=True)
        began = time.process_time()
        for caller in range(5_000):
            windows.count(f"caller {caller % callers}", counts=True)
        return time.process_time() - began

    few = min(cost(1_000) for _ in range(3))
    many = min(cost(40_000) for _ in range(3))

    assert many < 5 * few  # it was 2,000 times as much when each hit looked at every caller


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("testclient", "testclient"),
    ],
)
def test_the_network_of_a_caller_is_what_one_holder_may_have(address: str, network: str) -> None:
    assert client_network({"client": (address, 1)}) == network


def test_a_proxy_that_is_not_believed_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    limiting._warn_of_proxy.cache_clear()
    forwarded = [(b"host", b"site"), (b"x-forwarded-for", b"198.51.100.9")]

    with caplog.at_level(logging.WARNING, logger="app.http.limiting"):
        client_address({"client": ("198.51.100.9", 0), "headers": forwarded})  # believed
        client_address({"client": ("192.0.2.1", 50_000), "headers": []})
        quiet = len(caplog.records)
        for _ in range(3):
            client_address({"client": ("192.0.2.1", 50_000), "headers": forwarded})

    assert quiet == 0
    [record] = caplog.records
    assert "192.0.2.1" in record.getMessage()
    assert "FORWARDED_ALLOW_IPS" in record.getMessage()


async def believes_loopback(trusted: str) -> bool:
    """Return whether a server that trusts these takes a caller's address from the header."""
    found: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        found.append(scope["client"][0])

    scope = {
        "type": "http",
        "client": ("127.0.0.1", 50_000),
        "headers": [(b"x-forwarded-for", b"198.51.100.9")],
    }
    await ProxyHeadersMiddleware(app, trusted)(scope, None, None)  # type: ignore[arg-type]
    return found == ["198.51.100.9"]


@pytest.mark.parametrize(
    ("host", "named", "believed"),
    [
        ("127.0.0.1", None, True),
        ("::1", None, True),
        ("0.0.0.0", None, False),
        ("::", None, False),
        ("0.0.0.0", "127.0.0.1", True),
        ("127.0.0.1", "", False),
        ("0.0.0.0", "10.0.0.0/8,192.0.2.5", False),
    ],
)
def test_the_header_of_a_proxy_counts_only_from_proxies_named(
    host: str, named: str | None, believed: bool
) -> None:
    assert run(believes_loopback(trusted_proxies(host, named))) == believed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_while_redis_is_away_limits_hold_in_the_process_and_it_is_logged_once(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limiting, "SECONDS_WITHOUT_REDIS", 0.0)  # asked with every request
    client = make_client(
        rate_limit_per_address="3/minute",
        rate_limit_storage=f"redis://127.0.0.1:{free_port()}",
    )

    with caplog.at_level(logging.WARNING, logger="app.http.limiting"):
        found = statuses(client, 4)

    assert found == [200, 200, 200, 429]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "Redis is away" in caplog.text


def test_a_redis_that_never_answers_holds_nobody_up_for_long(make_client: MakeClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        client = make_client(
            rate_limit_per_address="3/minute", rate_limit_storage=f"redis://127.0.0.1:{port}"
        )
        began = time.monotonic()

        found = statuses(client, 4)

    assert found == [200, 200, 200, 429]
    assert time.monotonic() - began < 5


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start a Redis on ``port``, as often as a test asks for it."""
    binary = shutil.which("redis-server")
    if binary is None:
        message = "Redis is not installed: `apt-get install redis-server`"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    port, running = free_port(), []

    def start() -> subprocess.Popen[bytes]:
        words = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        server = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL)
        running.append(server)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return server
            time.sleep(0.02)
        raise TimeoutError("Redis does not start")

    start.port = port  # type: ignore[attr-defined]
    yield start
    for server in running:
        server.terminate()
        server.wait(timeout=10)


def test_processes_count_together_in_redis_and_again_once_it_is_back(
    redis: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limiting, "SECONDS_WITHOUT_REDIS", 0.0)
    server = redis()
    one, other = (Limiter(f"redis://127.0.0.1:{redis.port}") for _ in range(2))
    limit = parse("2/minute")

    together = [limiter.hit(limit, "caller") for limiter in (one, other, one)]
    server.terminate()
    server.wait(timeout=10)
    alone = [one.hit(limit, "caller").is_over for _ in range(3)]
    redis()
    with caplog.at_level(logging.WARNING, logger="app.http.limiting"):
        back = [limiter.hit(limit, "caller").is_over for limiter in (one, other, one)]

    assert [standing.remaining for standing in together] == [1, 0, 0]
    assert [standing.is_over for standing in together] == [False, False, True]
    assert alone == [False, False, True]
    assert back == [False, False, True]
    assert "in Redis again" in caplog.text


def test_a_key_is_counted_under_what_does_not_show_it() -> None:
    text = "hc_0123456789ab_secret"

    assert to_fingerprint(text) == to_fingerprint(text) != to_fingerprint(text + "x")
    assert "secret" not in to_fingerprint(text)
