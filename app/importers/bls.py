"""Bureau of Labor Statistics: wages (OEWS) and employment projections, as printed."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.domain.areas import WAGE_MEASURES
from app.domain.messages import N_
from app.domain.occupations import ALL_OCCUPATIONS
from app.domain.text.identifiers import parse_soc
from app.domain.vocabulary import Basis, Measure, Method, ValueStatus
from app.importers.job import Importer, Job
from app.importers.reading import Column, Row, as_printed, read_rows
from app.queries.occupations import soc_codes_in_scope
from app.store.rows import Tally, rows_where, update_rows
from app.store.tables.sources import Source
from app.store.tables.statistics import Statistic

SOC_EDITION = "2018"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One column of a table: how its figures are measured and named."""

    printed: str
    measure: Measure
    name: str
    population: str
    method: Method
    unit: str | None = None
    period: str | None = None
    horizon: str | None = None

    @property
    def column(self) -> Column:
        """The column as the reader wants it; one without a unit holds words."""
        return Column(self.printed, self.measure, parse_figure if self.unit else as_printed)


EMPLOYERS_SAY: dict[str, Any] = {
    "population": "Wage and salary workers in all industries of the country; the self-employed "
    "left out",
    "method": Method.EMPLOYER_SURVEY,
}
PROJECTED: dict[str, Any] = {
    "population": "All jobs in the country, those of the self-employed included",
    "method": Method.PROJECTION,
}
TYPICAL_PATH: dict[str, Any] = {
    "population": "People who enter the occupation, by the typical path",
    "method": Method.PROJECTION,
}


WAGE_COLUMNS = (
    ("TOT_EMP", Measure.EMPLOYMENT),
    ("A_MEAN", Measure.ANNUAL_MEAN),
    ("A_PCT10", Measure.ANNUAL_P10),
    ("A_PCT25", Measure.ANNUAL_P25),
    ("A_MEDIAN", Measure.ANNUAL_MEDIAN),
    ("A_PCT75", Measure.ANNUAL_P75),
    ("A_PCT90", Measure.ANNUAL_P90),
)
"""Printed name -> measure: columns of the survey of employers, of the country and of areas."""


def oews_series(year: int) -> list[Series]:
    """Return the columns of the national wage table of one May."""
    return [
        Series(
            printed=printed,
            measure=measure,
            unit=WAGE_MEASURES[measure].unit,
            name=WAGE_MEASURES[measure].name,
            period=f"{year}-05",
            **EMPLOYERS_SAY,
        )
        for printed, measure in WAGE_COLUMNS
    ]


def projection_series(base: int, end: int) -> list[Series]:
    """Return the columns of table 1.2 of the projections from one year to another."""
    years = f"{base}–{end % 100:02d}"
    jobs = "thousand jobs"
    in_base: dict[str, Any] = {**PROJECTED, "period": str(base), "horizon": f"{base}-{end}"}
    in_end: dict[str, Any] = {**in_base, "period": str(end)}
    between: dict[str, Any] = {**in_base, "period": None}
    surveyed: dict[str, Any] = {**EMPLOYERS_SAY, "period": str(base)}
    path: dict[str, Any] = {**TYPICAL_PATH, "period": str(base)}
    columns = (
        (f"Employment, {base}", Measure.EMPLOYMENT_BASE, jobs, N_("Employment"), in_base),
        (
            f"Employment, {end}",
            Measure.EMPLOYMENT_PROJECTED,
            jobs,
            N_("Projected employment"),
            in_end,
        ),
        (
            f"Employment change, numeric, {years}",
            Measure.EMPLOYMENT_CHANGE,
            jobs,
            N_("Projected change of employment"),
            between,
        ),
        (
            f"Employment change, percent, {years}",
            Measure.EMPLOYMENT_CHANGE_PCT,
            "percent",
            N_("Projected growth of employment"),
            between,
        ),
        (
            f"Occupational openings, {years} annual average",
            Measure.OPENINGS,
            "thousand jobs per year",
            N_("Projected openings"),
            between,
        ),
        (
            f"Percent self employed, {base}",
            Measure.SELF_EMPLOYED_PCT,
            "percent",
            N_("Share of the self-employed"),
            in_base,
        ),
        (
            f"Median annual wage, dollars, {base}[1]",
            Measure.ANNUAL_MEDIAN,
            "USD per year",
            N_("Median annual wage"),
            surveyed,
        ),
        (
            "Typical education needed for entry",
            Measure.TYPICAL_EDUCATION,
            None,
            N_("Education typically needed for entry"),
            path,
        ),
        (
            "Work experience in a related occupation",
            Measure.WORK_EXPERIENCE,
            None,
            N_("Experience typically needed in a related occupation"),
            path,
        ),
        (
            "Typical on-the-job training needed to attain competency in the occupation",
            Measure.TRAINING,
            None,
            N_("Training typically needed on the job"),
            path,
        ),
    )
    return [
        Series(printed=p, measure=m, unit=unit, name=n, **shared)
        for p, m, unit, n, shared in columns
    ]


def import_oews(job: Job, source: Source) -> Tally:
    """Import employment and wages of the occupations in scope."""
    return _import_series(
        job,
        source,
        oews_series(job.year),
        columns=(
            Column("OCC_CODE", "soc_code", parse_soc),
            Column("OCC_TITLE", "occupation_title"),
            Column("O_GROUP", "level"),
        ),
        levels={"detailed", "total"},  # a broad group can share its code with its only member
        prefix=f"oews_{job.year}_05",
        as_of=f"{job.year}-05",
    )


