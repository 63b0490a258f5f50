"""Which database a request reads, and another one where that fails."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.publication import ReleaseWatch
from app.store.replicas import Database, Databases

AT_ONCE = (
    *("/v1/admin", "/v1/corrections", "/v1/snapshots", "/corrections", "/editors", "/answer/"),
    *("/compare/", "/s/"),
)
"""Prefixes of addresses that show what somebody wrote a moment ago."""

UNAVAILABLE = 503


class ReadElsewhere:
    """Chooses the database of a request (``state.database``), and tries a read again elsewhere.

    What is read of a release comes from a replica that has it; what an editor reads, and what
    somebody wrote a moment ago, from the primary. A read whose database failed under it is made
    again on another one, before anything was sent.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its database chosen."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        databases: Databases = scope["app"].state.databases
        is_read = scope["method"] in ("GET", "HEAD")
        for is_last in (*([False] * len(databases.replicas) if is_read else []), True):
            database = choose(scope, databases)
            again = _Attempt(database, send, is_last=is_last)
            scope["state"]["database"] = database
            await self._app(scope, receive, again.send)
            if not again.has_failed:
                return None
        return None


def choose(scope: Scope, databases: Databases) -> Database:
    """Return the database that a request is to read."""
    if b"authorization" in scope["fields"] or scope["path"].startswith(AT_ONCE):
        return databases.written()
    watch: ReleaseWatch = scope["app"].state.release_watch
    return databases.serving(scope["state"].get("release") or watch.published)


class _Attempt:
    """One try at a read: what it sends is held back if its database failed."""

    def __init__(self, database: Database, send: Send, *, is_last: bool) -> None:
        self.has_failed = False
        self._database, self._send, self._is_last = database, send, is_last

    async def send(self, message: Message) -> None:
        """Pass a message on, unless it tells that the database failed and there are others."""
        is_start = message["type"] == "http.response.start"
        if is_start and message["status"] == UNAVAILABLE and not self._is_last:
            self.has_failed = self._database.published is None
        if not self.has_failed:
            await self._send(message)
