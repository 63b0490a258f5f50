"""What a server process needs of the machine: looked at when it starts, and said if it is short."""

import logging

from sqlalchemy import Engine, text

from app.store.database import CONNECTIONS_A_PROCESS

log = logging.getLogger(__name__)

FEW_FILES = 4_096


def warn_of_few_files(limit: int | None) -> None:
    """Say so where few files may be open: every connection is one."""
    if limit is not None and limit < FEW_FILES:
        log.warning(
            "at most %d files and connections may be open: raise the limit to %d or more "
            "(ulimit -n, LimitNOFILE of systemd)",
            limit,
            FEW_FILES,
        )


def warn_of_connections(engine: Engine, workers: int) -> None:
    """Say so where the server processes together can ask PostgreSQL for more than it gives."""
    if engine.dialect.name != "postgresql":
        return
    settings = "SELECT current_setting('max_connections')::int, "
    settings += "current_setting('superuser_reserved_connections')::int"
    with engine.connect() as connection:
        most, reserved = connection.execute(text(settings)).one()
    wanted = workers * CONNECTIONS_A_PROCESS
    if wanted > most - reserved:
        log.warning(
            "%d server processes can open %d connections each, %d in all; PostgreSQL gives %d "
            "(max_connections %d, of which %d are reserved): start fewer, or raise max_connections",
            workers,
            CONNECTIONS_A_PROCESS,
            wanted,
            most - reserved,
            most,
            reserved,
        )
