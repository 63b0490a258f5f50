"""Documentation pages, with every file from this server, and the catalogue of problems."""

from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from app.errors import NotFoundError
from app.problems import problem_kinds
from app.schemas.pages import Text
from app.schemas.problems import ProblemKindRead, ProblemKinds

router = APIRouter(tags=["Service"])

TEMPLATES = Environment(
    loader=PackageLoader("app"), autoescape=select_autoescape(), undefined=StrictUndefined
)
ASSETS = {  # name -> (file, media type); Swagger UI is carried by the package fastapi-swagger
    "swagger-ui-bundle.js": ("fastapi_swagger.resources", "text/javascript"),
    "swagger-ui.css": ("fastapi_swagger.resources", "text/css"),
    "docs.js": ("app.static", "text/javascript"),
    "docs.css": ("app.static", "text/css"),
    "embed_docs.js": ("app.static", "text/javascript"),
}
# Swagger UI draws its icons as data addresses, and asks this server when one tries an operation
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FORM_POLICY = f"{PAGE_POLICY}; frame-src 'self'"  # the preview is a card in a frame
PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@router.get("/docs", include_in_schema=False)
async def show_docs() -> HTMLResponse:
    page = TEMPLATES.get_template("docs.html").render()
    return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})


@router.get("/docs/embed", include_in_schema=False)
async def show_embed_docs() -> HTMLResponse:
    page = TEMPLATES.get_template("embed_docs.html").render()
    return HTMLResponse(page, headers={"Content-Security-Policy": FORM_POLICY})


@router.get("/docs/{name}", include_in_schema=False)
def get_docs_asset(name: Text) -> Response:
    if name not in ASSETS:
        raise NotFoundError("file of the documentation", name, known=list(ASSETS))
    package, media_type = ASSETS[name]
    content = files(package).joinpath(name).read_bytes()
    return Response(
        content, media_type=media_type, headers={"Cache-Control": "public, max-age=3600"}
    )


@router.get(
    "/problems",
    summary="List every kind of problem this service answers with",
    response_model=ProblemKinds,
    responses={200: {"content": {"text/html": {}}}},
)
def list_problems(request: Request) -> ProblemKinds | HTMLResponse:
    kinds = [_to_read(kind.slug) for kind in problem_kinds()]
    if _wants_html(request):
        return _problem_page(kinds)
    return ProblemKinds(items=kinds)


@router.get(
    "/problems/{slug}",
    summary="Show one kind of problem: what it means and what to do about it",
    response_model=ProblemKindRead,
    responses={200: {"content": {"text/html": {}}}},
)
def get_problem(
    request: Request,
    slug: Annotated[
        Text,
        PathParameter(
            max_length=80, description="End of a problem's `type`", examples=["invalid-request"]
        ),
    ],
) -> ProblemKindRead | HTMLResponse:
    kind = _to_read(slug)
    return _problem_page([kind]) if _wants_html(request) else kind


def _to_read(slug: str) -> ProblemKindRead:
    kinds = {kind.slug: kind for kind in problem_kinds()}
    if slug not in kinds:
        raise NotFoundError("kind of problem", slug, known=list(kinds))
    kind = kinds[slug]
    return ProblemKindRead(
        type=kind.type, slug=kind.slug, status=kind.status, title=kind.title, meaning=kind.meaning
    )


def _wants_html(request: Request) -> bool:
    """Return whether a browser asks; whoever names no preference gets JSON."""
    return "text/html" in request.headers.get("accept", "")


def _problem_page(kinds: list[ProblemKindRead]) -> HTMLResponse:
    page = TEMPLATES.get_template("problems.html").render(kinds=kinds)
    return HTMLResponse(page, headers={"Content-Security-Policy": PLAIN_POLICY, "Vary": "Accept"})
