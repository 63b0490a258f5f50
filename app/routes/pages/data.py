"""GET /data: sources, what is known and what is not, and how to take it all away."""

from typing import Annotated

from fastapi import Query, Request, Response

from app.exports.pages.data import (
    attributions,
    coverage,
    published,
    publishers,
    rates_of,
    statements,
)
from app.queries.completeness import count_statements, get_completeness
from app.queries.records import collections
from app.queries.releases import find_release
from app.queries.rubrics import current_rubric
from app.queries.sources import list_sources
from app.routes.exports import CATALOGUE
from app.routes.pages.page import show, site_router, visit_of, writer_of
from app.routes.session import SessionDep
from app.schemas.site import VisitQuery
from app.schemas.sources import SourceRead

router = site_router()


@router.get("/data")
def show_data(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    visit = visit_of(request, session, query)
    writer = writer_of(session, visit)
    sources = [SourceRead.model_validate(source) for source in list_sources(session)]
    report = get_completeness(session, current_rubric())
    return show(
        request,
        visit,
        "data",
        release=published(writer, find_release(session)),
        publishers=publishers(writer, sources),
        source_count=len(sources),
        attributions=attributions(writer, sources),
        coverage=coverage(writer, report),
        rates=rates_of(writer, report.collections),
        statements=statements(writer, count_statements(session)),
        catalogue=CATALOGUE,
        collections=list(collections()),
    )
