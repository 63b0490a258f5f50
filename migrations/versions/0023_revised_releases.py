"""Revised releases

Of a source whether its file is a revised release of a table, which a provisional one that comes
later must not undo.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source", sa.Column("is_revised", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("source", "is_revised")
