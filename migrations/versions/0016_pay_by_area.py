"""Pay by area

What occupations pay in states, metropolitan and nonmetropolitan areas, and how dear living is in a
state. Two measures more tell how usual an occupation is in an area.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

from app.store.widening import widen

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE = (
    *("employment", "annual_mean", "annual_p10", "annual_p25", "annual_median", "annual_p75"),
    *("annual_p90", "annual_wage", "employment_base", "employment_projected", "employment_change"),
    *("employment_change_pct", "openings", "self_employed_pct", "typical_education"),
    *("work_experience", "training", "event_count", "share", "duration_months"),
)


def upgrade() -> None:
    widen("statistic", "measure")
    op.create_table('area',
    sa.Column('code', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('states', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.CheckConstraint("kind IN ('state', 'metro', 'nonmetro')", name=op.f('ck_area_kind_known')),
    sa.ForeignKeyConstraint(['source'], ['source.key'], name=op.f('fk_area_source_source')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_area'))
    )
    op.create_table('price_level',
    sa.Column('state', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('all_items', sa.Float(), nullable=True),
    sa.Column('goods', sa.Float(), nullable=True),
    sa.Column('housing', sa.Float(), nullable=True),
    sa.Column('utilities', sa.Float(), nullable=True),
    sa.Column('other_services', sa.Float(), nullable=True),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['source'], ['source.key'], name=op.f('fk_price_level_source_source')),
    sa.PrimaryKeyConstraint('state', 'year', name=op.f('pk_price_level'))
    )
    op.create_table('area_wage',
    sa.Column('area_code', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('soc_code', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('employment', sa.Integer(), nullable=True),
    sa.Column('annual_mean', sa.Integer(), nullable=True),
    sa.Column('annual_p10', sa.Integer(), nullable=True),
    sa.Column('annual_p25', sa.Integer(), nullable=True),
    sa.Column('annual_median', sa.Integer(), nullable=True),
    sa.Column('annual_p75', sa.Integer(), nullable=True),
    sa.Column('annual_p90', sa.Integer(), nullable=True),
    sa.Column('jobs_per_1000', sa.Float(), nullable=True),
    sa.Column('location_quotient', sa.Float(), nullable=True),
    sa.Column('open_upward', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_area_wage_area_code_area')),
    sa.PrimaryKeyConstraint('area_code', 'soc_code', 'year', name=op.f('pk_area_wage'))
    )
    with op.batch_alter_table('area_wage', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_area_wage_soc_code'), ['soc_code'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('area_wage', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_area_wage_soc_code'))

    op.drop_table('area_wage')
    op.drop_table('price_level')
    op.drop_table('area')
    known = ", ".join(f"'{measure}'" for measure in BEFORE)
    op.execute(f"DELETE FROM statistic WHERE measure NOT IN ({known})")  # noqa: S608
    name = op.f("ck_statistic_measure_known")
    with op.batch_alter_table("statistic") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"measure IN ({known})")
