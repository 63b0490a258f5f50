"""All that words can stand for: surfaces in order, found by bisection.

A lexicon has layers: what the catalogue has (made with a release and kept packed), the hand files
(read by every process), the cities of the country (a file beside this one). A layer is its surfaces
in the order of their letters, and what each means, decoded when it is met. So loading is reading a
list of texts; the same list tells which surfaces begin with some words, which is all that a walk
along the tokens of a text asks, and all that completing what is being typed asks. An automaton over
the whole text would find no plurals and no mended words on the way.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, replace
from functools import cached_property
from math import log
from typing import Any, Protocol

import msgspec

from app.domain.places import Point
from app.search.reading.completions import Completions
from app.search.reading.mending import Spelling
from app.search.reading.spans import (
    AreaTarget,
    CredentialTarget,
    FieldTarget,
    FilterTarget,
    Kind,
    NoteTarget,
    SchoolTarget,
    Surface,
    Target,
)

TARGETS: dict[Kind, type[Any]] = {
    Kind.SCHOOL: SchoolTarget,
    Kind.AREA: AreaTarget,
    Kind.FIELD: FieldTarget,
    Kind.CREDENTIAL: CredentialTarget,
    **dict.fromkeys((Kind.PAGE, Kind.UNTOLD, Kind.FOREIGN), NoteTarget),
    **dict.fromkeys(
        (
            *(Kind.AWARD, Kind.DELIVERY, Kind.CONTROL, Kind.ACCREDITATION, Kind.TRANSFER),
            *(Kind.PRACTICUM, Kind.PRICE, Kind.LENGTH, Kind.SORT),
        ),
        FilterTarget,
    ),
}
"""Kind -> what its targets are; a filler has none."""

_FIELDS = {one: tuple(part.name for part in fields(one)) for one in set(TARGETS.values())}


class Layer(Protocol):
    """Some surfaces, by their texts in order."""

    @property
    def texts(self) -> Sequence[str]:
        """The texts in order; what follows a tab is not part of one."""

    def meanings_at(self, place: int) -> Sequence[Surface]:
        """Return what the text at a place means, the likeliest first."""


class Surfaces:
    """A layer of surfaces of any kind, each text with its meanings packed."""

    def __init__(self, texts: Sequence[str], packed: Sequence[bytes]) -> None:
        self.texts = texts
        self._packed = packed

    @classmethod
    def of(cls, surfaces: Iterable[Surface]) -> "Surfaces":
        """Return a layer of these; of the same meaning of a text the one that weighs most."""
        by_text: dict[str, list[Surface]] = defaultdict(list)
        for surface in surfaces:
            by_text[surface.text].append(surface)
        texts = sorted(by_text)
        return cls(texts, [_pack(_by_likelihood(by_text[text])) for text in texts])

    def meanings_at(self, place: int) -> Sequence[Surface]:
        """Return what the text at a place means, the likeliest first."""
        return _unpack(self.texts[place], self._packed[place])

    def to_bytes(self) -> bytes:
        """Return the layer for keeping."""
        return msgspec.msgpack.encode((self.texts, self._packed))

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Surfaces":
        """Return a layer that was kept."""
        return cls(*msgspec.msgpack.decode(packed, type=tuple[list[str], list[bytes]]))


def _by_likelihood(surfaces: Sequence[Surface]) -> list[Surface]:
    ordered = sorted(surfaces, key=lambda one: -one.weight * one.rarity)
    return list({(one.kind, one.target): one for one in reversed(ordered)}.values())[::-1]


def _pack(surfaces: Sequence[Surface]) -> bytes:
    return msgspec.msgpack.encode(
        [
            (
                one.kind,
                one.weight,
                one.language,
                one.source,
                one.rarity,
                one.target and [getattr(one.target, name) for name in _FIELDS[type(one.target)]],
            )
            for one in surfaces
        ]
    )


_Packed = tuple[Kind, float, str, str, float, list[Any] | None]


def _unpack(text: str, packed: bytes) -> list[Surface]:
    found = []
    for kind, weight, language, source, rarity, values in msgspec.msgpack.decode(
        packed, type=list[_Packed]
    ):
        target: Target = None
        if values is not None:
            shape = TARGETS[kind]
            target = msgspec.convert(dict(zip(_FIELDS[shape], values, strict=True)), shape)
        found.append(Surface(text, kind, target, weight, language, source, rarity))
    return found


@dataclass(frozen=True, slots=True)
class SchoolPlace:
    """Where a school is: folded city and state; how many programs it lists, and whose it is."""

    city: str
    state: str
    programs: int
    is_public: bool
    metro: str | None = None
    """CBSA code of a metropolitan area."""


ALTERNATIVE = {Kind.SCHOOL, Kind.AREA}
"""Kinds of which a text can mean several."""

FIELDS = {Kind.FIELD, Kind.FOREIGN}
"""Kinds of which a text has one: a field is held here or it is not."""

UNTOLD = 1.0
"""Rarity of a surface of which no layer says how much it tells."""


def words_of(texts: Iterable[str]) -> dict[str, int]:
    """Return word -> how many surfaces have it, of a list as a layer has it."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text.partition("\t")[0].split(" "))
    return dict(counts)


