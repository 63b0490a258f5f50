"""What an address of the interface answers, asked from within by the function of its route."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from inspect import iscoroutinefunction, unwrap
from typing import Any, NamedTuple, cast, get_type_hints
from urllib.parse import quote, urlencode

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from app.errors import InvalidRequestError
from app.http.answers import JsonResponse
from app.http.dependencies import get_session
from app.http.faults import Contract, to_faults
from app.http.query_strings import read_query, repeatable

Pairs = Sequence[tuple[str, str]]


class Address(NamedTuple):
    """An address of the interface: the template of its route, what fills it, and the query."""

    template: str
    filled: Mapping[str, str]
    query: Pairs

    @property
    def path(self) -> str:
        """The path with its places filled."""
        places = {name: quote(value, safe="") for name, value in self.filled.items()}
        return self.template.format_map(places)

    def __str__(self) -> str:
        """Return the address as a link has it."""
        return f"{self.path}?{urlencode(self.query, safe=':,')}" if self.query else self.path


async def ask(request: Request, address: Address) -> Any:
    """Return what an address answers: as its route made it, or read from the JSON that it sent.

    Whatever is a message in it can still be said in another language. The function of the route
    is called as the route would call it; it takes no other place in the lanes than that of the
    request that asks.

    Raises:
        ProblemError: The address refuses what is asked; faults name its parameters.
    """
    route = _route_of(request.app, address.template)
    endpoint: Callable[..., Any] = unwrap(route.endpoint)
    hints = get_type_hints(endpoint)
    inner = Request(
        {
            **request.scope,
            "path": address.path,
            "query_string": urlencode(address.query).encode(),
            "headers": [(b"accept", b"application/json")],
        }
    )
    values: dict[str, Any] = {**address.filled}
    values |= {name: inner for name, hint in hints.items() if hint is Request}
    values |= {name: Response() for name, hint in hints.items() if hint is Response}
    values.pop("return", None)
    if "query" in hints:
        values["query"] = _read(hints["query"], inner.scope["query_string"], route)
    if iscoroutinefunction(endpoint):
        answer = await endpoint(**values)
    else:
        answer = await run_sync(_call, inner, endpoint, values, "session" in hints)
    if isinstance(answer, JsonResponse):
        return answer.as_made
    return json.loads(bytes(answer.body)) if isinstance(answer, Response) else answer


def _call(
    request: Request, endpoint: Callable[..., Any], values: dict[str, Any], takes_session: bool
) -> Any:
    if not takes_session:
        return endpoint(**values)
    with contextmanager(get_session)(request) as session:
        return endpoint(session=session, **values)


def _read(model: type[BaseModel], query: bytes, route: APIRoute) -> BaseModel:
    try:
        return read_query(model, repeatable(model), query)
    except RequestValidationError as error:
        contract = Contract.of_route(route)
        raise InvalidRequestError(to_faults(error.errors(), None, contract)) from error


@lru_cache(maxsize=8)
def _routes(app: FastAPI) -> dict[str, APIRoute]:
    return {
        str(context.path): cast(APIRoute, context.original_route)
        for context in iter_route_contexts(app.routes)
        if "GET" in (context.methods or ()) and str(context.path).startswith("/v1/")
    }


def _route_of(app: FastAPI, template: str) -> APIRoute:
    return _routes(app)[template]
