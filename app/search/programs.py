"""Search programs: filters, facets, order, pages, and what to leave out where nothing is found."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from itertools import islice
from math import dist, fsum
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json
from pyroaring import FrozenBitMap
from sqlalchemy import Connection, tuple_
from sqlalchemy import select as select_columns
from sqlmodel import col, func

from app.clock import today
from app.domain.checklist.scoring import Interval, combine
from app.domain.credentials.leads_to import FITTING, LED_TO, NOWHERE
from app.domain.messages import either
from app.domain.peers import ORDER_NOTE
from app.domain.places import Point, miles_between, on_globe
from app.domain.text.cursors import decode_cursor, encode_cursor
from app.domain.vocabulary import GONE, Delivery, Finding, Residency
from app.errors import Fault, InvalidRequestError, NotFoundError, unknown_faults
from app.schemas.checklists import to_score
from app.schemas.filters import ACCREDITED, FACTS, NUMBER_FILTERS, OPEN, SAID_YES
from app.schemas.pages import StampFields, page_bytes
from app.schemas.programs import ProgramFilters, ProgramQuery
from app.schemas.served import to_plain
from app.search.index import (
    BOUNDED_TOTAL,
    DELIVERY_TODAY,
    NONE,
    PARTS,
    PROFILE,
    UNKNOWN,
    Groups,
    Index,
    OtherReleaseError,
)
from app.search.missed import note_miss
from app.search.places import USUAL_MILES, point_of, reader_of, within
from app.search.prices import ReaderNumbers
from app.search.telling import TextTold, tell
from app.search.text import Asked, Step, TextMatches
from app.search.usual import usual_programs
from app.store.tables.programs import ProgramSummary


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Restricts a search to a subset: some programs, an order; ``path`` is where it is asked for.

    Of schools, each is represented by its first program.
    """

    name: str
    programs: FrozenBitMap
    path: str = "/v1/programs"
    is_of_schools: bool = False
    sorts: tuple[str, ...] = ()
    status: str = "status"
    """Kind of term that a filter on the status looks in."""


@dataclass(slots=True)
class FoundPage:
    """One page of list items as JSON texts, with counts that were asked for.

    ``below`` are programs that may fit and are not found, for a fact asked for is not known of
    them, ``apart`` those that it cannot apply to; ``beyond`` are those that meet the rest of a
    text of which nothing meets all. All are items by number of the program.
    """

    matches: "Matches"
    numbers: list[int]
    programs: list[int]
    docs: list[str]
    total: int
    next: str | None
    more: dict[str, Any] = field(default_factory=dict)
    below: dict[int, str] = field(default_factory=dict)
    apart: dict[int, str] = field(default_factory=dict)
    beyond: dict[int, str] = field(default_factory=dict)
    told: TextTold | None = None


def search_programs(
    connection: Connection | None,
    index: Index,
    query: ProgramQuery,
    weights: Mapping[str, float] | None,
    scope: SearchScope | None = None,
    *,
    below: int = 0,
) -> FoundPage:
    """Return one page of matches in the order asked for; school, name and slug break ties.

    With weights, scores are computed from the stored criterion intervals, both for sorting and
    for the items shown. With a place, each item tells its distance. A cursor is good for the same
    ``scope`` only. The last page has up to ``below`` items of which a fact is not known.

    Raises:
        InvalidRequestError: The cursor belongs to another query, or the ZIP code or a credential
            is not known.
        StatementNeededError: Not all of it is kept, and there is no connection.
    """
    scope = scope or SearchScope("", index.every)
    matches = Matches(index, query, scope)
    more: dict[str, Any] = {}
    told = matches.told(is_first=not query.cursor)
    if told:
        more |= told.to_wire(query, scope.path)
    if query.facets:
        more["facets"] = {str(name): matches.facet(str(name)) for name in query.facets}
    more |= matches.known()
    if left_out := matches.left_out():
        more["left_out"] = left_out
    if not matches.found:
        more["relaxations"] = matches.relaxations()
        if told and query.q and not told.first:
            note_miss(query.q, told.understood)
    sorts = _sort_keys(
        [str(sort) for sort in scope.sorts or query.sort] or _default_order(query, matches)
    )
    if any(sort.removeprefix("-") == "score" for sort in sorts):
        more["order_note"] = ORDER_NOTE
    asked = cache(partial(_asked, query, scope))
    after = _position(connection, index, query.cursor, asked(), sorts) if query.cursor else None
    orders = [_order(matches, matches.found, sort, weights) for sort in sorts]
    numbers = list(islice(_walk(matches.found, orders, after), query.limit + 1))
    following = len(numbers) > query.limit
    numbers, docs = _documents(connection, index, numbers[: query.limit], matches.numbers)
    cursor = None
    if following and docs:
        values = [order.value_of(numbers[-1]) for order in orders]
        cursor = _cursor(index, numbers[-1], docs[-1], values, asked())
    if weights or matches.center or query.fields:
        docs = _changed(matches, numbers, docs, query, weights)
    ids = [index.programs[number] for number in numbers]
    page = FoundPage(matches, numbers, ids, docs, len(matches.found), cursor, more, told=told)
    first = partial(_first_of, connection, matches, query, sorts, weights)
    if below and not following:
        page.below = first(matches.maybe, below)
        page.apart = first(matches.apart, below - len(page.below))
    if told and told.rest and not query.cursor:
        page.beyond = first(matches.beyond, min(query.limit, MOST_BESIDE))
    return page


