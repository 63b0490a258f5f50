"""GET /statistics and one figure of it: pay and jobs, with what each figure counts."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.occupations import ADVANCEMENT_SOCS
from app.errors import InvalidRequestError, NotFoundError
from app.http.dependencies import SessionDep
from app.queries import areas, statistics
from app.schemas.pages import Text
from app.schemas.site import StatisticsPageQuery, VisitQuery
from app.site.pages.pay import pay_line, pay_map, pay_table, scale_of
from app.site.pages.statistics import METHODS, Figures
from app.site.routes.page import SitePage, site_router

router = site_router()

MAPPED_FIRST = "29-2072"
"""The occupation on the map where none is chosen: medical records specialists."""


@router.get("/statistics")
def show_statistics(
    request: Request, session: SessionDep, query: Annotated[StatisticsPageQuery, Query()]
) -> Response:
    soc_code, codes = query.soc or MAPPED_FIRST, areas.surveyed_occupations(session)
    if query.soc and query.soc not in codes:
        unknown = NotFoundError("occupation", query.soc, known=codes)
        raise InvalidRequestError([unknown.in_parameter("soc")])
    page = SitePage(request, session, query)
    by_state = areas.pay_by_state(session, soc_code)
    place = query.asked_place()
    shown = [soc_code, *(code for code in codes if code in ADVANCEMENT_SOCS)]
    pay = areas.pay_asked(session, place, shown)
    scale = scale_of(by_state)
    titles = areas.titles_of(session)
    official = statistics.official_statistics(session, *ADVANCEMENT_SOCS)
    quoted = statistics.quoted_statistics(session)
    return page.show(
        "statistics",
        figures=Figures(page.write),
        methods=METHODS,
        official=official,
        quoted=quoted,
        query=query,
        soc_code=soc_code,
        occupations=[(code, titles.get(code, code)) for code in codes],
        picture=pay_map(page.write, page.visit, by_state, place.state),
        by_state=sorted(
            (pay_line(page.write, page.visit, one, scale) for one in by_state),
            key=lambda line: -(line.amount or 0),
        ),
        here=pay_table(page.write, page.visit, pay) if pay else None,
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
