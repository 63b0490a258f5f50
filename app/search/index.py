"""What a search looks in: for every term, the listed programs that have it, as a bitmap.

Roaring bitmaps (pyroaring, the maintained binding of CRoaring) make totals, facets, ranges and
order a matter of microseconds at a million programs, the same on every database: the database
keeps them and the list items, and nothing else. They are made with a release and loaded once a
process.
"""

import json
import sys
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, cached_property
from itertools import pairwise
from typing import Any

import msgspec
from pyroaring import BitMap, FrozenBitMap
from sqlalchemy import URL, Engine, delete
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.domain.checklist.scoring import Interval
from app.domain.places import on_globe
from app.domain.text.identifiers import fold
from app.domain.vocabulary import STATE_NAMES, Delivery, Residency
from app.schemas.filters import LIST_FILTERS, NOT_ONLINE, NUMBER_FILTERS
from app.search.lexicon import make_lexicon, pack_lexicon, unpack_lexicon
from app.search.mapped import Part, read_parts, starts_of
from app.search.reading.lexicon import Lexicon
from app.search.reading.reader import read_text
from app.search.reading.spans import Reading
from app.store.known_codes import KnownCodes, load_known_codes
from app.store.replicas import Published, catalogue_of
from app.store.rows import insert_rows
from app.store.tables.classifications import Cip
from app.store.tables.institutions import Institution
from app.store.tables.programs import (
    COMPLETION,
    ONLINE_TODAY,
    Program,
    ProgramPrice,
    ProgramSummary,
    ProgramTag,
)
from app.store.tables.releases import Release
from app.store.tables.search import INDEX_SHAPE, SearchTerms

UNKNOWN = "unknown"
NONE = FrozenBitMap()

AWARD_GROUP = "award_group"
"""Group of the award, coarser than its level: the filter on awards understands it as well."""

SCHOOL_STATUS = "school_status"
"""Whether the school operates: what a filter of schools by status looks in."""

ONE_VALUE = (
    *(one.name for one in LIST_FILTERS if one.held_in != "tags"),
    *(AWARD_GROUP, SCHOOL_STATUS),
)
"""Closed-list fields with one value a program, its own or that of its school."""

TAGS = tuple(one.name for one in LIST_FILTERS if one.held_in == "tags")
"""Closed-list fields with several values a program."""

CLOSED = frozenset({*ONE_VALUE, *TAGS})

NUMBERS = {
    **{one.name: one.low for one in NUMBER_FILTERS},
    **{f"{one.name}_high": one.high for one in NUMBER_FILTERS if one.high},
}
"""Kind of number -> its column; terms are the numbers, the smallest first."""

BOUNDED_TOTAL = "total_cost_bounded"
"""Kind of number: the low end of a total that has a high end too.

An order by totals goes by it first, so that those without a high end come last.
"""

PRICES = {
    **{kind: column for kind, column in NUMBERS.items() if hasattr(ProgramPrice, column)},
    BOUNDED_TOTAL: "total_cost_low_cents",
}
"""Kind of number that depends on whose price is asked for -> its column."""

OTHERS = (Residency.IN_DISTRICT, Residency.OUT_OF_STATE)
"""Residencies that may pay otherwise than residents of the state."""


def price_kind(kind: str, residency: Residency) -> str:
    """Return the kind of number that holds a price for a residency; others are one for all."""
    return f"{kind}_{residency}" if kind in PRICES and residency in OTHERS else kind


FIRST_OF_SCHOOL = "programs"
"""Kind of term that the first program of every school has: by how many programs the school has.

Each school is represented by its first program, so a search for schools is a search among these.
"""

PARTS = tuple(part.name for part in fields(Interval))
"""What a score of a criterion is made of."""

PROFILE = tuple(
    f"{criterion}_{part}"
    for criterion in ("accreditation", "cost_transparency", "transfer_credits", "practicum_access")
    for part in PARTS
)
"""The columns of a score; programs with the same score under all weights share a profile."""

SUBJECT, SCHOOL, PLACE = "subject", "school", "place"
"""Kinds of words: of the title and field of a program, of the names of its school, of its place."""

