"""Counts of what callers do, in moving windows, in this process or in a Redis shared by many."""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address, IPv6Network
from threading import Lock

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

MAX_IDLE_KEYS = 10_000
SECONDS_TO_WAIT = 0.5
SECONDS_WITHOUT_REDIS = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a caller stands: what is left, and the seconds until there is more again."""

    is_over: bool
    remaining: int
    seconds: int


class Limiter:
    """Counts by limit and caller; while Redis is away each process counts for itself."""

    def __init__(self, storage: str) -> None:
        self._memory = MemoryStorage()
        self._near = MovingWindowRateLimiter(self._memory)
        self._lock = Lock()
        self._shared: MovingWindowRateLimiter | None = None
        self._is_away = False
        self._ask_again_at = 0.0
        if not storage.startswith("memory:"):
            self._shared = MovingWindowRateLimiter(
                storage_from_string(
                    storage,
                    wrap_exceptions=True,
                    socket_timeout=SECONDS_TO_WAIT,
                    socket_connect_timeout=SECONDS_TO_WAIT,
                )
            )

    @property
    def is_shared(self) -> bool:
        """Whether counting asks another machine, so that it must not hold up the event loop."""
        return self._shared is not None

    def hit(self, limit: RateLimitItem, *caller: str) -> Standing:
        """Count one more, unless the limit is reached, and return how it stands after."""
        return self._count(lambda window: _standing(window, limit, caller, counts=True))

    def look(self, limit: RateLimitItem, *caller: str) -> Standing:
        """Return how it stands without counting."""
        return self._count(lambda window: _standing(window, limit, caller, counts=False))

    def _count(self, act: Callable[[MovingWindowRateLimiter], Standing]) -> Standing:
        if self._shared and time.monotonic() >= self._ask_again_at:
            try:
                standing = act(self._shared)
            except StorageError as error:
                self._note_away(error)
            else:
                self._note_back()
                return standing
        with self._lock:
            self._forget_idle()
            return act(self._near)

    def _note_away(self, error: StorageError) -> None:
        with self._lock:
            if not self._is_away:
                log.error("limits are counted by process, Redis is away: %s", error.storage_error)
            self._is_away = True
            self._ask_again_at = time.monotonic() + SECONDS_WITHOUT_REDIS

    def _note_back(self) -> None:
        if self._is_away:
            with self._lock:
                self._is_away = False
            log.warning("limits are counted in Redis again")

    def _forget_idle(self) -> None:
        """Drop the callers with nothing in their window, whom the storage itself would keep."""
        events = self._memory.events
        if len(events) > MAX_IDLE_KEYS:
            for key in [key for key, hits in list(events.items()) if not hits]:
                with self._memory.locks[key]:
                    events.pop(key, None)
                self._memory.locks.pop(key, None)


def _standing(
    window: MovingWindowRateLimiter, limit: RateLimitItem, caller: tuple[str, ...], *, counts: bool
) -> Standing:
    is_free = (window.hit if counts else window.test)(limit, *caller)
    reset, remaining = window.get_window_stats(limit, *caller)
    seconds = max(1, int(reset - time.time()) + 1)
    return Standing(not is_free, max(0, remaining), min(seconds, limit.get_expiry()))


def client_address(scope: Scope) -> str:
    """Return whom to count a request for: an IPv4 address, or the /64 network of an IPv6 one.

    One household has a whole /64, so counting single IPv6 addresses would limit nobody.
    """
    client = scope.get("client")
    address = str(client[0]) if client else "unknown"
    try:
        given = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return address
    if given.ipv4_mapped:
        return str(given.ipv4_mapped)
    return str(IPv6Network((int(given), 64), strict=False))


def to_fingerprint(text: str) -> str:
    """Return what a sent key is counted under, as no key may be kept anywhere."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
