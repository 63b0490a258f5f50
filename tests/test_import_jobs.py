"""Imports as jobs: uploads bounded, tried out, run, watched, cancelled, killed."""

import gzip
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.importers.import_jobs import Spool
from app.main import create_app
from app.settings import get_settings
from app.store.tables.institutions import Institution
from app.store.tables.programs import ProgramSummary
from app.store.tables.releases import Release
from tests.editing import Editor, make_key
from tests.following import export, follow
from tests.test_import_command import C_HEADER, HD_HEADER, HD_ROWS

pytestmark = [pytest.mark.long, pytest.mark.engines_in_turn]

DIRECTORY = (HD_HEADER + HD_ROWS).encode()
COMPLETIONS = (C_HEADER + "100001,51.0707,1,3,12\n100001,51.0713,1,21,0\n").encode()


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SPOOL_DIR", str(tmp_path / "spool"))
    monkeypatch.setenv("MAX_UPLOAD_BYTES", "200000")
    monkeypatch.setenv("MAX_UPLOAD_PLAIN_BYTES", "3000000")
    monkeypatch.setenv("MAX_UPLOAD_ROWS", "50000")
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture
def key(stamped_engine: Engine) -> dict[str, str]:
    return make_key(stamped_engine, Scope.IMPORT)


