"""Find every surface that a text has, in whatever regular form, and by mending where none is known.

A walk along the tokens: from each place all ways of reading the next token (as typed, abbreviated,
singular or plural, joined with the one after it, mended) that some surface goes on with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.search.reading.folding import (
    Token,
    fold_surface,
    forms_of,
    singulars_of,
    spanish_forms_of,
)
from app.search.reading.lexicon import Lexicon
from app.search.reading.mending import SHORTEST
from app.search.reading.spans import AreaTarget, Kind, Surface

ABBREVIATED, INFLECTED, HYPHENED, JOINED, SPLIT = 0.98, 0.96, 0.99, 0.9, 0.8
MENDED = {1: 0.8, 2: 0.65}
"""How much of its weight a surface keeps that stands in the text otherwise than as known."""

LONGEST_ACRONYM = 5
"""Letters of a word in capitals that is never mended."""

SHORTEST_PART = 3
"""Letters of a word that another was typed onto."""

SHORTEST_JOINED = 6
"""Letters of a word that is typed as two without a hyphen."""

MOST_MENDED, MOST_NAMES = 6, 2
"""Tokens of a text that are mended, unknown ones, and known ones in names of schools."""

SHORTEST_IN_PHRASE = 4
"""Letters of the shortest word that is mended beside others of a surface; alone it has more."""

RARE = 2
"""Surfaces that have a word which may be a misspelled one in a longer surface."""

SHORTEST_NAME = 3
"""Tokens of a name in which a known word is mended."""

SCHOOL_WORDS = frozenset(
    "college colleges university institute academy school community technical cc universidad "
    "colegio instituto academia".split()
)
"""Words that the name of a school goes on with."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Tokens from ``start`` to ``end`` with what they mean, the likeliest first.

    ``likeness`` is 1 where they are as known. ``mended`` is the surface taken for a misspelling.
    """

    start: int
    end: int
    meanings: tuple[Surface, ...]
    likeness: float = 1.0
    mended: str | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    """A way along the tokens: the words read so far, and the token that is next."""

    words: str
    next: int
    likeness: float
    is_mended: bool
    is_spanish: bool


def spots_in(tokens: Sequence[Token], lexicon: Lexicon) -> list[Spot]:
    """Return all surfaces that a text has."""
    unknown = [place for place, token in enumerate(tokens) if is_mendable(token, lexicon)]
    named = [place for place in range(len(tokens)) if _is_in_name(place, tokens, lexicon)]
    walk = _Walk(tokens, lexicon, {*unknown[:MOST_MENDED], *named[:MOST_NAMES]})
    return [
        spot
        for start in range(len(tokens))
        for spot in walk.from_place(start)
        if spot.mended is None or _is_mended_well(spot, tokens, unknown)
    ]


def _is_mended_well(spot: Spot, tokens: Sequence[Token], unknown: Sequence[int]) -> bool:
    """Return whether a mended surface may stand: known words are mended in long ones only."""
    length = spot.end - spot.start
    if length == 1:
        return spot.start in unknown and len(tokens[spot.start].text) >= SHORTEST
    return length >= SHORTEST_NAME or not set(range(spot.start, spot.end)).isdisjoint(unknown)


def is_mendable(token: Token, lexicon: Lexicon) -> bool:
    """Return whether a token may be misspelled: no acronym, and no known word in any form.

    A word that one school alone is called by, as a web host, may be one as well; it stays where the
    misspelling makes nothing longer.
    """
    word = token.text
    if word in lexicon.abbreviations or (token.is_capital and len(word) <= LONGEST_ACRONYM):
        return False
    if not lexicon.common.isdisjoint((word, *singulars_of(word), *spanish_forms_of(word))):
        return False
    count = lexicon.words.get(word, 0)
    return not count or (
        count == 1 and all(one.kind == Kind.SCHOOL for one in lexicon.look_up(word)[0])
    )


def _is_in_name(place: int, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Return whether a token may be a misspelled part of a longer name, though it is known.

    "Phillips" is the name of others, and the college meant may be that of St. Philip; a word that
    hardly any surface has may be a misspelling of one that many have.
    """
    is_before = place + 1 < len(tokens) and tokens[place + 1].text in SCHOOL_WORDS
    word = tokens[place].text
    is_rare = 0 < lexicon.words.get(word, 0) <= RARE and not tokens[place].is_capital
    return (is_before or is_rare) and word not in SCHOOL_WORDS and word not in lexicon.common


