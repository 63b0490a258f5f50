"""Keys: made once, kept as a hash, refused in every wrong form, and slowed down when guessed."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.domain.keys import Actor, Scope, hash_key, make_key, parse_key, same_hash
from app.errors import NotFoundError
from app.http.auth import require
from app.http.openapi import build
from app.http.problems import add_problem_handlers
from app.ledger.keys import add_key, find_key, list_keys, revoke_key
from app.main import Api, bind, lifespan
from app.ops import cli
from app.settings import get_settings
from app.store.database import make_engine
from app.store.records import collections

NOW = datetime.now(UTC)
runner = CliRunner()


def a_key(session: Session, *scopes: Scope, **fields: Any) -> str:
    """Store a key and return its text."""
    made = add_key(session, "Ada", scopes or [Scope.IMPORT], pepper="", now=NOW, **fields)
    session.commit()
    return made.text


def bearing(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def make_app(engine: Engine) -> FastAPI:
    """Return an application with one route that only an importer may call."""
    app = Api(lifespan=lifespan)
    add_problem_handlers(app)
    bind(app, engine)
    router = APIRouter(prefix="/desk")

    @router.get("/import")
    def show_actor(
        actor: Annotated[Actor, require(Scope.IMPORT)],
    ) -> dict[str, Any]:
        return {"name": actor.name, "key_id": actor.key_id}

    @router.get("/open")
    def show_nothing() -> None:
        return None

    app.include_router(router, prefix="/v1")
    return app


@pytest.fixture
def desk(engine: Engine) -> Iterator[TestClient]:
    with TestClient(make_app(engine), raise_server_exceptions=False) as client:
        yield client


def assert_refused(answer: Any) -> str:
    """Return why a key was refused."""
    assert answer.status_code == 401, answer.text
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/unauthorized"
    return str(answer.json()["detail"])


def test_a_key_is_nowhere_in_the_database(session: Session) -> None:
    text = a_key(session)
    secret = text.rpartition("_")[2]

    stored = [
        str(tuple(row))
        for table in SQLModel.metadata.sorted_tables
        for row in session.execute(sa.select(table))
    ]

    assert len(stored) == 1
    assert secret not in stored[0]
    assert hash_key(text, "") in stored[0]


def test_another_pepper_voids_a_key(session: Session) -> None:
    sent = parse_key(a_key(session))

    assert find_key(session, sent, pepper="", now=NOW) is not None
    assert find_key(session, sent, pepper="another", now=NOW) is None


def test_an_unknown_key_takes_the_same_comparison_as_a_wrong_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []

    def watch(one: str, other: str) -> bool:
        compared.append((one, other))
        return same_hash(one, other)

    monkeypatch.setattr("app.ledger.keys.same_hash", watch)
    known = parse_key(a_key(session))
    wrong = parse_key(known.text[:-64] + "0" * 64)

    found = [find_key(session, key, pepper="", now=NOW) for key in (make_key(), wrong, known)]

    assert [key is not None for key in found] == [False, False, True]
    assert [len(one) + len(other) for one, other in compared] == [128, 128, 128]


def test_a_key_works_until_the_moment_it_expires(session: Session) -> None:
    end = NOW + timedelta(days=1)
    sent = parse_key(a_key(session, expires_at=end))

    assert find_key(session, sent, pepper="", now=end - timedelta(microseconds=1))
    assert find_key(session, sent, pepper="", now=end) is None


def test_revoking_again_keeps_the_first_time(session: Session) -> None:
    sent = parse_key(a_key(session))

    revoke_key(session, sent.public_id, now=NOW)
    since = revoke_key(session, sent.public_id, now=NOW + timedelta(days=1))

    assert since == NOW
    assert [key.revoked_at for key in list_keys(session)] == [NOW]


def test_revoking_a_key_nobody_has_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError, match="abc"):
        revoke_key(session, "abc", now=NOW)


def test_keys_are_no_part_of_the_seed() -> None:
    assert "api_key" not in {table.name for table in collections().values()}


def test_a_key_with_the_scope_opens(desk: TestClient, session: Session) -> None:
    text = a_key(session, Scope.IMPORT, Scope.PUBLISH)

    answer = desk.get("/v1/desk/import", headers=bearing(text))

    assert answer.status_code == 200
    assert answer.json()["name"] == "Ada"
    assert answer.json()["key_id"] is not None


def test_admin_opens_what_asks_for_another_scope(desk: TestClient, session: Session) -> None:
    text = a_key(session, Scope.ADMIN)

    assert desk.get("/v1/desk/import", headers=bearing(text)).status_code == 200


@pytest.mark.parametrize("name", ["bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(desk: TestClient, session: Session, name: str) -> None:
    headers = {"authorization": f"{name} {a_key(session)}"}

    assert desk.get("/v1/desk/import", headers=headers).status_code == 200


def test_a_key_without_the_scope_is_told_which_is_needed(
    desk: TestClient, session: Session
) -> None:
    text = a_key(session, Scope.READ_DRAFTS, Scope.WRITE_FACTS, Scope.PUBLISH)

    answer = desk.get("/v1/desk/import", headers=bearing(text))

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/forbidden"
    assert "'import'" in answer.json()["detail"]


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer"}]
)
def test_without_a_key_the_caller_is_told_how_to_send_one(
    desk: TestClient, headers: dict[str, str]
) -> None:
    said = assert_refused(desk.get("/v1/desk/import", headers=headers))

    assert "Authorization: Bearer" in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text[:30] + text[30:].upper() + "A",
        lambda text: text.upper(),
        lambda text: f"{text} {text}",
        lambda text: "hc_é_è",
        lambda text: "x" * 5000,
    ],
)
def test_a_malformed_key_is_refused_and_not_repeated(
    desk: TestClient, session: Session, spoil: Any
) -> None:
    sent = spoil(a_key(session))

    answer = desk.get(
        "/v1/desk/import", headers={"authorization": f"Bearer {sent}".encode("latin-1")}
    )

    assert "form" in assert_refused(answer)
    assert sent not in answer.text


def test_unknown_wrong_expired_and_revoked_keys_are_refused_in_the_same_words(
    desk: TestClient, session: Session
) -> None:
    right = a_key(session)
    expired = a_key(session, expires_at=NOW - timedelta(seconds=1))
    revoked = a_key(session)
    revoke_key(session, parse_key(revoked).public_id, now=NOW)
    session.commit()
    swapped = right[:-64] + revoked[-64:]

    words = {
        assert_refused(desk.get("/v1/desk/import", headers=bearing(text)))
        for text in (make_key().text, right[:-64] + "0" * 64, swapped, expired, revoked)
    }

    assert len(words) == 1
    assert desk.get("/v1/desk/import", headers=bearing(right)).status_code == 200


def test_wrong_keys_are_slowed_down_and_a_right_one_always_works(
    desk: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1_000_000.0]
    stopped = SimpleNamespace(time=lambda: clock[0], monotonic=lambda: clock[0])
    monkeypatch.setattr("app.http.limiting.time", stopped)
    right = a_key(session)
    tries = get_settings().key_failures_per_minute

    def ask(text: str) -> Any:
        return desk.get("/v1/desk/import", headers=bearing(text))

    for _ in range(3 * tries):  # what works does not count
        assert ask(right).status_code == 200
    for _ in range(tries):
        clock[0] += 1
        assert_refused(ask(make_key().text))

    over = ask(make_key().text)
    known = ask(right[:-64] + "0" * 64)
    meanwhile = ask(right)
    without = desk.get("/v1/desk/import")
    clock[0] += int(over.headers["retry-after"]) + 0.01
    after = ask(make_key().text)

    assert (over.status_code, known.status_code) == (429, 429)
    assert over.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(over.headers["retry-after"]) <= 60
    assert meanwhile.status_code == 200
    assert without.status_code == 401
    assert after.status_code == 401


def test_malformed_keys_count_as_guesses_and_missing_ones_do_not(
    desk: TestClient, session: Session
) -> None:
    tries = get_settings().key_failures_per_minute
    missing = {desk.get("/v1/desk/import").status_code for _ in range(2 * tries)}

    guessed = [
        desk.get("/v1/desk/import", headers=bearing("guess")).status_code for _ in range(tries + 1)
    ]

    assert missing == {401}
    assert guessed == [401] * tries + [429]


def test_answers_to_a_key_are_not_kept_by_caches(desk: TestClient, session: Session) -> None:
    with_key = desk.get("/v1/desk/import", headers=bearing(a_key(session)))
    without = desk.get("/v1/desk/open")

    assert with_key.headers["cache-control"] == "no-store"
    assert without.headers["cache-control"].startswith("public")


def test_only_operations_that_need_a_key_say_so_in_the_document() -> None:
    engine = sa.create_engine("sqlite://")
    document = build(make_app(engine))
    engine.dispose()

    guarded = document["paths"]["/v1/desk/import"]["get"]
    free = document["paths"]["/v1/desk/open"]["get"]
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert guarded["security"] == [{"key": []}]
    assert {"401", "403", "429"} <= set(guarded["responses"])
    assert "security" not in free
    assert {"401", "403"}.isdisjoint(free["responses"])


@pytest.fixture
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    url = f"sqlite:///{tmp_path}/keys.db"
    monkeypatch.setenv("DATABASE_URL", url)
    get_settings.cache_clear()
    yield url
    get_settings.cache_clear()


def run(*words: str) -> Any:
    return runner.invoke(cli.cli, ["keys", *words])


@pytest.mark.parametrize("command", ["create", "list", "revoke"])
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    result = run(command, "--help")

    assert result.exit_code == 0
    assert f"Example: hit-compare keys {command}" in result.output


def test_a_key_is_printed_once_and_alone_on_its_stream(own_database: str) -> None:
    made = run("create", "Ada", "--scope", "import", "--scope", "read:drafts")
    listed = run("list")

    assert made.exit_code == 0, made.output
    key = parse_key(made.stdout.strip())
    assert key.public_id in listed.output
    assert "Ada" in listed.output
    assert "import,read:drafts" in listed.output
    assert key.text[-64:] not in listed.output + made.stderr
    with closing(make_engine(own_database).raw_connection()) as connection:
        kept = json.dumps(connection.execute("SELECT * FROM api_key").fetchall())
    assert key.text[-64:] not in kept


def test_a_key_made_by_the_command_works_until_it_is_revoked(own_database: str) -> None:
    text = run("create", "Ada", "--scope", "import").stdout.strip()
    engine = make_engine(own_database)

    with TestClient(make_app(engine)) as client:
        before = client.get("/v1/desk/import", headers=bearing(text))
        revoked = run("revoke", parse_key(text).public_id)
        after = client.get("/v1/desk/import", headers=bearing(text))
    engine.dispose()

    assert before.status_code == 200
    assert revoked.exit_code == 0
    assert_refused(after)
    assert "revoked" in run("list").output


def test_the_last_day_of_a_key_is_a_whole_day(own_database: str) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"

    made = run("create", "Ada", "--scope", "import", "--expires-on", today)

    assert made.exit_code == 0, made.output
    assert f"until {today}" in run("list").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "Ada"], "--scope"),
        (["create", "Ada", "--scope", "everything"], "everything"),
        (["create", " ", "--scope", "import"], "NAME"),
        (["create", "a\x1b[2J", "--scope", "import"], "NAME"),
        (["create", "Ada", "--scope", "import", "--expires-on", "2020-01-01"], "past"),
        (["create", "Ada", "--scope", "import", "--expires-on", "soon"], "soon"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(
    own_database: str, words: list[str], said: str
) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert said in result.output
    assert "There are no keys." in run("list").output


def test_revoking_a_misspelt_key_names_the_nearest(own_database: str) -> None:
    public_id = parse_key(run("create", "Ada", "--scope", "import").stdout.strip()).public_id

    result = run("revoke", public_id[:-1])

    assert result.exit_code == 1
    assert f"'{public_id}'" in result.output
