"""Search programs: filters, facets, order, pages, and what to leave out where nothing is found."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import lru_cache
from math import sqrt
from typing import Any

import zipcodes
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, false, func, literal, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.identifiers import fold
from app.domain.places import Point, chord_of, miles_of_chord, on_globe
from app.domain.scoring import Interval, combine
from app.domain.vocabulary import Delivery
from app.errors import Fault, InvalidRequestError
from app.models.institutions import Institution
from app.models.programs import ProgramSummary, ProgramTag
from app.queries.facets import TAGS, UNKNOWN, Bitmaps, bitmaps, count_values
from app.queries.paging import SortKey, fetch_page
from app.queries.summaries import to_score
from app.schemas.programs import ProgramFilters, ProgramQuery

USUAL_MILES = 50.0

Condition = ColumnElement[bool]


@dataclass(slots=True)
class FoundPage:
    """One page of list items as JSON texts, with counts that were asked for."""

    docs: list[str]
    total: int
    next: str | None
    more: dict[str, Any] = field(default_factory=dict)


SORT_COLUMNS: dict[str, SQLColumnExpression[Any]] = {
    "institution": col(ProgramSummary.institution_name),
    "name": col(ProgramSummary.name),
    "tuition": col(ProgramSummary.tuition_and_fees_cents),
    "total_cost": col(ProgramSummary.total_cost_low_cents),
    "completions": col(ProgramSummary.completions),
    "coverage": col(ProgramSummary.coverage),
    "length": col(ProgramSummary.months_low),
}
PARTS = ("low", "high", "coverage")


def search_programs(
    session: Session, query: ProgramQuery, weights: Mapping[str, float] | None
) -> FoundPage:
    """Return one page of matches in the order asked for; the slug breaks ties.

    With weights, scores are computed from the stored criterion intervals, both for sorting and
    for the items shown. With a place, each item tells its distance.

    Raises:
        InvalidRequestError: The cursor belongs to another query, or the ZIP code is not known.
    """
    center = point_of(query.near) if query.near else None
    conditions = to_conditions(query, center)
    maps = bitmaps(session)
    matches = Matches(session, query, maps, conditions)
    total = matches.total()
    more: dict[str, Any] = {}
    if query.facets:
        more["facets"] = {str(name): matches.facet(str(name)) for name in query.facets}
    if total == 0:
        more["relaxations"] = matches.relaxations()
        if query.cursor is None:
            return FoundPage([], 0, None, more)
    columns: list[SQLColumnExpression[Any]] = [col(ProgramSummary.doc)]
    columns += [
        col(getattr(ProgramSummary, f"{key}_{part}")) for key in weights or {} for part in PARTS
    ]
    if center is not None:
        columns.append(_squared_chord(center))
    rows, following = fetch_page(
        session,
        select_columns(*columns).where(*conditions.values()),
        _order(query, weights, center),
        limit=query.limit,
        cursor=query.cursor,
        query=query.model_dump_json(exclude={"cursor", "limit", "facets", "fields"}),
    )
    changes: list[Callable[[dict[str, Any], Any], None]] = []
    if weights:
        changes.append(lambda item, row: _reweigh(item, row, weights))
    if center is not None:
        at = len(columns) - 1
        changes.append(lambda item, row: _measure(item, row[at]))
    docs = [_shaped(row, changes, list(map(str, query.fields))) for row in rows]
    return FoundPage(docs, total, following, more)


def _shaped(
    row: Any, changes: list[Callable[[dict[str, Any], Any], None]], fields: list[str]
) -> str:
    """Return a stored item as it is, or with what the caller asked to be other."""
    if not changes and not fields:
        return str(row[0])
    item = json.loads(row[0])
    for change in changes:
        change(item, row)
    if fields:
        item = {name: item[name] for name in fields}
    return json.dumps(item, separators=(",", ":"), ensure_ascii=False)


def _order(
    query: ProgramQuery, weights: Mapping[str, float] | None, center: Point | None
) -> list[SortKey]:
    usual = ["distance", "institution", "name"] if center else ["institution", "name"]
    keys = []
    for sort in map(str, query.sort or usual):
        name = sort.removeprefix("-")
        column: SQLColumnExpression[Any]
        if name == "score":
            column = _score_column(weights)
        elif name == "distance" and center is not None:
            column = _squared_chord(center)
        else:
            column = SORT_COLUMNS[name]
        keys.append(SortKey(column, descending=sort.startswith("-")))
    return [*keys, SortKey(col(ProgramSummary.slug))]


def to_conditions(query: ProgramFilters, center: Point | None) -> dict[str, Condition]:
    """Return parameter -> WHERE clause of every filter given; the one place that makes them."""
    conditions: dict[str, Condition] = {}
    if query.q:
        words = [
            col(ProgramSummary.search_text).contains(f" {word}", autoescape=True)
            for word in fold(query.q).split()[:10]
        ]
        conditions["q"] = and_(*words) if words else false()
    for name in ("state", "control", "accreditation", "practicum"):
        column = col(getattr(ProgramSummary, name))
        _any_or_none(conditions, query, name, lambda values, of=column: of.in_(values))  # type: ignore[misc]
    _any_or_none(conditions, query, "award_level", _of_award)
    _any_or_none(conditions, query, "cip_code", _of_field)
    for name in TAGS:
        _any_or_none(conditions, query, name, lambda values, of=name: _tagged(of, values))  # type: ignore[misc]
    if query.unitid:
        schools = select(Institution.id).where(col(Institution.unitid).in_(query.unitid))
        conditions["unitid"] = col(ProgramSummary.institution_id).in_(schools)
    for parameter, known in KNOWN.items():
        if wanted := getattr(query, parameter):
            conditions[parameter] = known if wanted == "known" else ~known
    for parameter, (bounded, sign, scale) in BOUNDS.items():
        if (bound := getattr(query, parameter)) is not None:
            limit = round(bound * scale) if scale != 1 else bound
            conditions[parameter] = bounded >= limit if sign == "min" else bounded <= limit
    if query.updated_since is not None:
        since = datetime.combine(query.updated_since, time.min, tzinfo=UTC)
        conditions["updated_since"] = col(ProgramSummary.updated_at) >= since
    if center is not None:
        inside = _squared_chord(center) <= chord_of(query.within_miles or USUAL_MILES) ** 2
        online = _tagged("delivery", [Delivery.ONLINE])
        conditions["near"] = or_(inside, online) if query.include_online else inside
    return conditions


def _any_or_none(
    conditions: dict[str, Condition],
    query: ProgramFilters,
    name: str,
    to_condition: Callable[[list[str]], Condition],
) -> None:
    if values := getattr(query, name):
        conditions[name] = to_condition(_texts(name, values))
    if values := getattr(query, f"exclude_{name}"):
        # what is not known is not one of these either: NOT IN alone would drop it
        conditions[f"exclude_{name}"] = ~func.coalesce(
            to_condition(_texts(name, values)), literal(value=False)
        )


def _texts(name: str, values: list[Any]) -> list[str]:
    return [str(v).upper() if name == "credential" else str(v) for v in values]


def _of_award(values: list[str]) -> Condition:
    return or_(
        func.coalesce(col(ProgramSummary.award_level).in_(values), literal(value=False)),
        func.coalesce(col(ProgramSummary.award_group).in_(values), literal(value=False)),
    )


def _of_field(codes: list[str]) -> Condition:
    return or_(*(col(ProgramSummary.cip_code).startswith(c, autoescape=True) for c in codes))


def _tagged(kind: str, values: list[str]) -> Condition:
    tagged = select(ProgramTag.program_id).where(
        ProgramTag.kind == kind, col(ProgramTag.value).in_(list(map(str, values)))
    )
    return col(ProgramSummary.program_id).in_(tagged)


def _has_tag(kind: str) -> Condition:
    tagged = select(ProgramTag.program_id).where(ProgramTag.kind == kind)
    return col(ProgramSummary.program_id).in_(tagged)


KNOWN: dict[str, Condition] = {
    "award_level_is": col(ProgramSummary.award_level).is_not(None),
    "control_is": col(ProgramSummary.control).is_not(None),
    "delivery_is": _has_tag("delivery"),
    "transfer_is": _has_tag("transfer"),
    "topic_is": _has_tag("topic"),
    "credential_is": _has_tag("credential"),
    "tuition_is": col(ProgramSummary.tuition_and_fees_cents).is_not(None),
    "total_cost_is": col(ProgramSummary.total_cost_low_cents).is_not(None),
    "months_is": col(ProgramSummary.months_low).is_not(None),
    "completions_is": col(ProgramSummary.completions).is_not(None),
}
"""Parameter -> the condition that the fact is known."""

BOUNDS: dict[str, tuple[SQLColumnExpression[Any], str, int]] = {
    "min_tuition_usd": (col(ProgramSummary.tuition_and_fees_cents), "min", 100),
    "max_tuition_usd": (col(ProgramSummary.tuition_and_fees_cents), "max", 100),
    "min_total_cost_usd": (col(ProgramSummary.total_cost_low_cents), "min", 100),
    "max_total_cost_usd": (col(ProgramSummary.total_cost_high_cents), "max", 100),
    "min_months": (col(ProgramSummary.months_low), "min", 1),
    "max_months": (col(ProgramSummary.months_high), "max", 1),
    "min_score": (col(ProgramSummary.score_low), "min", 1),
    "min_coverage": (col(ProgramSummary.coverage), "min", 1),
    "min_completions": (col(ProgramSummary.completions), "min", 1),
}
"""Parameter -> its column, which bound it is, and units of the column in one of its own."""


class Matches:
    """What a search finds, as bitmaps: totals, facets, and relaxations without one query each."""

    def __init__(
        self,
        session: Session,
        query: ProgramFilters,
        maps: Bitmaps,
        conditions: Mapping[str, Condition],
    ) -> None:
        self._session, self._maps = session, maps
        self._masks: dict[str, int] = {}
        others = {}
        for name, condition in conditions.items():
            mask = _mask_of(query, name, maps)
            if mask is None:
                others[name] = condition
            else:
                self._masks[name] = mask
        self._others = others
        self._rest = self._ask(list(others.values())) if others else maps.every

    def _ask(self, conditions: list[Condition]) -> int:
        ids = select_columns(col(ProgramSummary.program_id)).where(*conditions)
        return self._maps.of_ids(self._session.execute(ids).scalars())

    def _among(self, without: set[str]) -> int:
        found = self._rest
        if without & self._others.keys():
            kept = [c for name, c in self._others.items() if name not in without]
            found = self._ask(kept) if kept else self._maps.every
        for name, mask in self._masks.items():
            if name not in without:
                found &= mask
        return found

    def total(self) -> int:
        """Return how many programs match."""
        return self._among(set()).bit_count()

    def facet(self, name: str) -> list[dict[str, Any]]:
        """Return the counts of a field's values, without the filters on the field itself."""
        among = self._among({name, f"exclude_{name}", f"{name}_is"})
        masks = dict(self._maps.values[name])
        if name == "award_level":
            masks["certificate"] = self._maps.any_of("award_group", ["certificate"])
        return [
            {"value": value, "count": count}
            for value, count in count_values(masks, among).items()
            if count or value == UNKNOWN
        ]

    def relaxations(self) -> list[dict[str, Any]]:
        """Return what is found without one filter, the nearest first; those of no help left out."""
        found = [
            {"without": name, "total": total}
            for name in (*self._masks, *self._others)
            if (total := self._among({name}).bit_count())
        ]
        return sorted(found, key=lambda one: (one["total"], one["without"]))


