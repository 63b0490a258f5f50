"""Column rules used by several tables."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.domain.vocabulary import Basis, ValueStatus

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING_CONVENTION

JsonColumn = sa.JSON().with_variant(JSONB(), "postgresql")
"""JSON text on SQLite, JSONB on PostgreSQL."""

NullableJson = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""The same where None is unknown: stored as SQL null, not as the JSON word null."""

SortableText = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that both engines order by code point."""


def one_of(column: str, values: Any) -> sa.CheckConstraint:
    """Return a CHECK that a text column holds a member of a closed list, or null."""
    known = [str(value) for value in values]
    listed = ", ".join(f"'{value}'" for value in known)
    return sa.CheckConstraint(
        f"{column} IN ({listed})", name=f"{column}_known", info={column: known}
    )


def closed_lists(table: sa.Table) -> dict[str, list[str]]:
    """Return column -> its members, for every column that holds a closed list."""
    return {
        column: members
        for constraint in table.constraints
        for column, members in constraint.info.items()
    }


class EvidenceColumns(SQLModel):
    """Who says it, where, as of when, and how the value stands; flat columns of a claim."""

    source: str = Field(foreign_key="source.key", index=True)
    source_url: str | None = None
    as_of: str | None = None
    basis: str
    as_stated: str | None = None
    note: str | None = None
    value_status: str = Field(default=ValueStatus.REPORTED)


def evidence_checks() -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """Return the CHECKs of the evidence columns, new ones for every table."""
    return one_of("basis", Basis), one_of("value_status", ValueStatus)
