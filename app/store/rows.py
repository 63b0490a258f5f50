"""Bring rows of a source in step with the tables: add, supersede, leave alone; and say how many."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, insert, select, update
from sqlmodel import Session, SQLModel

from app.domain.claims import ProgramClaim
from app.domain.vocabulary import Level
from app.store.changes import is_recording, record_changes
from app.store.records import batches, collections, inner_table
from app.store.tables.claims import TABLES
from app.store.tables.sources import ImportRun, Source

BATCH = 2_000
MAX_REASONS = 1_000


@dataclass(slots=True)
class Tally:
    """What became of the rows of one file."""

    rows_read: int = 0
    added: int = 0
    changed: int = 0
    retired: int = 0
    unchanged: int = 0
    refused: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add the counts and reasons of another tally to this one."""
        for count in fields(self):
            setattr(self, count.name, getattr(self, count.name) + getattr(other, count.name))

    def to_record(self) -> dict[str, Any]:
        """Return the counts by name, with as many reasons as a run or a job keeps."""
        return {**asdict(self), "reasons": self.reasons[:MAX_REASONS]}

    @property
    def has_changes(self) -> bool:
        """Whether anything in the catalogue is other than before."""
        return bool(self.added or self.changed or self.retired)


@dataclass(frozen=True, slots=True)
class ClaimTarget:
    """The program or the school that a claim is about; exactly one of the two is set."""

    program_id: int | None = None
    institution_id: int | None = None


Statement = tuple[ClaimTarget, ProgramClaim]
Kind = TypeVar("Kind", bound=ProgramClaim)


