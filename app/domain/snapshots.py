"""Frozen comparisons: what their address is made of, and whether their scores are true to them."""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.checklist.rubric import Rubric
from app.domain.checklist.scoring import Interval, Score, score
from app.domain.comparison.ranking import exact_criteria, partial_order, to_fields
from app.domain.vocabulary import Finding

FORMAT = 2
"""Shape of a snapshot; a later shape gets the next number, and older ones stay readable."""

SCORES: Mapping[int, tuple[str, ...]] = {
    1: ("low", "high", "coverage"),
    2: ("low", "likely", "high", "coverage"),
}
"""Format -> what it tells of a score."""

Content = Mapping[str, Any]
"""A snapshot as read from JSON, with or without its hash."""


def to_canonical(content: Content) -> str:
    """Return the one JSON text of a snapshot: keys sorted, no spaces, its hash left out."""
    bare = {key: value for key, value in content.items() if key != "hash"}
    return json.dumps(
        bare, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_hash(canonical: str) -> str:
    """Return the SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def pack(canonical: str) -> bytes:
    """Return the canonical text as it is stored: a tenth of its size, by zlib."""
    return zlib.compress(canonical.encode(), 9)


def unpack(packed: bytes) -> str:
    """Return the canonical text that was packed."""
    return zlib.decompress(packed).decode()


def find_differences(document: Content, rubrics: Mapping[str, Rubric]) -> list[str]:
    """Return what in a snapshot is not as its own content and the rubric make it; empty: all is.

    The hash is taken of the content; scores, criteria, gates, points, dominance, stability,
    ranks and tie bands are computed anew from the findings and weights in the snapshot.

    Raises:
        ValueError: Not a snapshot.
    """
    try:
        return list(_differences(document, rubrics))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a snapshot: {error!r}") from error


def _differences(document: Content, rubrics: Mapping[str, Rubric]) -> Iterator[str]:
    told = SCORES.get(document["format"])
    if told is None:
        formats = ", ".join(map(str, SCORES))
        raise ValueError(f"a snapshot of format {document['format']!r}; this reads {formats}")
    actual = content_hash(to_canonical(document))
    if document["hash"] != actual:
        yield f"hash: the file says {document['hash']}, its content gives {actual}"
    comparison = document["comparison"]
    rubric = rubrics.get(comparison["rubric"])
    if rubric is None:
        yield f"rubric: version {comparison['rubric']!r} is not known here"
        return
    findings: dict[str, dict[str, Finding]] = {}
    for checklist in comparison["checklists"]:
        found = _findings(checklist)
        findings[checklist["program"]] = found
        for place, said, computed in _score_fields(checklist, rubric, found, told):
            if said != computed:
                yield (
                    f"{checklist['program']}: {place} is {said} in the file, {computed} by "
                    f"rubric {rubric.version}"
                )
    criteria = {slug: exact_criteria(rubric, found) for slug, found in findings.items()}
    order = to_fields(partial_order(criteria, comparison["weights"]))
    for name, computed in order.items():
        if comparison[name] != computed:
            yield f"{name}: not what the findings and weights in the file give"


def _findings(checklist: Content) -> dict[str, Finding]:
    return {
        check["key"]: Finding(check["finding"])
        for criterion in checklist["criteria"]
        for check in criterion["checks"]
    }


def _said(checklist: Content) -> dict[str, Finding]:
    return {
        check["key"]: Finding(check["said"])
        for criterion in checklist["criteria"]
        for check in criterion["checks"]
        if check.get("said")
    }


def _score_fields(
    checklist: Content, rubric: Rubric, findings: Mapping[str, Finding], told: Sequence[str]
) -> Iterator[tuple[str, object, object]]:
    """Yield place, value in the file and value computed, for all that the score is made of."""
    scored = score(rubric, findings, checklist["weights"], said=_said(checklist))
    yield "score", checklist["score"], _as_served(scored.whole, told)
    if rubric.gates:  # else they follow from the rules of exams, which a snapshot does not hold
        yield "gates", checklist["gates"], list(scored.gates)
    known = [criterion.key for criterion in rubric.criteria]
    yield "criteria", [criterion["key"] for criterion in checklist["criteria"]], known
    for criterion in checklist["criteria"]:
        key = criterion["key"]
        yield f"{key}.score", criterion["score"], _as_served(scored.criteria.get(key), told)
        yield f"{key}.weight", criterion["weight"], _weight(scored, key)
        for check in criterion["checks"]:
            points = _points(rubric, check["key"], findings[check["key"]])
            yield f"{check['key']}.points", check["points"], points


def _as_served(interval: Interval | None, told: Sequence[str]) -> dict[str, float] | None:
    if interval is None:
        return None
    every = dict(zip(("low", "likely", "high", "coverage"), interval.rounded, strict=True))
    return {name: every[name] for name in told}


def _weight(scored: Score, key: str) -> float:
    return round(scored.weights.get(key, 0.0), 4)


def _points(rubric: Rubric, key: str, finding: Finding) -> float | None:
    check = rubric.find_check(key)
    if check is None or finding not in rubric.values:
        return None
    return check.points * rubric.values[finding]
