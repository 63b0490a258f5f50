"""The databases of a service: one that is written to, and replicas of it that are read."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import NamedTuple

from sqlalchemy import URL, Engine, ExceptionContext, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app.store.database import make_engine, make_reading_engine
from app.store.records import inner_table
from app.store.tables.releases import Release

Published = tuple[int, datetime | None]
"""Number of a release and moment of its publication: a restored catalogue can have the number of
another. 0 and None: there is no release."""

RELEASES = inner_table(Release).c
NEWEST = text("SELECT number, published_at FROM release ORDER BY number DESC LIMIT 1").columns(
    RELEASES.number, RELEASES.published_at
)
LAG = text("""
    SELECT CASE
        WHEN NOT pg_is_in_recovery() THEN 0
        WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
        ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
    END
""")
"""Seconds between what the primary did last and what a replica has of it."""

PRIMARY = "primary"

IN_THE_WAY = "40001"
"""SQLSTATE of a read on a replica that kept it from doing what the primary did."""


def catalogue_of(engine: Engine) -> URL:
    """Return the address that a catalogue goes by, whichever of its databases is read."""
    found: URL = engine.get_execution_options().get("catalogue", engine.url)
    return found


class Standing(NamedTuple):
    """How a database stands: ``release`` is None while it is away.

    ``lag_seconds`` is None also where its kind of database does not tell.
    """

    name: str
    release: int | None
    lag_seconds: float | None


class Database:
    """The primary or a replica, with engines for each way of reading it.

    ``published`` is its newest release as last looked up, None while it is away. An error that
    is a failure of the database, whoever met it, counts as away until the next look.
    """

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self.engine = engine
        self.published: Published | None = None
        event.listen(engine, "handle_error", self._note)

    def _note(self, context: ExceptionContext) -> None:
        state = getattr(context.original_exception, "sqlstate", None)
        if context.is_disconnect or context.connection is None or state == IN_THE_WAY:
            self.published = None

    @cached_property
    def snapshots(self) -> Engine:
        """The engine whose every transaction sees one state, as it does on SQLite in any case."""
        if self.engine.dialect.name == "sqlite":
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    def statements(self, connections: int) -> Engine:
        """Return another engine of this database, on which every statement stands for itself."""
        engine = make_reading_engine(self.engine.url, connections=connections)
        event.listen(engine, "handle_error", self._note)
        return engine.execution_options(catalogue=catalogue_of(self.engine))

    @cached_property
    def _watching(self) -> Engine:
        return self.statements(1)

    def look(self) -> None:
        """Look up the newest release.

        Raises:
            SQLAlchemyError: The database is away.
        """
        try:
            with self._watching.connect() as connection:
                found = connection.execute(NEWEST).first()
        except SQLAlchemyError:
            self.published = None
            raise
        self.published = (found[0], found[1]) if found else (0, None)

    def standing(self) -> Standing:
        """Return how it stands."""
        if self.published is None:
            return Standing(self.name, None, None)
        lag = None
        if self.engine.dialect.name == "postgresql":
            try:
                with self.engine.connect() as connection:
                    found = connection.execute(LAG).scalar_one()
                lag = None if found is None else max(0.0, float(found))
            except SQLAlchemyError:  # away meanwhile, or no PostgreSQL but what speaks as one
                lag = None
        return Standing(self.name, self.published[0], lag)

    def close(self) -> None:
        """Close the connection that looks, and let the engine go on without it."""
        if event.contains(self.engine, "handle_error", self._note):
            event.remove(self.engine, "handle_error", self._note)
        if "_watching" in self.__dict__:
            self._watching.dispose()


class Databases:
    """The primary and its replicas.

    A release is read from a replica that has it; one that is behind or away is left out until it
    has caught up. The primary is read where no replica can serve, and for what somebody has
    written a moment ago.
    """

    def __init__(self, primary: Engine, replicas: Sequence[Engine] = ()) -> None:
        self.primary = Database(PRIMARY, primary)
        self.replicas = [
            Database(name_of(engine.url), engine.execution_options(catalogue=primary.url))
            for engine in replicas
        ]
        self._turns = count()

    @property
    def every(self) -> list[Database]:
        """All of them, the primary first."""
        return [self.primary, *self.replicas]

    def newest(self, before: Published | None) -> Published | None:
        """Return the release to serve: the newest that a replica has; None: all are away.

        It never goes back from ``before`` while any of them has that.
        """
        up = [one.published for one in self.every if one.published is not None]
        read = [one.published for one in self.replicas if one.published is not None]
        found = max(read or up, key=lambda published: published[0], default=None)
        is_back = before is not None and found is not None and found[0] < before[0]
        return before if is_back and before in up else found

    def serving(self, published: Published | None) -> Database:
        """Return where a release is read, the replicas that have it taking turns."""
        having = [one for one in self.replicas if one.published == published]
        if having:
            return having[next(self._turns) % len(having)]
        up = [one for one in self.every if one.published is not None]
        return up[0] if up else self.primary

    def written(self) -> Database:
        """Return where what was written a moment ago is read: a replica only if need be."""
        return self.primary if self.primary.published else self.serving(None)

    def close(self) -> None:
        """Close the connections that look, and those to the replicas."""
        for one in self.every:
            one.close()
        for one in self.replicas:
            one.engine.dispose()


def name_of(url: URL) -> str:
    """Return what a database is called before people: no secret is in it."""
    hosts = url.query.get("host", "")
    told = hosts if isinstance(hosts, str) else ",".join(hosts)
    port = f":{url.port}" if url.port else ""
    host = f"{url.host}{port}" if url.host else told
    return f"{host}/{url.database}" if host else str(url.database)


def open_replicas(addresses: str) -> Iterator[Engine]:
    """Yield an engine for each of the addresses, which stand with blanks between them."""
    return (make_engine(make_url(address)) for address in addresses.split())
