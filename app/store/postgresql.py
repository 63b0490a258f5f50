"""Connections to PostgreSQL with time limits, for connecting and for every statement."""

from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import URL, Engine, ExceptionContext, event

CONNECT_SECONDS = 2
"""The least that libpq keeps to."""

PING_SECONDS = 1.0
"""How long a connection that rested in the pool may take to say that it still stands."""

GRACE_SECONDS = 2.0
"""How much later than the server we end a statement that the server should have ended itself."""

READ_ONLY = "25006"
"""SQLSTATE of a write that met a replica."""

Answer = TypeVar("Answer")


class ImpatientConnection(psycopg.Connection[Any]):
    """Gives up a server that says nothing: frozen, or behind a network that loses packets.

    The limits of the server itself do not help there, nor do those of TCP: the kernel of a
    frozen server still takes what is sent to it.
    """

    patience: float | None = PING_SECONDS
    """Seconds that anything may take; None: as long as it likes."""

    def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        """Return the outcome; a connection that took too long is closed.

        Raises:
            psycopg.OperationalError: Nothing came in time.
        """
        given = self.patience if timeout is None else timeout
        try:
            return super().wait(gen, interval, given)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer within {given:g} s") from error


def connect_arguments(url: URL, statement_seconds: float) -> dict[str, Any]:
    """Return what connections are opened with, where the address does not say it otherwise.

    The time limit of statements is an option of the connection, not a SET: poolers keep it.
    """
    usual: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "keepalives_idle": 5,
        "keepalives_interval": 1,
        "keepalives_count": 3,
        "tcp_user_timeout": 3_000,
        "application_name": "hit-compare",
        "prepare_threshold": None,  # a statement that a pooler's other connection does not know
    }
    if statement_seconds:
        usual["options"] = f"-c statement_timeout={round(statement_seconds * 1000)}"
    return {name: value for name, value in usual.items() if name not in url.query}


def bound_waiting(engine: Engine, statement_seconds: float) -> None:
    """Let an engine give up servers that do not answer.

    A connection that rests is asked first whether it still stands (``pool_pre_ping``), which a
    sound server tells at once; in use it may take what a statement may take, and a little more.
    """
    in_use = statement_seconds + GRACE_SECONDS if statement_seconds else None

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, args: Any, named: Any) -> ImpatientConnection:
        return ImpatientConnection.connect(*args, **named)

    @event.listens_for(engine, "handle_error")
    def leave(context: ExceptionContext) -> None:
        if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
            context.is_disconnect = True  # it was the primary: connect anew, to the one that is

    @event.listens_for(engine, "checkout")
    def use(dbapi: ImpatientConnection, _record: object, _proxy: object) -> None:
        dbapi.patience = in_use

    @event.listens_for(engine, "checkin")
    def rest(dbapi: ImpatientConnection | None, _record: object) -> None:
        if dbapi is not None:
            dbapi.patience = PING_SECONDS


def wait_patiently(dbapi: object) -> None:
    """Lift the time limit of a connection until it returns to the pool."""
    if isinstance(dbapi, ImpatientConnection):
        dbapi.patience = None
