"""The draft: what is proposed, what a release of it would change, and the release itself."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session

from app.clock import moment
from app.domain.keys import Actor, Scope
from app.http.auth import require
from app.http.dependencies import NO_PARAMETERS
from app.ledger import drafts, publishing
from app.queries.releases import find_release
from app.queries.rubrics import current_rubric
from app.schemas.drafts import (
    AcceptQuery,
    DraftRead,
    EditRead,
    PublishedRead,
    PublishRequest,
    RollbackRequest,
)
from app.schemas.releases import ReleaseReport
from app.store.changes import Author
from app.store.database import write_session
from app.store.tables.releases import Release

router = APIRouter(prefix="/admin", tags=["Keep it true"])

Reader = Annotated[Actor, require(Scope.READ_DRAFTS)]
Writer = Annotated[Actor, require(Scope.WRITE_FACTS)]
Publisher = Annotated[Actor, require(Scope.PUBLISH)]


@router.get(
    "/draft",
    summary="List what is proposed and not published yet",
    description="Lists what editors have proposed and not published yet.",
    dependencies=[NO_PARAMETERS],
)
def get_draft(request: Request, _actor: Reader) -> DraftRead:
    with Session(request.app.state.engine) as session:
        release = find_release(session)
        return DraftRead(
            edits=[EditRead.model_validate(edit) for edit in drafts.pending_edits(session)],
            release=release.number if release else 0,
        )


@router.get(
    "/draft/report",
    summary="Preview the report of a release: rows, known shares, scores and ranks",
    description="Tells an editor what publishing would change: rows, how much is known, "
    "scores and ranks.",
)
def preview_draft(
    request: Request,
    query: Annotated[AcceptQuery, Query()],
    _actor: Reader,
) -> ReleaseReport:
    with drafts.draft_session(request.app.state.engine) as session:
        report = publishing.preview_draft(
            session, current_rubric(), accepted=query.accept_drop, now=moment()
        )
    return ReleaseReport.model_validate(report)


@router.delete(
    "/draft/{edit}",
    summary="Take a proposed change out of the draft",
    description="Lets an editor take one proposal back before it is published.",
    dependencies=[NO_PARAMETERS],
)
def discard_edit(
    request: Request,
    edit: Annotated[int, Path(ge=1, le=2**31 - 1, description="Number", examples=[1])],
    actor: Writer,
) -> EditRead:
    with write_session(request.app.state.engine) as session:
        return EditRead.model_validate(drafts.discard_edit(session, edit, actor.name, moment()))


@router.post(
    "/publish",
    summary="Publish the draft as the next release, unless a field would be known much less",
    description="Publishes all that is proposed as the next "
    "[release](/docs/glossary#release), for every reader at once.",
    dependencies=[NO_PARAMETERS],
)
def publish_draft(request: Request, body: PublishRequest, actor: Publisher) -> PublishedRead:
    with write_session(request.app.state.engine, takes_long=True) as session:
        release = publishing.publish_draft(
            session,
            Author(actor.name, body.note),
            current_rubric(),
            accepted=body.accept_drop,
            now=moment(),
        )
        return _published(release)


@router.post(
    "/rollback",
    summary="Go back to an earlier release; the way back is a release too",
    description="Goes back to an earlier state of the catalogue; the way back is itself "
    "a release that all can see.",
    dependencies=[NO_PARAMETERS],
)
def roll_back(
    request: Request,
    body: RollbackRequest,
    actor: Publisher,
) -> PublishedRead:
    with write_session(request.app.state.engine, takes_long=True) as session:
        release = publishing.roll_back(
            session,
            body.release,
            Author(actor.name, body.why),
            current_rubric(),
            now=moment(),
        )
        return _published(release)


def _published(release: Release) -> PublishedRead:
    return PublishedRead(
        release=release.number, report=ReleaseReport.model_validate(release.report)
    )
