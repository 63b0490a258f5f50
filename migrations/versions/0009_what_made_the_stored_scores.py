"""What made the stored scores

A release tells the rubric it was scored by, and the versions of the code's own forms of list items
and search terms. Those of before are unknown, so that all is scored anew at the next start.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("release", sa.Column("rubric", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("release", sa.Column("summary_shape", sa.Integer(), nullable=True))
    op.add_column("release", sa.Column("index_shape", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in ("index_shape", "summary_shape", "rubric"):
        op.drop_column("release", name)
