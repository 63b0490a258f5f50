"""Measure the API beside its peers: ``make bench``; the rules stand in ``run``.

It takes wrk, taskset (Linux) and two cores, and the peers of requirements.txt in an environment of
their own; those that are not installed are left out. The suite runs it on a small catalogue.
"""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from tests.benchmarks.servers import CLIENT_CORE, Server, beside_python, started
from tests.benchmarks.synthetic import make_catalogue, make_peer_database
from tests.benchmarks.workloads import (
    DATASETTE,
    LIMIT,
    OURS,
    RELATIONS,
    REST,
    TUTORIAL,
    Sample,
    Workload,
    take_sample,
    workloads,
)

HERE = Path(__file__).parent
CONNECTIONS = 16
PEERS = (LIMIT, TUTORIAL, RELATIONS, DATASETTE, REST)
"""In the order of the columns."""

LIKE_UP_TO = 100_000
"""Rows above which of those that search only Datasette is asked: the others take seconds."""


@dataclass
class Runs:
    """Rounds of one contender on one workload."""

    per_cpu_second: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    memory_mb: float = 0.0


def main(arguments: list[str] | None = None) -> None:
    """Measure catalogues of the sizes asked for, and print a table of each."""
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[10_000], help="programs")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=1, help="of load, each")
    options.add_argument("--only", nargs="+", help="keys of workloads and exports; starts")
    options.add_argument("--peers", default=".venv-bench/bin/python", help="their Python")
    options.add_argument("--folder", type=Path, default=Path("var/benchmarks"))
    chosen = options.parse_args(arguments)
    if missing := lacking():
        sys.exit(missing)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    before: dict[str, float] = {}
    for rows in chosen.rows:
        measured = run(chosen, rows)
        print_table(rows, measured, before)
        before = {key: median(found[OURS].per_cpu_second) for key, (_, found) in measured.items()}
    if is_chosen("starts", chosen):
        print_starts()


def lacking() -> str | None:
    """Return what has to be installed before anything can be measured, or None."""
    for program in ("wrk", "taskset"):
        if shutil.which(program) is None:
            return f"{program} is missing: apt-get install wrk util-linux"
    return None if (os.cpu_count() or 1) > 1 else "two cores are needed"


def is_chosen(key: str, chosen: argparse.Namespace) -> bool:
    """Return whether something is to be measured."""
    return not chosen.only or key in chosen.only


Measured = dict[str, tuple[str, dict[str, Runs]]]
"""Key of a workload -> what it is, and the runs of each contender."""


def run(chosen: argparse.Namespace, rows: int) -> Measured:
    """Measure one size: all contenders run at once, asked in turns, each in every round.

    Servers share one core and wrk has another; what counts is requests per second of processor
    time that the server used, so that a busy machine slows everybody alike. Ours is the command
    that users run; uncached means a cache of no bytes, so that every answer is computed. What
    contenders have in common is compared before anything is measured.
    """
    catalogue = chosen.folder / f"catalogue-{rows}.db"
    peers_file = chosen.folder / f"peers-{rows}.db"
    began = time.monotonic()
    make_catalogue(catalogue, rows)
    make_peer_database(peers_file, catalogue)
    print(f"catalogue of {rows:,} programs ready after {time.monotonic() - began:.0f} s")
    with ExitStack() as stack:
        computing = stack.enter_context(serve_ours(catalogue, CACHE_BYTES="0"))
        computing.settle()
        keeping = stack.enter_context(serve_ours(catalogue))
        keeping.settle()
        running = stack.enter_context(serve_peers(chosen.peers, peers_file, catalogue))
        searching = {n: one for n, one in running.items() if n != RELATIONS}
        if rows > LIKE_UP_TO:
            searching = {n: one for n, one in searching.items() if n == DATASETTE}
        sample = take_sample(computing, searching)
        peers = searching | {n: one for n, one in running.items() if n == RELATIONS}
        found: Measured = {}
        for workload in workloads(sample):
            if not is_chosen(workload.key, chosen):
                continue
            servers = {OURS: keeping if workload.is_kept else computing}
            servers |= {
                name: server for name, server in peers.items() if name in workload.addresses
            }
            check(workload, servers)
            found[workload.key] = workload.what, measure(workload, servers, chosen)
        print_exports(keeping, running.get(DATASETTE), sample, chosen)
    return found


@contextmanager
def serve_ours(catalogue: Path, **environment: str) -> Iterator[Server]:
    """Run the command that users run."""
    command = [beside_python("hit-compare"), "serve", "--port", "{port}"]
    environment |= {
        "DATABASE_URL": f"sqlite:///{catalogue.resolve()}",
        "EXPORT_DIR": str(catalogue.resolve().parent / "exports"),
    }
    with started(OURS, command, ready="/v1/programs?limit=1", **environment) as one:
        yield one


