"""Databases that earlier versions of the code filled, one of every version of the tables.

``python -m tests.history`` makes those that are missing in ``tests/data/older``, out of the history
of the repository: the last commit of each version fills an empty database with a dozen programs of
its own seed, a snapshot, a report of a fault, a published change and a draft. Run it when a
migration is added. A file once made stays as it is.
"""

import csv
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from sqlalchemy import URL, Engine, make_url

from app.settings import MIGRATIONS, ROOT
from tests.postgres import find_binaries, server_of, stop_server_of

OLDER = Path(__file__).parent / "data" / "older"
ENDING = ".sql.xz"
FIRST = "0002"
"""The first version of the tables of which a commit runs by itself."""

PROGRAMS = frozenset(
    {
        "east-los-angeles-college-health-information-technology",
        "florida-state-college-at-jacksonville-510714-certificate-1-to-2-years",
        "mercy-college-of-ohio-510707-associate",
        "ohio-state-university-main-campus-510706-bachelor",
        "owens-community-college-510707-associate",
        "rutgers-university-new-brunswick-510706-bachelor",
        "rutgers-university-school-of-health-professions-nj-health-information-management-bs",
        "university-of-cincinnati-main-campus-512706-master",
        "sinclair-community-college-510707-associate",
        "stark-state-college-510713-certificate-under-1-year",
        "tacoma-community-college-510707-associate",
        "the-college-of-saint-scholastica-510706-master",
        "western-governors-university-510706-bachelor",
        "western-governors-university-health-informatics-bs",
    }
)
ROWS_OF_LONG_TABLES = 40
LONG_TABLES = frozenset(
    f"{name}.csv"
    for name in (
        "area_wage",
        "occupation_task",
        "occupation_technology",
        "related_occupation",
        "statistic",
    )
)

FILL = """
import sys
from pathlib import Path
try:
    from app.store.database import make_engine, migrate
except ImportError:
    from app.database import make_engine, migrate
from app.importers.seed import load_seed
engine = make_engine(sys.argv[1])
migrate(engine)
load_seed(engine, Path("seed").resolve())
"""
USE = """
import json, sys
from datetime import UTC, datetime
try:
    from app.store.database import make_engine, write_session
except ImportError:
    from app.database import make_engine, write_session
try:
    from app.ledger.keys import add_key
except ImportError:
    try:
        from app.queries.keys import add_key
    except ImportError:
        add_key = None
from app.main import create_app
from starlette.testclient import TestClient
engine = make_engine(sys.argv[1])
told = {}
if add_key is not None:
    from app.domain.keys import Scope
    with write_session(engine) as session:
        key = add_key(session, "Ann Editor", [Scope.ADMIN], pepper="", now=datetime.now(UTC))
        told["key"] = key.text

def change(client, slug, name):
    headers = {"Authorization": "Bearer " + told["key"]}
    path = "/v1/admin/records/program/" + slug
    etag = client.get(path, headers=headers).json()["etag"]
    body = {"values": {"name": name}, "why": "It reads otherwise now."}
    done = client.patch(path, json=body, headers={**headers, "If-Match": etag})
    assert done.is_success, done.text
    return headers

with TestClient(create_app(engine)) as client:
    two = [item["slug"] for item in client.get("/v1/programs?limit=2").json()["items"]]
    made = client.post("/v1/snapshots", json={"programs": two})
    if made.status_code == 201:
        told["snapshot"] = made.json()["hash"]
    report = {"collection": "program", "key": two[0], "statement": "It is otherwise by now.",
              "source_url": "https://school.example/page"}
    made = client.post("/v1/corrections", json=report)
    if made.status_code == 201:
        told["report"] = made.json()["id"]
    if "key" in told:
        headers = change(client, two[0], "A published name")
        done = client.post("/v1/admin/publish", json={"note": "A name"}, headers=headers)
        assert done.is_success, done.text
        change(client, two[1], "A drafted name")
        told["published"], told["drafted"] = two
print(json.dumps(told))
"""


