"""A page of a school as it is read: blocks of text, each under its headings, and facts proposed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from app.domain.claims import ProgramClaim
from app.domain.pages.patterns import pattern
from app.domain.vocabulary import Basis, Level

MOST_WORDS_OF_ANSWER = 5
"""Words of a sentence that needs its heading to be understood: "CAHIIM does."."""

MAX_SENTENCE = 400
"""Characters of a sentence that are kept as what the page states."""

_END = re.compile(r"(?<=[.!?])[\"')\]”’]*\s+(?=[\"'(\[“¿¡]*[A-ZÁÉÍÓÚÑ0-9])")
_END_OR_POINT = re.compile(rf"{_END.pattern}|\s[|•·]\s")
_NO_END = re.compile(
    r"(?:\b(?:[A-Z]|St|Dr|Mr|Ms|Mrs|No|vs|Inc|Ave|Bldg|Ext|approx|e\.g|i\.e|U\.S|[AB]\.[AS]"
    r"|M\.S|Ph\.D|A\.A\.S))\.$"
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an entry of a list or a row of a table.

    ``headings`` are those it stands under, the outermost first; ``cells`` the parts of a row as
    (heading of the column, text).
    """

    text: str
    headings: tuple[str, ...] = ()
    cells: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """Words of each link in it, and where it leads."""

    @property
    def heads(self) -> tuple[str, ...]:
        """The headings over it, but for the label of its own row."""
        is_own = bool(self.cells and self.headings) and self.headings[-1] == self.cells[0][1]
        return self.headings[:-1] if is_own else self.headings


def is_unnamed(block: Block, figure: re.Pattern[str]) -> bool:
    """Return whether a row has several figures under columns that nothing names."""
    columns = [column for column, cell in block.cells[1:] if figure.search(cell)]
    return len(columns) > 1 and not all(columns)


@dataclass(frozen=True, slots=True)
class Page:
    """What is read of one address; ``as_of`` is the date that it bears, None: it bears none."""

    url: str
    title: str
    blocks: tuple[Block, ...]
    as_of: str | None = None
    hash: str = ""
    data: tuple[dict[str, Any], ...] = ()
    """Its JSON-LD objects."""
    links: tuple[tuple[str, str], ...] = ()
    """Words and address of each link, those of menus among them."""
    is_catalog: bool = False
    """Whether it is on many programs: then only what stands under a program's title is on it."""

    def heads(self, most: int) -> list[str]:
        """Return its title, and the outermost headings of its first blocks.

        Below the name of a school that is the next one.
        """
        headed = [block.headings for block in self.blocks[:most] if block.headings]
        return [self.title, *(_title_in(headings) for headings in headed)]


