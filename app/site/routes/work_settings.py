"""GET /work-settings and /work-settings/{slug}: where people of the field work."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.clock import today
from app.http.dependencies import SessionDep
from app.queries.statistics import official_statistics
from app.queries.work_settings import get_setting, list_settings
from app.schemas.pages import Text
from app.schemas.site import VisitQuery
from app.site.pages.wages import WagesView
from app.site.pages.work_settings import WorkSettingsPage
from app.site.routes.page import show, site_router, visit_of, writer_of

router = site_router()


@router.get("/work-settings")
def show_work_settings(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    visit = visit_of(request, session, query)
    page = WorkSettingsPage(visit, writer_of(session, visit))
    settings = page.settings(list_settings(session, today()))
    return show(request, visit, "work_settings", settings=settings)


@router.get("/work-settings/{slug}")
def show_work_setting(
    request: Request,
    session: SessionDep,
    slug: Annotated[Text, Path(max_length=60)],
    query: Annotated[VisitQuery, Query()],
) -> Response:
    found = get_setting(session, slug, today())
    visit = visit_of(request, session, query)
    write = writer_of(session, visit)
    occupations = {
        one.soc_code: one.title or one.soc_code for role in found.roles for one in role.occupations
    }
    return show(
        request,
        visit,
        "work_setting",
        setting=WorkSettingsPage(visit, write).setting(found),
        wages=WagesView(visit, write).occupations(
            (code, title, None, official_statistics(session, code))
            for code, title in occupations.items()
        ),
    )
