"""IPEDS prices: of an academic year (IC_AY), of whole programs (IC_PY), and the short table."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from app.domain.claims import CostClaim, OfferingClaim, ProgramClaim
from app.domain.messages import N_
from app.domain.text.identifiers import parse_cip
from app.domain.vocabulary import (
    AwardLevel,
    CostComponent,
    CostUnit,
    Level,
    Residency,
    StudentLevel,
    ValueStatus,
)
from app.importers.ipeds.rows import (
    Amount,
    import_measures,
    ipeds_source,
    offering_rows,
    to_claim,
)
from app.importers.job import Importer, Job
from app.importers.reading import IPEDS_MISSING, Column, FlaggedValue, Row, parse_flag, to_cents
from app.queries.programs import awards_reported, retired_ids
from app.store.rows import ClaimTarget, Statement, Tally, reconcile_claims
from app.store.tables.sources import Source

IMPLIED_ZERO = "Z"
"""IPEDS flag of a 0 that stands for a cell left blank."""


def parse_price_flag(text: str) -> ValueStatus:
    """Return the status of a price beside its X column; one left blank is not a price of 0."""
    is_blank = text.strip().upper() == IMPLIED_ZERO
    return ValueStatus.NOT_REPORTED if is_blank else parse_flag(text)


price_amount = partial(Amount, parse_flag=parse_price_flag)

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
GRADUATE_CHARGES = [c for c in CHARGES if c.student_level is StudentLevel.GRADUATE]


def applying_charges(row: Row) -> Iterator[Charge]:
    """Yield the prices that say something of one institution of IC_AY.

    Graduate prices are left out where the institution has none at all, and prices for the
    district where they are those for the state.
    """
    values = {charge: charge.amount.read(row) for charge in CHARGES}
    if all(values[c][1] is ValueStatus.NOT_APPLICABLE for c in GRADUATE_CHARGES):
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


SLOTS = range(1, 7)
HOUR_UNITS = {"1": "clock_hour", "2": "credit_hour"}  # IC_PY dictionary 2021-22, PRGMSRn
UNSTATED_NOTE = N_("A price of one program of this field: the survey does not state its award.")


def parse_slot(text: str) -> str | None:
    """Return the CIP code of a program slot; None for an unused one ("-2     ")."""
    return None if text.strip() in IPEDS_MISSING else parse_cip(text)


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
        Amount(f"CIPLGTH{slot}", f"XCIPLGT{slot}"),
        Amount(f"MTHCMP{slot}", f"XMTHCMP{slot}"),
    )


def _columns_of(slot: int) -> tuple[Column, ...]:
    return (
        Column(f"CIPCODE{slot}", f"cip{slot}", parse_slot),
        Column(f"PRGMSR{slot}", f"hour_unit{slot}", parse_hour_unit),
        *(column for amount in _amounts_of(slot) for column in amount.columns),
    )


PROGRAM_COLUMNS = (
    *(column for slot in SLOTS for column in _columns_of(slot)),
    *FIRST_PRICE.columns,
    *FIRST_BOOKS.columns,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the six largest programs of an institution that charges by program."""

    cip_code: str
    price: FlaggedValue
    books: FlaggedValue
    months: float | None
    hours: float | None
    hour_unit: str | None

    @property
    def label(self) -> str | None:
        """How the program is told from others in its field: "9 months, 900 clock hours"."""
        parts = []
        if self.months is not None:
            parts.append(f"{self.months:g} months")
        if self.hours is not None and self.hour_unit is not None:
            parts.append(f"{self.hours:g} {self.hour_unit.replace('_', ' ')}s")
        return ", ".join(parts) or None


def slots_of(row: Row) -> list[Slot]:
    """Return the used slots of one institution of IC_PY.

    The first program's price stands in CHG1PY3 and CHG4PY3 where the institution has
    first-time students, else in the columns that the other five always use.
    """
    found = []
    for slot in SLOTS:
        if row[f"cip{slot}"] is None:
            continue
        price, books, hours, months = (amount.read(row) for amount in _amounts_of(slot))
        if slot == 1 and row["XCHG1PY3"] is not ValueStatus.NOT_APPLICABLE:
            price = FIRST_PRICE.read(row)
        if slot == 1 and row["XCHG4PY3"] is not ValueStatus.NOT_APPLICABLE:
            books = FIRST_BOOKS.read(row)
        hour_unit = row[f"hour_unit{slot}"]
        found.append(
            Slot(
                cip_code=str(row[f"cip{slot}"]),
                price=price,
                books=books,
                months=months[0],
                hours=hours[0],
                hour_unit=None if hour_unit is None else str(hour_unit),
            )
        )
    return found


