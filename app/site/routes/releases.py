"""GET /releases: published states of the catalogue, and what each changed."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.http.dependencies import SessionDep
from app.queries.history import names_of, newest_releases
from app.schemas.releases import ReleaseReport
from app.schemas.site import VisitQuery
from app.site.routes.page import SitePage, site_router

router = site_router()


@router.get("/releases")
def show_releases(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    found = newest_releases(session)
    reports = [(one, ReleaseReport.model_validate(one.report)) for one in found]
    slugs = [
        one.program
        for _, report in reports
        for one in (report.programs.largest if report.programs else ())
    ]
    names = names_of(session, slugs)
    return SitePage(request, session, query).show("releases", releases=reports, names=names)
