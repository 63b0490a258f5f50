"""Values of files of facts on credentials, taken apart: "105 (90 scored, 15 pretest)" is three."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.credentials.cells import words_of
from app.domain.text.identifiers import fold


@dataclass(frozen=True, slots=True)
class Part:
    """One statement inside a value."""

    field: str
    qualifier: str | None
    words: str
    low: float | None
    high: float | None
    unit: str | None


NUMBER = r"\+?(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?"
PIECE = re.compile(rf"{NUMBER} ?([A-Za-z][\w /-]*?)?(?: \((.*)\))?")
"""A number, what it is a number of, and a remark or its own parts in brackets."""

TAKEN_APART = frozenset(
    {"exam_items", "exam_fee", "retest_wait_days", "renewal_fee", "ceu_multiple_credentials"}
)
"""Fields of which a value may be several numbers."""

KINDS = {  # what a number is of, as files write it -> its qualifier
    "in all": None,
    "in total": None,
    "total": None,
    "items": None,
    "questions": None,
    "multiple choice questions": "multiple_choice",
    "first credential": None,
    "each further one": "further_credential",
    "per further credential": "further_credential",
    "student": "student",
    "students": "student",
    "members": "member",
    "non-members": "non_member",
}

RATES = re.compile(r"CEU? per (\d+) years?|CE per (\d+) years?")
OF_ALL = re.compile(r"correct answers of (\d+)")


def take_apart(
    field: str, qualifier: str | None, unit: str | None, value: str, printed: str
) -> list[Part]:
    """Return the statements inside a value.

    Args:
        field: What it is about.
        qualifier: For whom, or of which part, the whole value holds.
        unit: Of the field's numbers; None: as the file prints it.
        value: As the file prints it.
        printed: The unit as the file prints it.
    """
    unit = unit or ("points" if "scale" in value else printed or None)
    if (rate := RATES.fullmatch(printed)) and re.fullmatch(NUMBER, value):
        years = int(rate[1] or rate[2])
        low, high = _bounds(value)
        months = 12 * years
        return [
            Part(field, qualifier, f"{value} units in {years} years", low, high, unit),
            Part("renewal_cycle_months", None, f"{months} months", months, months, "months"),
        ]
    if (share := OF_ALL.fullmatch(printed)) and re.fullmatch(NUMBER, value):
        percent = float(value) * 100 / int(share[1])
        return [Part(field, qualifier, f"{value} {printed}", percent, percent, "percent")]
    if field in TAKEN_APART and (pieces := list(_pieces(value, field))):
        return [
            Part(field, joined, words_of(number, unit, joined), *_bounds(number), unit)
            for number, kind in pieces
            for joined in ["_".join(part for part in (qualifier, kind) if part) or None]
        ]
    return [Part(field, qualifier, words_of(value, unit, qualifier), *_bounds(value), unit)]


def _pieces(value: str, field: str) -> Iterator[tuple[str, str | None]]:
    """Yield each number of a value with what it is of; nothing where a part of it is no number."""
    found = []
    for text in re.split(r"(?:, | and |; )(?=\+?\d)(?![^(]*\))", value):
        match = PIECE.fullmatch(text)
        if match is None:
            return
        kind = _kind(match[3])
        found.append((_number(match), kind))
        inner = re.split(r", ", match[4]) if match[4] and field == "exam_items" else []
        found += [
            (_number(part), "_".join(filter(None, (kind, _kind(part[3])))))
            for part in map(PIECE.fullmatch, inner)
            if part is not None
        ]
    yield from found


def _number(match: re.Match[str]) -> str:
    return f"{match[1]}-{match[2]}" if match[2] else match[1]


def _kind(words: str | None) -> str | None:
    """Return the qualifier for what a number is of: "for all others" -> "all_others"."""
    bare = re.sub(r"^for (the )?", "", (words or "").strip())
    return KINDS[bare.lower()] if bare.lower() in KINDS else fold(bare).replace(" ", "_") or None


def _bounds(text: str) -> tuple[float | None, float | None]:
    """Return the least and the most that a text gives as a number; None where it gives none."""
    if match := re.match(r"(\d+) on a [\d-]+ scale", text) or re.fullmatch(
        r"(\d+) tested, \d+ passed", text
    ):
        return float(match[1]), float(match[1])
    if match := re.fullmatch(r"(?:at least )?(\d+) percent\b.*|(\d+) percent must .*", text):
        share = float(match[1] or match[2])
        return share, share
    if match := re.fullmatch(NUMBER, text):
        return float(match[1]), float(match[2] or match[1])
    return None, None
