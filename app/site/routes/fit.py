"""GET /fit: which statements on who likes this work are true of a reader."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.http.dependencies import SessionDep
from app.queries.fit import match_statements
from app.queries.guide import FIT, list_entries
from app.schemas.fit import FitAnswer, FitRequest
from app.schemas.site_field import FitPageQuery
from app.site.pages.fit import FitPage
from app.site.routes.forms import asked_as
from app.site.routes.page import show, site_router, visit_of, writer_of

router = site_router()


@router.get("/fit")
def show_fit(
    request: Request, session: SessionDep, query: Annotated[FitPageQuery, Query()]
) -> Response:
    visit = visit_of(request, session, query)
    page = FitPage(visit, writer_of(session, visit))
    with asked_as(answers="agree"):
        read = match_statements(
            session, FitRequest(answers=dict.fromkeys(query.agree, FitAnswer.YES))
        )
    return show(
        request,
        visit,
        "fit",
        subjects=page.subjects(list_entries(session, FIT), read),
        matched=page.matched(read) if read.matched else None,
        said=page.said(read),
    )
