"""How reads are sent: as they were made, written as JSON in the thread that made them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import Response
from fastapi.routing import APIRoute

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
