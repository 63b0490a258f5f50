"""How much of a catalogue is known, field by field, and which fields lost by a change."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class FillRate:
    """How many of ``total`` records know a field."""

    known: int
    total: int

    @property
    def share(self) -> float | None:
        """The known share in 0-1; None where there is no record."""
        return self.known / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Drop:
    """A field that is known less often than it was; ``after`` is 0 known of one that vanished."""

    field: str
    before: FillRate
    after: FillRate


def find_drops(
    before: Mapping[str, FillRate],
    after: Mapping[str, FillRate],
    *,
    allowed: Collection[str] = (),
    most: float = 0.05,
) -> list[Drop]:
    """Return the fields whose known share fell by more than a change may cost, in given order.

    A field, or all records of it, that vanished fell to 0. A fall of exactly ``most`` is none.

    Args:
        before: Field -> what was known of it.
        after: The same after the change; new fields are no loss.
        allowed: Fields that may fall as far as they like.
        most: Largest fall that passes, in share (0.05 is five points).
    """
    limit = Fraction(str(most))  # as written: 0.05 as a float is a little more than a twentieth
    drops = []
    for field, rate in before.items():
        now = after.get(field, FillRate(0, rate.total))
        if field not in allowed and _exact(rate) - _exact(now) > limit:
            drops.append(Drop(field, rate, now))
    return drops


def find_diluted(before: Mapping[str, FillRate], after: Mapping[str, FillRate]) -> list[str]:
    """Return the fields whose known share fell only since records were added that do not tell it.

    >>> find_diluted({"a": FillRate(9, 10), "b": FillRate(9, 10)},
    ...              {"a": FillRate(9, 12), "b": FillRate(8, 10)})
    ['a']
    """
    return [
        field
        for field, now in after.items()
        if (was := before.get(field)) is not None
        and was.known <= now.known
        and _exact(now) < _exact(was)
    ]


def _exact(rate: FillRate) -> Fraction:
    return Fraction(rate.known, rate.total) if rate.total else Fraction(0)
