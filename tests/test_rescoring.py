"""What is stored was made by a rubric, on a day, by a version of the code; else it is made anew."""

import hashlib
import json
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.clock import moment
from app.domain.checklist.rubric import Rubric, parse_rubric
from app.domain.checklist.rules import RULES, find_all, require_rules
from app.domain.checklist.scoring import score
from app.domain.claims import LISTS, ProgramFacts, known_on
from app.domain.keys import Scope
from app.importers import rescoring
from app.importers.run import refresh_if_due
from app.main import bind
from app.queries.rubrics import rubrics_of
from app.schemas.programs import ProgramSummary as ListItem
from app.search.index import KINDS, LEXICON, PROGRAM, loaded
from app.settings import ROOT
from app.store.database import write_session
from app.store.facts import SHAPES
from app.store.tables.programs import SUMMARY_SHAPE, ProgramSummary
from app.store.tables.releases import Release
from app.store.tables.search import INDEX_SHAPE, SearchTerms
from tests.domain.facts import REMITS
from tests.editing import Editor, make_key
from tests.making import RUBRIC, accredited, add_program, price, publish

YEAR = timedelta(days=366)


@pytest.fixture
def catalogue(stamped_engine: Engine, session: Session) -> Engine:
    """One program of which something is known today, and less in a year."""
    as_of = (moment() - timedelta(days=900)).date().isoformat()
    claims = [accredited(as_of=as_of), price("tuition", 4000, as_of=as_of)]
    add_program(session, "the-one", claims=claims)
    publish(session)
    return stamped_engine


def newest(engine: Engine) -> Release:
    with Session(engine) as session:
        return session.exec(select(Release).order_by(col(Release.number).desc())).first()  # type: ignore[return-value]


def scores(client: TestClient) -> tuple[Any, Any]:
    """Return the score of a list, and that of the program's own checklist."""
    [item] = client.get("/v1/programs").json()["items"]
    checked = client.get("/v1/programs/the-one/checklist").json()["score"]
    return {name: item["score"][name] for name in checked}, checked


def shorter(version: str = "2026.0") -> Rubric:
    """Return a rubric without the last check of each criterion."""
    raw = json.loads((ROOT / f"seed/rubrics/{RUBRIC.version}.json").read_text())
    raw["version"] = version
    for criterion in raw["criteria"]:
        criterion["checks"] = criterion["checks"][:-1]
    kept = {check["key"] for criterion in raw["criteria"] for check in criterion["checks"]}
    raw["gates"] = [gate for gate in raw["gates"] if gate["check"] in kept]
    return parse_rubric(json.dumps(raw))


