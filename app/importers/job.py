"""What an importer is, and the job it is given."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlmodel import Session, SQLModel

from app.importers.reading import CheckedFile, Progress
from app.store.rows import Tally, upsert_rows
from app.store.tables.sources import Source

DEFAULT_CIP = ("51.07", "51.27")
"""Health and medical administrative services; medical illustration and informatics."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file being imported, inside the transaction of its command."""

    session: Session
    file: CheckedFile
    match: re.Match[str]
    now: datetime
    progress: Progress
    editions: re.Pattern[str]
    """What the keys of all editions of the file's source are like."""
    cip_prefixes: tuple[str, ...] = DEFAULT_CIP
    strict: bool = False
    """Whether one bad row or record refuses the file."""

    @property
    def year(self) -> int:
        """The year in the file name: 2024 of hd2024, 2021 of gr200_21."""
        year = int(self.match["year"])
        return year if year > 99 else 2000 + year

    def upsert(
        self, table: type[SQLModel], key: tuple[str, ...], rows: Sequence[dict[str, Any]]
    ) -> Tally:
        """Add or change the rows of the file by their natural key; absent ones stay."""
        tally = upsert_rows(self.session, table, key, rows)
        tally.rows_read = len(rows)
        return tally


@dataclass(frozen=True, kw_only=True)
class Importer:
    """How files of one kind come in.

    ``pattern`` matches file names without ``.{suffix}`` and ``.gz``; ``order`` puts files that
    others build on first; ``run`` brings a file in. The texts of ``source`` name groups of the
    pattern, and what ``describe`` adds to them, in braces.
    """

    key: str
    title: str
    pattern: str
    order: int
    source: Source
    run: Callable[[Job, Source], Tally]
    suffix: str = "csv"
    kin: tuple[str, ...] = ()
    """Keys of other files' sources, as ``source`` has its own, that ask some of the same."""
    needs_schools: bool = False
    """Whether its records are joined to schools, so that it means nothing where there are none."""

    def match(self, file_name: str) -> re.Match[str] | None:
        """Return the match of a file name this importer takes, or None."""
        stem = file_name.lower().removesuffix(".gz")
        if not stem.endswith(f".{self.suffix}"):
            return None
        return re.fullmatch(self.pattern, stem.removesuffix(f".{self.suffix}"))

    @cached_property
    def editions(self) -> re.Pattern[str]:
        """What the keys of its sources are like: of all editions of its file, and of its kin."""
        keys = (re.split(r"\{\w+\}", key) for key in (self.source.key, *self.kin))
        return re.compile("|".join("[0-9-]+".join(map(re.escape, parts)) for parts in keys))

    def describe(self, match: re.Match[str]) -> Source:
        """Return the source of one file.

        ``{academic_year}`` is the one that begins in the year of the file name, and
        ``{academic_year_before}`` the one that ends in it.
        """
        parts = match.groupdict()
        if "year" in parts:
            year = int(parts["year"])
            parts["academic_year"] = academic_year(year)
            parts["academic_year_before"] = academic_year(year - 1)
        texts = self.source.model_dump(exclude_none=True)
        return Source(**{name: text.format_map(parts) for name, text in texts.items()})


def academic_year(first: int) -> str:
    """Return "2023-24" for 2023."""
    return f"{first}-{(first + 1) % 100:02d}"
