"""Join what is read on a page, or in an accreditor's list, to a program of the federal record.

What does not fit surely is not joined: facts on a wrong program do more harm than none.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.schools import SchoolMatch
from app.domain.text.identifiers import fold
from app.domain.titles import (
    CERTIFICATES,
    DEGREES,
    DOCTORATES,
    EVERY_LEVEL,
    Fields,
    Levels,
    TitleRules,
    levels_of,
)
from app.domain.vocabulary import BELOW_ASSOCIATE, MatchQuality

CANDIDATES = 6
"""Programs that are listed for a person to choose from, at most."""

COMMON = {"degree": DEGREES, "certificate": BELOW_ASSOCIATE, "doctorate": DOCTORATES}
_OUTSIDE_SURVEY = re.compile(r"\b(continuing education|non ?credit)\b")
_YEARS = {"one": 12, "two": 24, "three": 36, "four": 48}
_YEARS_STATED = re.compile(rf"\b({'|'.join(_YEARS)}|[1-4]) year\b")


@dataclass(frozen=True, slots=True)
class Offer:
    """A program of the federal completions; ``awards`` is how many finished in its newest year."""

    key: int
    school: int
    cip_code: str
    award_level: str
    is_retired: bool = False
    slug: str = ""
    awards: int | None = None

    def __str__(self) -> str:
        count = "" if self.awards is None else f", {self.awards} awards"
        return f"{self.slug or self.key} ({self.cip_code} {self.award_level}{count})"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a record says of its program.

    ``slug``, ``cip`` and ``fields`` decide where they are stated. ``credentials`` are those it
    prepares for, ``accredited_levels`` the awards that a body can reach that is said to accredit it
    (empty: no such body), ``months`` its shortest and longest length.
    """

    title: str
    award: str | None = None
    award_as_stated: str | None = None
    cip: str | None = None
    fields: Fields | None = None
    slug: str | None = None
    credentials: tuple[str, ...] = ()
    accredited_levels: Levels = frozenset()
    months: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class OfferMatch:
    """The reported program a record belongs to, or None, and why it is not an exact match.

    ``candidates`` are the programs for a person to choose from. It ``waits`` for that where one of
    them is surely meant: a program of its own would be a double.
    """

    quality: MatchQuality
    offer: Offer | None = None
    reason: str | None = None
    candidates: tuple[Offer, ...] = ()
    waits: bool = False

    def __str__(self) -> str:
        listed = ", ".join(map(str, self.candidates[:CANDIDATES]))
        return f"{self.reason or ''}{'; candidates: ' if listed else ''}{listed}"


def match_offer(asked: Asked, offers: Sequence[Offer], rules: TitleRules) -> OfferMatch:
    """Return the reported program, of those of one school, that a record stands for.

    Exact where field and award are both stated and can mean one program only; likely where the
    school's report, the length, an exam or an accreditor was needed to decide; unmatched where
    nothing or several things fit. Where no award is stated a certificate is never taken for it.
    """
    if _OUTSIDE_SURVEY.search(fold(f"{asked.title} {asked.award_as_stated or ''}")):
        return OfferMatch(
            MatchQuality.UNMATCHED, reason="outside credit, which the federal survey does not count"
        )
    levels = levels_of(asked.award, asked.award_as_stated, asked.title)
    fields = asked.fields or rules.fields_of(asked.title, levels)
    if asked.cip:
        fields = Fields(frozenset({asked.cip}))
    if not fields.codes:
        return OfferMatch(MatchQuality.UNMATCHED, reason="the title names no reported field")
    fitting = _of(offers, fields.codes, levels) or _of(offers, fields.otherwise, levels)
    if not fitting:
        at = "an award level not stated"
        if levels != EVERY_LEVEL:
            at = f"the award level {asked.award or _named(levels)}"
        return OfferMatch(
            MatchQuality.UNMATCHED,
            reason=f"the school reports no program in {_either(fields.codes)} at {at}",
            candidates=_nearest(offers, fields.codes | fields.otherwise, levels),
        )
    chosen, why = _narrow(asked, fitting, rules)
    if len(chosen) > 1:
        return OfferMatch(
            MatchQuality.UNMATCHED,
            reason="several reported programs fit",
            candidates=_by_awards(chosen),
            waits=True,
        )
    offer = chosen[0]
    if levels == EVERY_LEVEL and offer.award_level in CERTIFICATES and not why:
        return OfferMatch(
            MatchQuality.UNMATCHED,
            reason="the award level is not stated, and only a certificate is reported",
            candidates=(offer,),
            waits=True,
        )
    doubts = [why] if why else []
    if asked.award is None and len(levels) > 1:
        doubts.append("the award level is not stated")
    if offer.cip_code not in fields.meant or len(fields.meant) > 1:
        doubts.append(f"the title fits {_either(fields.codes)}")
    if not doubts:
        return OfferMatch(MatchQuality.EXACT, offer)
    only = f"only {offer.cip_code} {offer.award_level} is {'left' if why else 'reported'}"
    return OfferMatch(MatchQuality.LIKELY, offer, f"{' and '.join(doubts)}; {only}")


