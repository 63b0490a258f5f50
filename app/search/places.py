"""Where schools are: points, circles, distances."""

from bisect import bisect_left
from itertools import islice

from pyroaring import FrozenBitMap

from app.domain.places import Point, chord_of, on_globe
from app.domain.reader import Reader
from app.domain.vocabulary import Residency
from app.errors import Fault, InvalidRequestError
from app.schemas.reader import ReaderParams
from app.search.index import NONE, Index
from app.search.zip_codes import zip_points
from app.search.zip_states import state_of_zip

USUAL_MILES = 50.0
"""How far around a place to look where nobody says."""


def point_of(near: str) -> Point:
    """Return the point of a ZIP code or of "latitude,longitude".

    Raises:
        InvalidRequestError: No such ZIP code, or no such place on earth.
    """
    if "," not in near:
        if (point := zip_points().get(near)) is None:
            words = f"near: no ZIP code is known as {near!r}."
            raise InvalidRequestError([Fault(words, parameter="near", value=near)])
        return point
    latitude, longitude = (float(part) for part in near.split(","))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        words = f"near: {near!r} is no latitude (-90 to 90) and longitude (-180 to 180)."
        raise InvalidRequestError([Fault(words, parameter="near", value=near)])
    return latitude, longitude


def reader_of(asked: ReaderParams, near: str | None = None) -> Reader:
    """Return who asks; the state of a ZIP code is the home where no state is told.

    Raises:
        InvalidRequestError: As ``point_of``.
    """
    home = None if asked.home_state is None else str(asked.home_state)
    if home is None and near is not None and "," not in near:
        point_of(near)
        home = state_of_zip(near)
    return Reader(home, Residency(asked.residency) if asked.residency else None)


def within(index: Index, center: Point | None, miles: float) -> FrozenBitMap:
    """Return the programs of schools within a circle."""
    if center is None:
        return NONE
    x, y, z = on_globe(center)
    chord = chord_of(miles)
    start = bisect_left(index.from_south, z - chord, key=lambda one: one[2])
    inside = []
    for other_x, other_y, other_z, place in islice(index.from_south, start, None):
        if other_z > z + chord:
            break
        if (x - other_x) ** 2 + (y - other_y) ** 2 + (z - other_z) ** 2 <= chord * chord:
            inside.append(index["point"].at(place))
    return FrozenBitMap.union(NONE, *inside)
