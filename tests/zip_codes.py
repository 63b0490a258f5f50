"""Where ZIP codes are, as the application keeps it: ``python -m tests.zip_codes`` writes it anew.

The package zipcodes takes half a second and 140 MB to hand out its table, which is too much for a
server that needs the points only.
"""

import sys
from array import array

import zipcodes

from app.search.zip_codes import STEPS_A_DEGREE, ZIP_POINTS


def packed_points() -> bytes:
    """Return the ZIP codes in order, then their latitudes, then their longitudes."""
    places = [
        (int(entry["zip_code"]), float(entry["lat"]), float(entry["long"]))
        for entry in zipcodes.list_all()
    ]
    placed = sorted(place for place in places if place[1:] != (0, 0))
    columns = [array("I", (code for code, _, _ in placed))]
    columns += [array("i", (round(p[at] * STEPS_A_DEGREE) for p in placed)) for at in (1, 2)]
    if sys.byteorder == "big":
        for column in columns:
            column.byteswap()
    return b"".join(column.tobytes() for column in columns)


if __name__ == "__main__":
    ZIP_POINTS.write_bytes(packed_points())
