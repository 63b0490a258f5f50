"""How well a search finds what people look for: ``python -m tests.judged`` prints the figures.

Two sets. ``data/judged_queries.json`` holds what students and counselors type, and the programs
that must be among the first ten; the reader of texts was tuned on it. ``data/judged_fresh.json``
holds other texts by kind, each with what its programs have in common, so that what must be found
follows from the catalogue; nothing was tuned on it. Beside the service stands a plain full-text
query: any word of the text, by bm25, with trigrams where no word is met.
"""

import json
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session

from app.domain.places import miles_between
from app.domain.text.identifiers import fold
from app.domain.vocabulary import BELOW_ASSOCIATE, AwardLevel
from app.importers.seed import load_seed
from app.schemas.programs import ProgramQuery
from app.search.index import index_of
from app.search.places import zip_points
from app.search.programs import search_programs
from app.settings import get_settings
from app.store.database import make_engine, migrate

DATA = Path(__file__).parent / "data"
QUERIES: dict[str, list[str]] = json.loads(
    (DATA / "judged_queries.json").read_text(encoding="utf-8")
)
FRESH: list[dict[str, Any]] = json.loads((DATA / "judged_fresh.json").read_text(encoding="utf-8"))
FIRST = 10

Finder = Callable[[str], list[str]]
"""A text -> the slugs of the first ten programs found."""


@dataclass(frozen=True)
class Judged:
    """One query: the share of its programs among the first ten, and 1 / place of the first."""

    query: str
    recall: float
    reciprocal_rank: float
    missing: list[str]
    kind: str = ""


def judge(engine: Engine) -> list[Judged]:
    """Return the judgement of every query of the old set over a catalogue."""
    with Session(engine) as session:
        find = service(session)
        return [_judge(query, set(wanted), find(query)) for query, wanted in QUERIES.items()]


def judge_fresh(session: Session, find: Finder) -> list[Judged]:
    """Return the judgement of every fresh text, by a finder."""
    rows, schools = _rows(session), _schools(session)
    return [
        _judge(one["text"], _wanted(rows, schools, one["want"]), find(one["text"]), one["kind"])
        for one in FRESH
    ]


def service(session: Session) -> Finder:
    """Return how the service finds programs, those it is less sure of after the others."""

    def find(text: str) -> list[str]:
        asked = ProgramQuery(q=text, limit=FIRST)
        page = search_programs(session.connection(), index_of(session), asked, None, below=FIRST)
        return [json.loads(doc)["slug"] for doc in (*page.docs, *page.below.values())][:FIRST]

    return find


def _judge(query: str, wanted: set[str], found: list[str], kind: str = "") -> Judged:
    if not wanted:  # nothing is held: whatever is shown misleads
        is_right = float(not found)
        return Judged(query, is_right, is_right, [], kind)
    places = [at for at, slug in enumerate(found, start=1) if slug in wanted]
    missing = sorted(wanted - set(found)) if len(wanted) <= FIRST else []
    recall = len(places) / min(len(wanted), FIRST)
    return Judged(query, recall, 1 / places[0] if places else 0.0, missing, kind)


def _rows(session: Session) -> list[Mapping[str, Any]]:
    statement = sa.text(
        "SELECT p.slug, p.name, p.cip_code, p.award_level, i.unitid, i.name AS school, i.city, "
        "i.state, i.control, i.latitude, i.longitude, c.title FROM program p "
        "JOIN institution i ON i.id = p.institution_id LEFT JOIN cip c ON c.code = p.cip_code "
        "WHERE p.retired_at IS NULL"
    )
    return [dict(row) for row in session.execute(statement).mappings()]


Places = Mapping[tuple[str, str], list[tuple[float, float]]]
"""City and state -> where its schools stand."""


def _schools(session: Session) -> Places:
    places: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    statement = sa.text("SELECT city, state, latitude, longitude FROM institution")
    for city, state, latitude, longitude in session.execute(statement):
        if latitude is not None:
            places[city, state].append((latitude, longitude))
    return places