def import_projections(job: Job, source: Source) -> Tally:
    """Import employment, growth, openings and typical entry of the occupations in scope."""
    end = 2000 + int(job.match["end"])
    matrix = f"{job.year} National Employment Matrix"
    return _import_series(
        job,
        source,
        projection_series(job.year, end),
        columns=(
            Column(f"{matrix} code", "soc_code", parse_soc),
            Column(f"{matrix} title", "occupation_title"),
            Column("Occupation type", "level"),
        ),
        levels={"Line item", SUMMARY_LINE},
        prefix=f"ep_{job.year}_{end % 100:02d}",
        as_of=str(job.year),
    )


def _import_series(
    job: Job,
    source: Source,
    series: list[Series],
    *,
    columns: tuple[Column, ...],
    levels: set[str],
    prefix: str,
    as_of: str,
) -> Tally:
    """Import one statistic for each series and occupation; ``columns`` tell occupations apart."""
    scope = {ALL_OCCUPATIONS, *soc_codes_in_scope(job.session, job.cip_prefixes)}
    found = [
        row
        for row in read_rows(
            job.file,
            (*columns, *(one.column for one in series)),
            only=(columns[0], lambda cell: cell.strip() in scope),
            progress=job.progress,
        )
        if row["level"] in levels
    ]
    rows = [
        {
            **_to_statistic(row, one),
            "slug": f"{prefix}_{str(row['soc_code']).replace('-', '_')}_{one.measure}",
            "as_of": as_of,
            "source": source.key,
            "source_url": source.url,
        }
        for row in found
        for one in series
    ]
    tally = job.upsert(Statistic, ("slug",), rows)
    tally.rows_read = len(found)
    _link_editions(job.session)
    return tally


def _to_statistic(row: Row, series: Series) -> dict[str, object]:
    """Return what the table says in one cell, as a row without slug and source."""
    cell, text = row[series.measure], None
    if not isinstance(cell, Cell):
        words = str(cell)
        known = words not in NO_DATA and words != ""
        absent = (
            ValueStatus.NOT_APPLICABLE if row["level"] == SUMMARY_LINE else ValueStatus.NOT_REPORTED
        )
        cell = Cell(None, None) if known else Cell(None, None, absent, words or None)
        text = words if known else None
    return {
        "label": f"{series.name}, {row['occupation_title']}, {series.period or series.horizon}",
        "measure": str(series.measure),
        "method": str(series.method),
        "value_low": cell.low,
        "value_high": cell.high,
        "is_exclusive": False,
        "value_text": text,
        "value_status": str(cell.status),
        "as_stated": cell.as_stated,
        "unit": series.unit,
        "soc_code": row["soc_code"],
        "soc_edition": SOC_EDITION,
        "occupation_title": row["occupation_title"],
        "population": series.population,
        "period": series.period,
        "horizon": series.horizon,
        "basis": str(Basis.GOVERNMENT_DATA),
        "warnings": [],
        "see_also": [],
    }


def _link_editions(session: Session) -> None:
    """Point official figures at the newest of the same occupation, measure and method."""
    statement = (
        select(
            col(Statistic.slug),
            col(Statistic.soc_code),
            col(Statistic.measure),
            col(Statistic.method),
            col(Statistic.superseded_by),
        )
        .where(col(Statistic.basis) == Basis.GOVERNMENT_DATA)
        .order_by(col(Statistic.as_of), col(Statistic.slug))
    )
    stored = session.execute(statement).all()
    newest = {(soc, measure, method): slug for slug, soc, measure, method, _ in stored}
    pointed = {}
    for slug, soc, measure, method, pointed_at in stored:
        latest = newest[soc, measure, method]
        wanted = None if latest == slug else latest
        if wanted != pointed_at:
            pointed[slug] = wanted
    rows = rows_where(session, Statistic, "slug", list(pointed))
    values = [(row, {"superseded_by": pointed[row["slug"]]}) for row in rows]
    update_rows(session, Statistic, ("slug",), values)


bls_source = partial(
    Source,
    publisher="U.S. Bureau of Labor Statistics",
    licence="US federal work, public domain in the United States",
    basis=Basis.GOVERNMENT_DATA,
)

OEWS = Importer(
    key="bls-oews",
    title="BLS wages and employment (OEWS, national)",
    pattern=r"(?:oews_national_may|national_m_?)(?P<year>\d{4})(?:_dl)?",
    order=40,
    source=bls_source(
        key="bls-oews-{year}-05",
        title="Occupational Employment and Wage Statistics, national, May {year}",
        edition="May {year}",
        url="https://www.bls.gov/oes/tables.htm",
    ),
    run=import_oews,
)
PROJECTIONS = Importer(
    key="bls-projections",
    title="BLS employment projections (table 1.2)",
    pattern=r"projections_(?P<year>\d{4})_\d\d(?P<end>\d\d)_table_1_2",
    known_by=(
        r"(?P<year>\d{4}) NATIONAL EMPLOYMENT MATRIX CODE",
        r"EMPLOYMENT CHANGE, NUMERIC, \d{4}–(?P<end>\d\d)",
        "TYPICAL EDUCATION NEEDED FOR ENTRY",
    ),
    order=41,
    source=bls_source(
        key="bls-ep-{year}-{end}",
        title="Employment projections {year}-{end}, table 1.2",
        edition="{year}-{end}",
        url="https://www.bls.gov/emp/tables/occupational-projections-and-characteristics.htm",
    ),
    run=import_projections,
)
