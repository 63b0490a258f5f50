"""Keep the current claims on each program and school as one document, and read them back.

The tables of claims say what holds; the documents are made of them in the transaction that changes
a claim, so that all that is known of a program is one statement away.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from functools import cache, lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from app.domain.claims import LISTS, ProgramClaim
from app.domain.vocabulary import Level
from app.store.changes import recorded_changes
from app.store.records import batches, inner_table
from app.store.tables.claims import TABLES
from app.store.tables.facts import InstitutionFactsRow, ProgramFactsRow
from app.store.tables.sources import Source

KEPT: dict[Level, tuple[type[ProgramFactsRow | InstitutionFactsRow], str]] = {
    Level.PROGRAM: (ProgramFactsRow, "program_id"),
    Level.INSTITUTION: (InstitutionFactsRow, "institution_id"),
}
"""What claims are about -> its table of documents, and the column that names it in all tables."""

BATCH = 500

Document = Mapping[type[ProgramClaim], Sequence[tuple[int, ProgramClaim]]]
"""Kind -> claims with their row numbers, lowest first."""


def refresh_facts(session: Session, *, whole: bool) -> None:
    """Make the documents anew: all of them, or those whose claims the transaction changes.

    A source that changes can stand in any of them.
    """
    whole = whole or any(collection == "source" for collection, _ in recorded_changes(session))
    for level, (_, name) in KEPT.items():
        about = SQLModel.metadata.tables[str(level)]
        every = sa.select(about.c.id).order_by(about.c.id)
        keys = list(session.scalars(every)) if whole else _touched(session, name)
        for some in batches(keys, BATCH):
            _write_documents(session, level, some)


def _touched(session: Session, name: str) -> list[int]:
    """Return the programs, or schools, on which the transaction changes a claim."""
    claims = {str(table.__tablename__) for table in TABLES.values()}
    images = (
        image
        for (collection, _), change in recorded_changes(session).items()
        if collection in claims
        for image in (change.before, change.after)
    )
    return sorted({image[name] for image in images if image is not None and image[name]})


def _write_documents(session: Session, level: Level, keys: Sequence[int]) -> None:
    kept, name = KEPT[level]
    found: dict[int, dict[str, list[Any]]] = {}
    for kind, statement in _current_claims(name).items():
        shape = SHAPES[kind]
        for number, key, *values in session.execute(statement, {"keys": keys}).all():
            claims = found.setdefault(key, {}).setdefault(LISTS[kind], [])
            claims.append((number, shape(level, *values)))
    session.execute(sa.delete(kept).where(col(getattr(kept, name)).in_(keys)))
    rows = [{name: key, "doc": msgspec.json.encode(doc).decode()} for key, doc in found.items()]
    if rows:
        session.execute(sa.insert(kept), rows)


@cache
def _current_claims(about: str) -> dict[type[ProgramClaim], sa.Select[Any]]:
    """Return kind -> the statement for its current claims; ``keys`` is what they may be about."""
    return {kind: _select_current(kind, about) for kind in SHAPES}


def _select_current(kind: type[ProgramClaim], about: str) -> sa.Select[Any]:
    table = inner_table(TABLES[kind])
    columns = [column for column in SHAPES[kind].__struct_fields__ if column != "level"]
    return (
        sa.select(table.c.id, table.c[about], *(told_by(table, column) for column in columns))
        .join(SOURCES, SOURCES.c.key == table.c.source)
        .where(
            table.c[about].in_(sa.bindparam("keys", expanding=True)),
            table.c.superseded_at.is_(None),
        )
        .order_by(table.c.id)
    )


SOURCES = inner_table(Source)


def told_by(table: sa.Table, name: str) -> sa.ColumnElement[Any]:
    """Return a column of a claim; where it names no page, the address of its source."""
    if name != "source_url":
        return table.c[name]
    return sa.func.coalesce(table.c.source_url, SOURCES.c.url).label(name)


def _shape(kind: type[ProgramClaim]) -> type[msgspec.Struct]:
    """Return a kind of claim as a document has it, in which nothing stands that is the default."""
    defaults = {field: _default(field) for field in fields(kind)}
    required = [(f.name, Any) for f, default in defaults.items() if default is MISSING]
    others = [(f.name, Any, default) for f, default in defaults.items() if default is not MISSING]
    return msgspec.defstruct(kind.__name__, [*required, *others], omit_defaults=True)


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


SHAPES = {kind: _shape(kind) for kind in LISTS}


@lru_cache
def _decoder(kinds: frozenset[type[ProgramClaim]]) -> msgspec.json.Decoder[Any]:
    """Return a decoder of the claims of some kinds, which passes over all others."""
    lists: list[tuple[str, Any, Any]] = [
        (LISTS[kind], list[tuple[int, kind]], msgspec.field(default_factory=list))  # type: ignore[valid-type]
        for kind in kinds
    ]
    return msgspec.json.Decoder(msgspec.defstruct("Document", lists))


def read_documents(
    session: Session, wanted: Mapping[Level, Collection[int]], kinds: Iterable[type[ProgramClaim]]
) -> dict[tuple[Level, int], Document]:
    """Return level and row number of a program or school -> its claims, of those that have any.

    One statement, for at most some hundreds of each.
    """
    keys = {str(level): list(wanted[level]) for level in KEPT if wanted.get(level)}
    if not keys:
        return {}
    kinds = frozenset(kinds)
    decoder = _decoder(kinds)
    found: dict[tuple[Level, int], Document] = {}
    for level, key, doc in session.execute(_documents(*keys), keys).all():
        document = decoder.decode(doc)
        found[Level(level), key] = {kind: getattr(document, LISTS[kind]) for kind in kinds}
    return found


@lru_cache
def _documents(*levels: str) -> sa.CompoundSelect[Any]:
    """Select the documents of some levels; its parameters are the keys of each."""
    selects = []
    for level in levels:
        kept, name = KEPT[Level(level)]
        table = inner_table(kept)
        asked = table.c[name].in_(sa.bindparam(level, expanding=True))
        selects.append(sa.select(sa.literal(level), table.c[name], table.c.doc).where(asked))
    return sa.union_all(*selects)