def _wanted(rows: list[Mapping[str, Any]], schools: Places, want: Mapping[str, Any]) -> set[str]:
    """Return the slugs of the programs that a text looks for."""
    if want.get("none"):
        return set()
    levels = {level for name in want.get("award", []) for level in _levels(name)}
    point, miles = _point(schools, want)
    return {
        row["slug"]
        for row in rows
        if row["cip_code"] in want.get("cip", [row["cip_code"]])
        and (not levels or row["award_level"] in levels)
        and row["state"] in want.get("state", [row["state"]])
        and row["control"] in want.get("control", [row["control"]])
        and row["school"] in want.get("school", [row["school"]])
        and str(row["unitid"]) in want.get("unitid", [str(row["unitid"])])
        and (point is None or _is_within(row, point, miles))
    }


def _levels(name: str) -> set[str]:
    if name == "certificate":
        return {str(level) for level in BELOW_ASSOCIATE}
    return {str(level) for level in AwardLevel if level.split("_")[0] == name}


def _point(schools: Places, want: Mapping[str, Any]) -> tuple[tuple[float, float] | None, float]:
    """Return the place that a text names and how far around it counts; a city is its schools'."""
    if "near_zip" in want:
        code, miles = want["near_zip"]
        return zip_points().get(code), miles
    if "near" not in want:
        return None, 0
    city, state, miles = want["near"]
    at = schools[city, state]
    return (mean(a for a, _ in at), mean(b for _, b in at)), miles


def _is_within(row: Mapping[str, Any], point: tuple[float, float], miles: float) -> bool:
    if row["latitude"] is None:
        return False
    return miles_between(point, (row["latitude"], row["longitude"])) <= miles


def full_text(session: Session) -> Finder:
    """Return a plain full-text query over school, place, field and award, as a baseline."""
    memory = sqlite3.connect(":memory:")
    memory.execute("CREATE VIRTUAL TABLE words USING fts5(slug UNINDEXED, text)")
    memory.execute("CREATE VIRTUAL TABLE parts USING fts5(slug UNINDEXED, text, tokenize=trigram)")
    documents = [
        (row["slug"], fold(" ".join(str(row[name]) for name in SEARCHED))) for row in _rows(session)
    ]
    for table in ("words", "parts"):
        memory.executemany(f"INSERT INTO {table} VALUES (?, ?)", documents)

    def find(text: str) -> list[str]:
        words = re.findall(r"\w+", fold(text))
        for table, least in (("words", 1), ("parts", 3)):
            asked = " OR ".join(f'"{word}"' for word in words if len(word) >= least)
            if not asked:
                continue
            query = f"SELECT slug FROM {table} WHERE text MATCH ? ORDER BY rank LIMIT ?"
            if found := memory.execute(query, (asked, FIRST)).fetchall():
                return [slug for (slug,) in found]
        return []

    return find


SEARCHED = ("school", "city", "state", "name", "title", "award_level")


def figures(judged: list[Judged]) -> tuple[float, float]:
    """Return recall@10 and the mean reciprocal rank."""
    return mean(one.recall for one in judged), mean(one.reciprocal_rank for one in judged)


def by_kind(judged: list[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """Yield the queries of each kind, and all of them."""
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        kinds[one.kind].append(one)
    yield from sorted(kinds.items())
    yield "all", judged


def main() -> None:
    """Judge the catalogue as shipped, on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/judged.db")
        migrate(engine)
        load_seed(engine, get_settings().seed_dir)
        judged = judge(engine)
        with Session(engine) as session:
            fresh = judge_fresh(session, service(session))
            plain = judge_fresh(session, full_text(session))
        engine.dispose()
    for one in judged:
        if one.recall < 1 or one.reciprocal_rank < 1:
            print(f"{one.query!r}: recall {one.recall:.2f}, 1/place {one.reciprocal_rank:.2f}")
            print("".join(f"    not found: {slug}\n" for slug in one.missing), end="")
    recall, rank = figures(judged)
    print(f"{len(judged)} queries: recall@{FIRST} {recall:.3f}, MRR {rank:.3f}")
    nothing = sum(not one.recall for one in fresh)
    print(f"of {len(fresh)} fresh texts {nothing} find nothing of what they look for")
    print("fresh texts, recall@10 and MRR: the service, a plain full-text query")
    for (kind, ours), (_, theirs) in zip(by_kind(fresh), by_kind(plain), strict=True):
        shown = [f"{value:.2f}" for value in (*figures(ours), *figures(theirs))]
        print(f"  {kind:12} {len(ours):4}  {'  '.join(shown)}")


if __name__ == "__main__":
    main()
