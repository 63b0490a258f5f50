"""GET /v1/programs/{slug}/total-cost."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.clock import today
from app.http.dependencies import SessionDep, Slug
from app.queries import programs, total_cost
from app.queries.rubrics import current_rubric
from app.schemas.total_cost import TotalCostQuery, TotalCostRead

router = APIRouter(prefix="/programs", tags=["Compare"])


@router.get(
    "/{slug}/total-cost",
    summary="Add up what one program costs to the credential, part by part, and what is missing",
    description="Adds up what one program costs from the first term to the credential, "
    "and lists the parts of the price that nobody tells.\n\n"
    "A part that is not known is never counted as 0 without being named.",
)
def get_total_cost(
    session: SessionDep, slug: Slug, query: Annotated[TotalCostQuery, Query()]
) -> TotalCostRead:
    program, institution = programs.get_program(session, slug)
    return total_cost.get_total_cost(
        session, program, institution, current_rubric(), query, query.as_of or today()
    )