def _first_of(
    connection: Connection | None,
    matches: "Matches",
    query: ProgramQuery,
    sorts: Sequence[str],
    weights: Mapping[str, float] | None,
    among: FrozenBitMap,
    most: int,
) -> dict[int, str]:
    """Return the first of some programs that are not found, in the order of those that are."""
    if not among:
        return {}
    orders = [_order(matches, among, sort, weights) for sort in sorts]
    numbers = list(islice(_walk(among, orders, None), most))
    numbers, docs = _documents(connection, matches.index, numbers, matches.numbers)
    return dict(zip(numbers, _changed(matches, numbers, docs, query, weights), strict=True))


MOST_BESIDE = 10
"""Programs told beside those found: that may fit, or meet the rest of a text."""


def _asked(query: ProgramQuery, scope: SearchScope) -> str:
    """Return what a cursor is good for: the question, whatever is shown of its answer."""
    rest = query.model_dump_json(exclude={"cursor", "limit", "facets", "fields"})
    return f"{scope.name}{scope.sorts or ''}{rest}"


def _documents(
    connection: Connection | None, index: Index, numbers: list[int], whose: ReaderNumbers
) -> tuple[list[int], list[str]]:
    """Return programs with their list items, without those retired since the release."""
    kept = index.documents
    keys = [(number, whose.residency_of(number)) for number in numbers]
    found = {key: doc for key in keys if (doc := kept.get(key)) is not None}
    if missing := [key for key in keys if key not in found]:
        if connection is None:
            raise StatementNeededError
        by_program = {index.programs[key[0]]: key for key in missing}
        wanted = {program: key[1] for program, key in by_program.items()}
        for program, doc in fetch_docs(connection, wanted, index.release):
            key = by_program[program]
            found[key] = doc
            kept.put(key, doc)
    listed = [key for key in keys if key in found]
    return [number for number, _ in listed], [found[key] for key in listed]


class StatementNeededError(Exception):
    """The database has to be asked, and may not be."""


QUICK_PROGRAMS, QUICK_TEXT = 100_000, 40
"""Of how many programs, and by a text of how many letters, a page is found within a millisecond."""


def list_kept(index: Index, query: ProgramQuery) -> tuple[bytes, str | None] | None:
    """Return a page as ``list_programs`` does, if that takes no statement and no millisecond.

    None: it may take either, so that it is no work for the thread that all others wait for.

    Raises:
        InvalidRequestError: As ``search_programs``.
    """
    is_quick = len(index.programs) <= QUICK_PROGRAMS and len(query.q or "") <= QUICK_TEXT
    if not is_quick or query.near or query.weights:
        return None
    try:
        return list_programs(None, index, query, None)
    except StatementNeededError:
        return None


def list_programs(
    connection: Connection | None,
    index: Index,
    query: ProgramQuery,
    weights: Mapping[str, float] | None,
) -> tuple[bytes, str | None]:
    """Return a page of a search as it goes over the wire, and the cursor of the next one.

    Raises:
        InvalidRequestError: As ``search_programs``.
    """
    found = search_programs(connection, index, query, weights, below=MOST_BESIDE if query.q else 0)
    if below := _below(found):
        found.more["below"] = below
    if "beyond" in found.more:
        found.more["beyond"]["items"] = [from_json(doc) for doc in found.beyond.values()]
    stamp: StampFields = {"release": index.release, "as_of": today(), "sources": index.sources}
    return page_bytes(found.docs, found.total, found.next, stamp, found.more), found.next


def _below(found: FoundPage) -> list[dict[str, Any]]:
    """Return the programs that may fit, and those that a fact cannot apply to, as told beside."""
    groups = (
        ("not_known", found.more.get("not_known"), found.below),
        ("cannot_apply", found.more.get("cannot_apply"), found.apart),
    )
    return [
        {"kind": kind, "total": total, "items": [from_json(doc) for doc in docs.values()]}
        for kind, total, docs in groups
        if docs
    ]


def points_found(matches: "Matches", most: int) -> list[Point]:
    """Return where the schools of what a search finds are; none where they are more than asked."""
    pairs = matches.index["point"].pairs()
    points = [point for point, programs in pairs if programs.intersect(matches.found)]
    return points if len(points) <= most else []


