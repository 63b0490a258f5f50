"""How many statements a read costs: whatever is known of a program is loaded once, for all."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from app.main import create_app
from app.queries.kept import held
from app.settings import get_settings

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
