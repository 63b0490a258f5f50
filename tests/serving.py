"""The application behind the real server, on a port of this machine."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Literal

import uvicorn
from sqlalchemy import Engine
from starlette.types import ASGIApp

from app.main import create_app
from app.ops.serving import MAX_HEAD_BYTES, WatchedH11, WatchedHttpTools

Parser = Literal["h11", "httptools"]
PROTOCOLS = {"h11": WatchedH11, "httptools": WatchedHttpTools}


@contextmanager
def serving(engine: Engine, parser: Parser = "httptools") -> Iterator[str]:
    """Serve a database, and yield the address of the server."""
    with serving_app(create_app(engine), parser) as address:
        yield address


@contextmanager
def serving_app(app: ASGIApp, parser: Parser = "httptools") -> Iterator[str]:
    """Serve an application, and yield the address of the server."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=PROTOCOLS[parser],
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        ws="none",
        log_level="critical",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    host, port = listener.getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


LOG_SHOWN = 20_000
OURS = (sys.executable, "-m", "app.ops.cli")


@contextmanager
def serving_process(
    database: str,
    *options: str,
    command: Sequence[str | Path] = OURS,
    folder: Path | None = None,
    port: int = 0,
    **settings: str,
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Run ``hit-compare serve`` as a process of its own, and yield it with its address.

    Settings are variables of the environment; an empty ``database`` leaves the default one. It
    looks for releases as it does for users, in the background.
    """
    port = port or free_port()
    if database:
        settings["DATABASE_URL"] = database
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port), *options],
            env={**os.environ, "CACHE_LOOK_SECONDS": "0.2", **settings},
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            wait_until(lambda: is_listening(port) or process.poll() is not None, seconds=120)
            if process.poll() is not None:
                raise RuntimeError("the server did not start")
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.seek(0)
            print(log.read()[-LOG_SHOWN:])  # pytest shows it where a test fails


def free_port() -> int:
    """Return a port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    """Return whether something takes connections on a port of this machine."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def wait_until(is_so: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that must come true.

    Raises:
        TimeoutError: It did not, in the time given.
    """
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} seconds in vain")
        time.sleep(0.02)
