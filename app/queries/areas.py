"""Areas: which one is meant, what occupations pay there, and how dear living is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.clock import today
from app.domain.areas import AREA_SURVEY, WAGE_MEASURES, parse_area
from app.domain.dossier import Dossier
from app.domain.evidence import Subject
from app.domain.messages import Message
from app.domain.occupations import ALL_OCCUPATIONS
from app.domain.places import Point, miles_between, on_globe
from app.domain.text.names import Names
from app.domain.vocabulary import (
    STATE_NAMES,
    AreaKind,
    Basis,
    Measure,
    Method,
    ValueStatus,
)
from app.errors import NotFoundError
from app.queries.classifications import occupation_titles, soc_codes_of
from app.queries.kept import kept
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
    SchoolNearby,
)
from app.schemas.pages import Evidence, Page, aging
from app.search.places import point_of
from app.search.zip_states import state_of_zip
from app.store.paging import SortKey, fetch_page
from app.store.tables.advancement import AdvancementPath
from app.store.tables.areas import Area, AreaWage, PriceLevel
from app.store.tables.institutions import Institution
from app.store.tables.statistics import Statistic

POPULATION = "Wage and salary workers in all industries of the area; the self-employed left out"

MOST_MILES = 60
"""How far the nearest school may be to tell in which area a place lies."""

MOST_NAMED = 6
"""Areas named where several have the same name."""

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
NO_ROLES = Message("No role of the catalogue names this credential, so no occupation is shown.")
OF_PRICES = Message(
    "A price level says how dear living in a state is, with the whole country as 100. No wage here "
    "is corrected by it."
)


@kept()
def areas_by_code(session: Session) -> dict[str, AreaRef]:
    """Return code -> area, of every area that wages are surveyed for."""
    found = session.exec(select(Area).order_by(col(Area.code)))
    return {area.code: _to_ref(area) for area in found}


def _to_ref(area: Area) -> AreaRef:
    return AreaRef.model_validate(area, from_attributes=True)


@kept()
def _area_names(session: Session) -> Names:
    """Return the codes of areas by their codes and names; that of a city where it names one."""
    areas = areas_by_code(session)
    cities: dict[str, list[str]] = {}
    for area in areas.values():
        if area.kind == AreaKind.METRO:
            whole = area.title.rpartition(",")[0]
            for name in dict.fromkeys((whole, whole.partition("-")[0])):
                cities.setdefault(name, []).append(area.code)
    titles = [(area.code, area.title) for area in areas.values()]
    named = [(codes[0], name) for name, codes in cities.items() if len(codes) == 1]
    states = [(code, name) for code, name in STATE_NAMES.items() if code in areas]
    return Names([(code, code) for code in areas], [*states, *titles, *named])


def find_area(session: Session, asked: str) -> AreaRef:
    """Return the area of a code or name: "OH", "ohio", "18140", "3900001", "Columbus, OH".

    Raises:
        NotFoundError: Wages are surveyed for no such area.
    """
    areas = areas_by_code(session)
    code = asked.strip().upper()
    try:
        code = parse_area(code).code
    except ValueError:
        code = _area_names(session).find(asked) or code
    if code in areas:
        return areas[code]
    same = [a for a in areas.values() if all(word in a.title.lower() for word in _words(asked))]
    if 1 < len(same) <= MOST_NAMED:
        meant = "; ".join(f"{area.code} ({area.title})" for area in same)
        raise NotFoundError("area", asked, more=f"Several have it in their name: {meant}.")
    names = _area_names(session)
    is_name = names.nearest(asked) is not None
    raise NotFoundError(
        "area",
        asked,
        known=None if is_name else [*areas],
        names=names if is_name else None,
        more="Areas are listed at /v1/areas; without an area, figures are of the whole country.",
    )


class SchoolPlace(NamedTuple):
    """Where a school is: on the globe, and in which statistical area, if it lies in one."""

    globe: tuple[float, float, float]
    point: Point
    unitid: int | None
    name: str
    state: str
    cbsa_code: str | None


@kept()
def _school_places(session: Session) -> list[SchoolPlace]:
    statement = select_columns(
        col(Institution.latitude),
        col(Institution.longitude),
        col(Institution.unitid),
        col(Institution.name),
        col(Institution.state),
        col(Institution.cbsa_code),
    ).where(col(Institution.latitude).is_not(None), col(Institution.longitude).is_not(None))
    return [
        SchoolPlace(on_globe((latitude, longitude)), (latitude, longitude), *rest)
        for latitude, longitude, *rest in session.execute(statement)
        if latitude is not None and longitude is not None
    ]


def locate(session: Session, near: str) -> PlaceRead:
    """Return in which area a ZIP code, or a latitude and longitude, lies.

    The directory of schools tells of each in which statistical area it stands: a place is taken to
    be where the nearest school is. The state of a ZIP code is its own.

    Raises:
        InvalidRequestError: No such ZIP code, or no such place on earth.
    """
    point = point_of(near)
    state = state_of_zip(near) if "," not in near else None
    x, y, z = on_globe(point)
    schools = _school_places(session)
    nearest = min(
        (one for one in schools if state in (None, one.state)),
        key=lambda one: (one.globe[0] - x) ** 2 + (one.globe[1] - y) ** 2 + (one.globe[2] - z) ** 2,
        default=None,
    )
    miles = miles_between(point, nearest.point) if nearest else 0.0
    if nearest is None or miles > MOST_MILES:
        note = (
            Message(
                "No school is near enough to tell in which area this place lies; its state is "
                "shown."
            )
            if state
            else Message("No school is near enough to tell in which state this place lies.")
        )
        return _place(state, None, "state_of_zip_code", note).model_copy(update={"near": near})
    school = SchoolNearby(unitid=nearest.unitid, name=nearest.name, miles=round(miles, 1))
    place = place_of_school(session, nearest.cbsa_code, nearest.state)
    told = Message(
        "The place is put where the nearest school stands: %(school)s, %(miles)s miles away.",
        school=nearest.name,
        miles=school.miles,
    )
    return place.model_copy(
        update={
            "near": near,
            "state": state or nearest.state,
            "school": school,
            "decided_by": "nearest_school" if place.decided_by == "school" else place.decided_by,
            "note": Message("%(how)s %(where)s", how=told, where=place.note),
        }
    )


def place_of_school(session: Session, cbsa_code: str | None, state: str) -> PlaceRead:
    """Return in which area a school stands, by its statistical area and state."""
    areas = areas_by_code(session)
    area = areas.get(cbsa_code or "")
    if area is not None and area.kind == AreaKind.METRO:
        note = Message(
            "The school lies in %(area)s, as the directory of schools tells.", area=area.title
        )
        return _place(state, area, "school", note)
    rest = [a for a in areas.values() if a.kind == AreaKind.NONMETRO and a.states == [state]]
    if cbsa_code is not None and len(rest) == 1:
        note = Message(
            "The school lies in no metropolitan area, and %(state)s has one nonmetropolitan area "
            "alone.",
            state=STATE_NAMES.get(state, state),
        )
        return _place(state, rest[0], "only_nonmetropolitan_area", note)
    note = Message(
        "The school lies in no metropolitan area that is known; which nonmetropolitan area of "
        "%(state)s it belongs to is not told, so the state is shown.",
        state=STATE_NAMES.get(state, state),
    )
    return _place(state, None, "school", note)


def _place(state: str | None, area: AreaRef | None, decided_by: str, note: Message) -> PlaceRead:
    return PlaceRead(
        near=None, state=state, area=area, decided_by=decided_by, school=None, note=note
    )


def place_of_state(state: str) -> PlaceRead:
    """Return a state as the place that was asked for."""
    name = STATE_NAMES.get(state, state)
    return _place(state, None, "state", Message("The state asked for: %(state)s.", state=name))


def place_asked(session: Session, *, state: str | None, near: str | None) -> PlaceRead | None:
    """Return the place that a state or a ZIP code stands for; a ZIP code tells more.

    Raises:
        InvalidRequestError: As ``locate``.
    """
    if near is not None:
        return locate(session, near)
    return None if state is None else place_of_state(state)


def areas_of(session: Session, place: PlaceRead | None, *more: str | None) -> list[AreaRef]:
    """Return the areas to show for a place: its own, its state, and further states."""
    known = areas_by_code(session)
    wanted = [place.area.code if place and place.area else None, place.state if place else None]
    return [known[code] for code in dict.fromkeys([*wanted, *more]) if code in known]


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
    words = _words(query.q)
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


def _words(text: str | None) -> list[str]:
    return (text or "").lower().replace(",", " ").split()


def _to_item(area: Area) -> AreaItem:
    told = _to_ref(area).model_dump()
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
