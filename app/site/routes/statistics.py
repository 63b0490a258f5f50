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
from app.site.routes.page import show, site_router, visit_of, writer_of

router = site_router()


@router.get("/statistics")
def show_statistics(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    visit = visit_of(request, session, query)
    writer = writer_of(session, visit)
    official = statistics.official_statistics(session, *ADVANCEMENT_SOCS)
    quoted = statistics.quoted_statistics(session)
    return show(
        request,
        visit,
        "statistics",
        pay=pay_chart(writer, official),
        growth=growth_chart(writer, official),
        quoted=[figure_view(writer, figure) for figure in quoted],
    )


@router.get("/statistics/{slug}")
def show_statistic(
    request: Request,
    session: SessionDep,
    slug: Annotated[Text, Path(max_length=100)],
    query: Annotated[VisitQuery, Query()],
) -> Response:
    figure = statistics.get_statistic(session, slug)
    visit = visit_of(request, session, query)
    writer = writer_of(session, visit)
    return show(
        request,
        visit,
        "statistic",
        figure=figure_view(writer, figure),
        beside=beside_views(writer, figure.beside),
        conflicts=conflict_views(writer, figure.conflicts),
    )
