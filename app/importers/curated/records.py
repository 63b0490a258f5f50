"""Curated program facts: what schools say on their own pages, joined to the federal record."""

from typing import Any

from app.domain.evidence import CURATED_PROGRAMS
from app.domain.matching import (
    AWARDS,
    Claimant,
    OfferMatch,
    School,
    SchoolMatch,
    combine,
    match_offer,
    match_school,
    resolve_conflicts,
)
from app.domain.text.identifiers import fold, to_url
from app.domain.vocabulary import CERTIFICATE, Basis, Control, MatchQuality
from app.importers.curated import placing
from app.importers.curated.claims import Reading, read_claims
from app.importers.curated.file import InstitutionPart, Record
from app.importers.curated.placing import Placement
from app.importers.curated.reading import ReadFile, read_records
from app.importers.job import Importer, Job
from app.store.rows import ClaimTarget, Tally, reconcile_claims
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
    other, and a record that is in no file any more, or is refused, keeps its dated facts.

    Raises:
        ImportFileError: The file is not a list of records, or the job is strict and one is bad;
            nothing of it was used.
    """
    file = read_records(job.file, strict=job.strict)
    records = file.records
    job.progress(len(records))
    directory = placing.list_schools(job.session)
    readings = read_all(file, source.key, directory)
    tally = Tally(
        rows_read=len(records) + len(file.refused),
        refused=len(file.refused) + sum(r.refused for r in readings.values()),
        reasons=[str(remark) for remarks in file.refused.values() for remark in remarks],
    )
    placements, schools_tally = _place(job, source, records, readings, directory)
    tally.add(schools_tally)
    placed = placing.place_records(job.session, source.key, placements, now=job.now)
    tally.add(placed.tally)
    statements = [
        (ClaimTarget(program_id=placed.programs[record.id][0]), claim)
        for record in records
        for claim in readings[record.id].claims
    ]
    for kind in TABLES:
        others = placing.claims_elsewhere(job.session, kind, source.key, placed.touched)
        mine = [(target, claim) for target, claim in statements if type(claim) is kind]
        tally.add(reconcile_claims(job.session, kind, source.key, mine + others, now=job.now))
        tally.unchanged -= len(others)
    for placement in placements:
        _, slug = placed.programs[placement.record]
        reason = f" ({placement.reason})" if placement.reason else ""
        tally.reasons.append(f"{placement.quality}{reason}: {placement.record} -> {slug}")
        tally.reasons += map(str, file.mended.get(placement.record, ()))
        tally.reasons += map(str, readings[placement.record].remarks)
    return tally


def read_all(file: ReadFile, source: str, directory: list[School]) -> dict[str, Reading]:
    """Return record -> its claims; pages of other schools of the directory are told apart."""
    hosts = frozenset(school.site[0] for school in directory if not school.site[1])
    websites: dict[tuple[str, str], list[str | None]] = {}
    for school in directory:
        for name in school.folded_names:
            websites.setdefault((name, school.state), []).append(school.website)
    return {
        record.id: read_claims(
            record,
            source,
            websites=websites.get((fold(record.institution.name), record.institution.state), ()),
            schools=hosts,
            at=file.places[record.id],
        )
        for record in file.records
    }


def _place(
    job: Job,
    source: Source,
    records: list[Record],
    readings: dict[str, Reading],
    directory: list[School],
) -> tuple[list[Placement], Tally]:
    schools = {r.id: _find_school(r.institution, directory) for r in records}
    unlisted = [r for r in records if schools[r.id].school is None]
    own_ids, tally = placing.upsert_unlisted_schools(
        job.session, source.key, [_to_school(r.institution) for r in unlisted], now=job.now
    )
    institutions = {r.id: key for r, key in zip(unlisted, own_ids, strict=True)}
    institutions |= {record: m.school.key for record, m in schools.items() if m.school}
    matches = _find_offers(job, records, schools)
    placements = []
    for record in records:
        program, match = record.program, matches[record.id]
        level, group = to_award(program.award_level)
        placements.append(
            Placement(
                record=record.id,
                institution_id=institutions[record.id],
                offer=match.offer.key if match.offer else None,
                quality=match.quality,
                reason=match.reason,
                name=program.title,
                award_level=level,
                award_group=group,
                award_as_stated=program.award_as_stated,
                url=readings[record.id].program_url,
            )
        )
    return placements, tally


def _find_school(institution: InstitutionPart, directory: list[School]) -> SchoolMatch:
    return match_school(institution.name, institution.state, institution.website, directory)


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


def _find_offers(
    job: Job, records: list[Record], schools: dict[str, SchoolMatch]
) -> dict[str, OfferMatch]:
    """Return record -> the reported program it is joined to, one record at most for each."""
    reported = placing.list_offers(job.session)
    matches: dict[str, OfferMatch] = {}
    for record in records:
        program, at = record.program, schools[record.id]
        offers = reported.get(at.school.key, []) if at.school else []
        match = match_offer(program.title, program.award_level, program.award_as_stated, offers)
        matches[record.id] = combine(at, match)
    joined = placing.joined_records(job.session)
    taken = {offer: record for offer, record in joined.items() if record not in matches}
    fitting = {record: match for record, match in matches.items() if match.offer}
    kept = resolve_conflicts(
        (
            Claimant(key, match.offer.key, is_exact=match.quality == MatchQuality.EXACT)
            for key, match in fitting.items()
            if match.offer
        ),
        taken,
    )
    for loser in fitting.keys() - kept:
        matches[loser] = matches[loser].downgraded()
    return matches


IMPORTER = Importer(
    key=CURATED_PROGRAMS,
    title="Curated program facts from schools' pages",
    pattern=r"programs|curated[-_].*",
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
    needs_schools=True,
)
