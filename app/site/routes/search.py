"""GET /: search programs, see where they are, and choose those to compare."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session
from starlette.datastructures import URL

from app.api.rubrics import weights_of
from app.errors import Fault
from app.http.dependencies import SessionDep
from app.http.html import reasons_of
from app.http.policies import SITE_POLICY
from app.queries.classifications import cip_titles
from app.queries.everything import search_everything
from app.schemas.programs import ProgramItem, ProgramQuery
from app.schemas.search import SearchQuery, SearchResult
from app.schemas.site import SearchPageQuery
from app.search.first import MOST_FIRST
from app.search.index import index_of
from app.search.programs import points_found, search_programs
from app.search.telling import TextTold
from app.site.pages.cards import ProgramCard
from app.site.pages.faults import wrong_fields
from app.site.pages.search import Found, SearchPage, suggestion_kinds
from app.site.pages.start import figures_of, start_address
from app.site.routes.page import SitePage, SiteRoute

FIELDS = frozenset(
    {"q", "near", "within_miles", "what", "min_completions"}
    | {f"max_{name}" for name in ("tuition_usd", "total_cost_usd", "net_price_usd", "months")}
)
"""Fields of the forms that somebody types into; what is wrong with one is told beside it."""


class SearchRoute(SiteRoute):
    """Tells what is wrong with a form beside its fields, on the page of all else that is asked."""

    def refuse(self, request: Request, error: Exception) -> Response:
        """Return the page of a refusal, and note what is wrong."""
        request.scope["faults"] = reasons_of(request, error)[1]
        return super().refuse(request, error)

    def get_known_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return a handler that asks again for what is left without what is wrong."""
        answer = super().get_known_handler()

        async def answer_with_faults(request: Request) -> Response:
            response = await answer(request)
            faults = request.scope.get("faults") or ()
            wrong = {fault.parameter for fault in faults}
            if not wrong or not wrong <= FIELDS:
                return response
            kept = [pair for pair in request.query_params.multi_items() if pair[0] not in wrong]
            rest = Request({**request.scope, "query_string": urlencode(kept).encode()})
            again = await answer(rest)
            if again.status_code != 200:
                return response
            again.status_code = response.status_code
            del again.headers["ETag"]
            again.headers["Cache-Control"] = "no-store"
            return again

        return answer_with_faults


router = APIRouter(route_class=SearchRoute, include_in_schema=False)

MOST_BELOW = 10
"""Programs shown below the last one found, of which a fact asked for is not known."""

MOST_POINTS = 400
"""Places drawn on the map; of more, only the states tell apart."""


@router.get("/programs")
def lead_to_search(
    request: Request, _query: Annotated[SearchPageQuery, Query()]
) -> RedirectResponse:
    where = URL("/").replace(query=request.url.query)
    return RedirectResponse(str(where), 307, SITE_POLICY)


@router.get("/")
def show_search(
    request: Request, session: SessionDep, query: Annotated[SearchPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    visit = page.visit
    faults: list[Fault] = request.scope.get("faults", [])
    is_of_start = query.what is not None or query.how is not None
    if not faults and (is_of_start or query.was):
        where = start_address(visit, query) if is_of_start else visit.here()
        return RedirectResponse(where, 303, {"Cache-Control": "no-store", **SITE_POLICY})
    wrong = wrong_fields(page.write, faults)
    if is_of_start or "what" in wrong or not query.is_asked:
        return page.show(
            "start",
            query=query,
            wrong=wrong,
            figures=figures_of(index_of(session)),
            suggestions=suggestion_kinds(visit.speech),
        )
    return page.show(
        "search",
        **_found(session, page, query),
        canonical=visit.canonical(None, *visit.own),
        query=query,
        wrong=wrong,
    )


def _found(session: Session, page: SitePage, query: SearchPageQuery) -> dict[str, Any]:
    """Return all that the page shows of a search."""
    visit, search, index = page.visit, query.search(), index_of(session)
    weights, connection = weights_of(query.weights), session.connection()
    answer = search_programs(connection, index, search, weights, below=MOST_BELOW)
    facets = answer.more["facets"]
    titles = cip_titles(session, _fields(facets, search))
    shown = SearchPage(visit, page.write, search)
    json, csv = shown.data()
    items = [ProgramItem.model_validate_json(doc) for doc in answer.docs]
    inside = answer.matches.inside.intersection_cardinality(answer.matches.found)

    def cards(docs: Mapping[int, str]) -> list[ProgramCard]:
        return shown.results(ProgramItem.model_validate_json(doc) for doc in docs.values())

    is_map = query.view == "map"
    found = Found(
        results=[] if is_map else shown.results(one for one in items if not one.is_only_online),
        elsewhere=[] if is_map else shown.results(one for one in items if one.is_only_online),
        places=shown.places(inside, answer.total - inside),
        not_known=shown.not_known(answer.more, cards(answer.below)),
        apart=shown.apart(answer.more, cards(answer.apart)),
        beyond=shown.beyond(answer.told, cards(answer.beyond)),
        text=shown.text(answer.told, [] if query.cursor else _also(session, answer.told, query.q)),
        order_note=answer.more.get("order_note"),
        total=answer.total,
        headline=shown.headline(answer.total, answer.more.get("not_known")),
        groups=shown.groups(facets, titles, answer.total),
        filters=shown.filters(titles),
        sorts=shown.sorts(query.usual),
        relaxations=shown.relaxations(answer.more.get("relaxations", [])),
        left_out=shown.left_out(answer.more.get("left_out", {})),
        next=visit.here(("cursor", answer.next), without=("cursor",)) if answer.next else None,
        first=visit.here(without=("cursor",)) if query.cursor else None,
        map=shown.map(facets["state"], points_found(answer.matches, MOST_POINTS))
        if is_map
        else None,
        json=json,
        csv=csv,
    )
    return {
        "found": found,
        "sort": str(query.sort[0]) if query.sort else "",
        "suggestions": suggestion_kinds(visit.speech),
    }


def _also(session: Session, told: TextTold | None, text: str | None) -> list[SearchResult]:
    """Return the best of each kind beside programs, but for what is told first already."""
    if told is None or text is None:
        return []
    known = {(one.kind, one.key) for one in told.first}
    groups = search_everything(session, SearchQuery(q=text, limit=MOST_FIRST + 1)).groups
    best = (
        next((one for one in group.items if (one.kind, one.key) not in known), None)
        for group in groups
        if group.kind != "program"
    )
    return [one for one in best if one]


def _fields(facets: dict[str, Any], search: ProgramQuery) -> set[str]:
    """Return the CIP codes that the page names."""
    return {
        *(one["value"] for one in facets["cip_code"]),
        *search.cip_code,
        *search.exclude_cip_code,
    }
