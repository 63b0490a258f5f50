"""College Scorecard, a row an institution: who operates, who accredits it, what it costs and earns.

One reader for all its files: those of a year (MERGED), the newest of everything, and a short one of
earnings. A file may have any of the columns.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import cast

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain.claims import (
    AccreditationClaim,
    CostClaim,
    OfferingClaim,
    OutcomeClaim,
    ProgramClaim,
    ServiceClaim,
    StatusClaim,
)
from app.domain.cost.net_price import AIDED, INCOMES
from app.domain.messages import N_
from app.domain.vocabulary import (
    AccreditationScope,
    AccreditationStatus,
    Basis,
    Control,
    CostComponent,
    CostUnit,
    OutcomeMetric,
    Residency,
    SchoolStatus,
    ServiceKind,
    StudentLevel,
    ValueStatus,
)
from app.importers.accrediting_agencies import agency_name
from app.importers.editions import reconcile_editions
from app.importers.ipeds.charges import TUITION_AND_FEES
from app.importers.ipeds.rows import read_known_rows, require_any, to_claim
from app.importers.job import Importer, Job
from app.importers.program_prices import (
    SLOTS,
    Slot,
    SlotPrice,
    by_only_award,
    parse_slot,
    place_slots,
)
from app.importers.reading import CheckedFile, Column, FlaggedValue, Row, read_rows, to_cents
from app.queries.programs import (
    awards_reported,
    newest_completions_year,
    offering_institutions,
    retired_ids,
)
from app.store.records import inner_table
from app.store.rows import ClaimTarget, Statement, Tally, reconcile_claims
from app.store.tables.claims import TABLES
from app.store.tables.institutions import Institution
from app.store.tables.sources import Source

SUPPRESSED = {"PS", "PrivacySuppressed"}
MISSING = {"", "NULL", "NA"}
FLAGS = {"0": False, "1": True}  # Scorecard dictionary: CURROPER 0 closed, 1 operating; MAIN; HCM2


def parse_place(text: str) -> int:
    """Return a UNITID, or the eight digits that the Scorecard gives to a branch of one.

    Raises:
        ValueError: Neither six nor eight digits.
    """
    if not re.fullmatch(r"\d{6}(\d\d)?", text.strip()):
        raise ValueError("not a UNITID of six digits, or eight for a branch")
    return int(text)


def parse_number(text: str, least: float = 0) -> float | ValueStatus | None:
    """Return a number, WITHHELD where privacy forbids it, or None where there is none.

    Raises:
        ValueError: Anything else that is not a number from ``least`` up.
    """
    bare = text.strip()
    if bare in MISSING:
        return None
    if bare in SUPPRESSED:
        return ValueStatus.WITHHELD
    number = float(bare)
    if not least <= number < 1e9:
        raise ValueError(f"not a number from {least:g} up")
    return number


def parse_flag(text: str) -> bool | None:
    """Return a flag, or None where it is missing.

    Raises:
        KeyError: Neither 0 nor 1.
    """
    bare = text.strip()
    return None if bare in {*MISSING, *SUPPRESSED} else FLAGS[bare]


def parse_words(text: str) -> str | None:
    """Return words, or None where there are none."""
    bare = text.strip()
    return None if bare in {*MISSING, *SUPPRESSED} else bare


def parse_program(text: str) -> str | None:
    """Return the CIP code of a program; None where there is none.

    Raises:
        ValueError: Something else.
    """
    return None if text.strip() in SUPPRESSED else parse_slot(text)


PLACE = Column("UNITID", "unitid", parse_place)


def _may_have(printed: str, parse: Callable[[str], object]) -> Column:
    return Column(printed, printed, parse, required=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of dollars that former or present students earned or paid, on the whole."""

    printed: str
    metric: OutcomeMetric
    cohort: str | None = None
    note: str | None = None
    least: float = 0

    @property
    def column(self) -> Column:
        """The column to read."""
        return _may_have(self.printed, partial(parse_number, least=self.least))

    def claims(self, row: Row, source: Source) -> Iterator[OutcomeClaim]:
        """Yield the figure, a withheld one without a value."""
        amount, status = _read(row, self.printed)
        if status is not ValueStatus.NOT_REPORTED:
            yield to_claim(
                OutcomeClaim,
                source,
                note=self.note,
                value_status=status,
                metric=self.metric,
                value=amount,
                unit="USD",
                cohort=self.cohort,
            )


def _read(row: Row, printed: str) -> FlaggedValue:
    """Return the number of a cell, or None, and its status."""
    cell = row[printed]
    if isinstance(cell, float):
        return cell, ValueStatus.REPORTED
    withheld = cell is ValueStatus.WITHHELD
    return None, ValueStatus.WITHHELD if withheld else ValueStatus.NOT_REPORTED


