"""The everyday words of English and Spanish, kept in ``common_words.txt``."""

from functools import lru_cache
from pathlib import Path

COMMON_WORDS = Path(__file__).parent / "common_words.txt"


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the everyday words, folded."""
    lines = COMMON_WORDS.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
