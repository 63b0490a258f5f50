"""How reads are sent: as they were made, written as JSON in the thread that made them."""

from collections.abc import Callable, Coroutine
from contextlib import contextmanager
from functools import wraps
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError

from app.http.dependencies import get_session
from app.http.query_strings import located, read_query, repeatable
from app.schemas.served import to_json


class JsonResponse(Response):
    """An answer as JSON, which also has it ``as_made``: messages in it can still be translated."""

    def __init__(self, as_made: object, headers: dict[str, str] | None) -> None:
        """Write an answer as JSON."""
        super().__init__(to_json(as_made), headers=headers, media_type="application/json")
        self.as_made = as_made


def send_json(answer: object, headers: dict[str, str] | None = None) -> Response:
    """Return an answer as JSON."""
    return JsonResponse(answer, headers)


class AnswerRoute(APIRoute):
    """Sends what a route returns without checking it first: it is of the shape that we declared.

    A route that returns a response of its own sends that.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Take the route for one that answers with bytes; it is described by what it returns."""
        super().__init__(path, _sending(endpoint), **options)


def _sending(endpoint: Callable[..., Any]) -> Callable[..., Response]:
    @wraps(endpoint)
    def send(**values: Any) -> Response:
        answer = endpoint(**values)
        return answer if isinstance(answer, Response) else send_json(answer)

    return send


class ReadRoute(AnswerRoute):
    """Answers ``def route(session, query, …)`` in one turn of a thread.

    The framework changes threads three times: to open a session, to run the route and to close it.
    Beside ``session`` and ``query``, which is a model, a route can take parts of its path and, as
    ``request``, the request.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler that reads path and query string, and runs the route in a thread."""
        hints = get_type_hints(self.endpoint, include_extras=True)
        model = hints["query"].__origin__
        many = repeatable(model)
        parts = {name: TypeAdapter(hints[name]) for name in self.param_convertors}

        def compute(request: Request, values: dict[str, Any]) -> Response:
            with contextmanager(get_session)(request) as session:
                answer: Response = self.endpoint(session=session, **values)
                return answer

        async def answer(request: Request) -> Response:
            values: dict[str, Any] = {"request": request} if "request" in hints else {}
            faults: list[Any] = []
            for name, part in parts.items():
                try:
                    values[name] = part.validate_python(request.path_params[name])
                except ValidationError as error:
                    faults += located(error, "path", name)
            try:
                values["query"] = read_query(model, many, request.scope["query_string"])
            except RequestValidationError as error:
                faults += error.errors()
            if faults:
                raise RequestValidationError(faults)
            return await run_in_threadpool(compute, request, values)

        return answer
