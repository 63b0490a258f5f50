"""Bring rows of a source in step with the tables: add, supersede, leave alone; and say how many."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlmodel import Session, SQLModel, col

from app.domain.claims import ProgramClaim
from app.models.claims import TABLES
from app.models.sources import ImportRun, Source

BATCH = 2_000


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
        """Add the counts of another tally to this one."""
        for name in ("rows_read", "added", "changed", "retired", "unchanged", "refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.reasons += other.reasons

    @property
    def has_changes(self) -> bool:
        """Whether anything in the catalogue is other than before."""
        return bool(self.added or self.changed or self.retired)


@dataclass(frozen=True, slots=True)
class About:
    """What a claim is about: exactly one of the two is set."""

    program_id: int | None = None
    institution_id: int | None = None


def upsert_source(session: Session, source: Source) -> None:
    """Add a source or bring its description up to date; its count of rows stays."""
    known = session.get(Source, source.key)
    if known is None:
        session.add(source)
    else:
        known.sqlmodel_update(source.model_dump(exclude={"row_count"}))
    session.flush()


def insert_rows(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows in batches, without building model objects."""
    for start in range(0, len(rows), BATCH):
        session.execute(insert(table), rows[start : start + BATCH])


def reconcile_claims(
    session: Session,
    kind: type[ProgramClaim],
    source: str,
    statements: Iterable[tuple[About, ProgramClaim]],
    *,
    now: datetime,
) -> Tally:
    """Make the current claims of one kind and source equal to what its file says today.

    A statement seen before is left alone; one that reads otherwise supersedes the older row;
    one that is gone is superseded without a successor. Superseded rows stay readable.
    """
    table = TABLES[kind]
    names = [f.name for f in fields(kind) if f.name != "level"]
    content = [col(getattr(table, name)) for name in names]
    current: dict[Any, list[int]] = {}
    about_columns = [col(table.id), col(table.program_id), col(table.institution_id)]
    for claim_id, program_id, institution_id, *values in session.execute(
        select(*about_columns, *content).where(
            col(table.source) == source, col(table.superseded_at).is_(None)
        )
    ):
        key = (program_id, institution_id, *map(_freeze, values))
        current.setdefault(key, []).append(claim_id)

    tally, fresh, new_identities = Tally(), [], Counter[Any]()
    identity_at = [names.index(name) for name in kind.identity]
    level_at = [f.name for f in fields(kind)].index("level")
    for about, claim in statements:
        values = list(astuple(claim))
        del values[level_at]
        key = (about.program_id, about.institution_id, *map(_freeze, values))
        if same := current.get(key):
            same.pop()
            if not same:
                del current[key]
            tally.unchanged += 1
            continue
        new_identities[(*key[:2], *(key[2 + at] for at in identity_at))] += 1
        fresh.append(
            {
                "program_id": about.program_id,
                "institution_id": about.institution_id,
                "recorded_at": now,
                **dict(zip(names, values, strict=True)),
            }
        )
    gone = [claim_id for ids in current.values() for claim_id in ids]
    for key, ids in current.items():
        identity = (*key[:2], *(key[2 + at] for at in identity_at))
        replaced = min(len(ids), new_identities[identity])
        new_identities[identity] -= replaced
        tally.changed += replaced
        tally.retired += len(ids) - replaced
    tally.added = len(fresh) - tally.changed
    _supersede(session.connection(), table, gone, now)
    insert_rows(session, table, fresh)
    return tally


def _freeze(value: object) -> object:
    """Return a value that can be compared and hashed as part of a key.

    Keys are sorted, for a JSON column may give back an object with its keys in another order.
    """
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else value


def _supersede(
    connection: Connection, table: type[SQLModel], ids: list[int], now: datetime
) -> None:
    if ids:
        inner = SQLModel.metadata.tables[str(table.__tablename__)]
        connection.execute(
            update(inner).where(inner.c.id == bindparam("claim")).values(superseded_at=now),
            [{"claim": claim_id} for claim_id in ids],
        )


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
    inner = SQLModel.metadata.tables[str(table.__tablename__)]
    stored = {
        tuple(row[name] for name in key): row for row in session.execute(select(inner)).mappings()
    }
    tally, fresh, changed = Tally(), [], []
    for row in rows:
        identity = tuple(row[name] for name in key)
        old = stored.get(identity)
        if old is None:
            fresh.append(row)
            stored[identity] = row  # type: ignore[assignment]
        elif any(old[name] != value for name, value in row.items() if name not in ignore):
            changed.append(row)
        else:
            tally.unchanged += 1
    tally.added, tally.changed = len(fresh), len(changed)
    insert_rows(session, table, fresh)
    if changed:
        statement = update(inner).where(*(inner.c[name] == bindparam(f"_{name}") for name in key))
        session.connection().execute(
            statement.values({name: bindparam(name) for name in changed[0] if name not in key}),
            [{**row, **{f"_{name}": row[name] for name in key}} for row in changed],
        )
    return tally


def record_run(session: Session, run: ImportRun) -> None:
    """Append one run to the log of imports."""
    session.add(run)
    session.flush()


def list_runs(session: Session, *, limit: int = 100) -> list[ImportRun]:
    """Return the latest runs, newest first."""
    statement = select(ImportRun).order_by(col(ImportRun.id).desc()).limit(limit)
    return list(session.scalars(statement))