class Matches:
    """What a search finds: its programs, and those that every filter alone lets through.

    Programs of schools that no new student should choose are left out, unless a filter asks for
    a status.
    """

    def __init__(
        self, index: Index, query: ProgramFilters, scope: SearchScope | None = None
    ) -> None:
        _refuse_unknown_codes(index, query)
        self.index = index
        self._status = scope.status if scope else "status"
        self._whole = scope.programs if scope else index.every
        reader = reader_of(query, query.near)
        self.numbers = ReaderNumbers(index, reader)
        self.text: TextMatches | None = None
        self.given_up: list[str] = []
        by_words: dict[str, list[str]] = {}
        if query.q:
            asked = Asked(
                parameters=frozenset({*query.given(), *map(_bare, query.given()), *_sorted(query)}),
                states=tuple(map(str, query.state)),
                home_state=reader.home_state,
                is_of_schools=scope is not None and scope.is_of_schools,
            )
            self.text = TextMatches(index, index.read(query.q), asked)
            by_words = self.text.parameters
            query = query.model_copy(update=by_words)
        given = query.given()
        is_asked = not STATUS_FILTERS.isdisjoint(given)
        self._every = self._whole - (NONE if is_asked else index[self._status].any_of(GONE))
        self.center = point_of(query.near) if query.near else None
        if self.text and self.center is None:
            self.center = self.text.center
        self.is_near = query.near is not None
        self.inside = (
            within(index, self.center, query.within_miles or USUAL_MILES) if query.near else NONE
        )
        self._masks = {name: self._mask(query, name) for name in given}
        self._facts = [fact for name in given if (fact := self._fact(query, name))]
        self._by_words = list(by_words)
        if self.text:
            self._loosen(self.text)
        self.found = self._among(frozenset())

    def _loosen(self, text: TextMatches) -> None:
        """Give up what a text asks for, a step at a time, until something may meet the rest.

        What turns out not to be in the way is asked for again.
        """
        open_ = {fact.filter: fact.open for fact in self._facts}
        masks = {
            name: self._masks[name] | open_.get(name, NONE)
            for name in self._by_words
            if FACTS.get(name) != "finding"  # told of what it cannot apply to as well
        }

        def meets(given_up: Sequence[str]) -> bool:
            steps = [step for step in Step if step in given_up]
            met = text.meeting(steps) if steps else self._masks["q"]
            kept = [mask for name, mask in masks.items() if name not in given_up]
            return bool(FrozenBitMap.intersection(self._every, met, *kept))

        taken: list[str] = []
        if text.nothing or meets(taken):
            return
        for step in (*sorted(masks, key=_given_up_at), *text.steps()):
            taken.append(step)
            if meets(taken):
                break
        else:
            return
        for step in taken[:-1]:
            if meets(others := [one for one in taken if one != step]):
                taken = others
        self.given_up = taken
        text.relaxed = frozenset(step for step in Step if step in taken)
        self._masks["q"] = text.meeting(text.relaxed)
        for name in set(self._by_words).intersection(taken):
            del self._masks[name]
        self._facts = [fact for fact in self._facts if fact.filter in self._masks]

    def _fact(self, query: ProgramFilters, name: str) -> "Fact | None":
        """Return what a filter asks for that sources seldom tell; None: it asks for no such fact.

        A filter that asks for what is not known asks for no more than that.
        """
        index, kind = self.index, FACTS.get(name)
        if name in BOUNDS and f"{name[4:].removesuffix('_usd')}_is" in KINDS_ASKED:
            bare = f"{name[4:].removesuffix('_usd')}_is"
            unknown = self.numbers.unknown(KINDS_ASKED[bare])
            return Fact(name, bare.removesuffix("_is"), unknown, {bare: [UNKNOWN]})
        if kind is None or UNKNOWN in (values := [str(one) for one in getattr(query, name)]):
            return None
        if kind == "named":
            values = self._known_values(name, values)
            unknown = index.every - self._masks[name]
            usual = usual_programs(values[0]) if name == "credential" and len(values) == 1 else None
            if usual:
                ask = {"exclude_credential": values, **usual.asked()}
                return Fact(name, name, unknown & usual.programs(index), ask)
            return Fact(name, name, unknown, {f"exclude_{name}": values})
        if name == "leads_to":
            codes = self._known_values(name, values)
            awards = [award for award, code in FITTING.items() if code in codes]
            unknown = index.unknown(name) & _any_of(index, "award_level", awards)
            narrowed = {} if query.award_level else {"award_level": awards}
            return Fact(name, name, unknown, {f"{name}_is": [UNKNOWN], **narrowed})
        open_ = [one for one in OPEN if kind == "finding" and one not in _spelled_out(values)]
        if open_ in ([], [UNKNOWN]):
            return Fact(name, name, *index.not_told(name, values))
        return Fact(name, name, index[name].any_of(open_), {name: open_})

    def _known_values(self, name: str, values: list[str]) -> list[str]:
        if name == "leads_to":
            return [_led_to(self.index, one) or one for one in values]
        if name != "credential":
            return values
        names = self.index.known.credentials
        return [names.find(one) or one.upper() for one in values]

    @cached_property
    def fitting(self) -> FrozenBitMap:
        """The programs that meet all but the facts asked for."""
        facts = {fact.filter for fact in self._facts}
        rest = [mask for name, mask in self._masks.items() if name not in facts]
        return FrozenBitMap.intersection(self._every, *rest)

    @cached_property
    def maybe(self) -> FrozenBitMap:
        """The programs that may fit, but are not found: a fact asked for is not known of them."""
        open_ = [self._masks[fact.filter] | fact.open for fact in self._facts]
        return FrozenBitMap.intersection(self.fitting, *open_) - self.found

    @cached_property
    def apart(self) -> FrozenBitMap:
        """The programs that fit all else, and that a fact asked for cannot apply to."""
        facts = [fact for fact in self._facts if FACTS.get(fact.filter) == "finding"]
        foreign = [self.index[fact.filter].get(Finding.NOT_APPLICABLE) for fact in facts]
        return (self.fitting & FrozenBitMap.union(NONE, *foreign)) - self.found - self.maybe

    def told(self, *, is_first: bool) -> TextTold | None:
        """Return what is told of a text; what answers beside programs on the first page only."""
        if self.text is None:
            return None
        return tell(self.text, self.given_up, rest=len(self.beyond), is_first=is_first)

    @cached_property
    def beyond(self) -> FrozenBitMap:
        """The programs that meet the rest of a text of which nothing meets all."""
        if not self.text or not self.text.nothing or (rest := self.text.rest) is None:
            return NONE
        masks = [mask for name, mask in self._masks.items() if name != "q"]
        return FrozenBitMap.intersection(self._every, rest, *masks)

    def known(self) -> dict[str, Any]:
        """Return of how many programs the facts asked for are not known, and known not to fit."""
        if not self._facts:
            return {}
        return {
            "not_known": len(self.maybe),
            "known_no": len(self.fitting) - len(self.found) - len(self.maybe),
            "cannot_apply": len(self.apart),
            "not_known_by": [
                {"filter": fact.name, "count": len(fact.open & self.maybe), "ask": fact.ask}
                for fact in {fact.name: fact for fact in self._facts}.values()
            ],
        }

    def _among(self, without: frozenset[str]) -> FrozenBitMap:
        if "q" in without:
            without = without | set(self._by_words)
        masks = [mask for name, mask in self._masks.items() if name not in without]
        every = self._whole if "status" in without else self._every
        return FrozenBitMap.intersection(every, *masks)

    def left_out(self) -> dict[str, int]:
        """Return status -> how many are left out of what is found though no filter asks for it."""
        if len(self._every) == len(self._whole):
            return {}
        terms, among = self.index[self._status], self._among(STATUS_FILTERS)
        counts = {str(status): terms.get(status).intersection_cardinality(among) for status in GONE}
        return {status: counts[status] for status in sorted(counts) if counts[status]}

    def _kind(self, name: str) -> str:
        """Return the kind of term that a filter on a closed list looks in."""
        return self._status if name == "status" else name

    def _mask(self, query: ProgramFilters, name: str) -> FrozenBitMap:
        """Return the programs that one filter lets through; the one place that tells."""
        index, value = self.index, getattr(query, name)
        if self.text and name == "q":
            return self.text.meeting(())
        if name == "near":
            online = index[DELIVERY_TODAY].get(Delivery.ONLINE) if query.include_online else NONE
            return self.inside | online
        if name == "updated_since":
            return index["updated"].between(value.isoformat(), None)
        if name == "unitid":
            return index["unitid"].any_of(value)
        if name in BOUNDS:
            kind, scale, is_low = BOUNDS[name]
            typed = map(float, value) if isinstance(value, list) else [value]  # in words, or not
            bound = (max if is_low else min)(typed) * scale
            return self.numbers.between(kind, *((bound, None) if is_low else (None, bound)))
        if name.endswith("_is"):
            unknown = self.numbers.unknown(
                KINDS_ASKED.get(name, self._kind(name.removesuffix("_is")))
            )
            return unknown if value == "unknown" else index.every - unknown
        bare = name.removeprefix("exclude_")
        values = [str(one) for one in value]
        mask = _any_of(index, self._kind(bare), self._known_values(bare, values))
        return mask if name == bare else index.every - mask

    def facet(self, name: str) -> list[dict[str, Any]]:
        """Return the counts of a field's values, without the filters on the field itself."""
        among = self._among(frozenset({name, f"exclude_{name}", f"{name}_is"}))
        terms = self.index[self._kind(name)]
        counts = {value: bits.intersection_cardinality(among) for value, bits in terms.pairs()}
        counts.setdefault(UNKNOWN, 0)
        if name == "award_level":
            certificates = self.index["award_group"].get("certificate")
            counts["certificate"] = certificates.intersection_cardinality(among)
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return [
            {"value": value, "count": count}
            for value, count in ordered
            if count or value == UNKNOWN
        ]

    def relaxations(self) -> list[dict[str, Any]]:
        """Return what is found without one filter, the nearest first; those of no help left out.

        A text alone is no filter to leave out: without it the whole catalogue is found.
        """
        asked = self._masks.keys() - set(self._by_words)
        found = [
            {"without": name, "total": total}
            for name in (asked if asked != {"q"} else ())
            if (total := len(self._among(frozenset({name}))))
        ]
        return sorted(found, key=lambda one: (one["total"], one["without"]))


