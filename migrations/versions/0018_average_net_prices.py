"""Average net prices

What aided students of a school pay on average is an outcome of one more kind, and a column that
lists filter and sort by. What is stored is made anew at the next start.
"""

import sqlalchemy as sa
from alembic import op

from app.store.widening import widen

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    widen("outcome_claim", "metric")
    op.add_column("program_summary", sa.Column("net_price_cents", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("program_summary", "net_price_cents")
    op.execute("DELETE FROM outcome_claim WHERE metric = 'net_price'")