def _mask_of(query: ProgramFilters, name: str, maps: Bitmaps) -> int | None:
    """Return the programs that one filter on a closed list lets through; None for other filters."""
    if name.endswith("_is"):
        bare = name.removesuffix("_is")
        if bare not in maps.values:
            return None
        known = maps.known(bare)
        return known if getattr(query, name) == "known" else maps.every & ~known
    bare = name.removeprefix("exclude_")
    if bare not in maps.values:
        return None
    values = _texts(bare, getattr(query, name))
    if bare == "cip_code":
        codes = tuple(values)
        values = [code for code in maps.values[bare] if code.startswith(codes)]
    mask = maps.any_of(bare, values)
    if bare == "award_level":
        mask |= maps.any_of("award_group", values)
    return maps.every & ~mask if name != bare else mask


def point_of(near: str) -> Point:
    """Return the point of a ZIP code or of "latitude,longitude".

    Raises:
        InvalidRequestError: No such ZIP code, or no such place on earth.
    """
    if "," not in near:
        if (point := _zip_points().get(near)) is None:
            words = f"near: no ZIP code is known as {near!r}."
            raise InvalidRequestError([Fault(words, parameter="near", value=near)])
        return point
    latitude, longitude = (float(part) for part in near.split(","))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        words = f"near: {near!r} is no latitude (-90 to 90) and longitude (-180 to 180)."
        raise InvalidRequestError([Fault(words, parameter="near", value=near)])
    return latitude, longitude


