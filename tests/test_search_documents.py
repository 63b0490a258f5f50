"""List items that a process keeps: bounded, of one release, never of a draft."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlmodel import Session, col, delete

from app.domain.checklist.scoring import Interval, combine
from app.schemas.programs import ProgramQuery
from app.search import index as search_index
from app.search import programs as search
from app.search.index import DOCUMENT_OVERHEAD, PROFILE, Documents, index_of
from app.search.programs import list_kept, list_programs
from app.store.tables.programs import ProgramSummary
from tests.fixtures import Databases
from tests.making import add_program, publish

Ask = Callable[..., bytes]


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that the database is sent."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def ask(session: Session, statements: list[str]) -> Ask:
    """Ask for a page; only its own statements are noted."""

    def page(**query: Any) -> bytes:
        index, connection = index_of(session), session.connection()
        statements.clear()
        return list_programs(connection, index, ProgramQuery.model_validate(query), None)[0]

    return page


def add_three(session: Session) -> None:
    for number in range(3):
        add_program(session, f"p{number}", school=f"college-{number}", name=f"Coding {number}")
    publish(session)


@pytest.mark.parametrize(
    "query",
    [{}, {"limit": 2}, {"q": "health information"}, {"sort": ["-score"]}, {"fields": ["slug"]}],
)
def test_a_page_asked_for_before_costs_no_statement(
    session: Session, ask: Ask, statements: list[str], query: dict[str, Any]
) -> None:
    add_three(session)
    first = ask(**query)
    cold = len(statements)

    again = ask(**query)

    assert (cold, len(statements)) == (1, 0)
    assert again == first


def test_pages_share_what_they_have_in_common(
    session: Session, ask: Ask, statements: list[str]
) -> None:
    add_three(session)
    ask(limit=3)

    ask(q="health information", sort=["-name"])

    assert statements == []


@pytest.mark.parametrize(
    ("query", "is_quick"),
    [
        ({"limit": 2}, True),
        ({"sort": ["-score"], "facets": ["state"]}, True),
        ({"q": "health information", "fields": ["slug"]}, True),
        ({"q": "coding " * 20}, False),
        ({"near": "45402"}, False),
        ({"sort": ["-score"], "weights": "accreditation:1"}, False),
    ],
)
def test_a_page_that_is_kept_needs_no_connection_and_one_that_takes_long_is_refused(
    session: Session, ask: Ask, query: dict[str, Any], is_quick: bool
) -> None:
    add_three(session)
    asked = ProgramQuery.model_validate(query)
    cold = list_kept(index_of(session), asked)
    computed = ask(**query)

    warm = list_kept(index_of(session), asked)

    assert cold is None
    assert (warm and warm[0]) == (computed if is_quick else None)


def test_a_cursor_of_another_release_needs_the_database(session: Session, ask: Ask) -> None:
    add_three(session)
    cursor = json.loads(ask(limit=1))["next"]
    assert list_kept(index_of(session), ProgramQuery(limit=1, cursor=cursor)) is None
    ask(limit=3)
    assert list_kept(index_of(session), ProgramQuery(limit=1, cursor=cursor)) is not None
    publish(session)
    ask(limit=3)

    assert list_kept(index_of(session), ProgramQuery(limit=1, cursor=cursor)) is None


def test_a_new_release_is_read_anew(session: Session, ask: Ask) -> None:
    add_three(session)
    ask()
    add_program(session, "p9", school="college-0", name="Coding 9")
    publish(session)

    assert b'"slug":"p9"' in ask()


def test_what_was_taken_out_meanwhile_is_left_out(session: Session, ask: Ask) -> None:
    add_three(session)
    session.execute(delete(ProgramSummary).where(col(ProgramSummary.slug) == "p1"))

    page = ask()

    assert b'"slug":"p0"' in page and b'"slug":"p2"' in page
    assert b'"slug":"p1"' not in page


def test_a_draft_keeps_nothing_and_nothing_of_it_is_kept(
    session: Session, ask: Ask, statements: list[str]
) -> None:
    add_three(session)
    session.info["draft"] = True

    for _ in range(2):
        ask()
        assert len(statements) == 1
    session.info.pop("draft")
    ask()

    assert len(statements) == 1


@given(
    asked=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 400)), max_size=200),
    most=st.integers(0, 3_000),
)
def test_what_is_kept_is_what_was_put_and_bounded(asked: list[tuple[int, int]], most: int) -> None:
    kept, sizes = Documents(most), dict(asked)
    for number, _ in asked:
        found = kept.get(number)
        assert found in (None, str(number) * sizes[number])
        if found is None:
            kept.put(number, str(number) * sizes[number])

    texts = [text for number in range(31) if (text := kept.get(number)) is not None]
    assert sum(len(text) + DOCUMENT_OVERHEAD for text in texts) <= most


@given(
    parts=st.lists(
        st.one_of(st.none(), st.floats(0, 100, allow_subnormal=False)), min_size=4, max_size=4
    ),
    weights=st.lists(st.floats(0, 10, allow_subnormal=False), min_size=4, max_size=4),
    applies=st.lists(st.sampled_from([0.25, 0.5, 1.0]), min_size=4, max_size=4),
)
def test_the_order_by_weights_is_that_of_the_scores_shown(
    parts: list[float | None], weights: list[float], applies: list[float]
) -> None:
    names = list(search.LOWS)
    shown = {
        name: Interval(low, low, 100.0, 0.5, share)
        for name, low, share in zip(names, parts, applies, strict=True)
        if low
    }
    profile = [-1.0] * len(PROFILE)
    for name, interval in shown.items():
        profile[search.LOWS[name]] = interval.low
        profile[search.APPLIES[name]] = interval.applies
    given_weights = dict(zip(names, weights, strict=True))

    expected = combine(shown, given_weights)[0].low

    assert search._low([profile], given_weights, 0) == expected


@pytest.mark.parametrize("more", [{}, {"q": "medical coding"}, {"near": "45402"}])
@pytest.mark.parametrize("sort", ["tuition", "-institution", "-completions", "score", "distance"])
def test_a_few_programs_come_in_the_order_of_many(
    databases: Databases, monkeypatch: pytest.MonkeyPatch, sort: str, more: dict[str, str]
) -> None:
    if sort == "distance":
        more = {"near": "45402", **more}
    sorts = [sort] if "q" not in more else ["relevance", sort]
    query = ProgramQuery.model_validate({**more, "state": ["OH"], "sort": sorts, "limit": 100})
    with Session(databases.seeded("sqlite")) as session:
        index, connection = index_of(session), session.connection()
        pages = []
        for at_once, few in ((0, 0), (100_000, 0), (0, 10**9)):
            monkeypatch.setattr(search, "SORTED_AT_ONCE", at_once)
            monkeypatch.setattr(search_index, "FEW", few)
            pages.append(search.search_programs(connection, index, query, None).numbers)

    assert pages[0] == pages[1] == pages[2]
    assert len(pages[0]) > 1
