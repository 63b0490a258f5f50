"""DAPIP: which agencies accredit an institution, as they reported to the Department."""

import re
from datetime import date
from pathlib import Path
from typing import cast

from app.domain.claims import AccreditationClaim
from app.domain.messages import N_
from app.domain.text.identifiers import parse_unitid
from app.domain.vocabulary import AccreditationScope, AccreditationStatus, Basis
from app.errors import ImportFileError
from app.importers.accrediting_agencies import agency_name
from app.importers.ipeds.rows import read_known_rows, to_claim
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
