"""GET /oembed: how to show the card of an address, be it that of the card or of the page."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Annotated, Any, TypeVar
from urllib.parse import SplitResult, parse_qs, parse_qsl, quote, unquote, urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from app.api.rubrics import weights_of
from app.errors import NotFoundError, ProblemError
from app.http.dependencies import SessionDep
from app.http.html import base_of, tagged_response
from app.http.links import LinkRoute
from app.http.parameters import fields_of, keep_known
from app.queries import comparison, credentials, programs
from app.schemas.comparison import MIN_PROGRAMS
from app.schemas.embeds import (
    ChecklistCardQuery,
    ComparisonCardQuery,
    CredentialCardQuery,
    OembedQuery,
    OembedRead,
    ProgramCardQuery,
)
from app.schemas.pages import printable
from app.schemas.site import CompareQuery, ProgramVisitQuery
from app.schemas.site_field import CredentialPageQuery
from app.settings import get_settings
from app.site.pages.rendering import asset
from app.site.pages.visits import to_address, to_pairs, with_home

router = APIRouter(tags=["Put it on your site"], route_class=LinkRoute)

XML = "text/xml"
SIZES = {
    "program": (480, 260),
    "full program": (480, 1550),
    "checklist": (480, 1060),
    "comparison": (960, 1450),
    "credential": (480, 240),
    "full credential": (480, 1450),
}
"""Kind of card -> pixels across, and down in a frame that nothing sizes: as most of them take."""
PICTURE = "share.png"
PICTURE_SIZE = (1200, 630)


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it is framed: kind, address on this server, what it is of, and whose that is."""

    kind: str
    address: str
    title: str
    author: str

    @property
    def size(self) -> tuple[int, int]:
        """Pixels across and down that it takes where there is room."""
        is_full = ("size", "full") in parse_qsl(urlsplit(self.address).query)
        return SIZES[f"full {self.kind}" if is_full else self.kind]


@router.get(
    "/oembed",
    summary="Tell an editor how to show a card, by its address (oEmbed 1.0)",
    description="Lets the editor of a web site turn an address into a card: that of a card, or "
    "that of the page of a program, a credential or a comparison.\n\n"
    "WordPress and others ask this by themselves (oEmbed 1.0).",
    response_model=OembedRead,
    responses={200: {"content": {XML: {"schema": {"type": "string"}}}}},
)
def get_oembed(
    request: Request, session: SessionDep, query: Annotated[OembedQuery, Query()]
) -> Response:
    card = _find_card(request, session, query.url)
    base = base_of(request)
    width, height = card.size
    width, height = min(width, query.maxwidth or width), min(height, query.maxheight or height)
    embed = OembedRead(
        title=card.title,
        author_name=card.author,
        provider_url=f"{base}/",
        cache_age=get_settings().cache_seconds,
        html=f'<iframe src="{escape(base + card.address)}" title="{escape(card.title)}" '
        f'width="{width}" height="{height}" frameborder="0" style="border:0;max-width:100%" '
        'loading="lazy"></iframe>',
        width=width,
        height=height,
        thumbnail_url=base + asset(PICTURE),
        thumbnail_width=PICTURE_SIZE[0],
        thumbnail_height=PICTURE_SIZE[1],
    )
    if query.format == "xml":
        return tagged_response(request, _to_xml(embed), XML, {})
    return tagged_response(request, embed.model_dump_json().encode(), "application/json", {})


def _to_xml(embed: OembedRead) -> bytes:
    root = Element("oembed")
    for name, value in embed.model_dump().items():
        SubElement(root, name).text = str(value)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _find_card(request: Request, session: Session, url: str) -> Card:
    """Return the card that an address shows, or that shows what its page is about.

    Raises:
        NotFoundError: The address is not of this server, or there is no such card or page.
    """
    try:
        parts = urlsplit(url)
        path = _path_here(request, parts)
        for pattern, find in FINDERS.items():
            known = pattern.fullmatch(path)
            if known is not None:
                key = printable(unquote(known["key"])) if "key" in known.groupdict() else ""
                return find(session, key, parts.query)
    except (ValueError, ProblemError) as error:  # pydantic's errors are values too
        raise NotFoundError("card", url) from error
    raise NotFoundError("card", url)


def _path_here(request: Request, parts: SplitResult) -> str:
    """Return the path of an address below this server's; a slash at its end makes no difference.

    Raises:
        ValueError: It is an address of something else.
    """
    path = parts.path.rstrip("/")
    if not (parts.scheme or parts.netloc):
        return path
    if parts.scheme in {"", "http", "https"}:
        for base in map(urlsplit, (base_of(request), str(request.base_url))):
            below = base.path.rstrip("/")
            if _host_of(base) == _host_of(parts) and path.startswith(f"{below}/"):
                return path.removeprefix(below)
    raise ValueError(path)


def _host_of(parts: SplitResult) -> tuple[str | None, int | None]:
    """Return host and port; without the port that http or https has by itself."""
    return parts.hostname, None if parts.port in {80, 443} else parts.port