@contextmanager
def serve_peers(python: str, file: Path, catalogue: Path) -> Iterator[dict[str, Server]]:
    """Run the peers over their table, or over ours, each as its manual says."""
    databases = {"PEERS": str(file.resolve()), "CATALOGUE": str(catalogue.resolve())}
    link = file.parent / "peers.db"  # Datasette names a database after its file
    link.unlink(missing_ok=True)
    link.symlink_to(file.name)
    commands = {
        TUTORIAL: (
            [beside_python("uvicorn"), "tests.benchmarks.tutorial:app", "--port", "{port}"],
            "/programs?limit=1",
        ),
        RELATIONS: (
            [beside_python("uvicorn"), "tests.benchmarks.relationships:app", "--port", "{port}"],
            "/openapi.json",
        ),
        REST: (
            [
                *(beside_python("gunicorn", python), "tests.benchmarks.rest_framework"),
                *("--bind", "127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4"),
            ],
            "/programs?limit=1",
        ),
        DATASETTE: (
            [
                *(beside_python("datasette", python), "serve", "--immutable", str(link.absolute())),
                *("--port", "{port}", "--setting", "sql_time_limit_ms", "60000"),
                *("--setting", "facet_time_limit_ms", "60000"),
                *("--setting", "facet_suggest_time_limit_ms", "1", "--setting"),
                *("suggest_facets", "off", "--setting", "default_cache_ttl", "0"),
                *("--setting", "max_csv_mb", "0"),
            ],
            "/-/versions.json",
        ),
    }
    absent = [name for name, (command, _) in commands.items() if not Path(command[0]).exists()]
    if absent:
        print(f"not installed, so left out: {', '.join(absent)}")
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(started(name, command, ready=ready, **databases))
            for name, (command, ready) in commands.items()
            if name not in absent
        }


def check(workload: Workload, servers: dict[str, Server]) -> None:
    """Compare what the answers of all contenders to the same question have in common."""
    for at in range(min(5, len(workload.addresses[OURS]))):
        shown = {
            name: workload.shown[name](answer.text if workload.is_page else answer.json())
            for name, server in servers.items()
            if name in workload.shown and (answer := server.get(workload.addresses[name][at]))
        }
        told = {name: value for name, value in shown.items() if value is not None}
        if workload.may_find_more:
            is_right = all(set(value) <= set(told[OURS]) for value in told.values())
        else:
            is_right = len({json.dumps(value, sort_keys=True) for value in told.values()}) <= 1
        if not is_right:
            sys.exit(f"{workload.key}: answers differ: {json.dumps(told)[:2000]}")


def measure(
    workload: Workload, servers: dict[str, Server], chosen: argparse.Namespace
) -> dict[str, Runs]:
    """Ask all contenders in turns, so many rounds."""
    tag = None
    if workload.etag:
        tag = servers[OURS].get(workload.addresses[OURS][0]).headers["etag"]
    with (
        serve_limit(workload, servers[OURS], tag) as limit,
        tempfile.TemporaryDirectory() as folder,
    ):
        everybody = {LIMIT: limit, **servers}
        lists = {}
        for name in everybody:
            lists[name] = Path(folder) / name.replace(" ", "-")
            addresses = workload.addresses[OURS if name == LIMIT else name]
            lists[name].write_text("".join(f"{one}\n" for one in addresses))
            for address in addresses:  # warm, and what can be kept is kept
                everybody[name].get(address)
        found = {name: Runs() for name in everybody}
        for _ in range(chosen.rounds):
            for name, server in everybody.items():
                used = server.cpu_seconds()
                told = load(server, lists[name], chosen.seconds, tag)
                used = server.cpu_seconds() - used
                if told["errors"]:
                    sys.exit(f"{workload.key}: {name}: {told['errors']} errors")
                answered = max(told["requests"], 1)  # none in the time counts as one
                found[name].per_cpu_second.append(answered / max(used, 0.01))
                found[name].p99_ms.append(told["p99_ms"])
                found[name].memory_mb = server.memory_mb()
    return found


@contextmanager
def serve_limit(workload: Workload, ours: Server, tag: str | None) -> Iterator[Server]:
    """Serve the very answers of ours, made beforehand, from a bare ASGI application."""
    answers = {}
    for address in workload.addresses[OURS]:
        answer = ours.get(address, **({"if-none-match": tag} if tag else {}))
        skipped = ("date", "content-encoding")
        answers[address if "?" in address else f"{address}?"] = {
            "status": answer.status_code,
            "headers": [pair for pair in answer.headers.multi_items() if pair[0] not in skipped],
            "body": base64.b64encode(answer.content).decode(),
        }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers.json"
        file.write_text(json.dumps(answers))
        command = [
            *(beside_python("uvicorn"), "tests.benchmarks.limit:app", "--port", "{port}"),
            *("--no-access-log", "--no-server-header"),
        ]
        first = workload.addresses[OURS][0]
        with started(LIMIT, command, ready=first, ANSWERS=str(file)) as one:
            yield one


def load(server: Server, addresses: Path, seconds: int, tag: str | None) -> dict[str, float]:
    """Let wrk ask for the addresses of a file, one after the other, on its own core."""
    told = subprocess.run(
        [
            *("taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{CONNECTIONS}"),
            *(f"-d{seconds}s", "--timeout", "60s", "-s", str(HERE / "paths.lua")),
            f"http://127.0.0.1:{server.port}",
        ],
        env={**os.environ, "ADDRESSES": str(addresses), **({"IF_NONE_MATCH": tag} if tag else {})},
        capture_output=True,
        check=True,
        text=True,
    )
    return dict(json.loads(told.stdout.strip().splitlines()[-1]))