STATUS_FILTERS = frozenset({"status", "exclude_status", "status_is"})


class Fact(NamedTuple):
    """A fact that a filter asks for.

    ``open`` are the programs of which it is not known, and ``ask`` the parameters that find them.
    """

    filter: str
    name: str
    open: FrozenBitMap
    ask: dict[str, list[str]]


GIVEN_UP = ("delivery", "award_level")
"""Parameters that words stand for, in the order in which they are given up; then others."""


def _given_up_at(name: str) -> int:
    return GIVEN_UP.index(name) if name in GIVEN_UP else len(GIVEN_UP)


def _sorted(query: ProgramFilters) -> tuple[str, ...]:
    """Return the name of the parameter that asks for an order, if one is asked for."""
    return ("sort",) if getattr(query, "sort", None) else ()


def _bare(name: str) -> str:
    """Return the field that a filter on a closed list is about."""
    return name.removeprefix("exclude_").removesuffix("_is")


def _spelled_out(values: Iterable[str]) -> list[str]:
    """Return findings asked for, those that ``accredited`` stands for one by one."""
    return [one for value in values for one in (SAID_YES if value == ACCREDITED else (value,))]


def _refuse_unknown_codes(index: Index, query: ProgramFilters) -> None:
    """Find fault with filters by codes that stand for nothing; those of listed programs do.

    Raises:
        InvalidRequestError: There is no such credential, field of study or school.
    """
    faults = []
    for start in ("", "exclude_"):
        asked = getattr(query, f"{start}credential")
        unknown = [name for name in asked if name.upper() not in index["credential"]]
        names = index.known.credentials
        faults += unknown_faults(names, "credential", f"{start}credential", unknown)
        asked = [one for one in getattr(query, f"{start}leads_to") if not _led_to(index, one)]
        faults += unknown_faults(names, "credential", f"{start}leads_to", asked)
        faults += [
            Fault(
                f"Programs are not judged by whether they lead to {name!r}: only to "
                f"{either(LED_TO)}.",
                parameter=f"{start}leads_to",
                value=name,
            )
            for name in asked
            if names.find(name)
        ]
        for code in getattr(query, f"{start}cip_code"):
            if error := _unknown_field(index, code):
                faults.append(error.in_parameter(f"{start}cip_code"))
    for unitid in query.unitid:
        if error := _unknown_school(index, unitid):
            faults.append(error.in_parameter("unitid"))
    if faults:
        raise InvalidRequestError(faults)


