"""Schools: who they are and where."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.domain.vocabulary import CbsaKind, Control, InstitutionLevel
from app.store.tables.fields import JsonColumn, NullableJson, SortableText, one_of


class Institution(SQLModel, table=True):
    """A school of the federal directory, or one known only from its own pages (no unitid)."""

    __tablename__ = "institution"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, sa_type=SortableText)
    unitid: int | None = Field(default=None, unique=True)
    opeid: str | None = Field(default=None, index=True)
    name: str = Field(sa_type=SortableText)
    aliases: list[str] = Field(default_factory=list, sa_type=JsonColumn)
    former_names: list[dict[str, str]] | None = Field(default=None, sa_type=NullableJson)
    """Names of older editions of the directory, newest first: ``name``, and ``until``, the last
    edition that has it."""
    system_name: str | None = None
    address: str | None = None
    city: str | None = None
    state: str = Field(index=True)
    zip_code: str | None = None
    county_code: str | None = None
    county_name: str | None = None
    cbsa_code: str | None = None
    cbsa_kind: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    control: str | None = None
    level: str | None = None
    locale_code: int | None = None
    website: str | None = None
    admissions_url: str | None = None
    financial_aid_url: str | None = None
    net_price_url: str | None = None
    is_active: bool | None = None
    closed_on: str | None = None
    retired_at: datetime | None = None
    source: str = Field(foreign_key="source.key")
    as_of: str | None = None
    updated_at: datetime

    __table_args__ = (
        one_of("control", Control),
        one_of("level", InstitutionLevel),
        one_of("cbsa_kind", CbsaKind),
    )
