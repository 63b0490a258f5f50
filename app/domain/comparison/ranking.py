"""In which order programs certainly stand, and how much of that order rests on the weights.

A score is an interval: what is verified, and what would be if every unknown were met. Only what
holds for every way the unknowns can settle is called an order. Exact rationals throughout, so
that a tie is a tie and no matter of rounding. Shares run from 0 to 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import TypedDict

from app.domain.checklist.rubric import Rubric
from app.domain.comparison.stability import Flip, share_won, smallest_flip
from app.domain.vocabulary import Finding

MAX_DENOMINATOR = 10**7
"""Weights come as floats; the nearest fraction below this gives back 1/3 and 0.2 exactly."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The exact share of points earned if every unknown were not met, and if each were met."""

    low: Fraction
    high: Fraction


OPEN = Bounds(Fraction(0), Fraction(1))
"""What is known where no weighed criterion applies: nothing."""

Criteria = Mapping[str, Bounds]
"""Criterion key -> bounds; criteria of which no check applies are absent."""


@dataclass(frozen=True, slots=True)
class Pair:
    """How sure it is that one program stands above another, over the criteria both have.

    ``share`` is the share of all weightings under which what is verified of the first is more
    than what is verified of the second. ``best_case`` takes the first as if its unknowns were
    met and those of the second not; ``worst_case`` the other way round. ``left_out`` are the
    criteria that do not apply to one of them. Shares are None where they have none in common.
    """

    program: str
    over: str
    share: Fraction | None
    best_case: Fraction | None
    worst_case: Fraction | None
    is_always_tied: bool
    criteria: tuple[str, ...]
    left_out: tuple[str, ...]
    flip: Flip | None


@dataclass(frozen=True, slots=True)
class PartialOrder:
    """The order of several programs, as far as there is one.

    ``dominance`` are sure pairs, ``ranks`` the best and worst place of each program, and
    ``tie_bands`` the groups in which nobody is surely above anybody.
    """

    dominance: list[tuple[str, str]]
    pairs: list[Pair]
    ranks: dict[str, tuple[int, int]]
    tie_bands: list[list[str]]


class PartialOrderFields(TypedDict):
    """A partial order in the plain values that answers and snapshots hold."""

    dominance: list[dict[str, str]]
    stability: list[dict[str, object]]
    ranks: list[dict[str, object]]
    tie_bands: list[list[str]]


def to_fields(order: PartialOrder) -> PartialOrderFields:
    """Return a partial order as served: shares as fractions in text and as decimals."""
    return {
        "dominance": [{"program": a, "over": b} for a, b in order.dominance],
        "stability": [_pair_fields(pair) for pair in order.pairs],
        "ranks": [
            {"program": slug, "best": best, "worst": worst}
            for slug, (best, worst) in order.ranks.items()
        ],
        "tie_bands": order.tie_bands,
    }


def _pair_fields(pair: Pair) -> dict[str, object]:
    shares = {
        "share": pair.share,
        "share_best_case": pair.best_case,
        "share_worst_case": pair.worst_case,
    }
    fields: dict[str, object] = {"program": pair.program, "over": pair.over}
    for name, share in shares.items():
        fields[name] = None if share is None else str(share)
        fields[f"{name}_decimal"] = None if share is None else _decimal(share)
    flip = None
    if pair.flip is not None:
        by_key = zip(pair.criteria, pair.flip.weights, strict=True)
        flip = {
            "weights": {key: _decimal(weight) for key, weight in by_key},
            "moved": _decimal(pair.flip.moved),
            "turns_round": pair.flip.turns_round,
        }
    return {
        **fields,
        "always_tied": pair.is_always_tied,
        "criteria": list(pair.criteria),
        "left_out": list(pair.left_out),
        "flip": flip,
    }


def _decimal(share: Fraction) -> float:
    return round(float(share), 9)


def partial_order(
    rubric: Rubric,
    findings: Mapping[str, Mapping[str, Finding]],
    weights: Mapping[str, float],
) -> PartialOrder:
    """Compute the partial order of programs: sure pairs, ties, and bounds of their ranks.

    Args:
        rubric: The version to score by.
        findings: Program -> check key -> finding.
        weights: Criterion key -> share, as for the score.
    """
    shares = exact_weights(weights)
    criteria = {slug: exact_criteria(rubric, found) for slug, found in findings.items()}
    wholes = {slug: exact_whole(bounds, shares) for slug, bounds in criteria.items()}
    both = list(permutations(criteria, 2))
    return PartialOrder(
        dominance=[(a, b) for a, b in both if dominates(criteria[a], criteria[b])],
        pairs=[compare_pair(a, b, criteria, shares) for a, b in both],
        ranks=rank(wholes),
        tie_bands=tie_bands(wholes),
    )