COUNTY, METRO, CITY = "county", "metro", "city"
"""Kinds of places: FIPS code of the county, CBSA code, and folded name of the city with its state.

``CITY`` is "columbus oh".
"""

DELIVERY_TODAY = "delivery_today"
"""Kind of term: the modes that are told by statements that still count."""

PAIRS = frozenset({"point", "profile"})
"""Kinds whose terms are several numbers each."""

PROGRAM, LEXICON = "program", "lexicon"
"""Kinds of rows that have no terms: the numbers of programs, and what words stand for."""


Groups = Iterable[tuple[Any, FrozenBitMap]]
"""Value -> the programs that have it, in the order of a sort key; None, unknown, comes last."""

FEW = 10
"""The square of how many programs are sorted by looking up each, by how many terms there are.

Of n programs and m terms, one costs some n steps, the other 20 m / n to the end of a page.
"""

MOST_READINGS = 500
"""Readings of texts that are kept, of some 5 KB each."""

DOCUMENT_BYTES = 16 << 20
"""List items kept in memory of one release, so that most pages ask the database for nothing."""

DOCUMENT_OVERHEAD = 150
"""Bytes that an item takes beside its text, about."""


DocumentKey = tuple[int, Residency]
"""Number of a program, and whose price its item shows."""


class Documents:
    """List items by program and residency, those asked for of late; bounded in bytes.

    When the young half is full it becomes the old one, and what is not asked for again goes with
    it. Threads may share it: they lose at worst an item that is fetched once more.
    """

    def __init__(self, most_bytes: int) -> None:
        self._half = most_bytes // 2
        self._bytes = 0
        self._young: dict[DocumentKey, str] = {}
        self._old: dict[DocumentKey, str] = {}

    def get(self, key: DocumentKey) -> str | None:
        """Return an item that is kept, or None."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: DocumentKey, document: str) -> None:
        """Keep an item."""
        size = len(document) + DOCUMENT_OVERHEAD
        if self._bytes + size > self._half:
            self._old, self._young, self._bytes = self._young, {}, 0
        if size <= self._half:
            self._young[key] = document
            self._bytes += size


class Terms:
    """The terms of one kind with their bitmaps, each unpacked when it is first asked for.

    The terms too are read when one of them is first asked for.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self._unpacked: dict[int, FrozenBitMap] = {}

    def __contains__(self, term: object) -> bool:
        return term in self._places

    def __len__(self) -> int:
        return len(self.part.starts) - 1

    @cached_property
    def terms(self) -> Sequence[Any]:
        """All of them, in order."""
        terms: list[Any] = msgspec.json.decode(self.part.terms)
        return [tuple(term) for term in terms] if self.part.kind in PAIRS else terms

    @cached_property
    def _places(self) -> dict[Any, int]:
        return {term: place for place, term in enumerate(self.terms)}

    def get(self, term: Any) -> FrozenBitMap:
        """Return the programs that have a term; none for a term that is not known."""
        place = self._places.get(term)
        return NONE if place is None else self.at(place)

    def at(self, place: int) -> FrozenBitMap:
        """Return the programs that have the term at a place."""
        found = self._unpacked.get(place)
        if found is None:
            start, end = self.part.starts[place], self.part.starts[place + 1]
            packed = bytes(self.part.bits[start:end])
            found = self._unpacked[place] = FrozenBitMap.deserialize(packed)
        return found

    def pairs(self) -> Iterator[tuple[Any, FrozenBitMap]]:
        """Yield each term with its programs, in order."""
        for place, term in enumerate(self.terms):
            yield term, self.at(place)

    def any_of(self, terms: Iterable[Any]) -> FrozenBitMap:
        """Return the programs that have one of these terms."""
        return FrozenBitMap.union(NONE, *(self.get(term) for term in terms))

    def between(self, low: Any, high: Any) -> FrozenBitMap:
        """Return the programs with a term from low to high; None: without a bound."""
        start = 0 if low is None else bisect_left(self.terms, low)
        end = len(self.terms) if high is None else bisect_right(self.terms, high)
        return FrozenBitMap.union(NONE, *map(self.at, range(start, end)))

    def starting(self, prefix: str) -> list[str]:
        """Return the terms that begin so."""
        start = bisect_left(self.terms, prefix)
        if start == len(self.terms) or not self.terms[start].startswith(prefix):
            return []
        end = bisect_left(self.terms, prefix + "\x7f", start)
        return list(self.terms[start:end])

    def of(self, number: int) -> Any:
        """Return the term of a program in a kind of which each has at most one; None: it has none.

        The first call makes a table of four bytes a program.
        """
        place = self.place_of(number)
        return None if place is None else self.terms[place]

    def place_of(self, number: int) -> int | None:
        """Return the place of the term of a program, in the order of terms, as ``of``."""
        return self._places_by_number[number] if number in self.known else None

    def places_of(self, numbers: FrozenBitMap) -> set[int]:
        """Return the places of the terms that some of these programs have, as ``of``."""
        return set(map(self._places_by_number.__getitem__, numbers & self.known))

    @cached_property
    def _places_by_number(self) -> "array[int]":
        count = self.known.max() + 1 if self.known else 0
        places = array("I", [0]) * count
        for place in range(len(self)):
            for number in self.at(place):
                places[number] = place
        return places

    @cached_property
    def known(self) -> FrozenBitMap:
        """The programs that have any of the terms."""
        return self.between(None, None)


