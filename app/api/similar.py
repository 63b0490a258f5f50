"""GET /v1/programs/{slug}/similar."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.clock import today
from app.http.dependencies import SessionDep, Slug
from app.queries import similar
from app.queries.dossiers import get_dossier
from app.schemas.similar import SimilarItemPage, SimilarQuery

router = APIRouter(prefix="/programs", tags=["Compare"])


@router.get(
    "/{slug}/similar",
    summary="List the nearest alternatives of other schools, and in which respect each is better",
    description="Names programs of other schools that resemble one, and says in which "
    "respect each is better.",
)
def list_similar_programs(
    session: SessionDep, slug: Slug, query: Annotated[SimilarQuery, Query()]
) -> SimilarItemPage:
    return similar.find_similar(session, get_dossier(session, slug, today()), query.limit)
