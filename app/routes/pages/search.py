"""GET /: search programs, and choose those to compare."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.routes.pages.page import show, site_router, visit_of
from app.routes.session import SessionDep
from app.schemas.site import VisitQuery

router = site_router()


@router.get("/")
def show_search(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    return show(request, visit_of(request, session, query), "search")
