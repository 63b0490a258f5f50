"""Debian's PostgreSQL, Patroni, etcd, PgBouncer, HAProxy, Redis and pgBackRest on one machine.

Every part has ports of this machine and a folder of its own, and ends with this process.
"""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.postgres import find_binaries
from tests.serving import free_port, is_listening, wait_until

PROGRAMS = {
    "etcd": "etcd-server",
    "patroni": "patroni",
    "pgbouncer": "pgbouncer",
    "haproxy": "haproxy",
    "redis-server": "redis-server",
    "pgbackrest": "pgbackrest",
    "nginx": "nginx-light",
}
"""Program -> Debian's package that has it."""

NODES = ("one", "two", "three")
PATH = f"{os.environ['PATH']}:/usr/sbin"
DATABASE = "hit"


def missing() -> list[str]:
    """Return the packages that are not installed."""
    found = [
        package for program, package in PROGRAMS.items() if not shutil.which(program, path=PATH)
    ]
    return found if find_binaries() else [*found, "postgresql"]


def _as_postgres() -> dict[str, object]:
    """Return options of a process that PostgreSQL runs in: it refuses root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


class Parts:
    """The processes of a cluster; those that are killed may be started again."""

    def __init__(self, folder: Path) -> None:
        binaries = find_binaries()
        assert binaries is not None
        self.folder, self._binaries = folder, binaries
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._commands: dict[str, tuple[Sequence[str | Path], Mapping[str, object]]] = {}
        self.postgres = {node: free_port() for node in NODES}
        self._rest = {node: free_port() for node in NODES}
        self._etcd, self._etcd_peer = free_port(), free_port()
        self._to_primary = free_port()
        self.pooler, self.redis = free_port(), free_port()

    def start(self, name: str, command: Sequence[str | Path], **options: object) -> None:
        """Start a process, and remember how."""
        self._commands[name] = command, options
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(  # type: ignore[call-overload]
                command, stdout=log, stderr=log, start_new_session=True, **options
            )

    def start_again(self, name: str) -> None:
        """Start a process that was there before."""
        command, options = self._commands[name]
        self.start(name, command, **options)

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a process and all that it started in its group."""
        process = self._processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def end_all(self) -> None:
        """End every process, those of PostgreSQL too."""
        for name in reversed([*self._processes]):
            self.end(name, signal.SIGKILL)
        for data in (*(self.data(node) for node in NODES), self.folder / "restored"):
            self.kill_postgres(data)

    def data(self, node: str) -> Path:
        """Return the folder of the database of a node."""
        return self.folder / f"data-{node}"

    @staticmethod
    def kill_postgres(data: Path) -> None:
        """Kill the server of a database, as a power cut would."""
        with suppress(OSError, ValueError, IndexError):
            first = int((data / "postmaster.pid").read_text().splitlines()[0])
            children = subprocess.run(
                ["pgrep", "-P", str(first)], capture_output=True, text=True, check=False
            )
            for pid in (first, *map(int, children.stdout.split())):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def run(self, *command: str | Path) -> str:
        """Run a program as the user of the database, and return what it printed."""
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            timeout=180,
            **_as_postgres(),  # type: ignore[call-overload]
        )
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
        return str(done.stdout)

    # --- the database -------------------------------------------------------------------------

    def start_databases(self) -> None:
        """Start etcd, and three nodes under Patroni of which one becomes the primary."""
        url = f"http://127.0.0.1:{self._etcd}"
        peer = f"http://127.0.0.1:{self._etcd_peer}"
        etcd: list[str | Path] = [
            "etcd",
            "--data-dir",
            self.folder / "etcd",
            "--log-level",
            "error",
        ]
        etcd += ["--listen-client-urls", url, "--advertise-client-urls", url]
        etcd += ["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]
        etcd += ["--initial-cluster", f"default={peer}"]
        self.start("etcd", etcd, **_as_postgres())
        wait_until(lambda: is_listening(self._etcd), seconds=60)
        self._configure_backups()
        for node in NODES:
            path = self.folder / f"patroni-{node}.yml"
            path.write_text(json.dumps(self._patroni(node)))  # JSON is YAML
            self.start(f"patroni-{node}", ["patroni", path], **_as_postgres())
            if node == NODES[0]:
                wait_until(lambda: self.primary() == NODES[0], seconds=120)
                self.query(NODES[0], f"CREATE DATABASE {DATABASE}", database="postgres")
        wait_until(lambda: len(self.streaming()) == len(NODES) - 1, seconds=180)

    def _patroni(self, node: str) -> dict[str, object]:
        parameters = {
            "unix_socket_directories": str(self.folder),
            "shared_buffers": "64MB",
            "max_connections": 100,
            "archive_mode": "on",
            "archive_timeout": "60s",
            "archive_command": f"pgbackrest --config={self.folder}/pgbackrest.conf --stanza=hit "
            f"--pg1-path={self.data(node)} archive-push %p",
            "hot_standby_feedback": "on",
        }
        anyone = ["local all all trust", "host all all 127.0.0.1/32 trust"]
        anyone += ["host replication all 127.0.0.1/32 trust"]
        return {
            "scope": "hit",
            "name": node,
            "restapi": {"listen": f"127.0.0.1:{self._rest[node]}"},
            "etcd3": {"hosts": f"127.0.0.1:{self._etcd}"},
            "bootstrap": {
                "dcs": {
                    "ttl": 20,
                    "loop_wait": 1,
                    "retry_timeout": 3,
                    "primary_start_timeout": 0,
                    "synchronous_mode": True,
                    "postgresql": {"use_pg_rewind": True, "parameters": {"wal_log_hints": "on"}},
                },
                "initdb": [
                    {"encoding": "UTF8"},
                    {"locale": "C.UTF-8"},
                    {"auth": "trust"},
                    "no-sync",
                ],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.postgres[node]}",
                "connect_address": f"127.0.0.1:{self.postgres[node]}",
                "data_dir": str(self.data(node)),
                "bin_dir": str(self._binaries),
                "basebackup": [{"checkpoint": "fast"}, "no-sync"],
                "pgpass": str(self.folder / f"pgpass-{node}"),
                "authentication": {
                    "superuser": {"username": "app"},
                    "replication": {"username": "app"},
                },
                "pg_hba": anyone,
                "parameters": parameters,
            },
        }

    def state(self, node: str) -> dict[str, object]:
        """Return what Patroni tells of a node; nothing while it is away."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self._rest[node]}/patroni", timeout=3
            ) as a:
                return dict(json.load(a))
        except OSError as error:
            with suppress(Exception):
                return dict(json.loads(error.read()))  # type: ignore[attr-defined]
            return {}

    def primary(self) -> str | None:
        """Return the node that is the primary, if one is."""
        for node in NODES:
            told = self.state(node)
            if told.get("role") in ("master", "primary") and told.get("state") == "running":
                return node
        return None

    def streaming(self) -> list[str]:
        """Return the replicas that follow the primary."""
        primary = self.primary()
        if primary is None:
            return []
        told = self.query(
            primary, "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'"
        )
        return [name for (name,) in told if name in NODES]

    def query(
        self, node: str, statement: str, database: str = DATABASE
    ) -> list[tuple[object, ...]]:
        """Execute a statement on a node."""
        return query(self.postgres[node], statement, database)

    def kill_node(self, node: str) -> None:
        """Take a node away: Patroni and PostgreSQL, at once."""
        self.end(f"patroni-{node}", signal.SIGKILL)
        self.kill_postgres(self.data(node))

    # --- what stands in front of it -----------------------------------------------------------

    def start_pooler(self) -> None:
        """Start HAProxy, which leads to the primary, and PgBouncer, which pools transactions."""
        haproxy = self.folder / "haproxy.cfg"
        servers = "".join(
            f"    server {node} 127.0.0.1:{self.postgres[node]} check port {self._rest[node]}\n"
            for node in NODES
        )
        haproxy.write_text(
            "global\n    maxconn 1000\ndefaults\n    mode tcp\n    timeout connect 2s\n"
            "    timeout client 30m\n    timeout server 30m\n"
            f"listen primary\n    bind 127.0.0.1:{self._to_primary}\n"
            "    option httpchk GET /primary\n    http-check expect status 200\n"
            "    default-server inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions\n"
            f"{servers}"
        )
        self.start("haproxy", ["/usr/sbin/haproxy", "-db", "-f", haproxy])
        users = self.folder / "pgbouncer-users.txt"
        users.write_text('"app" ""\n')
        ini = self.folder / "pgbouncer.ini"
        replicas = "".join(
            f"{DATABASE}_{node} = host=127.0.0.1 port={self.postgres[node]} dbname={DATABASE}\n"
            for node in NODES
        )
        ini.write_text(
            f"[databases]\n{DATABASE} = host=127.0.0.1 port={self._to_primary}\n{replicas}"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.pooler}\n"
            f"unix_socket_dir = {self.folder}\nauth_type = trust\nauth_file = {users}\n"
            "pool_mode = transaction\ndefault_pool_size = 8\nmax_client_conn = 800\n"
            "ignore_startup_parameters = options\nserver_login_retry = 1\n"
            "server_connect_timeout = 3\n"
        )
        self.start("pgbouncer", ["/usr/sbin/pgbouncer", ini], **_as_postgres())
        wait_until(lambda: is_listening(self.pooler) and is_listening(self._to_primary))
        time.sleep(2)  # until its first look HAProxy takes every node for the primary
        wait_until(lambda: query(self.pooler, "SELECT pg_is_in_recovery()") == [(False,)])

    def start_redis(self) -> None:
        """Start Redis, which counts for all servers."""
        command = ["redis-server", "--port", str(self.redis), "--bind", "127.0.0.1"]
        self.start("redis", [*command, "--save", "", "--dir", self.folder])
        wait_until(lambda: is_listening(self.redis))

    def address(self, database: str = DATABASE) -> str:
        """Return the address of a database behind the pooler."""
        return f"postgresql+psycopg://app@127.0.0.1:{self.pooler}/{database}"

    # --- backups ------------------------------------------------------------------------------

    def _configure_backups(self) -> None:
        (self.folder / "pgbackrest.conf").write_text(
            f"[global]\nrepo1-path={self.folder}/backups\nrepo1-retention-full=1\n"
            f"log-path={self.folder}\nlock-path={self.folder}/locks\nspool-path={self.folder}/spool\n"
            f"compress-type=zst\nstart-fast=y\nlog-level-console=warn\n[hit]\n"
            f"pg1-path={self.data(NODES[0])}\npg1-port={self.postgres[NODES[0]]}\n"
            f"pg1-socket-path={self.folder}\npg1-user=app\n"
        )

    def _backrest(self, *command: str) -> str:
        config = f"--config={self.folder}/pgbackrest.conf"
        return self.run("pgbackrest", config, "--stanza=hit", *command)

    def back_up(self) -> None:
        """Make a full backup of the first node, whose log is kept from now on."""
        self._backrest("stanza-create")
        self._backrest("--type=full", "backup")

    def restore(self, moment: str) -> int:
        """Restore the database as it was at a moment, beside the others; return its port."""
        data, port = self.folder / "restored", free_port()
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(data, "postgres", "postgres")
        self._backrest(
            f"--pg1-path={data}",
            "--type=time",
            f"--target={moment}",
            "--target-action=promote",
            "restore",
        )
        options = f"-k {self.folder} -h 127.0.0.1 -p {port} -c archive_mode=off"
        options += f" -c config_file={data}/postgresql.conf -c synchronous_standby_names=''"
        (data / "postgresql.conf").touch()
        self.run(
            self._binaries / "pg_ctl",
            "start",
            "-w",
            "-s",
            "-D",
            data,
            "-l",
            self.folder / "restored.log",
            "-o",
            options,
        )
        wait_until(lambda: query(port, "SELECT pg_is_in_recovery()") == [(False,)], seconds=120)
        return port


def query(port: int, statement: str, database: str = DATABASE) -> list[tuple[object, ...]]:
    """Execute a statement on the PostgreSQL of a port."""
    address = f"host=127.0.0.1 port={port} user=app dbname={database} connect_timeout=5"
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@contextmanager
def parts(folder: Path) -> Iterator[Parts]:
    """Yield the parts of a cluster in a folder; end all that was started."""
    if os.geteuid() == 0:
        folder.chmod(0o711)
        shutil.chown(folder, "postgres", "postgres")
    found = Parts(folder)
    try:
        yield found
    finally:
        found.end_all()


def timed(what: Callable[[], object]) -> float:
    """Return the seconds that something took."""
    started = time.monotonic()
    what()
    return time.monotonic() - started
