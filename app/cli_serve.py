"""What a server process needs of the machine: looked at when it starts, and said if it is short."""

import logging
import resource

from sqlalchemy import Engine, text

from app.database import CONNECTIONS_A_PROCESS

log = logging.getLogger(__name__)

FEW_FILES = 4_096


def raise_file_limit() -> None:
    """Allow this process, and those it starts, as many open files as the system lets it.

    Every connection is one; with the usual 1,024 a thousand idle clients stop a server.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        except (OSError, ValueError):
            log.warning("the limit of open files could not be raised from %d to %d", soft, hard)
    if soft != resource.RLIM_INFINITY and soft < FEW_FILES:
        log.warning(
            "at most %d files may be open, and every connection is one: raise the limit to %d or "
            "more (ulimit -n, LimitNOFILE of systemd)",
            soft,
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
