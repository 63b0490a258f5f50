"""GET /institutions/{unitid}: a school, who accredits it, its prices and its programs."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.exports.pages.institutions import InstitutionPage
from app.queries import institutions
from app.queries.releases import today
from app.routes.pages.page import show, site_router, visit_of, writer_of
from app.routes.session import SessionDep, Unitid
from app.schemas.site import VisitQuery

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
