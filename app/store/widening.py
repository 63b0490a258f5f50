"""A closed list that grew, in a database that was made before: one line in a migration."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import SQLModel


def widen(table: str, column: str) -> None:
    """Let a column hold whatever its closed list holds in the models.

    SQLite makes the table anew for it, with all its rows; nothing else of the table changes.

    >>> widen("outcome_claim", "metric")  # doctest: +SKIP
    """
    [check] = [
        constraint
        for constraint in SQLModel.metadata.tables[table].constraints
        if isinstance(constraint, sa.CheckConstraint) and column in constraint.info
    ]
    name = op.f(f"ck_{table}_{column}_known")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(str(check.sqltext)))
