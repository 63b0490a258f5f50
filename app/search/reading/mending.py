"""Which known word a misspelled one is meant for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST, TWO_FROM, LONGEST = 5, 8, 20
"""Letters of the shortest word that is mended, of those with two errors, of the longest."""

MOST_CANDIDATES = 8

MUCH_MORE, AT_LEAST = 20, 5
"""How many times as frequent as a misspelling the word meant is, and how often it is there."""


class Spelling:
    """The words that there are, each with how often, for what comes near to them.

    RapidFuzz compares a word with the two thousand that begin alike in half a millisecond; a table
    of deletions (SymSpell) would be quicker, and takes 150 MB for as many words.
    """

    def __init__(self, frequency: Mapping[str, int]) -> None:
        self._frequency = frequency
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in frequency:
            if len(word) >= SHORTEST - 1 and word.isalpha():
                self._by_letter[word[0]].append(word)

    def meant(self, word: str, *, more: int = 0, shortest: int = SHORTEST) -> list[tuple[str, int]]:
        """Return the known words that an unknown one may be meant for, each with the errors.

        One wrong, missing, superfluous or swapped letter, two in a long word. The first letter is
        kept, but for the first two in each other's place. The fewest errors first, then the most
        frequent. ``more`` errors are let through where people look at what is proposed.
        ``shortest`` are the letters of the shortest word that is mended.
        """
        if not shortest <= len(word) <= LONGEST or not word.isalpha():
            return []
        most = (2 if len(word) >= TWO_FROM else 1) + more
        found = [
            (near, int(errors))
            for near, errors, _ in process.extract(
                word,
                self._by_letter.get(word[0], ()),
                scorer=OSA.distance,
                score_cutoff=most,
                limit=None,
            )
            if near != word
        ]
        swapped = word[1] + word[0] + word[2:]
        if word[0] != word[1] and swapped in self._frequency:
            found.append((swapped, 1))
        elif word[0] != word[1] and most > 1:
            begun = self._by_letter.get(swapped[0], ())
            near = process.extract(swapped, begun, scorer=OSA.distance, score_cutoff=1, limit=None)
            found += [(other, 2) for other, _, _ in near]
        found.sort(key=lambda one: (one[1], -self._frequency[one[0]], one[0]))
        return found[:MOST_CANDIDATES]

    def beginning(self, letter: str) -> Sequence[str]:
        """Return the known words that begin with a letter."""
        return self._by_letter.get(letter, ())

    def is_misspelled(self, word: str) -> bool:
        """Return whether a word is one error away from one that is far more frequent."""
        often = max(MUCH_MORE * self._frequency.get(word, 0), AT_LEAST)
        return any(
            errors == 1
            and self._frequency[near] >= often
            and near.removesuffix("s") != word
            and word.removesuffix("s") != near
            for near, errors in self.meant(word)
        )
