"""Tables in the forms of other software: Parquet, a workbook, and a database of all of them.

Each is written whole into a file; rows are in memory some at a time.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from app.errors import Fault, InvalidRequestError
from app.exports.cells import to_text
from app.exports.release_tables import Column, Kind, Numbers, ReleaseTable, Source

ROWS_A_GROUP = 50_000
"""Rows of a Parquet file that are packed together."""

MOST_ROWS_OF_A_SHEET = 20_000
"""More take a second for some thousands to make, and are better read by other software."""

DATABASE = "hit-compare"
"""Name of the database of all tables, as software names it by its file."""

UNKNOWN = "An empty cell is unknown, never 0 or no."


def about(source: Source) -> dict[str, str]:
    """Return what a file says of itself."""
    return {
        "release": str(source.release),
        "as_of": source.day.isoformat(),
        "unknown": UNKNOWN,
    }


def write_parquet(table: ReleaseTable, source: Source, numbers: Numbers | None, path: Path) -> int:
    """Write a table as Parquet and return how many rows it has; lists are lists of texts.

    The columns carry their descriptions, as fields of Arrow have them.
    """
    # a tenth of pyarrow, and only whoever makes such a file needs it
    from arro3.core import Schema
    from arro3.io import read_json, write_parquet

    lines = path.with_name(f"{path.name}.lines")
    try:
        with lines.open("wb") as file:
            rows = 0
            for batch in table.rows(source, numbers):
                rows += len(batch)
                file.writelines(_to_line(table.columns, cells) for cells in batch)
        fields = [_to_field(column) for column in table.columns]
        # one batch or more, so that a table without a row has its columns too
        found = read_json(lines, Schema(fields, metadata=about(source)), batch_size=1_000)
        write_parquet(
            found,
            path,
            compression="zstd(9)",
            max_row_group_size=ROWS_A_GROUP,
            key_value_metadata=about(source),
        )
    finally:
        lines.unlink(missing_ok=True)
    return rows


def _to_line(columns: Sequence[Column], cells: dict[str, Any]) -> bytes:
    told = {column.name: _to_parquet(column, cells[column.name]) for column in columns}
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _to_parquet(column: Column, value: Any) -> Any:
    match column.kind:
        case _ if value is None:
            return None
        case Kind.LIST:
            return [to_text(one) for one in value]
        case Kind.PAIRS:
            return json.dumps(value, ensure_ascii=False)
        case _:
            return value


def _to_field(column: Column) -> Any:
    from arro3.core import DataType, Field

    types = {
        Kind.TEXT: DataType.utf8(),
        Kind.INTEGER: DataType.int64(),
        Kind.NUMBER: DataType.float64(),
        Kind.BOOLEAN: DataType.bool(),
        Kind.DATE: DataType.date32(),
        Kind.MOMENT: DataType.timestamp("us", tz="UTC"),
        Kind.LIST: DataType.list(Field("item", DataType.utf8())),
        Kind.PAIRS: DataType.utf8(),
        Kind.JSON: DataType.utf8(),
    }
    described = {"description": column.description} if column.description else None
    return Field(column.name, types[column.kind], metadata=described)


def write_sheet(table: ReleaseTable, source: Source, numbers: Numbers | None, path: Path) -> int:
    """Write a table as a workbook and return how many rows it has; texts are cells of text.

    Raises:
        InvalidRequestError: It has more rows than a workbook of ours may have.
    """
    if numbers is not None:
        _refuse_many(len(numbers))
    # a text stays a text, whatever it looks like: neither a formula nor a link is made of it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    rows = count()
    with xlsxwriter.Workbook(str(path), options) as book:
        bold, as_text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(table.name)
        sheet.freeze_panes(1, 1)
        for at, column in enumerate(table.columns):
            is_text = column.kind not in NUMBERS
            sheet.set_column(at, at, _width(column), as_text if is_text else None)
            sheet.write_string(0, at, column.name, bold)
        batches: Iterable[list[dict[str, Any]]] = table.rows(source, numbers)
        for cells in chain.from_iterable(batches):
            row = next(rows) + 1
            _refuse_many(row)
            for at, column in enumerate(table.columns):
                _write_cell(sheet, row, at, cells[column.name], as_text)
        told = book.add_worksheet("About")
        lines: list[tuple[str, ...]] = [
            *about(source).items(),
            (),
            ("column", "kind", "description"),
            *((one.name, str(one.kind), one.description) for one in table.columns),
        ]
        told.set_column(0, 1, 28)
        told.set_column(2, 2, 100)
        for at, line in enumerate(lines):
            told.write_row(at, 0, line)
    return next(rows)


NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN})


def _width(column: Column) -> int:
    return max(10, min(len(column.name) + 2, 30))


def _write_cell(sheet: Any, row: int, at: int, value: Any, as_text: Any) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, at, value)
        case int() | float():
            sheet.write_number(row, at, value)
        case _ if text := to_text(value):
            sheet.write_string(row, at, text[:LONGEST_CELL], as_text)


LONGEST_CELL = 32_767
"""Letters that a cell of a workbook holds."""


def _refuse_many(rows: int) -> None:
    if rows > MOST_ROWS_OF_A_SHEET:
        words = (
            f"A workbook has at most {MOST_ROWS_OF_A_SHEET:,} rows, and more match. "
            "Narrow it down, or take the table as CSV or Parquet."
        )
        raise InvalidRequestError([Fault(words)])


def write_database(tables: Iterable[ReleaseTable], source: Source, path: Path) -> int:
    """Write all tables into one file of SQLite, with keys and indexes; return how many rows.

    Lists and objects are texts of JSON. Two tables more tell what is in it: ``about`` and
    ``columns``.
    """
    path.unlink(missing_ok=True)
    tables = list(tables)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "page_size=4096"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        database.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
        database.executemany("INSERT INTO about VALUES (?, ?)", about(source).items())
        database.execute(
            "CREATE TABLE columns (table_name TEXT, column_name TEXT, kind TEXT, "
            "description TEXT, PRIMARY KEY (table_name, column_name))"
        )
        rows = sum(_add_table(database, table, source) for table in tables)
        database.execute("COMMIT")
        database.execute("ANALYZE")
    return rows


SQLITE_TYPES = {Kind.INTEGER: "INTEGER", Kind.NUMBER: "REAL", Kind.BOOLEAN: "INTEGER"}


def _add_table(database: sqlite3.Connection, table: ReleaseTable, source: Source) -> int:
    parts = [_declare(column, table) for column in table.columns]
    if table.key:
        parts.append(f"PRIMARY KEY ({_names(table.key)})")
    database.execute(f'CREATE TABLE "{table.name}" ({", ".join(parts)})')
    database.executemany(
        "INSERT INTO columns VALUES (?, ?, ?, ?)",
        ((table.name, one.name, str(one.kind), one.description) for one in table.columns),
    )
    rows = 0
    places = ", ".join("?" for _ in table.columns)
    for batch in table.rows(source):
        rows += len(batch)
        database.executemany(
            f'INSERT INTO "{table.name}" VALUES ({places})',  # noqa: S608 - names are ours
            ([_to_sqlite(value) for value in cells.values()] for cells in batch),
        )
    for column in table.sought:
        name = f"{table.name}_{column}"
        database.execute(f'CREATE INDEX "{name}" ON "{table.name}" ("{column}")')
    return rows


def _declare(column: Column, table: ReleaseTable) -> str:
    declared = f'"{column.name}" {SQLITE_TYPES.get(column.kind, "TEXT")}'
    if link := table.links.get(column.name):
        declared += f' REFERENCES "{link[0]}" ("{link[1]}")'
    return declared


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _to_sqlite(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
