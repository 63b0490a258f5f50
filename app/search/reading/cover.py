"""The best cover of a text: which of its surfaces to take, each token in one at most.

A surface counts its weight times its tokens to the power of 1.5 times how much it tells, so that
long and rare ones win over parts of them. A token in none costs more than a filler.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.search.reading.folding import Token
from app.search.reading.lexicon import Lexicon
from app.search.reading.spans import AreaTarget, Kind, SchoolTarget, Span, Surface
from app.search.reading.spotting import Spot

FILLER, LEFT = 0.2, -1.0
"""What a filler and a token in no surface count."""

NEARLY = 0.9
"""Share of the best cover that another counts at least to be told."""

PLACE_WORDS = frozenset("in near around by at from close within en cerca alrededor".split())
"""Words before a place."""

SMALLEST = 0.3
"""Weight of a place that is not meant by its name alone."""

STATE_AFTER_CITY, PLACE_AFTER_WORD = 1.0, 0.8
MOST_OTHERS = 20


@dataclass(frozen=True, slots=True)
class Cover:
    """Spots that do not overlap, in order, and what they count."""

    score: float
    spots: tuple[Spot, ...]


def score_of(spot: Spot, meaning: Surface) -> float:
    """Return what a spot counts with one of its meanings."""
    length = spot.end - spot.start
    if meaning.kind == Kind.FILLER:
        return FILLER * length * spot.likeness
    told: float = meaning.weight * spot.likeness * meaning.rarity * length**1.5
    return told


def covers_of(spots: Sequence[Spot], count: int) -> list[Cover]:
    """Return the two best covers of so many tokens, that differ in more than fillers."""
    ending: dict[int, list[Spot]] = {}
    for spot in spots:
        ending.setdefault(spot.end, []).append(spot)
    best: list[list[Cover]] = [[Cover(0.0, ())]]
    for end in range(1, count + 1):
        found = [Cover(one.score + LEFT, one.spots) for one in best[end - 1]]
        for spot in ending.get(end, ()):
            score = score_of(spot, spot.meanings[0])
            found += [Cover(one.score + score, (*one.spots, spot)) for one in best[spot.start]]
        found.sort(key=lambda one: -one.score)
        best.append(_different(found))
    return best[count]


def _different(covers: Sequence[Cover]) -> list[Cover]:
    """Return the best cover and the next that says something else."""
    first = covers[0]
    said = _said(first)
    return [first, *(one for one in covers[1:] if _said(one) != said)][:2]


def _said(cover: Cover) -> set[tuple[int, int]]:
    return {(spot.start, spot.end) for spot in cover.spots if spot.meanings[0].kind != Kind.FILLER}


def in_context(spots: Sequence[Spot], tokens: Sequence[Token], lexicon: Lexicon) -> list[Spot]:
    """Return the spots as their neighbors have them.

    A city before a state is the one in that state. A code of a state that is a word is a state only
    where it is written in capitals, or last. A small place with the name of a word is one only
    after a word of place. What is inside a field that is not held means nothing by itself.
    """
    placed = [*spots, *_cities_in_states(spots, tokens)]
    foreign = [spot for spot in placed if spot.meanings[0].kind == Kind.FOREIGN]
    blocking = [
        one
        for one in foreign
        if one.end - one.start > 1 and not any(_is_inside(one, other) for other in placed)
    ]
    found = []
    for spot in placed:
        if any(_is_inside(spot, one) for one in blocking):
            continue
        before = tokens[spot.start - 1].text if spot.start else ""
        is_placed = before in PLACE_WORDS
        meanings = [
            meaning
            for one in spot.meanings
            if (meaning := _as_placed(one, is_placed)) is not None
            and not (_is_word_like_state(spot, meaning, tokens, lexicon))
        ]
        if meanings:
            meanings.sort(key=lambda one: -score_of(spot, one))
            found.append(replace(spot, meanings=tuple(meanings)))
    return found


def _is_inside(spot: Spot, other: Spot) -> bool:
    return (
        other.start <= spot.start
        and spot.end <= other.end
        and (other.end - other.start) > (spot.end - spot.start)
    )


def _as_placed(meaning: Surface, is_placed: bool) -> Surface | None:
    if meaning.kind != Kind.AREA or meaning.weight >= SMALLEST:
        return meaning
    return replace(meaning, weight=PLACE_AFTER_WORD) if is_placed else None


WORDS_LIKE_STATES = frozenset("in or me hi ok oh la de al pa ma co id".split())
"""Codes of states that are words of English or Spanish."""


def _is_word_like_state(
    spot: Spot, meaning: Surface, tokens: Sequence[Token], lexicon: Lexicon
) -> bool:
    """Return whether a code of a state is but a word here."""
    if spot.end - spot.start > 1 or meaning.kind != Kind.AREA:
        return False
    token = tokens[spot.start]
    if token.text not in WORDS_LIKE_STATES:
        return False
    if token.is_capital and not all(one.is_capital for one in tokens if one.text.isalpha()):
        return False
    if len(tokens) == 1:
        return not token.is_capital
    is_last = spot.end == len(tokens) and spot.start > 0
    return not is_last or _is_small(tokens[spot.start - 1], lexicon)


def _is_small(token: Token, lexicon: Lexicon) -> bool:
    meanings, _ = lexicon.look_up(token.text)
    return any(one.kind in (Kind.FILLER, Kind.UNTOLD) for one in meanings)


def _cities_in_states(spots: Sequence[Spot], tokens: Sequence[Token]) -> Iterator[Spot]:
    """Yield places with the state that is typed after them, or written out before them."""
    states: dict[int, list[tuple[Spot, str]]] = {}
    ending: dict[int, list[tuple[Spot, str]]] = {}
    for spot in spots:
        for meaning in spot.meanings:
            if (code := _state_of(meaning)) and spot.mended is None:
                states.setdefault(spot.start, []).append((spot, code))
                if spot.end - spot.start > 1 or len(tokens[spot.start].text) > 2:
                    ending.setdefault(spot.end, []).append((spot, code))
    for spot in spots:
        for starts in {spot.end, _after_in(spot.end, tokens)}:
            for state, code in states.get(starts, ()):
                yield from _joined(spot, spot.start, state.end, code)
        for state, code in ending.get(spot.start, ()):
            yield from _joined(spot, state.start, spot.end, code)


def _after_in(place: int, tokens: Sequence[Token]) -> int:
    return place + 1 if place < len(tokens) and tokens[place].text in ("in", "en") else place


def _joined(spot: Spot, start: int, end: int, code: str) -> Iterator[Spot]:
    inside = [
        replace(one, weight=STATE_AFTER_CITY, rarity=1.6)
        for one in spot.meanings
        if isinstance(one.target, AreaTarget) and not one.target.states and one.target.state == code
    ]
    if inside:
        yield Spot(start, end, tuple(inside), spot.likeness, spot.mended)


def _state_of(meaning: Surface) -> str | None:
    """Return the state that a surface names alone."""
    target = meaning.target
    if not isinstance(target, AreaTarget) or len(target.states) != 1:
        return None
    is_cut = target.south_of is not None or target.north_of is not None
    return None if is_cut else target.states[0]


def spans_of(
    cover: Cover, text: str, tokens: Sequence[Token], lexicon: Lexicon
) -> tuple[Span, ...]:
    """Return the spans of a cover.

    Of several schools of one name those in another place of the text come first.
    """
    areas = [
        one.target
        for spot in cover.spots
        if isinstance((one := spot.meanings[0]).target, AreaTarget)
    ]
    found = []
    for spot in cover.spots:
        meanings: Sequence[Surface] = spot.meanings
        if meanings[0].kind == Kind.SCHOOL:
            meanings = sorted(meanings, key=lambda one: not _is_there(one, areas, lexicon))
        typed = text[tokens[spot.start].start : tokens[spot.end - 1].end]
        others = tuple(meanings[1 : MOST_OTHERS + 1])
        found.append(Span(spot.start, spot.end, typed, meanings[0], others, spot.mended))
    return tuple(found)


def _is_there(meaning: Surface, areas: Sequence[AreaTarget], lexicon: Lexicon) -> bool:
    """Return whether a meaning is a school in one of some places."""
    if not isinstance(meaning.target, SchoolTarget) or meaning.target.is_system:
        return False
    places = [lexicon.schools[one] for one in meaning.target.unitids if one in lexicon.schools]
    return any(
        area.state == place.state and (not area.city or area.city.lower() == place.city)
        for place in places
        for area in areas
    )
