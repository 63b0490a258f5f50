"""Counts of what callers do, in moving windows, in this process or in a Redis shared by many."""

import hashlib
import logging
import time
from array import array
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from threading import Lock

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from starlette.types import Scope

MOST_CALLERS = 50_000
"""Callers remembered for each limit; see Windows for what happens beyond."""

MOST_HITS = 1_000_000
"""Hits remembered for each limit, 8 bytes each."""

SECONDS_TO_WAIT = 0.5
SECONDS_WITHOUT_REDIS = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Quota:
    """What a caller has left of a limit, and the seconds until there is more."""

    is_over: bool
    remaining: int
    seconds: int


class Windows:
    """The hits of one limit in memory, by caller: a count costs the same however many there are.

    Callers stand in the order of their last hit that counted, so those with nothing left in
    their window come first, and each hit takes out two of them at most. Beyond MOST_CALLERS or
    MOST_HITS the first one is forgotten early: that costs whoever wants to be forgotten as many
    requests from other addresses as there are callers, all of which he could have made anyway.
    One count shared by all newcomers would let him shut everybody out instead.
    """

    def __init__(self, limit: RateLimitItem) -> None:
        self._amount, self._seconds = limit.amount, limit.get_expiry()
        self._most_hits = max(MOST_HITS, limit.amount)
        self._times: OrderedDict[str, array[float]] = OrderedDict()
        self._hits = 0

    def __len__(self) -> int:
        """Return how many callers are remembered."""
        return len(self._times)

    def count(self, caller: str, *, counts: bool) -> Quota:
        """Count a request unless the limit is reached; return the remaining quota."""
        now = time.monotonic()
        times = self._times.get(caller)
        if times is None:
            times = array("d")
        elif old := bisect_right(times, now - self._seconds):
            del times[:old]
            self._hits -= old
        is_over = len(times) >= self._amount
        if counts and not is_over:
            times.append(now)
            self._hits += 1
            self._times[caller] = times
            self._times.move_to_end(caller)
            self._evict(now)
        left = (times[0] if times else now) + self._seconds - now
        seconds = min(max(1, int(left) + 1), self._seconds)
        return Quota(is_over, self._amount - len(times), seconds)

    def _evict(self, now: float) -> None:
        for _ in range(2):
            times = next(iter(self._times.values()))
            is_idle = not times or times[-1] <= now - self._seconds
            is_full = len(self._times) > MOST_CALLERS or self._hits > self._most_hits
            if not (is_idle or is_full):
                return
            self._times.popitem(last=False)
            self._hits -= len(times)


class Limiter:
    """Counts requests by limit and caller; while Redis is away each process counts alone."""

    def __init__(self, storage: str) -> None:
        self._local: dict[tuple[object, ...], Windows] = {}
        self._lock = Lock()
        self._shared: MovingWindowRateLimiter | None = None
        self._is_away = False
        self._retry_at = 0.0
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

    def hit(self, limit: RateLimitItem, *caller: str) -> Quota:
        """Count a request unless the limit is reached; return the remaining quota.

        The last part of ``caller`` names the caller, those before it what is counted.
        """
        return self._count(limit, caller, counts=True)

    def look(self, limit: RateLimitItem, *caller: str) -> Quota:
        """Return the remaining quota without counting."""
        return self._count(limit, caller, counts=False)

    def _count(self, limit: RateLimitItem, caller: tuple[str, ...], *, counts: bool) -> Quota:
        if self._shared and time.monotonic() >= self._retry_at:
            try:
                quota = _shared_quota(self._shared, limit, caller, counts=counts)
            except StorageError as error:
                self._mark_away(error)
            else:
                self._mark_back()
                return quota
        with self._lock:
            what = (*caller[:-1], limit)
            windows = self._local.get(what)
            if windows is None:
                windows = self._local[what] = Windows(limit)
            return windows.count(caller[-1], counts=counts)

    def _mark_away(self, error: StorageError) -> None:
        with self._lock:
            if not self._is_away:
                log.error("limits are counted by process, Redis is away: %s", error.storage_error)
            self._is_away = True
            self._retry_at = time.monotonic() + SECONDS_WITHOUT_REDIS

    def _mark_back(self) -> None:
        if self._is_away:
            with self._lock:
                self._is_away = False
            log.warning("limits are counted in Redis again")


def _shared_quota(
    window: MovingWindowRateLimiter, limit: RateLimitItem, caller: tuple[str, ...], *, counts: bool
) -> Quota:
    is_free = (window.hit if counts else window.test)(limit, *caller)
    reset, remaining = window.get_window_stats(limit, *caller)
    seconds = max(1, int(reset - time.time()) + 1)
    return Quota(not is_free, max(0, remaining), min(seconds, limit.get_expiry()))


def client_address(scope: Scope) -> str:
    """Return whom to count a request for: an IPv4 address, or the /64 network of an IPv6 one.

    One household has a whole /64, so counting single IPv6 addresses would limit nobody.
    """
    client = scope.get("client")
    address = str(client[0]) if client else "unknown"
    for name, value in scope.get("headers", ()):
        # a server that believes the header has taken the address from it
        if name == b"x-forwarded-for" and address.encode() not in value:
            _warn_of_proxy(address)
    try:
        given = IPv6Address(address.partition("%")[0])
    except AddressValueError:
        return address
    if given.ipv4_mapped:
        return str(given.ipv4_mapped)
    return str(IPv6Network((int(given), 64), strict=False))


@lru_cache(maxsize=1)
def _warn_of_proxy(address: str) -> None:
    """Log once that a proxy is not believed; who sends the header to mislead is logged as well."""
    log.warning(
        "X-Forwarded-For came from %s, which is not named in FORWARDED_ALLOW_IPS: if that is your "
        "proxy, all its visitors share one count, and a few of them can use up the limits of all",
        address,
    )


def client_network(scope: Scope) -> str:
    """Return the network of a caller as one holder may have it: a /24 of IPv4, a /48 of IPv6."""
    address = client_address(scope).partition("/")[0]
    try:
        given = ip_address(address)
    except ValueError:
        return address
    if isinstance(given, IPv4Address):
        return str(IPv4Network((int(given), 24), strict=False))
    return str(IPv6Network((int(given), 48), strict=False))


def trusted_proxies(host: str, named: str | None) -> str:
    """Return whose X-Forwarded-For a server on this host believes, as uvicorn takes it.

    By default a proxy on the same machine is believed, but only where nobody else can connect:
    a server open to the world could else be told any address through a tunnel or a side door.
    """
    if named is not None:
        return named
    return "127.0.0.1,::1" if host in LOOPBACK_HOSTS else ""


LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


def to_fingerprint(text: str) -> str:
    """Return a hash of a key to count it by, as no key may be stored in plain text."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
