"""GET /v1/eligibility."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.queries import eligibility
from app.queries.releases import today
from app.routes.session import SessionDep
from app.schemas.eligibility import EligibilityQuery, EligibilityRead

router = APIRouter(prefix="/eligibility", tags=["Look up a credential"])


@router.get("", summary="Tell whether a program's graduates may sit an exam, by which rule")
def get_eligibility(
    session: SessionDep, query: Annotated[EligibilityQuery, Query()]
) -> EligibilityRead:
    return eligibility.get_eligibility(session, query, query.as_of or today())
