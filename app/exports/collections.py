"""Every whole collection that can be taken away: of what rows its file is made."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from sqlmodel import Session, SQLModel

from app.exports.areas import PRICES, WAGES
from app.exports.cells import to_line
from app.exports.credentials import CREDENTIALS, FACTS
from app.exports.forms import DATABASE, write_database, write_parquet, write_sheet
from app.exports.history import CHANGES, RELEASES, SOURCES
from app.exports.institutions import INSTITUTIONS
from app.exports.linked_credentials import to_credential
from app.exports.linked_data import CONTEXT, Node, Site, to_json
from app.exports.linked_institutions import to_institution
from app.exports.linked_programs import to_program
from app.exports.programs import PROGRAMS, find_docs
from app.exports.release_tables import Numbers, ReleaseTable, Source, in_batches
from app.exports.roles import PATHS, SETTINGS, STEPS
from app.exports.statistics import STATISTICS
from app.queries import linked_data
from app.queries.institutions import all_numbers, numbers_found
from app.schemas.institutions import InstitutionFilters
from app.schemas.programs import ProgramFilters
from app.search.index import index_of
from app.search.places import reader_of
from app.search.programs import Matches
from app.store.records import canonical, collections, export_lines

NDJSON = "application/x-ndjson"
CSV = "text/csv; charset=utf-8"
LINKED = "application/ld+json"
PARQUET = "application/vnd.apache.parquet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SQLITE = "application/vnd.sqlite3"

CATALOGUE = "catalogue"
"""The name for all collections together."""

TABLES = {
    table.name: table
    for table in (
        *(PROGRAMS, INSTITUTIONS, CREDENTIALS, FACTS, SETTINGS, PATHS, STEPS),
        *(STATISTICS, PRICES, WAGES, SOURCES, RELEASES, CHANGES),
    )
}
"""Every table by its name; each has all forms."""

LINES_A_BATCH = 500

Rows = Iterator[list[bytes]]
"""Whole lines, some at a time, so that no collection is in memory at once."""


def _no_lines(_source: Source, _numbers: Numbers | None) -> Rows:
    raise TypeError("this form has no lines")


@dataclass(frozen=True, slots=True)
class Collection:
    """One whole collection as a file: what stands before its rows, the rows, what stands after.

    ``what`` says what is in it. ``rows`` gives those of some numbers, or of all for None.
    ``is_filtered`` says that some rows can be asked for, ``is_dated`` that the file depends on the
    day, and ``is_linked`` that it also depends on the address it names itself by.
    A form that has no lines is written by ``write`` instead, which returns how many rows it has.
    ``is_packed`` says that nothing is gained by packing it once more, ``is_on_demand`` that it is
    made as soon as somebody asks for it.
    """

    media_type: str
    what: str
    rows: Callable[[Source, Numbers | None], Rows] = _no_lines
    head: Callable[[Source], bytes] = lambda _source: b""
    tail: bytes = b""
    write: Callable[[Source, Numbers | None, Path], int] | None = None
    is_filtered: bool = False
    is_dated: bool = False
    is_linked: bool = False
    is_packed: bool = False
    is_on_demand: bool = False


@lru_cache(maxsize=1)
def files() -> Mapping[str, Collection]:
    """Return the name of every file -> the collection in it, what takes least to make first."""
    found = {
        f"{name}.ndjson": Collection(NDJSON, what_is_in(name), partial(_canonical, [name]))
        for name in sorted(collections())
    }
    every = "All collections together, with every statement."
    tables = "All tables in one database, with keys and indexes."
    for table in TABLES.values():
        found |= _forms(table)
    return found | {
        "credentials.jsonld": _linked("credentials", _credentials),
        "institutions.jsonld": _linked("institutions", _institutions),
        f"{DATABASE}.db": Collection(SQLITE, tables, write=_database, is_dated=True),
        f"{CATALOGUE}.ndjson": Collection(NDJSON, every, partial(_canonical, None)),
        "programs.jsonld": _linked("programs", _programs),
    }


def what_is_in(collection: str) -> str:
    """Return what a collection holds: the first sentence that is said of its table."""
    return str(model_of(collection).__doc__).split("\n\n")[0].replace("\n", " ")


def model_of(collection: str) -> type[SQLModel]:
    """Return the class of the rows of a collection."""
    [model] = [
        mapper.class_
        for mapper in SQLModel._sa_registry.mappers
        if mapper.local_table is collections()[collection]
    ]
    return model


def _forms(table: ReleaseTable) -> dict[str, Collection]:
    """Return a table as lines of JSON, as cells, as Parquet and as a workbook."""
    forms = {
        "ndjson": Collection(
            NDJSON, table.what, _docs if table is PROGRAMS else partial(_lines, table)
        ),
        "csv": Collection(CSV, table.what, partial(_cells, table), partial(_head, table)),
        "parquet": Collection(
            PARQUET, table.what, write=partial(write_parquet, table), is_packed=True
        ),
        "xlsx": Collection(
            XLSX,
            table.what,
            write=partial(write_sheet, table),
            is_packed=True,
            is_on_demand=True,
        ),
    }
    return {
        f"{table.name}.{form}": replace(
            one,
            is_dated=table.is_dated,
            is_filtered=table.is_filtered and form != "parquet",
        )
        for form, one in forms.items()
    }


def _lines(table: ReleaseTable, source: Source, numbers: Numbers | None) -> Rows:
    for items in table.find(source, numbers):
        yield [f"{canonical(item)}\n".encode() for item in items]


def _docs(source: Source, numbers: Numbers | None) -> Rows:
    for docs in find_docs(source, numbers):  # as they are stored: nothing is read or written anew
        yield [f"{doc}\n".encode() for doc in docs]


def _head(table: ReleaseTable, _source: Source) -> bytes:
    return to_line(column.name for column in table.columns).encode()


def _cells(table: ReleaseTable, source: Source, numbers: Numbers | None) -> Rows:
    for rows in table.rows(source, numbers):
        yield [to_line(cells.values()).encode() for cells in rows]


def _database(source: Source, _numbers: Numbers | None, path: Path) -> int:
    return write_database(TABLES.values(), source, path)


def find_programs(session: Session, filters: ProgramFilters) -> Numbers | None:
    """Return which rows of a file of programs filters let through.

    None: no filter is given, and the prices in the file are those that the reader pays.

    Raises:
        InvalidRequestError: A filter names what nobody knows.
    """
    found = Matches(index_of(session), filters).found
    is_as_is = reader_of(filters, filters.near).pays_as_resident and not filters.given()
    return None if is_as_is else found


def find_institutions(session: Session, filters: InstitutionFilters) -> Numbers | None:
    """Return which rows of a file of schools filters let through; None: no filter is given."""
    if not filters.model_fields_set:
        return None
    every, found = all_numbers(session), numbers_found(session, filters)
    return [every.rank(number) - 1 for number in found]


def _canonical(wanted: list[str] | None, source: Source, _numbers: Numbers | None) -> Rows:
    for lines in in_batches(export_lines(source.session, wanted), LINES_A_BATCH):
        yield [f"{line}\n".encode() for line in lines]


def _linked(
    name: str, nodes: Callable[[Source, Site, Numbers | None], Iterator[Node]]
) -> Collection:
    """Return a collection whose file is one document of JSON-LD, a node a line."""

    def head(source: Source) -> bytes:
        told = {
            "@id": f"{source.base}/v1/export/{name}.jsonld",
            "@type": "Dataset",
            "name": f"hit-compare: {name}",
            "version": source.release,
            "temporalCoverage": source.day.isoformat(),
        }
        return f'{{"@context":{json.dumps(CONTEXT)},"@graph":[\n{to_json(told)}'.encode()

    def rows(source: Source, numbers: Numbers | None) -> Rows:
        site = Site(source.base, linked_data.load_references(source.session, source.day))
        for node in nodes(source, site, numbers):
            yield [f",\n{to_json(node)}".encode()]

    what = f"Every record of {name} in terms of schema.org and CTDL."
    return Collection(
        LINKED, what, rows, head, b"\n]}\n", is_filtered=True, is_dated=True, is_linked=True
    )


def _programs(source: Source, site: Site, numbers: Numbers | None) -> Iterator[Node]:
    wanted = index_of(source.session).every if numbers is None else numbers
    for read in linked_data.every_program(source.session, wanted, source.day):
        yield to_program(read, site)


def _institutions(source: Source, site: Site, numbers: Numbers | None) -> Iterator[Node]:
    for read in linked_data.every_institution(source.session, numbers, source.day):
        yield to_institution(read, site)


def _credentials(source: Source, site: Site, _numbers: Numbers | None) -> Iterator[Node]:
    for read in linked_data.every_credential(source.session, source.day):
        yield to_credential(read, site)
