"""Cards for other sites under /embed, the script that places them, and GET /oembed."""

import re
from html import escape
from typing import Annotated, TypeVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from app.errors import Fault, InvalidRequestError, NotFoundError, ProblemError
from app.exports.embeds import (
    Look,
    checklist_card,
    comparison_card,
    credential_card,
    program_card,
    refusal_card,
)
from app.exports.languages import REGIONS
from app.exports.writing import Sources
from app.queries import checklists, comparison, credentials, programs
from app.queries.releases import today
from app.queries.rubrics import current_rubric
from app.queries.sources import list_sources
from app.routes.html import PageRoute, page_response, reasons_of
from app.routes.links import LinkRoute
from app.routes.policies import CARD_POLICY
from app.routes.rubrics import weights_of, weights_or_faults
from app.routes.session import Code, SessionDep, Slug
from app.schemas.embeds import (
    ComparisonCardQuery,
    CredentialCardQuery,
    LookQuery,
    OembedQuery,
    OembedRead,
    ProgramCardQuery,
)
from app.schemas.pages import printable
from app.settings import ROOT, get_settings

XML = "text/xml"
SIZES = {
    "program": (480, 900),
    "checklist": (480, 800),
    "comparison": (960, 900),
    "credential": (480, 900),
}
"""Kind of card -> pixels across and down in a frame that nothing sizes."""

_ADDRESS = re.compile(
    r"/embed/(?:(?P<kind>program|checklist|credential)/(?P<key>[^/]+)|comparison)"
)


class CardRoute(PageRoute):
    """Shows refusals as cards."""

    def refuse(self, request: Request, error: Exception) -> Response:
        """Return the card that says why there is none."""
        return _refusal(request, error)


router = APIRouter(tags=["Put it on your site"], route_class=LinkRoute)
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
    found = programs.get_program(session, slug)
    weights = weights_of(query.weights)
    day = query.as_of or today()
    compared = comparison.compare(session, [found], current_rubric(), weights, "in_state", {}, day)
    page = program_card(
        _look(request, query),
        _sources(session),
        compared,
        is_retired=found[0].retired_at is not None,
        record=_page_of(f"/programs/{slug}", query),
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
    query: Annotated[ProgramCardQuery, Query()],
) -> Response:
    found = programs.get_program(session, slug)
    weights = weights_of(query.weights)
    checklist = checklists.get_checklist(
        session, *found, current_rubric(), weights, query.as_of or today()
    )
    record = f"{_page_of(f'/programs/{slug}', query)}#checklist"
    look = _look(request, query)
    return _page(request, checklist_card(look, _sources(session), checklist, record=record))


@cards.get(
    "/comparison",
    summary="Show 2 to 8 programs side by side as a card for any site",
    description="Shows 2 to 8 programs side by side as a card for any page.\n\n"
    "[Cards](/docs/embed) writes the lines to copy.",
)
def get_comparison_card(
    request: Request, session: SessionDep, query: Annotated[ComparisonCardQuery, Query()]
) -> Response:
    faults: list[Fault] = []
    found = comparison.find_programs(session, query.program)
    weights = weights_or_faults(faults, lambda: weights_of(query.weights))
    faults += comparison.check_programs(session, query.program, found, pointer=None)
    if faults:
        raise InvalidRequestError(faults)
    compared = comparison.compare(
        session,
        [found[slug] for slug in query.program],
        current_rubric(),
        weights,
        query.residency,
        {},
        query.as_of or today(),
    )
    record = _page_of("/compare", query)
    page = comparison_card(_look(request, query), _sources(session), compared, record=record)
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
    return _page(request, credential_card(_look(request, query), _sources(session), credential))


router.include_router(cards)


