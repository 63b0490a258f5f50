"""Whether the catalogue can be served: tables at the version of the code, and a release."""

from datetime import datetime

from sqlmodel import Session

from app.errors import UnavailableError
from app.queries.releases import find_release
from app.schemas.health import Readiness
from app.store.database import find_version, newest_version


def get_readiness(session: Session, scores_looked_at: datetime | None) -> Readiness:
    """Return what is served.

    Raises:
        UnavailableError: The tables are not at the version of the code, or nothing is published.
    """
    wanted = newest_version()
    found = find_version(session.connection())
    if found != wanted:
        raise UnavailableError(
            f"The tables are at version {found}, the code needs {wanted}: run hit-compare migrate."
        )
    release = find_release(session)
    if release is None:
        raise UnavailableError("Nothing is published yet: run hit-compare seed load.")
    return Readiness(
        release=release.number, migration=str(found), scores_looked_at=scores_looked_at
    )
