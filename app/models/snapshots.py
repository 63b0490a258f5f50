"""Frozen comparisons; never changed once stored."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Snapshot(SQLModel, table=True):
    """One comparison as it stood; ``body`` is the canonical JSON text that ``hash`` is taken of."""

    __tablename__ = "snapshot"

    hash: str = Field(primary_key=True)
    created_at: datetime
    release: int
    body: str = Field(sa_type=sa.Text)
