"""Claims on programs and institutions, one table a kind, made from app/domain/claims.py.

Nothing is overwritten: a newer statement of the same source supersedes the older row.
"""

from dataclasses import MISSING
from datetime import datetime
from typing import Any, get_origin

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.claims import LISTS, ProgramClaim, own_fields
from app.store.tables.fields import EvidenceColumns, JsonColumn, evidence_checks, one_of


class ClaimColumns(EvidenceColumns):
    """Exactly one of ``program_id`` and ``institution_id`` is set."""

    id: int | None = Field(default=None, primary_key=True)
    program_id: int | None = Field(default=None, foreign_key="program.id")
    institution_id: int | None = Field(default=None, foreign_key="institution.id")
    recorded_at: datetime
    superseded_at: datetime | None = None
    form: str | None = None
    seen_on: str | None = None


def _rules(*more: sa.CheckConstraint) -> tuple[sa.CheckConstraint | sa.Index, ...]:
    return (
        _index_of_known("program_id"),
        _index_of_known("institution_id"),
        sa.CheckConstraint("(program_id IS NULL) <> (institution_id IS NULL)", name="one_subject"),
        *evidence_checks(),
        *more,
    )


def _index_of_known(column: str) -> sa.Index:
    """Return an index of the rows that have a value.

    In a whole one the many without would make a planner believe that any value is frequent, and
    read the table instead.
    """
    known = sa.text(f"{column} IS NOT NULL")
    return sa.Index(None, column, sqlite_where=known, postgresql_where=known)


def _table(kind: type[ProgramClaim]) -> type[ClaimColumns]:
    """Return the table of a kind of claim, a column for each of its fields."""
    columns: dict[str, Any] = {}
    rules: list[sa.CheckConstraint] = []
    for one in own_fields(kind):
        if get_origin(one.type) is list:
            columns[one.name] = Field(default_factory=list, sa_type=JsonColumn)
        elif one.default is not MISSING:
            columns[one.name] = one.default
        elif one.column.is_indexed:
            columns[one.name] = Field(index=True)
        if one.column.one_of is not None:
            rules.append(one_of(one.name, one.column.one_of))
    rules += [sa.CheckConstraint(sql, name=name) for name, sql in kind.conditions.items()]
    make: Any = type(ClaimColumns)
    made: type[ClaimColumns] = make(
        kind.__name__,
        (ClaimColumns,),
        {
            "__doc__": kind.__doc__,
            "__module__": __name__,
            "__qualname__": kind.__name__,
            "__tablename__": f"{kind.kind_name}_claim",
            "__annotations__": {one.name: one.type for one in own_fields(kind)},
            "__table_args__": _rules(*rules),
            **columns,
        },
        table=True,
    )
    return made


TABLES: dict[type[ProgramClaim], type[ClaimColumns]] = {kind: _table(kind) for kind in LISTS}
"""Kind of claim -> its table."""
