"""A short answer as it is put together: what it cites, and what is left out to keep it short."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from textwrap import shorten
from typing import Any, Protocol, TypeVar

from sqlmodel import Session

from app.domain.vocabulary import in_words
from app.queries.sources import list_titles
from app.schemas.briefs import (
    BriefComparison,
    BriefFact,
    BriefProgram,
    BriefQuestion,
    BriefRead,
    BriefRow,
    BriefSource,
)
from app.schemas.served import to_json

CHARACTERS_A_TOKEN = 3.6
"""Of English in JSON, as models that answer people count it."""

NOT_KNOWN = "not known"
NOTE = "As stated by each source on the day given; not known is never a no. Verify before deciding."

MOST_SOURCES = 2
"""Sources named of a fact."""

LONGEST = 260
"""Characters of a text; a longer one ends with an ellipsis."""

LEAST_LINES, LEAST_QUESTIONS = 3, 2

Brief = TypeVar("Brief", BriefRead, BriefComparison)


class Said(Protocol):
    """Who says something, as evidence tells it."""

    source: str
    source_url: str | None
    as_of: str | None


@dataclass(slots=True)
class OfSource:
    """A source alone."""

    source: str
    source_url: str | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A fact before its sources are numbered; ``says`` has a text for each program compared."""

    label: str
    says: Sequence[str]
    said: Sequence[Said] = ()
    verdict: str = ""


@dataclass(slots=True)
class Sheet:
    """A short answer before it is cut: lines and questions, those that matter most first.

    ``path`` is that of the page for people.
    """

    title: str
    path: str
    release: int
    as_of: date
    answer: str | None = None
    lines: list[Line] = field(default_factory=list)
    ask: list[tuple[str, str | None]] = field(default_factory=list)
    note: str = NOTE

    def tell(self, label: str, says: str | None, said: Iterable[Said] = ()) -> None:
        """Add a fact; None is not known."""
        self.lines.append(Line(label, [says or NOT_KNOWN], list(said)))


def answered(answer: str, reason: str) -> str:
    """Return a yes or no with its reason, which may begin with it already."""
    word = in_words(answer)
    return reason if reason.lower().startswith(word) else f"{word.capitalize()}: {reason}"


def count_tokens(answer: object) -> int:
    """Return how many tokens an answer takes as JSON."""
    return ceil(len(to_json(answer).decode()) / CHARACTERS_A_TOKEN)


def to_brief(session: Session, sheet: Sheet, base: str, most: int) -> BriefRead:
    """Return a sheet as an answer of at most so many tokens.

    ``base`` is the address of the service, under which pages are named.
    """

    def make(shared: dict[str, Any], lines: Sequence[tuple[Line, list[int]]]) -> BriefRead:
        facts = [BriefFact(label=one.label, says=_cut(one.says[0]), by=by) for one, by in lines]
        return BriefRead(**shared, facts=facts)

    return _fit(session, sheet, base, most, make)


def to_brief_comparison(
    session: Session, sheet: Sheet, programs: Sequence[BriefProgram], base: str, most: int
) -> BriefComparison:
    """Return a sheet on several programs as an answer of at most so many tokens."""

    def make(shared: dict[str, Any], lines: Sequence[tuple[Line, list[int]]]) -> BriefComparison:
        rows = [
            BriefRow(label=one.label, says=_said_once(one.says), verdict=one.verdict, by=by)
            for one, by in lines
        ]
        return BriefComparison(**shared, programs=list(programs), rows=rows)

    return _fit(session, sheet, base, most, make)


def _fit(
    session: Session,
    sheet: Sheet,
    base: str,
    most: int,
    make: Callable[[dict[str, Any], Sequence[tuple[Line, list[int]]]], Brief],
) -> Brief:
    """Leave out the last question and the last line by turns until the answer is short enough."""
    titles = list_titles(session)
    lines, questions = len(sheet.lines), len(sheet.ask)
    while True:
        sources: dict[tuple[str, str | None, str | None], BriefSource] = {}
        numbered = [(one, _numbers(one.said, titles, sources)) for one in sheet.lines[:lines]]
        shared = {
            "title": sheet.title,
            "page": base + sheet.path,
            "answer": sheet.answer,
            "ask": [BriefQuestion(ask=_cut(ask), whom=whom) for ask, whom in sheet.ask[:questions]],
            "left_out": len(sheet.lines) + len(sheet.ask) - lines - questions,
            "sources": list(sources.values()),
            "note": sheet.note,
            "release": sheet.release,
            "as_of": str(sheet.as_of),
        }
        answer = make(shared, numbered)
        may_leave = (questions > LEAST_QUESTIONS, lines > LEAST_LINES)
        if count_tokens(answer) <= most or not any(may_leave):
            return answer
        if may_leave[0] and (questions > lines // 3 or not may_leave[1]):
            questions -= 1
        else:
            lines -= 1


def _numbers(
    said: Iterable[Said],
    titles: dict[str, tuple[str, str | None]],
    sources: dict[tuple[str, str | None, str | None], BriefSource],
) -> list[int]:
    """Return the numbers of the first sources of a fact; new ones get the next number."""
    numbers: list[int] = []
    for one in said:
        title, url = titles.get(one.source, (one.source, None))
        key = (one.source, one.source_url or url, one.as_of)
        if one.as_of is None:  # the same page may be named with its date already
            key = next((dated for dated in sources if dated[:2] == key[:2]), key)
        if key not in sources:
            sources[key] = BriefSource(n=len(sources) + 1, title=title, url=key[1], as_of=key[2])
        if sources[key].n not in numbers:
            numbers.append(sources[key].n)
        if len(numbers) == MOST_SOURCES:
            break
    return sorted(numbers)


def _cut(text: str) -> str:
    return shorten(text, LONGEST, placeholder=" …")


def _said_once(says: Sequence[str]) -> list[str]:
    cut = [_cut(text) for text in says]
    return cut[:1] if len(set(cut)) == 1 else cut
