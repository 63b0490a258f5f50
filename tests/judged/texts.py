"""The texts that searches are judged by, each with the programs that it looks for."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.judged.rows import Catalogue, Slugs

DATA = Path(__file__).parents[1] / "data"
QUERIES: dict[str, list[str]] = json.loads(
    (DATA / "judged_queries.json").read_text(encoding="utf-8")
)
FRESH: list[dict[str, Any]] = json.loads((DATA / "judged_fresh.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Text:
    """A text of one kind, and what is right.

    ``either`` are programs that may be found or not, as those at the edge of a circle. Without
    ``wanted`` and ``card`` nothing is held: no program is right, and it must be told so. ``card``
    is the first result that is no program: "RHIT". ``roles`` has words of the text -> what they
    are about, where that is known.
    """

    text: str
    kind: str
    wanted: Slugs = frozenset()
    either: Slugs = frozenset()
    card: str | None = None
    roles: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is held of what the text looks for."""
        return not self.wanted and self.card is None


def old_texts() -> Iterator[Text]:
    """Yield what students and counselors type; the first reader was tuned on it."""
    for text, slugs in QUERIES.items():
        yield Text(text, "old", frozenset(slugs))


NAMES = ("school", "alias", "web host", "former name")
"""Kinds of drawn texts that name one school."""


def school_texts(catalogue: Catalogue, texts: Iterable[Text]) -> Iterator[Text]:
    """Yield those of some texts that name a school, with the UNITIDs of the schools wanted."""
    schools = {row.slug: str(row.school.unitid) for row in catalogue.rows}
    for text in texts:
        if text.kind in NAMES:
            wanted = frozenset(schools[slug] for slug in text.wanted)
            either = frozenset(schools[slug] for slug in text.either) - wanted
            yield replace(text, wanted=wanted, either=either)


def fresh_texts(catalogue: Catalogue) -> Iterator[Text]:
    """Yield texts by kind that nothing is tuned on; those left out want what no row has today."""
    for one in FRESH:
        want: Mapping[str, Any] = one["want"]
        wanted = catalogue.find(want)
        if wanted or want.get("none"):
            yield Text(one["text"], one["kind"], wanted)
