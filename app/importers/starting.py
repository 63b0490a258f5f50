"""Prepare a database for serving: migrate it, fill it from the seed, bring scores up to date.

Several processes may start at once: one does the work, the others wait for it.
"""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.clock import moment
from app.domain.checklist.rubric import Rubric
from app.importers.run import refresh_if_due
from app.importers.seed import load_seed
from app.queries.releases import find_release, why_due
from app.store.database import exclusive, is_migrated, migrate_alone
from app.store.sqlite_file import make_file


def make_ready(engine: Engine, seed_dir: Path, rubric: Rubric, tell: Callable[[str], None]) -> None:
    """Migrate, load the seed if nothing is published, and score anew if it is due.

    Args:
        engine: Of the catalogue, which need not exist yet.
        seed_dir: Folder of the seed.
        rubric: The version to score by.
        tell: Told in words what is done.
    """
    if is_ready(engine, rubric):
        return
    with exclusive(engine):
        migrate_alone(engine)
        if fill_if_empty(engine, seed_dir, tell) is None:
            return
        if reason := refresh_if_due(engine, rubric):
            tell(f"Scored anew: {reason}.")


def is_ready(engine: Engine, rubric: Rubric) -> bool:
    """Return whether a start finds nothing to do."""
    make_file(engine)
    try:
        if not is_migrated(engine):
            return False
        with Session(engine) as session:
            release = find_release(session)
            return release is not None and why_due(release, rubric, moment()) is None
    except OperationalError:  # another process is making the tables: see when it is through
        return False


def fill_if_empty(engine: Engine, seed_dir: Path, tell: Callable[[str], None]) -> int | None:
    """Load the seed unless something is published; return the number of that release.

    The caller holds the lock of starts.
    """
    with Session(engine) as session:
        if release := find_release(session):
            return release.number
    started = perf_counter()
    tell("Filling the catalogue from the seed …")
    load_seed(engine, seed_dir)
    tell(f"Filled in {perf_counter() - started:.1f} s.")
    return None
