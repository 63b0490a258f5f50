"""Public files that come out again and again: where, and when the next edition is due."""

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

Edition = tuple[int, ...]
"""Year, month and day of an edition as far as its name tells them, or its two numbers; editions of
one publication compare."""

PARTS = ("year", "yy", "month", "day", "major", "minor")
"""Groups of a pattern that make up an edition, in this order; yy is a year of this century."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When editions come out: the one named N usually in a month of the year N + ``years_after``.

    Where ``every_months`` is set, as many months after the last instead.
    """

    month: int = 12
    years_after: int = 0
    every_years: int = 1
    every_months: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Publication:
    """One public file, edition after edition.

    ``source`` matches the keys of its sources in the catalogue; what it captures is the edition,
    or ``edition`` finds that in the words of the source. A file is asked for at the first of its
    ``addresses`` that has it, where {year} and {yy} stand for the edition, or at whatever on its
    ``page`` is called like ``link``; with neither, somebody fetches it by hand.
    """

    key: str
    title: str
    publisher: str
    licence: str
    page: str
    importers: tuple[str, ...]
    source: re.Pattern[str]
    edition: re.Pattern[str] | None
    addresses: tuple[str, ...]
    link: re.Pattern[str] | None
    is_confirmed: bool
    """Whether the addresses were seen in use; else only the publisher's rule of naming is known."""
    rhythm: Rhythm
    editions: int
    """How many of the newest make an empty catalogue whole."""
    last: int | None
    """The last year that came out; None: it goes on."""
    settles: tuple[str, ...]
    """Checks of the checklist that a newer edition can settle."""

    @property
    def is_over(self) -> bool:
        """Whether no further edition comes out."""
        return self.last is not None

    @property
    def is_yearly(self) -> bool:
        """Whether its addresses name the year."""
        return any("{y" in address for address in self.addresses)

    def held_in(self, source: str, words: str | None) -> Edition | None:
        """Return the edition that a source of the catalogue is; None: it is none of this.

        Args:
            source: Key of the source.
            words: How the source calls its edition.
        """
        match = self.source.fullmatch(source)
        if match is None:
            return None
        if self.edition is not None:
            match = self.edition.search(words or "")
        return _edition_of(match) if match else None

    def linked_as(self, name: str) -> Edition | None:
        """Return the edition of a file that its page links to; None: another file."""
        match = self.link.fullmatch(name) if self.link else None
        return _edition_of(match) if match else None

    def addresses_of(self, year: int) -> list[str]:
        """Return where the edition of a year can be."""
        return [a.format(year=year, yy=f"{year % 100:02d}") for a in self.addresses]

    def next_after(self, held: Edition) -> tuple[str | None, date] | None:
        """Return the next edition, as far as its name is known, and the last day it is usually out.

        None: no further one comes out.
        """
        rhythm = self.rhythm
        if rhythm.every_months:
            months = held[0] * 12 + (held[1] if len(held) > 1 else 12) - 1 + rhythm.every_months
            return None, _end_of(months // 12, months % 12 + 1)
        number = held[0] + rhythm.every_years
        if self.last is not None and number > self.last:
            return None
        return str(number), _end_of(number + rhythm.years_after, rhythm.month)


def edition_text(edition: Edition) -> str:
    """Return an edition as text: "2024", "2026-06-10", and "30.3" of one that is numbered."""
    if edition[0] < 1000:
        return ".".join(map(str, edition))
    return "-".join(f"{part:02d}" for part in edition)


def _edition_of(match: re.Match[str]) -> Edition:
    found = match.groupdict()
    parts = [(name, int(found[name])) for name in PARTS if found.get(name)]
    return tuple(2000 + number if name == "yy" else number for name, number in parts)


def _end_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


@lru_cache(maxsize=4)
def load_publications(path: Path) -> tuple[Publication, ...]:
    """Return the publications of a file such as ``seed/publishers.json``.

    Raises:
        ValueError: It is no such file; the words name the place.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["publications"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path}: it holds no list of publications ({error})") from error
    found = []
    for at, entry in enumerate(told):
        try:
            found.append(_to_publication(entry))
        except (ValueError, KeyError, TypeError, AttributeError, re.error) as error:
            raise ValueError(f"{path}, publications/{at}: {error!r}") from error
    keys = [one.key for one in found]
    if doubled := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"{path}: {sorted(doubled)} stand there twice")
    return tuple(found)


def _to_publication(entry: Mapping[str, Any]) -> Publication:
    entry = dict(entry)
    link, edition = entry.pop("link", None), entry.pop("edition", None)
    addresses = tuple(entry.pop("addresses", ()))
    for address in (entry["page"], *addresses):
        if not address.startswith("https://"):
            raise ValueError(f"{address!r} does not begin with https://")
    return Publication(
        importers=tuple(entry.pop("importers")),
        source=re.compile(entry.pop("source")),
        edition=re.compile(edition) if edition else None,
        addresses=addresses,
        link=re.compile(link) if link else None,
        rhythm=Rhythm(**entry.pop("usual")),
        editions=entry.pop("editions", 1),
        last=entry.pop("last", None),
        settles=tuple(entry.pop("settles", ())),
        **entry,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """The newest edition of a publication in the catalogue, and the key of its source."""

    source: str
    edition: Edition


def newest_held(
    publications: Iterable[Publication], sources: Iterable[tuple[str, str | None]]
) -> dict[str, Held]:
    """Return publication -> its newest edition among sources, each given by key and edition."""
    found: dict[str, Held] = {}
    known = list(sources)
    for one in publications:
        for source, words in known:
            edition = one.held_in(source, words)
            if edition and (one.key not in found or edition > found[one.key].edition):
                found[one.key] = Held(source, edition)
    return found
