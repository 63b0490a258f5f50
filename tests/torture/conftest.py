"""Marks what is slow, and ends with a table of what was done and what came of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROW = "torture_row"
ENGINES = ("sqlite", "postgresql")

Tell = Callable[..., None]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, so that ``make test`` leaves it out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.torture)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Return what puts a row into the table: fault, what was done, how often, what was seen."""

    def add(fault: str, done: str, often: str, seen: str, engine: str = "") -> None:
        record_property(ROW, (fault, done, often, engine, seen))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of section 13 of the design: one row a fault, a column an engine."""
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in report.user_properties:
                if name == ROW:
                    fault, done, often, engine, seen = value
                    told = seen if outcome == "passed" else f"FAILED: {seen}"
                    seen_by = rows.setdefault((fault, done, often), {})
                    for one in [engine] if engine else ENGINES:
                        seen_by[one] = told
    if not rows:
        return
    terminalreporter.section("what it survives")
    terminalreporter.write_line("| fault | done | how often | SQLite | PostgreSQL |")
    terminalreporter.write_line("|---|---|---|---|---|")
    for row, seen_by in rows.items():
        cells = [*row, *(seen_by.get(engine, "-") for engine in ENGINES)]
        terminalreporter.write_line(f"| {' | '.join(cells)} |")