AIDED_NOTE = N_("Aided students of the whole institution.")
LEAST_NET_PRICE = -1e6
"""Grants may be more than everything costs."""

net_price = partial(Figure, metric=OutcomeMetric.NET_PRICE, least=LEAST_NET_PRICE)
FIGURES = (
    Figure("MD_EARN_WNE_P6", OutcomeMetric.EARNINGS_6_YEARS, note=AIDED_NOTE),
    Figure("MD_EARN_WNE_P10", OutcomeMetric.EARNINGS_10_YEARS, note=AIDED_NOTE),
    *(net_price(f"NPT4_{kind}", cohort=AIDED) for kind in ("PUB", "PRIV")),
    *(
        net_price(f"NPT4{band}_{kind}", cohort=cohort)
        for band, cohort in enumerate(INCOMES, start=1)
        for kind in ("PUB", "PRIV")
    ),
)

WHOLE_PROGRAM = (CostComponent.TUITION, CostComponent.FEES, CostComponent.BOOKS)
"""What CIPTFBS holds in one sum: tuition, fees, books and supplies."""

COLUMNS = (
    _may_have("INSTNM", parse_words),
    _may_have("OPEID6", parse_words),
    _may_have("MAIN", parse_flag),
    _may_have("CURROPER", parse_flag),
    _may_have("HCM2", parse_flag),
    _may_have("DISTANCEONLY", parse_flag),
    _may_have("ACCREDAGENCY", parse_words),
    *(_may_have(name, parse_number) for name in ("TUITIONFEE_IN", "TUITIONFEE_OUT", "BOOKSUPPLY")),
    *(figure.column for figure in FIGURES),
    *(_may_have(f"CIPCODE{slot}", parse_program) for slot in SLOTS),
    *(_may_have(f"CIPTFBS{slot}", parse_number) for slot in SLOTS),
    *(_may_have(f"MTHCMP{slot}", parse_number) for slot in SLOTS),
)
MAIN_COLUMNS = (PLACE, *COLUMNS[:4])

BRANCH_NOTE = N_("A branch that does not operate by itself; its number is that of the main campus.")

BY_EDITION: tuple[type[ProgramClaim], ...] = (StatusClaim, ServiceClaim, AccreditationClaim)
BY_YEAR: tuple[type[ProgramClaim], ...] = (CostClaim, OutcomeClaim, OfferingClaim)
"""Kinds of claims that the newest edition settles, and those that hold for their year."""

Main = tuple[int, str]
"""UNITID and name of a main campus."""


def import_institutions(job: Job, source: Source) -> Tally:
    """Import what a file tells of each school of the catalogue.

    Raises:
        ImportFileError: The file cannot be read, or has none of the columns.
    """
    require_any(job, COLUMNS)
    tally, ids = Tally(), offering_institutions(job.session)
    rows = list(read_known_rows(job, (PLACE, *COLUMNS), ids, tally))
    main_of = _find_main_campus(job, rows)
    prices = _Prices.load(job.session, source)
    statements: dict[type[ProgramClaim], list[Statement]] = {
        kind: [] for kind in (*BY_EDITION, *BY_YEAR)
    }
    for row in rows:
        school = ids[cast("int", row["unitid"])]
        of_school = chain(
            _status(row, source, main_of),
            _service(row, source),
            _accreditation(row, source),
            prices.claims(row, school, source),
            *(figure.claims(row, source) for figure in FIGURES),
        )
        for claim in of_school:
            statements[type(claim)].append((ClaimTarget(institution_id=school), claim))
        slots = [slot for slot in _slots(row) if slot.cip_code.startswith(job.cip_prefixes)]
        costs, lengths = place_slots(
            school,
            slots,
            source,
            chosen=by_only_award,
            reported=prices.reported,
            retired=prices.retired,
        )
        statements[CostClaim] += costs
        statements[OfferingClaim] += lengths
    if prices.repeated:
        tally.reasons.append(f"{prices.repeated} prices told by another source of the year as well")
    tally.add(reconcile_editions(job, source, {kind: statements[kind] for kind in BY_EDITION}))
    for kind in BY_YEAR:
        tally.add(reconcile_claims(job.session, kind, source.key, statements[kind], now=job.now))
    return tally


MainOf = Callable[[Row], Main | None]
"""Returns the one main campus that operates under the number of a branch, if there is one."""


def _find_main_campus(job: Job, rows: Iterable[Row]) -> MainOf:
    """Return how to find main campuses; the file is only searched where a branch is closed."""
    mains: dict[str, list[Main]] = {}
    listed: dict[str, list[Main]] = {}
    if any(row["CURROPER"] is False and row["MAIN"] is False for row in rows):
        mains = _main_campuses(read_rows(job.file, MAIN_COLUMNS))
        listed = _listed_mains(job.session)

    def main_of(row: Row) -> Main | None:
        number = _number(row)
        found = mains.get(number) or listed.get(number, [])
        return found[0] if row["MAIN"] is False and len(found) == 1 else None

    return main_of


