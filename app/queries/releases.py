"""The published state: its number, and the day its scores stand for."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from app.clock import today
from app.domain.checklist.rubric import Rubric
from app.errors import NotFoundError
from app.queries.kept import edition_of
from app.schemas.pages import Page, StampFields
from app.schemas.releases import ReleaseItem, ReleaseQuery, ReleaseRead, ReleaseReport
from app.store.paging import SortKey, fetch_page
from app.store.tables.programs import SUMMARY_SHAPE
from app.store.tables.releases import Release
from app.store.tables.search import INDEX_SHAPE


def find_release(session: Session) -> Release | None:
    """Return the newest release, or None before the first."""
    return session.exec(select(Release).order_by(col(Release.number).desc()).limit(1)).first()


def find_number(session: Session) -> int:
    """Return the number of the newest release, or 0 before the first."""
    return edition_of(session).number


CLOCK_SLACK = timedelta(minutes=5)
"""How far the clocks of two machines may stand apart."""


def why_due(release: Release, rubric: Rubric, now: datetime) -> str | None:
    """Return why what a release has stored is to be made anew, or None while it holds.

    What is stored was made by a version of the code, by a rubric and on a day; days that are yet
    to come are those of a wrong clock.
    """
    latest = now + CLOCK_SLACK
    if release.scored_on > latest.date() or release.published_at > latest:
        return f"the last release is of a later day, {release.published_at.date().isoformat()}"
    if release.rubric != rubric.version:
        return f"rubric {rubric.version} holds now"
    # a newer form is that of the server that replaces this one
    shapes = (release.summary_shape or 0, SUMMARY_SHAPE), (release.index_shape or 0, INDEX_SHAPE)
    if any(stored < ours for stored, ours in shapes):
        return "lists and searches have another form now"
    if release.scores_change_on is not None and release.scores_change_on <= now.date():
        return f"claims passed their shelf life by {now.date().isoformat()}"
    return None


def stamp(session: Session, sources: Iterable[str], as_of: date | None = None) -> StampFields:
    """Return what every answer with facts carries: release, day and sources, sorted."""
    return {
        "release": find_number(session),
        "as_of": as_of or today(),
        "sources": sorted(set(sources)),
    }


def stamp_programs(session: Session, as_of: date | None = None) -> StampFields:
    """Return the stamp of a list of programs: every source that one of them may draw on."""
    release = find_release(session)
    return {
        "release": release.number if release else 0,
        "as_of": as_of or today(),
        "sources": release.program_sources if release else [],
    }


def list_releases(session: Session, query: ReleaseQuery) -> Page[ReleaseItem]:
    """Return one page of releases, the newest first."""
    rows, following = fetch_page(
        session,
        select_columns(Release),
        [SortKey(col(Release.number), descending=True)],
        limit=query.limit,
        cursor=query.cursor,
        query="releases",
    )
    total = session.exec(select(func.count()).select_from(Release)).one()
    items = [ReleaseItem.model_validate(row[0]) for row in rows]
    return Page(items=items, total=total, next=following, **stamp(session, []))


def get_release(session: Session, number: int) -> ReleaseRead:
    """Return one release with its report.

    Raises:
        NotFoundError: There is no such release.
    """
    release = session.get(Release, number)
    if release is None:
        raise NotFoundError("release", str(number))
    return ReleaseRead(
        **ReleaseItem.model_validate(release).model_dump(),
        report=ReleaseReport.model_validate(release.report),
        **stamp(session, release.program_sources, release.scored_on),
    )
