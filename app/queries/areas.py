"""Areas: what occupations pay there, and how dear living is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.clock import today
from app.domain.areas import AREA_SURVEY, NATIONAL, NATIONAL_MEASURES, WAGE_MEASURES
from app.domain.dossier import Dossier
from app.domain.evidence import Subject
from app.domain.messages import Message
from app.domain.occupations import ALL_OCCUPATIONS
from app.domain.vocabulary import (
    STATE_NAMES,
    Basis,
    Measure,
    Method,
    ValueStatus,
)
from app.queries.classifications import occupation_titles, soc_codes_of
from app.queries.kept import kept
from app.queries.places import (
    areas_by_code,
    areas_of,
    find_area,
    place_asked,
    place_of_school,
    to_ref,
    words_of,
)
from app.queries.releases import stamp
from app.queries.sources import list_titles
from app.schemas.areas import (
    AreaAnswer,
    AreaItem,
    AreaQuery,
    AreaRef,
    OccupationPay,
    PayRead,
    PlaceQuery,
    PlaceRead,
    PriceLevelRead,
)
from app.schemas.pages import Evidence, Page, aging
from app.store.paging import SortKey, fetch_page
from app.store.tables.advancement import AdvancementPath
from app.store.tables.areas import Area, AreaWage, PriceLevel
from app.store.tables.statistics import Statistic

COUNTRY = AreaRef(code=NATIONAL, title="United States", kind="country", states=[])
"""The whole country, which stands beside areas and is none of them."""

POPULATION = "Wage and salary workers in all industries of the area; the self-employed left out"

OF_OCCUPATIONS = Message(
    "A wage is of an occupation in an area, of everybody in it whatever they studied: not of the "
    "graduates of a program, and not of those who hold a credential. No score counts it."
)
BY_CROSSWALK = Message(
    "Which occupations a field of study leads to is told by the federal crosswalk from CIP 2020 to "
    "SOC 2018, of the field and not of this program."
)
BY_ROLES = Message(
    "A credential has no wage of its own: these are the occupations of the roles that name it."
)
NO_ROLES = Message("No role of the catalog names this credential, so no occupation is shown.")
OF_PRICES = Message(
    "A price level says how dear living in a state is, with the whole country as 100. No wage here "
    "is corrected by it."
)


def get_pay(
    session: Session,
    soc_codes: Iterable[str],
    place: PlaceRead | None,
    *more: str | None,
    notes: Sequence[Message] = (),
    beside: Sequence[AreaRef] = (),
) -> PayRead:
    """Return what occupations pay in the areas of a place and in further states, and prices there.

    ``notes`` say how the occupations were found; ``beside`` are areas to tell before those.
    """
    areas = [*beside, *areas_of(session, place, *more)]
    prices = price_levels(session, [state for area in areas for state in area.states])
    return PayRead(
        place=place,
        areas=areas,
        occupations=list_pay(session, soc_codes, areas),
        price_levels=prices,
        notes=[*notes, OF_OCCUPATIONS, *([OF_PRICES] if prices else [])],
    )


def place_meant(session: Session, query: PlaceQuery) -> PlaceRead | None:
    """Return the place that a reader asks for; None: none is asked for.

    Raises:
        InvalidRequestError: As ``locate``.
    """
    return place_asked(session, state=next(iter(query.states), None), near=query.near)


def pay_asked(
    session: Session, query: PlaceQuery, soc_codes: Iterable[str], notes: Sequence[Message] = ()
) -> PayRead | None:
    """Return what occupations pay in the place that a reader asks for; None: none is asked for.

    Raises:
        InvalidRequestError: As ``locate``.
    """
    place = place_meant(session, query)
    return get_pay(session, soc_codes, place, *query.states, notes=notes) if place else None


def pay_beside_country(
    session: Session, query: PlaceQuery, soc_codes: Iterable[str], notes: Sequence[Message] = ()
) -> PayRead:
    """Return what occupations pay in the whole country, and in the place that a reader asks for.

    Raises:
        InvalidRequestError: As ``locate``.
    """
    place = place_meant(session, query)
    return get_pay(session, soc_codes, place, *query.states, notes=notes, beside=[COUNTRY])


def pay_of_program(session: Session, dossier: Dossier, home_state: str | None) -> PayRead:
    """Return what the occupations that a program's field leads to pay where its school stands.

    The state of the reader's home is shown as well.
    """
    school, cip_code = dossier.school, dossier.program.cip_code
    codes = _occupations_of(session, cip_code) if cip_code else []
    place = place_of_school(session, school.cbsa_code, school.state)
    return get_pay(session, codes, place, home_state, notes=[BY_CROSSWALK])


@kept(most=500)
def _occupations_of(session: Session, cip_code: str) -> list[str]:
    """Return the SOC codes that a field of study leads to, in order."""
    return sorted(soc_codes_of(session, (cip_code,)))


@kept()
def surveyed_occupations(session: Session) -> list[str]:
    """Return the SOC codes that pay is told of by area, in order."""
    codes = select(AreaWage.soc_code).distinct().order_by(col(AreaWage.soc_code))
    return list(session.exec(codes))


def pay_of_credential(session: Session, code: str, query: PlaceQuery) -> PayRead | None:
    """Return what the occupations of the roles that name a credential pay in a place asked for."""
    codes = occupations_of_credential(session, code)
    return pay_asked(session, query, codes, [notes_on_roles(codes)])


def occupations_of_credential(session: Session, code: str) -> list[str]:
    """Return the SOC codes of the roles that name a credential, in the order of the roles."""
    paths = session.exec(
        select(AdvancementPath)
        .where(col(AdvancementPath.retired_at).is_(None))
        .order_by(col(AdvancementPath.position))
    )
    return [
        occupation["code"]
        for path in paths
        if code in (path.credentials or [])
        for occupation in path.soc_codes
    ]


def notes_on_roles(soc_codes: Sequence[str]) -> Message:
    """Return how the occupations of a credential were found, or that there are none."""
    return BY_ROLES if soc_codes else NO_ROLES


def sources_of_pay(pay: PayRead | None) -> set[str]:
    """Return the keys of the sources that an answer on pay draws on."""
    if pay is None:
        return set()
    told = [*(p.evidence for p in pay.occupations), *(p.evidence for p in pay.price_levels)]
    return {evidence.source for evidence in told if evidence}


def list_pay(
    session: Session, soc_codes: Iterable[str], areas: Sequence[AreaRef]
) -> list[OccupationPay]:
    """Return what each occupation pays in each area, in the order asked for."""
    codes = list(dict.fromkeys(soc_codes))
    if not codes or not areas:
        return []
    statement = (
        select(AreaWage)
        .where(
            col(AreaWage.area_code).in_([area.code for area in areas]),
            col(AreaWage.soc_code).in_(codes),
        )
        .order_by(col(AreaWage.year))
    )
    newest = {(wage.soc_code, wage.area_code): wage for wage in session.exec(statement)}
    found = []
    for code in codes:
        for area in areas:
            wage = newest.get((code, area.code))
            pay = pay_in_country(session, code) if area is COUNTRY else None
            if wage is not None:
                pay = _to_pay(session, area, wage)
            found.append(pay or _unpublished(session, code, area))
    return found


def _to_pay(session: Session, area: AreaRef, wage: AreaWage) -> OccupationPay:
    """Return one row of the survey of areas as served."""
    numbers = {measure: getattr(wage, measure) for measure in WAGE_MEASURES}
    return OccupationPay(
        soc_code=wage.soc_code,
        occupation=titles_of(session).get(wage.soc_code, wage.soc_code),
        area=area,
        status=ValueStatus.WITHHELD if wage.annual_median is None else ValueStatus.REPORTED,
        period=f"{wage.year}-05",
        **{str(measure): number for measure, number in numbers.items()},
        withheld=[measure for measure, number in numbers.items() if number is None],
        open_upward=[Measure(measure) for measure in (wage.open_upward or "").split()],
        national_median=_median_in_country(session, wage.soc_code),
        population=POPULATION,
        evidence=wage_evidence(session, wage.year),
        url=f"/v1/statistics?area={area.code}&soc={wage.soc_code}",
    )


def _unpublished(session: Session, soc_code: str, area: AreaRef) -> OccupationPay:
    """Return that the survey prints nothing for an occupation in an area."""
    return OccupationPay(
        soc_code=soc_code,
        occupation=titles_of(session).get(soc_code, soc_code),
        area=area,
        status=ValueStatus.NOT_PUBLISHED,
        period=None,
        **dict.fromkeys(map(str, WAGE_MEASURES)),
        withheld=[],
        open_upward=[],
        national_median=_median_in_country(session, soc_code),
        population=POPULATION,
        evidence=None,
        url=f"/v1/statistics?area={area.code}&soc={soc_code}",
    )


def wage_evidence(session: Session, year: int) -> Evidence:
    """Return who says what occupations paid in areas in a year."""
    return _evidence(session, AREA_SURVEY.format(year=year), f"{year}-05")


def _evidence(session: Session, source: str, as_of: str) -> Evidence:
    return Evidence(
        source=source,
        source_url=list_titles(session).get(source, ("", None))[1],
        as_of=as_of,
        basis=Basis.GOVERNMENT_DATA,
        as_stated=None,
        **aging(as_of, Subject.OUTCOME, today()),
    )


@kept()
def titles_of(session: Session) -> dict[str, str]:
    """Return SOC code -> title of every occupation that pay is told of."""
    return {ALL_OCCUPATIONS: "All occupations", **occupation_titles(session)}


def pay_in_country(session: Session, soc_code: str) -> OccupationPay | None:
    """Return what an occupation pays in the whole country, of the newest survey; None: not told."""
    figures = _country_figures(session).get(soc_code, {})
    median = figures.get(Measure.ANNUAL_MEDIAN)
    if median is None:
        return None
    numbers: dict[str, Any] = dict.fromkeys(map(str, WAGE_MEASURES))
    for measure, figure in figures.items():
        numbers[measure] = None if figure["value_low"] is None else round(figure["value_low"])
    return OccupationPay(
        soc_code=soc_code,
        occupation=titles_of(session).get(soc_code, soc_code),
        area=COUNTRY,
        status=ValueStatus.WITHHELD if median["value_low"] is None else ValueStatus.REPORTED,
        period=median["period"],
        **numbers,
        withheld=[measure for measure in NATIONAL_MEASURES if numbers[measure] is None],
        open_upward=[
            Measure(measure)
            for measure, figure in figures.items()
            if figure["value_low"] is not None and figure["value_high"] is None
        ],
        national_median=median["value_low"],
        population=median["population"],
        evidence=_evidence(session, median["source"], median["as_of"]),
        url=f"/v1/statistics?soc={soc_code}",
    )


def _median_in_country(session: Session, soc_code: str) -> float | None:
    median = _country_figures(session).get(soc_code, {}).get(Measure.ANNUAL_MEDIAN)
    return median["value_low"] if median else None


@kept()
def _country_figures(session: Session) -> dict[str, dict[str, dict[str, Any]]]:
    """Return SOC code -> measure -> figure of the whole country, of the newest survey."""
    statement = select(Statistic).where(
        col(Statistic.measure).in_(NATIONAL_MEASURES),
        col(Statistic.method) == Method.EMPLOYER_SURVEY,
        col(Statistic.basis) == Basis.GOVERNMENT_DATA,
        col(Statistic.superseded_by).is_(None),
    )
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for figure in session.exec(statement):
        if figure.soc_code:
            found.setdefault(figure.soc_code, {})[figure.measure] = figure.model_dump()
    return found


def price_levels(
    session: Session, states: Iterable[str], *, every_year: bool = False
) -> list[PriceLevelRead]:
    """Return price levels of states in the order asked for; newest year, or all, newest first."""
    known = _levels_by_state(session)
    return [
        _to_level(session, level)
        for state in dict.fromkeys(states)
        for level in known.get(state, [])[: None if every_year else 1]
    ]


@kept()
def _levels_by_state(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return state -> its price levels, the newest first."""
    statement = select(PriceLevel).order_by(col(PriceLevel.year).desc())
    found: dict[str, list[dict[str, Any]]] = {}
    for level in session.exec(statement):
        found.setdefault(level.state, []).append(level.model_dump())
    return found


