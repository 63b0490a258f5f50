"""An accreditor's own list of programs: one row an entry, in columns of any order and spelling.

An entry counts for the campus and award that it names, and for no other. What joins no program of
the catalogue is told with what is near, and never added. An entry that a newer list does not have
is kept and marked as no longer listed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from app.domain.accreditors import GRANTED, Remit, RemitKind, body_of, levels_reached
from app.domain.claims import AccreditationClaim, OfferingClaim
from app.domain.dates import parse_as_of
from app.domain.evidence import add_months, to_span
from app.domain.matching import Asked
from app.domain.schools import SchoolKeys
from app.domain.text.identifiers import fold, parse_unitid
from app.domain.titles import AWARDS, Fields, Levels, levels_of
from app.domain.vocabulary import (
    STATE_NAMES,
    AccreditationScope,
    AccreditationStatus,
    Basis,
    Delivery,
    Level,
    MatchQuality,
)
from app.errors import ImportFileError
from app.importers.job import Importer, Job
from app.importers.joining import Catalogue, load_catalogue
from app.importers.reading import Column, read_rows
from app.queries.accreditors import published_remits
from app.store.rows import (
    ClaimTarget,
    Statement,
    Tally,
    keep_history,
    program_claims,
    reconcile_claims,
)
from app.store.tables.sources import Source

SPELLINGS: dict[str, tuple[str, ...]] = {
    "institution": (
        *("institution", "school", "college", "university", "institution name", "school name"),
        *("sponsor", "sponsoring institution", "organization"),
    ),
    "state": ("state", "st", "state code", "province"),
    "place": ("place", "location", "city state", "city and state", "address", "city"),
    "website": ("website", "web site", "institution website", "school website"),
    "unitid": ("unitid", "ipeds unitid", "ipeds id", "ipeds"),
    "entry": (
        *("entry number", "entry", "number", "id", "program id", "program number", "entry id"),
        *("accreditor id", "program code"),
    ),
    "url": ("url", "link", "page", "entry address", "program url", "program page", "entry page"),
    "program": ("program", "program name", "program title", "title", "degree title"),
    "level": (
        *(
            "level",
            "award",
            "award level",
            "degree",
            "degree level",
            "degree type",
            "program level",
        ),
        "credential",
    ),
    "field": ("field", "discipline", "program type", "field of study", "program area"),
    "delivery": (
        *("delivery", "delivery method", "delivery format", "delivery mode", "format", "mode"),
        *("modality", "method of delivery"),
    ),
    "campus": ("campus", "campus name", "site", "program location"),
    "status": ("status", "accreditation status", "current status", "accreditation"),
    "awarded": (
        *("date of award", "award date", "awarded", "awarded on", "date awarded", "accredited on"),
        *("accreditation date", "date accredited", "date of accreditation"),
    ),
    "began": (
        *("accredited since", "initial accreditation", "initial accreditation date", "since"),
        *("first accredited", "original accreditation date"),
    ),
    "acted": (
        *("date of last action", "last action", "last action date", "action date"),
        *("last accreditation date", "most recent action"),
    ),
    "review": (
        *("next review", "next review date", "next review year", "review", "next visit"),
        *("next accreditation review", "next comprehensive review", "reaffirmation"),
    ),
    "expires": (
        *("expires", "expiry", "expiration", "expiration date", "expires on", "valid until"),
        *("accredited through", "through", "end of term"),
    ),
    "length": ("length", "term", "length of accreditation", "term of accreditation", "term length"),
    "slug": ("program slug", "slug"),
    "note": ("note", "notes", "progress report", "remarks"),
}
"""What an entry says -> how lists name the column, whatever the case and the signs between words;
read off the directories of CAHIIM, CAHME and AUPHA, and sheets that people make of them, 2026."""

STATUS_WORDS: tuple[tuple[str, AccreditationStatus], ...] = (
    (r"administrative\w* probation", AccreditationStatus.ADMINISTRATIVE_PROBATIONARY),
    (r"probation|show cause", AccreditationStatus.PROBATIONARY),
    (r"candida", AccreditationStatus.CANDIDACY),
    (r"applied|applicant|application|self study", AccreditationStatus.APPLIED),
    (r"pre ?accredit", AccreditationStatus.PREACCREDITED),
    (r"voluntary withdrawal", AccreditationStatus.VOLUNTARY_WITHDRAWAL),
    (r"withdr[ae]w", AccreditationStatus.WITHDRAWN),
    (r"withheld|denied", AccreditationStatus.WITHHELD),
    (r"inactive", AccreditationStatus.INACTIVE),
    (r"not accredited", AccreditationStatus.NOT_ACCREDITED),
    (r"expired|lapsed|closed|discontinued|former", AccreditationStatus.HISTORICAL),
    (r"initial", AccreditationStatus.INITIAL),
    (r"continu|reaffirm|re ?accredit", AccreditationStatus.CONTINUING),
    (r"certif", AccreditationStatus.CERTIFIED),
    (r"approv", AccreditationStatus.APPROVED),
    (r"accredit|active|good standing|full", AccreditationStatus.ACCREDITED),
)
"""Words of a status, folded -> what it is; the first that fits."""

DELIVERIES = (
    (r"hybrid|blended|mixed", Delivery.HYBRID),
    (r"online|distance|on line|virtual", Delivery.ONLINE),
    (r"campus|on ?ground|in person|face to face|residential|traditional", Delivery.CAMPUS),
)
NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)
}
NAMES = {fold(spelled): name for name, all_of in SPELLINGS.items() for spelled in all_of}
"""Name of a column or label, folded -> what it says."""

STATE_CODES = {fold(name): code for code, name in STATE_NAMES.items()}
Joined = list[tuple[int, AccreditationClaim]]
"""Programs and what a list says of each."""

IS_A_PART = 0.5
"""A list with a smaller share of the entries of the last one is taken for a part of the list."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list, read; ``line`` tells where it stands."""

    line: int
    school: SchoolKeys
    slug: str | None
    number: str | None
    title: str
    levels: Levels
    award: str | None
    fields: Fields
    delivery: tuple[str, ...]
    claim: AccreditationClaim

    @property
    def order(self) -> tuple[date, date]:
        """Sorts the actions on one entry, the newest last."""
        claim = self.claim
        days = [to_span(day) for day in (claim.effective_on, claim.awarded_on, claim.began_on)]
        known = [span.last for span in days if span]
        ends = to_span(claim.expires_on)
        return (max(known, default=date.min), ends.last if ends else date.min)

    def __str__(self) -> str:
        named = f"entry {self.number}" if self.number else f"line {self.line}"
        level = self.award or " or ".join(sorted(self.levels)) if len(self.levels) < 4 else ""
        return f"{named}, {self.school.name}: {self.title} {level}".rstrip()


