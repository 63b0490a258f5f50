"""What occupations pay in areas, as figures: search, find."""

import re
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from app.domain.areas import AREA_SURVEY, NATIONAL_MEASURES, WAGE_MEASURES, wage_slug
from app.domain.text.cursors import Scalar, decode_cursor, encode_cursor
from app.domain.vocabulary import Measure, Method, ValueStatus
from app.errors import Fault, InvalidRequestError, NotFoundError
from app.queries.areas import POPULATION, price_levels, titles_of, wage_evidence
from app.queries.places import areas_by_code, areas_of, find_area, locate
from app.queries.releases import stamp
from app.schemas.areas import AreaRef, PlaceRead
from app.schemas.statistics import StatisticPage, StatisticQuery, StatisticRead
from app.store.paging import SortKey, order_of, rows_after
from app.store.tables.areas import AreaWage

SLUG = re.compile(
    r"oews_(?P<year>\d{4})_05_(?P<area>[a-z]{2}|\d{5}|\d{7})_(?P<soc>\d\d_\d{4})_(?P<measure>\w+)"
)
"""How the figures of areas are named, as those of the country are."""

SOC_EDITION = "2018"

KEYS = [
    SortKey(col(AreaWage.area_code)),
    SortKey(col(AreaWage.soc_code)),
    SortKey(col(AreaWage.year)),
]
MOST_PRICES = 10
"""States whose price levels stand beside figures."""


def sources_of_wages(session: Session) -> set[str]:
    """Return the keys of the sources that wages of areas come from."""
    years = session.scalars(select(col(AreaWage.year)).distinct())
    return {AREA_SURVEY.format(year=year) for year in years}


def search_wages(session: Session, query: StatisticQuery) -> StatisticPage:
    """Return one page of figures of areas: by area, occupation and year, then by measure.

    Raises:
        InvalidRequestError: Nobody knows an area asked for, or the cursor is of another query.
    """
    areas, place = _areas_asked(session, query)
    measures = [m for m in WAGE_MEASURES if not query.measure or m in query.measure]
    where = _conditions(query, [area.code for area in areas])
    total = session.scalars(select(func.count()).select_from(AreaWage).where(*where)).one()
    figures, following = _page(session, query, where, measures)
    prices = (
        price_levels(session, [s for a in areas for s in a.states]) if not query.area_kind else []
    )
    sources = {item.evidence.source for item in figures} | {p.evidence.source for p in prices}
    return StatisticPage(
        items=figures,
        total=total * len(measures),
        next=following,
        place=place,
        price_levels=prices[:MOST_PRICES],
        **stamp(session, sources),
    )


def _areas_asked(
    session: Session, query: StatisticQuery
) -> tuple[Sequence[AreaRef], PlaceRead | None]:
    known = areas_by_code(session)
    found = {a.code: a for a in known.values() if a.kind in query.area_kind}
    faults = []
    for asked in query.area:
        try:
            area = find_area(session, asked)
            found[area.code] = area
        except NotFoundError as error:
            faults.append(error.in_parameter("area"))
    if faults:
        raise InvalidRequestError(faults)
    place = locate(session, query.near) if query.near is not None else None
    found |= {area.code: area for area in areas_of(session, place)}
    return list(found.values()), place


