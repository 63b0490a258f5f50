"""Run the service past one machine on one machine, break it, and print what came of it.

A primary and two streaming replicas under Patroni and etcd, PgBouncer, HAProxy, Redis, two servers
of two processes each behind the shipped proxy. Ends by itself, and leaves nothing behind.
"""

import itertools
import os
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlmodel import Session

from app.domain.keys import Scope
from app.store.database import make_engine, migrate
from tests.cluster.parts import DATABASE, NODES, Parts, missing, parts, query, timed
from tests.editing import make_key
from tests.making import add_program, price, publish
from tests.proxy import proxying
from tests.serving import free_port, serving_process, wait_until

MOST_SECONDS = 900
PROGRAMS = 60
PUBLISHES = 5
READS_A_SECOND = 12
"""The shipped proxy lets one address send 50, and the machine has other work."""

WITHIN_SECONDS = 2.0


@dataclass
class Row:
    """A line of the table: what was done, what was sent, what failed or was lost, and times."""

    name: str
    sent: int = 0
    failed: int = 0
    lost: int = 0
    told: str = ""
    is_good: bool = True

    def line(self) -> str:
        """Return it as a line of the table."""
        verdict = "holds" if self.is_good else "**does not hold**"
        numbers = f"{self.sent} | {self.failed} | {self.lost}"
        return f"| {self.name} | {numbers} | {self.told} | {verdict} |"


