"""Where ZIP codes are."""

import sys
from array import array
from bisect import bisect_left, bisect_right
from functools import lru_cache
from pathlib import Path

from app.domain.places import Point

ZIP_POINTS, STEPS_A_DEGREE = Path(__file__).parent / "zip_codes.bin", 10_000
"""The ZIP codes of the package zipcodes 3.0.0 in order, then their latitudes, then their
longitudes, as little-endian numbers of four bytes; military ones are nowhere and left out."""


class ZipPoints:
    """Where ZIP codes are: half a megabyte, read when a place is first asked for."""

    def __init__(self, packed: bytes) -> None:
        third = len(packed) // 3
        self._codes = array("I", packed[:third])
        self._steps = array("i", packed[third:])
        if sys.byteorder == "big":
            self._codes.byteswap()
            self._steps.byteswap()

    def get(self, code: str) -> Point | None:
        """Return the point of a ZIP code of five digits; None where there is none."""
        at = bisect_left(self._codes, int(code))
        if at == len(self._codes) or self._codes[at] != int(code):
            return None
        latitude, longitude = self._steps[at], self._steps[at + len(self._codes)]
        return latitude / STEPS_A_DEGREE, longitude / STEPS_A_DEGREE

    def beginning(self, digits: str, most: int) -> list[str]:
        """Return the first ZIP codes that begin with up to five digits."""
        start = bisect_left(self._codes, int(digits.ljust(5, "0")))
        end = bisect_right(self._codes, int(digits.ljust(5, "9")))
        return [f"{code:05}" for code in self._codes[start : min(end, start + most)]]


@lru_cache(maxsize=1)
def zip_points() -> ZipPoints:
    """Return the table of ZIP codes."""
    return ZipPoints(ZIP_POINTS.read_bytes())