def git(*arguments: str) -> str:
    """Return what git says of this repository; nothing where it fails or there is none."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def last_commits() -> dict[str, str]:
    """Return version of the tables -> the last commit before the next version was added."""
    paths = sorted((MIGRATIONS / "versions").glob("0*.py"))
    found = {}
    for path, following in pairwise(paths):
        name = following.relative_to(ROOT)
        added = git("log", "--full-history", "--format=%H", "--", str(name)).splitlines()
        if added and (before := git("rev-parse", f"{added[-1]}^")):
            found[path.name[:4]] = before
    return found


def unpack(commit: str, folder: Path, *, can: str) -> Path:
    """Return the files of a commit, or of one shortly before it, that can run a script.

    Raises:
        LookupError: None can; a commit in the middle of a merge may not run by itself.
    """
    for back in range(6):
        code, packed = folder / f"code-{back}", folder / "code.tar"
        subprocess.run(
            ["git", "-C", str(ROOT), "archive", "-o", str(packed), f"{commit}~{back}"], check=True
        )
        shutil.unpack_archive(packed, code, filter="data")
        if run_by(code, can).returncode == 0:
            return code
    raise LookupError(f"neither {commit} nor the commits before it can run {can!r}")


def run_by(code: Path, script: str, url: str = "sqlite://") -> "subprocess.CompletedProcess[str]":
    """Run a script with the code of a commit over a database."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, url],
        cwd=code,
        env={**os.environ, "PYTHONPATH": str(code), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def run_old(code: Path, script: str, url: str) -> str:
    """Return what a script printed; it must not fail."""
    done = run_by(code, script, url)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def cut_seed(folder: Path) -> None:
    """Leave a dozen programs and their schools in a seed."""
    with (folder / "program.csv").open(encoding="utf-8", newline="") as text:
        programs = [row for row in csv.DictReader(text) if row["slug"] in PROGRAMS]
    schools = {row["institution"] for row in programs}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as text:
            rows = csv.DictReader(text)
            kept = [row for row in rows if _is_kept(path.name, row, schools)]
            columns = rows.fieldnames or []
        if path.name in LONG_TABLES:
            kept = kept[:ROWS_OF_LONG_TABLES]
        with path.open("w", encoding="utf-8", newline="") as text:
            writer = csv.DictWriter(text, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)


def _is_kept(name: str, row: dict[str, str], schools: set[str]) -> bool:
    match name:
        case "program.csv":
            return row["slug"] in PROGRAMS
        case "institution.csv":
            return (row["unitid"] or row["slug"]) in schools
        case _ if row.get("program"):
            return row["program"] in PROGRAMS
        case _ if row.get("institution"):
            return row["institution"] in schools
        case _:
            return True


def fill(code: Path, url: str) -> dict[str, str]:
    """Fill a database with a dozen programs by the code of a commit, and return what to look for.

    Keys of what is returned are those that the version had: snapshot, report, key, published and
    drafted.
    """
    cut_seed(code / "seed" / "catalogue")
    shutil.rmtree(code / "seed" / "corrections", ignore_errors=True)  # of rows that are cut
    run_old(code, FILL, url)
    if not (code / "app" / "main.py").exists():
        return {}
    return dict(json.loads(run_old(code, USE, url).splitlines()[-1]))


def older_databases() -> list[tuple[str, str]]:
    """Return backend and version of every database that is kept."""
    names = sorted(path.name.removesuffix(ENDING) for path in OLDER.glob(f"*{ENDING}"))
    return [(backend, version) for backend, _, version in (n.partition("-") for n in names)]


def path_of(backend: str, version: str) -> Path:
    """Return where the statements are kept that make a database again."""
    return OLDER / f"{backend}-{version}{ENDING}"


def restore(engine: Engine, version: str) -> dict[str, str]:
    """Make an older database again in an empty one, and return what ``fill`` told of it."""
    path = path_of(engine.dialect.name, version)
    script = lzma.decompress(path.read_bytes()).decode()
    told = script.partition("\n")[0].removeprefix("-- ")
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            connection.executescript(script)
    else:
        address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connected:
            connected.execute(script.encode())
    return dict(json.loads(told))


def make(url: URL, version: str, commit: str) -> Path:
    """Write the database of a version of the tables, made in an empty one; return the path."""
    address = url.render_as_string(hide_password=False)
    with TemporaryDirectory() as folder:
        told = fill(unpack(commit, Path(folder), can="import app.importers.seed"), address)
    statements = _dump(url)
    path = path_of(url.get_backend_name(), version)
    path.parent.mkdir(exist_ok=True)
    text = "\n".join([f"-- {json.dumps(told)}", *statements])
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    return path


def _dump(url: URL) -> list[str]:
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as connection:
            return list(connection.iterdump())
    binaries = find_binaries()
    assert binaries is not None
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = ["--no-owner", "--no-privileges", "--rows-per-insert=100"]
    command = [binaries / "pg_dump", *options, address]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    # what begins with a backslash is for psql
    return [line for line in done.stdout.splitlines() if not line.startswith("\\")]


def main() -> None:
    """Make the databases that are missing: all on SQLite, the first and the last on PostgreSQL."""
    newest = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))
    commits = {**last_commits(), newest: "HEAD"}
    with TemporaryDirectory() as name:
        run = Path(name)
        for version, commit in commits.items():
            _make_missing(make_url(f"sqlite:///{run}/{version}.db"), version, commit)
        try:
            server = server_of(run)
            for version in (FIRST, newest):
                _make_missing(server.create(), version, commits[version])
        finally:
            stop_server_of(run)


def _make_missing(url: URL, version: str, commit: str) -> None:
    path = path_of(url.get_backend_name(), version)
    try:
        if not path.exists():
            make(url, version, commit)
            print(f"{path}: {path.stat().st_size:,} bytes", flush=True)
    except LookupError as why:
        print(f"{version}: {why}", flush=True)


if __name__ == "__main__":
    main()
