"""Glossary and quick start: every link, address and line of code on them works."""

import csv
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.site.glossary import TERMS
from tests.fixtures import Databases
from tests.serving import serving

OWENS = "owens-community-college-510707-associate"


def get(url: str) -> httpx.Response:
    """Return an answer of a server that may be busy with other tests."""
    return httpx.get(url, timeout=60)


class Anchors(HTMLParser):
    """The links of a page, and what they can lead to on it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "a" and name == "href" and value:
                self.links.append(value)
            if name == "id" and value:
                self.ids.append(value)


@pytest.fixture
def client(shared_app: FastAPI) -> Iterator[TestClient]:
    """A client of pages, which ask no database."""
    with TestClient(shared_app) as client:
        yield client


def test_every_word_has_an_address_and_leads_to_operations_that_there_are(
    client: TestClient, shared_app: FastAPI
) -> None:
    page = Anchors(client.get("/docs/glossary").text)

    keys = [term.key for term in TERMS]
    assert [name for name in page.ids if name in keys] == keys == sorted(keys)
    assert len(page.ids) == len(set(page.ids))
    document: dict[str, Any] = shared_app.openapi()
    known = {
        f"/docs/interface#/{tag.replace(' ', '%20')}/{operation['operationId']}"
        for path in document["paths"].values()
        for operation in path.values()
        for tag in operation["tags"]
    }
    assert {link for link in page.links if link.startswith("/docs/interface#")} <= known
    assert {link[1:] for link in page.links if link.startswith("#")} == {*keys, "main"}


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.key)
def test_a_word_is_explained_in_few_sentences(term: Any) -> None:
    assert 1 <= len(re.findall(r"[.!?](?= |$)", term.text)) <= 3
    assert term.text.endswith(".")
    assert term.shown_by


@pytest.fixture(scope="module")
def server(databases: Databases) -> Iterator[str]:
    with serving(databases.seeded("sqlite")) as address:
        yield address


def test_the_fields_of_the_glossary_are_fields_of_the_interface(server: str) -> None:
    addresses = ("/openapi.json", "/v1/rubrics", "/v1/credentials/RHIT")
    told = " ".join(get(f"{server}{address}").text for address in addresses)

    for term in TERMS:
        for field in term.fields:
            assert f'"{field}"' in told, field


@pytest.fixture(scope="module")
def quick_start(server: str) -> str:
    return get(f"{server}/docs/quick-start").text


def code_of(page: str, name: str) -> str:
    found = re.search(rf'<pre id="{name}">(.*?)</pre>', page, re.DOTALL)
    assert found, name
    return unescape(found[1])


def test_the_addresses_for_the_browser_are_those_of_this_server_and_answer(
    quick_start: str, server: str
) -> None:
    links = [link for link in Anchors(quick_start).links if urlsplit(link).netloc]

    assert len(links) == 6
    answers = {link.removeprefix(server): get(link) for link in links}
    assert {answer.status_code for answer in answers.values()} == {200}
    schools = [item["institution"]["name"] for item in next(iter(answers.values())).json()["items"]]
    assert {"Owens Community College", "Mercy College of Ohio"} <= set(schools)
    shown = unescape(answers[f"/programs/{OWENS}"].text)
    for question in answers[f"/v1/programs/{OWENS}/checklist"].json()["questions"]:
        assert question["ask"].split(" (Known so far")[0] in shown


def test_the_addresses_for_spreadsheets_give_a_table_and_a_page_for_each_line_of_it(
    quick_start: str,
) -> None:
    formula = re.fullmatch(r'=IMPORTDATA\("(.+)"\)', code_of(quick_start, "importdata"))
    assert formula
    answer = get(formula[1])
    rows = list(csv.reader(answer.text.splitlines()))

    assert answer.headers["content-type"].startswith("text/csv")
    columns = rows[0]
    named = re.findall(r"<code>([a-z]+_[a-z_]+)</code>", quick_start)
    for name in ("score_low", "score_high", "tuition_and_fees_usd", "price_academic_year"):
        assert name in named
        assert name in columns
    assert "price_basis" in columns
    assert columns[0] == "slug"  # what the formula below takes from column A
    assert len(rows) == 16
    link = re.fullmatch(r'="(.+)"&A2', code_of(quick_start, "checklist-formula"))
    assert link
    for row in rows[1:3]:
        assert get(link[1] + row[0]).status_code == 200


def test_the_python_of_the_page_runs_as_printed(
    quick_start: str, server: str, tmp_path: Path
) -> None:
    script = tmp_path / "ohio.py"
    script.write_text(code_of(quick_start, "python-code"), encoding="utf-8")

    run = subprocess.run(
        [sys.executable, "-I", str(script)], capture_output=True, text=True, check=True, timeout=60
    )

    lines = run.stdout.splitlines()
    assert lines[0].startswith("Mercy College of Ohio verified:")
    asked = get(f"{server}/v1/programs/{OWENS}/checklist").json()["questions"]
    assert [line[2:] for line in lines[lines.index("To ask Owens Community College:") + 1 :]] == [
        f"{question['whom']}: {question['ask']}" for question in asked
    ]


def test_the_r_of_the_page_asks_for_what_there_is_and_runs_where_r_is(
    quick_start: str, server: str, tmp_path: Path
) -> None:
    code = code_of(quick_start, "r-code")
    table, checklist = (
        get(f"{server}{path}") for path in re.findall(r'paste0\(server, "([^"]+)"\)', code)
    )
    columns = next(csv.reader(table.text.splitlines()))

    assert f'server <- "{server}"' in code
    as_text, shown = re.findall(r"c\(([^)]+)\)", code)
    named = {*re.findall(r"([a-z_]+) = ", as_text), *re.findall(r'"([a-z_]+)"', shown)}
    assert {"unitid", "cip_code"} <= named <= set(columns)
    assert {"whom", "ask"} <= set(checklist.json()["questions"][0])
    if shutil.which("Rscript"):
        script = tmp_path / "ohio.R"
        script.write_text(code, encoding="utf-8")
        run = subprocess.run(
            ["Rscript", str(script)], capture_output=True, text=True, check=True, timeout=60
        )
        assert "Owens Community College" in run.stdout


def test_the_recipes_for_everything_get_every_row_whole(
    quick_start: str, server: str, tmp_path: Path
) -> None:
    everywhere = {"cwd": tmp_path, "env": {**os.environ, "no_proxy": "*"}, "timeout": 120}
    script = tmp_path / "all.py"
    script.write_text(code_of(quick_start, "database-code"), encoding="utf-8")
    shell = code_of(quick_start, "shell-code")

    subprocess.run([sys.executable, "-I", str(script)], check=True, **everywhere)
    subprocess.run(["sh", "-e", "-c", shell], check=True, **everywhere)

    with closing(sqlite3.connect(tmp_path / "programs.db")) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(program)")]
        held = database.execute("SELECT * FROM program").fetchall()
    page = get(f"{server}/v1/programs?limit=1").json()
    total = page["total"] + sum(page["left_out"].values())
    with (tmp_path / "programs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert total == len(held) == len(rows) > 5_000
    assert all(list(row) == columns and None not in row.values() for row in rows)
    assert [tuple(cell or None for cell in row.values()) for row in rows] == held
