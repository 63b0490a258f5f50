"""Servers under test: start them on one core, ask them, and read what they used."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

SERVER_CORE, CLIENT_CORE = "0", "1"
TICKS = os.sysconf("SC_CLK_TCK")
CLIENT = httpx.Client(timeout=120)


@dataclass(frozen=True)
class Server:
    """A running server; its children count with it."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def get(self, address: str, **headers: str) -> httpx.Response:
        """Ask for one address."""
        answer = CLIENT.get(
            f"http://127.0.0.1:{self.port}{address}",
            headers={"accept-encoding": "identity", **headers},
        )
        if answer.status_code >= 400:
            raise RuntimeError(f"{self.name}: {address} gives {answer.status_code}: {answer.text}")
        return answer

    def cpu_seconds(self) -> float:
        """Return the seconds of processor time used so far."""
        used = 0
        for pid in self._pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / TICKS

    def memory_mb(self) -> float:
        """Return the resident memory in MB."""
        found = 0
        for pid in self._pids():
            status = Path(f"/proc/{pid}/status").read_text()
            found += int(status.split("VmRSS:")[1].split()[0])
        return found / 1024

    def settle(self, seconds: float = 300) -> None:
        """Wait until nothing is done any more, such as making files of a new release."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            used = self.cpu_seconds()
            time.sleep(0.5)
            if self.cpu_seconds() - used < 0.05:
                return
        raise RuntimeError(f"{self.name} does not come to rest")

    def _pids(self) -> list[int]:
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]


@contextmanager
def started(name: str, command: list[str], *, ready: str, **environment: str) -> Iterator[Server]:
    """Run a server on its core; ``{port}`` in the command is the port it is given."""
    port = _free_port()
    process = subprocess.Popen(
        ["taskset", "-c", SERVER_CORE, *(part.format(port=port) for part in command)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(name, port, process)
    try:
        _wait(server, ready)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _wait(server: Server, ready: str) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            server.get(ready)
        except httpx.TransportError:
            if server.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{server.name} does not start") from None
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def beside_python(program: str, python: str = sys.executable) -> str:
    """Return the path of a command that is installed with a Python."""
    return str(Path(python).parent / program)
