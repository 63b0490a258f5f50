"""What many programs share

Sources, credentials with their fees, and prices of peers stand in one row. It is made when the
stored summaries are, which is due at the next start for they have another form now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_facts")),
    )


def downgrade() -> None:
    op.drop_table("shared_facts")
