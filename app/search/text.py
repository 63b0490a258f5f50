"""What words find: the programs that meet how a text was read, how well, and what was given up.

A reading says what words stand for (``app/search/reading``); here that becomes sets of programs.
Words for a closed list, a price, a length or an order are parameters like any other
(``TextMatches.parameters``), and a parameter that is given beside the text wins over them. The
rest is places, fields, schools and credentials, which must be met, and unknown words, which only
raise what has them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from math import log, radians, sin
from typing import TypeVar

from pyroaring import FrozenBitMap

from app.domain.areas import FIPS
from app.domain.peers import FAMILIES
from app.domain.places import Point
from app.domain.text.identifiers import fold
from app.search.index import (
    CITY,
    COUNTY,
    DELIVERY_TODAY,
    FIRST_OF_SCHOOL,
    METRO,
    NONE,
    PLACE,
    SCHOOL,
    SUBJECT,
    UNKNOWN,
    Index,
    city_key,
)
from app.search.places import AS_SURELY, within
from app.search.reading.school_names import NAME
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    FilterTarget,
    Kind,
    NoteTarget,
    Reading,
    SchoolTarget,
    Span,
    Surface,
)
from app.search.usual import usual_programs

WIDER_MILES = 60.0
"""How far around a city to look where nothing is nearer."""

KINDRED = (
    *(codes for _, codes in FAMILIES.values()),
    frozenset({"51.0706", "51.0707", "51.2706"}),
)
"""Fields of study that stand for one another where a place has nothing of the one asked for."""

SURE, POSSIBLE = 4, 2
"""What a field counts that is meant surely, and one that is possibly."""

PREPARES, NAMED = 8, 4
"""What a program counts that says it prepares for a credential, and one that has it in its name."""

LIKELIEST = 6
"""What the school counts that a name of several most likely stands for."""

MOST_RARE = 6
"""What a word counts that one program has; one that all have counts 1."""

AnyTarget = TypeVar("AnyTarget")

FILTER_OF = {"award_group": "award_level"}
"""Kind of term -> the filter that finds it, where that has another name."""


class Step(StrEnum):
    """What a text gives up where nothing meets all of it, beside its parameters; in this order."""

    RADIUS = "radius"
    STATE = "state"
    FAMILY = "family"
    COUNTRY = "country"
    POSSIBLE = "possible"
    FIELD = "field"
    CREDENTIAL = "credential"


class Nothing(StrEnum):
    """Why nothing can meet a text, so that nothing of it is given up either."""

    UNKNOWN_NAME = "unknown_name"
    FOREIGN = "foreign"
    SCHOOL = "school_without_programs"
    PLACE = "place_without_programs"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for beside a text.

    ``parameters`` are the fields that filters are given on; ``states`` those that a filter names.
    """

    parameters: frozenset[str] = frozenset()
    states: tuple[str, ...] = ()
    home_state: str | None = None
    is_of_schools: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a text: what it is read as, and the other places of the name."""

    span: Span
    surface: Surface
    target: AreaTarget
    others: tuple[Surface, ...]

    @property
    def states(self) -> set[str]:
        """The states that it lies in."""
        return states_of(self.target)

    @property
    def is_state(self) -> bool:
        """Whether it is a whole state, or several."""
        return is_state(self.target)


def _with_state_last(index: Index, reading: Reading) -> Reading:
    """Return a reading in which a code at the end is a state where nothing has it as an award.

    "MS" is Mississippi after a field that no master's program is in.
    """
    if not reading.spans:
        return reading
    *spans, last = reading.spans
    award = last.meaning.target
    states = [one for one in last.others if isinstance(one.target, AreaTarget)]
    if last.meaning.kind is not Kind.AWARD or not isinstance(award, FilterTarget) or not states:
        return reading
    fields = [one.meaning.target for one in spans if isinstance(one.meaning.target, FieldTarget)]
    codes = [code for field in fields for code in field.strong or field.weak]
    found = in_fields(index, codes) & index["award_group"].any_of(award.values)
    if not codes or found or last.end < len(reading.tokens):
        return reading
    others = (last.meaning, *(one for one in last.others if one is not states[0]))
    return replace(reading, spans=(*spans, replace(last, meaning=states[0], others=others)))


def is_state(area: AreaTarget) -> bool:
    """Return whether an area is whole states."""
    cut = (area.counties, area.metros, area.center, area.south_of, area.north_of)
    return bool(area.states) and not any(cut)


def states_of(area: AreaTarget) -> set[str]:
    """Return the states that an area is told to lie in."""
    states = {*area.states, *(FIPS.get(code[:2], "") for code in area.counties), area.state or ""}
    return states - {""}


class TextMatches:
    """The programs that meet how a text was read; how many of its wishes each meets.

    ``parameters`` are filters that its words stand for, ``sorts`` orders; ``decided`` are spans of
    such words that a filter beside the text has decided, and ``of_programs`` those that part
    programs where schools are asked for. ``relaxed`` is what was given up.
    """

    def __init__(self, index: Index, reading: Reading, asked: Asked) -> None:
        self.index = index
        self.reading = _with_state_last(index, reading)
        self.asked = asked
        self.relaxed: frozenset[Step] = frozenset()
        self.parameters: dict[str, list[str]] = {}
        self.sorts: list[str] = []
        self.decided: list[Span] = []
        self.of_programs: list[Span] = []
        self._read_filters()
        self.places = list(self._read_places())
        self.runs = list(self._read_names())
        self.names = [self._meeting_words(self._left_in(run)) for run in self.runs]

    def _read_filters(self) -> None:
        for span, target in self._filters():
            name = FILTER_OF.get(target.parameter, target.parameter)
            field = name.removeprefix("max_").removeprefix("min_").removesuffix("_usd")
            if not self.asked.parameters.isdisjoint((name, field)):
                self.decided.append(span)
            elif self.asked.is_of_schools and name not in OF_SCHOOLS:
                self.of_programs.append(span)
            elif name == "sort":
                self.sorts += [value for value in target.values if value not in self.sorts]
            else:
                known = self.parameters.setdefault(name, [])
                known += [value for value in target.values if value not in known]

    def _filters(self) -> Iterator[tuple[Span, FilterTarget]]:
        """Yield the words for parameters; a question on a fact asks for the fact as well."""
        yield from self.of_kind(FilterTarget)
        for span, _ in self.of_kind(NoteTarget):
            if span.meaning.kind is Kind.PAGE:
                others = (one.target for one in span.others)
                yield from ((span, one) for one in others if isinstance(one, FilterTarget))

    def of_kind(self, kind: type[AnyTarget]) -> Iterator[tuple[Span, AnyTarget]]:
        """Yield the spans whose target is of a class, with their targets."""
        for span in self.reading.spans:
            if isinstance(span.meaning.target, kind):
                yield span, span.meaning.target

    def _read_places(self) -> Iterator[Place]:
        """Yield the places of the text; a name of several is the one in a state that is told."""
        spans = list(self.of_kind(AreaTarget))
        typed = {state for _, area in spans if is_state(area) for state in area.states}
        for span, _ in spans:
            known = [one for one in (span.meaning, *span.others) if one.kind is Kind.AREA]
            told = [*typed, *self.asked.states]
            known.sort(key=lambda one: self._way_from(one, told))
            taken, *others = known
            if isinstance(taken.target, AreaTarget):
                yield Place(span, taken, taken.target, tuple(others))

    def _way_from(self, surface: Surface, told: Sequence[str]) -> int:
        area = surface.target
        if not isinstance(area, AreaTarget):
            return 3
        states = states_of(area)
        if not states.isdisjoint(told):
            return 0
        return 1 if self.asked.home_state in states else 2

    def _read_names(self) -> Iterator[tuple[int, int]]:
        """Yield where the names are that nothing is known by, each once."""
        tokens, end = self.reading.tokens, 0
        for name in self.reading.names:
            words = tuple(fold(name).split())
            for start in range(end, len(tokens) - len(words) + 1):
                if tokens[start : start + len(words)] == words:
                    end = start + len(words)
                    yield start, end
                    break

    def _left_in(self, run: tuple[int, int]) -> list[str]:
        """Return the tokens of a name that nothing else is known by."""
        left = self.reading.left
        return [self.reading.tokens[at] for at in range(*run) if at in left]

    @cached_property
    def where(self) -> list[Place]:
        """The places that programs must lie in: a state beside its own city only tells which."""
        cities = {place.target.state for place in self.places if not place.is_state}
        return [
            place
            for place in self.places
            if not (place.is_state and not cities.isdisjoint(place.target.states))
        ]

    @cached_property
    def schools(self) -> list[tuple[Span, SchoolTarget]]:
        """The schools of the text; a name that several have as surely stands for them all."""
        found = []
        for span, target in self.of_kind(SchoolTarget):
            least = span.meaning.weight * AS_SURELY
            others = [
                one.target
                for one in span.others
                if isinstance(one.target, SchoolTarget) and one.weight >= least
            ]
            unitids = tuple(
                dict.fromkeys(unitid for one in (target, *others) for unitid in one.unitids)
            )
            if span.meaning.weight < NAME and not target.is_system:
                unitids = self._there(span, unitids)
            found.append((span, SchoolTarget(unitids, target.is_system)))
        return found

    def _there(self, span: Span, unitids: tuple[int, ...]) -> tuple[int, ...]:
        """Return the schools of a place typed beside part of a name: others that have its words.

        Where one of the usual schools is there, or none of the others, the usual ones are meant.
        """
        schools = self.index["unitid"]
        place = self._in_area(()) if self.where else NONE
        if not place or schools.any_of(unitids) & place:
            return unitids
        others = schools.places_of(
            self._meeting_words(span.meaning.text.split(), (SCHOOL,)) & place
        )
        return tuple(schools.terms[at] for at in sorted(others)) or unitids

    @cached_property
    def fields(self) -> list[tuple[Span, FieldTarget]]:
        """The fields of study of the text; what has only possible ones surely means these."""
        return [
            (span, field if field.strong else replace(field, strong=field.weak, weak=()))
            for span, field in self.of_kind(FieldTarget)
        ]

    @cached_property
    def credentials(self) -> list[tuple[Span, CredentialTarget]]:
        """The credentials of the text."""
        return list(self.of_kind(CredentialTarget))

    @cached_property
    def center(self) -> Point | None:
        """The middle of the place, if it has one."""
        return next((place.target.center for place in self.where if place.target.center), None)

    @property
    def is_nearest_first(self) -> bool:
        """Whether what is found goes by distance: around a ZIP code, or farther than usual."""
        is_zip = any(place.target.zip_code for place in self.where)
        return self.center is not None and (is_zip or bool(self.relaxed & WIDER))

    @cached_property
    def unknown_names(self) -> list[str]:
        """Names in the text that no school or place has, nor any program's words."""
        pairs = zip(self.runs, self.names, strict=True)
        return [" ".join(self.reading.tokens[slice(*run)]) for run, bits in pairs if not bits]

    @cached_property
    def free(self) -> dict[int, FrozenBitMap]:
        """Place of a token that means nothing by itself -> the programs that have the word."""
        named = {at for run in self.runs for at in range(*run)}
        tokens = self.reading.tokens
        return {at: self._having(tokens[at]) for at in self.reading.left if at not in named}

    @cached_property
    def nothing(self) -> Nothing | None:
        """Why nothing can meet the text, if so."""
        foreign = [span for span in self.reading.spans if span.meaning.kind is Kind.FOREIGN]
        if any(is_country(span) for span in foreign):
            return Nothing.FOREIGN
        if foreign and not self.fields and not self.credentials:
            return Nothing.FOREIGN
        is_placed = self.where and (self.fields or self.credentials)
        if self.unknown_names and not (self.schools or is_placed or any(self.names)):
            return Nothing.UNKNOWN_NAME
        if self.schools and not self._at_schools():
            return Nothing.SCHOOL
        if self.where and all(place.is_state for place in self.where) and not self._in_area(()):
            return Nothing.PLACE
        return None

    def meeting(self, relaxed: Collection[Step]) -> FrozenBitMap:
        """Return the programs that meet what the text must have met, but for its parameters."""
        if self.nothing or not self.reading.tokens:
            return NONE
        needs = self._needs(relaxed)
        if not needs and not self.parameters and self.free:
            return FrozenBitMap.union(*self.free.values())
        return FrozenBitMap.intersection(self.index.every, *needs.values())

    @property
    def rest(self) -> FrozenBitMap | None:
        """The programs that meet what else the text asks for, where ``nothing`` meets all of it.

        None: it asks for nothing else.
        """
        needs = self._needs(())
        if self.nothing in TO_BLAME:
            needs.pop(TO_BLAME[self.nothing], None)
        if not needs and not self.parameters:
            return None
        return FrozenBitMap.intersection(self.index.every, *needs.values())

    def steps(self) -> list[Step]:
        """Return what the text can give up, in this order; a school never."""
        steps = []
        is_alone = not (self.fields or self.credentials or self.parameters)
        if any(place.target.center for place in self.where):
            steps.append(Step.RADIUS)
        if any(not place.is_state for place in self.where):
            steps.append(Step.STATE)
        if self.fields:
            steps.append(Step.FAMILY)
        if self.where and (self.schools or not is_alone):
            steps.append(Step.COUNTRY)
        if any(field.weak for _, field in self.fields):
            steps.append(Step.POSSIBLE)
        if self.fields and self.schools:
            steps.append(Step.FIELD)
        if self.credentials and (self.schools or self.fields):
            steps.append(Step.CREDENTIAL)
        return steps

    def _needs(self, relaxed: Collection[Step]) -> dict[str, FrozenBitMap]:
        """Return what must be met -> the programs that meet it."""
        needs = {}
        if self.where and Step.COUNTRY not in relaxed:
            needs["place"] = self._in_area(relaxed)
        if self.schools:
            needs["school"] = self._at_schools()
        if not self.asked.is_of_schools:
            if self.fields and Step.FIELD not in relaxed:
                needs["field"] = self._in_fields(relaxed)
            if self.credentials and Step.CREDENTIAL not in relaxed:
                ways = (way for _, one in self.credentials for way in self._ways_to(one.code))
                needs["credential"] = FrozenBitMap.union(*ways)
        if known := [bits for bits in self.names if bits]:
            needs["name"] = FrozenBitMap.intersection(*known) or FrozenBitMap.union(*known)
        return needs

    def _in_area(self, relaxed: Collection[Step]) -> FrozenBitMap:
        """Return the programs in all places of the text or, where that is none, in any of them."""
        found = [self._in_place(place.target, relaxed) for place in self.where]
        return FrozenBitMap.intersection(*found) or FrozenBitMap.union(*found)

    def _in_place(self, area: AreaTarget, relaxed: Collection[Step]) -> FrozenBitMap:
        index = self.index
        states = index["state"].any_of(states_of(area))
        if Step.STATE in relaxed:
            return states or index["state"].any_of(states_met(index, in_area(index, area)))
        if Step.RADIUS in relaxed:
            return within(index, area.center, WIDER_MILES) | in_area(index, area)
        return in_area(index, area)

    def _at_schools(self) -> FrozenBitMap:
        unitids = (unitid for _, target in self.schools for unitid in target.unitids)
        return self.index["unitid"].any_of(unitids)

    def _in_fields(self, relaxed: Collection[Step]) -> FrozenBitMap:
        every = [strong for strong, _ in self._meanings]
        if Step.POSSIBLE in relaxed:
            every += [weak for _, weak in self._meanings]
        if Step.FAMILY in relaxed:
            codes = {code for _, field in self.fields for code in field.strong}
            every.append(in_fields(self.index, kin_of(codes)))
        return FrozenBitMap.union(*every)

    def codes_met(self, field: FieldTarget) -> list[str]:
        """Return the fields of study that do for one of the text, after what was given up."""
        if Step.FIELD in self.relaxed:
            return []
        codes = [*field.strong, *(field.weak if Step.POSSIBLE in self.relaxed else ())]
        if Step.FAMILY in self.relaxed:
            codes += sorted(kin_of(field.strong) - {*codes})
        return codes

    @cached_property
    def _meanings(self) -> list[tuple[FrozenBitMap, FrozenBitMap]]:
        """For each field of the text, the programs in it surely and possibly."""
        return [self._meaning(span, field) for span, field in self.fields]

    def _meaning(self, span: Span, field: FieldTarget) -> tuple[FrozenBitMap, FrozenBitMap]:
        """Return the programs in a field surely and possibly.

        One of which no field is told is surely in that whose words its name has.
        """
        index = self.index
        words = self._meeting_words(span.meaning.text.split(), (SUBJECT,))
        strong, weak = in_fields(index, field.strong), in_fields(index, field.weak)
        if field.award_groups:
            of_group = index["award_group"].any_of(field.award_groups)
            strong, weak = strong & of_group, weak & of_group
        return strong | (words & index["cip_code"].get(UNKNOWN)), weak

    def _ways_to(self, code: str) -> tuple[FrozenBitMap, FrozenBitMap, FrozenBitMap]:
        """Return programs that say they prepare for a credential, that are named so, usual ones.

        Usual are those of its field and award that do not say what they prepare for.
        """
        index = self.index
        usual = usual_programs(code)
        others = index["credential"].get(UNKNOWN) & usual.programs(index) if usual else NONE
        return index["credential"].get(code), index[SUBJECT].get(code.lower()), others

    def _having(self, word: str) -> FrozenBitMap:
        return FrozenBitMap.union(*(self.index[kind].get(word) for kind in WORDS))

    def _meeting_words(self, words: Sequence[str], kinds: Sequence[str] = ()) -> FrozenBitMap:
        """Return the programs that have all of some words."""
        found = (
            FrozenBitMap.union(*(self.index[kind].get(word) for kind in kinds or WORDS))
            for word in words
        )
        return FrozenBitMap.intersection(*found) if words else NONE

    def tiers(self, among: FrozenBitMap) -> list[tuple[int, FrozenBitMap]]:
        """Return points -> some of the programs found, the best first.

        Points tell how much of the text is met, a rare word more than a common one; of those that
        meet as much, programs in the city itself come before those around it.
        """
        tiers = {0: among}
        for points, bits in self._points():
            if not (some := among & bits):
                continue
            parted: dict[int, FrozenBitMap] = {}
            for before, of_tier in tiers.items():
                for now, part in ((before + points, of_tier & some), (before, of_tier - some)):
                    if part:
                        parted[now] = parted[now] | part if now in parted else part
            tiers = parted
        return sorted(tiers.items(), reverse=True)

    def _points(self) -> Iterator[tuple[int, FrozenBitMap]]:
        """Yield what programs count that meet a part of the text.

        That is more than what they count for their city, and for having its name in theirs.
        """
        index = self.index
        steps: list[tuple[int, FrozenBitMap]] = []
        for strong, weak in self._meanings:
            steps += [(SURE, strong), (POSSIBLE, weak - strong)]
        for _, credential in self.credentials:
            known, named, _ = self._ways_to(credential.code)
            steps += [(PREPARES, known), (NAMED, named - known)]
        for _, school in self.schools:
            if len(school.unitids) > 1 and not school.is_system:
                offers = (index["unitid"].get(unitid) for unitid in school.unitids)
                steps.append((LIKELIEST, next((bits for bits in offers if bits), NONE)))
        for bits in (*self.free.values(), *self.names):
            steps.append((rarity(bits, index), bits))
        if self.asked.is_of_schools:
            steps += [(SURE, self._of_awards())]
            steps = [(points, of_schools(index, bits)) for points, bits in steps]
        if modes := self.parameters.get("delivery"):
            steps += [
                (1, index[DELIVERY_TODAY].any_of(modes)),
                (1, index["delivery"].get(modes[0])),
            ]
        yield from ((points * 4, bits) for points, bits in steps)
        for place in self.where:
            if place.target.city and place.target.state:
                yield 2, index[CITY].get(city_key(place.target.city, place.target.state))
            typed = self.reading.tokens[place.span.start : place.span.end]
            yield 1, self._meeting_words(typed, (SCHOOL,))

    def _of_awards(self) -> FrozenBitMap:
        """Return the programs of awards that are named where schools are asked for."""
        targets = (span.meaning.target for span in self.of_programs)
        values = [
            value
            for target in targets
            if isinstance(target, FilterTarget) and target.parameter in AWARDS
            for value in target.values
        ]
        return FrozenBitMap.union(*(self.index[kind].any_of(values) for kind in AWARDS))


