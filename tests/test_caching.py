"""Answers kept by release: never one of another, never anybody's own, and bounded."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.testclient import TestClient

from app.api import programs
from app.domain.keys import Scope
from app.main import create_app
from app.settings import get_settings
from tests.editing import Editor, make_key
from tests.making import add_program, price, publish

LOOK = "SELECT number, published_at FROM release"
PAGE = "/v1/programs?state=OH&limit=5"


@pytest.fixture(autouse=True)
def catalogue(session: Session) -> None:
    add_program(session, "alpha-hit", claims=[price("tuition", 1000)])
    publish(session)


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that reach the database."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def other_than_looks(statements: list[str]) -> list[str]:
    return [one for one in statements if LOOK not in one and not one.startswith("BEGIN")]


def test_a_repeated_read_asks_the_database_nothing(
    client: TestClient, statements: list[str]
) -> None:
    first = client.get(PAGE)
    statements.clear()

    again = client.get(PAGE)

    assert again.content == first.content
    assert other_than_looks(statements) == []
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


def test_the_order_of_different_parameters_does_not_matter_but_that_of_one_does(
    client: TestClient,
) -> None:
    one = client.get("/v1/programs?state=OH&limit=5").headers["etag"]
    same = client.get("/v1/programs?limit=5&state=OH").headers["etag"]
    sorts = {
        client.get(f"/v1/programs?sort={a}&sort={b}").headers["etag"]
        for a, b in (("name", "score"), ("score", "name"))
    }

    assert one == same
    assert len(sorts) == 2


@pytest.mark.parametrize("path", [PAGE, "/v1/programs/alpha-hit", "/v1/accreditors", "/v1/rubrics"])
def test_what_is_unchanged_is_not_sent_again(
    client: TestClient, statements: list[str], path: str
) -> None:
    tag = client.get(path).headers["etag"]
    statements.clear()

    answer = client.get(path, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert "cache-control" in answer.headers
    assert other_than_looks(statements) == []


def test_an_unknown_tag_gets_the_whole_answer(client: TestClient) -> None:
    answer = client.get(PAGE, headers={"If-None-Match": 'W/"1-20200101-abc"'})

    assert answer.status_code == 200


def test_a_release_makes_every_answer_new(
    engine: Engine, client: TestClient, session: Session
) -> None:
    old = client.get(PAGE)
    editor = Editor(client, make_key(engine, Scope.ADMIN))
    editor.change("program", "alpha-hit", name="Renamed")
    unchanged = client.get(PAGE)
    editor.publish()

    new = client.get(PAGE, headers={"If-None-Match": old.headers["etag"]})

    assert unchanged.content == old.content
    assert new.status_code == 200
    assert "Renamed" in new.text
    assert new.headers["etag"] != old.headers["etag"]


def test_a_release_of_another_process_is_seen(client: TestClient, session: Session) -> None:
    before = client.get(PAGE).json()["total"]

    add_program(session, "beta-hit", school="beta-college")
    publish(session)

    assert (before, client.get(PAGE).json()["total"]) == (1, 2)


def test_what_a_key_reads_is_neither_kept_nor_served_to_others(
    engine: Engine, client: TestClient
) -> None:
    key = make_key(engine, Scope.ADMIN)
    editor = Editor(client, key)
    editor.change("program", "alpha-hit", name="Secret name")

    draft = client.get(f"{PAGE}&release=draft", headers=key)
    everybody = client.get(PAGE)

    assert "Secret name" in draft.text
    assert "etag" not in draft.headers
    assert "Secret name" not in everybody.text


def test_refusals_are_not_kept(client: TestClient, statements: list[str]) -> None:
    for _ in range(2):
        answer = client.get("/v1/programs/nobody")
        assert answer.status_code == 404
        assert "etag" not in answer.headers
        assert other_than_looks(statements)
        statements.clear()


def test_each_encoding_is_kept_apart(client: TestClient) -> None:
    plain = client.get(PAGE, headers={"Accept-Encoding": "identity"})
    packed = client.get(PAGE, headers={"Accept-Encoding": "gzip"})
    again = client.get(PAGE, headers={"Accept-Encoding": "identity"})

    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json() == again.json()
    assert "content-encoding" not in again.headers


def test_many_who_ask_the_same_wait_for_one_computation(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixteen at once: the page itself is computed once, or twice at the most unlucky moment."""
    answers: list[bytes] = []
    computed: list[object] = []
    start = threading.Barrier(16)
    usual = programs.search.list_programs

    def compute(*arguments: Any) -> bytes:
        computed.append(arguments)
        return usual(*arguments)

    monkeypatch.setattr(programs.search, "list_programs", compute)

    def ask() -> None:
        start.wait()
        answers.append(client.get("/v1/programs?limit=7").content)

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 16
    assert len(set(answers)) == 1
    assert len(computed) == 1


def test_memory_is_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CACHE_BYTES", "30000")
    get_settings.cache_clear()
    app = create_app(engine)
    with TestClient(app) as client:
        for limit in range(1, 40):
            client.get(f"/v1/programs?limit={limit}")
        assert 0 < app.state.answers.bytes <= 30_000
    monkeypatch.undo()
    get_settings.cache_clear()


def test_what_is_kept_is_served_while_the_database_is_away(
    engine: Engine, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = client.get(PAGE).content

    def away(*_args: Any, **_more: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("the database is away"))

    monkeypatch.setattr(engine, "connect", away)
    monkeypatch.setattr(engine.pool, "connect", away)

    assert client.get(PAGE).content == kept
    assert client.get("/v1/sources").status_code == 503


def test_the_log_of_reports_is_always_fresh(client: TestClient) -> None:
    assert "etag" not in client.get("/v1/corrections").headers
