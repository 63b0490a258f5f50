"""What was read on pages of schools or answered by schools, and waits for an editor."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from app.domain.checklist.curation import records_of
from app.domain.claims import (
    LISTS,
    ProgramClaim,
    claims_in,
    declared_fields,
    identity_of,
    own_fields,
)
from app.domain.dossier import Dossier
from app.domain.pages.page import statement_of
from app.domain.vocabulary import Level
from app.errors import Fault, InvalidRequestError, nearest
from app.queries.dossiers import BY_ID, load_dossiers
from app.queries.rubrics import current_rubric
from app.queries.summaries import WEIGHT
from app.schemas.found_facts import (
    FoundFactRead,
    FoundFactsPage,
    FoundFactsQuery,
    PageReviewRead,
    PageReviewsRead,
)
from app.store.paging import SortKey, fetch_page
from app.store.records import inner_table
from app.store.tables.programs import Program, ProgramSummary
from app.store.tables.reading import FoundFact, PageReview, ProgramReading

FACT, PROGRAM = inner_table(FoundFact), inner_table(Program)
SUMMARY = inner_table(ProgramSummary)
_WEIGHT = func.coalesce(WEIGHT, 0.0)

KINDS = {f"{kind.kind_name}_claim": kind for kind in LISTS}
"""Collection -> the kind of its claims."""


def _conditions(query: FoundFactsQuery) -> list[sa.ColumnElement[bool]]:
    """Turn the query string into conditions.

    Raises:
        InvalidRequestError: A check is not known.
    """
    where: list[sa.ColumnElement[bool]] = [FACT.c.state == query.state]
    if query.program:
        where.append(PROGRAM.c.slug == query.program)
    if query.school_state:
        where.append(SUMMARY.c.state.in_(query.school_state))
    if query.school:
        where.append(SUMMARY.c.institution_name.icontains(query.school, autoescape=True))
    if query.collection:
        where.append(FACT.c.collection.in_(query.collection))
    if query.origin:
        where.append(FACT.c.origin == query.origin)
    if query.check:
        where.append(sa.or_(*map(_tells_of, query.check)))
    return where


def _tells_of(check: str) -> sa.ColumnElement[bool]:
    """Return the condition that a fact can settle a check.

    Raises:
        InvalidRequestError: There is no such check.
    """
    try:
        collection, equal, told = records_of(check)
    except KeyError as error:
        near = nearest(check, current_rubric().check_keys)
        words = f"No check is known as {check!r}."
        fault = Fault(words, parameter="check", value=check, suggestion=near)
        raise InvalidRequestError([fault]) from error
    record = FACT.c.record
    return sa.and_(
        FACT.c.collection == collection,
        *(record[name].as_string() == value for name, value in equal.items()),
        *(record[name].as_string().is_not(None) for name in told),
    )


def _joined(*columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .select_from(FACT)
        .join(PROGRAM, PROGRAM.c.id == FACT.c.program_id)
        .outerjoin(SUMMARY, SUMMARY.c.program_id == FACT.c.program_id)
    )


def _count(session: Session, where: Sequence[sa.ColumnElement[bool]]) -> tuple[int, int]:
    """Return how many facts there are, and of how many programs."""
    counted = _joined(func.count(), func.count(sa.distinct(FACT.c.program_id))).where(*where)
    total, programs = session.execute(counted).one()
    return total, programs


def list_facts(session: Session, query: FoundFactsQuery) -> FoundFactsPage:
    """Return one page of facts, those of one program together, the weightiest program first.

    Raises:
        InvalidRequestError: A check is not known, or the cursor belongs to another query.
    """
    where = _conditions(query)
    rows, following = fetch_page(
        session,
        _joined(FACT, PROGRAM.c.slug).where(*where),
        [SortKey(_WEIGHT, descending=True), SortKey(PROGRAM.c.slug), SortKey(FACT.c.id)],
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"cursor", "limit"}),
    )
    total, programs = _count(session, where)
    return FoundFactsPage(
        items=[FoundFactRead.model_validate({**row._mapping, "program": row.slug}) for row in rows],
        total=total,
        programs=programs,
        next=following,
    )


def count_waiting(session: Session, programs: Collection[int]) -> dict[int, int]:
    """Return program -> how many facts of it wait for an editor."""
    statement = (
        sa.select(FACT.c.program_id, func.count())
        .where(FACT.c.state == "open", FACT.c.program_id.in_(programs))
        .group_by(FACT.c.program_id)
    )
    return {program: count for program, count in session.execute(statement)}


def claim_of(collection: str, record: dict[str, Any]) -> ProgramClaim | None:
    """Return the claim that a found fact would become; None where an editor has to add to it."""
    kind = KINDS[collection]
    known = {one.name for one in declared_fields(kind)}
    told = {name: value for name, value in record.items() if name in known and value != ""}
    level = Level.INSTITUTION if record.get("institution") else Level.PROGRAM
    try:
        return kind(level=level, source="", **told)
    except TypeError:
        return None


def contradict(one: ProgramClaim, other: ProgramClaim) -> bool:
    """Return whether two claims answer the same question otherwise; what one leaves out is none."""
    if identity_of(one) != identity_of(other):
        return False
    pairs = (
        (f.default, getattr(one, f.name), getattr(other, f.name)) for f in own_fields(type(one))
    )
    return any(a != b and default not in (a, b) for default, a, b in pairs)


def contradicted(facts: Sequence[FoundFact]) -> set[int]:
    """Return the numbers of those facts that another of them contradicts."""
    claims = [(fact.id or 0, claim_of(fact.collection, fact.record)) for fact in facts]
    return {
        number
        for number, one in claims
        if one is not None
        and any(other is not None and contradict(one, other) for _, other in claims)
    }


@dataclass(slots=True)
class WaitingFact:
    """A fact to decide on; ``again`` are those that state the same elsewhere."""

    fact: FoundFact
    claim: ProgramClaim | None
    again: list[FoundFact] = field(default_factory=list)
    against: list[ProgramClaim] = field(default_factory=list)
    """What the catalogue says otherwise today."""


@dataclass(slots=True)
class WaitingPart:
    """Facts of one sentence, or facts that contradict each other."""

    facts: list[WaitingFact]
    is_contradiction: bool = False


@dataclass(slots=True)
class WaitingProgram:
    """What waits of one program from one side: its pages, an answer of its school, or readers."""

    dossier: Dossier
    origin: str
    weight: float
    awards: int | None
    parts: list[WaitingPart]
    reading: ProgramReading | None

    @property
    def count(self) -> int:
        """How many facts are to be decided on."""
        return sum(len(part.facts) for part in self.parts)


@dataclass(slots=True)
class Waiting:
    """Some programs with what waits of each, and how much waits in all."""

    programs: list[WaitingProgram]
    total: int
    of_programs: int
    next: str | None


MOST_FACTS = 40
"""Of one side of a program shown at once; the others follow when those are decided on."""


def list_waiting(session: Session, query: FoundFactsQuery, today: date) -> Waiting:
    """Return the programs with facts that wait, the weightiest first; ``limit`` counts programs.

    Raises:
        InvalidRequestError: A check is not known, or the cursor belongs to another query.
    """
    where = _conditions(query)
    grouped = (
        _joined(FACT.c.program_id, _WEIGHT.label("weight"), SUMMARY.c.completions)
        .where(*where)
        .group_by(FACT.c.program_id, PROGRAM.c.slug, *_WEIGHT_COLUMNS)
    )
    rows, following = fetch_page(
        session,
        grouped,
        [SortKey(_WEIGHT, descending=True), SortKey(PROGRAM.c.slug)],
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"cursor", "limit"}),
    )
    keys = [row.program_id for row in rows]
    chosen = _joined(FACT.c.id).where(*where, FACT.c.program_id.in_(keys))
    facts = session.exec(
        select(FoundFact).where(col(FoundFact.id).in_(chosen)).order_by(col(FoundFact.id))
    ).all()
    dossiers = {one.program.id: one for one in load_dossiers(session, BY_ID, keys, today)}
    readings = session.exec(
        select(ProgramReading).where(col(ProgramReading.program_id).in_(keys))
    ).all()
    read = {one.program_id: one for one in readings}
    total, programs = _count(session, where)
    found = []
    for row in rows:
        for origin in ("school", "page", "reader"):
            own = [f for f in facts if (f.program_id, f.origin) == (row.program_id, origin)]
            if own:
                dossier = dossiers[row.program_id]
                found.append(
                    WaitingProgram(
                        *(dossier, origin, row.weight, row.completions),
                        _parts(own[:MOST_FACTS], dossier),
                        read.get(row.program_id),
                    )
                )
    return Waiting(found, total, programs, following)


_WEIGHT_COLUMNS = (SUMMARY.c.completions, SUMMARY.c.score_high, SUMMARY.c.score_low)


def _parts(facts: Sequence[FoundFact], dossier: Dossier) -> list[WaitingPart]:
    """Return facts as they are looked at: contradictions first, then sentence by sentence."""
    waiting: list[WaitingFact] = []
    stated: dict[object, WaitingFact] = {}
    known = list(claims_in(dossier.facts))
    for fact in facts:
        claim = claim_of(fact.collection, fact.record)
        says = statement_of(claim) if claim else fact.id
        if says in stated:
            stated[says].again.append(fact)
            continue
        against = [one for one in known if claim is not None and contradict(claim, one)]
        stated[says] = WaitingFact(fact, claim, against=against)
        waiting.append(stated[says])
    apart: list[WaitingPart] = []
    by_sentence: dict[tuple[str | None, str], WaitingPart] = {}
    for one in waiting:
        others = [
            other
            for other in waiting
            if one.claim and other.claim and contradict(one.claim, other.claim)
        ]
        if others:
            if not any(one in part.facts for part in apart):
                apart.append(WaitingPart([one, *others], is_contradiction=True))
            continue
        key = (one.fact.url, one.fact.sentence)
        by_sentence.setdefault(key, WaitingPart([])).facts.append(one)
    return [*apart, *by_sentence.values()]


def list_reviews(session: Session) -> PageReviewsRead:
    """Return the pages behind facts that an editor is to look at, the oldest first."""
    rows = session.exec(
        select(PageReview, Program.slug)
        .join(Program, col(Program.id) == PageReview.program_id)
        .where(col(PageReview.decided_at).is_(None))
        .order_by(col(PageReview.id))
    )
    return PageReviewsRead(
        items=[
            PageReviewRead.model_validate({**review.model_dump(), "program": slug})
            for review, slug in rows
        ]
    )
