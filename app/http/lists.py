"""Routes that answer one query model, read without the framework: some ten times as many a second.

The framework takes 50 parameters apart one by one, opens a session and changes threads three
times for a request; a page of a list needs one validation and one statement.
"""

from asyncio import get_running_loop, sleep
from collections.abc import Callable, Coroutine
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar, get_type_hints
from urllib.parse import parse_qsl, quote, urlencode

from anyio import CapacityLimiter
from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import Connection, Engine, event
from sqlmodel import Session

from app.domain.text.cursors import decode_cursor, encode_cursor
from app.errors import Fault, InvalidRequestError, UnavailableError
from app.http.dependencies import database_of, get_session
from app.http.query_strings import read_query, repeatable
from app.schemas.pages import Page, PartParams
from app.search.index import Index, OtherReleaseError, index_of, kept_index
from app.store.replicas import Database

Result = TypeVar("Result")

MOST_RELEASES = 5
"""Releases that may come while a list is computed."""

AnyPage = TypeVar("AnyPage", bound=Page[Any])

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

    def __init__(self) -> None:
        self.threads = CapacityLimiter(LIST_THREADS)
        self._in_turn = 0
        self._engines: dict[Database, Engine] = {}
        self._loading = Lock()

    def _reading(self, database: Database) -> Engine:
        with self._loading:
            engine = self._engines.get(database)
            if engine is None:
                engine = self._engines[database] = database.statements(LIST_THREADS)
                if engine.dialect.name == "sqlite":
                    event.listen(engine, "connect", _map_file)
        return engine

    def read(self, request: Request, compute: Callable[[Connection, Index], Result]) -> Result:
        """Return what is computed of the release, or of the draft for a draft read.

        A release that comes between its index and a statement is read anew.
        """
        if getattr(request.state, "draft", False):
            with contextmanager(get_session)(request) as session:
                return compute(session.connection(), index_of(session))
        database = database_of(request)
        index = self.kept(request)
        for _ in range(MOST_RELEASES):
            if index is None:
                with self._loading, Session(database.engine) as session:
                    index = index_of(session)
            try:
                with self._reading(database).connect() as connection:
                    return compute(connection, index)
            except OtherReleaseError:
                index = None
        raise UnavailableError("One release follows the other too quickly to be read.")

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
        return kept_index(request.app.state.engine, release)

    def close(self) -> None:
        """Close the connections."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines = {}


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


def part_of(page: AnyPage, query: PartParams, request: Request, response: Response) -> AnyPage:
    """Return the part of a whole list that a request asks for, and link to the others.

    Raises:
        InvalidRequestError: The cursor is damaged or belongs to another query.
    """
    about = f"{request.scope['path']} {query.model_dump_json(exclude={'limit', 'cursor'})}"
    start = 0
    if query.cursor is not None:
        try:
            start = int(str(decode_cursor(query.cursor, about, 1)[0]))
        except ValueError as error:
            fault = Fault(f"{error}.", parameter="cursor", value=query.cursor[:60])
            raise InvalidRequestError([fault]) from error
    end = len(page.items) if query.limit is None else start + query.limit
    following = encode_cursor([end], about) if end < len(page.items) else None
    link_pages(request, response, following)
    return page.model_copy(update={"items": page.items[start:end], "next": following})


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
