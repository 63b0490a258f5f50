"""Which unknowns matter most: an editor's hour should settle as many as it can."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain.checklist.curation import claim_for, level_of
from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import points_at_stake
from app.errors import Fault, InvalidRequestError, NotFoundError, nearest
from app.ledger.drafts import Proposal, apply_edits, pending_edits, propose, rolled_back_savepoint
from app.ledger.found_facts import named
from app.queries.claims import pages_behind_facts
from app.queries.dossiers import BY_ID, get_dossier, load_dossiers
from app.queries.found_facts import count_waiting
from app.queries.freshness import who_settles
from app.queries.releases import stamp
from app.queries.summaries import NOT_GONE, WEIGHT
from app.schemas.claims import to_evidence
from app.schemas.curation import QueueItem, QueueQuery, QueueRead, SettleRead, SettleRequest
from app.schemas.drafts import EditRead
from app.store.changes import Author
from app.store.facts import refresh_facts
from app.store.records import batches
from app.store.tables.programs import ProgramSummary
from app.store.tables.reading import ProgramReading

LOOKED_AT = 300
"""Programs with the most completions whose checks are looked at for one answer."""


def list_queue(session: Session, rubric: Rubric, query: QueueQuery, today: date) -> QueueRead:
    """Return open checks by what settling them is worth: awards a year times points at stake.

    Looks at the programs that most students finish; one without a count of awards counts as one.
    """
    listed = (
        select(ProgramSummary.program_id, ProgramSummary.completions)
        .where(NOT_GONE)
        .order_by(sa.func.coalesce(ProgramSummary.completions, 0).desc(), col(ProgramSummary.slug))
        .limit(LOOKED_AT)
    )
    if query.state:
        listed = listed.where(col(ProgramSummary.state).in_(query.state))
    if query.program:
        listed = listed.where(col(ProgramSummary.slug) == query.program)
    found = session.exec(listed).all()
    loaded = load_dossiers(session, BY_ID, [key for key, _ in found], today)
    dossiers = {dossier.program.id: dossier for dossier in loaded}
    settlers = who_settles()
    waiting = count_waiting(session, [key for key, _ in found])
    items = []
    for program_id, completions in found:
        dossier = dossiers[program_id]
        results = {result.key: result for result in dossier.results}
        for key, points in points_at_stake(rubric, dossier.findings).items():
            check = rubric.find_check(key)
            if check is None or (query.check and key not in query.check):
                continue
            settled_by = settlers.get(key, [])
            if query.settled_by and (query.settled_by == "refresh") != bool(settled_by):
                continue
            items.append(
                QueueItem(
                    program=dossier.program.slug,
                    institution=dossier.school.name,
                    check=key,
                    label=check.label,
                    completions=completions,
                    points_at_stake=round(points, 2),
                    weight=round(max(completions or 0, 1) * points, 1),
                    reason=results[key].reason,
                    ask=check.question,
                    whom=check.whom,
                    evidence=[to_evidence(claim, today) for claim in results[key].evidence],
                    website=dossier.program.url or dossier.school.website,
                    settled_by=settled_by,
                    found_facts=waiting.get(program_id, 0),
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


def programs_to_read(
    session: Session,
    rubric: Rubric,
    *,
    states: Sequence[str],
    checks: Sequence[str],
    most: int,
    today: date,
    not_since: datetime | None,
) -> list[str]:
    """Return the programs whose open checks weigh most, and whose pages were not read of late.

    Args:
        session: Reads.
        rubric: Whose checks are meant.
        states: Of the schools; none: all.
        checks: One of them must be open; none: any check.
        most: Programs at most.
        today: Findings depend on the day.
        not_since: Programs read at this moment or later are passed over; None: none is.
    """
    listed = (
        select(ProgramSummary.program_id, ProgramSummary.slug)
        .where(NOT_GONE)
        .order_by(WEIGHT.desc(), col(ProgramSummary.slug))
    )
    if states:
        listed = listed.where(col(ProgramSummary.state).in_(states))
    if not_since is not None:
        of_late = select(ProgramReading.program_id).where(ProgramReading.read_at >= not_since)
        listed = listed.where(col(ProgramSummary.program_id).not_in(of_late))
    found: list[str] = []
    for some in batches(list(session.exec(listed)), LOOKED_AT):
        loaded = load_dossiers(session, BY_ID, [key for key, _ in some], today)
        stakes = {one.program.slug: points_at_stake(rubric, one.findings) for one in loaded}
        found += [
            slug
            for _, slug in some
            if (stakes[slug].keys() & set(checks) if checks else stakes[slug])
        ]
        if len(found) >= most:
            break
    return found[:most]


def programs_to_recheck(
    session: Session, *, states: Sequence[str], most: int, now: datetime
) -> list[str]:
    """Return programs with facts that rest on pages, the longest unseen and weightiest first.

    Its days since somebody looked at one of the pages count times the awards of a year.
    """
    due: dict[str, float] = {}
    for page in pages_behind_facts(session, states):
        days = (now - page.looked_at).total_seconds() / 86_400
        due[page.program] = max(due.get(page.program, 0.0), max(page.awards, 1) * days)
    return sorted(due, key=lambda slug: (-due[slug], slug))[:most]


def settle(
    session: Session, request: SettleRequest, rubric: Rubric, author: Author, now: datetime
) -> SettleRead:
    """Propose the claim that settles a check, and tell what the check then says.

    Raises:
        InvalidRequestError: The program or check is not known, or the claim cannot be accepted.
    """
    try:
        dossier = get_dossier(session, request.program, now.date())
    except NotFoundError as error:
        raise InvalidRequestError([error.in_body("#/program")]) from error
    if rubric.find_check(request.check) is None:
        near = nearest(request.check, rubric.check_keys)
        words = f"No check is known as {request.check!r}."
        fault = Fault(words, pointer="#/check", value=request.check, suggestion=near)
        raise InvalidRequestError([fault])
    try:
        collection, values = claim_for(
            request.check,
            request.finding,
            dossier.program.award_level,
            dossier.accreditors,
            request.details,
        )
    except ValueError as error:
        words = f"{error}."
        raise InvalidRequestError(
            [Fault(words, pointer="#/finding", value=request.finding)]
        ) from error
    about = named(dossier, level_of(request.check))
    evidence = {
        "source_url": request.source_url,
        "as_of": request.as_of,
        "basis": str(request.basis),
    }
    proposal = Proposal("create", collection, None, {**about, **values, **evidence})
    edit, _ = propose(session, proposal, author, if_match=None, now=now)
    before = dossier.find(request.check)
    with rolled_back_savepoint(session):
        apply_edits(session, pending_edits(session), now)
        refresh_facts(session, whole=False)
        after = get_dossier(session, request.program, now.date()).find(request.check)
    return SettleRead(
        edit=EditRead.model_validate(edit),
        check=request.check,
        finding_before=before.finding,
        finding_after=after.finding,
        reason=after.reason,
    )
