"""POST /v1/snapshots and GET /v1/snapshots/{hash}."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlmodel import Session
from starlette.background import BackgroundTask

from app.api.comparison import compare_request
from app.api.openings import openings_of
from app.clock import moment, today
from app.domain.text.negotiation import choose_media_type
from app.errors import NotAcceptableError
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.html import base_of, conditional_response
from app.http.policies import TEXT_POLICY
from app.http.writes import count_write, midnight
from app.ledger import snapshots
from app.schemas.comparison import ComparisonRequest
from app.schemas.snapshots import SHIPPED, SnapshotQuery, SnapshotRead
from app.settings import get_settings
from app.site.hand_outs import to_html, to_markdown
from app.store.database import write_session

router = APIRouter(prefix="/snapshots", tags=["Compare"])

MEDIA_TYPES = {"json": "application/json", "html": "text/html", "markdown": "text/markdown"}

FOR_A_MONTH = "public, max-age=2592000, immutable"
"""Shorter than what thins out looks back: one that is read from a cache is opened in between."""


@router.post(
    "",
    summary="Freeze a comparison under a permanent address; the same comparison is kept once",
    description="Freezes a comparison under an address that never changes, so that a "
    "student can take it home.\n\n"
    "Pressing *Execute* keeps the comparison of the example; the same comparison is "
    "kept once. One that nobody opens for months may be taken out again.",
    dependencies=[NO_PARAMETERS],
    status_code=201,
    response_model=SnapshotRead,
    responses={200: {"model": SnapshotRead, "description": "It was there already"}},
)
def add_snapshot(request: Request, session: SessionDep, wanted: ComparisonRequest) -> Response:
    frozen, is_new = freeze_and_store(request, session, wanted)
    return Response(
        frozen.document,
        201 if is_new else 200,
        {"Location": f"/v1/snapshots/{frozen.hash}", "ETag": f'"{frozen.hash}"'},
        media_type=MEDIA_TYPES["json"],
    )


def freeze_and_store(
    request: Request, session: Session, wanted: ComparisonRequest
) -> tuple[snapshots.Frozen, bool]:
    """Return the comparison that a body asks for, kept as a snapshot, and whether it is new.

    Raises:
        TooManyRequestsError: It would be a new one, and there is no room left for the caller.
    """
    frozen = snapshots.freeze(session, compare_request(session, wanted))
    if snapshots.is_stored(session, frozen.hash):
        return frozen, False
    now = moment()
    taken = snapshots.count_since(session, midnight(now))
    session.close()  # one connection a request: waiting for a second one could wait for ever
    settings = get_settings()
    rate, room = settings.snapshots, settings.snapshots_per_day
    count_write(request, "frozen comparisons", rate=rate, daily_limit=room, written=taken, now=now)
    with write_session(request.app.state.engine) as writer:
        is_new = snapshots.store_snapshot(writer, frozen, now=now)
    return frozen, is_new


@router.get(
    "/{hash}",
    summary="Show a frozen comparison as JSON, or as a hand-out in HTML or Markdown",
    description="Opens a comparison that was frozen earlier, to read, to print or to "
    "check what was known on that day.",
    response_model=SnapshotRead,
    responses={
        200: {
            "content": {
                "text/html": {"schema": {"type": "string"}},
                "text/markdown": {"schema": {"type": "string"}},
            }
        }
    },
)
def get_snapshot(
    request: Request,
    session: SessionDep,
    key: Annotated[
        str,
        Path(
            alias="hash",
            max_length=100,
            description="Address of the snapshot, as in `hash` of the answer that froze it",
            examples=[SHIPPED],
        ),
    ],
    query: Annotated[SnapshotQuery, Query()],
) -> Response:
    media_type = MEDIA_TYPES[query.format] if query.format else _wanted(request)
    frozen, opened_on = snapshots.get_snapshot(session, key)
    note = None
    if opened_on is None or opened_on < today():
        openings = openings_of(request.app.state.engine)
        openings.add(frozen.hash)
        note = BackgroundTask(openings.write, request.app.state.engine)
        session.close()  # its connection may be the one that the note needs
    etag, content, headers = f'"{frozen.hash}"', frozen.document, {"Cache-Control": FOR_A_MONTH}
    if media_type != MEDIA_TYPES["json"]:
        snapshot = SnapshotRead.model_validate_json(content)
        is_page = media_type == MEDIA_TYPES["html"]
        text = (
            to_html(snapshot, lang=query.lang, base=base_of(request))
            if is_page
            else to_markdown(snapshot, lang=query.lang)
        )
        content = text.encode()
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {**TEXT_POLICY, "Content-Language": query.lang}
    headers |= {"ETag": etag, "Vary": "Accept"}
    if refusal := conditional_response(request, etag, headers):
        refusal.background = note
        return refusal
    return Response(content, headers=headers, media_type=media_type, background=note)


def _wanted(request: Request) -> str:
    offered = list(MEDIA_TYPES.values())
    media_type = choose_media_type(request.headers.get("accept"), offered)
    if media_type is None:
        raise NotAcceptableError(offered)
    return media_type
