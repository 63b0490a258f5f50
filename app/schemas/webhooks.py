"""Addresses that are told of releases, over the wire."""

from datetime import datetime
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from app.domain.text.addresses import LONGEST_ADDRESS
from app.schemas.pages import Text
from app.settings import get_settings
from app.store.tables.webhooks import Webhook, WebhookDelivery


def _is_callable(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"it is no address: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address with a name and a password in it is not called")
    if host and parts.netloc in get_settings().webhook_hosts:
        return url
    if parts.scheme != "https" or not host:
        raise ValueError("an address begins with https://")
    return url


class WebhookRequest(BaseModel):
    """An address that is to be called after each release."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://school.example/hooks/hit-compare", "name": "Our site"}]
        },
    )

    url: Annotated[
        str,
        StringConstraints(pattern=r"^https?://[\x21-\x7e]+$", max_length=LONGEST_ADDRESS),
        AfterValidator(_is_callable),
    ] = Field(description="Address that takes a POST; https, and on the public Internet")
    name: Text = Field(max_length=100, description="Whose it is")
    secret: Text | None = Field(
        default=None,
        max_length=200,
        description="`whsec_` and base64 of 24 to 64 bytes; null: one is made",
    )


class WebhookRead(BaseModel):
    """An address that is called after each release."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    url: str
    name: str
    created_at: datetime
    disabled_at: datetime | None = Field(
        description="Since when it is called no more; null: it is called"
    )
    disabled_why: str | None = Field(description="What failed for days")


class WebhookCreated(WebhookRead):
    """A new address, with the secret that its messages are signed with: shown this once."""

    secret: str


class WebhookList(BaseModel):
    """Every address that is called after each release."""

    items: list[WebhookRead]


class DeliveryRead(BaseModel):
    """A message on one release, and how sending it went."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    release: int
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None = Field(
        description="null: it was taken, or is not tried again"
    )
    delivered_at: datetime | None = Field(description="null: it was not taken")
    last_status: int | None = Field(description="What was answered last; null: nothing")
    last_error: str | None


class WebhookDeliveries(WebhookRead):
    """An address with the newest messages sent to it, the newest first."""

    deliveries: list[DeliveryRead]

    @classmethod
    def of(cls, webhook: Webhook, deliveries: list[WebhookDelivery]) -> Self:
        """Return an address with its messages."""
        return cls(
            **WebhookRead.model_validate(webhook).model_dump(),
            deliveries=[DeliveryRead.model_validate(one) for one in deliveries],
        )
