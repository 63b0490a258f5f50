"""The application behind the real server, on a port of this machine."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import uvicorn
from sqlalchemy import Engine
from starlette.types import ASGIApp

from app.main import create_app
from app.serving import MAX_HEAD_BYTES, WatchedH11, WatchedHttpTools

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
