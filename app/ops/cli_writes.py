"""Commands over what anybody writes without a key: ``snapshots`` and ``corrections``."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlmodel import Session

from app.clock import moment
from app.ledger.corrections import hide, truncate_wal
from app.ledger.releases import COMMAND
from app.ledger.snapshots import Thinned, count_unopened, remove_unopened
from app.schemas.corrections import HideRequest
from app.settings import get_settings
from app.store.database import make_engine, migrate, write_session

snapshots = typer.Typer(
    help="Comparisons that anybody froze under an address of their own.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

corrections = typer.Typer(
    help="Reports of wrong facts, which anybody can send and read.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

FEWEST_DAYS = 90
"""Whoever took a hand-out home may come back to it; caches keep one for 30 days unseen."""

AT_ONCE = 500
"""Removed in one transaction, so that a server can write in between."""


@snapshots.callback()
def _group() -> None:
    """Make the only command of the group a subcommand."""


@snapshots.command("thin")
def thin(
    unopened_for: Annotated[
        int, typer.Option(min=FEWEST_DAYS, help="Days in which nobody froze or opened it.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would go; remove nothing.")
    ] = False,
) -> None:
    """Take out snapshots that nobody has opened for long; their addresses answer 404 from then on.

    The one that ships stays. The file of an SQLite database keeps its size: new rows take the
    room, or VACUUM gives it back.

    Example: hit-compare snapshots thin --unopened-for 365 --dry-run
    """
    since = datetime.now(UTC).date() - timedelta(days=unopened_for)
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    if dry_run:
        with Session(engine) as session:
            print(f"Dry run: of the snapshots, {_words(count_unopened(session, since))} would go.")
        return
    count = size = 0
    while True:
        with write_session(engine) as session:
            some = remove_unopened(session, since, most=AT_ONCE)
        count, size = count + some.count, size + some.size
        if some.count < AT_ONCE:
            break
    engine.dispose()
    print(f"Of the snapshots, {_words(Thinned(count, size))} are gone.")


def _words(thinned: Thinned) -> str:
    return f"{thinned.count:,} unopened ({thinned.size:,} bytes)"


@corrections.callback()
def _reports() -> None:
    """Make the only command of the group a subcommand."""


@corrections.command("hide")
def hide_words(
    number: Annotated[int, typer.Argument(min=1, help="Number of the report.")],
    why: Annotated[str, typer.Option(help="Why; this is public, so without the words themselves.")],
    decision_too: Annotated[
        bool, typer.Option("--decision-too", help="The reason of the decision goes as well.")
    ] = False,
) -> None:
    """Take the words of a report away: what was stated, its page, and what was proposed.

    They are gone for good from every answer and from the database; older backups keep what they
    hold, and PostgreSQL gives the room away with its next VACUUM. Number, dates and decision
    stay, and so does a change that the report became.

    Example: hit-compare corrections hide 12 --why "It names a person"
    """
    try:
        request = HideRequest(reason=why, decision_too=decision_too)
    except ValidationError as error:
        raise typer.BadParameter(f"{error.errors()[0]['msg']}.", param_hint="--why") from error
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    with write_session(engine) as session:
        hide(session, number, request, COMMAND, moment())
    truncate_wal(engine)
    engine.dispose()
    print(f"The words of report {number} are gone.")
