"""How far apart places are."""

from dataclasses import dataclass
from math import asin, cos, pi, radians, sin, sqrt

EARTH_RADIUS_MILES = 3958.8
"""Mean radius, IUGG."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def miles_between(one: Point, other: Point) -> float:
    """Return the great-circle distance in miles (haversine)."""
    lat, lon = map(radians, one)
    other_lat, other_lon = map(radians, other)
    half = (
        sin((other_lat - lat) / 2) ** 2
        + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(min(1.0, half)))


def on_globe(point: Point) -> tuple[float, float, float]:
    """Return a point on a globe of radius 1, its center at the origin."""
    lat, lon = map(radians, point)
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def chord_of(miles: float) -> float:
    """Return the straight line through the globe of radius 1 between points so far apart."""
    return 2 * sin(min(miles / (2 * EARTH_RADIUS_MILES), pi / 2))


MAP_SIZE = (975, 610)
"""Width and height of the map of the states that places are drawn on."""


def on_map(point: Point) -> Point | None:
    """Return where a place is drawn on the map of the states; None for one that is not on it.

    Albers' equal-area conic with the parameters of d3.geoAlbersUsa at scale 1300: the lower 48
    states, with Alaska and Hawaii set into the empty corner. The territories are not on it.
    """
    lat, lon = point
    for view in MAP_VIEWS:
        if view.south <= lat <= view.north and view.west <= lon <= view.east:
            x, y = view.project(point)
            return (x, y) if 0 <= x <= MAP_SIZE[0] and 0 <= y <= MAP_SIZE[1] else None
    return None


@dataclass(frozen=True, slots=True)
class MapView:
    """A part of the map: what it shows, its cone, and where it is set; degrees and pixels."""

    south: float
    north: float
    west: float
    east: float
    meridian: float
    middle: Point
    parallels: tuple[float, float]
    scale: float
    x: float
    y: float

    def project(self, point: Point) -> Point:
        """Return the pixel of a place, from the left and from the top."""
        x, y = self._cone(point)
        middle_x, middle_y = self._cone(self.middle)
        return self.x + self.scale * (x - middle_x), self.y + self.scale * (y - middle_y)

    def _cone(self, point: Point) -> Point:
        """Return a place on the unrolled cone, southward positive (Snyder 1987, 14-1 to 14-6)."""
        one, other = map(radians, self.parallels)
        n = (sin(one) + sin(other)) / 2
        c = cos(one) ** 2 + 2 * n * sin(one)
        away = sqrt(c - 2 * n * sin(radians(point[0]))) / n
        angle = n * radians(point[1] - self.meridian)
        return away * sin(angle), away * cos(angle)


MAP_VIEWS = (
    MapView(24, 50, -125, -66, -96, (38.7, -96.6), (29.5, 45.5), 1300, 487.5, 305),
    MapView(51, 72, -180, -129, -154, (58.5, -156), (55, 65), 455, 88.4, 566.3),
    MapView(18, 23, -161, -154, -157, (19.9, -160), (8, 18), 1300, 221, 580.6),
)