def import_list(job: Job, source: Source, *, body: str) -> Tally:
    """Import a list: join each entry to its program, and mark what the list does not have any more.

    Raises:
        ImportFileError: No column names the institutions, the catalogue holds no school, or the
            file cannot be read.
    """
    catalogue = load_catalogue(job.session, job.file.path.name)
    as_of = _date_of(job.file.packed.file_name.split(".")[0])
    tally = Tally()
    entries: list[Entry] = []
    for line, row in _rows(job):
        tally.rows_read += 1
        try:
            entries.append(_read_entry(line, row, body, source, as_of, catalogue))
        except ValueError as error:
            tally.refused += 1
            tally.reasons.append(f"{job.file.path.name}, line {line}: {error}; the row is left out")
    before = program_claims(job.session, AccreditationClaim, source.key)
    replaced = program_claims(job.session, AccreditationClaim, source.key, is_past=True)
    known = {
        claim.accreditor_id: program
        for program, claim in (*replaced, *before)
        if claim.accreditor_id
    }
    joined: list[tuple[int, Entry]] = []
    lines: list[str] = []
    counts = dict.fromkeys(MatchQuality, 0)
    for entry in entries:
        program, quality, told = _join(entry, catalogue, known)
        counts[quality] += 1
        lines.append(f"{quality}{f' ({told})' if told else ''}: {entry}")
        if program is not None:
            joined.append((program, entry))
    current, past = _by_entry(joined)
    gone = _no_longer_listed(before, current, as_of or job.now.date().isoformat(), tally)
    statements: list[Statement] = [
        (ClaimTarget(program_id=program), claim) for program, claim in (*current, *gone)
    ]
    history = [(ClaimTarget(program_id=program), claim) for program, claim in past]
    offered = [
        (ClaimTarget(program_id=program), claim)
        for program, claim in _offerings(joined, source, as_of).items()
    ]
    for kind, mine in ((AccreditationClaim, statements), (OfferingClaim, offered)):
        tally.add(reconcile_claims(job.session, kind, source.key, mine, now=job.now))
    tally.add(keep_history(job.session, AccreditationClaim, source.key, history, now=job.now))
    told_counts = ", ".join(f"{count} {quality}" for quality, count in counts.items())
    tally.reasons.insert(0, f"{told_counts}; {len(gone)} of earlier lists are no longer listed")
    tally.reasons += sorted(lines, key=lambda line: (not line.startswith("unmatched"), line))
    return tally


