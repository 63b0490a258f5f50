"""All that is known of programs, each as a dossier: whatever their number, in few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.domain.checklist.rubric import Rubric
from app.domain.dossier import Dossier, ProgramRecord, SchoolRecord, YearOfAwards
from app.domain.evidence import Age, Subject, age_of
from app.domain.shared_facts import SharedFacts
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries.claims import load_facts
from app.queries.programs import slugs_like
from app.queries.rubrics import current_rubric
from app.queries.shared_facts import load_shared_facts
from app.schemas.pages import Evidence, StampFields
from app.store.tables.classifications import Cip
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program


def _columns(table: Any, shape: type) -> list[Any]:
    return [col(getattr(table, field.name)) for field in fields(shape)]


OF_PROGRAM = len(fields(ProgramRecord))
OF_SCHOOL = OF_PROGRAM + len(fields(SchoolRecord))

RECORDS = (
    select_columns(
        *_columns(Program, ProgramRecord),
        *_columns(Institution, SchoolRecord),
        col(Cip.title),
        *_columns(Completion, YearOfAwards),
    )
    .join(Institution, col(Institution.id) == col(Program.institution_id))
    .outerjoin(Cip, col(Cip.code) == col(Program.cip_code))
    .outerjoin(Completion, col(Completion.program_id) == col(Program.id))
    .order_by(col(Program.id), col(Completion.academic_year).desc())
)
"""Programs with school, field of study and awards: a row for each year of awards, newest first."""


def load_dossiers(
    session: Session,
    which: ColumnElement[bool],
    day: date,
    *,
    rubric: Rubric | None = None,
    shared: SharedFacts | None = None,
) -> list[Dossier]:
    """Return what is known on a day of the programs that a condition holds for, retired ones too.

    Three statements. ``rubric`` is by default the newest; ``shared`` what is kept with the release.
    """
    release = 0
    if shared is None:
        shared, release = load_shared_facts(session)
    schools: dict[int, SchoolRecord] = {}
    found: dict[int, tuple[ProgramRecord, SchoolRecord, str | None, list[YearOfAwards]]] = {}
    for row in session.execute(RECORDS.where(which)):
        key, school = row[0], row[OF_PROGRAM]
        if key not in found:
            if school not in schools:
                schools[school] = SchoolRecord(*row[OF_PROGRAM:OF_SCHOOL])
            found[key] = (ProgramRecord(*row[:OF_PROGRAM]), schools[school], row[OF_SCHOOL], [])
        if row[-1] is not None:
            found[key][3].append(YearOfAwards(*row[OF_SCHOOL + 1 :]))
    facts = load_facts(session, [program for program, *_ in found.values()]) if found else {}
    return [
        Dossier(
            program=program,
            school=school,
            cip_title=title,
            completions=years,
            facts=facts[program.id],
            shared=shared,
            rubric=rubric or current_rubric(),
            day=day,
            release=release,
        )
        for program, school, title, years in found.values()
    ]


def find_dossiers(session: Session, slugs: Sequence[str], day: date) -> dict[str, Dossier]:
    """Return slug -> what is known of it on a day, of those programs that exist."""
    found = load_dossiers(session, col(Program.slug).in_(slugs), day)
    return {dossier.program.slug: dossier for dossier in found}


def get_dossier(session: Session, slug: str, day: date) -> Dossier:
    """Return what is known of one program on a day, retired ones too.

    Raises:
        NotFoundError: No program has this slug.
    """
    found = find_dossiers(session, [slug], day)
    if slug not in found:
        raise NotFoundError("program", slug, known=slugs_like(session, slug))
    return found[slug]


def dossier_asked(session: Session, slug: str, day: date) -> Dossier:
    """Return what is known of the program that the parameter ``program`` names.

    Raises:
        InvalidRequestError: No program has this slug.
    """
    try:
        return get_dossier(session, slug, day)
    except NotFoundError as error:
        fault = Fault(error.detail, parameter="program", value=slug, suggestion=error.suggestion)
        raise InvalidRequestError([fault]) from error


def stamp_of(dossier: Dossier, sources: Iterable[str]) -> StampFields:
    """Return what every answer on a program carries: release, day and sources, sorted."""
    return {"release": dossier.release, "as_of": dossier.day, "sources": sorted(set(sources))}


def evidence_of(shared: SharedFacts, source: str, as_of: str | None, day: date) -> Evidence:
    """Return a source as the evidence of what is taken from it whole."""
    record = shared.sources[source]
    return Evidence(
        source=source,
        source_url=record.url,
        as_of=as_of,
        basis=record.basis,
        as_stated=None,
        stale=age_of(as_of, Subject.OFFERING, day) is Age.STALE,
    )
