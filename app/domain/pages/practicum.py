"""What a page states of practical training: whether, how long, where, and who finds the site."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from app.domain.claims import PracticumClaim
from app.domain.pages.about import Reader
from app.domain.pages.page import Sentence, Stated, stated
from app.domain.pages.patterns import choices, pattern
from app.domain.vocabulary import Availability, PracticumFormat

_FORMATS = choices("practicum.formats", PracticumFormat)
WORD, _HOURS, _IN_ALL, _COURSE, _NONE, _NOT_REQUIRED, _REQUIRED, _ARRANGED, _OWN_SITE, _SITE = (
    pattern("practicum", name)
    for name in (
        "word",
        "hours",
        "in_all",
        "course",
        "none",
        "not_required",
        "required",
        "arranged",
        "own_site",
        "site",
    )
)


@dataclass(slots=True)
class _Found:
    availability: Availability | None = None
    hours_low: float | None = None
    hours_high: float | None = None
    format: PracticumFormat | None = None
    is_site_arranged: bool | None = None

    @property
    def says_something(self) -> bool:
        return (self.availability, self.hours_low, self.is_site_arranged) != (None, None, None)


def practicum_in(reader: Reader) -> Iterator[Stated]:
    """Yield what each sentence on practical training says; several on a page stand side by side."""
    for block in reader.page.blocks:
        heads = bool(block.headings) and bool(WORD.search(block.headings[-1]))
        before = False
        for sentence in reader.sentences(block):
            named = bool(WORD.search(sentence.labelled))
            if named or heads or (before and _SITE.search(sentence.text)):
                found = _read(sentence, heads=heads)
                before = True
                if found.says_something:
                    yield _propose(found, sentence)


def _read(sentence: Sentence, *, heads: bool) -> _Found:
    text, found = sentence.labelled, _Found()
    if _NOT_REQUIRED.search(text):
        found.availability = Availability.OPTIONAL
    elif _NONE.search(text):
        found.availability = Availability.NONE
        return found
    elif _REQUIRED.search(text):
        found.availability = Availability.REQUIRED
    elif _COURSE.search(text) and WORD.search(text):
        found.availability = Availability.REQUIRED  # a course of the plan of study
    if total := _IN_ALL.search(text):
        found.hours_low = found.hours_high = float(total["low"] or total["of"])
    elif (hours := _HOURS.search(text)) and len({one[0] for one in _HOURS.finditer(text)}) == 1:
        found.hours_low = float(hours["low"])
        is_open = hours["least"] or hours["more"]
        found.hours_high = None if is_open else float(hours["high"] or hours["low"])
    if found.hours_low and found.availability is None and heads:
        found.availability = Availability.REQUIRED
    if _OWN_SITE.search(text):
        found.is_site_arranged = False
    elif _ARRANGED.search(text):
        found.is_site_arranged = True
    found.format = _format_of(text)
    return found


def _format_of(text: str) -> PracticumFormat | None:
    kinds = [kind for kind, words in _FORMATS if words.search(text)]
    if not kinds:
        return None
    return kinds[0] if len(kinds) == 1 else PracticumFormat.MIXED


def _propose(found: _Found, sentence: Sentence) -> Stated:
    return stated(
        PracticumClaim,
        f"practicum.{found.availability or ('hours' if found.hours_low else 'site')}",
        0.85,
        sentence.text,
        sentence.block.headings,
        **asdict(found),
    )
