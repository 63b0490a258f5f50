"""Pay by state and area (BLS), and how dear living is in a state (BEA), as printed."""

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from app.domain.areas import (
    AREA_SURVEY,
    FIPS,
    NATIONAL_MEASURES,
    WAGE_MEASURES,
    AreaCode,
    parse_area,
    states_of,
    top_wage,
    wage_slug,
)
from app.domain.occupations import ALL_OCCUPATIONS
from app.domain.text.identifiers import parse_soc
from app.domain.vocabulary import AreaKind, Basis, Measure
from app.importers.bls import WAGE_COLUMNS, bls_source, parse_figure
from app.importers.job import Importer, Job
from app.importers.reading import Column, Row, read_rows
from app.queries.occupations import soc_codes_in_scope
from app.store.records import inner_table
from app.store.rows import Tally
from app.store.tables.areas import Area, AreaWage, PriceLevel
from app.store.tables.sources import Source
from app.store.tables.statistics import Statistic

Number = float | str | None
"""A printed number, the mark of a wage above the top one, or None: not shown."""

ABOVE_TOP = "#"
ABOVE_TOP_NOTE, WITHHELD_NOTE = "5", "8"
"""Footnotes of the survey: at or above the top wage; estimate not released."""


def parse_number(text: str) -> Number:
    """Return a printed number, the mark of one above the top wage, or None for one not shown.

    Raises:
        ValueError: Neither a number nor a known mark.
    """
    cell = parse_figure(text)
    return ABOVE_TOP if cell.as_stated == ABOVE_TOP else cell.low


SOC = Column("OCC_CODE", "soc_code", parse_soc)
NUMBERS = (
    *(Column(printed, measure, parse_number) for printed, measure in WAGE_COLUMNS),
    Column("JOBS_1000", Measure.JOBS_PER_1000, parse_number, required=False),
    Column(
        "LOC_QUOTIENT",
        Measure.LOCATION_QUOTIENT,
        parse_number,
        required=False,
        also=("LOC QUOTIENT", "LOC_Q"),
    ),
)
WAGES = tuple(measure for measure in WAGE_MEASURES if measure.startswith("annual"))
COLUMNS = (
    Column("AREA", "area", parse_area, also=("AREA_CODE",)),
    Column("AREA_TITLE", "title", also=("AREA_NAME",)),
    SOC,
    *NUMBERS,
    Column("I_GROUP", "industry", required=False),
    Column("O_GROUP", "level", required=False),
    Column("FOOTNOTES", "notes", required=False),
)
INDUSTRIES = {"", "cross-industry"}
LEVELS = {"", "detailed", "total"}
"""A broad group can share its code with its only member."""


def import_wages(job: Job, source: Source) -> Tally:
    """Import jobs and wages of the occupations in scope in every area of one May.

    Rows of the whole country are compared with what the national table brought in, never stored.
    """
    scope = {ALL_OCCUPATIONS, *soc_codes_in_scope(job.session, job.cip_prefixes)}
    areas: dict[str, dict[str, Any]] = {}
    wages: dict[tuple[str, str], dict[str, Any]] = {}
    national = []
    for row in read_rows(
        job.file, COLUMNS, only=(SOC, lambda cell: cell.strip() in scope), progress=job.progress
    ):
        if row["industry"] not in INDUSTRIES or row["level"] not in LEVELS:
            continue
        area = row["area"]
        assert isinstance(area, AreaCode)  # noqa: S101 - what its column reads
        if area.kind is None:
            national.append(row)
            continue
        areas[area.code] = {
            "code": area.code,
            "title": _title(area, str(row["title"])),
            "kind": str(area.kind),
            "states": states_of(area, str(row["title"])),
            "source": source.key,
        }
        wages[area.code, str(row["soc_code"])] = {
            "area_code": area.code,
            "soc_code": row["soc_code"],
            "year": job.year,
            **to_amounts(row, job.year),
        }
    tally = job.upsert(Area, ("code",), _unless_newer(job.session, Area, ("code",), areas.values()))
    tally.add(job.upsert(AreaWage, ("area_code", "soc_code", "year"), list(wages.values())))
    tally.rows_read = len(wages) + len(national)
    tally.reasons += _compare(job.session, national, job.year)
    return tally


def _title(area: AreaCode, printed: str) -> str:
    """Return the name of an area; marks of the survey for footnotes are left out."""
    bare = printed.strip().rstrip("*").strip()
    return bare if area.kind is not AreaKind.STATE else bare.removeprefix("State of ")


def to_amounts(row: Row, year: int) -> dict[str, Any]:
    """Return the numbers of a row of the survey, and of which of them only the least is known.

    A mark in place of a wage says that it is at or above the top one; files that print the same
    mark for all that is missing tell so by a footnote. Where another footnote says that something
    was withheld, and nothing else is missing that it can be about, the two are not told apart.
    """
    found = {measure: row[measure] for measure in WAGE_MEASURES}
    notes = {note.strip() for note in str(row["notes"]).replace(",", ";").split(";")}
    is_withheld = WITHHELD_NOTE in notes and found[Measure.EMPLOYMENT] is not None
    if ABOVE_TOP_NOTE in notes and not is_withheld:
        found |= {measure: ABOVE_TOP for measure in WAGES if found[measure] is None}
    top = top_wage(year)
    opened = [measure for measure in WAGES if found[measure] == ABOVE_TOP and top is not None]
    amounts: dict[str, Any] = {}
    for measure, number in found.items():
        is_whole = measure in (Measure.EMPLOYMENT, *WAGES)
        known = number if isinstance(number, float) else None
        amounts[measure] = round(known) if known is not None and is_whole else known
    return {**amounts, **dict.fromkeys(opened, top), "open_upward": " ".join(opened) or None}


