"""POST /v1/fit."""

from fastapi import APIRouter

from app.http.dependencies import NO_PARAMETERS, SessionDep
from app.queries import fit
from app.schemas.fit import FitRead, FitRequest

router = APIRouter(prefix="/fit", tags=["Where it leads"], dependencies=[NO_PARAMETERS])


@router.post(
    "",
    summary="Tell which good-fit and poor-fit statements your answers match",
    description="Tells which statements on whom the work suits a student agrees with, "
    "and gives no verdict beyond them.\n\n"
    "Nothing is stored.",
)
def check_fit(session: SessionDep, request: FitRequest) -> FitRead:
    return fit.match_statements(session, request)
