"""Pages visited for a program

One page tells of several programs: whether it has changed is known for each that it was read for,
and so is where it leads on. When the pages of a program were read last is kept beside.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from app.store.tables.fields import JsonColumn

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

UNIQUE = "uq_page_visit_program_id_url"


def upgrade() -> None:
    with op.batch_alter_table("page_visit") as table:
        table.add_column(sa.Column("program_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("reason", sa.String(), nullable=True))
        table.add_column(sa.Column("links", JsonColumn, nullable=True))
        table.add_column(
            sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        table.drop_constraint("uq_page_visit_url", type_="unique")
        table.create_unique_constraint(UNIQUE, ["program_id", "url"])
        table.create_foreign_key(
            op.f("fk_page_visit_program_id_program"), "program", ["program_id"], ["id"]
        )
    op.create_table(
        "program_reading",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("kinds", JsonColumn, nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_reading_program_id_program")
        ),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_program_reading")),
    )


def downgrade() -> None:
    op.drop_table("program_reading")
    op.execute("DELETE FROM page_visit WHERE program_id IS NOT NULL")
    with op.batch_alter_table("page_visit") as table:
        table.drop_constraint(op.f("fk_page_visit_program_id_program"), type_="foreignkey")
        table.drop_constraint(UNIQUE, type_="unique")
        table.create_unique_constraint("uq_page_visit_url", ["url"])
        table.drop_column("checked_at")
        table.drop_column("links")
        table.drop_column("reason")
        table.drop_column("program_id")
