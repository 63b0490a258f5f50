"""The cities of the country: every name that a ZIP code has, with its point.

``cities.tsv.gz`` is made of the package zipcodes 3.0.0 by ``python -m tests.cities``: a line a name
and state, by folded name, with state, latitude, longitude, number of ZIP codes, number of those of
all cities so called, name as written.
"""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from math import log
from pathlib import Path

from app.search.reading.spans import AreaTarget, Kind, Surface

CITIES = Path(__file__).parent / "cities.tsv.gz"
SOURCE = "zipcodes-3.0.0"

MILES = 25.0
"""How far around the middle of a city a school is still there."""

KNOWN, SMALL = 10, 2
"""ZIP codes of cities of a name that is thought of as that of cities, and of a small one."""

MOST_ZIPS = 200
"""ZIP codes of the largest cities, about."""


class Cities:
    """The layer of cities; ``programs`` are how many there are in a city by folded name, state."""

    def __init__(
        self, texts: Sequence[str], programs: Mapping[tuple[str, str], int], common: frozenset[str]
    ) -> None:
        self.texts = texts
        self._programs = programs
        self._common = common

    def meanings_at(self, place: int) -> Sequence[Surface]:
        """Return the city at a place.

        The larger, and the more schools, the likelier its name alone means it; a village with the
        name of an everyday word is hardly meant.
        """
        folded, state, latitude, longitude, zips, alike, name = self.texts[place].split("\t")
        target = AreaTarget(
            f"{name}, {state}",
            center=(float(latitude), float(longitude)),
            miles=MILES,
            city=name,
            state=state,
        )
        size = int(zips) + self._programs.get((folded, state), 0) / 2
        is_word = folded in self._common and max(int(alike), size) < KNOWN
        weight = min(0.1 + size / 100, 0.25) if is_word else min(0.5 + size / 50, 0.95)
        return [Surface(folded, Kind.AREA, target, weight, "any", SOURCE, 1.5)]

    def sized(self) -> Iterator[Surface]:
        """Yield all cities; the larger one is, the less it tells to name it."""
        for place, line in enumerate(self.texts):
            [surface] = self.meanings_at(place)
            share = min(log(int(line.split("\t")[4]) + 1) / log(MOST_ZIPS), 1)
            yield replace(surface, rarity=2 - share)


@lru_cache(maxsize=1)
def city_lines() -> list[str]:
    """Return the lines of the file of cities."""
    return gzip.decompress(CITIES.read_bytes()).decode().splitlines()


def large_cities() -> set[str]:
    """Return the folded names of cities of more than ``SMALL`` ZIP codes."""
    rows = (line.split("\t", 5) for line in city_lines())
    return {row[0] for row in rows if int(row[4]) > SMALL}
