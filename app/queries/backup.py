"""What a database holds, told after a backup or before it is written over."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, func, select

from app.queries.releases import find_release
from app.store.tables.credentials import Credential
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program


@dataclass(frozen=True, slots=True)
class Contents:
    """The release of a catalogue, None before the first, and its counts."""

    release: int | None
    published_at: datetime | None
    programs: int
    institutions: int
    credentials: int


def count_contents(session: Session) -> Contents:
    """Return what a catalogue at the newest version holds; of programs, the listed ones."""
    release = find_release(session)
    listed = select(func.count()).select_from(Program).where(col(Program.retired_at).is_(None))
    return Contents(
        release=release.number if release else None,
        published_at=release.published_at if release else None,
        programs=session.exec(listed).one(),
        institutions=session.exec(select(func.count()).select_from(Institution)).one(),
        credentials=session.exec(select(func.count()).select_from(Credential)).one(),
    )


def find_release_number(connection: sa.Connection) -> int | None:
    """Return the newest release of tables at any version, or None where there is none."""
    if not sa.inspect(connection).has_table("release"):
        return None
    number: int | None = connection.scalar(sa.text("SELECT MAX(number) FROM release"))
    return number


def own_tables(connection: sa.Connection) -> list[str]:
    """Return the tables of the catalogue that there are, whatever else the database holds."""
    ours = {*SQLModel.metadata.tables, "alembic_version"}
    return sorted(ours.intersection(sa.inspect(connection).get_table_names()))
