"""Folders are floors: code imports downwards or from its own folder, never upwards."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = {
    "clock": 0,
    "settings": 0,
    "errors": 0,
    "public_hosts": 0,
    "domain": 0,
    "store": 1,
    "schemas": 2,
    "search": 3,
    "queries": 4,
    "ledger": 5,
    "importers": 6,
    "exports": 6,
    "reader": 6,
    "site": 7,
    "http": 7,
    "site.routes": 8,
    "api": 8,
    "assistants": 8,
    "ops": 9,
    "main": 9,
}
"""Folder or module of app/ -> its floor; the routes of the site stand above the rest of it."""

SAME_FLOOR = (
    {"clock", "settings", "errors", "domain"},
    {"site.routes", "api", "assistants"},
    {"ops", "main"},
)
"""Neighbors that may import one another."""

MODULES = sorted(path for path in Path("app").rglob("*.py") if path.name != "__init__.py")


def folder_of(module: str) -> str:
    parts = module.split(".")[1:]
    return "site.routes" if parts[:2] == ["site", "routes"] else parts[0]


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            deeper = {f"{module}.{alias.name}" for alias in node.names}
            found |= deeper if module == "app" else {module}
    return found


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_imports_from_its_own_folder_or_from_lower_floors(path: Path) -> None:
    own = folder_of(".".join(path.with_suffix("").parts))
    for module in imports_of(path):
        if module.startswith("app."):
            other = folder_of(module)
            assert other in FLOORS, f"{other} has no floor"
            beside = other == own or any({own, other} <= both for both in SAME_FLOOR)
            assert FLOORS[other] < FLOORS[own] or beside, f"{path} reaches up to {module}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[1] == "domain"], ids=str)
def test_decisions_use_the_standard_library_only(path: Path) -> None:
    for module in imports_of(path):
        top = module.split(".")[0]
        assert top in sys.stdlib_module_names or module.startswith("app.domain"), module


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 50


def test_tests_of_decisions_start_without_the_application() -> None:
    collect = "import sys, pytest; pytest.main(['tests/domain', '--collect-only', '-qqq'])"
    heavy = "{'fastapi', 'pydantic', 'sqlalchemy', 'starlette', 'playwright'}"
    told = subprocess.run(
        [sys.executable, "-c", f"{collect}; print('loaded', sorted({heavy} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "tests/domain/test_scoring.py" in told.stdout
    assert told.stdout.splitlines()[-1] == "loaded []"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[1] == "queries"], ids=str)
def test_queries_only_read(path: Path) -> None:
    assert "app.store.rows" not in imports_of(path)
