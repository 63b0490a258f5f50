"""IPEDS prices: of an academic year (IC_AY), of whole programs (IC_PY), of both, and a short table.

Since 2024-25 both stand in one file, the first part of the Cost survey (COST1), with columns of the
same names. A column may be absent from an edition.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from app.domain.claims import CostClaim, OfferingClaim, ProgramClaim
from app.domain.messages import N_
from app.domain.vocabulary import (
    CostComponent,
    CostUnit,
    Residency,
    StudentLevel,
    ValueStatus,
)
from app.importers.editions import Edition, reconcile_editions
from app.importers.ipeds.characteristics import PAYMENT_PLAN
from app.importers.ipeds.rows import (
    Amount,
    import_measures,
    ipeds_source,
    offering_rows,
    require_any,
    to_claim,
)
from app.importers.job import Importer, Job
from app.importers.program_prices import SLOTS, Slot, SlotPrice, by_hours, parse_slot, place_slots
from app.importers.reading import IPEDS_MISSING, Column, Row, parse_flag, to_cents
from app.queries.programs import awards_reported, retired_ids
from app.store.rows import ClaimTarget, Statement, Tally, reconcile_claims
from app.store.tables.sources import Source

IMPLIED_ZERO = "Z"
"""IPEDS flag of a 0 that stands for a cell left blank."""


def parse_price_flag(text: str) -> ValueStatus:
    """Return the status of a price beside its X column; one left blank is not a price of 0."""
    is_blank = text.strip().upper() == IMPLIED_ZERO
    return ValueStatus.NOT_REPORTED if is_blank else parse_flag(text)


price_amount = partial(Amount, parse_flag=parse_price_flag, required=False)

TUITION_AND_FEES = [CostComponent.TUITION.value, CostComponent.FEES.value]


@dataclass(frozen=True, slots=True)
class Charge:
    """A price of an institution as a whole: its columns, and what it is a price of."""

    amount: Amount
    component: CostComponent
    unit: CostUnit
    residency: Residency
    student_level: StudentLevel = StudentLevel.UNDERGRADUATE
    note: str | None = None
    kind: ClassVar[type[ProgramClaim]] = CostClaim

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns to read."""
        return self.amount.columns

    def claims(self, row: Row, source: Source) -> Iterator[CostClaim]:
        """Yield the price, unless the cell says nothing."""
        amount, status = self.amount.read(row)
        if self.amount.says_something(row):
            whole = self.component is CostComponent.TUITION_AND_FEES
            yield to_claim(
                CostClaim,
                source,
                note=self.note,
                value_status=status,
                component=self.component,
                amount_low_cents=to_cents(amount),
                amount_high_cents=to_cents(amount),
                unit=self.unit,
                residency=self.residency,
                student_level=self.student_level,
                contains=TUITION_AND_FEES if whole else [],
            )


CREDIT_NOTE = N_("Charged to part-time students.")
PARTS = (  # IC_AY dictionary 2022-23
    ("TUITION", "XTUIT", CostComponent.TUITION, CostUnit.YEAR, None),
    ("FEE", "XFEE", CostComponent.FEES, CostUnit.YEAR, None),
    ("HRCHG", "XHRCHG", CostComponent.TUITION, CostUnit.CREDIT, CREDIT_NOTE),
)
PLACES = {  # IC_AY dictionary 2022-23: the digit that ends TUITION, FEE and HRCHG
    1: (Residency.IN_DISTRICT, StudentLevel.UNDERGRADUATE),
    2: (Residency.IN_STATE, StudentLevel.UNDERGRADUATE),
    3: (Residency.OUT_OF_STATE, StudentLevel.UNDERGRADUATE),
    5: (Residency.IN_DISTRICT, StudentLevel.GRADUATE),
    6: (Residency.IN_STATE, StudentLevel.GRADUATE),
    7: (Residency.OUT_OF_STATE, StudentLevel.GRADUATE),
}
BOOKS = Charge(
    price_amount("CHG4AY3", "XCHG4AY3"),
    CostComponent.BOOKS,
    CostUnit.YEAR,
    Residency.ANY,
    note=N_("The institution's own allowance for books and supplies."),
)
CHARGES = (
    *(
        Charge(price_amount(f"{printed}{digit}", f"{flag}{digit}"), component, unit, *place, note)
        for digit, place in PLACES.items()
        for printed, flag, component, unit, note in PARTS
    ),
    BOOKS,
)
YEAR_COLUMNS = tuple(column for charge in CHARGES for column in charge.columns)
GRADUATE_CHARGES = [c for c in CHARGES if c.student_level is StudentLevel.GRADUATE]


