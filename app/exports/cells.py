"""Values as cells of a table for spreadsheets; an empty cell is unknown."""

import json
import re
from collections.abc import Iterable
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula; such text gets an apostrophe before it."""

_QUOTED = re.compile(r'[",;#|\t\r\n]')
"""What some reader takes for more than a letter: separators, quotes, ends of lines, comments."""


def to_cell(value: Any) -> str:
    """Return a value as a cell: nothing for unknown, no text that a spreadsheet would run."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else str(value)
        case _:
            text = to_text(value)
            return f"'{text}" if text.startswith(FORMULA) else text


def to_text(value: Any) -> str:
    """Return a text, a list or an object as text."""
    match value:
        case list():
            return ";".join(map(_plain, value))
        case dict():
            return ";".join(f"{_plain(key)}:{_plain(told)}" for key, told in value.items())
        case _:
            return _plain(value)


def _plain(value: Any) -> str:
    """Return what stands in a list, or alone, as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def to_line(values: Iterable[Any]) -> str:
    """Return values as a line of a table; an empty cell is unknown."""
    return f"{','.join(quoted(to_cell(value)) for value in values)}\r\n"


def quoted(cell: str) -> str:
    """Return a cell as it stands in a line."""
    if _QUOTED.search(cell):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell
