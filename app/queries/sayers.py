"""Whose pages are whose, as it ships with the service and as its operator sets it."""

from app.domain.sayers import Sayers, load_sayers
from app.domain.text.identifiers import to_host
from app.domain.vocabulary import Basis
from app.queries.accreditors import published_remits
from app.settings import get_settings


def published_sayers() -> Sayers:
    """Return who speaks on which hosts, and which hosts are not read."""
    settings = get_settings()
    accreditors = frozenset(
        to_host(page.source_url)
        for remit in published_remits()
        for page in remit.evidence
        if page.basis == Basis.STATED_BY_ACCREDITOR
    )
    refused = frozenset(map(to_host, settings.refused_hosts))
    return load_sayers(settings.seed_dir / "sayers.json", accreditors, refused)
