"""The catalogue as searches are judged by it: rows, and those of a field, an award, a place.

Read from the tables and reckoned here, so that no search is judged by what it believes itself.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import mean
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.places import Point, miles_between
from app.domain.text.identifiers import fold, to_host
from app.domain.vocabulary import BELOW_ASSOCIATE, GONE, STATE_NAMES, AwardLevel
from app.search.places import point_of

Slugs = frozenset[str]

CITY_MILES = 25.0
"""How far around a city, or a ZIP code, people look."""

MILES_A_DEGREE = 68.0
"""Of latitude, the least there is."""


@dataclass(frozen=True, slots=True)
class School:
    """A school as the federal directory has it."""

    unitid: int
    opeid: str | None
    name: str
    aliases: tuple[str, ...]
    city: str
    state: str
    zip_code: str
    county: str
    county_code: str
    metro: str
    point: Point | None
    site: str
    """First label of its web address: "uga" of www.uga.edu."""


@dataclass(frozen=True, slots=True)
class Row:
    """A program that lists show."""

    slug: str
    cip: str
    award: str
    award_group: str
    school: School
    control: str
    text: str
    """What a plain full-text query looks in."""


class Catalogue:
    """Rows of a database, and sets of them by what they have."""

    def __init__(self, session: Session) -> None:
        self.schools = {school.unitid: school for school in _schools(session)}
        self.rows = list(_rows(session, self.schools))
        self.slugs = frozenset(row.slug for row in self.rows)
        self.titles: dict[str, str] = {
            code: title
            for code, title in session.execute(sa.text("SELECT code, title FROM cip"))
            if len(code) == 7
        }
        self.occupations = _pairs(session, "SELECT soc_code, cip_code FROM cip_soc")
        self.successors = _pairs(
            session,
            "SELECT i.name, s.successor_unitid FROM status_claim s JOIN institution i ON "
            "i.id = s.institution_id WHERE s.successor_unitid IS NOT NULL AND s.status = 'merged'",
        )
        others = _pairs(session, "SELECT credential_code, name FROM credential_name")
        self.credentials = {
            code: (name, tuple(sorted(others.get(code, ()))))
            for code, name in session.execute(sa.text("SELECT code, name FROM credential"))
        }
        self._by: dict[str, dict[Any, Slugs]] = {
            "cip": self._group(lambda row: row.cip),
            "award": self._group(lambda row: row.award),
            "award_group": self._group(lambda row: row.award_group),
            "state": self._group(lambda row: row.school.state),
            "control": self._group(lambda row: row.control),
            "school": self._group(lambda row: row.school.name),
            "unitid": self._group(lambda row: str(row.school.unitid)),
            "county": self._group(lambda row: row.school.county_code),
            "metro": self._group(lambda row: row.school.metro),
        }
        self._points: dict[Point, set[str]] = defaultdict(set)
        for row in self.rows:
            if row.school.point:
                self._points[row.school.point].add(row.slug)

    def _group(self, key: Any) -> dict[Any, Slugs]:
        found: dict[Any, set[str]] = defaultdict(set)
        for row in self.rows:
            found[key(row)].add(row.slug)
        return {value: frozenset(slugs) for value, slugs in found.items()}

    def having(self, kind: str, values: Iterable[Any]) -> Slugs:
        """Return the programs with any of some values."""
        by = self._by[kind]
        return frozenset[str]().union(*(by.get(value, frozenset()) for value in values))

    def of_award(self, names: Iterable[str]) -> Slugs:
        """Return the programs of awards by group or level: "certificate", "doctorate", "master"."""
        levels = {
            str(level)
            for name in names
            for level in AwardLevel
            if level == name
            or level.split("_")[0] == name
            or (name == "certificate" and level in BELOW_ASSOCIATE)
        }
        groups = {name for name in names if name == "certificate"}
        return self.having("award", levels) | self.having("award_group", groups)

    def within(self, center: Point | None, miles: float) -> Slugs:
        """Return the programs of schools within a circle, by great-circle distance."""
        if center is None:
            return frozenset()
        degrees = miles / MILES_A_DEGREE
        return frozenset().union(
            *(
                slugs
                for point, slugs in self._points.items()
                if abs(point[0] - center[0]) <= degrees and miles_between(center, point) <= miles
            )
        )

    def nearest(self, center: Point, among: Slugs) -> float | None:
        """Return how far the nearest of some programs is, in miles; None where none has a place."""
        far = [miles_between(center, p) for p, slugs in self._points.items() if slugs & among]
        return min(far, default=None)

    @cached_property
    def cities(self) -> dict[tuple[str, str], Point]:
        """City and state -> its middle, that of its schools."""
        points = defaultdict(list)
        for school in self.schools.values():
            if school.point and school.city:
                points[school.city, school.state].append(school.point)
        return {
            city: (mean(a for a, _ in at), mean(b for _, b in at)) for city, at in points.items()
        }

    @cached_property
    def states_of_city(self) -> dict[str, set[str]]:
        """Name of a city, folded -> the states that have one with a school."""
        states = defaultdict(set)
        for city, state in self.cities:
            states[fold(city)].add(state)
        return states

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of names and titles that is no typing error: those of two schools or more,
        of places, of states and of fields."""
        found: Counter[str] = Counter()
        for school in self.schools.values():
            found.update({*fold(school.name).split()})
            found.update(fold(f"{school.city} {school.county}").split() * 2)
        for title in (*self.titles.values(), *STATE_NAMES.values()):
            found.update(fold(title).split() * 2)
        return frozenset(word for word, count in found.items() if count > 1)

    def find(self, want: Mapping[str, Any]) -> Slugs:
        """Return the programs that have all that is wanted.

        ``cip``, ``state``, ``control``, ``school``, ``unitid``, ``county``, ``metro``: any of the
        values; ``award``: by group or level; ``near``: city, state, miles; ``near_zip``: code,
        miles; ``none``: nothing is held.
        """
        if want.get("none"):
            return frozenset()
        found = self.slugs
        for kind, value in want.items():
            if kind == "award":
                found &= self.of_award(value)
            elif kind == "near":
                city, state, miles = value
                found &= self.within(self.cities[city, state], miles)
            elif kind == "near_zip":
                code, miles = value
                found &= self.within(point_of(code), miles)
            else:
                found &= self.having(kind, value)
        return found

    def fitting(self, parameter: str, values: Iterable[str]) -> Slugs | None:
        """Return the programs that a parameter of the search lets through; None: not told here."""
        values = list(values)
        match parameter:
            case "state" | "control" | "unitid":
                return self.having(parameter, values)
            case "cip_code":
                return frozenset(row.slug for row in self.rows if row.cip.startswith(tuple(values)))
            case "award_level" | "award_group":
                return self.of_award(values)
            case "near":
                return frozenset().union(*(self.within(point_of(value), 60) for value in values))
            case _:
                return None


