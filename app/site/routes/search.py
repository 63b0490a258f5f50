"""GET /: search programs, see where they are, and choose those to compare."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.api.rubrics import weights_of
from app.clock import today
from app.http.dependencies import SessionDep
from app.queries.checklists import accreditation_of
from app.queries.classifications import cip_titles
from app.schemas.programs import ProgramItem, ProgramQuery
from app.schemas.site import SearchPageQuery
from app.search.index import index_of
from app.search.programs import points_found, search_programs
from app.site.pages.search import Found, SearchPage
from app.site.routes.page import SitePage, site_router

router = site_router()

MOST_POINTS = 400
"""Places drawn on the map; of more, only the states tell apart."""


@router.get("/")
def show_search(
    request: Request, session: SessionDep, query: Annotated[SearchPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    visit = page.visit
    search, index = query.search(), index_of(session)
    answer = search_programs(session.connection(), index, search, weights_of(query.weights))
    accreditations = accreditation_of(session, answer.programs, today())
    facets = answer.more["facets"]
    understood = answer.more.get("understood", [])
    titles = cip_titles(session, _fields(facets, understood, search))
    shown = SearchPage(visit, page.write, search)
    json, csv = shown.data()
    found = Found(
        results=shown.results(
            [ProgramItem.model_validate_json(doc) for doc in answer.docs],
            [accreditations[key] for key in answer.programs],
        ),
        total=answer.total,
        headline=shown.headline(answer.total),
        groups=shown.groups(facets, titles),
        filters=shown.filters(titles),
        sorts=shown.sorts(query.usual),
        readings=shown.readings(understood, titles),
        relaxations=shown.relaxations(answer.more.get("relaxations", [])),
        next=visit.here(("cursor", answer.next), without=("cursor",)) if answer.next else None,
        first=visit.here(without=("cursor",)) if query.cursor else None,
        map=shown.map(facets["state"], points_found(index, search, MOST_POINTS)),
        json=json,
        csv=csv,
    )
    return page.show(
        "search",
        found=found,
        query=query,
        sort=str(query.sort[0]) if query.sort else "",
    )


def _fields(
    facets: dict[str, Any], understood: list[dict[str, Any]], search: ProgramQuery
) -> set[str]:
    """Return the CIP codes that the page names."""
    read = {term for one in understood for term in one["read_as"]}
    return {
        *(one["value"] for one in facets["cip_code"]),
        *(term.removeprefix("cip_code=") for term in read if term.startswith("cip_code=")),
        *search.cip_code,
        *search.exclude_cip_code,
    }
