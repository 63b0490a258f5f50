"""Load on a server of this machine, from a process of its own.

``python -m tests.torture.load`` reads what to do as a line of JSON, ``{"kind": "ask", ...}``, and
prints what came of it as JSON. Kinds that hold connections print "ready" first, and go on until
another line comes.
"""

import asyncio
import json
import random
import resource
import socket
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

LONGEST = 240.0
MOST_CONNECTIONS = 12_000
OPENING_AT_ONCE = 200

Spec = dict[str, Any]


class Load:
    """Connections of one kind, and what came of them."""

    def __init__(self, spec: Spec) -> None:
        url = urlsplit(spec["address"])
        assert url.hostname == "127.0.0.1", "only this machine is loaded"
        self._spec, self._port = spec, int(url.port or 80)
        self._count = min(int(spec.get("connections", 1)), MOST_CONNECTIONS)
        self._opening = asyncio.Semaphore(OPENING_AT_ONCE)
        self._over = asyncio.Event()
        self.statuses: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.without_retry_after = 0
        self.closed = 0
        self.opened = 0

    async def run(self) -> dict[str, Any]:
        """Do it, and return counts and times."""
        one: Callable[[int], Awaitable[None]] = getattr(self, f"_{self._spec['kind']}")
        tasks = [asyncio.create_task(self._safely(one, n)) for n in range(self._count)]
        if self._spec["kind"] == "ask":
            await asyncio.wait(tasks, timeout=LONGEST)
        else:
            while self.opened < self._count and not all(task.done() for task in tasks):
                await asyncio.sleep(0.05)
            print("ready", flush=True)
            with suppress(TimeoutError):
                line = asyncio.to_thread(sys.stdin.readline)
                await asyncio.wait_for(line, LONGEST)
            self._over.set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        ordered = sorted(self.seconds)
        return {
            "statuses": dict(self.statuses),
            "without_retry_after": self.without_retry_after,
            "closed": self.closed,
            "opened": self.opened,
            "p50": ordered[len(ordered) // 2] if ordered else None,
            "p99": ordered[int(len(ordered) * 0.99)] if ordered else None,
        }

    async def _safely(self, one: Callable[[int], Awaitable[None]], number: int) -> None:
        try:
            await one(number)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
            self.statuses[type(error).__name__] += 1

    async def _open(
        self, number: int, buffer: int | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        connection = socket.socket()
        if buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        if self._spec.get("many_addresses"):
            connection.bind((f"127.0.{1 + number // 250}.{1 + number % 250}", 0))
        connection.setblocking(False)
        async with self._opening:
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(60):
                await loop.sock_connect(connection, ("127.0.0.1", self._port))
        limit = buffer or 2**20
        opened = await asyncio.open_connection(sock=connection, limit=limit)
        self.opened += 1
        return opened

    async def _ask(self, number: int) -> None:
        """Ask one request after the other on one connection."""
        paths, each = self._spec["paths"], int(self._spec.get("each", 1))
        until = time.monotonic() + min(float(self._spec.get("seconds", LONGEST)), LONGEST)
        reader = writer = None
        turn = 0
        while turn < each and time.monotonic() < until:
            path = paths[(number * each + turn) % len(paths)]
            turn += 1
            began = time.perf_counter()
            try:
                if writer is None:
                    reader, writer = await self._open(number)
                assert reader is not None
                async with asyncio.timeout(60):
                    is_kept = await self._answer(reader, writer, path)
            except (OSError, asyncio.IncompleteReadError, TimeoutError) as error:
                self.statuses[type(error).__name__] += 1
                is_kept = False
            self.seconds.append(time.perf_counter() - began)
            if not is_kept and writer is not None:
                writer.close()
                writer = None
            if pause := self._spec.get("pause"):
                await asyncio.sleep(pause)
        if writer is not None:
            writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str
    ) -> bool:
        headers = "".join(
            f"{name}: {value}\r\n" for name, value in self._spec.get("headers", {}).items()
        )
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = head[9:12].decode()
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        if b"content-length" in fields:
            await reader.readexactly(int(fields[b"content-length"]))
        elif status != "304":
            while size := int(await reader.readline(), 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        self.statuses[status] += 1
        if status in {"429", "503"} and b"retry-after" not in fields:
            self.without_retry_after += 1
        return fields.get(b"connection") != b"close"

    async def _hold(self, number: int) -> None:
        """Open a connection, send what is given, and wait for the other side to close it."""
        reader, writer = await self._open(number)
        writer.write(self._spec.get("send", "").encode())
        while await reader.read(65_536):
            pass
        self.closed += 1
        writer.close()

    async def _read_slowly(self, number: int) -> None:
        """Ask for a large answer and take next to nothing of it."""
        reader, writer = await self._open(number, buffer=4_096)
        path = self._spec["paths"][number % len(self._spec["paths"])]
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        line = await reader.readline()
        self.statuses[line[9:12].decode()] += 1
        transport: Any = writer.transport
        transport.pause_reading()
        await self._over.wait()
        transport.abort()

    async def _wait_and_leave(self, number: int) -> None:
        """Wait for changes, leave without a word, and come again."""
        while not self._over.is_set():
            _, writer = await self._open(number)
            path = self._spec["paths"][number % len(self._spec["paths"])]
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            self.statuses["left"] += 1
            await asyncio.sleep(random.uniform(1.0, 3.0))
            writer.transport.abort()


def main() -> None:
    """Run the load that the first line of standard input describes."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    load = Load(json.loads(sys.stdin.readline()))
    print(json.dumps(asyncio.run(load.run())), flush=True)


if __name__ == "__main__":
    main()
