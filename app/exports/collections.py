"""Every whole collection that can be taken away: of what rows its file is made."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from itertools import islice
from typing import Any, Protocol

from sqlmodel import Session, SQLModel

from app.domain.reader import Reader
from app.exports.areas import PRICES, WAGES, list_prices, list_wages
from app.exports.credentials import CREDENTIALS, FACTS, list_credentials, list_facts
from app.exports.linked_credentials import to_credential
from app.exports.linked_data import CONTEXT, Node, Site, to_json
from app.exports.linked_institutions import to_institution
from app.exports.linked_programs import to_program
from app.exports.programs import HEAD, list_items, to_line, to_row
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

CATALOGUE = "catalogue"
"""The name for all collections together."""

CREDENTIAL_FACTS = "credential_facts"
"""The name of the claims on credentials as a table."""

LINES_A_BATCH = 500


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


class Numbers(Protocol):
    """Rows of a file, counted from 0, in order."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[int]: ...


Rows = Iterator[list[bytes]]
"""Whole lines, some at a time, so that no collection is in memory at once."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One whole collection as a file: what stands before its rows, the rows, what stands after.

    ``what`` says what is in it. ``rows`` gives those of some numbers, or of all for None.
    ``is_filtered`` says that some rows can be asked for, ``is_dated`` that the file depends on the
    day, and ``is_linked`` that it also depends on the address it names itself by.
    """

    media_type: str
    what: str
    rows: Callable[[Source, Numbers | None], Rows]
    head: Callable[[Source], bytes] = lambda _source: b""
    tail: bytes = b""
    is_filtered: bool = False
    is_dated: bool = False
    is_linked: bool = False


@lru_cache(maxsize=1)
def files() -> Mapping[str, Collection]:
    """Return the name of every file -> the collection in it, what takes least to make first."""
    found = {
        f"{name}.ndjson": Collection(NDJSON, what_is_in(name), partial(_canonical, [name]))
        for name in sorted(collections())
    }
    credentials = "Credentials that are listed, as lists serve them."
    facts = "What is claimed of credentials, by whom, and what nobody tells: a row a fact."
    wages = "What occupations pay in states and areas, a row an occupation in an area."
    prices = "How dear living is in each state, a row a state and year; the country is 100."
    programs = "Programs that are listed, as lists serve them."
    every = "All collections together, with every statement."
    return found | {
        **_tables("credentials", credentials, CREDENTIALS, list_credentials),
        **_tables(CREDENTIAL_FACTS, facts, FACTS, list_facts, is_dated=True),
        **_tables("price_levels", prices, PRICES, list_prices),
        **_tables("area_wages", wages, WAGES, list_wages),
        "programs.ndjson": Collection(NDJSON, programs, _items, is_filtered=True),
        "programs.csv": Collection(
            CSV, programs, _table, lambda _source: HEAD.encode(), is_filtered=True
        ),
        "credentials.jsonld": _linked("credentials", _credentials),
        "institutions.jsonld": _linked("institutions", _institutions),
        f"{CATALOGUE}.ndjson": Collection(NDJSON, every, partial(_canonical, None)),
        "programs.jsonld": _linked("programs", _programs),
    }


def what_is_in(collection: str) -> str:
    """Return what a collection holds: the first sentence that is said of its table."""
    [table] = [
        mapper.class_
        for mapper in SQLModel._sa_registry.mappers
        if mapper.local_table is collections()[collection]
    ]
    return str(table.__doc__).split("\n\n")[0].replace("\n", " ")


def _tables(
    name: str,
    what: str,
    columns: Sequence[str],
    find: Callable[[Session, date], Iterator[Mapping[str, Any]]],
    *,
    is_dated: bool = False,
) -> dict[str, Collection]:
    """Return a small collection as lines of JSON and as a table."""

    def lines(source: Source, _numbers: Numbers | None) -> Rows:
        yield [f"{canonical(row)}\n".encode() for row in find(source.session, source.day)]

    def table(source: Source, _numbers: Numbers | None) -> Rows:
        yield [to_line(row.values()).encode() for row in find(source.session, source.day)]

    head = f"{','.join(columns)}\r\n".encode()
    return {
        f"{name}.ndjson": Collection(NDJSON, what, lines, is_dated=is_dated),
        f"{name}.csv": Collection(CSV, what, table, lambda _source: head, is_dated=is_dated),
    }


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
    lines = iter(export_lines(source.session, wanted))
    while batch := [f"{line}\n".encode() for line in islice(lines, LINES_A_BATCH)]:
        yield batch


def _items(source: Source, numbers: Numbers | None) -> Rows:
    for docs in list_items(source.session, _numbers(source, numbers), source.reader):
        yield [f"{doc}\n".encode() for doc in docs]


def _table(source: Source, numbers: Numbers | None) -> Rows:
    for docs in list_items(source.session, _numbers(source, numbers), source.reader):
        yield [to_row(doc).encode() for doc in docs]


def _numbers(source: Source, numbers: Numbers | None) -> Iterable[int]:
    return index_of(source.session).every if numbers is None else numbers


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
    wanted = _numbers(source, numbers)
    for read in linked_data.every_program(source.session, wanted, source.day):
        yield to_program(read, site)


def _institutions(source: Source, site: Site, numbers: Numbers | None) -> Iterator[Node]:
    for read in linked_data.every_institution(source.session, numbers, source.day):
        yield to_institution(read, site)


def _credentials(source: Source, site: Site, _numbers: Numbers | None) -> Iterator[Node]:
    for read in linked_data.every_credential(source.session, source.day):
        yield to_credential(read, site)