def _rows(job: Job) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield line or place and what an entry says, by our names; an empty cell is left out."""
    if job.file.path.name.lower().removesuffix(".gz").endswith(".json"):
        yield from _json_rows(job)
        return
    columns = tuple(
        Column(names[0], name, required=name == "institution", also=_variants(names))
        for name, names in SPELLINGS.items()
    )
    for row in read_rows(job.file, columns, progress=job.progress):
        yield (
            int(str(row["line"])),
            {n: str(v).strip() for n, v in row.items() if n != "line" and str(v).strip()},
        )


def _variants(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of columns also with other signs between their words."""
    return tuple(name.replace(" ", sign) for name in names for sign in (" ", "_", "-", "/", ""))


def _json_rows(job: Job) -> Iterator[tuple[int, Mapping[str, str]]]:
    name = job.file.path.name
    with job.file.open() as text:
        try:
            raw = json.load(text)
        except ValueError as error:
            raise ImportFileError([f"{name}: not JSON: {error}."]) from error
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        raise ImportFileError([f"{name}: not a list of entries, each an object."])
    rows = [
        {
            NAMES[fold(key)]: str(value).strip()
            for key, value in row.items()
            if fold(key) in NAMES and isinstance(value, str | int | float) and str(value).strip()
        }
        for row in raw
    ]
    if rows and not any("institution" in row for row in rows):
        raise ImportFileError([f"{name}: no key names the institutions, such as 'institution'."])
    yield from enumerate(rows, start=1)


def _read_entry(
    line: int,
    row: Mapping[str, str],
    body: str,
    source: Source,
    as_of: str | None,
    catalogue: Catalogue,
) -> Entry:
    """Return an entry.

    Raises:
        ValueError: It names no institution, or a cell cannot be read; says which.
    """
    if "institution" not in row:
        raise ValueError("no institution is named")
    title = " ".join(filter(None, (row.get("program"), row.get("field"))))
    remits = [remit for remit in published_remits() if remit.body == body]
    levels = levels_of(None, row.get("level"), row.get("program")) & levels_reached(remits)
    if not levels:
        raise ValueError(f"{row.get('level') or title!r} is no award that {body} reaches")
    if len(levels) > 1:
        granting = (remit for remit in remits if remit.kind is not RemitKind.APPROVAL)
        levels &= levels_reached(granting) or levels
    award = next((name for name, group in AWARDS.items() if group == levels), None)
    number = row.get("entry") or _number_in(row.get("url"))
    taught = fold(row.get("delivery", ""))
    return Entry(
        line=line,
        school=SchoolKeys(
            row["institution"],
            _state_of(row),
            row.get("website"),
            parse_unitid(row["unitid"]) if "unitid" in row else None,
        ),
        slug=row.get("slug"),
        number=number,
        title=title,
        levels=levels,
        award=award,
        fields=_fields_of(title, levels, remits, catalogue),
        delivery=tuple(kind for words, kind in DELIVERIES if re.search(words, taught)),
        claim=_to_claim(row, body, remits, levels, number, source, as_of),
    )


def _fields_of(title: str, levels: Levels, remits: Sequence[Remit], catalogue: Catalogue) -> Fields:
    """Return the fields of an entry within those that its accreditor reaches at these awards.

    Raises:
        ValueError: It names a field that the accreditor does not reach.
    """
    codes = frozenset(
        code
        for remit in remits
        if not levels.isdisjoint(remit.award_levels)
        for code in remit.cip_codes
    )
    named = catalogue.rules.fields_of(title, levels)
    if not named.codes:
        return Fields(codes)
    within = Fields(named.meant & codes, named.alternatives & codes, named.otherwise & codes)
    if not within.codes:
        raise ValueError(f"{title!r} is in no field that {remits[0].body} reaches")
    return within


