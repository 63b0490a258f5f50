"""A copy in a folder: in step with a server, proved by hash, and never half done."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from app.domain.keys import Scope
from app.main import create_app
from app.ops.mirror import COPY, STATE, MirrorError, mirror
from tests.editing import Editor, make_key
from tests.following import export
from tests.making import accredited, add_program, price, publish


@pytest.fixture
def server(engine: Engine, session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve three programs on a port of this machine."""
    for name in ("alpha", "beta", "gamma"):
        claims = [price("tuition", 1000), accredited()]
        add_program(session, f"{name}-hit", school=f"{name}-college", claims=claims)
    publish(session)
    monkeypatch.setenv("NO_PROXY", "*")
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(create_app(engine), ws="none", log_level="critical"))
    thread = threading.Thread(target=running.run, args=([listener],), daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    running.should_exit = True
    thread.join(timeout=10)
    listener.close()


@pytest.fixture
def editor(engine: Engine, client: TestClient) -> Editor:
    return Editor(client, make_key(engine, Scope.ADMIN))


def copied(folder: Path) -> list[str]:
    return (folder / COPY).read_text(encoding="utf-8").splitlines()


def test_a_copy_that_is_ahead_of_the_server_starts_over(
    server: str, engine: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    mirror(server, folder, lambda _: None)
    state = json.loads((folder / STATE).read_text())
    (folder / STATE).write_text(json.dumps({**state, "release": 40}))

    done = mirror(server, folder, lambda _: None)

    assert (done.release, done.since) == (1, 0)
    assert copied(folder) == export(engine)


def test_a_copy_from_nothing_is_the_export_byte_for_byte(
    server: str, engine: Engine, tmp_path: Path
) -> None:
    pages: list[int] = []

    done = mirror(server, tmp_path / "copy", pages.append)

    lines = export(engine)
    body = httpx.get(f"{server}/v1/export/catalogue.ndjson", trust_env=False).content
    assert copied(tmp_path / "copy") == lines
    assert body == (tmp_path / "copy" / COPY).read_bytes()
    assert (done.since, done.release, done.records) == (0, 1, len(lines))
    assert pages == [len(lines), 0]  # the file of the release, and nothing since
    assert json.loads((tmp_path / "copy" / STATE).read_text())["sha256"] == done.sha256


def test_a_file_that_is_not_of_the_release_is_passed_over_for_the_feed(
    server: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[int] = []
    monkeypatch.setattr("app.ops.mirror.COPY", "source.ndjson")

    done = mirror(server, tmp_path, pages.append)

    lines = export(engine)
    assert (tmp_path / "source.ndjson").read_text(encoding="utf-8").splitlines() == lines
    assert (pages, done.records) == ([0, len(lines)], len(lines))


def test_only_what_changed_is_fetched_and_what_is_gone_goes(
    server: str, engine: Engine, editor: Editor, tmp_path: Path
) -> None:
    mirror(server, tmp_path, lambda _: None)
    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.retire("program", "gamma-hit")
    blocked = editor.ask("GET", "/v1/admin/draft/report")["blocked_by"]
    editor.publish(accept_drop=blocked)

    done = mirror(server, tmp_path, lambda _: None)

    assert copied(tmp_path) == export(engine)
    assert (done.since, done.release, done.upserts, done.deletes) == (1, 2, 1, 1)
    again = mirror(server, tmp_path, lambda _: None)
    assert (again.upserts, again.deletes, again.sha256) == (0, 0, done.sha256)


def test_a_copy_follows_a_way_back(
    server: str, engine: Engine, editor: Editor, tmp_path: Path
) -> None:
    first = mirror(server, tmp_path, lambda _: None)
    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.publish()
    mirror(server, tmp_path, lambda _: None)
    editor.ask("POST", "/v1/admin/rollback", {"release": 1, "why": "Back."})

    done = mirror(server, tmp_path, lambda _: None)

    assert (done.release, done.sha256) == (3, first.sha256)


def test_a_damaged_copy_and_one_of_another_server_are_refused(server: str, tmp_path: Path) -> None:
    mirror(server, tmp_path, lambda _: None)

    with pytest.raises(MirrorError, match="take another folder"):
        mirror(f"{server}/", tmp_path, lambda _: None)
    (tmp_path / COPY).write_text("{}\n")
    with pytest.raises(MirrorError, match="changed or damaged"):
        mirror(server, tmp_path, lambda _: None)


def test_a_hash_that_differs_leaves_the_older_copy(
    server: str, engine: Engine, editor: Editor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror(server, tmp_path, lambda _: None)
    before = copied(tmp_path)
    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.publish()
    monkeypatch.setattr("app.ops.mirror.export_line", lambda *_: "{}")

    with pytest.raises(MirrorError, match="Take a new copy"):
        mirror(server, tmp_path, lambda _: None)

    assert copied(tmp_path) == before


def test_a_server_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ops.mirror.sleep", lambda _: None)
    monkeypatch.setenv("NO_PROXY", "*")

    with pytest.raises(MirrorError, match="does not answer"):
        mirror("http://127.0.0.1:9", tmp_path, lambda _: None)

    assert list(tmp_path.iterdir()) == []
