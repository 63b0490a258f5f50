"""What files with a row an institution share: whose rows are wanted, and the source of IPEDS."""

from collections.abc import Iterator

from app.domain.text.identifiers import parse_unitid
from app.domain.vocabulary import Basis
from app.importers.job import Job
from app.importers.reading import Column, Row, read_rows
from app.queries.programs import offering_institutions
from app.store.rows import Tally
from app.store.tables.sources import Source

UNITID = Column("UNITID", "unitid", parse_unitid)


def offering_rows(
    job: Job, columns: tuple[Column, ...], tally: Tally, *, unitid: Column = UNITID
) -> Iterator[tuple[int, Row]]:
    """Yield institution id and row where the institution has a program in the catalogue.

    Rows of all others are passed over unread, and counted in one of the tally's reasons.
    ``unitid`` is how the file prints the key of an institution.
    """
    ids = offering_institutions(job.session)
    passed_over = 0

    def is_wanted(cell: str) -> bool:
        nonlocal passed_over
        tally.rows_read += 1
        try:
            wanted = unitid.parse(cell) in ids
        except ValueError:
            return True  # to be named as a cell that cannot be read
        passed_over += not wanted
        return wanted

    for row in read_rows(
        job.file, (unitid, *columns), only=(unitid.printed, is_wanted), progress=job.progress
    ):
        yield ids[int(str(row[unitid.name]))], row
    if passed_over:
        tally.reasons.append(
            f"{passed_over} rows of institutions without a program in the catalogue: passed over"
        )


def ipeds_source(key: str, title: str, edition: str) -> Source:
    """Return the source of one IPEDS file."""
    return Source(
        key=key,
        title=title,
        publisher="National Center for Education Statistics, US Department of Education",
        licence="US federal work, public domain in the United States",
        edition=edition,
        url="https://nces.ed.gov/ipeds/use-the-data",
        basis=Basis.GOVERNMENT_DATA,
    )
