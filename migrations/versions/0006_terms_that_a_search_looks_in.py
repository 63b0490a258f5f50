"""Terms that a search looks in

They are kept with every release made from now on; for the newest one of before, they are made
in memory when a search first asks for them.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_terms",
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("terms", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sizes", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release"], ["release.number"], name=op.f("fk_search_terms_release_release")
        ),
        sa.PrimaryKeyConstraint("release", "kind", name=op.f("pk_search_terms")),
    )
    with op.batch_alter_table("program_summary", schema=None) as batch_op:
        for name in ("search_text", "place_x", "place_y", "place_z"):
            batch_op.drop_column(name)


def downgrade() -> None:
    with op.batch_alter_table("program_summary", schema=None) as batch_op:
        for name in ("place_x", "place_y", "place_z"):
            batch_op.add_column(sa.Column(name, sa.Float(), nullable=True))
        batch_op.add_column(
            sa.Column("search_text", sa.String(), nullable=False, server_default="")
        )
    op.drop_table("search_terms")
