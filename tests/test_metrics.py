"""What Prometheus is told: by whom it may be asked, and that all processes are added up."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.http.metrics import FOLDER, exposition, shared_by_processes
from app.main import bind
from app.settings import get_settings
from tests.fixtures import Databases

pytestmark = pytest.mark.long

TOKEN = "a-token-of-some-length"
HERE = ("127.0.0.1", 50_000)
COMMAND = Path(sys.executable).with_name("hit-compare")
ELSEWHERE = ("203.0.113.7", 50_000)


def count_of(text: str, route: str) -> float:
    """Return how many requests of a route an exposition counts, over every status."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "http_requests_total" and sample.labels["route"] == route
    )


@pytest.fixture
def _token(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("METRICS_TOKEN", TOKEN)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def ask(app: FastAPI, caller: tuple[str, int], **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return TestClient(app, client=caller).get("/metrics", headers=named).status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_is_answered(shared_app: FastAPI, engine: Engine, address: str) -> None:
    bind(shared_app, engine)

    assert ask(shared_app, (address, 50_000)) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "203.0.113.7"},
        {"forwarded": "for=203.0.113.7"},
        {"x_real_ip": "203.0.113.7"},
        {"via": "1.1 proxy"},
        {"x_forwarded_for": "127.0.0.1"},
    ],
)
def test_whoever_comes_through_a_proxy_of_this_machine_is_not(
    shared_app: FastAPI, engine: Engine, headers: dict[str, str]
) -> None:
    bind(shared_app, engine)

    assert ask(shared_app, HERE, **headers) == 403


@pytest.mark.parametrize("address", ["203.0.113.7", "10.0.0.1", "testclient", "::ffff:10.0.0.1"])
def test_other_machines_are_not(shared_app: FastAPI, engine: Engine, address: str) -> None:
    bind(shared_app, engine)

    assert ask(shared_app, (address, 50_000)) == 403
    assert ask(shared_app, (address, 50_000), authorization=f"Bearer {TOKEN}") == 403


@pytest.mark.usefixtures("_token")
def test_other_machines_are_answered_with_the_token_that_is_set(
    shared_app: FastAPI, engine: Engine
) -> None:
    bind(shared_app, engine)

    assert ask(shared_app, ELSEWHERE, authorization=f"Bearer {TOKEN}") == 200
    assert ask(shared_app, HERE, x_forwarded_for="1.2.3.4", authorization=f"bearer {TOKEN}") == 200
    for wrong in (TOKEN[:-1], f"{TOKEN}x", ""):
        assert ask(shared_app, ELSEWHERE, authorization=f"Bearer {wrong}") == 403
    assert ask(shared_app, ELSEWHERE, authorization=f"Basic {TOKEN}") == 403
    assert ask(shared_app, ELSEWHERE) == 403


def test_answers_that_were_kept_are_counted_each(seeded_client: TestClient) -> None:
    address, route = "/v1/work-settings", "/v1/work-settings"
    before = count_of(exposition().decode(), route)

    for _ in range(7):
        seeded_client.get(address)

    assert count_of(exposition().decode(), route) == before + 7
    told = exposition().decode()
    timed = f'http_request_seconds_count{{method="GET",route="{route}"}} {before + 7}'
    assert timed in told


def test_processes_that_share_a_folder_are_added_up_also_after_their_end() -> None:
    count = (
        "import asyncio\n"
        "from app.http.metrics import count_request, counter_of, exposition\n"
        "async def main():\n"
        "    count_request('GET', '/one', 200, 0.1)\n"
        "    counter_of('/one', 200)()\n"
        "    print(exposition().decode())\n"
        "asyncio.run(main())\n"
    )
    with shared_by_processes():
        folder = os.environ[FOLDER]
        told = [
            subprocess.run(
                [sys.executable, "-c", count], capture_output=True, text=True, check=True
            ).stdout
            for _ in range(3)
        ]

    assert [count_of(one, "/one") for one in told] == [2, 4, 6]
    assert not Path(folder).exists()
    assert FOLDER not in os.environ


def test_any_server_process_tells_what_all_have_counted(databases: Databases) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": str(databases.seeded("sqlite").url)}
    command = [COMMAND, "serve", "--port", str(port), "--workers", "2"]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    own_connections = httpx.Limits(max_keepalive_connections=0)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30, limits=own_connections
        ) as client:
            _tell_all(client)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


def _tell_all(client: httpx.Client) -> None:
    """Ask both processes, each request on a connection of its own, and see all of it counted."""
    until = time.monotonic() + 120
    while True:
        try:
            client.get("/health/live")
            break
        except httpx.TransportError:
            assert time.monotonic() < until
            time.sleep(0.2)
    for _ in range(30):
        assert client.get("/v1/work-settings").status_code == 200
    told = []
    while told[-4:] != [30.0] * 4:
        assert time.monotonic() < until, told
        told.append(count_of(client.get("/metrics").text, "/v1/work-settings"))
        time.sleep(0.1)
    assert max(told) == 30
