"""GET /v1/eligibility."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.clock import today
from app.http.answers import send_json
from app.http.dependencies import SessionDep
from app.http.html import base_of
from app.queries import eligibility
from app.queries.briefs.ways import brief_eligibility
from app.schemas.eligibility import EligibilityQuery, EligibilityRead

router = APIRouter(prefix="/eligibility", tags=["Look up a credential"])


@router.get(
    "",
    summary="Tell whether a program's graduates may sit an exam, by which rule",
    description="Tells whether a student may sit an exam such as RHIT, by which rule, "
    "and what would change the answer.\n\n"
    "Name a program and what the student holds; `unknown` tells what has to be asked. "
    "See [eligibility route](/docs/glossary#eligibility-route).",
    response_model=EligibilityRead,
)
def get_eligibility(
    request: Request, session: SessionDep, query: Annotated[EligibilityQuery, Query()]
) -> EligibilityRead | Response:
    read = eligibility.get_eligibility(session, query, query.as_of or today())
    return send_json(brief_eligibility(session, read, base_of(request))) if query.view else read
