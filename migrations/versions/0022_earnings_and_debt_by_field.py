"""Earnings and debt by field

What graduates of a field and level at a school earn and owe are claims of a kind of their own; lists
have three of the figures as columns.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('field_outcome_claim',
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
    sa.Column('cip_family', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('credential_level', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('earnings_1_year_usd', sa.Float(), nullable=True),
    sa.Column('earnings_1_year_counted', sa.Integer(), nullable=True),
    sa.Column('earnings_4_years_usd', sa.Float(), nullable=True),
    sa.Column('earnings_4_years_counted', sa.Integer(), nullable=True),
    sa.Column('earnings_5_years_usd', sa.Float(), nullable=True),
    sa.Column('earnings_5_years_counted', sa.Integer(), nullable=True),
    sa.Column('debt_usd', sa.Float(), nullable=True),
    sa.Column('debt_counted', sa.Integer(), nullable=True),
    sa.Column('graduates', sa.Integer(), nullable=True),
    sa.Column('withheld', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('tells_withheld', sa.Boolean(), nullable=True),
    sa.CheckConstraint("basis IN ('stated_by_issuer', 'stated_by_accreditor', 'government_data', 'stated_by_institution', 'third_party', 'editorial', 'unsourced')", name=op.f('ck_field_outcome_claim_basis_known')),
    sa.CheckConstraint("credential_level IN ('undergraduate_certificate', 'associate', 'bachelor', 'postbaccalaureate_certificate', 'master', 'doctorate', 'first_professional', 'graduate_certificate')", name=op.f('ck_field_outcome_claim_credential_level_known')),
    sa.CheckConstraint("value_status IN ('reported', 'imputed', 'withheld', 'not_applicable', 'not_reported', 'published_without_amount', 'not_published')", name=op.f('ck_field_outcome_claim_value_status_known')),
    sa.CheckConstraint('(program_id IS NULL) <> (institution_id IS NULL)', name=op.f('ck_field_outcome_claim_one_subject')),
    sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_field_outcome_claim_institution_id_institution')),
    sa.ForeignKeyConstraint(['program_id'], ['program.id'], name=op.f('fk_field_outcome_claim_program_id_program')),
    sa.ForeignKeyConstraint(['source'], ['source.key'], name=op.f('fk_field_outcome_claim_source_source')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_outcome_claim'))
    )
    with op.batch_alter_table('field_outcome_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_field_outcome_claim_institution_id'), ['institution_id'], unique=False, sqlite_where=sa.text('institution_id IS NOT NULL'), postgresql_where=sa.text('institution_id IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_field_outcome_claim_program_id'), ['program_id'], unique=False, sqlite_where=sa.text('program_id IS NOT NULL'), postgresql_where=sa.text('program_id IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_field_outcome_claim_source'), ['source'], unique=False)

    with op.batch_alter_table('program_summary', schema=None) as batch_op:
        batch_op.add_column(sa.Column('field_earnings_1_year_usd', sa.Float(), nullable=True))
        batch_op.add_column(sa.Column('field_earnings_4_years_usd', sa.Float(), nullable=True))
        batch_op.add_column(sa.Column('field_debt_usd', sa.Float(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('program_summary', schema=None) as batch_op:
        batch_op.drop_column('field_debt_usd')
        batch_op.drop_column('field_earnings_4_years_usd')
        batch_op.drop_column('field_earnings_1_year_usd')

    with op.batch_alter_table('field_outcome_claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_field_outcome_claim_source'))
        batch_op.drop_index(batch_op.f('ix_field_outcome_claim_program_id'), sqlite_where=sa.text('program_id IS NOT NULL'), postgresql_where=sa.text('program_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_field_outcome_claim_institution_id'), sqlite_where=sa.text('institution_id IS NOT NULL'), postgresql_where=sa.text('institution_id IS NOT NULL'))

    op.drop_table('field_outcome_claim')