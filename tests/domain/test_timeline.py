"""Months of coursework, and of the steps after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.credentials.timeline import (
    LENGTHS,
    Credits,
    Months,
    coursework_months,
    length_of,
    total_months,
)
from app.domain.vocabulary import AwardLevel

levels = st.sampled_from([*LENGTHS, AwardLevel.DOCTORATE_RESEARCH])


def months_of(level: str, per_term: float | None = None, transferred: float = 0) -> Months:
    return coursework_months(
        length_of(level), credits_per_term=per_term, transferred=Credits(transferred, transferred)
    )[0]


@pytest.mark.parametrize(
    ("level", "per_term", "transferred", "low", "high"),
    [
        ("associate", None, 0, 18, 24),
        ("associate", None, 15, 13.5, 18),  # a quarter of 60 credits less
        ("associate", 7.5, 0, 36, 48),  # half the credits a term, twice the time
        ("associate", None, 300, 4.5, 6),  # a quarter is always earned at the school
        ("bachelor", None, 60, 24, 24),
        ("certificate_under_12_weeks", None, 0, None, 3),
        ("certificate", None, 0, None, None),
        ("doctorate_research", None, 0, None, None),
    ],
)
def test_coursework_by_award_pace_and_credits(
    level: str, per_term: float | None, transferred: float, low: float | None, high: float | None
) -> None:
    assert months_of(level, per_term, transferred) == Months(low, high)


def test_credits_of_which_nobody_knows_how_many_count_leave_the_length_open() -> None:
    length = length_of("bachelor")

    months, said = coursework_months(length, credits_per_term=None, transferred=Credits(0, 100))

    assert months == Months(12, 48)  # of 100 credits at most three quarters of the award count
    assert said[-1].text.params["high"] == "90"


@given(levels, st.floats(0, 300), st.floats(0, 300))
def test_more_transferred_credits_never_lengthen(level: str, some: float, more: float) -> None:
    fewer, further = sorted((some, more))
    before, after = months_of(level, transferred=fewer), months_of(level, transferred=further)

    for one, other in ((before.low, after.low), (before.high, after.high)):
        assert (one is None) == (other is None)
        assert one is None or other is None or other <= one


@given(levels, st.floats(1, 30), st.floats(1, 30))
def test_lighter_terms_never_shorten(level: str, one: float, other: float) -> None:
    light, heavy = sorted((one, other))
    slow, quick = months_of(level, light), months_of(level, heavy)

    assert slow.high is None or quick.high is None or slow.high >= quick.high
    assert slow.low is None or slow.high is None or slow.low <= slow.high


def test_unknown_steps_leave_the_sum_open_and_add_nothing() -> None:
    total, is_open = total_months(Months(18, 24), [Months(None, None), Months(1, 3)])

    assert total == Months(19, 27)
    assert is_open


def test_a_bound_the_coursework_lacks_is_never_that_of_the_other_steps() -> None:
    assert total_months(Months(None, None), [Months(1, 3)]) == (Months(None, None), True)
    assert total_months(Months(None, 3), [Months(1, 3)]) == (Months(None, 6), True)
