"""Facts as documents

The current claims on a program, or a school, stand in one row, and what many programs share in
another: sources, credentials with their fees, prices of peers. The rows are made when the stored
summaries are, which is due at the next start for they have another form now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for about in ("program", "institution"):
        op.create_table(
            f"{about}_facts",
            sa.Column(f"{about}_id", sa.Integer(), nullable=False),
            sa.Column("doc", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(
                [f"{about}_id"],
                [f"{about}.id"],
                name=op.f(f"fk_{about}_facts_{about}_id_{about}"),
            ),
            sa.PrimaryKeyConstraint(f"{about}_id", name=op.f(f"pk_{about}_facts")),
        )
    op.create_table(
        "shared_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_facts")),
    )


def downgrade() -> None:
    op.drop_table("shared_facts")
    for about in ("program", "institution"):
        op.drop_table(f"{about}_facts")
