"""In which order programs certainly stand, and how much of that order rests on the weights.

A score is an interval: the least and the most that the findings leave possible. Only what holds
for every way in which they can settle is called an order. Exact rationals throughout, so
that a tie is a tie and no matter of rounding. Shares run from 0 to 1.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import combinations, permutations, product
from typing import Any, TypedDict

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import WEIGHT_DIGITS
from app.domain.comparison.stability import Flip, share_won, smallest_flip
from app.domain.dossier import Dossier, made_once
from app.domain.vocabulary import Finding

MAX_DENOMINATOR = 10**7
"""Weights come as floats; the nearest fraction below this gives back 1/3 and 0.2 exactly."""


@dataclass(frozen=True)
class Bounds:
    """The least and the most share of points still possible, and how much of it applies."""

    low: Fraction
    high: Fraction
    applies: Fraction = Fraction(1)

    @cached_property
    def weighed_low(self) -> Fraction:
        """The least, as much as applies."""
        return self.applies * self.low

    @cached_property
    def weighed_high(self) -> Fraction:
        """The most, as much as applies."""
        return self.applies * self.high


OPEN = Bounds(Fraction(0), Fraction(1))
"""What is known where no weighed criterion applies: nothing."""

Criteria = Mapping[str, Bounds]
"""Criterion key -> bounds; criteria of which no check applies are absent."""


@dataclass(frozen=True, slots=True)
class Pair:
    """How sure it is that one program stands above another, over the criteria both have.

    ``share`` is the share of all weightings under which what is verified of the first is more
    than what is verified of the second: what is open counts as 0 on both sides. ``best_case``
    takes the first as if all that is open of it were met and of the second not; ``worst_case`` the
    other way round. ``left_out`` are the criteria that do not apply to both in the same measure.
    Shares are None where they have none in common.
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
    stability: list[dict[str, Any]]
    ranks: list[dict[str, Any]]
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


def _pair_fields(pair: Pair) -> dict[str, Any]:
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
            "moved": _decimal(pair.flip.moved) if pair.flip.moved >= UNIT_OF_WEIGHT else 0.0,
            "turns_round": pair.flip.turns_round,
        }
    return {
        **fields,
        "always_tied": pair.is_always_tied,
        "criteria": list(pair.criteria),
        "left_out": list(pair.left_out),
        "flip": flip,
    }


UNIT_OF_WEIGHT = Fraction(1, 10**WEIGHT_DIGITS)
"""The least by which weights differ as they are told; a smaller move is none."""


def _decimal(share: Fraction) -> float:
    return round(float(share), 9)


def partial_order(criteria: Mapping[str, Criteria], weights: Mapping[str, float]) -> PartialOrder:
    """Compute the partial order of programs: sure pairs, ties, and bounds of their ranks.

    Args:
        criteria: Program -> the bounds of its criteria.
        weights: Criterion key -> share, as for the score.
    """
    shares = exact_weights(weights)
    wholes = {slug: exact_whole(bounds, shares) for slug, bounds in criteria.items()}
    pairs = {
        (pair.program, pair.over): pair
        for a, b in combinations(criteria, 2)
        for pair in compare_both(a, b, criteria, shares)
    }
    both = list(permutations(criteria, 2))
    return PartialOrder(
        dominance=[(a, b) for a, b in both if dominates(criteria[a], criteria[b])],
        pairs=[pairs[names] for names in both],
        ranks=rank(wholes),
        tie_bands=tie_bands(wholes),
    )


@made_once
def bounds_of(dossier: Dossier) -> Criteria:
    """Return the bounds of every criterion of a program."""
    return exact_criteria(dossier.rubric, dossier.findings)


def exact_weights(weights: Mapping[str, float]) -> dict[str, Fraction]:
    """Return weights as the simple fractions they were meant as."""
    return {key: _exact(weight) for key, weight in weights.items()}


@lru_cache(maxsize=1024)
def _exact(number: float) -> Fraction:
    return Fraction(number).limit_denominator(MAX_DENOMINATOR)