def _title_in(headings: tuple[str, ...]) -> str:
    is_under_school = len(headings) > 1 and pattern("transfer", "is_school").search(
        headings[0].title()
    )
    return headings[1] if is_under_school else headings[0]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, with what tells of whom it speaks.

    ``before`` is the sentence that its "it" or "they" goes back to.
    """

    text: str
    block: Block
    before: str = ""

    @property
    def label(self) -> str:
        """The label of its row or line, or the heading that it answers in a few words."""
        cells, heads = self.block.cells, self.block.headings
        if len(cells) == 2:
            return cells[0][1]
        if found := _LABELLED.match(self.text):
            return found["label"]
        if heads and not cells and len(self.text.split()) <= MOST_WORDS_OF_ANSWER:
            return heads[-1]
        return ""

    @property
    def labelled(self) -> str:
        """Its text after its label."""
        label = self.label
        return self.text if not label or label in self.text else f"{label}: {self.text}"

    @property
    def value(self) -> str:
        """Its text without its label."""
        found = None if self.block.cells else _LABELLED.match(self.text)
        return self.text[found.end() :] if found else self.text

    @property
    def context(self) -> str:
        """The headings it stands under, in one text."""
        return " | ".join(self.block.headings)


_LABELLED = re.compile(r"(?P<label>[^\d:.;,$%?!]{2,45}|[^:.;,$%!]{2,60}\?):\s+")
_GOES_BACK = re.compile(
    r"(?:It|Its|They|Their|Both|These|Those|(?:This|That) (?:one|program|degree)|Ambos|Estos)\b"
)
_CLAUSE = re.compile(
    r"[;:]\s|\s[–—]\s|,\s(?=(?:and|but|while|plus|or|though|although|whereas|with|of which|which"
    r"|including|y|pero|aunque)\b)|\s(?=(?:but|while|whereas|although|pero|mientras|aunque)\s)"
)


def sentences_of(block: Block) -> Iterator[Sentence]:
    """Yield the sentences of a block; the point of an abbreviation ends none."""
    begun = before = ""
    for piece in (*(_END if block.cells else _END_OR_POINT).split(block.text), None):
        begun = begun if piece is None else f"{begun} {piece}".strip()
        if begun and (piece is None or not _NO_END.search(begun)):
            goes_back = bool(_GOES_BACK.match(begun))
            yield Sentence(begun, block, before if goes_back else "")
            before, begun = (before if goes_back else begun), ""


def clauses_of(text: str) -> list[str]:
    """Return the parts of a sentence that can speak of different things."""
    return [part for part in _CLAUSE.split(text) if part.strip()]


_BETWEEN = tuple(
    re.compile(one)
    for one in (
        r"\s?[;|•]\s?|\.\s(?=[A-Z])|\s\((?=\w)(?![^)]*\))",
        r",\s|\s[–—]\s|\s/\s",
        r"(?i)\s(?:and|plus|in addition to|on top of|besides|or|while|versus|vs\.?|compared|y|o"
        r"|más)\s",
    )
)
"""What parts the words of two figures of a sentence; the first of the list that is there."""


def figures_in(text: str, figure: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str], str]]:
    """Yield each figure of a text, with the words before and after it that speak of it alone."""
    start = 0
    found = list(figure.finditer(text))
    for one, following in zip_longest(found, found[1:]):
        gap = text[one.end() : following.start() if following else len(text)]
        ends = [end for between in _BETWEEN if (end := between.search(gap))] if following else []
        stop = one.end() + (ends[0].start() if ends else len(gap))
        yield text[start : one.start()], one, text[one.end() : stop]
        start = stop


def cells_of(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the heading and the text of each cell of a row that has named columns."""
    return ((column, cell) for column, cell in block.cells if column and cell)


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact that a page seems to state, for an editor to decide on.

    ``confidence`` is from 0 to 1: the share of such readings that held on the pages the rule was
    made with.
    """

    claim: ProgramClaim
    rule: str
    confidence: float
    sentence: str
    headings: tuple[str, ...] = field(default=())

    def on(self, page: Page) -> "Stated":
        """Return it with the address and date of its page, and with less trust if it is undated."""
        claim = replace(
            self.claim,
            source_url=self.claim.source_url or page.url,
            as_of=self.claim.as_of or page.as_of,
        )
        return replace(self, claim=claim, sentence=shortened(self.sentence))


def stated(
    kind: type[ProgramClaim],
    rule: str,
    confidence: float,
    text: str,
    headings: tuple[str, ...],
    /,
    *,
    level: Level = Level.PROGRAM,
    **fields: Any,
) -> Stated:
    """Return a fact as a page states it: the school's own word, under the sentence it rests on."""
    claim = kind(
        level=level,
        source="",
        basis=Basis.STATED_BY_INSTITUTION,
        as_stated=text,
        **fields,
    )
    return Stated(claim, rule, confidence, text, headings)


def shortened(text: str) -> str:
    """Return a text of at most MAX_SENTENCE characters, cut between words."""
    if len(text) <= MAX_SENTENCE:
        return text
    return text[: text.rfind(" ", 0, MAX_SENTENCE)] + " …"


def statement_of(claim: ProgramClaim) -> tuple[object, ...]:
    """Return what a claim says, without who says it and when."""
    shared = ProgramClaim.__dataclass_fields__
    return (
        type(claim).__name__,
        claim.level,
        *(repr(getattr(claim, name)) for name in claim.__dataclass_fields__ if name not in shared),
    )
