"""The application behind the real server, on a port of this machine."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import uvicorn
from sqlalchemy import Engine

from app.main import create_app


@contextmanager
def serving(engine: Engine, parser: Literal["auto", "h11", "httptools"] = "auto") -> Iterator[str]:
    """Serve a database, and yield the address of the server."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(engine), http=parser, ws="none", log_level="critical")
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
