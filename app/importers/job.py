"""What an importer is, and the job it is given."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from string import Formatter
from typing import Any

from sqlmodel import Session, SQLModel

from app.importers.reading import CheckedFile, Progress
from app.store.rows import Tally, upsert_rows
from app.store.tables.sources import Source

DEFAULT_CIP = ("51.07", "51.27")
"""Health and medical administrative services; medical illustration and informatics."""

ALL_CIP = tuple("0123456")
"""How the codes of all fields of study begin; 99 in a file stands for all of them together."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file being imported, inside the transaction of its command."""

    session: Session
    file: CheckedFile
    match: Mapping[str, str]
    """What the name of the file tells, or its columns: year, edition."""
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
        return whole_year(self.match["year"])

    def upsert(
        self, table: type[SQLModel], key: tuple[str, ...], rows: Sequence[dict[str, Any]]
    ) -> Tally:
        """Add or change the rows of the file by their natural key; absent ones stay."""
        tally = upsert_rows(self.session, table, key, rows)
        tally.rows_read = len(rows)
        return tally


TABLE_ENDINGS = ("csv", "txt", "tsv", "tab", "xlsx")
"""Endings of the names of tables; they say little of what is in a file."""

PAGE_ENDINGS = (".html", ".htm")
"""Endings of pages that were saved from a browser."""

REVISED = "_rv"
"""How names of IPEDS files end that are a revised release of the same table."""

YEAR = re.compile(r"(?<!\d)(?:19[89]|20[0-4])\d(?!\d)")


def stem_of(file_name: str, suffix: str) -> str | None:
    """Return the lower-case name of a file without its endings; None: it has another ending.

    Blanks are underscores, and the number is dropped that a browser gives to a second copy.
    """
    stem = file_name.lower().removesuffix(".gz")
    name, _, ending = stem.rpartition(".")
    if ending not in (TABLE_ENDINGS if suffix == "csv" else (suffix,)):
        return None
    return re.sub(r"[ _]*\(\d+\)$", "", name).strip().replace(" ", "_")


def is_revised(file_name: str) -> bool:
    """Return whether the name of a file says that it is a revised release."""
    return (stem_of(file_name, "csv") or "").endswith(REVISED)


@dataclass(frozen=True, kw_only=True)
class Importer:
    """How files of one kind come in.

    ``pattern`` matches file names in lower case without endings and ``_rv``; ``known_by`` matches
    names of columns in upper case, all of which only files of this kind have. ``order`` puts files
    that others build on first; ``run`` brings a file in. The texts of ``source`` name groups of
    the patterns, and what ``describe`` adds to them, in braces; ``tell`` finds in a file what
    neither its name nor its columns tell.
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
    known_by: tuple[str, ...] = ()
    tell: Callable[[CheckedFile], Mapping[str, str]] | None = None
    companions: Mapping[str, str] = field(default_factory=dict)
    """Patterns of names of files that come with it -> why they are not brought in themselves."""

    def match(self, file_name: str) -> Mapping[str, str] | None:
        """Return what a file name of this kind tells, or None for another name."""
        stem = stem_of(file_name, self.suffix)
        found = stem and re.fullmatch(self.pattern, stem.removesuffix(REVISED))
        return {k: v for k, v in found.groupdict().items() if v} if found else None

    def why_passed(self, file_name: str) -> str | None:
        """Return why a file that comes with one of this kind is passed over; None: another."""
        stem = stem_of(file_name, self.suffix) or ""
        found = (why for name, why in self.companions.items() if re.fullmatch(name, stem))
        return next(found, None)

    def match_columns(self, header: Collection[str]) -> Mapping[str, str] | None:
        """Return what the columns of a file of this kind tell, or None for others."""
        told: dict[str, str] = {}
        for pattern in self.known_by:
            match = next(filter(None, (re.fullmatch(pattern, name) for name in header)), None)
            if match is None:
                return None
            told |= match.groupdict()
        return told if self.known_by else None

    def has_columns(self, header: Collection[str]) -> bool:
        """Return whether a table may be of this kind by its columns."""
        return not self.known_by or self.match_columns(header) is not None

    @cached_property
    def tells(self) -> frozenset[str]:
        """What has to be known of a file to describe its source."""
        texts = self.source.model_dump(exclude_none=True).values()
        names = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
        derived = {name for name in names if name.startswith("academic_year") or name == "yy"}
        return frozenset(names - derived | ({"year"} if derived else set()))

    @cached_property
    def editions(self) -> re.Pattern[str]:
        """What the keys of its sources are like: of all editions of its file, and of its kin."""
        keys = (re.split(r"\{\w+\}", key) for key in (self.source.key, *self.kin))
        return re.compile("|".join("[0-9-]+".join(map(re.escape, parts)) for parts in keys))

    def describe(self, match: Mapping[str, str]) -> Source:
        """Return the source of one file.

        ``{academic_year}`` is the one that begins in the year of the file name,
        ``{academic_year_before}`` the one that ends in it, and ``{yy}`` its last two digits.
        """
        parts = dict(match)
        if "year" in parts:
            year = whole_year(parts["year"])
            parts["year"], parts["yy"] = str(year), f"{year % 100:02d}"
            parts["academic_year"] = academic_year(year)
            parts["academic_year_before"] = academic_year(year - 1)
        texts = self.source.model_dump(exclude_none=True)
        return Source(**{name: text.format_map(parts) for name, text in texts.items()})


def whole_year(digits: str) -> int:
    """Return 2021 for "2021" and for "21"."""
    return int(digits) if len(digits) > 2 else 2000 + int(digits)


def academic_year(first: int) -> str:
    """Return "2023-24" for 2023."""
    return f"{first}-{(first + 1) % 100:02d}"
