"""POST /v1/corrections from anyone, the public log, and what editors decide."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session

from app.clock import moment
from app.domain.keys import Actor, Scope
from app.http.auth import require
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.lists import link_pages
from app.http.writes import count_write, midnight
from app.ledger import corrections
from app.schemas.corrections import (
    AcceptRequest,
    CorrectionPage,
    CorrectionRead,
    CorrectionRequest,
    CorrectionsQuery,
    DecisionRead,
    DeclineRequest,
    HideRequest,
)
from app.settings import get_settings
from app.store.database import write_session

router = APIRouter(tags=["Data and method"])

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number", examples=[1])]
Writer = Annotated[Actor, require(Scope.WRITE_FACTS)]


@router.post(
    "/corrections",
    summary="Report a wrong fact, with the page that shows what is right",
    description="Lets anyone report a fact that is wrong, together with the page that "
    "shows what is right.\n\n"
    "The report is public and an editor decides. Leave names of people out. Pressing "
    "*Execute* really sends the example.",
    status_code=201,
    dependencies=[NO_PARAMETERS],
    responses={200: {"description": "The same was reported before", "model": CorrectionRead}},
)
def report_correction(
    request: Request, response: Response, body: CorrectionRequest
) -> CorrectionRead:
    answer, is_new = receive_report(request, body)
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = f"/v1/corrections/{answer.id}"
    return answer


def receive_report(request: Request, report: CorrectionRequest) -> tuple[CorrectionRead, bool]:
    """Take a report in; returns it, and whether it is new.

    Raises:
        TooManyRequestsError: Many came from the same address or network, or today.
        InvalidRequestError: There is no such record, or it has no such column.
    """
    settings, now, engine = get_settings(), moment(), request.app.state.engine
    with Session(engine) as session:
        taken = corrections.count_since(session, midnight(now))
    rate, room = settings.corrections, settings.corrections_per_day
    count_write(request, "reports", rate=rate, daily_limit=room, written=taken, now=now)
    with write_session(engine) as session:
        found, is_new = corrections.add_report(session, report, now)
        return CorrectionRead.model_validate(found), is_new


@router.get(
    "/corrections",
    summary="Read every report of a wrong fact and what became of it",
    description="Shows every report of a wrong fact, and what an editor decided.",
)
def list_corrections(
    request: Request,
    response: Response,
    session: SessionDep,
    query: Annotated[CorrectionsQuery, Query()],
) -> CorrectionPage:
    page = corrections.list_corrections(session, query)
    link_pages(request, response, page.next)
    return page


@router.get(
    "/corrections/{number}",
    summary="Read one report and what became of it",
    description="Shows one report of a wrong fact and what became of it.\n\n"
    "The number is in the answer to a report.",
    dependencies=[NO_PARAMETERS],
)
def get_correction(session: SessionDep, number: Number) -> CorrectionRead:
    return CorrectionRead.model_validate(corrections.get_correction(session, number))


@router.post(
    "/admin/corrections/{number}/accept",
    summary="Accept a report: it becomes a proposed change with its page as evidence",
    description="Lets an editor follow a report: what it says becomes a proposed change "
    "with the reported page as evidence.",
    tags=["Keep it true"],
    dependencies=[NO_PARAMETERS],
)
def accept_correction(
    request: Request, number: Number, body: AcceptRequest, actor: Writer
) -> DecisionRead:
    with write_session(request.app.state.engine) as session:
        return corrections.accept(session, number, body, actor.name, moment())


@router.post(
    "/admin/corrections/{number}/decline",
    summary="Decline a report; the reason is public",
    description="Lets an editor turn a report down with a reason that everybody can read.",
    tags=["Keep it true"],
    dependencies=[NO_PARAMETERS],
)
def decline_correction(
    request: Request, number: Number, body: DeclineRequest, actor: Writer
) -> DecisionRead:
    with write_session(request.app.state.engine) as session:
        return corrections.decline(session, number, body.reason, actor.name, moment())


@router.post(
    "/admin/corrections/{number}/hide",
    summary="Take the words of a report away; its number and decision stay",
    description="Lets an editor take away what a stranger wrote: statement, page, field and "
    "proposed values are gone for good, from every answer and from the database; backups keep "
    "what they hold. Number, subject, dates and decision stay, with the day and the reason. The "
    "same words cannot be reported again, and a change that the report became stays.",
    tags=["Keep it true"],
    dependencies=[NO_PARAMETERS],
)
def discard_report_words(
    request: Request, number: Number, body: HideRequest, actor: Writer
) -> CorrectionRead:
    engine = request.app.state.engine
    with write_session(engine) as session:
        hidden = corrections.hide(session, number, body, actor.name, moment())
    corrections.truncate_wal(engine)
    return hidden
