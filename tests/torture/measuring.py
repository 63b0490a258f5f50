"""Loads started from tests, and how long the service takes meanwhile."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Result = dict[str, Any]


class Load:
    """A load that goes on in a process of its own."""

    def __init__(self, spec: dict[str, Any]) -> None:
        command = [sys.executable, "-m", "tests.torture.load"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(spec) + "\n")
        self._process.stdin.flush()

    def wait_until_ready(self) -> None:
        """Wait until every connection is there."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def end(self) -> Result:
        """End it, and return what came of it."""
        output, _ = self._process.communicate("over\n", timeout=300)
        result: Result = json.loads(output.splitlines()[-1])
        return result

    def kill(self) -> None:
        """Make sure that nothing of it is left."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def loading(kind: str, address: str, **spec: Any) -> Iterator[Load]:
    """Load a server while the block runs; ``spec`` as in load.py."""
    load = Load({"kind": kind, "address": address, **spec})
    try:
        yield load
    finally:
        load.kill()


def ask_much(address: str, **spec: Any) -> Result:
    """Ask many requests, and return what came of them when all are answered."""
    with loading("ask", address, **spec) as load:
        return load.end()


@dataclass(frozen=True)
class Times:
    """How long answers took, in seconds, and with which status they came."""

    seconds: list[float]
    statuses: set[int]

    @property
    def p99(self) -> float:
        """The time that all but one in a hundred stayed below."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)]

    @property
    def longest(self) -> float:
        """The longest time."""
        return max(self.seconds)

    def __str__(self) -> str:
        return f"p99 {self.p99 * 1000:.0f} ms"


LONGEST_MEASURE = 15.0


def measure(address: str, path: str, *, times: int = 200, pause: float = 0.01) -> Times:
    """Ask for a path again and again, each time over a new connection; give up after a while."""
    seconds, statuses = [], set()
    until = time.monotonic() + LONGEST_MEASURE
    for _ in range(times):
        began = time.perf_counter()
        statuses.add(status_of(address, path, timeout=5))
        seconds.append(time.perf_counter() - began)
        if time.monotonic() > until:
            break
        time.sleep(pause)
    return Times(seconds, statuses)


def status_of(address: str, path: str, *, timeout: float = 60) -> int:
    """Return the status of an answer that was read whole; 0 where none came."""
    return ask(address, path, timeout=timeout)[0]


def ask(
    address: str,
    path: str,
    *,
    method: str = "GET",
    body: Any = None,
    headers: dict[str, str] | None = None,
    timeout: float = 60,
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body; status 0 where no answer came."""
    url = urlsplit(address)
    connection = http.client.HTTPConnection(str(url.hostname), url.port, timeout=timeout)
    content = None if body is None else json.dumps(body)
    sent = {"content-type": "application/json"} if body is not None else {}
    try:
        connection.request(method, path, content, sent | (headers or {}))
        answer = connection.getresponse()
        return answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, {}, b""
    finally:
        connection.close()


def seconds_until(address: str, path: str, *, status: int = 200, most: float = 60) -> float:
    """Return how long it takes until a path is answered with a status.

    Raises:
        TimeoutError: It is not, in the time given.
    """
    began = time.monotonic()
    while status_of(address, path, timeout=5) != status:
        if time.monotonic() - began > most:
            raise TimeoutError(f"{path} was not answered with {status} in {most} seconds")
        time.sleep(0.05)
    return time.monotonic() - began


def memory_of(process: int) -> int:
    """Return the bytes that a process and its children hold in memory."""
    total = 0
    with suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text()
        total += int(status.partition("VmRSS:")[2].split()[0]) * 1_024
        for children in Path(f"/proc/{process}/task").glob("*/children"):
            total += sum(memory_of(int(child)) for child in children.read_text().split())
    return total
