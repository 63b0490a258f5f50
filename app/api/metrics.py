"""GET /metrics, for whoever runs the service and nobody else."""

from hmac import compare_digest
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from app.errors import NotOpenError
from app.http.metrics import exposition
from app.settings import get_settings

router = APIRouter(include_in_schema=False)

HANDED_ON = ("forwarded", "via", "x-forwarded-for", "x-real-ip")
"""Headers of requests that a proxy on this machine hands on for somebody else."""


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    if not (_is_local(request) or _has_token(request)):
        raise NotOpenError
    return Response(exposition(), media_type=CONTENT_TYPE_LATEST)


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
