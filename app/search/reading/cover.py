"""The best cover of a text: which of its surfaces to take, each token in one at most.

A surface counts its weight times its tokens to the power of 1.5 times how much it tells, so that
long and rare ones win over parts of them. A token in none costs more than a filler.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.search.reading.folding import Token, fold_surface
from app.search.reading.lexicon import Lexicon
from app.search.reading.spans import AreaTarget, Kind, SchoolTarget, Span, Surface
from app.search.reading.spotting import INFLECTED, SCHOOL_WORDS, Spot

FILLER, LEFT = 0.2, -1.0
"""What a filler and a token in no surface count."""

NEARLY = 0.9
"""Share of the best cover, where they differ, that another counts at least to be told."""

MOST_TRIED = 8
"""Spots of the best cover without which another is looked for."""

PLACE_WORDS = frozenset("in near around by at from close within en cerca alrededor".split())
"""Words before a place."""

SMALLEST = 0.3
"""Weight of a place that is not meant by its name alone."""

STATE_AFTER_CITY, PLACE_AFTER_WORD = 1.0, 0.7
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


def best_cover(spots: Sequence[Spot], count: int) -> Cover:
    """Return the best cover of so many tokens."""
    ending: dict[int, list[tuple[Spot, float]]] = {}
    for spot in spots:
        ending.setdefault(spot.end, []).append((spot, score_of(spot, spot.meanings[0])))
    scores = [0.0]
    taken: list[Spot | None] = [None]
    for end in range(1, count + 1):
        best, last = scores[end - 1] + LEFT, None
        for spot, score in ending.get(end, ()):
            if scores[spot.start] + score > best:
                best, last = scores[spot.start] + score, spot
        scores.append(best)
        taken.append(last)
    found = []
    end = count
    while end:
        last = taken[end]
        if last is not None:
            found.append(last)
        end = last.start if last else end - 1
    return Cover(scores[count], tuple(reversed(found)))


def second_cover(best: Cover, spots: Sequence[Spot], count: int) -> Cover | None:
    """Return the best cover that reads a token otherwise, if it counts nearly as much there.

    What a part of a span means by itself is no other reading.
    """
    said = _said(best)
    found: Cover | None = None
    for spot in [one for one in best.spots if one.meanings[0].kind != Kind.FILLER][:MOST_TRIED]:
        rest = [one for one in spots if one is not spot and not _is_inside(one, spot)]
        if any(_overlap(spot, other) for other in rest):
            cover = best_cover(rest, count)
            if not _said(cover).items() <= said.items() and _is_near(cover, best):
                found = cover if found is None or cover.score > found.score else found
    return found


def _overlap(spot: Spot, other: Spot) -> bool:
    return spot.start < other.end and other.start < spot.end


def _is_near(second: Cover, best: Cover) -> bool:
    """Return whether a cover counts nearly as much as the best, where the two differ."""
    shared = sum(score_of(spot, spot.meanings[0]) for spot in second.spots if spot in best.spots)
    return second.score - shared >= NEARLY * (best.score - shared) > 0


def _said(cover: Cover) -> dict[int, Kind]:
    """Return what the tokens of a cover are read as, but for fillers."""
    return {
        place: kind
        for spot in cover.spots
        if (kind := spot.meanings[0].kind) != Kind.FILLER
        for place in range(spot.start, spot.end)
    }


def in_context(spots: Sequence[Spot], tokens: Sequence[Token], lexicon: Lexicon) -> list[Spot]:
    """Return the spots as their neighbors have them.

    A city before a state is the one in that state. A code of a state that is a word is a state only
    where it is written in capitals, or last. A small place with the name of a word is one only
    after a word of place. What is inside a field that is not held means nothing by itself.
    """
    placed = [
        *spots,
        *_cities_in_states(spots, tokens, lexicon),
        *_lengthened(spots, tokens, lexicon),
    ]
    placed = [*placed, *_metros(placed, tokens, lexicon)]
    foreign = [spot for spot in placed if spot.meanings[0].kind == Kind.FOREIGN]
    blocking = [
        one
        for one in foreign
        if one.end - one.start > 1 and not any(_is_inside(one, other) for other in placed)
    ]
    found = []
    for spot in _merged(placed):
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
        meanings = _with_code_first(spot, meanings, tokens)
        if meanings:
            meanings.sort(key=lambda one: -score_of(spot, one))
            found.append(replace(spot, meanings=tuple(meanings)))
    return found


def _merged(spots: Sequence[Spot]) -> Iterator[Spot]:
    """Yield the spots with all meanings that the same tokens have, in whatever form, in one.

    Where they are a surface as they stand, what they are in the plural is not meant.
    """
    by_place: dict[tuple[int, int], list[Spot]] = {}
    for spot in spots:
        by_place.setdefault((spot.start, spot.end), []).append(spot)
    for (start, end), some in by_place.items():
        if max(spot.likeness for spot in some) > INFLECTED:
            some = [spot for spot in some if spot.likeness > INFLECTED]
        if len(some) == 1:
            yield some[0]
            continue
        weighed = [
            (replace(one, weight=one.weight * spot.likeness), spot.mended)
            for spot in some
            for one in spot.meanings
        ]
        weighed.sort(key=lambda one: -one[0].weight * one[0].rarity)
        meanings = {(one.kind, one.target): one for one, _ in reversed(weighed)}
        yield Spot(start, end, tuple(reversed(meanings.values())), mended=weighed[0][1])


CODE_WORDS = frozenset("cip soc unitid opeid ope ipeds onet code codes number id".split())
"""Words before a code."""

LENGTHENED, LEAST_LENGTHENED = 0.9, 0.5


def _lengthened(spots: Sequence[Spot], tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Spot]:
    """Yield longer spots of partial names of schools and of codes.

    Names go on with "college" and the like, by which even one that is that of a city is surely a
    school's, and a "community college" is a public one; codes have "CIP" and the like before them.
    """
    for spot in spots:
        end = spot.end
        while end < len(tokens) and tokens[end].text in SCHOOL_WORDS - {"colleges"}:
            end += 1
        is_public = any(token.text in ("community", "cc") for token in tokens[spot.end : end])
        schools = tuple(
            replace(one, weight=max(one.weight * LENGTHENED, LEAST_LENGTHENED))
            for one in spot.meanings
            if isinstance(one.target, SchoolTarget)
            and not one.target.is_system
            and not (is_public and _is_private(one.target, lexicon))
        )
        if end > spot.end and schools and not any(map(_state_of, spot.meanings)):
            yield replace(spot, end=end, meanings=schools)
        start = spot.start
        while start and tokens[start - 1].text in CODE_WORDS:
            start -= 1
        if start < spot.start and spot.meanings[0].source.endswith("-code"):
            yield replace(spot, start=start)


def _is_private(target: SchoolTarget, lexicon: Lexicon) -> bool:
    schools = (lexicon.schools.get(unitid) for unitid in target.unitids)
    return not any(one is None or one.is_public for one in schools)


METRO_BEFORE = ("greater", "metro", "metropolitan")
METRO_AFTER = ("metropolitan area", "metro area", "metro", "area")


def _metros(spots: Sequence[Spot], tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Spot]:
    """Yield cities with "greater" before or "metro area" after them as what is around them.

    But for those of which the lexicon says what is meant so.
    """
    said = {
        (spot.start, spot.end)
        for spot in spots
        if any(one.kind == Kind.AREA for one in spot.meanings)
    }
    for spot in spots:
        start, end = spot.start, spot.end
        if start and tokens[start - 1].text in METRO_BEFORE:
            start -= 1
        for words in METRO_AFTER:
            after = [token.text for token in tokens[end : end + len(words.split())]]
            if after == words.split():
                end += len(after)
                break
        if (start, end) == (spot.start, spot.end) or (start, end) in said:
            continue
        cities = [
            replace(one, target=_around(one.target, lexicon))
            for one in spot.meanings
            if isinstance(one.target, AreaTarget) and one.target.city and one.target.state
        ]
        if cities:
            yield replace(spot, start=start, end=end, meanings=tuple(cities))


def _around(city: AreaTarget, lexicon: Lexicon) -> AreaTarget:
    """Return the metropolitan area that a city is in, or its circle where none is known."""
    metro = lexicon.metros.get((fold_surface(city.city or ""), city.state or ""))
    if metro is None:
        return city
    return AreaTarget(f"{city.name} metro area", metros=(metro,), state=city.state)


CODE_OF_STATE, BESIDE_CODE = 0.9, 0.3


def _with_code_first(spot: Spot, meanings: list[Surface], tokens: Sequence[Token]) -> list[Surface]:
    """Return the meanings of a code of a state: the state before schools of these initials.

    Before awards and fields too where it stands as a state does: in capitals or last, but for "MA
    in"; of "MS" nobody can tell.
    """
    token = tokens[spot.start]
    if len(token.text) != 2 or not any(map(_state_of, meanings)):
        return meanings
    after = tokens[spot.end].text if spot.end < len(tokens) else ""
    is_award = after in ("in", "en", "of", "de")
    code_weight = BESIDE_CODE if is_award else CODE_OF_STATE
    found = []
    for one in meanings:
        if one.kind == Kind.SCHOOL:
            found.append(replace(one, weight=min(one.weight, BESIDE_CODE)))
        elif _state_of(one) and token.text in WORDS_LIKE_STATES:
            found.append(replace(one, weight=code_weight))
        elif one.kind != Kind.FOREIGN or not token.is_capital:  # "MD", "PA"
            found.append(one)
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
    return replace(meaning, weight=PLACE_AFTER_WORD + meaning.weight / 2) if is_placed else None


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


def _cities_in_states(
    spots: Sequence[Spot], tokens: Sequence[Token], lexicon: Lexicon
) -> Iterator[Spot]:
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
                yield from _joined(spot, spot.start, state.end, code, lexicon)
        for state, code in ending.get(spot.start, ()):
            yield from _joined(spot, state.start, spot.end, code, lexicon)


def _after_in(place: int, tokens: Sequence[Token]) -> int:
    return place + 1 if place < len(tokens) and tokens[place].text in ("in", "en") else place


def _joined(spot: Spot, start: int, end: int, code: str, lexicon: Lexicon) -> Iterator[Spot]:
    """Yield a city with its state; of one that only schools tell of, its metropolitan area."""
    cities = [
        one
        for one in spot.meanings
        if isinstance(one.target, AreaTarget) and not one.target.states and one.target.state
    ]
    inside = [one for one in cities if _state_inside(one) == code]
    metro = lexicon.metros.get((spot.meanings[0].text, code))
    if cities and not inside and metro and spot.mended is None:
        name = cities[0].target.city if isinstance(cities[0].target, AreaTarget) else None
        target = AreaTarget(f"{name}, {code}", metros=(metro,), state=code)
        inside = [replace(cities[0], target=target)] if name else []
    if inside:
        meanings = (replace(one, weight=STATE_AFTER_CITY, rarity=1.6) for one in inside)
        yield Spot(start, end, tuple(meanings), spot.likeness, spot.mended)


def _state_inside(meaning: Surface) -> str | None:
    return meaning.target.state if isinstance(meaning.target, AreaTarget) else None


def _state_of(meaning: Surface) -> str | None:
    """Return the state that a surface names alone."""
    target = meaning.target
    if not isinstance(target, AreaTarget) or len(target.states) != 1:
        return None
    is_cut = target.south_of is not None or target.north_of is not None
    return None if is_cut else target.states[0]


def spans_of(
    spots: Sequence[Spot], text: str, tokens: Sequence[Token], lexicon: Lexicon
) -> tuple[Span, ...]:
    """Return the spans of a cover.

    Of several schools that go by a name nearly as surely, those in another place of the text come
    first, then those with more programs.
    """
    areas = [
        one.target for spot in spots if isinstance((one := spot.meanings[0]).target, AreaTarget)
    ]
    found = []
    for spot in spots:
        meanings: Sequence[Surface] = spot.meanings
        if meanings[0].kind == Kind.SCHOOL:
            meanings = _schools_in_order(meanings, areas, lexicon)
        typed = text[tokens[spot.start].start : tokens[spot.end - 1].end]
        others = tuple(meanings[1 : MOST_OTHERS + 1])
        found.append(Span(spot.start, spot.end, typed, meanings[0], others, spot.mended))
    return tuple(found)


NEARLY_AS_SURELY = 0.8
"""Share of the weight of the likeliest school at which others of the name come in another order."""


def _schools_in_order(
    meanings: Sequence[Surface], areas: Sequence[AreaTarget], lexicon: Lexicon
) -> list[Surface]:
    least = NEARLY_AS_SURELY * meanings[0].weight
    alike = [one for one in meanings if one.kind == Kind.SCHOOL and one.weight >= least]
    alike.sort(key=lambda one: (not _is_there(one, areas, lexicon), -_programs(one, lexicon)))
    return [*alike, *(one for one in meanings if one not in alike)]


def _programs(meaning: Surface, lexicon: Lexicon) -> int:
    return sum(one.programs for one in lexicon.places_of(meaning.target))


def _is_there(meaning: Surface, areas: Sequence[AreaTarget], lexicon: Lexicon) -> bool:
    """Return whether a meaning is a school in one of some places."""
    if not isinstance(meaning.target, SchoolTarget) or meaning.target.is_system:
        return False
    return any(
        area.state == place.state and (not area.city or area.city.lower() == place.city)
        for place in lexicon.places_of(meaning.target)
        for area in areas
    )