def _number(row: Row) -> str:
    """Return the first six digits of an OPEID; empty where there is none."""
    return str(row["OPEID6"]).zfill(6) if row["OPEID6"] else ""


def _main_campuses(rows: Iterable[Row]) -> dict[str, list[Main]]:
    """Return the first six digits of an OPEID -> the main campuses that operate under it."""
    found: dict[str, list[Main]] = {}
    for row in rows:
        if row["MAIN"] and row["CURROPER"] and row["OPEID6"]:
            main = (cast("int", row["unitid"]), str(row["INSTNM"]))
            found.setdefault(_number(row), []).append(main)
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


def _status(row: Row, source: Source, main_of: MainOf) -> Iterator[StatusClaim]:
    """Yield whether the school operates, and whether its cash is watched.

    A branch that does not operate while the main campus of its number does is merged into that.
    """
    operates = row["CURROPER"]
    if not isinstance(operates, bool):
        return
    into = None if operates else main_of(row)
    status = SchoolStatus.OPEN if operates else SchoolStatus.CLOSED
    yield to_claim(
        StatusClaim,
        source,
        note=BRANCH_NOTE if into else None,
        status=SchoolStatus.MERGED if into else status,
        successor_unitid=into[0] if into else None,
        successor_name=into[1] if into else None,
        is_cash_monitored=row["HCM2"] if isinstance(row["HCM2"], bool) else None,
    )


def _service(row: Row, source: Source) -> Iterator[ServiceClaim]:
    """Yield whether the school teaches at a distance only."""
    if isinstance(row["DISTANCEONLY"], bool):
        kind = ServiceKind.ALL_PROGRAMS_DISTANCE
        yield to_claim(ServiceClaim, source, service=kind, is_offered=row["DISTANCEONLY"])


def _accreditation(row: Row, source: Source) -> Iterator[AccreditationClaim]:
    """Yield who accredits the school: the agency that the Department of Education goes by."""
    if printed := row["ACCREDAGENCY"]:
        yield to_claim(
            AccreditationClaim,
            source,
            scope=AccreditationScope.INSTITUTION,
            accreditor=agency_name(str(printed)),
            status=AccreditationStatus.ACCREDITED,
        )


@dataclass(slots=True)
class _Prices:
    """What is known of prices of the same year, beside those of the file.

    ``of_state`` and ``outside`` are school -> tuition and fees that residents of the state, and
    others, pay by sources of the year. ``repeated`` counts prices of the file that those tell too.
    """

    of_state: dict[int, set[int]]
    outside: dict[int, set[int]]
    private: set[int]
    reported: dict[tuple[int, str], dict[str, int]]
    retired: set[int]
    repeated: int = 0

    @classmethod
    def load(cls, session: Session, source: Source) -> "_Prices":
        """Load them for a file of a year; one that is dated by its release has no year."""
        edition = source.edition or ""
        is_of_year = re.fullmatch(r"\d{4}-\d\d", edition)
        private = select(Institution.id).where(
            col(Institution.control).in_([Control.PRIVATE_NONPROFIT, Control.PRIVATE_FOR_PROFIT])
        )
        year = edition if is_of_year else newest_completions_year(session)
        return cls(
            of_state=_sums(session, source, Residency.IN_STATE),
            outside=_sums(session, source, Residency.OUT_OF_STATE),
            private={key for key in session.exec(private) if key is not None},
            reported=awards_reported(session, year),
            retired=retired_ids(session),
        )

    def claims(self, row: Row, school: int, source: Source) -> Iterator[CostClaim]:
        """Yield prices of a year: tuition and fees, and books.

        TUITIONFEE_IN is what residents of the district pay, whatever its description says (it is
        CHG1AY of IPEDS): only where there is no district is it the price for the state, too. A 0
        for books bears no flag that tells it from a cell left blank, so it tells nothing.
        """
        inside, outside = row["TUITIONFEE_IN"], row["TUITIONFEE_OUT"]
        is_one = school in self.private or inside == outside
        whose = Residency.IN_STATE if is_one else Residency.IN_DISTRICT
        for residency, cell, told in (
            (whose, inside, self.of_state),
            (Residency.OUT_OF_STATE, outside, self.outside),
        ):
            if not isinstance(cell, float):
                continue
            if to_cents(cell) in told.get(school, set()):
                self.repeated += 1
                continue
            yield _price_of_year(source, CostComponent.TUITION_AND_FEES, cell, residency)
        books = row["BOOKSUPPLY"]
        if isinstance(books, float) and books:
            yield _price_of_year(source, CostComponent.BOOKS, books, Residency.ANY)


