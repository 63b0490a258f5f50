"""Join what is read on a school's pages to the federal record: first the school, then the program.

A school is told by name, state and website together, never by one of them alone. What does
not fit surely stays apart: two records of one program do less harm than facts on a wrong one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.text.addresses import to_site
from app.domain.text.identifiers import fold
from app.domain.vocabulary import BELOW_ASSOCIATE, AwardLevel, MatchQuality

GENERIC_WORDS = frozenset(
    "a and at campus central college community district in main of office school system technical "
    "the university".split()
)
"""Words of school names that do not tell one school from another."""


@dataclass(frozen=True, slots=True)
class School:
    """An institution of the federal directory, by what it is recognised by."""

    key: int
    name: str
    state: str
    website: str | None
    aliases: tuple[str, ...] = ()
    folded_names: frozenset[str] = field(init=False)
    site: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        names = frozenset(fold(name) for name in (self.name, *self.aliases))
        object.__setattr__(self, "folded_names", names)
        object.__setattr__(self, "site", to_site(self.website or ""))


@dataclass(frozen=True, slots=True)
class SchoolMatch:
    """The school a record belongs to, or None, and why it is not an exact match."""

    quality: MatchQuality
    school: School | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Agreement:
    school: School
    name: bool
    state: bool
    same_site: bool
    related_site: bool
    close_name: bool

    @property
    def site(self) -> bool:
        return self.same_site or self.related_site


def match_school(
    name: str, state: str, website: str | None, schools: Iterable[School]
) -> SchoolMatch:
    """Return the school that a name, state and website stand for.

    All three agreeing with one school is exact. Two of the three are likely, where they point
    to one school only; a website that is merely a part of the other's host counts then only if
    the names are close. Everything else is unmatched.
    """
    folded, site = fold(name), to_site(website or "")
    found = [_compare(folded, state, site, school) for school in schools]
    whole = [a for a in found if a.name and a.state and a.site]
    whole = [a for a in whole if a.same_site] or whole
    if len(whole) == 1:
        return SchoolMatch(MatchQuality.EXACT, whole[0].school)
    partly = whole or [a for a in found if _is_likely(a)]
    if len(partly) > 1:
        close = [a for a in partly if a.close_name and a.state and a.same_site]
        partly = close if len(close) == 1 and not any(a.name for a in partly) else partly
    if len(partly) == 1:
        return SchoolMatch(
            MatchQuality.LIKELY, partly[0].school, _what_differs(partly[0], name, state, website)
        )
    if partly:
        names = ", ".join(repr(a.school.name) for a in partly[:4])
        return SchoolMatch(
            MatchQuality.UNMATCHED, reason=f"several schools of the directory fit: {names}"
        )
    alone = [a for a in found if a.name or a.same_site][:4]
    if alone:
        names = ", ".join(f"{a.school.name!r} ({a.school.state})" for a in alone)
        return SchoolMatch(
            MatchQuality.UNMATCHED, reason=f"only name or website agrees, with {names}"
        )
    return SchoolMatch(
        MatchQuality.UNMATCHED, reason="no school of the directory has this name or website"
    )


def _compare(folded: str, state: str, site: tuple[str, str], school: School) -> _Agreement:
    same, related = _compare_sites(site, school.site)
    return _Agreement(
        school=school,
        name=folded in school.folded_names,
        state=state == school.state,
        same_site=same,
        related_site=related,
        close_name=(same or related) and any(_is_close(folded, n) for n in school.folded_names),
    )


def _compare_sites(one: tuple[str, str], other: tuple[str, str]) -> tuple[bool, bool]:
    """Return whether two sites are the same, and whether one is a subdomain of the other."""
    (host, path), (other_host, other_path) = one, other
    if not host or not other_host:
        return False, False
    if host == other_host:
        return not (path and other_path) or path == other_path, False
    return False, host.endswith(f".{other_host}") or other_host.endswith(f".{host}")


def _is_close(one: str, other: str) -> bool:
    """Return whether the telling words of one name are all in the other."""
    words, others = set(one.split()) - GENERIC_WORDS, set(other.split()) - GENERIC_WORDS
    return bool(words and others) and (words <= others or others <= words)


def _is_likely(agreement: _Agreement) -> bool:
    a = agreement
    if a.state and not a.name:
        return a.same_site or (a.related_site and a.close_name)
    return a.name and (a.state or a.site)


def _what_differs(agreement: _Agreement, name: str, state: str, website: str | None) -> str:
    school = agreement.school
    if not agreement.name:
        return f"state and website agree, the directory's name is {school.name!r}"
    if not agreement.state:
        return f"name and website agree, the directory's state is {school.state}, not {state}"
    if not (website and school.website):
        return "name and state agree, a website to compare is not known"
    return f"name and state agree, the directory's website is {school.website}, not {website}"


@dataclass(frozen=True, slots=True)
class Offer:
    """A program of the federal completions."""

    key: int
    school: int
    cip_code: str
    award_level: str
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class OfferMatch:
    """The reported program a record belongs to, or None, and why it is not an exact match."""

    quality: MatchQuality
    offer: Offer | None = None
    reason: str | None = None

    def downgraded(self) -> "OfferMatch":
        """Return an unmatched copy: another record fits the same program."""
        which = f"{self.offer.cip_code} {self.offer.award_level}" if self.offer else "no program"
        return OfferMatch(
            MatchQuality.UNMATCHED, reason=f"another record fits the reported {which} as well"
        )


DEGREES = frozenset(
    {
        AwardLevel.ASSOCIATE,
        AwardLevel.BACHELOR,
        AwardLevel.MASTER,
        AwardLevel.DOCTORATE_RESEARCH,
        AwardLevel.DOCTORATE_PROFESSIONAL,
        AwardLevel.DOCTORATE_OTHER,
    }
)
UPPER_DEGREES = DEGREES - {AwardLevel.ASSOCIATE}

AWARDS: dict[str, frozenset[AwardLevel]] = {
    "certificate": BELOW_ASSOCIATE,
    "associate": frozenset({AwardLevel.ASSOCIATE}),
    "bachelor": frozenset({AwardLevel.BACHELOR}),
    "master": frozenset({AwardLevel.MASTER}),
    "post-baccalaureate certificate": frozenset({AwardLevel.POSTBACCALAUREATE_CERTIFICATE}),
    "post-master certificate": frozenset({AwardLevel.POSTMASTER_CERTIFICATE}),
    **{level.value: frozenset({level}) for level in AwardLevel},
}
"""Award as the pages' reader noted it, or as the catalogue calls it -> levels of the completions
survey."""

ADMINISTRATION, TECHNOLOGY = "51.0706", "51.0707"
CODING, BILLING, OFFICE, INFORMATICS = "51.0713", "51.0714", "51.0716", "51.2706"

_REGISTRY = re.compile(r"\b(cancer|tumou?r) regist")
_CODING = re.compile(r"\b(coding|coders?)\b")
_BILLING = re.compile(r"\b(billing|billers?|medical insurance specialist)\b")
_OFFICE = re.compile(r"\bmedical (office|administrative|secretar)")
_INFORMATICS = re.compile(r"\b(informatics|hiim)\b")
_TECHNOLOGY = re.compile(r"\b(hitt?|heit)\b|\bhealth info(rmation)? tech|\bmedical records? tech")
_ADMINISTRATION = re.compile(
    r"\b(him|hia|hima|himt|hiim)\b|\binformation (management|mgm?t|admin)|\bmedical records? admin"
)
_OUTSIDE_SURVEY = re.compile(r"\b(continuing education|non ?credit)\b")


def fields_of(title: str, levels: frozenset[AwardLevel] = DEGREES) -> frozenset[str]:
    """Return the CIP codes that a title can stand for at these award levels; none if it names none.

    Management below a bachelor degree is reported under either of the two codes of health
    information, and billing under coding too, so that such titles give two.
    """
    words = fold(title)
    if _REGISTRY.search(words):
        return frozenset()
    codes: set[str] = set()
    if _CODING.search(words):
        codes.add(CODING)
    if _BILLING.search(words):
        codes |= {BILLING, CODING}
    if codes and not levels <= DEGREES:
        return frozenset(codes)
    if _OFFICE.search(words):
        codes.add(OFFICE)
    if _INFORMATICS.search(words):
        codes.add(INFORMATICS)
    if _TECHNOLOGY.search(words):
        codes.add(TECHNOLOGY)
    if _ADMINISTRATION.search(words):
        upper = levels <= UPPER_DEGREES | {AwardLevel.POSTBACCALAUREATE_CERTIFICATE}
        codes |= {ADMINISTRATION} if upper else {ADMINISTRATION, TECHNOLOGY}
    return frozenset(codes)


def is_page_of_field(url: str) -> bool:
    """Return whether the words of an address name a field; "billing" alone is an office's page."""
    codes = fields_of(url)
    return bool(codes) and (codes != {CODING, BILLING} or "medical" in fold(url).split())


