"""How sure the order of two programs is: the exact share of all weightings under which it holds.

Weights are uniform on the simplex of the criteria. All arithmetic is in exact rationals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, lcm


@dataclass(frozen=True, slots=True)
class Flip:
    """The weighting nearest to the caller's under which two programs tie.

    ``moved`` is the share of the whole weight that changes its criterion: half the sum of the
    absolute changes. 0 means that they tie already. ``turns_round`` says whether a little more
    of the same puts the other first; where nothing favours it, a tie is all there is.
    """

    weights: tuple[Fraction, ...]
    moved: Fraction
    turns_round: bool


def smallest_flip(weights: Sequence[Fraction], differences: Sequence[Fraction]) -> Flip | None:
    """Return the smallest change of weights that makes the weighted sum of differences 0.

    Weights are not negative and sum to 1. Weight goes to the one criterion that speaks most
    for the losing side, first from the one that speaks most for the winner: every unit of
    weight then does the most it can, and a criterion can take all there is. None where no
    weighting makes a tie, because every criterion favours the same side.
    """
    margin = sum((w * d for w, d in zip(weights, differences, strict=True)), Fraction(0))
    lead = differences if margin > 0 else [-d for d in differences]
    target = min(range(len(lead)), key=lambda at: lead[at])
    if margin != 0 and lead[target] > 0:
        return None
    changed, missing, moved = list(weights), abs(margin), Fraction(0)
    for at in sorted(range(len(lead)), key=lambda at: -lead[at]):
        if missing == 0:
            break
        gain = lead[at] - lead[target]
        part = min(changed[at], missing / gain)
        changed[at] -= part
        changed[target] += part
        missing -= part * gain
        moved += part
    return Flip(tuple(changed), moved, turns_round=min(lead) < 0 < max(lead))


def share_won(differences: Sequence[Fraction]) -> Fraction:
    """Return the share of weightings under which the weighted sum of differences is positive.

    With n differences d_i, all distinct, the share is the sum over d_i > 0 of
    d_i^(n-1) / prod over j != i of (d_i - d_j). Equal differences take the confluent form: the
    share is the divided difference of x -> max(x, 0)^(n-1) over all d_i, in which a value that
    occurs m times brings derivatives up to the order m - 1. The share is the same for all
    differences times a number, so whole numbers are reckoned with.

    Raises:
        ValueError: No differences.
    """
    if not differences:
        raise ValueError("no criteria to weigh")
    scale = lcm(*(d.denominator for d in differences))
    whole = sorted(d.numerator * (scale // d.denominator) for d in differences)
    if whole[0] == whole[-1] == 0:
        return Fraction(0)
    if whole[0] >= 0:
        return Fraction(1)
    if whole[-1] <= 0:
        return Fraction(0)
    return _divided_difference(whole)


def _divided_difference(knots: list[int]) -> Fraction:
    """Return the divided difference of max(x, 0)^(n-1) over n sorted knots, some of them equal.

    Every entry of a column is a numerator over a denominator in whole numbers, brought to lowest
    terms at the end alone: that is ten times as fast.
    """
    power = len(knots) - 1
    column = [(max(knot, 0) ** power, 1) for knot in knots]
    for order in range(1, len(knots)):
        for at in range(len(knots) - order):
            if gap := knots[at + order] - knots[at]:
                (low, under_low), (high, under_high) = column[at], column[at + 1]
                top = high * under_low - low * under_high
                column[at] = top, under_low * under_high * gap
            else:
                column[at] = _confluent(knots[at], power, order), 1
    return Fraction(*column[0])


def _confluent(knot: int, power: int, order: int) -> int:
    """Return the derivative of max(x, 0)^power of an order below the power, by its factorial."""
    return comb(power, order) * int(max(knot, 0) ** (power - order))
