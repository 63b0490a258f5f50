"""The whole record of one program, and all that was ever claimed about it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlmodel import Session

from app.domain.claims import (
    LISTS,
    WIRE_LISTS,
    ProgramClaim,
    ProgramFacts,
    by_form,
    claims_in,
)
from app.domain.dossier import Dossier, SchoolRecord, made_once
from app.domain.operation import Operation
from app.domain.shared_facts import SharedFacts
from app.queries.claims import list_recorded_claims
from app.queries.dossiers import evidence_of, stamp_of
from app.queries.releases import stamp
from app.queries.summaries import summary_fields
from app.schemas.claims import Standing, to_evidence, to_read, to_standings
from app.schemas.details import FormRead, MovedTo, OpeningRead, ProgramRead
from app.schemas.programs import (
    CompletionRead,
    InstitutionDetail,
    Links,
    ProgramClaims,
    RecordMatch,
    Successor,
)
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program

READ_ORDER: dict[Standing, int] = {
    "current": 0,
    "unconfirmed": 1,
    "agreeing": 2,
    "conflicting": 3,
    "superseded": 4,
}


@made_once
def get_details(dossier: Dossier) -> ProgramRead:
    """Return one program with every current claim."""
    program, school, today = dossier.program, dossier.school, dossier.day
    sources = {claim.source for claim in claims_in(dossier.known)}
    sources |= {row.source for row in dossier.completions}
    return ProgramRead(
        **summary_fields(dossier)
        | {"institution": to_detail(school, dossier.operation, dossier.shared, today)},
        campus=program.campus,
        leads_to_reasons=[
            OpeningRead(
                credential=opening.credential,
                leads_to=opening.leads_to,
                rule=opening.decision.rule,
                reason=opening.decision.reason,
                url=f"/v1/eligibility?program={program.slug}&credential={opening.credential}",
            )
            for opening in [dossier.opening]
            if opening
        ],
        match=(
            RecordMatch(quality=program.match_quality, reason=program.match_reason)
            if program.match_quality
            else None
        ),
        retired_at=program.retired_at,
        retired_reason=program.retired_reason,
        moved_to=(
            MovedTo(slug=program.moved_to, link=f"/v1/programs/{program.moved_to}")
            if program.moved_to
            else None
        ),
        all_completions=[
            CompletionRead(
                academic_year=row.academic_year,
                count=row.count,
                evidence=evidence_of(dossier.shared, row.source, row.academic_year, today),
            )
            for row in dossier.completions
        ],
        links=Links(
            checklist=f"/v1/programs/{program.slug}/checklist",
            claims=f"/v1/programs/{program.slug}/claims",
            institution=f"/v1/institutions/{school.unitid or school.slug}",
            program_page=program.url,
        ),
        **to_lists(dossier.facts, today),
        forms=[
            FormRead(name=name, claims=to_reads(claims, today))
            for name, claims in by_form(dossier.facts).items()
        ],
        **stamp_of(dossier, sources | {program.source, school.source}),
    )


def to_lists(
    facts: ProgramFacts, today: date, kinds: Iterable[type[ProgramClaim]] = LISTS
) -> dict[str, Any]:
    """Return the lists of claims of a program, or of a school, as served."""
    return {WIRE_LISTS[kind]: to_reads(getattr(facts, LISTS[kind]), today) for kind in kinds}


def to_reads(claims: Iterable[ProgramClaim], today: date) -> list[Any]:
    """Return claims as served, those that lead first."""
    stood = to_standings(claims, today)
    stood.sort(key=lambda pair: READ_ORDER[pair[1]])
    return [to_read(claim, standing, today) for claim, standing in stood]


def to_detail(
    school: SchoolRecord | Institution, operation: Operation, shared: SharedFacts, today: date
) -> InstitutionDetail:
    """Return a school as its directory has it, and how it stands."""
    told = {
        "status": operation.status,
        "is_active": operation.is_active,
        "closed_on": operation.closed_on,
        "merged_into": to_successor(operation),
        "status_evidence": [to_evidence(claim, today) for claim in operation.claims],
        "evidence": evidence_of(shared, school.source, school.as_of, today),
    }
    as_listed = InstitutionDetail.model_fields.keys() - told.keys()
    return InstitutionDetail(**{name: getattr(school, name) for name in as_listed}, **told)


def to_successor(operation: Operation) -> Successor | None:
    """Return the school that another goes on as a part of, where it is known."""
    unitid = operation.successor_unitid
    if unitid is None:
        return None
    link = f"/v1/institutions/{unitid}"
    return Successor(unitid=unitid, name=operation.successor_name, link=link)


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
