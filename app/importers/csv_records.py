"""The rows of a text table, as their publisher wrote them.

A quote that stands bare inside a quoted cell belongs to the cell, and a quote left open costs one
row, not all that follow.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

DELIMITERS = (",", "\t", ";", "|")
TAB = "\t"
MOST_LINES = 50
"""Lines that one row with bare quotes may span."""

NOTE = r'"[^"]* [^"]*",*'
"""A line below a table that is no row: one cell of words, in quotes."""

Cells = list[str]


def find_delimiter(header: str) -> str:
    """Return what parts the cells of a header line."""
    return max(DELIMITERS, key=header.count)


class _Lines:
    """Lines that can be put back."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self._back: deque[str] = deque()
        self.taken: Cells = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._text)
        self.taken.append(line)
        self.number += 1
        return line

    def put_back(self, lines: Cells) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


class Records:
    """The rows of a table after its header.

    Each is the number of its last line with its cells; no cells where the row cannot be taken
    apart: then ``why`` says the reason, and ``begins`` is where it begins.
    """

    def __init__(self, text: Iterable[str], delimiter: str) -> None:
        self._lines = _Lines(text)
        self._delimiter = delimiter
        self._reader = csv.reader(
            self._lines,
            delimiter=delimiter,
            strict=True,
            quoting=csv.QUOTE_NONE if delimiter == TAB else csv.QUOTE_MINIMAL,
        )
        self.why = ""
        try:
            names = self._unwrap(next(self._reader, []))
        except csv.Error:
            names = []
        self.header = [" ".join(cell.split()) for cell in names]
        while self.header and not self.header[-1]:
            self.header.pop()

    @property
    def begins(self) -> str:
        """How the row read last begins."""
        return self._lines.taken[0].rstrip("\r\n")

    @property
    def ends_cut(self) -> bool:
        """Whether the last line read has no end."""
        return not self._lines.taken[-1].endswith(("\n", "\r"))

    def __iter__(self) -> Iterator[tuple[int, Cells | None]]:
        while True:
            self._lines.taken.clear()
            try:
                cells = self._unwrap(next(self._reader))
            except StopIteration:
                return
            except csv.Error as error:
                self.why = str(error)
                mended = self._mend()  # it puts lines back, so that the number is known after it
                yield self._lines.number, mended
                continue
            if self._fits(cells):
                yield self._lines.number, cells[: len(self.header)]
            elif cells and not re.fullmatch(NOTE, self.begins):
                self.why = f"{len(cells)} cells where the header has {len(self.header)}"
                self._keep(1)  # a quote left open takes following rows with it
                yield self._lines.number, None

    def _unwrap(self, cells: Cells) -> Cells:
        """Return the cells of tabbed text without the quotes of a spreadsheet."""
        if self._delimiter != TAB:
            return cells
        return [
            cell[1:-1].replace('""', '"') if re.fullmatch(r'".*"', cell, re.DOTALL) else cell
            for cell in cells
        ]

    def _keep(self, count: int) -> None:
        """Put back all but the first lines of the row read last."""
        self._lines.put_back(self._lines.taken[count:])
        del self._lines.taken[count:]

    def _fits(self, cells: Cells) -> bool:
        """Return whether there is a cell for each column, and beyond them empty ones at most."""
        return len(cells) >= len(self.header) and not any(cells[len(self.header) :])

    def _mend(self) -> Cells | None:
        """Return the cells of a row with bare quotes; None: it cannot be told where they end."""
        taken = list(self._lines.taken)
        for count in range(1, min(len(taken), MOST_LINES) + 1):
            if count > 1 and self._is_row(taken[count - 1]):
                break
            text = "".join(taken[:count]).rstrip("\r\n")
            for is_doubled in (True, False):
                cells = take_apart(text, self._delimiter, is_doubled=is_doubled)
                if cells is not None and self._fits(cells):
                    self._keep(count)
                    return cells[: len(self.header)]
        self._keep(1)
        return None

    def _is_row(self, line: str) -> bool:
        try:
            [cells] = islice(csv.reader([line], delimiter=self._delimiter, strict=True), 1)
        except (csv.Error, ValueError):
            return False
        return self._fits(cells)


def take_apart(text: str, delimiter: str, *, is_doubled: bool) -> Cells | None:
    """Return the cells of a row in which a quote closes a cell only before a delimiter or the end.

    Args:
        text: The row without the end of its line.
        delimiter: Between cells.
        is_doubled: Whether two quotes before a delimiter are one, written twice; else the second
            closes the cell.

    Returns:
        None where a cell is left open.
    """
    cells, at = [], 0
    while True:
        if text.startswith('"', at):
            cell, at = "", at + 1
            while True:
                end = text.find('"', at)
                if end < 0:
                    return None
                after = text[end + 1 : end + 2]
                closes = text[end + 2 : end + 3] in (delimiter, "")
                if after == '"' and (is_doubled or not closes):
                    cell, at = f'{cell}{text[at:end]}"', end + 2
                elif after in (delimiter, ""):
                    cell, at = cell + text[at:end], end + 1
                    break
                else:
                    cell, at = cell + text[at : end + 1], end + 1
        else:
            end = text.find(delimiter, at)
            end = len(text) if end < 0 else end
            cell, at = text[at:end], end
        cells.append(cell)
        if at >= len(text):
            return cells
        at += 1
