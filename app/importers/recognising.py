"""Which importer takes a file: by the name it was published under, else by its columns."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import ImportFileError
from app.importers.job import TABLE_ENDINGS, YEAR, Importer, is_revised, stem_of, whole_year
from app.importers.packed import MAX_PLAIN_BYTES, Packed, list_packed
from app.importers.reading import (
    MAX_LINES,
    CheckedFile,
    check_file,
    peek_header,
    read_header,
)
from app.importers.registry import IMPORTERS

ENDINGS = (*TABLE_ENDINGS, "json", "zip", "gz")
"""Endings of the names of files that are looked into in a folder."""


@dataclass(frozen=True, slots=True)
class Task:
    """A file and the importer that takes it."""

    packed: Packed
    importer: Importer
    match: Mapping[str, str]

    @property
    def path(self) -> Path:
        """The file, or the zip that it lies in."""
        return self.packed.path

    @property
    def is_revised(self) -> bool:
        """Whether its name says that it is a revised release."""
        return is_revised(self.packed.file_name)

    def check(
        self,
        *,
        strict: bool = False,
        max_plain_bytes: int = MAX_PLAIN_BYTES,
        max_lines: int = MAX_LINES,
    ) -> CheckedFile:
        """Check the file as ``check_file`` does; of a workbook, the sheet that is brought in.

        Raises:
            ImportFileError: It cannot be read.
        """
        return check_file(
            self.packed,
            max_plain_bytes=max_plain_bytes,
            max_lines=max_lines,
            strict=strict,
            is_wanted=self.importer.has_columns,
        )


@dataclass(frozen=True, slots=True)
class Stranger:
    """A file that no importer takes, and why, where there is more to say."""

    name: str
    why: str | None = None


def whys(strangers: Iterable[Stranger]) -> list[str]:
    """Return a sentence for each file of which there is more to say."""
    return [f"{one.name}: {one.why}." for one in strangers if one.why]


def plan(
    paths: Iterable[Path], importers: Sequence[Importer] = IMPORTERS
) -> tuple[list[Task], list[Stranger]]:
    """Return tasks in the order files build on each other, and files no importer takes.

    A folder stands for the tables, JSON files and zips in it and its folders, and a zip for what
    lies in it. Of files that come in years, the newest comes first; of two releases of one table,
    the revised is taken. ``importers`` are those that may take a file.

    Raises:
        ImportFileError: A path does not exist, a zip is damaged, or a file has the name of one
            kind and the columns of another.
    """
    tasks: list[Task] = []
    others: list[Stranger] = []
    for path in _files(paths):
        for packed in list_packed(path):
            found = recognise(packed, importers)
            (tasks if isinstance(found, Task) else others).append(found)  # type: ignore[arg-type]
    taken, passed = _newest_releases(tasks)
    return sorted(taken, key=_place), [*others, *passed]


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            endings = tuple(f".{ending}" for ending in ENDINGS)
            yield from (
                file for file in sorted(path.rglob("*")) if file.name.lower().endswith(endings)
            )
        elif path.exists():
            yield path
        else:
            raise ImportFileError([f"{path}: there is no such file or folder."])


def recognise(packed: Packed, importers: Sequence[Importer] = IMPORTERS) -> Task | Stranger:
    """Return the task of a file, or that nobody takes it.

    Raises:
        ImportFileError: It has the name of one kind and the columns of another.
    """
    name, found = packed.file_name, None
    for importer in importers:
        match = importer.match(name)
        if match is not None:
            if importer.known_by:
                _check_columns(packed, importer)
            found = _to_task(packed, importer, match)
            if isinstance(found, Task):
                return found
    if found is not None:
        return found
    for importer in importers:
        if (why := importer.why_passed(name)) is not None:
            return Stranger(packed.name, why)
    if stem_of(name, "csv") is None:
        return Stranger(packed.name)
    known = _known_by_columns(packed)
    if known is None:
        return Stranger(packed.name)
    importer, match = known
    return _to_task(packed, importer, match)


def _check_columns(packed: Packed, importer: Importer) -> None:
    """Refuse a file with the columns of another kind than its name says.

    A kind that is known by fewer columns may share them, as surveys that took over older ones do.

    Raises:
        ImportFileError: It is one.
    """
    header = peek_header(packed)
    if header and importer.match_columns(header) is None:
        other = _fitting(header)
        if other is not None and len(other[0].known_by) >= len(importer.known_by):
            raise ImportFileError(
                [
                    f"{packed.name}: by its name this is {importer.title}, by its columns "
                    f"{other[0].title}. Give it the name it was published under."
                ]
            )


def _to_task(packed: Packed, importer: Importer, match: Mapping[str, str]) -> Task | Stranger:
    """Return a task for which everything is known that describes its source."""
    told = dict(match)
    if "year" in importer.tells - told.keys() and (years := YEAR.findall(packed.name)):
        told["year"] = years[-1]
    if importer.tells - told.keys() and importer.tell is not None:
        told |= importer.tell(check_file(packed, is_wanted=importer.has_columns))
    if missing := sorted(importer.tells - told.keys()):
        words = " and ".join(missing)
        return Stranger(
            packed.name,
            f"by its columns this is {importer.title}, but nothing tells its {words}: give it the "
            "name it was published under",
        )
    return Task(packed, importer, told)


def _known_by_columns(packed: Packed) -> tuple[Importer, Mapping[str, str]] | None:
    header = peek_header(packed)
    if not header and packed.file_name.lower().endswith(".xlsx"):
        with suppress(ImportFileError):  # that of a stranger is of no concern
            file = check_file(packed, is_wanted=lambda names: _fitting(names) is not None)
            header = read_header(file)
    return _fitting(header)


def _fitting(header: list[str]) -> tuple[Importer, Mapping[str, str]] | None:
    """Return the importer whose columns are there; of several the one that names most."""
    found = [(i, told) for i in IMPORTERS if (told := i.match_columns(header)) is not None]
    return max(found, key=lambda pair: len(pair[0].known_by), default=None)


def _newest_releases(tasks: Iterable[Task]) -> tuple[list[Task], list[Stranger]]:
    """Return tasks without those of which a revised release is among them, and these."""
    tasks = list(tasks)
    revised = {task.importer.describe(task.match).key: task for task in tasks if task.is_revised}
    taken, passed = [], []
    for task in tasks:
        newer = revised.get(task.importer.describe(task.match).key)
        if newer is None or task.is_revised:
            taken.append(task)
        else:
            why = f"{newer.packed.name} is the revised release of the same table"
            passed.append(Stranger(task.packed.name, why))
    return taken, passed


def _place(task: Task) -> tuple[int, int, str]:
    year = task.match.get("year")
    return (task.importer.order, -whole_year(year) if year else 0, task.packed.name)
