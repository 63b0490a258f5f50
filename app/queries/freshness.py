"""How old the sources of the catalogue are, and when a newer edition of each is due."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from app.domain.evidence import to_span
from app.domain.publications import Held, Publication, edition_text, load_publications, newest_held
from app.schemas.sources import Freshness, SourceRead
from app.settings import get_settings
from app.store.tables.sources import EditionLook, Source

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def known_publications() -> tuple[Publication, ...]:
    """Return what comes out in editions, and where."""
    return load_publications(get_settings().publishers_file)


def who_settles() -> dict[str, list[str]]:
    """Return check of the checklist -> publications whose next edition can settle it."""
    found: dict[str, list[str]] = {}
    for one in known_publications():
        for check in one.settles:
            if not one.is_over:
                found.setdefault(check, []).append(one.key)
    return found


def find_held(session: Session, publications: Iterable[Publication]) -> dict[str, Held]:
    """Return publication -> its newest edition in the catalogue."""
    listed = select(Source.key, Source.edition).where(col(Source.retired_at).is_(None))
    return newest_held(publications, session.exec(listed).all())


@dataclass(frozen=True, slots=True)
class Freshnesses:
    """What is known of all editions on a day, to ask for one source after another."""

    publications: tuple[Publication, ...]
    held: dict[str, Held]
    looks: dict[str, EditionLook]
    today: date

    def of(self, source: Source) -> SourceRead:
        """Return a source with its age and how it stands among its editions."""
        read = SourceRead.model_validate(source)
        day = edition_day(source.edition) or edition_day(source.retrieved_on)
        for one in self.publications:
            edition = one.held_in(source.key, source.edition)
            if edition is not None:
                day = day or edition_day(edition_text(edition))
                is_newest = edition >= self.held[one.key].edition
                read.freshness = self._describe(one, is_newest=is_newest)
                break
        read.age_days = (self.today - day).days if day else None
        return read

    def _describe(self, one: Publication, *, is_newest: bool) -> Freshness:
        look = self.looks.get(one.key)
        following = one.next_after(self.held[one.key].edition)
        due = following[1] if following else None
        return Freshness(
            publication=one.key,
            is_newest=is_newest,
            looked_for_at=look.looked_at if look else None,
            looked_for=look.told if look else None,
            published_edition=look.edition if look else None,
            next_edition=following[0] if following else None,
            next_due_on=due,
            is_overdue=due is not None and due < self.today,
            page=one.page,
        )


def load_freshness(session: Session, today: date) -> Freshnesses:
    """Return what is known of all editions on a day."""
    publications = known_publications()
    looks = {look.publication: look for look in session.exec(select(EditionLook))}
    return Freshnesses(publications, find_held(session, publications), looks, today)


def newest_editions(session: Session, today: date) -> list[SourceRead]:
    """Return the newest source of every publication that the catalogue has."""
    known = load_freshness(session, today)
    keys = {held.source for held in known.held.values()}
    found = select(Source).where(col(Source.key).in_(keys)).order_by(col(Source.key))
    return [known.of(source) for source in session.exec(found)]


def edition_day(text: str | None) -> date | None:
    """Return the day that a date or an edition counts from; None where it is in other words.

    >>> edition_day("2023-24"), edition_day("May 2025")
    (datetime.date(2024, 6, 30), datetime.date(2025, 5, 1))
    """
    if match := re.fullmatch(r"([A-Za-z]+) (\d{4})", text or ""):
        month = match[1].lower()
        if month in MONTHS:
            return date(int(match[2]), MONTHS.index(month) + 1, 1)
    try:
        span = to_span(text)
    except ValueError:
        return None
    return span.ages_from if span else None
