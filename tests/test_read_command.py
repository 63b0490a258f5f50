"""``hit-compare read``: a slice of the queue, in which one bad school costs the others nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from typer.testing import CliRunner

from app.ops import cli
from app.settings import get_settings
from app.store.database import make_engine, migrate
from tests.making import add_program
from tests.schools import HIT, SPANISH, add_to_catalogue, three_schools

runner = CliRunner()


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    address = f"sqlite:///{tmp_path}/read.db"
    monkeypatch.setenv("DATABASE_URL", address)
    get_settings.cache_clear()
    engine = make_engine(address)
    migrate(engine)
    yield engine
    engine.dispose()
    get_settings.cache_clear()


def test_a_slice_names_what_was_refused_and_goes_on(engine: Engine) -> None:
    gone = {"website": "http://127.0.0.1:9/"}
    with three_schools() as schools:
        with Session(engine) as session:
            add_program(session, "no-site", school="no-site", completions={"2024-25": 99})
            add_program(
                session, "bad-site", school="bad", school_fields=gone, completions={"2024-25": 98}
            )
            add_to_catalogue(session, schools)
            session.commit()
        hosts = [part for host in sorted(schools.hosts) for part in ("--allow-private", host)]
        asked = ["read", "--check", "practicum_offered", "--delay", "0", *hosts]

        first = runner.invoke(cli.cli, [*asked, "--most", "3"])
        second = runner.invoke(cli.cli, [*asked, "--state", "PR"])
        third = runner.invoke(cli.cli, [*asked, "--state", "PR"])

    assert first.exit_code == 0, first.output
    assert [line.partition(": ")[2] for line in first.output.splitlines() if " of 3: " in line] == [
        *("no-site", "bad-site", HIT)
    ]
    assert "not read: 1 private" in first.output
    assert "1 of 3 programs could not be read" in first.output
    assert "3 program" in first.output  # pages of Fernbank that name it
    assert f"1 of 1: {SPANISH}" in second.output
    assert "all were read of late" in third.output


def test_what_cannot_be_asked_is_refused_with_the_nearest() -> None:
    check = runner.invoke(cli.cli, ["read", "--check", "practicum_offerd"])
    state = runner.invoke(cli.cli, ["read", "--state", "Ohio"])

    assert (check.exit_code, state.exit_code) == (2, 2)
    assert "practicum_offered" in check.output
    assert "Ohio" in state.output
