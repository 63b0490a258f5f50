"""Several programs side by side, as known on a day and under a caller's weights and answers."""

from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.domain.comparison.cells import FOR_ALL, Cell, ComparableTerms, Range, Row
from app.domain.comparison.columns import Column, column_of
from app.domain.comparison.ranking import bounds_of, partial_order, to_fields
from app.domain.comparison.rows import build_rows, leading_cells
from app.domain.dossier import Dossier
from app.domain.messages import Message
from app.domain.reader import whose_price
from app.domain.vocabulary import CellStatus, Finding, Section
from app.errors import Fault, nearest
from app.queries.checklists import STATED, build_checklist
from app.queries.dossiers import find_dossiers, stamp_of
from app.queries.programs import slugs_like
from app.schemas.claims import to_evidence
from app.schemas.comparison import (
    MAX_PROGRAMS,
    MIN_PROGRAMS,
    ComparisonRead,
    DominanceRead,
    FlipRead,
    RangeRead,
    RankRead,
    RowRead,
    StabilityRead,
    TermsRead,
    ValueKind,
    ValueRead,
)
from app.schemas.served import changed
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program

Found = tuple[Program, Institution]
Answers = Mapping[str, Mapping[str, Finding]]


SHARES_COUNT = Message(
    "Shares count only what is verified: whatever is not known counts as 0 for both programs."
)

CHECKED = MAX_PROGRAMS + 2
"""Slugs looked up of a list that may be far too long."""


def find_programs(session: Session, slugs: Sequence[str]) -> dict[str, Found]:
    """Return slug -> program with its school, of those that exist; retired ones too."""
    rows = session.exec(
        select(Program, Institution)
        .join(Institution)
        .where(col(Program.slug).in_(list(slugs[:CHECKED])))
    )
    return {program.slug: (program, institution) for program, institution in rows}


def check_programs(
    session: Session, slugs: Sequence[str], found: Container[str], *, pointer: str | None
) -> list[Fault]:
    """Return all that is wrong with a choice of programs to compare.

    ``pointer`` leads to the list in a body; None: the slugs are the parameter ``program``.
    """

    def fault(detail: str, slug: str | None = None, near: str | None = None) -> Fault:
        if pointer is None:
            return Fault(detail, parameter="program", value=slug, suggestion=near)
        place = pointer if slug is None else f"{pointer}/{slugs.index(slug)}"
        return Fault(detail, pointer=place, value=slug, suggestion=near)

    faults = []
    if not MIN_PROGRAMS <= len(slugs) <= MAX_PROGRAMS:
        named = f": {', '.join(repr(slug) for slug in slugs[:CHECKED])}" if slugs else ""
        words = f"{MIN_PROGRAMS} to {MAX_PROGRAMS} programs can be compared, not {len(slugs)}"
        faults.append(fault(f"{words}{named}."))
    for slug, count in Counter(slugs[:CHECKED]).items():
        if count > 1:
            faults.append(fault(f"{slug!r} is given {count} times.", slug))
        if slug not in found:
            near = nearest(slug, slugs_like(session, slug))
            hint = f" Did you mean {near!r}?" if near else ""
            faults.append(fault(f"No program is known as {slug!r}.{hint}", slug, near))
    return faults


def choose_programs(
    session: Session, slugs: Sequence[str], day: date, *, pointer: str | None
) -> tuple[list[Dossier], list[Fault]]:
    """Return programs to compare, in the order given, and all that is wrong with the choice."""
    found = find_dossiers(session, slugs[:CHECKED], day)
    faults = check_programs(session, slugs, found, pointer=pointer)
    return [found[slug] for slug in slugs if slug in found], faults


