"""Requests counted and timed for Prometheus, over all server processes of a machine.

Server processes that are started side by side write into one folder, from which whichever of
them is asked adds up all. Its name must stand in the environment before ``prometheus_client`` is
loaded, so ``shared_by_processes`` comes before they start. What an ended process has counted
stays in the sum, as counters must not fall; only gauges would have to be taken out.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.schemas.health import EditionAge
from app.store.replicas import Standing

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS_BEFORE_TOLD = 1.0
"""How long an answer that was kept may be missing from the sum."""

REQUESTS = Counter("http_requests_total", "Requests answered", ("method", "route", "status_class"))
SECONDS = Histogram("http_request_seconds", "Time to the last byte", ("method", "route"))

MISSES = Counter(
    "searches_without_result_total",
    "Searches by words that found nothing, by the kind of the last words that were read",
    ("last_kind",),
)


def count_miss(kind: str) -> None:
    """Count a search that found nothing."""
    MISSES.labels(kind).inc()


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request that was answered, and the time it took."""
    REQUESTS.labels(method, route, f"{status // 100}xx").inc()
    SECONDS.labels(method, route).observe(seconds)


class _Tally:
    """How often a cached answer was sent, and how much of that is in the Prometheus counters."""

    __slots__ = ("_answered", "_seconds", "count", "told")

    def __init__(self, route: str, status_class: str) -> None:
        self._answered = REQUESTS.labels("GET", route, status_class)
        self._seconds = SECONDS.labels("GET", route)
        self.count = self.told = 0

    def hand_over(self) -> None:
        more = self.count - self.told
        if more:
            self.told += more
            self._answered.inc(more)
            self._seconds._buckets[0].inc(more)  # as often as observe(0.0), at once


_tallies: dict[tuple[str, str], _Tally] = {}
_is_due = False


def counter_of(route: str, status: int) -> Callable[[], None]:
    """Return what counts one more answer that took no time; call it on the event loop.

    It adds to a plain number, which is handed over within a second and before anybody looks.
    """
    label = f"{status // 100}xx"
    if (route, label) not in _tallies:
        _tallies[route, label] = _Tally(route, label)
    tally = _tallies[route, label]

    def count_one() -> None:
        tally.count += 1
        if not _is_due:
            _hand_over_soon()

    return count_one


def _hand_over_soon() -> None:
    global _is_due
    asyncio.get_running_loop().call_later(SECONDS_BEFORE_TOLD, hand_over)
    _is_due = True


def hand_over() -> None:
    """Add the tallies to the Prometheus counters; call it when a process ends, too."""
    global _is_due
    _is_due = False
    for tally in _tallies.values():
        tally.hand_over()


def exposition(editions: Iterable[EditionAge] = (), databases: Iterable[Standing] = ()) -> bytes:
    """Return what is counted, over all processes, and how sources and databases stand."""
    hand_over()
    counted = REGISTRY
    if FOLDER in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    ages = CollectorRegistry()
    ages.register(_Ages(list(editions)))
    ages.register(_Standings(list(databases)))
    return generate_latest(counted) + generate_latest(ages)


class _Ages(Collector):
    """How old what comes out in editions is: read anew whenever somebody asks."""

    def __init__(self, editions: Sequence[EditionAge]) -> None:
        self._editions = editions

    def collect(self) -> Iterator[GaugeMetricFamily]:
        names = ["publication", "source"]
        age = GaugeMetricFamily("source_age_seconds", "Age of the newest edition", labels=names)
        overdue = GaugeMetricFamily(
            "source_overdue", "Whether the next edition is usually out by now", labels=names
        )
        looked = GaugeMetricFamily(
            "source_looked_for_timestamp_seconds", "When a newer one was looked for", labels=names
        )
        for one in self._editions:
            about = [one.publication, one.source]
            if one.age_days is not None:
                age.add_metric(about, one.age_days * 86_400)
            overdue.add_metric(about, one.is_overdue)
            if one.looked_for_at is not None:
                looked.add_metric(about, one.looked_for_at.timestamp())
        yield from (age, overdue, looked)


class _Standings(Collector):
    """How the databases stand."""

    def __init__(self, databases: Sequence[Standing]) -> None:
        self._databases = databases

    def collect(self) -> Iterator[GaugeMetricFamily]:
        names = ["database"]
        up = GaugeMetricFamily("database_up", "Whether it answers", labels=names)
        release = GaugeMetricFamily("database_release", "Newest release it has", labels=names)
        lag = GaugeMetricFamily(
            "database_lag_seconds", "How far a replica is behind the primary", labels=names
        )
        for one in self._databases:
            up.add_metric([one.name], one.release is not None)
            if one.release is not None:
                release.add_metric([one.name], one.release)
            if one.lag_seconds is not None:
                lag.add_metric([one.name], one.lag_seconds)
        yield from (up, release, lag)


@contextmanager
def shared_by_processes() -> Iterator[None]:
    """Let processes that are started meanwhile add up what they count.

    A folder that is named in the environment already is used and left as it is.
    """
    if FOLDER in os.environ:
        yield
        return
    os.environ[FOLDER] = folder = tempfile.mkdtemp(prefix="hit_compare_metrics_")
    try:
        yield
    finally:
        del os.environ[FOLDER]
        shutil.rmtree(folder, ignore_errors=True)
