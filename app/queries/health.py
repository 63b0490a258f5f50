"""Whether the catalogue can be served: tables at the version of the code, and a release."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from app.domain.evidence import to_span
from app.errors import UnavailableError
from app.queries.releases import find_release
from app.schemas.health import Readiness
from app.store.database import find_version, newest_version
from app.store.tables.sources import Source


def get_readiness(session: Session, scores_looked_at: datetime | None, today: date) -> Readiness:
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
    newest = _newest_source(session)
    return Readiness(
        release=release.number,
        published_at=release.published_at,
        newest_source=newest[0] if newest else None,
        newest_source_days=(today - newest[1]).days if newest else None,
        migration=str(found),
        scores_looked_at=scores_looked_at,
    )


def _newest_source(session: Session) -> tuple[str, date] | None:
    """Return the source that was read last, or is of the newest edition, and the day."""
    told = session.exec(
        select(Source.key, Source.retrieved_on, Source.edition).where(
            col(Source.retired_at).is_(None)
        )
    )
    days = [(key, day) for key, read, edition in told if (day := _day(read) or _day(edition))]
    return max(days, key=lambda pair: (pair[1], pair[0]), default=None)


def _day(text: str | None) -> date | None:
    """Return the day that a date or edition counts from; None where it is in other words."""
    try:
        span = to_span(text)
    except ValueError:
        return None
    return span.ages_from if span else None
