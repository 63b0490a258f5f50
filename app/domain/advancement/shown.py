"""Education that credentials held show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.domain.advancement.exams import body_of, ideal_program
from app.domain.advancement.held import Held
from app.domain.advancement.levels import AWARD_OF_LEVEL, LEVELS, RANKS, is_less, level_of_award
from app.domain.credentials.eligibility import Education


@dataclass(frozen=True, slots=True)
class Shown:
    """Education that a credential held shows: the least that any route to it asks for.

    ``accredited_by`` where the one way is a program that somebody accredits; ``is_least`` where
    routes differ, so that there may be more. ``told`` is the lower education that was told.
    """

    credential: str
    education: Education
    accredited_by: str | None
    is_least: bool
    told: Education | None = None


def shown_by(
    rules: Mapping[str, Mapping[str, Any]], held: Held, today: date
) -> tuple[Held, list[Shown]]:
    """Return what is held with the education that credentials show, and which shows what.

    Args:
        rules: Credential -> its rules, of every credential held.
        held: As it was told.
        today: The day from which a program of the plan's own is dated.
    """
    found = [shown for code in sorted(held.credentials) if (shown := _shown_by(code, rules[code]))]
    told = held.education
    for one in found:
        least = held.least
        if least is None or is_less(least, one.education):
            held = replace(held, least=one.education)
        if one.accredited_by and not one.is_least:
            program = ideal_program(AWARD_OF_LEVEL[one.education], one.accredited_by, today)
            held = replace(held, programs=(*held.programs, program))
    if told is None:
        return held, found
    return held, [replace(one, told=told) if is_less(told, one.education) else one for one in found]


def _shown_by(code: str, rules: Mapping[str, Any]) -> Shown | None:
    """Return the education that whoever holds a credential has; None where its rules tell none.

    A program abroad that the issuer recognises stands for the home program it equals.
    """
    asked: set[int] = set()
    least: list[int] = []
    bodies: set[str | None] = set()
    for route in rules.get("any_of", []):
        is_abroad = any(c["kind"] == "completed_foreign_program" for c in route["all_of"])
        if is_abroad or not route.get("decides"):
            continue
        of_route = [ranks for c in route["all_of"] if (ranks := _ranks_asked(c))]
        if not of_route:
            return None
        asked |= {rank for ranks in of_route for rank in ranks}
        least.append(max(min(ranks) for ranks in of_route))
        programs = [c for c in route["all_of"] if c["kind"] == "completed_program"]
        bodies |= {body_of(condition) for condition in programs} or {None}
    if not least:
        return None
    return Shown(
        credential=code,
        education=Education(LEVELS[min(least)]),
        accredited_by=bodies.pop() if len(bodies) == 1 else None,
        is_least=len(asked) > 1,
    )


def _ranks_asked(condition: Mapping[str, Any]) -> list[int]:
    """Return the education of which a condition asks one, as ranks; none where it asks for none."""
    match condition["kind"]:
        case "education":
            return [RANKS[condition["at_least"]]]
        case "education_or_credits":
            return [RANKS[Education.SOME_COLLEGE]]
        case "completed_program":
            levels = map(level_of_award, condition["award_levels"])
            return [RANKS[level] for level in levels if level]
        case _:
            return []
