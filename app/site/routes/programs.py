"""GET /programs/{slug}: all that is known of one program, what it costs, and what to ask."""

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session
from starlette.datastructures import URL

from app.api.rubrics import weights_of
from app.clock import today
from app.domain.dossier import Dossier
from app.errors import NotFoundError
from app.exports.linked_programs import to_program
from app.http.dependencies import SessionDep, Slug
from app.queries import (
    areas,
    checklists,
    comparison,
    details,
    eligibility,
    similar,
    timeline,
    total_cost,
)
from app.queries.dossiers import get_dossier
from app.queries.school_questions import (
    FIRST_ASKED,
    after_deciding,
    deciding_questions,
    questions_to_school,
)
from app.schemas.site import ProgramVisitQuery, VisitQuery
from app.schemas.timeline import TimelineQuery, TimelineRead
from app.search.places import reader_of
from app.site.letters import write_letter
from app.site.pages.cards import award_of, program_card
from app.site.pages.chips import strip
from app.site.pages.corrections import report_links
from app.site.pages.deciding import Deciding
from app.site.pages.pay import pay_table
from app.site.pages.program_answers import first_words, program_answers
from app.site.pages.programs import (
    CostDrawing,
    ProgramClaims,
    credentials_to_choose,
    drawn_steps,
    leads_to,
)
from app.site.routes.page import SitePage, site_router
from app.site.writing import CARD_ROWS

router = site_router()

SIMILAR = 3


@router.get("/programs/{slug}")
def show_program(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[ProgramVisitQuery, Query()],
) -> Response:
    dossier = get_dossier(session, slug, today()).asked_by(reader_of(query, query.near))
    if moved_to := dossier.program.moved_to:
        where = URL(f"/programs/{moved_to}").replace(query=request.url.query)
        return RedirectResponse(str(where), 308)
    weights = weights_of(query.weights)
    read = details.get_details(dossier)
    rows = comparison.read_rows(dossier, weights, CARD_ROWS)
    checklist = checklists.build_checklist(dossier, weights)
    cost = total_cost.get_total_cost(session, dossier, query.cost())
    steps = _find_timeline(session, TimelineQuery(program=slug, pace=query.pace), dossier)
    nearest = similar.list_similar(session, dossier, SIMILAR)
    pay = areas.pay_of_program(session, dossier, dossier.reader.home_state)
    exams = eligibility.list_openings(session, dossier)
    page = SitePage(request, session, query)
    deciding = deciding_questions(dossier, checklist.questions)
    asked = after_deciding(deciding, checklist.questions)
    told = Deciding(page.write, dossier, rows, checklist, cost, exams)
    answers = program_answers(page.write, told, deciding)
    return page.show(
        "programs",
        oembed=page.oembed("home_state", "residency", "weights", "lang"),
        linked=page.linked(read, to_program, f"/programs/{read.slug}"),
        query=query,
        program=read,
        award=award_of(page.write, read),
        side=page.write.side(rows, checklist),
        leads=leads_to(page.write, read),
        answers=answers,
        first_words=first_words(answers),
        strip=strip(page.write, read),
        questions=asked,
        first_asked=FIRST_ASKED,
        letter=write_letter(page.write, dossier, asked, page.visit.base, first=FIRST_ASKED),
        report=report_links(page.visit, "program", slug),
        claims=ProgramClaims(page.write, read),
        pay=pay_table(page.write, page.visit, pay),
        cost=cost,
        drawing=CostDrawing(page.write, cost),
        codes=credentials_to_choose(cost),
        timeline=steps,
        steps=drawn_steps(steps) if steps else [],
        exams=exams,
        similar=[(program_card(page.write, item), item) for item in nearest],
        has_weights=weights is not None,
    )


@router.get("/programs/{slug}/letter")
def show_letter(
    request: Request, session: SessionDep, slug: Slug, query: Annotated[VisitQuery, Query()]
) -> Response:
    dossier = get_dossier(session, slug, today())
    asked = questions_to_school(dossier, checklists.build_checklist(dossier, None).questions)
    page = SitePage(request, session, query)
    letter = write_letter(page.write, dossier, asked, page.visit.base, first=FIRST_ASKED)
    return page.show("letter", dossier=dossier, letter=letter, asked=asked)


def _find_timeline(session: Session, query: TimelineQuery, dossier: Dossier) -> TimelineRead | None:
    """Return the way to a first post; None where the guide tells no steps."""
    try:
        return timeline.build_timeline(session, query, dossier, dossier.day)
    except NotFoundError:
        return None
