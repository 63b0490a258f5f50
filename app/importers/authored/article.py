"""The article that the career guide retells, as a source."""

import re

from app.domain.vocabulary import Basis
from app.store.tables.sources import Source


def describe_article(_match: re.Match[str]) -> Source:
    """Return the source of facts that one career guide states; the words are our own."""
    return Source(
        key="source-article",
        title="A publisher's career guide on becoming a health information technician",
        publisher="Not named",
        licence="Facts only, retold in our own words",
        edition="Undated; its references were retrieved in March and April 2025",
        basis=Basis.EDITORIAL,
    )
