"""Prices by residency

What a program costs people who are not residents of its state stands beside its summary, and so
does the price of an academic year. Both are made when the stored summaries are, which is due at
the next start for they have another form now.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "program_price",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("residency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("tuition_and_fees_cents", sa.Integer(), nullable=True),
        sa.Column("tuition_year_cents", sa.Integer(), nullable=True),
        sa.Column("price_unit", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("price_level", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("total_cost_low_cents", sa.Integer(), nullable=True),
        sa.Column("total_cost_high_cents", sa.Integer(), nullable=True),
        sa.Column("doc", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "residency IN ('in_district', 'out_of_state')",
            name=op.f("ck_program_price_residency_known"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_price_program_id_program")
        ),
        sa.PrimaryKeyConstraint("program_id", "residency", name=op.f("pk_program_price")),
    )
    op.add_column("program_summary", sa.Column("tuition_year_cents", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("program_summary", "tuition_year_cents")
    op.drop_table("program_price")
