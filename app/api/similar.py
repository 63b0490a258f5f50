"""GET /v1/programs/{slug}/similar."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.clock import today
from app.http.dependencies import SessionDep, Slug
from app.queries import similar
from app.queries.dossiers import get_dossier
from app.schemas.similar import SimilarItemPage, SimilarQuery
from app.search.places import reader_of

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
    dossier = get_dossier(session, slug, today()).asked_by(reader_of(query, query.near))
    return similar.find_similar(session, dossier, query.limit)