class Index:
    """The listed programs of a release by every term; program i is the i-th in the usual order."""

    def __init__(
        self,
        release: Release | None,
        programs: Sequence[int],
        kinds: dict[str, Terms],
        known: KnownCodes,
        make_lexicon: Callable[[], Lexicon],
        *,
        is_draft: bool = False,
    ) -> None:
        self._make_lexicon = make_lexicon
        self.release = release.number if release else 0
        self.published = (self.release, release.published_at if release else None)
        self.sources: list[str] = release.program_sources if release else []
        self.is_draft = is_draft
        self.programs = programs
        self.every = FrozenBitMap(range(len(programs)))
        self.known = known
        self._kinds = kinds
        self._unknown: dict[str, FrozenBitMap] = {}
        self._readings: dict[str, Reading] = {}
        self.documents = Documents(DOCUMENT_BYTES if release and not is_draft else 0)

    def __getitem__(self, kind: str) -> Terms:
        return self._kinds[kind]

    def ordered(
        self, kind: str, among: FrozenBitMap, since: Sequence[Any] = (), *, descending: bool
    ) -> Groups:
        """Yield the programs by the terms of a kind in order; those without one come last.

        Groups without any program of ``among`` may be left out. ``since`` holds the term to begin
        with, if not all are asked for.
        """
        terms = self[kind]
        places: Sequence[int] = range(len(terms.terms))
        if since and since[0] is None:
            places = range(0)
        elif since and descending:
            places = range(bisect_right(terms.terms, since[0]))
        elif since:
            places = range(bisect_left(terms.terms, since[0]), len(terms.terms))
        if len(among) ** 2 < FEW * len(places):  # most groups have none of them
            places = sorted(place for place in terms.places_of(among) if place in places)
        for place in reversed(places) if descending else places:
            yield terms.terms[place], terms.at(place)
        yield None, self.unknown(kind)

    def unknown(self, kind: str) -> FrozenBitMap:
        """Return the programs of which nobody knows a field."""
        if kind in CLOSED:
            return self[kind].get(UNKNOWN)
        found = self._unknown.get(kind)
        if found is None:
            found = self._unknown[kind] = self.every - self[kind].known
        return found

    def not_told(
        self, kind: str, values: Sequence[str]
    ) -> tuple[FrozenBitMap, dict[str, list[str]]]:
        """Return the programs of which it is not told whether they have one of some values.

        And the parameters that find them. Where it is told whether a program can be completed
        online, that says nothing of other ways to teach.
        """
        if kind == "delivery" and not {Delivery.ONLINE, NOT_ONLINE}.issuperset(values):
            return self.every - self[kind].any_of(values), {f"exclude_{kind}": list(values)}
        return self.unknown(kind), {f"{kind}_is": [UNKNOWN]}

    @cached_property
    def lexicon(self) -> Lexicon:
        """What words stand for; loaded when first asked for."""
        return self._make_lexicon()

    def read(self, text: str) -> Reading:
        """Return how a text is understood; readings of late are kept, as one text is asked often.

        Threads may share them: they lose at worst one that is made once more.
        """
        found = self._readings.get(text)
        if found is None:
            if len(self._readings) >= MOST_READINGS:
                self._readings = {}
            found = self._readings[text] = read_text(text, self.lexicon)
        return found

    @cached_property
    def first_of_school(self) -> "array[int]":
        """By number of a program, the first program of its school, which stands for the school."""
        firsts = array("I", range(len(self.programs)))
        for _, bits in self["school_id"].pairs():
            first = bits.min()
            for number in bits:
                firsts[number] = first
        return firsts

    @cached_property
    def on_globe(self) -> list[tuple[float, float, float]]:
        """Unit-sphere coordinates of schools, in the order of their terms."""
        return [on_globe((float(lat), float(lon))) for lat, lon in self["point"].terms]

    @cached_property
    def from_south(self) -> list[tuple[float, float, float, int]]:
        """Unit-sphere coordinates of schools, sorted by z, each with the place of its term."""
        points = ((x, y, z, place) for place, (x, y, z) in enumerate(self.on_globe))
        return sorted(points, key=lambda one: one[2])