class _Walk:
    def __init__(self, tokens: Sequence[Token], lexicon: Lexicon, mendable: set[int]) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self._mendable = mendable
        self._ways: dict[int, list[tuple[str, int, float, bool, bool]]] = {}
        self._looked_up: dict[str, tuple[list[Surface], bool]] = {}

    def from_place(self, start: int) -> Iterator[Spot]:
        """Yield the surfaces that begin at a token, the most like each first."""
        best: dict[tuple[int, str], Spot] = {}
        ways = [_Way("", start, 1.0, False, False)]
        while ways:
            way = ways.pop()
            if way.next == len(self._tokens):
                continue
            for words, end, likeness, is_mended, is_spanish in self._next(way.next):
                text = f"{way.words} {words}" if way.words else words
                meanings, is_begun = self._look_up(text)
                spanish = way.is_spanish or is_spanish
                now = _Way(text, end, way.likeness * likeness, way.is_mended or is_mended, spanish)
                if is_begun:
                    ways.append(now)
                if spanish:
                    meanings = [one for one in meanings if one.language == "es"]
                if now.is_mended and now.likeness <= MENDED[2]:
                    meanings = [one for one in meanings if not self._is_hamlet(one)]
                known = best.get((end, text))
                if meanings and (known is None or known.likeness < now.likeness):
                    best[(end, text)] = Spot(
                        start, end, tuple(meanings), now.likeness, text if now.is_mended else None
                    )
        yield from best.values()

    def _is_hamlet(self, meaning: Surface) -> bool:
        """Return whether a meaning is a city without a school: few write it, and twice wrong."""
        area = meaning.target
        return (
            isinstance(area, AreaTarget)
            and area.city is not None
            and (fold_surface(area.city), area.state) not in self._lexicon.school_cities
        )

    def _look_up(self, text: str) -> tuple[list[Surface], bool]:
        found = self._looked_up.get(text)
        if found is None:
            found = self._looked_up[text] = self._lexicon.look_up(text)
        return found

    def _next(self, place: int) -> list[tuple[str, int, float, bool, bool]]:
        """Return the ways of reading the token at a place: words, next place, likeness, how."""
        found = self._ways.get(place)
        if found is None:
            found = self._ways[place] = list(self._readings(place))
        return found

    def _readings(self, place: int) -> Iterator[tuple[str, int, float, bool, bool]]:
        lexicon, token = self._lexicon, self._tokens[place]
        word, end = token.text, place + 1
        if word in lexicon.words:
            yield word, end, 1.0, False, False
        for other in lexicon.abbreviations.get(word, ()):
            yield other, end, ABBREVIATED, False, False
        for other in forms_of(word):
            if other in lexicon.words:
                yield other, end, INFLECTED, False, False
        for other in spanish_forms_of(word):
            if other in lexicon.words:
                yield other, end, INFLECTED, False, True
        if end < len(self._tokens):
            joined = word + self._tokens[end].text
            is_long = len(joined) >= SHORTEST_JOINED and joined.isalpha()
            if (token.is_hyphened or is_long) and joined in lexicon.words:
                yield joined, end + 1, HYPHENED if token.is_hyphened else JOINED, False, False
        if place in self._mendable:
            for other, errors in lexicon.spelling.meant(word, shortest=SHORTEST_IN_PHRASE):
                yield other, end, MENDED[errors], True, False
            for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
                if word[:at] in lexicon.words and word[at:] in lexicon.words:
                    yield f"{word[:at]} {word[at:]}", end, SPLIT, True, False
