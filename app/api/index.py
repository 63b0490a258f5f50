"""GET /v1 and /.well-known/api-catalog: where whoever knows nothing yet begins."""

import json
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute, iter_route_contexts

from app.http.dependencies import NO_PARAMETERS
from app.http.html import base_of, tagged_response
from app.schemas.index import IndexRead, ResourceRead

router = APIRouter(tags=["Service"])

CATALOG = "/.well-known/api-catalog"
LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'


@router.get(
    "/v1",
    summary="Show what there is to ask, and where it is described",
    description="Lists every address of the interface that needs nothing filled in, such as the "
    "search for programs, and leads to its documentation.",
    dependencies=[NO_PARAMETERS],
)
async def get_index(request: Request) -> IndexRead:
    return IndexRead(
        resources=_resources(request.app),
        openapi="/openapi.json",
        docs="/docs",
        glossary="/docs/glossary",
        assistants="/mcp",
        llms="/llms.txt",
        catalog=CATALOG,
    )


def _resources(app: FastAPI) -> list[ResourceRead]:
    return [
        ResourceRead(path=str(one.path), summary=one.summary, tag=str(one.tags[0]))
        for one in iter_route_contexts(app.routes)
        if isinstance(one.original_route, APIRoute)
        and "GET" in (one.methods or ())
        and str(one.path).startswith("/v1/")
        and "{" not in str(one.path)
        and not str(one.path).startswith("/v1/admin")
        and one.include_in_schema
        and not one.deprecated
        and one.summary
    ]


@router.get(CATALOG, include_in_schema=False)
async def get_catalog(request: Request) -> Response:
    catalog = json.dumps(_catalog(base_of(request)), indent=1).encode()
    headers = {"Link": f'<{CATALOG}>; rel="api-catalog"'}
    return tagged_response(request, catalog, LINKSET, headers)


def _catalog(base: str) -> dict[str, Any]:
    """Return the interfaces of the service with where each is described (RFC 9727, 4)."""
    api, tools = f"{base}/v1", f"{base}/mcp"
    return {
        "linkset": [
            {"anchor": base + CATALOG, "item": [{"href": api}, {"href": tools}]},
            {
                "anchor": api,
                "service-desc": [{"href": f"{base}/openapi.json", "type": "application/json"}],
                "service-doc": [
                    {"href": f"{base}/docs", "type": "text/html"},
                    {"href": f"{base}/llms.txt", "type": "text/plain"},
                ],
                "status": [{"href": f"{base}/health/ready", "type": "application/json"}],
            },
            {
                "anchor": tools,
                "service-doc": [{"href": f"{base}/docs/assistants", "type": "text/html"}],
            },
        ]
    }
