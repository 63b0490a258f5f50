"""DAPIP: which agencies accredit an institution, as they reported to the Department."""

import re
from dataclasses import replace
from datetime import date
from typing import cast

from app.clock import moment
from app.domain.claims import AccreditationClaim
from app.domain.messages import N_
from app.domain.text.identifiers import parse_unitid
from app.domain.vocabulary import AccreditationScope, AccreditationStatus, Basis
from app.errors import ImportFileError
from app.importers.accrediting_agencies import agency_name
from app.importers.ipeds.rows import read_known_rows, to_claim
from app.importers.job import Importer, Job, stem_of
from app.importers.packed import Packed, list_beside
from app.importers.reading import CheckedFile, Column, Row, check_file, read_rows
from app.queries.programs import offering_institutions
from app.store.rows import ClaimTarget, Tally, reconcile_claims
from app.store.tables.sources import Source

INSTITUTIONAL = "Institutional Accreditation"
STATUSES = {  # every value of AccreditationStatus in the records of November 2020
    "Accredited": AccreditationStatus.ACCREDITED,
    "Preaccredited": AccreditationStatus.PREACCREDITED,
    "Denied Accreditation": AccreditationStatus.NOT_ACCREDITED,
}
ESTIMATED_NOTE = N_("The agency estimated the date on which the accreditation began.")


def parse_unitids(text: str) -> tuple[int, ...]:
    """Return the UNITIDs of a cell that may hold none, one or several ("217235, 460349").

    Raises:
        ValueError: Something else between the commas.
    """
    return tuple(parse_unitid(part) for part in text.split(",") if part.strip())


def parse_day(text: str) -> str | None:
    """Return an ISO date from "1/26/2018 12:00:00 AM" or "01/26/2022"; None for an empty cell.

    A few rows part their dates by hyphens or by a doubled slash.

    Raises:
        ValueError: Not a date.
    """
    bare = text.strip()
    if not bare:
        return None
    match = re.fullmatch(r"(\d{1,2})[/-]{1,2}(\d{1,2})[/-]{1,2}(\d{4})( [\d:]+ [AP]M)?", bare)
    if match is None:
        raise ValueError("not a date like 1/26/2018")
    return date(int(match[3]), int(match[1]), int(match[2])).isoformat()


def parse_status(text: str) -> AccreditationStatus:
    """Return where an accreditation stands.

    Raises:
        KeyError: A status not seen before.
    """
    return STATUSES[text.strip()]


PLACES = r"institutions_\d{4}-\d{2}|institut(e|ion)_?campus(es)?(_.*)?"
"""Names of the table of the institutions: the publisher's, and that of a dated copy."""

INSTITUTION_COLUMNS = (
    Column("DapipId", "dapip_id"),
    Column("IpedsUnitIds", "unitids", parse_unitids),
)
COLUMNS = (
    Column("DapipId", "dapip_id"),
    Column("AgencyName", "agency"),
    Column("ProgramName", "program"),
    Column("InitialDateFlag", "date_flag"),
    Column("AccreditationDate", "began_on", parse_day),
    Column("AccreditationStatus", "status", parse_status),
    Column("ReviewDate", "next_review", parse_day),
    Column("AccreditationEndDate", "ended_on", parse_day),
)
DAYS = tuple(
    replace(column, spares_row=True)
    for column in COLUMNS
    if column.name in ("began_on", "ended_on")
)


def import_records(job: Job, source: Source) -> Tally:
    """Import one current accreditation for each institution and agency.

    The records name places by DapipId; which UNITID each has is in the institutions file, which
    is read from beside the records. A place without a UNITID of its own does not count.

    Raises:
        ImportFileError: The institutions file is not there, or one of the two cannot be read.
    """
    tally = Tally()
    places = _places(job)
    kept: dict[tuple[int, str], Row] = {}
    for row in read_known_rows(job, COLUMNS, places, tally):
        if row["program"] != INSTITUTIONAL or row["ended_on"] is not None:
            continue
        for institution in places[str(row["dapip_id"])]:
            key = (institution, agency_name(str(row["agency"])))
            kept[key] = max(kept.get(key, row), row, key=_priority)
    claims = [
        (ClaimTarget(institution_id=institution), _to_claim(row, agency, source))
        for (institution, agency), row in kept.items()
    ]
    tally.add(reconcile_claims(job.session, AccreditationClaim, source.key, claims, now=job.now))
    return tally


