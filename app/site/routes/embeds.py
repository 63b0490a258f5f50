"""Cards for other sites under /embed, and the script that places them."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.api.comparison import compare_in_query
from app.api.rubrics import weights_of
from app.clock import today
from app.domain.vocabulary import REGIONS
from app.errors import NotFoundError
from app.http.dependencies import Code, SessionDep, Slug
from app.http.html import PageRoute, base_of, page_response, reasons_of
from app.http.policies import CARD_POLICY
from app.queries import checklists, comparison, credentials
from app.queries.dossiers import get_dossier
from app.queries.sources import list_titles
from app.queries.summaries import build_summary
from app.schemas.embeds import (
    BlockQuery,
    ChecklistCardQuery,
    ComparisonCardQuery,
    CredentialCardQuery,
    LookQuery,
    ProgramCardQuery,
)
from app.search.places import reader_of
from app.settings import PACKAGE
from app.site.cards import (
    Look,
    checklist_card,
    comparison_card,
    credential_card,
    program_card,
    refusal_card,
    short_credential_card,
    short_program_card,
)
from app.site.credential_blocks import block_page, credential_block
from app.site.languages import SOURCE
from app.site.routes import oembed
from app.site.writing import CARD_ROWS


class CardRoute(PageRoute):
    """Shows refusals as cards."""

    def refuse(self, request: Request, error: Exception) -> Response:
        """Return the card that says why there is none."""
        return _refusal(request, error)


router = APIRouter(tags=["Put it on your site"])
cards = APIRouter(
    prefix="/embed",
    route_class=CardRoute,
    default_response_class=HTMLResponse,
)
assets = APIRouter(include_in_schema=False)


@cards.get(
    "/program/{slug}",
    summary="Show a program as a card for any site",
    description="Shows a program as a small card that any school or library can put on "
    "its own page.\n\n"
    "[Cards](/docs/embed) writes the lines to copy.",
)
def get_program_card(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[ProgramCardQuery, Query()],
) -> Response:
    dossier = get_dossier(session, slug, query.as_of or today())
    dossier = dossier.asked_by(reader_of(query, query.near))
    weights = weights_of(query.weights)
    record = _page_of(f"/programs/{slug}", query)
    look, sources = _look(request, query), list_titles(session)
    if query.size == "compact":
        page = short_program_card(look, sources, build_summary(dossier), dossier, record=record)
        return _page(request, page)
    page = program_card(
        look,
        sources,
        comparison.read_rows(dossier, weights, CARD_ROWS),
        checklists.build_checklist(dossier, weights),
        is_retired=dossier.program.retired_at is not None,
        record=record,
    )
    return _page(request, page)


@cards.get(
    "/checklist/{slug}",
    summary="Show the checklist of a program as a card for any site",
    description="Shows the checklist of a program, with the questions to ask, as a card "
    "for any page.\n\n"
    "[Cards](/docs/embed) writes the lines to copy.",
)
def get_checklist_card(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[ChecklistCardQuery, Query()],
) -> Response:
    dossier = get_dossier(session, slug, query.as_of or today())
    dossier = dossier.asked_by(reader_of(query, query.near))
    checklist = checklists.build_checklist(dossier, weights_of(query.weights))
    record = f"{_page_of(f'/programs/{slug}', query)}#checklist"
    look = _look(request, query)
    return _page(request, checklist_card(look, list_titles(session), checklist, record=record))


@cards.get(
    "/comparison",
    summary="Show 2 to 8 programs side by side as a card for any site",
    description="Shows 2 to 8 programs side by side as a card for any page.\n\n"
    "[Cards](/docs/embed) writes the lines to copy.",
)
def get_comparison_card(
    request: Request, session: SessionDep, query: Annotated[ComparisonCardQuery, Query()]
) -> Response:
    compared = compare_in_query(session, query)
    record = _page_of("/compare", query)
    page = comparison_card(_look(request, query), list_titles(session), compared, record=record)
    return _page(request, page)


@cards.get(
    "/credential/{code}",
    summary="Show a credential as a card for any site",
    description="Shows a credential such as RHIT, with its exam, fees and renewal, as a "
    "card for any page.\n\n"
    "[Cards](/docs/embed) writes the lines to copy.",
)
def get_credential_card(
    request: Request,
    session: SessionDep,
    code: Code,
    query: Annotated[CredentialCardQuery, Query()],
) -> Response:
    credential = credentials.get_credential(session, code, query.as_of or today())
    set_card = short_credential_card if query.size == "compact" else credential_card
    return _page(request, set_card(_look(request, query), list_titles(session), credential))


@cards.get(
    "/credential/{code}/block",
    summary="Give a credential as a piece of HTML, to copy into your own page",
    description="Gives what is known of a credential, with sources and date, as a piece of HTML "
    "without script or style: a site fetches it each night and puts it into its own pages.\n\n"
    "[Cards](/docs/embed) shows how.",
)
def get_credential_block(
    request: Request,
    session: SessionDep,
    code: Code,
    query: Annotated[BlockQuery, Query()],
) -> Response:
    credential = credentials.get_credential(session, code, query.as_of or today())
    block = credential_block(query.lang, base_of(request), list_titles(session), credential)
    return _page(request, block_page(block))


router.include_router(cards)
router.include_router(oembed.router)


def _look(request: Request, query: LookQuery) -> Look:
    return Look(query.lang, query.theme, base_of(request), _address_of(request))


def _address_of(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _page_of(path: str, query: LookQuery) -> str:
    """Return the page of the site that shows what a card is asked for, in its language."""
    asked = query.model_dump(
        mode="json", exclude={"lang", "theme", "size", "as_of"}, exclude_defaults=True
    )
    return f"{path}?{urlencode({'lang': query.lang, **asked}, doseq=True)}"


def _page(request: Request, page: str) -> Response:
    return page_response(request, page, CARD_POLICY)


def _refusal(request: Request, error: Exception) -> Response:
    """Return the page for a card that cannot be shown."""
    asked = request.query_params
    lang = asked.get("lang", "en")
    theme = asked.get("theme", "light")
    look = Look(
        lang if lang in REGIONS else "en",
        theme if theme in {"auto", "dark"} else "light",
        base_of(request),
        _address_of(request),
    )
    status, faults = reasons_of(request, error)
    is_missing = isinstance(error, NotFoundError)
    page = refusal_card(
        look,
        status=status,
        key=next(iter(request.path_params.values()), None) if is_missing else None,
        kind=request.url.path.split("/")[2],
        near=error.suggestion if isinstance(error, NotFoundError) else None,
        faults=faults,
    )
    headers = {**CARD_POLICY, "Cache-Control": "no-store", "Vary": "Accept"}
    return HTMLResponse(page, status, headers)


@assets.get("/embed.js")
def get_embed_script() -> Response:
    script = (PACKAGE / "site" / "static" / "embed.js").read_bytes()
    others = " ".join(code for code in REGIONS if code != SOURCE)
    content = script.replace(b'"LANGUAGES"', f'"{others}"'.encode())
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(content, headers=headers, media_type="text/javascript")
