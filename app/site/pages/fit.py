"""Statements on who likes this work: which of them are true of a reader, and no more."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.schemas.fit import FitRead
from app.schemas.guide import FitSide, GuideEntryRead
from app.site.pages.visits import Visit
from app.site.writing import Phrase, Said, Writer


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement to tick."""

    key: str
    text: Phrase
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """Statements on one subject: who fits, and who does not."""

    slug: str
    label: Phrase
    statements: Sequence[Statement]


@dataclass(frozen=True, slots=True)
class Matched:
    """Statements of one side that are true of the reader."""

    heading: str
    statements: Sequence[Phrase]


class FitPage:
    """Puts statements on fit into words for one visit."""

    def __init__(self, visit: Visit, write: Writer) -> None:
        self._visit = visit
        self._write = write

    def subjects(self, entries: Iterable[GuideEntryRead], read: FitRead) -> list[Subject]:
        """Return every statement by its subject, in the order of the guide."""
        ticked = {one.key for one in read.matched}
        return [
            Subject(
                entry.slug,
                self._write.english(entry.label),
                [
                    Statement(one.key, self._write.english(one.text), one.key in ticked)
                    for one in entry.statements or ()
                ],
            )
            for entry in entries
        ]

    def matched(self, read: FitRead) -> list[Matched]:
        """Return what is true of the reader, side by side."""
        say = self._write.speech.say
        headings = {
            FitSide.GOOD_FIT: say("Speaks for this work"),
            FitSide.NOT_FIT: say("Speaks for other work"),
        }
        return [
            Matched(
                headings[side],
                [self._write.english(one.text) for one in read.matched if one.side is side],
            )
            for side in FitSide
        ]

    def said(self, read: FitRead) -> list[Said]:
        """Return the source of the statements."""
        return [self._write.named(key, None) for key in read.sources]
