"""Who asks: the key in the Authorization header, and the scope that a route needs."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param
from limits import RateLimitItem, RateLimitItemPerMinute
from sqlmodel import Session

from app.domain.keys import Actor, Scope, parse_key
from app.errors import ForbiddenError, TooManyRequestsError, UnauthorizedError
from app.http.limiting import Limiter, client_address
from app.ledger import keys
from app.settings import get_settings

BEARER = HTTPBearer(
    scheme_name="key",
    bearerFormat="hc_<public id>_<secret>",
    description="A key made by `hit-compare keys create`",
    auto_error=False,
)
REFUSED = "The key is not known here, or works no longer."


def require(scope: Scope) -> Any:
    """Return a dependency that gives the Actor of a request, who has a scope.

    Beside a parameter, ``Annotated[Actor, require(Scope.IMPORT)]``, or in ``dependencies=[...]``.
    """

    def actor_with_scope(
        request: Request, _sent: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]
    ) -> Actor:
        return check_key(request, scope)

    return Depends(actor_with_scope)


def check_key(request: Request, scope: Scope) -> Actor:
    """Return whom the key of a request stands for; only wrong ones are counted and slowed down.

    A right key works whatever others sent from its address, so nobody can lock an editor out.

    Raises:
        UnauthorizedError: No key, or none that works.
        ForbiddenError: The key does not have the scope.
        TooManyRequestsError: The key is wrong, and too many were that came from the address.
    """
    kind, text = get_authorization_scheme_param(request.headers.get("Authorization"))
    if kind.lower() != "bearer" or not text:
        raise UnauthorizedError(
            "This address asks for a key; send it as Authorization: Bearer hc_…"
        )
    return check_typed_key(request, text, scope)


def check_typed_key(request: Request, text: str, scope: Scope) -> Actor:
    """Return whom a key stands for that was typed into a form, or sent in the header.

    Raises:
        UnauthorizedError: It is none that works.
        ForbiddenError: It does not have the scope.
        TooManyRequestsError: It is wrong, and too many were that came from the address.
    """
    settings = get_settings()
    limiter: Limiter = request.app.state.limiter
    limit = RateLimitItemPerMinute(settings.key_failures_per_minute)
    caller = client_address(request.scope)
    try:
        sent = parse_key(text)
    except ValueError as error:
        _count_failure(limiter, limit, caller)
        raise UnauthorizedError(f"What was sent as a key is {error}.") from error
    with Session(request.app.state.engine) as session:
        pepper = settings.key_pepper.get_secret_value()
        key = keys.find_key(session, sent, pepper=pepper, now=datetime.now(UTC))
        actor = keys.to_actor(key) if key else None
    if actor is None:
        _count_failure(limiter, limit, caller)
        raise UnauthorizedError(REFUSED)
    if not actor.may(scope):
        raise ForbiddenError(scope)
    return actor


def _count_failure(limiter: Limiter, limit: RateLimitItem, caller: str) -> None:
    """Count a wrong key; over the limit it gets a 429 instead of a 401."""
    quota = limiter.hit(limit, "key failures", caller)
    if quota.is_over:
        raise TooManyRequestsError(
            "Too many keys that do not work were sent from this address.",
            retry_after=quota.seconds,
        )
