"""A catalogue of any size: the seed, and programs drawn from its own distributions on top."""

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.domain.text.identifiers import to_slug
from app.importers.seed import load_seed
from app.search.index import write_index
from app.settings import get_settings
from app.store.database import analyze, make_engine, migrate

SCHOOLS_A_PROGRAM = 0.4
"""As in the seed: 1,999 schools of 5,046 programs."""

BATCH = 5_000


def make_catalogue(path: Path, rows: int) -> None:
    """Write a catalogue of so many listed programs, unless there is one already.

    A synthetic program has title, award, price, score and all else of one of the seed, and a
    school whose name is the beginning of one name and the end of another, in the place of a third.
    Only the programs of the seed have claims: what is asked of one program is asked of those.
    """
    if path.exists():
        return
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    engine = make_engine(f"sqlite:///{draft}")
    migrate(engine)
    load_seed(engine, get_settings().seed_dir)
    engine.dispose()
    with sqlite3.connect(draft) as database:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA synchronous=OFF")
        _add_programs(database, rows)
    database.close()
    with Session(engine) as session:
        write_index(session, 1)
        session.commit()
    analyze(engine)
    engine.dispose()
    with sqlite3.connect(draft) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    draft.rename(path)


def _add_programs(database: sqlite3.Connection, rows: int) -> None:
    chance = random.Random(20261124)
    templates = [dict(row) for row in database.execute("SELECT * FROM program_summary")]
    programs = {row["id"]: dict(row) for row in database.execute("SELECT * FROM program")}
    tags: dict[int, list[tuple[str, str]]] = {}
    for tag in database.execute("SELECT program_id, kind, value FROM program_tag"):
        tags.setdefault(tag["program_id"], []).append((tag["kind"], tag["value"]))
    missing = max(0, rows - len(templates))
    schools = list(_schools(database, chance, max(1, round(missing * SCHOOLS_A_PROGRAM))))
    _insert(database, "institution", schools)
    first = max(programs) + 1

    def made() -> Iterator[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]]:
        for key in range(first, first + missing):
            template, school = chance.choice(templates), chance.choice(schools)
            slug = f"{school['slug']}-{key}"
            about = {
                "slug": slug,
                "institution_id": school["id"],
            }
            program = programs[template["program_id"]] | about | {"id": key, "curated_id": None}
            summary = template | about
            summary |= {
                "program_id": key,
                "institution_name": school["name"],
                "state": school["state"],
                "control": school["control"],
                "doc": _doc(template["doc"], slug, school),
            }
            told = [
                {"kind": kind, "value": value, "program_id": key}
                for kind, value in tags.get(template["program_id"], [])
            ]
            yield program, summary, told

    batch: list[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]] = []
    for one in made():
        batch.append(one)
        if len(batch) == BATCH:
            _insert_all(database, batch)
            batch = []
    _insert_all(database, batch)


def _insert_all(
    database: sqlite3.Connection,
    batch: list[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]],
) -> None:
    _insert(database, "program", (program for program, _, _ in batch))
    _insert(database, "program_summary", (summary for _, summary, _ in batch))
    _insert(database, "program_tag", (tag for _, _, told in batch for tag in told))


def _schools(
    database: sqlite3.Connection, chance: random.Random, count: int
) -> Iterator[dict[str, Any]]:
    known = [dict(row) for row in database.execute("SELECT * FROM institution")]
    first = max(school["id"] for school in known) + 1
    names = [school["name"].split() for school in known]
    for key in range(first, first + count):
        place, begin, end = chance.choice(known), chance.choice(names), chance.choice(names)
        name = " ".join([*begin[: (len(begin) + 1) // 2], *end[len(end) // 2 :]])
        yield place | {
            "id": key,
            "unitid": None,
            "opeid": None,
            "slug": f"{to_slug(name)}-{key}",
            "name": name,
            "aliases": "[]",
        }


def _doc(template: str, slug: str, school: dict[str, Any]) -> str:
    doc = json.loads(template)
    doc["slug"] = slug
    doc["institution"] |= {
        "unitid": None,
        **{name: school[name] for name in ("slug", "name", "city", "state", "control")},
    }
    return json.dumps(doc, separators=(",", ":"), ensure_ascii=False)


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        names = list(rows[0])
        marks = ", ".join(f":{name}" for name in names)
        columns = ", ".join(names)
        database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def make_peer_database(path: Path, catalogue: Path) -> None:
    """Write the same programs as one plain table with good indexes, and its full text for peers."""
    if path.exists():
        return
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with sqlite3.connect(draft) as database:
        database.execute("PRAGMA synchronous=OFF")
        database.execute("ATTACH ? AS source", (str(catalogue),))
        database.executescript(PEER_TABLES)
    database.close()
    draft.rename(path)


PEER_TABLES = """
CREATE TABLE program (
    id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    institution_name TEXT NOT NULL, city TEXT, state TEXT NOT NULL, control TEXT,
    cip_code TEXT, award_level TEXT, accreditation TEXT, practicum TEXT,
    tuition_and_fees_cents INTEGER, months_low REAL, completions INTEGER,
    score_low REAL NOT NULL, score_high REAL NOT NULL, coverage REAL NOT NULL
);
INSERT INTO program
SELECT s.program_id, s.slug, s.name, s.institution_name, i.city, s.state, s.control, s.cip_code,
       s.award_level, s.accreditation, s.practicum, s.tuition_and_fees_cents, s.months_low,
       s.completions, s.score_low, s.score_high, s.coverage
FROM source.program_summary AS s JOIN source.institution AS i ON i.id = s.institution_id
ORDER BY s.program_id;
CREATE INDEX by_name ON program (institution_name, name, slug);
CREATE INDEX by_state ON program (state, institution_name, name, slug);
CREATE INDEX by_score ON program (score_low, slug);
CREATE INDEX by_award ON program (award_level);
CREATE INDEX by_cip ON program (cip_code);
CREATE VIRTUAL TABLE program_fts USING fts5 (
    name, institution_name, city, state, content="program", content_rowid="id"
);
INSERT INTO program_fts (program_fts) VALUES ('rebuild');
ANALYZE;
"""
