"""What a page states of practical training: whether, how long, where, and who finds the site."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby

from app.domain.claims import PracticumClaim
from app.domain.pages.about import Reader
from app.domain.pages.numbers import in_figures, value_of
from app.domain.pages.page import Block, Sentence, Stated, cells_of, clauses_of, stated
from app.domain.pages.patterns import choices, pattern, trust
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
_MORE = re.compile(
    r"(?i)\bhours?\b[^.;]{0,40}\b(?:and|plus|then|y)\b(?: another| a further)? \d{2,3}\b"
)
"""Hours beside which others are told without their word: "60 hours in fall and 60 in spring"."""

_HOURS_AFTER = re.compile(
    r"(?i)(?<!\d )\bhours?(?: required| needed)?: (\d{2,4})\b(?!\s*(?:\([^)]*\))?\s*[,;/+]\s*\d)"
)
_ALTERNATIVES = pattern("practicum", "alternatives")
_TIMES = pattern("practicum", "times")
_OF_PART = pattern("practicum", "of_part")
_OF_SOME = pattern("practicum", "of_some")
_OF_TRACK = pattern("practicum", "of_track")
_NO_NEED = pattern("practicum", "no_need")
_HEADING = pattern("practicum", "heading")
_FINDS_SITE = pattern("practicum", "finds_site")
_OF_JOBS = pattern("practicum", "of_jobs")
_OF_CLASSES = pattern("practicum", "of_classes")

_TAKES_PLACE = {Availability.REQUIRED, Availability.OPTIONAL}
FAR = 70
"""Characters between the word for the training and hours that are not its own."""


@dataclass(slots=True)
class _Found:
    availability: Availability | None = None
    hours_low: float | None = None
    hours_high: float | None = None
    format: PracticumFormat | None = None
    is_site_arranged: bool | None = None
    components: list[dict[str, object]] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        return bool(self.components) or (
            (self.availability, self.hours_low, self.is_site_arranged) != (None, None, None)
        )


def practicum_in(reader: Reader) -> Iterator[Stated]:
    """Yield what each sentence on practical training says; several on a page stand side by side.

    Where it takes place is told by what stands under one heading, as "the first in the lab, the
    second at a hospital". What is told beside "a thesis or a practicum" holds of who chooses it.
    """
    codes = _codes_in(reader.page.blocks)
    for _, run in groupby(reader.page.blocks, key=lambda block: block.headings):
        on_it = [pair for block in run for pair in _on_it(reader, block, codes)]
        told = [(one, _read(one, text)) for one, text in on_it]
        is_choice = any(found.availability is Availability.OPTIONAL for _, found in told)
        if is_choice:
            told = [(one, _read(one, text, is_choice=True)) for one, text in on_it]
        formats = {kind for one, found in told if (kind := found.format)}
        for one, found in told:
            if len(formats) > 1 or _OF_PART.search(one.text):
                found.format = None
            if is_choice and found.availability is Availability.REQUIRED:
                found.availability = None
            is_place = found.format and any(
                other.availability in _TAKES_PLACE or other.hours_low for _, other in told
            )
            if found.says_something or is_place:
                yield _propose(found, one)


def _codes_in(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the codes of courses that a row or a line of a plan names as practical training."""
    lines = [block.text for block in blocks if len(block.text.split()) <= MOST_WORDS_OF_COURSE]
    return frozenset(
        code[0]
        for line in lines
        if WORD.search(line) and len(codes := list(_COURSE.finditer(line))) == 1
        for code in codes
        if code.start() < MOST_BEFORE_CODE
    )


MOST_WORDS_OF_COURSE = 14
MOST_BEFORE_CODE = 6
"""Characters before the code that a line on a course begins with."""