def compare(
    dossiers: Sequence[Dossier],
    weights: Mapping[str, float] | None,
    answers: Answers | None = None,
) -> ComparisonRead:
    """Return programs side by side, in the order given; nothing is stored."""
    given = {slug: dict(told) for slug, told in (answers or {}).items() if told}
    dossiers = [dossier.under(given.get(dossier.program.slug)) for dossier in dossiers]
    rubric, reader = dossiers[0].rubric, dossiers[0].reader
    residency = dossiers[0].residency
    criteria = {dossier.program.slug: bounds_of(dossier) for dossier in dossiers}
    order = to_fields(partial_order(criteria, weights or rubric.default_weights))
    checklists = [build_checklist(dossier, weights) for dossier in dossiers]
    columns = {dossier.program.slug: column_of(dossier, weights) for dossier in dossiers}
    rows = [_to_row(row, columns) for row in build_rows(list(columns.values()))]
    sources = {
        evidence.source for row in rows for value in row.values for evidence in value.evidence
    }
    sources |= {source for checklist in checklists for source in checklist.sources}
    return ComparisonRead(
        programs=list(criteria),
        rubric=rubric.version,
        residency=None if reader.home_state and not reader.residency else residency.value,
        home_state=reader.home_state,
        for_whom={
            dossier.program.slug: whose_price(
                dossier.charged_as(dossier.residency), dossier.school.state
            )
            for dossier in dossiers
        },
        weights=dict(weights or rubric.default_weights),
        answers=given,
        rows=rows,
        checklists=checklists,
        dominance=[DominanceRead(**pair) for pair in order["dominance"]],
        stability=[_to_stability(pair) for pair in order["stability"]],
        ranks=[RankRead(**rank) for rank in order["ranks"]],
        tie_bands=order["tie_bands"],
        stability_counts=SHARES_COUNT,
        note=STATED,
        **stamp_of(dossiers[0], sources),
    )


def only(read: ComparisonRead, sections: Collection[Section]) -> ComparisonRead:
    """Return a comparison with the rows of some sections, and what those rest on.

    Checklists go with the section of that name.
    """
    rows = [row for row in read.rows if row.section in sections]
    checklists = read.checklists if Section.CHECKLIST in sections else []
    sources = {one.source for row in rows for value in row.values for one in value.evidence}
    sources |= {source for checklist in checklists for source in checklist.sources}
    return changed(read, rows=rows, checklists=checklists, sources=sorted(sources))


def read_rows(
    dossier: Dossier,
    weights: Mapping[str, float] | None,
    keys: Collection[tuple[Section, str]],
) -> dict[tuple[Section, str], tuple[str, ValueRead]]:
    """Return some rows of a program that is compared with none: key -> label and value."""
    found = leading_cells(dossier, weights, keys)
    return {
        key: (label, _to_value(dossier.program.slug, cell, dossier.day))
        for key, (label, cell) in found.items()
    }


def _to_row(row: Row, columns: Mapping[str, Column]) -> RowRead:
    return RowRead(
        section=row.section,
        key=row.key,
        label=row.label,
        unit=row.unit,
        verdict=row.verdict,
        reason=row.reason,
        values=[_shown(columns[slug], cell) for slug, cell in row.cells.items()],
        best=list(row.best),
    )


def _shown(column: Column, cell: Cell) -> ValueRead:
    """Return a cell of a column as it is served, made once."""
    value: ValueRead | None = column.shown.get(id(cell))
    if value is None:
        dossier = column.dossier
        value = column.shown[id(cell)] = _to_value(dossier.program.slug, cell, dossier.day)
    return value


def _to_stability(pair: Mapping[str, Any]) -> StabilityRead:
    flip = pair["flip"]
    return StabilityRead(**{**pair, "flip": FlipRead(**flip) if flip else None})


def _to_terms(terms: ComparableTerms) -> TermsRead:
    return TermsRead(
        year=terms.year,
        population=terms.population,
        unit=terms.unit,
        residency=terms.residency,
        for_whom=terms.for_whom,
        level=terms.level,
        parts=terms.parts,
    )


TERMS_FOR_ALL = _to_terms(FOR_ALL)


def _to_value(slug: str, cell: Cell, today: date) -> ValueRead:
    value: str | bool | int | float | list[str] | RangeRead | None = None
    kind: ValueKind | None = None
    match cell.value:
        case Range():
            value, kind = RangeRead(low=cell.value.low, high=cell.value.high), "range"
        case tuple():
            value, kind = list(cell.value), "list"
        case bool():
            value, kind = cell.value, "yes_no"
        case str():
            value, kind = cell.value, "text"
        case int() | float():
            value, kind = cell.value, "number"
    return ValueRead(
        program=slug,
        value=value,
        kind=kind,
        display=cell.display,
        status=cell.status,
        stale=cell.status is CellStatus.STALE,
        terms=TERMS_FOR_ALL if cell.terms is FOR_ALL else _to_terms(cell.terms),
        evidence=[to_evidence(claim, today) for claim in cell.evidence],
    )
