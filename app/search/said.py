"""How a text was read and what was given up, told in sentences that people read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Literal

from app.domain.messages import N_, Listing, Message, either, word
from app.search.index import CITY, Index, city_key
from app.search.places import AS_SURELY
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    FilterTarget,
    Kind,
    NoteTarget,
    SchoolTarget,
    Span,
    Surface,
    Target,
)
from app.search.text import (
    FILTER_OF,
    WIDER_MILES,
    Nothing,
    Step,
    TextMatches,
    is_country,
    is_state,
    states_of,
)

Use = Literal["filter", "required", "preferred", "score", "left_out"]

Params = Mapping[str, Sequence[str]]
"""Parameter of a search -> its values."""

MOST_TOLD = 3
"""Schools or fields named in one sentence."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What some words of a text were read as.

    ``rest`` is the text without them, None where nothing is left; ``query`` are the parameters
    that they stand for.
    """

    words: str
    kind: str
    used: Use
    because: str
    said: Message
    rest: str | None
    query: Params = field(default_factory=dict)
    read_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something else that words of a text may mean: the text and parameters that ask for it."""

    words: str
    said: str
    text: str | None
    query: Params


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Something that a text asked for and nothing met."""

    step: str
    said: Message


class Told:
    """Puts what a text found into sentences; ``given_up`` are parameters and steps."""

    def __init__(self, text: TextMatches, given_up: Sequence[str]) -> None:
        self._text = text
        self._index = text.index
        self._tokens = text.reading.tokens
        self._given_up = given_up
        self._places = {place.span.start: place for place in text.places}
        self._schools_at = {span.start: target for span, target in text.schools}

    def understood(self) -> list[Understanding]:
        """Return what every token was read as, in the order of the text."""
        told = [(span.start, self._span(span)) for span in self._text.reading.spans]
        names = zip(self._text.runs, self._text.names, strict=True)
        told += [(run[0], self._name(*run, bool(bits))) for run, bits in names]
        told += [(at, self._free(at, bool(bits))) for at, bits in self._text.free.items()]
        return [one for _, one in sorted(told, key=lambda pair: pair[0])]

    def choices(self) -> list[Alternative]:
        """Return what the words may mean otherwise, the likeliest first."""
        text, found = self._text, []
        for place in text.places:
            likely = (one for one in place.others if self._is_likely(one, place.surface))
            found += [self._other(place.span, one) for one in likely]
        for span, school in text.schools:
            if len(school.unitids) > 1 and not school.is_system:
                found += [self._school(span, unitid) for unitid in school.unitids]
        for span in text.reading.spans:
            least = span.meaning.weight * AS_SURELY
            kinds = (Kind.AREA, span.meaning.kind)
            others = (one for one in span.others if one.kind not in kinds and one.weight >= least)
            found += [self._other(span, one) for one in others]
        taken = [span.meaning.target for span in text.reading.spans]
        second = text.reading.second
        for span in second.spans if second else ():
            if span.meaning.target not in taken:
                found.append(self._other(span, span.meaning))
        told = [place.target.name for place in text.places]
        kept = [one for one in found if one is not None and one.said not in told]
        return list({str(one.said): one for one in kept}.values())[:MOST_CHOICES]

    def _is_likely(self, other: Surface, taken: Surface) -> bool:
        """Return whether a place may be meant: about as likely, or with programs in the city."""
        area = other.target
        if other.weight >= taken.weight * AS_SURELY or not isinstance(area, AreaTarget):
            return True
        return city_key(area.city or "", area.state or "") in self._index[CITY]

    def losses(self) -> list[GivenUp]:
        """Return what was given up so that something is found."""
        return [GivenUp(step, self._lost(step)) for step in self._given_up]

    def nothing(self) -> Message:
        """Return why nothing meets the text."""
        text, index = self._text, self._index
        match text.nothing:
            case Nothing.UNKNOWN_NAME:
                names = listed([f"“{name}”" for name in text.unknown_names])
                return Message("No school or place %(names)s is known here.", names=names)
            case Nothing.SCHOOL:
                schools = [unitid for _, target in text.schools for unitid in target.unitids]
                return Message(
                    "%(schools)s is known here, but has no program in this catalog.",
                    schools=listed([school_name(index, unitid) for unitid in schools]),
                )
            case Nothing.PLACE:
                places = listed([place.target.name for place in text.where])
                return Message("No program is known in %(places)s.", places=places)
            case _:
                foreign = [s for s in text.reading.spans if s.meaning.kind is Kind.FOREIGN]
                return Listing(" ", [self._foreign(span) for span in foreign])

    def nearest(self) -> list[Alternative]:
        """Return schools and cities whose names are near those that are not known."""
        names = [one for name in self._text.unknown_names for one in self._near(name)]
        return names[:MOST_NEAR]

    def _without(self, start: int, end: int) -> str | None:
        rest = " ".join((*self._tokens[:start], *self._tokens[end:]))
        return rest if len(rest) > 1 else None

    def _span(self, span: Span) -> Understanding:
        meaning, target = span.meaning, span.meaning.target
        place = self._places.get(span.start)
        if place:
            meaning = place.surface
        if schools := self._schools_at.get(span.start):
            meaning = replace(meaning, target=schools)
        used, because = self._use(span), BECAUSE.get(meaning.kind, "everyday word")
        query = self._loosened(parameters_of(meaning), meaning)
        if isinstance(target, AreaTarget):
            because = (
                "ZIP code" if target.zip_code else "state" if place and place.is_state else because
            )
        if span in self._text.decided:
            said = Message("“%(words)s” is left out, for a filter decides it.", words=span.typed)
            because, query = "decided by a filter", {}
        elif used == "left_out" and span in self._text.of_programs:
            said = Message(
                "“%(words)s” is left out, for it tells programs apart and not schools.",
                words=span.typed,
            )
            because, query = "means nothing here", {}
        else:
            said = self._sentence(span, meaning)
        if span.mended:
            because = "spelling"
            mended = Message(
                "“%(words)s” is not known here; it was read as “%(mended)s”.",
                words=span.typed,
                mended=span.mended,
            )
            said = Listing(" ", [mended, said])
        return Understanding(
            words=span.typed,
            kind=str(meaning.kind),
            used=used,
            because=because,
            said=said,
            rest=self._without(span.start, span.end),
            query=query,
            read_as=tuple(f"{name}={value}" for name, values in query.items() for value in values),
        )

    def _loosened(self, query: dict[str, list[str]], meaning: Surface) -> dict[str, list[str]]:
        """Return parameters for a meaning as it is met after what was given up."""
        given_up, target = self._text.relaxed, meaning.target
        if isinstance(target, FieldTarget):
            codes = self._text.codes_met(target)
            return {**query, "cip_code": codes} if codes else {}
        if isinstance(target, AreaTarget):
            if Step.COUNTRY in given_up:
                return {}
            if Step.STATE in given_up and (states := sorted(states_of(target))):
                return {"state": states}
            if Step.RADIUS in given_up and "within_miles" in query:
                return {**query, "within_miles": [f"{WIDER_MILES:g}"]}
        return query

    def _use(self, span: Span) -> Use:
        kind, target = span.meaning.kind, span.meaning.target
        place = self._places.get(span.start)
        if span in self._text.decided or kind in LEFT_OUT:
            return "left_out"
        if span in self._text.of_programs:
            return "score" if kind is Kind.AWARD else "left_out"
        if place:
            return "left_out" if Step.COUNTRY in self._given_up else "filter"
        if isinstance(target, FilterTarget):
            name = FILTER_OF.get(target.parameter, target.parameter)
            return "left_out" if name in self._given_up else USES.get(kind, "filter")
        given_up = self._text.relaxed
        if (kind is Kind.FIELD and Step.FIELD in given_up) or (
            kind is Kind.CREDENTIAL and Step.CREDENTIAL in given_up
        ):
            return "left_out"
        if self._text.asked.is_of_schools and kind in (Kind.FIELD, Kind.CREDENTIAL):
            return "score"
        return "required"

    def _name(self, start: int, end: int, is_met: bool) -> Understanding:
        words = " ".join(self._tokens[start:end])
        is_needed = is_met or self._text.nothing is Nothing.UNKNOWN_NAME
        return Understanding(
            words=words,
            kind="name",
            used="required" if is_needed else "left_out",
            because="words of a name" if is_met else "not known",
            said=Message(FOUND_WORDS if is_met else UNKNOWN_WORDS, words=words),
            rest=self._without(start, end),
        )

    def _free(self, at: int, is_met: bool) -> Understanding:
        words = self._tokens[at]
        return Understanding(
            words=words,
            kind="word",
            used="score" if is_met else "left_out",
            because="word" if is_met else "not known",
            said=Message(SCORED_WORD if is_met else UNKNOWN_WORDS, words=words),
            rest=self._without(at, at + 1),
        )

    def _sentence(self, span: Span, meaning: Surface) -> Message:
        """Return what words were read as."""
        said = self._meaning(span, meaning)
        pattern = N_("“%(words)s”: %(meaning)s.")
        return Message(pattern, words=span.typed, meaning=said)

    def _meaning(self, span: Span, meaning: Surface) -> Message:
        """Return what a surface means, as words within a sentence."""
        target = meaning.target
        match target:
            case AreaTarget():
                return self._area(span, target)
            case SchoolTarget():
                return self._schools(target)
            case FieldTarget():
                return self._fields(target)
            case CredentialTarget():
                return self._credential(target)
            case FilterTarget():
                return self._filter(meaning.kind, target)
            case NoteTarget() if meaning.kind is Kind.FOREIGN:
                return self._foreign_words(span)
            case NoteTarget() if meaning.kind is Kind.UNTOLD:
                return Message(UNTOLD.get(target.key, NOT_IN_DATA))
            case NoteTarget():
                return Message("a question that a page answers")
            case _:
                return Message("means nothing here by itself")

    def _area(self, span: Span, area: AreaTarget) -> Message:
        place = self._places.get(span.start)
        if place and not any(place is one for one in self._text.where):
            return Message("tells which place is meant")
        if area.center is not None:
            return Message(
                "within %(miles)s miles of %(place)s", miles=f"{area.miles:g}", place=area.name
            )
        return Message("in %(place)s", place=area.name)

    def _schools(self, target: SchoolTarget) -> Message:
        names = listed([school_name(self._index, unitid) for unitid in target.unitids])
        if target.is_system:
            return Message("a system of schools: %(schools)s", schools=names)
        if len(target.unitids) > 1:
            return Message("the name of several schools: %(schools)s", schools=names)
        return Message("the school %(schools)s", schools=names)

    def _fields(self, target: FieldTarget) -> Message:
        titles = self._index.known.cip_codes
        fields = listed([titles.get(code, code) for code in target.strong])
        if target.award_groups:
            awards = either(word(group) for group in target.award_groups)
            return Message("%(award)s in the field %(fields)s", award=awards, fields=fields)
        return Message("the field %(fields)s", fields=fields)

    def _credential(self, target: CredentialTarget) -> Message:
        title = self._index.known.credential_titles.get(target.code)
        name = f"{target.code}, {title.title}" if title else target.code
        known = self._index["credential"].get(target.code)
        if not known:
            return Message(
                "the credential %(name)s; no program says that it prepares for it", name=name
            )
        return Message(
            "the credential %(name)s; programs that say they prepare for it come first", name=name
        )

    def _filter(self, kind: Kind, target: FilterTarget) -> Message:
        first = target.values[0]
        match kind:
            case Kind.PRICE:
                return Message("at most $%(amount)s", amount=f"{float(first):,.0f}")
            case Kind.LENGTH:
                return Message("at most %(months)s months", months=first)
            case Kind.SORT:
                return Message(ORDERS.get(first, N_("the order")))
            case Kind.DELIVERY | Kind.ACCREDITATION | Kind.PRACTICUM | Kind.TRANSFER:
                fact = (
                    Message(FACTS[kind])
                    if kind in FACTS
                    else Message(either(map(word, target.values)))
                )
                return Message(
                    "%(fact)s; programs known for it come first, those of which it is not known "
                    "stand apart",
                    fact=fact,
                )
        return Message(either(word(value) for value in target.values))

    def _foreign_words(self, span: Span) -> Message:
        if is_country(span):
            return Message("a place outside of the United States, of which no program is held here")
        return Message("not a field of this catalog, which holds health information programs")

    def _foreign(self, span: Span) -> Message:
        return self._sentence(span, span.meaning)

    def _lost(self, step: str) -> Message:
        """Return what was given up by a step."""
        places = listed([place.target.name for place in self._text.where])
        fields = listed([span.typed for span, _ in self._text.fields])
        schools = listed(
            [school_name(self._index, one) for _, s in self._text.schools for one in s.unitids]
        )
        match step:
            case Step.RADIUS:
                return Message(
                    "Nothing is nearer than %(miles)s miles, so it is looked for farther away.",
                    miles=f"{max(place.target.miles for place in self._text.where):g}",
                )
            case Step.POSSIBLE:
                return Message("Fields that %(fields)s may mean as well are shown.", fields=fields)
            case Step.STATE:
                return Message(
                    "Nothing is near %(places)s: the whole state is shown.", places=places
                )
            case Step.FAMILY:
                return Message("Nothing is in just this field: related fields are shown.")
            case Step.COUNTRY if self._text.schools:
                return Message(
                    "%(schools)s has nothing of this in %(places)s.", schools=schools, places=places
                )
            case Step.COUNTRY:
                return Message(
                    "Nothing of this is known in %(places)s: the whole country is shown.",
                    places=places,
                )
            case Step.FIELD:
                return Message(
                    "%(schools)s has no program in this field: its other programs are shown.",
                    schools=schools,
                )
            case Step.CREDENTIAL:
                return Message("No such program is known to prepare for this credential.")
        return Message(
            "No program is known that meets “%(words)s”, which is left out.",
            words=" ".join(
                span.typed
                for span, target in self._text.of_kind(FilterTarget)
                if FILTER_OF.get(target.parameter, target.parameter) == step
            ),
        )

    def _other(self, span: Span, surface: Surface) -> Alternative | None:
        """Return another meaning of words; None: it cannot be asked for."""
        target = surface.target
        before, after = self._tokens[: span.start], self._tokens[span.end :]
        if isinstance(target, AreaTarget):
            text = " ".join((*before, target.name, *after))
            return Alternative(span.typed, target.name, text, {})
        query = parameters_of(surface)
        if not query:
            return None
        said = self._meaning(span, surface)
        return Alternative(span.typed, said, self._without(span.start, span.end), query)

    def _school(self, span: Span, unitid: int) -> Alternative | None:
        if not (known := self._index.known.schools.get(unitid)):
            return None
        rest = self._without(span.start, span.end)
        return Alternative(span.typed, known.name, rest, {"unitid": [str(unitid)]})

    def _near(self, name: str) -> list[Alternative]:
        """Return the schools and cities whose names begin like an unknown one, the likest first."""
        lexicon = self._index.lexicon
        found: dict[Target, tuple[float, Surface]] = {}
        for letters in BEGINNINGS:
            for surface in lexicon.starting(name[:letters], MOST_COMPARED):
                if surface.kind in (Kind.SCHOOL, Kind.AREA):
                    likeness = SequenceMatcher(None, name, surface.text).ratio()
                    found.setdefault(surface.target, (likeness, surface))
            if len(found) >= MOST_NEAR:
                break
        likest = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].text))
        runs = {" ".join(self._tokens[slice(*run)]): run for run in self._text.runs}
        start, end = runs[name]
        near = (self._other(Span(start, end, name, one), one) for _, one in likest[:MOST_NEAR])
        return [one for one in near if one is not None]


def listed(names: Sequence[str]) -> Message:
    """Return the first of some names, and how many more there are."""
    first = Listing(", ", names[:MOST_TOLD])
    if len(names) <= MOST_TOLD:
        return first
    return Message("%(names)s and %(n)s more", names=first, n=str(len(names) - MOST_TOLD))


def school_name(index: Index, unitid: int) -> str:
    """Return the name of a school, or its key where it is not known."""
    known = index.known.schools.get(unitid)
    return known.name if known else str(unitid)


def parameters_of(surface: Surface) -> dict[str, list[str]]:
    """Return the parameters of a search that stand for a meaning; none where there are none."""
    match surface.target:
        case AreaTarget(zip_code=str(code), miles=miles):
            return {"near": [code], "within_miles": [f"{miles:g}"]}
        case AreaTarget(city=str(city), state=str(state), miles=miles):
            return {"near": [f"{city}, {state}"], "within_miles": [f"{miles:g}"]}
        case AreaTarget(center=tuple(center), miles=miles):
            latitude, longitude = center
            near = f"{latitude:.4f},{longitude:.4f}"
            return {"near": [near], "within_miles": [f"{miles:g}"]}
        case AreaTarget() as area if is_state(area):
            return {"state": list(area.states)}
        case SchoolTarget(unitids=unitids):
            return {"unitid": [str(unitid) for unitid in unitids]}
        case FieldTarget(strong=strong, award_groups=groups):
            awards = {"award_level": list(groups)} if groups else {}
            return {"cip_code": list(strong), **awards}
        case FilterTarget(parameter=parameter, values=values):
            return {FILTER_OF.get(parameter, parameter): list(values)}
        case CredentialTarget(code=code):
            return {"credential": [code]}
    return {}


BEGINNINGS, MOST_COMPARED, MOST_NEAR, MOST_CHOICES = (4, 3, 2), 150, 5, 6
"""Letters that names near an unknown one begin with; names compared with it, and told; choices."""

LEFT_OUT = frozenset({Kind.FILLER, Kind.UNTOLD, Kind.PAGE})

USES: Mapping[Kind, Use] = {
    **dict.fromkeys(
        (Kind.DELIVERY, Kind.ACCREDITATION, Kind.PRACTICUM, Kind.TRANSFER, Kind.SORT), "preferred"
    ),
}
"""Kind of words for a parameter -> how they are used, where they do not filter."""

BECAUSE: Mapping[Kind, str] = {
    Kind.SCHOOL: "school",
    Kind.AREA: "place",
    Kind.CREDENTIAL: "credential",
    Kind.PAGE: "question",
    Kind.UNTOLD: "cannot be told from the data",
    Kind.FOREIGN: "not a field of this catalogue",
    Kind.FILLER: "means nothing here",
}
"""Kind -> why words are read as they are; all others are everyday words."""

FOUND_WORDS = N_("“%(words)s”: words in the name of a school, a program or a place.")
UNKNOWN_WORDS = N_("“%(words)s” is not known here.")
SCORED_WORD = N_("“%(words)s”: programs with this word in a name come first.")

NOT_IN_DATA = N_("cannot be told from the data")
UNTOLD: Mapping[str, str] = {
    "admission": N_("how hard it is to get in cannot be told from the data"),
    "aid": N_("help with the cost is told on the page of a school, not in this search"),
    "campus": N_("services on campus cannot be told from the data"),
    "difficulty": N_("how hard a program is cannot be told from the data"),
    "free": N_("no program is known to be free; order by tuition to see the lowest price first"),
    "international": N_("what holds for students from abroad cannot be told from the data"),
    "job_guarantee": N_("no school can guarantee a job, and none is told here"),
    "language": N_("the language of teaching cannot be told from the data"),
    "near": N_("asks for a place: type a city or a ZIP code"),
    "outcomes": N_("results of exams cannot be told from the data"),
    "pace": N_("full time or part time cannot be told from the data"),
    "schedule": N_("days and hours of classes cannot be told from the data"),
    "start": N_("when classes begin cannot be told from the data"),
    "student_body": N_("what a campus is like cannot be told from the data"),
}
"""Key of a wish that no data can meet -> what is said of it."""

ORDERS: Mapping[str, str] = {
    "tuition": N_("the lowest tuition and fees first"),
    "total_cost": N_("the lowest total cost first"),
    "length": N_("the shortest first"),
    "score": N_("what can be verified most first"),
    "completions": N_("the most graduates first"),
    "distance": N_("the nearest first"),
}
"""Order that words ask for -> what it puts first."""

FACTS: Mapping[Kind, str] = {
    Kind.ACCREDITATION: N_("accredited programs"),
    Kind.PRACTICUM: N_("a practicum"),
    Kind.TRANSFER: N_("a way to move credits"),
}