def levels_of(award: str | None, award_as_stated: str | None) -> frozenset[AwardLevel]:
    """Return the award levels a record can stand for; every level where no page names one."""
    if award is not None:
        return AWARDS[award]
    words = fold(award_as_stated or "")
    if re.search(r"\b(certificate|diploma)\b", words):
        return BELOW_ASSOCIATE
    return DEGREES if re.search(r"\bdegree\b", words) else frozenset(AwardLevel)


_ABBREVIATIONS = {
    AwardLevel.ASSOCIATE: re.compile(r"\b(AAS|AS|AA)\b|(?i:\bassociate)"),
    AwardLevel.BACHELOR: re.compile(r"\b(BS|BA|BAS)\b|(?i:\b(bachelor|baccalaureate))"),
    AwardLevel.MASTER: re.compile(r"\b(MS|MA|MHI)\b|(?i:\bmaster)"),
}


def award_named_in(text: str) -> AwardLevel | None:
    """Return the one degree that a sentence names, in words or as "AAS"; else None."""
    bare = text.replace(".", "")
    named = [level for level, pattern in _ABBREVIATIONS.items() if pattern.search(bare)]
    return named[0] if len(named) == 1 else None


def match_offer(
    title: str, award: str | None, award_as_stated: str | None, offers: Sequence[Offer]
) -> OfferMatch:
    """Return the reported program, of those of one school, that a title and award stand for.

    Exact where title and award are both stated and can mean one CIP code only; likely where
    the school's report was needed to decide; unmatched where nothing or several things fit.
    """
    if _OUTSIDE_SURVEY.search(fold(f"{title} {award_as_stated or ''}")):
        return OfferMatch(
            MatchQuality.UNMATCHED, reason="outside credit, which the federal survey does not count"
        )
    levels = levels_of(award, award_as_stated)
    codes = fields_of(title, levels)
    if not codes:
        return OfferMatch(MatchQuality.UNMATCHED, reason="the title names no reported field")
    fitting = [o for o in offers if o.cip_code in codes and o.award_level in levels]
    fitting = [o for o in fitting if not o.is_retired] or fitting
    named = " or ".join(sorted(codes))
    at_level = f"at the award level {award}" if award else "at an award level not stated"
    if not fitting:
        return OfferMatch(
            MatchQuality.UNMATCHED, reason=f"the school reports no program in {named} {at_level}"
        )
    if len(fitting) > 1:
        which = ", ".join(sorted(f"{o.cip_code} {o.award_level}" for o in fitting))
        return OfferMatch(MatchQuality.UNMATCHED, reason=f"several reported programs fit: {which}")
    doubts = []
    if award is None:
        doubts.append("the award level is not stated")
    if len(codes) > 1:
        doubts.append(f"the title fits {named}")
    if not doubts:
        return OfferMatch(MatchQuality.EXACT, fitting[0])
    only = f"only {fitting[0].cip_code} {fitting[0].award_level} is reported"
    return OfferMatch(MatchQuality.LIKELY, fitting[0], f"{' and '.join(doubts)}; {only}")


