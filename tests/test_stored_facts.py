"""The documents of claims say what the tables say, whatever was written and taken back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.clock import moment
from app.domain.claims import LISTS, CostClaim, FieldOutcomeClaim, ProgramClaim, ProgramFacts
from app.domain.field_outcomes import holds_for
from app.domain.keys import Scope
from app.domain.vocabulary import Level
from app.importers.run import refresh_if_due
from app.ledger.drafts import apply_draft, draft_session
from app.ledger.publishing import roll_back
from app.ledger.releases import add_release
from app.ledger.summaries import refresh_summaries
from app.queries.claims import list_recorded_claims, load_facts, load_institution_facts
from app.queries.releases import find_release
from app.store.changes import Author
from app.store.database import write_session
from app.store.rows import ClaimTarget, reconcile_claims
from app.store.tables.facts import InstitutionFactsRow, ProgramFactsRow
from app.store.tables.programs import Program
from tests.editing import Editor, make_key
from tests.making import NOW, RUBRIC, SCHOOL, accredited, add_program, price, publish

SLUGS = ("alpha-hit", "beta-hit")
SHARED = "some-college"


@pytest.fixture
def catalogue(session: Session) -> None:
    of_school = accredited(scope="institution", level=Level.INSTITUTION)
    add_program(session, "alpha-hit", claims=[price("tuition", 1000), of_school])
    add_program(session, "beta-hit", claims=[price("tuition", 1001)])
    add_program(session, "gamma-hit", school="far-college")
    publish(session)


def flat(facts: ProgramFacts) -> list[ProgramClaim]:
    return [claim for name in LISTS.values() for claim in getattr(facts, name)]


def documents_say_what_the_tables_say(session: Session, *, one_of: int = 1) -> bool:
    programs = session.exec(select(Program).order_by(col(Program.id))).all()[::one_of]
    stored = load_facts(session, programs)
    schools = load_institution_facts(session, sorted({p.institution_id for p in programs}))
    for program in programs:
        recorded = list_recorded_claims(session, program)
        current = [entry.claim for entry in recorded if entry.superseded_at is None]
        of_school = [claim for claim in current if claim.level == Level.INSTITUTION]
        assert flat(stored[int(program.id or 0)]) == current, program.slug
        award = program.award_level or program.award_group
        whole_school = [
            claim
            for claim in flat(schools[program.institution_id])
            if not isinstance(claim, FieldOutcomeClaim) or holds_for(claim, program.cip_code, award)
        ]
        assert whole_school == of_school, program.slug
    return True


def cost(about: str, dollars: int) -> dict[str, Any]:
    return {
        "institution" if about == SHARED else "program": about,
        "component": "fees",
        "amount_low_cents": dollars * 100,
        "amount_high_cents": dollars * 100,
        "unit": "year",
        "basis": "stated_by_institution",
        "source_url": "https://school.example/costs",
        "as_of": "2026-27",
    }


def bring_in(engine: Engine, statements: list[tuple[str, int]]) -> None:
    """Import all that a source says today; what it said before and says no more is superseded."""
    with write_session(engine) as session:
        numbers = dict(session.exec(select(Program.slug, Program.id)).all())
        said = [
            (ClaimTarget(program_id=numbers[slug]), price("books", n)) for slug, n in statements
        ]
        reconcile_claims(session, CostClaim, SCHOOL, said, now=NOW)
        change_on = refresh_summaries(session, RUBRIC, now=NOW)
        add_release(session, "test", now=NOW, change_on=change_on, rubric=RUBRIC)


def go_back(engine: Engine, steps: int) -> None:
    with write_session(engine) as session:
        latest = find_release(session)
        if latest is not None and latest.number > steps:
            number = latest.number - steps
            roll_back(session, number, Author("Ann", "It was right"), RUBRIC, now=moment())


def retire(editor: Editor, chosen: int) -> None:
    listed = editor.ask("GET", "/v1/admin/records/cost_claim")["items"]
    if listed:
        editor.retire("cost_claim", listed[chosen % len(listed)]["key"])
        report = editor.ask("GET", "/v1/admin/draft/report")
        editor.publish(accept_drop=report["blocked_by"])


small = st.integers(1, 3)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("propose"), st.sampled_from((*SLUGS, SHARED)), small),
        st.tuples(st.just("retire"), st.just(""), small),
        st.tuples(st.just("import"), st.lists(st.tuples(st.sampled_from(SLUGS), small)), small),
        st.tuples(st.just("back"), st.just(""), small),
    ),
    min_size=3,
    max_size=6,
)


@pytest.mark.usefixtures("catalogue")
@given(steps=steps)
@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_documents_say_what_the_tables_say_whatever_is_written(
    engine: Engine, client: TestClient, steps: list[tuple[str, Any, int]]
) -> None:
    editor = Editor(client, make_key(engine, Scope.ADMIN))
    for step, about, number in steps:
        match step:
            case "propose":
                editor.create("cost_claim", **cost(about, number))
            case "retire":
                retire(editor, number)
            case "import":
                bring_in(engine, about)
            case _:
                go_back(engine, number)
        with draft_session(engine) as session:
            assert documents_say_what_the_tables_say(session)
            apply_draft(session, RUBRIC, moment())
            assert documents_say_what_the_tables_say(session)
    with Session(engine) as session:
        assert documents_say_what_the_tables_say(session)


@pytest.mark.usefixtures("catalogue")
def test_a_draft_shows_its_claims_and_nobody_else_sees_them(
    engine: Engine, client: TestClient
) -> None:
    headers = make_key(engine, Scope.ADMIN)
    Editor(client, headers).create("cost_claim", **cost(SHARED, 77))

    def fees(slug: str, **params: str) -> list[float]:
        read = client.get(f"/v1/programs/{slug}", params=params, headers=headers).json()
        costs = [c for c in read["costs"] if c["component"] == "fees"]
        return [c["amount_low_usd"] for c in costs]

    assert [fees(slug, release="draft") for slug in SLUGS] == [[77.0], [77.0]]
    assert [fees(slug) for slug in SLUGS] == [[], []]


@pytest.mark.usefixtures("catalogue")
def test_a_database_from_before_the_documents_is_filled_when_scores_are_made_anew(
    engine: Engine, session: Session
) -> None:
    for table in (ProgramFactsRow, InstitutionFactsRow):
        for row in session.exec(select(table)):
            session.delete(row)
    release = find_release(session)
    assert release is not None
    release.summary_shape = 1
    session.commit()

    refresh_if_due(engine, RUBRIC, now=NOW)

    session.expire_all()
    assert documents_say_what_the_tables_say(session)


def test_documents_of_the_seed_say_what_its_tables_say(seeded_engine: Engine) -> None:
    with Session(seeded_engine) as session:
        assert documents_say_what_the_tables_say(session, one_of=40)
