"""Score findings against a rubric: an interval that says how much is known."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.checklist.rubric import Criterion, Rubric
from app.domain.vocabulary import Finding


@dataclass(frozen=True, slots=True)
class Interval:
    """What a score can still become, in 0-100.

    ``likely`` counts what is said at its word. ``coverage`` in 0-1 is the known share of the
    weight that applies, and ``applies`` the share of all points that do.
    """

    low: float
    likely: float
    high: float
    coverage: float
    applies: float = 1.0

    @property
    def rounded(self) -> tuple[float, float, float, float]:
        """Low, likely and high to one decimal and coverage to two, as they are served."""
        low, likely, high = (round(at, 1) for at in (self.low, self.likely, self.high))
        return low, likely, high, round(self.coverage, 2)


@dataclass(frozen=True, slots=True)
class Score:
    """The whole and each criterion; a criterion without an applicable check is absent.

    ``weights`` are the shares used: those of absent criteria are spread over the others.
    """

    whole: Interval
    criteria: Mapping[str, Interval]
    weights: Mapping[str, float]
    gates: tuple[str, ...]


NOTHING_APPLIES = Interval(0.0, 0.0, 100.0, 0.0)


def score(
    rubric: Rubric,
    findings: Mapping[str, Finding],
    weights: Mapping[str, float] | None = None,
    *,
    said: Mapping[str, Finding] = MappingProxyType({}),
) -> Score:
    """Score one program against one rubric version.

    Args:
        rubric: Criteria, each a list of checks with points.
        findings: Check key -> finding; a missing key counts as unknown.
        weights: Criterion key -> share of the whole, summing to 1; missing ones are 0. None:
            the rubric's own.
        said: Check key -> what its unconfirmed finding would be if confirmed; a missing one is met.

    Returns:
        The interval from the least to the most that the findings leave possible, in 0-100, and
        coverage in 0-1. Where no weighed check applies, nothing is known: 0, 100 and coverage 0.

    Raises:
        KeyError: A finding names a check the rubric does not have.
    """
    for key in findings:
        if rubric.find_check(key) is None:
            raise KeyError(key)
    used = weights if weights is not None else rubric.default_weights
    criteria = {
        criterion.key: interval
        for criterion in rubric.criteria
        if (interval := _score_criterion(rubric, criterion, findings, said)) is not None
    }
    gates = tuple(
        gate.key
        for gate in rubric.gates
        if findings.get(gate.check, Finding.UNKNOWN) == gate.finding
    )
    whole, shares = combine(criteria, used)
    return Score(whole, criteria, shares, gates)


def combine(
    criteria: Mapping[str, Interval], weights: Mapping[str, float]
) -> tuple[Interval, dict[str, float]]:
    """Return the whole of criterion intervals, and the shares used.

    A criterion has as much of its weight as of it applies; the rest is spread over the others in
    proportion. Where no weighed criterion applies, nothing is known: 0 to 100.
    """
    used = {key: weights.get(key, 0.0) * criteria[key].applies for key in criteria}
    total = math.fsum(used.values())
    if total <= 0:
        return NOTHING_APPLIES, dict.fromkeys(criteria, 0.0)
    shares = {key: weight / total for key, weight in used.items()}

    def mean(name: str, top: float) -> float:
        return min(math.fsum(shares[key] * getattr(criteria[key], name) for key in criteria), top)

    low = mean("low", 100.0)
    likely = max(low, mean("likely", 100.0))
    return Interval(low, likely, max(likely, mean("high", 100.0)), mean("coverage", 1.0)), shares


def _score_criterion(
    rubric: Rubric,
    criterion: Criterion,
    findings: Mapping[str, Finding],
    said: Mapping[str, Finding],
) -> Interval | None:
    applicable = known = least = likely = most = 0.0
    for check in criterion.checks:
        finding = findings.get(check.key, Finding.UNKNOWN)
        if finding is Finding.NOT_APPLICABLE:
            continue
        lowest, highest = rubric.possible[finding]
        applicable += check.points
        least += check.points * lowest
        most += check.points * highest
        if finding is Finding.UNCONFIRMED:
            likely += check.points * rubric.values[said.get(check.key, Finding.MET)]
        elif finding is not Finding.UNKNOWN:
            known += check.points
            likely += check.points * rubric.values[finding]
    if applicable == 0:
        return None
    share = 1.0
    if rubric.policy.weighs_by_what_applies:
        share = applicable / sum(check.points for check in criterion.checks)
    return Interval(
        100 * least / applicable,
        100 * likely / applicable,
        100 * most / applicable,
        known / applicable,
        share,
    )


def points_at_stake(
    rubric: Rubric, findings: Mapping[str, Finding], weights: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return check -> points of 100 that hang on it, for every check that leaves something to ask.

    What is earned already does not hang on it. ``weights`` are those of ``score``.
    """
    stakes = {}
    scored = score(rubric, findings, weights)
    asked = rubric.policy.open_findings
    for criterion in rubric.criteria:
        applicable = {
            check.key: check.points
            for check in criterion.checks
            if findings.get(check.key, Finding.UNKNOWN) is not Finding.NOT_APPLICABLE
        }
        whole = 100 * scored.weights.get(criterion.key, 0.0)
        for key, points in applicable.items():
            finding = findings.get(key, Finding.UNKNOWN)
            if finding in asked:
                open_share = 1 - rubric.values.get(finding, 0.0)
                stakes[key] = whole * points / sum(applicable.values()) * open_share
    return stakes


