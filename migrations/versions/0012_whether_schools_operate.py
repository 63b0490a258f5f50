"""Whether schools operate

What sources say of it are claims; lists know of each program whether it takes students, and of its
school whether it operates. Two codes more tell that a school has no part in federal student aid.
The record of an import keeps what its survey asked.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

from app.store.widening import widen

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

BEFORE = (
    *("accredited", "candidacy", "initial", "continuing", "probationary"),
    *("administrative_probationary", "preaccredited", "withheld", "withdrawn"),
    *("voluntary_withdrawal", "inactive", "not_accredited", "aligned_only", "historical"),
    *("unclear", "approved", "title_iv"),
)


def upgrade() -> None:
    widen("accreditation_claim", "status")
    op.create_table(
        "status_claim",
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_url", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("as_of", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("as_stated", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("value_status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("closed_on", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("successor_unitid", sa.Integer(), nullable=True),
        sa.Column("successor_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("is_cash_monitored", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "basis IN ('stated_by_issuer', 'stated_by_accreditor', 'government_data', 'stated_by_institution', 'third_party', 'editorial', 'unsourced')",
            name=op.f("ck_status_claim_basis_known"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'closing', 'closed', 'merged', 'not_operating')",
            name=op.f("ck_status_claim_status_known"),
        ),
        sa.CheckConstraint(
            "value_status IN ('reported', 'imputed', 'withheld', 'not_applicable', 'not_reported', 'published_without_amount', 'not_published')",
            name=op.f("ck_status_claim_value_status_known"),
        ),
        sa.CheckConstraint(
            "(program_id IS NULL) <> (institution_id IS NULL)",
            name=op.f("ck_status_claim_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_status_claim_institution_id_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_status_claim_program_id_program")
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["source.key"], name=op.f("fk_status_claim_source_source")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_claim")),
    )
    with op.batch_alter_table("status_claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_status_claim_institution_id"),
            ["institution_id"],
            unique=False,
            sqlite_where=sa.text("institution_id IS NOT NULL"),
            postgresql_where=sa.text("institution_id IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_status_claim_program_id"),
            ["program_id"],
            unique=False,
            sqlite_where=sa.text("program_id IS NOT NULL"),
            postgresql_where=sa.text("program_id IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_status_claim_source"), ["source"], unique=False)

    with op.batch_alter_table("program_summary", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(
            sa.Column("school_status", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
        )
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked", JSON, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.drop_column("asked")
    with op.batch_alter_table("program_summary", schema=None) as batch_op:
        batch_op.drop_column("school_status")
        batch_op.drop_column("status")
    op.drop_table("status_claim")
    known = ", ".join(f"'{status}'" for status in BEFORE)
    op.execute(f"DELETE FROM accreditation_claim WHERE status NOT IN ({known})")  # noqa: S608
    name = op.f("ck_accreditation_claim_status_known")
    with op.batch_alter_table("accreditation_claim") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"status IN ({known})")
