"""Decision orders in closed terms

Orders written before lines were held to closed lists cannot be evaluated: they are taken out, and
the routes beside them decide until the rules are imported anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TERMS = {"award", "accreditation", "award_fits", "covers"}

RULES = sa.table(
    "credential_rule",
    sa.column("kind", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("rules", sa.JSON()),
)


def upgrade() -> None:
    connection = op.get_bind()
    for kind, subject, rules in connection.execute(sa.select(RULES)).all():
        if any(set(line["when"]) - TERMS for line in rules.get("decision_order", [])):
            kept = {key: value for key, value in rules.items() if key != "decision_order"}
            connection.execute(
                sa.update(RULES)
                .where(RULES.c.kind == kind, RULES.c.subject == subject)
                .values(rules=kept)
            )


def downgrade() -> None:
    """Leave the rules: the version before reads them as they are."""
