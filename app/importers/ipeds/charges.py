"""IPEDS prices: of an academic year (IC_AY), of whole programs (IC_PY), and the short table."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.claims import CostClaim, OfferingClaim
from app.domain.text.identifiers import parse_cip
from app.domain.vocabulary import (
    BELOW_ASSOCIATE,
    CostComponent,
    CostUnit,
    Level,
    Residency,
    StudentLevel,
    ValueStatus,
)
from app.importers.ipeds.rows import ipeds_source, offering_rows
from app.importers.job import Importer, Job, academic_year
from app.importers.reading import Column, Row, parse_amount, parse_flag, settle
from app.queries.programs import reported_programs, retired_ids
from app.store.rows import About, Tally, reconcile_claims
from app.store.tables.sources import Source

TUITION_AND_FEES = [CostComponent.TUITION.value, CostComponent.FEES.value]


def to_cents(amount: float | None) -> int | None:
    """Return dollars as cents."""
    return None if amount is None else round(amount * 100)


@dataclass(frozen=True, slots=True)
class Charge:
    """One price of IC_AY: its column, the flag before it, and what it is a price of."""

    printed: str
    flag: str
    component: CostComponent
    unit: CostUnit
    residency: Residency
    student_level: StudentLevel

    @property
    def columns(self) -> tuple[Column, Column]:
        """The two columns to read, under their printed names."""
        return (
            Column(self.flag, self.flag, parse_flag),
            Column(self.printed, self.printed, parse_amount),
        )


PARTS = (  # IC_AY dictionary 2022-23
    ("TUITION", "XTUIT", CostComponent.TUITION, CostUnit.YEAR),
    ("FEE", "XFEE", CostComponent.FEES, CostUnit.YEAR),
    ("HRCHG", "XHRCHG", CostComponent.TUITION, CostUnit.CREDIT),
)
PLACES = {  # IC_AY dictionary 2022-23: the digit that ends TUITION, FEE and HRCHG
    1: (Residency.IN_DISTRICT, StudentLevel.UNDERGRADUATE),
    2: (Residency.IN_STATE, StudentLevel.UNDERGRADUATE),
    3: (Residency.OUT_OF_STATE, StudentLevel.UNDERGRADUATE),
    5: (Residency.IN_DISTRICT, StudentLevel.GRADUATE),
    6: (Residency.IN_STATE, StudentLevel.GRADUATE),
    7: (Residency.OUT_OF_STATE, StudentLevel.GRADUATE),
}
CHARGES = tuple(
    Charge(f"{printed}{digit}", f"{flag}{digit}", component, unit, *place)
    for digit, place in PLACES.items()
    for printed, flag, component, unit in PARTS
)
BOOKS = Charge(
    "CHG4AY3",
    "XCHG4AY3",
    CostComponent.BOOKS,
    CostUnit.YEAR,
    Residency.ANY,
    StudentLevel.UNDERGRADUATE,
)
BOOKS_NOTE = "The institution's own allowance for books and supplies."
CREDIT_NOTE = "Charged to part-time students."

YEAR_COLUMNS = tuple(column for charge in (*CHARGES, BOOKS) for column in charge.columns)

Settled = tuple[float | None, ValueStatus]


def settle_charges(row: Row) -> dict[Charge, Settled]:
    """Return price -> amount and standing for one institution of IC_AY.

    Graduate prices are left out where the institution has none at all, and prices for the
    district where they are those for the state.
    """
    settled = {c: settle(row[c.flag], row[c.printed]) for c in (*CHARGES, BOOKS)}
    graduate = [c for c in CHARGES if c.student_level is StudentLevel.GRADUATE]
    if all(settled[c][1] is ValueStatus.NOT_APPLICABLE for c in graduate):
        for charge in graduate:
            del settled[charge]
    of_state = {
        (c.component, c.unit, c.student_level): value
        for c, value in settled.items()
        if c.residency is Residency.IN_STATE
    }
    return {
        c: value
        for c, value in settled.items()
        if c.residency is not Residency.IN_DISTRICT
        or value != of_state[c.component, c.unit, c.student_level]
    }


def describe_year(match: re.Match[str]) -> Source:
    """Return the source of one year of charges; IC2022_AY holds those of 2022-23."""
    year = int(match["year"])
    return ipeds_source(
        f"ipeds-ic{year}-ay",
        f"IPEDS charges of academic-year institutions, IC{year}_AY",
        academic_year(year),
    )


def run_year(job: Job, source: Source) -> Tally:
    """Bring in prices of an academic year, each for the institution as a whole."""
    tally = Tally()
    claims = [
        (
            About(institution_id=institution),
            CostClaim(
                level=Level.INSTITUTION,
                source=source.key,
                basis=source.basis,
                as_of=source.edition,
                note=_note_of(charge),
                value_status=status,
                component=charge.component,
                amount_low_cents=to_cents(amount),
                amount_high_cents=to_cents(amount),
                unit=charge.unit,
                residency=charge.residency,
                student_level=charge.student_level,
            ),
        )
        for institution, row in offering_rows(job, YEAR_COLUMNS, tally)
        for charge, (amount, status) in settle_charges(row).items()
    ]
    tally.add(reconcile_claims(job.session, CostClaim, source.key, claims, now=job.now))
    return tally


def _note_of(charge: Charge) -> str | None:
    if charge.component is CostComponent.BOOKS:
        return BOOKS_NOTE
    return CREDIT_NOTE if charge.unit is CostUnit.CREDIT else None


SLOTS = range(1, 7)
HOUR_UNITS = {"1": "clock_hour", "2": "credit_hour"}  # IC_PY dictionary 2021-22, PRGMSRn
UNUSED = {"", ".", "-1", "-2", "-3"}
UNSTATED_NOTE = "The survey does not state which award this program leads to."


def parse_slot(text: str) -> str | None:
    """Return the CIP code of a program slot; None for an unused one ("-2     ")."""
    return None if text.strip() in UNUSED else parse_cip(text)


def parse_hour_unit(text: str) -> str | None:
    """Return whether a length is in clock or credit hours; None for an unused slot.

    Raises:
        KeyError: An unknown code.
    """
    bare = text.strip()
    return None if bare in UNUSED else HOUR_UNITS[bare]


def _slot_columns(slot: int) -> Iterator[Column]:
    yield Column(f"CIPCODE{slot}", f"cip{slot}", parse_slot)
    yield Column(f"PRGMSR{slot}", f"hour_unit{slot}", parse_hour_unit)
    for flag, printed in (
        ("XCIPTUI", "CIPTUIT"),
        ("XCIPSUP", "CIPSUPP"),
        ("XCIPLGT", "CIPLGTH"),
        ("XMTHCMP", "MTHCMP"),
    ):
        yield Column(f"{flag}{slot}", f"{flag}{slot}", parse_flag)
        yield Column(f"{printed}{slot}", f"{printed}{slot}", parse_amount)


PROGRAM_COLUMNS = (
    *(column for slot in SLOTS for column in _slot_columns(slot)),
    Column("XCHG1PY3", "XCHG1PY3", parse_flag),
    Column("CHG1PY3", "CHG1PY3", parse_amount),
    Column("XCHG4PY3", "XCHG4PY3", parse_flag),
    Column("CHG4PY3", "CHG4PY3", parse_amount),
)


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the six largest programs of an institution that charges by program."""

    cip_code: str
    price: Settled
    books: Settled
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
        price = settle(row[f"XCIPTUI{slot}"], row[f"CIPTUIT{slot}"])
        books = settle(row[f"XCIPSUP{slot}"], row[f"CIPSUPP{slot}"])
        if slot == 1 and row["XCHG1PY3"] is not ValueStatus.NOT_APPLICABLE:
            price = settle(row["XCHG1PY3"], row["CHG1PY3"])
        if slot == 1 and row["XCHG4PY3"] is not ValueStatus.NOT_APPLICABLE:
            books = settle(row["XCHG4PY3"], row["CHG4PY3"])
        hour_unit = row[f"hour_unit{slot}"]
        found.append(
            Slot(
                cip_code=str(row[f"cip{slot}"]),
                price=price,
                books=books,
                months=settle(row[f"XMTHCMP{slot}"], row[f"MTHCMP{slot}"])[0],
                hours=settle(row[f"XCIPLGT{slot}"], row[f"CIPLGTH{slot}"])[0],
                hour_unit=None if hour_unit is None else str(hour_unit),
            )
        )
    return found


