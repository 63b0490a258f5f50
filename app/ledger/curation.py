"""Which unknowns matter most: an editor's hour should settle as many as it can."""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain.checklist.curation import claim_for
from app.domain.checklist.rubric import Rubric
from app.domain.checklist.rules import CheckResult, find_all, find_one
from app.domain.checklist.scoring import points_at_stake
from app.errors import Fault, InvalidRequestError, NotFoundError, nearest
from app.ledger.drafts import Proposal, apply_edits, pending_edits, propose, trial
from app.queries.claims import load_facts
from app.queries.programs import get_program
from app.queries.releases import stamp
from app.schemas.claims import to_evidence
from app.schemas.curation import QueueItem, QueueQuery, QueueRead, SettleRead, SettleRequest
from app.schemas.drafts import EditRead
from app.store.changes import Author
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program, ProgramSummary

LOOKED_AT = 300
"""Programs with the most completions whose checks are looked at for one answer."""


def list_queue(session: Session, rubric: Rubric, query: QueueQuery, today: date) -> QueueRead:
    """Return open checks by what settling them is worth: awards a year times points at stake.

    Looks at the programs that most students finish; one without a count of awards counts as one.
    """
    listed = (
        select(Program, Institution, ProgramSummary.completions)
        .join(Institution, col(Institution.id) == col(Program.institution_id))
        .join(ProgramSummary, col(ProgramSummary.program_id) == col(Program.id))
        .order_by(sa.func.coalesce(ProgramSummary.completions, 0).desc(), col(ProgramSummary.slug))
        .limit(LOOKED_AT)
    )
    if query.state:
        listed = listed.where(col(ProgramSummary.state).in_(query.state))
    if query.program:
        listed = listed.where(col(ProgramSummary.slug) == query.program)
    found = list(session.exec(listed))
    facts = load_facts(session, [program for program, _, _ in found])
    items = []
    for program, institution, completions in found:
        results = {r.key: r for r in find_all(facts[int(program.id or 0)], rubric, today)}
        stakes: Mapping[str, float] = points_at_stake(
            rubric, {key: result.finding for key, result in results.items()}
        )
        for key, points in stakes.items():
            check = rubric.find_check(key)
            if check is None or (query.check and key not in query.check):
                continue
            items.append(
                QueueItem(
                    program=program.slug,
                    institution=institution.name,
                    check=key,
                    label=check.label,
                    completions=completions,
                    points_at_stake=round(points, 2),
                    weight=round(max(completions or 0, 1) * points, 1),
                    reason=results[key].reason,
                    ask=check.question,
                    whom=check.whom,
                    evidence=[to_evidence(claim, today) for claim in results[key].evidence],
                    website=program.url or institution.website,
                )
            )
    items.sort(key=lambda item: (-item.weight, item.program, item.check))
    sources = {e.source for item in items[: query.limit] for e in item.evidence}
    return QueueRead(
        items=items[: query.limit],
        total=len(items),
        programs_looked_at=len(found),
        **stamp(session, sources, today),
    )


def settle(
    session: Session, request: SettleRequest, rubric: Rubric, author: Author, now: datetime
) -> SettleRead:
    """Propose the claim that settles a check, and tell what the check then says.

    Raises:
        InvalidRequestError: The program or check is not known, or the claim cannot be accepted.
    """
    try:
        program, institution = get_program(session, request.program)
    except NotFoundError as error:
        fault = Fault(
            error.detail,
            pointer="#/program",
            value=request.program,
            suggestion=error.suggestion,
        )
        raise InvalidRequestError([fault]) from error
    if rubric.find_check(request.check) is None:
        near = nearest(request.check, rubric.check_keys)
        words = f"No check is known as {request.check!r}."
        fault = Fault(words, pointer="#/check", value=request.check, suggestion=near)
        raise InvalidRequestError([fault])
    try:
        collection, values = claim_for(
            request.check, request.finding, program.award_level, request.details
        )
    except ValueError as error:
        words = f"{error}."
        raise InvalidRequestError(
            [Fault(words, pointer="#/finding", value=request.finding)]
        ) from error
    is_wide = request.check == "institution_accredited"
    about = {"institution": institution.slug} if is_wide else {"program": program.slug}
    if is_wide and institution.unitid:
        about = {"institution": str(institution.unitid)}
    evidence = {
        "source_url": request.source_url,
        "as_of": request.as_of,
        "basis": str(request.basis),
    }
    proposal = Proposal("create", collection, None, {**about, **values, **evidence})
    edit, _ = propose(session, proposal, author, if_match=None, now=now)
    before = _result(session, program, request.check, now)
    with trial(session):
        apply_edits(session, pending_edits(session), now)
        after = _result(session, program, request.check, now)
    return SettleRead(
        edit=EditRead.model_validate(edit),
        check=request.check,
        finding_before=before.finding,
        finding_after=after.finding,
        reason=after.reason,
    )


def _result(session: Session, program: Program, check: str, now: datetime) -> CheckResult:
    facts = load_facts(session, [program])[int(program.id or 0)]
    return find_one(facts, check, now.date())
