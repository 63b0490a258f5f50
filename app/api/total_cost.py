"""GET /v1/programs/{slug}/total-cost."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.clock import today
from app.http.answers import send_json
from app.http.dependencies import SessionDep, Slug
from app.http.html import base_of
from app.queries import total_cost
from app.queries.briefs.ways import brief_total_cost
from app.queries.dossiers import get_dossier
from app.schemas.total_cost import TotalCostQuery, TotalCostRead
from app.search.places import reader_of

router = APIRouter(prefix="/programs", tags=["Compare"])


@router.get(
    "/{slug}/total-cost",
    summary="Add up what one program costs to the credential, part by part, and what is missing",
    description="Adds up what one program costs from the first term to the credential, "
    "and lists the parts of the price that nobody tells.\n\n"
    "A part that is not known is never counted as 0 without being named.",
    response_model=TotalCostRead,
)
def get_total_cost(
    request: Request,
    session: SessionDep,
    slug: Slug,
    query: Annotated[TotalCostQuery, Query()],
) -> TotalCostRead | Response:
    dossier = get_dossier(session, slug, query.as_of or today())
    dossier = dossier.asked_by(reader_of(query, query.near))
    read = total_cost.get_total_cost(session, dossier, query)
    return send_json(brief_total_cost(session, read, base_of(request))) if query.view else read
