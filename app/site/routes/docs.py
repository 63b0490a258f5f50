"""Documentation pages, with every file from this server, and the catalogue of problems."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts

from app.assistants.calls import CALLS, DEFINITIONS, to_llms_txt
from app.assistants.resources import RESOURCES
from app.assistants.tools import TOOLS
from app.domain.text.identifiers import fold
from app.domain.text.negotiation import choose_media_type
from app.domain.vocabulary import REGIONS
from app.domain.webhooks import message_of
from app.errors import NotFoundError
from app.http.deprecation import NOTICE, list_deprecated
from app.http.html import base_of, page_response, tagged_response
from app.http.links import LinkRoute
from app.http.openapi import openapi_file
from app.http.policies import CARD_FORM_POLICY, INTERFACE_POLICY, TEXT_POLICY
from app.http.problems import problem_examples, problem_kinds
from app.schemas.embeds import LanguageQuery
from app.schemas.pages import Text
from app.schemas.problems import Problem, ProblemExampleRead, ProblemKindRead, ProblemKinds
from app.site.glossary import TERMS
from app.site.languages import SOURCE, language, name_of
from app.site.pages.rendering import asset

router = APIRouter(tags=["Service"], route_class=LinkRoute)

EXAMPLES = (
    "owens-community-college-510707-associate",
    "sinclair-community-college-510707-associate",
)
"""Programs that examples name."""
RELEASED_AT = datetime(2026, 9, 1, 12, tzinfo=UTC)

CARRIED = {  # name -> media type; the package fastapi-swagger carries Swagger UI
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
}


@router.get("/openapi.json", include_in_schema=False)
def get_openapi_file(request: Request) -> Response:
    content = openapi_file(request.app, base_of(request))
    return tagged_response(request, content, "application/json", {})


@router.get("/openapi.yaml", include_in_schema=False)
def get_openapi_as_yaml(request: Request) -> Response:
    content = openapi_file(request.app, base_of(request), as_yaml=True)
    return tagged_response(request, content, "application/yaml", {})


@router.get("/docs/interface", include_in_schema=False)
async def show_interface(request: Request) -> Response:
    return _page(request, "docs", INTERFACE_POLICY)


@router.get("/docs/quick-start", include_in_schema=False)
async def show_quick_start(request: Request) -> Response:
    return _page(request, "docs_quick_start")


@router.get("/docs/glossary", include_in_schema=False)
def show_glossary(request: Request, query: Annotated[LanguageQuery, Query()]) -> Response:
    say = language(query.lang).say
    terms = sorted(TERMS, key=lambda term: fold(say(term.word)))
    operations = _operations(request)
    return _page(request, "docs_glossary", lang=query.lang, terms=terms, operations=operations)


@router.get("/docs/versions", include_in_schema=False)
async def show_versions(request: Request) -> Response:
    return _page(
        request, "docs_versions", days=NOTICE.days, deprecated=list_deprecated(request.app)
    )


@router.get("/docs/assistants", include_in_schema=False)
async def show_assistants(request: Request) -> Response:
    return _page(
        request,
        "docs_assistants",
        tools=TOOLS,
        resources=RESOURCES,
        calls=CALLS,
        definitions=DEFINITIONS,
    )


@router.get("/llms.txt", include_in_schema=False)
async def tell_assistants(request: Request) -> Response:
    text = to_llms_txt(base_of(request))
    return tagged_response(request, text.encode(), "text/plain; charset=utf-8", {})


@router.get("/docs/webhooks", include_in_schema=False)
async def show_webhooks(request: Request) -> Response:
    report = {
        "rows": {"cost_claim": {"added": 2, "retired": 2}, "program": {"changed": 1}},
        "programs": {"changed": 2, "largest": [{"program": slug} for slug in EXAMPLES]},
    }
    told = message_of(2, RELEASED_AT, "Prices of 2026-27 in Ohio", report, base_of(request))
    message = json.dumps(told, indent=2)
    return _page(request, "docs_webhooks", message=message)


@router.get("/docs/embed", include_in_schema=False)
async def show_embed_docs(request: Request) -> Response:
    languages = {code: name_of(code, spoken=SOURCE) for code in REGIONS}
    return _page(request, "embed_docs", CARD_FORM_POLICY, languages=languages)


@router.get("/docs/{name}", include_in_schema=False)
def get_docs_asset(name: Text) -> Response:
    if name not in CARRIED:
        raise NotFoundError("file of the documentation", name, known=list(CARRIED))
    content = files("fastapi_swagger.resources").joinpath(name).read_bytes()
    return Response(
        content, media_type=CARRIED[name], headers={"Cache-Control": "public, max-age=3600"}
    )


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as pages name it: its summary, and where it stands in the page of all."""

    summary: str
    address: str


def _operations(request: Request) -> dict[str, Operation]:
    return {
        str(one.name): Operation(one.summary, f"/docs/interface#/{quote(one.tags[0])}/{one.name}")
        for one in iter_route_contexts(request.app.routes)
        if getattr(one, "tags", None) and one.include_in_schema
    }


@router.get(
    "/problems",
    summary="List every kind of problem this service answers with",
    description="Explains every way in which this service can refuse a request, and "
    "what to do about each.",
    response_model=ProblemKinds,
    response_model_exclude_none=True,
    responses={200: {"content": {"text/html": {}}}},
)
def list_problems(request: Request) -> ProblemKinds | Response:
    kinds = [_to_read(kind.slug) for kind in problem_kinds()]
    if _wants_html(request):
        return _page(request, "problems", kinds=kinds)
    return ProblemKinds(items=kinds)


@router.get(
    "/problems/{slug}",
    summary="Show one kind of problem: what it means and what to do about it",
    description="Explains one kind of refusal, such as an invalid request: what it "
    "means, what to do, and how it looks.",
    response_model=ProblemKindRead,
    response_model_exclude_none=True,
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
) -> ProblemKindRead | Response:
    kind = _to_read(slug)
    if not _wants_html(request):
        return kind
    answer = json.dumps(problem_examples()[slug].answer, indent=2, ensure_ascii=False)
    return _page(request, "problem", kind=kind, answer=answer)


def _to_read(slug: str) -> ProblemKindRead:
    kinds = {kind.slug: kind for kind in problem_kinds()}
    if slug not in kinds:
        raise NotFoundError("kind of problem", slug, known=list(kinds))
    kind, example = kinds[slug], problem_examples()[slug]
    return ProblemKindRead(
        type=kind.type,
        slug=kind.slug,
        status=kind.status,
        title=kind.title,
        meaning=kind.meaning,
        advice=kind.advice,
        example=ProblemExampleRead(
            asked=example.asked, answer=Problem.model_validate(example.answer)
        ),
    )


def _wants_html(request: Request) -> bool:
    """Return whether a browser asks; whoever names no preference gets JSON."""
    offered = ["application/json", "text/html"]
    return choose_media_type(request.headers.get("accept"), offered) == "text/html"


def _page(
    request: Request,
    template: str,
    policy: Mapping[str, str] = TEXT_POLICY,
    /,
    *,
    lang: str = SOURCE,
    **values: Any,
) -> Response:
    found = language(lang).templates.get_template(f"{template}.html")
    shown = {"here": request.url.path, "base": base_of(request), "asset": asset, "lang": lang}
    page = found.render(shown, **values)
    return page_response(request, page, policy)
