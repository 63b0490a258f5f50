"""Indexes of claims without the many nulls

Most claims of a kind are on programs only, or on schools only: an index of all rows looked useless
to a planner that counts null as a value, and tables were read whole for one program. And one of the credentials
that programs name.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = (
    *("accreditation", "cost", "offering", "outcome", "practicum", "preparation", "service"),
    *("topic", "transfer"),
)
COLUMNS = ("program_id", "institution_id")


def upgrade() -> None:
    for kind in KINDS:
        for column in COLUMNS:
            name, known = f"ix_{kind}_claim_{column}", sa.text(f"{column} IS NOT NULL")
            op.drop_index(name, f"{kind}_claim")
            op.create_index(
                name, f"{kind}_claim", [column], sqlite_where=known, postgresql_where=known
            )
    op.create_index("ix_preparation_claim_credential_code", "preparation_claim", ["credential_code"])


def downgrade() -> None:
    op.drop_index("ix_preparation_claim_credential_code", "preparation_claim")
    for kind in KINDS:
        for column in COLUMNS:
            name = f"ix_{kind}_claim_{column}"
            op.drop_index(name, f"{kind}_claim")
            op.create_index(name, f"{kind}_claim", [column])
