"""The outline of an exam: its domains with their weights, read from the words that list them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.text.identifiers import fold

WEIGHT = r"(?P<low>\d+(?:\.\d+)?)(?:-(?P<high>\d+(?:\.\d+)?))?"
WEIGHED = re.compile(rf"(?P<name>.*?)(?: \(rest, {WEIGHT}\)| {WEIGHT.replace('P<', 'P<_')})")
REMARK = re.compile(r" \([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of an exam and its weight, in the unit of the outline; None is not told."""

    name: str
    low: float | None
    high: float | None


def read_outline(text: str) -> list[Domain]:
    """Return the domains that a text lists, parted by semicolons; none where it lists no two.

    A weight is a number or a range after the name. What stands before a colon is said of all
    domains up to the next semicolon; there commas part them too, where each has a weight.

    >>> [(d.name, d.low, d.high) for d in read_outline("Coding 15-18; Record Review; Billing 33")]
    [('Coding', 15.0, 18.0), ('Record Review', None, None), ('Billing', 33.0, 33.0)]
    """
    segments = [segment.strip() for segment in text.split(";") if segment.strip()]
    domains = [domain for segment in segments for domain in _domains_in(segment)]
    return domains if len(domains) > 1 else []


def _domains_in(segment: str) -> list[Domain]:
    group, colon, rest = segment.rpartition(": ")
    pieces = re.split(r"(?<=\d), ", rest)
    if len(pieces) > 1:
        # a remark may follow a weight: it is no domain
        pieces = [piece for piece in pieces if WEIGHED.fullmatch(piece)] or [rest]
    return [_to_domain(f"{group}{colon}{piece}") for piece in pieces if not _is_remark(piece)]


def _is_remark(piece: str) -> bool:
    """Return whether a piece without a weight only tells that there is more: "further topics"."""
    return piece[:1].islower() and not WEIGHED.fullmatch(piece)


def _to_domain(text: str) -> Domain:
    if match := WEIGHED.fullmatch(text):
        low = match["low"] or match["_low"]
        high = match["high"] or match["_high"] or low
        return Domain(match["name"], float(low), float(high))
    return Domain(REMARK.sub("", text), None, None)


def first_difference(
    one: Sequence[Domain], other: Sequence[Domain]
) -> tuple[Domain, Domain] | None:
    """Return the first domain of two outlines to which they give different weights; None: none.

    A weight within a range is no other one. Sites shorten names: where none is the same, one whose
    words all stand in the other is.
    """
    weighed = {fold(domain.name): domain for domain in other if domain.low is not None}
    named = {fold(domain.name) for domain in one}
    shortened = {name: domain for name, domain in weighed.items() if name not in named}
    for domain in one:
        name = fold(domain.name)
        same = weighed.get(name) or next(
            (that for words, that in shortened.items() if _are_forms(name, words)), None
        )
        if domain.low is None or same is None:
            continue
        if not (_is_within(domain, same) or _is_within(same, domain)):
            return domain, same
    return None


def _are_forms(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return words <= others or others <= words


def _is_within(one: Domain, other: Domain) -> bool:
    return bool(other.low <= one.low and one.high <= other.high)  # type: ignore[operator]
