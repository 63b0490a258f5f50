"""Spanish pages are Spanish: only titles of sources, names and words of sources stay English."""

import csv
import json
import re
from collections.abc import Container, Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import count, groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.domain.vocabulary import in_words
from app.schemas.snapshots import SHIPPED
from app.site.languages import NAMED, is_outline, language
from app.site.pages.questions import QUESTIONS
from app.store.tables.advancement import AdvancementPath
from app.store.tables.credentials import Credential
from app.store.tables.programs import Program

pytestmark = pytest.mark.long

HTML = {"Accept": "text/html"}
SLUG = "schoolcraft-community-college-district-510707-associate"
OTHER = "mohawk-valley-community-college-510707-associate"
HEARD = ("aria-label", "title", "placeholder", "alt")
"""Attributes that hold words."""

EMPTY = frozenset({"br", "img", "input", "link", "meta", "hr", "wbr", "rect", "use", "path"})
PROGRAMS = 70
"""How many programs are read."""


OF_EVERY_KIND = (
    *("", "careers", "careers?near=43215", "compare", "credentials/compare", "data", "corrections"),
    *("corrections/1", "editors", "docs", "docs/glossary", "method", "fit", "renewal", "guide"),
    *("institutions/172200", f"programs/{SLUG}", f"programs/{SLUG}/letter", "statistics"),
    *("credentials/compare?credential=RHIT&credential=CCS&credential=CPC", "credentials/RHIT"),
    *("?q=cheapest+online+RHIT", "?q=expedientes+m%C3%A9dicos+en+Macon", "?q=zzxqy", "?q=CPC+exam"),
    *("?state=OH&award_level=associate", "?state=OH&view=map", "?near=48201&within_miles=50"),
    f"compare?program={SLUG}&program={OTHER}&home_state=NY",
    f"v1/snapshots/{SHIPPED}?format=html",
    *("embed/credential/RHIT?size=full", "embed/credential/CCS", f"embed/checklist/{SLUG}"),
    *(f"embed/program/{SLUG}?size={size}" for size in ("compact", "full")),
    f"embed/comparison?program={SLUG}&program={OTHER}",
    # what cannot be shown
    *("no-such-page", "programs/none", "credentials/NONE", "?sort=cost", "?near=99999", "?sate=OH"),
    *("advancement-plans?target=none", f"programs/{SLUG}?residency=none", "answer/none"),
)
"""A page of each kind."""

ENGLISH = re.compile(
    r"\b(the|is|are|was|what|which|not|your|you|from|with|this|that|it|how|known|where)\b", re.I
)
"""Words of which a sentence in English has two."""

AUTHORED = Path("seed/authored")
NAMES = frozenset(
    {"name", "title", "publisher", "issuer_name", "source_as_given", "aliases", "sayer"}
)
"""Fields of what editors wrote that are names, and stay as they are."""


