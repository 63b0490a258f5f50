"""What an importer is, and what it is given to work with."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.importers.reading import CheckedFile, Progress
from app.store.rows import Tally
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
    cip_prefixes: tuple[str, ...] = DEFAULT_CIP

    @property
    def year(self) -> int:
        """The year in the file name: hd2024 -> 2024."""
        return int(self.match["year"])


@dataclass(frozen=True, slots=True)
class Importer:
    """How files of one kind come in.

    ``pattern`` matches file names without ``.{suffix}`` and ``.gz``; ``order`` puts files that
    others build on first; ``describe`` gives the source of a file, ``run`` brings it in.
    """

    key: str
    title: str
    pattern: str
    order: int
    describe: Callable[[re.Match[str]], Source]
    run: Callable[[Job, Source], Tally]
    suffix: str = "csv"

    def match(self, file_name: str) -> re.Match[str] | None:
        """Return the match of a file name this importer takes, or None."""
        stem = file_name.lower().removesuffix(".gz")
        if not stem.endswith(f".{self.suffix}"):
            return None
        return re.fullmatch(self.pattern, stem.removesuffix(f".{self.suffix}"))


def academic_year(first: int) -> str:
    """Return "2023-24" for 2023."""
    return f"{first}-{(first + 1) % 100:02d}"