def upsert_source(session: Session, source: Source) -> None:
    """Add a source or bring its description up to date; its count of rows stays."""
    values = source.model_dump(exclude={"row_count"})
    if known := session.get(Source, source.key):
        known.sqlmodel_update(values)
    else:
        session.add(Source(**values))
    session.flush()


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in batches, without building model objects, and note them as added."""
    inner = inner_table(table)
    if inner.name not in collections() or not is_recording(session):
        for start in range(0, len(rows), BATCH):
            session.execute(insert(inner), rows[start : start + BATCH])
        return
    for start in range(0, len(rows), BATCH):
        statement = insert(table).returning(*inner.columns, sort_by_parameter_order=True)
        added = session.execute(statement, rows[start : start + BATCH])
        record_changes(session, inner, ((None, dict(row)) for row in added.mappings()))


def update_rows(
    session: Session,
    table: type[SQLModel],
    key: tuple[str, ...],
    rows: Sequence[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    """Change rows, each given as it stands and with its columns that become other."""
    if not rows:
        return
    inner = inner_table(table)
    record_changes(session, inner, ((old, {**old, **new}) for old, new in rows))
    columns = [name for name in rows[0][1] if name not in key]
    statement = update(inner).where(*(inner.c[name] == bindparam(f"_{name}") for name in key))
    session.connection().execute(
        statement.values({name: bindparam(name) for name in columns}),
        [
            {**{name: new[name] for name in columns}, **{f"_{n}": old[n] for n in key}}
            for old, new in rows
        ],
    )


def rows_where(
    session: Session, table: type[SQLModel], column: str, values: Sequence[Any]
) -> list[dict[str, Any]]:
    """Return all columns of the rows that have one of these values in a column."""
    inner = inner_table(table)
    return [
        dict(row)
        for some in batches(list(values), 500)
        for row in session.execute(select(inner).where(inner.c[column].in_(some))).mappings()
    ]


def delete_rows(
    session: Session, table: type[SQLModel], key: tuple[str, ...], rows: Sequence[dict[str, Any]]
) -> None:
    """Take rows out of a table; they stay readable as changes of a release."""
    if not rows:
        return
    inner = inner_table(table)
    record_changes(session, inner, ((row, None) for row in rows))
    statement = delete(inner).where(*(inner.c[name] == bindparam(f"_{name}") for name in key))
    session.connection().execute(statement, [{f"_{n}": row[n] for n in key} for row in rows])


def program_claims(
    session: Session,
    kind: type[Kind],
    source: str,
    *,
    programs: Collection[int] | None = None,
    is_past: bool = False,
) -> list[tuple[int, Kind]]:
    """Return programs and the claims of one kind and source on them, the oldest first.

    Args:
        session: To read with.
        kind: Of claims.
        source: Key of the source.
        programs: On these; None: on all.
        is_past: Those that something has superseded, in place of the current ones.
    """
    table = inner_table(TABLES[kind])
    names = [field.name for field in fields(kind) if field.name != "level"]
    is_superseded = table.c.superseded_at.is_not(None)
    statement = select(table.c.program_id, *(table.c[name] for name in names)).where(
        table.c.source == source,
        is_superseded if is_past else ~is_superseded,
        table.c.program_id.is_not(None),
    )
    if programs is not None:
        statement = statement.where(table.c.program_id.in_(programs))
    return [
        (program, kind(level=Level.PROGRAM, **dict(zip(names, values, strict=True))))
        for program, *values in session.execute(statement.order_by(table.c.id))
    ]


def reconcile_claims(
    session: Session,
    kind: type[ProgramClaim],
    source: str,
    statements: Iterable[Statement],
    *,
    now: datetime,
) -> Tally:
    """Make the current claims of one kind and source equal to what its file says today.

    One that reads otherwise than before counts as changed where it speaks of the same.
    """
    names = [field.name for field in fields(kind) if field.name not in ("level", "source")]
    about = ("program_id", "institution_id")
    return reconcile_rows(
        session,
        TABLES[kind],
        {"source": source},
        (*about, *names),
        (
            (target.program_id, target.institution_id, *(getattr(claim, name) for name in names))
            for target, claim in statements
        ),
        identity=(*about, *kind.identity),
        now=now,
    )


def keep_history(
    session: Session,
    kind: type[ProgramClaim],
    source: str,
    statements: Sequence[Statement],
    *,
    now: datetime,
) -> Tally:
    """Keep statements that something newer has replaced, as superseded rows.

    Those that are kept already are left alone.
    """
    table = inner_table(TABLES[kind])
    about = ("program_id", "institution_id")
    names = [field.name for field in fields(kind) if field.name not in ("level", "source")]
    kept = select(*(table.c[name] for name in (*about, *names))).where(
        table.c.source == source, table.c.superseded_at.is_not(None)
    )
    known = (
        {tuple(map(_freeze, values)) for values in session.execute(kept)} if statements else set()
    )
    fresh = []
    for target, claim in statements:
        values = [target.program_id, target.institution_id, *(getattr(claim, n) for n in names)]
        if tuple(map(_freeze, values)) not in known:
            row = dict(zip((*about, *names), values, strict=True))
            fresh.append({**row, "source": source, "recorded_at": now, "superseded_at": now})
    insert_rows(session, TABLES[kind], fresh)
    return Tally(added=len(fresh), unchanged=len(statements) - len(fresh))


def reconcile_rows(
    session: Session,
    table: type[SQLModel],
    among: Mapping[str, str],
    columns: Sequence[str],
    statements: Iterable[tuple[Any, ...]],
    *,
    identity: Sequence[str] = (),
    now: datetime,
) -> Tally:
    """Make the current rows among those of a source equal to what its file says today.

    A statement seen before is left alone; one that reads otherwise supersedes the older row;
    one that is gone is superseded without a successor. Superseded rows stay readable.

    Args:
        session: In a transaction that writes.
        table: Of rows that supersede one another.
        among: Column -> value of the rows that the file speaks of, and of those that it adds.
        columns: Those that the file states.
        statements: A value for each of the columns.
        identity: Columns in which a statement equals the one that it changes; none: of any other
            statement one is gone, and one is new.
        now: The moment of the change.
    """
    inner = inner_table(table)
    said = select(inner.c.id, *(inner.c[name] for name in columns)).where(
        *(inner.c[name] == value for name, value in among.items()), inner.c.superseded_at.is_(None)
    )
    current: dict[Any, list[int]] = {}
    for number, *values in session.execute(said):
        current.setdefault(tuple(map(_freeze, values)), []).append(number)

    tally, fresh, new_identities = Tally(), [], Counter[Any]()
    identity_at = [columns.index(name) for name in identity]
    for statement in statements:
        key = tuple(map(_freeze, statement))
        if same := current.get(key):
            same.pop()
            if not same:
                del current[key]
            tally.unchanged += 1
            continue
        if identity:
            new_identities[tuple(key[at] for at in identity_at)] += 1
        stated = dict(zip(columns, statement, strict=True))
        fresh.append({**stated, **among, "recorded_at": now})
    for key, numbers in current.items():
        about = tuple(key[at] for at in identity_at)
        replaced = min(len(numbers), new_identities[about])
        new_identities[about] -= replaced
        tally.changed += replaced
        tally.retired += len(numbers) - replaced
    tally.added = len(fresh) - tally.changed
    gone = [number for numbers in current.values() for number in numbers]
    supersede_rows(session, table, gone, now)
    insert_rows(session, table, fresh)
    return tally


def _freeze(value: object) -> object:
    """Return a value that can be compared and hashed as part of a key.

    Keys are sorted, for a JSON column may give back an object with its keys in another order.
    """
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value


def supersede_rows(
    session: Session, table: type[SQLModel], ids: Sequence[int], now: datetime
) -> None:
    """Mark claims as superseded; they stay readable."""
    rows = rows_where(session, table, "id", ids)
    update_rows(session, table, ("id",), [(row, {"superseded_at": now}) for row in rows])


def upsert_rows(
    session: Session,
    table: type[SQLModel],
    key: tuple[str, ...],
    rows: Iterable[dict[str, Any]],
    *,
    ignore: frozenset[str] = frozenset({"updated_at"}),
) -> Tally:
    """Add rows by natural key and change those that read otherwise; absent ones stay.

    ``ignore`` names columns that do not count as a change by themselves.
    """
    stored: dict[tuple[Any, ...], dict[str, Any]] = {
        tuple(row[name] for name in key): dict(row)
        for row in session.execute(select(inner_table(table))).mappings()
    }
    tally, fresh = Tally(), []
    changed: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for row in rows:
        identity = tuple(row[name] for name in key)
        old = stored.get(identity)
        if old is None:
            fresh.append(row)
            stored[identity] = row
        elif any(old[name] != value for name, value in row.items() if name not in ignore):
            changed.append((old, row))
        else:
            tally.unchanged += 1
    tally.added, tally.changed = len(fresh), len(changed)
    insert_rows(session, table, fresh)
    update_rows(session, table, key, changed)
    return tally


def record_run(session: Session, run: ImportRun) -> None:
    """Append one run to the log of imports."""
    session.add(run)
    session.flush()
