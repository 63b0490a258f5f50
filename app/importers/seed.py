"""Fill an empty catalogue from the seed."""

import csv
import gc
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlmodel import Session

from app.errors import ImportFileError
from app.ledger.corrections import add_report, decline
from app.ledger.releases import add_release
from app.ledger.seed import UNDATED, USUAL, is_optional
from app.ledger.snapshots import store_snapshot, thaw
from app.ledger.summaries import refresh_summaries
from app.queries.references import EDITORS
from app.queries.releases import find_release
from app.queries.rubrics import rubrics_of
from app.queries.sources import count_rows
from app.schemas.corrections import CorrectionRequest
from app.store.database import analyze, write_session
from app.store.records import KEYS, collections, record_columns
from app.store.rows import BATCH


def load_seed(engine: Engine, seed_dir: Path) -> None:
    """Load every table of the seed, score all programs and publish release 1.

    One transaction: a start that is cut short leaves an empty catalogue behind. Does nothing
    where there is a release already.

    Raises:
        ImportFileError: A file is missing, or a cell does not fit its column.
    """
    now = datetime.now(UTC)
    rubric = list(rubrics_of(seed_dir).values())[-1]
    with _without_looking_for_cycles(), write_session(engine, takes_long=True) as session:
        if find_release(session) is not None:
            return
        for table in collections().values():
            _load_table(session, table, seed_dir / "catalogue" / f"{table.name}.csv", now)
        for path in sorted((seed_dir / "snapshots").glob("*.json")):
            _load_snapshot(session, path, now)
        for path in sorted((seed_dir / "corrections").glob("*.json")):
            _load_correction(session, path)
        count_rows(session)
        change_on = refresh_summaries(session, rubric, now=now)
        add_release(session, "The seed", now=now, change_on=change_on, rubric=rubric)
    analyze(engine)


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """Let the objects of a whole catalogue be made and freed without a search for cycles.

    There are few among them, and to look for them would be a tenth of a first start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_read_json = lru_cache(maxsize=4096)(json.loads)  # most lists stand in many rows


def _load_snapshot(session: Session, path: Path, now: datetime) -> None:
    try:
        frozen = thaw(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ImportFileError([f"{path.name}: {error}."]) from error
    store_snapshot(session, frozen, now=now)


def _load_correction(session: Session, path: Path) -> None:
    """Add a report of ours that was decided on, so that the log has one to show how it reads."""
    told = json.loads(path.read_text(encoding="utf-8"))
    at = datetime.fromisoformat(told["at"])
    report, _ = add_report(session, CorrectionRequest.model_validate(told["report"]), at)
    decline(session, report.id or 0, told["declined"], EDITORS, at)


def _load_table(session: Session, table: sa.Table, path: Path, now: datetime) -> None:
    if not path.is_file():
        raise ImportFileError([f"{path.name}: missing from the seed ({path.parent})."])
    columns = {KEYS[c.name][1] if c.name in KEYS else c.name: c for c in record_columns(table)}
    readers: list[Callable[[str], Any]] = []
    with path.open(encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        header = next(rows)
        needed = {name for name, column in columns.items() if not is_optional(column)}
        if not needed <= set(header) <= set(columns) or len(set(header)) < len(header):
            raise ImportFileError(
                [f"{path.name}, line 1: the columns are not those of the table {table.name}."]
            )
        readers = [_reader(session, columns[name]) for name in header]
        names = [columns[name].name for name in header]
        stamps: dict[str, Any] = {n: now for n in ("recorded_at", "updated_at") if n in table.c}
        stamps |= {
            column.name: []
            for name, column in columns.items()
            if name not in header and not column.nullable
        }
        source = table.metadata.tables["source"]
        bases = dict(session.execute(sa.select(source.c.key, source.c.basis)).all())
        editions = dict(session.execute(sa.select(source.c.key, source.c.edition)).all())
        is_dated = "as_of" in table.c and "source" in table.c
        batch: list[dict[str, Any]] = []
        for cells in rows:
            try:
                values = [read(cell) for read, cell in zip(readers, cells, strict=True)]
            except (ValueError, KeyError) as error:
                raise ImportFileError(
                    [f"{path.name}, line {rows.line_num}: {error} in {cells[:6]!r}."]
                ) from error
            row = {**dict(zip(names, values, strict=True)), **stamps}
            if "basis" in row and row["basis"] is None:
                row["basis"] = bases[row["source"]]
            if is_dated:
                as_of = row.get("as_of")
                row["as_of"] = None if as_of == UNDATED else as_of or editions.get(row["source"])
            batch.append(row)
            if len(batch) == BATCH:
                session.execute(sa.insert(table), batch)
                batch = []
        if batch:
            session.execute(sa.insert(table), batch)


def _reader(session: Session, column: sa.Column[Any]) -> Callable[[str], Any]:
    """Return the function that reads cells of a column."""
    if column.name in KEYS:
        table = column.table.metadata.tables[KEYS[column.name][0]]
        ids = {slug: key for key, slug in session.execute(sa.select(table.c.id, table.c.slug))}
        if "unitid" in table.c:
            unitids = sa.select(table.c.id, table.c.unitid)
            ids |= {str(unitid): key for key, unitid in session.execute(unitids) if unitid}
        return lambda cell: ids[cell] if cell else None
    if isinstance(column.type, sa.JSON):
        return lambda cell: _read_json(cell) if cell else None
    if isinstance(column.type, sa.Boolean):
        return lambda cell: {"true": True, "false": False, "": None}[cell]
    if isinstance(column.type, sa.Integer):
        return lambda cell: int(cell) if cell else None
    if isinstance(column.type, sa.Float):
        return lambda cell: float(cell) if cell else None
    usual = USUAL.get(column.name)
    return lambda cell: cell or usual
