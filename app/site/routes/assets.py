"""GET /static/…: style sheets, scripts and pictures of the pages."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.errors import NotFoundError
from app.http.links import LinkRoute
from app.schemas.pages import QueryModel, Text
from app.site.pages.rendering import STATIC, version_of

router = APIRouter(prefix="/static", include_in_schema=False, route_class=LinkRoute)

MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
FILES = {
    path.name: MEDIA_TYPES[path.suffix[1:]]
    for path in STATIC.iterdir()
    if path.suffix[1:] in MEDIA_TYPES
}


class VersionQuery(QueryModel):
    """Query string of a file."""

    v: str = ""


@router.get("/{name}")
def get_asset(name: Text, query: Annotated[VersionQuery, Query()]) -> Response:
    if name not in FILES:
        raise NotFoundError("file", name, known=list(FILES))
    seconds = "31536000, immutable" if query.v == version_of(name) else "3600"
    headers = {"Cache-Control": f"public, max-age={seconds}"}
    return Response((STATIC / name).read_bytes(), headers=headers, media_type=FILES[name])
