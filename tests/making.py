"""Make programs for tests: the test states what matters, the rest is filled in."""

from dataclasses import asdict
from typing import Any

from sqlmodel import Session, select

from app.domain.claims import ProgramClaim
from app.domain.vocabulary import BELOW_ASSOCIATE, CERTIFICATE, Basis, Level
from app.ledger.releases import add_release
from app.ledger.summaries import refresh_summaries
from app.store.rows import insert_rows
from app.store.tables.claims import TABLES
from app.store.tables.classifications import Cip
from app.store.tables.institutions import Institution
from app.store.tables.programs import Completion, Program
from app.store.tables.sources import Source
from tests.domain.facts import (
    GOVERNMENT,
    NOW,
    RUBRIC,
    SCHOOL,
    TODAY,
    accredited,
    evidence,
    price,
)

__all__ = [
    "GOVERNMENT",
    "NOW",
    "RUBRIC",
    "SCHOOL",
    "TODAY",
    "accredited",
    "add_program",
    "add_school",
    "add_sources",
    "evidence",
    "price",
    "publish",
]


def add_sources(session: Session) -> None:
    for key, basis in ((SCHOOL, Basis.STATED_BY_INSTITUTION), (GOVERNMENT, Basis.GOVERNMENT_DATA)):
        if session.get(Source, key) is None:
            session.add(
                Source(key=key, title=key, publisher="Somebody", licence="None", basis=basis)
            )
    session.flush()


def add_school(session: Session, slug: str = "some-college", **fields: Any) -> Institution:
    add_sources(session)
    known = session.exec(select(Institution).where(Institution.slug == slug)).first()
    if known is not None:
        return known
    school = Institution(
        **{
            "slug": slug,
            "name": slug.replace("-", " ").title(),
            "city": "Columbus",
            "state": "OH",
            "control": "public",
            "level": "two_year",
            "source": GOVERNMENT,
            "as_of": "2024-25",
            "updated_at": NOW,
            **fields,
        }
    )
    session.add(school)
    session.flush()
    return school


def add_program(
    session: Session,
    slug: str,
    *,
    claims: list[ProgramClaim] | None = None,
    school: str = "some-college",
    school_fields: dict[str, Any] | None = None,
    completions: dict[str, int] | None = None,
    **fields: Any,
) -> Program:
    """Add one program with its claims; those of level institution go to its school."""
    institution = add_school(session, school, **(school_fields or {}))
    level = fields.get("award_level", "associate")
    program = Program(
        **{
            "slug": slug,
            "institution_id": institution.id,
            "name": "Health Information Technology",
            "cip_code": "51.0707",
            "award_level": level,
            "award_group": CERTIFICATE if level in BELOW_ASSOCIATE else level,
            "source": GOVERNMENT,
            "updated_at": NOW,
            **fields,
        }
    )
    if program.cip_code and session.get(Cip, program.cip_code) is None:
        session.add(
            Cip(code=program.cip_code, title="Health Information Technology", source=GOVERNMENT)
        )
    session.add(program)
    session.flush()
    for year, count in (completions or {}).items():
        session.add(
            Completion(program_id=program.id, academic_year=year, count=count, source=GOVERNMENT)
        )
    for claim in claims or []:
        about = {"program_id": program.id, "institution_id": None}
        if claim.level == Level.INSTITUTION:
            about = {"program_id": None, "institution_id": institution.id}
        values = {k: v for k, v in asdict(claim).items() if k != "level"}
        insert_rows(session, TABLES[type(claim)], [{**about, **values, "recorded_at": NOW}])
    return program


def publish(session: Session) -> None:
    """Build the summaries and publish a release, as a command would."""
    change_on = refresh_summaries(session, RUBRIC, now=NOW)
    add_release(session, "test", now=NOW, change_on=change_on, rubric=RUBRIC)
    session.commit()