def combine(school: SchoolMatch, offer: OfferMatch) -> OfferMatch:
    """Return the match of a program at a school that is itself only as sure as it is."""
    if school.school is None:
        return OfferMatch(MatchQuality.UNMATCHED, reason=school.reason)
    reasons = [reason for reason in (school.reason, offer.reason) if reason]
    is_sure = school.quality == MatchQuality.EXACT or offer.offer is None
    quality = offer.quality if is_sure else MatchQuality.LIKELY
    return OfferMatch(quality, offer.offer, "; ".join(reasons) or None)


@dataclass(frozen=True, slots=True)
class Claimant:
    """A record that fits a reported program."""

    record: str
    offer: int
    is_exact: bool


def resolve_conflicts(claimants: Iterable[Claimant], taken: dict[int, str]) -> set[str]:
    """Keep at most one record per program; return the records kept.

    Of several that fit one program the only exact one is joined; two equally good ones leave
    it alone. ``taken`` names programs joined to a record of another file, which stay so.
    """
    by_offer: dict[int, list[Claimant]] = {}
    for claimant in claimants:
        if taken.get(claimant.offer, claimant.record) == claimant.record:
            by_offer.setdefault(claimant.offer, []).append(claimant)
    joined: set[str] = set()
    for rivals in by_offer.values():
        best = rivals if len(rivals) == 1 else [rival for rival in rivals if rival.is_exact]
        if len(best) == 1:
            joined.add(best[0].record)
    return joined
