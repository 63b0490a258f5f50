"""The database of a command."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from app.settings import get_settings
from app.store.database import make_engine, migrate, write_session


@contextmanager
def writing_session() -> Iterator[Session]:
    """Open a session that commits at its end, over tables of the newest version."""
    engine = make_engine(get_settings().database_url)
    migrate(engine)
    with write_session(engine) as session:
        yield session
    engine.dispose()
