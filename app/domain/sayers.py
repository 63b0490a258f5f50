"""Who speaks on a page: told by its host, and by what a curator says of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from app.domain.evidence import RANKS
from app.domain.text.addresses import is_on_site
from app.domain.text.identifiers import to_host
from app.domain.vocabulary import Basis


class SourceKind(StrEnum):
    """Who speaks, as curated files say it."""

    INSTITUTION = "institution"
    ACCREDITOR = "accreditor"
    GOVERNMENT = "government"
    ISSUER = "issuer"
    OTHER_INSTITUTION = "other_institution"
    THIRD_PARTY = "third_party"


BASES: Mapping[SourceKind, Basis] = {
    SourceKind.INSTITUTION: Basis.STATED_BY_INSTITUTION,
    SourceKind.ACCREDITOR: Basis.STATED_BY_ACCREDITOR,
    SourceKind.GOVERNMENT: Basis.GOVERNMENT_DATA,
    SourceKind.ISSUER: Basis.STATED_BY_ISSUER,
    SourceKind.OTHER_INSTITUTION: Basis.THIRD_PARTY,
    SourceKind.THIRD_PARTY: Basis.THIRD_PARTY,
}
"""What a statement of each counts as; of another school's program a school is a third party."""

CLOSED_DOMAINS = {"gov": SourceKind.GOVERNMENT, "mil": SourceKind.GOVERNMENT}
"""Endings of hosts that nobody else can have."""


@dataclass(frozen=True, slots=True, eq=False)
class Sayers:
    """Known hosts, each with all that are part of it.

    ``issuer_names`` are bodies that give out credentials. Copies of pages on hosts in ``refused``
    are not read at all.
    """

    kinds: Mapping[str, SourceKind]
    issuer_names: frozenset[str]
    refused: frozenset[str]

    def find_kind(self, url: str) -> SourceKind | None:
        """Return who speaks on a host that is known; None: on any other."""
        return next((self.kinds[host] for host in _hosts(url) if host in self.kinds), None)

    def is_refused(self, url: str) -> bool:
        """Return whether an address leads to a host that is not read."""
        return any(host in self.refused for host in _hosts(url))


KINDS = {
    "accreditors": SourceKind.ACCREDITOR,
    "issuers": SourceKind.ISSUER,
    "catalogs": SourceKind.INSTITUTION,
    "third_parties": SourceKind.THIRD_PARTY,
}
"""List in the file -> who speaks on its hosts: a catalog that a firm keeps is the school's word."""


@lru_cache(maxsize=8)
def load_sayers(
    path: Path, accreditors: frozenset[str] = frozenset(), refused: frozenset[str] = frozenset()
) -> Sayers:
    """Return the sayers of a file.

    Args:
        path: A JSON object with a list of hosts for each of ``KINDS``, and ``refused``.
        accreditors: More hosts of accreditors.
        refused: More hosts that are not read.
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    kinds = dict.fromkeys(accreditors, SourceKind.ACCREDITOR)
    kinds |= {host: kind for name, kind in KINDS.items() for host in told[name]}
    return Sayers(
        MappingProxyType(kinds),
        frozenset(name.casefold() for name in told["issuer_names"]),
        refused | frozenset(told["refused"]),
    )


def _hosts(url: str) -> Iterable[str]:
    """Yield the host of an address, and every host that it is part of, the nearest first."""
    labels = to_host(url).split(".")
    return (".".join(labels[at:]) for at in range(len(labels)))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Tells who speaks on the pages of one record.

    ``websites`` are those of the school itself; ``schools`` has the host of every other school of
    the directory.
    """

    sayers: Sayers
    websites: tuple[str, ...]
    schools: frozenset[str] = frozenset()

    def kind_of(self, url: str, stated: SourceKind | None = None) -> SourceKind:
        """Return who speaks on a page.

        A host that is known decides, unless the row names somebody whose word counts for less: a
        ranking that a school quotes. On a host that nobody knows, the row decides, and without its
        word an address under .edu is taken for the school's, any other for a third party's.
        """
        by_host = self._by_host(url)
        if stated is None:
            is_school = to_host(url).endswith(".edu")
            unknown = SourceKind.INSTITUTION if is_school else SourceKind.THIRD_PARTY
            return by_host or unknown
        if by_host is None or RANKS[BASES[stated]] > RANKS[BASES[by_host]]:
            return stated
        return by_host

    def _by_host(self, url: str) -> SourceKind | None:
        if any(is_on_site(url, website) for website in self.websites):
            return SourceKind.INSTITUTION
        if known := self.sayers.find_kind(url):
            return known
        if any(host in self.schools for host in _hosts(url)):
            return SourceKind.OTHER_INSTITUTION
        return CLOSED_DOMAINS.get(to_host(url).rpartition(".")[2])
