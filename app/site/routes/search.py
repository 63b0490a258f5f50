"""GET /: search programs, see where they are, and choose those to compare."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query, Request, Response
from sqlmodel import Session

from app.api.rubrics import weights_of
from app.clock import today
from app.http.dependencies import SessionDep
from app.queries.checklists import accreditation_of
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
from app.site.pages.search import Found, SearchPage
from app.site.routes.page import SitePage, site_router

router = site_router()

MOST_BELOW = 5
"""Programs shown below the last one found, of which a fact asked for is not known."""

MOST_POINTS = 400
"""Places drawn on the map; of more, only the states tell apart."""


@router.get("/")
def show_search(
    request: Request, session: SessionDep, query: Annotated[SearchPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    visit = page.visit
    search, index = query.search(), index_of(session)
    weights, connection = weights_of(query.weights), session.connection()
    answer = search_programs(connection, index, search, weights, below=MOST_BELOW)
    beside = (*answer.below, *answer.apart, *answer.beyond)
    shown_ids = [*answer.programs, *(index.programs[number] for number in beside)]
    accreditations = accreditation_of(session, shown_ids, today())
    facets = answer.more["facets"]
    titles = cip_titles(session, _fields(facets, search))
    shown = SearchPage(visit, page.write, search, answer.more.get("not_known_by", []))
    json, csv = shown.data()

    def cards(docs: Mapping[int, str]) -> list[ProgramCard]:
        items = [ProgramItem.model_validate_json(doc) for doc in docs.values()]
        return shown.results(items, [accreditations[index.programs[number]] for number in docs])

    found = Found(
        results=cards(dict(zip(answer.numbers, answer.docs, strict=True))),
        not_known=shown.not_known(answer.more, cards(answer.below)),
        apart=shown.apart(answer.more, cards(answer.apart)),
        beyond=shown.beyond(answer.told, cards(answer.beyond)),
        text=shown.text(answer.told, [] if query.cursor else _also(session, answer.told, query.q)),
        order_note=answer.more.get("order_note"),
        total=answer.total,
        headline=shown.headline(answer.total, answer.more.get("not_known")),
        groups=shown.groups(facets, titles),
        filters=shown.filters(titles),
        sorts=shown.sorts(query.usual),
        relaxations=shown.relaxations(answer.more.get("relaxations", [])),
        left_out=shown.left_out(answer.more.get("left_out", {})),
        next=visit.here(("cursor", answer.next), without=("cursor",)) if answer.next else None,
        first=visit.here(without=("cursor",)) if query.cursor else None,
        map=shown.map(facets["state"], points_found(answer.matches, MOST_POINTS)),
        json=json,
        csv=csv,
    )
    return page.show(
        "search",
        found=found,
        query=query,
        sort=str(query.sort[0]) if query.sort else "",
        suggestions=shown.suggestion_kinds(),
    )


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