def points_at_stake_together(
    rubric: Rubric,
    programs: Iterable[Mapping[str, Finding]],
    weights: Mapping[str, float] | None = None,
) -> Counter[str]:
    """Return check -> points of 100 that hang on it, those of all programs added; 0: none.

    ``programs`` are the findings of each.
    """
    stakes: Counter[str] = Counter()
    for findings in programs:
        stakes.update(points_at_stake(rubric, findings, weights))
    return stakes


def parse_weights(text: str, rubric: Rubric) -> dict[str, float]:
    """Return criterion key -> share from "accreditation:40,cost_transparency:20".

    Raises:
        ValueError: What ``split_weights`` or ``normalise_weights`` refuses.
    """
    return normalise_weights(split_weights(text), rubric)


def split_weights(text: str) -> dict[str, float]:
    """Return what stands before each colon -> the number after it, as given.

    Raises:
        ValueError: Something is doubled, or is not of this form.
    """
    given: dict[str, float] = {}
    for part in text.split(","):
        key, colon, value = part.partition(":")
        key = key.strip()
        if not colon:
            raise ValueError(f"{part.strip()!r} is not of the form criterion:weight")
        if key in given:
            raise ValueError(f"{key!r} is weighed twice")
        try:
            given[key] = float(value)
        except ValueError:
            raise ValueError(f"{value.strip()!r} is not a number") from None
    return given


WEIGHT_DIGITS = 7
"""Decimals of a share of the weight: what is served is what is scored by."""


def normalise_weights(given: Mapping[str, float], rubric: Rubric) -> dict[str, float]:
    """Return criterion key -> share, summing to 1; criteria not named get 0.

    Raises:
        ValueError: An unknown criterion, a negative, infinite or huge weight, or all zero.
    """
    known = [criterion.key for criterion in rubric.criteria]
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"{key!r} is not a criterion; they are {', '.join(known)}")
        if not 0 <= value <= 1e6:
            raise ValueError(f"the weight of {key!r} is {value}; weights are from 0 to 1000000")
    total = math.fsum(given.values())
    if total <= 0:
        raise ValueError("all weights are 0; at least one must be more")
    return {key: round(given.get(key, 0.0) / total, WEIGHT_DIGITS) for key in known}
