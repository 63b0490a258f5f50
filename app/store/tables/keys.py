"""Keys of editors; a key itself is never stored, only its hash."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.store.tables.fields import JsonColumn


class ApiKey(SQLModel, table=True):
    """One key; it works from ``created_at`` until it expires or is revoked."""

    __tablename__ = "api_key"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True)
    name: str
    key_hash: str
    scopes: list[str] = Field(sa_type=JsonColumn)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
