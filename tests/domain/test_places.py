"""Places on the map of the search page."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.places import MAP_SIZE, on_map


@pytest.mark.parametrize(
    ("point", "near"),
    [
        ((39.76, -84.19), (702, 268)),  # Dayton: within Ohio's outline
        ((61.22, -149.9), (112, 544)),  # Anchorage
        ((21.31, -157.86), (267, 549)),  # Honolulu
    ],
)
def test_places_are_drawn_where_they_are(point: Any, near: Any) -> None:
    x, y = on_map(point) or (0, 0)

    assert (round(x), round(y)) == near


@given(st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
def test_a_place_is_on_the_map_or_off_it_but_never_beyond_its_edge(point: Any) -> None:
    placed = on_map(point)

    if placed:
        assert 0 <= placed[0] <= MAP_SIZE[0]
        assert 0 <= placed[1] <= MAP_SIZE[1]
