"""How far apart places are."""

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