def _price_of_year(
    source: Source, component: CostComponent, amount: float, residency: Residency
) -> CostClaim:
    is_books = component is CostComponent.BOOKS
    return to_claim(
        CostClaim,
        source,
        component=component,
        amount_low_cents=to_cents(amount),
        amount_high_cents=to_cents(amount),
        unit=CostUnit.YEAR,
        residency=residency,
        student_level=StudentLevel.UNDERGRADUATE,
        contains=[] if is_books else TUITION_AND_FEES,
    )


def _sums(session: Session, source: Source, residency: Residency) -> dict[int, set[int]]:
    """Return school -> tuition and fees of a year, by the other sources of the source's year.

    Those of one source that tells them apart are added.
    """
    table = inner_table(TABLES[CostClaim])
    cents = table.c.amount_low_cents
    parts = (CostComponent.TUITION, CostComponent.FEES)
    of_year = [
        table.c.institution_id.is_not(None),
        table.c.superseded_at.is_(None),
        table.c.source != source.key,
        table.c.as_of == source.edition,
        table.c.unit == CostUnit.YEAR,
        table.c.residency == residency,
        sa.func.coalesce(table.c.student_level, StudentLevel.UNDERGRADUATE)
        == StudentLevel.UNDERGRADUATE,
        cents.is_not(None),
    ]
    whole = sa.select(table.c.institution_id, cents).where(
        *of_year, table.c.component == CostComponent.TUITION_AND_FEES
    )
    added = (
        sa.select(table.c.institution_id, sa.func.sum(cents))
        .where(*of_year, table.c.component.in_(parts))
        .group_by(table.c.institution_id, table.c.source)
        .having(sa.func.count() == len(parts))
    )
    found: dict[int, set[int]] = {}
    for school, amount in session.execute(whole.union_all(added)):
        found.setdefault(school, set()).add(int(amount))
    return found


def _slots(row: Row) -> list[Slot]:
    """Return the largest programs of a school that charges by program, with their prices."""
    found = []
    for slot in SLOTS:
        value = _read(row, f"CIPTFBS{slot}")
        if row[f"CIPCODE{slot}"] and value[1] is not ValueStatus.NOT_REPORTED and value[0] != 0:
            found.append(
                Slot(
                    cip_code=str(row[f"CIPCODE{slot}"]),
                    prices=(SlotPrice(CostComponent.TOTAL, value, WHOLE_PROGRAM),),
                    months=_read(row, f"MTHCMP{slot}")[0] or None,
                )
            )
    return found


scorecard_source = partial(
    Source,
    publisher="US Department of Education",
    licence="US federal work; the download site states no licence of its own",
    url="https://collegescorecard.ed.gov/data/",
    basis=Basis.GOVERNMENT_DATA,
)

MERGED = Importer(
    key="scorecard-institutions",
    title="College Scorecard institution data of a year (MERGED)",
    pattern=r"merged(?P<year>\d{4})_\d\d_pp(_\w+)?",
    order=45,
    source=scorecard_source(
        key="scorecard-merged{year}",
        title="College Scorecard, institution data of {academic_year}",
        edition="{academic_year}",
    ),
    run=import_institutions,
)


def release_in_name(file: CheckedFile) -> dict[str, str]:
    """Return the day of a release by the name of the zip or folder that a file comes in."""
    name = f"{file.path.parent.name}/{file.name}"
    match = re.search(r"(?<!\d)(?P<month>\d\d)(?P<day>\d\d)(?P<of>20\d\d)(?!\d)", name)
    return match.groupdict() if match else {}


NEWEST = Importer(
    key="scorecard",
    title="College Scorecard newest institution data, or earnings by institution",
    pattern=r"(institution_earnings|most-recent-cohorts-institution)[-_]"
    r"(?P<released>\d{4}-\d{2}-\d{2})",
    order=45,
    source=scorecard_source(
        key="scorecard-{released}",
        title="College Scorecard, institution data of a release",
        edition="{released}",
    ),
    kin=("scorecard-recent",),
    run=import_institutions,
)

DATED = Importer(
    key="scorecard-newest",
    title="College Scorecard newest institution data, as its download page names it",
    pattern=r"most-recent-cohorts-institution(?:_(?P<month>\d\d)(?P<day>\d\d)(?P<of>\d{4}))?",
    tell=release_in_name,
    order=45,
    source=scorecard_source(
        key="scorecard-{of}-{month}-{day}",
        title="College Scorecard, institution data of a release",
        edition="{of}-{month}-{day}",
    ),
    kin=("scorecard-recent",),
    run=import_institutions,
)

UNDATED = replace(
    DATED,
    key="scorecard-undated",
    pattern=r"most-recent-cohorts-institution",
    tell=None,
    source=scorecard_source(
        key="scorecard-recent", title="College Scorecard, newest institution data, undated"
    ),
    kin=("scorecard-{released}",),
)