def _led_to(index: Index, text: str) -> str | None:
    """Return the credential that programs are judged by, or that they lead to none; else None."""
    if text.lower() == NOWHERE:
        return NOWHERE
    code = index.known.credentials.find(text)
    return code if code in LED_TO else None


GROUPS = (len("51"), len("51.07"))
"""Of fields of study: families and series."""


def _unknown_field(index: Index, code: str) -> NotFoundError | None:
    """Return what is wrong with a code of a field, series or family, if it is none.

    Near are fields of its series, first those that programs have.
    """
    offered = index["cip_code"]
    is_group = len(code) in GROUPS and offered.starting(code)
    if code in offered or code in index.known.cip_codes or is_group:
        return None
    series = code[: GROUPS[-1]]
    for group, codes in (
        (series, offered.terms),
        (series, index.known.cip_codes),
        ("", offered.terms),
    ):
        like = [one for one in codes if one.startswith(group)]
        error = NotFoundError("field of study", code, known=like)
        if error.suggestion:
            break
    return error


def _unknown_school(index: Index, unitid: int) -> NotFoundError | None:
    """Return what is wrong with the key of a school, if no school has it."""
    if unitid in index["unitid"] or unitid in index.known.schools:
        return None
    key, others = str(unitid), map(str, (*index["unitid"].terms, *index.known.schools))
    like = [other for other in others if other[:3] == key[:3] or other[-3:] == key[-3:]]
    return NotFoundError("school", key, known=like)


def _any_of(index: Index, name: str, values: list[str]) -> FrozenBitMap:
    """Return the programs with one of these values of a closed-list field."""
    terms = index[name]
    if name == "cip_code":
        return terms.any_of(code for code in terms.terms if code.startswith(tuple(values)))
    if name == "accreditation":
        values = _spelled_out(values)
    found = terms.any_of(values)
    return found | index["award_group"].any_of(values) if name == "award_level" else found