class English(HTMLParser):
    """Collects what a page marks as English: the kind of words, and the words.

    And every text of the page by itself, marked or not, and those that are only heard; and those
    that stand for Spanish, being marked as nothing else.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.texts: set[str] = set()
        self.spanish: set[str] = set()
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        heard = {value for name, value in attrs if name in HEARD and value}
        self.texts |= heard
        if not self._is_other():
            self.spanish |= heard
        if tag not in EMPTY:
            self._open.append((tag, dict(attrs), []))

    def handle_data(self, data: str) -> None:
        self.texts.add(" ".join(data.split()))
        if not self._is_other():
            self.spanish.add(" ".join(data.split()))
        for _, _, words in self._open:
            words.append(data)

    def _is_other(self) -> bool:
        return any(
            name in ("script", "style", "code", "pre")
            or "hreflang" in attrs
            or attrs.get("lang", "es") != "es"
            for name, attrs, _ in self._open
        )

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, attrs, words = self._open.pop()
            if attrs.get("lang") == "en" and "hreflang" not in attrs:
                kind = attrs.get("data-words") or "none"
                self.found.add((kind, " ".join("".join(words).split())))
            if name == tag:
                break


def read(client: TestClient, address: str) -> English:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 200, address
    assert '<html lang="es"' in answer.text
    reader = English()
    reader.feed(answer.text)
    return reader


def authored(name: str) -> Any:
    return json.loads((AUTHORED / f"{name}.json").read_text(encoding="utf-8"))


@cache
def words_of_editors() -> set[str]:
    """Return every text that editors wrote, no name, that is not the same in Spanish.

    Such texts stand in seed/authored and beside the facts of credentials.
    """
    texts = {
        in_words(text)
        for file in AUTHORED.glob("*.json")
        for text in _texts_in(authored(file.stem), NAMES)
    }
    with Path("seed/catalogue/credential_claim.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            texts.add(row["note"])
            if row["field"] not in NAMED and not is_outline(row["field"], row["value_text"]):
                texts.add(row["value_text"])
    spanish = language("es")
    return {text for text in texts if re.search("[a-z] [a-z]", text) and spanish.tell(text) != text}


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


def _texts_in(value: object, without: Container[str] = ()) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts_in([part for name, part in value.items() if name not in without], without)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_in(part, without)


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
    programs = programs_of_every_kind(seeded_engine)[:PROGRAMS]
    with Session(seeded_engine) as session:
        codes = list(session.exec(select(Credential.code)))
        roles = list(session.exec(select(AdvancementPath.slug)))
    person = "education=associate&experience_years=2&holds=RHIT"
    read_once = [
        *("method", "guide", "fit", "statistics", "work-settings", "advancement-paths"),
        *("credentials", "renewal", "advancement-plans"),
        *(f"guide/{section}" for section in {one["section"] for one in authored("guide")}),
        *(f"statistics/{one['slug']}" for one in authored("statistics")),
        *(f"work-settings/{one['slug']}" for one in authored("work_settings")),
        *(f"advancement-paths/{role}" for role in roles),
    ]
    return [
        *(f"/programs/{slug}?lang=es" for slug in programs),
        *(
            f"/compare?lang=es&residency=out_of_state&program={'&program='.join(programs[at::12])}"
            for at in range(12)
        ),
        *(f"/credentials/{code}?lang=es&program={programs[0]}&{person}" for code in codes),
        *(f"/renewal?lang=es&held={code}&held=RHIA" for code in codes),
        *(f"/advancement-plans?lang=es&target={role}&education=associate" for role in roles),
        *(f"/{address}?lang=es" for address in ("docs", *read_once)),
        *(f"/docs/ask/{one.key}?{urlencode(one.examples)}&lang=es" for one in QUESTIONS.values()),
        *(
            f"/docs/ask/{key}?lang=es&credential={code}"
            for key in ("exam", "renewal")
            for code in codes
        ),
    ]


def test_no_sentence_of_ours_is_english_on_a_spanish_page(
    seeded_client: TestClient, addresses: list[str]
) -> None:
    pages = [read(seeded_client, address) for address in addresses]
    found = {one for page in pages for one in page.found}

    assert {kind for kind, _ in found} == {"title", "name", "stated"}
    parts = {part for kind, text in found if kind == "stated" for part in text.lower().split(", ")}
    strange = {part for part in parts if part not in catalogue_words()}
    assert not {part for part in strange if re.search("[a-z]", part)}
    texts = {text for page in pages for text in page.texts} | {text for _, text in found}
    in_english = sorted(texts & words_of_editors())
    assert in_english == []


@pytest.mark.parametrize("address", OF_EVERY_KIND)
def test_no_kind_of_page_says_anything_of_ours_in_english(
    seeded_client: TestClient, address: str
) -> None:
    asked = f"/{address}{'&' if '?' in address else '?'}lang=es"
    answer = seeded_client.get(asked, headers=HTML)
    page = English()
    page.feed(answer.text)
    spanish = language("es")

    assert '<html lang="es"' in answer.text
    ours = {text for text in page.spanish if text and spanish.tell(text) not in (None, text)}
    sentences = {text for text in page.spanish if len(set(ENGLISH.findall(text.lower()))) > 1}
    assert (ours, sentences) == (set(), set())
