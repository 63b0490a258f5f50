"""When newer editions were looked for

A publisher that was asked and has nothing new leaves no trace in the record of imports.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition_look",
        sa.Column("publication", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("looked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("edition", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("is_failed", sa.Boolean(), nullable=False),
        sa.Column("told", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("publication", name=op.f("pk_edition_look")),
    )


def downgrade() -> None:
    op.drop_table("edition_look")
