"""Follow the feed of changes as a reader would, and read the export it must come to."""

from sqlalchemy import Engine

from app.store.changes import FeedPosition, read_feed
from app.store.database import read_snapshot
from app.store.records import export_line, export_lines

Copy = dict[tuple[str, str], str]
"""(collection, key) -> its line of the export."""


def export(engine: Engine) -> list[str]:
    """Return the lines of the canonical export."""
    with read_snapshot(engine) as session:
        return list(export_lines(session))


def apply_feed(engine: Engine, copy: Copy, since: int, limit: int = 2_000) -> Copy:
    """Return a copy with every change since a release applied."""
    copy, place = dict(copy), None
    while True:
        copy, place = apply_page(engine, copy, since, place, limit)
        if place is None:
            return copy


def apply_page(
    engine: Engine, copy: Copy, since: int, place: FeedPosition | None, limit: int
) -> tuple[Copy, FeedPosition | None]:
    """Return a copy with one page of the feed applied, and the place to go on from."""
    with read_snapshot(engine) as session:
        items, following = read_feed(session, since, place, limit)
    copy = dict(copy)
    for item in items:
        at = (item.collection, item.key)
        copy.pop(at, None)
        if item.record is not None:
            copy[at] = export_line(*at, item.record)
    return copy, following


def follow(engine: Engine, limit: int = 2_000) -> list[str]:
    """Return the lines of a copy made from nothing by the feed alone."""
    return lines_of(apply_feed(engine, {}, 0, limit))


def lines_of(copy: Copy) -> list[str]:
    """Return the lines of a copy in the order of the export."""
    return [copy[at] for at in sorted(copy)]