class Rarity:
    """How much it tells to name so many of all programs."""

    def __init__(self, programs: int) -> None:
        self._most = log(programs + 2)

    def of(self, met: int) -> float:
        """Return 1 for what nearly every program is, to 2 for what one is, or none."""
        return round(2 - log(met + 1) / self._most, 3)


OF_KIND = {Kind.AREA: 1.4, Kind.CREDENTIAL: 1.8, Kind.FOREIGN: 1.5, Kind.SCHOOL: 1.8}
"""Kind -> rarity of its surfaces in the hand files, but for fields; others have 1.2."""


class Lexicon:
    """What the tokens of a text are looked up in.

    ``schools`` has where each school is, by UNITID, ``programs`` how many there are by CIP code.
    ``words`` has each word of the surfaces and how many have it. ``abbreviations`` has other words
    for a token, such as "saint" for "st". ``common`` are everyday words: never mended, and no name
    of a school. ``point_of_zip`` tells where a ZIP code is, or None.
    ``completions`` are what words that are being typed may become; ``accented`` has texts that
    are written with accents, as they are written.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        *,
        words: Mapping[str, int],
        schools: Mapping[int, SchoolPlace],
        programs: Mapping[str, int],
        abbreviations: Mapping[str, Sequence[str]],
        common: Set[str],
        point_of_zip: Callable[[str], Point | None],
        completions: Completions,
        accented: Mapping[str, str],
    ) -> None:
        self._layers = layers
        self._programs = programs
        self._rarity = Rarity(sum(programs.values()))
        self.words = words
        self.schools = schools
        self.abbreviations = abbreviations
        self.common = common
        self.point_of_zip = point_of_zip
        self.completions = completions
        self.accented = accented

    def look_up(self, words: str) -> tuple[list[Surface], bool]:
        """Return what some folded words mean, and whether longer surfaces begin with them.

        What a layer says of a kind holds before what later ones say, but for names of several
        schools or places.
        """
        is_begun = False
        settled: set[Kind] = set()
        meanings: list[Surface] = []
        for layer in self._layers:
            texts = layer.texts
            for place in range(bisect_left(texts, words), len(texts)):
                if not texts[place].startswith(words):
                    break
                rest = texts[place][len(words) : len(words) + 1]
                if rest not in ("", "\t"):
                    is_begun = is_begun or rest == " "
                    break
                found = layer.meanings_at(place)
                meanings += [self._telling(one) for one in found if one.kind not in settled]
            settled = {one.kind for one in meanings} - ALTERNATIVE
            if not settled.isdisjoint(FIELDS):
                settled |= FIELDS
        return meanings, is_begun

    def places_of(self, target: Target) -> list[SchoolPlace]:
        """Return where the schools of a target are; of what is no school nothing."""
        unitids = target.unitids if isinstance(target, SchoolTarget) else ()
        return [self.schools[unitid] for unitid in unitids if unitid in self.schools]

    def starting(self, prefix: str, most: int) -> Iterator[Surface]:
        """Yield the likeliest meanings of surfaces that begin with some letters, by layer."""
        for layer in self._layers:
            start = bisect_left(layer.texts, prefix)
            for place in range(start, min(start + most, len(layer.texts))):
                if not layer.texts[place].startswith(prefix):
                    break
                yield layer.meanings_at(place)[0]

    @cached_property
    def metros(self) -> Mapping[tuple[str, str], str]:
        """Folded city and state -> the metropolitan area that it is in, of cities with schools."""
        return {(one.city, one.state): one.metro for one in self.schools.values() if one.metro}

    @cached_property
    def school_cities(self) -> Set[tuple[str, str | None]]:
        """Folded city and state of each school."""
        return {(one.city, one.state) for one in self.schools.values()}

    def _telling(self, surface: Surface) -> Surface:
        """Return a surface with how much it tells, if no layer has said.

        A word for a field that is foreign here stands for the programs where there are some.
        """
        if surface.kind is Kind.FOREIGN and (held := self._held(surface.target)):
            surface = replace(surface, kind=Kind.FIELD, target=FieldTarget(held))
        if surface.rarity != UNTOLD:
            return surface
        if isinstance(surface.target, FieldTarget):
            codes = surface.target.strong or surface.target.weak
            rarity = self._rarity.of(sum(self._programs.get(code, 0) for code in codes))
        else:
            rarity = OF_KIND.get(surface.kind, 1.2)
        return replace(surface, rarity=rarity)

    def _held(self, target: Target) -> tuple[str, ...]:
        """Return the codes of programs in a field of study that a note names."""
        key = target.key if isinstance(target, NoteTarget) else ""
        begins, _, code = key.partition(":")
        if begins != "cip":
            return ()
        return tuple(sorted(one for one in self._programs if one.startswith(code)))

    @cached_property
    def spelling(self) -> Spelling:
        """What misspelled words are meant for."""
        return Spelling(self.words)
