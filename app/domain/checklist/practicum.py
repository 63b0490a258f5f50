"""Checks of the practicum: whether there is one, who finds the site, hours, and where."""

from app.domain.checklist.reading import Reading, none_usable
from app.domain.checklist.results import CheckResult
from app.domain.messages import N_, Message
from app.domain.vocabulary import Availability, Finding, PracticumFormat, PracticumSite

AVAILABILITY = {
    Availability.REQUIRED: (Finding.MET, N_("A practicum is required %(dated)s.")),
    Availability.OPTIONAL: (Finding.PARTLY_MET, N_("A practicum is optional %(dated)s.")),
    Availability.NONE: (Finding.NOT_MET, N_("The program has no practicum %(dated)s.")),
}


def _practicum_offered(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.practicum if c.availability is not None]
    usable, stale = read.part(claims)
    if not usable:
        return none_usable(key, Message("whether a practicum is part of the program"), stale)
    leader = usable[0]
    finding, pattern = AVAILABILITY[Availability(str(leader.availability))]
    reason = Message(pattern, dated=read.dated(leader))
    return read.weigh(key, finding, leader, reason, list(usable))


def _site_support(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.practicum if c.is_site_arranged is not None]
    usable, stale = read.part(claims)
    if not usable:
        return _no_practicum(read, key) or none_usable(
            key, Message("who finds the practicum site"), stale
        )
    leader = usable[0]
    if leader.is_site_arranged:
        reason = Message(
            "The school finds the site or helps to find it %(dated)s.", dated=read.dated(leader)
        )
        return read.weigh(key, Finding.MET, leader, reason, list(usable))
    reason = Message("Students find the site themselves %(dated)s.", dated=read.dated(leader))
    return read.weigh(key, Finding.NOT_MET, leader, reason, list(usable))


def _hours_stated(read: Reading, key: str) -> CheckResult:
    claims = [c for c in read.facts.practicum if c.hours_low is not None]
    usable, stale = read.part(claims)
    if not usable:
        return _no_practicum(read, key) or none_usable(
            key, Message("how many practicum hours there are"), stale
        )
    leader = usable[0]
    low, high = f"{leader.hours_low:g}", leader.hours_high
    if high is None:
        hours: str = Message("%(low)s or more", low=low)
    elif high == leader.hours_low:
        hours = low
    else:
        hours = Message("%(low)s to %(high)s", low=low, high=f"{high:g}")
    reason = Message(
        "The practicum takes %(hours)s hours %(dated)s.", hours=hours, dated=read.dated(leader)
    )
    return read.weigh(key, Finding.MET, leader, reason, list(usable))


def _local_or_remote(read: Reading, key: str) -> CheckResult:
    remote = {PracticumFormat.VIRTUAL, PracticumFormat.SIMULATION, PracticumFormat.MIXED}
    claims = [c for c in read.facts.practicum if c.format is not None or c.sites]
    usable, stale = read.part(claims)
    if not usable:
        return _no_practicum(read, key) or none_usable(
            key, Message("where practicum hours can be done"), stale
        )
    leader = usable[0]
    if PracticumSite.LOCAL in leader.sites:
        reason = Message(
            "Hours can be done at a site near the student %(dated)s.", dated=read.dated(leader)
        )
        return read.weigh(key, Finding.MET, leader, reason, list(usable))
    if leader.format in remote:
        reason = Message(_FORMATS[str(leader.format)], dated=read.dated(leader))
        return read.weigh(key, Finding.MET, leader, reason, list(usable))
    if leader.sites == [PracticumSite.ON_CAMPUS]:
        reason = Message("Hours are done on the campus %(dated)s.", dated=read.dated(leader))
        return read.weigh(key, Finding.NOT_MET, leader, reason, list(usable))
    reason = Message("Hours are on site; whether a site near the student will do is not said.")
    return CheckResult(key, Finding.UNKNOWN, reason, list(usable))


_FORMATS = {
    "virtual": N_("Hours can be done virtually %(dated)s."),
    "simulation": N_("Hours can be done in a simulation %(dated)s."),
    "mixed": N_("Hours can be done partly on site, partly virtually or simulated %(dated)s."),
}


def _no_practicum(read: Reading, key: str) -> CheckResult | None:
    offered = _practicum_offered(read, "practicum_offered")
    if offered.finding is not Finding.NOT_MET:
        return None
    reason = Message("The program has no practicum, so this cannot be asked.")
    return CheckResult(key, Finding.NOT_APPLICABLE, reason, offered.evidence)


RULES = {
    "practicum_offered": _practicum_offered,
    "site_support": _site_support,
    "hours_stated": _hours_stated,
    "local_or_remote": _local_or_remote,
}
