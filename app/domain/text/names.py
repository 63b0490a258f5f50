"""Which of a list of named things a text stands for, and which it comes near to by its words."""

from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby, takewhile

from app.domain.text.identifiers import fold

SMALL_WORDS = frozenset("a an and at for in of or the to".split())
"""Words that tell no name from another."""

LEAST_SHARED = 0.5
"""Share of the weight of all words of two names that both must have to be near."""

STEM, LIKENESS = 4, 0.85
"""Letters that two forms of a word begin with at least; and how like a misspelt word must be."""


class Names:
    """Keys by all their names: codes, which are matched whole, and names made of words.

    >>> names = Names([("CCS", "CCS"), ("CPC", "CPC")], [("CCS", "Certified Coding Specialist")])
    >>> names.find("certified coding specialist (CCS)"), names.nearest("coding specalist")
    ('CCS', 'CCS')
    >>> names.nearest("CCSA")  # letters alone tell nothing
    >>> names.nearest("CPCC")
    'CPC'
    """

    def __init__(
        self, codes: Iterable[tuple[str, str]], names: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._codes = [(key, _words(code)) for key, code in codes]
        self._names = [(key, _words(name)) for key, name in names]
        self._keys: dict[str, str] = {}
        for key, name in (*self._codes, *self._names):
            self._keys.setdefault(bare(name), key)
        for key, name in self._names:
            for code in (code for other, code in self._codes if other == key):
                self._keys.setdefault(bare(name + code), key)
                self._keys.setdefault(bare(code + name), key)

    def __or__(self, other: "Names") -> "Names":
        """Return the names of both."""
        return Names([*self._codes, *other._codes], [*self._names, *other._names])

    @property
    def keys(self) -> list[str]:
        """Every key, in order."""
        return sorted(set(self._keys.values()))

    def find(self, text: str) -> str | None:
        """Return the key that a code or name stands for, however it is spaced and written."""
        return self._keys.get(bare(text))

    def nearest(self, text: str) -> str | None:
        """Return the key whose name shares most of its telling words with a text, or None.

        A word tells the more, the fewer keys have it. Codes count as whole words only, for codes
        of a letter's difference mean other things; but a letter may be typed twice.
        """
        code = bare(text)
        for key, name in self._codes:
            letters = bare(name)
            if len(letters) < len(code) and _once(letters) == _once(code):
                return key
        asked = frozenset(_words(text).split()) - SMALL_WORDS
        shares = [(self._shared(asked, words), key) for key, words in self._told]
        best = max(shares, default=(0.0, ""), key=lambda pair: pair[0])
        return best[1] if best[0] >= LEAST_SHARED else None

    def _shared(self, asked: frozenset[str], words: frozenset[str]) -> float:
        pairs = {word: next((a for a in asked if self._is_same(a, word)), None) for word in words}
        same = [word for word, one in pairs.items() if one is not None]
        added = asked - set(pairs.values())
        both = sum(self._weights[word] for word in same)
        return both / (sum(self._weights[word] for word in words) + len(added)) if words else 0.0

    def _is_same(self, asked: str, word: str) -> bool:
        if asked == word or word in self._whole_words:
            return asked == word
        stem = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(asked, word, strict=False))
        )
        is_form = stem >= STEM and stem * 3 >= min(len(asked), len(word)) * 2
        return is_form or SequenceMatcher(None, asked, word).ratio() >= LIKENESS

    @cached_property
    def _whole_words(self) -> frozenset[str]:
        return frozenset(code for _, code in self._codes)

    @cached_property
    def _told(self) -> list[tuple[str, frozenset[str]]]:
        named = [(key, frozenset(name.split()) - SMALL_WORDS) for key, name in self._names]
        return [*named, *((key, frozenset([code])) for key, code in self._codes)]

    @cached_property
    def _weights(self) -> dict[str, float]:
        keys = Counter(word for _, word in {(k, w) for k, words in self._told for w in words})
        return {word: 1 / count for word, count in keys.items()}


def _once(letters: str) -> str:
    """Return letters with each of those in a row only once."""
    return "".join(letter for letter, _ in groupby(letters))


def bare(text: str) -> str:
    """Return the letters and digits of a text: all that tells whether it is spelled as a name."""
    return _words(text).replace(" ", "")


def _words(text: str) -> str:
    return fold(text.replace("&", " and "))
