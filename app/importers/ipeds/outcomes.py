"""IPEDS outcomes of whole institutions: graduation, retention, distance study."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from app.domain.claims import OutcomeClaim, ProgramClaim
from app.domain.messages import N_
from app.domain.vocabulary import OutcomeMetric, ValueStatus
from app.importers.ipeds.rows import Amount, import_measures, ipeds_source, to_claim
from app.importers.job import Importer, Job, academic_year
from app.importers.reading import Column, Row
from app.store.rows import Tally
from app.store.tables.sources import Source


@dataclass(frozen=True, slots=True)
class Rate:
    """A printed value; left out where it does not apply to an institution."""

    metric: OutcomeMetric
    amount: Amount
    cohort: str | None = None
    unit: str = "percent"
    as_of: str | None = None
    kind: ClassVar[type[ProgramClaim]] = OutcomeClaim

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns to read."""
        return self.amount.columns

    def claims(self, row: Row, source: Source) -> Iterator[OutcomeClaim]:
        """Yield the value, unless it does not apply or the cell says nothing."""
        value, status = self.amount.read(row)
        if status is not ValueStatus.NOT_APPLICABLE and self.amount.says_something(row):
            yield to_claim(
                OutcomeClaim,
                source,
                as_of=self.as_of or source.edition,
                value_status=status,
                metric=self.metric,
                value=value,
                unit=self.unit,
                cohort=self.cohort,
            )


