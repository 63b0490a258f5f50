"""How many statements a read costs: whatever is known of a program is loaded once, for all."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel, select
from starlette.testclient import TestClient

from app.ledger.drafts import draft_session, lock_catalogue
from app.ledger.releases import add_release
from app.ledger.summaries import refresh_summaries
from app.main import create_app
from app.queries.kept import held
from app.settings import get_settings
from app.store.tables.programs import Program
from tests.making import NOW, RUBRIC

PROGRAM = "sinclair-community-college-510707-associate"
FOUR = (
    PROGRAM,
    "owens-community-college-510707-associate",
    "belmont-college-510702-associate",
    "augusta-university-510706-bachelor",
)


def chosen(count: int) -> str:
    return "&".join(f"program={slug}" for slug in FOUR[:count])


@pytest.fixture(scope="module")
def uncached_client(seeded_engine: Engine) -> Iterator[TestClient]:
    """A client of an application that keeps no answer, and nothing of the programs it read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CACHE_BYTES", "0")
        patch.setattr("app.queries.dossiers.KEPT_BYTES", 0)
        held.pop(seeded_engine.url, None)
        get_settings.cache_clear()
        app = create_app(seeded_engine)
        get_settings.cache_clear()
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client
    held.pop(seeded_engine.url, None)
    get_settings.cache_clear()  # whoever asked meanwhile was told of no memory


def count_statements(engine: Engine, client: TestClient, path: str) -> int:
    """Return how many statements a read makes once connections are open and caches filled."""
    assert client.get(path).status_code == 200, path
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))])


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (f"/v1/programs/{PROGRAM}", 3),
        (f"/v1/programs/{PROGRAM}?include=checklist,total_cost", 3),
        (f"/v1/programs/{PROGRAM}?include=checklist,total_cost,eligibility,similar,timeline", 7),
        (f"/v1/programs/{PROGRAM}/checklist", 3),
        (f"/v1/programs/{PROGRAM}/claims", 3),
        (f"/v1/programs/{PROGRAM}/total-cost", 3),
        (f"/v1/programs/{PROGRAM}/similar", 6),
        (f"/v1/timeline?program={PROGRAM}", 3),
        (f"/v1/eligibility?credential=RHIT&program={PROGRAM}", 3),
        (f"/v1/comparison?{chosen(2)}", 3),
        (f"/v1/comparison?{chosen(4)}", 3),
        (f"/embed/program/{PROGRAM}", 3),
        (f"/embed/checklist/{PROGRAM}", 3),
        (f"/embed/comparison?{chosen(4)}", 3),
        (f"/programs/{PROGRAM}", 5),  # the pay where the school stands is one
        (f"/compare?{chosen(2)}", 4),
        (f"/compare?{chosen(4)}", 4),
    ],
)
def test_a_read_makes_few_statements_whatever_the_number_of_programs(
    seeded_engine: Engine, uncached_client: TestClient, path: str, most: int
) -> None:
    assert 0 < count_statements(seeded_engine, uncached_client, path) <= most


FUNCTIONS = {
    *("any", "avg", "cast", "check", "chr", "coalesce", "count", "exists", "extract", "length"),
    *("lower", "max", "min", "nullif", "over", "row_number", "string_agg", "sum", "unique"),
    *("unnest", "values", "clock_timestamp", "current_setting", "pg_is_in_recovery"),
    *("pg_advisory_xact_lock", "pg_try_advisory_xact_lock", "pg_table_is_visible"),
    *("pg_last_wal_receive_lsn", "pg_last_wal_replay_lsn", "pg_last_xact_replay_timestamp"),
}
"""What app/ops/deploy/DATABASES.md holds against the documentation of other databases."""

WORDS = set(
    """
    ADD ALL ALTER ANALYZE AND ANY ARRAY AS ASC BIGINT BOOLEAN BY BYTEA CASCADE CASE CAST CHECK
    COLLATE COLUMN CONFLICT CONSTRAINT CREATE CROSS DATE DEFAULT DELETE DESC DISTINCT DO ELSE END
    EXISTS FLOAT FOR FOREIGN FROM GROUP HAVING IN INDEX INNER INSERT INTEGER INTO IS JOIN JSONB
    KEY LEFT LIKE LIMIT LOCAL NOT NOTHING NULL OFFSET ON OR ORDER ORDINALITY OUTER OVER PARTITION
    PRIMARY REFERENCES RELEASE RETURNING ROLLBACK SAVEPOINT SELECT SERIAL SET TABLE TEXT THEN TIME
    TIMESTAMP TO UNION UNIQUE UPDATE VALUES VARCHAR WHEN WHERE WITH ZONE
    """.split()
)


def asked_of(statements: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the functions and the words in capitals of statements, without what is quoted."""
    bare = [re.sub(r"'[^']*'|\"[^\"]*\"", "", one) for one in statements]
    functions = {name.lower() for one in bare for name in re.findall(r"\b([A-Za-z_]+)\(", one)}
    return functions, {word for one in bare for word in re.findall(r"\b[A-Z]{2,}\b", one)}


READ = f"""
    /v1/programs?q=coding&facets=state&near=43215 /v1/programs?sort=-score&weights=accreditation:9
    /v1/programs/{PROGRAM}/similar /v1/search?q=rhia+salary /v1/institutions?limit=3 /v1/credentials
    /v1/credentials/RHIT/programs /v1/releases /v1/changes?since=0&limit=5 /v1/sources
    /v1/completeness /v1/lookup?cip=51.0707 /v1/areas /v1/occupations /data / /careers
    /programs/{PROGRAM} /v1/corrections /sitemap.xml /health/ready
""".split()


@pytest.mark.parametrize("seeded_engine", ["postgresql"], indirect=True)
def test_nothing_is_asked_of_postgresql_that_other_databases_are_not_documented_to_have(
    seeded_engine: Engine,
) -> None:
    engine = seeded_engine
    seen: set[str] = set()

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.add(statement)

    event.listen(engine, "before_cursor_execute", note)
    with TestClient(create_app(engine)) as client:
        for path in READ:
            assert client.get(path).status_code == 200, path
    with draft_session(engine) as session:  # as a release is made, and taken back
        program = session.exec(select(Program).where(Program.slug == PROGRAM)).one()
        program.name = "Another name"
        session.flush()
        lock_catalogue(session)
        refresh_summaries(session, RUBRIC, now=NOW, only=[int(program.id or 0)])
        add_release(session, "test", now=NOW, change_on=None, rubric=RUBRIC)
    event.remove(engine, "before_cursor_execute", note)
    tables = SQLModel.metadata.sorted_tables
    seen |= {str(CreateTable(table).compile(engine)) for table in tables}
    seen |= {str(CreateIndex(i).compile(engine)) for table in tables for i in table.indexes}
    names = {name for table in tables for name in (table.name, *table.columns.keys())}
    functions, words = asked_of(seen)

    assert functions - names - {word.lower() for word in WORDS} <= FUNCTIONS
    assert words <= WORDS


def test_no_statement_leaves_anything_in_its_session() -> None:
    of_session = re.compile(
        r"pg_(try_)?advisory_lock|\bLISTEN\b|\bPREPARE\b|[\"']SET (?!LOCAL\b)|"
        r"CREATE (TEMP|EXTENSION|TRIGGER|FUNCTION|VIEW|RULE)|\bCOPY \w+ (FROM|TO)\b"
    )
    for path in [*Path("app").rglob("*.py"), *Path("migrations").rglob("*.py")]:
        assert not of_session.search(path.read_text(encoding="utf-8")), path