CLOCK_HOURS: dict[str, tuple[int, int | None]] = {
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: (0, 300),
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: (300, 900),
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: (900, 1800),
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: (1800, None),
    AwardLevel.ASSOCIATE: (1800, None),
}
CREDIT_HOURS: dict[str, tuple[int, int | None]] = {
    AwardLevel.CERTIFICATE_UNDER_12_WEEKS: (0, 13),
    AwardLevel.CERTIFICATE_UNDER_1_YEAR: (9, 45),
    AwardLevel.CERTIFICATE_1_TO_2_YEARS: (30, 90),
    AwardLevel.CERTIFICATE_2_TO_4_YEARS: (60, 120),
    AwardLevel.ASSOCIATE: (60, 120),
    AwardLevel.BACHELOR: (120, None),
}
"""Award level -> hours of its programs, from the first and below the second (IPEDS Completions,
AWLEVEL). Certificates take 9, 30 or 60 semester credits, or 13, 45 or 90 quarter credits: IC_PY
does not tell which it counts. Programs of graduate awards are not in IC_PY."""


def fits(slot: Slot, award_level: str) -> bool:
    """Return whether a program of some hours may lead to an award."""
    bounds = CLOCK_HOURS if slot.hour_unit == "clock_hour" else CREDIT_HOURS
    if slot.hours is None or slot.hour_unit is None or award_level not in bounds:
        return False
    low, high = bounds[award_level]
    return low <= slot.hours and (high is None or slot.hours < high)


def import_programs(job: Job, source: Source) -> Tally:
    """Import prices and lengths of whole programs.

    The survey tells the field of a program and not its award. A price goes to the one award that
    its hours fit, among those that the school reported in that field in the same year, if no
    other price of the field fits it too; else to the school.
    """
    tally = Tally()
    reported = awards_reported(job.session, source.edition)
    retired = retired_ids(job.session)
    costs: list[Statement] = []
    offerings: list[Statement] = []
    for institution, row in offering_rows(job, PROGRAM_COLUMNS, tally):
        slots = [s for s in slots_of(row) if s.cip_code.startswith(job.cip_prefixes)]
        fitting = [
            [
                program
                for level, program in reported.get((institution, slot.cip_code), {}).items()
                if fits(slot, level)
            ]
            for slot in slots
        ]
        wanted = Counter(program for programs in fitting for program in programs)
        for slot, programs in zip(slots, fitting, strict=True):
            if len(programs) != 1 or wanted[programs[0]] > 1 or programs[0] in retired:
                costs += _costs(ClaimTarget(institution_id=institution), slot, source)
                continue
            target = ClaimTarget(program_id=programs[0])
            costs += _costs(target, slot, source)
            offerings.append((target, _offering(slot, source)))
    tally.add(reconcile_claims(job.session, CostClaim, source.key, costs, now=job.now))
    tally.add(reconcile_claims(job.session, OfferingClaim, source.key, offerings, now=job.now))
    return tally


def _costs(target: ClaimTarget, slot: Slot, source: Source) -> Iterator[Statement]:
    is_own = target.program_id is not None
    for component, (amount, status), contains in (
        (CostComponent.TUITION_AND_FEES, slot.price, TUITION_AND_FEES),
        (CostComponent.BOOKS, slot.books, []),
    ):
        claim = to_claim(
            CostClaim,
            source,
            level=Level.PROGRAM if is_own else Level.INSTITUTION,
            note=None if is_own else UNSTATED_NOTE,
            value_status=status,
            component=component,
            amount_low_cents=to_cents(amount),
            amount_high_cents=to_cents(amount),
            unit=CostUnit.PROGRAM,
            label=None if is_own else slot.label,
            cip_code=None if is_own else slot.cip_code,
            contains=contains,
        )
        yield target, claim


def _offering(slot: Slot, source: Source) -> OfferingClaim:
    return to_claim(
        OfferingClaim,
        source,
        level=Level.PROGRAM,
        credits=slot.hours,
        credit_unit=None if slot.hours is None else slot.hour_unit,
        months_low=slot.months,
        months_high=slot.months,
    )


YEAR = Importer(
    key="ipeds-charges-year",
    title="IPEDS charges of an academic year (IC_AY)",
    pattern=r"ic(?P<year>\d{4})_ay",
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
    order=30,
    source=ipeds_source(
        key="ipeds-ic{year}-py",
        title="IPEDS charges of program-year institutions, IC{year}_PY",
        edition="{academic_year}",
    ),
    run=import_programs,
)
TABLE = Importer(
    key="ipeds-charges-table",
    title="IPEDS custom table of tuition and fees",
    pattern=r"custom_tuition_fees_(?P<year>\d{4})",
    order=30,
    source=ipeds_source(
        key="ipeds-tuition-fees-{year}",
        title="IPEDS custom table of published tuition and fees, {academic_year}",
        edition="{academic_year}",
    ),
    run=lambda job, source: import_measures(job, source, table_charges(job.year)),
)
