"""POST /mcp: the tools of assistants by streamable HTTP."""

from importlib import import_module
from types import ModuleType

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from app.assistants.asking import Interface, within
from app.http.html import wants_page

router = APIRouter(include_in_schema=False)

MADE_FOR_PEOPLE = "/docs/assistants"


@router.get("/mcp")
async def tell_of_tools(request: Request) -> Response:
    """Lead people to the page on assistants; there is no stream to listen to."""
    if wants_page(request):
        return RedirectResponse(MADE_FOR_PEOPLE, 303)
    raise HTTPException(405, headers={"Allow": "POST"})


@router.post("/mcp")
async def answer_assistants(request: Request) -> Response:
    """Answer one message of an assistant."""
    return _Answer(request, await request.body())


class _Answer(Response):
    """What the protocol's own server answers to a request whose body is read."""

    def __init__(self, request: Request, content: bytes) -> None:
        super().__init__()
        self._request, self._content = request, content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        server = await run_sync(load_server)
        is_read = False

        async def read_again() -> Message:
            nonlocal is_read
            if is_read:
                return await receive()
            is_read = True
            return {"type": "http.request", "body": self._content, "more_body": False}

        async with within(self._request.app, scope) as client:
            await server.answer_http(Interface(client), scope, read_again, send)


def load_server() -> ModuleType:
    """Load the protocol's server when it is first asked for: most processes never need it."""
    return import_module("app.assistants.server")
