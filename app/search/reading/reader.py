"""Read what people type: ``read_text`` gives the best reading of a text by a lexicon."""

from collections.abc import Iterator, Sequence

from app.search.reading.cover import (
    PLACE_WORDS,
    Cover,
    best_cover,
    in_context,
    second_cover,
    spans_of,
)
from app.search.reading.folding import Token, forms_of, spanish_forms_of, tokens_of
from app.search.reading.lexicon import Lexicon
from app.search.reading.patterns import patterns_in
from app.search.reading.spans import AreaTarget, Kind, Reading
from app.search.reading.spotting import SCHOOL_WORDS, Spot, spots_in
from app.search.reading.unknown_schools import unknown_schools


def read_text(text: str, lexicon: Lexicon) -> Reading:
    """Return how a text is understood; any text has a reading."""
    tokens = tokens_of(text)
    spots = spots_in(tokens, lexicon)
    spots += [Spot(start, end, (one,)) for start, end, one in patterns_in(tokens, lexicon)]
    spots = in_context(spots, tokens, lexicon)
    best = best_cover(spots, len(tokens))
    other = second_cover(best, spots, len(tokens))
    second = _to_reading(text, tokens, other, lexicon, None) if other else None
    return _to_reading(text, tokens, best, lexicon, second)


def _to_reading(
    text: str, tokens: Sequence[Token], cover: Cover, lexicon: Lexicon, second: Reading | None
) -> Reading:
    schools = list(unknown_schools(text, tokens, cover.spots, lexicon))
    whole = {place for start, end in schools for place in range(start, end)}
    others = (run for run in _names(tokens, cover.spots, lexicon) if whole.isdisjoint(range(*run)))
    names = sorted((*schools, *others))
    named = {place for start, end in names for place in range(start, end)}
    spots = tuple(spot for spot in cover.spots if named.isdisjoint(range(spot.start, spot.end)))
    covered = {place for spot in spots for place in range(spot.start, spot.end)}
    return Reading(
        text=text,
        tokens=tuple(token.text for token in tokens),
        spans=spans_of(spots, text, tokens, lexicon),
        left=tuple(place for place in range(len(tokens)) if place not in covered),
        names=tuple(text[tokens[start].start : tokens[end - 1].end] for start, end in names),
        second=second,
    )


def _names(
    tokens: Sequence[Token], spots: Sequence[Spot], lexicon: Lexicon
) -> Iterator[tuple[int, int]]:
    """Yield runs of tokens that look like the name of a school or place that is not known.

    Words in no span that are no everyday words, or that stand before "college" and the like, or
    after a word of place. A name goes on to the last of its words "college", "institute" ... and
    begins with the cities right before it, as two cities in a row before "college" are a name.
    """
    covered = {place for spot in spots for place in range(spot.start, spot.end)}
    loose = {
        place
        for spot in spots
        if spot.meanings[0].kind in (Kind.FILLER, Kind.CONTROL)
        and SCHOOL_WORDS.issuperset(token.text for token in tokens[spot.start : spot.end])
        for place in range(spot.start, spot.end)
    }
    cities = {spot.end: spot.start for spot in spots if _is_city(spot)}
    place = 0
    while place < len(tokens):
        start = end = place
        while end < len(tokens) and end not in covered:
            end += 1
        tail = end
        is_two_cities = end in cities and cities[end] in cities
        while (start < end or is_two_cities) and tail < len(tokens) and tail in loose:
            tail += 1
        if tail > end:
            while start in cities:  # "Denver Foobar College"
                start = cities[start]
            yield start, tail
        elif start < end and (
            (start and tokens[start - 1].text in PLACE_WORDS)
            or any(_is_strange(token, lexicon) for token in tokens[start:end])
        ):
            yield start, tail
        place = max(tail, place + 1)


def _is_city(spot: Spot) -> bool:
    """Return whether a spot is the name of a city by itself, without its state."""
    target = spot.meanings[0].target
    is_city = isinstance(target, AreaTarget) and target.city is not None
    return is_city and len(spot.meanings[0].text.split()) == spot.end - spot.start


def _is_strange(token: Token, lexicon: Lexicon) -> bool:
    """Return whether a token is no everyday word in any form."""
    words = (token.text, *forms_of(token.text), *spanish_forms_of(token.text))
    return token.text.isalpha() and len(token.text) > 3 and lexicon.common.isdisjoint(words)
