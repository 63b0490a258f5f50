"""Files with a row an institution: what their columns measure, and the loop that brings them in."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from app.domain.claims import ProgramClaim
from app.domain.text.identifiers import parse_unitid
from app.domain.vocabulary import Basis, Level, ValueStatus
from app.errors import ImportFileError
from app.importers.editions import Edition, Question, reconcile_editions
from app.importers.job import Job
from app.importers.reading import (
    Column,
    FlaggedValue,
    Row,
    find_absent,
    flagged_value,
    parse_amount,
    parse_flag,
    read_rows,
)
from app.queries.programs import offering_institutions
from app.store.rows import ClaimTarget, Statement, Tally, reconcile_claims
from app.store.tables.sources import Source

Claim = TypeVar("Claim", bound=ProgramClaim)

UNITID = Column("UNITID", "unitid", parse_unitid)

ipeds_source = partial(
    Source,
    publisher="National Center for Education Statistics, US Department of Education",
    licence="US federal work, public domain in the United States",
    url="https://nces.ed.gov/ipeds/use-the-data",
    basis=Basis.GOVERNMENT_DATA,
)
"""The source of one IPEDS file; its key, title and edition are still to be given."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number; ``flag`` is the X column before it, which the custom tables do not have.

    One that is not required may be absent from an edition, and then says nothing.
    """

    printed: str
    flag: str | None = None
    parse_flag: Callable[[str], ValueStatus] = parse_flag
    required: bool = True

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns to read, under their printed names."""
        number = Column(self.printed, self.printed, parse_amount, required=self.required)
        if self.flag is None:
            return (number,)
        flag = Column(
            self.flag, self.flag, self.parse_flag, required=self.required, spares_row=True
        )
        return (flag, number)

    def is_in(self, row: Row) -> bool:
        """Return whether the edition has the column."""
        return row[self.printed] != ""

    def read(self, row: Row) -> FlaggedValue:
        """Return the number of a row, or None, and its status."""
        return flagged_value(
            row[self.flag] if self.flag else ValueStatus.REPORTED, row[self.printed]
        )

    def applies(self, row: Row) -> bool:
        """Return whether the edition asks for it, and not in vain."""
        return self.is_in(row) and self.read(row)[1] is not ValueStatus.NOT_APPLICABLE

    def says_something(self, row: Row) -> bool:
        """Return whether the cell says anything: an empty one without a flag does not."""
        if not self.is_in(row):
            return False
        return self.read(row)[0] is not None or bool(self.flag and row[self.flag])


class Measure(Protocol):
    """What some columns of a row say of an institution."""

    @property
    def kind(self) -> type[ProgramClaim]:
        """The one kind of its claims."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns it reads; measures may share some."""

    def claims(self, row: Row, source: Source) -> Iterable[ProgramClaim]:
        """Return the claims that a row makes.

        Raises:
            ValueError: The numbers of the row contradict one another.
        """


def to_claim(
    kind: type[Claim], source: Source, /, *, level: Level = Level.INSTITUTION, **fields: Any
) -> Claim:
    """Return a claim of a source, dated by its edition unless ``fields`` say otherwise."""
    shared = {"source": source.key, "basis": source.basis, "as_of": source.edition}
    return kind(level=level, **{**shared, **fields})


def import_measures(
    job: Job,
    source: Source,
    measures: Sequence[Measure],
    *,
    applying: Callable[[Row], Iterable[Measure]] | None = None,
    columns: tuple[Column, ...] = (),
    asked: Callable[[Row], Iterable[Question]] | None = None,
) -> Tally:
    """Import what measures say of every row; a row that contradicts itself is refused.

    Args:
        job: The file.
        source: Of the file.
        measures: All that are read.
        applying: Those that apply to a row; by default all.
        columns: What ``applying`` reads besides.
        asked: The questions that a row answers, be it by a box left empty, of a survey that asks
            the same in every edition: the newest settles them.

    Raises:
        ImportFileError: The file cannot be read, or has none of the columns that may be absent.
    """
    tally = Tally()
    columns = tuple(dict.fromkeys((*columns, *(c for m in measures for c in m.columns))))
    optional = tuple(column for column in columns if not column.required)
    if len(optional) == len(columns):
        require_any(job, columns)
    if absent := find_absent(job.file, optional):
        tally.reasons.append(f"not in this edition: {', '.join(absent)}")
    statements: dict[type[ProgramClaim], list[Statement]] = {m.kind: [] for m in measures}
    edition = Edition()
    for institution, row in offering_rows(job, columns, tally):
        if asked and (answered := set(asked(row))):
            edition.schools.add(institution)
            edition.questions |= answered
        target = ClaimTarget(institution_id=institution)
        try:
            found = [
                (target, claim)
                for measure in (applying(row) if applying else measures)
                for claim in measure.claims(row, source)
            ]
        except ValueError as error:
            tally.refused += 1
            tally.reasons.append(f"line {row['line']}: {error}")
            continue
        for statement in found:
            statements[type(statement[1])].append(statement)
    if asked:
        tally.add(reconcile_editions(job, source, statements, edition))
        return tally
    for kind, some in statements.items():
        tally.add(reconcile_claims(job.session, kind, source.key, some, now=job.now))
    return tally


def require_any(job: Job, columns: Sequence[Column]) -> None:
    """Find fault with a file that has none of the columns, each of which may be absent.

    Raises:
        ImportFileError: It has none.
    """
    absent = find_absent(job.file, tuple(columns))
    if len(absent) == len(columns):
        raise ImportFileError(
            [f"{job.file.path.name}, line 1: none of the columns {', '.join(absent)}."]
        )


def offering_rows(job: Job, columns: tuple[Column, ...], tally: Tally) -> Iterator[tuple[int, Row]]:
    """Yield institution id and row where the institution has a program in the catalogue."""
    ids = offering_institutions(job.session)
    for row in read_known_rows(job, (UNITID, *columns), ids, tally):
        yield ids[int(str(row[UNITID.name]))], row


def read_known_rows(
    job: Job, columns: tuple[Column, ...], known: Container[object], tally: Tally
) -> Iterator[Row]:
    """Yield the rows whose first column holds a known key of an institution.

    Rows of all others are passed over unread, and counted in one of the tally's reasons.
    """
    key = columns[0]
    passed_over = 0

    def is_wanted(cell: str) -> bool:
        nonlocal passed_over
        tally.rows_read += 1
        try:
            wanted = key.parse(cell) in known
        except ValueError:
            return True  # to be named as a cell that cannot be read
        passed_over += not wanted
        return wanted

    yield from read_rows(job.file, columns, only=(key, is_wanted), progress=job.progress)
    if passed_over:
        tally.reasons.append(
            f"{passed_over} rows of institutions without a program in the catalogue: passed over"
        )
