"""Explain a curated file: what becomes of each record, which facts it has, and what it joins."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from app.domain.claims import ProgramClaim, declared_fields
from app.domain.matching import OfferMatch
from app.domain.schools import Directory
from app.errors import ImportFileError
from app.importers.curated.claims import Reading
from app.importers.curated.homes import find_homes
from app.importers.curated.reading import Remark, read_records
from app.importers.curated.records import IMPORTER, read_all
from app.importers.joining import load_catalogue
from app.importers.reading import check_file

READ, REMARKED, REFUSED = "read", "read with a remark", "refused"


@dataclass(frozen=True, slots=True)
class Joined:
    """The reported program that a record joins; None: none, so that it is one of its own.

    ``reason`` is why that is not sure. It ``waits`` where somebody has to choose among the
    ``candidates``, and is left out until then.
    """

    program: str | None
    quality: str
    reason: str | None
    candidates: list[str]
    waits: bool


@dataclass(slots=True)
class RecordCheck:
    """What becomes of one record: ``record`` is its id, or its number where it has none."""

    record: str
    outcome: str
    remarks: list[Remark] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    joined: Joined | None = None


@dataclass(slots=True)
class FileCheck:
    """What becomes of a file; ``not_joined`` is why nobody can tell where its records belong."""

    records: list[RecordCheck]
    not_joined: list[str]


def check_curated(engine: Engine, path: Path) -> FileCheck:
    """Return what would become of each record of a file.

    Raises:
        ImportFileError: It is not a list of records.
    """
    file = read_records(check_file(path))
    matches: dict[str, OfferMatch] = {}
    not_joined: list[str] = []
    with Session(engine) as session:
        try:
            catalogue = load_catalogue(session, path.name)
        except ImportFileError as error:
            not_joined = error.complaints
            readings = read_all(file, IMPORTER.key, Directory([]))
        else:
            readings = read_all(file, IMPORTER.key, catalogue.directory)
            homes = find_homes(session, IMPORTER.key, file.records, readings, catalogue)
            matches = homes.matches
    made = [_to_check(record.id, readings[record.id], file.mended) for record in file.records]
    for check in made:
        if match := matches.get(check.record):
            check.joined = _to_joined(match)
    refused = [
        RecordCheck(record.strip("'"), REFUSED, remarks) for record, remarks in file.refused.items()
    ]
    return FileCheck([*made, *refused], not_joined)


def _to_joined(match: OfferMatch) -> Joined:
    return Joined(
        program=match.offer.slug if match.offer else None,
        quality=match.quality,
        reason=match.reason,
        candidates=[str(offer) for offer in match.candidates],
        waits=match.waits,
    )


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