def _of(offers: Iterable[Offer], codes: frozenset[str], levels: Levels) -> list[Offer]:
    found = [o for o in offers if o.cip_code in codes and o.award_level in levels]
    return [o for o in found if not o.is_retired] or found


def _narrow(
    asked: Asked, fitting: list[Offer], rules: TitleRules
) -> tuple[list[Offer], str | None]:
    """Return the programs that what else is known leaves, and what left them; None: nothing did."""
    if len(fitting) == 1:
        return fitting, None
    told: list[str] = []
    months = asked.months or _stated_months(asked.award_as_stated)
    ways: list[tuple[str, Levels]] = [
        ("of the exam it prepares for", rules.levels_by_exams(asked.credentials)),
        ("of the accreditor it names", asked.accredited_levels),
        ("of its length", rules.levels_by_length(months) if months else frozenset()),
    ]
    for name, levels in ways:
        left = [offer for offer in fitting if offer.award_level in levels]
        if left and len(left) < len(fitting):
            fitting = left
            told.append(name)
    return fitting, f"several fitted, told apart because {' and '.join(told)}" if told else None


def _stated_months(award_as_stated: str | None) -> tuple[float, float] | None:
    """Return the months of "one-year certificate"."""
    match = _YEARS_STATED.search(fold(award_as_stated or ""))
    if match is None:
        return None
    months = _YEARS.get(match[1]) or 12 * int(match[1])
    return months, months


def _by_awards(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda o: (-(o.awards or 0), o.cip_code, o.award_level)))


def _nearest(offers: Sequence[Offer], codes: frozenset[str], levels: Levels) -> tuple[Offer, ...]:
    """Return programs of the same field with another award, then those of the same award."""
    running = [offer for offer in offers if not offer.is_retired]
    same_field = [offer for offer in running if offer.cip_code in codes]
    same_award = [o for o in running if o.award_level in levels and o not in same_field]
    alike = same_award if levels != EVERY_LEVEL else []
    return (*_by_awards(same_field), *_by_awards(alike))[:CANDIDATES]


def _named(levels: Levels) -> str:
    """Return some award levels in words: several as what they have in common."""
    return next((name for name, group in COMMON.items() if levels == group), _either(levels))


def _either(values: Iterable[str]) -> str:
    return " or ".join(sorted(values))


def combine(
    school: SchoolMatch, match: Callable[[int], OfferMatch]
) -> tuple[SchoolMatch, OfferMatch]:
    """Return the school and the program of a record, the program only as sure as its school.

    Of several schools that fit, the one is meant that reports the field and award.

    Args:
        school: As found by what the record says of it.
        match: The key of a school -> what fits of its programs.
    """
    if school.school is None:
        found = [(rival, match(rival.key)) for rival in school.rivals]
        reporting = [(rival, offer) for rival, offer in found if offer.offer]
        if len(reporting) == 1 and len(found) > 1:
            rival, offer = reporting[0]
            reason = f"{school.reason}; only {rival} reports it"
            school = SchoolMatch(MatchQuality.LIKELY, rival, reason)
        else:
            fitting = [o for _, m in found for o in ((m.offer,) if m.offer else m.candidates)]
            return school, OfferMatch(
                MatchQuality.UNMATCHED,
                reason=school.reason,
                candidates=_by_awards(fitting),
                waits=bool(found),
            )
    else:
        offer = match(school.school.key)
    reasons = [reason for reason in (school.reason, offer.reason) if reason]
    is_sure = school.quality == MatchQuality.EXACT or offer.offer is None
    quality = offer.quality if is_sure else MatchQuality.LIKELY
    return school, replace(offer, quality=quality, reason="; ".join(reasons) or None)


@dataclass(frozen=True, slots=True)
class Claimant:
    """A record that fits a program.

    ``newest`` is the day of its newest fact, ``restates`` whether it says to be another's.
    """

    record: str
    is_exact: bool
    newest: date = date.min
    restates: bool = False


def leader_of(claimants: Sequence[Claimant], incumbent: str | None) -> str:
    """Return the record whose title and page a program bears, of all that fit it.

    The exacter leads, then the newer, then the one that restates another, then the one that led.
    """
    best = max(
        claimants,
        key=lambda c: (c.is_exact, c.newest, c.restates, c.record == incumbent, c.record),
    )
    return best.record
