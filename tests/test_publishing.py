"""Releases: all or nothing, seen by everybody at once, blocked where knowledge would be lost."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select
from starlette.testclient import TestClient

from app.clock import moment
from app.domain.keys import Scope
from app.ledger.drafts import pending_edits
from app.ledger.publishing import publish_draft
from app.ledger.summaries import refresh_summaries
from app.main import create_app
from app.ops import cli
from app.settings import get_settings
from app.store.changes import Author
from app.store.database import make_engine, write_session
from app.store.tables.releases import Release
from tests.editing import Editor, make_key
from tests.following import export, follow
from tests.making import NOW, RUBRIC, accredited, add_program, price, publish


@pytest.fixture(autouse=True)
def catalogue(session: Session) -> None:
    for at, name in enumerate(("alpha", "beta", "gamma", "delta")):
        add_program(
            session,
            f"{name}-hit",
            school=f"{name}-college",
            campus="Main",
            claims=[price("tuition", 1000 + at), accredited()] if at < 2 else [],
        )
    publish(session)


@pytest.fixture
def editor(engine: Engine, client: TestClient) -> Editor:
    return Editor(client, make_key(engine, Scope.ADMIN))


def accreditation(program: str) -> dict[str, Any]:
    return {
        "program": program,
        "scope": "program",
        "accreditor": "CAHIIM",
        "status": "accredited",
        "award_level": "associate",
        "basis": "stated_by_accreditor",
        "source_url": "https://www.cahiim.org/programs",
        "as_of": "2026-11-01",
    }


def test_the_report_tells_rows_known_shares_scores_and_ranks(
    client: TestClient, editor: Editor
) -> None:
    editor.create("accreditation_claim", **accreditation("gamma-hit"))
    editor.change("program", "delta-hit", url="https://delta.example/hit")

    preview = editor.ask("GET", "/v1/admin/draft/report")
    report = editor.publish("Accreditation of Gamma")["report"]

    assert preview == report
    assert report["rows"]["accreditation_claim"] == {"added": 1}
    assert report["rows"]["program"] == {"changed": 1}
    assert report["fields"]["program_claims.accreditation"] == {"before": 0.5, "after": 0.75}
    assert report["fields"]["programs.url"] == {"before": 0.0, "after": 0.25}
    move = report["ranks"]["largest_moves"][0]
    assert (move["program"], report["ranks"]["scores_changed"]) == ("gamma-hit", 1)
    assert move["rank_before"] >= move["rank_after"]
    stored = client.get("/v1/releases/2").json()
    assert (stored["note"], stored["actor"]) == ("Accreditation of Gamma", "Ann Editor")
    assert stored["report"] == report


def test_only_what_changed_is_scored_anew_and_it_reads_as_a_whole_scoring(
    engine: Engine, editor: Editor, session: Session
) -> None:
    editor.create("accreditation_claim", **accreditation("gamma-hit"))
    editor.publish()
    in_part = stored_summaries(session)

    with write_session(engine) as writing:
        refresh_summaries(writing, RUBRIC, now=moment())

    assert in_part == stored_summaries(session)


def stored_summaries(session: Session) -> list[dict[str, Any]]:
    session.rollback()
    table = SQLModel.metadata.tables["program_summary"]
    rows = session.execute(sa.select(table).order_by(table.c.slug)).mappings()
    return [dict(row) for row in rows]


def test_a_field_known_much_less_blocks_the_release_until_it_is_named(
    client: TestClient, editor: Editor
) -> None:
    editor.change("program", "alpha-hit", campus=None)

    assert editor.ask("GET", "/v1/admin/draft/report")["blocked_by"] == ["programs.campus"]
    problem = editor.ask("POST", "/v1/admin/publish", {"note": "Campuses"}, status=409)

    assert problem["type"].endswith("/release-blocked")
    assert problem["errors"][0]["value"] == "programs.campus"
    assert "100.0% to 75.0%" in problem["detail"]
    assert client.get("/v1/releases").json()["total"] == 1
    assert editor.publish(accept_drop=["programs.campus"])["release"] == 2


def test_nothing_pending_is_nothing_to_publish(editor: Editor) -> None:
    problem = editor.ask("POST", "/v1/admin/publish", {"note": "Nothing"}, status=409)

    assert "nothing to publish" in problem["detail"]


def test_published_edits_are_not_published_again(editor: Editor) -> None:
    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.publish()

    assert editor.ask("GET", "/v1/admin/draft")["edits"] == []
    editor.ask("POST", "/v1/admin/publish", {"note": "Again"}, status=409)


def test_an_edit_that_does_not_fit_any_more_is_named_and_can_be_discarded(
    engine: Engine, editor: Editor
) -> None:
    edit = editor.create(
        "program",
        slug="new-hit",
        institution="alpha-college",
        name="HIT",
        cip_code="51.0707",
        award_level="bachelor",
    )["edit"]["id"]
    with Session(engine) as session:
        add_program(session, "new-hit", school="beta-college")
        session.commit()

    problem = editor.ask("POST", "/v1/admin/publish", {"note": "New"}, status=409)

    assert f"edit {edit}" in problem["detail"]
    assert "Discard it" in problem["detail"]
    editor.ask("DELETE", f"/v1/admin/draft/{edit}")


def test_another_worker_sees_a_release_within_a_second(engine: Engine, editor: Editor) -> None:
    with TestClient(create_app(engine)) as other:
        before = other.get("/v1/programs").json()["release"]
        editor.change("program", "alpha-hit", name="Renamed")
        editor.publish()
        began = time.monotonic()
        page = other.get("/v1/programs").json()
        seconds = time.monotonic() - began

    assert (before, page["release"]) == (1, 2)
    assert "Renamed" in {item["name"] for item in page["items"]}
    assert seconds < 1


def test_who_waits_for_a_release_is_told_when_it_comes(
    engine: Engine, client: TestClient, editor: Editor
) -> None:
    answers: list[dict[str, Any]] = []

    def wait() -> None:
        params = {"since": 1, "wait": 20}
        answers.append(client.get("/v1/changes", params=params).json())

    waiting = threading.Thread(target=wait)
    waiting.start()
    editor.change("program", "alpha-hit", url="https://alpha.example/hit")
    editor.publish()
    waiting.join(timeout=20)

    assert answers[0]["release"] == 2
    assert [item["key"] for item in answers[0]["items"]] == ["alpha-hit"]


def test_many_writers_at_once_lose_nothing(engine: Engine, client: TestClient) -> None:
    """Eight editors propose, some publish; whatever was acknowledged is there in the end."""
    key = make_key(engine, Scope.ADMIN)
    acknowledged: list[int] = []
    refused: list[str] = []

    def work(number: int) -> None:
        editor = Editor(client, key)
        for turn in range(3):
            values = {**accreditation("delta-hit"), "note": f"{number}-{turn}"}
            acknowledged.append(editor.create("accreditation_claim", **values)["edit"]["id"])
            answer = client.post("/v1/admin/publish", json={"note": "A test"}, headers=key)
            if answer.status_code != 200:
                refused.append(answer.json()["detail"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with write_session(engine) as session:
        if pending_edits(session):
            publish_draft(session, Author("command line", "The rest"), RUBRIC, accepted=(), now=NOW)

    assert len(set(acknowledged)) == 24
    assert all("nothing to publish" in words for words in refused)
    claims = client.get("/v1/programs/delta-hit/claims").json()["items"]
    assert len([c for c in claims if c["kind"] == "accreditation"]) == 24
    assert follow(engine) == export(engine)


KILLED_IN_THE_MIDDLE = """
import os, time
from app.store.database import make_engine, write_session
from app.store.changes import Author
from app.ledger.publishing import publish_draft
from app.clock import moment
from app.queries.rubrics import current_rubric

