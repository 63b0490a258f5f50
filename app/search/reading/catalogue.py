"""Surfaces that the catalogue itself has: schools, places, fields, credentials, occupations, codes.

Pure: rows in, surfaces out. Weights are by how surely a name of this sort means the thing: its own
name 1, an alias or old name less, initials and parts of names least.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.domain.text.identifiers import to_host
from app.domain.vocabulary import STATE_NAMES
from app.search.reading.cities import large_cities
from app.search.reading.folding import fold_surface, spellings_of
from app.search.reading.hand_files import HandRows
from app.search.reading.lexicon import Rarity, SchoolPlace
from app.search.reading.mending import Spelling
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    Kind,
    NoteTarget,
    SchoolTarget,
    Surface,
)


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
    website: str | None
    programs: int
    successor: int | None = None
    """The school that it became part of."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What surfaces are made of; ``programs`` has how many are listed by CIP code."""

    schools: Sequence[School]
    cip_titles: Mapping[str, str] = field(default_factory=dict)
    programs: Mapping[str, int] = field(default_factory=dict)
    cip_soc: Sequence[tuple[str, str, str]] = ()
    """CIP code, SOC code, title of the occupation."""
    occupations: Sequence[tuple[str, str]] = ()
    """SOC code and title, of parts of occupations as well."""
    credentials: Sequence[tuple[str, str]] = ()
    """Code and name, former names and codes as well."""
    metros: Sequence[tuple[str, str]] = ()
    """CBSA code and title."""


NAME, CAMPUS, FORMER, ALIAS, HOST, HEAD, SHORT, INITIALS = 1.0, 0.95, 0.9, 0.85, 0.75, 0.7, 0.6, 0.4
"""How surely a name of a sort means a school."""

SMALL_WORDS = frozenset({"of", "the", "at", "and", "in", "for", "a", "de", "la"})


def places_of(schools: Iterable[School]) -> dict[int, SchoolPlace]:
    """Return UNITID -> where a school is."""
    return {
        one.unitid: SchoolPlace(fold_surface(one.city or ""), one.state, one.programs)
        for one in schools
    }


def surfaces_of(catalogue: Catalogue, hand: HandRows) -> Iterator[Surface]:
    """Yield all surfaces that the catalogue has.

    ``hand`` tells which systems of schools are named by their web host, and which words are taken.
    """
    rarity = Rarity(sum(catalogue.programs.values()))
    yield from _schools(catalogue, hand, rarity)
    yield from _states(catalogue.schools, rarity)
    yield from _counties(catalogue.schools, rarity)
    yield from _metros(catalogue.metros)
    yield from _fields(catalogue, rarity)
    yield from _foreign_fields(catalogue)
    yield from _occupations(catalogue, rarity)
    for code, name in catalogue.credentials:
        target = CredentialTarget(code)
        for text in spellings_of(name):
            yield Surface(text, Kind.CREDENTIAL, target, 1.0, "any", "credential", 1.8)


def _schools(catalogue: Catalogue, hand: HandRows, rarity: Rarity) -> Iterator[Surface]:
    schools = {one.unitid: one for one in catalogue.schools}
    names = _Names(schools, catalogue, hand)
    for (text, source), (weight, unitids) in names.found.items():
        for unitid in unitids:
            one = schools[unitid]
            target = SchoolTarget((unitid, *((one.successor,) if one.successor else ())))
            # those with programs before those without, however alike
            likely = weight if one.programs or one.successor else weight * 0.95
            yield Surface(text, Kind.SCHOOL, target, likely, "any", source, rarity.of(one.programs))
    yield from _systems(catalogue.schools, hand, rarity)
    for one in catalogue.schools:
        target = SchoolTarget((one.unitid,))
        codes = {str(one.unitid)}
        if one.opeid:
            codes |= {one.opeid, one.opeid[:6]} if one.opeid.endswith("00") else {one.opeid}
        for code in codes:
            yield Surface(code, Kind.SCHOOL, target, 1.0, "any", "ipeds-code", 2.0)


