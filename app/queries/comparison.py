"""Several programs side by side, as known on a day and under a caller's weights and answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.rules import CheckResult, answered, find_all, findings_of
from app.domain.checklist.scoring import score
from app.domain.claims import ProgramFacts
from app.domain.comparison.cells import Cell, Range, Row
from app.domain.comparison.columns import RecordClaim, Side, YearCount
from app.domain.comparison.ranking import partial_order, to_fields
from app.domain.comparison.rows import build_rows
from app.domain.vocabulary import CellStatus, Finding, Level
from app.errors import Fault, nearest
from app.queries.checklists import STATED, build_checklist
from app.queries.claims import load_facts
from app.queries.classifications import find_cip
from app.queries.programs import slugs_like
from app.queries.releases import stamp
from app.queries.summaries import delivery_of
from app.queries.total_cost import find_target
from app.schemas.claims import to_evidence
from app.schemas.comparison import (
    MAX_PROGRAMS,
    MIN_PROGRAMS,
    ComparisonRead,
    DominanceRead,
    RangeRead,
    RankRead,
    ResidencyAsked,
    RowRead,
    StabilityRead,
    TermsRead,
    ValueRead,
)
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program
from app.store.tables.sources import Source

Found = tuple[Program, Institution]
Answers = Mapping[str, Mapping[str, Finding]]


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
    session: Session, slugs: Sequence[str], found: Mapping[str, Found], *, pointer: str | None
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


def compare(
    session: Session,
    programs: Sequence[Found],
    rubric: Rubric,
    weights: Mapping[str, float] | None,
    residency: ResidencyAsked,
    answers: Answers,
    today: date,
) -> ComparisonRead:
    """Return programs side by side, in the order given; nothing is stored."""
    facts = load_facts(session, [program for program, _ in programs])
    results: dict[str, list[CheckResult]] = {
        program.slug: answered(
            find_all(facts[int(program.id or 0)], rubric, today), answers.get(program.slug)
        )
        for program, _ in programs
    }
    findings = {slug: findings_of(found) for slug, found in results.items()}
    order = to_fields(partial_order(rubric, findings, weights or rubric.default_weights))
    checklists = [
        build_checklist(
            session,
            program,
            institution,
            facts[int(program.id or 0)],
            results[program.slug],
            rubric,
            weights,
            today,
        )
        for program, institution in programs
    ]
    sides = _load_sides(session, programs, facts, results, rubric, weights, today)
    rows = [_to_row(row, today) for row in build_rows(sides, rubric, residency, today)]
    sources = {
        evidence.source for row in rows for value in row.values for evidence in value.evidence
    }
    sources |= {source for checklist in checklists for source in checklist.sources}
    return ComparisonRead(
        programs=[program.slug for program, _ in programs],
        rubric=rubric.version,
        residency=residency,
        weights=dict(weights or rubric.default_weights),
        answers={slug: dict(given) for slug, given in answers.items() if given},
        rows=rows,
        checklists=checklists,
        dominance=[DominanceRead.model_validate(pair) for pair in order["dominance"]],
        stability=[StabilityRead.model_validate(pair) for pair in order["stability"]],
        ranks=[RankRead.model_validate(rank) for rank in order["ranks"]],
        tie_bands=order["tie_bands"],
        note=STATED,
        **stamp(session, sources, today),
    )


def _load_sides(
    session: Session,
    programs: Sequence[Found],
    facts: Mapping[int, ProgramFacts],
    results: Mapping[str, Sequence[CheckResult]],
    rubric: Rubric,
    weights: Mapping[str, float] | None,
    today: date,
) -> list[Side]:
    ids = [int(program.id or 0) for program, _ in programs]
    awards: dict[int, list[tuple[str, int, str]]] = {}
    for program_id, year, count, source in session.exec(
        select(Completion.program_id, Completion.academic_year, Completion.count, Completion.source)
        .where(col(Completion.program_id).in_(ids))
        .order_by(col(Completion.academic_year).desc())
    ):
        awards.setdefault(program_id, []).append((year, count, source))
    keys = {program.source for program, _ in programs}
    keys |= {institution.source for _, institution in programs}
    keys |= {source for rows in awards.values() for _, _, source in rows}
    sources = {s.key: s for s in session.exec(select(Source).where(col(Source.key).in_(keys)))}
    sides = []
    for program, institution in programs:
        key = int(program.id or 0)
        cip = find_cip(session, program.cip_code) if program.cip_code else None
        delivery = delivery_of(facts[key], today)
        sides.append(
            Side(
                slug=program.slug,
                name=program.name,
                award=program.award_level or program.award_group or program.award_as_stated,
                cip_code=program.cip_code,
                cip_title=cip.title if cip else None,
                campus=program.campus,
                school=institution.name,
                city=institution.city,
                state=institution.state,
                control=institution.control,
                delivery=tuple(delivery) if delivery else None,
                record=_to_record(sources[program.source], None, url=program.url),
                school_record=_to_record(
                    sources[institution.source], institution.as_of, level=Level.INSTITUTION
                ),
                completions=[
                    YearCount(year, count, _to_record(sources[source], year))
                    for year, count, source in awards.get(key, [])
                ],
                facts=facts[key],
                results=results[program.slug],
                scored=score(rubric, findings_of(results[program.slug]), weights),
                target=find_target(session, facts[key], today),
            )
        )
    return sides


def _to_record(
    source: Source, as_of: str | None, *, level: str = Level.PROGRAM, url: str | None = None
) -> RecordClaim:
    return RecordClaim(
        level=level,
        source=source.key,
        basis=source.basis,
        source_url=url or source.url,
        as_of=as_of,
    )


def _to_row(row: Row, today: date) -> RowRead:
    return RowRead(
        section=row.section,
        key=row.key,
        label=row.label,
        unit=row.unit,
        verdict=row.verdict,
        reason=row.reason,
        values=[_to_value(slug, cell, today) for slug, cell in row.cells.items()],
        best=list(row.best),
    )


def _to_value(slug: str, cell: Cell, today: date) -> ValueRead:
    value: str | bool | int | float | list[str] | RangeRead | None
    match cell.value:
        case Range():
            value = RangeRead(low=cell.value.low, high=cell.value.high)
        case tuple():
            value = list(cell.value)
        case _:
            value = cell.value
    return ValueRead(
        program=slug,
        value=value,
        display=cell.display,
        status=cell.status,
        stale=cell.status is CellStatus.STALE,
        terms=TermsRead.model_validate(cell.terms),
        evidence=[to_evidence(claim, today) for claim in cell.evidence],
    )