def applying_charges(row: Row) -> Iterator[Charge]:
    """Yield the prices that say something of one institution of IC_AY.

    Graduate prices are left out where the institution has none at all, and prices for the
    district where they are those for the state.
    """
    values = {charge: charge.amount.read(row) for charge in CHARGES if charge.amount.is_in(row)}
    graduate = [values[charge][1] for charge in GRADUATE_CHARGES if charge in values]
    if all(status is ValueStatus.NOT_APPLICABLE for status in graduate):
        values = {c: v for c, v in values.items() if c.student_level is StudentLevel.UNDERGRADUATE}
    of_state = {
        (c.component, c.unit, c.student_level): value
        for c, value in values.items()
        if c.residency is Residency.IN_STATE
    }
    for c, value in values.items():
        same = of_state.get((c.component, c.unit, c.student_level))
        if c.residency is not Residency.IN_DISTRICT or value != same:
            yield c


def table_charges(year: int) -> tuple[Charge, Charge]:
    """Return the two sums of the short table."""
    component, unit = CostComponent.TUITION_AND_FEES, CostUnit.YEAR
    in_state = Amount(f"TUITION_FEES_INSTATE{year}")
    out_of_state = Amount(f"TUITION_FEES_{year}_OUTSTATE")
    return (
        Charge(in_state, component, unit, Residency.IN_STATE),
        Charge(out_of_state, component, unit, Residency.OUT_OF_STATE),
    )


HOUR_UNITS = {"1": "clock_hour", "2": "credit_hour"}  # IC_PY dictionary 2021-22, PRGMSRn


def parse_hour_unit(text: str) -> str | None:
    """Return whether a length is in clock or credit hours; None for an unused slot.

    Raises:
        KeyError: An unknown code.
    """
    bare = text.strip()
    return None if bare in IPEDS_MISSING else HOUR_UNITS[bare]


FIRST_PRICE = price_amount("CHG1PY3", "XCHG1PY3")
FIRST_BOOKS = price_amount("CHG4PY3", "XCHG4PY3")


def _amounts_of(slot: int) -> tuple[Amount, ...]:
    """Return price, books, length in hours and length in months."""
    return (
        price_amount(f"CIPTUIT{slot}", f"XCIPTUI{slot}"),
        price_amount(f"CIPSUPP{slot}", f"XCIPSUP{slot}"),
        price_amount(f"CIPLGTH{slot}", f"XCIPLGT{slot}"),
        price_amount(f"MTHCMP{slot}", f"XMTHCMP{slot}"),
    )


def _columns_of(slot: int) -> tuple[Column, ...]:
    return (
        Column(f"CIPCODE{slot}", f"cip{slot}", parse_slot, required=False),
        Column(f"PRGMSR{slot}", f"hour_unit{slot}", parse_hour_unit, required=False),
        *(column for amount in _amounts_of(slot) for column in amount.columns),
    )


PROGRAM_COLUMNS = (
    *(column for slot in SLOTS for column in _columns_of(slot)),
    *FIRST_PRICE.columns,
    *FIRST_BOOKS.columns,
)


def slots_of(row: Row) -> list[Slot]:
    """Return the used slots of one institution of IC_PY or COST1.

    The first program's price stands in CHG1PY3 and CHG4PY3 where the institution has
    first-time students, else in the columns that the other five always use.
    """
    found = []
    for slot in SLOTS:
        if not row[f"cip{slot}"]:
            continue
        price, books, hours, months = (amount.read(row) for amount in _amounts_of(slot))
        if slot == 1 and FIRST_PRICE.applies(row):
            price = FIRST_PRICE.read(row)
        if slot == 1 and FIRST_BOOKS.applies(row):
            books = FIRST_BOOKS.read(row)
        found.append(
            Slot(
                cip_code=str(row[f"cip{slot}"]),
                prices=(
                    SlotPrice(
                        CostComponent.TUITION_AND_FEES,
                        price,
                        (CostComponent.TUITION, CostComponent.FEES),
                    ),
                    SlotPrice(CostComponent.BOOKS, books),
                ),
                months=months[0],
                hours=hours[0],
                hour_unit=str(row[f"hour_unit{slot}"] or "") or None,
            )
        )
    return found