def _on_it(reader: Reader, block: Block, codes: frozenset[str]) -> Iterator[tuple[Sentence, str]]:
    """Yield the sentences of a block on practical training, with the text to read of each."""
    is_headed = _is_headed(block)
    before = False
    for sentence in reader.sentences(block):
        text = sentence.labelled if is_headed else sentence.text
        if columns := list(cells_of(block)):
            text = "; ".join(_cell(column, cell) for column, cell in columns)
        text = reader.part_on_it(text)
        if not WORD.search(text):  # a course that the plan names as the practicum
            text = _COURSE.sub(
                lambda code: f"practicum {code[0]}" if code[0] in codes else code[0], text, count=1
            )
        named = bool(WORD.search(text))
        heads = is_headed and (_is_named(block) or _goes_on(text))
        if text and (named or heads or (before and _goes_on(sentence.text))):
            before = True
            text = in_figures(text)
            is_own = heads or _follows_word(text)
            yield sentence, _HOURS_AFTER.sub(r"\1 hours", text) if is_own else text


def _is_headed(block: Block) -> bool:
    """Return whether a block stands under a heading on practical training."""
    return _is_named(block) or any(map(_HEADING.search, block.headings[-1:]))


def _is_named(block: Block) -> bool:
    return any(map(WORD.search, block.headings[-1:]))


def _goes_on(text: str) -> bool:
    """Return whether a sentence after one on the training says where, or who finds the site."""
    tells = _SITE.search(text) or _ARRANGED.search(text) or _FINDS_SITE.search(text)
    return bool(tells) and not _OF_JOBS.search(text)


def _follows_word(text: str) -> bool:
    """Return whether "hours: 120" stands after the word for the training: they are its own."""
    found, word = _HOURS_AFTER.search(text), WORD.search(text)
    return bool(found and word and word.start() <= found.start())


def _cell(column: str, cell: str) -> str:
    """Return a cell with the heading of its column: its unit, where it is a bare number."""
    is_hours = cell.isdigit() and pattern("practicum", "hours_column").search(column)
    return f"{cell} hours" if is_hours else f"{column}: {cell}"


def _read(sentence: Sentence, text: str, *, is_choice: bool = False) -> _Found:
    found = _Found()
    if pattern("practicum", "further").search(text):
        return found  # a second one, beside that of the program
    if _NOT_REQUIRED.search(text):
        found.availability = Availability.OPTIONAL
    elif _NONE.search(text) or _is_denied(sentence):
        is_of_track = any(map(_OF_TRACK.search, sentence.block.headings[-1:]))
        found.availability = None if is_of_track else Availability.NONE
        return found
    elif WORD.search(text) and (_REQUIRED.search(text) or _COURSE.search(text)):
        found.availability = Availability.REQUIRED  # by its words, or as a course of the plan
    is_headed_choice = any(
        pattern("practicum", "of_choice").search(head) or _NOT_REQUIRED.search(head)
        for head in sentence.block.headings[-1:]
    )
    if is_headed_choice:
        found.availability = Availability.OPTIONAL
    is_of_some = (
        not is_choice
        and found.availability is not Availability.OPTIONAL
        and bool(_OF_SOME.search(text) or any(map(_OF_TRACK.search, sentence.block.headings[-1:])))
    )
    if is_of_some:
        found.availability = None
    elif not pattern("practicum", "rate_of_hours").search(text):
        found.hours_low, found.hours_high, found.components = _hours_in(text)
    has_hours = bool(found.hours_low or found.components)
    if has_hours and not is_choice and not found.availability and _is_headed(sentence.block):
        found.availability = Availability.REQUIRED
    who = _NO_NEED.sub(" ", text)
    is_offered = _ARRANGED.search(who) and pattern("practicum", "permitted").search(who)
    if _OWN_SITE.search(who) and not is_offered:
        found.is_site_arranged = False
    elif _ARRANGED.search(who):
        found.is_site_arranged = True
    elif _FINDS_SITE.search(who):
        found.is_site_arranged = False
    is_of_few = is_of_some or (is_choice and not is_headed_choice)
    found.format = None if is_of_few else _format_of(text)
    return found


def _is_denied(sentence: Sentence) -> bool:
    """Return whether a sentence says that there is none, or that something stands in its place."""
    is_asked = any(WORD.search(h) and h.endswith("?") for h in sentence.block.headings[-1:])
    is_no = is_asked and pattern("practicum", "answered_no").search(sentence.text)
    return bool(is_no or pattern("practicum", "instead").search(sentence.text))


