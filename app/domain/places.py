"""How far apart places are."""

from math import asin, cos, radians, sin, sqrt

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