@pytest.fixture
def client(stamped_engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(stamped_engine), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def editor(client: TestClient, key: dict[str, str]) -> Editor:
    return Editor(client, key)


Upload = Callable[..., Any]


@pytest.fixture
def upload(client: TestClient, key: dict[str, str]) -> Upload:
    def put(job: str, name: str, content: Any, status: int = 200) -> Any:
        path = f"/v1/admin/imports/{job}/files/{name}"
        answer = client.put(path, content=content, headers=key)
        assert answer.status_code == status, answer.text
        return answer.json()

    return put


def open_job(editor: Editor) -> str:
    return str(editor.ask("POST", "/v1/admin/imports", status=201)["id"])


def run(editor: Editor, job: str, **body: Any) -> None:
    editor.ask("POST", f"/v1/admin/imports/{job}/run", body, status=202)


def await_end(editor: Editor, job: str, seconds: float = 40) -> dict[str, Any]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = editor.ask("GET", f"/v1/admin/imports/{job}")
        if found["state"] != "running":
            return found
        time.sleep(0.1)
    raise AssertionError(f"the job did not end: {found}")


def test_a_dry_run_reports_and_keeps_nothing_then_the_run_makes_a_release(
    stamped_engine: Engine, editor: Editor, upload: Upload
) -> None:
    job = open_job(editor)
    upload(job, "hd2024.csv", DIRECTORY)
    told = upload(job, "c2024_a.csv.gz", gzip.compress(COMPLETIONS))
    assert [file["importer"] for file in told["files"]] == [
        "ipeds-directory",
        "ipeds-completions",
    ]

    run(editor, job, dry_run=True)
    tried = await_end(editor, job)
    with Session(stamped_engine) as session:
        assert session.exec(select(Institution)).all() == []
    run(editor, job, dry_run=False)
    done = await_end(editor, job)

    assert (tried["state"], tried["release"], tried["errors"]) == ("done", None, [])
    assert [outcome["rows_read"] for outcome in tried["outcomes"]] == [2, 2]
    assert (done["state"], done["release"]) == ("done", 1)
    with Session(stamped_engine) as session:
        assert len(session.exec(select(ProgramSummary.slug)).all()) == 2
        release = session.get_one(Release, 1)
        assert release.actor == "Ann Editor"
    assert follow(stamped_engine) == export(stamped_engine)


def test_a_bad_row_is_told_with_file_line_column_and_value(
    stamped_engine: Engine, editor: Editor, upload: Upload
) -> None:
    job = open_job(editor)
    upload(job, "hd2024.csv", DIRECTORY)
    upload(job, "c2024_a.csv", C_HEADER + "100001,51.0707,1,third,4\n")

    run(editor, job, dry_run=False)
    failed = await_end(editor, job)

    assert failed["state"] == "failed"
    assert "c2024_a.csv, line 2, column AWLEVEL: 'third'" in failed["errors"][0]
    with Session(stamped_engine) as session:
        assert session.exec(select(Institution)).all() == []


@pytest.mark.parametrize(
    ("name", "content", "status", "words"),
    [
        ("notes.pdf", b"a", 422, "no file name of a public file"),
        ("notes.txt", b"a", 422, "no importer takes"),
        ("..%2Fhd2024.csv", b"a", 404, ""),
        ("strange.csv", b"a\n", 422, "no importer takes"),
        ("hd2024.csv", b"x" * 200_001, 413, "larger than 200000 bytes"),
        ("hd2024.csv.gz", gzip.compress(b"x" * 3_000_001, mtime=0), 422, "when unpacked"),
        ("hd2024.csv.gz", gzip.compress(b"\n" * 50_002, mtime=0), 422, "more than 50000 lines"),
        (
            "hd2024.csv.gz",
            gzip.compress(DIRECTORY * 50, mtime=0)[:-40],
            422,
            "truncated or damaged",
        ),
        ("hd2024.csv", b"", 422, "empty"),
    ],
)
def test_an_upload_that_cannot_be_used_is_refused_and_not_kept(
    editor: Editor,
    upload: Upload,
    tmp_path: Path,
    name: str,
    content: bytes,
    status: int,
    words: str,
) -> None:
    job = open_job(editor)

    problem = upload(job, name, content, status)

    assert words in problem["detail"]
    assert list((tmp_path / "spool" / job / "files").iterdir()) == []
    assert editor.ask("GET", f"/v1/admin/imports/{job}")["files"] == []


def test_an_upload_without_an_announced_size_is_bounded_too(editor: Editor, upload: Upload) -> None:
    job = open_job(editor)

    problem = upload(job, "hd2024.csv", iter([b"x" * 50_000] * 6), 413)

    assert problem["title"] == "Body too large"


def test_a_job_without_files_and_one_that_is_not_there_cannot_be_run(editor: Editor) -> None:
    job = open_job(editor)

    problem = editor.ask("POST", f"/v1/admin/imports/{job}/run", {}, status=409)

    assert "no files" in problem["detail"]
    editor.ask("POST", "/v1/admin/imports/nobody/run", {}, status=404)
    editor.ask("POST", f"/v1/admin/imports/{job}/cancel", status=409)


def large(rows: int) -> bytes:
    """Return a file of completions that takes a while to read."""
    lines = "".join(f"100001,51.0707,1,3,{at}\n" for at in range(rows))
    return gzip.compress((C_HEADER + lines).encode())


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let every child process wait whenever it tells of rows read."""
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "sitecustomize.py").write_text(
        "import app.importers.import_jobs as jobs, time\n"
        "real = jobs._Watch._step\n"
        "def step(self, rows):\n"
        "    time.sleep(0.5)\n"
        "    real(self, rows)\n"
        "jobs._Watch._step = step\n"
    )
    root = Path(__file__).parents[1]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'slow'}:{root}")


@pytest.mark.usefixtures("slow")
def test_progress_is_seen_and_a_cancelled_import_keeps_nothing(
    stamped_engine: Engine, editor: Editor, upload: Upload
) -> None:
    job = open_job(editor)
    upload(job, "hd2024.csv", DIRECTORY)
    upload(job, "c2024_a.csv.gz", large(49_000))
    run(editor, job, dry_run=False)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        seen = editor.ask("GET", f"/v1/admin/imports/{job}")
        if seen["rows_read"] >= 5_000:
            break
        time.sleep(0.05)

    editor.ask("POST", f"/v1/admin/imports/{job}/cancel")
    ended = await_end(editor, job)

    assert (seen["state"], seen["at_file"]) == ("running", "c2024_a.csv.gz")
    assert (ended["state"], ended["release"]) == ("cancelled", None)
    with Session(stamped_engine) as session:
        assert session.exec(select(Institution)).all() == []


@pytest.mark.usefixtures("slow")
def test_an_import_killed_in_the_middle_keeps_nothing_and_can_be_run_again(
    stamped_engine: Engine,
    editor: Editor,
    upload: Upload,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spool = Spool(tmp_path / "spool")
    job = open_job(editor)
    upload(job, "hd2024.csv", DIRECTORY)
    upload(job, "c2024_a.csv.gz", gzip.compress(COMPLETIONS))
    run(editor, job, dry_run=False)
    second = open_job(editor)
    upload(second, "hd2024.csv", DIRECTORY)
    refused = editor.ask("POST", f"/v1/admin/imports/{second}/run", {}, status=409)

    os.kill(pid_of(spool, job), signal.SIGKILL)
    ended = await_end(editor, job)

    assert "Another import is running" in refused["detail"]
    assert ended["state"] == "interrupted"
    with Session(stamped_engine) as session:
        assert session.exec(select(Institution)).all() == []
    monkeypatch.delenv("PYTHONPATH")
    run(editor, job, dry_run=False)
    assert await_end(editor, job)["release"] == 1


def pid_of(spool: Spool, job: str) -> int:
    """Return the process that runs a job, found by its command line."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"run-job" in words and job.encode() in words:
            return int(path.parent.name)
    raise AssertionError(f"no process runs {job} of {spool.folder}")


def test_only_a_key_for_imports_opens_them(stamped_engine: Engine, client: TestClient) -> None:
    other = make_key(stamped_engine, Scope.PUBLISH, Scope.WRITE_FACTS)

    assert client.get("/v1/admin/imports").status_code == 401
    assert client.get("/v1/admin/imports", headers=other).status_code == 403
    assert client.post("/v1/admin/imports", headers=other).status_code == 403


def test_a_file_uploaded_twice_is_there_once(editor: Editor, upload: Upload) -> None:
    job = open_job(editor)

    upload(job, "hd2024.csv", DIRECTORY)
    told = upload(job, "hd2024.csv", DIRECTORY + b"\n")

    assert [file["bytes"] for file in told["files"]] == [len(DIRECTORY) + 1]
    assert [item["id"] for item in editor.ask("GET", "/v1/admin/imports")["items"]] == [job]
