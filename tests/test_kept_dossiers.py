"""What is known of the programs read last is kept, and is never that of another release or day."""

import gc
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType

import pytest
from sqlalchemy import Engine, event, func
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.clock import today
from app.domain.dossier import Dossier
from app.domain.keys import Scope
from app.queries.comparison import compare
from app.queries.details import get_details
from app.queries.dossiers import BY_ID, load_dossiers, size_of
from app.queries.kept import Shelf
from app.store.tables.facts import ProgramFactsRow
from tests.editing import Editor, make_key
from tests.making import add_program, price, publish

ONE, BOTH = "/v1/programs/alpha-hit", "/v1/comparison?program=alpha-hit&program=beta-hit"


@pytest.fixture
def catalogue(session: Session) -> None:
    for at, slug in enumerate(("alpha-hit", "beta-hit", "gamma-hit")):
        add_program(session, slug, claims=[price("tuition", 1000 + at)])
    publish(session)


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """All that was asked of the database but which release is the newest."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")) and "release.number" not in statement:
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("catalogue")
def test_other_reads_of_the_same_programs_load_nothing(
    client: TestClient, statements: list[str]
) -> None:
    client.get(BOTH)
    statements.clear()

    answers = [
        client.get(f"{ONE}{more}").status_code
        for more in ("", "/checklist", "/total-cost", "?home_state=TX", "?weights=accreditation:1")
    ]

    assert answers == [200] * 5
    assert [one for one in statements if "program" in one] == []


@pytest.mark.usefixtures("catalogue")
def test_only_programs_that_are_not_kept_are_loaded(client: TestClient) -> None:
    client.get(ONE)

    compared = client.get(BOTH).json()

    assert compared["programs"] == ["alpha-hit", "beta-hit"]


@pytest.mark.usefixtures("catalogue")
def test_a_release_is_seen_and_a_draft_sees_its_own(engine: Engine, client: TestClient) -> None:
    key = make_key(engine, Scope.ADMIN)
    editor = Editor(client, key)
    before = client.get(ONE).json()
    editor.change("program", "alpha-hit", name="Renamed")
    in_draft = client.get(f"{ONE}?release=draft", headers=key).json()
    still = client.get(f"{ONE}?weights=accreditation:1").json()
    editor.publish()

    after = client.get(ONE).json()

    assert before["name"] == still["name"] != "Renamed"
    assert in_draft["name"] == after["name"] == "Renamed"
    assert after["release"] == before["release"] + 1


@pytest.mark.usefixtures("catalogue")
def test_each_day_has_its_own(client: TestClient) -> None:
    days = ("2026-11-24", "2031-11-24", "2026-11-24")

    told = [client.get(f"{ONE}?as_of={day}").json() for day in days]

    assert [read["as_of"] for read in told] == [*days]
    assert [read["costs"][0]["evidence"]["stale"] for read in told] == [False, True, False]


@pytest.mark.usefixtures("catalogue")
def test_what_one_reader_asks_for_is_not_told_to_others(client: TestClient) -> None:
    plain = client.get(ONE).json()

    weighed = client.get(f"{ONE}?weights=accreditation:1&include=checklist,similar").json()

    assert weighed["score"] != plain["score"]
    assert weighed["included"]
    assert client.get(ONE).json() == plain


def test_a_shelf_lets_go_of_what_was_not_asked_for() -> None:
    shelf = Shelf[str](100)
    shelf.put("a", "first", 40)
    shelf.put("b", "second", 40)
    shelf.find("a")
    shelf.put("c", "third", 40)
    shelf.put("c", "third", 30)

    assert [shelf.find(key) for key in "abc"] == ["first", None, "third"]
    assert shelf.bytes == 70

    shelf.put("d", "too large", 101)

    assert shelf.find("d") is None
    assert shelf.bytes == 0


def test_a_dossier_needs_no_more_than_is_counted(seeded_engine: Engine) -> None:
    told = func.length(col(ProgramFactsRow.doc))
    with Session(seeded_engine) as session:
        some = [
            session.exec(select(ProgramFactsRow.program_id).order_by(order).limit(2)).all()
            for order in (told, told.desc())
        ]
        few, many = (load_dossiers(session, BY_ID, keys, today()) for keys in some)

    for dossiers in (few, many):
        shared = _reach((dossiers[0].shared, dossiers[0].rubric, dossiers[0].remits), {})
        compare(dossiers, None)
        for dossier in dossiers:
            get_details(dossier)
            assert _bytes_of(dossier, shared) <= size_of(dossier), dossier.program.slug


def _bytes_of(dossier: Dossier, without: dict[int, object]) -> int:
    found = _reach(dossier, dict(without))
    return sum(sys.getsizeof(one) for key, one in found.items() if key not in without)


def _reach(start: object, found: dict[int, object]) -> dict[int, object]:
    """Return all that an object refers to, through others, by identity; code is left out."""
    waiting = [start]
    while waiting:
        one = waiting.pop()
        if id(one) not in found and not isinstance(one, type | FunctionType | ModuleType):
            found[id(one)] = one
            waiting += gc.get_referents(one)
    return found
