"""Aligned facts of several programs: what can be compared, what differs, which is better.

An unknown neither beats nor loses. A value past its shelf life is shown and counts as unknown.
Values are compared only on the same terms: a price of another year or for other residents,
a rate of another population, a figure of the whole institution beside one of the program say
nothing about which is better.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations

from app.domain.claims import ProgramClaim
from app.domain.messages import Listing, Message
from app.domain.vocabulary import CellStatus, Finding, Section, Verdict


@dataclass(frozen=True, slots=True)
class Range:
    """From low to high; a missing end is open."""

    low: float | None
    high: float | None


Value = str | bool | float | tuple[str, ...] | Range | None

UNDATED = "undated"
"""The year of a figure without a date: it compares with none, not even another undated one."""


@dataclass(frozen=True, slots=True)
class ComparableTerms:
    """Conditions of comparability: what a value holds for; None plays no part in the row.

    ``for_whom`` tells the residency in words, and decides nothing.
    """

    year: str | None = None
    population: str | None = None
    unit: str | None = None
    residency: str | None = None
    for_whom: str | None = field(default=None, compare=False)
    level: str | None = None
    parts: str | None = None


FOR_ALL = ComparableTerms()
"""Those of a value that holds on any terms."""

REASONS = {
    "year": "other year",
    "population": "other population",
    "unit": "other unit",
    "residency": "other residency",
    "level": "program against institution level",
    "parts": "other parts are counted",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of one program in one row; ``display`` says it in words."""

    value: Value = None
    display: str = "not known"
    status: CellStatus = CellStatus.UNKNOWN
    evidence: tuple[ProgramClaim, ...] = ()
    terms: ComparableTerms = FOR_ALL


NOTHING = Cell()


class Better(StrEnum):
    """Which of two values is better, in rows where that is beyond dispute."""

    LOWER = "lower"
    HIGHER = "higher"
    INTERVAL = "interval"
    """The higher, where one interval lies wholly above the other."""
    FINDING = "finding"


FINDING_WORTH = {
    Finding.MET: (1.0, 1.0),
    Finding.PARTLY_KNOWN: (0.5, 1.0),
    Finding.PARTLY_MET: (0.5, 0.5),
    Finding.UNCONFIRMED: (0.0, 1.0),
    Finding.NOT_MET: (0.0, 0.0),
}
"""Finding -> the least and the most that it can still be worth."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact across programs: ``cells`` is program -> cell, in the order asked for."""

    section: Section
    key: str
    label: str
    cells: Mapping[str, Cell]
    verdict: Verdict
    reason: Listing | None
    best: tuple[str, ...]
    unit: str | None


def judge(
    section: Section,
    key: str,
    label: str,
    cells: Mapping[str, Cell],
    *,
    better: Better | None = None,
    unit: str | None = None,
) -> Row:
    """Return a row with its verdict.

    Some value missing makes the row unknown, with the names of whose it is; the known ones can
    still have a best among them. A row where a check applies to some programs only, or whose
    known values stand on different terms, is not comparable.
    """
    known = {slug: cell for slug, cell in cells.items() if cell.status is CellStatus.KNOWN}
    spared = [slug for slug, cell in cells.items() if cell.status is CellStatus.NOT_APPLICABLE]
    other_terms = term_reasons(known.values())
    is_missing = len(known) + len(spared) < len(cells)
    reasons = [*(_missing_reasons(cells) if is_missing else ()), *other_terms]
    if 0 < len(spared) < len(cells):
        reasons.append(f"does not apply to {', '.join(spared)}")
    if is_missing:
        verdict = Verdict.UNKNOWN
    elif (spared and known) or other_terms:
        verdict = Verdict.NOT_COMPARABLE
    elif better is Better.INTERVAL:
        verdict, reasons = _compare_intervals(known.values())
    elif len({cell.value for cell in known.values()}) <= 1:
        verdict = Verdict.SAME
    else:
        verdict = Verdict.DIFFERS
    units = {cell.terms.unit for cell in known.values() if cell.terms.unit}
    return Row(
        section=section,
        key=key,
        label=label,
        cells=cells,
        verdict=verdict,
        reason=Listing("; ", reasons) if reasons else None,
        best=_best(known, better) if better and not other_terms else (),
        unit=units.pop() if len(units) == 1 else (None if units else unit),
    )


def _compare_intervals(cells: Iterable[Cell]) -> tuple[Verdict, list[str]]:
    """Return whether intervals differ, and why that is not known.

    They differ where one is certainly above another, are the same where all are settled and
    equal, and are unknown where they overlap: then the open questions decide.
    """
    spans = [_worth(cell.value, Better.INTERVAL) for cell in cells]
    if any(a[1] < b[0] or b[1] < a[0] for a, b in combinations(spans, 2)):
        return Verdict.DIFFERS, []
    if all(low == high for low, high in spans):
        return Verdict.SAME, []
    return Verdict.UNKNOWN, ["the intervals overlap, so the open questions decide"]


