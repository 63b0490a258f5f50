"""Look for editions that are newer than those of the catalogue, and bring their files."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

from sqlalchemy import Engine

from app.clock import moment
from app.domain.publications import Edition, Publication, edition_text
from app.importers.refresh.fetching import Fetcher, FetchError
from app.store.database import write_session
from app.store.tables.sources import EditionLook

YEARS_BACK = 6
"""How far back the newest edition is looked for where the catalogue has none."""


@dataclass(slots=True)
class Look:
    """What was found of one publication: its files, the newest edition, and words for people."""

    publication: Publication
    files: list[Path] = field(default_factory=list)
    edition: Edition | None = None
    remarks: list[str] = field(default_factory=list)
    is_failed: bool = False

    @property
    def told(self) -> str:
        """What is said of it in one line."""
        return " ".join(self.remarks) or "The newest that is published is here."

    def add(self, path: Path, edition: Edition | None) -> None:
        """Take a file, and its edition if its address tells that."""
        if path not in self.files:
            self.files.append(path)
        if edition and (self.edition is None or edition > self.edition):
            self.edition = edition

    def fail(self, words: str) -> None:
        """Note what could not be had."""
        self.is_failed = True
        self.remarks.append(words)


def look_for(publication: Publication, held: Edition | None, fetcher: Fetcher, today: date) -> Look:
    """Look for what is newer than the edition of the catalogue; what fails is told, not raised.

    The edition that the catalogue has is asked for too, since publishers revise what is out.
    """
    look = Look(publication)
    if publication.link is not None:
        _follow_links(look, fetcher)
    elif not publication.addresses:
        look.remarks.append(f"It is fetched by hand: {publication.page}.")
    elif not publication.is_yearly:
        _fetch(look, fetcher, list(publication.addresses), None)
    elif held is not None:
        _go_on_from(look, held[0], fetcher, today)
    else:
        _go_back(look, fetcher, today)
    return look


def _go_on_from(look: Look, year: int, fetcher: Fetcher, today: date) -> None:
    """Fetch the edition of a year, and those after it until one is not out."""
    last = min(today.year, look.publication.last or today.year)
    for at in range(year, max(last, year) + 1):
        found = _fetch(look, fetcher, look.publication.addresses_of(at), (at,))
        if not found and at > year:
            return


def _go_back(look: Look, fetcher: Fetcher, today: date) -> None:
    """Fetch as many of the newest editions as make an empty catalogue whole."""
    last = min(today.year, look.publication.last or today.year)
    for at in range(last, last - YEARS_BACK, -1):
        _fetch(look, fetcher, look.publication.addresses_of(at), (at,))
        if len(look.files) == look.publication.editions:
            return


def _fetch(look: Look, fetcher: Fetcher, addresses: Iterable[str], edition: Edition | None) -> bool:
    """Fetch a file from the first address that has it; return whether one has."""
    failures = []
    name = ""
    for address in addresses:
        name = address.rpartition("/")[2]
        try:
            path = fetcher.fetch(address, name)
        except FetchError as error:
            failures.append(str(error))
            continue
        if path is not None:
            look.add(path, edition)
            return True
    if not failures:
        look.remarks.append(f"{name} is not out yet.")
        return False
    for words in failures:
        look.fail(words)
    if (kept := fetcher.find(name)) is not None:
        look.add(kept, edition)
    return kept is not None


def _follow_links(look: Look, fetcher: Fetcher) -> None:
    """Fetch the newest file that the page of a publication links to."""
    one = look.publication
    if one.link is None:
        return None
    try:
        text = fetcher.read_page(one.page)
    except FetchError as error:
        return look.fail(str(error))
    found: dict[Edition, str] = {}
    for address in re.findall(rf"[^\s\"'<>()=]*?{_without_groups(one.link.pattern)}", text):
        if (edition := one.linked_as(address.rpartition("/")[2])) is not None:
            found[edition] = urljoin(one.page, address)
    if not found:
        return look.fail(f"{one.page} links to no file that is called like {one.link.pattern}.")
    newest = max(found)
    _fetch(look, fetcher, [found[newest]], newest)
    return None


def _without_groups(pattern: str) -> str:
    """Return a pattern whose groups bear no names, so that a match is found whole."""
    return re.sub(r"\(\?P<\w+>|\((?!\?)", "(?:", pattern)


def record(engine: Engine, looks: Iterable[Look]) -> None:
    """Keep when each publication was looked for, and what was found."""
    with write_session(engine) as session:
        for look in looks:
            edition = edition_text(look.edition) if look.edition else None
            session.merge(
                EditionLook(
                    publication=look.publication.key,
                    looked_at=moment(),
                    edition=edition,
                    is_failed=look.is_failed,
                    told=look.told,
                )
            )
