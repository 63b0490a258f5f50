"""The search index as a file: made once a machine, mapped by all, done without where need be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import Session

from app.search.index import Index, index_of, loaded
from app.search.mapped import KEPT, index_folder
from app.settings import get_settings
from tests.making import add_program, price, publish


@pytest.fixture(autouse=True)
def _catalogue(session: Session) -> Iterator[None]:
    add_program(session, "the-one", claims=[price("tuition", 1000)])
    add_program(session, "the-other", school="other-college", school_fields={"state": "IN"})
    publish(session)
    yield
    loaded.clear()


def load(engine: Engine) -> Index:
    """Return the index as a process has it that was just started."""
    loaded.clear()
    with Session(engine) as session:
        return index_of(session)


def files(engine: Engine) -> list[str]:
    return sorted(path.name for path in index_folder(engine).glob("index-*"))


def told(index: Index) -> dict[str, Any]:
    return {
        kind: [(term, list(index[kind].get(term))) for term in index[kind].terms]
        for kind in ("state", "name", "profile", "school_id", "subject")
    }


def test_one_process_writes_it_and_the_others_ask_the_database_for_none_of_it(
    engine: Engine,
) -> None:
    first = load(engine)
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    second = load(engine)
    event.remove(engine, "before_cursor_execute", note)

    assert told(first) == told(second)
    assert sorted(term for term, _ in told(second)["state"]) == ["IN", "OH"]
    assert not [one for one in seen if "bits" in one]
    assert len(files(engine)) == 1


def test_files_of_older_releases_go(engine: Engine, session: Session) -> None:
    for number in range(KEPT + 1):
        load(engine)
        add_program(session, f"another-{number}")
        publish(session)
    index = load(engine)

    assert [name.split("-")[1] for name in files(engine)] == ["3", "4"]
    assert len(index.programs) == KEPT + 3


def test_where_no_file_can_be_written_it_is_in_memory(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-folder").write_text("")
    monkeypatch.setenv("EXPORT_DIR", str(tmp_path / "no-folder"))
    wanted = told(load(engine))
    get_settings.cache_clear()

    assert told(load(engine)) == wanted
    assert not files(engine)
    monkeypatch.undo()
    get_settings.cache_clear()
