"""Lanes: limits on how many requests of each kind run and wait at once.

Every lane has threads and connections of its own: there are as many as all lanes together use. So
no kind of request, however many and however slow, takes capacity from another.
"""

import re
from asyncio import FIRST_COMPLETED, Semaphore, create_task, wait
from dataclasses import dataclass
from enum import StrEnum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BusyError
from app.http.problems import kind_of, problem_response


class HeldUntil(StrEnum):
    """How long a request holds its place."""

    COMPUTED = "computed"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Lane:
    """A kind of request and its limits.

    Args:
        name: Its name in refusals and logs.
        requests: Method and path, as in ``GET /v1/programs``.
        running: Requests that run at once.
        waiting: Requests that may wait for a place; more get a 503.
        until: Whether the place is released before or after the answer is sent.
        threads: Threads it may use; None: as many as run.
    """

    name: str
    requests: re.Pattern[str]
    running: int
    waiting: int
    until: HeldUntil = HeldUntil.COMPUTED
    threads: int | None = None


LANES = (
    Lane("uploads", re.compile(r"PUT /v1/admin/imports/"), 2, 2, HeldUntil.SENT),
    Lane("drafts", re.compile(r"DRAFT |\w+ /v1/admin/(draft|publish|rollback)"), 2, 20),
    Lane("editors", re.compile(r"\w+ /v1/admin/"), 2, 100),
    Lane("exports", re.compile(r"GET /v1/export/"), 100, 0, HeldUntil.SENT, threads=4),
    Lane("readiness", re.compile(r"GET /health/ready"), 1, 100),
    Lane("lists", re.compile(r"GET /v1/(programs|suggest)$"), 4, 1_000),
    Lane("snapshots", re.compile(r"POST (/v1/snapshots|/compare)"), 2, 50),
    Lane("reads", re.compile(r""), 5, 1_000),
)
"""A request takes the first lane that matches; the last one matches all."""

UNBOUNDED = re.compile(r"GET /(health/live$|metrics$|static/)|POST /mcp$")
"""Requests that need no lane, as they use a thread or connection for a moment at most.

What a tool of an assistant asks takes a lane of its own."""

THREADS = sum(lane.running if lane.threads is None else lane.threads for lane in LANES) + 2
"""Threads of all lanes together and two for requests without a lane; a connection each."""


class Places:
    """The places of a lane in a process."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.waiting = 0
        self._free = Semaphore(lane.running)

    async def take(self, scope: Scope, receive: Receive) -> bool:
        """Wait for a place and take it; return False if the caller disconnected meanwhile.

        Raises:
            BusyError: Too many wait already.
        """
        if not self._free.locked():
            return await self._free.acquire()
        if self.waiting >= self.lane.waiting:
            raise BusyError(
                f"{self.lane.running} requests of this kind ({self.lane.name}) are being answered "
                f"and {self.waiting} wait."
            )
        self.waiting += 1
        try:
            if scope["method"] != "GET":  # what is to be written is written, whoever leaves
                return await self._free.acquire()
            return await self._take_unless_left(receive)
        finally:
            self.waiting -= 1

    def give_back(self) -> None:
        """Release the place for the next request."""
        self._free.release()

    async def _take_unless_left(self, receive: Receive) -> bool:
        taking, leaving = create_task(self._free.acquire()), create_task(disconnection(receive))
        has_left = True
        try:
            await wait((taking, leaving), return_when=FIRST_COMPLETED)
            has_left = leaving.done()
        finally:
            leaving.cancel()
            if has_left and not taking.cancel():
                self.give_back()
        return not has_left


async def disconnection(receive: Receive) -> None:
    """Return when the caller has closed the connection; for requests without a body."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Lanes:
    """Makes every request take a place in its lane while it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for a place, or refuse."""
        places = _places_for(scope) if scope["type"] == "http" else None
        if places is None:
            return await self._app(scope, receive, send)
        try:
            if not await places.take(scope, receive):
                return None
        except BusyError as error:
            return await problem_response(scope, kind_of(BusyError), error.detail)(
                scope, receive, send
            )
        is_held = True

        def give_back() -> None:
            nonlocal is_held
            if is_held:
                is_held = False
                places.give_back()

        async def computed(message: Message) -> None:
            give_back()
            await send(message)

        try:
            until_sent = places.lane.until is HeldUntil.SENT
            return await self._app(scope, receive, send if until_sent else computed)
        finally:
            give_back()


def _places_for(scope: Scope) -> Places | None:
    is_draft = scope.get("state", {}).get("draft", False)
    asked = f"{'DRAFT' if is_draft else scope['method']} {scope['path']}"
    if UNBOUNDED.match(asked):
        return None
    places: list[Places] = scope["app"].state.places
    return next(one for one in places if one.lane.requests.match(asked))