@lru_cache(maxsize=1)
def _zip_points() -> dict[str, Point]:
    """Return ZIP code -> point, from the table that the package zipcodes brings."""
    return {
        entry["zip_code"]: (float(entry["lat"]), float(entry["long"]))
        for entry in zipcodes.list_all()  # type: ignore[no-untyped-call]
        if entry["lat"] and entry["long"]
    }


def _squared_chord(center: Point) -> ColumnElement[Any]:
    """Return the square of the straight line through the globe: in order as the distance is."""
    axes = (ProgramSummary.place_x, ProgramSummary.place_y, ProgramSummary.place_z)
    x, y, z = (
        (col(axis) - at) * (col(axis) - at) for axis, at in zip(axes, on_globe(center), strict=True)
    )
    return x + y + z


def _measure(item: dict[str, Any], squared: float | None) -> None:
    item["distance_miles"] = (
        None if squared is None else round(miles_of_chord(sqrt(max(squared, 0.0))), 1)
    )


def _score_column(weights: Mapping[str, float] | None) -> SQLColumnExpression[Any]:
    """Return the low end of the score under the caller's weights, or the stored one."""
    if weights is None:
        return col(ProgramSummary.score_low)
    earned: ColumnElement[Any] = literal(0.0)
    applied: ColumnElement[Any] = literal(0.0)
    for key, weight in weights.items():
        low = col(getattr(ProgramSummary, f"{key}_low"))
        earned = earned + weight * func.coalesce(low, 0.0)
        applied = applied + case((low.is_(None), 0.0), else_=weight)
    return case((applied > 0, earned / applied), else_=0.0)


def _reweigh(item: dict[str, Any], row: Any, weights: Mapping[str, float]) -> None:
    parts = list(row)[1 : 1 + len(PARTS) * len(weights)]
    criteria = {}
    for at, key in enumerate(weights):
        low, high, coverage = parts[at * len(PARTS) : (at + 1) * len(PARTS)]
        if low is not None:
            criteria[key] = Interval(low, high, coverage)
    whole, _ = combine(criteria, weights)
    item["score"] = to_score(whole).model_dump()
