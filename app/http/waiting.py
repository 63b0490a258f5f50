"""Long polls: reads of changes that wait for the next release."""

import re
from asyncio import FIRST_COMPLETED, create_task, wait
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import BusyError
from app.http.guards import refused
from app.http.lanes import disconnection
from app.http.problems import kind_of
from app.http.publication import ReleaseWatch
from app.schemas.changes import LONGEST_WAIT

MOST_WAITING = 2_000

PATH = "/v1/changes"
_WHOLE = re.compile(r"\d{1,9}")


class WaitForRelease:
    """Holds a read of the changes since the newest release until there is a newer one.

    A waiting request holds no thread and no connection; one lookup wakes all of them, and a caller
    that disconnects is dropped at once. Faulty parameters are left to the route to refuse.
    """

    _most = MOST_WAITING

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on at once, or when there is a newer release."""
        if scope["type"] != "http" or scope["path"] != PATH or "refusal" in scope:
            return await self._app(scope, receive, send)
        sent = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = [pair for pair in sent if pair[0] != "collection"]  # which may come repeatedly
        told = dict(asked)
        if len(told) < len(asked) or not _WHOLE.fullmatch(told.get("wait", "")):
            return await self._app(scope, receive, send)
        since, seconds = told.get("since", "0"), int(told["wait"])
        if not _WHOLE.fullmatch(since) or not 0 < seconds <= LONGEST_WAIT:
            return await self._app(scope, receive, send)
        watch: ReleaseWatch = scope["app"].state.release_watch
        if int(since) > watch.number > 0:  # nothing to wait for: whoever asks has to start over
            return await self._app(scope, receive, send)
        if watch.waiting >= self._most:
            words = f"{MOST_WAITING} callers wait for changes already."
            return await self._app(refused(scope, kind_of(BusyError), words), receive, send)
        is_gone = await _wait(watch, int(since), seconds, receive)
        return None if is_gone else await self._app(scope, receive, send)


async def _wait(watch: ReleaseWatch, since: int, seconds: int, receive: Receive) -> bool:
    """Wait for a release after ``since``; return whether the caller disconnected."""
    news = create_task(watch.wait_for_newer(since, seconds))
    leaving = create_task(disconnection(receive))
    try:
        await wait((news, leaving), return_when=FIRST_COMPLETED)
        return leaving.done()
    finally:
        news.cancel()
        leaving.cancel()
