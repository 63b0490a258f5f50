"""GET /v1/completeness."""

from fastapi import APIRouter

from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.queries import completeness
from app.queries.rubrics import current_rubric
from app.schemas.completeness import CompletenessRead

router = APIRouter(prefix="/completeness", tags=["Data and method"], dependencies=[NO_PARAMETERS])


@router.get(
    "",
    summary="Tell how much of every field the catalogue knows, and how much not",
    description="Tells in numbers what this catalogue does not know, field by field.",
)
def get_completeness(session: SessionDep) -> CompletenessRead:
    return completeness.get_completeness(session, current_rubric())