def describe_program(match: re.Match[str]) -> Source:
    """Return the source of one year of charges by program; IC2021_PY holds those of 2021-22."""
    year = int(match["year"])
    return ipeds_source(
        f"ipeds-ic{year}-py",
        f"IPEDS charges of program-year institutions, IC{year}_PY",
        academic_year(year),
    )


def run_program(job: Job, source: Source) -> Tally:
    """Bring in prices and lengths of whole programs.

    A price goes to a program where the institution has one certificate, and nothing else, in
    that CIP code; else to the institution, for the survey does not tell the award.
    """
    tally = Tally()
    sole = _sole_certificates(job)
    costs: list[tuple[About, CostClaim]] = []
    offerings: list[tuple[About, OfferingClaim]] = []
    for institution, row in offering_rows(job, PROGRAM_COLUMNS, tally):
        slots = [s for s in slots_of(row) if s.cip_code.startswith(job.cip_prefixes)]
        in_field = Counter(slot.cip_code for slot in slots)
        for slot in slots:
            program = sole.get((institution, slot.cip_code))
            if program is None or in_field[slot.cip_code] > 1:
                costs += _costs(About(institution_id=institution), slot, source)
                continue
            about = About(program_id=program)
            costs += _costs(about, slot, source)
            if slot.label is not None:
                offerings.append((about, _offering(slot, source)))
    tally.add(reconcile_claims(job.session, CostClaim, source.key, costs, now=job.now))
    tally.add(reconcile_claims(job.session, OfferingClaim, source.key, offerings, now=job.now))
    return tally


