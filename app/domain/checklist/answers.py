"""What a school answers to the open questions of a checklist: fields of a form, and claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.checklist.curation import SETTLERS, claim_for, level_of, needs_accreditor
from app.domain.messages import Message
from app.domain.vocabulary import CostUnit, Finding, Level, PracticumFormat, Residency

ANSWERS = (Finding.MET, Finding.PARTLY_MET, Finding.NOT_MET)
"""What can be chosen, in this order; a check takes those that a claim can say."""

MOST_USD = 1_000_000
MOST_NUMBER = 10_000


@dataclass(frozen=True, slots=True)
class Detail:
    """A further field of a question; ``choices`` None: a number."""

    name: str
    choices: tuple[str, ...] | None = None


AMOUNT = (
    Detail("usd"),
    Detail("unit", tuple(str(unit) for unit in CostUnit)),
    Detail("residency", tuple(str(one) for one in Residency)),
)
DETAILS: Mapping[str, tuple[Detail, ...]] = {
    "tuition": AMOUNT,
    "fees": AMOUNT,
    "books": AMOUNT,
    "technology": AMOUNT,
    "credits_accepted": (Detail("credits_max"),),
    "hours_stated": (Detail("hours"),),
    "local_or_remote": (Detail("format", tuple(str(one) for one in PracticumFormat)),),
}
"""Check -> what is asked beside yes or no."""


def choices_of(check: str) -> list[Finding]:
    """Return what a school can answer to a check."""
    _, settle = SETTLERS[check]
    return [finding for finding in ANSWERS if settle(finding, None) is not None]


def answer_of(
    check: str,
    finding: str,
    typed: Mapping[str, str],
    award_level: str | None,
    accreditors: Sequence[str],
) -> tuple[str, dict[str, Any]]:
    """Return the collection and columns of the claim that an answer makes.

    Args:
        check: Key of a check.
        finding: One of ``choices_of`` it.
        typed: Name of a detail -> what was typed; empty ones count as not given.
        award_level: Of the program.
        accreditors: Who accredits programs of its field and award.

    Raises:
        ValueError: The answer cannot be given, or a detail is missing or no number; says which.
    """
    if finding not in choices_of(check):
        raise ValueError(Message("%(value)s is no answer to this question", value=finding))
    details: dict[str, Any] = {}
    if finding == Finding.MET:
        for detail in DETAILS.get(check, ()):
            details |= _detail(detail, typed.get(detail.name, "").strip())
    if needs_accreditor(check, accreditors):
        name = typed.get("accreditor", "").strip()
        if not name and level_of(check) == Level.INSTITUTION:
            raise ValueError(Message("name the body that accredits the school"))
        if not name:
            raise ValueError(Message("name the body that accredits the program"))
        details["accreditor"] = name[:200]
    return claim_for(check, Finding(finding), award_level, accreditors, details)


def _detail(detail: Detail, text: str) -> dict[str, Any]:
    if detail.choices is not None:
        if text and text not in detail.choices:
            raise ValueError(Message("%(value)s cannot be chosen here", value=text))
        if not text and detail.name != "residency":
            raise ValueError(Message("choose one of the list"))
        return {detail.name: text} if text else {}
    low, high = _numbers(text, MOST_USD if detail.name == "usd" else MOST_NUMBER)
    match detail.name:
        case "usd":
            return {"amount_low_cents": round(low * 100), "amount_high_cents": round(high * 100)}
        case "hours":
            return {"hours_low": low, "hours_high": high}
        case name:
            return {name: high}


def _numbers(text: str, most: float) -> tuple[float, float]:
    """Return the ends of a number or range, "120" or "120-160", as people type them."""
    parts = text.replace("$", "").replace(",", "").replace("–", "-").split("-")
    try:
        ends = [float(part) for part in parts]
    except ValueError:
        ends = []
    if not 1 <= len(ends) <= 2 or not all(0 <= end <= most for end in ends):
        raise ValueError(Message("type a number, or two with a hyphen between them"))
    return min(ends), max(ends)
