"""The tables that can be taken away whole: columns, keys and rows of each, told once for all forms.

Types and descriptions of columns are those of the model that lists serve.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from app.domain.reader import Reader
from app.store.records import canonical

Item = Mapping[str, Any]
"""A row as lists serve it, as values of JSON."""

Cells = dict[str, Any]
"""Column -> value of a row, as values of JSON."""

ROWS_A_BATCH = 1_000

One = TypeVar("One")


def in_batches(rows: Iterable[One], most: int = ROWS_A_BATCH) -> Iterator[list[One]]:
    """Yield rows some at a time, so that no collection is in memory at once."""
    rest = iter(rows)
    while batch := list(islice(rest, most)):
        yield batch


class Kind(StrEnum):
    """What a cell holds; codes are texts, whatever they look like."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    LIST = "list"
    """Of texts or numbers."""
    PAIRS = "pairs"
    """Names and what each has."""
    JSON = "json"
    """What holds other things, as a text of JSON."""


class Numbers(Protocol):
    """Rows of a file, counted from 0, in order."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[int]: ...


@dataclass(frozen=True, slots=True)
class Source:
    """What a file is made from.

    ``base`` is the address that linked data name themselves by. Prices are those of ``reader``.
    """

    session: Session
    release: int
    day: date
    base: str
    reader: Reader = field(default_factory=Reader)


Find = Callable[[Source, Numbers | None], Iterator[Sequence[Item]]]
"""Returns rows of some numbers, or all for None, some at a time."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``path`` is where its value stands in a row as lists serve it."""

    name: str
    path: tuple[str, ...]
    kind: Kind
    is_required: bool
    """Whether no cell of it is empty."""
    description: str

    def value_in(self, item: Item) -> Any:
        """Return the value of a row in this column; None is unknown."""
        found: Any = item
        for name in self.path:
            if found is None:
                return None
            found = found.get(name)
        return canonical(found) if found is not None and self.kind is Kind.JSON else found


@dataclass(frozen=True)
class ReleaseTable:
    """A table that can be taken away whole.

    Its columns are the fields of the model but ``without`` some, or are at ``paths`` in it.
    ``key`` are the columns that no two rows are alike in; none: rows have no name of their own.
    ``links`` says of a column which table and column it points to, ``sought`` which columns rows
    are often looked up by. ``is_dated`` says that rows depend on the day, ``is_filtered`` that
    some of them can be asked for.
    """

    name: str
    what: str
    model: type[BaseModel]
    find: Find
    key: tuple[str, ...] = ()
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sought: tuple[str, ...] = ()
    is_dated: bool = False
    is_filtered: bool = False
    without: tuple[str, ...] = ()
    paths: Mapping[str, tuple[str, ...]] | None = None

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, made when they are first asked for: most starts need none."""
        if self.paths is not None:
            return columns_at(self.model, self.paths)
        return columns_of(self.model, self.without)

    def rows(self, source: Source, numbers: Numbers | None = None) -> Iterator[list[Cells]]:
        """Yield rows as cells, some at a time."""
        for items in self.find(source, numbers):
            yield [self.cells(item) for item in items]

    def cells(self, item: Item) -> Cells:
        """Return a row as cells."""
        return {column.name: column.value_in(item) for column in self.columns}


UNPREFIXED = frozenset({"evidence"})
"""Parts of a row whose fields are columns under their own name."""


@lru_cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a row as lists serve it."""
    return model.model_json_schema()


def columns_of(model: type[BaseModel], without: Iterable[str] = ()) -> tuple[Column, ...]:
    """Return a column for each field of a model; those of a part of it follow its name."""
    return tuple(_columns(schema_of(model), schema_of(model), (), "", True, frozenset(without)))


def columns_at(model: type[BaseModel], paths: Mapping[str, tuple[str, ...]]) -> tuple[Column, ...]:
    """Return columns for some places in a model."""
    return tuple(_column_at(schema_of(model), name, path) for name, path in paths.items())


def _columns(
    root: Mapping[str, Any],
    node: Mapping[str, Any],
    path: tuple[str, ...],
    prefix: str,
    is_there: bool,
    without: frozenset[str],
) -> Iterator[Column]:
    for name, told in node["properties"].items():
        own = f"{prefix}{name}"
        if own in without:
            continue
        inner, is_required = _resolve(root, told)
        is_required = is_required and is_there
        if "properties" in inner:
            further = prefix if name in UNPREFIXED else f"{own}_"
            yield from _columns(root, inner, (*path, name), further, is_required, without)
        else:
            yield _to_column(root, own, (*path, name), told, inner, is_required=is_required)


def _column_at(root: Mapping[str, Any], name: str, path: tuple[str, ...]) -> Column:
    told, inner, is_required = root, root, True
    for part in path:
        told = inner["properties"][part]
        inner, is_known = _resolve(root, told)
        is_required = is_required and is_known
    return _to_column(root, name, path, told, inner, is_required=is_required)


def _resolve(root: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """Return what a field is where it is told, and whether it always is."""
    kinds = [one for one in told.get("anyOf", [told]) if one.get("type") != "null"]
    inner = kinds[0]
    if "$ref" in inner:
        inner = root["$defs"][inner["$ref"].rpartition("/")[2]]
    return inner, len(kinds) == len(told.get("anyOf", kinds))


def _to_column(
    root: Mapping[str, Any],
    name: str,
    path: tuple[str, ...],
    told: Mapping[str, Any],
    inner: Mapping[str, Any],
    *,
    is_required: bool,
) -> Column:
    kind = _kind_of(root, inner)
    description = told.get("description") or inner.get("description") or ""
    return Column(
        name=name,
        path=path,
        kind=kind,
        is_required=is_required and kind not in (Kind.LIST, Kind.PAIRS),
        description=" ".join(description.split("\n\n")[0].split()),
    )


FORMATS = {"date": Kind.DATE, "date-time": Kind.MOMENT}
TYPES = {
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
}


def _kind_of(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Kind:
    match schema.get("type"):
        case "array":
            items, _ = _resolve(root, schema.get("items", {}))
            return Kind.LIST if items.get("type") in TYPES else Kind.JSON
        case "string" if schema.get("format") in FORMATS:
            return FORMATS[schema["format"]]
        case str(kind) if kind in TYPES:
            return TYPES[kind]
        case "object" if isinstance(schema.get("additionalProperties"), dict):
            values, _ = _resolve(root, schema["additionalProperties"])
            return Kind.PAIRS if values.get("type") in TYPES else Kind.JSON
        case _:
            return Kind.JSON
