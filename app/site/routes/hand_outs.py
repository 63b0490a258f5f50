"""GET /s/…: the short address of a hand-out, as it stands on paper."""

from typing import Annotated

from fastapi import Path, Query, Response
from fastapi.responses import RedirectResponse

from app.http.dependencies import SessionDep
from app.ledger.snapshots import find_by_start
from app.schemas.snapshots import HandOutQuery
from app.site.hand_outs import SHORT, page_address
from app.site.routes.page import site_router

router = site_router()


@router.get("/s/{start}")
def open_hand_out(
    session: SessionDep,
    start: Annotated[str, Path(min_length=SHORT, max_length=64, pattern="^[0-9a-f]+$")],
    query: Annotated[HandOutQuery, Query()],
) -> Response:
    key = find_by_start(session, start)
    return RedirectResponse(page_address(key, query.lang), 303)
