"""Graph of roles

Roles get a stage and requirements, and steps between them; work settings get the credentials
valued there and shares of remote work. A role of a work setting was words; it now can name its
occupations, which are unknown until the settings are imported anew.
"""

from typing import Any

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")
BASES = (
    "'stated_by_issuer', 'stated_by_accreditor', 'government_data', 'stated_by_institution', "
    "'third_party', 'editorial', 'unsourced'"
)
SETTINGS = sa.table("work_setting", sa.column("slug", sa.String()), sa.column("roles", JSON))


def upgrade() -> None:
    with op.batch_alter_table("advancement_path", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stage", TEXT(), server_default="target", nullable=False))
        batch_op.add_column(sa.Column("requirements", JSON, server_default="[]", nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_advancement_path_stage_known"), "stage IN ('entry', 'middle', 'target')"
        )
    op.create_table(
        "advancement_step",
        sa.Column("sending_role", TEXT(), nullable=False),
        sa.Column("receiving_role", TEXT(), nullable=False),
        sa.Column("reason", TEXT(), nullable=False),
        sa.Column("experience", TEXT(), nullable=True),
        sa.Column("months_low", sa.Float(), nullable=True),
        sa.Column("months_high", sa.Float(), nullable=True),
        sa.Column("retired_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("source", TEXT(), nullable=False),
        sa.Column("basis", TEXT(), nullable=False),
        sa.CheckConstraint(f"basis IN ({BASES})", name=op.f("ck_advancement_step_basis_known")),
        sa.ForeignKeyConstraint(
            ["receiving_role"],
            ["advancement_path.slug"],
            name=op.f("fk_advancement_step_receiving_role_advancement_path"),
        ),
        sa.ForeignKeyConstraint(
            ["sending_role"],
            ["advancement_path.slug"],
            name=op.f("fk_advancement_step_sending_role_advancement_path"),
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["source.key"], name=op.f("fk_advancement_step_source_source")
        ),
        sa.PrimaryKeyConstraint(
            "sending_role", "receiving_role", name=op.f("pk_advancement_step")
        ),
    )
    with op.batch_alter_table("work_setting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("credentials", JSON, nullable=True))
        batch_op.add_column(sa.Column("remote", JSON, server_default="[]", nullable=False))
    _rewrite(lambda role: {"label": role, "soc_codes": [], "path": None, "note": None})


def downgrade() -> None:
    _rewrite(lambda role: role["label"])
    with op.batch_alter_table("work_setting", schema=None) as batch_op:
        batch_op.drop_column("remote")
        batch_op.drop_column("credentials")
    op.drop_table("advancement_step")
    with op.batch_alter_table("advancement_path", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_advancement_path_stage_known"), type_="check")
        batch_op.drop_column("requirements")
        batch_op.drop_column("stage")


def _rewrite(to_role: Any) -> None:
    connection = op.get_bind()
    for slug, roles in connection.execute(sa.select(SETTINGS)).all():
        connection.execute(
            sa.update(SETTINGS)
            .where(SETTINGS.c.slug == slug)
            .values(roles=[to_role(role) for role in roles])
        )
