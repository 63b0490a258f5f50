"""GET /programs/{slug}: all that is known of one program, what it costs, and what to ask."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from sqlmodel import Session

from app.api.rubrics import weights_of
from app.clock import today
from app.errors import NotFoundError
from app.http.dependencies import SessionDep, Slug
from app.queries import comparison, details, eligibility, programs, similar, timeline, total_cost
from app.queries.rubrics import current_rubric
from app.schemas.eligibility import EligibilityQuery
from app.schemas.site import ProgramVisitQuery
from app.schemas.timeline import TimelineQuery, TimelineRead
from app.site.pages.programs import ProgramPage
from app.site.routes.page import oembed_of_page, show, site_router, visit_of, writer_of

router = site_router()

SIMILAR = 3


@router.get("/programs/{slug}")
def show_program(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[ProgramVisitQuery, Query()],
) -> Response:
    found = programs.get_program(session, slug)
    rubric, day, asked = current_rubric(), today(), query.cost()
    weights = weights_of(query.weights)
    visit = visit_of(request, session, query)
    read = details.get_details(session, *found, rubric, day)
    compared = comparison.compare(session, [found], rubric, weights, asked.residency, {}, day)
    cost = total_cost.get_total_cost(session, *found, rubric, asked, day)
    steps = _find_timeline(session, TimelineQuery(program=slug, pace=query.pace), day)
    exams = [
        eligibility.get_eligibility(session, EligibilityQuery(credential=code, program=slug), day)
        for code in eligibility.codes_to_tell(session, read.award_level, cost.prepares_for)
    ]
    nearest = similar.find_similar(session, *found, rubric, SIMILAR, day)
    page = ProgramPage(visit, writer_of(session, visit), read)
    return show(
        request,
        visit,
        "programs",
        oembed=oembed_of_page(visit, "weights", "lang"),
        page=page.view(compared),
        cost=page.cost(cost),
        timeline=page.timeline(steps) if steps else None,
        exams=[page.exam(exam) for exam in exams],
        similar=[page.alternative(item) for item in nearest.items],
        has_weights=weights is not None,
    )


def _find_timeline(session: Session, query: TimelineQuery, day: date) -> TimelineRead | None:
    """Return the way to a first post; None where the guide tells no steps."""
    try:
        return timeline.get_timeline(session, query, current_rubric(), day)
    except NotFoundError:
        return None