def _hours_in(text: str) -> tuple[float | None, float | None, list[dict[str, object]]]:
    """Return the least and the most hours of all training, and its parts where each has its own.

    Hours far from any word for the training are those of the program. "Two practicums of 40 hours"
    are 80; parts that each have their hours are added up.
    """
    has_classes = bool(pattern("practicum", "in_class").search(text))
    if (in_all := _IN_ALL.search(text)) and not has_classes:
        hours = value_of(in_all["low"] or in_all["of"])
        return hours, hours, []
    found = list(_HOURS.finditer(text))
    words = list(WORD.finditer(text))
    if has_classes and not words:
        return None, None, []  # of its seminar, or of a credit of class work
    if words and has_classes:
        found = sorted(found, key=lambda one: _distance(one, _own_word(one, words)))[:1]
    if words and len(found) > 1:
        pairs = [(one, _own_word(one, words)) for one in found]
        found = [one for one, word in pairs if _distance(one, word) <= FAR]
        pairs.sort(key=lambda pair: -_distance(*pair))
        own = {word.start(): one for one, word in pairs if one in found}
        if len(own) > 1 and not _ALTERNATIVES.search(text):
            parts = [
                {"label": word[0].strip(), "hours": value_of(own[word.start()]["low"])}
                for word in words
                if word.start() in own
            ]
            total = sum(value_of(one["low"]) for one in own.values())
            return total, total, parts
        found = _of_one_word(found)
    if not found or len({one["low"] for one in found}) > 1 or _MORE.search(text):
        return None, None, []
    one = found[0]
    times = _TIMES.search(text[: one.start("low")])
    low = value_of(one["low"])
    courses = set(_COURSE.findall(text[: one.start("low")]))
    if len(courses) > 1 and " each" in text[one.end() : one.end() + 6]:
        low *= len(courses)
    if (
        times
        and "credit" not in times[0]
        and (times["times"] or " each" in text[one.end() : one.end() + 6])
    ):
        low *= value_of(times["times"] or times["each"])
    is_open = one["least"] or one["more"]
    high = value_of(one["high"]) if one["high"] else low
    return low, (None if is_open else high), []


def _of_one_word(found: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the hours that hold of several told of one thing: the sum of the others, or all."""
    amounts = [value_of(one["low"]) for one in found]
    whole = max(amounts)
    if len(set(amounts)) > 1 and 2 * whole == sum(amounts):
        return [found[amounts.index(whole)]]
    return found


def _distance(one: re.Match[str], word: re.Match[str]) -> int:
    return max(one.start() - word.end(), word.start() - one.end(), 0)


def _own_word(one: re.Match[str], words: list[re.Match[str]]) -> re.Match[str]:
    """Return the word that hours are told of: after "a 40-hour", else before them."""
    before = [word for word in words if word.end() <= one.start()]
    after = [word for word in words if word.start() >= one.end()]
    if "-" in one[0] or not before:
        return after[0] if after else words[-1]
    return before[-1]


def _format_of(text: str) -> PracticumFormat | None:
    """Return where it takes place; clauses on classes say nothing of it."""
    clauses = clauses_of(text.replace(": ", " "))
    told = [
        one
        for clause in [one for one in clauses if WORD.search(one)] or clauses
        for one in pattern("practicum", "not_practice").sub(" ", clause).split(", ")
        if not pattern("practicum", "not_there").search(one)
        and (WORD.search(clause) or not _OF_CLASSES.search(clause))
    ]
    kinds = [kind for kind, words in _FORMATS if any(words.search(one) for one in told)]
    if PracticumFormat.ONSITE in kinds and len(kinds) > 1:
        return PracticumFormat.MIXED
    if kinds == [PracticumFormat.VIRTUAL] and (
        pattern("practicum", "permitted").search(text) or _ALTERNATIVES.search(text)
    ):
        return None  # one may; what most do is not told
    return kinds[0] if kinds else None


def _propose(found: _Found, sentence: Sentence) -> Stated:
    return stated(
        PracticumClaim,
        f"practicum.{found.availability or ('hours' if found.hours_low else 'site')}",
        trust("practicum.said" if found.says_something else "practicum.place"),
        sentence.text,
        sentence.block.headings,
        **asdict(found),
    )
