"""Which pages of a school's site are worth opening for a program."""

import re
from urllib.parse import unquote, urlsplit

from app.domain.pages.about import Lexicon, Subject, codes_named
from app.domain.pages.patterns import named, pattern
from app.domain.text.identifiers import fold

_WORTH = {
    "accreditation_and_outcomes": 3.0,
    "practicum": 2.5,
    "cost": 2.0,
    "transfer": 2.0,
    "refund": 2.0,
    "catalog": 1.5,
    "programs": 1.0,
}
"""Kind of page -> what it is worth opening, beside one that names the program's field."""

_NEVER = pattern("finding", "never")
_FILES = pattern("finding", "files")
FIELD = 6.0
"""Weight of naming the program's field."""


def worth_of(url: str, words: str, subject: Subject, lexicon: Lexicon) -> float:
    """Return how much a page is worth opening; 0: not at all.

    >>> # a link "HIT program outcomes" is worth more than "Tuition", and that more than "News"
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or _FILES.search(parts.path.lower()):
        return 0
    path = _path_in_words(url)
    said = f"{fold(words)} {path}"
    named_fields = [
        codes_named(subject.titles, text) or lexicon.codes_named(text) for text in (words, path)
    ]
    names_field = any(map(subject.is_named_by, named_fields))
    if not names_field and (lexicon.other.search(said) or named_fields[0] or _NEVER.search(said)):
        return 0
    worth = FIELD if names_field else 0.0
    worth += max((_WORTH[kind] for kind in _kinds(said)), default=0.0)
    return worth - 0.2 * path.count(" ") / 4 if worth else 0


def kinds_of(url: str, words: str, subject: Subject, lexicon: Lexicon) -> list[str]:
    """Return what a page is about, by its address and title: "program" and names of kinds."""
    path = _path_in_words(url)
    fields = [
        codes_named(subject.titles, text) or lexicon.codes_named(text) for text in (words, path)
    ]
    own = ["program"] if any(map(subject.is_named_by, fields)) else []
    return own + [kind for kind in _kinds(f"{fold(words)} {path}") if kind != "programs"]


def _path_in_words(url: str) -> str:
    parts = urlsplit(url)
    return fold(re.sub(r"[/_.-]+", " ", unquote(f"{parts.path} {parts.query}")))


def _kinds(said: str) -> list[str]:
    return [kind for kind, words in named("finding.kinds") if words.search(said)]
