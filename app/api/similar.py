"""GET /v1/programs/{slug}/similar."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.clock import today
from app.http.dependencies import SessionDep, Slug
from app.queries import programs, similar
from app.queries.rubrics import current_rubric
from app.schemas.pages import Page
from app.schemas.similar import SimilarItem, SimilarQuery

router = APIRouter(prefix="/programs", tags=["Compare"])


@router.get(
    "/{slug}/similar",
    summary="List the nearest alternatives of other schools, and in which respect each is better",
    description="Names programs of other schools that resemble one, and says in which "
    "respect each is better.",
)
def list_similar_programs(
    session: SessionDep, slug: Slug, query: Annotated[SimilarQuery, Query()]
) -> Page[SimilarItem]:
    program, institution = programs.get_program(session, slug)
    return similar.find_similar(
        session, program, institution, current_rubric(), query.limit, today()
    )
