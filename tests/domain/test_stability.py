"""Exact shares of weightings, and the smallest change of weights that makes a tie."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparison.stability import share_won, smallest_flip

F = Fraction
ONE, HALF, QUARTER = F(1), F(1, 2), F(1, 4)

parts = st.integers(-8, 8).map(lambda eighths: F(eighths, 8))
differences = st.lists(parts, min_size=1, max_size=6)


@st.composite
def weighted_differences(draw: st.DrawFn) -> tuple[list[Fraction], list[Fraction]]:
    found = draw(differences)
    raw = draw(st.lists(st.integers(0, 20), min_size=len(found), max_size=len(found)).filter(any))
    return [F(part, sum(raw)) for part in raw], found


def weigh(weights: list[Fraction], found: list[Fraction]) -> Fraction:
    return sum((w * d for w, d in zip(weights, found, strict=True)), F(0))


def test_the_worked_example_is_won_for_16_of_35() -> None:
    a, b = (ONE, HALF, QUARTER, ONE), (ONE, F(3, 4), ONE, F(0))

    assert share_won([x - y for x, y in zip(a, b, strict=True)]) == F(16, 35)


@pytest.mark.parametrize(
    ("found", "share"),
    [
        ([ONE], ONE),
        ([-ONE], F(0)),
        ([F(0)], F(0)),
        # two criteria: won where w1 > 1/2 of the segment
        ([ONE, -ONE], HALF),
        # won where 3 w1 > 1 - w1, so for w1 from 1/4 to 1
        ([F(3), -ONE], F(3, 4)),
        # three criteria, two equal losers: won where w1 > 1/2, a corner of (1/2)^2
        ([ONE, -ONE, -ONE], QUARTER),
        # and the other way round, two equal winners: the rest
        ([ONE, ONE, -ONE], F(3, 4)),
        # four criteria in two equal pairs: as good as a coin
        ([ONE, ONE, -ONE, -ONE], HALF),
        # three equal losers: w1 > 1/2, a corner of (1/2)^3
        ([ONE, -ONE, -ONE, -ONE], F(1, 8)),
        # one that says nothing: the other two decide as a coin
        ([ONE, F(0), -ONE], HALF),
        # nothing against it, so won but for a set without extent
        ([ONE, F(0), F(0)], ONE),
        ([F(1, 3)] * 4, ONE),
        ([F(-1, 3)] * 4, F(0)),
        ([F(0)] * 4, F(0)),
    ],
)
def test_shares_are_as_computed_by_hand(found: list[Fraction], share: Fraction) -> None:
    assert share_won(found) == share


def test_no_criteria_are_refused() -> None:
    with pytest.raises(ValueError, match="no criteria"):
        share_won([])


@given(differences)
def test_the_shares_of_both_sides_and_of_a_tie_make_the_whole(found: list[Fraction]) -> None:
    tie = F(1) if not any(found) else F(0)

    assert share_won(found) + share_won([-d for d in found]) + tie == 1


@given(differences, st.randoms(use_true_random=False))
def test_the_order_of_criteria_does_not_matter(
    found: list[Fraction], shuffler: random.Random
) -> None:
    shuffled = list(found)
    shuffler.shuffle(shuffled)

    assert share_won(shuffled) == share_won(found)


@given(differences, st.integers(1, 50))
def test_the_scale_of_differences_does_not_matter(found: list[Fraction], scale: int) -> None:
    assert share_won([scale * d for d in found]) == share_won(found)


@given(st.lists(parts, min_size=2, max_size=5, unique=True))
def test_equal_differences_are_the_limit_of_ever_nearer_ones(found: list[Fraction]) -> None:
    tiny = F(1, 10**9)

    exact = share_won([found[0], *found])
    near = share_won([found[0] + tiny, *found])

    assert abs(exact - near) < F(1, 10**6)


@pytest.mark.parametrize(
    "found",
    [
        [F(0), F(-1, 4), F(-3, 4), ONE],
        [F(1, 5), F(1, 5), F(-1, 3), F(-1, 3)],
        [F(1, 2), F(-1, 8), F(-1, 8), F(-1, 8)],
        [F(3, 4), F(1, 10), F(-9, 10)],
        [F(1, 7), F(-2, 7)],
    ],
)
def test_shares_agree_with_a_simulation(found: list[Fraction]) -> None:
    chance = random.Random(20261124)
    plain = [float(d) for d in found]
    rounds = 20_000

    won = 0
    for _ in range(rounds):
        # exponential draws divided by their sum are even on the simplex; the sum has no say in > 0
        won += sum(chance.expovariate(1) * d for d in plain) > 0

    # four standard deviations of a share near one half
    assert abs(won / rounds - float(share_won(found))) < 4 * 0.5 / rounds**0.5


def test_the_smallest_flip_moves_weight_from_the_strongest_to_the_weakest_criterion() -> None:
    # margin 1/2*1/2 + 1/4*1/4 - 1/4*1/2 = 3/16; a unit moved from the first to the last gains 1,
    # so 3/16 moves
    found = [HALF, QUARTER, -HALF]

    flip = smallest_flip([HALF, QUARTER, QUARTER], found)

    assert flip is not None
    assert flip.moved == F(3, 16)
    assert flip.weights == (F(5, 16), QUARTER, F(7, 16))
    assert flip.turns_round


def test_when_the_strongest_criterion_is_used_up_the_next_one_gives() -> None:
    # margin 1/10*1 + 9/10*1/2 = 11/20 without weight on the last, which says -1/10; the first
    # gives all of its 1/10 (gain 11/10 each: 11/100), the second gives (44/100) / (6/10) = 11/15
    flip = smallest_flip([F(1, 10), F(9, 10), F(0)], [ONE, HALF, F(-1, 10)])

    assert flip is not None
    assert flip.weights[0] == 0
    assert flip.moved == F(1, 10) + F(11, 15)


def test_no_weighting_flips_what_every_criterion_favours() -> None:
    assert smallest_flip([HALF, HALF], [ONE, QUARTER]) is None
    assert smallest_flip([HALF, HALF], [-ONE, -QUARTER]) is None


def test_a_tie_is_there_already_or_is_all_that_can_be_had() -> None:
    there = smallest_flip([HALF, HALF], [ONE, -ONE])
    only = smallest_flip([HALF, HALF], [ONE, F(0)])

    assert there is not None
    assert there.moved == 0
    assert only is not None
    assert (only.moved, only.turns_round) == (HALF, False)


@given(weighted_differences())
def test_the_flip_makes_an_exact_tie_on_the_simplex(
    drawn: tuple[list[Fraction], list[Fraction]],
) -> None:
    weights, found = drawn

    flip = smallest_flip(weights, found)

    if flip is None:
        assert min(found) > 0 or max(found) < 0
    else:
        assert weigh(list(flip.weights), found) == 0
        assert sum(flip.weights) == 1
        assert min(flip.weights) >= 0
        changes = [abs(a - b) for a, b in zip(flip.weights, weights, strict=True)]
        assert sum(changes) == 2 * flip.moved


@given(weighted_differences())
def test_no_smaller_move_between_two_or_three_criteria_makes_a_tie(
    drawn: tuple[list[Fraction], list[Fraction]],
) -> None:
    weights, found = drawn
    flip = smallest_flip(weights, found)
    if flip is None or flip.moved == 0:
        return
    margin = abs(weigh(weights, found))
    sign = 1 if weigh(weights, found) > 0 else -1

    # whatever moves, a unit gains at most what its source and target differ by
    best = F(0)
    budget = flip.moved - F(1, 1000)
    order = sorted(range(len(found)), key=lambda at: -sign * found[at])
    for at in order:
        part = max(F(0), min(weights[at], budget))
        best += part * max(sign * (found[at] - found[other]) for other in range(len(found)))
        budget -= part

    assert best < margin


@given(weighted_differences())
def test_the_flip_is_the_same_from_both_sides(
    drawn: tuple[list[Fraction], list[Fraction]],
) -> None:
    weights, found = drawn

    assert smallest_flip(weights, found) == smallest_flip(weights, [-d for d in found])
