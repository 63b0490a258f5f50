"""Distances, and awards next to each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparison.similar import neighbours
from app.domain.places import miles_between

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("one", "other", "miles"),
    [
        # Columbus to Cleveland 126 miles, to Dayton 65, to Seattle 2,010, by any distance table
        ((39.9612, -82.9988), (41.4993, -81.6944), 126),
        ((39.9612, -82.9988), (39.7589, -84.1916), 65),
        ((39.9612, -82.9988), (47.6062, -122.3321), 2010),
        # across the date line: Guam to Honolulu
        ((13.4443, 144.7937), (21.3069, -157.8583), 3800),
        ((10.0, 20.0), (10.0, 20.0), 0),
    ],
)
def test_distances_are_those_of_a_table(
    one: tuple[float, float], other: tuple[float, float], miles: float
) -> None:
    assert miles_between(one, other) == pytest.approx(miles, rel=0.01, abs=0.5)


@given(points, points)
def test_distance_is_the_same_both_ways_and_at_most_half_round_the_earth(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    miles = miles_between(one, other)

    assert miles == pytest.approx(miles_between(other, one), abs=1e-6)
    assert 0 <= miles <= 12_438


@pytest.mark.parametrize(
    ("group", "near"),
    [
        ("certificate", ["certificate", "associate"]),
        ("associate", ["certificate", "associate", "bachelor"]),
        (
            "master",
            [
                "bachelor",
                "postbaccalaureate_certificate",
                "master",
                "postmaster_certificate",
                "doctorate_research",
                "doctorate_professional",
                "doctorate_other",
            ],
        ),
        (None, []),
    ],
)
def test_awards_have_neighbours_one_step_up_and_down(group: str | None, near: list[str]) -> None:
    assert neighbours(group) == near
