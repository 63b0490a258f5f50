"""What schools are called: names, aliases, former ones, systems, web hosts, parts, initials, codes.

Weights are by how surely a name of a sort means the school: its own name 1, an alias or a former
name less, parts of names and initials least.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.domain.text.identifiers import to_host
from app.domain.vocabulary import STATE_NAMES
from app.search.reading.cities import large_cities
from app.search.reading.common import common_words
from app.search.reading.folding import fold_surface, forms_of, spellings_of
from app.search.reading.hand_files import HandRows
from app.search.reading.lexicon import Rarity
from app.search.reading.mending import Spelling
from app.search.reading.spans import Kind, SchoolTarget, Surface


@dataclass(frozen=True, slots=True)
class School:
    """A school of the directory."""

    unitid: int
    opeid: str | None
    name: str
    aliases: Sequence[str]
    former_names: Sequence[str]
    system_name: str | None
    city: str | None
    state: str
    county_code: str | None
    county_name: str | None
    metro: str | None
    """CBSA code of a metropolitan area, not of a micropolitan one."""
    website: str | None
    programs: int
    is_public: bool
    successor: int | None = None
    """The school that it became part of."""


NAME, MAIN_CAMPUS, FORMER, ALIAS, CAMPUS, HOST = 1.0, 0.95, 0.9, 0.85, 0.8, 0.75
OTHER_CAMPUS, TURNED, PART, TURNED_UNIVERSITY, INITIALS = 0.7, 0.7, 0.6, 0.5, 0.4
"""How surely a name of a sort means a school."""

LIKE_PLACE, LIKE_WORD = 0.25, 0.3
"""The same of a partial name that is the name of a state or known city, or an everyday word."""

MOST_OF_INITIALS, MOST_OF_HOST = 12, 3
"""Schools that share initials, or a web host, of which the reader may be asked which."""

SMALL_WORDS = frozenset({"of", "the", "at", "and", "in", "for", "a", "de", "la"})


def school_surfaces(schools: Iterable[School], hand: HandRows, rarity: Rarity) -> Iterator[Surface]:
    """Yield all names of schools; what ``hand`` says otherwise of a text is no part of a name."""
    ordered = sorted(schools, key=lambda one: -one.programs)
    yield from _Names(ordered, hand).surfaces()
    yield from _systems(ordered, hand, rarity)
    for one in ordered:
        target = SchoolTarget((one.unitid,))
        codes = {str(one.unitid)}
        if one.opeid:
            codes |= {one.opeid, one.opeid[:6]} if one.opeid.endswith("00") else {one.opeid}
        for code in codes:
            yield Surface(code, Kind.SCHOOL, target, 1.0, "any", "ipeds-code", 2.0)


class _Names:
    """Folded names of schools, each with the schools that go by it, how surely, and who says so."""

    def __init__(self, schools: Sequence[School], hand: HandRows) -> None:
        self._found: dict[str, dict[int, tuple[float, str]]] = defaultdict(dict)
        self._schools = {one.unitid: one for one in schools}
        self._taken = hand.not_schools
        self._common = common_words()
        self._counties = {fold_surface(one.county_name) for one in schools if one.county_name}
        spelling = Spelling(
            Counter(word for one in schools for word in fold_surface(one.name).split())
        )
        for one in schools:
            self._add_names(one)
            for alias in _aliases(one):
                if not any(map(spelling.is_misspelled, fold_surface(alias).split())):
                    self._add_loose(alias, "ipeds-alias", ALIAS, one)
        self._add_parts(schools)
        self._add_hosts(schools)

    def surfaces(self) -> Iterator[Surface]:
        """Yield all of them."""
        for text, schools in self._found.items():
            for unitid, (weight, source) in schools.items():
                one = self._schools[unitid]
                target = SchoolTarget((unitid, *((one.successor,) if one.successor else ())))
                likely = weight * _liveliness(one)
                yield Surface(text, Kind.SCHOOL, target, likely, "any", source, OF_SCHOOL)

    def _add(self, name: str, source: str, weight: float, one: School) -> None:
        for text in spellings_of(name):
            for form in {text, _without_small(text)}:
                known = self._found[form].get(one.unitid)
                if len(form) > 1 and (known is None or known[0] < weight):
                    self._found[form][one.unitid] = (weight, source)

    def _add_loose(self, name: str, source: str, weight: float, one: School) -> None:
        """Add a name that is not the school's own, unless it is a word for something else."""
        text = fold_surface(name)
        if not self._taken.isdisjoint((text, *forms_of(text))):
            return
        if text in _places() or text in self._counties or self._is_of_its_city(text, source, one):
            weight = min(weight, LIKE_PLACE)
        elif not self._common.isdisjoint((text, *forms_of(text))):
            if not one.programs:
                return
            weight = min(weight, LIKE_WORD)
        self._add(name, source, weight, one)

    def _is_of_its_city(self, text: str, source: str, one: School) -> bool:
        """Return whether a name is that of the city that the school is in, which is meant sooner.

        But for universities, which make the names of their cities known.
        """
        is_university = source == "short-name" and "university" in one.name.lower()
        return text == fold_surface(one.city or "") and not is_university

    def _add_names(self, one: School) -> None:
        self._add(one.name, "ipeds-name", NAME, one)
        self._add(re.sub(r"^the ", "", one.name, flags=re.IGNORECASE), "ipeds-name", NAME, one)
        for name in one.former_names:
            self._add(name, "former-name", FORMER, one)
        if turned := _turned(one.name):
            is_university = "university" in turned.lower()  # of which the other often is one too
            weight = TURNED_UNIVERSITY if is_university else TURNED
            self._add_loose(turned, "turned-name", weight, one)
        head, campus = _parted(one.name)
        if campus:
            weight = MAIN_CAMPUS if _MAIN.match(campus) else OTHER_CAMPUS
            self._add(head, "ipeds-name", weight, one)
            self._add(f"{_initials(head)} {campus}", "initials", CAMPUS, one)

    def _add_parts(self, schools: Iterable[School]) -> None:
        """Add names without their tails where they are one school's alone, and initials."""
        parts: dict[str, list[School]] = defaultdict(list)
        initials: dict[str, list[School]] = defaultdict(list)
        for one in schools:
            head = fold_surface(_parted(one.name)[0])
            for part in _shorter(head):
                parts[part].append(one)
            if " " in (campus := fold_surface(_parted(one.name)[1])):
                parts[campus].append(one)
            if one.programs and len(letters := _initials(head)) >= 3:
                initials[letters].append(one)
        whole = set(self._found)
        for part, some in parts.items():
            listed = [one for one in some if one.programs] or some
            if (
                len({fold_surface(_parted(one.name)[0]) for one in listed}) == 1
                and part not in whole
            ):
                for one in listed:
                    self._add_loose(part, "short-name", PART, one)
        for letters, some in initials.items():
            if len(some) <= MOST_OF_INITIALS:
                for one in some:
                    self._add_loose(letters, "initials", INITIALS, one)

    def _add_hosts(self, schools: Iterable[School]) -> None:
        by_label: dict[str, list[School]] = defaultdict(list)
        for one in schools:
            if one.website and (label := _label(to_host(one.website))):
                by_label[label].append(one)
        for label, some in by_label.items():
            if len(some) <= MOST_OF_HOST:
                for one in some:
                    self._add_loose(label, "web-host", HOST, one)


