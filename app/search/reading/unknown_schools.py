"""Names of schools that nobody has, of words that are known: "Salem Harbor State College".

What ends in "college" and the like is one name. It is known as a whole, or it is unknown, whatever
its parts mean by themselves.
"""

from collections.abc import Iterator, Sequence

from app.search.reading.folding import Token
from app.search.reading.lexicon import Lexicon, SchoolPlace
from app.search.reading.spans import AreaTarget, Kind, Surface
from app.search.reading.spotting import SCHOOL_WORDS, Spot

NAME_ENDS = frozenset("college university institute academy school cc".split())
"""Words that the name of a school ends in; in the plural they are schools of a sort."""

KIND_WORDS = SCHOOL_WORDS | NAME_ENDS | {"state", "of", "technology", "the", "junior", "city"}
"""Words that tell no school from others."""

OF_TECHNOLOGY = ("institute", "of", "technology")

_Piece = tuple[int, int, Spot | None]
"""Tokens from start to end with what is read in them; None: nothing is."""


def unknown_schools(
    text: str, tokens: Sequence[Token], spots: Sequence[Spot], lexicon: Lexicon
) -> Iterator[tuple[int, int]]:
    """Yield runs of tokens of a cover that are the name of a school that is not known.

    Those of several parts: places, parts of names of schools, and what means nothing. A place
    before a school that may be there only tells where it is.
    """
    run: list[_Piece] = []
    for piece in _pieces(len(tokens), spots):
        if run and "," in text[tokens[run[-1][1] - 1].end : tokens[piece[0]].start]:
            run = []
        run = [*run, piece] if _is_part(piece, tokens, is_first=not run) else []
        end = piece[1]
        if run and _is_end(end, tokens):
            if _is_unknown(run, tokens, lexicon):
                yield run[0][0], end
            run = []


def _pieces(count: int, spots: Sequence[Spot]) -> Iterator[_Piece]:
    """Yield the spots of a cover and the tokens in none, in order."""
    by_start = {spot.start: spot for spot in spots}
    place = 0
    while place < count:
        spot = by_start.get(place)
        end = spot.end if spot else place + 1
        yield place, end, spot
        place = end


def _is_part(piece: _Piece, tokens: Sequence[Token], *, is_first: bool) -> bool:
    """Return whether a piece may be a part of the name of a school."""
    start, end, spot = piece
    if spot is None:
        return tokens[start].text.isalpha()
    kind = spot.meanings[0].kind
    if kind in (Kind.AREA, Kind.SCHOOL):
        return True
    return not is_first and KIND_WORDS.issuperset(one.text for one in tokens[start:end])


def _is_end(end: int, tokens: Sequence[Token]) -> bool:
    """Return whether the name of a school may end here, and does not go on with a word for one."""
    if tuple(one.text for one in tokens[max(end - 3, 0) : end]) == OF_TECHNOLOGY:
        return True
    after = tuple(one.text for one in tokens[end : end + 2])
    is_going_on = after[:1] and (after[0] in NAME_ENDS or after == OF_TECHNOLOGY[1:])
    return tokens[end - 1].text in NAME_ENDS and not is_going_on


def _is_unknown(run: Sequence[_Piece], tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    named = [piece for piece in run if not _tells_nothing(piece, tokens)]
    is_before_city = _is_read_as_place(run[-1]) and run[-1] not in named  # "State College"
    if not named or (len(named) == 1 and not is_before_city):
        return False
    if all(spot and _state_alone(spot.meanings[0]) for _, _, spot in named):
        return False
    *places, last = named
    school = last[2]
    if school is None or school.meanings[0].kind != Kind.SCHOOL:
        return True
    schools = _schools_of(school, lexicon)
    cities = {one.city for one in schools}
    if is_before_city:
        return _words(run[-1], tokens) not in cities
    if _words((run[0][0], last[0], None), tokens) in cities:  # a city that is read as two
        return False
    places = [piece for piece in places if _words(piece, tokens) not in cities]
    if not all(_is_read_as_place(piece) for piece in places):
        return True
    if _has_own_name(school, tokens, lexicon):
        return False
    states = {one.state for one in schools}
    return not all(spot and _is_likely_in(spot, states) for _, _, spot in places)


def _tells_nothing(piece: _Piece, tokens: Sequence[Token]) -> bool:
    """Return whether a piece has but words for what sort of school it is."""
    start, end, spot = piece
    is_school = spot is not None and spot.meanings[0].kind == Kind.SCHOOL
    return not is_school and KIND_WORDS.issuperset(one.text for one in tokens[start:end])


def _is_read_as_place(piece: _Piece) -> bool:
    return piece[2] is not None and piece[2].meanings[0].kind == Kind.AREA


def _state_alone(meaning: Surface) -> bool:
    return isinstance(meaning.target, AreaTarget) and bool(meaning.target.states)


def _has_own_name(school: Spot, tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Return whether the name of a school is no other's: not but a place or an everyday word."""
    words = [one.text for one in tokens[school.start : school.end] if one.text not in KIND_WORDS]
    if len(words) != 1:
        return bool(words)
    [word] = words
    meanings, _ = lexicon.look_up(word)
    is_place = any(one.kind == Kind.AREA for one in meanings)
    return not is_place and word not in lexicon.common


def _words(piece: _Piece, tokens: Sequence[Token]) -> str:
    return " ".join(one.text for one in tokens[piece[0] : piece[1]])


def _schools_of(spot: Spot, lexicon: Lexicon) -> list[SchoolPlace]:
    """Return where the schools are that a spot may mean."""
    return [place for one in spot.meanings for place in lexicon.places_of(one.target)]


def _is_likely_in(place: Spot, states: set[str]) -> bool:
    """Return whether a place, as it is likeliest meant, is in some states, or in none told."""
    area = place.meanings[0].target
    told = {*area.states, area.state or ""} - {""} if isinstance(area, AreaTarget) else set()
    return not told or not told.isdisjoint(states)
