"""The curation queue: which unknowns matter most, and settling one with evidence."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.clock import moment, today
from app.domain.keys import Actor, Scope
from app.http.auth import require
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.ledger import curation
from app.queries.rubrics import current_rubric
from app.schemas.curation import QueueQuery, QueueRead, SettleRead, SettleRequest
from app.store.changes import Author
from app.store.database import write_session

router = APIRouter(prefix="/admin/curation-queue", tags=["Keep it true"])


@router.get(
    "",
    summary="List the open checks that matter most: awards a year times points",
    description="Tells an editor which open questions matter most, by how many students "
    "they concern.",
)
def list_queue(
    session: SessionDep,
    query: Annotated[QueueQuery, Query()],
    _actor: Annotated[Actor, require(Scope.READ_DRAFTS)],
) -> QueueRead:
    return curation.list_queue(session, current_rubric(), query, today())


@router.post(
    "/settle",
    summary="Propose the fact that settles one check, with the page that shows it",
    description="Lets an editor answer one open question of a checklist, with the page "
    "that shows the answer.",
    status_code=201,
    dependencies=[NO_PARAMETERS],
)
def settle_check(
    request: Request,
    body: SettleRequest,
    actor: Annotated[Actor, require(Scope.WRITE_FACTS)],
) -> SettleRead:
    with write_session(request.app.state.engine) as session:
        author = Author(actor.name, body.why)
        return curation.settle(session, body, current_rubric(), author, moment())
