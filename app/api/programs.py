"""GET /v1/programs, one program, its checklist and its claims."""

import json
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response

from app.api.linked_data import BESIDE, negotiated
from app.api.rubrics import rubric_or_faults, weights_of, weights_or_faults
from app.clock import today
from app.errors import Fault, InvalidRequestError
from app.exports.linked_programs import to_program
from app.http.answers import ReadRoute, send_json
from app.http.dependencies import SessionDep, Slug
from app.http.html import base_of
from app.http.lists import ListReaders, ListRoute, link_pages
from app.queries import checklists, details, included, programs
from app.queries.briefs.programs import brief_checklist, brief_program, brief_programs
from app.queries.dossiers import get_dossier
from app.schemas.checklists import ChecklistRead, ProgramChecklistQuery
from app.schemas.claims import Standing
from app.schemas.details import ProgramRead, ProgramRecordQuery
from app.schemas.pages import DayQuery
from app.schemas.programs import (
    ClaimsQuery,
    ProgramClaims,
    ProgramListQuery,
    ProgramPage,
    ProgramQuery,
)
from app.search import programs as search
from app.search.places import reader_of

router = APIRouter(prefix="/programs", tags=["Find a program"], route_class=ReadRoute)
lists = APIRouter(prefix="/programs", tags=["Find a program"], route_class=ListRoute)


@lists.get(
    "",
    summary="Search programs by place, award, field, credential, delivery and words",
    description="Finds programs that suit a student, such as associate degrees in "
    "health information technology in Ohio.\n\n"
    "Type words into `q`, as in *medical coding columbus*, or narrow by place, "
    "[award](/docs/glossary#award), field of study ([CIP code](/docs/glossary#cip)) and "
    "price.",
    response_model=ProgramPage,
)
async def list_programs(request: Request, query: Annotated[ProgramListQuery, Query()]) -> Response:
    readers: ListReaders = request.app.state.list_readers
    await readers.take_turn()
    index = readers.kept(request)
    found = search.list_kept(index, query) if index else None
    if found is None:
        found = await run_sync(_compute, readers, request, query, limiter=readers.threads)
    content, following = found
    if query.view:
        asked = [pair for pair in request.query_params.multi_items() if pair[0] not in OF_THE_VIEW]
        return send_json(brief_programs(json.loads(content), base_of(request), asked, today()))
    response = Response(content, media_type="application/json")
    link_pages(request, response, following)
    return response


OF_THE_VIEW = ("view", "limit", "fields", "facets")
"""Parameters that change what is shown of a list, not what is found."""


def _compute(
    readers: ListReaders, request: Request, query: ProgramQuery
) -> tuple[bytes, str | None]:
    weights = weights_of(query.weights)
    return readers.read(
        request, lambda connection, index: search.list_programs(connection, index, query, weights)
    )


@router.get(
    "/{slug}",
    summary="Show everything known on one program, each fact with its evidence",
    description="Shows all that is known of one program, such as health information "
    "technology at Sinclair Community College, and who says so.\n\n"
    "`null` means unknown, never no; every fact carries its "
    "[evidence](/docs/glossary#evidence). With `include` the checklist, the total cost, who may "
    "sit the exam, similar programs and the timeline come in the same call.",
    response_model=ProgramRead,
    responses=BESIDE,
)
def get_program(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[ProgramRecordQuery, Query()],
) -> Response:
    dossier = get_dossier(session, slug, query.as_of or today())
    dossier = dossier.asked_by(reader_of(query, query.near))
    if query.view:
        return send_json(brief_program(session, dossier, base_of(request)))
    read = included.get_program(session, dossier, query, weights_of(query.weights))
    return negotiated(request, session, read, to_program)


@router.get(
    "/{slug}/checklist",
    summary="Score one program: every check, its evidence, and what to ask the school",
    description="Tells how much a student can verify about one program before "
    "enrolling, and what to ask the school about the rest.\n\n"
    "The score is an [interval](/docs/glossary#interval), made by the published "
    "[rubric](/docs/glossary#rubric); each check has a "
    "[finding](/docs/glossary#finding).",
    tags=["Score it"],
    response_model=ChecklistRead,
)
def get_program_checklist(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[ProgramChecklistQuery, Query()],
) -> ChecklistRead | Response:
    faults: list[Fault] = []
    rubric = rubric_or_faults(faults, query.rubric, parameter="rubric")
    weights = weights_or_faults(faults, lambda: weights_of(query.weights))
    if faults:
        raise InvalidRequestError(faults)
    dossier = get_dossier(session, slug, query.as_of or today())
    dossier = dossier.by(rubric).asked_by(reader_of(query, query.near))
    read = checklists.build_checklist(dossier, weights)
    return send_json(brief_checklist(session, read, base_of(request))) if query.view else read


@router.get(
    "/{slug}/claims",
    summary="List all claims on one program: current, conflicting and superseded",
    description="Lists every statement about one program, also those that contradict "
    "each other and those that newer ones replaced.\n\n"
    "Each [claim](/docs/glossary#claim) tells its [basis](/docs/glossary#basis): "
    "whether the school, the accreditor or the government says so.",
)
def list_program_claims(
    session: SessionDep, slug: Slug, query: Annotated[ClaimsQuery, Query()]
) -> ProgramClaims:
    program, _ = programs.get_program(session, slug)
    return details.get_claims(session, program, set(query.standing), query.as_of or today())


@router.get(
    "/{slug}/history",
    summary="List what was said of one program before, and what contradicts what leads",
    description="Lists every statement about one program that a newer one replaced or a better one "
    "contradicts, each with its dates.\n\n"
    "It is that part of all claims on the program whose standing is `superseded` or `conflicting`.",
)
def list_program_history(
    session: SessionDep, slug: Slug, query: Annotated[DayQuery, Query()]
) -> ProgramClaims:
    program, _ = programs.get_program(session, slug)
    return details.get_claims(session, program, {*HISTORY}, query.as_of or today())


HISTORY: tuple[Standing, ...] = ("superseded", "conflicting")
"""Standings of what does not lead any more, or never did."""
