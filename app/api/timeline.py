"""GET /v1/timeline."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.clock import today
from app.http.dependencies import SessionDep
from app.queries import timeline
from app.schemas.timeline import TimelineQuery, TimelineRead

router = APIRouter(prefix="/timeline", tags=["Where it leads"])


@router.get(
    "",
    summary="Tell the months to a first post by award, pace and credits brought in",
    description="Tells how many months it takes to reach a first post, by award, pace "
    "and credits that count already.",
)
def get_timeline(session: SessionDep, query: Annotated[TimelineQuery, Query()]) -> TimelineRead:
    return timeline.get_timeline(session, query, today())
