"""POST /v1/renewal-plans."""

from fastapi import APIRouter, Request, Response

from app.clock import today
from app.http.answers import send_json
from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.http.html import base_of
from app.queries import renewal
from app.queries.briefs.credentials import brief_renewal
from app.schemas.renewal import RenewalPlanRead, RenewalRequest

router = APIRouter(
    prefix="/renewal-plans", tags=["Look up a credential"], dependencies=[NO_PARAMETERS]
)


@router.post(
    "",
    summary="Plan renewal of the credentials you hold: units, dates and fees",
    description="Works out what somebody has to do to keep credentials such as CCS and "
    "CCS-P: units, dates and fees.\n\n"
    "Units are those of [continuing education](/docs/glossary#ceu).",
    response_model=RenewalPlanRead,
)
def find_renewal_plan(
    http: Request, session: SessionDep, request: RenewalRequest
) -> RenewalPlanRead | Response:
    read = renewal.plan_renewals(session, request, request.as_of or today())
    return send_json(brief_renewal(session, read, base_of(http))) if request.view else read