def import_programs(job: Job, source: Source) -> Tally:
    """Import prices and lengths of whole programs, each for the award that it fits, if one does.

    Raises:
        ImportFileError: The file cannot be read, or has none of the columns.
    """
    require_any(job, PROGRAM_COLUMNS)
    tally = Tally()
    reported = awards_reported(job.session, source.edition)
    retired = retired_ids(job.session)
    costs: list[Statement] = []
    offerings: list[Statement] = []
    for institution, row in offering_rows(job, PROGRAM_COLUMNS, tally):
        slots = [s for s in slots_of(row) if s.cip_code.startswith(job.cip_prefixes)]
        of_costs, of_lengths = place_slots(
            institution, slots, source, chosen=by_hours, reported=reported, retired=retired
        )
        costs += of_costs
        offerings += of_lengths
    tally.add(reconcile_claims(job.session, CostClaim, source.key, costs, now=job.now))
    tally.add(reconcile_claims(job.session, OfferingClaim, source.key, offerings, now=job.now))
    return tally


def import_cost(job: Job, source: Source) -> Tally:
    """Import the Cost survey: prices of a year or of programs, and who offers a payment plan.

    A school that charges by program has a program in its first slot, and no price of a year.

    Raises:
        ImportFileError: The file cannot be read, or has none of the columns.
    """
    columns = (*PROGRAM_COLUMNS, *YEAR_COLUMNS, *PAYMENT_PLAN.columns)
    require_any(job, columns)
    tally = Tally()
    reported = awards_reported(job.session, source.edition)
    retired = retired_ids(job.session)
    costs: list[Statement] = []
    offerings: list[Statement] = []
    edition = Edition(questions={PAYMENT_PLAN.question})
    for institution, row in offering_rows(job, columns, tally):
        target = ClaimTarget(institution_id=institution)
        if isinstance(row[PAYMENT_PLAN.printed], bool):
            edition.schools.add(institution)
        costs += ((target, claim) for claim in PAYMENT_PLAN.claims(row, source))
        if slots := slots_of(row):
            of_field = [slot for slot in slots if slot.cip_code.startswith(job.cip_prefixes)]
            of_costs, of_lengths = place_slots(
                institution, of_field, source, chosen=by_hours, reported=reported, retired=retired
            )
            costs += of_costs
            offerings += of_lengths
            continue
        for charge in applying_charges(row):
            costs += ((target, claim) for claim in charge.claims(row, source))
    tally.add(reconcile_editions(job, source, {CostClaim: costs}, edition))
    tally.add(reconcile_claims(job.session, OfferingClaim, source.key, offerings, now=job.now))
    return tally


YEAR = Importer(
    key="ipeds-charges-year",
    title="IPEDS charges of an academic year (IC_AY)",
    pattern=r"ic(?P<year>\d{4})_ay",
    known_by=("TUITION2", "CHG2AY3"),
    order=30,
    source=ipeds_source(
        key="ipeds-ic{year}-ay",
        title="IPEDS charges of academic-year institutions, IC{year}_AY",
        edition="{academic_year}",
    ),
    run=lambda job, source: import_measures(job, source, CHARGES, applying=applying_charges),
)
PROGRAM = Importer(
    key="ipeds-charges-program",
    title="IPEDS charges by program (IC_PY)",
    pattern=r"ic(?P<year>\d{4})_py",
    known_by=("CIPCODE1", "CIPTUIT1"),
    order=30,
    source=ipeds_source(
        key="ipeds-ic{year}-py",
        title="IPEDS charges of program-year institutions, IC{year}_PY",
        edition="{academic_year}",
    ),
    run=import_programs,
)
COST = Importer(
    key="ipeds-cost",
    title="IPEDS Cost survey, published prices (COST1)",
    pattern=r"cost1_(?P<year>\d{4})",
    known_by=("TUITION2", "CIPCODE1", "TUITPL3"),
    order=36,
    source=ipeds_source(
        key="ipeds-cost1-{year}",
        title="IPEDS Cost survey, published prices, COST1_{year}",
        edition="{academic_year}",
    ),
    kin=("ipeds-ic{year}",),
    run=import_cost,
)
TABLE = Importer(
    key="ipeds-charges-table",
    title="IPEDS custom table of tuition and fees",
    pattern=r"custom_tuition_fees_(?P<year>\d{4})",
    known_by=(r"TUITION_FEES_INSTATE(?P<year>\d{4})",),
    order=30,
    source=ipeds_source(
        key="ipeds-tuition-fees-{year}",
        title="IPEDS custom table of published tuition and fees, {academic_year}",
        edition="{academic_year}",
    ),
    run=lambda job, source: import_measures(job, source, table_charges(job.year)),
)