def _unless_newer(
    session: Session,
    table: type[SQLModel],
    key: tuple[str, ...],
    rows: Iterable[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Return rows without those of which a newer edition of the same publication tells."""
    inner = inner_table(table)
    columns = [inner.c[name] for name in (*key, "source")]
    told_by = {tuple(known): by for *known, by in session.execute(select(*columns))}
    return [
        row
        for row in rows
        if str(told_by.get(tuple(row[name] for name in key), "")) <= str(row["source"])
    ]


def _compare(session: Session, rows: list[Row], year: int) -> list[str]:
    """Return what rows of the whole country say otherwise than the national table of the year."""
    if not rows:
        return []
    slugs = {
        wage_slug(year, str(row["soc_code"]), measure): (row, measure)
        for row in rows
        for measure in NATIONAL_MEASURES
    }
    statement = select(col(Statistic.slug), col(Statistic.value_low)).where(
        col(Statistic.slug).in_(slugs)
    )
    known = dict(session.execute(statement).all())
    other = [
        f"{row['soc_code']}, {measure}: the country has {row[measure]} here, {known[slug]} in its "
        "own table"
        for slug, (row, measure) in slugs.items()
        if slug in known and isinstance(row[measure], float) and known[slug] != row[measure]
    ]
    told = len({slugs[slug][0]["soc_code"] for slug in known})
    return other or [
        f"{told} of {len(rows)} rows of the whole country are known from the national table, and "
        "say the same"
    ]


PRICE_LINES = {
    "all items": "all_items",
    "goods": "goods",
    "services: housing": "housing",
    "services: rents": "housing",
    "services: utilities": "utilities",
    "services: other": "other_services",
}
"""Descriptions of the lines of the table SARPP that hold regional price parities, after "RPPs:".

Their numbers are others in other editions: all items were line 5 to 2023 and are line 1 to 2024.
"""


def parse_line(text: str) -> str | None:
    """Return which price level a line holds; None: none of them."""
    prefix, _, name = " ".join(text.lower().split()).partition(": ")
    return PRICE_LINES.get(name) if prefix == "rpps" else None


LINE = Column("Description", "line", parse_line)


def import_price_levels(job: Job, source: Source) -> Tally:
    """Import how dear living is in each state and year; the country is 100 in all of them."""
    years = range(int(job.match["first"]), job.year + 1)
    columns = (
        Column("GeoFIPS", "area", _parse_state),
        LINE,
        *(Column(str(year), str(year), parse_index, required=False) for year in years),
    )
    levels: dict[tuple[str, int], dict[str, Any]] = {}
    for row in read_rows(
        job.file,
        columns,
        only=(LINE, lambda cell: parse_line(cell) is not None),
        progress=job.progress,
    ):
        state = row["area"]
        for year in years:
            if state is not None and isinstance(number := row[str(year)], float):
                level = levels.setdefault((str(state), year), _no_level(str(state), year, source))
                level[str(row["line"])] = number
    rows = _unless_newer(job.session, PriceLevel, ("state", "year"), levels.values())
    return job.upsert(PriceLevel, ("state", "year"), rows)


def _parse_state(text: str) -> str | None:
    """Return the state of a five-digit code, which comes in quotes and blanks.

    None: the country, one of its regions, or a part of a state.
    """
    code = text.strip().strip('"').strip()
    if not re.fullmatch(r"[0-9]{5}", code):
        raise ValueError("not the code of a state")
    return FIPS.get(code[:2]) if code.endswith("000") else None


def parse_index(text: str) -> float | None:
    """Return an index, or None for a note such as "(NA)" in its place.

    Raises:
        ValueError: Neither a number nor a note.
    """
    bare = text.strip()
    if not bare or re.fullmatch(r"\([A-Z]+\)", bare):
        return None
    return float(bare)


def _no_level(state: str, year: int, source: Source) -> dict[str, Any]:
    nothing = dict.fromkeys(PRICE_LINES.values())
    return {"state": state, "year": year, **nothing, "source": source.key}


AREA_WAGES = Importer(
    key="bls-oews-areas",
    title="BLS wages and employment (OEWS, states and areas)",
    pattern=r"(?:oews_areas_may|(?:state|msa|bos|all_data)_m_?)(?P<year>\d{4})(?:_\w+)?",
    order=42,
    source=bls_source(
        key=AREA_SURVEY,
        title="Occupational Employment and Wage Statistics, states and areas, May {year}",
        edition="May {year}",
        url="https://www.bls.gov/oes/tables.htm",
    ),
    run=import_wages,
)
PRICE_LEVELS = Importer(
    key="bea-price-levels",
    title="BEA price levels of states (SARPP)",
    pattern=r"(?:rpp_states|sarpp_(?:state|all_areas))_+(?P<first>\d{4})_(?P<year>\d{4})",
    order=43,
    source=Source(
        key="bea-sarpp-{year}",
        title="Regional price parities by state (SARPP), to {year}",
        publisher="U.S. Bureau of Economic Analysis",
        licence="US federal work, public domain in the United States",
        edition="{first}-{year}",
        url="https://www.bea.gov/data/prices-inflation/regional-price-parities-state-and-metro-area",
        basis=Basis.GOVERNMENT_DATA,
    ),
    run=import_price_levels,
)
