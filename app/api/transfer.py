"""GET /v1/programs/{slug}/transfer."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.clock import today
from app.http.dependencies import SessionDep, Slug
from app.queries import transfer
from app.queries.dossiers import get_dossier
from app.schemas.transfer import TransferEstimate, TransferQuery

router = APIRouter(prefix="/programs", tags=["Where it leads"])


@router.get(
    "/{slug}/transfer",
    summary="Tell how many of your credits count in a program, and what is left",
    description="Tells how many credits earned elsewhere count towards an award: an interval "
    "from the school's policy, its limits and its agreements, as far as sources tell, and what "
    "to ask.\n\nWhere no source bounds it, it is none to all.",
)
def get_program_transfer(
    session: SessionDep, slug: Slug, query: Annotated[TransferQuery, Query()]
) -> TransferEstimate:
    dossier = get_dossier(session, slug, query.as_of or today())
    return transfer.get_transfer(session, dossier, query)
