"""Facts found on pages

What is read on pages of schools, or answered by schools, waits in tables of its own until an editor
decides on it; nothing that is served changes.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

from app.store.tables.fields import JsonColumn, SortableText

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", SortableText, nullable=False),
        sa.Column("visited_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("as_of", sa.String(), nullable=True),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_visit")),
        sa.UniqueConstraint("url", name=op.f("uq_page_visit_url")),
    )
    op.create_table(
        "answer_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_on", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_answer_link_program_id_program")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_link")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_answer_link_secret_sha256")),
    )
    op.create_index(op.f("ix_answer_link_program_id"), "answer_link", ["program_id"])
    op.create_table(
        "found_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("collection", sa.String(), nullable=False),
        sa.Column("record", JsonColumn, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("headings", JsonColumn, nullable=False),
        sa.Column("url", SortableText, nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("found_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("edit_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "origin IN ('page', 'school', 'reader')", name=op.f("ck_found_fact_origin_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'gone')",
            name=op.f("ck_found_fact_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_found_fact_program_id_program")
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["answer_link.id"], name=op.f("fk_found_fact_link_id_answer_link")
        ),
        sa.ForeignKeyConstraint(
            ["edit_id"], ["draft_edit.id"], name=op.f("fk_found_fact_edit_id_draft_edit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_found_fact")),
        sa.UniqueConstraint("digest", name=op.f("uq_found_fact_digest")),
    )
    op.create_table(
        "page_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("url", SortableText, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("url_now", sa.String(), nullable=True),
        sa.Column("lost", JsonColumn, nullable=False),
        sa.Column("found_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('changed', 'moved', 'gone')", name=op.f("ck_page_review_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_page_review_program_id_program")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_review")),
    )
    op.create_index(op.f("ix_page_review_program_id"), "page_review", ["program_id"])
    for name in ("link_id", "program_id", "state", "url"):
        op.create_index(op.f(f"ix_found_fact_{name}"), "found_fact", [name])


def downgrade() -> None:
    op.drop_table("page_review")
    op.drop_table("found_fact")
    op.drop_table("answer_link")
    op.drop_table("page_visit")
