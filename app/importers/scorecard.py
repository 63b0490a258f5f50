"""College Scorecard: earnings of aided students years after they entered, and who operates."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, cast

from sqlmodel import Session, col, select

from app.domain.claims import OutcomeClaim, ProgramClaim, StatusClaim
from app.domain.messages import N_
from app.domain.vocabulary import Basis, OutcomeMetric, SchoolStatus, ValueStatus
from app.importers.editions import reconcile_editions
from app.importers.ipeds.rows import import_measures, to_claim
from app.importers.job import Importer, Job
from app.importers.reading import Column, Row, read_rows
from app.queries.programs import offering_institutions
from app.store.rows import ClaimTarget, Statement, Tally
from app.store.tables.institutions import Institution
from app.store.tables.sources import Source

SUPPRESSED = {"PS", "PrivacySuppressed"}
MISSING = {"", "NULL"}


def parse_place(text: str) -> int:
    """Return a UNITID, or the eight digits that the Scorecard gives to a branch of one.

    Raises:
        ValueError: Neither six nor eight digits.
    """
    if not re.fullmatch(r"\d{6}(\d\d)?", text.strip()):
        raise ValueError("not a UNITID of six digits, or eight for a branch")
    return int(text)


def parse_earnings(text: str) -> float | ValueStatus | None:
    """Return dollars, WITHHELD where privacy forbids a number, or None where there is none.

    Raises:
        ValueError: Anything else that is not a number from 0 up.
    """
    bare = text.strip()
    if bare in MISSING:
        return None
    if bare in SUPPRESSED:
        return ValueStatus.WITHHELD
    dollars = float(bare)
    if not 0 <= dollars < 1e9:
        raise ValueError("not a number from 0 up")
    return dollars


@dataclass(frozen=True, slots=True)
class Earnings:
    """One column of earnings; the students they are of entered long before the release."""

    printed: str
    metric: OutcomeMetric
    kind: ClassVar[type[ProgramClaim]] = OutcomeClaim

    @property
    def columns(self) -> tuple[Column]:
        """The columns to read."""
        return (Column(self.printed, self.printed, parse_earnings),)

    def claims(self, row: Row, source: Source) -> Iterator[OutcomeClaim]:
        """Yield the earnings, withheld ones without a value."""
        earnings = row[self.printed]
        if earnings is not None:
            is_withheld = earnings is ValueStatus.WITHHELD
            yield to_claim(
                OutcomeClaim,
                source,
                note=N_("Aided students of the whole institution."),
                value_status=ValueStatus.WITHHELD if is_withheld else ValueStatus.REPORTED,
                metric=self.metric,
                value=None if is_withheld else earnings,
                unit="USD",
            )


COLUMNS = (
    Earnings("MD_EARN_WNE_P6", OutcomeMetric.EARNINGS_6_YEARS),
    Earnings("MD_EARN_WNE_P10", OutcomeMetric.EARNINGS_10_YEARS),
)

FLAGS = {"0": False, "1": True}  # Scorecard dictionary: CURROPER 0 closed, 1 operating; MAIN; HCM2
BRANCH_NOTE = N_("A branch that does not operate by itself; its number is that of the main campus.")


def parse_flag(text: str) -> bool | None:
    """Return a flag, or None where it is missing.

    Raises:
        KeyError: Neither 0 nor 1.
    """
    bare = text.strip()
    return None if bare in {*MISSING, *SUPPRESSED, "NA"} else FLAGS[bare]


PLACE = Column("UNITID", "unitid", parse_place)
STATUS_COLUMNS = (
    PLACE,
    Column("INSTNM", "name"),
    Column("OPEID6", "number"),
    Column("MAIN", "is_main", parse_flag),
    Column("CURROPER", "is_operating", parse_flag),
    Column("HCM2", "is_cash_monitored", parse_flag, required=False),
)

Main = tuple[int, str]
"""UNITID and name of a main campus."""


def import_status(job: Job, source: Source) -> Tally:
    """Import who operates, and whose cash the Department of Education watches.

    A branch that does not operate while the main campus of its number does is merged into that.
    """
    tally, ids = Tally(), offering_institutions(job.session)
    rows = list(read_rows(job.file, STATUS_COLUMNS, progress=job.progress))
    tally.rows_read = len(rows)
    mains = _main_campuses(rows)
    listed = _listed_mains(job.session)
    statements: list[Statement] = []
    for row in rows:
        school, number = ids.get(cast("int", row["unitid"])), str(row["number"]).zfill(6)
        if school is None or row["is_operating"] is None:
            continue
        status, into = SchoolStatus.OPEN, None
        if not row["is_operating"]:
            found = mains.get(number) or listed.get(number, [])
            into = found[0] if row["is_main"] is False and len(found) == 1 else None
            status = SchoolStatus.MERGED if into else SchoolStatus.CLOSED
        claim = to_claim(
            StatusClaim,
            source,
            note=BRANCH_NOTE if into else None,
            status=status,
            successor_unitid=into[0] if into else None,
            successor_name=into[1] if into else None,
            is_cash_monitored=row["is_cash_monitored"],
        )
        statements.append((ClaimTarget(institution_id=school), claim))
    if passed := len(rows) - len(statements):
        tally.reasons.append(
            f"{passed} rows without a status, or of institutions without a program in the "
            "catalogue: passed over"
        )
    tally.add(reconcile_editions(job, source, {StatusClaim: statements}))
    return tally


def _main_campuses(rows: Iterable[Row]) -> dict[str, list[Main]]:
    """Return the first six digits of an OPEID -> the main campuses that operate under it."""
    found: dict[str, list[Main]] = {}
    for row in rows:
        if row["is_main"] and row["is_operating"]:
            main = (cast("int", row["unitid"]), str(row["name"]))
            found.setdefault(str(row["number"]).zfill(6), []).append(main)
    return found


def _listed_mains(session: Session) -> dict[str, list[Main]]:
    """Return the same by the federal directory, for a file that is cut to some schools."""
    found: dict[str, list[Main]] = {}
    statement = select(Institution.opeid, Institution.unitid, Institution.name).where(
        col(Institution.opeid).endswith("00"), col(Institution.is_active).is_(True)
    )
    for opeid, unitid, name in session.exec(statement):
        if opeid and unitid:
            found.setdefault(opeid[:6], []).append((unitid, name))
    return found


scorecard_source = partial(
    Source,
    publisher="US Department of Education",
    licence="US federal work; the download site states no licence of its own",
    url="https://collegescorecard.ed.gov/data/",
    basis=Basis.GOVERNMENT_DATA,
)

STATUS = Importer(
    key="scorecard-institutions",
    title="College Scorecard institution data (MERGED): who operates",
    pattern=r"merged(?P<year>\d{4})_\d\d_pp(_\w+)?",
    order=45,
    source=scorecard_source(
        key="scorecard-merged{year}",
        title="College Scorecard, institution data of {academic_year}",
        edition="{academic_year}",
    ),
    run=import_status,
)

EARNINGS = Importer(
    key="scorecard",
    title="College Scorecard earnings by institution",
    pattern=r"institution_earnings_(?P<released>\d{4}-\d{2}-\d{2})",
    order=45,
    source=scorecard_source(
        key="scorecard-{released}",
        title="College Scorecard, median earnings by institution",
        edition="{released}",
    ),
    run=lambda job, source: import_measures(job, source, COLUMNS, unitid=PLACE),
)