class OtherReleaseError(Exception):
    """What was read is not of the release of the index: another one came meanwhile."""


loaded: dict[URL, dict[Published, Index]] = {}
"""Catalogue -> the indexes of its newest releases, by release."""

RELEASES_OF_REPLICAS = 2
"""Indexes kept where there are replicas: one may be a release behind."""


def index_of(session: Session) -> Index:
    """Return the index of what the session sees; that of a release is loaded once a process."""
    release = session.exec(select(Release).order_by(col(Release.number).desc()).limit(1)).first()
    if session.info.get("draft"):
        return _made(session, release, is_draft=True)
    engine = session.get_bind().engine
    kept = loaded.setdefault(catalogue_of(engine), {})
    published = (release.number, release.published_at) if release else (0, None)
    found = kept.get(published)
    if found is None:
        found = kept[published] = _load(session, release)
        most = 1 if catalogue_of(engine) == engine.url else RELEASES_OF_REPLICAS
        while len(kept) > most:
            kept.pop(min(kept, key=lambda one: one[0]), None)
    return found


def kept_index(engine: Engine, published: Published) -> Index | None:
    """Return the index of a release without asking the database, if it is loaded.

    A release is its number and the moment of its publication, as a restored catalogue can have
    the number of another.
    """
    return loaded.get(catalogue_of(engine), {}).get(published)


def write_index(session: Session, release: int) -> None:
    """Keep the index of a release that is being made, and that of the one before it."""
    ours = col(Release.index_shape) == INDEX_SHAPE
    before = (col(SearchTerms.release) == release - 1, col(SearchTerms.kind) == LEXICON)
    lexicon = session.exec(select(SearchTerms.bits).join(Release).where(ours, *before)).first()
    session.execute(delete(SearchTerms).where(col(SearchTerms.release) != release - 1))
    programs, kinds = _build(session)
    parts = [_whole(PROGRAM, _to_bytes(programs))]
    parts += [terms.part for terms in kinds.values()]
    parts += [_whole(LEXICON, pack_lexicon(session, lexicon))]
    insert_rows(session, SearchTerms, [_to_row(release, part) for part in parts])


def _load(session: Session, release: Release | None) -> Index:
    """Return the index of a release as kept; one that other code made is made anew, in memory."""
    if release is None or release.index_shape != INDEX_SHAPE:
        return _made(session, release)
    kinds = session.exec(select(SearchTerms.kind).where(SearchTerms.release == release.number))
    if {*kinds} != {PROGRAM, LEXICON, *KINDS}:
        return _made(session, release)
    engine, published = session.get_bind().engine, (release.number, release.published_at)
    number = release.number
    parts = read_parts(engine, published, INDEX_SHAPE, lambda: _kept_parts(session, number))
    programs, lexicon = parts.pop(PROGRAM).bits, parts.pop(LEXICON).bits
    terms = {kind: Terms(part) for kind, part in parts.items()}
    codes = load_known_codes(session)
    return Index(release, _to_numbers(programs), terms, codes, lambda: unpack_lexicon(lexicon))


