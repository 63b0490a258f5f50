"""An answer of the interface as a table for people, and as the same table for a spreadsheet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.exports.cells import to_line
from app.site import words
from app.site.pages.cells import Shown, part
from app.site.pages.chips import Chip
from app.site.pages.questions import Column, Question
from app.site.writing import Citation, Phrase, Writer


@dataclass(frozen=True, slots=True)
class Cell:
    """What a column says of a row: words with a mark or a page they lead to, or who says so."""

    text: Phrase
    is_known: bool
    icon: str = ""
    path: str = ""
    note: Phrase | None = None
    said: Sequence[Citation] = ()

    @property
    def plain(self) -> str:
        """All that the cell tells, without a mark."""
        if self.said:
            return "; ".join(_in_line(one) for one in self.said)
        note = f" ({self.note.text})" if self.note else ""
        return f"{self.text.text}{note}" if self.is_known else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``program`` is the slug of the program it is about, where it is about one."""

    program: str | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: lines above the table, its columns and rows, and what is said of the whole.

    ``total`` are the rows of all pages, ``not_known`` the records of which nobody tells whether
    they belong here; ``next`` begins the next page.
    """

    above: Sequence[tuple[str, Cell]]
    columns: Sequence[Phrase]
    rows: Sequence[Row]
    total: int
    not_known: int
    next: str | None
    release: int | None
    as_of: str | None
    sources: Sequence[Phrase]
    notes: Sequence[Phrase]


def to_table(write: Writer, question: Question, answer: Any) -> Table:
    """Return an answer in the words of one language."""
    columns = [*question.columns, *(question.more(answer) if question.more else ())]
    entries = [one for path in question.rows for one in part(answer, path) or ()]
    return Table(
        above=[
            (write.speech.say(one.label), cell)
            for one in question.above
            for cell in [_cell(write, one, answer)]
            if cell.is_known
        ],
        columns=[
            Phrase(one.label) if one.is_name else Phrase(write.speech.say(one.label))
            for one in columns
        ],
        rows=[
            Row(
                program=part(entry, "slug") if question.address == "/v1/programs" else None,
                cells=[_cell(write, one, entry) for one in columns],
            )
            for entry in entries
        ],
        total=part(answer, "total") if isinstance(part(answer, "total"), int) else len(entries),
        not_known=part(answer, "not_known") or 0,
        next=part(answer, "next"),
        release=part(answer, "release"),
        as_of=str(part(answer, "as_of") or "") or None,
        sources=[write.named(key, None).name for key in part(answer, "sources") or ()],
        notes=[
            write.told(one)
            for name in ("note", "notes", "verify")
            for told in [part(answer, name)]
            for one in (told if isinstance(told, list) else [told])
            if one
        ],
    )


def to_csv(table: Table) -> str:
    """Return a table as CSV: an empty cell is not known, and a spreadsheet would run none."""
    lines = [[one.text for one in table.columns]]
    lines += [[cell.plain for cell in row.cells] for row in table.rows]
    return "".join(map(to_line, lines))


def _cell(write: Writer, column: Column, entry: Any) -> Cell:
    value = part(entry, column.at)
    shown: Shown = None if value is None or value in ("", [], {}) else column.show(write, value)
    match shown:
        case None if column.may_be_empty:
            return Cell(Phrase(""), is_known=True)
        case None:
            return Cell(Phrase(write.speech.say(words.NOT_KNOWN)), is_known=False)
        case Chip():
            return Cell(shown.text, is_known=shown.icon != "unknown", icon=shown.icon)
        case Phrase():
            note = column.note(write, entry) if column.note else None
            return Cell(
                shown,
                is_known=True,
                path=_filled(column.to, entry),
                note=note if isinstance(note, Phrase) else None,
            )
        case _:
            return Cell(Phrase(""), is_known=True, said=shown)


def _filled(template: str, entry: Any) -> str:
    """Return the path of a page with what stands in a row in its places."""
    return re.sub(r"\{([\w.]+)\}", lambda at: quote(str(part(entry, at[1])), safe=""), template)


def _in_line(one: Citation) -> str:
    where = f" {one.url}" if one.url else ""
    return f"{one.sayer}: {one.name.text}, {one.as_of}{where}"
