"""Bounds of what anybody writes

Snapshots are packed, a tenth of their size, and tell the day they were last opened; the day a
snapshot or a report came can be counted quickly; the words of a report can be hidden.
"""

import zlib

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
MOMENT = sqlmodel.sql.sqltypes.UTCDateTime
SNAPSHOTS = sa.table(
    "snapshot",
    sa.column("hash", sa.String()),
    sa.column("body", sa.Text()),
    sa.column("packed", sa.LargeBinary()),
)


def upgrade() -> None:
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("packed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("opened_on", sa.Date(), nullable=True))
    for key in _keys():
        body = _read(SNAPSHOTS.c.body, key)
        _write(key, packed=zlib.compress(body.encode(), 9))
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.alter_column("packed", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("body")
        batch_op.create_index(batch_op.f("ix_snapshot_created_at"), ["created_at"], unique=False)
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_at", MOMENT(), nullable=True))
        batch_op.add_column(sa.Column("hidden_by", TEXT(), nullable=True))
        batch_op.add_column(sa.Column("hidden_reason", TEXT(), nullable=True))
        batch_op.create_index(batch_op.f("ix_correction_created_at"), ["created_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_correction_created_at"))
        batch_op.drop_column("hidden_reason")
        batch_op.drop_column("hidden_by")
        batch_op.drop_column("hidden_at")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_snapshot_created_at"))
        batch_op.add_column(sa.Column("body", sa.Text(), nullable=True))
    for key in _keys():
        _write(key, body=zlib.decompress(_read(SNAPSHOTS.c.packed, key)).decode())
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.alter_column("body", existing_type=sa.Text(), nullable=False)
        batch_op.drop_column("opened_on")
        batch_op.drop_column("packed")


def _keys() -> list[str]:
    return list(op.get_bind().execute(sa.select(SNAPSHOTS.c.hash)).scalars())


def _read(column: sa.ColumnClause, key: str) -> object:  # one at a time: each can be large
    return op.get_bind().execute(sa.select(column).where(SNAPSHOTS.c.hash == key)).scalar_one()


def _write(key: str, **values: object) -> None:
    op.get_bind().execute(sa.update(SNAPSHOTS).where(SNAPSHOTS.c.hash == key).values(**values))
