"""How well a search finds what people look for: ``python -m tests.judged`` prints the figures.

``data/judged_queries.json`` holds what students and counselors type, and the programs that must
be among the first ten, chosen from the catalogue by school, field, award and place.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from sqlalchemy import Engine
from sqlmodel import Session

from app.importers.seed import load_seed
from app.schemas.programs import ProgramQuery
from app.search.index import index_of
from app.search.programs import search_programs
from app.settings import get_settings
from app.store.database import make_engine, migrate

QUERIES: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "data" / "judged_queries.json").read_text(encoding="utf-8")
)
FIRST = 10


@dataclass(frozen=True)
class Judged:
    """One query: the share of its programs among the first ten, and 1 / place of the first."""

    query: str
    recall: float
    reciprocal_rank: float
    missing: list[str]


def judge(engine: Engine) -> list[Judged]:
    """Return the judgement of every query over a catalogue."""
    with Session(engine) as session:
        return list(_judged(session))


def _judged(session: Session) -> Iterator[Judged]:
    for query, wanted in QUERIES.items():
        asked = ProgramQuery(q=query, limit=FIRST)
        page = search_programs(session.connection(), index_of(session), asked, None, below=FIRST)
        found = [json.loads(doc)["slug"] for doc in (*page.docs, *page.below.values())][:FIRST]
        places = [at for at, slug in enumerate(found, start=1) if slug in wanted]
        missing = [slug for slug in wanted if slug not in found]
        yield Judged(query, len(places) / len(wanted), 1 / places[0] if places else 0.0, missing)


def figures(judged: list[Judged]) -> tuple[float, float]:
    """Return recall@10 and the mean reciprocal rank."""
    return mean(one.recall for one in judged), mean(one.reciprocal_rank for one in judged)


def main() -> None:
    """Judge the catalogue as shipped, on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/judged.db")
        migrate(engine)
        load_seed(engine, get_settings().seed_dir)
        judged = judge(engine)
        engine.dispose()
    for one in judged:
        if one.recall < 1 or one.reciprocal_rank < 1:
            print(f"{one.query!r}: recall {one.recall:.2f}, 1/place {one.reciprocal_rank:.2f}")
            print("".join(f"    not found: {slug}\n" for slug in one.missing), end="")
    recall, rank = figures(judged)
    print(f"{len(judged)} queries: recall@{FIRST} {recall:.3f}, MRR {rank:.3f}")


if __name__ == "__main__":
    main()
