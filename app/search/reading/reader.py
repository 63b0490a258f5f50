"""Read what people type: ``read_text`` gives the best reading of a text by a lexicon."""

from collections.abc import Iterator, Sequence

from app.search.reading.cover import NEARLY, PLACE_WORDS, Cover, covers_of, in_context, spans_of
from app.search.reading.folding import Token, forms_of, spanish_forms_of, tokens_of
from app.search.reading.lexicon import Lexicon
from app.search.reading.patterns import patterns_in
from app.search.reading.spans import Kind, Reading, Span
from app.search.reading.spotting import Spot, spots_in


def read_text(text: str, lexicon: Lexicon) -> Reading:
    """Return how a text is understood; any text has a reading."""
    tokens = tokens_of(text)
    spots = spots_in(tokens, lexicon)
    spots += [Spot(start, end, (one,)) for start, end, one in patterns_in(tokens, lexicon)]
    best, *others = covers_of(in_context(spots, tokens, lexicon), len(tokens))
    second = None
    if others and others[0].score >= NEARLY * best.score > 0:
        second = _to_reading(text, tokens, others[0], lexicon, None)
    return _to_reading(text, tokens, best, lexicon, second)


def _to_reading(
    text: str, tokens: Sequence[Token], cover: Cover, lexicon: Lexicon, second: Reading | None
) -> Reading:
    spans = spans_of(cover, text, tokens, lexicon)
    covered = {place for span in spans for place in range(span.start, span.end)}
    left = tuple(place for place in range(len(tokens)) if place not in covered)
    return Reading(
        text=text,
        tokens=tuple(token.text for token in tokens),
        spans=spans,
        left=left,
        names=tuple(_names(text, tokens, spans, left, lexicon)),
        second=second,
    )


SCHOOL_WORDS = frozenset(
    "college colleges university institute academy school tech state community technical junior "
    "universidad colegio instituto academia".split()
)
"""Words that a name of a school goes on with."""


def _names(
    text: str, tokens: Sequence[Token], spans: Sequence[Span], left: Sequence[int], lexicon: Lexicon
) -> Iterator[str]:
    """Yield the runs of tokens that look like the name of a school or place that is not known.

    Words that nothing knows; those of them that are everyday words only before "college" and the
    like, after a word of place, or written with a capital amid small letters.
    """
    fillers = {
        place
        for span in spans
        for place in range(span.start, span.end)
        if span.meaning.kind == Kind.FILLER
    }
    used: set[int] = set()
    for place in left:
        if place in used:
            continue
        end = place + 1
        while end in left:
            end += 1
        used.update(range(place, end))
        tail = end
        while tail < len(tokens) and tail in fillers and tokens[tail].text in SCHOOL_WORDS:
            tail += 1
        run = tokens[place:end]
        is_name = (
            tail > end
            or (place and tokens[place - 1].text in PLACE_WORDS)
            or any(_is_strange(token, lexicon) for token in run)
        )
        if is_name:
            yield text[tokens[place].start : tokens[tail - 1].end]


def _is_strange(token: Token, lexicon: Lexicon) -> bool:
    """Return whether a token is no everyday word in any form."""
    words = (token.text, *forms_of(token.text), *spanish_forms_of(token.text))
    return token.text.isalpha() and len(token.text) > 3 and lexicon.common.isdisjoint(words)