AWARDS = ("award_level", "award_group")
"""Kinds of terms of awards, as words name them."""

WORDS = (SUBJECT, SCHOOL, PLACE)
"""Where an unknown word is looked for."""

OF_SCHOOLS = frozenset({"control", "level"})
"""Filters that part schools as they do programs."""

WIDER = frozenset({Step.RADIUS, Step.STATE, Step.COUNTRY})

TO_BLAME = {Nothing.PLACE: "place", Nothing.SCHOOL: "school"}
"""Why nothing meets a text -> the need that is not met."""

COUNTRY = "country:"
"""Begins the key of what is foreign for it lies in another country."""


def is_country(span: Span) -> bool:
    """Return whether a foreign span is another country."""
    target = span.meaning.target
    return isinstance(target, NoteTarget) and target.key.startswith(COUNTRY)


def kin_of(codes: Iterable[str]) -> set[str]:
    """Return the fields of study that are related to some, those themselves among them."""
    asked = {*codes}
    return asked.union(*(group for group in KINDRED if group & asked))


def in_fields(index: Index, codes: Iterable[str]) -> FrozenBitMap:
    """Return the programs in fields, series or families of fields."""
    asked, terms = set(codes), index["cip_code"]
    groups = tuple(code for code in asked if len(code) < WHOLE_CODE)
    members = (code for code in terms.terms if code.startswith(groups)) if groups else ()
    return terms.any_of((*asked, *members))


