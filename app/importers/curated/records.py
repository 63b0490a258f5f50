"""Curated program facts: what schools say on their own pages, joined to the federal record."""

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from app.domain.claims import ProgramClaim
from app.domain.evidence import CURATED_PROGRAMS
from app.domain.restating import settle
from app.domain.schools import Directory, fold_name
from app.domain.text.identifiers import to_url
from app.domain.titles import AWARDS
from app.domain.vocabulary import CERTIFICATE, Basis, Control
from app.importers.curated import placing
from app.importers.curated.claims import Reading, read_claims
from app.importers.curated.file import InstitutionPart
from app.importers.curated.homes import Home, Homes, find_homes, report
from app.importers.curated.placing import Placed, Placement
from app.importers.curated.reading import ReadFile, read_records
from app.importers.job import Importer, Job
from app.importers.joining import load_catalogue
from app.store.rows import (
    ClaimTarget,
    Statement,
    Tally,
    keep_history,
    program_claims,
    reconcile_claims,
)
from app.store.tables.claims import TABLES
from app.store.tables.sources import Source

CONTROLS = {
    "public": Control.PUBLIC,
    "private nonprofit": Control.PRIVATE_NONPROFIT,
    "private for-profit": Control.PRIVATE_FOR_PROFIT,
}


def import_records(job: Job, source: Source) -> Tally:
    """Import records: find school and program of each, then its claims.

    A record speaks for its own program only, so several files of this format stand beside each
    other, and a record that is in no file any more, or is refused, keeps its dated facts. One that
    waits for somebody to choose among reported programs is left out, and told.

    Raises:
        ImportFileError: The file is not a list of records, the catalogue holds no school, or the
            job is strict and a record is bad; nothing of it was used.
    """
    file = read_records(job.file, strict=job.strict)
    job.progress(len(file.records))
    catalogue = load_catalogue(job.session, job.file.path.name)
    readings = read_all(file, source.key, catalogue.directory)
    tally = Tally(
        rows_read=len(file.records) + len(file.refused),
        refused=len(file.refused) + sum(r.refused for r in readings.values()),
        reasons=[str(remark) for remarks in file.refused.values() for remark in remarks],
    )
    homes = find_homes(job.session, source.key, file.records, readings, catalogue)
    placements, schools_tally = _to_placements(job, source, homes, readings)
    tally.add(schools_tally)
    followers = {h.program: h.followers for h in homes.homes if h.program and not h.leader}
    placed = placing.place_records(job.session, source.key, placements, followers, now=job.now)
    tally.add(placed.tally)
    statements, history = _settle(job.session, source.key, homes, placed, readings)
    for kind in TABLES:
        others: list[Statement] = [
            (ClaimTarget(program_id=program), claim)
            for program, claim in program_claims(job.session, kind, source.key)
            if program not in placed.touched
        ]
        mine = [statement for statement in statements if type(statement[1]) is kind]
        tally.add(reconcile_claims(job.session, kind, source.key, mine + others, now=job.now))
        tally.unchanged -= len(others)
        past = [statement for statement in history if type(statement[1]) is kind]
        tally.add(keep_history(job.session, kind, source.key, past, now=job.now))
    tally.reasons += report(homes, placed)
    for record in (record for record in readings if record in placed.programs):
        tally.reasons += map(str, file.mended.get(record, ()))
        tally.reasons += map(str, readings[record].remarks)
    return tally


def read_all(file: ReadFile, source: str, directory: Directory) -> dict[str, Reading]:
    """Return record -> its claims; pages of other schools of the directory are told apart."""
    hosts = frozenset(host for s in directory.schools for host, path in s.sites[:1] if not path)
    websites: dict[tuple[str, str], list[str | None]] = {}
    for school in directory.schools:
        for name in school.folded_names:
            websites.setdefault((name, school.state), []).append(school.website)
    return {
        record.id: read_claims(
            record,
            source,
            websites=websites.get(
                (fold_name(record.institution.name), record.institution.state), ()
            ),
            schools=hosts,
            at=file.places[record.id],
        )
        for record in file.records
    }


