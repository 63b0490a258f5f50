"""Counts of a search by bitmaps: one bit a listed program, one number a value.

Python's whole numbers are the bitmaps: AND, OR and counting bits run in C, so that all facets of
a filtered list take microseconds, whatever the filters. They are kept in memory by release.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from app.models.programs import ProgramSummary, ProgramTag
from app.models.releases import Release

UNKNOWN = "unknown"

COLUMNS = {
    "state": col(ProgramSummary.state),
    "award_level": col(ProgramSummary.award_level),
    "award_group": col(ProgramSummary.award_group),
    "control": col(ProgramSummary.control),
    "accreditation": col(ProgramSummary.accreditation),
    "practicum": col(ProgramSummary.practicum),
    "cip_code": col(ProgramSummary.cip_code),
}
"""Closed-list field -> its column."""

TAGS = ("delivery", "credential", "topic", "transfer")
"""Closed-list fields of which a program can have several values."""


@dataclass(slots=True)
class Bitmaps:
    """The listed programs of a release: bit i stands for ``ids[i]``."""

    release: int
    ids: list[int]
    every: int
    values: dict[str, dict[str, int]] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)

    def of_ids(self, ids: Iterable[int]) -> int:
        """Return the bitmap of these programs."""
        marks = bytearray(len(self.ids) // 8 + 1)
        for number in ids:
            place = self.places.get(number)
            if place is not None:
                marks[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(marks, "little")

    def any_of(self, name: str, values: Iterable[str]) -> int:
        """Return the programs with one of these values of a field."""
        found = 0
        for value in values:
            found |= self.values[name].get(value, 0)
        return found

    def known(self, name: str) -> int:
        """Return the programs of which a field is known."""
        return self.every & ~self.values[name].get(UNKNOWN, 0)


_kept: dict[str, Bitmaps] = {}
"""Address of the database -> bitmaps of its newest release."""


def bitmaps(session: Session) -> Bitmaps:
    """Return the bitmaps of what the session sees; those of a release are made once a process."""
    newest = session.exec(select(func.max(Release.number))).one() or 0
    address = str(session.get_bind().engine.url)
    if session.info.get("draft"):
        return _build(session, newest)
    kept = _kept.get(address)
    if kept is None or kept.release != newest:
        kept = _kept[address] = _build(session, newest)
    return kept


def _build(session: Session, release: int) -> Bitmaps:
    columns = [col(ProgramSummary.program_id), *COLUMNS.values()]
    rows = session.execute(select_columns(*columns).order_by(columns[0])).all()
    ids = [row[0] for row in rows]
    found = Bitmaps(release, ids, (1 << len(ids)) - 1)
    found.places = {number: at for at, number in enumerate(ids)}
    size = len(ids) // 8 + 1
    for at, name in enumerate(COLUMNS, start=1):
        found.values[name] = _to_masks(((place, row[at]) for place, row in enumerate(rows)), size)
    tagged: dict[str, list[tuple[int, str]]] = {name: [] for name in TAGS}
    tags = select_columns(col(ProgramTag.program_id), col(ProgramTag.kind), col(ProgramTag.value))
    for number, kind, value in session.execute(tags):
        if kind in tagged and number in found.places:
            tagged[kind].append((found.places[number], value))
    for name, pairs in tagged.items():
        masks = _to_masks(pairs, size)
        told = 0
        for mask in masks.values():
            told |= mask
        masks[UNKNOWN] = found.every & ~told
        found.values[name] = masks
    return found


def _to_masks(pairs: Iterable[tuple[int, str | None]], size: int) -> dict[str, int]:
    marks: dict[str, bytearray] = {}
    for place, value in pairs:
        key = UNKNOWN if value is None else value
        if key not in marks:
            marks[key] = bytearray(size)
        marks[key][place >> 3] |= 1 << (place & 7)
    return {value: int.from_bytes(bits, "little") for value, bits in marks.items()}


def count_values(masks: Mapping[str, int], among: int) -> dict[str, int]:
    """Return value -> how many of these programs have it, the most frequent first."""
    counts = {value: (mask & among).bit_count() for value, mask in masks.items()}
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
