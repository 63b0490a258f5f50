"""What words find: how a text was read, what meets it, and how well."""

from collections.abc import Sequence, Set
from itertools import pairwise
from typing import Any

from pyroaring import FrozenBitMap

from app.domain.vocabulary import Delivery
from app.search.index import NONE, Index
from app.search.places import USUAL_MILES, within
from app.search.words import (
    AROUND_ZIP,
    INITIALS,
    NEAR_ZIP,
    PLACE,
    SCHOOL,
    SCHOOL_NAME,
    All,
    Reading,
    read_text,
    relaxed_reading,
)
from app.search.zip_codes import zip_points

MILES = {NEAR_ZIP: 15.0, AROUND_ZIP: USUAL_MILES}


class TextMatches:
    """The programs that meet all that a text asks for; if none does, all that it may mean.

    With ``kinds``, words are looked for in these kinds of terms only. ``decided`` are facts on
    which the question has a filter: words on them ask for nothing. Of the others, ``open`` has
    fact -> programs of which it is not known, and the parameters that find them; ``fitting`` are
    the programs that meet all else, and ``possible`` those of them that meet the facts as well or
    of which they are not known.
    """

    def __init__(
        self,
        index: Index,
        text: str,
        kinds: frozenset[str] | None = None,
        decided: Set[str] = frozenset(),
    ) -> None:
        self._index = index
        self._kinds = kinds
        self._decided = decided
        self._read(read_text(text, index))
        if not self.fitting:
            self._read(relaxed_reading(text, index))

    def _read(self, reading: Reading) -> None:
        """Find the programs that meet a reading."""
        self.reading = reading
        self._met = []
        self.open: dict[str, tuple[FrozenBitMap, dict[str, list[str]]]] = {}
        self.fitting = self.possible = self.found = self._index.every
        for need in reading.needs:
            if need.fact in self._decided:
                continue
            met = strong, weak = self._any(need.strong), self._any(need.weak)
            self._met.append(met)
            self.found = self.found & (strong | weak)
            if need.fact is not None and (self._kinds is None or need.fact in self._kinds):
                values = [v for terms in need.strong for kind, v in terms if kind == need.fact]
                online = [Delivery.ONLINE] if Delivery.ONLINE in values else values
                self.open[need.fact] = self._index.not_told(need.fact, online)
                unknown = self.open[need.fact][0]
                self.possible = self.possible & (strong | weak | unknown)
            else:
                self.possible = self.possible & (strong | weak)
                self.fitting = self.fitting & (strong | weak)

    def _any(self, alternatives: Sequence[All]) -> FrozenBitMap:
        return FrozenBitMap.union(NONE, *map(self._all, alternatives))

    def _all(self, terms: All) -> FrozenBitMap:
        if len(terms) == 1:
            return self._one(*terms[0])
        return FrozenBitMap.intersection(*(self._one(kind, value) for kind, value in terms))

    def _one(self, kind: str, value: str) -> FrozenBitMap:
        if self._kinds is not None and kind not in self._kinds:
            return NONE
        if kind in MILES:
            return within(self._index, zip_points().get(value), MILES[kind])
        return self._index[kind].get(value)

    def tiers(self, among: FrozenBitMap) -> list[tuple[int, FrozenBitMap]]:
        """Return points -> programs by how well they fit the text, the best first.

        A need surely met counts 2, one possibly met 1; a school whose name is in the text counts
        3 more, one whose name begins with words of it 1 more. ``among`` are some of those found,
        so that each has a point for every need.
        """
        whole, begun = self._named()
        bonus = [strong for strong, _ in self._met] + [whole, whole, whole | begun]
        steps = [some for step in bonus if step and (some := step & among)]
        reached = [among]  # reached[n]: those with at least n points more than one a need
        for step in steps:
            reached.append(NONE)
            for points in range(len(reached) - 1, 0, -1):
                reached[points] = reached[points] | (reached[points - 1] & step)
        tiers = [bits - more for bits, more in pairwise([*reached, NONE])]
        least = len(self._met)
        return [(points, bits) for points, bits in reversed(list(enumerate(tiers, least))) if bits]

    def _named(self) -> tuple[FrozenBitMap, FrozenBitMap]:
        """Return the programs of schools named by the longest run of words, whole and in part."""
        names = self._index[SCHOOL_NAME]
        for run in self.reading.names:
            begun = names.starting(f"{run} ")
            if run in names or begun:
                return names.get(run), names.any_of(begun)
        return NONE, NONE

    def understood(self) -> list[dict[str, Any]]:
        """Return how words were read that do not stand for themselves."""
        lost = "not known" if self.reading.needs else "small words"
        told: list[tuple[str, Sequence[str], str]] = [
            (words, read_as, "spelling" if read_as else lost)
            for words, read_as in self.reading.mended
        ]
        told += [
            (need.typed, need.read_as, need.because) for need in self.reading.needs if need.because
        ]
        return [
            {"words": words, "read_as": list(read_as), "because": because}
            for words, read_as, because in told
        ]


OF_SCHOOLS = frozenset({SCHOOL, PLACE, INITIALS, NEAR_ZIP, AROUND_ZIP, "state", "control"})
"""Kinds of terms that are of a school rather than of a program."""
