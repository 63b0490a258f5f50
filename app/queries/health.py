"""Whether the catalogue can be served: tables at the version of the code, and a release."""

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlmodel import Session

from app.errors import UnavailableError
from app.queries.releases import find_release
from app.schemas.health import Readiness
from app.settings import MIGRATIONS


def find_version(connection: sa.Connection) -> str | None:
    """Return the version that the tables are at, or None where there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def get_readiness(session: Session) -> Readiness:
    """Return what is served.

    Raises:
        UnavailableError: The tables are not at the version of the code, or nothing is published.
    """
    wanted = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    found = find_version(session.connection())
    if found != wanted:
        raise UnavailableError(
            f"The tables are at version {found}, the code needs {wanted}: run hit-compare migrate."
        )
    release = find_release(session)
    if release is None:
        raise UnavailableError("Nothing is published yet: run hit-compare seed load.")
    return Readiness(release=release.number, migration=str(found))