def _to_level(session: Session, level: Mapping[str, Any]) -> PriceLevelRead:
    return PriceLevelRead(
        **{name: value for name, value in level.items() if name != "source"},
        state_name=STATE_NAMES.get(level["state"], level["state"]),
        evidence=_evidence(session, level["source"], str(level["year"])),
    )


def search_areas(session: Session, query: AreaQuery) -> Page[AreaItem]:
    """Return one page of areas, by code."""
    words = words_of(query.q)
    wanted = [
        area.code
        for area in areas_by_code(session).values()
        if (not query.state or set(map(str, query.state)) & set(area.states))
        and (not query.kind or area.kind in query.kind)
        and all(word in area.title.lower() for word in words)
    ]
    statement = select_columns(Area).where(col(Area.code).in_(wanted))
    rows, following = fetch_page(
        session,
        statement,
        [SortKey(col(Area.code))],
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"limit", "cursor"}),
    )
    items = [_to_item(row[0]) for row in rows]
    sources = {item.source for item in items}
    return Page(items=items, total=len(wanted), next=following, **stamp(session, sources))


def _to_item(area: Area) -> AreaItem:
    told = to_ref(area).model_dump()
    return AreaItem(**told, url=f"/v1/areas/{area.code}", source=area.source)


def get_area(session: Session, asked: str) -> AreaAnswer:
    """Return one area by code or name: what every occupation pays there, and price levels.

    Raises:
        NotFoundError: Wages are surveyed for no such area.
    """
    area = find_area(session, asked)
    codes = session.exec(
        select(AreaWage.soc_code)
        .where(col(AreaWage.area_code) == area.code)
        .distinct()
        .order_by(col(AreaWage.soc_code))
    ).all()
    occupations = list_pay(session, codes, [area])
    prices = price_levels(session, area.states, every_year=True)
    stored = session.get_one(Area, area.code)
    told = [*(o.evidence for o in occupations), *(p.evidence for p in prices)]
    sources = {stored.source, *(evidence.source for evidence in told if evidence)}
    return AreaAnswer(
        **_to_item(stored).model_dump(),
        occupations=occupations,
        price_levels=prices,
        notes=[OF_OCCUPATIONS, *([OF_PRICES] if prices else [])],
        **stamp(session, sources),
    )
