"""The server of the Model Context Protocol, by the package ``mcp``.

That package takes a second and 33 MB to load: whoever needs this module imports it then.
"""

import logging
from importlib.metadata import version

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from app.assistants.asking import Interface, RefusedError
from app.assistants.resources import RESOURCES
from app.assistants.tools import TOOLS, call, input_schema
from app.errors import nearest

INSTRUCTIONS = (
    "Compares US health information programs and the credentials they lead to. Facts come with "
    "numbered sources and dates; `page` is for people: cite it. `not known` is never a no: pass "
    "on what to ask. Facts move: tell people to verify before they enroll or pay."
)
READ_ONLY = types.ToolAnnotations(read_only_hint=True, open_world_hint=False)

log = logging.getLogger(__name__)

Context = ServerRequestContext[object]


def make_server(ask: Interface) -> Server[object]:
    """Return a server whose tools ask one interface."""

    async def list_tools(
        _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        tools = [
            types.Tool(
                name=name,
                title=tool.title,
                description=tool.description,
                input_schema=input_schema(tool.arguments),
                annotations=READ_ONLY,
            )
            for name, tool in TOOLS.items()
        ]
        return types.ListToolsResult(tools=tools)

    async def call_tool(_: Context, told: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            text, is_error = await call(ask, told.name, told.arguments or {}), False
        except RefusedError as error:
            text, is_error = str(error), True
        except Exception:
            log.exception("the tool %s failed", told.name)
            text, is_error = "The service failed; try again, or ask less at once.", True
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text)], is_error=is_error
        )

    async def list_resources(
        _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        resources = [
            types.Resource(
                uri=uri,
                name=uri.rpartition("/")[2],
                title=one.title,
                description=one.description,
                mime_type="text/plain",
            )
            for uri, one in RESOURCES.items()
        ]
        return types.ListResourcesResult(resources=resources)

    async def read_resource(
        _: Context, told: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        uri = str(told.uri)
        resource = RESOURCES.get(uri)
        if resource is None:
            raise ValueError(
                f"There is no resource {uri!r}. Did you mean {nearest(uri, RESOURCES)!r}?"
            )
        text = types.TextResourceContents(
            uri=uri, mime_type="text/plain", text=await resource.read(ask)
        )
        return types.ReadResourceResult(contents=[text])

    return Server(
        "hit-compare",
        version=version("hit-compare"),
        title="hit-compare",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


async def answer_http(ask: Interface, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request by streamable HTTP: without a session, so that any worker can."""
    manager = StreamableHTTPSessionManager(make_server(ask), json_response=True, stateless=True)
    async with manager.run():
        await manager.handle_request(scope, receive, send)


async def serve_stdio(ask: Interface) -> None:
    """Answer what comes on the standard input until it ends."""
    server = make_server(ask)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
