"""Read a file of curated facts record by record: one odd key or cell costs its own record only."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import ValidationError

from app.domain.text.hygiene import find_hidden, mend_text
from app.errors import ImportFileError, nearest
from app.importers.curated.file import Record
from app.importers.reading import CheckedFile

Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something of a record that was not read as it stands.

    ``record`` is its id, or its number in the file where it has none; ``path`` leads to the value
    in the file, ``value`` is it as written (None: it is missing); ``what`` says what is wrong with
    it and ``became`` what was done; ``nearest`` is what may be meant.
    """

    record: str
    path: str
    value: str | None
    what: str
    became: str
    nearest: str | None = None

    def __str__(self) -> str:
        value = "" if self.value is None else f": {self.value}"
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else "."
        return f"program {self.record}, at {self.path}{value}: {self.what}{hint} {self.became}."


REFUSED = "The record is refused"
FORMATS = (1, 2)
ENVELOPE = {"format", "records"}


@dataclass(slots=True)
class ReadFile:
    """The records of a file that can be used, and what is to be said of it.

    ``places`` has the place of each in the file, by its id; ``refused`` has every fault of the
    records that cannot, ``mended`` what was set right in others.
    """

    records: list[Record] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    refused: dict[str, list[Remark]] = field(default_factory=dict)
    mended: dict[str, list[Remark]] = field(default_factory=dict)


def read_records(file: CheckedFile, *, strict: bool = False) -> ReadFile:
    """Return the records of a file, each read for itself.

    Args:
        file: A list of records, as JSON.
        strict: Whether one bad record refuses the file.

    Raises:
        ImportFileError: Not JSON, or not a list; or, strictly, every fault of every record.
    """
    name = file.path.name
    with file.open() as text:
        content = text.read()
    try:
        raw = json.loads(content, object_pairs_hook=_Keys, parse_int=_to_number)
    except json.JSONDecodeError as error:
        raise ImportFileError(
            [f"{name}, line {error.lineno}, column {error.colno}: not JSON: {error.msg}."]
        ) from error
    except RecursionError as error:
        raise ImportFileError([f"{name}: not JSON that can be read: {error}."]) from error
    if isinstance(raw, dict) and raw.get("format") in FORMATS and raw.keys() == ENVELOPE:
        raw = raw["records"]
    if not isinstance(raw, list):
        raise ImportFileError(
            [f'{name}, at $: neither a list of records nor {{"format": 2, "records": […]}}.']
        )
    found = ReadFile()
    for at, one in enumerate(raw):
        _read_one(one, at, found)
    _refuse_doubled(found)
    if strict and found.refused:
        raise ImportFileError(
            [f"{name}, {fault}" for faults in found.refused.values() for fault in faults]
        )
    return found


class _Keys(dict[str, Any]):
    """An object of JSON that remembers which keys stand twice in it."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        counts = Counter(name for name, _ in pairs)
        self.doubled = [name for name, count in counts.items() if count > 1]


def _to_number(digits: str) -> int | float:
    return int(digits) if len(digits) < 20 else float(digits)


def _read_one(raw: object, at: int, found: ReadFile) -> None:
    """Read one record into where it belongs, with what is to be said of it."""
    record = _name_of(raw, at)
    faults: list[Remark] = []
    mended: list[Remark] = []
    clean = _mend(raw, (at,), record, faults, mended)
    if not faults:
        try:
            found.records.append(Record.model_validate_json(json.dumps(clean)))
            found.places[found.records[-1].id] = at
        except ValidationError as error:
            faults = [_to_remark(fault, record, at) for fault in error.errors()]
    if faults:
        found.refused.setdefault(record, []).extend(faults)
    elif mended:
        found.mended[found.records[-1].id] = mended


def _name_of(raw: object, at: int) -> str:
    """Return the id of a record as a remark names it, or its number where it has none."""
    own = raw.get("id") if isinstance(raw, dict) else None
    is_named = isinstance(own, str) and len(own) <= 100 and own.isprintable()
    return repr(own) if is_named else f"number {at + 1}"


def _mend(
    value: object, path: Path, record: str, faults: list[Remark], mended: list[Remark]
) -> object:
    """Return a value with its texts set right, and note what cannot be."""
    if isinstance(value, str):
        clean = mend_text(value)
        if hidden := find_hidden(clean):
            faults.append(Remark(record, _to_text(path), _short(value), hidden, REFUSED))
        elif clean != value.replace("\r\n", "\n"):
            became = f"Read as {_short(clean)}"
            what = "bytes of another encoding"
            mended.append(Remark(record, _to_text(path), _short(value), what, became))
        return clean
    if isinstance(value, list):
        return [_mend(v, (*path, at), record, faults, mended) for at, v in enumerate(value)]
    if isinstance(value, _Keys):
        for key in value.doubled:
            what = f"the key {key!r} stands twice in one object"
            faults.append(Remark(record, _to_text((*path, key)), None, what, REFUSED))
        return {k: _mend(v, (*path, k), record, faults, mended) for k, v in value.items()}
    return value


def _to_remark(fault: Any, record: str, at: int) -> Remark:
    """Return a fault that pydantic found as a remark, with what may be meant."""
    steps = tuple(fault["loc"])
    value = None if fault["type"] == "missing" else _short(fault["input"])
    what = fault["msg"].removeprefix("Value error, ")
    near = None
    if fault["type"] == "extra_forbidden":
        near = nearest(str(steps[-1]), _keys_at(steps[:-1]))
    elif isinstance(fault["input"], str):
        near = nearest(fault["input"], re.findall(r"'([^']+)'", what)) if "'" in what else None
    return Remark(record, _to_text((at, *steps)), value, what, REFUSED, near)


def _keys_at(path: Path) -> list[str]:
    """Return the keys that the format has at a place of a record."""
    schema = node = _schema()
    for step in (*path, None):
        while "$ref" in node or "anyOf" in node:
            one = node.get("$ref") or next((o["$ref"] for o in node["anyOf"] if "$ref" in o), None)
            if one is None:
                return []
            node = schema["$defs"][one.rpartition("/")[2]]
        if step is None:
            break
        node = node["items"] if isinstance(step, int) else node["properties"][step]
    return list(node.get("properties", ()))


@cache
def _schema() -> dict[str, Any]:
    return Record.model_json_schema()


def _refuse_doubled(found: ReadFile) -> None:
    """Refuse records of one id, for nothing tells which of them holds."""
    counts = Counter(record.id for record in found.records)
    for key in (key for key, count in counts.items() if count > 1):
        what = f"{counts[key]} records of the file have this id"
        found.refused[repr(key)] = [Remark(repr(key), "$[].id", repr(key), what, REFUSED)]
        found.mended.pop(key, None)
    found.records = [record for record in found.records if counts[record.id] == 1]


def _to_text(path: Path) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