def judge_options(
    section: Section,
    key: str,
    label: str,
    options: Mapping[str, Sequence[Cell]],
    *,
    better: Better | None = None,
    unit: str | None = None,
) -> list[Row]:
    """Return the row of what leads for each program and, if needed, a second on the same terms.

    Args:
        section: Part of the comparison.
        key: Key of the row; that of the second row ends in ``_same_terms``.
        label: Words for the row.
        options: Program -> what is known of it, the leading one first.
        better: Which value is better, if any is.
        unit: Unit of the row where the cells name none.
    """
    leading = {slug: cells[0] if cells else NOTHING for slug, cells in options.items()}
    rows = [judge(section, key, label, leading, better=better, unit=unit)]
    if all(len(cells) <= 1 for cells in options.values()):
        return rows
    known = [cell for cell in leading.values() if cell.status is CellStatus.KNOWN]
    if term_reasons(known) and (aligned := _on_same_terms(options)):
        title = Message("%(label)s, on the same terms", label=Message(label))
        rows.append(judge(section, f"{key}_same_terms", title, aligned, better=better, unit=unit))
    return rows


def term_reasons(cells: Iterable[Cell]) -> list[str]:
    """Return why values do not compare, in the words of ``REASONS``; empty where they do."""
    terms = [cell.terms for cell in cells]
    if len(terms) < 2 or (len(set(terms)) == 1 and terms[0].year != UNDATED):
        return []
    reasons = []
    for name, reason in REASONS.items():
        values = {getattr(term, name) for term in terms}
        if name == "year" and UNDATED in values:
            reasons.append("no year is given for some")
        elif len(values) > 1:
            reasons.append(reason)
    return reasons


MISSING = {
    CellStatus.UNKNOWN: "not known for",
    CellStatus.STALE: "too old to count for",
    CellStatus.WITHHELD: "withheld for privacy for",
    CellStatus.NOT_PUBLISHED: "not published by",
    CellStatus.PUBLISHED_WITHOUT_AMOUNT: "published without an amount by",
}
"""Status of a cell without a value -> why, before the names of whose it is."""


def _missing_reasons(cells: Mapping[str, Cell]) -> list[str]:
    slugs: dict[CellStatus, list[str]] = {}
    for slug, cell in cells.items():
        slugs.setdefault(cell.status, []).append(slug)
    return [
        f"{start} {', '.join(slugs[status])}"
        for status, start in MISSING.items()
        if status in slugs
    ]


def _on_same_terms(options: Mapping[str, Sequence[Cell]]) -> dict[str, Cell] | None:
    """Return for each program the cell on the terms that all have a known value for, or None.

    Of several such terms those lead that stand first in the lists. Programs without any known
    value stay unknown and do not count.
    """
    by_terms: dict[ComparableTerms, dict[str, tuple[int, Cell]]] = {}
    for slug, cells in options.items():
        for at, cell in enumerate(cells):
            if cell.status is CellStatus.KNOWN and cell.terms.year != UNDATED:
                by_terms.setdefault(cell.terms, {}).setdefault(slug, (at, cell))
    speaking = {slug for found in by_terms.values() for slug in found}
    complete = [found for found in by_terms.values() if len(found) == len(speaking) > 1]
    if not complete:
        return None
    best = min(complete, key=lambda found: sum(at for at, _ in found.values()))
    return {slug: best[slug][1] if slug in best else NOTHING for slug in options}


def _best(known: Mapping[str, Cell], better: Better) -> tuple[str, ...]:
    """Return the programs certainly not worse than any other known one; none where all tie."""
    if len(known) < 2:
        return ()
    worth = {slug: _worth(cell.value, better) for slug, cell in known.items()}
    best = tuple(
        slug
        for slug, (low, _) in worth.items()
        if all(low >= high for other, (_, high) in worth.items() if other != slug)
    )
    return () if len(best) == len(known) else best


def _worth(value: Value, better: Better) -> tuple[float, float]:
    """Return the least and most that a value can be worth; more is better."""
    if better is Better.FINDING:
        return FINDING_WORTH[Finding(str(value))]
    if isinstance(value, Range):
        low = float("-inf") if value.low is None else value.low
        high = float("inf") if value.high is None else value.high
    elif isinstance(value, int | float):
        low = high = float(value)
    else:
        raise TypeError(f"{value!r} is not a quantity")
    return (-high, -low) if better is Better.LOWER else (low, high)
