"""Lists of programs without the framework in between: some ten times as many a second.

The framework takes 50 parameters apart one by one, opens a session and changes threads three
times for a request; a page of a list needs one statement. Whatever is not a plain, faultless
question goes on to the route, which says what is wrong with it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, get_origin
from urllib.parse import parse_qsl

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi.routing import APIRoute
from pydantic import ValidationError
from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.database import make_engine
from app.queries.search import list_programs
from app.queries.search_index import Index, kept_index
from app.routes import programs
from app.routes.rubrics import weights_of
from app.schemas.programs import ProgramQuery

LISTS = frozenset(
    name
    for name, field in ProgramQuery.model_fields.items()
    if get_origin(field.annotation) is list
)
"""Parameters that may be repeated."""


MAPPED_BYTES = 64 << 20
"""Of a SQLite file, read without a system call a page: all of the national catalogue.

It saves a fifth of the time of a list, and counts as memory of the process.
"""

READERS = 4
"""Lists asked at once of a database behind a network; on SQLite one after the other."""


class Readers:
    """Connections for lists only: who asks never waits for a connection that others hold.

    Every statement stands for itself, so that nothing is held between two of them.
    """

    def __init__(self, url: URL) -> None:
        self.is_local = url.get_backend_name() == "sqlite"
        self.threads = CapacityLimiter(READERS)
        self._url = url
        self._held: Connection | None = None

    @cached_property
    def _engine(self) -> Engine:
        if self.is_local:
            return make_engine(self._url).execution_options(sqlite_begin=None)
        engine = make_engine(self._url, pool_size=READERS, max_overflow=0)
        return engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Yield a connection; on SQLite the one that is held for the thread of the event loop."""
        if not self.is_local:
            with self._engine.connect() as connection:
                yield connection
            return
        if self._held is None:
            self._held = self._engine.connect()
            self._held.exec_driver_sql(f"PRAGMA mmap_size={MAPPED_BYTES}")
        try:
            yield self._held
        except SQLAlchemyError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of what is held."""
        if self._held is not None:
            self._held.close()
            self._held = None
        if "_engine" in self.__dict__:
            self._engine.dispose()


class QuickList:
    """Answers GET /v1/programs from the index of the release that the answer is kept for.

    ``dress`` are the layers that answers pass which do not come from ``app``, outermost first.

    On SQLite at once, since nothing it asks for takes longer than changing threads; a database
    behind a network is asked from a thread.
    """

    def __init__(self, app: ASGIApp, dress: Sequence[Middleware] = ()) -> None:
        self._app = app
        self._dressed: ASGIApp = _send
        for layer in reversed(dress):
            self._dressed = layer.cls(self._dressed, *layer.args, **layer.kwargs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain question; let every other request go on."""
        release = scope.get("state", {}).get("release")
        is_plain = (
            release is not None
            and scope["path"] == PATH
            and scope["method"] == "GET"
            and len(scope["query_string"]) <= LONGEST
        )
        if not is_plain:
            return await self._app(scope, receive, send)
        state = scope["app"].state
        index, query = kept_index(state.engine, release), _read(scope["query_string"])
        if index is None or query is None:
            return await self._app(scope, receive, send)
        readers: Readers = state.readers
        try:
            if readers.is_local:
                content = _answer(readers, index, query)
            else:
                content = await run_sync(_answer, readers, index, query, limiter=readers.threads)
        except Exception:  # the route meets it too, and says what it is
            return await self._app(scope, receive, send)
        scope["route"] = ROUTE
        scope["content"] = content
        return await self._dressed(scope, receive, send)


async def _send(scope: Scope, _receive: Receive, send: Send) -> None:
    """Send what has been found."""
    content: bytes = scope["content"]
    length = str(len(content)).encode()
    headers = [(b"content-length", length), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


PATH, LONGEST = "/v1/programs", 4_096
ROUTE = next(
    route
    for route in programs.router.routes
    if isinstance(route, APIRoute) and route.name == programs.list_programs.__name__
)
"""What such requests count as."""


def _read(raw: bytes) -> ProgramQuery | None:
    """Return a query string as its model; None where something is wrong with it."""
    given: dict[str, Any] = {}
    for name, value in parse_qsl(raw.decode("latin-1"), keep_blank_values=True):
        if name in LISTS:
            given.setdefault(name, []).append(value)
        elif name in given:
            return None
        else:
            given[name] = value
    try:
        return ProgramQuery.model_validate(given)
    except ValidationError:
        return None


def _answer(readers: Readers, index: Index, query: ProgramQuery) -> bytes:
    with readers.connection() as connection:
        return list_programs(connection, index, query, weights_of(query.weights))
