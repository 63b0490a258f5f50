"""GET /metrics, for whoever runs the service and nobody else."""

from hmac import compare_digest
from ipaddress import ip_address

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.clock import today
from app.errors import NotOpenError
from app.http.dependencies import database_of
from app.http.metrics import exposition
from app.queries import health
from app.schemas.health import EditionAge
from app.settings import get_settings
from app.store.replicas import Databases, Standing

router = APIRouter(include_in_schema=False)

HANDED_ON = ("forwarded", "via", "x-forwarded-for", "x-real-ip")
"""Headers of requests that a proxy on this machine hands on for somebody else."""


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    if not (_is_local(request) or _has_token(request)):
        raise NotOpenError
    editions = await run_sync(_read_editions, request)
    standings = await run_sync(_read_standings, request)
    return Response(exposition(editions, standings), media_type=CONTENT_TYPE_LATEST)


def _read_standings(request: Request) -> list[Standing]:
    databases: Databases = request.app.state.databases
    return [one.standing() for one in databases.every]


def _read_editions(request: Request) -> list[EditionAge]:
    """Return the age of sources; none while the database is away, for counters go on."""
    try:
        with Session(database_of(request).engine) as session:
            return health.list_editions(session, today())
    except DBAPIError:
        return []


def _is_local(request: Request) -> bool:
    """Return whether a request was sent on this machine, and to this server itself."""
    if request.client is None or any(name in request.headers for name in HANDED_ON):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has_token(request: Request) -> bool:
    token = get_settings().metrics_token
    kind, _, sent = request.headers.get("authorization", "").partition(" ")
    if token is None or kind.lower() != "bearer":
        return False
    return compare_digest(sent.strip().encode(), token.get_secret_value().encode())
