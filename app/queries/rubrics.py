"""The published rubrics, as they ship with the service."""

from functools import lru_cache
from pathlib import Path

from app.domain.checklist.rubric import Rubric, load_rubrics
from app.domain.checklist.rules import require_rules
from app.settings import get_settings


def published_rubrics() -> dict[str, Rubric]:
    """Return version -> rubric, oldest first."""
    return rubrics_of(get_settings().seed_dir)


def current_rubric() -> Rubric:
    """Return the newest published rubric."""
    return list(published_rubrics().values())[-1]


@lru_cache(maxsize=8)
def rubrics_of(seed_dir: Path) -> dict[str, Rubric]:
    """Return version -> rubric of a seed, oldest first.

    Raises:
        ValueError: One is no rubric, or has a check that no rule is known for.
    """
    rubrics = load_rubrics(seed_dir / "rubrics")
    return {version: require_rules(rubric) for version, rubric in rubrics.items()}
