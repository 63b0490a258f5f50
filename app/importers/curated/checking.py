"""Explain a curated file: what becomes of each record, which facts it has, and what it joins."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.domain.claims import ProgramClaim, declared_fields
from app.errors import ImportFileError
from app.importers.curated.claims import Reading
from app.importers.curated.placing import programs_of
from app.importers.curated.reading import Remark, read_records
from app.importers.curated.records import IMPORTER, read_all
from app.importers.job import Job
from app.importers.joining import load_directory
from app.importers.reading import check_file
from app.store.database import write_session
from app.store.rows import Tally, upsert_source

UNNAMED = next(re.finditer("", ""))
"""The match of a file whose name says nothing."""

READ, REMARKED, REFUSED = "read", "read with a remark", "refused"


@dataclass(frozen=True, slots=True)
class Joined:
    """The program that a record would join, or be; ``reason`` is why that is not sure."""

    program: str
    quality: str | None
    reason: str | None


@dataclass(slots=True)
class RecordCheck:
    """What becomes of one record.

    ``record`` is its id, or its number where it has none; ``told`` is what the import says of where
    it belongs, candidates among it.
    """

    record: str
    outcome: str
    remarks: list[Remark] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    joined: Joined | None = None
    told: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FileCheck:
    """What becomes of a file; ``not_joined`` is why nobody can tell where its records belong."""

    records: list[RecordCheck]
    not_joined: list[str]


def check_curated(engine: Engine, path: Path) -> FileCheck:
    """Return what would become of each record of a file; nothing is kept.

    Raises:
        ImportFileError: It is not a list of records.
    """
    checked = check_file(path)
    file = read_records(checked)
    with _taken_back(engine) as session:
        readings = read_all(file, IMPORTER.key, load_directory(session))
        source = IMPORTER.describe(UNNAMED)
        upsert_source(session, source)
        job = Job(session, checked, UNNAMED, datetime.now(UTC), _silent, IMPORTER.editions)
        try:
            tally, not_joined = IMPORTER.run(job, source), []
        except ImportFileError as error:
            tally, not_joined = Tally(), error.complaints
        joined = _joined_in(session, list(readings))
    made = [_to_check(record.id, readings[record.id], file.mended) for record in file.records]
    for check in made:
        check.joined = joined.get(check.record)
        check.told = [reason for reason in tally.reasons if _is_on(reason, check.record)]
    refused = [
        RecordCheck(record.strip("'"), REFUSED, remarks) for record, remarks in file.refused.items()
    ]
    return FileCheck([*made, *refused], not_joined)


class _TakenBack(Exception):  # noqa: N818 - no error: it takes the transaction back
    pass


@contextmanager
def _taken_back(engine: Engine) -> Iterator[Session]:
    """Give a session of which nothing is kept."""
    try:
        with write_session(engine, takes_long=True) as session:
            yield session
            raise _TakenBack
    except _TakenBack:
        pass


def _silent(_rows: int) -> None:
    pass


def _joined_in(session: Session, records: list[str]) -> dict[str, Joined]:
    return {
        record: Joined(program.slug, program.match_quality, program.match_reason)
        for record, program in programs_of(session, records).items()
    }


def _is_on(reason: str, record: str) -> bool:
    """Return whether a reason tells where a record belongs; remarks on values are told apart."""
    words = reason.replace(":", " ").replace(",", " ").split()
    return record in words and not reason.startswith("program ")


def _to_check(record: str, reading: Reading, mended: dict[str, list[Remark]]) -> RecordCheck:
    remarks = [*mended.get(record, ()), *reading.remarks]
    outcome = REMARKED if remarks else READ
    return RecordCheck(record, outcome, remarks, [_to_fact(claim) for claim in reading.claims])


def _to_fact(claim: ProgramClaim) -> dict[str, Any]:
    """Return a claim by its kind and the fields that say something."""
    told: dict[str, Any] = {}
    for one in declared_fields(type(claim)):
        value = getattr(claim, one.served_as)
        if one.name not in ("level", "source") and value not in ([], None, one.default):
            told[one.served_as] = value
    return {"kind": claim.kind_name, **told}
