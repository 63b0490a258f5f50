"""What words that are still being typed may become: the surfaces that begin so, the best first.

A word of a name counts as a beginning as well: "tech" begins "Virginia Tech". All beginnings of a
kind are places in one text, sorted by what stands there, so that those that begin with some letters
are a run found by bisection; for letters that many begin with, the best are kept beside. Of 105,000
beginnings that takes 3 MB and 40 microseconds (0.3 ms at most); a marisa trie of the same took 0.4
MB and 380 microseconds (5 ms), since it yields all before the best, and sorted lists of texts 8 MB.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import NamedTuple

import msgspec

from app.domain.vocabulary import SuggestionKind
from app.search.reading.spans import AreaTarget, FieldTarget, Kind, SchoolTarget, Surface


def kind_of(surface: Surface) -> SuggestionKind | None:
    """Return what a surface is as a suggestion; None: it is none.

    Codes are typed whole, and a system of schools has no page.
    """
    match surface.kind:
        case Kind.SCHOOL if isinstance(surface.target, SchoolTarget):
            is_one = not surface.target.is_system and not surface.text.isdigit()
            return SuggestionKind.SCHOOL if is_one else None
        case Kind.FIELD if isinstance(surface.target, FieldTarget):
            is_occupation = not surface.target.strong
            return SuggestionKind.OCCUPATION if is_occupation else SuggestionKind.FIELD
        case Kind.AREA:
            return SuggestionKind.PLACE
        case Kind.CREDENTIAL:
            return SuggestionKind.CREDENTIAL
        case Kind.AWARD:
            return SuggestionKind.AWARD
    return None


LEAST = 0.35
"""What a surface counts of which no program is found, beside 1 of one that nearly all are."""

LATER_WORD = 0.6
"""What the beginning of a later word counts beside that of the first."""

SHORT, ABBREVIATION = 6, 0.8
"""Letters of what is rather an abbreviation, and what it counts: it is typed whole."""

BEGUN, MOST_BEGUN = 0.02, 10
"""What a surface counts more for each that goes on from it, and for how many: "medical coding" is
said more than "medical codes"."""

A_LETTER = 0.0005
"""What a surface counts less for each of its letters, so that the shortest of equals is first."""

USUAL_SHARE = {
    SuggestionKind.FIELD: 0.7,
    SuggestionKind.AWARD: 0.2,
    SuggestionKind.SCHOOL: 0.3,
}
"""Kind -> how much of the programs a surface finds that does not tell; half of them for others."""


def share_of(surface: Surface, kind: SuggestionKind) -> float:
    """Return how many programs a surface finds, from 0, of none, to 1, of all."""
    area = surface.target if isinstance(surface.target, AreaTarget) else None
    if area and area.states:
        return STATES_SHARE if surface.text == area.name.lower() else NICKNAME_SHARE
    if area and not area.city:
        return METRO_SHARE if area.metros else REGION_SHARE
    if surface.rarity > 1:
        return 2 - surface.rarity
    return USUAL_SHARE.get(kind, 0.5)


STATES_SHARE, NICKNAME_SHARE, REGION_SHARE, METRO_SHARE = 0.65, 0.2, 0.35, 0.25
"""Likewise of whole states, of what they are also called, of regions, of metros."""


OTHER_LANGUAGE = 0.6
"""What a surface counts in the language that is not asked for."""

FEW = 512
"""Beginnings that are looked through; where more begin alike, the best are kept."""

MOST = 100
"""Beginnings that are kept of those."""

COMMON = 0.02
"""Share of the surfaces of a kind that a word is in with which none is looked for as a later word:
"college" is no beginning of a thousand schools."""

JUST = 2.0
"""How much more a surface counts that is just what is typed."""

LATER_FROM = 3
"""Letters from which later words are looked for."""

SURE = 0.6
"""Weight of surfaces whose later words are beginnings: of no village, and of no initials."""


class Completion(NamedTuple):
    """A surface that begins with some letters, or one of whose words does."""

    kind: SuggestionKind
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Beginnings:
    """All beginnings of one kind.

    ``text`` are its surfaces, each ended by a line break; ``places`` where one begins, in the order
    of what stands there; ``scores`` what each counts. ``best`` has the places in these of the best
    of those that begin with some letters.
    """

    text: str
    places: "array[int]"
    scores: "array[float]"
    best: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, surfaces: "Surfaces") -> "Beginnings":
        """Return the beginnings of texts, each with its score and its weight."""
        often = Counter(word for text in surfaces for word in set(text.split()))
        most = COMMON * len(surfaces)
        parts, found, start = [], [], 0
        for text, (score, weight) in surfaces.items():
            parts.append(f"{text}\n")
            found.append((start, score))
            at = text.find(" ") + 1
            while at and weight >= SURE:
                end = text.find(" ", at)
                word = text[at : end if end > 0 else len(text)]
                if len(word) > 2 and often[word] <= max(most, 1):
                    found.append((start + at, score * LATER_WORD))
                at = end + 1
            start += len(text) + 1
        text = "".join(parts)
        found.sort(key=lambda one: text[one[0] : one[0] + LONGEST])
        made = cls(text, array("I", (at for at, _ in found)), array("f", (s for _, s in found)), {})
        return cls(text, made.places, made.scores, dict(made._best_of("", 0, len(found))))

    def _best_of(self, letters: str, start: int, end: int) -> Iterator[tuple[str, list[int]]]:
        """Yield the best of those that begin with some letters, and with more of them."""
        if end - start <= FEW:
            return
        yield letters, self._best(start, end, MOST)
        while start < end:
            place = self.places[start]
            longer = self.text[place : place + len(letters) + 1]
            until = max(self._end(longer, start, end), start + 1)
            if not longer.endswith("\n"):
                yield from self._best_of(longer, start, until)
            start = until

    def _best(self, start: int, end: int, most: int) -> list[int]:
        return nlargest(most, range(start, end), key=self.scores.__getitem__)

    def _end(self, letters: str, start: int, end: int) -> int:
        text, length = self.text, len(letters)
        return bisect_left(
            self.places,
            f"{letters}\U0010ffff",
            start,
            end,
            key=lambda at: text[at : at + length + 1],
        )

    def find(self, letters: str, most: int) -> list[tuple[str, float]]:
        """Return the best surfaces that begin so, or a word of theirs, each with its score.

        One that is just these letters counts more.
        """
        best, text, length = self.best.get(letters), self.text, len(letters)
        start = bisect_left(self.places, letters, key=lambda at: text[at : at + length])
        if best is None:
            best = self._best(start, self._end(letters, start, len(self.places)), most)
        found: dict[str, float] = {}
        for at in (*self._whole(letters, start), *best[:most]):
            place = self.places[at]
            begin = text.rfind("\n", 0, place) + 1
            if place > begin and length < LATER_FROM:
                continue
            surface = text[begin : text.index("\n", place)]
            score = self.scores[at] * (JUST if surface == letters else 1)
            found.setdefault(surface, score)
        return list(found.items())

    def _whole(self, letters: str, start: int) -> range:
        """Return the beginnings that are just these letters, which stand first."""
        end, text, length = start, self.text, len(letters) + 1
        while end < len(self.places) and text[(at := self.places[end]) : at + length] == (
            f"{letters}\n"
        ):
            end += 1
        return range(start, end)


LONGEST = 80
"""Letters by which beginnings are sorted."""


class _Packed(msgspec.Struct, array_like=True):
    kind: SuggestionKind
    language: str
    text: str
    places: list[int]
    scores: list[float]
    best: Mapping[str, Sequence[int]]


Surfaces = Mapping[str, tuple[float, float]]
"""Text -> its score and its weight."""


Group = tuple[SuggestionKind, str]
"""A kind, and the language of its surfaces: en, es or any."""


def _grouped(surfaces: Iterable[Surface]) -> dict[Group, Surfaces]:
    """Return the texts of each kind and language; of one text the likeliest meaning counts."""
    found: dict[Group, dict[str, tuple[float, float]]] = {}
    for surface in surfaces:
        if (kind := kind_of(surface)) is None:
            continue
        known = found.setdefault((kind, surface.language), {})
        score = surface.weight * (LEAST + (1 - LEAST) * share_of(surface, kind))
        if surface.text not in known or known[surface.text][0] < score:
            known[surface.text] = (score, surface.weight)
    return {group: _by_form(group[0], texts) for group, texts in found.items()}


def _by_form(kind: SuggestionKind, texts: Surfaces) -> Surfaces:
    """Return texts that are scored by their form as well."""
    ordered, found = sorted(texts), {}
    for place, text in enumerate(ordered):
        score, weight = texts[text]
        start = bisect_left(ordered, f"{text} ", place)
        longer = bisect_left(ordered, f"{text} \U0010ffff", start) - start
        score *= 1 + BEGUN * min(longer, MOST_BEGUN)
        if len(text) <= SHORT and kind is not SuggestionKind.CREDENTIAL:
            score *= ABBREVIATION
        found[text] = (score - A_LETTER * len(text), weight)
    return found


def pack_completions(surfaces: Iterable[Surface]) -> bytes:
    """Return what surfaces are as completions, for keeping."""
    packed = []
    for group, texts in _grouped(surfaces).items():
        one = Beginnings.of(texts)
        packed.append(_Packed(*group, one.text, list(one.places), list(one.scores), one.best))
    return msgspec.msgpack.encode(packed)


class Completions:
    """What was kept as completions, several together."""

    def __init__(self, *packed: bytes) -> None:
        self._parts: list[tuple[Group, Beginnings]] = []
        for part in packed:
            for one in msgspec.msgpack.decode(part, type=list[_Packed]):
                places, scores = array("I", one.places), array("f", one.scores)
                beginnings = Beginnings(one.text, places, scores, one.best)
                self._parts.append(((one.kind, one.language), beginnings))

    def find(
        self, letters: str, kinds: Collection[SuggestionKind], language: str, most: int
    ) -> list[Completion]:
        """Return what some folded letters may become: of each kind the best, the best first.

        Words of another language than the one asked for count less.
        """
        found = []
        for (kind, spoken), beginnings in self._parts:
            if kind in kinds:
                share = 1 if spoken in ("any", language) else OTHER_LANGUAGE
                found += [
                    Completion(kind, text, score * share)
                    for text, score in beginnings.find(letters, most)
                ]
        return sorted(found, key=lambda one: (-one.score, one.text))
