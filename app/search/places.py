"""Where schools are: points, circles, distances."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

from pyroaring import FrozenBitMap

from app.domain.messages import either
from app.domain.places import Point, chord_of, on_globe
from app.domain.reader import Reader
from app.domain.text.identifiers import fold
from app.domain.vocabulary import STATE_NAMES, Residency
from app.errors import Fault, InvalidRequestError
from app.schemas.reader import ReaderParams, state_meant
from app.search.index import NONE, Index
from app.search.reading.cities import Cities, city_lines
from app.search.reading.spans import AreaTarget
from app.search.zip_codes import zip_points
from app.search.zip_states import state_of_zip

USUAL_MILES = 50.0
"""How far around a place to look where nobody says."""


def point_of(near: str) -> Point:
    """Return the point of a ZIP code, of "latitude,longitude", or of a city ("Macon, GA").

    A city that several states have is the one that is large where the others are small.

    Raises:
        InvalidRequestError: No such ZIP code, no such place on earth, no such city, or several.
    """
    return _place_of(near)[0]


def state_of(near: str) -> str | None:
    """Return the state of a ZIP code or a city; None: it is a latitude and longitude, or abroad.

    Raises:
        InvalidRequestError: As ``point_of``.
    """
    return _place_of(near)[1]


def _place_of(near: str) -> tuple[Point, str | None]:
    if match := re.fullmatch(r"(\d{5})(?:-\d{4})?", near):
        if (point := zip_points().get(match[1])) is None:
            raise _no_place(f"near: no ZIP code is known as {near!r}.", near)
        return point, state_of_zip(match[1])
    if match := re.fullmatch(r"(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)", near):
        latitude, longitude = float(match[1]), float(match[2])
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            words = f"near: {near!r} is no latitude (-90 to 90) and longitude (-180 to 180)."
            raise _no_place(words, near)
        return (latitude, longitude), None
    cities = cities_named(near)
    if not cities:
        words = f"near: no ZIP code or city is known as {near!r}; it must look like '45402', "
        raise _no_place(f"{words}'Macon, GA' or '32.83,-83.65'.", near)
    (likeliest, city), *others = cities
    if city.center is None or any(weight >= likeliest * AS_SURELY for weight, _ in others):
        names = either(repr(area.name) for _, area in cities[:MOST_CITIES])
        words = f"near: there are several places called {near!r}. Did you mean {names}?"
        raise _no_place(words, near, city.name)
    return city.center, city.state


def _no_place(words: str, near: str, suggestion: str | None = None) -> InvalidRequestError:
    fault = Fault(words, parameter="near", value=near, suggestion=suggestion)
    return InvalidRequestError([fault])


AS_SURELY, MOST_CITIES = 0.85, 4
"""Share of the weight of the likeliest city at which another is as likely meant; cities told."""


def cities_named(text: str) -> list[tuple[float, AreaTarget]]:
    """Return the cities that a name may mean, with a state behind it or not, the likeliest first.

    Each has the weight that its name alone has for it.
    """
    words = text.replace(",", " ").split()
    found: list[tuple[float, AreaTarget]] = []
    for count in range(len(words), 0, -1):
        state = state_meant(" ".join(words[count:])) if count < len(words) else None
        if count == len(words) or state in STATE_NAMES:
            some = _cities_called(fold(" ".join(words[:count])))
            found += [city for city in some if state in (None, city[1].state)]
    return sorted(found, key=lambda city: -city[0])


def _cities_called(name: str) -> Iterator[tuple[float, AreaTarget]]:
    cities = Cities(city_lines(), {}, frozenset())
    start = bisect_left(cities.texts, f"{name}\t")
    for place in range(start, len(cities.texts)):
        if not cities.texts[place].startswith(f"{name}\t"):
            return
        [city] = cities.meanings_at(place)
        if isinstance(city.target, AreaTarget):
            yield city.weight, city.target


def reader_of(asked: ReaderParams, near: str | None = None) -> Reader:
    """Return who asks; the state of a ZIP code or city is the home where no state is told.

    Raises:
        InvalidRequestError: As ``point_of``.
    """
    home = None if asked.home_state is None else str(asked.home_state)
    if home is None and near is not None:
        home = state_of(near)
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
