"""Surveys that ask the same question year after year: the newest edition that asks settles it.

A box left empty in the newest edition settles it too, so an older yes does not outlive it. What an
older edition said stays readable as history.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain.claims import ProgramClaim
from app.importers.job import Job
from app.store.records import inner_table
from app.store.rows import (
    ClaimTarget,
    Statement,
    Tally,
    keep_history,
    reconcile_claims,
    supersede_rows,
)
from app.store.tables.claims import TABLES
from app.store.tables.sources import ImportRun, Source

Question = tuple[Any, ...]
"""A kind of claim, and the fields of it that tell what is spoken of."""

ASKED = "what the file being imported asks"
"""Key of the session under which it waits to be kept with the record of the run."""


@dataclass(slots=True)
class Edition:
    """Which schools answered an edition of a survey, or of which programs, and what it asks."""

    schools: set[int] = field(default_factory=set)
    programs: set[int] = field(default_factory=set)
    questions: set[Question] = field(default_factory=set)

    def settles(self, target: ClaimTarget, claim: ProgramClaim) -> bool:
        """Return whether it asked a school what another edition's claim answers."""
        question = (type(claim), *(getattr(claim, name) for name in claim.identity))
        return self.is_on(target.program_id, target.institution_id) and question in self.questions

    def is_on(self, program: int | None, school: int | None) -> bool:
        """Return whether it asked about a program, or about a school as a whole."""
        return program in self.programs if school is None else school in self.schools

    def to_json(self) -> dict[str, Any]:
        """Return it as the record of a run keeps it."""
        questions = [[kind.kind_name, *fields] for kind, *fields in self.questions]
        return {
            "schools": sorted(self.schools),
            "programs": sorted(self.programs),
            "questions": sorted(questions, key=str),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Edition":
        """Return it from the record of a run."""
        kinds = {kind.kind_name: kind for kind in TABLES}
        questions = {(kinds[name], *fields) for name, *fields in kept["questions"]}
        return cls(set(kept["schools"]), set(kept.get("programs", ())), questions)


def reconcile_editions(
    job: Job,
    source: Source,
    statements: Mapping[type[ProgramClaim], Sequence[Statement]],
    asked: Edition | None = None,
) -> Tally:
    """Bring the claims of one edition in step with its file.

    What a newer edition has settled is kept as history, and what this one settles of older ones
    becomes history.

    Args:
        job: The file.
        source: Of the file.
        statements: Kind of claim -> all that the file says.
        asked: What it asks; None: every question it asks of a school makes a claim.
    """
    tally, kinds = Tally(), list(statements)
    others = [
        other
        for other in job.session.exec(select(Source).where(col(Source.key) != source.key))
        if job.editions.fullmatch(other.key)
    ]
    year = source.edition or ""
    newer = [_load(job.session, one.key, kinds) for one in others if (one.edition or "") > year]
    older = [one.key for one in others if (one.edition or "") < year]
    for kind, said in statements.items():
        current: list[Statement] = []
        past: list[Statement] = []
        for one in said:
            (past if any(edition.settles(*one) for edition in newer) else current).append(one)
        tally.add(reconcile_claims(job.session, kind, source.key, current, now=job.now))
        tally.add(keep_history(job.session, kind, source.key, past, now=job.now))
    if asked is not None:
        job.session.info[ASKED] = asked.to_json()
    this = asked or _load(job.session, source.key, kinds)
    for kind in kinds:
        tally.retired += _supersede(job, kind, older, this)
    return tally


def _load(session: Session, source: str, kinds: Collection[type[ProgramClaim]]) -> Edition:
    """Return what an edition asked, by the record of its import, else by all its claims."""
    runs = select(ImportRun.asked).where(
        ImportRun.source == source, col(ImportRun.asked).is_not(None)
    )
    kept = session.exec(runs.order_by(col(ImportRun.id).desc()).limit(1)).first()
    if kept is not None:
        return Edition.from_json(kept)
    edition = Edition()
    for kind in kinds:
        table = inner_table(TABLES[kind])
        told = (table.c[name] for name in kind.identity)
        about = (table.c.program_id, table.c.institution_id)
        rows = sa.select(*about, *told).where(table.c.source == source)
        for program, school, *values in session.execute(rows.distinct()):
            (edition.programs if school is None else edition.schools).add(school or program)
            edition.questions.add((kind, *values))
    return edition


def _supersede(job: Job, kind: type[ProgramClaim], sources: Collection[str], by: Edition) -> int:
    """Make history of the current claims of some sources that an edition settles."""
    table = inner_table(TABLES[kind])
    told = (table.c[name] for name in kind.identity)
    rows = job.session.execute(
        sa.select(table.c.id, table.c.program_id, table.c.institution_id, *told).where(
            table.c.source.in_(sources), table.c.superseded_at.is_(None)
        )
    )
    settled = [
        number
        for number, program, school, *values in rows
        if by.is_on(program, school) and (kind, *values) in by.questions
    ]
    supersede_rows(job.session, TABLES[kind], settled, job.now)
    return len(settled)
