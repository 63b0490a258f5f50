"""Texts beside the code: what they name is there, and what they list is whole."""

import re
from pathlib import Path

import pytest

from app.settings import ROOT, Settings

NAME = re.compile(r"`([\w-][\w./-]*(?:/|\.(?:py|md|json|toml|yaml|conf|service|bin|db)))`")
OF_READERS = {"var/", "downloads/", "hit-compare.db", "csv-metadata.json", "datasette.json"}
OF_READERS |= {"datapackage.json", "program.schema.json"}
SKIPPED = {".venv", ".venv-bench", "node_modules", "var"}
TEXTS = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not SKIPPED & set(path.relative_to(ROOT).parts) and "templates" not in path.parts
)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_text_names_is_there(path: Path) -> None:
    named = set(NAME.findall(path.read_text())) - OF_READERS
    places = (ROOT, ROOT / "app", path.parent)

    assert [n for n in sorted(named) if not any((place / n).exists() for place in places)] == []


def test_every_setting_is_explained_to_who_runs_the_service() -> None:
    text = (ROOT / "app" / "ops" / "deploy" / "README.md").read_text()
    rows = re.findall(r"(?m)^\| ((?:`[A-Z_]+`(?:, )?)+) \|", text)
    explained = {name.lower() for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert explained == set(Settings.model_fields)


def test_a_newcomer_reads_the_first_text_in_one_sitting() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()

    assert [line.split()[:2] for line in lines[1:3]] == [["make", "run"], ["make", "test"]]
    assert len(lines) <= 200
