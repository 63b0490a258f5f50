"""Numbers of an index as one reader has them: prices and totals are the reader's own."""

from collections.abc import Sequence
from heapq import merge
from itertools import groupby
from typing import Any

from pyroaring import FrozenBitMap

from app.domain.reader import Reader, residency_for
from app.domain.vocabulary import Residency
from app.search.index import Groups, Index, price_kind


class ReaderNumbers:
    """The kinds of number of an index, for one reader.

    Who lives in a state pays as a resident there and as a stranger elsewhere, so that a kind of
    price is read in two parts, each with the programs it holds for.
    """

    def __init__(self, index: Index, reader: Reader) -> None:
        self._index = index
        self._reader = reader
        self.elsewhere = residency_for(reader, "")
        """As whom the reader pays in other states than that of home."""
        self._at_home = index["state"].get(reader.home_state)

    def residency_of(self, number: int) -> Residency:
        """Return as whom the reader pays for a program."""
        return residency_for(self._reader, self._index["state"].of(number))

    def _parts(self, kind: str) -> list[tuple[str, FrozenBitMap]]:
        every, elsewhere = self._index.every, price_kind(kind, self.elsewhere)
        if elsewhere == kind or self._reader.residency is not None:
            return [(elsewhere, every)]
        return [(kind, self._at_home), (elsewhere, every - self._at_home)]

    def between(self, kind: str, low: Any, high: Any) -> FrozenBitMap:
        """Return the programs with a number from low to high; None: without a bound."""
        found = [self._index[part].between(low, high) & where for part, where in self._parts(kind)]
        return FrozenBitMap.union(*found)

    def unknown(self, kind: str) -> FrozenBitMap:
        """Return the programs of which nobody knows a number."""
        found = [self._index.unknown(part) & where for part, where in self._parts(kind)]
        return FrozenBitMap.union(*found)

    def of(self, kind: str, number: int) -> Any:
        """Return the number of a program; None: it has none."""
        [part] = [part for part, where in self._parts(kind) if number in where]
        return self._index[part].of(number)

    def ordered(
        self, kind: str, among: FrozenBitMap, since: Sequence[Any] = (), *, descending: bool
    ) -> Groups:
        """Yield the programs by a kind of number, as ``Index.ordered`` does."""
        parts = self._parts(kind)
        if len(parts) == 1:
            yield from self._index.ordered(parts[0][0], among, since, descending=descending)
            return
        known = [self._known_of(*part, among, since, descending=descending) for part in parts]
        in_order = merge(*known, key=lambda group: group[0], reverse=descending)
        for value, groups in groupby(in_order, key=lambda group: group[0]):
            yield value, FrozenBitMap.union(*(bits for _, bits in groups))
        yield None, self.unknown(kind)

    def _known_of(
        self,
        kind: str,
        where: FrozenBitMap,
        among: FrozenBitMap,
        since: Sequence[Any],
        *,
        descending: bool,
    ) -> Groups:
        """Yield the programs of one part that have a number, by it."""
        groups = self._index.ordered(kind, among & where, since, descending=descending)
        return ((value, bits & where) for value, bits in groups if value is not None)
