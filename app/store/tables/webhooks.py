"""Addresses that are told of each release, and what was sent to them."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Webhook(SQLModel, table=True):
    """An address that is called after each release from ``created_at`` on.

    ``secret`` is kept as it is, for messages are signed with it. ``disabled_at`` says since when
    nothing is sent there, ``disabled_why`` for what reason.
    """

    __tablename__ = "webhook"

    id: int | None = Field(default=None, primary_key=True)
    url: str
    name: str
    secret: str
    created_at: datetime
    disabled_at: datetime | None = None
    disabled_why: str | None = None


class WebhookDelivery(SQLModel, table=True):
    """A message on one release to one address.

    It is due at ``next_attempt_at``, which is put off before each attempt, so that of several
    servers one makes it; None: it has come (``delivered_at``), or is given up.
    """

    __tablename__ = "webhook_delivery"

    id: int | None = Field(default=None, primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id", ondelete="CASCADE")
    release: int = Field(foreign_key="release.number")
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, index=True)
    delivered_at: datetime | None = None
    last_status: int | None = None
    last_error: str | None = None

    __table_args__ = (
        sa.UniqueConstraint("webhook_id", "release", name="uq_webhook_delivery_release"),
    )