def _conditions(query: StatisticQuery, areas: Collection[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(AreaWage.area_code).in_(areas)]
    if codes := [*query.soc_code, *query.soc]:
        conditions.append(col(AreaWage.soc_code).in_(codes))
    if query.source is not None:
        year = re.fullmatch(AREA_SURVEY.format(year=r"(\d{4})"), query.source)
        conditions.append(col(AreaWage.year) == (int(year[1]) if year else 0))
    if query.superseded is not None:
        other = AreaWage.__table__.alias()  # type: ignore[attr-defined]
        newest = (
            select(func.max(other.c.year))
            .where(
                other.c.area_code == col(AreaWage.area_code),
                other.c.soc_code == col(AreaWage.soc_code),
            )
            .scalar_subquery()
        )
        year_of = col(AreaWage.year)
        conditions.append(year_of < newest if query.superseded else year_of == newest)
    return conditions


def _page(
    session: Session,
    query: StatisticQuery,
    where: Sequence[ColumnElement[bool]],
    measures: Sequence[Measure],
) -> tuple[list[StatisticRead], str | None]:
    """Return figures after a cursor, and the cursor of those that follow.

    A row of the table holds a figure for each measure, so a page may begin and end within a row.
    """
    asked = query.model_dump_json(exclude={"limit", "cursor"})
    statement = select(AreaWage).where(*where).order_by(*order_of(KEYS))
    done = 0
    if query.cursor is not None:
        try:
            *key, told = decode_cursor(query.cursor, asked, len(KEYS) + 1)
            done = int(str(told))
        except ValueError as error:
            raise InvalidRequestError(
                [Fault(f"{error}.", parameter="cursor", value=query.cursor[:60])]
            ) from error
        same = [k.column == value for k, value in zip(KEYS, key, strict=True)]
        statement = statement.where(or_(rows_after(KEYS, key), and_(*same)))
    if not measures:
        return [], None
    rows = list(session.scalars(statement.limit(query.limit // len(measures) + 2)))
    figures = [(wage, measure) for wage in rows for measure in measures][done:]
    page = figures[: query.limit]
    following = None
    if len(figures) > query.limit:
        last, measure = page[-1]
        values: list[Scalar] = [
            last.area_code,
            last.soc_code,
            last.year,
            measures.index(measure) + 1,
        ]
        following = encode_cursor(values, asked)
    return _to_reads(session, page), following


def find_wages(session: Session, slugs: Sequence[str]) -> list[StatisticRead]:
    """Return those of some figures that are of areas, in no order."""
    found = []
    for slug in slugs:
        match = SLUG.fullmatch(slug)
        if match is None or match["measure"] not in list(WAGE_MEASURES):
            continue
        key = (match["area"].upper(), match["soc"].replace("_", "-"), int(match["year"]))
        wage = session.get(AreaWage, key)
        if wage is not None:
            found.append((wage, Measure(match["measure"])))
    return _to_reads(session, found)


def _to_reads(session: Session, found: Sequence[tuple[AreaWage, Measure]]) -> list[StatisticRead]:
    areas, titles = areas_by_code(session), titles_of(session)
    newest = _newest_years(session, {wage.area_code for wage, _ in found}) if found else {}
    return [
        _to_read(session, wage, measure, areas[wage.area_code], titles, newest)
        for wage, measure in found
    ]


def _newest_years(session: Session, areas: Collection[str]) -> Mapping[tuple[str, str], int]:
    """Return area and occupation -> year of the newest survey that tells of it."""
    statement = (
        select(col(AreaWage.area_code), col(AreaWage.soc_code), func.max(AreaWage.year))
        .where(col(AreaWage.area_code).in_(list(areas)))
        .group_by(col(AreaWage.area_code), col(AreaWage.soc_code))
    )
    return {(area, soc): year for area, soc, year in session.execute(statement)}


def _to_read(
    session: Session,
    wage: AreaWage,
    measure: Measure,
    area: AreaRef,
    titles: Mapping[str, str],
    newest: Mapping[tuple[str, str], int],
) -> StatisticRead:
    number = getattr(wage, measure)
    is_open = measure in (wage.open_upward or "").split()
    period, title = f"{wage.year}-05", titles.get(wage.soc_code, wage.soc_code)
    latest = newest[wage.area_code, wage.soc_code]
    return StatisticRead(
        slug=_slug_of(wage, measure, wage.year),
        label=f"{WAGE_MEASURES[measure].name}, {title}, {area.title}, {period}",
        measure=measure,
        method=Method.EMPLOYER_SURVEY,
        value_low=number,
        value_high=None if is_open else number,
        is_exclusive=False,
        value_text=None,
        value_status=ValueStatus.WITHHELD if number is None else ValueStatus.REPORTED,
        unit=WAGE_MEASURES[measure].unit,
        soc_code=wage.soc_code,
        soc_edition=SOC_EDITION,
        occupation_title=title,
        area=area,
        population=POPULATION,
        period=period,
        horizon=None,
        attributed_to=None,
        reference=None,
        warnings=[],
        superseded_by=None if latest == wage.year else _slug_of(wage, measure, latest),
        see_also=(
            [wage_slug(wage.year, wage.soc_code, measure)] if measure in NATIONAL_MEASURES else []
        ),
        evidence=wage_evidence(session, wage.year),
    )


def _slug_of(wage: AreaWage, measure: Measure, year: int) -> str:
    return wage_slug(year, wage.soc_code, measure, area=wage.area_code)
