"""Standing of facts on credentials

A statement that was replaced on a known day is history, not a disagreement of today; outlines of an
exam are told apart by the day from which they hold. A credential tells whom it is taken for. One that
a file of facts brought in is of a level and a focus that nobody has told yet.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

from app.store.widening import widen

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

LEVELS = ("entry", "specialist", "advanced", "management")
FOCUSES = (
    *("coding", "billing", "auditing", "data", "privacy", "documentation", "management"),
    *("informatics", "registry", "compliance"),
)


def upgrade() -> None:
    with op.batch_alter_table("credential_claim") as batch:
        batch.add_column(
            sa.Column("is_superseded", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        for name in ("superseded_on", "in_force_from"):
            batch.add_column(
                sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=True)
            )
    with op.batch_alter_table("credential") as batch:
        batch.add_column(
            sa.Column("mixed_up_with", JSON, server_default="[]", nullable=False)
        )
    widen("credential", "level")
    widen("credential", "focus")
    widen("credential_name", "relation")


def downgrade() -> None:
    op.execute("DELETE FROM credential_name WHERE relation = 'spelling'")
    with op.batch_alter_table("credential_name") as batch:
        batch.drop_constraint(op.f("ck_credential_name_relation_known"), type_="check")
        batch.create_check_constraint(
            op.f("ck_credential_name_relation_known"), "relation IN ('former', 'apprentice')"
        )
    for column, before, instead in (("level", LEVELS, "specialist"), ("focus", FOCUSES, "data")):
        known = ", ".join(f"'{member}'" for member in before)
        op.execute(
            f"UPDATE credential SET {column} = '{instead}' WHERE {column} NOT IN ({known})"  # noqa: S608
        )
        name = op.f(f"ck_credential_{column}_known")
        with op.batch_alter_table("credential") as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, f"{column} IN ({known})")
    with op.batch_alter_table("credential") as batch:
        batch.drop_column("mixed_up_with")
    with op.batch_alter_table("credential_claim") as batch:
        for name in ("in_force_from", "superseded_on", "is_superseded"):
            batch.drop_column(name)
