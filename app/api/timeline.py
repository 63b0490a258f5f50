"""GET /v1/timeline."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.clock import today
from app.http.answers import send_json
from app.http.dependencies import SessionDep
from app.http.html import base_of
from app.queries import timeline
from app.queries.briefs.ways import brief_timeline
from app.schemas.timeline import TimelineQuery, TimelineRead

router = APIRouter(prefix="/timeline", tags=["Where it leads"])


@router.get(
    "",
    summary="Tell the months to a first post by award, pace and credits brought in",
    description="Tells how many months it takes to reach a first post, by award, pace "
    "and credits that count already.",
    response_model=TimelineRead,
)
def get_timeline(
    request: Request, session: SessionDep, query: Annotated[TimelineQuery, Query()]
) -> TimelineRead | Response:
    read = timeline.get_timeline(session, query, today())
    return send_json(brief_timeline(session, read, base_of(request))) if query.view else read
