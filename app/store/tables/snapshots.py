"""Frozen comparisons; never changed once stored."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class Snapshot(SQLModel, table=True):
    """One comparison as it stood.

    ``packed`` is the canonical JSON text that ``hash`` is taken of, as app.domain.snapshots packs
    it. ``opened_on`` is the last day somebody opened it here, which copies in caches may hide;
    None: nobody has since it was frozen.
    """

    __tablename__ = "snapshot"

    hash: str = Field(primary_key=True)
    created_at: datetime = Field(index=True)
    release: int
    packed: bytes
    opened_on: date | None = None