@dataclass
class Load:
    """Reads through the proxy, and where asked for writes, while something happens."""

    base: str
    series: int
    read: int = 0
    failures: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    writes_at: list[float] = field(default_factory=list)
    longest: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def _send_reads(self) -> None:
        paths = itertools.cycle(
            [
                "/v1/programs/program-{n}",
                "/v1/programs?limit=20&min_months={n}",
                "/programs/program-{n}",
            ]
        )
        with httpx.Client(base_url=self.base, trust_env=False, timeout=30) as client:
            for number in itertools.count():
                if self._stop.wait(1 / READS_A_SECOND):
                    return
                started = time.monotonic()
                try:
                    answer = client.get(next(paths).format(n=number % PROGRAMS))
                    if answer.status_code != 200:
                        self.failures.append(f"{answer.status_code} {answer.url}")
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                self.read += 1
                self.longest = max(self.longest, time.monotonic() - started)

    def _send_writes(self) -> None:
        with httpx.Client(base_url=self.base, trust_env=False, timeout=30) as client:
            for number in itertools.count(1):
                if self._stop.wait(0.2):
                    return
                weights = {"accreditation": number, "cost_transparency": self.series}
                body = {"programs": ["program-1", "program-2"], "weights": weights}
                try:
                    answer = client.post("/v1/snapshots", json=body)
                except httpx.HTTPError as error:
                    self.refused.append(repr(error))
                    continue
                if answer.status_code in (200, 201):
                    self.written.append(answer.json()["hash"])
                    self.writes_at.append(time.monotonic())
                else:
                    self.refused.append(f"{answer.status_code} {answer.text[:200]}")

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Send until the block ends."""
        threads = [
            threading.Thread(target=one, daemon=True)
            for one in (self._send_reads, self._send_writes)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(timeout=40)

    def count_lost(self) -> int:
        """Return how many writes that were acknowledged are not there."""
        with httpx.Client(base_url=self.base, trust_env=False, timeout=30) as client:
            return sum(not _is_there(client, one) for one in self.written)

    def longest_pause(self) -> float:
        """Return the longest time between two writes that were acknowledged."""
        pairs = itertools.pairwise(self.writes_at)
        return max((later - earlier for earlier, later in pairs), default=0.0)


def _is_there(client: httpx.Client, key: str) -> bool:
    while (answer := client.get(f"/v1/snapshots/{key}")).status_code in (429, 503):
        time.sleep(0.5)
    return answer.status_code == 200


class Service:
    """Two servers over the parts, behind the shipped proxy."""

    def __init__(self, found: Parts, stack: ExitStack) -> None:
        self.parts, self._stack = found, stack
        self.ports = [free_port(), free_port()]
        self.proxy = ""
        self._servers: list[ExitStack] = [ExitStack(), ExitStack()]
        self.key: dict[str, str] = {}

    def start(self) -> None:
        """Fill the catalogue, and start servers and proxy."""
        engine = make_engine(self.parts.address())
        migrate(engine)
        with Session(engine) as session:
            for number in range(PROGRAMS):
                add_program(
                    session,
                    f"program-{number}",
                    school=f"school-{number}",
                    claims=[price("tuition", 100_000 + number)],
                )
            publish(session)
        self.key = make_key(engine, Scope.ADMIN)
        engine.dispose()
        for number in (0, 1):
            self._stack.callback(self._servers[number].close)
            self.start_server(number)
        folder = self.parts.folder / "nginx"
        folder.mkdir()
        servers = [f"127.0.0.1:{port}" for port in self.ports]
        self.proxy = self._stack.enter_context(proxying(folder, servers))

    def start_server(self, number: int) -> None:
        """Start a server, and wait until it is ready."""
        replicas = " ".join(self.parts.address(f"{DATABASE}_{node}") for node in NODES[1:])
        folder = self.parts.folder
        self._servers[number] = ExitStack()
        running = serving_process(
            self.parts.address(),
            "--workers",
            "2",
            port=self.ports[number],
            DATABASE_READ_URL=replicas,
            RATE_LIMIT_STORAGE=f"redis://127.0.0.1:{self.parts.redis}",
            RATE_LIMIT_PER_ADDRESS="100000/minute",
            SNAPSHOTS="100000/hour",
            SNAPSHOTS_PER_DAY="100000",
            EXPORT_DIR=str(folder / "exports"),
            SPOOL_DIR=str(folder / "imports"),
        )
        self._servers[number].enter_context(running)
        wait_until(lambda: self._is_ready(number), seconds=90)

    def _is_ready(self, number: int) -> bool:
        with suppress(httpx.HTTPError):
            return (
                httpx.get(f"{self.server(number)}/health/ready", trust_env=False).status_code == 200
            )
        return False

    def restart_server(self, number: int) -> None:
        """Restart a server as an upgrade does: out of the proxy first, back when it is ready."""
        self._pass_to(1 - number)
        self._servers[number].close()
        self.start_server(number)
        self._pass_to(0, 1)

    def _pass_to(self, *numbers: int) -> None:
        folder = self.parts.folder / "nginx"
        path = folder / "hit-compare-servers.conf"
        lines = [line.replace(" down;", ";") for line in path.read_text().splitlines()]
        for number in {0, 1} - {*numbers}:
            port = f":{self.ports[number]} "
            lines = [line.replace(";", " down;", 1) if port in line else line for line in lines]
        path.write_text("\n".join(lines) + "\n")
        os.kill(int((folder / "nginx.pid").read_text()), signal.SIGHUP)
        time.sleep(1)

    def server(self, number: int) -> str:
        """Return the address of a server itself."""
        return f"http://127.0.0.1:{self.ports[number]}"

    def publish(self, name: str) -> None:
        """Publish another name of a program."""
        path = f"{self.server(0)}/v1/admin/records/program/program-1"
        with httpx.Client(headers=self.key, trust_env=False, timeout=60) as client:
            etag = client.get(path).json()["etag"]
            body = {"values": {"name": name}, "why": "A test."}
            client.patch(path, json=body, headers={"If-Match": etag}).raise_for_status()
            made = client.post(f"{self.server(0)}/v1/admin/publish", json={"note": name})
            made.raise_for_status()

    def databases(self) -> list[dict[str, object]]:
        """Return how the databases stand, as the service tells."""
        answer = httpx.get(f"{self.proxy}/health/ready", trust_env=False, timeout=30)
        return list(answer.json().get("databases", []))


def publishing(service: Service) -> Row:
    """Publish, and look at every process until none serves the release before."""
    times, sent = [], 0
    for number in range(PUBLISHES):
        name = f"Name {number}"
        service.publish(name)
        published, last_old, streak = time.monotonic(), time.monotonic(), 0
        while streak < 24 and time.monotonic() - published < 20:
            for server in (0, 1):  # a connection each, so that the processes take turns
                path = f"{service.server(server)}/v1/programs/program-1"
                answer = httpx.get(path, trust_env=False)
                sent += 1
                streak += 1
                if answer.json()["name"] != name:
                    last_old, streak = time.monotonic(), 0
        times.append(last_old - published)
    told = f"seen by all after {statistics.median(times):.2f} s, at most {max(times):.2f} s"
    return Row("publish", sent, told=told, is_good=max(times) < WITHIN_SECONDS)


def cursors_and_tags(service: Service) -> Row:
    """Walk a list from server to server, and ask one server with the tag of the other."""
    seen: list[str] = []
    sent = unlike = 0
    cursor: str | None = ""
    with httpx.Client(trust_env=False, timeout=30) as client:
        for server in itertools.cycle((0, 1)):
            query = {"limit": "7", "sort": "name"} | ({"cursor": cursor} if cursor else {})
            page = client.get(f"{service.server(server)}/v1/programs", params=query).json()
            sent += 1
            seen += [item["slug"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        for path in ("/v1/programs/program-3", "/v1/programs?limit=5", "/programs/program-3"):
            for one, other in ((0, 1), (1, 0)):
                tag = client.get(f"{service.server(one)}{path}").headers["etag"]
                headers = {"If-None-Match": tag, "Host": f"127.0.0.1:{service.ports[one]}"}
                again = client.get(f"{service.server(other)}{path}", headers=headers)
                sent += 2
                unlike += again.status_code != 304
    lost = PROGRAMS - len(set(seen)) + len(seen) - len(set(seen))
    told = f"{len(seen)} programs walked"
    return Row("cursors and tags", sent, unlike, lost, told, is_good=not (unlike or lost))


def rolling_restart(service: Service) -> Row:
    """Restart one server after the other under load."""
    load = Load(service.proxy, series=1)
    with load.sending():
        started = time.monotonic()
        for number in (0, 1):
            service.restart_server(number)
        seconds = time.monotonic() - started
    failed = [*load.failures, *load.refused]
    print(*failed[:5], sep="\n", file=sys.stderr)
    sent, lost = load.read + len(load.written) + len(load.refused), load.count_lost()
    told = f"both servers in {seconds:.0f} s, longest read {load.longest:.2f} s"
    return Row("rolling restart", sent, len(failed), lost, told, is_good=not (failed or lost))


def failover(service: Service) -> tuple[Row, Row]:
    """Kill the primary under load, and wait for another one; then let it come back."""
    found = service.parts
    was = str(found.primary())
    load = Load(service.proxy, series=2)
    with load.sending():
        time.sleep(2)
        killed = time.monotonic()
        found.kill_node(was)
        wait_until(lambda: found.primary() not in (None, was), seconds=90)
        promoted = time.monotonic() - killed
        count = len(load.written)
        wait_until(lambda: len(load.written) > count + 3, seconds=60)
        time.sleep(2)
    print(
        *load.failures[:5],
        *sorted({one[:120] for one in load.refused})[:5],
        sep="\n",
        file=sys.stderr,
    )
    lost = load.count_lost()
    reads = Row("failover, reads", load.read, len(load.failures), 0)
    reads.told = f"longest {load.longest:.2f} s"
    reads.is_good = not load.failures
    writes = Row("failover, writes", len(load.written) + len(load.refused), len(load.refused), lost)
    writes.told = f"{was} killed, {found.primary()} promoted after {promoted:.1f} s, "
    writes.told += f"longest pause {load.longest_pause():.1f} s"
    writes.is_good = not lost
    return reads, writes


def coming_back(service: Service) -> Row:
    """Start the node that was killed, and see it follow the new primary."""
    found = service.parts
    [gone] = [node for node in NODES if not found.state(node)]
    found.start_again(f"patroni-{gone}")
    seconds = timed(lambda: wait_until(lambda: gone in found.streaming(), seconds=120))
    service.publish("After the failover")
    wait_until(lambda: len({one["release"] for one in service.databases()}) == 1, seconds=30)
    lags = ", ".join(f"{one['name']} {one['lag_seconds']:.1f} s" for one in service.databases())
    return Row("node comes back", told=f"follows after {seconds:.1f} s; lag: {lags}")


def point_in_time(service: Service) -> Row:
    """Publish twice, and restore the moment between."""
    found = service.parts
    service.publish("To be kept")
    [(wanted,)] = found.query(str(found.primary()), "SELECT max(number) FROM release")
    time.sleep(1.1)
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00")
    time.sleep(1.1)
    service.publish("To be forgotten")
    found.query(str(found.primary()), "SELECT pg_switch_wal()")
    archived = "SELECT last_archived_wal >= pg_walfile_name(pg_current_wal_lsn() - 1)"
    archived += " FROM pg_stat_archiver"
    with suppress(TimeoutError):
        wait_until(lambda: found.query(str(found.primary()), archived) == [(True,)], seconds=20)
    started = time.monotonic()
    port = found.restore(moment)
    seconds = time.monotonic() - started
    [(release,)] = query(port, "SELECT max(number) FROM release")
    told = f"release {release} of {wanted} + 1, restored and up in {seconds:.1f} s"
    return Row("point in time", told=told, is_good=release == wanted)


def run(found: Parts, stack: ExitStack) -> list[Row]:
    """Start everything, and return what came of each case."""
    rows: list[Row] = []
    service = Service(found, stack)

    def step(name: str, what: Callable[[], Row | tuple[Row, ...]]) -> None:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            made = what()
        except Exception as error:
            made = Row(name, told=f"{type(error).__name__}: {error}"[:300], is_good=False)
        rows.extend([made] if isinstance(made, Row) else made)
        print(rows[-1].line(), file=sys.stderr, flush=True)

    started = time.monotonic()
    for what in (found.start_databases, found.start_pooler, found.start_redis, service.start):
        print(f"{what.__name__} ...", file=sys.stderr, flush=True)
        what()
    rows.append(Row("start", told=f"everything is up after {time.monotonic() - started:.0f} s"))
    step("backup", lambda: Row("backup", told=f"full, in {timed(found.back_up):.1f} s"))
    step("publish", lambda: publishing(service))
    step("cursors and tags", lambda: cursors_and_tags(service))
    step("point in time", lambda: point_in_time(service))
    step("rolling restart", lambda: rolling_restart(service))
    step("failover", lambda: failover(service))
    step("node comes back", lambda: coming_back(service))
    return rows


def main() -> int:
    """Run the cases, print the table, and return 1 where one of them did not hold."""
    if packages := missing():
        print(f"Not installed: apt-get install {' '.join(packages)}", file=sys.stderr)
        return 2
    for one in (signal.SIGALRM, signal.SIGTERM):
        signal.signal(one, _give_up)
    signal.alarm(MOST_SECONDS)
    folder = Path(tempfile.mkdtemp(prefix="hit_cluster_"))
    try:
        with (
            (folder / "servers.log").open("w") as log,
            redirect_stdout(log),  # what servers say when they end
            parts(folder) as found,
            ExitStack() as stack,
        ):
            rows = run(found, stack)
            signal.alarm(0)
    finally:
        signal.alarm(0)
        if "--keep" not in sys.argv:
            shutil.rmtree(folder, ignore_errors=True)
    print("| case | sent | failed | lost | | |\n|---|---:|---:|---:|---|---|")
    print(*(row.line() for row in rows), sep="\n")
    return int(not all(row.is_good for row in rows))


def _give_up(_signal: int, _frame: object) -> None:
    """End, and everything that was started: no case takes it for a failure of its own."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(f"not through after {MOST_SECONDS} seconds, or told to end")


if __name__ == "__main__":
    sys.exit(main())
