"""No question about programs reads a table whole that grows with the catalogue.

SQLite plans by the statistics of ANALYZE, here those of a catalogue 200 times as large; PostgreSQL
by the size of the files, so it is told to avoid reading a table whole and may do so only
where it has no other way.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event, text
from starlette.testclient import TestClient

from app.main import bind
from app.store.database import analyze, make_engine
from tests.fixtures import Databases

GROWING = frozenset(
    {
        *("program", "program_summary", "program_tag", "institution", "completion"),
        *("accreditation_claim", "cost_claim", "offering_claim", "outcome_claim"),
        *("practicum_claim", "preparation_claim", "service_claim", "topic_claim"),
        *("transfer_claim", "catalogue_change"),
    }
)
TIMES = 200

ONE = "owens-community-college-510707-associate"
OTHER = "mercy-college-of-ohio-510707-associate"
ADDRESSES = [
    "/v1/programs",
    "/v1/programs?state=OH&facets=state&facets=topic",
    "/v1/programs?q=medical+coding+texas&facets=award_level",
    "/v1/programs?q=sinclar",
    "/v1/programs?near=45402&sort=distance&sort=-score",
    "/v1/programs?sort=-score&weights=accreditation:3,practicum_access:1",
    "/v1/programs?max_tuition_usd=4000&exclude_state=OH&sort=tuition&sort=name",
    "/v1/programs?unitid=202222&updated_since=2020-01-01",
    "/v1/programs?state=OH&state=TX&award_level=doctorate_research&cip_code=51.0713",
    f"/v1/programs/{ONE}",
    f"/v1/programs/{ONE}/checklist",
    f"/v1/programs/{ONE}/claims",
    f"/v1/programs/{ONE}/total-cost",
    f"/v1/comparison?program={ONE}&program={OTHER}",
    f"/v1/eligibility?credential=RHIT&program={ONE}",
    f"/v1/timeline?program={ONE}",
    "/v1/institutions/202222",
    "/v1/credentials/RHIT/programs",
    "/v1/lookup?unitid=202222",
    "/v1/lookup?opeid=00575300",
    "/v1/changes?since=1",
    "/v1/releases",
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def large(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """The catalogue as shipped, planned for as if it were large."""
    if request.param == "postgresql":
        engine = databases.seeded("postgresql")
        analyze(engine)
        yield engine
        return
    path = tmp_path_factory.mktemp("plans") / "large.db"
    with databases.seeded("sqlite").connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
        connection.exec_driver_sql("BEGIN")
    engine = make_engine(f"sqlite:///{path}")
    analyze(engine)
    with engine.begin() as connection:
        for table, index, told in connection.execute(
            text("SELECT tbl, idx, stat FROM sqlite_stat1")
        ).all():
            rows, *rest = told.split()
            grown = " ".join([str(int(rows) * TIMES), *rest])
            connection.execute(
                text("UPDATE sqlite_stat1 SET stat = :told WHERE tbl = :table AND idx IS :index"),
                {"told": grown, "table": table, "index": index},
            )
    engine.dispose()
    yield engine
    engine.dispose()


@contextmanager
def plans_of(engine: Engine) -> Iterator[list[tuple[str, str]]]:
    """Yield a list that fills with each statement and its plan, a line a step."""
    found: list[tuple[str, str]] = []

    def explain(
        _connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
            return
        asked = cursor.connection.cursor()
        if engine.dialect.name == "sqlite":
            asked.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [row[3] for row in asked.fetchall()]
        else:
            asked.execute("SET LOCAL enable_seqscan = off")
            asked.execute(f"EXPLAIN {statement}", parameters)
            steps = [row[0] for row in asked.fetchall()]
        asked.close()
        found.append((statement, "\n".join(steps)))

    event.listen(Engine, "before_cursor_execute", explain)
    yield found
    event.remove(Engine, "before_cursor_execute", explain)


SCANS = re.compile(r"^\W*(?:SCAN|(?:Parallel )?Seq Scan on) (\w+)(?! USING)", re.MULTILINE)


def scanned(plan: str) -> set[str]:
    return set(SCANS.findall(plan)) & GROWING


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_question_reads_a_growing_table_whole(
    large: Engine, shared_app: FastAPI, address: str
) -> None:
    bind(shared_app, large)
    with TestClient(shared_app) as client:
        client.get("/v1/programs?limit=1")  # loads what a release is searched by
        shared_app.state.answers.max_bytes = 0
        with plans_of(large) as plans:
            answer = client.get(address)

    assert answer.status_code == 200, answer.text
    assert plans
    for statement, plan in plans:
        assert not scanned(plan), f"{statement}\n{plan}"


def test_a_scan_is_seen(large: Engine) -> None:
    with plans_of(large) as plans, large.connect() as connection:
        connection.execute(text("SELECT count(*) FROM outcome_claim WHERE metric = 'x'")).all()
        connection.execute(text("SELECT id FROM program WHERE slug = 'x'")).all()

    assert [scanned(plan) for _, plan in plans] == [{"outcome_claim"}, set()]
