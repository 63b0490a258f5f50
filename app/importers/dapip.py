"""DAPIP: which agencies accredit an institution, as they reported to the Department."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from app.domain.claims import AccreditationClaim
from app.domain.text.identifiers import parse_unitid
from app.domain.vocabulary import AccreditationScope, AccreditationStatus, Basis
from app.errors import ImportFileError
from app.importers.ipeds.rows import PASSED_OVER, to_claim
from app.importers.job import Importer, Job
from app.importers.reading import Column, Row, check_file, read_rows
from app.queries.programs import offering_institutions
from app.store.rows import ClaimTarget, Tally, reconcile_claims
from app.store.tables.sources import Source

INSTITUTIONAL = "Institutional Accreditation"
STATUSES = {  # every value of AccreditationStatus in the records of November 2020
    "Accredited": AccreditationStatus.ACCREDITED,
    "Preaccredited": AccreditationStatus.PREACCREDITED,
    "Denied Accreditation": AccreditationStatus.NOT_ACCREDITED,
}
ESTIMATED_NOTE = "The agency estimated the date on which the accreditation began."


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


@dataclass(frozen=True, slots=True)
class Record:
    """A current accreditation of one institution by one agency."""

    status: AccreditationStatus
    began_on: str | None
    next_review: str | None
    is_estimated: bool

    @property
    def priority(self) -> tuple[bool, str, str]:
        """Sorts the record to keep, of several of one agency, last."""
        is_full = self.status is AccreditationStatus.ACCREDITED
        return (is_full, self.next_review or "", self.began_on or "")


def import_records(job: Job, source: Source) -> Tally:
    """Bring in one current accreditation for each institution and agency.

    The records name places by DapipId; which UNITID each has is in the institutions file, which
    is read from beside the records. A place without a UNITID of its own does not count.

    Raises:
        ImportFileError: The institutions file is not there, or one of the two cannot be read.
    """
    tally = Tally()
    places = _places(job)
    passed_over = 0
    kept: dict[tuple[int, str], Record] = {}

    def is_wanted(cell: str) -> bool:
        nonlocal passed_over
        tally.rows_read += 1
        wanted = cell.strip() in places
        passed_over += not wanted
        return wanted

    for row in read_rows(job.file, COLUMNS, only=("DapipId", is_wanted), progress=job.progress):
        if row["program"] != INSTITUTIONAL or row["ended_on"] is not None:
            continue
        record = _to_record(row)
        for institution in places[str(row["dapip_id"])]:
            key = (institution, str(row["agency"]))
            kept[key] = max(kept.get(key, record), record, key=lambda each: each.priority)
    if passed_over:
        tally.reasons.append(PASSED_OVER.format(passed_over))
    claims = [
        (ClaimTarget(institution_id=institution), _to_claim(agency, record, source))
        for (institution, agency), record in kept.items()
    ]
    tally.add(reconcile_claims(job.session, AccreditationClaim, source.key, claims, now=job.now))
    return tally


def _places(job: Job) -> dict[str, set[int]]:
    """Return DapipId -> ids of institutions with a program in the catalogue."""
    ids = offering_institutions(job.session)
    found: dict[str, set[int]] = {}
    for row in read_rows(check_file(_sibling(job)), INSTITUTION_COLUMNS):
        unitids = cast("tuple[int, ...]", row["unitids"])
        if known := {ids[unitid] for unitid in unitids if unitid in ids}:
            found[str(row["dapip_id"])] = known
    return found


def _sibling(job: Job) -> Path:
    folder, name = job.file.path.parent, f"institutions_{job.match['edition']}.csv"
    for path in (folder / f"{name}.gz", folder / name):
        if path.is_file():
            return path
    raise ImportFileError(
        [
            f"{job.file.path.name}: {name} or {name}.gz must stand beside it in {folder}; it tells "
            "which institution each record is of."
        ]
    )


def _to_record(row: Row) -> Record:
    began_on, next_review = row["began_on"], row["next_review"]
    return Record(
        status=AccreditationStatus(str(row["status"])),
        began_on=None if began_on is None else str(began_on),
        next_review=None if next_review is None else str(next_review),
        is_estimated=row["date_flag"] == "Estimated",
    )


def _to_claim(agency: str, record: Record, source: Source) -> AccreditationClaim:
    return to_claim(
        AccreditationClaim,
        source,
        note=ESTIMATED_NOTE if record.is_estimated and record.began_on else None,
        scope=AccreditationScope.INSTITUTION,
        accreditor=agency,
        status=record.status,
        next_review=record.next_review,
        began_on=record.began_on,
    )


IMPORTER = Importer(
    key="dapip",
    title="DAPIP accreditation records, with the institutions file beside them",
    pattern=r"records_(?P<edition>\d{4}-\d{2})",
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
