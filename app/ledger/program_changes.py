"""What a release changes by program: how many are added, gone or changed, and which the most."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.store.changes import RowBeforeAfter
from app.store.records import batches, is_current
from app.store.tables.programs import Program

PROGRAMS_SHOWN = 20

Changes = Mapping[tuple[str, str], RowBeforeAfter]
"""Collection and key -> a row before and after."""


def kind_of(change: RowBeforeAfter) -> str:
    """Return whether a row is "added", "changed" or "retired"."""
    had = change.before is not None and is_current(change.before)
    has = change.after is not None and is_current(change.after)
    return "changed" if had and has else "added" if has else "retired"


def count_programs(session: Session, changes: Changes) -> dict[str, Any]:
    """Return how many programs are added, retired or changed, and those of which most changes.

    ``beside_reported`` counts those added without a field of study at a school whose programs are
    reported with theirs: each may be one of these over again.
    """
    kinds: dict[int, str] = {}
    rows: dict[int, Counter[str]] = {}
    nameless: list[int] = []
    for (collection, _), change in changes.items():
        image = change.after or change.before or {}
        number = image["id"] if collection == "program" else image.get("program_id")
        if number is None:
            continue
        rows.setdefault(number, Counter())[collection] += 1
        if collection == "program":
            kinds[number] = kind_of(change)
            if kinds[number] == "added" and image["cip_code"] is None:
                nameless.append(image["institution_id"])
    counts = Counter(kinds.get(number, "changed") for number in rows)
    largest = sorted(rows, key=lambda number: (-rows[number].total(), number))[:PROGRAMS_SHOWN]
    slugs = _slugs_of(session, largest)
    return {
        **{what: counts[what] for what in ("added", "retired", "changed")},
        "beside_reported": _count_at_reported(session, nameless),
        "largest": [
            {
                "program": slugs[number],
                "change": kinds.get(number, "changed"),
                "rows": dict(sorted(rows[number].items())),
            }
            for number in largest
        ],
    }


def _slugs_of(session: Session, numbers: Collection[int]) -> dict[int, str]:
    found = sa.select(col(Program.id), col(Program.slug)).where(col(Program.id).in_(numbers))
    return {number: slug for number, slug in session.execute(found)}


def _count_at_reported(session: Session, schools: list[int]) -> int:
    """Return how many of the schools, each as often as it stands there, report a program."""
    reporting: set[int] = set()
    for some in batches(sorted(set(schools)), 500):
        found = sa.select(col(Program.institution_id)).where(
            col(Program.institution_id).in_(some),
            col(Program.cip_code).is_not(None),
            col(Program.retired_at).is_(None),
        )
        reporting |= set(session.execute(found.distinct()).scalars())
    return sum(school in reporting for school in schools)
