"""IPEDS outcomes of whole institutions: graduation, retention, distance study."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.domain.claims import OutcomeClaim
from app.domain.vocabulary import Level, OutcomeMetric, ValueStatus
from app.importers.ipeds.rows import ipeds_source, offering_rows
from app.importers.job import Importer, Job, academic_year
from app.importers.reading import Column, Row, parse_amount, parse_flag, settle
from app.store.rows import About, Tally, reconcile_claims
from app.store.tables.sources import Source

COMPUTED_NOTE = "Divided by us: {part} by {whole}."


@dataclass(frozen=True, slots=True)
class Measured:
    """One value of an institution, its standing, and as of when."""

    metric: OutcomeMetric
    value: float | None
    status: ValueStatus
    as_of: str
    cohort: str | None = None
    unit: str = "percent"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """A printed value with the flag before it."""

    printed: str
    flag: str
    metric: OutcomeMetric
    cohort: str | None = None
    unit: str = "percent"

    @property
    def columns(self) -> tuple[Column, Column]:
        """The two columns to read, under their printed names."""
        return (
            Column(self.flag, self.flag, parse_flag),
            Column(self.printed, self.printed, parse_amount),
        )


def measured_rates(rates: Iterable[Rate], row: Row, as_of: str) -> Iterator[Measured]:
    """Yield the rates of a row; those that do not apply to the institution are left out."""
    for rate in rates:
        value, status = settle(row[rate.flag], row[rate.printed])
        if status is not ValueStatus.NOT_APPLICABLE:
            yield Measured(rate.metric, value, status, as_of, rate.cohort, rate.unit)


@dataclass(frozen=True, slots=True)
class Share:
    """A share that we work out from two printed counts."""

    metric: OutcomeMetric
    part: str
    part_name: str
    whole: str
    whole_name: str
    cohort: str | None = None

    def measure(self, part: float, whole: float, status: ValueStatus, as_of: str) -> Measured:
        """Return the share in percent, to one decimal.

        Raises:
            ValueError: The part is more than the whole.
        """
        if part > whole:
            raise ValueError(f"{self.part} {part:.0f} is more than {self.whole} {whole:.0f}")
        return Measured(
            self.metric,
            round(100 * part / whole, 1),
            status,
            as_of,
            self.cohort,
            note=COMPUTED_NOTE.format(part=self.part_name, whole=self.whole_name),
        )


Measures = Callable[[Row], Iterator[Measured]]


def bring_in(job: Job, source: Source, columns: tuple[Column, ...], measures: Measures) -> Tally:
    """Bring in what a function measures of every row; a row it refuses is counted and named."""
    tally = Tally()
    claims: list[tuple[About, OutcomeClaim]] = []
    for institution, row in offering_rows(job, columns, tally):
        try:
            found = list(measures(row))
        except ValueError as error:
            tally.refused += 1
            tally.reasons.append(f"line {row['line']}: {error}")
            continue
        claims += [
            (
                About(institution_id=institution),
                OutcomeClaim(
                    level=Level.INSTITUTION,
                    source=source.key,
                    basis=source.basis,
                    as_of=one.as_of,
                    note=one.note,
                    value_status=one.status,
                    metric=one.metric,
                    value=one.value,
                    unit=one.unit,
                    cohort=one.cohort,
                ),
            )
            for one in found
        ]
    tally.add(reconcile_claims(job.session, OutcomeClaim, source.key, claims, now=job.now))
    return tally


def describe_200(match: re.Match[str]) -> Source:
    """Return the source of one year of graduation within twice the normal time."""
    return ipeds_source(
        f"ipeds-gr200-{match['year']}",
        f"IPEDS graduation within 200 % of normal time, GR200_{match['year']}",
        f"20{match['year']}",
    )


def run_200(job: Job, source: Source) -> Tally:
    """Bring in graduation rates; each institution is in one of the two cohorts."""
    year = 2000 + job.year
    cohorts = {  # GR200_21 dictionary: cohort years 2013 and 2017
        "BA": f"bachelor seekers, entered {year - 8}",
        "L4": f"degree or certificate seekers, entered {year - 4}",
    }
    metrics = {
        "100": OutcomeMetric.GRADUATION_RATE_100,
        "150": OutcomeMetric.GRADUATION_RATE_150,
        "200": OutcomeMetric.GRADUATION_RATE_200,
    }
    rates = [
        Rate(f"{kind}GR{percent}", f"X{kind}GR{percent}", metric, cohort)
        for kind, cohort in cohorts.items()
        for percent, metric in metrics.items()
    ]
    columns = tuple(column for rate in rates for column in rate.columns)
    as_of = str(source.edition)
    return bring_in(job, source, columns, lambda row: measured_rates(rates, row, as_of))


SHORT_SHARES = (  # GR2021_L2 dictionary
    Share(
        OutcomeMetric.GRADUATION_RATE_150,
        part="LINE_11",
        part_name="completers within 150 % of normal time",
        whole="LINE_50",
        whole_name="the adjusted cohort",
        cohort="degree or certificate seekers",
    ),
    Share(
        OutcomeMetric.TRANSFER_OUT_RATE,
        part="LINE_30",
        part_name="students who transferred out",
        whole="LINE_50",
        whole_name="the adjusted cohort",
        cohort="degree or certificate seekers",
    ),
)
DISTANCE_SHARES = (  # EFFY2021_DIST: students of the year, and those in distance courses only
    Share(
        OutcomeMetric.DISTANCE_ONLY_SHARE,
        part="EFYDEEXC",
        part_name="students in distance courses only",
        whole="EFYDETOT",
        whole_name="all students of the year",
    ),
)
TABLE_SHARES = (
    Share(
        OutcomeMetric.DISTANCE_ONLY_SHARE,
        part="DE_ENROLL_",
        part_name="students in distance courses only",
        whole="TOTAL_ENROLL_",
        whole_name="all students of the fall",
    ),
    Share(
        OutcomeMetric.DISTANCE_SOME_SHARE,
        part="SDE_ENROLL_",
        part_name="students in some distance courses",
        whole="TOTAL_ENROLL_",
        whole_name="all students of the fall",
    ),
)


def measured_shares(
    shares: Iterable[Share], flags: dict[str, str], row: Row, as_of: str
) -> Iterator[Measured]:
    """Yield shares where both counts are there; ``flags`` gives the flag of a count."""
    for share in shares:
        part, status = settle(row[flags[share.part]], row[share.part])
        whole, _ = settle(row[flags[share.whole]], row[share.whole])
        if part is not None and whole:
            yield share.measure(part, whole, status, as_of)


def _count_columns(flags: dict[str, str]) -> tuple[Column, ...]:
    return tuple(
        column
        for printed, flag in flags.items()
        for column in (Column(flag, flag, parse_flag), Column(printed, printed, parse_amount))
    )


SHORT_FLAGS = {"LINE_11": "XLINE_11", "LINE_30": "XLINE_30", "LINE_50": "XLINE_50"}
DISTANCE_FLAGS = {"EFYDEEXC": "XEYDEEXC", "EFYDETOT": "XEYDETOT"}
ALL_STUDENTS = 1  # EFFYDLEV of EFFY2021_DIST; the others are undergraduates, graduates and parts


def describe_short(match: re.Match[str]) -> Source:
    """Return the source of one year of graduation at institutions under two years."""
    return ipeds_source(
        f"ipeds-gr{match['year']}-l2",
        f"IPEDS graduation rates of institutions under two years, GR{match['year']}_L2",
        match["year"],
    )


def run_short(job: Job, source: Source) -> Tally:
    """Bring in graduation and transfer-out rates, worked out from counts."""
    as_of = str(source.edition)
    return bring_in(
        job,
        source,
        _count_columns(SHORT_FLAGS),
        lambda row: measured_shares(SHORT_SHARES, SHORT_FLAGS, row, as_of),
    )


def describe_fall(match: re.Match[str]) -> Source:
    """Return the source of one year of retention; EF2021D was counted in the fall of 2021."""
    year = int(match["year"])
    return ipeds_source(
        f"ipeds-ef{year}d",
        f"IPEDS retention and student to faculty ratio, EF{year}D",
        academic_year(year),
    )


def run_fall(job: Job, source: Source) -> Tally:
    """Bring in retention rates and the student to faculty ratio."""
    before = job.year - 1
    rates = (  # EF2021D dictionary: cohorts of fall 2020
        Rate(
            "RET_PCF",
            "XRET_PCF",
            OutcomeMetric.RETENTION_RATE,
            f"full-time, entered fall {before}",
        ),
        Rate(
            "RET_PCP",
            "XRET_PCP",
            OutcomeMetric.RETENTION_RATE_PART_TIME,
            f"part-time, entered fall {before}",
        ),
        Rate(
            "STUFACR",
            "XSTUFACR",
            OutcomeMetric.STUDENT_FACULTY_RATIO,
            unit="students_per_faculty",
        ),
    )
    columns = tuple(column for rate in rates for column in rate.columns)
    as_of = str(source.edition)
    return bring_in(job, source, columns, lambda row: measured_rates(rates, row, as_of))


def describe_distance(match: re.Match[str]) -> Source:
    """Return the source of one year of distance study; EFFY2021 counts students of 2020-21."""
    year = int(match["year"])
    return ipeds_source(
        f"ipeds-effy{year}-dist",
        f"IPEDS distance enrolment over 12 months, EFFY{year}_DIST",
        academic_year(year - 1),
    )


def run_distance(job: Job, source: Source) -> Tally:
    """Bring in the share of students in distance courses only."""
    columns = (Column("EFFYDLEV", "level", int), *_count_columns(DISTANCE_FLAGS))
    as_of = str(source.edition)

    def measures(row: Row) -> Iterator[Measured]:
        if row["level"] == ALL_STUDENTS:
            yield from measured_shares(DISTANCE_SHARES, DISTANCE_FLAGS, row, as_of)

    return bring_in(job, source, columns, measures)


def describe_distance_table(match: re.Match[str]) -> Source:
    """Return the source of the table of fall enrolment over several years."""
    return ipeds_source(
        f"ipeds-distance-{match['first']}-{match['year']}",
        f"IPEDS custom table of distance enrolment, fall {match['first']} to {match['year']}",
        f"fall {match['first']} to {match['year']}",
    )


def run_distance_table(job: Job, source: Source) -> Tally:
    """Bring in distance shares of the newest year in which an institution has students."""
    years = range(job.year, int(job.match["first"]) - 1, -1)
    columns = tuple(
        # the table prints TOTAL in place of its newest year
        Column("SDE_ENROLL_TOTAL" if name == f"SDE_ENROLL_{job.year}" else name, name, parse_amount)
        for year in years
        for name in (f"TOTAL_ENROLL_{year}", f"DE_ENROLL_{year}", f"SDE_ENROLL_{year}")
    )

    def measures(row: Row) -> Iterator[Measured]:
        year = next((year for year in years if row[f"TOTAL_ENROLL_{year}"]), None)
        if year is None:
            return
        whole, status = settle(ValueStatus.REPORTED, row[f"TOTAL_ENROLL_{year}"])
        for share in TABLE_SHARES:
            part, _ = settle(ValueStatus.REPORTED, row[f"{share.part}{year}"])
            if part is not None and whole:
                yield share.measure(part, whole, status, academic_year(year))

    return bring_in(job, source, columns, measures)


def describe_awards(match: re.Match[str]) -> Source:
    """Return the source of the table of award rates of one cohort."""
    return ipeds_source(
        f"ipeds-graduation-{match['year']}",
        f"IPEDS custom table of award rates, cohort of {match['year']}",
        f"cohort of {match['year']}",
    )


def run_awards(job: Job, source: Source) -> Tally:
    """Bring in award rates; each is dated by the year in which it could be counted."""
    rates = (
        ("PCT_AWARD_4YEARS", OutcomeMetric.AWARD_RATE_4_YEARS, str(job.year + 4)),
        ("PCT_AWARD_6YRS", OutcomeMetric.AWARD_RATE_6_YEARS, str(job.year + 6)),
    )

    def measures(row: Row) -> Iterator[Measured]:
        for printed, metric, as_of in rates:
            value, status = settle(ValueStatus.REPORTED, row[printed])
            if value is not None:
                yield Measured(metric, value, status, as_of, f"entered {job.year}")

    columns = tuple(Column(printed, printed, parse_amount) for printed, _, _ in rates)
    return bring_in(job, source, columns, measures)


GRADUATION_200 = Importer(
    key="ipeds-graduation-200",
    title="IPEDS graduation within 200 % of normal time (GR200)",
    pattern=r"gr200_(?P<year>\d{2})",
    order=40,
    describe=describe_200,
    run=run_200,
)
GRADUATION_SHORT = Importer(
    key="ipeds-graduation-short",
    title="IPEDS graduation at institutions under two years (GR_L2)",
    pattern=r"gr(?P<year>\d{4})_l2",
    order=40,
    describe=describe_short,
    run=run_short,
)
RETENTION = Importer(
    key="ipeds-retention",
    title="IPEDS retention and student to faculty ratio (EF_D)",
    pattern=r"ef(?P<year>\d{4})d",
    order=40,
    describe=describe_fall,
    run=run_fall,
)
DISTANCE = Importer(
    key="ipeds-distance",
    title="IPEDS distance enrolment over 12 months (EFFY_DIST)",
    pattern=r"effy(?P<year>\d{4})_dist",
    order=40,
    describe=describe_distance,
    run=run_distance,
)
DISTANCE_TABLE = Importer(
    key="ipeds-distance-table",
    title="IPEDS custom table of distance enrolment",
    pattern=r"custom_distance_enrollment_(?P<first>\d{4})_(?P<year>\d{4})",
    order=40,
    describe=describe_distance_table,
    run=run_distance_table,
)
AWARDS = Importer(
    key="ipeds-awards",
    title="IPEDS custom table of award rates",
    pattern=r"custom_graduation_rates_(?P<year>\d{4})_cohort",
    order=40,
    describe=describe_awards,
    run=run_awards,
)