def exact_weights(weights: Mapping[str, float]) -> dict[str, Fraction]:
    """Return weights as the simple fractions they were meant as."""
    return {
        key: Fraction(weight).limit_denominator(MAX_DENOMINATOR) for key, weight in weights.items()
    }


def exact_criteria(rubric: Rubric, findings: Mapping[str, Finding]) -> dict[str, Bounds]:
    """Return the bounds of every criterion that applies, as the score has them."""
    values = {finding: Fraction(str(value)) for finding, value in rubric.values.items()}
    found: dict[str, Bounds] = {}
    for criterion in rubric.criteria:
        applicable = earned = open_points = Fraction(0)
        for check in criterion.checks:
            finding = findings.get(check.key, Finding.UNKNOWN)
            if finding is Finding.NOT_APPLICABLE:
                continue
            applicable += check.points
            if finding is Finding.UNKNOWN:
                open_points += check.points
            else:
                earned += check.points * values[finding]
        if applicable:
            found[criterion.key] = Bounds(earned / applicable, (earned + open_points) / applicable)
    return found


def exact_whole(criteria: Criteria, weights: Mapping[str, Fraction]) -> Bounds:
    """Return the bounds of the whole; weights of absent criteria are spread over the others."""
    total = sum((weights.get(key, Fraction(0)) for key in criteria), Fraction(0))
    if total == 0:
        return OPEN

    def mean(name: str) -> Fraction:
        parts = (weights.get(key, 0) * getattr(bounds, name) for key, bounds in criteria.items())
        return sum(parts, Fraction(0)) / total

    return Bounds(mean("low"), mean("high"))


def dominates(one: Criteria, other: Criteria) -> bool:
    """Return whether one certainly scores at least as much as another whatever the weights.

    On every criterion what is verified of the one is at least what is possible for the other,
    on some criterion more. Nothing is claimed where a criterion applies to one of them only:
    weights that lean on it could turn the order round.
    """
    return (
        bool(one)
        and one.keys() == other.keys()
        and all(one[key].low >= other[key].high for key in one)
        and any(one[key].low > other[key].high for key in one)
    )


def compare_pair(
    program: str, over: str, criteria: Mapping[str, Criteria], weights: Mapping[str, Fraction]
) -> Pair:
    """Return how sure it is that ``program`` stands above ``over``."""
    one, other = criteria[program], criteria[over]
    shared = [key for key in one if key in other]
    low = [one[key].low - other[key].low for key in shared]
    given = [weights.get(key, Fraction(0)) for key in shared]
    total = sum(given, Fraction(0))
    return Pair(
        program=program,
        over=over,
        share=share_won(low) if shared else None,
        best_case=(
            share_won([one[key].high - other[key].low for key in shared]) if shared else None
        ),
        worst_case=(
            share_won([one[key].low - other[key].high for key in shared]) if shared else None
        ),
        is_always_tied=all(d == 0 for d in low),
        criteria=tuple(shared),
        left_out=tuple(sorted(one.keys() ^ other.keys())),
        flip=smallest_flip([w / total for w in given], low) if total else None,
    )


def rank(wholes: Mapping[str, Bounds]) -> dict[str, tuple[int, int]]:
    """Return program -> best and worst place it can have, 1 first.

    Before it come all that are certainly above it, and at worst all that are not certainly
    below it. Programs that tie share the better place.
    """
    return {
        slug: (
            1 + sum(other.low > own.high for other in wholes.values()),
            sum(other.high >= own.low for other in wholes.values()),
        )
        for slug, own in wholes.items()
    }


def tie_bands(wholes: Mapping[str, Bounds]) -> list[list[str]]:
    """Return the largest groups of two and more in which no program is certainly above another.

    Within a band every two intervals overlap, so all of a band have a score in common. One
    program can be in two bands: b overlaps with a above it and with c below it, while a is
    certainly above c. The highest band comes first; members in falling order of what is verified.
    """
    order = sorted(wholes, key=lambda slug: (-wholes[slug].low, -wholes[slug].high, slug))
    bands: list[list[str]] = []
    for at in order:
        point = wholes[at].low
        band = [slug for slug in order if wholes[slug].low <= point <= wholes[slug].high]
        if len(band) > 1 and not any(_is_inside(band, other) for other in bands):
            bands = [other for other in bands if not _is_inside(other, band)]
            bands.append(band)
    return bands


def _is_inside(band: Sequence[str], other: Sequence[str]) -> bool:
    return set(band) <= set(other)
