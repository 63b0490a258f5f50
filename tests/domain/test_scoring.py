"""The interval law, weights and gates; golden cases computed by hand."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checklist.rubric import load_rubrics, parse_rubric
from app.domain.checklist.rules import RULES
from app.domain.checklist.scoring import (
    NOTHING_APPLIES,
    Interval,
    combine,
    normalise_weights,
    parse_weights,
    score,
)
from app.domain.vocabulary import Finding
from tests.domain.facts import RUBRIC, RUBRICS

CRITERIA = [criterion.key for criterion in RUBRIC.criteria]

findings = st.fixed_dictionaries({key: st.sampled_from(list(Finding)) for key in RUBRIC.check_keys})
weights = st.fixed_dictionaries({key: st.integers(0, 100) for key in CRITERIA}).filter(
    lambda given_: any(given_.values())
)

SLACK = 1e-9  # rounding of sums of floats


def test_all_unknown_gives_the_whole_range_and_no_coverage() -> None:
    whole = score(RUBRIC, {}).whole

    assert (whole.low, whole.high, whole.coverage) == (0.0, 100.0, 0.0)


def test_a_mixed_program_scores_as_computed_by_hand() -> None:
    # accreditation: 1 of 4 met, 3 unknown -> 25..100, 1/4 known
    # cost: tuition, fees, books 0.5 each of 5, 2 unknown -> 30..70, 3/5 known
    # transfer: prior learning 0.5 of 4 -> 12.5..87.5, 1/4 known; practicum: unknown -> 0..100, 0
    result = score(
        RUBRIC,
        {
            "institution_accredited": Finding.MET,
            "tuition": Finding.PARTLY_MET,
            "fees": Finding.PARTLY_MET,
            "books": Finding.PARTLY_MET,
            "prior_learning": Finding.PARTLY_MET,
        },
    )

    assert result.whole.low == pytest.approx((25 + 30 + 12.5 + 0) / 4)
    assert result.whole.high == pytest.approx((100 + 70 + 87.5 + 100) / 4)
    assert result.whole.coverage == pytest.approx((0.25 + 0.6 + 0.25 + 0) / 4)


def test_a_criterion_that_does_not_apply_drops_out_and_the_rest_are_reweighted() -> None:
    practicum = {check.key: Finding.NOT_APPLICABLE for check in RUBRIC.criteria[3].checks}

    result = score(RUBRIC, practicum)

    assert "practicum_access" not in result.criteria
    assert result.weights == pytest.approx(dict.fromkeys(CRITERIA[:3], 1 / 3))


def test_scores_are_served_to_one_decimal_and_coverage_to_two() -> None:
    assert Interval(12.345, 78.251, 0.456).rounded == (12.3, 78.3, 0.46)


def test_a_criterion_without_a_weight_counts_for_nothing() -> None:
    criteria = {"a": Interval(40.0, 60.0, 0.8), "b": Interval(0.0, 100.0, 0.0)}

    assert combine(criteria, {"a": 2.0}) == (criteria["a"], {"a": 1.0, "b": 0.0})


def test_weights_of_less_than_one_are_weights() -> None:
    criteria = {"a": Interval(40.0, 60.0, 0.8)}

    assert combine(criteria, {"a": 0.01}) == (criteria["a"], {"a": 1.0})


def test_without_any_weight_nothing_is_known() -> None:
    criteria = {"a": Interval(40.0, 60.0, 0.8)}

    assert combine(criteria, {"a": 0.0}) == (NOTHING_APPLIES, {"a": 0.0})
    assert (NOTHING_APPLIES.low, NOTHING_APPLIES.high, NOTHING_APPLIES.coverage) == (0, 100, 0)


def test_the_mean_of_full_scores_is_100_in_spite_of_rounding() -> None:
    # 4/59, 31/59 and 24/59 of 100, each rounded, add up to 100.00000000000001
    criteria = dict.fromkeys("abc", Interval(100.0, 100.0, 1.0))

    assert combine(criteria, {"a": 4, "b": 31, "c": 24})[0] == Interval(100.0, 100.0, 1.0)


def test_a_finding_on_an_unknown_check_is_refused() -> None:
    with pytest.raises(KeyError, match="price"):
        score(RUBRIC, {"price": Finding.MET})


@given(findings, weights, st.data())
def test_settling_an_unknown_keeps_the_interval_inside_the_old_one(
    found: dict[str, Finding], given_: dict[str, int], data: st.DataObject
) -> None:
    shares = normalise_weights(given_, RUBRIC)
    key = data.draw(st.sampled_from(RUBRIC.check_keys))
    before = score(RUBRIC, {**found, key: Finding.UNKNOWN}, shares).whole
    after = score(RUBRIC, {**found, key: data.draw(st.sampled_from(list(Finding)))}, shares).whole

    assert before.low - SLACK <= after.low <= after.high <= before.high + SLACK


@given(findings, weights)
def test_scores_stay_in_range_and_are_exact_only_when_all_is_known(
    found: dict[str, Finding], given_: dict[str, int]
) -> None:
    whole = score(RUBRIC, found, normalise_weights(given_, RUBRIC)).whole

    assert 0 <= whole.low <= whole.high <= 100
    assert 0 <= whole.coverage <= 1
    assert (whole.high - whole.low) == pytest.approx(100 * (1 - whole.coverage))


@given(findings, weights, st.integers(1, 1000))
def test_scaling_all_weights_changes_nothing(
    found: dict[str, Finding], given_: dict[str, int], factor: int
) -> None:
    once = score(RUBRIC, found, normalise_weights(given_, RUBRIC)).whole
    scaled = {key: value * factor for key, value in given_.items()}

    assert score(RUBRIC, found, normalise_weights(scaled, RUBRIC)).whole.low == pytest.approx(
        once.low
    )


@given(findings, weights)
def test_no_weighting_removes_a_gate(found: dict[str, Finding], given_: dict[str, int]) -> None:
    absent = {**found, "program_accredited": Finding.NOT_MET}

    assert "not_eligible_rhit" in score(RUBRIC, absent, normalise_weights(given_, RUBRIC)).gates


def test_unknown_accreditation_raises_no_gate() -> None:
    assert score(RUBRIC, {"program_accredited": Finding.UNKNOWN}).gates == ()


def test_weights_are_normalised_and_missing_ones_are_zero() -> None:
    shares = parse_weights("accreditation:30, cost_transparency:10", RUBRIC)

    assert shares == {
        "accreditation": 0.75,
        "cost_transparency": 0.25,
        "transfer_credits": 0.0,
        "practicum_access": 0.0,
    }


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("accreditation:-1", "from 0"),
        ("accreditation:0,cost_transparency:0", "all weights are 0"),
        ("price:10", "not a criterion"),
        ("accreditation", "criterion:weight"),
        ("accreditation:x", "not a number"),
        ("accreditation:nan", "from 0"),
        ("accreditation:inf", "from 0"),
        ("accreditation:1,accreditation:2", "twice"),
        ("", "criterion:weight"),
    ],
)
def test_weights_that_make_no_sense_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_weights(text, RUBRIC)


def test_every_check_of_the_rubric_has_a_rule_in_the_same_order() -> None:
    assert tuple(RULES) == RUBRIC.check_keys


def test_a_rubric_with_a_check_twice_is_refused() -> None:
    text = (RUBRICS / "2026.1.json").read_text()

    with pytest.raises(ValueError, match="twice"):
        parse_rubric(text.replace('"fees"', '"tuition"'))


def test_a_rubric_file_must_bear_the_name_of_its_version(tmp_path: Path) -> None:
    text = (RUBRICS / "2026.1.json").read_text()
    (tmp_path / "2027.1.json").write_text(text)

    with pytest.raises(ValueError, match=r"holds version 2026\.1"):
        load_rubrics(tmp_path)