@router.get(
    "/oembed",
    summary="Tell an editor how to show a card, by its address (oEmbed 1.0)",
    description="Lets the editor of a web site turn the address of a card into the card "
    "itself.\n\n"
    "WordPress and others ask this by themselves (oEmbed 1.0).",
    response_model=OembedRead,
    responses={200: {"content": {XML: {"schema": {"type": "string"}}}}},
)
def get_oembed(
    request: Request, session: SessionDep, query: Annotated[OembedQuery, Query()]
) -> OembedRead | Response:
    kind, address, title = _find_card(request, session, query.url)
    width, height = SIZES[kind]
    width, height = min(width, query.maxwidth or width), min(height, query.maxheight or height)
    base = str(request.base_url).rstrip("/")
    embed = OembedRead(
        title=title,
        provider_url=f"{base}/",
        cache_age=get_settings().cache_seconds,
        html=f'<iframe src="{escape(base + address)}" title="{escape(title)}" width="{width}" '
        f'height="{height}" style="border:0" loading="lazy"></iframe>',
        width=width,
        height=height,
    )
    return embed if query.format == "json" else Response(_to_xml(embed), media_type=XML)


Asked = TypeVar("Asked", bound=LookQuery)


def _find_card(request: Request, session: Session, url: str) -> tuple[str, str, str]:
    """Return kind, address and title of the card at an address.

    Raises:
        NotFoundError: The address is not of this server, or there is no such card.
    """
    try:
        parts = urlsplit(url)
        known = _ADDRESS.fullmatch(parts.path)
        is_ours = parts.scheme in {"", "http", "https"} and (
            parts.netloc in {"", request.url.netloc}
        )
        if known is None or not is_ours:
            raise NotFoundError("card", url)
        kind, key = known["kind"] or "comparison", printable(unquote(known["key"] or ""))
        query = parse_qs(parts.query, keep_blank_values=True)
        title = _title_of(session, kind, key, query)
    except (ValueError, ProblemError) as error:  # pydantic's errors are values too
        raise NotFoundError("card", url) from error
    return kind, f"{parts.path}?{parts.query}" if parts.query else parts.path, title


def _title_of(session: Session, kind: str, key: str, query: dict[str, list[str]]) -> str:
    if kind == "comparison":
        asked = _read(ComparisonCardQuery, query, {"program"})
        weights_of(asked.weights)
        found = comparison.find_programs(session, asked.program)
        if comparison.check_programs(session, asked.program, found, pointer=None):
            raise ValueError(kind)
        return " / ".join(f"{school.name}: {program.name}" for program, school in found.values())
    if kind == "credential":
        _read(CredentialCardQuery, query)
        credential, _ = credentials.resolve_code(session, key)
        return f"{credential.code}: {credential.name}"
    weights_of(_read(ProgramCardQuery, query).weights)
    program, school = programs.get_program(session, key)
    return f"{school.name}: {program.name}"


def _read(
    model: type[Asked], query: dict[str, list[str]], lists: frozenset[str] | set[str] = frozenset()
) -> Asked:
    values = {name: found if name in lists else found[-1] for name, found in query.items()}
    return model.model_validate(values)


def _to_xml(embed: OembedRead) -> bytes:
    root = Element("oembed")
    for name, value in embed.model_dump().items():
        SubElement(root, name).text = str(value)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _look(request: Request, query: LookQuery) -> Look:
    return Look(query.lang, query.theme, str(request.url))


def _page_of(path: str, query: LookQuery) -> str:
    """Return the page of the site that shows what a card is asked for, in its language."""
    asked = query.model_dump(mode="json", exclude={"lang", "theme", "as_of"}, exclude_defaults=True)
    return f"{path}?{urlencode({'lang': query.lang, **asked}, doseq=True)}"


def _sources(session: Session) -> Sources:
    return {source.key: (source.title, source.url) for source in list_sources(session)}


def _page(request: Request, page: str) -> Response:
    return page_response(request, page, CARD_POLICY)


def _refusal(request: Request, error: Exception) -> Response:
    """Return the page for a card that cannot be shown."""
    asked = request.query_params
    lang = asked.get("lang", "en")
    theme = asked.get("theme", "auto")
    look = Look(
        lang if lang in REGIONS else "en",
        theme if theme in {"light", "dark"} else "auto",
        str(request.url),
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
    content = (ROOT / "app" / "static" / "embed.js").read_bytes()
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(content, headers=headers, media_type="text/javascript")
