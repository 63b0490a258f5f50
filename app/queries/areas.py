"""Areas: what occupations pay there, and how dear living is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.clock import today
from app.domain.areas import AREA_SURVEY, WAGE_MEASURES
from app.domain.dossier import Dossier
from app.domain.evidence import Subject
from app.domain.messages import Message
from app.domain.occupations import ALL_OCCUPATIONS
from app.domain.vocabulary import (
    STATE_NAMES,
    AreaKind,
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
) -> PayRead:
    """Return what occupations pay in the areas of a place and in further states, and prices there.

    ``notes`` say how the occupations were found.
    """
    areas = areas_of(session, place, *more)
    prices = price_levels(session, [state for area in areas for state in area.states])
    return PayRead(
        place=place,
        areas=areas,
        occupations=list_pay(session, soc_codes, areas),
        price_levels=prices,
        notes=[*notes, OF_OCCUPATIONS, *([OF_PRICES] if prices else [])],
    )


def pay_asked(
    session: Session, query: PlaceQuery, soc_codes: Iterable[str], notes: Sequence[Message] = ()
) -> PayRead | None:
    """Return what occupations pay in the place that a reader asks for; None: none is asked for.

    Raises:
        InvalidRequestError: As ``locate``.
    """
    place = place_asked(session, state=query.state, near=query.near)
    if place is None:
        return None
    more = str(query.state) if query.state else None
    return get_pay(session, soc_codes, place, more, notes=notes)


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


def pay_by_state(session: Session, soc_code: str) -> list[OccupationPay]:
    """Return what one occupation pays in every state and territory that is surveyed, by code."""
    areas = areas_by_code(session).values()
    return list_pay(session, [soc_code], [area for area in areas if area.kind == AreaKind.STATE])


def pay_of_credential(session: Session, code: str, query: PlaceQuery) -> PayRead | None:
    """Return what the occupations of the roles that name a credential pay in a place asked for."""
    paths = session.exec(
        select(AdvancementPath)
        .where(col(AdvancementPath.retired_at).is_(None))
        .order_by(col(AdvancementPath.position))
    )
    codes = [
        occupation["code"]
        for path in paths
        if code in (path.credentials or [])
        for occupation in path.soc_codes
    ]
    return pay_asked(session, query, codes, [BY_ROLES if codes else NO_ROLES])


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
    titles, medians = titles_of(session), national_medians(session)
    return [
        _to_pay(
            session,
            titles.get(code, code),
            medians.get(code),
            area,
            code,
            newest.get((code, area.code)),
        )
        for code in codes
        for area in areas
    ]


def _to_pay(
    session: Session,
    title: str,
    national: float | None,
    area: AreaRef,
    soc_code: str,
    wage: AreaWage | None,
) -> OccupationPay:
    """Return one row of the survey as served; None: it prints nothing for the occupation there."""
    numbers = {measure: getattr(wage, measure, None) for measure in WAGE_MEASURES}
    if wage is None:
        status = ValueStatus.NOT_PUBLISHED
    elif wage.annual_median is None:
        status = ValueStatus.WITHHELD
    else:
        status = ValueStatus.REPORTED
    opened = (wage.open_upward or "").split() if wage else []
    return OccupationPay(
        soc_code=soc_code,
        occupation=title,
        area=area,
        status=status,
        period=f"{wage.year}-05" if wage else None,
        **{str(measure): number for measure, number in numbers.items()},
        withheld=[m for m, number in numbers.items() if number is None] if wage else [],
        open_upward=[Measure(measure) for measure in opened],
        national_median=national,
        population=POPULATION,
        evidence=wage_evidence(session, wage.year) if wage else None,
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


@kept()
def national_medians(session: Session) -> dict[str, float]:
    """Return SOC code -> median yearly pay in the whole country, of the newest survey."""
    statement = select(Statistic.soc_code, Statistic.value_low).where(
        col(Statistic.measure) == Measure.ANNUAL_MEDIAN,
        col(Statistic.method) == Method.EMPLOYER_SURVEY,
        col(Statistic.basis) == Basis.GOVERNMENT_DATA,
        col(Statistic.superseded_by).is_(None),
    )
    return {code: value for code, value in session.exec(statement) if code and value is not None}


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
