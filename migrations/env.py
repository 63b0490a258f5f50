"""Run migrations over the engine handed in, or over the database of the settings."""

from alembic import context
from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

import app.store.tables  # noqa: F401
from app.settings import get_settings
from app.store.database import make_engine, migrating
from app.store.sqlite_file import make_file


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


bind = context.config.attributes.get("connection") or make_engine(get_settings().database_url)
if isinstance(bind, Engine):
    make_file(bind)
    with migrating(bind) as connection:
        run(connection)
else:
    run(bind)
