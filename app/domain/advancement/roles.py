"""Roles form a graph; each has requirements, met when the role comes and not before."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.messages import Message


class Stage(StrEnum):
    """Where on the way a role stands."""

    ENTRY = "entry"
    MIDDLE = "middle"
    TARGET = "target"


class Kind(StrEnum):
    """What a role asks for, and so what a step brings."""

    CREDENTIAL = "credential"
    EDUCATION = "education"
    EXPERIENCE = "experience"
    SKILLS = "skills"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a role asks for: one of several credentials, a level of education, or years.

    ``any_of`` None and years without a bound are unknown. ``at`` is its place in the role's list.
    """

    kind: Kind
    at: int
    any_of: tuple[str, ...] | None = None
    at_least: str | None = None
    years_below: float | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the graph, and the roles that lead to it."""

    slug: str
    is_entry: bool
    requirements: tuple[Requirement, ...] = ()
    comes_from: tuple[str, ...] = ()
    skills: tuple[str, ...] | None = None


ANY_FIELD = Message("health information")
"""Experience in the field as a whole."""
