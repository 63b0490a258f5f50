"""Likely scores and what applies

Lists tell a likely score beside the interval, and weights of the caller need how much of a criterion
applies. What is stored is made anew at the next start.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CRITERIA = ("accreditation", "cost_transparency", "transfer_credits", "practicum_access")
COLUMNS = [f"{criterion}_{part}" for criterion in CRITERIA for part in ("likely", "applies")]


def upgrade() -> None:
    likely = sa.Column("score_likely", sa.Float(), server_default="0", nullable=False)
    op.add_column("program_summary", likely)
    for name in COLUMNS:
        op.add_column("program_summary", sa.Column(name, sa.Float(), nullable=True))


def downgrade() -> None:
    for name in ("score_likely", *COLUMNS):
        op.drop_column("program_summary", name)
