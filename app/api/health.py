"""Health checks, outside the versioned interface."""

from fastapi import APIRouter, Request

from app.clock import today
from app.http.dependencies import SessionDep
from app.queries import health
from app.schemas.health import Health, Readiness

router = APIRouter(tags=["Service"])


@router.get(
    "/health/live",
    summary="Tell whether the process answers",
    description="Tells whether the service is running at all.",
)
async def check_liveness() -> Health:
    return Health()


@router.get(
    "/health/ready",
    summary="Tell whether the catalogue can be served",
    description="Tells whether the service can answer questions now, which release it serves, "
    "when that was published and how old its newest source is.",
)
def check_readiness(request: Request, session: SessionDep) -> Readiness:
    state = request.app.state
    return health.get_readiness(session, state.databases, state.score_checks.last_good, today())
