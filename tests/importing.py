"""Bring files in as the command does."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlmodel import Session, SQLModel

from app.importers.reading import Progress
from app.importers.recognising import plan
from app.importers.run import run_imports
from app.queries.completeness import fill_rates
from app.settings import get_settings
from app.store.rows import Tally
from tests.following import export, follow
from tests.making import RUBRIC

DATA = Path(__file__).parent / "data"
AUTHORED = get_settings().seed_dir / "authored"

CIP = (DATA / "cip2020.csv", DATA / "cip2020_soc2018_crosswalk.csv")
ONET = (
    DATA / "occupation_data.csv",
    DATA / "task_statements.csv",
    DATA / "technology_skills.csv",
    DATA / "related_occupations.csv",
)
OEWS = DATA / "oews_national_may2025.csv"
PROJECTIONS = DATA / "projections_2024_2034_table_1_2.csv"
ARTICLE = tuple(AUTHORED / f"{name}.json" for name in ("references", "statistics", "claims"))


@contextmanager
def quiet(_name: str) -> Iterator[Progress]:
    yield lambda rows: None


@cache
def _fields() -> list[str]:
    """Return every field of which it is counted how many records know it."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        fields = list(fill_rates(session))
    engine.dispose()
    return fields


def import_files(engine: Engine, *paths: Path, strict: bool = False) -> dict[str, Tally]:
    """Import files and return importer -> what became of its rows.

    A few rows more or less are a large share of a small catalogue, so every drop is accepted.
    """
    tasks, others = plan(paths)
    assert not others
    done = run_imports(
        engine, tasks, rubric=RUBRIC, progress=quiet, accepted=_fields(), strict=strict
    )
    if done.release is not None:  # whatever an importer does is told by the feed
        assert follow(engine) == export(engine)
    return {result.importer.key: result.tally for result in done.files}
