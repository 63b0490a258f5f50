"""IPEDS HD: the directory of institutions."""

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlmodel import Session, col, select

from app.domain.claims import AccreditationClaim, ProgramClaim, StatusClaim
from app.domain.independence import refusal_of
from app.domain.messages import N_
from app.domain.text.identifiers import fold, parse_opeid, parse_zip, to_slug, to_url
from app.domain.vocabulary import (
    RUNNING,
    AccreditationScope,
    AccreditationStatus,
    CbsaKind,
    Control,
    InstitutionLevel,
    SchoolStatus,
    StateCode,
)
from app.importers.editions import reconcile_editions
from app.importers.ipeds.rows import UNITID, ipeds_source, to_claim
from app.importers.job import Importer, Job
from app.importers.odd_cells import OddCells
from app.importers.reading import IPEDS_MISSING, Column, Row, bare_code, code_of, read_rows
from app.queries.institutions import institution_ids
from app.store.rows import ClaimTarget, Statement, Tally, upsert_rows
from app.store.tables.institutions import Institution
from app.store.tables.sources import Source

CONTROLS = {  # HD dictionary 2024-25, CONTROL; -3 not available
    "1": Control.PUBLIC,
    "2": Control.PRIVATE_NONPROFIT,
    "3": Control.PRIVATE_FOR_PROFIT,
    "-3": None,
}
LEVELS = {  # HD dictionary 2024-25, ICLEVEL
    "1": InstitutionLevel.FOUR_YEAR,
    "2": InstitutionLevel.TWO_YEAR,
    "3": InstitutionLevel.UNDER_TWO_YEAR,
    "-3": None,
}
CBSA_KINDS = {"1": CbsaKind.METROPOLITAN, "2": CbsaKind.MICROPOLITAN}  # the same, CBSATYPE
AID, NO_AID = AccreditationStatus.TITLE_IV, AccreditationStatus.NOT_TITLE_IV
TITLE_IV: dict[str, tuple[AccreditationStatus, str | None]] = {
    "1": (AID, None),
    "2": (AID, N_("A branch campus of a main campus that takes part.")),
    "3": (AccreditationStatus.TITLE_IV_DEFERMENT, N_("Limited participation: deferment only.")),
    "5": (NO_AID, N_("No Pell grant and no federal loan can be had there.")),
    "6": (NO_AID, N_("No Pell grant and no federal loan can be had there.")),
    "7": (AID, None),
}
"""OPEFLAG -> part in federal student aid (HD dictionaries 2023-24 and 2024-25), and what else the
code says. Taking part needs accreditation; not taking part says nothing of it."""

MAIN_TAKES_PART = N_(
    "Its number is that of a main campus that takes part: ask whether aid comes through that."
)

STATUSES = {  # HD dictionary 2024-25, ACT
    "A": SchoolStatus.OPEN,
    "N": SchoolStatus.OPEN,
    "R": SchoolStatus.OPEN,
    "M": SchoolStatus.CLOSED,
    "D": SchoolStatus.CLOSED,
    "C": SchoolStatus.MERGED,
    "G": SchoolStatus.MERGED,
    "O": SchoolStatus.NOT_OPERATING,
}
ACTIVE = {"1": SchoolStatus.OPEN, "3": SchoolStatus.NOT_OPERATING}  # the same, CYACTIVE
CODES = ("aid_code", "active_code", "act_code", "deleted_in", "successor")


def parse_coordinate(text: str) -> float | None:
    """Return degrees, or None where the directory has none."""
    bare = text.strip()
    if bare in {"", ".", "-2", "-3"}:
        return None
    degrees = float(bare)
    if not -180 <= degrees <= 180:
        raise ValueError("not degrees")
    return degrees


def parse_state(text: str) -> str:
    """Return a two-letter state code."""
    return str(StateCode(text.strip().upper()).value)


def parse_closed(text: str) -> str | None:
    """Return "2024-06-30" from "06/30/2024"; other spellings as printed; None for "-2"."""
    bare = text.strip()
    if bare in {"", "-2", "."}:
        return None
    if match := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", bare):
        return f"{match[3]}-{match[1]}-{match[2]}"
    return bare


def parse_aliases(text: str) -> list[str]:
    """Return the other names in IALIAS, which parts them by "|"."""
    return [alias.strip() for alias in text.split("|") if alias.strip() not in {"", "-2"}]


def parse_text(text: str) -> str | None:
    """Return a text, or None where the directory has none."""
    return None if text.strip() in IPEDS_MISSING else text.strip()


def parse_county(text: str) -> str | None:
    """Return the FIPS code of a county with its leading zero, or None where there is none."""
    code = parse_text(text)
    return code and code.zfill(5)


def parse_cbsa_kind(text: str) -> CbsaKind | None:
    """Return what kind of area a school lies in, or None where it lies in none."""
    return CBSA_KINDS.get(bare_code(text))


def parse_told(text: str) -> int | None:
    """Return a UNITID, a year or a code; None where the directory has none."""
    bare = bare_code(text)
    return None if bare in IPEDS_MISSING else int(bare)


