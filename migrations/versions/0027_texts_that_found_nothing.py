"""Texts that found nothing

Where the operator says so, they are kept for some days, for words that the lexicon lacks.
"""

import sqlalchemy as sa
from alembic import op

from app.store.tables.fields import SortableText

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "missed_text",
        sa.Column("text", SortableText, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("text", "day", name=op.f("pk_missed_text")),
    )


def downgrade() -> None:
    op.drop_table("missed_text")
