"""Webhooks: who is told of each release, and how that goes."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlmodel import Session

from app.clock import moment
from app.domain.keys import Actor, Scope
from app.http.auth import require
from app.http.dependencies import NO_PARAMETERS
from app.ledger import webhooks
from app.schemas.webhooks import (
    DeliveryRead,
    WebhookCreated,
    WebhookDeliveries,
    WebhookList,
    WebhookRead,
    WebhookRequest,
)
from app.store.database import write_session

router = APIRouter(prefix="/admin/webhooks", tags=["Keep it true"], dependencies=[NO_PARAMETERS])

Operator = Annotated[Actor, require(Scope.ADMIN)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Webhook", examples=[1])]


@router.post(
    "",
    summary="Have an address called after each release, signed with a secret",
    description="Lets an operator name an address that is told of each release with what it "
    "changed.\n\n"
    "Messages are signed as [Standard Webhooks](/docs/webhooks) has it; the secret is shown "
    "this once.",
    status_code=201,
)
def add_webhook(request: Request, body: WebhookRequest, _actor: Operator) -> WebhookCreated:
    with write_session(request.app.state.engine) as session:
        added = webhooks.add_webhook(session, body.url, body.name, body.secret, now=moment())
        return WebhookCreated.model_validate(added, from_attributes=True)


@router.get(
    "",
    summary="List the addresses that are called after each release",
    description="Lists who is told of releases, and who is told no more because that failed for "
    "days.",
)
def list_webhooks(request: Request, _actor: Operator) -> WebhookList:
    with Session(request.app.state.engine) as session:
        items = webhooks.list_webhooks(session)
        return WebhookList(items=[WebhookRead.model_validate(one) for one in items])


@router.get(
    "/{webhook}",
    summary="Show one address with the newest messages sent to it",
    description="Tells of each of the newest messages whether it was taken, how often it was "
    "tried, and what was answered.",
)
def get_webhook(request: Request, webhook: Number, _actor: Operator) -> WebhookDeliveries:
    with Session(request.app.state.engine) as session:
        found = webhooks.get_webhook(session, webhook)
        return WebhookDeliveries.of(found, webhooks.list_deliveries(session, webhook))


@router.post(
    "/{webhook}/send",
    summary="Tell an address of the newest release once more",
    description="Sends the message on the newest release again, as after a fault was mended; an "
    "address that was told no more is told again from then on.",
)
def send_webhook(request: Request, webhook: Number, _actor: Operator) -> DeliveryRead:
    with write_session(request.app.state.engine) as session:
        return DeliveryRead.model_validate(webhooks.send_again(session, webhook, now=moment()))


@router.delete(
    "/{webhook}",
    summary="Have an address called no more",
    description="Removes an address, and what is kept of the messages sent to it.",
    status_code=204,
)
def remove_webhook(request: Request, webhook: Number, _actor: Operator) -> Response:
    with write_session(request.app.state.engine) as session:
        webhooks.remove_webhook(session, webhook)
    return Response(status_code=204)