COLUMNS = (
    UNITID,
    Column("INSTNM", "name"),
    Column("IALIAS", "aliases", parse_aliases, required=False),
    Column("ADDR", "address"),
    Column("CITY", "city"),
    Column("STABBR", "state", parse_state),
    Column("ZIP", "zip_code"),
    Column("COUNTYCD", "county_code", parse_county, required=False),
    Column("COUNTYNM", "county_name", parse_text, required=False),
    Column("CBSA", "cbsa_code", parse_text, required=False),
    Column("CBSATYPE", "cbsa_kind", parse_cbsa_kind, required=False, spares_row=True),
    Column("F1SYSNAM", "system_name", parse_text, required=False),
    Column("OPEID", "opeid", parse_opeid, spares_row=True),
    Column("OPEFLAG", "aid_code", bare_code),
    Column("WEBADDR", "website", to_url),
    Column("ADMINURL", "admissions_url", to_url),
    Column("FAIDURL", "financial_aid_url", to_url),
    Column("NPRICURL", "net_price_url", to_url),
    Column("CONTROL", "control", code_of(CONTROLS), spares_row=True),
    Column("ICLEVEL", "level", code_of(LEVELS), spares_row=True),
    Column("LOCALE", "locale_code", parse_told, required=False, spares_row=True),
    Column("LONGITUD", "longitude", parse_coordinate, spares_row=True),
    Column("LATITUDE", "latitude", parse_coordinate, spares_row=True),
    Column("CYACTIVE", "active_code", bare_code),
    Column("CLOSEDAT", "closed_on", parse_closed),
    Column("ACT", "act_code", required=False),
    Column("DEATHYR", "deleted_in", parse_told, required=False, spares_row=True),
    Column("NEWID", "successor", parse_told, required=False, spares_row=True),
)

DIRECTORY = "ipeds-hd"
"""How the keys of sources begin that are editions of the federal directory."""

MAY_BE_ABSENT = (
    "county_code",
    "county_name",
    "cbsa_code",
    "cbsa_kind",
    "system_name",
    "locale_code",
)
ADDRESSES = ("website", "admissions_url", "financial_aid_url", "net_price_url")


@dataclass(frozen=True, slots=True)
class Entry:
    """What the codes of a school say of it beyond its name and place."""

    unitid: int
    opeid: str | None
    aid: str
    status: SchoolStatus | None
    closed_on: str | None
    successor: int | None

    @classmethod
    def take(cls, row: Row) -> "Entry":
        """Take the codes out of a row; all that is known of closing is put together."""
        aid, active, act, died, merged = (row.pop(name) for name in CODES)
        successor = cast("int | None", merged or None)  # a column that is not there is empty text
        status = STATUSES.get(str(act).upper(), ACTIVE.get(str(active)))
        if status is SchoolStatus.MERGED and successor is None:
            status = SchoolStatus.NOT_OPERATING
        if status is SchoolStatus.OPEN and (ACTIVE.get(str(active)) is not status or died):
            status = SchoolStatus.NOT_OPERATING
        closed_on = row["closed_on"]
        return cls(
            unitid=cast("int", row["unitid"]),
            opeid=cast("str | None", row["opeid"]),
            aid=str(aid),
            status=SchoolStatus.CLOSED if closed_on and successor is None else status,
            closed_on=cast("str | None", closed_on),
            successor=successor,
        )

    @property
    def number(self) -> str:
        """The digits of the OPEID that a main campus shares with its branches."""
        return (self.opeid or "")[:6]

    @property
    def is_main_with_aid(self) -> bool:
        """Whether it is a main campus that takes part in federal student aid."""
        takes_part = self.aid in TITLE_IV and TITLE_IV[self.aid][0] is AID
        return takes_part and (self.opeid or "").endswith("00")

    def claims(
        self, source: Source, names: Mapping[int, str], with_aid: Container[str]
    ) -> Iterator[AccreditationClaim | StatusClaim]:
        """Yield what the codes say; an unknown code says nothing.

        ``with_aid`` are the numbers of main campuses that take part in federal student aid.
        """
        if self.aid in TITLE_IV:
            status, note = TITLE_IV[self.aid]
            if status is NO_AID and self.number in with_aid:
                note = MAIN_TAKES_PART
            yield to_claim(
                AccreditationClaim,
                source,
                note=note,
                scope=AccreditationScope.INSTITUTION,
                accreditor="US Department of Education, Title IV participation",
                status=status,
            )
        if self.status is not None:
            yield to_claim(
                StatusClaim,
                source,
                status=self.status,
                closed_on=self.closed_on,
                successor_unitid=self.successor,
                successor_name=names.get(self.successor) if self.successor else None,
            )


