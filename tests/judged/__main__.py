"""How well a search finds what people look for: ``python -m tests.judged`` prints the figures.

Three sets: old texts that the first reader was tuned on, fresh ones that nothing is tuned on, and
texts drawn from the catalogue by a seed that is another with each run.
"""

import argparse
import tempfile
from collections.abc import Iterator
from random import SystemRandom

from sqlmodel import Session

from app.importers.seed import load_seed
from app.settings import get_settings
from app.store.database import make_engine, migrate
from tests.judged.drawn import Drawing
from tests.judged.finding import Finder, full_text, school_service, service
from tests.judged.judging import FIRST, Judged, by_kind, figures, judge
from tests.judged.rows import Catalogue
from tests.judged.texts import Text, fresh_texts, old_texts, school_texts

FRESH_SET = "Fresh texts"

HEAD = (
    f"| kind | n | recall@{FIRST} | MRR | first right | nothing found | misread "
    f"| full text: recall@{FIRST} | MRR |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|"
)


def main() -> None:
    """Judge the catalogue as shipped, on a database of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.judged", description=main.__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000))
    parser.add_argument("--wrong", action="store_true", help="show what is not found or misread")
    parser.add_argument("--database", help="a database that holds the catalogue already")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(asked.database or f"sqlite:///{folder}/judged.db")
        if not asked.database:
            migrate(engine)
            load_seed(engine, get_settings().seed_dir)
        with Session(engine) as session:
            catalogue = Catalogue(session)
            drawn = list(Drawing(catalogue, asked.seed).texts())
            programs = service(session), full_text((r.slug, r.text) for r in catalogue.rows)
            schools = school_service(session), full_text(_schools(catalogue))
            for name, texts, finders in (
                ("Old texts", old_texts(), programs),
                (FRESH_SET, fresh_texts(catalogue), programs),
                (f"Drawn with --seed {asked.seed}", drawn, programs),
                ("Schools, of the same drawing", school_texts(catalogue, drawn), schools),
            ):
                ours, theirs = _both(catalogue, list(texts), finders)
                print(f"\n{name}\n\n{HEAD}")
                print("\n".join(_lines(ours, theirs)))
                if asked.wrong and name != FRESH_SET:
                    print("\n".join(_wrong(ours)))
        engine.dispose()


def _schools(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield each school with what a plain full-text query looks in."""
    for school in dict.fromkeys(row.school for row in catalogue.rows):
        words = (school.name, *school.aliases, school.city, school.state)
        yield str(school.unitid), " ".join(words)


def _both(
    catalogue: Catalogue, texts: list[Text], finders: tuple[Finder, Finder]
) -> tuple[list[Judged], list[Judged]]:
    ours, theirs = finders
    return judge(catalogue, texts, ours), judge(catalogue, texts, theirs)


def _lines(ours: list[Judged], theirs: list[Judged]) -> Iterator[str]:
    plain = by_kind(theirs)
    kinds = by_kind(ours)
    for kind, judged in kinds.items():
        yield _line(kind, judged, plain[kind])
    if len(kinds) > 1:
        yield _line("all", ours, theirs)


def _line(kind: str, ours: list[Judged], theirs: list[Judged]) -> str:
    recall, rank = figures(ours)
    first = sum(one.reciprocal_rank == 1 for one in ours) / len(ours)
    empty = sum(one.is_empty and not one.text.is_nothing for one in ours)
    misread = sum(bool(one.misread) for one in ours)
    values = [f"{value:.2f}" for value in (recall, rank, first)]
    plain = [f"{value:.2f}" for value in figures(theirs)]
    return f"| {' | '.join((kind, str(len(ours)), *values, str(empty), str(misread), *plain))} |"


def _wrong(judged: list[Judged]) -> Iterator[str]:
    """Yield what is not right, for whoever mends it; never of the fresh texts."""
    for one in judged:
        text: Text = one.text
        if one.recall < 1 or one.reciprocal_rank < 1 or one.misread:
            yield f"\n[{text.kind}] {text.text!r}: recall {one.recall:.2f}, 1/place " + (
                f"{one.reciprocal_rank:.2f}, of {len(text.wanted) or text.card}"
            )
            yield from (f"    found: {slug}" for slug in one.found if slug not in text.wanted)
            yield from (f"    not found: {slug}" for slug in one.missing[:3])
            yield from (f"    misread: {words}" for words in one.misread)


if __name__ == "__main__":
    main()
