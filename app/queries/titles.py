"""How titles of programs are read, as it ships with the service."""

from app.domain.titles import TitleRules, load_title_rules
from app.settings import get_settings


def published_title_rules() -> TitleRules:
    """Return which fields and awards the words of a title name."""
    return load_title_rules(get_settings().seed_dir / "titles.json")
