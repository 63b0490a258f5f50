"""Who says a fact and how old it is: dates, shelf lives, and which of several sayers leads."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, TypeVar

from app.domain.vocabulary import Basis, SayerKind

CURATED_PROGRAMS = "curated-programs"
"""The source of what is read on pages of schools; it names the programs that it is joined to."""


class Ranked(Protocol):
    """What decides which of several statements leads."""

    @property
    def as_of(self) -> str | None: ...  # noqa: D102
    @property
    def basis(self) -> str:
        """Who speaks: a ``Basis`` or, on a credential, a ``SayerKind``."""

    @property
    def is_contradicted(self) -> bool:
        """Whether it is known to be wrong or replaced; it never leads."""


class Age(StrEnum):
    """How far a date can be trusted on a given day."""

    FRESH = "fresh"
    UNDATED = "undated"
    STALE = "stale"
    FUTURE = "future"


class Subject(StrEnum):
    """What a claim is about; decides its shelf life."""

    ACCREDITATION = "accreditation"
    COST = "cost"
    TRANSFER = "transfer"
    PRACTICUM = "practicum"
    TOPIC = "topic"
    PREPARATION = "preparation"
    OUTCOME = "outcome"
    OFFERING = "offering"
    SERVICE = "service"
    STATUS = "status"
    CREDENTIAL = "credential"


SHELF_LIFE_MONTHS: dict[Subject, int] = {
    Subject.ACCREDITATION: 36,
    Subject.CREDENTIAL: 36,
    Subject.COST: 60,
    Subject.TRANSFER: 60,
    Subject.PRACTICUM: 60,
    Subject.TOPIC: 60,
    Subject.PREPARATION: 60,
    Subject.OUTCOME: 60,
    Subject.OFFERING: 60,
    Subject.SERVICE: 60,
    Subject.STATUS: 36,
}
"""Months for which a claim counts in full, from the last day of an academic year (30 June), for a
price holds that long; from the first day of a bare year or month, for the page may be that old."""

RANKS: dict[str, int] = {
    Basis.STATED_BY_ISSUER: 0,
    Basis.STATED_BY_ACCREDITOR: 0,
    SayerKind.ISSUER: 0,
    Basis.GOVERNMENT_DATA: 1,
    SayerKind.ISSUER_TEST_HOST: 1,
    Basis.STATED_BY_INSTITUTION: 2,
    SayerKind.COPY_OF_ISSUER: 2,
    Basis.THIRD_PARTY: 3,  # and the sayer of that name
    Basis.EDITORIAL: 4,
    SayerKind.AGGREGATOR: 4,
    Basis.UNSOURCED: 5,
}
"""Who leads where sayers differ; an undated third party ranks with the rest."""


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day that a date as printed can mean, and the one its age counts from."""

    first: date
    last: date
    ages_from: date


@lru_cache(maxsize=4096)
def to_span(as_of: str | None) -> Span | None:
    """Return the days meant by "2024-06-12", "2024-06", "2024" or academic year "2022-23".

    An academic year runs from 1 July to 30 June. None for None.

    Raises:
        ValueError: Another spelling.
    """
    if as_of is None:
        return None
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", as_of):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return Span(day, day, day)
    if re.fullmatch(r"\d{4}", as_of):
        year = int(as_of)
        return Span(date(year, 1, 1), date(year, 12, 31), date(year, 1, 1))
    if match := re.fullmatch(r"(\d{4})-(\d\d)", as_of):
        year, second = int(match[1]), int(match[2])
        if second == (year + 1) % 100 and not 1 <= second <= 12:
            end = date(year + 1, 6, 30)
            return Span(date(year, 7, 1), end, end)
        if 1 <= second <= 12:
            first = date(year, second, 1)
            return Span(first, first.replace(day=monthrange(year, second)[1]), first)
    raise ValueError(f"{as_of!r} is neither a date, a month, a year nor an academic year")


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def expires_on(as_of: str | None, subject: Subject) -> date | None:
    """Return the last day on which a claim of this date counts in full; None if undated."""
    span = to_span(as_of)
    return None if span is None else add_months(span.ages_from, SHELF_LIFE_MONTHS[subject])


@lru_cache(maxsize=16384)
def age_of(as_of: str | None, subject: Subject, today: date) -> Age:
    """Return whether a claim of this date is fresh, undated, stale or not yet made on a day."""
    span = to_span(as_of)
    if span is None:
        return Age.UNDATED
    if span.first > today:
        return Age.FUTURE
    last_day = add_months(span.ages_from, SHELF_LIFE_MONTHS[subject])
    return Age.FRESH if today <= last_day else Age.STALE


Claim = TypeVar("Claim", bound=Ranked)


def order_claims(
    claims: Iterable[Claim],
    subject: Subject,
    today: date,
    *,
    age: Callable[[Claim], Age] | None = None,
) -> list[Claim]:
    """Return claims that were known on a day, the leading one first.

    ``age`` tells how far a claim can be trusted on the day; None: what its date alone says.

    Contradicted ones come last. Stale ones come after all others, so that a fact which can still
    be trusted is never hidden by an older, better-placed sayer. Then the rank of the sayer decides,
    then the newest date, of a bare year its first day as for its age; undated ones come last
    within their rank.
    """

    def key(claim: Claim) -> tuple[bool, bool, int, bool, int]:
        known_age = age(claim) if age else age_of(claim.as_of, subject, today)
        span = to_span(claim.as_of)
        rank = RANKS[claim.basis]
        if claim.basis == Basis.THIRD_PARTY and span is None:
            rank = RANKS[Basis.EDITORIAL]
        newest = -span.ages_from.toordinal() if span else 0
        return (claim.is_contradicted, known_age is Age.STALE, rank, span is None, newest)

    known = [c for c in claims if age_of(c.as_of, subject, today) is not Age.FUTURE]
    return sorted(known, key=key) if len(known) > 1 else known
