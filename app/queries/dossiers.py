"""All that is known of programs, each as a dossier: whatever their number, in few statements."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.checklist.rubric import Rubric
from app.domain.claims import claims_in
from app.domain.dossier import Dossier, ProgramRecord, SchoolRecord, YearOfAwards
from app.domain.evidence import Subject
from app.domain.shared_facts import SharedFacts
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries.accreditors import published_remits
from app.queries.claims import load_facts
from app.queries.kept import Shelf, kept
from app.queries.programs import slugs_like
from app.queries.rubrics import current_rubric
from app.queries.shared_facts import load_shared_facts
from app.schemas.pages import Evidence, StampFields, aging
from app.store.records import inner_table
from app.store.tables.classifications import Cip
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program

PROGRAM, INSTITUTION = inner_table(Program), inner_table(Institution)
CIP, COMPLETION = inner_table(Cip), inner_table(Completion)


def _columns(table: sa.Table, shape: type) -> list[sa.Column[Any]]:
    return [table.c[field.name] for field in fields(shape)]


OF_PROGRAM = len(fields(ProgramRecord))
OF_SCHOOL = OF_PROGRAM + len(fields(SchoolRecord))

RECORDS = (
    sa.select(
        *_columns(PROGRAM, ProgramRecord),
        *_columns(INSTITUTION, SchoolRecord),
        CIP.c.title,
        *_columns(COMPLETION, YearOfAwards),
    )
    .select_from(PROGRAM)
    .join(INSTITUTION, INSTITUTION.c.id == PROGRAM.c.institution_id)
    .outerjoin(CIP, CIP.c.code == PROGRAM.c.cip_code)
    .outerjoin(COMPLETION, COMPLETION.c.program_id == PROGRAM.c.id)
    .order_by(PROGRAM.c.id, COMPLETION.c.academic_year.desc())
)
"""Programs with school, field of study and awards: a row for each year of awards, newest first."""

WANTED: sa.BindParameter[Any] = sa.bindparam("wanted", expanding=True)

BY_ID = RECORDS.where(PROGRAM.c.id.in_(WANTED))
BY_SLUG = RECORDS.where(PROGRAM.c.slug.in_(WANTED))
LISTED = RECORDS.where(PROGRAM.c.retired_at.is_(None))


def load_dossiers(
    session: Session,
    which: sa.Select[Any],
    wanted: Collection[object],
    day: date,
    *,
    rubric: Rubric | None = None,
    shared: SharedFacts | None = None,
) -> list[Dossier]:
    """Return what is known of programs on a day, retired ones too, in three statements.

    Args:
        session: Of the catalogue, or of a draft.
        which: BY_ID, BY_SLUG or LISTED.
        wanted: Their ids or slugs; LISTED has none.
        day: The day that ages are counted to.
        rubric: By default the newest.
        shared: What programs share; by default as it is kept with the release.
    """
    release, remits = 0, published_remits()
    if shared is None:
        shared, release = load_shared_facts(session)
    schools: dict[int, SchoolRecord] = {}
    found: dict[int, tuple[ProgramRecord, SchoolRecord, str | None, list[YearOfAwards]]] = {}
    for row in session.execute(which, {WANTED.key: list(wanted)}).all():
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
            remits=remits,
        )
        for program, school, title, years in found.values()
    ]


def find_dossiers(session: Session, slugs: Sequence[str], day: date) -> dict[str, Dossier]:
    """Return slug -> what is known of it on a day, of those programs that exist.

    Those that were read last are kept, with all that was made of them.
    """
    shelf, rubric = _shelf(session), current_rubric()
    asked = {slug: shelf.find((slug, day, rubric.version)) for slug in slugs}
    found = {slug: dossier for slug, dossier in asked.items() if dossier}
    if missing := asked.keys() - found.keys():
        for dossier in load_dossiers(session, BY_SLUG, missing, day):
            slug = dossier.program.slug
            found[slug] = dossier
            shelf.put((slug, day, rubric.version), dossier, size_of(dossier))
    return found


@kept()
def _shelf(_session: Session) -> Shelf[Dossier]:
    """Return the dossiers that are kept of a release; an empty shelf for all other sessions."""
    return Shelf(KEPT_BYTES)


KEPT_BYTES = 32_000_000
"""Memory for dossiers in each process: for some hundred of them."""


def size_of(dossier: Dossier) -> int:
    """Return how many bytes a dossier needs at most, once all was made that is made once.

    As measured over the seed: most of it are the rows of comparisons, which all programs have.
    """
    return 120_000 + 4_000 * sum(1 for _ in claims_in(dossier.facts))


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
        **aging(as_of, Subject.OFFERING, day),
    )