def _state_of(row: Mapping[str, str]) -> str | None:
    for text in (row.get("state"), row.get("place")):
        parts = [part.strip() for part in re.split(r"[,;/]", text or "")]
        for part in reversed(parts):
            code = re.sub(r"[\s.\d-]+$", "", part).upper()
            if code in STATE_NAMES:
                return code
            if fold(part) in STATE_CODES:
                return STATE_CODES[fold(part)]
    return None


def _number_in(url: str | None) -> str | None:
    """Return the number at the end of the address of an entry, ".../program/x-481/" -> "481"."""
    match = re.search(r"(?:^|\D)(\d+)/?(?:[?#].*)?$", url or "")
    return match[1] if match else None


def _to_claim(
    row: Mapping[str, str],
    body: str,
    remits: Iterable[Remit],
    levels: Levels,
    number: str | None,
    source: Source,
    as_of: str | None,
) -> AccreditationClaim:
    kinds = [remit.kind for remit in remits if not levels.isdisjoint(remit.award_levels)]
    awarded, acted = _when(row, "awarded"), _when(row, "acted")
    review, expires = _when(row, "review"), _when(row, "expires")
    return AccreditationClaim(
        level=Level.PROGRAM,
        source=source.key,
        basis=Basis.STATED_BY_ACCREDITOR,
        source_url=row["url"] if re.match(r"https?://", row.get("url", "")) else None,
        as_of=as_of,
        as_stated=row.get("status"),
        note=row.get("note"),
        scope=AccreditationScope.PROGRAM,
        accreditor=body,
        status=_status_of(row.get("status"), kinds),
        award_level=next(iter(levels)) if len(levels) == 1 else None,
        campus=row.get("campus"),
        accreditor_id=number,
        began_on=_when(row, "began"),
        awarded_on=awarded or acted,
        effective_on=acted if awarded and acted != awarded else None,
        next_review=review,
        expires_on=expires or _end_of(acted or awarded, row.get("length")) or review,
    )


def _status_of(words: str | None, kinds: list[RemitKind]) -> AccreditationStatus:
    """Return a status as stated; of a body that accredits nobody, or unstated, what it grants."""
    granted = GRANTED[kinds[0]] if kinds else AccreditationStatus.UNCLEAR
    if words is None:
        return granted
    found = next(
        (status for pattern, status in STATUS_WORDS if re.search(rf"\b(?:{pattern})", fold(words))),
        AccreditationStatus.UNCLEAR,
    )
    return granted if found is AccreditationStatus.ACCREDITED else found


def _when(row: Mapping[str, str], name: str) -> str | None:
    try:
        return parse_as_of(row.get(name, ""))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error


def _end_of(decided: str | None, length: str | None) -> str | None:
    """Return the end of a term of so many years from a decision, as exact as that is dated."""
    words = fold(length or "").split()
    years = next((NUMBERS.get(w) or int(w) for w in words if w in NUMBERS or w.isdigit()), None)
    if years is None or not 0 < years <= 15 or decided is None:
        return None
    span = to_span(decided)
    return add_months(span.first, 12 * years).isoformat()[: len(decided)] if span else None


def _date_of(file_stem: str) -> str | None:
    """Return the day or month that a file name ends in, "cahiim_2026-11" -> "2026-11"."""
    match = re.search(r"(\d{4}-\d\d(?:-\d\d)?)$", file_stem)
    return match[1] if match else None


def _join(
    entry: Entry, catalogue: Catalogue, known: Mapping[str, int]
) -> tuple[int | None, MatchQuality, str]:
    """Return the program of an entry, how surely, and why; one that was joined before stays."""
    asked = Asked(
        title=entry.title,
        award=entry.award,
        fields=entry.fields,
        slug=entry.slug,
        accredited_levels=entry.levels,
    )
    _, match = catalogue.join(entry.school, asked)
    kept = known.get(entry.number) if entry.number else None
    if match.offer and (match.quality == MatchQuality.EXACT or kept in (None, match.offer.key)):
        return match.offer.key, match.quality, f"{match.reason or ''} -> {match.offer.slug}"
    if kept is not None:
        return kept, MatchQuality.LIKELY, f"entry {entry.number} was joined before"
    return None, MatchQuality.UNMATCHED, str(match)


