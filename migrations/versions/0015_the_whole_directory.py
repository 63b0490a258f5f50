"""The whole directory

Of every school its county, its metropolitan or micropolitan area, the system it is part of, and the
names it had in older editions of the federal directory. They come with the next import of one.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TEXTS = ("county_code", "county_name", "cbsa_code", "system_name")
NAMES = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
KIND = """
ALTER TABLE institution ADD COLUMN cbsa_kind VARCHAR
CONSTRAINT ck_institution_cbsa_kind_known CHECK (cbsa_kind IN ('metropolitan', 'micropolitan'))
"""


def upgrade() -> None:
    for name in TEXTS:
        op.add_column("institution", sa.Column(name, sa.String(), nullable=True))
    op.add_column("institution", sa.Column("former_names", NAMES, nullable=True))
    op.execute(KIND)  # in one statement, for SQLite adds no constraint to a table


def downgrade() -> None:
    for name in ("cbsa_kind", "former_names", *TEXTS):
        op.drop_column("institution", name)