class _Names:
    """(Text, sort of name) -> its weight and the schools that go by it, most programs first."""

    def __init__(self, schools: Mapping[int, School], catalogue: Catalogue, hand: HandRows) -> None:
        self.found: dict[tuple[str, str], tuple[float, list[int]]] = {}
        ordered = sorted(schools.values(), key=lambda one: -one.programs)
        spelling = Spelling(
            Counter(word for one in ordered for word in fold_surface(one.name).split())
        )
        for one in ordered:
            for name in _written(one.name):
                self._add(name, "ipeds-name", NAME, one)
            for name in one.former_names:
                self._add(name, "former-name", FORMER, one)
            for alias in _aliases(one):
                if not any(map(spelling.is_misspelled, fold_surface(alias).split())):
                    self._add(alias, "ipeds-alias", ALIAS, one)
            if head := _without_campus(one.name):
                is_main = bool(_MAIN.search(one.name))
                self._add(head, "ipeds-name", CAMPUS if is_main else HEAD, one)
        places = _places()
        self._add_parts(ordered, hand, places)
        self._add_hosts(ordered, places)

    def _add(self, name: str, source: str, weight: float, one: School) -> None:
        for text in spellings_of(name):
            for form in {text, _without_small(text)}:
                if len(form) > 1:
                    _, unitids = self.found.setdefault((form, source), (weight, []))
                    if one.unitid not in unitids:
                        unitids.append(one.unitid)

    def _add_parts(self, schools: Iterable[School], hand: HandRows, places: frozenset[str]) -> None:
        """Add names without "Community College", initials: what is one school's alone, or short."""
        shorter: dict[str, list[School]] = defaultdict(list)
        initials: dict[str, list[School]] = defaultdict(list)
        for one in schools:
            head = fold_surface(_without_campus(one.name) or one.name)
            for part in _shorter(head):
                shorter[part].append(one)
            words = [word for word in head.split() if word not in SMALL_WORDS]
            if len(words) >= 3:
                initials["".join(word[0] for word in words)[:6]].append(one)
        taken = {text for text, _ in self.found} | {one.text for one in hand.surfaces}
        for part, some in shorter.items():
            heads = {_without_campus(one.name) or one.name for one in some}
            if len(heads) == 1 and part not in taken:
                for one in some:
                    self._add(part, "short-name", LIKE_PLACE if part in places else SHORT, one)
        for letters, some in initials.items():
            if letters not in taken and len(some) <= MOST_OF_INITIALS:
                for one in some:
                    self._add(letters, "initials", INITIALS, one)

    def _add_hosts(self, schools: Iterable[School], places: frozenset[str]) -> None:
        """Add the labels of web hosts that few schools share."""
        by_label: dict[str, list[School]] = defaultdict(list)
        for one in schools:
            if one.website and (label := _label(to_host(one.website))):
                by_label[label].append(one)
        for label, some in by_label.items():
            if len(some) <= MOST_OF_HOST:
                for one in some:
                    self._add(label, "web-host", LIKE_PLACE if label in places else HOST, one)


LIKE_PLACE = 0.25
"""How surely part of a name means a school that is the name of a state or a known city as well."""


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    """Return the folded names of states and of cities with several ZIP codes."""
    states = (*STATE_NAMES, *STATE_NAMES.values())
    return frozenset((*map(fold_surface, states), *large_cities()))


MOST_OF_INITIALS, MOST_OF_HOST = 12, 3
"""Schools that share initials, or a web host, of which the reader may be asked which."""

_MAIN = re.compile(r"-(main|central|university park|columbia)\b.*$|main campus$", re.IGNORECASE)


def _written(name: str) -> Iterator[str]:
    yield name
    if name.lower().startswith("the "):
        yield name[4:]


def _without_campus(name: str) -> str | None:
    """Return a name without what follows its hyphen: "Purdue University-Fort Wayne"."""
    head, hyphen, _ = name.partition("-")
    is_name = hyphen and re.search(
        r"\b(university|college|institute|school|academy|system|tech|center)\b", head, re.IGNORECASE
    )
    return head.strip() if is_name else None


def _without_small(text: str) -> str:
    return " ".join(word for word in text.split() if word not in ("the", "at", "in"))