BOUNDS: dict[str, tuple[str, int, bool]] = {
    **{f"min_{one.parameter}": (one.name, one.scale, True) for one in NUMBER_FILTERS},
    **{
        f"max_{one.parameter}": (f"{one.name}_high" if one.high else one.name, one.scale, False)
        for one in NUMBER_FILTERS
    },
}
"""Parameter -> the numbers it bounds, how many of their units are one of its own, from below?"""

KINDS_ASKED = {f"{one.parameter.removesuffix('_usd')}_is": one.name for one in NUMBER_FILTERS}
"""Parameter -> the kind of number whose being known it asks for."""


@dataclass(frozen=True, slots=True)
class Order:
    """A sort key: the value of a program, and some programs by value, from a value on."""

    value_of: Callable[[int], Any]
    groups: Callable[[FrozenBitMap, Sequence[Any]], Groups]
    descending: bool

    def sorted(self, numbers: list[int]) -> list[int]:
        """Return a few programs in this order; those of the same value stay as they are."""
        values = {number: self.value_of(number) for number in numbers}
        known = [number for number in numbers if values[number] is not None]
        known.sort(key=values.__getitem__, reverse=self.descending)
        return known + [number for number in numbers if values[number] is None]


def _order(
    matches: Matches, among: FrozenBitMap, sort: str, weights: Mapping[str, float] | None
) -> Order:
    """Return a sort key over some programs that meet a search, or may."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name == "relevance" and matches.text:
        return _by_relevance(matches.text, among)
    index = matches.index
    if name == "distance" and matches.center is not None:
        way_to = partial(_way_to, index.on_globe, on_globe(matches.center))
        return _by_worth(index, "point", way_to, descending=descending)
    if name == "score" and weights is not None:
        low_of = partial(_low, index["profile"].terms, weights)
        return _by_worth(index, "profile", low_of, descending=descending)
    groups = partial(matches.numbers.ordered, name, descending=descending)
    return Order(partial(matches.numbers.of, name), groups, descending)


def _sort_keys(sorts: Sequence[str]) -> list[str]:
    """Return sort keys with what goes before them: of totals, whether they have a high end."""
    return [
        key
        for sort in sorts
        for key in (
            (sort.replace("total_cost", BOUNDED_TOTAL), sort)
            if sort.removeprefix("-") == "total_cost"
            else (sort,)
        )
    ]


def _by_relevance(text: TextMatches, found: FrozenBitMap) -> Order:
    tiers = text.tiers(found)

    def points_of(number: int) -> int:
        return next(points for points, bits in tiers if number in bits)

    def groups(_among: FrozenBitMap, since: Sequence[Any]) -> Groups:
        return _since(tiers, since, descending=True)

    return Order(points_of, groups, descending=True)


def _by_worth(index: Index, kind: str, worth: Callable[[int], float], *, descending: bool) -> Order:
    """Return the sort key of a number that the caller's question gives to each term of a kind.

    ``worth`` takes the place of the term.
    """
    terms = index[kind]

    def value_of(number: int) -> float | None:
        place = terms.place_of(number)
        return None if place is None else worth(place)

    def groups(among: FrozenBitMap, since: Sequence[Any]) -> Groups:
        count = len(terms.terms)
        merged: dict[float, FrozenBitMap] = {}
        for place in terms.places_of(among) if len(among) < count else range(count):
            value, bits = worth(place), terms.at(place)
            merged[value] = merged[value] | bits if value in merged else bits
        known = [(value, merged[value]) for value in sorted(merged, reverse=descending)]
        return _since([*known, (None, index.unknown(kind))], since, descending=descending)

    return Order(value_of, groups, descending)


def _since(
    groups: Sequence[tuple[Any, FrozenBitMap]], since: Sequence[Any], *, descending: bool
) -> Groups:
    """Return the groups from a value on, if one is given."""
    if not since:
        return groups
    return [one for one in groups if not _is_before(one[0], since[0], descending=descending)]


def _way_to(
    points: Sequence[tuple[float, float, float]], center: tuple[float, float, float], place: int
) -> float:
    """Return the square of the straight way through the globe to the point at a place."""
    return round(dist(points[place], center) ** 2, 12)


LOWS = {name.removesuffix("_low"): at for at, name in enumerate(PROFILE) if name.endswith("_low")}
"""Criterion -> where the low end of its score stands in a profile."""

APPLIES = {key: PROFILE.index(f"{key}_applies") for key in LOWS}
"""Criterion -> where in a profile stands how much of it applies."""


def _low(profiles: Sequence[Sequence[float]], weights: Mapping[str, float], place: int) -> float:
    """Return the low end of the score of a profile under weights, as ``combine`` counts it."""
    profile = profiles[place]
    parts = [
        (weight * profile[APPLIES[key]], profile[LOWS[key]])
        for key, weight in weights.items()
        if profile[LOWS[key]] >= 0
    ]
    total = fsum(weight for weight, _ in parts)
    return min(fsum(weight / total * low for weight, low in parts), 100.0) if total > 0 else 0.0


def _weighed(profile: Sequence[float], weights: Mapping[str, float]) -> Interval:
    """Return the score of a profile under weights; what is below 0 in it does not apply."""
    columns = dict(zip(PROFILE, profile, strict=True))
    criteria = {}
    for key in weights:
        interval = Interval(*(columns[f"{key}_{part}"] for part in PARTS))
        if interval.low >= 0:
            criteria[key] = interval
    return combine(criteria, weights)[0]


DESCENDING = frozenset({"score", "coverage", "completions"})
"""Orders that words ask for, of which the most comes first."""


def _default_order(query: ProgramQuery, matches: Matches) -> list[str]:
    """Return the order of a search that asks for none: that of its words, if they name one."""
    text = matches.text
    if text is None:
        return ["distance"] if query.near else []
    asked = [
        f"-{sort}" if sort in DESCENDING else sort
        for sort in text.sorts
        if sort != "distance" or matches.center
    ]
    order = [*asked, "relevance"]
    if query.near:
        return [*order, "distance"]
    if text.is_nearest_first and "distance" not in order:
        order.append("distance")
    return order if "-completions" in order else [*order, "-completions"]


_PLACE = (col(ProgramSummary.institution_name), col(ProgramSummary.name), col(ProgramSummary.slug))
"""The usual order of lists, in which programs are numbered."""


class CursorPlace(NamedTuple):
    """The program that a cursor stands at, after its sort values.

    By its place in the usual order, and by its number, which holds in one release only.
    """

    institution: Any
    name: Any
    slug: Any
    release: Any
    number: Any


def _cursor(index: Index, number: int, doc: str, values: Sequence[Any], asked: str) -> str:
    """Return the cursor of the page after a program: its sort values, and its place."""
    item = from_json(doc)
    names = (item["institution"]["name"], item["name"], item["slug"])
    return encode_cursor([*values, *CursorPlace(*names, index.release, number)], asked)


def _position(
    connection: Connection | None, index: Index, cursor: str, asked: str, sorts: list[str]
) -> list[Any]:
    """Return the sort values in a cursor, and last the number of the program it stands at.

    Of another release, the program is found by its place in the usual order, so that a walk
    goes on where it was while programs come and go.

    Raises:
        InvalidRequestError: It is damaged, or belongs to another query.
    """
    try:
        decoded = decode_cursor(cursor, asked, len(sorts) + len(CursorPlace._fields))
        values, place = decoded[: len(sorts)], CursorPlace(*decoded[len(sorts) :])
        if any(_is_foreign(sort, value) for sort, value in zip(sorts, values, strict=True)):
            raise ValueError("the cursor is damaged; take it unchanged from `next`")
    except ValueError as error:
        fault = Fault(f"{error}.", parameter="cursor", value=cursor[:60])
        raise InvalidRequestError([fault]) from error
    number = place.number
    if place.release != index.release or index.is_draft or not isinstance(number, int):
        if connection is None:
            raise StatementNeededError
        before = select_columns(func.count()).select_from(ProgramSummary)
        names = tuple_(str(place.institution), str(place.name), str(place.slug))
        number = connection.execute(before.where(tuple_(*_PLACE) <= names)).scalar_one() - 1
    return [*values, min(max(number, -1), len(index.programs))]


def _is_foreign(sort: str, value: Any) -> bool:
    """Return whether a value of a cursor cannot be one of its sort key."""
    kind = str if sort.removeprefix("-") in ("institution", "name") else (int, float)
    return value is not None and not isinstance(value, kind)


SORTED_AT_ONCE = 100
"""Programs that are sorted by their values rather than looked for in the groups of each key."""


def _walk(
    among: FrozenBitMap, orders: Sequence[Order], after: Sequence[Any] | None
) -> Iterator[int]:
    """Yield the numbers of programs in the order of the keys, from after a position on."""
    if not orders:
        start = after[-1] + 1 if after else 0
        yield from among.iter_equal_or_larger(start)
        return
    if after is None and len(among) <= SORTED_AT_ONCE:
        numbers = list(among)
        for order in reversed(orders):
            numbers = order.sorted(numbers)
        yield from numbers
        return
    since = after[:1] if after else ()
    for value, bits in orders[0].groups(among, since):
        if bits.intersect(among):
            inner = after[1:] if after and value == after[0] else None
            if inner is None and len(orders) == 1:
                yield from among & bits
            else:
                yield from _walk(among & bits, orders[1:], inner)


def _is_before(value: Any, other: Any, *, descending: bool) -> bool:
    """Return whether a value comes before another; None comes last in both directions."""
    if value is None or other is None:
        return value is not None
    return bool(value > other if descending else value < other)


def _changed(
    matches: Matches,
    numbers: list[int],
    docs: list[str],
    query: ProgramQuery,
    weights: Mapping[str, float] | None,
) -> list[str]:
    """Return items with what the caller asked to be other: scores, distances, fields."""
    items = [from_json(doc) for doc in docs]
    if weights:
        profiles = [matches.index["profile"].of(number) for number in numbers]
        scores = {one: to_plain(to_score(_weighed(one, weights))) for one in set(profiles)}
        for profile, item in zip(profiles, items, strict=True):
            item["score"] |= scores[profile]
    if matches.center:
        points = matches.index["point"]
        for number, item in zip(numbers, items, strict=True):
            point = points.of(number)
            item["distance_miles"] = point and round(miles_between(matches.center, point), 1)
            if matches.is_near:
                item["is_only_online"] = number not in matches.inside
    if query.fields:
        names = [str(name) for name in query.fields]
        items = [{name: item[name] for name in names} for item in items]
    return [to_json(item).decode() for item in items]


def fetch_docs(
    connection: Connection, wanted: Mapping[int, Residency], release: int | None = None
) -> Iterable[tuple[int, str]]:
    """Return id and list item of those of some programs that are listed, in any order.

    Args:
        connection: To the database.
        wanted: Program -> whose price its item shows.
        release: That they are to be of; None: the connection sees one state anyway.

    Raises:
        OtherReleaseError: They are of another one.
    """
    found = _fetch(connection, FETCH_DOCS, release, list(wanted))
    for residency in {*wanted.values()} - {Residency.IN_STATE}:
        theirs = [program for program, whose in wanted.items() if whose is residency]
        prices = fetch_prices(connection, theirs, residency, release)
        found = [
            (program, with_prices(doc, prices[program]) if program in prices else doc)
            for program, doc in found
        ]
    return found


def with_prices(doc: str, prices: str) -> str:
    """Return a list item with the prices of another residency in it."""
    return to_json({**from_json(doc), **from_json(prices)}).decode()


def fetch_prices(
    connection: Connection,
    programs: Sequence[int],
    residency: Residency,
    release: int | None = None,
) -> dict[int, str]:
    """Return program -> the fields of its list item that are others for a residency.

    Raises:
        OtherReleaseError: As ``fetch_docs``.
    """
    return dict(_fetch(connection, FETCH_PRICES, release, programs, str(residency)))


class Statement(NamedTuple):
    """What reads texts of some programs, and the release they are of, on each kind of database."""

    sqlite: str
    postgresql: str


FETCH_DOCS = Statement(
    "SELECT program_id, doc, (SELECT max(number) FROM release) FROM json_each(?) AS wanted "
    "CROSS JOIN program_summary ON program_id = wanted.value",
    "SELECT program_id, doc, (SELECT max(number) FROM release) FROM program_summary "
    "WHERE program_id = ANY(%s::integer[])",
)
FETCH_PRICES = Statement(
    "SELECT program_id, doc, (SELECT max(number) FROM release) FROM json_each(?) AS wanted "
    "CROSS JOIN program_price ON program_id = wanted.value AND residency = ?",
    "SELECT program_id, doc, (SELECT max(number) FROM release) FROM program_price "
    "WHERE program_id = ANY(%s::integer[]) AND residency = %s",
)


def _fetch(
    connection: Connection,
    statement: Statement,
    release: int | None,
    programs: Sequence[int],
    *more: str,
) -> list[tuple[int, str]]:
    if connection.dialect.name == "sqlite":
        asked = (json.dumps(list(programs)), *more)
        rows = connection.exec_driver_sql(statement.sqlite, asked)
    else:
        rows = connection.exec_driver_sql(statement.postgresql, (list(programs), *more))
    found = []
    for program, doc, newest in rows:
        if release is not None and release != (newest or 0):
            raise OtherReleaseError
        found.append((program, doc))
    return found


def join_docs(connection: Connection, ids: Sequence[int]) -> str:
    """Return the list items of programs in this order, a line each, put together by the database.

    Some 20 times as fast as fetching rows: the items never become objects of their own.
    """
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql(JOIN_ON_SQLITE, (json.dumps(list(ids)),))
    else:
        found = connection.exec_driver_sql(JOIN_ON_POSTGRESQL, (list(ids),))
    return str(found.scalar_one() or "")


JOIN_ON_SQLITE = (
    "SELECT group_concat(doc, char(10)) FROM (SELECT doc FROM json_each(?) AS wanted "
    "CROSS JOIN program_summary ON program_id = wanted.value)"
)
JOIN_ON_POSTGRESQL = (
    "SELECT string_agg(doc, chr(10) ORDER BY wanted.place) "
    "FROM unnest(%s::integer[]) WITH ORDINALITY AS wanted(id, place) "
    "JOIN program_summary ON program_id = wanted.id"
)
