"""Surfaces that the catalogue itself has: schools, places, fields, credentials, occupations, codes.

Pure: rows in, surfaces out. Weights are by how surely a name of this sort means the thing: its own
name 1, an alias or old name less, initials and parts of names least.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.vocabulary import STATE_NAMES
from app.search.reading.common import common_words
from app.search.reading.folding import fold_surface, spellings_of
from app.search.reading.hand_files import HandRows
from app.search.reading.lexicon import Rarity, SchoolPlace
from app.search.reading.school_names import School, school_surfaces
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    Kind,
    NoteTarget,
    Surface,
)


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


def places_of(schools: Iterable[School]) -> dict[int, SchoolPlace]:
    """Return UNITID -> where a school is."""
    return {
        one.unitid: SchoolPlace(
            fold_surface(one.city or ""), one.state, one.programs, one.is_public, one.metro
        )
        for one in schools
    }


def surfaces_of(catalogue: Catalogue, hand: HandRows) -> Iterator[Surface]:
    """Yield all surfaces that the catalogue has.

    ``hand`` tells which systems of schools are named by their web host, and which words are taken.
    """
    rarity = Rarity(sum(catalogue.programs.values()))
    yield from school_surfaces(catalogue.schools, hand, rarity)
    yield from _states(catalogue.schools, rarity)
    yield from _counties(catalogue.schools, rarity)
    yield from _metros(catalogue.metros, catalogue.schools)
    held = [*_fields(catalogue, rarity), *_occupations(catalogue, rarity)]
    yield from held
    named = {one.text for one in held}
    yield from (one for one in _foreign_fields(catalogue) if one.text not in named)
    for code, name in catalogue.credentials:
        target = CredentialTarget(code)
        for text in spellings_of(name):
            yield Surface(text, Kind.CREDENTIAL, target, 1.0, "any", "credential", 1.8)


def _states(schools: Iterable[School], rarity: Rarity) -> Iterator[Surface]:
    programs = Counter[str]()
    for one in schools:
        programs[one.state] += one.programs
    for code, name in STATE_NAMES.items():
        target = AreaTarget(name, states=(code,), state=code)
        rare = max(rarity.of(programs[code]), 1.5)  # as a city's: a state is not less meant
        for text in dict.fromkeys((*spellings_of(name), *spellings_of(name.removeprefix("US ")))):
            yield Surface(text, Kind.AREA, target, 1.0, "any", "usps-states", rare)
        yield Surface(code.lower(), Kind.AREA, target, 0.5, "any", "usps-states", rare)


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


def _metros(metros: Iterable[tuple[str, str]], schools: Iterable[School]) -> Iterator[Surface]:
    """Yield metropolitan areas by their first city, and by the cities that name them."""
    programs = Counter[tuple[str, str]]()
    for one in schools:
        programs[(fold_surface(one.city or ""), one.state)] += one.programs
    for code, title in metros:
        names, _, states = title.partition(", ")
        state = states.split("-")[0]
        target = AreaTarget(title, metros=(code,), state=state)
        cities = names.split("-")
        first = cities[0]
        texts = {f"greater {first}", f"{first} area", f"metro {first}", f"{first} metro"}
        texts |= {f"{first} metro area", f"{first} metropolitan area"}
        texts |= {" ".join(cities[:count]) for count in range(2, len(cities) + 1)}
        weight = min(0.8 + programs[(fold_surface(first), state)] / 100, 1.0)
        for text in {form for one in texts for form in spellings_of(one)}:
            yield Surface(text, Kind.AREA, target, weight, "any", "bls-areas", 1.4)


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
    words = Counter(word for title in catalogue.cip_titles.values() for word in _words(title))
    for code, title in catalogue.cip_titles.items():
        if len(code) < 7 or code[:5] in families:
            continue
        target = NoteTarget(f"cip:{code}")
        yield Surface(code, Kind.FOREIGN, target, 1.0, "any", "cip-code", 2.0)
        yield Surface(code.replace(".", ""), Kind.FOREIGN, target, 0.9, "any", "cip-code", 2.0)
        for phrase in phrases_of(title):
            weight = 0.8 if " " in phrase else 0.6
            yield Surface(phrase, Kind.FOREIGN, target, weight, "en", "cip-2020", 1.5)
        for word in _words(title):
            if words[word] <= MOST_OF_TELLING and len(word) > 7 and word not in common_words():
                yield Surface(word, Kind.FOREIGN, target, 0.5, "en", "cip-2020", 1.5)


MOST_OF_TELLING = 2
"""Titles of fields that have a word which tells a field by itself, such as "phlebotomy"."""


def _words(title: str) -> set[str]:
    return set(fold_surface(title).split())


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
