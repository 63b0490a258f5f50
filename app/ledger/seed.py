"""Write the seed: our own normalised facts as CSV, one file a table, keyed by slugs."""

import csv
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from app.domain.vocabulary import AccreditationStatus, SchoolStatus
from app.store.records import KEYS, collections, current, record_columns

USUAL = {"value_status": "reported"}
"""Column -> value for which a cell is left empty; likewise basis and edition of its source."""

UNDATED = "-"
"""Cell of ``as_of`` where the row has none and its source has an edition."""

NOT_OF_OTHERS = ("admissions_url", "financial_aid_url", "net_price_url")
"""Columns that are left empty for schools without a listed program: few ask, and they are long."""


def write_seed(session: Session, folder: Path) -> dict[str, int]:
    """Write every table to ``folder``/table.csv; return table -> rows.

    Only listed programs, every school, and what is current on listed programs and the schools that
    offer them; of other schools what is out of the ordinary (``_out_of_the_ordinary``); of codes
    only those in use; of surveys that say the same year after year, the newest. Rows are
    sorted, so that a later seed differs only where facts do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = SQLModel.metadata.tables
    program, institution = tables["program"], tables["institution"]
    listed = sa.select(program.c.id).where(program.c.retired_at.is_(None))
    schools = sa.select(program.c.institution_id).where(program.c.retired_at.is_(None))
    offering = set(session.scalars(schools))
    slugs = {
        "program_id": dict(session.execute(sa.select(program.c.id, program.c.slug)).all()),
        "institution_id": {
            key: str(unitid or slug)
            for key, unitid, slug in session.execute(
                sa.select(institution.c.id, institution.c.unitid, institution.c.slug)
            )
        },
    }
    source = tables["source"]
    bases = dict(session.execute(sa.select(source.c.key, source.c.basis)).all())
    editions = dict(session.execute(sa.select(source.c.key, source.c.edition)).all())
    counts = {}
    for table in collections().values():
        columns = record_columns(table)
        statement = sa.select(*columns).where(current(table))
        if table is program:
            statement = statement.where(program.c.id.in_(listed))
        elif table.name == "cip_soc":
            used = sa.select(program.c.cip_code).where(program.c.retired_at.is_(None))
            statement = statement.where(table.c.cip_code.in_(used))
        else:
            if "program_id" in table.c:
                about = table.c.program_id
                statement = statement.where(about.is_(None) | about.in_(listed))
            if "institution_id" in table.c:
                about = table.c.institution_id
                wanted = about.is_(None) | about.in_(schools) | _out_of_the_ordinary(table)
                statement = statement.where(wanted)
        if table is institution:
            statement = statement.add_columns(institution.c.id)
        found = [dict(row._mapping) for row in session.execute(statement)]
        if table is institution:
            for row in found:
                if row.pop("id") not in offering:
                    row |= dict.fromkeys(NOT_OF_OTHERS)
        for row in found:
            if "basis" in row and table is not source and row["basis"] == bases[row["source"]]:
                row["basis"] = None
            if "as_of" in row and row.get("source"):
                edition = editions[row["source"]]
                if row["as_of"] == edition:
                    row["as_of"] = None
                elif row["as_of"] is None:
                    row["as_of"] = UNDATED
            for name in row:
                if name in KEYS:
                    row[name] = slugs[name].get(row[name])
                elif row[name] == USUAL.get(name):
                    row[name] = None
        columns = [c for c in columns if not _is_spared(c, found)]
        rows = sorted([_to_text(row[c.name]) for c in columns] for row in found)
        header = [KEYS[c.name][1] if c.name in KEYS else c.name for c in columns]
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        counts[table.name] = len(rows)
    return counts


def _is_spared(column: sa.Column[Any], rows: list[dict[str, Any]]) -> bool:
    """Return whether a file does without a column: of claims, where no row has a value in it."""
    return (
        column.table.name.endswith("_claim")
        and is_optional(column)
        and all(row[column.name] in (None, []) for row in rows)
    )


def is_optional(column: sa.Column[Any]) -> bool:
    """Return whether a file of the seed may do without a column."""
    return column.nullable or isinstance(column.type, sa.JSON)


def _out_of_the_ordinary(table: sa.Table) -> sa.ColumnElement[bool]:
    """Return which claims are kept of schools without a listed program.

    That one is not simply open, or does not simply take part in federal student aid.
    """
    if table.name == "status_claim":
        return (table.c.status != SchoolStatus.OPEN) | table.c.is_cash_monitored
    if table.name == "accreditation_claim":
        return table.c.status.in_(
            [AccreditationStatus.NOT_TITLE_IV, AccreditationStatus.TITLE_IV_DEFERMENT]
        )
    return sa.false()


def _to_text(value: Any) -> str:
    """Return a cell: nothing for null, JSON for lists and objects, true and false for booleans."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.10g}"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        case _:
            return str(value)
