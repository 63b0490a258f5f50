"""GET /work-settings and /work-settings/{slug}: where people of the field work."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.clock import today
from app.http.dependencies import SessionDep
from app.queries.areas import pay_asked
from app.queries.statistics import official_statistics
from app.queries.work_settings import get_setting, list_settings, shares_known
from app.schemas.pages import Text
from app.schemas.site import PlaceVisitQuery, VisitQuery
from app.site.pages.pay import pay_table
from app.site.pages.wages import wages_of
from app.site.routes.page import SitePage, site_router
from app.site.writing import added_fields

router = site_router()


@router.get("/work-settings")
def show_work_settings(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    settings = list_settings(session, today())
    return page.show("work_settings", settings=settings, shares=shares_known(settings))


@router.get("/work-settings/{slug}")
def show_work_setting(
    request: Request,
    session: SessionDep,
    slug: Annotated[Text, Path(max_length=60)],
    query: Annotated[PlaceVisitQuery, Query()],
) -> Response:
    setting = get_setting(session, slug, today())
    page = SitePage(request, session, query)
    titles = {
        one.soc_code: one.title or one.soc_code
        for role in setting.roles
        for one in role.occupations
    }
    occupations = [
        (code, title, None, official_statistics(session, code)) for code, title in titles.items()
    ]
    pay = pay_asked(session, query.asked_place(), titles)
    return page.show(
        "work_setting",
        query=query,
        pay=pay_table(page.write, page.visit, pay) if pay else None,
        setting=setting,
        added=added_fields(page.write, setting.filled),
        wages=wages_of(page.write, occupations),
    )