@dataclass(frozen=True, slots=True)
class Share:
    """A share in percent, to one decimal, that we work out where both counts are there."""

    metric: OutcomeMetric
    part: Amount
    whole: Amount
    note: str
    cohort: str | None = None
    as_of: str | None = None
    kind: ClassVar[type[ProgramClaim]] = OutcomeClaim

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns to read."""
        return self.part.columns + self.whole.columns

    def claims(self, row: Row, source: Source) -> Iterator[OutcomeClaim]:
        """Yield the share, where both counts are there.

        Raises:
            ValueError: The part is more than the whole.
        """
        part, status = self.part.read(row)
        whole, _ = self.whole.read(row)
        if part is None or not whole:
            return
        if part > whole:
            raise ValueError(
                f"{self.part.printed} {part:.0f} is more than {self.whole.printed} {whole:.0f}"
            )
        yield to_claim(
            OutcomeClaim,
            source,
            as_of=self.as_of or source.edition,
            note=self.note,
            value_status=status,
            metric=self.metric,
            value=round(100 * part / whole, 1),
            unit="percent",
            cohort=self.cohort,
        )


def measure_graduation_200(year: int) -> list[Rate]:
    """Return the rates of GR200; each institution is in one of the two cohorts."""
    cohorts = {  # GR200_21 dictionary: cohort years 2013 and 2017
        "BA": f"bachelor seekers, entered {year - 8}",
        "L4": f"degree or certificate seekers, entered {year - 4}",
    }
    metrics = {
        "100": OutcomeMetric.GRADUATION_RATE_100,
        "150": OutcomeMetric.GRADUATION_RATE_150,
        "200": OutcomeMetric.GRADUATION_RATE_200,
    }
    return [
        Rate(metric, Amount(f"{kind}GR{percent}", f"X{kind}GR{percent}"), cohort)
        for kind, cohort in cohorts.items()
        for percent, metric in metrics.items()
    ]


def measure_fall(year: int) -> list[Rate]:
    """Return the rates of EF_D; those who entered the fall before are counted."""
    entered = f"entered fall {year - 1}"  # EF2021D dictionary: cohorts of fall 2020
    return [
        Rate(
            OutcomeMetric.RETENTION_RATE,
            Amount("RET_PCF", "XRET_PCF"),
            cohort=f"full-time, {entered}",
        ),
        Rate(
            OutcomeMetric.RETENTION_RATE_PART_TIME,
            Amount("RET_PCP", "XRET_PCP"),
            cohort=f"part-time, {entered}",
        ),
        Rate(
            OutcomeMetric.STUDENT_FACULTY_RATIO,
            Amount("STUFACR", "XSTUFACR"),
            unit="students_per_faculty",
        ),
    ]


def measure_awards(year: int) -> list[Rate]:
    """Return the award rates of a cohort, each dated by the year in which it could be counted."""
    metrics = {
        "PCT_AWARD_4YEARS": (OutcomeMetric.AWARD_RATE_4_YEARS, 4),
        "PCT_AWARD_6YRS": (OutcomeMetric.AWARD_RATE_6_YEARS, 6),
    }
    return [
        Rate(metric, Amount(printed), f"entered {year}", as_of=str(year + later))
        for printed, (metric, later) in metrics.items()
    ]


ADJUSTED_COHORT = Amount("LINE_50", "XLINE_50")  # GR2021_L2 dictionary
SHORT_SHARES = (
    Share(
        OutcomeMetric.GRADUATION_RATE_150,
        part=Amount("LINE_11", "XLINE_11"),
        whole=ADJUSTED_COHORT,
        note=N_("Divided by us: completers within 150 % of normal time by the adjusted cohort."),
        cohort="degree or certificate seekers",
    ),
    Share(
        OutcomeMetric.TRANSFER_OUT_RATE,
        part=Amount("LINE_30", "XLINE_30"),
        whole=ADJUSTED_COHORT,
        note=N_("Divided by us: students who transferred out by the adjusted cohort."),
        cohort="degree or certificate seekers",
    ),
)

LEVEL = Column("EFFYDLEV", "level", int)
ALL_STUDENTS = 1  # EFFYDLEV of EFFY2021_DIST; the others are undergraduates, graduates and parts
DISTANCE_SHARES = (  # EFFY2021_DIST: students of the year, and those in distance courses only
    Share(
        OutcomeMetric.DISTANCE_ONLY_SHARE,
        part=Amount("EFYDEEXC", "XEYDEEXC"),
        whole=Amount("EFYDETOT", "XEYDETOT"),
        note=N_("Divided by us: students in distance courses only by all students of the year."),
    ),
)


def shares_of_fall(year: int, newest: int) -> tuple[Share, Share]:
    """Return the shares of one year of the table of distance enrolment."""
    # the table prints TOTAL in place of its newest year
    some = Amount("SDE_ENROLL_TOTAL" if year == newest else f"SDE_ENROLL_{year}")
    whole, as_of = Amount(f"TOTAL_ENROLL_{year}"), academic_year(year)
    return (
        Share(
            OutcomeMetric.DISTANCE_ONLY_SHARE,
            part=Amount(f"DE_ENROLL_{year}"),
            whole=whole,
            note=N_(
                "Divided by us: students in distance courses only by all students of the fall."
            ),
            as_of=as_of,
        ),
        Share(
            OutcomeMetric.DISTANCE_SOME_SHARE,
            part=some,
            whole=whole,
            note=N_(
                "Divided by us: students in some distance courses by all students of the fall."
            ),
            as_of=as_of,
        ),
    )


def import_distance_table(job: Job, source: Source) -> Tally:
    """Import distance shares of the newest year in which an institution has students."""
    years = range(job.year, int(job.match["first"]) - 1, -1)
    by_year = [shares_of_fall(year, job.year) for year in years]

    def of_newest(row: Row) -> tuple[Share, ...]:
        return next((both for both in by_year if both[0].whole.read(row)[0]), ())

    shares = [share for both in by_year for share in both]
    return import_measures(job, source, shares, applying=of_newest)


GRADUATION_200 = Importer(
    key="ipeds-graduation-200",
    title="IPEDS graduation within 200 % of normal time (GR200)",
    pattern=r"gr200_(?P<year>\d{2})",
    known_by=("BAGR150", "L4GR150"),
    order=40,
    source=ipeds_source(
        key="ipeds-gr200-{yy}",
        title="IPEDS graduation within 200 % of normal time, GR200_{yy}",
        edition="{year}",
    ),
    run=lambda job, source: import_measures(job, source, measure_graduation_200(job.year)),
)
GRADUATION_SHORT = Importer(
    key="ipeds-graduation-short",
    title="IPEDS graduation at institutions under two years (GR_L2)",
    pattern=r"gr(?P<year>\d{4})_l2",
    known_by=("LINE_50", "LINE_11"),
    order=40,
    source=ipeds_source(
        key="ipeds-gr{year}-l2",
        title="IPEDS graduation rates of institutions under two years, GR{year}_L2",
        edition="{year}",
    ),
    run=lambda job, source: import_measures(job, source, SHORT_SHARES),
)
RETENTION = Importer(
    key="ipeds-retention",
    title="IPEDS retention and student to faculty ratio (EF_D)",
    pattern=r"ef(?P<year>\d{4})d",
    known_by=("RET_PCF", "STUFACR"),
    order=40,
    source=ipeds_source(
        key="ipeds-ef{year}d",
        title="IPEDS retention and student to faculty ratio, EF{year}D",
        edition="{academic_year}",  # EF2021D was counted in the fall of 2021
    ),
    run=lambda job, source: import_measures(job, source, measure_fall(job.year)),
)
DISTANCE = Importer(
    key="ipeds-distance",
    title="IPEDS distance enrolment over 12 months (EFFY_DIST)",
    pattern=r"effy(?P<year>\d{4})_dist",
    known_by=("EFFYDLEV", "EFYDEEXC"),
    order=40,
    source=ipeds_source(
        key="ipeds-effy{year}-dist",
        title="IPEDS distance enrolment over 12 months, EFFY{year}_DIST",
        edition="{academic_year_before}",  # EFFY2021 counts students of 2020-21
    ),
    run=lambda job, source: import_measures(
        job,
        source,
        DISTANCE_SHARES,
        applying=lambda row: DISTANCE_SHARES if row["level"] == ALL_STUDENTS else (),
        columns=(LEVEL,),
    ),
)
DISTANCE_TABLE = Importer(
    key="ipeds-distance-table",
    title="IPEDS custom table of distance enrolment",
    pattern=r"custom_distance_enrollment_(?P<first>\d{4})_(?P<year>\d{4})",
    order=40,
    source=ipeds_source(
        key="ipeds-distance-{first}-{year}",
        title="IPEDS custom table of distance enrolment, fall {first} to {year}",
        edition="fall {first} to {year}",
    ),
    run=import_distance_table,
)
AWARDS = Importer(
    key="ipeds-awards",
    title="IPEDS custom table of award rates",
    pattern=r"custom_graduation_rates_(?P<year>\d{4})_cohort",
    known_by=("PCT_AWARD_4YEARS", "PCT_AWARD_6YRS"),
    order=40,
    source=ipeds_source(
        key="ipeds-graduation-{year}",
        title="IPEDS custom table of award rates, cohort of {year}",
        edition="cohort of {year}",
    ),
    run=lambda job, source: import_measures(job, source, measure_awards(job.year)),
)
