"""What releases changed, of everything or of one program or credential."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.store.changes import Change, changes_about, list_changes
from app.store.tables.changes import CatalogueChange
from app.store.tables.credentials import Credential
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program
from app.store.tables.releases import Release

NEWEST = 50
"""Releases that are told of."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a release changed of something: collection -> added, changed or retired -> records."""

    release: int
    at: datetime
    rows: dict[str, dict[str, int]]


def newest_releases(session: Session) -> list[Release]:
    """Return the newest releases, the newest first."""
    newest = select(Release).order_by(col(Release.number).desc()).limit(NEWEST)
    return list(session.exec(newest))


def program_history(session: Session, slug: str) -> tuple[Program, list[Told]]:
    """Return a program, and what releases after the first changed of it, the newest first.

    Raises:
        NotFoundError: No program has, or had, this slug.
    """
    program = session.exec(select(Program).where(Program.slug == slug)).first()
    if program is None:
        raise NotFoundError("program", slug)
    own = and_(col(CatalogueChange.collection) == "program", col(CatalogueChange.key) == slug)
    found = list_changes(session, or_(own, changes_about("program_id", program.id)))
    return program, _by_release(found)


def credential_history(session: Session, code: str) -> tuple[Credential, list[Told]]:
    """Return a credential by its code, and what releases after the first changed of it.

    Raises:
        NotFoundError: No credential has this code.
    """
    credential = session.get(Credential, code.upper())
    if credential is None:
        raise NotFoundError("credential", code, known=list(session.exec(select(Credential.code))))
    own = and_(
        col(CatalogueChange.collection) == "credential",
        col(CatalogueChange.key) == credential.code,
    )
    found = list_changes(session, or_(own, changes_about("credential_code", credential.code)))
    return credential, _by_release(found)


def _by_release(changes: Iterable[Change]) -> list[Told]:
    told: dict[int, tuple[datetime, dict[str, Counter[str]]]] = {}
    for change in changes:
        _, rows = told.setdefault(change.release, (change.at, {}))
        rows.setdefault(change.collection, Counter())[change.kind] += 1
    return [
        Told(number, at, {name: dict(counts) for name, counts in sorted(rows.items())})
        for number, (at, rows) in sorted(told.items(), reverse=True)[:NEWEST]
    ]


def names_of(session: Session, slugs: Iterable[str]) -> dict[str, str]:
    """Return slug -> school and name of programs."""
    named = select(Program.slug, Program.name, Institution.name).join(Institution)
    found = session.exec(named.where(col(Program.slug).in_(set(slugs))))
    return {slug: f"{school}: {name}" for slug, name, school in found}
