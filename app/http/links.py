"""Addresses that people hold as links: pages, cards, and what is asked on their behalf."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Scope

from app.http.parameters import keep_known, parameters_of


def without_unknown(scope: Scope, known: dict[str, Any]) -> Scope:
    """Return the scope of a request as if only parameters of these names had been sent."""
    return {**scope, "query_string": keep_known(scope["query_string"], known)}


class LinkRoute(APIRoute):
    """Passes over parameters it does not know, and hands none of them on.

    Networks, newsletters and readers add words of their own to a link that is shared; whoever
    follows it cannot take them away.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler that sees what the route knows and nothing else."""
        answer = self.get_known_handler()
        known = parameters_of(self.dependant)

        async def answer_known(request: Request) -> Response:
            if request.scope["query_string"]:
                request = Request(without_unknown(request.scope, known), request.receive)
            return await answer(request)

        return answer_known

    def get_known_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler of requests in which nothing unknown is left."""
        return super().get_route_handler()
