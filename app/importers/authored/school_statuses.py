"""Closings and mergers of schools that editors read of: each with its page and date."""

from typing import Annotated

from pydantic import AfterValidator, TypeAdapter

from app.domain.claims import StatusClaim
from app.domain.evidence import to_span
from app.domain.vocabulary import Basis, Level, SchoolStatus
from app.importers.authored.entries import Authored, authored_importer, read_entries
from app.importers.job import Job
from app.queries.institutions import institution_ids
from app.store.rows import ClaimTarget, Statement, Tally, reconcile_claims
from app.store.tables.sources import Source


def readable(as_of: str) -> str:
    """Return a date, a month or a year as it is.

    Raises:
        ValueError: Another spelling.
    """
    to_span(as_of)
    return as_of


AsPrinted = Annotated[str, AfterValidator(readable)]

REPORTS = Source(
    key="school-closings",
    title="Reports on schools that close or merge, each with its page",
    publisher="Named by the page of each report",
    licence="Facts only, retold in our own words",
    basis=Basis.THIRD_PARTY,
)


class Report(Authored):
    """What a page says of a school; ``as_of`` is the date of the page."""

    unitid: int
    status: SchoolStatus
    closed_on: AsPrinted | None = None
    successor_unitid: int | None = None
    successor_name: str | None = None
    source_url: str
    as_of: AsPrinted
    basis: Basis = Basis.THIRD_PARTY
    note: str | None = None


def import_reports(job: Job, source: Source) -> Tally:
    """Bring the reports in step with the file; those on schools not known here are named."""
    ids, tally = institution_ids(job.session), Tally()
    statements: list[Statement] = []
    for report in read_entries(job.file, TypeAdapter(list[Report])):
        tally.rows_read += 1
        if report.unitid not in ids:
            tally.reasons.append(f"{report.unitid}: no such school in the catalogue; passed over")
            continue
        said = report.model_dump(exclude={"unitid"}, mode="json")
        claim = StatusClaim(level=Level.INSTITUTION, source=source.key, **said)
        statements.append((ClaimTarget(institution_id=ids[report.unitid]), claim))
    tally.add(reconcile_claims(job.session, StatusClaim, source.key, statements, now=job.now))
    return tally


IMPORTER = authored_importer(
    "school-statuses",
    "school_statuses",
    "Closings and mergers of schools (authored)",
    60,
    import_reports,
    source=REPORTS,
)