def _aliases(one: School) -> Iterator[str]:
    """Yield the aliases of a school; the directory has several in a cell, however parted."""
    for alias in one.aliases:
        for part in re.split(r"[,;|/]|\s{2,}|\bor\b|\bformerly\b", alias):
            folded = fold_surface(part)
            if len(folded) >= 2 and not folded.isdigit() and len(folded.split()) <= 10:
                yield part


_TAILS = re.compile(
    r"^(?:(?:the|university of|college of) )?(?P<name>.+?)"
    r"(?P<tail> (?:(?:area|community|technical|junior|state|city|county|district|career|christian"
    r"|school of|institute of|college of)? ?(?:and )?"
    r"(?:college|colleges|university|institute|school|academy|technology|center|system)))?$"
)


def _shorter(name: str) -> Iterator[str]:
    """Yield a folded name without its beginning "university of", and without its tails."""
    match = _TAILS.match(name)
    if match and match["name"] != name and len(match["name"]) > 3:
        yield match["name"]
        again = _TAILS.match(match["name"] + " college")
        if again and again["name"] not in (name, match["name"]) and len(again["name"]) > 3:
            yield again["name"]


def _label(host: str) -> str | None:
    """Return what a host is called: "uga" of uga.edu; None for one whose name tells nothing."""
    parts = host.split(".")
    if len(parts) < 2:
        return None
    label = parts[-2]
    if label in ("edu", "cc", "k12", "com", "org", "net") or len(label) < 2:
        return parts[-3] if len(parts) > 2 else None
    return label


def _systems(schools: Sequence[School], hand: HandRows, rarity: Rarity) -> Iterator[Surface]:
    by_system: dict[str, list[School]] = defaultdict(list)
    by_domain: dict[str, list[School]] = defaultdict(list)
    for one in sorted(schools, key=lambda one: -one.programs):
        if one.system_name:
            by_system[one.system_name].append(one)
        if one.website:
            by_domain[".".join(to_host(one.website).split(".")[-2:])].append(one)
    for name, some in by_system.items():
        if len(some) > 1:
            bare = re.sub(r",? (inc|llc|ltd|corporation|corp)\b\.?", "", name, flags=re.IGNORECASE)
            for text in spellings_of(bare):
                yield _system(text, some, "ipeds-system", ALIAS, rarity)
    for domain, some in by_domain.items():
        if len(some) > MOST_OF_HOST and (label := _label(domain)):
            for text in spellings_of(label):
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


def _states(schools: Iterable[School], rarity: Rarity) -> Iterator[Surface]:
    programs = Counter[str]()
    for one in schools:
        programs[one.state] += one.programs
    for code, name in STATE_NAMES.items():
        target = AreaTarget(name, states=(code,), state=code)
        rare = rarity.of(programs[code])
        for text in dict.fromkeys((*spellings_of(name), *spellings_of(name.replace("U.S. ", "")))):
            yield Surface(text, Kind.AREA, target, 1.0, "any", "usps-states", rare)
        yield Surface(code.lower(), Kind.AREA, target, 0.9, "any", "usps-states", rare)


def _counties(schools: Iterable[School], rarity: Rarity) -> Iterator[Surface]:
    programs = Counter[tuple[str, str, str]]()
    for one in schools:
        if one.county_code and one.county_name:
            programs[(one.county_code, one.county_name, one.state)] += one.programs
    for (code, name, state), count in programs.items():
        target = AreaTarget(f"{name}, {state}", counties=(code,), state=state)
        weight = min(0.8 + count / 100, 1.0)
        for text in spellings_of(name):
            if " " in text:
                yield Surface(text, Kind.AREA, target, weight, "any", "ipeds", rarity.of(count))


def _metros(metros: Iterable[tuple[str, str]]) -> Iterator[Surface]:
    for code, title in metros:
        names, _, states = title.partition(", ")
        target = AreaTarget(title, metros=(code,), state=states.split("-")[0])
        cities = names.split("-")
        texts = {f"greater {cities[0]}", f"{cities[0]} metro", f"{cities[0]} metropolitan area"}
        texts |= {f"{cities[0]} metro area", f"{cities[0]} area", " ".join(cities)} - {cities[0]}
        for text in {form for one in texts for form in spellings_of(one)}:
            yield Surface(text, Kind.AREA, target, 0.9, "any", "bls-areas", 1.4)


