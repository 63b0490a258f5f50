"""GET /static/… and /favicon.ico: style sheets, scripts, pictures and the typeface of the pages."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.errors import NotFoundError
from app.http.links import LinkRoute
from app.schemas.pages import QueryModel, Text
from app.site.pages.rendering import STATIC, version_of

router = APIRouter(include_in_schema=False, route_class=LinkRoute)

MEDIA_TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "png": "image/png",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
FILES = {
    path.name: MEDIA_TYPES[path.suffix[1:]]
    for path in STATIC.iterdir()
    if path.suffix[1:] in MEDIA_TYPES
}


class VersionQuery(QueryModel):
    """Query string of a file."""

    v: str = ""


@router.get("/static/{name}")
def get_asset(name: Text, query: Annotated[VersionQuery, Query()]) -> Response:
    if name not in FILES:
        raise NotFoundError("file", name, known=list(FILES))
    # a style sheet names the typeface, and cannot tell its version
    is_lasting = query.v == version_of(name) or name.endswith(".woff2")
    seconds = "31536000, immutable" if is_lasting else "3600"
    headers = {"Cache-Control": f"public, max-age={seconds}"}
    return Response((STATIC / name).read_bytes(), headers=headers, media_type=FILES[name])


@router.get("/favicon.ico")
def get_icon() -> Response:
    """Answer browsers and readers of feeds that ask for the icon where it always was."""
    headers = {"Cache-Control": "public, max-age=86400"}
    icon = (STATIC / "favicon.ico").read_bytes()
    return Response(icon, headers=headers, media_type="image/vnd.microsoft.icon")
