"""Records read on schools' pages: find where they belong, and keep them there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.claims import ProgramClaim
from app.domain.matching import Offer, School
from app.domain.text.identifiers import to_host, to_slug
from app.domain.vocabulary import Level, MatchQuality
from app.queries.classifications import cip_titles
from app.store.rows import ClaimTarget, Statement, Tally, upsert_rows
from app.store.tables.claims import TABLES
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program


def list_schools(session: Session) -> list[School]:
    """Return every school of the federal directory."""
    statement = select_columns(
        col(Institution.id),
        col(Institution.name),
        col(Institution.state),
        col(Institution.website),
        col(Institution.aliases),
    ).where(col(Institution.unitid).is_not(None))
    return [
        School(key, name, state, website, tuple(aliases))
        for key, name, state, website, aliases in session.execute(statement)
    ]


def list_offers(session: Session) -> dict[int, list[Offer]]:
    """Return institution id -> its programs of the federal completions."""
    statement = select_columns(
        col(Program.id),
        col(Program.institution_id),
        col(Program.cip_code),
        col(Program.award_level),
        col(Program.retired_at),
    ).where(
        col(Program.match_quality).is_distinct_from(MatchQuality.UNMATCHED),
        col(Program.cip_code).is_not(None),
        col(Program.award_level).is_not(None),
    )
    offers: dict[int, list[Offer]] = {}
    for key, school, cip_code, level, retired_at in session.execute(statement):
        offer = Offer(key, school, cip_code, level, is_retired=retired_at is not None)
        offers.setdefault(school, []).append(offer)
    return offers


def joined_records(session: Session) -> dict[int, str]:
    """Return program id -> the record whose facts it carries, of federal programs."""
    statement = select(Program.id, Program.curated_id).where(
        col(Program.match_quality).in_([MatchQuality.EXACT, MatchQuality.LIKELY])
    )
    return {key: record for key, record in session.exec(statement) if key and record}


def upsert_unlisted_schools(
    session: Session, source: str, rows: Sequence[dict[str, Any]], *, now: datetime
) -> tuple[list[int], Tally]:
    """Add or change schools that the directory does not have; return an id for each row.

    A school is known again by name, state and website; its slug is name and state, with the
    website where that is taken.
    """
    stored = session.exec(select(Institution.slug, Institution.source, Institution.website)).all()
    taken = {slug: (owner, website) for slug, owner, website in stored}
    by_slug: dict[str, dict[str, Any]] = {}
    slugs = []
    for row in rows:
        mine = (source, row["website"])
        slug = to_slug(f"{row['name']} {row['state']}")
        if taken.get(slug, mine) != mine:
            slug = to_slug(f"{slug} {to_host(row['website'] or '') or 'unlisted'}")
        taken[slug] = mine
        slugs.append(slug)
        by_slug[slug] = {**row, "slug": slug, "source": source, "updated_at": now}
    tally = upsert_rows(session, Institution, ("slug",), by_slug.values())
    statement = select(Institution.slug, Institution.id).where(col(Institution.slug).in_(slugs))
    ids = dict(session.exec(statement).all())
    return [int(ids[slug] or 0) for slug in slugs], tally


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one record belongs: a program of the completions, or one of its own (no ``offer``)."""

    record: str
    institution_id: int
    offer: int | None
    quality: str
    reason: str | None
    name: str
    award_level: str | None
    award_group: str | None
    award_as_stated: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a list of placements.

    ``programs`` maps a record to its program's id and slug; ``touched`` also has the programs
    that a record has left.
    """

    programs: dict[str, tuple[int, str]]
    touched: set[int]
    tally: Tally


def place_records(
    session: Session, source: str, placements: Sequence[Placement], *, now: datetime
) -> Placed:
    """Join records to programs of the completions, or give them programs of their own.

    A record that belongs elsewhere than before leaves its old program: one of the completions
    gets its title back, one of its own is retired. A slug once given stays.
    """
    records = {p.record for p in placements}
    known = {
        str(program.curated_id): program
        for program in session.exec(select(Program).where(col(Program.curated_id).in_(records)))
    }
    titles = cip_titles(session)
    left: set[int] = set()
    for placement in placements:
        old = known.get(placement.record)
        if old and (old.id != placement.offer if placement.offer else old.source != source):
            _release(old, source, titles, now)
            left.add(int(old.id or 0))
            del known[placement.record]
    session.flush()  # a record may name one program only, so it must leave before it joins

    programs: dict[str, tuple[int, str]] = {}
    tally = Tally()
    for placement in placements:
        program = (
            session.get_one(Program, placement.offer)
            if placement.offer
            else known.get(placement.record) or _own_program(session, source, placement, now)
        )
        is_new = program.id is None
        changed = _apply(program, placement, now)
        tally.added += is_new
        tally.changed += changed and not is_new
        tally.unchanged += not changed and not is_new
        session.add(program)
        session.flush()
        programs[placement.record] = (int(program.id or 0), program.slug)
    return Placed(programs, {key for key, _ in programs.values()} | left, tally)


def _release(program: Program, source: str, titles: dict[str, str], now: datetime) -> None:
    program.curated_id = None
    program.updated_at = now
    if program.source == source:
        program.retired_at = now
        program.retired_reason = "its facts now stand with a program of the federal completions"
        return
    program.match_quality = program.match_reason = program.award_as_stated = program.url = None
    program.name = titles.get(program.cip_code or "", f"CIP {program.cip_code}")


def _own_program(session: Session, source: str, placement: Placement, now: datetime) -> Program:
    """Return a new program, or the retired one that the record once had."""
    institution = session.get_one(Institution, placement.institution_id)
    short = f"{institution.slug}-{to_slug(placement.name)}"
    long = f"{short}-{placement.record}"
    statement = select(Program).where(col(Program.slug).in_([short, long]))
    taken = {program.slug: program for program in session.exec(statement)}
    for program in taken.values():
        if program.source == source and program.curated_id is None:
            return program
    return Program(
        slug=long if short in taken else short,
        institution_id=placement.institution_id,
        name=placement.name,
        source=source,
        updated_at=now,
    )


def _apply(program: Program, placement: Placement, now: datetime) -> bool:
    """Set what the record says; return whether anything was other before."""
    values: dict[str, Any] = {
        "curated_id": placement.record,
        "match_quality": placement.quality,
        "match_reason": placement.reason,
        "name": placement.name,
        "award_as_stated": placement.award_as_stated,
        "url": placement.url,
    }
    if placement.offer is None:
        values |= {
            "institution_id": placement.institution_id,
            "award_level": placement.award_level,
            "award_group": placement.award_group,
            "retired_at": None,
            "retired_reason": None,
        }
    changed = {name for name, value in values.items() if getattr(program, name) != value}
    for name in changed:
        setattr(program, name, values[name])
    if changed:
        program.updated_at = now
    return bool(changed)


def claims_elsewhere(
    session: Session, kind: type[ProgramClaim], source: str, programs: Iterable[int]
) -> list[Statement]:
    """Return current claims of one kind and source on programs other than these."""
    table: Any = TABLES[kind]
    names = [f.name for f in fields(kind) if f.name != "level"]
    touched = set(programs)
    statement = select_columns(
        col(table.program_id), *(col(getattr(table, name)) for name in names)
    ).where(
        col(table.source) == source,
        col(table.superseded_at).is_(None),
        col(table.program_id).is_not(None),
    )
    return [
        (
            ClaimTarget(program_id=program_id),
            kind(level=Level.PROGRAM, **dict(zip(names, values, strict=True))),
        )
        for program_id, *values in session.execute(statement)
        if program_id not in touched
    ]
