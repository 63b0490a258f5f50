"""GET /v1/careers: the field's occupations side by side, or one of them state by state."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.http.dependencies import SessionDep
from app.queries import careers
from app.schemas.careers import CareersQuery, CareersRead

router = APIRouter(prefix="/careers", tags=["Where it leads"])


@router.get(
    "",
    summary="Compare the field's occupations by pay: the country, your state, or every state",
    description="Puts the occupations that such programs lead to side by side, such as medical "
    "records specialists and health services managers: pay and jobs in the country and in one "
    "state, and the credentials that their roles name.\n\n"
    "With a [SOC code](/docs/glossary#soc) it tells of one occupation in every state. As a table: "
    "/v1/export/careers.csv.",
)
def compare_careers(session: SessionDep, query: Annotated[CareersQuery, Query()]) -> CareersRead:
    return careers.get_careers(session, query)
