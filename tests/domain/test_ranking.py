"""Dominance, places, tie bands and pairs: only what is certain is called an order."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checklist.scoring import normalise_weights, score
from app.domain.comparison.ranking import (
    Bounds,
    compare_both,
    dominates,
    exact_criteria,
    exact_weights,
    exact_whole,
    partial_order,
    rank,
    tie_bands,
    to_fields,
)
from app.domain.vocabulary import Finding
from tests.domain.facts import RUBRIC

F = Fraction
KEYS = [criterion.key for criterion in RUBRIC.criteria]
EQUAL = dict.fromkeys(KEYS, F(1, 4))

findings = st.fixed_dictionaries({key: st.sampled_from(list(Finding)) for key in RUBRIC.check_keys})
weights = st.fixed_dictionaries({key: st.integers(0, 100) for key in KEYS}).filter(
    lambda given_: any(given_.values())
)
bounds = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(
    lambda ends: Bounds(F(min(ends)), F(max(ends)))
)
wholes = st.dictionaries(st.sampled_from("abcdefgh"), bounds, min_size=2, max_size=8)


def spans(**ends: tuple[int, int]) -> dict[str, Bounds]:
    return {name: Bounds(F(low), F(high)) for name, (low, high) in ends.items()}


@pytest.mark.parametrize(
    ("given_", "ranks", "bands"),
    [
        # certain order
        (spans(a=(8, 9), b=(4, 6), c=(1, 2)), {"a": (1, 1), "b": (2, 2), "c": (3, 3)}, []),
        # all open
        (spans(a=(0, 9), b=(0, 9)), {"a": (1, 2), "b": (1, 2)}, [["a", "b"]]),
        # a chain: b overlaps both, a is above c
        (
            spans(a=(7, 9), b=(3, 7), c=(1, 4)),
            {"a": (1, 2), "b": (1, 3), "c": (2, 3)},
            [["a", "b"], ["b", "c"]],
        ),
        # settled and equal
        (
            spans(a=(5, 5), b=(5, 5), c=(1, 1)),
            {"a": (1, 2), "b": (1, 2), "c": (3, 3)},
            [["a", "b"]],
        ),
        # one that is open over all the others, which are ordered among themselves
        (
            spans(a=(0, 9), b=(7, 7), c=(2, 2)),
            {"a": (1, 3), "b": (1, 2), "c": (2, 3)},
            [["b", "a"], ["c", "a"]],
        ),
    ],
)
def test_places_and_tie_bands_are_as_drawn_by_hand(
    given_: dict[str, Bounds], ranks: dict[str, tuple[int, int]], bands: list[list[str]]
) -> None:
    assert rank(given_) == ranks
    assert tie_bands(given_) == bands


@given(wholes)
def test_bands_hold_exactly_the_pairs_that_are_not_ordered(given_: dict[str, Bounds]) -> None:
    together = {frozenset(pair) for band in tie_bands(given_) for pair in combinations(band, 2)}

    open_pairs = {
        frozenset((a, b))
        for a, b in combinations(given_, 2)
        if given_[a].low <= given_[b].high and given_[b].low <= given_[a].high
    }
    assert together == open_pairs


@given(wholes)
def test_no_band_lies_inside_another(given_: dict[str, Bounds]) -> None:
    bands = [set(band) for band in tie_bands(given_)]

    assert not any(a <= b or b <= a for a, b in combinations(bands, 2))


@given(wholes, st.data())
def test_any_way_the_open_questions_settle_gives_a_place_in_the_range(
    given_: dict[str, Bounds], data: st.DataObject
) -> None:
    settled = {
        name: data.draw(st.integers(int(own.low), int(own.high))) for name, own in given_.items()
    }
    ranges = rank(given_)

    for name, points in settled.items():
        best, worst = ranges[name]
        above = sum(other > points for other in settled.values())
        assert best <= 1 + above <= worst


@given(findings, findings, weights)
def test_what_dominates_is_never_below_under_any_weights(
    one: dict[str, Finding], other: dict[str, Finding], given_: dict[str, int]
) -> None:
    criteria = {name: exact_criteria(RUBRIC, found) for name, found in (("a", one), ("b", other))}
    shares = exact_weights(normalise_weights(given_, RUBRIC))

    if dominates(criteria["a"], criteria["b"]):
        a, b = (exact_whole(criteria[name], shares) for name in "ab")
        assert a.low >= b.high
        pair = compare_both("a", "b", criteria, shares)[0]
        assert pair.left_out or pair.worst_case == 1


def test_dominance_needs_certainty_on_every_criterion() -> None:
    top = {key: Bounds(F(1), F(1)) for key in KEYS}
    half = {key: Bounds(F(1, 2), F(1, 2)) for key in KEYS}
    open_ = {**half, KEYS[0]: Bounds(F(0), F(1))}

    assert dominates(top, half)
    assert dominates(top, open_)
    assert not dominates(half, open_)
    assert not dominates(open_, half)
    assert not dominates(half, half)


def test_where_less_applies_of_one_the_same_weights_weigh_otherwise() -> None:
    # a is above b on both criteria, but a quarter of the second applies to it: under equal weights
    # a is (1/2 + 1/4 * 1) / (1 + 1/4) = 3/5 and b is (2/5 + 9/10) / 2 = 13/20
    a = {KEYS[0]: Bounds(F(1, 2), F(1, 2)), KEYS[1]: Bounds(F(1), F(1), F(1, 4))}
    b = {KEYS[0]: Bounds(F(2, 5), F(2, 5)), KEYS[1]: Bounds(F(9, 10), F(9, 10))}
    c = dict.fromkeys(KEYS[:2], Bounds(F(2, 5), F(2, 5)))

    pair, _ = compare_both("a", "b", {"a": a, "b": b}, EQUAL)

    assert (exact_whole(a, EQUAL).low, exact_whole(b, EQUAL).low) == (F(3, 5), F(13, 20))
    assert not dominates(a, b)
    assert dominates(a, c)
    assert (pair.criteria, pair.left_out) == ((KEYS[0],), (KEYS[1],))


def test_a_criterion_that_applies_to_one_only_forbids_dominance_and_is_left_out_of_shares() -> None:
    top = {key: Bounds(F(1), F(1)) for key in KEYS}
    without = {key: Bounds(F(0), F(0)) for key in KEYS[:3]}

    pair, _ = compare_both("a", "b", {"a": top, "b": without}, EQUAL)

    assert not dominates(top, without)
    assert pair.criteria == tuple(KEYS[:3])
    assert pair.left_out == (KEYS[3],)
    assert pair.share == 1


def test_programs_without_a_common_criterion_have_no_share() -> None:
    a = {KEYS[0]: Bounds(F(1), F(1))}
    b = {KEYS[1]: Bounds(F(0), F(0))}

    pair, _ = compare_both("a", "b", {"a": a, "b": b}, EQUAL)

    assert (pair.share, pair.best_case, pair.worst_case, pair.flip) == (None, None, None, None)


@given(findings, findings)
def test_shares_lie_between_worst_and_best_case(
    one: dict[str, Finding], other: dict[str, Finding]
) -> None:
    criteria = {"a": exact_criteria(RUBRIC, one), "b": exact_criteria(RUBRIC, other)}

    pair, _ = compare_both("a", "b", criteria, EQUAL)

    if pair.share is not None:
        assert pair.worst_case is not None
        assert pair.best_case is not None
        assert pair.worst_case <= pair.share <= pair.best_case


@given(findings, findings, weights)
def test_a_pair_reads_the_same_from_both_sides(
    one: dict[str, Finding], other: dict[str, Finding], given_: dict[str, int]
) -> None:
    criteria = {"a": exact_criteria(RUBRIC, one), "b": exact_criteria(RUBRIC, other)}
    shares = exact_weights(normalise_weights(given_, RUBRIC))

    assert (
        compare_both("a", "b", criteria, shares) == compare_both("b", "a", criteria, shares)[::-1]
    )


@given(findings, weights)
def test_exact_bounds_are_those_of_the_score(
    found: dict[str, Finding], given_: dict[str, int]
) -> None:
    shares = normalise_weights(given_, RUBRIC)

    exact = exact_whole(exact_criteria(RUBRIC, found), exact_weights(shares))

    whole = score(RUBRIC, found, shares).whole
    assert float(100 * exact.low) == pytest.approx(whole.low, abs=1e-4)
    assert float(100 * exact.high) == pytest.approx(whole.high, abs=1e-4)


def test_weights_are_taken_as_the_fractions_they_were_meant_as() -> None:
    assert exact_weights({"a": 1 / 3, "b": 0.2, "c": 0.1 + 0.2}) == {
        "a": F(1, 3),
        "b": F(1, 5),
        "c": F(3, 10),
    }


@given(st.dictionaries(st.sampled_from("abcd"), findings, min_size=2, max_size=4), weights)
def test_the_order_of_programs_does_not_matter(
    found: dict[str, dict[str, Finding]], given_: dict[str, int]
) -> None:
    shares = normalise_weights(given_, RUBRIC)

    criteria = {name: exact_criteria(RUBRIC, findings_) for name, findings_ in found.items()}
    one = to_fields(partial_order(criteria, shares))
    other = to_fields(partial_order(dict(reversed(criteria.items())), shares))

    for name in ("dominance", "stability", "ranks"):
        assert sorted(map(repr, one[name])) == sorted(map(repr, other[name]))  # type: ignore[literal-required]
    assert one["tie_bands"] == other["tie_bands"]
