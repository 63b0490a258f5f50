"""A PostgreSQL server for one run of the tests, started when the first test asks for it."""

import fcntl
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import app.store.tables  # noqa: F401
from app.store.database import make_engine

CLUSTER = "cluster"
HOW_TO_GET_IT = (
    "PostgreSQL is not installed: `apt-get install postgresql` (its server need not run), "
    "or name a server in TEST_DATABASE_URL"
)

SHAPE = text("""
    SELECT md5(string_agg(one, ' ' ORDER BY one)) FROM (
        SELECT concat(attrelid, attname, atttypid, attnotnull, atthasdef) AS one
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT oid::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    ) AS every
""")
OTHERS_LEAVE = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (state <> 'idle' OR pid <> ALL (:kept))
""")
NO_ROWS = text(
    "; ".join(f'DELETE FROM "{table}"' for table in reversed(SQLModel.metadata.sorted_tables))
)
FIRST_KEYS = text("""
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
""")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let one worker at a time do what is done once a run."""
    with path.with_suffix(".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def find_binaries() -> Path | None:
    """Return the newest folder that holds ``initdb`` and its companions, or None."""
    on_path = shutil.which("initdb")
    folders = [Path(os.path.realpath(on_path)).parent] if on_path else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda folder: int(folder.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "pg_isready").exists()), None)


class Server:
    """Databases on one server: empty ones, and copies of a template."""

    def __init__(self, url: URL, run: Path) -> None:
        self._url = url
        # names carry the run and the process, so that workers and runs can share one server
        self._run_name = run.name
        self._made = 0
        self._maintenance: Engine = create_engine(
            url, isolation_level="AUTOCOMMIT", poolclass=NullPool
        )

    def create(self, template: str = "template0") -> URL:
        """Create a database as a copy of a template and return its address."""
        self._made += 1
        name = f"{self._run_name}_{os.getpid()}_{self._made}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self._url.set(database=name)

    def drop(self, name: str) -> None:
        """Remove a database, closing what is still connected to it."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def drop_all(self) -> None:
        """Remove every database of the run."""
        mine = text("SELECT datname FROM pg_database WHERE starts_with(datname, :run)")
        with self._maintenance.connect() as connection:
            names = connection.execute(mine, {"run": self._run_name}).scalars().all()
        for name in names:
            self.drop(name)

    def _run(self, statement: str) -> None:
        with self._maintenance.connect() as connection:
            connection.execute(text(statement))


class PostgresDatabase:
    """A database with every table and no row, for one test after another."""

    TESTS = 100
    """After so many the rows that were taken out are in the way of reading."""

    def __init__(self, server: Server, template: str) -> None:
        self._server = server
        self._url = server.create(template)
        self._tests = 0
        self._connections: list[int] = []
        self.engine = make_engine(self._url)
        event.listen(self.engine, "connect", self._note)
        with self.engine.connect() as connection:
            self._shape = connection.execute(SHAPE).scalar_one()

    def _note(self, dbapi: psycopg.Connection, _record: object) -> None:
        self._connections.append(dbapi.info.backend_pid)

    def empty_again(self) -> bool:
        """Take out every row and whoever else is connected; False when that is not enough."""
        self._tests += 1
        with self.engine.begin() as connection:
            connection.execute(OTHERS_LEAVE, {"kept": self._connections})
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
            if connection.execute(SHAPE).scalar_one() != self._shape:
                return False
            connection.execute(NO_ROWS)
            connection.execute(FIRST_KEYS)
        return self._tests < self.TESTS

    def close(self) -> None:
        """Remove the database."""
        self.engine.dispose()
        self._server.drop(str(self._url.database))


@cache
def server_of(run: Path) -> Server:
    """Return the server of a run of the tests, which whoever asks first starts.

    It is a cluster in the folder of the run, or the server of TEST_DATABASE_URL.

    Raises:
        FileNotFoundError: There are no PostgreSQL binaries.
    """
    address = run / "postgres"
    with locked(address):
        if not address.exists():
            url = os.environ.get("TEST_DATABASE_URL") or _start(run)
            address.write_text(url)
    return Server(make_url(address.read_text()), run)


def stop_server_of(run: Path) -> None:
    """Leave no server and no database of a run behind."""
    address, data = run / "postgres", run / CLUSTER / "data"
    binaries = find_binaries()
    if data.exists() and binaries is not None:
        stop = [binaries / "pg_ctl", "stop", "-D", data, "-m", "immediate"]
        _call(stop, data.parent, _owner())
    elif address.exists():
        Server(make_url(address.read_text()), run).drop_all()


class Replica:
    """A streaming replica of the server of a run, in the folder of the run."""

    def __init__(self, run: Path) -> None:
        binaries = find_binaries()
        assert binaries is not None
        self._binaries, self._folder = binaries, run / CLUSTER
        self._data = self._folder / "replica"
        self.port = _free_port()
        primary = make_url((run / "postgres").read_text())
        source = f"host=127.0.0.1 port={primary.port} user=app"
        copy = [binaries / "pg_basebackup", "-D", self._data, "-d", source, "-R", "-X", "stream"]
        _call([*copy, "-c", "fast", "--no-sync", "--no-manifest"], self._folder, _owner())
        self._address = f"host=127.0.0.1 port={self.port} user=app dbname=postgres"
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self._folder} -h 127.0.0.1 -p {self.port} -c fsync=off -c hot_standby=on"
        command = [*self._control("start"), "-o", options, "-l", self._folder / "replica.log"]
        _call(command, self._folder, _owner())

    def stop(self) -> None:
        """Stop it at once, if it runs."""
        if (self._data / "postmaster.pid").exists():
            _call([*self._control("stop"), "-m", "immediate"], self._folder, _owner())

    def run(self, statement: str) -> None:
        """Execute a statement on it."""
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _control(self, what: str) -> list[str | Path]:
        return [self._binaries / "pg_ctl", what, "-D", self._data, "-w", "-s"]


def _start(run: Path) -> str:
    """Initialise and start a cluster; the server refuses root, so root hands over to postgres."""
    binaries = find_binaries()
    if binaries is None:
        raise FileNotFoundError(HOW_TO_GET_IT)
    folder, user = run / CLUSTER, _owner()
    folder.mkdir()
    if user is not None:
        run.chmod(0o711)
        shutil.chown(folder, user, user)
    data, log = folder / "data", folder / "log"
    _call(
        [
            *(binaries / "initdb", "-D", data, "-U", "app", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        ],
        folder,
        user,
    )
    port = _free_port()
    options = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
    options += ("jit=off",)  # to compile a query takes longer than to answer it once
    options += ("autovacuum=off",)  # rows stay in the order in which a test added them
    command: list[str | Path] = [binaries / "postgres", "-D", data, "-k", folder]
    command += ["-h", "127.0.0.1", "-p", str(port)]
    command += [part for option in options for part in ("-c", option)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,  # it outlives the worker that starts it
            **_as_user(user),
        )
    _wait_until_ready(binaries, process, port, log)
    process.returncode = 0  # not ours to wait for
    return f"postgresql+psycopg://app@127.0.0.1:{port}/postgres"


def _wait_until_ready(
    binaries: Path, process: subprocess.Popen[bytes], port: int, log: Path
) -> None:
    ready = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres"]
    deadline = time.monotonic() + 60
    while subprocess.run(ready, check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def _call(command: list[str | Path], folder: Path, user: str | None) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, **_as_user(user)
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _owner() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


def _as_user(user: str | None) -> dict[str, object]:
    return {"user": user, "group": user, "extra_groups": []} if user else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