def _places(job: Job) -> dict[str, set[int]]:
    """Return DapipId -> ids of institutions with a program in the catalogue."""
    ids = offering_institutions(job.session)
    found: dict[str, set[int]] = {}
    places = check_file(_places_beside(job.file.packed))
    for row in read_rows(places, INSTITUTION_COLUMNS):
        unitids = cast("tuple[int, ...]", row["unitids"])
        if known := {ids[unitid] for unitid in unitids if unitid in ids}:
            found[str(row["dapip_id"])] = known
    return found


def _places_beside(packed: Packed) -> Packed:
    """Return the table of the places, from the zip or the folder of the records.

    Raises:
        ImportFileError: It is not there.
    """
    edition = find_edition_in(packed.file_name)
    for other in list_beside(packed):
        stem = stem_of(other.file_name, "csv") or ""
        if re.fullmatch(PLACES, stem) and find_edition_in(other.file_name) == edition:
            return other
    name = f"institutions_{edition}.csv" if edition else "InstitutionCampus.csv"
    raise ImportFileError(
        [
            f"{packed.name}: {name}, or {name}.gz, must stand beside it; it tells which "
            "institution each record is of."
        ]
    )


def find_edition_in(name: str) -> str | None:
    """Return the month that a name has: "2020-11" of records_2020-11, 11022020 and 20201102."""
    if match := re.search(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])(?:[-_]?[0-3]\d)?(?!\d)", name):
        return f"{match[1]}-{match[2]}"
    if match := re.search(r"(?<!\d)(0?[1-9]|1[0-2])[-_]?[0-3]\d[-_]?(20\d\d)(?!\d)", name):
        return f"{match[2]}-{match[1].zfill(2)}"
    return None


def find_edition(file: CheckedFile) -> dict[str, str]:
    """Return the month of the records by the name of their zip or folder.

    Where these have none, it is that of the newest award or ending in the records.
    """
    named = find_edition_in(file.name) or find_edition_in(file.path.parent.name)
    if named:
        return {"edition": named}
    today, newest = moment().date().isoformat(), ""
    for row in read_rows(file, DAYS):
        days = (str(row[day.name] or "") for day in DAYS)
        newest = max(newest, *(day for day in days if day <= today))
    return {"edition": newest[:7]} if newest else {}


def _priority(row: Row) -> tuple[bool, str, str]:
    """Sort the record to keep, of several of one agency, last."""
    is_full = row["status"] is AccreditationStatus.ACCREDITED
    return (is_full, str(row["next_review"] or ""), str(row["began_on"] or ""))


def _to_claim(row: Row, agency: str, source: Source) -> AccreditationClaim:
    is_estimated = row["date_flag"] == "Estimated" and row["began_on"]
    return to_claim(
        AccreditationClaim,
        source,
        note=ESTIMATED_NOTE if is_estimated else None,
        scope=AccreditationScope.INSTITUTION,
        accreditor=agency,
        status=row["status"],
        next_review=row["next_review"],
        began_on=row["began_on"],
    )


IMPORTER = Importer(
    key="dapip",
    title="DAPIP accreditation records, with the institutions file beside them",
    pattern=r"records_(?P<edition>\d{4}-\d{2})|accreditation_?records?(_.*)?",
    known_by=("DAPIPID", "AGENCYNAME", "ACCREDITATIONSTATUS"),
    tell=find_edition,
    companions={
        PLACES: "it is read with the accreditation records that it comes with",
        r"accreditation_?actions?(_.*)?|actions_\d{4}-\d{2}": "the accreditation records, which "
        "say how things stand after these actions, are taken instead",
    },
    order=50,
    source=Source(
        key="dapip-{edition}",
        title="Database of Accredited Postsecondary Institutions and Programs",
        publisher="US Department of Education, on data of the accrediting agencies",
        licence="US federal work, also released under CC0",
        edition="{edition}",
        url="https://ope.ed.gov/dapip/",
        basis=Basis.GOVERNMENT_DATA,
    ),
    run=import_records,
)
