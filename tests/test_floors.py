"""Folders are floors: code imports downwards or from its own folder, never upwards."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = {
    "settings": 0,
    "errors": 0,
    "domain": 0,
    "database": 1,
    "outages": 1,
    "postgresql": 1,
    "sqlite_file": 1,
    "widening": 2,
    "models": 1,
    "schemas": 2,
    "queries": 3,
    "importers": 4,
    "exports": 4,
    "caching": 5,
    "deprecation": 5,
    "faults": 5,
    "guards": 5,
    "lanes": 5,
    "limiting": 5,
    "metrics": 5,
    "middleware": 5,
    "problems": 5,
    "publication": 5,
    "waiting": 5,
    "openapi": 5,
    "parameters": 5,
    "serving": 5,
    "routes": 5,
    "main": 6,
    "cli": 6,
    "cli_backup": 6,
    "cli_keys": 6,
    "cli_serve": 6,
    "cli_writes": 6,
}
MODULES = sorted(path for path in Path("app").rglob("*.py") if path.name != "__init__.py")


def floor_of(module: str) -> str:
    return module.split(".")[1]


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
def test_a_module_imports_from_its_own_floor_folder_or_below(path: Path) -> None:
    own = floor_of(".".join(path.with_suffix("").parts))
    for module in imports_of(path):
        if module.startswith("app."):
            other = floor_of(module)
            assert other in FLOORS, f"{other} has no floor"
            lower = FLOORS[other] < FLOORS[own]
            beside = FLOORS[other] == FLOORS[own] and (
                other == own or path.parent == Path("app") or FLOORS[own] in {0, 5}
            )
            assert lower or beside, f"{path} reaches up to {module}"


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
