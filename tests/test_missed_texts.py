"""Texts that found nothing: kept only if the operator says so, for some days, beside requests."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from app.clock import today
from app.http import missed_texts
from app.ledger import missed_texts as ledger
from app.main import bind
from app.ops import cli
from app.queries.missed_texts import DAYS_KEPT, list_missed
from app.settings import get_settings
from app.store.tables.missed_texts import MissedText

UNKNOWN = "flurbington zqxville"


@pytest.fixture
def _kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KEEP_MISSED_TEXTS", "true")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def keeping(_kept: None, engine: Engine, shared_app: FastAPI) -> Iterator[TestClient]:
    """A client of the application where texts are kept."""
    bind(shared_app, engine)
    with TestClient(shared_app, raise_server_exceptions=False) as client:
        yield client


def write(client: TestClient) -> None:
    assert client.portal is not None
    client.portal.call(client.app.state.missed_texts.write)  # type: ignore[attr-defined]


def kept(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        return list_missed(session, today())


def search(client: TestClient, text: str, path: str = "/v1/programs") -> int:
    return client.get(path, params={"q": text}).status_code


def misses(client: TestClient) -> dict[str, float]:
    told = TestClient(client.app, client=("127.0.0.1", 50_000)).get("/metrics").text
    return {
        sample.labels["last_kind"]: sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
        if sample.name == "searches_without_result_total"
    }


def test_nothing_is_kept_unless_the_operator_says_so(client: TestClient, engine: Engine) -> None:
    assert search(client, UNKNOWN) == 200
    write(client)

    assert kept(engine) == {}
    assert 'data-kept="0"' in client.get("/data").text


def test_texts_are_counted_folded_wherever_they_are_typed(
    keeping: TestClient, engine: Engine
) -> None:
    for text in (UNKNOWN, UNKNOWN, "  Flurbíngton ZQXVILLE!"):
        search(keeping, text)
    search(keeping, UNKNOWN, "/v1/institutions")
    search(keeping, UNKNOWN, "/")
    write(keeping)
    search(keeping, UNKNOWN)
    write(keeping)

    assert kept(engine) == {UNKNOWN: 6}
    assert f'data-kept="{DAYS_KEPT}"' in keeping.get("/data").text


@pytest.mark.parametrize(
    "text",
    [
        f"{UNKNOWN} ada@example.org",
        f"{UNKNOWN} 555 010 0123",
        f"https://example.org/{UNKNOWN}",
        f"{UNKNOWN} 12 main street",
    ],
)
def test_texts_that_may_tell_a_person_are_not_kept(
    keeping: TestClient, engine: Engine, text: str
) -> None:
    search(keeping, text)
    write(keeping)

    assert kept(engine) == {}


def test_searches_without_result_are_counted_by_the_kind_read_last(client: TestClient) -> None:
    before = misses(client)
    for text in ("flurbington zqxville", "flurbington zqxville", "zqxville ohio"):
        search(client, text)
    after = misses(client)

    more = {kind: count - before.get(kind, 0) for kind, count in after.items()}
    assert {kind: count for kind, count in more.items() if count} == {"none": 2, "area": 1}


def test_texts_are_forgotten_also_when_none_comes_any_more(
    client: TestClient, engine: Engine
) -> None:
    old = today() - timedelta(days=DAYS_KEPT)
    with Session(engine) as session:
        session.add(MissedText(text="old", day=old, times=9))
        session.add(MissedText(text="new", day=old + timedelta(days=1), times=1))
        session.commit()
        assert list_missed(session, today()) == {"new": 1}
    write(client)

    with Session(engine) as session:
        assert list(session.exec(select(MissedText.text))) == ["new"]


def test_rows_are_bounded_and_those_asked_most_stay(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST_ROWS", 2)
    day = date(2026, 11, 30)
    ledger.add_missed(session, {"often": 5, "once": 1}, day)
    ledger.add_missed(session, {"twice": 2, "often": 1}, day)

    rows = session.exec(select(MissedText.text, MissedText.times)).all()
    assert dict(rows) == {"often": 6, "twice": 2}


def test_texts_that_wait_are_bounded(
    keeping: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missed_texts, "MOST_WAITING", 2)
    for text in ("zqxone", "zqxtwo", "zqxthree", "zqxone"):
        search(keeping, text)
    write(keeping)

    assert kept(engine) == {"zqxone": 2, "zqxtwo": 1}


def test_a_database_that_can_only_be_read_keeps_nothing_and_answers(
    keeping: TestClient, engine: Engine
) -> None:
    is_file = engine.dialect.name == "sqlite"
    only_read = "PRAGMA query_only=ON" if is_file else "SET default_transaction_read_only = on"

    def stop_writing(dbapi: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        cursor = dbapi.cursor()
        cursor.execute(only_read)
        dbapi.commit()

    engine.dispose()
    sa.event.listen(engine, "connect", stop_writing)
    try:
        answered = search(keeping, UNKNOWN)
        write(keeping)
    finally:
        sa.event.remove(engine, "connect", stop_writing)
        engine.dispose()
    write(keeping)

    assert answered == 200
    assert kept(engine) == {}


def test_a_read_does_not_wait_for_what_is_written(keeping: TestClient, engine: Engine) -> None:
    search(keeping, UNKNOWN)
    is_file = engine.dialect.name == "sqlite"
    lock = "BEGIN IMMEDIATE" if is_file else "LOCK TABLE missed_text IN EXCLUSIVE MODE"
    with engine.connect() as plain:
        holder = plain.execution_options(sqlite_begin=None)
        holder.exec_driver_sql(lock)
        assert keeping.portal is not None
        writing = keeping.portal.start_task_soon(
            keeping.app.state.missed_texts.write  # type: ignore[attr-defined]
        )
        answered = search(keeping, f"{UNKNOWN} ohio")
        is_waiting = not writing.done()
        holder.exec_driver_sql("ROLLBACK")
    writing.result(timeout=10)

    assert (answered, is_waiting) == (200, True)
    assert kept(engine) == {UNKNOWN: 1}


def test_the_command_proposes_lines(
    stamped_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(stamped_engine) as session:
        ledger.add_missed(session, {"medical coding in zqxville": 3, "flurb ohio": 1}, today())
        session.commit()
    url = stamped_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    get_settings.cache_clear()
    try:
        told = CliRunner().invoke(cli.cli, ["propose-words", "--least", "2"])
    finally:
        get_settings.cache_clear()

    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[:2] == ["# areas.csv", "surface,target,weight,language,source,checked_on"]
    assert f"zqxville,,0.9,en,usage,{today()}" in lines
    assert "flurb" not in told.stdout
