"""Whether the catalogue can be served: tables at the version of the code, and a release."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from app.errors import UnavailableError
from app.queries.freshness import edition_day, newest_editions
from app.queries.releases import find_release
from app.schemas.health import DatabaseStanding, EditionAge, Readiness
from app.store.database import find_version, is_enough, newest_version
from app.store.replicas import Databases
from app.store.tables.sources import Source


def get_readiness(
    session: Session,
    databases: Databases,
    scores_looked_at: datetime | None,
    today: date,
) -> Readiness:
    """Return what is served.

    Raises:
        UnavailableError: The tables are not at the version of the code, or nothing is published.
    """
    found = find_version(session.connection())
    if not is_enough(found):
        raise UnavailableError(
            f"The tables are at version {found}, the code needs {newest_version()}: "
            "run hit-compare migrate."
        )
    release = find_release(session)
    if release is None:
        raise UnavailableError("Nothing is published yet: run hit-compare seed load.")
    newest = _newest_source(session)
    editions = list_editions(session, today)
    return Readiness(
        release=release.number,
        published_at=release.published_at,
        newest_source=newest[0] if newest else None,
        newest_source_days=(today - newest[1]).days if newest else None,
        editions=editions,
        overdue=[one.publication for one in editions if one.is_overdue],
        databases=[DatabaseStanding(**one.standing()._asdict()) for one in databases.every],
        migration=str(found),
        scores_looked_at=scores_looked_at,
    )


def list_editions(session: Session, today: date) -> list[EditionAge]:
    """Return the newest edition of every publication that the catalogue has, with its age."""
    return [
        EditionAge(
            publication=freshness.publication,
            source=source.key,
            edition=source.edition,
            age_days=source.age_days,
            looked_for_at=freshness.looked_for_at,
            next_due_on=freshness.next_due_on,
            is_overdue=freshness.is_overdue,
        )
        for source in newest_editions(session, today)
        if (freshness := source.freshness) is not None
    ]


def _newest_source(session: Session) -> tuple[str, date] | None:
    """Return the source that was read last, or is of the newest edition, and the day."""
    told = session.exec(
        select(Source.key, Source.retrieved_on, Source.edition).where(
            col(Source.retired_at).is_(None)
        )
    )
    days = [
        (key, day)
        for key, read, edition in told
        if (day := edition_day(read) or edition_day(edition))
    ]
    return max(days, key=lambda pair: (pair[1], pair[0]), default=None)
