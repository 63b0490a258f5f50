"""Fields of which a release knows much less than the one before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.completeness import Drop, FillRate, find_drops

RATES = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(
    lambda pair: FillRate(min(pair), max(pair))
)


CATALOGUES = st.dictionaries(st.sampled_from("abcdef"), RATES)


@pytest.mark.parametrize(
    ("before", "after", "falls"),
    [
        (FillRate(100, 100), FillRate(95, 100), False),  # five points exactly
        (FillRate(1000, 1000), FillRate(949, 1000), True),
        (FillRate(19, 20), FillRate(18, 20), False),  # 0.95 - 0.90 is more than 0.05 in floats
        (FillRate(50, 100), FillRate(50, 200), True),  # none lost, but the share halved
        (FillRate(50, 100), FillRate(25, 50), False),
        (FillRate(50, 100), FillRate(0, 0), True),
        (FillRate(0, 0), FillRate(0, 10), False),
        (FillRate(4, 100), FillRate(0, 100), False),
    ],
)
def test_a_field_drops_by_share_and_not_by_count(
    before: FillRate, after: FillRate, falls: bool
) -> None:
    drops = find_drops({"field": before}, {"field": after})

    assert drops == ([Drop("field", before, after)] if falls else [])


def test_a_field_that_vanished_dropped_to_0() -> None:
    assert find_drops({"gone": FillRate(8, 10)}, {"new": FillRate(1, 10)}) == [
        Drop("gone", FillRate(8, 10), FillRate(0, 10))
    ]


@given(CATALOGUES)
def test_nothing_drops_where_nothing_changed(rates: dict[str, FillRate]) -> None:
    assert find_drops(rates, rates, most=0) == []


@given(CATALOGUES, CATALOGUES, st.sets(st.sampled_from("abcdef")))
def test_allowed_fields_are_left_out_and_no_others(
    before: dict[str, FillRate], after: dict[str, FillRate], allowed: set[str]
) -> None:
    every = find_drops(before, after)

    kept = find_drops(before, after, allowed=allowed)

    assert kept == [drop for drop in every if drop.field not in allowed]


@given(CATALOGUES, CATALOGUES, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_limit_never_finds_more(
    before: dict[str, FillRate], after: dict[str, FillRate], one: float, other: float
) -> None:
    strict = find_drops(before, after, most=min(one, other))

    lax = find_drops(before, after, most=max(one, other))

    assert [drop for drop in strict if drop in lax] == lax


@given(CATALOGUES, CATALOGUES)
def test_a_field_never_drops_both_ways(
    before: dict[str, FillRate], after: dict[str, FillRate]
) -> None:
    there = {drop.field for drop in find_drops(before, after, most=0)}
    back = {drop.field for drop in find_drops(after, before, most=0)}

    assert not there & back
