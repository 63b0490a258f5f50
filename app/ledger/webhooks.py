"""Addresses that are told of releases: add, list, remove; and what waits to be sent to them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.webhooks import make_secret, message_of, next_attempt, parse_secret
from app.errors import ConflictError, Fault, InvalidRequestError, NotFoundError
from app.store.tables.releases import Release
from app.store.tables.webhooks import Webhook, WebhookDelivery

MOST_WEBHOOKS = 50
MOST_DELIVERIES = 50
"""Of the newest that are listed."""

LEASE = timedelta(minutes=5)
"""How long the last attempt is left to whoever makes it."""

GONE = 410
"""What an address answers that wants to be told no more (Standard Webhooks)."""


def add_webhook(
    session: Session, url: str, name: str, secret: str | None, *, now: datetime
) -> Webhook:
    """Store an address that is told of every release from now on, with a secret or a new one.

    Raises:
        InvalidRequestError: The secret is not written as the standard has it.
        ConflictError: The address is there already, or there are too many.
    """
    if secret is not None:
        try:
            parse_secret(secret)
        except ValueError as error:
            raise InvalidRequestError([Fault(f"secret: {error}.", pointer="#/secret")]) from error
    known = session.exec(select(Webhook)).all()
    if any(one.url == url for one in known):
        raise ConflictError(f"{url} is told of releases already.")
    if len(known) >= MOST_WEBHOOKS:
        raise ConflictError(f"{MOST_WEBHOOKS} addresses are told of releases: remove one first.")
    webhook = Webhook(url=url, name=name, secret=secret or make_secret(), created_at=now)
    session.add(webhook)
    session.flush()
    return webhook


def list_webhooks(session: Session) -> list[Webhook]:
    """Return all addresses, the oldest first."""
    return list(session.exec(select(Webhook).order_by(col(Webhook.id))))


def get_webhook(session: Session, number: int) -> Webhook:
    """Return one address.

    Raises:
        NotFoundError: There is none of this number.
    """
    webhook = session.get(Webhook, number)
    if webhook is None:
        raise NotFoundError("webhook", str(number))
    return webhook


def remove_webhook(session: Session, number: int) -> None:
    """Tell an address no more, and forget what was sent there.

    Raises:
        NotFoundError: There is none of this number.
    """
    webhook = get_webhook(session, number)
    for delivery in session.exec(_sent_to(number)):
        session.delete(delivery)
    session.flush()
    session.delete(webhook)
    session.flush()


def list_deliveries(session: Session, number: int) -> list[WebhookDelivery]:
    """Return the newest messages to an address, the newest first."""
    newest = _sent_to(number).order_by(col(WebhookDelivery.id).desc()).limit(MOST_DELIVERIES)
    return list(session.exec(newest))


def _sent_to(number: int) -> SelectOfScalar[WebhookDelivery]:
    return select(WebhookDelivery).where(col(WebhookDelivery.webhook_id) == number)


def send_again(session: Session, number: int, *, now: datetime) -> WebhookDelivery:
    """Let an address be told of the newest release once more, or for the first time.

    One that is told no more is told again from now on.

    Raises:
        NotFoundError: There is none of this number.
        ConflictError: There is no release yet.
    """
    webhook = get_webhook(session, number)
    release = session.exec(select(Release).order_by(col(Release.number).desc()).limit(1)).first()
    if release is None:
        raise ConflictError("There is no release to tell of yet.")
    webhook.disabled_at = webhook.disabled_why = None
    delivery = session.exec(
        _sent_to(number).where(col(WebhookDelivery.release) == release.number)
    ).one_or_none()
    if delivery is None:
        delivery = WebhookDelivery(webhook_id=number, release=release.number, created_at=now)
        session.add(delivery)
    delivery.attempts, delivery.next_attempt_at, delivery.delivered_at = 0, now, None
    session.flush()
    return delivery


def queue_release(session: Session, release: int, now: datetime) -> None:
    """Let every address be told of a release, once its transaction commits."""
    told = select(Webhook.id).where(col(Webhook.disabled_at).is_(None))
    for number in session.exec(told).all():
        session.add(
            WebhookDelivery(
                webhook_id=number or 0, release=release, created_at=now, next_attempt_at=now
            )
        )
    session.flush()


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be sent now; its id stays the same however often that is tried."""

    delivery: int
    message_id: str
    url: str
    secret: str
    release: Release

    def message(self, base: str) -> dict[str, Any]:
        """Return what is said; ``base`` is the public address of the service."""
        release = self.release
        return message_of(release.number, release.published_at, release.note, release.report, base)


def is_any_due(session: Session, now: datetime) -> bool:
    """Return whether a message is due, without holding up those who write."""
    due = select(WebhookDelivery.id).where(col(WebhookDelivery.next_attempt_at) <= now).limit(1)
    return session.exec(due).first() is not None


def claim_due(session: Session, now: datetime) -> Due | None:
    """Return a message that is due, put off for others until its next attempt; None: none is.

    Commit before it is sent: whoever ends half-way leaves it to the next attempt.
    """
    delivery = session.exec(
        select(WebhookDelivery)
        .where(col(WebhookDelivery.next_attempt_at) <= now)
        .order_by(col(WebhookDelivery.next_attempt_at), col(WebhookDelivery.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.next_attempt_at = next_attempt(delivery.attempts, now) or now + LEASE
    webhook = session.get_one(Webhook, delivery.webhook_id)
    release = session.get_one(Release, delivery.release)
    session.flush()
    session.expunge(release)
    message_id = f"msg_{delivery.created_at:%Y%m%d%H%M%S}_{delivery.id}"
    return Due(delivery.id or 0, message_id, webhook.url, webhook.secret, release)


def record_attempt(
    session: Session, number: int, *, status: int | None, error: str | None, now: datetime
) -> None:
    """Note how sending a message went; an address that failed for days is told no more."""
    delivery = session.get(WebhookDelivery, number)
    if delivery is None:  # the address was removed meanwhile
        return
    delivery.last_status, delivery.last_error = status, error
    webhook = session.get_one(Webhook, delivery.webhook_id)
    if error is None:
        delivery.delivered_at, delivery.next_attempt_at = now, None
    elif status == GONE or next_attempt(delivery.attempts, now) is None:
        delivery.next_attempt_at = None
        webhook.disabled_at, webhook.disabled_why = now, error
        waiting = _sent_to(webhook.id or 0).where(col(WebhookDelivery.next_attempt_at).is_not(None))
        for other in session.exec(waiting):
            other.next_attempt_at = None
    session.flush()
