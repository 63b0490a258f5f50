"""Routes that answer one query model, read without the framework: some ten times as many a second.

The framework takes 50 parameters apart one by one, opens a session and changes threads three
times for a request; a page of a list needs one validation and one statement.
"""

from asyncio import get_running_loop, sleep
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import Any, get_type_hints
from urllib.parse import parse_qsl, quote, urlencode

from anyio import CapacityLimiter
from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session

from app.http.dependencies import get_session
from app.http.query_strings import read_query, repeatable
from app.search.index import Index, index_of, kept_index
from app.store.database import make_reading_engine

LIST_THREADS = 4
"""Lists computed at once: as many as their lane lets through, with a connection each."""

LISTS_A_TURN = 8
"""Lists computed in one turn of the event loop: some two milliseconds."""

MAPPED_BYTES = 64 << 20
"""Of a SQLite file, read without a system call a page: all of the national catalogue.

It saves a fifth of the time of a list, and counts as memory of the process.
"""


class ListReaders:
    """Threads and connections for lists only, so that a list never waits for other requests."""

    def __init__(self, engine: Engine) -> None:
        self.threads = CapacityLimiter(LIST_THREADS)
        self._in_turn = 0
        self._engine = engine
        self._loading = Lock()

    @cached_property
    def _reading(self) -> Engine:
        engine = make_reading_engine(self._engine.url, connections=LIST_THREADS)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _map_file)
        return engine

    @contextmanager
    def of_release(self, request: Request) -> Iterator[tuple[Connection, Index]]:
        """Yield a connection and the index of the release, or of the draft for a draft read."""
        if getattr(request.state, "draft", False):
            with contextmanager(get_session)(request) as session:
                yield session.connection(), index_of(session)
            return
        index = self.kept(request)
        if index is None:
            with self._loading, Session(self._engine) as session:
                index = index_of(session)
        with self._reading.connect() as connection:
            yield connection, index

    async def take_turn(self) -> None:
        """Wait for a turn of the event loop in which fewer than LISTS_A_TURN lists were computed.

        So other work on the loop waits for few lists, however many come at once.
        """
        while self._in_turn == LISTS_A_TURN:
            await sleep(0)
        if not self._in_turn:
            get_running_loop().call_soon(self._begin_turn)
        self._in_turn += 1

    def _begin_turn(self) -> None:
        self._in_turn = 0

    def kept(self, request: Request) -> Index | None:
        """Return the index of the release that is answered for, if it is loaded."""
        release = getattr(request.state, "release", None)
        if getattr(request.state, "draft", False) or not release:
            return None
        return kept_index(self._engine, release)

    def close(self) -> None:
        """Close the connections."""
        if "_reading" in self.__dict__:
            self._reading.dispose()


def _map_file(dbapi: Any, _record: object) -> None:
    dbapi.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")


class ListRoute(APIRoute):
    """Answers ``async def route(request: Request, query: Annotated[Model, Query()])``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler that reads the query string as the model and calls the route."""
        model = get_type_hints(self.endpoint)["query"]
        many = repeatable(model)

        async def answer(request: Request) -> Response:
            query = read_query(model, many, request.scope["query_string"])
            content: Response = await self.endpoint(request, query)
            return content

        return answer


def link_pages(request: Request, response: Response, following: str | None) -> None:
    """Tell in the header ``Link`` where the next and the first page of a list are (RFC 8288)."""
    asked = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    rest = [(name, value) for name, value in asked if name != "cursor"]
    if getattr(request.state, "draft", False):
        rest.append(("release", "draft"))
    path = quote(request.scope["path"])
    if following is not None:
        there = urlencode([*rest, ("cursor", following)])
        response.headers.append("Link", f'<{path}?{there}>; rel="next"')
    if any(name == "cursor" for name, _ in asked):
        first = f"{path}?{urlencode(rest)}" if rest else path
        response.headers.append("Link", f'<{first}>; rel="first"')
