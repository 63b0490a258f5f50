"""The interval law, weights and gates; golden cases computed by hand."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.checklist.rubric import Rubric, load_rubrics, parse_rubric
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
from tests.domain.facts import FIRST, PUBLISHED, RUBRIC, RUBRICS

CRITERIA = [criterion.key for criterion in RUBRIC.criteria]
VERSIONS = pytest.mark.parametrize("rubric", PUBLISHED.values(), ids=list(PUBLISHED))


@st.composite
def programs(draw: st.DrawFn) -> tuple[Rubric, dict[str, Finding], dict[str, Finding]]:
    """A version of the rubric, a finding of it for every check, and what is said of each."""
    rubric = draw(st.sampled_from(list(PUBLISHED.values())))
    findings = st.sampled_from([Finding(f) for f in rubric.possible] + [Finding.NOT_APPLICABLE])
    said = st.sampled_from([Finding(f) for f in rubric.values])
    keys = rubric.check_keys
    return (
        rubric,
        draw(st.fixed_dictionaries(dict.fromkeys(keys, findings))),
        draw(st.fixed_dictionaries(dict.fromkeys(keys, said))),
    )


weights = st.fixed_dictionaries({key: st.integers(0, 100) for key in CRITERIA}).filter(
    lambda given_: any(given_.values())
)

SLACK = 1e-9  # rounding of sums of floats


@VERSIONS
def test_all_unknown_gives_the_whole_range_and_no_coverage(rubric: Rubric) -> None:
    assert score(rubric, {}).whole == Interval(0.0, 0.0, 100.0, 0.0)


def test_a_mixed_program_scores_as_computed_by_hand() -> None:
    # accreditation: 1 of 4 met, 3 unconfirmed as met -> 25, 100, 100; 1/4 known
    # cost: tuition, fees, books known for the school (1/2 to 1) of 5, 2 unknown -> 30, 30, 100; 3/5
    # transfer: prior learning known for the school, credits unconfirmed as half, 2 unknown of 4
    #   -> 1/2 of 4 = 12.5, (1/2 + 1/2) of 4 = 25, 100; 1/4 known
    # practicum: optional by fact (1/2), 3 unknown of 4 -> 12.5, 12.5, 87.5; 1/4 known
    result = score(
        RUBRIC,
        {
            "program_accredited": Finding.UNCONFIRMED,
            "good_standing": Finding.UNCONFIRMED,
            "covers_campus_and_level": Finding.UNCONFIRMED,
            "institution_accredited": Finding.MET,
            "tuition": Finding.PARTLY_KNOWN,
            "fees": Finding.PARTLY_KNOWN,
            "books": Finding.PARTLY_KNOWN,
            "credits_accepted": Finding.UNCONFIRMED,
            "prior_learning": Finding.PARTLY_KNOWN,
            "practicum_offered": Finding.PARTLY_MET,
        },
        said={"credits_accepted": Finding.PARTLY_MET},
    ).whole

    assert result.low == pytest.approx((25 + 30 + 12.5 + 12.5) / 4)
    assert result.likely == pytest.approx((100 + 30 + 25 + 12.5) / 4)
    assert result.high == pytest.approx((100 + 100 + 100 + 87.5) / 4)
    assert result.coverage == pytest.approx((0.25 + 0.6 + 0.25 + 0.25) / 4)


def test_a_criterion_weighs_by_how_much_of_it_applies() -> None:
    # only Title IV applies of accreditation: a quarter of its weight, 1/16 beside three quarters
    certificate = {
        "program_accredited": Finding.NOT_APPLICABLE,
        "good_standing": Finding.NOT_APPLICABLE,
        "covers_campus_and_level": Finding.NOT_APPLICABLE,
        "institution_accredited": Finding.MET,
    }

    now, before = score(RUBRIC, certificate), score(FIRST, certificate)

    assert now.weights == pytest.approx(
        {"accreditation": 1 / 13, **dict.fromkeys(CRITERIA[1:], 4 / 13)}
    )
    assert now.whole.low == pytest.approx(100 / 13)
    assert before.weights == dict.fromkeys(CRITERIA, 0.25)
    assert before.whole.low == 25.0


def test_a_criterion_that_does_not_apply_drops_out_and_the_rest_are_reweighted() -> None:
    practicum = {check.key: Finding.NOT_APPLICABLE for check in RUBRIC.criteria[3].checks}

    result = score(RUBRIC, practicum)

    assert "practicum_access" not in result.criteria
    assert result.weights == pytest.approx(dict.fromkeys(CRITERIA[:3], 1 / 3))


def test_scores_are_served_to_one_decimal_and_coverage_to_two() -> None:
    assert Interval(12.345, 20.0, 78.251, 0.456).rounded == (12.3, 20.0, 78.3, 0.46)


def test_a_criterion_without_a_weight_counts_for_nothing() -> None:
    criteria = {"a": Interval(40.0, 50.0, 60.0, 0.8), "b": Interval(0.0, 0.0, 100.0, 0.0)}

    assert combine(criteria, {"a": 2.0}) == (criteria["a"], {"a": 1.0, "b": 0.0})


def test_weights_of_less_than_one_are_weights() -> None:
    criteria = {"a": Interval(40.0, 50.0, 60.0, 0.8)}

    assert combine(criteria, {"a": 0.01}) == (criteria["a"], {"a": 1.0})


def test_without_any_weight_nothing_is_known() -> None:
    criteria = {"a": Interval(40.0, 50.0, 60.0, 0.8)}

    assert combine(criteria, {"a": 0.0}) == (NOTHING_APPLIES, {"a": 0.0})
    assert (NOTHING_APPLIES.low, NOTHING_APPLIES.high, NOTHING_APPLIES.coverage) == (0, 100, 0)


def test_the_mean_of_full_scores_is_100_in_spite_of_rounding() -> None:
    # 4/59, 31/59 and 24/59 of 100, each rounded, add up to 100.00000000000001
    criteria = dict.fromkeys("abc", Interval(100.0, 100.0, 100.0, 1.0))

    assert combine(criteria, {"a": 4, "b": 31, "c": 24})[0] == Interval(100.0, 100.0, 100.0, 1.0)


def test_a_finding_on_an_unknown_check_is_refused() -> None:
    with pytest.raises(KeyError, match="price"):
        score(RUBRIC, {"price": Finding.MET})


@given(programs(), weights, st.data())
def test_settling_a_check_keeps_the_interval_inside_the_old_one(
    program: tuple[Rubric, dict[str, Finding], dict[str, Finding]],
    given_: dict[str, int],
    data: st.DataObject,
) -> None:
    rubric, found, said = program
    shares = normalise_weights(given_, rubric)
    key = data.draw(st.sampled_from([k for k in found if found[k] in rubric.possible] or [""]))
    assume(key)
    least, most = rubric.possible[found[key]]
    settled = [
        Finding(finding)
        for finding, (low, high) in rubric.possible.items()
        if least <= low and high <= most
    ]
    before = score(rubric, found, shares, said=said).whole
    after = score(rubric, {**found, key: data.draw(st.sampled_from(settled))}, shares).whole

    assert before.low - SLACK <= after.low <= after.high <= before.high + SLACK


@given(programs(), weights)
def test_scores_stay_in_range_and_are_exact_only_when_all_is_settled(
    program: tuple[Rubric, dict[str, Finding], dict[str, Finding]], given_: dict[str, int]
) -> None:
    rubric, found, said = program
    scored = score(rubric, found, normalise_weights(given_, rubric), said=said)
    whole = scored.whole
    is_settled = all(
        rubric.possible[found[check.key]][0] == rubric.possible[found[check.key]][1]
        for criterion in rubric.criteria
        if scored.weights.get(criterion.key)
        for check in criterion.checks
        if found[check.key] in rubric.possible
    )

    assert 0 <= whole.low <= whole.likely <= whole.high <= 100
    assert 0 <= whole.coverage <= 1
    if any(scored.weights.values()):
        assert (whole.high - whole.low < SLACK) == is_settled


@given(programs(), weights, st.integers(1, 1000))
def test_scaling_all_weights_changes_nothing(
    program: tuple[Rubric, dict[str, Finding], dict[str, Finding]],
    given_: dict[str, int],
    factor: int,
) -> None:
    rubric, found, _ = program
    once = score(rubric, found, normalise_weights(given_, rubric)).whole
    scaled = {key: value * factor for key, value in given_.items()}

    assert score(rubric, found, normalise_weights(scaled, rubric)).whole.low == pytest.approx(
        once.low
    )


@given(programs(), weights)
def test_no_weighting_removes_a_gate_of_the_first_version(
    program: tuple[Rubric, dict[str, Finding], dict[str, Finding]], given_: dict[str, int]
) -> None:
    rubric, found, _ = program
    assume(rubric is FIRST)
    absent = {**found, "program_accredited": Finding.NOT_MET}

    assert "not_eligible_rhit" in score(FIRST, absent, normalise_weights(given_, FIRST)).gates


def test_unknown_accreditation_raises_no_gate() -> None:
    assert score(FIRST, {"program_accredited": Finding.UNKNOWN}).gates == ()


def test_what_is_shown_of_a_weight_is_what_is_scored_by() -> None:
    shares = parse_weights("accreditation:2,cost_transparency:1", RUBRIC)

    assert (shares["accreditation"], shares["cost_transparency"]) == (0.6666667, 0.3333333)


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
