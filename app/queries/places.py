"""Places: in which area that wages are surveyed for one lies, and which area is meant."""

from typing import NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.areas import parse_area
from app.domain.messages import Message, state_name
from app.domain.places import Point, miles_between, on_globe
from app.domain.text.names import Names
from app.domain.vocabulary import STATE_NAMES, AreaKind
from app.errors import NotFoundError
from app.queries.kept import kept
from app.schemas.areas import AreaRef, PlaceRead, SchoolNearby
from app.search.places import point_of, state_of
from app.store.tables.areas import Area
from app.store.tables.institutions import Institution

MOST_MILES = 60
"""How far the nearest school may be to tell in which area a place lies."""

MOST_NAMED = 6
"""Areas named where several have the same name."""


@kept()
def areas_by_code(session: Session) -> dict[str, AreaRef]:
    """Return code -> area, of every area that wages are surveyed for."""
    found = session.exec(select(Area).order_by(col(Area.code)))
    return {area.code: to_ref(area) for area in found}


def to_ref(area: Area) -> AreaRef:
    """Return an area as others refer to it."""
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
    same = [a for a in areas.values() if all(word in a.title.lower() for word in words_of(asked))]
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
    state = state_of(near)
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
            state=state_name(state),
        )
        return _place(state, rest[0], "only_nonmetropolitan_area", note)
    note = Message(
        "The school lies in no metropolitan area that is known; which nonmetropolitan area of "
        "%(state)s it belongs to is not told, so the state is shown.",
        state=state_name(state),
    )
    return _place(state, None, "school", note)


def _place(state: str | None, area: AreaRef | None, decided_by: str, note: Message) -> PlaceRead:
    return PlaceRead(
        near=None, state=state, area=area, decided_by=decided_by, school=None, note=note
    )


def place_of_state(state: str) -> PlaceRead:
    """Return a state as the place that was asked for."""
    name = state_name(state)
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


def words_of(text: str | None) -> list[str]:
    """Return the words that a title is searched for."""
    return (text or "").lower().replace(",", " ").split()
