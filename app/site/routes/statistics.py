"""GET /statistics and one figure of it: pay and jobs, with what each figure counts."""

from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.occupations import ADVANCEMENT_SOCS
from app.http.dependencies import SessionDep
from app.queries import statistics
from app.schemas.pages import Text
from app.schemas.site import StatisticsPageQuery, VisitQuery
from app.site.pages.statistics import METHODS, Figures
from app.site.routes.page import SitePage, site_router

router = site_router()


@router.get("/statistics")
def show_statistics(
    request: Request, session: SessionDep, query: Annotated[StatisticsPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    if query.soc or query.state:
        return RedirectResponse(f"{page.visit.moved('/careers')}#by-state", status_code=308)
    official = statistics.official_statistics(session, *ADVANCEMENT_SOCS)
    quoted = statistics.quoted_statistics(session)
    return page.show(
        "statistics",
        figures=Figures(page.write),
        methods=METHODS,
        official=official,
        quoted=quoted,
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
        figures=Figures(page.write),
        methods=METHODS,
        figure=figure,
    )
