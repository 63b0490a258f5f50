"""The search page: what is asked for, what is found, and where it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.messages import N_
from app.domain.places import Point, on_map
from app.domain.vocabulary import STATE_NAMES
from app.schemas.filters import FACETS, FACTS, NOT_ONLINE, label_of
from app.schemas.programs import ProgramFilters, ProgramItem, ProgramQuery, ProgramSearch
from app.schemas.reader import ReaderParams
from app.schemas.search import SearchResult
from app.search.places import USUAL_MILES
from app.search.reading.spans import Kind
from app.search.said import Alternative, Params
from app.search.telling import TextTold
from app.site import words
from app.site.languages import Language
from app.site.pages.cards import ProgramCard, program_card
from app.site.pages.visits import PageContext, to_address
from app.site.writing import Phrase, Writer

SHADES = 4
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter, and how many programs the search would find with it."""

    value: str
    label: Phrase
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A closed-list filter; ``unknown`` is the address that finds what nobody knows.

    ``known`` says of how many programs it is known, and of how many not, before it is used; None:
    of nearly all it is, or it is used already.
    """

    name: str
    label: str
    known: str | None
    choices: Sequence[Choice]
    unknown: str | None
    unknown_count: int

    @property
    def is_used(self) -> bool:
        """Whether the search is narrowed by it."""
        return any(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    label: Phrase
    address: str


@dataclass(frozen=True, slots=True)
class Region:
    """A state on the map: how deep it is shaded, from 0, and the search it leads to."""

    code: str
    title: str
    shade: int
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Map:
    """The states with how many programs are found in each, and places where these are few."""

    regions: Sequence[Region]
    points: Sequence[Point]
    steps: Sequence[str]
    alternative: str
    beyond: str


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Programs that may fit, but of which a fact asked for is not known: how many, and the first.

    ``links`` lead to those of which each such fact is not known.
    """

    count: int
    headline: str
    results: Sequence[ProgramCard]
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Places:
    """How many programs are around the place asked for, and how many online from elsewhere.

    ``away`` and ``elsewhere`` are None where those are not asked for; ``other`` leads to the search
    with them, or without, and is None where that is the same.
    """

    here: int
    away: int | None
    inside: str
    elsewhere: str | None
    other: Link | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Programs that are not counted as found, and why they are shown."""

    headline: str
    results: Sequence[ProgramCard]


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that answers the text and is no program; ``kind`` says what it is."""

    kind: str
    title: Phrase
    text: Phrase | None
    address: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How words were read, in a sentence, and the address of the search without them."""

    kind: str
    words: str
    said: Phrase
    without: str


@dataclass(frozen=True, slots=True)
class TextShown:
    """All that the page tells of a text: what answers it, how it was read, what was given up.

    ``nothing`` is why nothing meets all of it, ``nearest`` leads to names near one not known,
    ``also`` to the best of other kinds.
    """

    first: Sequence[Answer]
    readings: Sequence[Reading]
    choices: Sequence[Link]
    given_up: Sequence[Phrase]
    nothing: Phrase | None
    nearest: Sequence[Link]
    also: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Found:
    """All that the page shows of a search.

    ``elsewhere`` are those of the programs found that are taught online, and not around the place
    asked for. ``apart`` are programs that a fact asked for cannot apply to, ``beyond`` those that
    meet the rest of a text.
    """

    results: Sequence[ProgramCard]
    elsewhere: Sequence[ProgramCard]
    places: Places | None
    not_known: NotKnown | None
    apart: Beside | None
    beyond: Beside | None
    text: TextShown | None
    order_note: str | None
    total: int
    headline: str
    groups: Sequence[Group]
    filters: Sequence[Link]
    sorts: Sequence[tuple[str, str]]
    relaxations: Sequence[Link]
    left_out: Link | None
    next: str | None
    first: str | None
    map: Map | None
    json: str
    csv: str


class SearchPage:
    """Puts a search into words."""

    def __init__(
        self,
        visit: PageContext,
        writer: Writer,
        query: ProgramQuery,
    ) -> None:
        self._visit = visit
        self._write = writer
        self._query = query
        self._say = writer.speech.say

    def not_known(
        self,
        more: Mapping[str, Any],
        results: Sequence[ProgramCard],
    ) -> NotKnown | None:
        """Return the programs that may fit, where a fact is asked for that sources seldom tell."""
        count = more.get("not_known") or 0
        if not count:
            return None
        return NotKnown(
            count=count,
            headline=self._write.speech.say_count(
                "%(n)s program of which it is not known",
                "%(n)s programs of which it is not known",
                count,
            ),
            results=results,
            links=[self._unknown_link(one) for one in more["not_known_by"] if one["count"]],
        )

    def _unknown_link(self, fact: Mapping[str, Any]) -> Link:
        name, ask = fact["filter"], fact["ask"]
        starts = ("", "exclude_", "min_", "max_")
        own = [f"{start}{name}{end}" for start in starts for end in ("", "_usd", "_is")]
        pairs = [(key, value) for key, values in ask.items() for value in values]
        label = self._say(FACT_NOT_KNOWN, filter=self._say(label_of(name)))
        return Link(
            Phrase(f"{label} ({self._write.speech.number(fact['count'])})"),
            self._visit.here(*pairs, without=(*own, *ask, "cursor")),
        )

    def results(self, items: Iterable[ProgramItem]) -> list[ProgramCard]:
        """Return programs as cards, with how far each is from the place asked for."""
        return [self._result(item) for item in items]

    def _result(self, item: ProgramItem) -> ProgramCard:
        card = program_card(self._write, item)
        if item.distance_miles is None:
            return card
        miles = self._write.speech.say_count(
            "%(n)s mile away", "%(n)s miles away", item.distance_miles
        )
        return replace(card, place=f"{card.place} · {miles}")

    def places(self, inside: int, elsewhere: int) -> Places | None:
        """Return how many are found around the place asked for, and how many online elsewhere.

        Of a reader who told a state, how many are in it, and where those online are. None: neither
        was asked for.
        """
        if not self._query.near:
            return self._in_state(inside + elsewhere)
        speech, miles = self._write.speech, self._miles
        near = self._say(
            "%(n)s within %(miles)s miles", n=speech.number(inside), miles=speech.number(miles)
        )
        if not self._query.include_online:
            label = self._say("Show online programs from elsewhere too")
            too = self._visit.here(without=ONLINE_TOO)
            return Places(inside, None, near, None, Link(Phrase(label), too))
        online = self._say("%(n)s online from elsewhere", n=speech.number(elsewhere))
        label = self._say("Only within %(miles)s miles", miles=speech.number(miles))
        here = self._visit.here(("include_online", "false"), without=ONLINE_TOO)
        return Places(
            inside, elsewhere, near, online, Link(Phrase(label), here) if elsewhere else None
        )

    def _in_state(self, total: int) -> Places | None:
        home = self._query.home_state
        if [*self._query.state] != [home] or self._query.delivery:
            return None
        said = self._say(
            "%(n)s in %(place)s",
            n=self._write.speech.number(total),
            place=self._state(str(home)),
        )
        label = Phrase(self._say("Show those taught online, from anywhere"))
        online = self._visit.here(("delivery", "online"), without=("state", "cursor"))
        return Places(total, None, said, None, Link(label, online))

    @property
    def _miles(self) -> float:
        return self._query.within_miles or USUAL_MILES

    def headline(self, total: int, not_known: int | None = None) -> str:
        """Return how many programs are found, and of how many a fact asked for is not known."""
        if not_known:
            return self._known(total, not_known)
        if not total:
            return self._say("No program found")
        return self._write.speech.say_count("%(n)s program found", "%(n)s programs found", total)

    def _known(self, known: int, unknown: int) -> str:
        number = self._write.speech.number
        return self._say(
            "known for %(known)s programs, not for %(unknown)s",
            known=number(known),
            unknown=number(unknown),
        )

    def groups(
        self, facets: Mapping[str, list[dict[str, Any]]], titles: Mapping[str, str], total: int
    ) -> list[Group]:
        """Return the closed-list filters with their counts.

        Args:
            facets: Filter -> its values with their counts.
            titles: CIP code -> its title.
            total: Programs found.
        """
        groups = [self._group(name, facets[name], titles, total) for name in GROUPS]
        return [group for group in groups if group.choices or group.unknown]

    def _group(
        self, name: str, counts: list[dict[str, Any]], titles: Mapping[str, str], total: int
    ) -> Group:
        chosen = [str(value) for value in getattr(self._query, name)]
        found = {one["value"]: one["count"] for one in counts}
        asks_unknown = f"{name}_is" in ProgramFilters.model_fields
        unknown = found.get(UNKNOWN, 0)
        values = [value for value in found if value != UNKNOWN or (unknown and not asks_unknown)]
        values += [value for value in chosen if value not in found]
        if name == "state":
            values.sort(key=lambda code: (code not in chosen, self._state(code)))
        without = (name, f"{name}_is", "cursor")
        is_seldom_known = name in FACTS and not chosen and unknown <= total
        return Group(
            name=name,
            label=self._say(label_of(name)),
            known=self._known(total - unknown, unknown) if is_seldom_known else None,
            choices=[
                Choice(
                    value,
                    self._value(name, value, titles),
                    found.get(value, 0),
                    value in chosen,
                )
                for value in values
            ],
            unknown=self._visit.here((f"{name}_is", UNKNOWN), without=without)
            if asks_unknown and unknown
            else None,
            unknown_count=unknown,
        )

    def _state(self, code: str) -> str:
        return self._say(STATE_NAMES.get(code, code))

    def _value(self, name: str, value: str, titles: Mapping[str, str]) -> Phrase:
        bare = name.removeprefix("exclude_")
        if value == UNKNOWN:
            return Phrase(self._say(words.NOT_KNOWN))
        if bare == "state":
            return Phrase(self._state(value))
        if bare == "cip_code":
            title = titles.get(value)
            return self._write.english(f"{title} ({value})", "name") if title else Phrase(value)
        return self._write.word(VALUES[bare], value) if bare in VALUES else Phrase(value)

    def filters(self, titles: Mapping[str, str]) -> list[Link]:
        """Return what narrows the search, each with the address without it."""
        links = []
        for name, value in self._visit.kept():
            if name not in ProgramFilters.model_fields or name in TOLD_ELSEWHERE:
                continue
            links.append(Link(self._filter(name, value, titles), self._without(name, value)))
        return links

    def _without(self, name: str, value: str) -> str:
        """Return the address without a filter; where the reader lives is not forgotten."""
        if name == "near":
            home = [("home_state", self._visit.home)] if self._visit.home else []
            return self._visit.here(*home, without=(*AROUND, "home_state", "cursor"))
        return self._visit.without_value(name, value)

    def _filter(self, name: str, value: str, titles: Mapping[str, str]) -> Phrase:
        speech, label = self._write.speech, self._say(label_of(name))
        if name.endswith("_is"):
            pattern = FACT_NOT_KNOWN if value == UNKNOWN else FACT_KNOWN
            return Phrase(self._say(pattern, filter=label))
        if name == "near":
            miles = speech.number(self._miles)
            return Phrase(
                self._say("Within %(miles)s miles of %(place)s", miles=miles, place=value)
            )
        if pattern := BOUNDS.get(name[:4], ""):
            amount = float(value)
            shown = speech.dollars(amount) if name.endswith("_usd") else speech.number(amount)
        else:
            is_excluded = name.startswith("exclude_")
            pattern = EXCLUDED if is_excluded else ONLY
            shown = self._value(name, value, titles).text
        return Phrase(self._say(pattern, filter=label, value=shown))

    def sorts(self, usual: str) -> list[tuple[str, str]]:
        """Return the orders that can be asked for here, with their names; the usual one first."""
        orders = [
            (key, self._say(name))
            for key, name in words.SORTS.items()
            if key != usual and key != "relevance" and (key != "distance" or self._query.near)
        ]
        return [("", self._say(words.SORTS[usual])), *orders]

    def text(self, told: TextTold | None, also: Iterable[SearchResult] = ()) -> TextShown | None:
        """Return what the page tells of a text; None: no text was typed."""
        if told is None:
            return None
        return TextShown(
            first=[
                Answer(
                    one.kind, self._told(one.title), self._write.told(one.text), self._to(one.page)
                )
                for one in told.first
            ],
            readings=[
                Reading(one.kind, one.words, self._told(one.said), self._reading(one.rest, {}))
                for one in told.understood
                if one.kind != Kind.FILLER
            ],
            choices=[self._choice(one) for one in told.choices],
            given_up=[self._told(one.said) for one in told.given_up],
            nothing=self._told(told.nothing) if told.nothing else None,
            nearest=[self._choice(one) for one in told.nearest],
            also=[
                Answer(one.kind, self._told(one.title), None, self._to(one.page)) for one in also
            ],
        )

    def _to(self, page: str) -> str:
        path, mark, place = page.partition("#")
        return f"{self._visit.to(path)}{mark}{place}"

    def _told(self, text: str) -> Phrase:
        """Return a sentence or title of ours in the language of the page, and a name as it is."""
        return self._write.told(text, "name")

    def _choice(self, one: Alternative) -> Link:
        return Link(self._told(one.said), self._reading(one.text, one.query))

    def _reading(self, text: str | None, query: Params) -> str:
        """Return the address of this search with another text, and with parameters in it."""
        pairs = [(name, value) for name, values in query.items() for value in values]
        asked = [("q", text)] if text else []
        return self._visit.here(*asked, *pairs, without=("q", "cursor", *query))

    def apart(self, more: Mapping[str, Any], results: Sequence[ProgramCard]) -> Beside | None:
        """Return the programs that a fact asked for cannot apply to."""
        count = more.get("cannot_apply") or 0
        if not count:
            return None
        headline = self._write.speech.say_count(
            "%(n)s program of a kind to which it does not apply",
            "%(n)s programs of a kind to which it does not apply",
            count,
        )
        return Beside(headline, results)

    def beyond(self, told: TextTold | None, results: Sequence[ProgramCard]) -> Beside | None:
        """Return the programs that meet the rest of a text of which nothing meets all."""
        if told is None or not told.rest:
            return None
        headline = self._write.speech.say_count(
            "%(n)s program meets the rest of what you typed",
            "%(n)s programs meet the rest of what you typed",
            told.rest,
        )
        return Beside(headline, results)

    def relaxations(self, found: Iterable[Mapping[str, Any]]) -> list[Link]:
        """Return what the search would find without one of its filters."""
        links = []
        for one in found:
            name = one["without"]
            near = AROUND if name == "near" else ()
            label = self._write.speech.say_count(
                "%(n)s program without the filter",
                "%(n)s programs without the filter",
                one["total"],
            )
            links.append(
                Link(
                    Phrase(f"{label} “{self._say(label_of(name))}”"),
                    self._visit.here(without=(name, *near, "cursor")),
                )
            )
        return links

    def left_out(self, counts: Mapping[str, int]) -> Link | None:
        """Return how many programs are left out for their school is not open, and where they are.

        None: none are.
        """
        if not counts:
            return None
        label = self._write.speech.say_count(
            "%(n)s program of a school that has closed, merged or is closing is left out.",
            "%(n)s programs of schools that have closed, merged or are closing are left out.",
            sum(counts.values()),
        )
        asked = [("status", status) for status in counts]
        return Link(Phrase(label), self._visit.here(*asked, without=("cursor",)))

    def data(self) -> tuple[str, str]:
        """Return where the same search is answered as JSON, and whole as CSV."""
        given = (*self._visit.own, *self._visit.carried)
        asked = [pair for pair in given if pair[0] in ProgramSearch.model_fields]
        asked = [pair for pair in asked if pair[0] != "cursor"]
        filters = [pair for pair in asked if pair[0] in ProgramFilters.model_fields]
        return to_address("/v1/programs", asked), to_address("/v1/export/programs.csv", filters)

    def map(self, counts: list[dict[str, Any]], points: Iterable[Point]) -> Map:
        """Return the map of what is found by state, and by place where the places are given."""
        found = {one["value"]: one["count"] for one in counts if one["value"] != UNKNOWN}
        on_it = {code: count for code, count in found.items() if code in MAPPED}
        bounds = _steps(on_it.values())
        chosen = {str(code) for code in self._query.state}
        regions = [
            Region(
                code=code,
                title=f"{self._state(code)}: {on_it.get(code, 0)}",
                shade=sum(on_it.get(code, 0) >= bound for bound in bounds),
                address=self._visit.here(("state", code), without=("state", "cursor")),
                is_chosen=code in chosen,
            )
            for code in sorted(MAPPED)
        ]
        number = self._write.speech.number
        ends = [*(bound - 1 for bound in bounds[1:]), *([max(on_it.values())] if bounds else [])]
        steps = [
            number(low) if low == high else f"{number(low)}-{number(high)}"
            for low, high in zip(bounds, ends, strict=True)
        ]
        most = sorted(on_it.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
        listed = ", ".join(f"{self._state(code)} {number(count)}" for code, count in most)
        beyond = ", ".join(
            f"{self._state(code)} {number(count)}"
            for code, count in sorted(found.items())
            if code not in MAPPED
        )
        return Map(
            regions=regions,
            points=[place for point in points if (place := on_map(point))],
            steps=steps,
            alternative=self._say(
                "Map of the programs found by state. Most are in: %(listed)s.", listed=listed
            )
            if listed
            else self._say("Map of the states; no program is found in any."),
            beyond=beyond,
        )


AROUND = ("near", "within_miles", "include_online")
ONLINE_TOO = ("include_online", "cursor")
TOLD_ELSEWHERE = ("q", "within_miles", "include_online", *ReaderParams.model_fields)
"""Filters that are told in the form, with the place, or at the head of the page."""

GROUPS = tuple(name for name in FACETS if name != "level")
"""Filters to choose from, in the order of the page."""

VALUES = {
    "award_level": words.AWARDS,
    "control": words.CONTROLS,
    "level": words.INSTITUTION_LEVELS,
    "delivery": {**words.DELIVERIES, NOT_ONLINE: words.NOT_ONLINE},
    "completion_online": words.ONLINE_ANSWERS,
    "accreditation": words.ACCREDITED,
    "practicum": words.PRACTICA,
    "transfer": words.TRANSFERS,
    "topic": words.TOPICS,
    "leads_to": words.LED_TO,
    "status": words.OPERATIONS,
    "distance_only": words.DISTANCE_ONLY,
}
"""Closed-list filter -> the words for its values."""

FACT_KNOWN, FACT_NOT_KNOWN = N_("%(filter)s: known"), N_("%(filter)s: not known")
ONLY, EXCLUDED = N_("%(filter)s: %(value)s"), N_("%(filter)s: not %(value)s")
BOUNDS = {
    "min_": N_("%(filter)s: at least %(value)s"),
    "max_": N_("%(filter)s: at most %(value)s"),
}

STATIC_MAP = "us.svg"
"""File with the outline of every state on the map, each by its code."""

TERRITORIES = frozenset({"AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"})
MAPPED = frozenset(STATE_NAMES) - TERRITORIES


def suggestion_kinds(speech: Language) -> dict[str, str]:
    """Return the words for the kinds of suggestions."""
    return {str(kind): speech.say(word) for kind, word in words.SUGGESTIONS.items()}


def _steps(counts: Iterable[int]) -> list[int]:
    """Return the least count of each shade: as many states in one as in another, about."""
    ordered = sorted(count for count in counts if count)
    if not ordered:
        return []
    return sorted({ordered[len(ordered) * step // SHADES] for step in range(SHADES)})
