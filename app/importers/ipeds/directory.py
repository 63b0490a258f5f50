"""IPEDS HD: the directory of institutions."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.domain.claims import AccreditationClaim
from app.domain.independence import refusal_of
from app.domain.text.identifiers import parse_opeid, parse_zip, to_slug, to_url
from app.domain.vocabulary import (
    AccreditationScope,
    AccreditationStatus,
    Control,
    InstitutionLevel,
    StateCode,
)
from app.importers.ipeds.rows import UNITID, ipeds_source, to_claim
from app.importers.job import Importer, Job
from app.importers.reading import Column, read_rows
from app.queries.institutions import institution_ids
from app.store.rows import ClaimTarget, Tally, reconcile_claims, upsert_rows
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
TITLE_IV = {  # HD dictionary 2024-25, OPEFLAG; True: takes part, which needs accreditation
    "1": True,
    "2": True,
    "3": False,
    "5": False,
    "6": False,
    "-3": False,
}
ACTIVE = {"1": True, "3": False}  # HD dictionary 2024-25, CYACTIVE


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


COLUMNS = (
    UNITID,
    Column("INSTNM", "name"),
    Column("IALIAS", "aliases", parse_aliases, required=False),
    Column("ADDR", "address"),
    Column("CITY", "city"),
    Column("STABBR", "state", parse_state),
    Column("ZIP", "zip_code", parse_zip),
    Column("OPEID", "opeid", parse_opeid),
    Column("OPEFLAG", "is_title_iv", TITLE_IV.__getitem__),
    Column("WEBADDR", "website", to_url),
    Column("ADMINURL", "admissions_url", to_url),
    Column("FAIDURL", "financial_aid_url", to_url),
    Column("NPRICURL", "net_price_url", to_url),
    Column("CONTROL", "control", CONTROLS.__getitem__),
    Column("ICLEVEL", "level", LEVELS.__getitem__),
    Column("LOCALE", "locale_code", int, required=False),
    Column("LONGITUD", "longitude", parse_coordinate),
    Column("LATITUDE", "latitude", parse_coordinate),
    Column("CYACTIVE", "is_active", ACTIVE.__getitem__),
    Column("CLOSEDAT", "closed_on", parse_closed),
)

DIRECTORY = "ipeds-hd"
"""How the keys of sources begin that are editions of the federal directory."""

ADDRESSES = ("website", "admissions_url", "financial_aid_url", "net_price_url")


def import_directory(job: Job, source: Source) -> Tally:
    """Add or update the directory, and Title IV participation as evidence of accreditation."""
    rows, participants, refused = [], [], []
    for row in read_rows(job.file, COLUMNS, progress=job.progress):
        line = row.pop("line")
        for name in ADDRESSES:
            if (address := row[name]) and (reason := refusal_of(str(address))):
                row[name] = None
                refused.append(f"{job.file.path.name}, line {line}: {address!r} left out: {reason}")
        if row.pop("is_title_iv"):
            participants.append(row["unitid"])
        if row["locale_code"] in {"", -3}:
            row["locale_code"] = None
        rows.append({**row, "source": source.key, "as_of": source.edition, "updated_at": job.now})
    tally = _upsert_schools(job.session, rows)
    tally.rows_read = len(rows)
    tally.refused, tally.reasons = len(refused), [*tally.reasons, *refused]
    ids = institution_ids(job.session)
    claims = [
        (
            ClaimTarget(institution_id=ids[int(str(unitid))]),
            to_claim(
                AccreditationClaim,
                source,
                scope=AccreditationScope.INSTITUTION,
                accreditor="US Department of Education, Title IV participation",
                status=AccreditationStatus.TITLE_IV,
            ),
        )
        for unitid in participants
    ]
    tally.add(reconcile_claims(job.session, AccreditationClaim, source.key, claims, now=job.now))
    return tally


def _upsert_schools(session: Session, offered: Sequence[dict[str, Any]]) -> Tally:
    """Add or change schools by unitid; a slug once given stays.

    A new school is addressed by its name, with its city where the name is shared, and with
    its unitid where that is not enough. An older edition does not undo what a newer one says.
    """
    known = dict(session.exec(select(Institution.unitid, Institution.slug)).all())
    in_directory = select(Institution.unitid, Institution.as_of).where(
        col(Institution.source).startswith(DIRECTORY)
    )
    dated = {unitid: as_of or "" for unitid, as_of in session.exec(in_directory)}
    rows = [row for row in offered if dated.get(row["unitid"], "") <= row["as_of"]]
    taken = set(session.exec(select(Institution.slug)))
    shared = Counter(to_slug(row["name"]) for row in rows)
    for row in rows:
        slug = known.get(row["unitid"])
        if slug is None:
            slug = to_slug(row["name"])
            if shared[slug] > 1 or slug in taken:
                slug = to_slug(f"{row['name']} {row['city'] or row['state']}")
            if slug in taken:
                slug = f"{slug}-{row['unitid']}"
            taken.add(slug)
        row["slug"] = slug
    tally = upsert_rows(session, Institution, ("unitid",), rows)
    if older := len(offered) - len(rows):
        tally.reasons.append(f"{older} rows of schools known from a newer edition: passed over")
    return tally


IMPORTER = Importer(
    key="ipeds-directory",
    title="IPEDS directory (HD)",
    pattern=r"hd(?P<year>\d{4})",
    order=10,
    source=ipeds_source(
        key=f"{DIRECTORY}{{year}}",
        title="IPEDS directory information, HD{year}",
        edition="{academic_year}",
    ),
    run=import_directory,
)
