"""Propose lines of the hand files from texts that found nothing: what no surface has in them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice, product

from app.search.reading.cover import PLACE_WORDS
from app.search.reading.folding import fold_surface
from app.search.reading.hand_files import file_of
from app.search.reading.lexicon import Lexicon
from app.search.reading.reader import read_text
from app.search.reading.spans import AreaTarget, Kind, Reading, Surface
from app.search.reading.spotting import SCHOOL_WORDS

MOST_NEAR, MOST_TEXTS = 5, 3
"""Surfaces that are near, and texts, that are told with a proposal."""

MOST_SPELLINGS = 20
"""Ways of mending all words of a proposal that are tried."""

WEIGHT = 0.9
"""Of a proposed line, until somebody looks."""

NAMED = frozenset({Kind.FIELD, Kind.CREDENTIAL, Kind.AWARD})
"""Kinds beside which unknown words are rather the name of a school."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words that no surface has, how often they found nothing, and what they may be.

    ``kind`` is guessed from the rest of the texts; None: they have no rest. ``near`` are surfaces
    that are spelled alike, the nearest first.
    """

    surface: str
    times: int
    kind: Kind | None
    language: str
    near: tuple[Surface, ...]
    texts: tuple[str, ...]

    @property
    def file(self) -> str | None:
        """The file that the line belongs in, if the kind is told."""
        return file_of(self.kind) if self.kind else None

    def cells(self, day: date) -> tuple[str, ...]:
        """Return the line as cells; the target waits for who reviews it."""
        return (self.surface, "", str(WEIGHT), self.language, "usage", day.isoformat())


def propose_words(times: Mapping[str, int], lexicon: Lexicon) -> list[Proposal]:
    """Return what is unknown in texts, by how often they found nothing; the most asked first."""
    counts = Counter[str]()
    texts: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, Counter[Kind]] = defaultdict(Counter)
    languages: dict[str, Counter[str]] = defaultdict(Counter)
    for text, count in sorted(times.items(), key=lambda one: (-one[1], one[0])):
        reading = read_text(text, lexicon)
        for start, end in _unknown_in(reading):
            words = " ".join(reading.tokens[start:end])
            counts[words] += count
            texts[words].append(text)
            if kind := _guess(reading, start, end):
                kinds[words][kind] += count
            is_spanish = any(span.meaning.language == "es" for span in reading.spans)
            languages[words]["es" if is_spanish else "en"] += count
    return [
        Proposal(
            surface=words,
            times=count,
            kind=kinds[words].most_common(1)[0][0] if kinds[words] else None,
            language=languages[words].most_common(1)[0][0],
            near=tuple(_near(words, lexicon)),
            texts=tuple(texts[words][:MOST_TEXTS]),
        )
        for words, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _unknown_in(reading: Reading) -> Iterator[tuple[int, int]]:
    """Yield the runs of tokens that no surface has."""
    for _, run in groupby(enumerate(sorted(reading.left)), key=lambda pair: pair[1] - pair[0]):
        places = [place for _, place in run]
        yield places[0], places[-1] + 1


def _guess(reading: Reading, start: int, end: int) -> Kind | None:
    """Return what unknown words may be, by those beside them."""
    tokens = reading.tokens
    kinds = {span.meaning.kind for span in reading.spans}
    if not SCHOOL_WORDS.isdisjoint(tokens[start:end]):
        return Kind.SCHOOL
    follows = next((span for span in reading.spans if span.start == end), None)
    is_before_state = follows is not None and _is_state(follows.meaning)
    if is_before_state or (start and tokens[start - 1] in PLACE_WORDS):
        return Kind.AREA
    if NAMED & kinds:
        return Kind.SCHOOL
    return Kind.FIELD if kinds - {Kind.FILLER} else None


def _is_state(surface: Surface) -> bool:
    area = surface.target
    return isinstance(area, AreaTarget) and bool(area.states) and area.center is None


def _near(words: str, lexicon: Lexicon) -> Iterator[Surface]:
    """Yield surfaces that the words are spelled like: as reading mends words, and an error more."""
    spelled = [
        [token, *(word for word, _ in lexicon.spelling.meant(token, more=1))]
        for token in words.split()
    ]
    found = (
        surface
        for tokens in islice(product(*spelled), MOST_SPELLINGS)
        for surface in _called(" ".join(tokens), lexicon)
    )
    yield from islice(_once(found), MOST_NEAR)


def _called(text: str, lexicon: Lexicon) -> Iterator[Surface]:
    meanings, is_begun = lexicon.look_up(text)
    yield from meanings
    if is_begun:
        yield from lexicon.starting(f"{text} ", MOST_NEAR)


def _once(surfaces: Iterable[Surface]) -> Iterator[Surface]:
    told = set()
    for one in surfaces:
        key = (fold_surface(one.text), one.kind)
        if key not in told:
            told.add(key)
            yield one
