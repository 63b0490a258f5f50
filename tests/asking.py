"""Requests as they come over the wire, asked of an application without a client in between."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from fastapi import FastAPI
from starlette.types import ASGIApp, Message

from app.http.caching import Answers

Headers = list[tuple[str, str]]
Result = TypeVar("Result")

CHANGES = {"date", "x-request-id"}
"""Headers that differ between two answers to the same question."""


@dataclass(frozen=True)
class Answer:
    """What came back; ``headers`` without those that always differ."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(app: ASGIApp, address: str, headers: Headers, **scope: Any) -> Answer:
    """Return the answer to a GET with exactly these headers, in their order, repeated or not."""
    return run(ask_here(app, address, headers, **scope))


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run something in an event loop of its own, in a thread: a browser may have left one here."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def forget(app: FastAPI) -> None:
    """Let an application keep nothing, as a process that has just started."""
    app.state.answers = Answers(50_000_000)


async def ask_here(app: ASGIApp, address: str, headers: Headers, **scope: Any) -> Answer:
    """Ask within a running event loop."""
    parts = urlsplit(address)
    told: list[Message] = []

    async def receive() -> Message:
        if any(not message.get("more_body", True) for message in told):
            return {"type": "http.disconnect"}
        if any(message["type"] == "asked" for message in told):
            await asyncio.Event().wait()
        told.append({"type": "asked"})
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        told.append(message | ({"more_body": False} if _ends(message) else {}))

    await app(
        {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), text.encode()) for name, text in headers],
            "client": ("192.0.2.1", 1234),
            "server": ("127.0.0.1", 80),
            **scope,
        },
        receive,
        send,
    )
    start = next(message for message in told if message["type"] == "http.response.start")
    sent = {name.decode(): text.decode("latin-1") for name, text in start["headers"]}
    body = b"".join(message.get("body", b"") for message in told)
    kept = {name: text for name, text in sent.items() if name not in CHANGES}
    return Answer(start["status"], kept, body)


def _ends(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message.get("more_body", False)
