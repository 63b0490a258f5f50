"""GET /statistics and one figure of it: pay and jobs, with what each figure counts."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.occupations import ADVANCEMENT_SOCS
from app.http.dependencies import SessionDep
from app.queries import statistics
from app.schemas.pages import Text
from app.schemas.site import VisitQuery
from app.site.pages.statistics import (
    beside_views,
    conflict_views,
    figure_view,
    growth_chart,
    pay_chart,
)
from app.site.routes.page import SitePage, site_router

router = site_router()


@router.get("/statistics")
def show_statistics(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    official = statistics.official_statistics(session, *ADVANCEMENT_SOCS)
    quoted = statistics.quoted_statistics(session)
    return page.show(
        "statistics",
        pay=pay_chart(page.write, official),
        growth=growth_chart(page.write, official),
        quoted=[figure_view(page.write, figure) for figure in quoted],
    )


@router.get("/statistics/{slug}")
def show_statistic(
    request: Request,
    session: SessionDep,
    slug: Annotated[Text, Path(max_length=100)],
    query: Annotated[VisitQuery, Query()],
) -> Response:
    figure = statistics.get_statistic(session, slug)
    page = SitePage(request, session, query)
    return page.show(
        "statistic",
        figure=figure_view(page.write, figure),
        beside=beside_views(page.write, figure.beside),
        conflicts=conflict_views(page.write, figure.conflicts),
    )
