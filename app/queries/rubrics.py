"""The published rubrics, as they ship with the service."""

from app.domain.rubric import Rubric, load_rubrics
from app.settings import get_settings


def published_rubrics() -> dict[str, Rubric]:
    """Return version -> rubric, oldest first."""
    return load_rubrics(get_settings().seed_dir / "rubrics")


def current_rubric() -> Rubric:
    """Return the newest published rubric."""
    return list(published_rubrics().values())[-1]
