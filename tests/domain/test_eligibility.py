"""Conditions of a way to an exam."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.credentials.eligibility import (
    Answer,
    combine,
)


@given(st.lists(st.sampled_from(list(Answer)), min_size=1, max_size=5))
def test_all_conditions_of_a_route_must_hold(answers: list[Answer]) -> None:
    found = combine(answers)

    assert (found is Answer.YES) == all(a is Answer.YES for a in answers)
    assert (found is Answer.NO) == (Answer.NO in answers)
    assert found in answers