def _to_placements(
    job: Job, source: Source, homes: Homes, readings: dict[str, Reading]
) -> tuple[list[Placement], Tally]:
    """Return where each record that leads belongs; schools that no directory has are added."""
    led = [(home, home.leader) for home in homes.homes if home.leader]
    unlisted = [leader for home, leader in led if home.school is None]
    rows = [_to_school(record.institution) for record in unlisted]
    own_ids, tally = placing.upsert_unlisted_schools(job.session, source.key, rows, now=job.now)
    institutions = {record.id: key for record, key in zip(unlisted, own_ids, strict=True)}
    placements = []
    for home, leader in led:
        program, match = leader.program, homes.matches[leader.id]
        level, group = to_award(program.award_level)
        placements.append(
            Placement(
                record=leader.id,
                institution_id=home.school or institutions[leader.id],
                program=home.program,
                quality=match.quality,
                reason=match.reason,
                name=program.title,
                cip_code=program.cip,
                award_level=level,
                award_group=group,
                award_as_stated=program.award_as_stated,
                url=readings[leader.id].program_url,
                records=home.followers,
            )
        )
    return placements, tally


def _to_school(institution: InstitutionPart) -> dict[str, Any]:
    """Return the row of a school that the directory does not have."""
    return {
        "name": institution.name,
        "aliases": [],
        "city": institution.city,
        "state": institution.state,
        "control": CONTROLS[institution.control] if institution.control else None,
        "website": to_url(institution.website) if institution.website else None,
    }


def to_award(award: str | None) -> tuple[str | None, str | None]:
    """Return award level and group; a certificate of unstated length has a group only."""
    if award is None:
        return None, None
    level, *more = AWARDS[award]
    return (None, CERTIFICATE) if more else (level, level)


def _claims_of(home: Home, record: str, readings: dict[str, Reading]) -> list[ProgramClaim]:
    """Return the claims of a record; of another program than that which leads, as of a form.

    Two records of one file have two titles where a school has two programs in one field and award;
    the survey counts them as one.
    """
    claims, title = readings[record].claims, home.forms.get(record)
    if title is None:
        return claims
    return [claim if claim.form else replace(claim, form=title) for claim in claims]


def _settle(
    session: Session,
    source: str,
    homes: Homes,
    placed: Placed,
    readings: dict[str, Reading],
) -> tuple[list[Statement], list[Statement]]:
    """Return the claims that hold of all programs touched, and what other records made history."""
    statements: list[Statement] = []
    history: list[Statement] = []
    for home in homes.homes:
        here = [home.leader.id] if home.leader else []
        records = [*here, *home.followers]
        key, _ = placed.programs[records[0]]
        said = [_claims_of(home, record, readings) for record in records]
        mine = [claim for claims in said for claim in claims]
        kept: list[ProgramClaim] = []
        if home.is_shared:
            kept = [
                claim
                for kind in TABLES
                for _, claim in program_claims(session, kind, source, programs=[key])
                if claim not in mine
            ]
        said.insert(len(here), kept)
        target = ClaimTarget(program_id=key)
        settled = settle(said)
        statements += [(target, claim) for holding, _ in settled for claim in holding]
        history += [
            (target, claim)
            for place, (_, past) in enumerate(settled)
            if place != len(here)
            for claim in past
        ]
    return statements, history


IMPORTER = Importer(
    key=CURATED_PROGRAMS,
    title="Curated program facts from schools' pages",
    pattern=r"programs([-_].*)?|curated[-_].*",
    order=25,
    source=Source(
        key=CURATED_PROGRAMS,
        title="Program facts read on the public pages of schools",
        publisher="The schools whose pages are named with each fact",
        licence="Facts in our own words; the pages belong to their schools",
        attribution="As stated by the institution; verify before enrolling",
        basis=Basis.STATED_BY_INSTITUTION,
    ),
    run=import_records,
    suffix="json",
)