def _kept_parts(session: Session, release: int) -> Iterator[Part]:
    """Yield the parts of an index as the database keeps them, one at a time in memory."""
    for kind in (PROGRAM, LEXICON, *KINDS):
        columns = (SearchTerms.terms, SearchTerms.sizes, SearchTerms.bits)
        of_kind = select(*columns).where(SearchTerms.release == release, SearchTerms.kind == kind)
        terms, sizes, bits = session.exec(of_kind).one()
        yield Part(kind, terms.encode(), starts_of(msgspec.json.decode(sizes)), bits)


def _made(session: Session, release: Release | None, *, is_draft: bool = False) -> Index:
    """Return the index of what a session sees, made now."""
    lexicon = cache(lambda: make_lexicon(session))
    if not is_draft:  # it outlives the session
        lexicon()
    return Index(release, *_build(session), load_known_codes(session), lexicon, is_draft=is_draft)


def _whole(kind: str, content: bytes) -> Part:
    return Part(kind, b"[]", starts_of([len(content)]), content)


def _to_row(release: int, part: Part) -> dict[str, Any]:
    sizes = [end - start for start, end in pairwise(part.starts)]
    return {
        "release": release,
        "kind": part.kind,
        "terms": bytes(part.terms).decode(),
        "sizes": json.dumps(sizes, separators=(",", ":")),
        "bits": bytes(part.bits),
    }


