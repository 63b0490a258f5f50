"""Which program each record of a file belongs to, and which record leads where several fit one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from app.domain.accreditors import RemitKind, levels_reached
from app.domain.claims import ABSENT, AccreditationClaim, OfferingClaim, PreparationClaim
from app.domain.matching import Asked, Claimant, OfferMatch, leader_of
from app.domain.restating import day_of
from app.domain.schools import SchoolKeys
from app.domain.text.identifiers import fold
from app.domain.titles import Levels
from app.domain.vocabulary import AccreditationScope, AccreditationStatus, MatchQuality
from app.importers.curated.claims import Reading
from app.importers.curated.file import Record
from app.importers.curated.placing import Placed, programs_of
from app.importers.joining import Catalogue
from app.queries.accreditors import published_remits
from app.store.rows import program_claims
from app.store.tables.claims import TABLES
from app.store.tables.programs import Program

TELLS_NO_LEVEL = ABSENT | {
    AccreditationStatus.ALIGNED_ONLY,
    AccreditationStatus.HISTORICAL,
    AccreditationStatus.UNCLEAR,
}
"""Statuses that do not tell which award a program has."""


@dataclass(frozen=True, slots=True)
class Home:
    """A program and the records of the file that belong to it.

    ``program`` None: it has yet to be made. ``leader`` None: a record of another file leads.
    ``school`` is the id of its institution, None where no directory has it. ``is_shared``: it
    carries, or is to carry, several records. ``forms`` has the titles of followers that are other
    programs in the eyes of the school.
    """

    program: int | None
    leader: Record | None
    followers: tuple[str, ...]
    school: int | None
    is_shared: bool
    forms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Homes:
    """Where the records of a file belong; those that wait for a choice belong nowhere yet."""

    homes: list[Home]
    matches: dict[str, OfferMatch]
    waiting: list[str]


def find_homes(
    session: Session,
    source: str,
    records: Sequence[Record],
    readings: Mapping[str, Reading],
    catalogue: Catalogue,
) -> Homes:
    """Return the program that each record belongs to.

    What a record says to be the same as another goes where that is. One that was joined before, and
    cannot be told apart any more, stays.
    """
    by_id = {record.id: record for record in records}
    wanted = {*by_id, *(record.same_as for record in records if record.same_as)}
    known = programs_of(session, wanted)
    matches: dict[str, OfferMatch] = {}
    schools: dict[str, int | None] = {}
    for record in records:
        school, matches[record.id] = catalogue.join(
            _keys_of(record), _asked_of(record, readings[record.id])
        )
        schools[record.id] = school.school.key if school.school else None
    groups: dict[tuple[int | None, str], list[Record]] = {}
    waiting = []
    for record in records:
        place = _place_of(record, by_id, known, matches)
        if place is None:
            waiting.append(record.id)
        else:
            groups.setdefault(place, []).append(record)
    homes = [
        _to_home(session, source, place, group, matches, readings, schools)
        for place, group in groups.items()
    ]
    return Homes(homes, matches, waiting)


def _keys_of(record: Record) -> SchoolKeys:
    own = record.institution
    return SchoolKeys(own.name, own.state, own.website, own.unitid, own.opeid)


def _asked_of(record: Record, reading: Reading) -> Asked:
    program = record.program
    exams, months, bodies = [], None, set()
    for claim in reading.claims:
        match claim:
            case PreparationClaim():
                exams.append(claim.credential_code)
            case OfferingClaim(form=None) if claim.months_high is not None:
                months = (claim.months_low or 0, claim.months_high)
            case AccreditationClaim() if claim.scope == AccreditationScope.PROGRAM:
                if claim.status not in TELLS_NO_LEVEL:
                    bodies.add(claim.accreditor)
    return Asked(
        title=program.title,
        award=program.award_level,
        award_as_stated=program.award_as_stated,
        cip=program.cip,
        slug=program.slug,
        credentials=tuple(exams),
        accredited_levels=_levels_of(bodies),
        months=months,
    )


def _levels_of(bodies: set[str]) -> Levels:
    """Return the awards that some bodies can accredit."""
    return levels_reached(
        remit
        for remit in published_remits()
        if remit.body in bodies and remit.kind is RemitKind.ACCREDITATION
    )


def _place_of(
    record: Record,
    by_id: Mapping[str, Record],
    known: Mapping[str, Program],
    matches: dict[str, OfferMatch],
    passed: frozenset[str] = frozenset(),
) -> tuple[int | None, str] | None:
    """Return a program, or the record whose own program it is to be; None: it has to wait."""
    same = record.same_as
    if same and record.program.slug is None and same not in passed | {record.id}:
        place: tuple[int | None, str] | None = None
        if same in by_id:
            place = _place_of(by_id[same], by_id, known, matches, passed | {record.id})
        elif same in known:
            place = (int(known[same].id or 0), "")
        if place is not None:
            matches[record.id] = OfferMatch(MatchQuality.EXACT, reason=f"the same as {same}")
            return place
        reason = f"no record {same!r} is known that it could be the same as"
        told = matches[record.id]
        matches[record.id] = replace(told, reason="; ".join(filter(None, (reason, told.reason))))
    match, old = matches[record.id], known.get(record.id)
    if match.offer:
        return match.offer.key, ""
    if not match.waits:
        return None, record.id
    if old is None:
        return None
    if old.match_quality != MatchQuality.UNMATCHED:
        reason = f"joined before; {match.reason}"
        matches[record.id] = replace(match, quality=MatchQuality.LIKELY, reason=reason)
    return int(old.id or 0), ""


def _to_home(
    session: Session,
    source: str,
    place: tuple[int | None, str],
    group: list[Record],
    matches: Mapping[str, OfferMatch],
    readings: Mapping[str, Reading],
    schools: Mapping[str, int | None],
) -> Home:
    key, owner = place
    ids = {record.id for record in group}
    program = session.get_one(Program, key) if key else None
    incumbent = program.curated_id if program else owner
    claimants = [
        Claimant(
            record.id,
            is_exact=matches[record.id].quality == MatchQuality.EXACT,
            newest=max(map(day_of, readings[record.id].claims), default=date.min),
            restates=record.same_as in {*ids, incumbent},
        )
        for record in group
    ]
    if program and incumbent and incumbent not in ids:
        stored = (
            day_of(claim)
            for kind in TABLES
            for _, claim in program_claims(session, kind, source, programs=[int(program.id or 0)])
        )
        is_exact = program.match_quality == MatchQuality.EXACT
        claimants.append(Claimant(incumbent, is_exact, max(stored, default=date.min)))
    leads = owner or leader_of(claimants, incumbent)
    leader = next((record for record in group if record.id == leads), None)
    others = program.joined_records if program else None
    return Home(
        program=key,
        leader=leader,
        followers=tuple(sorted(ids - {leads})),
        school=schools[leads if leader else group[0].id],
        is_shared=len(claimants) > 1 or bool(set(others or ()) - ids),
        forms=_forms_of(leader, group) if leader else {},
    )


def _forms_of(leader: Record, group: Sequence[Record]) -> dict[str, str]:
    """Return the followers that have another title than the leader and name no other record."""
    own = fold(leader.program.title)
    return {
        record.id: record.program.title
        for record in group
        if record is not leader and not record.same_as and fold(record.program.title) != own
    }


def report(found: Homes, placed: Placed) -> Iterator[str]:
    """Tell what became of the records: how many, then those that need somebody's eye first."""
    matches = found.matches
    own = [
        h for h in found.homes if h.leader and not matches[h.leader.id].offer and not h.followers
    ]
    counts = dict.fromkeys(MatchQuality, 0)
    for match in matches.values():
        counts[match.quality] += 1
    yield ", ".join(f"{count} {quality}" for quality, count in counts.items()) + (
        f"; {len(found.waiting)} wait for a choice and are left out" if found.waiting else ""
    )
    beside = sum(bool(matches[home.leader.id].candidates) for home in own if home.leader)
    if beside:
        yield f"{beside} of the unmatched stand as programs of their own beside reported ones"
    for record in found.waiting:
        yield f"waits ({matches[record]}); name the right one as program.slug: {record}"
    leaders = {
        follower: home.leader.id
        for home in found.homes
        if home.leader
        for follower in home.followers
    }
    order = list(reversed(MatchQuality))
    for record in sorted(placed.programs, key=lambda r: order.index(matches[r].quality)):
        match, (_, slug) = matches[record], placed.programs[record]
        told = str(match) if match.offer is None else match.reason
        if record in leaders:
            told = "; ".join(filter(None, (told, f"the same program as {leaders[record]}")))
        yield f"{match.quality}{f' ({told})' if told else ''}: {record} -> {slug}"
