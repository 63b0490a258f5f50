"""The words and patterns of ``patterns.toml``, compiled, and how far each reading is trusted."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

Key = TypeVar("Key", bound=StrEnum)

FILE = Path(__file__).with_name("patterns.toml")


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def pattern(table: str, name: str) -> re.Pattern[str]:
    """Return one pattern.

    Raises:
        KeyError: The file has no such table or pattern.
    """
    return re.compile(_text(_find(table), name))


def choices(table: str, keys: type[Key]) -> tuple[tuple[Key, re.Pattern[str]], ...]:
    """Return the patterns of a table by what they tell, in the order of the file.

    Raises:
        ValueError: A name of the table is none of the keys.
    """
    return tuple((keys(name), pattern(table, name)) for name in _find(table))


def named(table: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the names and patterns of a table, in the order of the file."""
    return ((name, pattern(table, name)) for name in _find(table))


@cache
def trust(reading: str) -> float:
    """Return the confidence of a way of reading, by its own name or that of its kind.

    Raises:
        KeyError: The file has neither.
    """
    table: Mapping[str, float] = _tables()["confidence"]
    return table.get(reading) or table[reading.partition(".")[0]]


def bounds(table: str, name: str | None) -> tuple[float, float]:
    """Return the least and the most that can be, by a name of a table, else by its "any"."""
    at: Any = _tables()
    for part in table.split("."):
        at = at[part]
    low, high = at.get(name, at["any"])
    return low, high


def first(found: tuple[tuple[Key, re.Pattern[str]], ...], text: str) -> Key | None:
    """Return what the first pattern that is found in a text tells; None where none is."""
    return next((key for key, one in found if one.search(text)), None)


def nearest(found: tuple[tuple[Key, re.Pattern[str]], ...], text: str) -> Key | None:
    """Return what the pattern that is found first in a text tells; None where none is."""
    places = [(match.start(), key) for key, one in found if (match := one.search(text))]
    return min(places, key=lambda place: place[0])[1] if places else None


def _find(table: str) -> Mapping[str, Any]:
    at: Any = _tables()
    for name in table.split("."):
        at = at[name]
    return {name: told for name, told in at.items() if isinstance(told, str | list)}


def _text(table: Mapping[str, Any], name: str) -> str:
    told = table[name]
    if isinstance(told, list):
        return rf"(?i:(?<!\w)(?:{'|'.join(map(_of_phrase, told))})(?!\w))"
    text = "".join(line.strip() for line in told.splitlines())
    return re.sub(r"@\{(\w+)\}", lambda at: _text(table, at[1]), text)


_ACCENTS = {"á": "[áa]", "é": "[ée]", "í": "[íi]", "ó": "[óo]", "ú": "[úu]", "ñ": "[ñn]"}
_PARTS = {
    "*": r"\w*",
    "…": r"[^.;]{0,80}?",
    " ": r"[\s-]+",
    "'": "['’]",
    "#": r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve)",
}


def _of_phrase(phrase: str) -> str:
    """Return the pattern of words as they are listed.

    "*" is the rest of a word, "…" some words, "#" a number; a blank may be a hyphen, and an accent
    left out.
    """
    text = phrase.replace(" … ", "…")
    return "".join(_PARTS.get(c) or _ACCENTS.get(c) or re.escape(c) for c in text)
