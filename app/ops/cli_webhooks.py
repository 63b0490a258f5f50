"""The commands ``hit-compare webhooks``: who is told of each release."""

import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from app.clock import moment
from app.ledger.webhooks import (
    add_webhook,
    get_webhook,
    list_deliveries,
    list_webhooks,
    remove_webhook,
    send_again,
)
from app.ops.cli_session import writing_session
from app.schemas.webhooks import WebhookRequest

webhooks = typer.Typer(
    help="Addresses that are called after each release.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Number = Annotated[int, typer.Argument(min=1, help="Its number, as listed.")]


@webhooks.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Address that takes a POST: https, and public.")],
    name: Annotated[str, typer.Option(help="Whose it is.")],
    secret: Annotated[
        str | None, typer.Option(help="whsec_ and base64 of 24 to 64 bytes; else one is made.")
    ] = None,
) -> None:
    """Have an address called after each release, and print the secret of its signatures.

    Example: hit-compare webhooks add https://school.example/hooks/hit-compare --name "Our site"
    """
    try:
        asked = WebhookRequest(url=url, name=name, secret=secret)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"]) from error
    with writing_session() as session:
        added = add_webhook(session, asked.url, asked.name, asked.secret, now=moment())
        number, told = added.id, added.secret
    print(told)
    print(f"Webhook {number}. Keep its secret now: it is not shown again.", file=sys.stderr)


@webhooks.command("list")
def list_all() -> None:
    """Print every address, and whether the newest message was taken.

    Example: hit-compare webhooks list
    """
    with writing_session() as session:
        for one in list_webhooks(session):
            sent = list_deliveries(session, one.id or 0)
            state = "never called"
            if one.disabled_at:
                state = f"called no more since {one.disabled_at:%Y-%m-%d}: {one.disabled_why}"
            elif sent and sent[0].delivered_at:
                state = f"release {sent[0].release} taken {sent[0].delivered_at:%Y-%m-%d %H:%M}"
            elif sent:
                state = f"release {sent[0].release} not taken yet: {sent[0].last_error or 'due'}"
            print(f"{one.id}  {one.url}  {one.name}  {state}")


@webhooks.command("show")
def show(number: Number) -> None:
    """Print the newest messages to an address, and what became of each.

    Example: hit-compare webhooks show 1
    """
    with writing_session() as session:
        get_webhook(session, number)
        for sent in list_deliveries(session, number):
            taken, again = sent.delivered_at, sent.next_attempt_at
            parts = [
                f"release {sent.release}",
                f"taken {taken:%Y-%m-%d %H:%M}" if taken else "not taken",
                f"{sent.attempts} attempts",
                f"next {again:%Y-%m-%d %H:%M}" if again else "",
                sent.last_error or "",
            ]
            print("; ".join(filter(None, parts)))


@webhooks.command("send")
def send(number: Number) -> None:
    """Let a running server tell an address of the newest release once more.

    Example: hit-compare webhooks send 1
    """
    with writing_session() as session:
        release = send_again(session, number, now=moment()).release
    print(f"Webhook {number} is told of release {release} within seconds, where a server runs.")


@webhooks.command("remove")
def remove(number: Number) -> None:
    """Have an address called no more.

    Example: hit-compare webhooks remove 1
    """
    with writing_session() as session:
        remove_webhook(session, number)
    print(f"Webhook {number} is removed.")