def _sole_certificates(job: Job) -> dict[tuple[int, str], int]:
    """Return (institution id, CIP code) -> the only program, where it is a certificate."""
    retired = retired_ids(job.session)
    offered: dict[tuple[int, str], list[tuple[str, int]]] = {}
    for (institution, cip_code, level), program in reported_programs(job.session).items():
        if program not in retired:
            offered.setdefault((institution, cip_code), []).append((level, program))
    return {
        key: programs[0][1]
        for key, programs in offered.items()
        if len(programs) == 1 and programs[0][0] in BELOW_ASSOCIATE
    }


def _costs(about: About, slot: Slot, source: Source) -> Iterator[tuple[About, CostClaim]]:
    is_own = about.program_id is not None
    for component, (amount, status), contains in (
        (CostComponent.TUITION_AND_FEES, slot.price, TUITION_AND_FEES),
        (CostComponent.BOOKS, slot.books, []),
    ):
        yield (
            about,
            CostClaim(
                level=Level.PROGRAM if is_own else Level.INSTITUTION,
                source=source.key,
                basis=source.basis,
                as_of=source.edition,
                note=None if is_own else UNSTATED_NOTE,
                value_status=status,
                component=component,
                amount_low_cents=to_cents(amount),
                amount_high_cents=to_cents(amount),
                unit=CostUnit.PROGRAM,
                label=None if is_own else slot.label,
                cip_code=None if is_own else slot.cip_code,
                contains=contains,
            ),
        )


def _offering(slot: Slot, source: Source) -> OfferingClaim:
    return OfferingClaim(
        level=Level.PROGRAM,
        source=source.key,
        basis=source.basis,
        as_of=source.edition,
        credits=slot.hours,
        credit_unit=None if slot.hours is None else slot.hour_unit,
        months_low=slot.months,
        months_high=slot.months,
    )


def describe_table(match: re.Match[str]) -> Source:
    """Return the source of one year of the short table."""
    year = int(match["year"])
    return ipeds_source(
        f"ipeds-tuition-fees-{year}",
        f"IPEDS custom table of published tuition and fees, {academic_year(year)}",
        academic_year(year),
    )


def run_table(job: Job, source: Source) -> Tally:
    """Bring in the newer sums of tuition and fees; there are no flags, so a blank says nothing."""
    columns = (
        Column(f"TUITION_FEES_INSTATE{job.year}", Residency.IN_STATE, parse_amount),
        Column(f"TUITION_FEES_{job.year}_OUTSTATE", Residency.OUT_OF_STATE, parse_amount),
    )
    tally = Tally()
    claims = []
    for institution, row in offering_rows(job, columns, tally):
        for residency in (Residency.IN_STATE, Residency.OUT_OF_STATE):
            amount, status = settle(ValueStatus.REPORTED, row[residency])
            if amount is None:
                continue
            claim = CostClaim(
                level=Level.INSTITUTION,
                source=source.key,
                basis=source.basis,
                as_of=source.edition,
                value_status=status,
                component=CostComponent.TUITION_AND_FEES,
                amount_low_cents=to_cents(amount),
                amount_high_cents=to_cents(amount),
                unit=CostUnit.YEAR,
                residency=residency,
                student_level=StudentLevel.UNDERGRADUATE,
                contains=TUITION_AND_FEES,
            )
            claims.append((About(institution_id=institution), claim))
    tally.add(reconcile_claims(job.session, CostClaim, source.key, claims, now=job.now))
    return tally


YEAR = Importer(
    key="ipeds-charges-year",
    title="IPEDS charges of an academic year (IC_AY)",
    pattern=r"ic(?P<year>\d{4})_ay",
    order=30,
    describe=describe_year,
    run=run_year,
)
PROGRAM = Importer(
    key="ipeds-charges-program",
    title="IPEDS charges by program (IC_PY)",
    pattern=r"ic(?P<year>\d{4})_py",
    order=30,
    describe=describe_program,
    run=run_program,
)
TABLE = Importer(
    key="ipeds-charges-table",
    title="IPEDS custom table of tuition and fees",
    pattern=r"custom_tuition_fees_(?P<year>\d{4})",
    order=30,
    describe=describe_table,
    run=run_table,
)