def print_table(rows: int, measured: Measured, before: dict[str, float]) -> None:
    """Print requests per CPU-second and their ratios, medians over the rounds with their spread."""
    print(f"\n## {rows:,} programs\n")
    print(
        "| workload | ours / CPU-s | of the limit | x tutorial | x relationships | x Datasette "
        "| x REST framework | p99 ms | memory MB | slower than before |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for key, (what, found) in measured.items():
        ours = found[OURS]
        cells = [
            f"{median(ours.per_cpu_second):,.0f}",
            *(_ratio(ours, found.get(name)) for name in PEERS),
            f"{median(ours.p99_ms):.1f}",
            f"{ours.memory_mb:.0f}",
            f"x {before[key] / median(ours.per_cpu_second):.1f}" if key in before else "",
        ]
        print(f"| {key}: {what} | {' | '.join(cells)} |")


def _ratio(ours: Runs, other: Runs | None) -> str:
    """Return the median of the ratios within a round, and their spread."""
    if other is None:
        return ""
    pairs = zip(ours.per_cpu_second, other.per_cpu_second, strict=True)
    ratios = sorted(mine / theirs for mine, theirs in pairs)
    digits = 2 if ratios[-1] < 10 else 0
    return f"{median(ratios):,.{digits}f} ({ratios[0]:,.{digits}f}-{ratios[-1]:,.{digits}f})"


def print_exports(
    ours: Server, datasette: Server | None, sample: Sample, chosen: argparse.Namespace
) -> None:
    """Print what whole and filtered exports cost, one after the other, as users get them."""
    some = f"?exclude_state={max(sample.states)}"
    asked = [
        ("NDJSON", "all programs", ours, "/v1/export/programs.ndjson"),
        ("CSV", "all programs", ours, "/v1/export/programs.csv"),
        ("JSON-LD", "all programs", ours, "/v1/export/programs.jsonld"),
        ("catalogue", "everything, as NDJSON", ours, "/v1/export/catalogue.ndjson"),
        ("NDJSON, filtered", "programs", ours, f"/v1/export/programs.ndjson{some}"),
        ("CSV, filtered", "programs", ours, f"/v1/export/programs.csv{some}"),
    ]
    if datasette is not None:
        address = "/peers/program.csv?_stream=on"
        asked.append(("CSV, Datasette", "all programs", datasette, address))
    measured = [one for one in asked if is_chosen(one[0], chosen)]
    if measured:
        print(
            "\n| export | lines | MB | CPU-ms a request | lines a CPU-second | lines a second "
            "| memory above idle, MB |"
        )
        print("|---|---:|---:|---:|---:|---:|---:|")
    for key, what, server, address in measured:
        print(f"| {key}: {what} | {' | '.join(_export(server, address, chosen.rounds))} |")


def _export(server: Server, address: str, rounds: int) -> list[str]:
    """Return the cells of an export: the first answer, which may make a file, is not counted."""
    download(server, address)
    idle = server.memory_mb()
    runs = [download(server, address) for _ in range(rounds)]
    seconds, used, most = (median(run[at] for run in runs) for at in (2, 3, 4))
    lines, size = runs[0][:2]
    return [
        f"{lines:,.0f}",
        f"{size / 1e6:,.1f}",
        f"{used * 1000:,.0f}",
        f"{lines / max(used, 0.01):,.0f}",
        f"{lines / seconds:,.0f}",
        f"{max(most - idle, 0):.0f}",
    ]


def download(server: Server, address: str) -> tuple[float, float, float, float, float]:
    """Return lines and bytes of an answer, its seconds, CPU-seconds, and the greatest memory."""
    used, began, most, lines, size = server.cpu_seconds(), time.monotonic(), 0.0, 0, 0
    with httpx.stream(
        "GET",
        f"http://127.0.0.1:{server.port}{address}",
        headers={"accept-encoding": "identity"},
        timeout=600,
    ) as answer:
        if answer.status_code != 200:
            sys.exit(f"{address} gives {answer.status_code}")
        for part in answer.iter_raw(1 << 20):
            lines += part.count(b"\n")
            size += len(part)
            most = max(most, server.memory_mb())
    seconds = time.monotonic() - began
    return lines, size, seconds, server.cpu_seconds() - used, most


def print_starts() -> None:
    """Print how long a start takes, to the first answer: first with the seed, then without."""
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Path(folder) / "catalogue.db"
        for what in ("from the seed", "with a database in place", "with a database in place"):
            began = time.monotonic()
            with serve_ours(catalogue) as server:
                seconds = time.monotonic() - began
                print(
                    f"start {what}: {server.cpu_seconds():.2f} CPU-s, "
                    f"{seconds:.2f} s to the first list, {server.memory_mb():.0f} MB"
                )


if __name__ == "__main__":
    main()
