"""What every page of the site shares: who visits, how it is sent, and how it is refused."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from pydantic import ValidationError
from sqlmodel import Session
from starlette.types import ASGIApp, Receive, Scope, Send

from app.clock import today
from app.domain.text.negotiation import choose_language
from app.domain.vocabulary import REGIONS
from app.errors import NotFoundError, ProblemError, TooManyRequestsError
from app.exports.linked_data import Node, Site, schema_org
from app.http.html import PageRoute, base_of, page_response, reasons_of, wants_page
from app.http.links import without_unknown
from app.http.policies import SITE_POLICY
from app.queries.linked_data import load_references
from app.queries.releases import find_number
from app.queries.sources import list_titles
from app.queries.summaries import labels_of
from app.schemas.pages import Stamp
from app.schemas.site import MOST_CHOSEN, VisitQuery
from app.site.cards import oembed_of
from app.site.pages.rendering import in_page, render, render_refusal
from app.site.pages.visits import (
    CARRIED,
    Chosen,
    PageContext,
    Pair,
    in_order,
    to_address,
    with_home,
)
from app.site.writing import Writer

VARY = "Accept, Accept-Language"

Read = TypeVar("Read", bound=Stamp)


class SiteRoute(PageRoute):
    """Shows refusals as pages of the site."""

    def refuse(self, request: Request, error: Exception) -> Response:
        """Return the page that says what is wrong, in the reader's language."""
        return refusal(request, error)


def site_router() -> APIRouter:
    """Return a router for pages of the site, which are no part of the interface for clients."""
    return APIRouter(route_class=SiteRoute, include_in_schema=False)


class SitePage:
    """A page of the site that answers one request: for whom it is, and how it is worded."""

    def __init__(self, request: Request, session: Session, query: VisitQuery) -> None:
        self._request, self._session = request, session
        self._query = query
        self.visit = page_context(request, session, query)
        self.write = Writer(self.visit.speech, list_titles(session))

    def show(self, template: str, /, **values: Any) -> Response:
        """Return the page set from its template."""
        page = render(self.visit, template, write=self.write, **values)
        answer = page_response(self._request, page, SITE_POLICY, vary=VARY)
        answer.headers["Content-Language"] = self.visit.lang
        return answer

    def refuse(self, template: str, error: ProblemError, /, **values: Any) -> Response:
        """Return the page with what was typed in its form, and what is wrong with it."""
        page = render(self.visit, template, write=self.write, **values)
        headers = {**SITE_POLICY, "Content-Language": self.visit.lang, "Vary": VARY}
        headers["Cache-Control"] = "no-store"
        if isinstance(error, TooManyRequestsError):
            headers["Retry-After"] = str(error.retry_after)
        return HTMLResponse(page, error.status, headers)

    def linked(self, read: Read, to_node: Callable[[Read, Site], Node], path: str) -> Markup:
        """Return what the page at a path is about, as search engines read it."""
        site = Site(self.visit.base, load_references(self._session, read.as_of))
        page = {"mainEntityOfPage": self.visit.base + path}
        return in_page(schema_org(to_node(read, site)) | page)

    def oembed(self, *names: str) -> str:
        """Return where other sites learn how to show the card of what the page is about.

        ``names`` are the parameters of the page that its card follows.
        """
        pairs = [pair for pair in _carried(with_home(self._query)) if pair[0] in names]
        return oembed_of(self.visit.base, to_address(self.visit.path, pairs))


def page_context(request: Request, session: Session, query: VisitQuery) -> PageContext:
    """Return for whom a page is: language, programs chosen, and what links take along."""
    own = query.model_dump(mode="json", exclude=set(CARRIED), exclude_unset=True)
    return PageContext(
        lang=query.lang or language_wanted(request),
        home=with_home(query).home_state,
        path=request.url.path,
        base=base_of(request),
        own=_pairs(own),
        carried=_carried(query),
        chosen=_chosen(session, query.program),
        release=find_number(session),
        as_of=today(),
    )


def refusal(request: Request, error: Exception) -> Response:
    """Return the page for a request that cannot be answered, whatever is wrong with it."""
    status, faults = reasons_of(request, error)
    key = near = None
    if isinstance(error, NotFoundError):
        key = next((str(value) for value in request.path_params.values()), request.url.path)
        if error.suggestion:
            meant = quote(error.suggestion, safe="")
            near = request.scope["route"].path_format.format_map(
                dict.fromkeys(request.path_params, meant)
            )
    wrong = {fault.parameter for fault in faults}
    page = render_refusal(_valid_context(request, wrong), status, faults, key=key, near=near)
    headers = {**SITE_POLICY, "Cache-Control": "no-store", "Vary": VARY}
    return HTMLResponse(page, status, headers)


def missing(otherwise: ASGIApp) -> ASGIApp:
    """Return what answers addresses without a route: a page for people who read no interface."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_read = scope["type"] == "http" and scope["method"] == "GET"
        if not is_read or scope["path"].startswith("/v1/") or not wants_page(Request(scope)):
            return await otherwise(scope, receive, send)
        request = Request(without_unknown(scope, VisitQuery.model_fields))
        error = NotFoundError("page", scope["path"])
        return await refusal(request, error)(scope, receive, send)

    return answer


def _valid_context(request: Request, wrong: Collection[str | None]) -> PageContext:
    """Return a page context built without the database, from valid parameters only.

    A list that is too long is cut; nothing else that is wrong goes along.
    """
    given = request.query_params.multi_items()
    kept: dict[str, Any] = {}
    for name in CARRIED:
        values = [value for key, value in given if key == name]
        is_list = name in ("program", "answers")
        candidate = {name: values[:MOST_CHOSEN] if is_list else values[-1]} if values else {}
        try:
            kept |= VisitQuery.model_validate(candidate).model_dump(
                mode="json", exclude_defaults=True
            )
        except ValidationError:
            continue
    kept = {name: value for name, value in kept.items() if name not in wrong or name == "program"}
    return PageContext(
        lang=kept.get("lang") or language_wanted(request),
        home=kept.get("home_state"),
        path=request.url.path,
        base=base_of(request),
        own=[(name, value) for name, value in given if name not in CARRIED],
        carried=_pairs(kept),
        chosen=[Chosen(slug, slug, is_known=True) for slug in kept.get("program", [])],
        release=0,
        as_of=today(),
    )


def language_wanted(request: Request) -> str:
    """Return the language that a browser wants, of those there are."""
    return choose_language(request.headers.get("accept-language"), list(REGIONS))


def _carried(query: VisitQuery) -> list[Pair]:
    """Return what every link takes along."""
    return _pairs(
        in_order(query.model_dump(mode="json", include=set(CARRIED), exclude_defaults=True))
    )


def _pairs(values: dict[str, Any]) -> list[Pair]:
    """Return values as parameters of an address; those that are not given left out."""
    return [
        (name, str(one).lower() if isinstance(one, bool) else str(one))
        for name, value in values.items()
        for one in (value if isinstance(value, list) else [value])
        if one is not None
    ]


def _chosen(session: Session, slugs: list[str]) -> list[Chosen]:
    labels = labels_of(session, slugs)
    return [Chosen(slug, labels.get(slug, slug), slug in labels) for slug in slugs]
