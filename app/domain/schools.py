"""Which school of the federal directory is meant: by its keys, or by name, state and website."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.text.addresses import to_site
from app.domain.text.identifiers import fold
from app.domain.vocabulary import MatchQuality

GENERIC_WORDS = frozenset(
    "a and at campus central college community district in main of office school system technical "
    "the university".split()
)
"""Words of school names that do not tell one school from another."""

SHORT_WORDS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
NAMED = 4
"""Schools that a reason names at most."""


def fold_name(name: str) -> str:
    """Return a name for comparing: "St. Mary's", "The College of Saint X-Main Campus" alike."""
    folded = fold(name).removesuffix(" main campus")
    words = [SHORT_WORDS.get(word, word) for word in folded.split()]
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


@dataclass(frozen=True, slots=True)
class School:
    """An institution of the federal directory, by what it is recognised by.

    ``aliases`` are other and former names, ``other_sites`` other and former addresses.
    """

    key: int
    name: str
    state: str
    website: str | None
    aliases: tuple[str, ...] = ()
    unitid: int | None = None
    opeid: str | None = None
    other_sites: tuple[str, ...] = ()
    folded_names: frozenset[str] = field(init=False)
    sites: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        listed = [self.name, *(alias for several in self.aliases for alias in several.split(";"))]
        names = frozenset(map(fold_name, listed)) - {""}
        sites = [to_site(address or "") for address in (self.website, *self.other_sites)]
        object.__setattr__(self, "folded_names", names)
        object.__setattr__(self, "sites", tuple(site for site in sites if site[0]))

    def __str__(self) -> str:
        return f"{self.name!r} ({self.state}{f', {self.unitid}' if self.unitid else ''})"


@dataclass(frozen=True, slots=True)
class SchoolKeys:
    """What a record says of its school."""

    name: str
    state: str | None
    website: str | None = None
    unitid: int | None = None
    opeid: str | None = None


@dataclass(frozen=True, slots=True)
class SchoolMatch:
    """The school a record belongs to, or None, and why it is not an exact match.

    ``rivals`` are the schools that fit equally well, where there are several.
    """

    quality: MatchQuality
    school: School | None = None
    reason: str | None = None
    rivals: tuple[School, ...] = ()


class Directory:
    """The schools of the federal directory, found by key, name and host."""

    def __init__(self, schools: Iterable[School]) -> None:
        self.schools = list(schools)
        self._by_unitid = {school.unitid: school for school in self.schools if school.unitid}
        self._by_opeid: dict[str, list[School]] = {}
        self._near: dict[str, list[School]] = {}
        for school in self.schools:
            if school.opeid:
                self._by_opeid.setdefault(school.opeid[:6], []).append(school)
            for mark in {*school.folded_names, *(_domain(host) for host, _ in school.sites)}:
                self._near.setdefault(mark, []).append(school)

    def with_unitid(self, unitid: int | None) -> School | None:
        """Return the school with a UNITID."""
        return self._by_unitid.get(unitid) if unitid else None

    def with_opeid(self, opeid: str | None) -> list[School]:
        """Return the school with an eight-digit OPEID, or all that share its first six digits."""
        sharing = self._by_opeid.get(opeid[:6], []) if opeid else []
        return [school for school in sharing if school.opeid == opeid] or sharing

    def near(self, name: str, website: str | None) -> list[School]:
        """Return the schools that share a name, or the domain of a website."""
        marks = {fold_name(name), _domain(to_site(website or "")[0])} - {""}
        found = {s.key: s for mark in marks for s in self._near.get(mark, ())}
        return list(found.values())


def _domain(host: str) -> str:
    """Return the last two parts of a host, which its relatives share."""
    return ".".join(host.split(".")[-2:])


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


def match_school(keys: SchoolKeys, directory: Directory) -> SchoolMatch:
    """Return the school that a record means.

    UNITID decides, then OPEID, unless nothing else that is said agrees with that school. Then name,
    state and website: all three agreeing with one school is exact; two of the three are likely,
    where they point to one school only; a website that merely shares the domain counts then only if
    the names are close. Everything else is unmatched.
    """
    site = to_site(keys.website or "")
    named = directory.with_unitid(keys.unitid)
    if keys.unitid and named is None:
        told = _match_by_name(keys, site, directory)
        return _less_sure(told, f"UNITID {keys.unitid} is not in the directory")
    sharing = [named] if named else directory.with_opeid(keys.opeid)
    if sharing:
        key = f"UNITID {keys.unitid}" if named else f"OPEID {keys.opeid}"
        agreeing = [a for a in (_compare(keys, site, school) for school in sharing) if _agrees(a)]
        if not agreeing:
            return SchoolMatch(
                MatchQuality.UNMATCHED,
                reason=f"{key} is {sharing[0]}, which agrees in neither name, state nor website",
                rivals=(sharing[0],),
            )
        if len(sharing) == 1:
            return SchoolMatch(MatchQuality.EXACT, sharing[0])
        return _choose(keys, agreeing)
    return _match_by_name(keys, site, directory)


def _agrees(agreement: _Agreement) -> bool:
    """Return whether something that is said agrees: a wrong digit in a key is not to go unseen."""
    return agreement.state or agreement.name or agreement.site


def _less_sure(match: SchoolMatch, reason: str) -> SchoolMatch:
    quality = MatchQuality.LIKELY if match.school else MatchQuality.UNMATCHED
    reasons = "; ".join(filter(None, (reason, match.reason)))
    return SchoolMatch(quality, match.school, reasons, match.rivals)


def _match_by_name(keys: SchoolKeys, site: tuple[str, str], directory: Directory) -> SchoolMatch:
    return _choose(
        keys,
        [_compare(keys, site, school) for school in directory.near(keys.name, keys.website)],
    )


def _choose(keys: SchoolKeys, found: Sequence[_Agreement]) -> SchoolMatch:
    whole = [a for a in found if a.name and a.state and a.site]
    whole = [a for a in whole if a.same_site] or whole
    if len(whole) == 1:
        return SchoolMatch(MatchQuality.EXACT, whole[0].school)
    partly = whole or [a for a in found if _is_likely(a)]
    if len(partly) > 1:
        close = [a for a in partly if a.close_name and a.state and a.same_site]
        partly = close if len(close) == 1 and not any(a.name for a in partly) else partly
    if len(partly) == 1:
        return SchoolMatch(MatchQuality.LIKELY, partly[0].school, _what_differs(partly[0], keys))
    if partly:
        names = ", ".join(str(a.school) for a in partly[:NAMED])
        return SchoolMatch(
            MatchQuality.UNMATCHED,
            reason=f"several schools of the directory fit: {names}",
            rivals=tuple(a.school for a in partly),
        )
    alone = [a for a in found if a.name or a.same_site][:NAMED]
    if alone:
        names = ", ".join(str(a.school) for a in alone)
        return SchoolMatch(
            MatchQuality.UNMATCHED, reason=f"only name or website agrees, with {names}"
        )
    return SchoolMatch(
        MatchQuality.UNMATCHED, reason="no school of the directory has this name or website"
    )


def _compare(keys: SchoolKeys, site: tuple[str, str], school: School) -> _Agreement:
    folded = fold_name(keys.name)
    compared = [_compare_sites(site, own) for own in school.sites]
    same = any(is_same for is_same, _ in compared)
    related = any(is_related for _, is_related in compared)
    return _Agreement(
        school=school,
        name=folded in school.folded_names,
        state=keys.state == school.state,
        same_site=same,
        related_site=related and not same,
        close_name=(same or related) and any(_is_close(folded, n) for n in school.folded_names),
    )


def _compare_sites(one: tuple[str, str], other: tuple[str, str]) -> tuple[bool, bool]:
    """Return whether two sites are the same, and whether they are parts of one domain."""
    (host, path), (other_host, other_path) = one, other
    if not host or not other_host:
        return False, False
    if host == other_host:
        return not (path and other_path) or path == other_path, False
    is_part = host.endswith(f".{other_host}") or other_host.endswith(f".{host}")
    are_siblings = host.endswith(".edu") and _domain(host) == _domain(other_host)
    return False, is_part or are_siblings


def _is_close(one: str, other: str) -> bool:
    """Return whether the telling words of one name are all in the other."""
    words, others = set(one.split()) - GENERIC_WORDS, set(other.split()) - GENERIC_WORDS
    return bool(words and others) and (words <= others or others <= words)


def _is_likely(agreement: _Agreement) -> bool:
    a = agreement
    if a.state and not a.name:
        return a.same_site or (a.related_site and a.close_name)
    return a.name and (a.state or a.site)


def _what_differs(agreement: _Agreement, keys: SchoolKeys) -> str:
    school = agreement.school
    if not agreement.name:
        return f"state and website agree, the directory's name is {school.name!r}"
    if not agreement.state:
        return f"name and website agree, the directory's state is {school.state}, not {keys.state}"
    if not (keys.website and school.website):
        return "name and state agree, a website to compare is not known"
    return f"name and state agree, the directory's website is {school.website}, not {keys.website}"