def exact_criteria(rubric: Rubric, findings: Mapping[str, Finding]) -> Criteria:
    """Return the bounds of every criterion that applies, as the score has them."""
    possible, by_what_applies = rubric.possible.items(), rubric.policy.weighs_by_what_applies
    found: dict[str, Bounds] = {}
    for criterion in rubric.criteria:
        points: Counter[str] = Counter()
        for check in criterion.checks:
            points[findings.get(check.key, Finding.UNKNOWN)] += check.points
        every = points.total()
        del points[Finding.NOT_APPLICABLE]
        if applicable := points.total():
            told = [(points[key], ends) for key, ends in possible if points[key]]
            least, most = (
                sum((count * _exact(ends[at]) for count, ends in told), Fraction(0))
                for at in (0, 1)
            )
            applies = Fraction(applicable, every) if by_what_applies else Fraction(1)
            found[criterion.key] = Bounds(least / applicable, most / applicable, applies)
    return found


def exact_whole(criteria: Criteria, weights: Mapping[str, Fraction]) -> Bounds:
    """Return the bounds of the whole; weights of what does not apply are spread over the rest."""
    used = {key: weights.get(key, 0) * bounds.applies for key, bounds in criteria.items()}
    total = sum(used.values(), Fraction(0))
    if total == 0:
        return OPEN

    def mean(name: str) -> Fraction:
        parts = (used[key] * getattr(bounds, name) for key, bounds in criteria.items())
        return sum(parts, Fraction(0)) / total

    return Bounds(mean("low"), mean("high"))


def dominates(one: Criteria, other: Criteria) -> bool:
    """Return whether one certainly scores at least as much as another whatever the weights.

    On every criterion what is verified of the one is at least what is possible for the other,
    on some criterion more. Where criteria apply in another measure, so that the same weights weigh
    otherwise, the same must hold between every two of them. Nothing is claimed where a criterion
    applies to one of them only: weights that lean on it could turn the order round.
    """
    if not one or one.keys() != other.keys():
        return False
    if any(one[key].low < other[key].high for key in one):
        return False
    leads = {
        (a, b): one[a].applies * other[b].applies * (one[a].low - other[b].high)
        for a, b in product(one, repeat=2)
    }
    return all(leads[a, b] + leads[b, a] >= 0 for a, b in leads) and any(
        leads[key, key] > 0 for key in one
    )


def compare_both(
    program: str, other: str, criteria: Mapping[str, Criteria], weights: Mapping[str, Fraction]
) -> tuple[Pair, Pair]:
    """Return how sure it is that ``program`` stands above ``other``, and the other way round."""
    one, two = criteria[program], criteria[other]
    shared = [key for key in one if key in two and one[key].applies == two[key].applies]

    low = [one[key].weighed_low - two[key].weighed_low for key in shared]
    high = [one[key].weighed_high - two[key].weighed_low for key in shared]
    least = [one[key].weighed_low - two[key].weighed_high for key in shared]
    given = [weights.get(key, Fraction(0)) for key in shared]
    total = sum(given, Fraction(0))
    share = _shares_won(low)
    best, worst = _shares_won(high), _shares_won(least)
    pair = Pair(
        program=program,
        over=other,
        share=share[0],
        best_case=best[0],
        worst_case=worst[0],
        is_always_tied=not any(low),
        criteria=tuple(shared),
        left_out=tuple(sorted((one.keys() | two.keys()) - set(shared))),
        flip=smallest_flip([w / total for w in given], low) if total else None,
    )
    turned = replace(
        pair,
        program=other,
        over=program,
        share=share[1],
        best_case=worst[1],
        worst_case=best[1],
        criteria=tuple(key for key in two if key in shared),
    )
    return pair, turned


def _shares_won(
    differences: Sequence[Fraction],
) -> tuple[Fraction, Fraction] | tuple[None, None]:
    """Return the shares of weightings that each of two wins; None without anything to weigh.

    They make the whole together, for a tie has no share, unless the two tie under all weightings.
    """
    if not differences:
        return None, None
    share = share_won(differences)
    return share, 1 - share if any(differences) else share


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
