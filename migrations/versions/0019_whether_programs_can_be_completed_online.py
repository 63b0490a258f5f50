"""Whether programs can be completed online

A survey asks schools which of their programs can be completed entirely at a distance: claims of a
kind of its own, and a column of lists.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('online_completion_claim',
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('source_url', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('as_of', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('as_stated', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('value_status', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('program_id', sa.Integer(), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.Column('superseded_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
    sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column("seen_on", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('completion_online', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.CheckConstraint("basis IN ('stated_by_issuer', 'stated_by_accreditor', 'government_data', 'stated_by_institution', 'third_party', 'editorial', 'unsourced')", name=op.f('ck_online_completion_claim_basis_known')),
    sa.CheckConstraint("completion_online IN ('all', 'some', 'none')", name=op.f('ck_online_completion_claim_completion_online_known')),
    sa.CheckConstraint("value_status IN ('reported', 'imputed', 'withheld', 'not_applicable', 'not_reported', 'published_without_amount', 'not_published')", name=op.f('ck_online_completion_claim_value_status_known')),
    sa.CheckConstraint('(program_id IS NULL) <> (institution_id IS NULL)', name=op.f('ck_online_completion_claim_one_subject')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_online_completion_claim_institution_id_institution')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_online_completion_claim_program_id_program')),
    sa.ForeignKeyConstraint(['source'], ['source.key'], name=op.f('fk_online_completion_claim_source_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_online_completion_claim'))
    )
    with op.batch_alter_table('online_completion_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_online_completion_claim_institution_id'), ['institution_id'], unique=False, sqlite_where=sa.text('institution_id IS NOT NULL'), postgresql_where=sa.text('institution_id IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_online_completion_claim_program_id'), ['program_id'], unique=False, sqlite_where=sa.text('program_id IS NOT NULL'), postgresql_where=sa.text('program_id IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_online_completion_claim_source'), ['source'], unique=False)

    with op.batch_alter_table('program_summary', schema=None) as batch_op:
        batch_op.add_column(sa.Column('completion_online', sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('program_summary', schema=None) as batch_op:
        batch_op.drop_column('completion_online')

    with op.batch_alter_table('online_completion_claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_online_completion_claim_source'))
        batch_op.drop_index(batch_op.f('ix_online_completion_claim_program_id'), sqlite_where=sa.text('program_id IS NOT NULL'), postgresql_where=sa.text('program_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_online_completion_claim_institution_id'), sqlite_where=sa.text('institution_id IS NOT NULL'), postgresql_where=sa.text('institution_id IS NOT NULL'))

    op.drop_table('online_completion_claim')