def _to_bytes(numbers: Sequence[int]) -> bytes:
    packed = array("I", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _to_numbers(packed: bytes | memoryview) -> Sequence[int]:
    if sys.byteorder == "little":
        return memoryview(packed).cast("I")
    numbers = array("I", bytes(packed))
    numbers.byteswap()
    return numbers


def _build(session: Session) -> tuple[Sequence[int], dict[str, Terms]]:
    """Return the listed programs in the usual order, and their terms by kind."""
    told: dict[int, list[tuple[str, str]]] = {}
    tags = select_columns(col(ProgramTag.program_id), col(ProgramTag.kind), col(ProgramTag.value))
    for program, kind, value in session.execute(tags).all():
        told.setdefault(program, []).append((kind, value))
    priced: dict[int, dict[str, Any]] = {}
    price_columns = (getattr(ProgramPrice, name) for name in sorted(set(PRICES.values())))
    prices = (ProgramPrice.program_id, ProgramPrice.residency, *price_columns)
    for row in session.execute(select_columns(*prices)).mappings():
        priced.setdefault(row["program_id"], {})[row["residency"]] = row
    found: dict[str, dict[Any, array[int]]] = {kind: {} for kind in KINDS}
    programs = array("I")
    for number, row in enumerate(session.execute(_columns()).mappings()):
        programs.append(row["program_id"])
        tags_of, prices_of = told.get(row["program_id"], []), priced.get(row["program_id"], {})
        for kind, term in (*_terms_of(row, tags_of), *_price_terms(row, prices_of)):
            terms = found[kind]
            if term in terms:
                terms[term].append(number)
            else:
                terms[term] = array("I", (number,))
    for numbers in found["school_id"].values():
        found[FIRST_OF_SCHOOL].setdefault(len(numbers), array("I")).append(numbers[0])
    return programs, {kind: _pack(kind, terms) for kind, terms in found.items()}


def _pack(kind: str, terms: dict[Any, "array[int]"]) -> Terms:
    ordered = sorted(terms)
    packed = [BitMap(terms[term]).serialize() for term in ordered]
    told = json.dumps(ordered, separators=(",", ":")).encode()
    return Terms(Part(kind, told, starts_of(map(len, packed)), b"".join(packed)))


def _columns() -> Any:
    summary = ProgramSummary
    names = {
        *("program_id", "name", "institution_id", "institution_name", "updated_at"),
        *(AWARD_GROUP, SCHOOL_STATUS),
        *(one.name for one in LIST_FILTERS if one.held_in == "summary"),
        *NUMBERS.values(),
        *PROFILE,
    }
    of_school = [one.name for one in LIST_FILTERS if one.held_in == "school"]
    order = (summary.institution_name, summary.name, summary.slug)
    return (
        select_columns(
            *(col(getattr(summary, name)) for name in sorted(names)),
            col(Program.award_as_stated),
            col(Institution.unitid),
            *(col(getattr(Institution, name)) for name in of_school),
            col(Institution.aliases),
            col(Institution.former_names),
            col(Institution.city),
            col(Institution.county_code),
            col(Institution.cbsa_code),
            col(Institution.latitude),
            col(Institution.longitude),
            col(Cip.title).label("cip_title"),
        )
        .join(Program, col(Program.id) == summary.program_id)
        .join(Institution, col(Institution.id) == summary.institution_id)
        .join(Cip, col(Cip.code) == summary.cip_code, isouter=True)
        .order_by(*map(col, order))
    )


def _terms_of(row: Any, tags: list[tuple[str, str]]) -> Iterator[tuple[str, Any]]:
    """Yield kind and term of everything a program can be found by."""
    for name in ONE_VALUE:
        yield name, row[name] or UNKNOWN
    tags = [*tags, *_delivery_terms(tags)]
    yield from tags
    kinds = {kind for kind, _ in tags}
    yield from ((kind, UNKNOWN) for kind in TAGS if kind not in kinds)
    for kind, column in NUMBERS.items():
        if kind not in PRICES and row[column] is not None:
            yield kind, row[column]
    yield "institution", row["institution_name"]
    yield "school_id", row["institution_id"]
    yield "name", row["name"]
    yield "updated", row["updated_at"].date().isoformat()
    yield "profile", tuple(-1.0 if row[name] is None else row[name] for name in PROFILE)
    if row["unitid"] is not None:
        yield "unitid", row["unitid"]
    if row["latitude"] is not None and row["longitude"] is not None:
        yield "point", (row["latitude"], row["longitude"])
    codes = [value.lower() for kind, value in tags if kind == "credential"]
    subject = f"{row['name']} {row['cip_title'] or ''} {row['award_as_stated'] or ''}"
    former = (one["name"] for one in row["former_names"] or ())
    schools = fold(" ".join((row["institution_name"], *row["aliases"], *former)))
    place = fold(f"{row['city'] or ''} {row['state']} {STATE_NAMES.get(row['state'], '')}")
    yield from ((SUBJECT, word) for word in {*fold(subject).split(), *codes})
    yield from ((SCHOOL, word) for word in set(schools.split()))
    yield from ((PLACE, word) for word in set(place.split()))
    if row["city"]:
        yield CITY, city_key(row["city"], row["state"])
    if row["county_code"]:
        yield COUNTY, row["county_code"]
    if row["cbsa_code"]:
        yield METRO, row["cbsa_code"]


def city_key(city: str, state: str) -> str:
    """Return the term of a city."""
    return fold(f"{city} {state}")


def _delivery_terms(tags: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield how a program is delivered by all sources, and how by those that still count."""
    for kind, value in tags:
        if kind == "delivery" or (kind, value) == (COMPLETION, ONLINE_TODAY):
            yield DELIVERY_TODAY, Delivery.ONLINE if value == ONLINE_TODAY else value
        elif kind == COMPLETION:
            yield "delivery", value


def _price_terms(row: Any, others: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield kind and term of prices: those of residents, and those of others, same or not."""
    for residency in (Residency.IN_STATE, *OTHERS):
        theirs = others.get(residency, row)
        for kind, column in PRICES.items():
            is_open = theirs["total_cost_high_cents"] is None
            if theirs[column] is not None and not (kind == BOUNDED_TOTAL and is_open):
                yield price_kind(kind, residency), theirs[column]


KINDS = (
    *CLOSED,
    *{*NUMBERS, BOUNDED_TOTAL},
    *(price_kind(kind, residency) for kind in PRICES for residency in OTHERS),
    *("institution", "school_id", FIRST_OF_SCHOOL, "name", "updated", "profile", "unitid", "point"),
    *(SUBJECT, SCHOOL, PLACE, COUNTY, METRO, CITY),
    *(COMPLETION, DELIVERY_TODAY),
)
