"""Records read on schools' pages: find where they belong, and keep them there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from app.domain.text.identifiers import to_host, to_slug
from app.queries.classifications import cip_titles
from app.store.rows import Tally, upsert_rows
from app.store.tables.institutions import Institution
from app.store.tables.programs import Program


def programs_of(session: Session, records: Collection[str]) -> dict[str, Program]:
    """Return record -> the program that carries its facts, of these and those beside them."""
    statement = select(Program).where(
        or_(col(Program.curated_id).in_(records), col(Program.joined_records).is_not(None))
    )
    found: dict[str, Program] = {}
    for program in session.exec(statement):
        for record in (program.curated_id, *(program.joined_records or ())):
            if record:
                found[record] = program
    return found


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
    """Where a record belongs: to a program of the catalogue, or one of its own (no ``program``).

    ``records`` are further records that the same program carries.
    """

    record: str
    institution_id: int
    program: int | None
    quality: str
    reason: str | None
    name: str
    cip_code: str | None
    award_level: str | None
    award_group: str | None
    award_as_stated: str | None
    url: str | None
    records: tuple[str, ...] = ()


@dataclass(slots=True)
class Placed:
    """What became of a list of placements.

    ``programs`` maps a record to its program's id and slug; ``touched`` also has the programs
    that every record has left.
    """

    programs: dict[str, tuple[int, str]]
    touched: set[int]
    tally: Tally


def place_records(
    session: Session,
    source: str,
    placements: Sequence[Placement],
    followers: Mapping[int, Sequence[str]],
    *,
    now: datetime,
) -> Placed:
    """Join records to programs, or give them programs of their own.

    A record that belongs elsewhere than before leaves its old program: one of the completions
    gets its title back, one of its own is retired and points to the new one. A slug once given
    stays.

    Args:
        session: In a transaction that writes.
        source: Of programs of their own.
        placements: Of the records that lead.
        followers: Id of a program that a record of another file leads -> records that join it.
        now: The moment of the change.
    """
    placed = Placed({}, set(), Tally())
    targets = {p.record: p.program for p in placements}
    targets |= {record: p.program for p in placements for record in p.records}
    targets |= {record: program for program, joined in followers.items() for record in joined}
    known = {r: p for r, p in programs_of(session, targets.keys()).items() if r in targets}
    titles = cip_titles(session)
    left: dict[str, Program] = {}
    for record, old in known.items():
        target = targets[record]
        leads_own = target is None and old.source == source and old.curated_id == record
        if old.id != target and not leads_own:
            left[record] = old
    for record, old in left.items():
        _leave(old, record, source, titles, now)
        if old.curated_id is None:
            placed.touched.add(int(old.id or 0))
    session.flush()  # a record may name one program only, so it must leave before it joins

    for placement in placements:
        own = known.get(placement.record)
        program = (
            session.get_one(Program, placement.program)
            if placement.program
            else own
            if own is not None and placement.record not in left
            else _own_program(session, source, placement, now)
        )
        is_new = program.id is None
        changed = _apply(program, placement, source, now)
        placed.tally.added += is_new
        placed.tally.changed += changed and not is_new
        placed.tally.unchanged += not changed and not is_new
        session.add(program)
        session.flush()
        for record in (placement.record, *placement.records):
            placed.programs[record] = (int(program.id or 0), program.slug)
    for key, joined in followers.items():
        program = session.get_one(Program, key)
        changed = _set(program, {"joined_records": _joined(program, joined)}, now)
        placed.tally.changed += changed
        placed.tally.unchanged += len(joined) - changed
        placed.programs |= dict.fromkeys(joined, (key, program.slug))
    for record, old in left.items():
        if old.retired_at == now:
            old.moved_to = placed.programs[record][1]
    session.flush()
    placed.touched |= {key for key, _ in placed.programs.values()}
    return placed


def _joined(program: Program, records: Iterable[str]) -> list[str] | None:
    """Return the records that a program carries beside the one that leads."""
    joined = {*(program.joined_records or ()), *records} - {program.curated_id}
    return sorted(filter(None, joined)) or None


def _leave(
    program: Program, record: str, source: str, titles: dict[str, str], now: datetime
) -> None:
    """Take a record off a program, and give the program another, its own title or the end."""
    program.updated_at = now
    others = [other for other in program.joined_records or () if other != record]
    program.joined_records = others or None
    if program.curated_id != record:
        return
    program.curated_id = None
    if program.source == source:
        program.retired_at = now
        program.retired_reason = "its facts now stand with another program of the catalogue"
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


def _apply(program: Program, placement: Placement, source: str, now: datetime) -> bool:
    """Set what the record says; return whether anything was other before."""
    values: dict[str, Any] = {
        "curated_id": placement.record,
        "match_quality": placement.quality,
        "match_reason": placement.reason,
        "name": placement.name,
        "award_as_stated": placement.award_as_stated,
        "url": placement.url,
    }
    before = program.curated_id
    if program.source == source:
        values |= {
            "institution_id": placement.institution_id,
            "cip_code": placement.cip_code,
            "award_level": placement.award_level,
            "award_group": placement.award_group,
            "retired_at": None,
            "retired_reason": None,
            "moved_to": None,
        }
    changed = _set(program, values, now)
    others = (*placement.records, *([before] if before else ()))
    return _set(program, {"joined_records": _joined(program, others)}, now) or changed


def _set(program: Program, values: Mapping[str, Any], now: datetime) -> bool:
    """Set columns; return whether any was other before."""
    changed = [name for name, value in values.items() if getattr(program, name) != value]
    for name in changed:
        setattr(program, name, values[name])
    if changed:
        program.updated_at = now
    return bool(changed)
