"""Contacts of programs

Whom to ask about a program: a role or office, its mailbox and its number.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

COLUMNS = ("contact_role", "contact_mail", "contact_phone")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column(
            "offering_claim",
            sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        )


def downgrade() -> None:
    with op.batch_alter_table("offering_claim") as table:
        for name in COLUMNS:
            table.drop_column(name)
