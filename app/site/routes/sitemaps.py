"""GET /robots.txt, /sitemap.xml and /.well-known/security.txt: for those who read many sites."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import quote
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request, Response

from app.clock import today
from app.errors import NotFoundError
from app.http.dependencies import SessionDep
from app.http.html import base_of
from app.http.links import LinkRoute
from app.queries.sitemaps import count_parts, list_keys, list_part
from app.schemas.pages import Text
from app.settings import get_settings

router = APIRouter(include_in_schema=False, route_class=LinkRoute)

PAGES = "pages"
"""The part with every page that is not one of thousands."""

ALONE = (
    "/",
    "/compare",
    "/careers",
    "/credentials",
    "/work-settings",
    "/advancement-paths",
    "/guide",
    "/method",
    "/data",
    "/releases",
    "/statistics",
    "/corrections",
    "/docs",
)
ROBOTS = """\
User-agent: *
Disallow: /v1/admin/
Disallow: /v1/export/
Allow: /v1/export/*.json$
Disallow: /*?*program=
Sitemap: {base}/sitemap.xml
"""
XML = "application/xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
FRESH = {"Cache-Control": "public, max-age=3600"}


@router.get("/robots.txt")
def get_robots(request: Request) -> Response:
    return Response(ROBOTS.format(base=base_of(request)), media_type="text/plain", headers=FRESH)


@router.get("/.well-known/security.txt")
def get_security(request: Request) -> Response:
    """Answer whoever found a weakness (RFC 9116)."""
    lines = [
        f"Contact: {get_settings().security_contact}",
        f"Expires: {today() + timedelta(days=180)}T00:00:00Z",
        "Preferred-Languages: en",
        f"Canonical: {base_of(request)}/.well-known/security.txt",
    ]
    return Response("\n".join([*lines, ""]), media_type="text/plain", headers=FRESH)


@router.get("/sitemap.xml")
def get_sitemap_index(request: Request, session: SessionDep) -> Response:
    addresses = [f"/sitemap-{name}.xml" for name in [PAGES, *_parts(count_parts(session))]]
    return _listed(request, "sitemapindex", "sitemap", addresses)


@router.get("/sitemap-{name}.xml")
def get_sitemap(request: Request, session: SessionDep, name: Text) -> Response:
    if name == PAGES:
        keys = list_keys(session)
        addresses = [*ALONE, *(_path(folder, key) for folder in keys for key in keys[folder])]
    else:
        parts = _parts(count_parts(session))
        if name not in parts:
            raise NotFoundError("sitemap", name, known=[PAGES, *parts])
        folder, part = parts[name]
        addresses = [_path(folder, key) for key in list_part(session, folder, part)]
    return _listed(request, "urlset", "url", addresses)


def _parts(counts: dict[str, int]) -> dict[str, tuple[str, int]]:
    """Return name of a part -> its folder and number."""
    return {
        f"{folder}-{part}": (folder, part)
        for folder, count in counts.items()
        for part in range(1, count + 1)
    }


def _path(folder: str, key: str) -> str:
    return f"/{folder}/{quote(key, safe='')}"


def _listed(request: Request, root: str, entry: str, paths: Iterable[str]) -> Response:
    base = base_of(request)
    lines = [f"<{entry}><loc>{escape(base + path)}</loc></{entry}>" for path in paths]
    content = "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{NAMESPACE}">', *lines]
    )
    return Response(f"{content}\n</{root}>\n", media_type=XML, headers=FRESH)
