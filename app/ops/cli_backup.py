"""The commands ``hit-compare backup`` and ``hit-compare restore``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.errors import BackupError
from app.importers.run import refresh_if_due
from app.ops.backup import restore_backup, write_backup
from app.queries.rubrics import current_rubric
from app.settings import get_settings
from app.store.database import make_engine

commands = typer.Typer()


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(help="File to write; its hash goes to FILE.sha256.")],
) -> None:
    """Write the whole database to one file, while a server may go on using it.

    Example: hit-compare backup backups/catalogue.backup
    """
    with _database() as engine:
        written = write_backup(engine, file)
    print(f"{written.path}: {written.size / 1e6:.1f} MB, SHA-256 {written.sha256}")


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup, with FILE.sha256 beside it.")],
    force: Annotated[
        bool, typer.Option("--force", help="Write over a catalogue that has a release.")
    ] = False,
) -> None:
    """Put a backup in place of the database, and bring it to the newest version of the tables.

    What an older version stored of its facts is made anew, as a release of its own.

    Example: hit-compare restore backups/catalogue.backup
    """
    with _database() as engine:
        found = restore_backup(engine, file, force=force)
        reason = refresh_if_due(engine, current_rubric())
    state = f"release {found.release}" if found.release else "no release yet"
    day = f" of {found.published_at:%Y-%m-%d}" if found.published_at else ""
    print(
        f"Restored: {state}{day}, {found.programs} programs, {found.institutions} institutions, "
        f"{found.credentials} credentials."
    )
    if reason:
        print(f"Scored anew: {reason}.")


@contextmanager
def _database() -> Iterator[Engine]:
    """Open the database of the settings; an expected failure prints its reason and exits with 1."""
    engine = make_engine(get_settings().database_url)
    try:
        yield engine
    except (BackupError, OSError) as error:
        print(error, "Nothing was changed.", sep="\n", file=sys.stderr)
        raise typer.Exit(1) from error
    except DBAPIError as error:
        print(error.orig, file=sys.stderr)
        raise typer.Exit(1) from error
    finally:
        engine.dispose()