def _card_of_program(session: Session, slug: str, query: str) -> Card:
    return _card_as_asked(session, "program", ProgramCardQuery, slug, query)


def _card_of_checklist(session: Session, slug: str, query: str) -> Card:
    return _card_as_asked(session, "checklist", ChecklistCardQuery, slug, query)


def _card_as_asked(
    session: Session, kind: str, model: type[ChecklistCardQuery], slug: str, query: str
) -> Card:
    """Return the card of an address that is that of a card of one program."""
    weights_of(_read(model, query).weights)
    program, school = programs.get_program(session, slug)
    address = _as_asked(f"/embed/{kind}/{quote(slug, safe='')}", model, query)
    return Card(kind, address, f"{school.name}: {program.name}", school.name)


def _card_of_credential(session: Session, code: str, query: str) -> Card:
    _read(CredentialCardQuery, query)
    credential, _ = credentials.resolve_code(session, code)
    path = f"/embed/credential/{quote(code, safe='')}"
    title = f"{credential.code}: {credential.name}"
    address = _as_asked(path, CredentialCardQuery, query)
    return Card("credential", address, title, credential.issuer_name)


def _card_of_comparison(session: Session, _key: str, query: str) -> Card:
    asked = _read(ComparisonCardQuery, query)
    weights_of(asked.weights)
    found = comparison.find_programs(session, asked.program)
    if comparison.check_programs(session, asked.program, found, pointer=None):
        raise ValueError(query)
    address = _as_asked("/embed/comparison", ComparisonCardQuery, query)
    return _of_programs(address, found)


OF_PAGE = ("home_state", "residency", "weights", "lang")
"""Parameters of a page that its card takes over."""


def _card_for_program(session: Session, slug: str, query: str) -> Card:
    """Return the card of the program whose page has an address."""
    asked = _read(ProgramVisitQuery, query)
    weights_of(asked.weights)
    program, school = programs.get_program(session, slug)
    address = to_address(
        f"/embed/program/{quote(program.slug, safe='')}", to_pairs(with_home(asked), *OF_PAGE)
    )
    return Card("program", address, f"{school.name}: {program.name}", school.name)


def _card_for_credential(session: Session, code: str, query: str) -> Card:
    """Return the card of the credential whose page has an address."""
    asked = _read(CredentialPageQuery, query)
    credential, _ = credentials.resolve_code(session, code)
    address = to_address(
        f"/embed/credential/{quote(credential.code, safe='')}", to_pairs(asked, "lang")
    )
    title = f"{credential.code}: {credential.name}"
    return Card("credential", address, title, credential.issuer_name)


def _card_for_comparison(session: Session, _key: str, query: str) -> Card:
    """Return the card of the comparison whose page has an address, of the programs it shows."""
    asked = _read(CompareQuery, query)
    weights_of(asked.weights)
    found = comparison.find_programs(session, asked.program)
    slugs = [slug for slug in asked.program if slug in found]
    if len(slugs) < MIN_PROGRAMS:
        raise ValueError(query)
    given = [*(("program", slug) for slug in slugs), *to_pairs(with_home(asked), *OF_PAGE)]
    address = to_address("/embed/comparison", given)
    return _of_programs(address, {slug: found[slug] for slug in slugs})


FINDERS: dict[re.Pattern[str], Callable[[Session, str, str], Card]] = {
    re.compile(path): find
    for path, find in (
        (r"/embed/program/(?P<key>[^/]+)", _card_of_program),
        (r"/embed/checklist/(?P<key>[^/]+)", _card_of_checklist),
        (r"/embed/credential/(?P<key>[^/]+)", _card_of_credential),
        (r"/embed/comparison", _card_of_comparison),
        (r"/programs/(?P<key>[^/]+)", _card_for_program),
        (r"/credentials/(?P<key>[^/]+)", _card_for_credential),
        (r"/compare", _card_for_comparison),
    )
}
"""Path of a card or page -> what finds its card."""


def _of_programs(address: str, found: Mapping[str, comparison.Found]) -> Card:
    title = " / ".join(f"{school.name}: {program.name}" for program, school in found.values())
    schools = dict.fromkeys(school.name for _, school in found.values())
    return Card("comparison", address, title, " / ".join(schools))


Asked = TypeVar("Asked", bound=BaseModel)


def _read(model: type[Asked], query: str) -> Asked:
    """Return a query string as its route reads it: the last value counts where there is one.

    Raises:
        ValueError: A value is not accepted.
    """
    given = parse_qs(query, keep_blank_values=True)
    lists = fields_of(model)
    values: dict[str, Any] = {
        name: found if lists[name] else found[-1] for name, found in given.items() if name in lists
    }
    return model.model_validate(values)


def _as_asked(path: str, model: type[BaseModel], query: str) -> str:
    kept = keep_known(query.encode(), fields_of(model)).decode()
    return f"{path}?{kept}" if kept else path
