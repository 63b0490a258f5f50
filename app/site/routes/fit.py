"""GET /fit: which statements on who likes this work are true of a reader."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.http.dependencies import SessionDep
from app.http.faults import rename_faults
from app.queries.fit import match_statements
from app.queries.guide import FIT, list_entries
from app.schemas.fit import FitAnswer, FitRequest
from app.schemas.site_field import FitPageQuery
from app.site.routes.page import SitePage, site_router

router = site_router()


@router.get("/fit")
def show_fit(
    request: Request, session: SessionDep, query: Annotated[FitPageQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    with rename_faults(answers="agree"):
        read = match_statements(
            session, FitRequest(answers=dict.fromkeys(query.agree, FitAnswer.YES))
        )
    return page.show("fit", entries=list_entries(session, FIT), read=read)