def import_directory(job: Job, source: Source) -> Tally:
    """Add or update the directory: who takes part in federal student aid, and who operates."""
    rows, entries, refused = [], [], []
    for row in read_rows(job.file, COLUMNS, progress=job.progress):
        line = cast("int", row.pop("line"))
        row["zip_code"] = _zip_of(row, line, job.file.odd)
        for name in ADDRESSES:
            if (address := row[name]) and (reason := refusal_of(str(address))):
                row[name] = None
                refused.append(f"{job.file.path.name}, line {line}: {address!r} left out: {reason}")
        for name in MAY_BE_ABSENT:
            row[name] = None if row[name] == "" else row[name]
        entry = Entry.take(row)
        entries.append(entry)
        row["is_active"] = entry.status and entry.status in RUNNING
        rows.append({**row, "source": source.key, "as_of": source.edition, "updated_at": job.now})
    tally = _upsert_schools(job.session, rows)
    tally.rows_read = len(rows)
    tally.refused, tally.reasons = len(refused), [*tally.reasons, *refused]
    if unknown := sorted({e.aid for e in entries} - TITLE_IV.keys() - IPEDS_MISSING):
        tally.reasons.append(f"OPEFLAG {', '.join(unknown)}: not known, says nothing here")
    names = {cast("int", row["unitid"]): str(row["name"]) for row in rows}
    with_aid = {entry.number for entry in entries if entry.is_main_with_aid}
    ids = institution_ids(job.session)
    statements: dict[type[ProgramClaim], list[Statement]] = {
        AccreditationClaim: [],
        StatusClaim: [],
    }
    for entry in entries:
        for claim in entry.claims(source, names, with_aid):
            target = ClaimTarget(institution_id=ids[entry.unitid])
            statements[type(claim)].append((target, claim))
    tally.add(reconcile_editions(job, source, statements))
    return tally


def _zip_of(row: Row, line: int, odd: OddCells) -> str | None:
    """Return the ZIP code of a school, with the zeros that begin it in its state."""
    printed = str(row["zip_code"])
    if printed in IPEDS_MISSING:
        return None
    try:
        return parse_zip(printed, str(row["state"]))
    except ValueError as error:
        odd.note(line, "ZIP", printed, str(error), spares_row=True)
        return None


def _upsert_schools(session: Session, offered: Sequence[dict[str, Any]]) -> Tally:
    """Add or change schools by unitid; a slug once given stays.

    A new school is addressed by its name, with its city where the name is shared, and with
    its unitid where that is not enough. An older edition does not undo what a newer one says.
    """
    schools = session.exec(select(Institution).where(col(Institution.unitid).is_not(None))).all()
    known = {cast("int", school.unitid): school for school in schools}
    rows: list[dict[str, Any]] = []
    older: list[dict[str, Any]] = []
    for row in offered:
        school = known.get(row["unitid"])
        is_older = school is not None and _edition(school) > row["as_of"]
        (older if is_older else rows).append(row)
    taken = set(session.exec(select(Institution.slug)))
    shared = Counter(to_slug(row["name"]) for row in rows)
    for row in rows:
        school = known.get(row["unitid"])
        if school is not None:
            slug = school.slug
        else:
            slug = to_slug(row["name"])
            if shared[slug] > 1 or slug in taken:
                slug = to_slug(f"{row['name']} {row['city'] or row['state']}")
            if slug in taken:
                slug = f"{slug}-{row['unitid']}"
            taken.add(slug)
        row["slug"] = slug
        row["former_names"] = None
        if school is not None:
            until = _edition(school) if _edition(school) < row["as_of"] else ""
            row["former_names"] = _former_names(row["name"], school, (school.name, until))
    renamed = [
        {"unitid": school.unitid, "former_names": names, "updated_at": row["updated_at"]}
        for row in older
        if (school := known[row["unitid"]])
        and (names := _former_names(school.name, school, (row["name"], row["as_of"])))
        != school.former_names
    ]
    tally = upsert_rows(session, Institution, ("unitid",), rows)
    tally.add(upsert_rows(session, Institution, ("unitid",), renamed))
    if older:
        tally.reasons.append(
            f"{len(older)} rows of schools known from a newer edition: passed over but for "
            "former names"
        )
    return tally


def _edition(school: Institution) -> str:
    """Return the edition of the directory that a school is known from; empty: from none."""
    return (school.as_of or "") if school.source.startswith(DIRECTORY) else ""


def _former_names(
    name: str, school: Institution, other: tuple[str, str]
) -> list[dict[str, str]] | None:
    """Return the former names of a school, newest first, with another and the edition it is of.

    Names that differ by letter case, accents and punctuation only are the same name; without an
    edition a name is none of the directory's.
    """
    told = [other, *((one["name"], one["until"]) for one in school.former_names or ())]
    names: dict[str, tuple[str, str]] = {}
    for printed, until in sorted(told, key=lambda one: one[1], reverse=True):
        if until and fold(printed) != fold(name):
            names.setdefault(fold(printed), (printed, until))
    return [{"name": printed, "until": until} for printed, until in names.values()] or None


IMPORTER = Importer(
    key="ipeds-directory",
    title="IPEDS directory (HD)",
    pattern=r"hd(?P<year>\d{4})",
    known_by=("INSTNM", "OPEFLAG", "CYACTIVE", "CLOSEDAT"),
    order=10,
    source=ipeds_source(
        key=f"{DIRECTORY}{{year}}",
        title="IPEDS directory information, HD{year}",
        edition="{academic_year}",
    ),
    run=import_directory,
)
