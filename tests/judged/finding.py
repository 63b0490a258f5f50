"""Who finds: the service, and beside it a plain full-text query."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from app.domain.text.identifiers import fold
from app.queries.institutions import search_institutions
from app.schemas.institutions import InstitutionQuery
from app.schemas.programs import ProgramQuery
from app.search.index import index_of
from app.search.programs import search_programs

SHOWN = 25
"""Programs asked for: the first ten without those that may be found or not."""


@dataclass(frozen=True)
class Answer:
    """What is found: slugs in order, and what is told beside them."""

    slugs: list[str]
    total: int
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def understood(self) -> list[dict[str, Any]]:
        """How each word was read."""
        return list(self.more.get("understood", ()))

    @property
    def cards(self) -> list[str]:
        """Keys of the results that are no programs."""
        return [one["key"] for one in self.more.get("first", ())]


Finder = Callable[[str], Answer]


def service(session: Session) -> Finder:
    """Return how the service finds programs, those it is less sure of after the others."""

    def find(text: str) -> Answer:
        asked = ProgramQuery(q=text, limit=SHOWN)
        page = search_programs(session.connection(), index_of(session), asked, None, below=SHOWN)
        slugs = [
            json.loads(doc)["slug"]
            for doc in (*page.docs, *page.below.values(), *page.apart.values())
        ]
        return Answer(slugs[:SHOWN], page.total, page.more)

    return find


def school_service(session: Session) -> Finder:
    """Return how the service finds schools, by their UNITIDs."""

    def find(text: str) -> Answer:
        page = search_institutions(session, InstitutionQuery(q=text, limit=SHOWN))
        return Answer([str(item.unitid) for item in page.items], page.total)

    return find


def full_text(documents: Iterable[tuple[str, str]]) -> Finder:
    """Return a plain full-text query over keys and their texts, as a baseline.

    Any word of the text will do, ordered by bm25; with trigrams where no word is met.
    """
    memory = sqlite3.connect(":memory:")
    memory.execute("CREATE VIRTUAL TABLE words USING fts5(key UNINDEXED, text)")
    memory.execute("CREATE VIRTUAL TABLE parts USING fts5(key UNINDEXED, text, tokenize=trigram)")
    folded = [(key, fold(text)) for key, text in documents]
    for table in ("words", "parts"):
        memory.executemany(f"INSERT INTO {table} VALUES (?, ?)", folded)

    def find(text: str) -> Answer:
        words = re.findall(r"\w+", fold(text))
        for table, least in (("words", 1), ("parts", 3)):
            asked = " OR ".join(f'"{word}"' for word in words if len(word) >= least)
            if not asked:
                continue
            query = f"SELECT key FROM {table} WHERE text MATCH ? ORDER BY rank LIMIT ?"
            if found := memory.execute(query, (asked, SHOWN)).fetchall():
                return Answer([key for (key,) in found], len(found))
        return Answer([], 0)

    return find
