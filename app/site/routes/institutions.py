"""GET /institutions/{unitid}: a school, who accredits it, its prices and its programs."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.clock import today
from app.http.dependencies import SessionDep, Unitid
from app.queries import institutions
from app.schemas.site import VisitQuery
from app.site.pages.institutions import InstitutionPage
from app.site.routes.page import show, site_router, visit_of, writer_of

router = site_router()


@router.get("/institutions/{unitid}")
def show_institution(
    request: Request,
    session: SessionDep,
    unitid: Unitid,
    query: Annotated[VisitQuery, Query()],
) -> Response:
    read = institutions.get_institution(session, unitid, today())
    visit = visit_of(request, session, query)
    page = InstitutionPage(visit, writer_of(session, visit))
    return show(request, visit, "institutions", page=page.view(read))
