"""GET /v1/completeness."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.http.dependencies import SessionDep
from app.queries import completeness
from app.queries.rubrics import current_rubric
from app.schemas.completeness import CompletenessQuery, CompletenessRead

router = APIRouter(prefix="/completeness", tags=["Data and method"])


@router.get(
    "",
    summary="Tell how much of every field the catalogue knows, and how much not",
    description="Tells in numbers what this catalogue does not know, field by field; of one state "
    "where one is named.",
)
def get_completeness(
    session: SessionDep, query: Annotated[CompletenessQuery, Query()]
) -> CompletenessRead:
    return completeness.get_completeness(session, current_rubric(), query.state)
