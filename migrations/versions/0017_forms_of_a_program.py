"""Forms of a program, and more of what pages say

A claim may speak of one form or track alone, and tells when it was read. Accreditations have days
of the decision and the term, and what they cover; credits a range; a practicum where it is done
and in which tracks it is required; outcomes how many are counted and how.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

from app.store.widening import widen

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TEXT = sqlmodel.sql.sqltypes.AutoString()
KINDS = (
    *("accreditation", "cost", "transfer", "practicum", "topic", "preparation"),
    *("outcome", "offering", "service", "status"),
)
OWN = {
    "accreditation": {"awarded_on": TEXT, "effective_on": TEXT, "expires_on": TEXT},
    "offering": {"credits_low": sa.Float(), "credits_high": sa.Float()},
    "outcome": {"reached_count": sa.Integer(), "person_count": sa.Integer(), "definition": TEXT},
}
LISTS = {"accreditation": ("campuses", "forms"), "practicum": ("required_in", "sites")}
BEFORE = (
    *("accredited", "candidacy", "initial", "continuing", "probationary"),
    *("administrative_probationary", "preaccredited", "withheld", "withdrawn"),
    *("voluntary_withdrawal", "inactive", "not_accredited", "aligned_only", "historical"),
    *("unclear", "approved", "certified", "title_iv", "not_title_iv", "title_iv_deferment"),
)


def upgrade() -> None:
    for kind in KINDS:
        for name, of_type in {"form": TEXT, "seen_on": TEXT, **OWN.get(kind, {})}.items():
            op.add_column(f"{kind}_claim", sa.Column(name, of_type, nullable=True))
        for name in LISTS.get(kind, ()):
            empty = sa.Column(name, JSON, nullable=False, server_default="[]")
            op.add_column(f"{kind}_claim", empty)
    widen("accreditation_claim", "status")


def downgrade() -> None:
    known = ", ".join(f"'{status}'" for status in BEFORE)
    op.execute(f"DELETE FROM accreditation_claim WHERE status NOT IN ({known})")  # noqa: S608
    name = op.f("ck_accreditation_claim_status_known")
    with op.batch_alter_table("accreditation_claim") as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"status IN ({known})")
    for kind in KINDS:
        op.execute(f"DELETE FROM {kind}_claim WHERE form IS NOT NULL")  # noqa: S608
        for column in ("form", "seen_on", *OWN.get(kind, {}), *LISTS.get(kind, ())):
            op.drop_column(f"{kind}_claim", column)