OF_SCHOOL = 1.8
"""Rarity of the name of a school."""


def _liveliness(one: School) -> float:
    """Return how likely a school is asked for here, among others of its name: by its programs."""
    if not one.programs and not one.successor:
        return 0.8
    return 0.9 + min(one.programs, 20) / 200


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Return the folded names of states and of cities with several ZIP codes."""
    states = (*STATE_NAMES, *STATE_NAMES.values())
    return frozenset((*map(fold_surface, states), *large_cities()))


_MAIN = re.compile(r"main|central campus|university park|columbia$|global campus", re.IGNORECASE)
_PARTED = re.compile(
    r"(?P<head>.*\b(?:university|college|institute|school|academy|system|tech|center)\b.*?)"
    r"(?:-| at )(?P<campus>.+)",
    re.IGNORECASE,
)


def _parted(name: str) -> tuple[str, str]:
    """Return a name and its campus: "Purdue University", "Fort Wayne"; "" for one without."""
    match = _PARTED.fullmatch(name)
    if match and " " not in match["head"].strip():  # "University at Buffalo"
        match = None
    head, campus = (match["head"], match["campus"]) if match else (name, "")
    return re.sub(r"^the ", "", head.strip(), flags=re.IGNORECASE), campus.strip()


_KIND = r"(?P<kind>(?:community |technical |state |career )?(?:college|university))"
_OF_PLACE = re.compile(rf"{_KIND} of (?P<place>[^-]+)", re.IGNORECASE)
_PLACE_FIRST = re.compile(rf"(?P<place>[^-]+?) {_KIND}", re.IGNORECASE)


def _turned(name: str) -> str | None:
    """Return a name the other way round: "Denver Community College" of what is one of Denver."""
    if match := _OF_PLACE.fullmatch(name):
        return f"{match['place']} {match['kind']}"
    if match := _PLACE_FIRST.fullmatch(name):
        return f"{match['kind']} of {match['place']}"
    return None


def _initials(name: str) -> str:
    words = fold_surface(name).split()
    return "".join(word[0] for word in words if word not in SMALL_WORDS)[:6]


def _without_small(text: str) -> str:
    return " ".join(word for word in text.split() if word not in ("the", "at", "in"))


def _aliases(one: School) -> Iterator[str]:
    """Yield the aliases of a school; the directory has several in a cell, however parted."""
    for alias in one.aliases:
        for part in re.split(r"[,;|/]|\s{2,}|\bor\b|\bformerly\b", alias):
            folded = fold_surface(part)
            if len(folded) >= 2 and not folded.isdigit() and len(folded.split()) <= 10:
                yield part


_HEAD = re.compile(r"^(?:university|college) of (?:the )?")
_TAIL = frozenset(
    "college colleges university institute school schools academy center system community area "
    "technical technology junior career county city state district of and".split()
)
_NOT_LAST = frozenset("community area junior career of and".split())


def _shorter(name: str) -> Iterator[str]:
    """Yield a folded name without its beginning "university of", and without its tails."""
    words = _HEAD.sub("", name).split()
    if len(words) < len(name.split()):
        yield " ".join(words)
    while len(words) > 1 and words[-1] in _TAIL:
        words.pop()
        part = " ".join(words)
        if words[-1] not in _NOT_LAST and len(part) > 3:
            yield part


def _label(host: str) -> str | None:
    """Return what a host is called: "uga" of uga.edu; None for one whose name tells nothing."""
    parts = host.split(".")
    if len(parts) < 2:
        return None
    label = parts[-2]
    if label in ("edu", "cc", "k12", "com", "org", "net") or len(label) < 2:
        return parts[-3] if len(parts) > 2 else None
    return label


def _systems(schools: Iterable[School], hand: HandRows, rarity: Rarity) -> Iterator[Surface]:
    by_system: dict[str, list[School]] = defaultdict(list)
    by_domain: dict[str, list[School]] = defaultdict(list)
    for one in schools:
        if one.system_name:
            by_system[one.system_name].append(one)
        if one.website:
            by_domain[".".join(to_host(one.website).split(".")[-2:])].append(one)
    taken = (hand.not_schools, _places())
    for name, some in by_system.items():
        bare = re.sub(r",? (inc|llc|ltd|corporation|corp)\b\.?", "", name, flags=re.IGNORECASE)
        if len(some) > 1:
            shorter = re.sub(r" (district|system)$", "", bare, flags=re.IGNORECASE)
            for text in {*spellings_of(bare), *spellings_of(shorter)}.difference(*taken):
                yield _system(text, some, "ipeds-system", ALIAS, rarity)
    for domain, some in by_domain.items():
        if len(some) > MOST_OF_HOST and (label := _label(domain)):
            for text in set(spellings_of(label)).difference(*taken):
                yield _system(text, some, "web-host", HOST, rarity)
    for surface, host in hand.hosts:
        if some := by_domain.get(host, []):
            yield _system(surface.text, some, surface.source, surface.weight, rarity)


def _system(
    text: str, some: Sequence[School], source: str, weight: float, rarity: Rarity
) -> Surface:
    target = SchoolTarget(tuple(one.unitid for one in some), is_system=True)
    programs = sum(one.programs for one in some)
    return Surface(text, Kind.SCHOOL, target, weight, "any", source, rarity.of(programs))