def _by_entry(joined: Iterable[tuple[int, Entry]]) -> tuple[Joined, Joined]:
    """Return the newest action on each entry, for the program's own award, and the older ones."""
    actions: dict[tuple[object, ...], list[tuple[int, Entry]]] = {}
    for program, entry in joined:
        actions.setdefault(_key_of(program, entry.claim), []).append((program, entry))
    current: Joined = []
    past: Joined = []
    for found in actions.values():
        found.sort(key=lambda pair: pair[1].order)
        claims = [(program, entry.claim) for program, entry in found]
        current.append(claims[-1])
        past += [claim for claim in claims[:-1] if claim != claims[-1]]
    return current, past


def _key_of(program: int, claim: AccreditationClaim) -> tuple[object, ...]:
    return (claim.accreditor_id,) if claim.accreditor_id else (program, fold(claim.campus or ""))


def _no_longer_listed(before: Joined, current: Joined, day: str, tally: Tally) -> Joined:
    """Return the claims of earlier lists whose entries are not in this one, marked so once."""
    listed = {_key_of(program, claim) for program, claim in current}
    left = [pair for pair in before if _key_of(*pair) not in listed]
    marked = [p for p in left if p[1].status == AccreditationStatus.NO_LONGER_LISTED]
    fresh = [pair for pair in left if pair not in marked]
    if len(listed) < IS_A_PART * (len(before) - len(marked)):
        tally.reasons.append(
            f"{len(fresh)} entries of the last list are not in this one, which is taken for a part "
            "of it; they are left as they are"
        )
        return left
    gone = [
        (program, replace(claim, status=AccreditationStatus.NO_LONGER_LISTED, as_of=day))
        for program, claim in fresh
    ]
    return [*marked, *gone]


def _offerings(
    joined: Iterable[tuple[int, Entry]], source: Source, as_of: str | None
) -> dict[int, OfferingClaim]:
    """Return program -> how it is taught, where the entries say so."""
    found: dict[int, set[str]] = {}
    for program, entry in joined:
        found.setdefault(program, set()).update(entry.delivery)
    return {
        program: OfferingClaim(
            level=Level.PROGRAM,
            source=source.key,
            basis=Basis.STATED_BY_ACCREDITOR,
            as_of=as_of,
            delivery=sorted(delivery),
        )
        for program, delivery in found.items()
        if delivery
    }


def importer_for(body: str, *, suffix: str, pattern: str) -> Importer:
    """Return the importer of files that hold the list of one body."""
    name = next(remit.name for remit in published_remits() if remit.body == body)
    return Importer(
        key=f"accreditor-list-{body.lower()}",
        title=f"List of programs by {body}",
        pattern=pattern,
        order=27,
        source=Source(
            key=f"accreditor-list-{body.lower()}",
            title=f"Programs in the directory of {body}",
            publisher=name,
            licence="Facts in our own words; the directory belongs to the accreditor",
            attribution="As stated by the accreditor",
            basis=Basis.STATED_BY_ACCREDITOR,
        ),
        run=partial(import_list, body=body),
        suffix=suffix,
    )


def importers_of(accreditor: str) -> tuple[Importer, ...]:
    """Return the importers that take files of any name as lists of one accreditor.

    Raises:
        ImportFileError: Nobody of that name is known.
    """
    body = body_of(published_remits(), accreditor)
    if body is None:
        raise ImportFileError(
            [f"No accreditor is known as {accreditor!r}; known are {', '.join(BODIES)}."]
        )
    return tuple(importer_for(body, suffix=suffix, pattern=".*") for suffix in SUFFIXES)


SUFFIXES = ("csv", "json")
BODIES = tuple(dict.fromkeys(remit.body for remit in published_remits()))
IMPORTERS = tuple(
    importer_for(body, suffix=suffix, pattern=rf"(?:.*[-_])?{body.lower()}(?:[-_].*)?")
    for body in BODIES
    for suffix in SUFFIXES
)
"""Lists whose names say which body they are of: "cahiim_2026-11.csv", "directory-cahme.json"."""