def test_a_start_with_a_clock_a_year_on_widens_scores_and_one_with_the_true_clock_mends_them(
    catalogue: Engine, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    right = scores(client)

    assert refresh_if_due(catalogue, RUBRIC, now=moment() + YEAR)
    wide = scores(client)
    assert "later day" not in caplog.text
    assert refresh_if_due(catalogue, RUBRIC)
    mended = scores(client)

    assert right[0] == right[1]
    assert wide[0]["low"] < right[0]["low"]
    assert mended == right
    assert "later day" in caplog.text
    assert newest(catalogue).scored_on == moment().date()
    assert refresh_if_due(catalogue, RUBRIC) is None


def test_a_release_scored_by_another_rubric_is_scored_anew_and_tells_by_which(
    catalogue: Engine, client: TestClient
) -> None:
    other = shorter()

    reason = refresh_if_due(catalogue, other)

    assert reason is not None
    assert other.version in reason
    number = newest(catalogue).number
    assert client.get(f"/v1/releases/{number}").json()["rubric"] == other.version
    assert refresh_if_due(catalogue, other) is None
    assert refresh_if_due(catalogue, RUBRIC)
    listed, checked = scores(client)
    assert listed == checked


@pytest.mark.parametrize("column", ["rubric", "summary_shape", "index_shape"])
def test_a_release_of_before_these_were_kept_is_scored_anew_once(
    catalogue: Engine, column: str
) -> None:
    with catalogue.begin() as connection:
        connection.execute(sa.text(f"UPDATE release SET {column} = NULL"))

    assert refresh_if_due(catalogue, RUBRIC)

    made = newest(catalogue)
    shapes = (made.rubric, made.summary_shape, made.index_shape)
    assert shapes == (RUBRIC.version, SUMMARY_SHAPE, INDEX_SHAPE)
    assert refresh_if_due(catalogue, RUBRIC) is None


def test_a_publish_on_top_of_scores_by_another_rubric_scores_everything(
    catalogue: Engine, client: TestClient
) -> None:
    with write_session(catalogue) as session:
        add_program(session, "the-other", school="other-college")
    refresh_if_due(catalogue, shorter())
    editor = Editor(client, make_key(catalogue, Scope.ADMIN))
    editor.change("program", "the-other", name="Another name")

    editor.publish()

    items = {item["slug"]: item for item in client.get("/v1/programs").json()["items"]}
    checked = client.get("/v1/programs/the-one/checklist").json()["score"]
    assert items["the-one"]["score"]["low"] == checked["low"]
    assert newest(catalogue).rubric == RUBRIC.version


@pytest.mark.parametrize("release", ["draft", "newest"])
@pytest.mark.parametrize("change", ["a kind is missing", "a kind too many", "an older shape"])
def test_an_index_that_other_code_made_is_made_anew(
    catalogue: Engine, shared_app: FastAPI, change: str, release: str
) -> None:
    with catalogue.begin() as connection:
        if change == "a kind is missing":
            terms = sa.delete(SearchTerms).where(col(SearchTerms.kind) == "state")
            connection.execute(terms)
        elif change == "a kind too many":
            rows = sa.update(SearchTerms).where(col(SearchTerms.kind) == "state")
            connection.execute(rows.values(kind="a_kind_of_old"))
        else:
            connection.execute(sa.text("UPDATE search_terms SET terms = '[]', sizes = '[]'"))
            connection.execute(sa.text("UPDATE release SET index_shape = 0"))
    loaded.clear()
    bind(shared_app, catalogue)
    key = make_key(catalogue, Scope.ADMIN)
    asked = {"release": "draft"} if release == "draft" else {}

    with TestClient(shared_app, raise_server_exceptions=False) as client:
        found = client.get("/v1/programs", params={"state": "OH", **asked}, headers=key)
        page = client.get("/", headers={"accept": "text/html"})

    assert found.status_code == 200, found.text
    assert found.json()["total"] == 1
    assert page.status_code == 200


def test_the_kept_index_has_exactly_the_kinds_that_the_code_asks_for(catalogue: Engine) -> None:
    with Session(catalogue) as session:
        number = newest(catalogue).number
        kinds = session.exec(select(SearchTerms.kind).where(SearchTerms.release == number)).all()

    assert sorted(kinds) == sorted({PROGRAM, LEXICON, *KINDS})


def fingerprint(names: list[str]) -> str:
    return hashlib.sha256(json.dumps(sorted(names)).encode()).hexdigest()[:12]


def test_stored_forms_are_counted_up_when_they_change() -> None:
    """On a failure: count ``SUMMARY_SHAPE`` or ``INDEX_SHAPE`` up, and write down what it is of."""
    schema = ListItem.model_json_schema()
    parts = {"": schema, **schema["$defs"]}
    fields = [
        f"{name}.{field}" for name, part in parts.items() for field in part.get("properties", ())
    ]
    columns = ProgramSummary.metadata.tables["program_summary"].columns.keys()

    assert (SUMMARY_SHAPE, fingerprint([*fields, *columns])) == (15, "1174033c9602")
    assert (INDEX_SHAPE, fingerprint([*KINDS])) == (11, "01df5f0a19ff")


def test_documents_of_claims_are_counted_with_the_summaries_when_a_field_changes() -> None:
    """On a failure: count ``SUMMARY_SHAPE`` up, unless old documents can be read as they are."""
    told = [f"{kind.kind_name}.{name}" for kind in LISTS for name in SHAPES[kind].__struct_fields__]

    assert (SUMMARY_SHAPE, fingerprint(told)) == (15, "58728e856f6b")


checks = st.lists(st.sampled_from(sorted(RULES)), min_size=1, unique=True)


@given(keys=checks)
def test_every_rubric_of_known_checks_can_be_scored(keys: list[str]) -> None:
    raw = json.loads((ROOT / "seed/rubrics/2026.1.json").read_text())
    every = {check["key"]: check for c in raw["criteria"] for check in c["checks"]}
    first, *_ = raw["criteria"]
    raw["criteria"] = [{**first, "weight": 1.0, "checks": [every[key] for key in keys]}]
    raw["gates"] = []
    rubric = require_rules(parse_rubric(json.dumps(raw)))

    day = date(2026, 1, 1)
    results = find_all(known_on(ProgramFacts("associate", "51.0707"), day), rubric, day, REMITS)

    assert [result.key for result in results] == keys
    score(rubric, {result.key: result.finding for result in results})


def test_a_rubric_with_a_check_that_has_no_rule_is_refused_when_it_is_read(tmp_path: Path) -> None:
    raw = json.loads((ROOT / "seed/rubrics/2026.1.json").read_text())
    raw["criteria"][0]["checks"][0]["key"] = "payment_plan"
    raw["version"], raw["gates"] = "2026.2", []
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics/2026.2.json").write_text(json.dumps(raw))

    with pytest.raises(ValueError, match=r"2026\.2: no rule is known for payment_plan"):
        rubrics_of(tmp_path)


def test_a_look_that_fails_is_logged_and_followed_by_others_until_one_succeeds(
    catalogue: Engine,
    shared_app: FastAPI,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    calls = []

    def failing(*_: object) -> None:
        calls.append(1)
        if len(calls) <= 3:
            raise sa.exc.OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    monkeypatch.setattr(rescoring, "refresh_if_due", failing)
    for name in ("FIRST_CHECK", "SOONEST_RETRY", "BETWEEN_CHECKS"):
        monkeypatch.setattr(rescoring, name, 0.01)
    bind(shared_app, catalogue)
    with TestClient(shared_app) as client:
        first = client.get("/health/ready").json()
        deadline = time.monotonic() + 30
        while len(calls) < 6 and time.monotonic() < deadline:
            time.sleep(0.01)
        ready = client.get("/health/ready").json()

    assert "scores_looked_at" in first
    assert len(calls) >= 6
    assert caplog.text.count("could not see to it") == 3
    assert ready["scores_looked_at"] is not None
    assert REGISTRY.get_sample_value("hit_compare_scores_looked_at_seconds")


def test_after_failures_checks_come_later_and_later_but_never_rarely() -> None:
    checks = rescoring.ScoreChecks()
    pauses = []
    for failures in range(1, 200):
        checks.failures = failures
        pauses.append(checks.pause())

    assert pauses[0] == rescoring.SOONEST_RETRY
    assert pauses == sorted(pauses)
    assert pauses[-1] == rescoring.LATEST_RETRY < rescoring.BETWEEN_CHECKS
