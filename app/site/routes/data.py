"""GET /data: sources, what is known and what is not, and how to take it all away."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response
from sqlmodel import Session

from app.clock import today
from app.domain.vocabulary import ValueStatus
from app.exports.collections import CATALOGUE
from app.exports.linked_dataset import to_dataset
from app.http.dependencies import SessionDep
from app.queries.completeness import count_statements, get_completeness
from app.queries.releases import find_release
from app.queries.rubrics import current_rubric
from app.queries.sources import read_sources
from app.schemas.completeness import CompletenessRead
from app.schemas.site import VisitQuery
from app.settings import get_settings
from app.site.pages.data import COLLECTIONS, FIELDS, STATEMENTS, by_publisher, by_share
from app.site.pages.rendering import in_page
from app.site.routes.page import SitePage, site_router
from app.store.records import collections
from app.store.tables.releases import Release

Known = tuple[CompletenessRead, dict[ValueStatus, int]]
"""What is known of every field, and how many statements there are of each kind."""

Key = tuple[int, datetime]
"""Number and moment of a release: a restored catalogue can have the number of another."""

router = site_router()


@router.get("/data")
def show_data(
    request: Request, session: SessionDep, query: Annotated[VisitQuery, Query()]
) -> Response:
    page = SitePage(request, session, query)
    sources = read_sources(session, today())
    release = find_release(session)
    report, counts = _known(request, session, release)
    return page.show(
        "data",
        linked=in_page(
            to_dataset(release, page.visit.base, [one.url for one in sources if one.url])
        ),
        release=release,
        sources=sources,
        publishers=by_publisher(sources),
        report=report,
        by_share=by_share,
        statements=counts,
        statement_labels=STATEMENTS,
        collection_labels=COLLECTIONS,
        field_labels=FIELDS,
        catalogue=CATALOGUE,
        collections=list(collections()),
        keeps_texts=get_settings().keep_missed_texts,
    )


def _known(request: Request, session: Session, release: Release | None) -> Known:
    """Return how much is known, counted once a release: it takes longer than all the rest."""
    kept: dict[Key, Known] = request.app.state.known
    key = (release.number, release.published_at) if release else None
    known = kept.get(key) if key else None
    if known is None:
        known = get_completeness(session, current_rubric()), count_statements(session)
        if key:
            kept.clear()
            kept[key] = known
    return known
