"""The whole record of one program, and all that was ever claimed about it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.rules import find_all, find_one, findings_of
from app.domain.checklist.scoring import score
from app.domain.claims import LISTS, ProgramClaim, ProgramFacts
from app.domain.evidence import Age, Subject, age_of
from app.queries.claims import list_recorded_claims, load_facts
from app.queries.classifications import cip_titles
from app.queries.programs import completions_of
from app.queries.releases import stamp
from app.queries.summaries import build_summary, known_total
from app.queries.total_cost import find_target
from app.schemas.claims import Standing, to_read, to_standings
from app.schemas.pages import Evidence, StampFields
from app.schemas.programs import (
    CompletionRead,
    InstitutionDetail,
    Links,
    Match,
    ProgramClaims,
    ProgramRead,
)
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program
from app.store.tables.sources import Source

READ_ORDER: dict[Standing, int] = {"current": 0, "agreeing": 1, "conflicting": 2, "superseded": 3}

WIRE_LISTS = {**{name: name for name in LISTS.values()}, "accreditation": "accreditations"}
"""List in ProgramFacts -> field of ProgramRead; `accreditation` there is the finding."""


def get_details(
    session: Session, program: Program, institution: Institution, rubric: Rubric, today: date
) -> ProgramRead:
    """Return one program with every current claim, as known on a day."""
    return list_details(session, [(program, institution)], rubric, today)[0]


def list_details(
    session: Session,
    programs: Sequence[tuple[Program, Institution]],
    rubric: Rubric,
    today: date,
) -> list[ProgramRead]:
    """Return programs with every current claim; all that they need is loaded together."""
    facts = load_facts(session, [program for program, _ in programs])
    completions = completions_of(session, list(facts))
    titles = cip_titles(session, {program.cip_code for program, _ in programs if program.cip_code})
    stamped = stamp(session, (), today)
    return [
        _to_details(
            session,
            program,
            institution,
            facts[int(program.id or 0)],
            completions.get(int(program.id or 0), []),
            titles.get(program.cip_code or ""),
            rubric,
            stamped,
        )
        for program, institution in programs
    ]


def _to_details(
    session: Session,
    program: Program,
    institution: Institution,
    facts: ProgramFacts,
    completions: Sequence[Completion],
    cip_title: str | None,
    rubric: Rubric,
    stamped: StampFields,
) -> ProgramRead:
    today = stamped["as_of"]
    findings = findings_of(find_all(facts, rubric, today))
    summary = build_summary(
        program,
        institution,
        facts,
        cip_title,
        completions[0] if completions else None,
        score(rubric, findings),
        find_one(facts, "program_accredited", today).finding,
        known_total(facts, find_target(session, facts, today), today),
        today,
    )
    claims: list[ProgramClaim] = [c for name in LISTS.values() for c in getattr(facts, name)]
    sources = {claim.source for claim in claims} | {row.source for row in completions}
    lists: dict[str, Any] = {
        WIRE_LISTS[name]: to_reads(getattr(facts, name), today) for name in LISTS.values()
    }
    return ProgramRead(
        **summary.model_dump(exclude={"institution"}),
        institution=to_detail(session, institution, today),
        campus=program.campus,
        match=(
            Match(quality=program.match_quality, reason=program.match_reason)
            if program.match_quality
            else None
        ),
        retired_at=program.retired_at,
        retired_reason=program.retired_reason,
        all_completions=[
            CompletionRead(
                academic_year=row.academic_year,
                count=row.count,
                evidence=to_evidence(session, row.source, row.academic_year, today),
            )
            for row in completions
        ],
        links=Links(
            checklist=f"/v1/programs/{program.slug}/checklist",
            claims=f"/v1/programs/{program.slug}/claims",
            institution=f"/v1/institutions/{institution.unitid or institution.slug}",
            program_page=program.url,
        ),
        **lists,
        release=stamped["release"],
        as_of=today,
        sources=sorted(sources | {program.source, institution.source}),
    )


def to_reads(claims: Iterable[ProgramClaim], today: date) -> list[Any]:
    """Return claims as served, those that lead first."""
    stood = to_standings(claims, today)
    stood.sort(key=lambda pair: READ_ORDER[pair[1]])
    return [to_read(claim, standing, today) for claim, standing in stood]


def to_detail(session: Session, institution: Institution, today: date) -> InstitutionDetail:
    """Return a school as its directory has it."""
    return InstitutionDetail(
        **{
            name: getattr(institution, name)
            for name in InstitutionDetail.model_fields
            if name != "evidence"
        },
        evidence=to_evidence(session, institution.source, institution.as_of, today),
    )


def to_evidence(session: Session, key: str, as_of: str | None, today: date) -> Evidence:
    """Return a source as the evidence of what is taken from it whole."""
    held: dict[str, Source] = session.info.setdefault("sources", {})
    if key not in held:  # a session lets go of rows that nobody holds
        held[key] = session.get_one(Source, key)
    source = held[key]
    return Evidence(
        source=key,
        source_url=source.url,
        as_of=as_of,
        basis=source.basis,
        as_stated=None,
        stale=age_of(as_of, Subject.OFFERING, today) is Age.STALE,
    )


def get_claims(
    session: Session, program: Program, standings: set[str], today: date
) -> ProgramClaims:
    """Return every claim on a program and its institution, with its standing on a day.

    ``standings`` keeps only those standings; empty keeps all.
    """
    recorded = list_recorded_claims(session, program)
    by_identity = {id(entry.claim): entry for entry in recorded}
    live = [entry.claim for entry in recorded if entry.superseded_at is None]
    stood = to_standings(live, today)
    stood += [(entry.claim, "superseded") for entry in recorded if entry.superseded_at]
    items = [
        to_read(
            claim,
            standing,
            today,
            recorded_at=by_identity[id(claim)].recorded_at,
            superseded_at=by_identity[id(claim)].superseded_at,
        )
        for claim, standing in stood
        if not standings or standing in standings
    ]
    items.sort(key=lambda item: (item.kind, READ_ORDER[item.standing]))
    return ProgramClaims(
        program=program.slug,
        items=items,
        total=len(items),
        **stamp(session, {item.evidence.source for item in items}, today),
    )
