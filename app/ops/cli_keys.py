"""The commands ``hit-compare keys``: who may edit."""

import sys
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from app.domain.keys import Scope
from app.errors import NotFoundError
from app.ledger.keys import add_key, is_active, list_keys, revoke_key
from app.ops.cli_session import writing_session
from app.settings import get_settings
from app.store.tables.keys import ApiKey

keys = typer.Typer(
    help="Keys that let somebody edit; no key is needed to read.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

MAX_NAME = 100


@keys.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is; stands beside every change.")],
    scope: Annotated[
        list[Scope], typer.Option(help="What the key may do; repeatable. admin may do all.")
    ],
    expires_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Last day it works (UTC); else no end."),
    ] = None,
) -> None:
    """Make a key and print it, this once: only its hash is kept.

    Example: hit-compare keys create "Ada, Ohio desk" --scope write:facts --expires-on 2030-12-31
    """
    if not (name.isprintable() and name.strip() and len(name) <= MAX_NAME):
        raise typer.BadParameter(
            f"A name has 1 to {MAX_NAME} printable characters.", param_hint="NAME"
        )
    now = datetime.now(UTC)
    expires_at = _end_of(expires_on.date()) if expires_on else None
    if expires_at and expires_at <= now:
        raise typer.BadParameter(f"{expires_on:%Y-%m-%d} is past.", param_hint="--expires-on")
    with writing_session() as session:
        key = add_key(
            session,
            name,
            scope,
            pepper=get_settings().key_pepper.get_secret_value(),
            now=now,
            expires_at=expires_at,
        )
    print(key.text)
    print(f"Key {key.public_id}. Keep it now: it cannot be shown again.", file=sys.stderr)


@keys.command("list")
def list_all() -> None:
    """Print every key: its public id, what it may do, until when.

    Example: hit-compare keys list
    """
    now = datetime.now(UTC)
    with writing_session() as session:
        lines = [_line(key, now) for key in list_keys(session)]
    print("\n".join(lines) if lines else "There are no keys.")


@keys.command("revoke")
def revoke(
    public_id: Annotated[str, typer.Argument(help="The middle part of the key, as listed.")],
) -> None:
    """Let a key work no longer, from the next request on.

    Example: hit-compare keys revoke 0123456789ab
    """
    try:
        with writing_session() as session:
            since = revoke_key(session, public_id, now=datetime.now(UTC))
    except NotFoundError as error:
        print(error.detail, file=sys.stderr)
        raise typer.Exit(1) from error
    print(f"Key {public_id} is revoked since {since:%Y-%m-%d %H:%M} UTC.")


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _line(key: ApiKey, now: datetime) -> str:
    state = "works"
    if key.revoked_at:
        state = f"revoked {key.revoked_at:%Y-%m-%d}"
    elif not is_active(key, now):
        state = "expired"
    end = f"{key.expires_at - timedelta(days=1):%Y-%m-%d}" if key.expires_at else "no end"
    scopes = ",".join(key.scopes)
    return f"{key.public_id}  {state:<18}  until {end:<10}  {scopes:<24}  {key.name}"
