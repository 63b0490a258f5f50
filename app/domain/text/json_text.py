"""Strict reading of JSON text, before anything else reads it.

Python's own reader lets through what no database column and no other client can hold: NaN,
numbers beyond all bounds, names given twice, lone surrogates, NUL. Each is found here and
told with its place.
"""

import json
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 50
MAX_DIGITS = 40
MAX_FLAWS = 20


class MalformedJsonError(ValueError):
    """The text is not JSON; the message says where it stops being JSON."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A value that is JSON but cannot be accepted; ``pointer`` is a JSON pointer (RFC 6901)."""

    pointer: str
    detail: str
    value: str


@dataclass(frozen=True, slots=True)
class _Refused:
    """Stands in for a number that must not be read."""

    detail: str
    text: str


class _Object(dict[str, Any]):
    """An object that remembers which names were given more than once."""

    repeated: list[str]


def find_flaws(raw: bytes) -> list[Flaw]:
    """Return what cannot be accepted in a JSON text, at most MAX_FLAWS of it.

    Raises:
        MalformedJsonError: Not UTF-8, not JSON, or nested more than MAX_DEPTH levels deep.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedJsonError(
            f"The body is not UTF-8: byte {raw[error.start]:#04x} at position {error.start}."
        ) from error
    try:
        value = json.loads(
            text.removeprefix("\ufeff"),
            parse_int=_read_integer,
            parse_float=_read_number,
            parse_constant=_refuse_constant,
            object_pairs_hook=_read_object,
        )
    except json.JSONDecodeError as error:
        raise MalformedJsonError(
            f"The body is not JSON: {error.msg[0].lower()}{error.msg[1:]} "
            f"at line {error.lineno}, column {error.colno}."
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    return _walk(value)


def escape_part(part: str | int) -> str:
    """Return one part of a JSON pointer with its separators escaped."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _walk(root: Any) -> list[Flaw]:
    """Visit every value; a stack of our own, because the depth is the caller's choice."""
    flaws: list[Flaw] = []
    waiting: list[tuple[str, int, Any]] = [("", 0, root)]
    while waiting and len(flaws) < MAX_FLAWS:
        pointer, depth, value = waiting.pop()
        if depth > MAX_DEPTH:
            raise _too_deep()
        children: list[tuple[str | int, Any]] = []
        if isinstance(value, _Refused):
            flaws.append(Flaw(pointer, value.detail, value.text))
        elif isinstance(value, str) and (detail := _fault_of_text(value)):
            flaws.append(Flaw(pointer, detail, value))
        elif isinstance(value, list):
            children = list(enumerate(value))
        elif isinstance(value, _Object):
            children = list(value.items())
            flaws += [
                Flaw(f"{pointer}/{escape_part(name)}", "is given more than once", name)
                for name in value.repeated
            ]
            flaws += [
                Flaw(pointer, f"has a name that {detail}", name)
                for name in value
                if (detail := _fault_of_text(name))
            ]
        for part, child in reversed(children):
            waiting.append((f"{pointer}/{escape_part(part)}", depth + 1, child))
    return flaws[:MAX_FLAWS]


def _fault_of_text(text: str) -> str | None:
    if "\0" in text:
        return "contains a NUL character"
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return "contains half of a surrogate pair, which is no character"
    return None


def _read_integer(text: str) -> int | _Refused:
    if len(text) > MAX_DIGITS:
        return _Refused(f"has more than {MAX_DIGITS} digits", text)
    return int(text)


def _read_number(text: str) -> float | _Refused:
    number = float(text)
    return _Refused("is too large a number", text) if math.isinf(number) else number


def _refuse_constant(text: str) -> _Refused:
    return _Refused("must be a finite number", text)


def _read_object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    result.repeated = []
    if len(result) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        result.repeated = [name for name, count in counts.items() if count > 1]
    return result


def _too_deep() -> MalformedJsonError:
    return MalformedJsonError(f"The body is nested more than {MAX_DEPTH} levels deep.")
