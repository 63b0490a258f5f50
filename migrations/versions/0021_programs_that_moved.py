"""Programs that moved, and entries of accreditors' lists

A program whose facts stand with another one now points to it, and a program names every record
whose facts it carries, not only the one that leads. An accreditation has the number of its entry in
the list of the accreditor, and a list may name it no longer.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.store.widening import widen

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

RECORDS = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
BEFORE = (
    *("accredited", "candidacy", "initial", "continuing", "probationary"),
    *("administrative_probationary", "preaccredited", "withheld", "withdrawn"),
    *("voluntary_withdrawal", "inactive", "not_accredited", "aligned_only", "historical"),
    *("unclear", "approved", "certified", "applied", "title_iv", "not_title_iv"),
    "title_iv_deferment",
)


def upgrade() -> None:
    op.add_column("program", sa.Column("joined_records", RECORDS, nullable=True))
    op.add_column("program", sa.Column("moved_to", sa.String(), nullable=True))
    op.add_column("accreditation_claim", sa.Column("accreditor_id", sa.String(), nullable=True))
    widen("accreditation_claim", "status")


def downgrade() -> None:
    known = ", ".join(f"'{status}'" for status in BEFORE)
    op.execute(f"DELETE FROM accreditation_claim WHERE status NOT IN ({known})")  # noqa: S608
    name = op.f("ck_accreditation_claim_status_known")
    with op.batch_alter_table("accreditation_claim") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"status IN ({known})")
    op.drop_column("accreditation_claim", "accreditor_id")
    for name in ("moved_to", "joined_records"):
        op.drop_column("program", name)
