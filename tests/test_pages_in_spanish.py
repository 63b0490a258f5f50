"""Spanish pages are Spanish: only titles of sources, names and words of sources stay English."""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import count, groupby
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.store.tables.advancement import AdvancementPath
from app.store.tables.credentials import Credential
from app.store.tables.programs import Program

HTML = {"Accept": "text/html"}
EMPTY = frozenset({"br", "img", "input", "link", "meta", "hr", "wbr", "rect", "use", "path"})
PROGRAMS = 50
"""How many programs are read on each engine, not the same ones."""


class English(HTMLParser):
    """Collects what a page marks as English: the kind of words, and the words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY:
            self._open.append((tag, dict(attrs), []))

    def handle_data(self, data: str) -> None:
        for _, _, words in self._open:
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, attrs, words = self._open.pop()
            if attrs.get("lang") == "en" and "hreflang" not in attrs:
                kind = attrs.get("data-words") or "none"
                self.found.add((kind, " ".join("".join(words).split())))
            if name == tag:
                break


def english_of(client: TestClient, address: str) -> set[tuple[str, str]]:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, address
    assert '<html lang="es"' in answer.text
    reader = English()
    reader.feed(answer.text)
    return reader.found


@cache
def catalogue_words() -> str:
    """Return every text of the catalogue as shipped, in small letters."""
    texts: set[str] = set()
    for file in Path("seed/catalogue").glob("*.csv"):
        with file.open(encoding="utf-8") as lines:
            for row in csv.reader(lines):
                for cell in row:
                    texts.update(_texts_in(json.loads(cell)) if cell[:1] in ("[", "{") else [cell])
    return "\n".join(" ".join(text.split()).lower() for text in texts if re.search("[a-z]", text))


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)


def programs_of_every_kind(engine: Engine) -> list[str]:
    """Return programs, the first one of each kind before a second one of any."""
    kinds = (Program.award_level, Program.cip_code, Program.campus, Program.match_quality)
    with Session(engine) as session:
        rows = session.exec(select(Program.slug, *kinds).order_by(*map(col, kinds))).all()
    placed = [
        (place, slug)
        for _, group in groupby(rows, key=lambda row: row[1:])
        for place, (slug, *_) in zip(count(), group, strict=False)
    ]
    return [slug for _, slug in sorted(placed)]


@pytest.fixture(scope="module")
def addresses(seeded_engine: Engine) -> list[str]:
    """Pages on many programs, and on every credential and role."""
    is_first = seeded_engine.dialect.name == "sqlite"
    programs = programs_of_every_kind(seeded_engine)[0 if is_first else PROGRAMS :][:PROGRAMS]
    with Session(seeded_engine) as session:
        codes = list(session.exec(select(Credential.code)))
        roles = list(session.exec(select(AdvancementPath.slug)))
    person = "education=associate&experience_years=2&holds=RHIT"
    return [
        *(f"/programs/{slug}?lang=es" for slug in programs),
        *(
            f"/compare?lang=es&residency=out_of_state&program={'&program='.join(programs[at::12])}"
            for at in range(12)
        ),
        *(f"/credentials/{code}?lang=es&program={programs[0]}&{person}" for code in codes[::2]),
        *(f"/renewal?lang=es&held={code}&held=RHIA" for code in codes[::2]),
        *(f"/advancement-plans?lang=es&target={role}&education=associate" for role in roles),
        "/method?lang=es",
        "/work-settings/hospital?lang=es",
    ]


def test_no_sentence_of_ours_is_english_on_a_spanish_page(
    seeded_client: TestClient, addresses: list[str]
) -> None:
    found = {one for address in addresses for one in english_of(seeded_client, address)}

    assert {kind for kind, _ in found} == {"title", "name", "stated"}
    parts = {part for kind, text in found if kind == "stated" for part in text.lower().split(", ")}
    strange = {part for part in parts if part not in catalogue_words()}
    assert not {part for part in strange if re.search("[a-z]", part)}
