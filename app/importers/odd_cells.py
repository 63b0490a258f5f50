"""Cells that cannot be read: each costs its row, or only itself, and the report names them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.errors import ImportFileError

MAX_COMPLAINTS = 20
MOST_KINDS = 40
SHOWN = 4
"""Lines and values of one kind that are named."""

MOST_ODD = 0.5
"""Share of the rows of a file above which it is refused: then it is another table, or damaged."""

SOON = 500
"""Odd rows after which a file is refused without reading on, if they are more than its share."""

IN_PLAIN_WORDS = {
    "could not convert string to float: it": "not a number",
    "invalid literal for int() with base 10: it": "not a whole number",
}
"""What Python says of a cell -> the same for people."""


@dataclass(slots=True)
class _Kind:
    """Cells of one column that cannot be read for the same reason."""

    column: str | None
    why: str
    spares_row: bool
    count: int = 0
    lines: list[int] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    def sentence(self, file: str, *, became: bool) -> str:
        """Return what cannot be read, and, with ``became``, what became of it."""
        named = " and ".join(map(repr, self.cells[:SHOWN]))
        told = f"{named} cannot be read: {self.why}"
        if self.column is None:
            told = f"{self.why}; the row begins {self.cells[0]!r}"
        column = f", column {self.column}" if self.column else ""
        if self.count == 1:
            end = (
                "; it is read as unknown" if self.spares_row else "; the row is left out"
            ) * became
            return f"{file}, line {self.lines[0]}{column}: {told}{end}."
        what = "cells read as unknown" if self.spares_row else "rows left out"
        what = what if became else "rows"
        lines = ", ".join(map(str, self.lines[:SHOWN]))
        more = f" and {self.count - SHOWN} more" if self.count > SHOWN else ""
        return f"{file}: {self.count} {what}{column}: {told} (lines {lines}{more})."


@dataclass(slots=True)
class OddCells:
    """What could not be read of one file, by column and reason."""

    file: str
    rows: set[int] = field(default_factory=set)
    """Lines of the rows that are left out."""
    keys: set[str] = field(default_factory=set)
    """First cells of these rows, as printed: what they speak of."""
    _kinds: dict[tuple[str | None, str, bool], _Kind] = field(default_factory=dict)
    _more: int = 0

    def note(
        self, line: int, column: str | None, cell: str, why: str, *, spares_row: bool = False
    ) -> None:
        """Note a cell; without a column, a row that cannot be taken apart."""
        why = why.replace(repr(cell), "it").removeprefix("it is ").removesuffix(".")
        why = IN_PLAIN_WORDS.get(why, why)
        kind = self._kinds.get((column, why, spares_row))
        if kind is None:
            if len(self._kinds) >= MOST_KINDS:
                self._more += 1
                return
            kind = self._kinds[column, why, spares_row] = _Kind(column, why, spares_row)
        kind.count += 1
        if len(kind.lines) < SHOWN:
            kind.lines.append(line)
        if len(kind.cells) < SHOWN and cell[:60] not in kind.cells:
            kind.cells.append(cell[:60])

    def leave_out(self, line: int, key: str) -> None:
        """Note that a row is left out."""
        self.rows.add(line)
        self.keys.add(key)

    def sentences(self, *, became: bool = True) -> Iterator[str]:
        """Yield what is said of them, one sentence a kind."""
        for kind in self._kinds.values():
            yield kind.sentence(self.file, became=became)
        if self._more:
            yield f"{self.file}: {self._more} more cells cannot be read, for other reasons."

    def refuse_if_most(self, read: int) -> None:
        """Refuse a file that is odd in most of its rows.

        Raises:
            ImportFileError: More than half of the rows read are left out.
        """
        if read and len(self.rows) > MOST_ODD * read:
            share = f"{len(self.rows)} of {read} rows cannot be read, more than {MOST_ODD:.0%}"
            raise ImportFileError([*self.sentences(became=False), f"{self.file}: {share} of them."])
