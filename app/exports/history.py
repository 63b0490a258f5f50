"""Where facts come from and what became of them as tables: sources, releases, changes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlmodel import col, select

from app.exports.release_tables import Item, Numbers, ReleaseTable, Source, in_batches
from app.queries.sources import read_sources
from app.schemas.releases import ReleaseItem
from app.schemas.sources import SourceRead
from app.store.changes import Change, list_changes
from app.store.tables.releases import Release


class ChangeRow(BaseModel):
    """One row of one collection that a release changed."""

    release: int = Field(description="Release that changed it; the first one is where all began")
    at: datetime
    change: Literal["added", "changed", "retired"]
    collection: str = Field(description="As /v1/changes names it", examples=["cost_claim"])
    key: str = Field(description="Of the row within its collection")
    program: str | None = Field(description="Slug of the program that it is about")
    institution: str | None = Field(description="Key of the school that it is about")
    credential: str | None = Field(description="Code of the credential that it is about")
    record: dict[str, Any] | None = Field(description="As it was then; null: it is gone")


def to_row(change: Change) -> Item:
    """Return a change as a row."""
    record = change.record or change.before or {}
    own = {change.collection: change.key}
    return {
        "release": change.release,
        "at": change.at.isoformat(),
        "change": change.kind,
        "collection": change.collection,
        "key": change.key,
        "program": own.get("program") or record.get("program"),
        "institution": own.get("institution") or record.get("institution"),
        "credential": own.get("credential") or record.get("credential"),
        "record": change.record,
    }


def find_changes(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield what every release but the first changed, in the order of the releases."""
    yield from in_batches(map(to_row, list_changes(source.session)))


def find_releases(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield the releases in their order."""
    found = source.session.exec(select(Release).order_by(col(Release.number)))
    yield [ReleaseItem.model_validate(one).model_dump(mode="json") for one in found]


def find_sources(source: Source, _numbers: Numbers | None) -> Iterator[list[Item]]:
    """Yield the sources that facts come from, by key; what looks for newer ones found is left out.

    That changes between two releases.
    """
    found = read_sources(source.session, source.day)
    yield [one.model_dump(mode="json", exclude={"freshness"}) for one in found]


SOURCES = ReleaseTable(
    name="sources",
    what="Where facts come from: publisher, license, edition, and how old it is.",
    model=SourceRead,
    without=("freshness",),
    find=find_sources,
    key=("key",),
    is_dated=True,
)

RELEASES = ReleaseTable(
    name="releases",
    what="Published states of the catalogue.",
    model=ReleaseItem,
    find=find_releases,
    key=("number",),
)

CHANGES = ReleaseTable(
    name="changes",
    what="What each release after the first changed: a row a record, as it was then.",
    model=ChangeRow,
    find=find_changes,
    links={"release": ("releases", "number")},
    sought=("release", "program", "credential"),
)
