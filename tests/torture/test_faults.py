"""What the service stands on goes away and comes back: the database, its connections, the disk."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from tests.fixtures import Databases
from tests.postgres import CLUSTER, HOW_TO_GET_IT, find_binaries, server_of, stop_server_of
from tests.serving import OURS, free_port, serving_process, wait_until
from tests.torture.conftest import ENGINES, Tell
from tests.torture.measuring import ask, loading, measure, seconds_until, status_of
from tests.torture.test_crowds import KEPT, LIVE, uncached

FROZEN_SECONDS = 12
SLUG = "sinclair-community-college-510707-associate"


class Postgres:
    """A PostgreSQL server that can be stopped, started, frozen and robbed of its connections."""

    def __init__(self, folder: Path) -> None:
        binaries = find_binaries()
        if binaries is None:
            pytest.skip(HOW_TO_GET_IT)
        self._binaries, self._data = binaries, folder / CLUSTER / "data"
        self.url = server_of(folder).create().render_as_string(hide_password=False)
        self._port = str(make_url(self.url).port)

    def stop(self) -> None:
        """Stop it as a crash would."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Start it again, at the same port."""
        options = f"-k {self._data.parent} -h 127.0.0.1 -p {self._port}"
        self._control("start", "-l", self._data.parent / "log-of-second-start", "-o", options)

    def _control(self, *arguments: str | Path) -> None:
        as_user: dict[str, Any] = {}
        if os.geteuid() == 0:
            as_user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        subprocess.run(
            [self._binaries / "pg_ctl", "-D", self._data, "-w", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self._data.parent,
            **as_user,
        )

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let none of its processes go on, as a machine that hangs would; connections stay."""
        main = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        processes = [main, *map(int, children)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)

    def end_connections(self) -> int:
        """End every connection of others, and return how many there were."""
        address = make_url(self.url).set(drivername="postgresql")
        with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
            ended = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(ended[0]) if ended else 0


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of its own, not the one of other tests."""
    folder = Path(tempfile.mkdtemp(prefix="hit_torture_"))
    try:
        yield Postgres(folder)
    finally:
        with suppress(RuntimeError):  # a test that failed may have left it stopped
            stop_server_of(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def address(postgres: Postgres) -> Iterator[str]:
    """A server over it, which has filled it and knows one list."""
    with serving_process(postgres.url) as (_, address):
        assert status_of(address, KEPT) == 200
        yield address


class Answers:
    """Statuses and times of answers that are computed."""

    def __init__(self, address: str, paths: Iterator[str]) -> None:
        self._address, self._paths = address, paths
        self.statuses: Counter[int] = Counter()
        self.longest = 0.0

    def ask(self) -> None:
        """Ask for one more."""
        began = time.monotonic()
        status, headers, _ = ask(self._address, next(self._paths), timeout=6)
        self.longest = max(self.longest, time.monotonic() - began)
        self.statuses[status] += 1
        if status >= 400:
            assert headers["content-type"] == "application/problem+json"
            assert "retry-after" in headers

    def __str__(self) -> str:
        return f"{dict(self.statuses)}, longest {self.longest:.1f} s"


@pytest.fixture(scope="module")
def fresh() -> Iterator[str]:
    """Addresses that the database must be asked for, each used by one test once."""
    return (path.replace("programs", "institutions") for path in uncached(2_700))


def test_postgresql_stopped_and_started_under_load(
    postgres: Postgres, address: str, fresh: Iterator[str], tell: Tell
) -> None:
    paths = [next(fresh) for _ in range(500)]
    with loading(
        "ask", address, connections=10, each=400, paths=paths, seconds=40, pause=0.1
    ) as load:
        idle = measure(address, KEPT, times=100)
        postgres.stop()
        kept = measure(address, KEPT, times=100)
        computed = Answers(address, fresh)
        for _ in range(10):
            computed.ask()
        live = status_of(address, LIVE)
        postgres.start()
        back = seconds_until(address, next(fresh))
        result = load.end()

    tell(
        "PostgreSQL stopped and started under load",
        "stopped as by a crash, started again; 10 connections ask on",
        "1 time",
        f"kept {kept} (before {idle}), all {kept.statuses}; computed {computed}; "
        f"first success {back:.1f} s after its return; load {result['statuses']}",
        "postgresql",
    )
    assert kept.statuses == {200}
    assert live == 200
    assert set(computed.statuses) == {503}
    assert set(result["statuses"]) <= {"200", "503"}
    assert back < 2


def test_postgresql_frozen(
    postgres: Postgres, address: str, fresh: Iterator[str], tell: Tell
) -> None:
    assert status_of(address, KEPT) == 200
    with postgres.frozen():
        began = time.monotonic()
        computed = Answers(address, fresh)
        computed.ask()
        kept = measure(address, KEPT, times=100)
        while time.monotonic() - began < FROZEN_SECONDS:
            computed.ask()
        live = measure(address, LIVE, times=50)
    back = seconds_until(address, next(fresh))

    tell(
        "a database that hangs",
        f"every process of PostgreSQL frozen for {FROZEN_SECONDS} s",
        "1 time",
        f"kept {kept}, all {kept.statuses}; health {live}; computed {computed}; "
        f"first success {back:.1f} s after it goes on",
        "postgresql",
    )
    assert kept.statuses == live.statuses == {200}
    assert set(computed.statuses) <= {503}
    assert computed.longest < 4
    assert kept.p99 < 0.1
    assert back < 3


def test_connections_of_postgresql_ended(
    postgres: Postgres, address: str, fresh: Iterator[str], tell: Tell
) -> None:
    ended = 0
    paths = [next(fresh) for _ in range(300)]
    with loading("ask", address, connections=5, each=60, paths=paths, pause=0.05) as load:
        for _ in range(20):
            ended += postgres.end_connections()
            time.sleep(0.2)
        result = load.end()
    after = [status_of(address, next(fresh)) for _ in range(20)]

    tell(
        "backends killed",
        "all connections of the server ended, while 5 clients ask",
        f"20 times, {ended} connections",
        f"{result['statuses']}; afterwards {dict(Counter(after))}",
        "postgresql",
    )
    assert ended > 20
    assert set(result["statuses"]) <= {"200", "503"}
    assert set(after) == {200}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_full_disk(engine: str, databases: Databases, tmp_path: Path, tell: Tell) -> None:
    with ExitStack() as stack:
        disk = stack.enter_context(_small_disk(600_000_000))
        url = stack.enter_context(_database_on(engine, disk, databases))
        limits = {"CORRECTIONS": "100000/hour", "SPOOL_DIR": str(tmp_path / "spool")}
        limits["EXPORT_DIR"] = str(tmp_path / "exports")
        _, address = stack.enter_context(serving_process(url, **limits))
        seconds_until(address, "/health/ready")
        assert _write(address, 0) in {200, 201}

        ballast = disk / "ballast"
        refused: Counter[int] = Counter()
        read: Counter[int] = Counter()
        for turn in range(1, 31):
            _fill(ballast)
            refused[_write(address, turn)] += 1
            read[status_of(address, KEPT)] += 1
            read[status_of(address, f"/v1/programs?state=CA&limit={turn}")] += 1
        ballast.unlink()
        seconds_until(address, "/health/ready", most=60)
        after = [_write(address, 100 + turn) for turn in range(5)]
        if engine == "sqlite":
            with closing(sqlite3.connect(str(make_url(url).database))) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    tell(
        "disk full",
        "the disk of the database filled to the last byte; snapshots and reports are sent",
        "30 writes, 60 reads",
        f"writes {dict(refused)}, reads {dict(read)}; with room again {dict(Counter(after))}",
        engine,
    )
    assert set(refused) <= {200, 201, 503, 507}
    assert refused[507] + refused[503] > 0
    assert set(read) <= ({200} if engine == "sqlite" else {200, 503})
    assert set(after) <= {200, 201}


def _write(address: str, turn: int) -> int:
    """Send a report or a comparison to keep, from another address each time."""
    sender = {"X-Forwarded-For": f"10.1.{turn // 250}.{turn % 250}"}
    if turn % 2:
        report = {
            "collection": "program",
            "key": SLUG,
            "statement": f"A practicum of {turn} hours is required. " + "More. " * 20,
            "source_url": f"https://www.sinclair.edu/program/{turn}",
        }
        return ask(address, "/v1/corrections", method="POST", body=report, headers=sender)[0]
    weights = {"accreditation": 1 + turn, "cost_transparency": 40}
    body = {"programs": [SLUG, "owens-community-college-510707-associate"], "weights": weights}
    return ask(address, "/v1/snapshots", method="POST", body=body, headers=sender)[0]


def _fill(ballast: Path) -> None:
    """Leave not a byte on the disk of a file."""
    with ballast.open("ab", buffering=0) as file:
        for size in (1_000_000, 4_096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


@contextmanager
def _small_disk(size: int) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hit_disk_"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("this needs the right to mount a small disk")
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def _database_on(engine: str, disk: Path, databases: Databases) -> Iterator[str]:
    """Put a catalogue on a disk: a copy of the file, or a PostgreSQL that will be filled."""
    if engine == "sqlite":
        path = disk / "catalogue.db"
        with (
            closing(sqlite3.connect(str(databases.seeded("sqlite").url.database))) as one,
            closing(sqlite3.connect(path)) as other,
        ):
            one.backup(other)
        yield f"sqlite:///{path}"
        return
    try:
        yield server_of(disk).create().render_as_string(hide_password=False)
    finally:
        stop_server_of(disk)


@pytest.mark.parametrize("engine", ENGINES)
def test_four_processes_start_at_once_on_one_empty_database(
    engine: str, databases: Databases, tmp_path: Path, tell: Tell
) -> None:
    rounds, filled = 2, []
    alive: list[bool] = []
    totals: set[int | None] = set()
    for turn in range(rounds):
        url = databases.new_url(engine).render_as_string(hide_password=False)
        with ExitStack() as stack:
            logs = [tmp_path / f"{turn}-{n}.log" for n in range(4)]
            starts = [stack.enter_context(_started(url, log)) for log in logs]
            for process, address in starts:
                wait_until(
                    lambda a=address, p=process: (
                        p.poll() is not None or status_of(a, "/health/ready", timeout=5) == 200
                    ),
                    seconds=240,
                )
            alive += [process.poll() is None for process, _ in starts]
            totals |= {_total(address) for _, address in starts}
        filled.append(sum("Filled in" in log.read_text() for log in logs))

    tell(
        "four processes that start at once on one empty database",
        "hit-compare serve, four times in the same moment",
        f"{rounds} times",
        f"ready {sum(alive)} of {len(alive)}, filled by {filled}, programs {totals}",
        engine,
    )
    assert all(alive)
    assert filled == [1] * rounds
    assert len(totals) == 1
    assert None not in totals


def _total(address: str) -> int | None:
    status, _, body = ask(address, "/v1/programs?limit=1")
    return int(json.loads(body)["total"]) if status == 200 else None


@contextmanager
def _started(url: str, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start a server without waiting for it."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*OURS, "serve", "--port", str(port)],
            env={**os.environ, "DATABASE_URL": url},
            stdout=output,
            stderr=output,
        )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
