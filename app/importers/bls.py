"""Bureau of Labor Statistics: wages (OEWS) and employment projections, as printed."""

import re
from dataclasses import dataclass

from app.domain.occupations import ALL_OCCUPATIONS
from app.domain.text.identifiers import parse_soc
from app.domain.vocabulary import Basis, Measure, Method, ValueStatus
from app.importers.job import Importer, Job
from app.importers.reading import Column, Row, read_rows
from app.queries import statistics
from app.queries.occupations import soc_codes_in_scope
from app.store.rows import Tally
from app.store.tables.sources import Source

SOC_EDITION = "2018"
EMPLOYEES = "Wage and salary workers in all industries of the country; the self-employed left out"
ALL_JOBS = "All jobs in the country, those of the self-employed included"
ENTRANTS = "People who enter the occupation, by the typical path"

NOT_SHOWN = {"*", "**", "#"}  # OEWS: wage not available, employment not available, above top code
NO_DATA = {"—", "-"}  # projections: the note below the table calls the value unavailable
SUMMARY_LINE = "Summary"  # projections: a group of occupations, for which no path is assigned


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed value: a number, or why there is none."""

    low: float | None
    high: float | None
    status: ValueStatus = ValueStatus.REPORTED
    as_stated: str | None = None


def parse_figure(text: str) -> Cell:
    """Return a printed number; a mark in its place gives no value and the reason.

    ``>=$239,200`` is open upward.

    Raises:
        ValueError: Neither a number nor a known mark.
    """
    bare = text.strip()
    if bare in NOT_SHOWN:
        return Cell(None, None, ValueStatus.WITHHELD, bare)
    if bare in NO_DATA or not bare:
        return Cell(None, None, ValueStatus.NOT_REPORTED, bare or None)
    match = re.fullmatch(r"(>=\$)?(-?[0-9][0-9,]*(?:\.[0-9]+)?)", bare)
    if match is None:
        raise ValueError("neither a number nor a known mark")
    number = float(match[2].replace(",", ""))
    return Cell(number, None, as_stated=bare) if match[1] else Cell(number, number)


@dataclass(frozen=True, slots=True)
class Series:
    """One column of a table: how its figures are measured and named."""

    printed: str
    measure: Measure
    unit: str | None
    name: str
    population: str
    method: Method
    period: str | None = None
    horizon: str | None = None
    is_text: bool = False

    @property
    def column(self) -> Column:
        """The column as the reader wants it."""
        if self.is_text:
            return Column(self.printed, self.measure)
        return Column(self.printed, self.measure, parse_figure)


def oews_series(year: int) -> tuple[Series, ...]:
    """Return the columns of the national wage table of one May."""
    wages = (
        ("A_MEAN", Measure.ANNUAL_MEAN, "Mean annual wage"),
        ("A_PCT10", Measure.ANNUAL_P10, "10th percentile of annual wages"),
        ("A_PCT25", Measure.ANNUAL_P25, "25th percentile of annual wages"),
        ("A_MEDIAN", Measure.ANNUAL_MEDIAN, "Median annual wage"),
        ("A_PCT75", Measure.ANNUAL_P75, "75th percentile of annual wages"),
        ("A_PCT90", Measure.ANNUAL_P90, "90th percentile of annual wages"),
    )
    survey, period = Method.EMPLOYER_SURVEY, f"{year}-05"
    return (
        Series("TOT_EMP", Measure.EMPLOYMENT, "jobs", "Employment", EMPLOYEES, survey, period),
        *(
            Series(printed, measure, "USD per year", name, EMPLOYEES, survey, period)
            for printed, measure, name in wages
        ),
    )


def projection_series(base: int, end: int) -> tuple[Series, ...]:
    """Return the columns of table 1.2 of the projections from one year to another."""
    years, horizon = f"{base}–{end % 100:02d}", f"{base}-{end}"
    jobs, projection = "thousand jobs", Method.PROJECTION

    def of(printed: str, measure: Measure, unit: str, name: str, period: str | None) -> Series:
        return Series(printed, measure, unit, name, ALL_JOBS, projection, period, horizon)

    def path(printed: str, measure: Measure, name: str) -> Series:
        return Series(printed, measure, None, name, ENTRANTS, projection, str(base), None, True)

    return (
        of(f"Employment, {base}", Measure.EMPLOYMENT_BASE, jobs, "Employment", str(base)),
        of(
            f"Employment, {end}",
            Measure.EMPLOYMENT_PROJECTED,
            jobs,
            "Projected employment",
            str(end),
        ),
        of(
            f"Employment change, numeric, {years}",
            Measure.EMPLOYMENT_CHANGE,
            jobs,
            "Projected change of employment",
            None,
        ),
        of(
            f"Employment change, percent, {years}",
            Measure.EMPLOYMENT_CHANGE_PCT,
            "percent",
            "Projected growth of employment",
            None,
        ),
        of(
            f"Occupational openings, {years} annual average",
            Measure.OPENINGS,
            "thousand jobs per year",
            "Projected openings",
            None,
        ),
        of(
            f"Percent self employed, {base}",
            Measure.SELF_EMPLOYED_PCT,
            "percent",
            "Share of the self-employed",
            str(base),
        ),
        Series(
            f"Median annual wage, dollars, {base}[1]",
            Measure.ANNUAL_MEDIAN,
            "USD per year",
            "Median annual wage",
            EMPLOYEES,
            Method.EMPLOYER_SURVEY,
            str(base),
        ),
        path(
            "Typical education needed for entry",
            Measure.TYPICAL_EDUCATION,
            "Education typically needed for entry",
        ),
        path(
            "Work experience in a related occupation",
            Measure.WORK_EXPERIENCE,
            "Experience typically needed in a related occupation",
        ),
        path(
            "Typical on-the-job training needed to attain competency in the occupation",
            Measure.TRAINING,
            "Training typically needed on the job",
        ),
    )


def _source(key: str, title: str, edition: str, url: str) -> Source:
    return Source(
        key=key,
        title=title,
        publisher="U.S. Bureau of Labor Statistics",
        licence="US federal work, public domain in the United States",
        edition=edition,
        url=url,
        basis=Basis.GOVERNMENT_DATA,
    )


def describe_oews(match: re.Match[str]) -> Source:
    """Return the source of the wages of one May."""
    year = match["year"]
    return _source(
        f"bls-oews-{year}-05",
        f"Occupational Employment and Wage Statistics, national, May {year}",
        f"May {year}",
        "https://www.bls.gov/oes/tables.htm",
    )


def describe_projections(match: re.Match[str]) -> Source:
    """Return the source of the projections from one year to another."""
    base, end = match["year"], match["horizon"]
    return _source(
        f"bls-ep-{base}-{end[2:]}",
        f"Employment projections {base}-{end[2:]}, table 1.2",
        f"{base}-{end[2:]}",
        "https://www.bls.gov/emp/tables/occupational-projections-and-characteristics.htm",
    )


def run_oews(job: Job, source: Source) -> Tally:
    """Bring in employment and wages of the occupations in scope."""
    return _run(
        job,
        source,
        oews_series(job.year),
        code="OCC_CODE",
        title="OCC_TITLE",
        level="O_GROUP",
        levels={"detailed", "total"},  # a broad group can share its code with its only member
        prefix=f"oews_{job.year}_05",
        as_of=f"{job.year}-05",
    )


def run_projections(job: Job, source: Source) -> Tally:
    """Bring in employment, growth, openings and typical entry of the occupations in scope."""
    end = int(job.match["horizon"])
    matrix = f"{job.year} National Employment Matrix"
    return _run(
        job,
        source,
        projection_series(job.year, end),
        code=f"{matrix} code",
        title=f"{matrix} title",
        level="Occupation type",
        levels={"Line item", SUMMARY_LINE},
        prefix=f"ep_{job.year}_{end % 100:02d}",
        as_of=str(job.year),
    )


def _run(
    job: Job,
    source: Source,
    series: tuple[Series, ...],
    *,
    code: str,
    title: str,
    level: str,
    levels: set[str],
    prefix: str,
    as_of: str,
) -> Tally:
    scope = {ALL_OCCUPATIONS, *soc_codes_in_scope(job.session, job.cip_prefixes)}
    columns = (
        Column(code, "soc_code", parse_soc),
        Column(title, "occupation_title"),
        Column(level, "level"),
        *(one.column for one in series),
    )
    rows: list[dict[str, object]] = []
    count = 0
    for row in read_rows(
        job.file, columns, only=(code, lambda cell: cell.strip() in scope), progress=job.progress
    ):
        if row["level"] not in levels:
            continue
        count += 1
        rows += [
            {
                **_figure(row, one),
                "slug": f"{prefix}_{str(row['soc_code']).replace('-', '_')}_{one.measure}",
                "as_of": as_of,
                "source": source.key,
                "source_url": source.url,
            }
            for one in series
        ]
    tally = statistics.upsert_statistics(job.session, rows)
    tally.rows_read = count
    statistics.link_editions(job.session)
    return tally


def _figure(row: Row, one: Series) -> dict[str, object]:
    """Return what the table says in one cell, as a row without slug and source."""
    cell, text = row[one.measure], None
    if not isinstance(cell, Cell):
        words = str(cell)
        known = words not in NO_DATA and words != ""
        absent = (
            ValueStatus.NOT_APPLICABLE if row["level"] == SUMMARY_LINE else ValueStatus.NOT_REPORTED
        )
        cell = Cell(None, None) if known else Cell(None, None, absent, words or None)
        text = words if known else None
    return {
        "label": f"{one.name}, {row['occupation_title']}, {one.period or one.horizon}",
        "measure": str(one.measure),
        "method": str(one.method),
        "value_low": cell.low,
        "value_high": cell.high,
        "is_exclusive": False,
        "value_text": text,
        "value_status": str(cell.status),
        "as_stated": cell.as_stated,
        "unit": one.unit,
        "soc_code": row["soc_code"],
        "soc_edition": SOC_EDITION,
        "occupation_title": row["occupation_title"],
        "population": one.population,
        "period": one.period,
        "horizon": one.horizon,
        "basis": str(Basis.GOVERNMENT_DATA),
        "warnings": [],
        "see_also": [],
    }


OEWS = Importer(
    key="bls-oews",
    title="BLS wages and employment (OEWS, national)",
    pattern=r"oews_national_may(?P<year>\d{4})",
    order=40,
    describe=describe_oews,
    run=run_oews,
)
PROJECTIONS = Importer(
    key="bls-projections",
    title="BLS employment projections (table 1.2)",
    pattern=r"projections_(?P<year>\d{4})_(?P<horizon>\d{4})_table_1_2",
    order=41,
    describe=describe_projections,
    run=run_projections,
)