with write_session(make_engine(os.environ["DATABASE_URL"])) as session:
    author = Author("somebody", "Killed")
    publish_draft(session, author, current_rubric(), accepted=(), now=moment())
    print("in the middle", flush=True)
    time.sleep(60)
"""


def test_a_publisher_killed_in_the_middle_leaves_nothing_half_done(
    engine: Engine, editor: Editor
) -> None:
    editor.create("accreditation_claim", **accreditation("gamma-hit"))
    editor.change("program", "delta-hit", url="https://delta.example/hit")
    before = export(engine)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED_IN_THE_MIDDLE],
        env=environment(engine),
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline().strip()

        process.kill()

    assert line == "in the middle"

    with Session(engine) as session:
        assert session.exec(select(Release.number)).all() == [1]
        assert len(pending_edits(session)) == 2
    assert export(engine) == before
    assert editor.publish()["release"] == 2
    assert follow(engine) == export(engine)


def environment(engine: Engine) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": engine.url.render_as_string(hide_password=False)}


@dataclass
class Ended:
    """How a command ended."""

    status: object
    told: str
    complained: str


Command = Callable[..., Ended]


@pytest.fixture
def command(
    stamped_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Command]:
    """The command on this database, within this process: to start one takes seconds."""
    monkeypatch.setenv("DATABASE_URL", environment(stamped_engine)["DATABASE_URL"])
    get_settings.cache_clear()
    opened: list[Engine] = []

    def open_engine(url: str) -> Engine:
        opened.append(make_engine(url))
        return opened[-1]

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["hit-compare", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        opened[-1].dispose()  # a process that ends does so too
        return Ended(ended.value.code, *capsys.readouterr())

    monkeypatch.setattr(cli, "make_engine", open_engine)

    yield run
    monkeypatch.undo()
    get_settings.cache_clear()


def test_the_commands_publish_and_go_back(command: Command, editor: Editor) -> None:
    editor.change("program", "alpha-hit", campus=None)

    tried = command("publish", "--note", "Campuses", "--dry-run")
    blocked = command("publish", "--note", "Campuses")
    made = command("publish", "--note", "Campuses", "--accept-drop", "programs.campus")
    undone = command("rollback", "1", "--why", "It was right before")
    nowhere = command("rollback", "9", "--why", "A try")

    assert "1 proposed changes, nothing was published" in tried.told
    assert (blocked.status, "programs.campus" in blocked.complained) == (1, True)
    assert "Release 2: 1 proposed changes are published." in made.told
    assert "Release 3 states what release 1 stated." in undone.told
    assert (nowhere.status, "No release is known as '9'" in nowhere.complained) == (1, True)
