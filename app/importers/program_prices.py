"""Prices of whole programs, which federal files tell by field of study: whose award each is of."""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.claims import CostClaim, OfferingClaim
from app.domain.messages import N_
from app.domain.text.identifiers import parse_cip
from app.domain.vocabulary import AwardLevel, CostComponent, CostUnit, Level
from app.importers.ipeds.rows import to_claim
from app.importers.reading import FlaggedValue, to_cents
from app.store.rows import ClaimTarget, Statement
from app.store.tables.sources import Source

SLOTS = range(1, 7)
"""The six largest programs of an institution that charges by program, the largest first."""

UNSTATED_NOTE = N_("A price of one program of this field: the survey does not state its award.")


@dataclass(frozen=True, slots=True)
class SlotPrice:
    """What a program costs in all, for one component, with those that are in it."""

    component: CostComponent
    value: FlaggedValue
    contains: tuple[CostComponent, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the largest programs of an institution that charges by program."""

    cip_code: str
    prices: tuple[SlotPrice, ...]
    months: float | None
    hours: float | None = None
    hour_unit: str | None = None

    @property
    def label(self) -> str | None:
        """How the program is told from others in its field: "9 months, 900 clock hours"."""
        parts = []
        if self.months is not None:
            parts.append(f"{self.months:g} months")
        if self.hours is not None and self.hour_unit is not None:
            parts.append(f"{self.hours:g} {self.hour_unit.replace('_', ' ')}s")
        return ", ".join(parts) or None


def parse_slot(text: str) -> str | None:
    """Return the CIP code of a program slot; None for an unused one ("-2     ", "NA").

    Raises:
        ValueError: Neither.
    """
    bare = text.strip()
    return parse_cip(bare) if bare not in UNUSED else None


UNUSED = frozenset({"", ".", "-1", "-2", "-3", "NA", "NULL"})

CLOCK_HOURS: dict[str, tuple[int, int | None]] = {
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: (0, 300),
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: (300, 900),
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: (900, 1800),
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: (1800, None),
    AwardLevel.ASSOCIATE: (1800, None),
}
CREDIT_HOURS: dict[str, tuple[int, int | None]] = {
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: (0, 13),
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: (9, 45),
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: (30, 90),
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: (60, 120),
    AwardLevel.ASSOCIATE: (60, 120),
    AwardLevel.BACHELOR: (120, None),
}
"""Award level -> hours of its programs, from the first and below the second (IPEDS Completions,
AWLEVEL). Certificates take 9, 30 or 60 semester credits, or 13, 45 or 90 quarter credits: IC_PY
does not tell which it counts. Programs of graduate awards are not in IC_PY."""

MONTHS: dict[str, tuple[int, int]] = {
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: (0, 3),
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: (2, 12),
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: (7, 24),
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: (14, 48),
    AwardLevel.ASSOCIATE: (12, 48),
    AwardLevel.BACHELOR: (24, 72),
}
"""Award level -> months that its programs may take, both included, for schools that teach through
the summer. They overlap, so they never choose between awards: they tell that a price is not of the
only award that is reported."""


Awards = Mapping[str, int]
"""Award level -> id of the program that a school reported in one field and year."""

Chooser = Callable[[Slot, Awards], list[int]]
"""Returns the programs whose price a slot may be."""


def by_hours(slot: Slot, awards: Awards) -> list[int]:
    """Return the programs that so many hours may lead to."""
    bounds = CLOCK_HOURS if slot.hour_unit == "clock_hour" else CREDIT_HOURS
    if slot.hours is None or slot.hour_unit is None:
        return []
    ranges = {level: bounds[level] for level in awards if level in bounds}
    return [
        awards[level]
        for level, (low, high) in ranges.items()
        if low <= slot.hours and (high is None or slot.hours < high)
    ]


def by_only_award(slot: Slot, awards: Awards) -> list[int]:
    """Return the only program reported in the field, unless so many months contradict it."""
    if len(awards) != 1:
        return []
    [(level, program)] = awards.items()
    low, high = MONTHS.get(level, (1, 0))
    return [program] if low <= (low if slot.months is None else slot.months) <= high else []


def place_slots(
    institution: int,
    slots: Sequence[Slot],
    source: Source,
    *,
    chosen: Chooser,
    reported: Mapping[tuple[int, str], Awards],
    retired: Container[int],
) -> tuple[list[Statement], list[Statement]]:
    """Return what slots say of costs, and of lengths.

    They tell the field of a program and not its award: a price goes to the one chosen among the
    awards that the school reported in that field in the same year. A price that another of the
    field competes with, that nothing fits, or whose program is retired, is one of the school, with
    its code.

    Args:
        institution: Id of the school.
        slots: Of one school.
        source: Of the file.
        chosen: Tells by what a price is known to be that of an award.
        reported: (institution id, CIP code) -> the awards of the year.
        retired: Ids of programs taken out of lists.
    """
    fitting = [chosen(slot, reported.get((institution, slot.cip_code), {})) for slot in slots]
    wanted = Counter(program for programs in fitting for program in programs)
    costs: list[Statement] = []
    offerings: list[Statement] = []
    for slot, programs in zip(slots, fitting, strict=True):
        if len(programs) != 1 or wanted[programs[0]] > 1 or programs[0] in retired:
            costs += _costs(ClaimTarget(institution_id=institution), slot, source)
            continue
        target = ClaimTarget(program_id=programs[0])
        costs += _costs(target, slot, source)
        if slot.months is not None or slot.hours is not None:
            offerings.append((target, _offering(slot, source)))
    return costs, offerings


def _costs(target: ClaimTarget, slot: Slot, source: Source) -> Iterator[Statement]:
    is_own = target.program_id is not None
    for price in slot.prices:
        amount, status = price.value
        claim = to_claim(
            CostClaim,
            source,
            level=Level.PROGRAM if is_own else Level.INSTITUTION,
            note=None if is_own else UNSTATED_NOTE,
            value_status=status,
            component=price.component,
            amount_low_cents=to_cents(amount),
            amount_high_cents=to_cents(amount),
            unit=CostUnit.PROGRAM,
            label=None if is_own else slot.label,
            cip_code=None if is_own else slot.cip_code,
            contains=[part.value for part in price.contains],
        )
        yield target, claim


def _offering(slot: Slot, source: Source) -> OfferingClaim:
    return to_claim(
        OfferingClaim,
        source,
        level=Level.PROGRAM,
        credits=slot.hours,
        credit_unit=None if slot.hours is None else slot.hour_unit,
        months_low=slot.months,
        months_high=slot.months,
    )