def _pairs(session: Session, statement: str) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = defaultdict(set)
    for key, value in session.execute(sa.text(statement)):
        found[key].add(value)
    return found


def _schools(session: Session) -> Iterable[School]:
    statement = sa.text("SELECT * FROM institution WHERE unitid IS NOT NULL")
    for row in session.execute(statement).mappings():
        aliases = row["aliases"] or []
        point = None
        if row["latitude"] is not None and row["longitude"] is not None:
            point = (row["latitude"], row["longitude"])
        yield School(
            row["unitid"],
            row["opeid"],
            row["name"],
            tuple(json.loads(aliases) if isinstance(aliases, str) else aliases),
            row["city"] or "",
            row["state"],
            row["zip_code"] or "",
            row["county_name"] or "",
            row["county_code"] or "",
            row["cbsa_code"] or "",
            point,
            to_host(row["website"] or "").split(".")[0],
        )


def _rows(session: Session, schools: Mapping[int, School]) -> Iterable[Row]:
    statement = sa.text(
        "SELECT s.slug, s.name, s.cip_code, s.award_level, s.award_group, s.status, i.unitid, "
        "i.name AS school, i.city, i.state, i.control, i.latitude, i.longitude, c.title "
        "FROM program_summary s JOIN institution i ON i.id = s.institution_id "
        "LEFT JOIN cip c ON c.code = s.cip_code ORDER BY s.slug"
    )
    for row in session.execute(statement).mappings():
        if row["status"] in GONE:
            continue
        school = schools.get(row["unitid"]) or School(
            0, None, row["school"], (), row["city"] or "", row["state"], "", "", "", "",
            (row["latitude"], row["longitude"]) if row["latitude"] is not None else None, "",
        )  # fmt: skip
        award = row["award_level"] or ""
        names = (school.name, school.city, school.state, row["name"], row["title"] or "", award)
        yield Row(
            row["slug"],
            row["cip_code"] or "",
            award,
            row["award_group"] or "",
            school,
            row["control"] or "",
            " ".join(names),
        )