def phrases_of(title: str) -> list[str]:
    """Return the phrases that a CIP title is made of, the fullest first.

    "Health Information/Medical Records Technology/Technician" says four things: each beginning with
    each end.
    """
    bare = re.sub(r",? (general|other)\b\.?|\([^)]*\)", "", title, flags=re.IGNORECASE)
    parts = [part.split() for part in bare.split("/") if part.split()]
    if not parts:
        return []
    ends = [parts[-1]] if len(parts) > 1 and len(parts[-1]) == 1 else []
    bodies = parts[: len(parts) - len(ends)]
    last = bodies[-1]
    phrases = [" ".join(body) for body in (bodies if not ends else [last]) if len(body) > 1]
    if ends and len(last) > 1:
        heads = [*bodies[:-1], last[:-1]]
        phrases += [" ".join((*head, *end)) for head in heads for end in (last[-1:], *ends)]
    elif len(bodies) > 1 and len(bodies[0]) == 1 and len(last) > 1:
        phrases += [" ".join((*bodies[0], *last[-count:])) for count in range(1, len(last))]
    if len(bodies) == 1 and not ends:
        phrases.append(" ".join(last))
    for phrase in list(phrases):
        phrases += [part for part in re.split(r" and |, ", phrase) if len(part.split()) > 1]
    return list(dict.fromkeys(fold_surface(phrase) for phrase in phrases))


def _fields(catalogue: Catalogue, rarity: Rarity) -> Iterator[Surface]:
    held = catalogue.programs
    for code, title in catalogue.cip_titles.items():
        some = tuple(sorted(one for one in held if one.startswith(code)))
        if not some or len(code) == 2:
            continue
        target, count = FieldTarget(some), sum(held[one] for one in some)
        for place, phrase in enumerate((fold_surface(title), *phrases_of(title))):
            weight = 0.9 if place else 1.0
            yield Surface(phrase, Kind.FIELD, target, weight, "en", "cip-2020", rarity.of(count))
        for text in (code, code.replace(".", "")):
            yield Surface(text, Kind.FIELD, target, 1.0, "any", "cip-code", 2.0)


def _foreign_fields(catalogue: Catalogue) -> Iterator[Surface]:
    """Yield the fields of study that no listed program is in."""
    families = {code[:5] for code in catalogue.programs}
    for code, title in catalogue.cip_titles.items():
        if len(code) < 7 or code[:5] in families:
            continue
        target = NoteTarget(f"cip:{code}")
        yield Surface(code, Kind.FOREIGN, target, 1.0, "any", "cip-code", 2.0)
        yield Surface(code.replace(".", ""), Kind.FOREIGN, target, 0.9, "any", "cip-code", 2.0)
        for phrase in phrases_of(title):
            weight = 0.8 if " " in phrase else 0.6
            yield Surface(phrase, Kind.FOREIGN, target, weight, "en", "cip-2020", 1.5)


def _occupations(catalogue: Catalogue, rarity: Rarity) -> Iterator[Surface]:
    fields: dict[str, list[str]] = defaultdict(list)
    titles: dict[str, set[str]] = defaultdict(set)
    for cip, soc, title in catalogue.cip_soc:
        if cip in catalogue.programs:
            fields[soc].append(cip)
            titles[soc].add(title)
    for soc, title in catalogue.occupations:
        titles[soc].add(title)
    for soc, cips in fields.items():
        target = FieldTarget(tuple(sorted(cips)))
        rare = rarity.of(sum(catalogue.programs[cip] for cip in cips))
        yield Surface(soc, Kind.FIELD, target, 1.0, "any", "soc-code", 2.0)
        for title in titles[soc]:
            if not re.search(r"all other|postsecondary", title, re.IGNORECASE):
                text = fold_surface(title)
                weak = FieldTarget((), target.strong)
                yield Surface(text, Kind.FIELD, weak, 0.8, "en", "soc-2018", rare)