WHOLE_CODE = len("51.0707")


def in_area(index: Index, area: AreaTarget) -> FrozenBitMap:
    """Return the programs in a place."""
    states = index["state"].any_of(area.states)
    if area.south_of is not None or area.north_of is not None:
        states = states & between_latitudes(index, area.north_of, area.south_of)
    return FrozenBitMap.union(
        states,
        index[COUNTY].any_of(area.counties),
        index[METRO].any_of(area.metros),
        within(index, area.center, area.miles),
    )


def between_latitudes(index: Index, south: float | None, north: float | None) -> FrozenBitMap:
    """Return the programs of schools between two latitudes; None: without a bound."""
    low = sin(radians(-90 if south is None else south))
    high = sin(radians(90 if north is None else north))
    places = (place for _, _, z, place in index.from_south if low <= z <= high)
    return FrozenBitMap.union(NONE, *map(index["point"].at, places))


def states_met(index: Index, programs: FrozenBitMap) -> list[str]:
    """Return the states that some programs lie in."""
    return [state for state, bits in index["state"].pairs() if bits.intersect(programs)]


def of_schools(index: Index, programs: FrozenBitMap) -> FrozenBitMap:
    """Return the first programs of the schools of some programs, which stand for the schools."""
    firsts = index.first_of_school
    return index[FIRST_OF_SCHOOL].known & FrozenBitMap(map(firsts.__getitem__, programs))


def rarity(bits: FrozenBitMap, index: Index) -> int:
    """Return what a word counts, by how many programs have it: 1 to ``MOST_RARE``."""
    every = len(index.every)
    if not bits or every < 2:
        return 1
    return max(1, round(MOST_RARE * log(every / len(bits)) / log(every)))
