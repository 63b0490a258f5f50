"""Steps of a plan, and the plan they come to."""

from dataclasses import dataclass, replace

from app.domain.advancement.held import Held
from app.domain.advancement.levels import is_less
from app.domain.advancement.roles import ANY_FIELD, Kind, Requirement
from app.domain.claims import ProgramFacts
from app.domain.credentials.eligibility import EDUCATION_OF_AWARD, Answer, Change, Education
from app.domain.credentials.timeline import NO_CREDITS, Assumption, Credits, Months
from app.domain.messages import Message
from app.domain.text.identifiers import fold

NO_MONTHS = Months(None, None)
"""Nobody knows how long."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a plan and what it rests on.

    ``answer`` yes: allowed when it comes; unknown: nobody who may be relied on tells, and
    ``changes`` say what to ask. ``may_be_met`` marks what the caller did not tell. ``role`` is
    the role it is for, None where a credential is the aim; ``credential`` and ``route`` the
    exam's rule that asks for it, ``subject`` the field it asks for. ``credits`` are those that may
    count, of ``credits_needed``.
    """

    kind: Kind
    key: str
    role: str | None
    answer: Answer
    reason: Message
    months: Months = NO_MONTHS
    assumptions: tuple[Assumption, ...] = ()
    changes: tuple[Change, ...] = ()
    requirement: Requirement | None = None
    credential: str | None = None
    route: str | None = None
    may_be_met: bool = False
    award_level: str | None = None
    accredited_by: str | None = None
    subject: str | None = None
    program: ProgramFacts | None = None
    is_planned_program: bool = False
    years: float | None = None
    gained: float = 0.0
    credits: Credits = NO_CREDITS
    credits_needed: float | None = None
    items: tuple[str, ...] = ()

    def apply(self, held: Held) -> Held:
        """Return what is held once the step is done."""
        match self.kind:
            case Kind.CREDENTIAL:
                return replace(held, credentials=held.credentials | {self.key})
            case Kind.ROLE:
                return replace(held, roles=held.roles | {self.key})
            case Kind.SKILLS:
                return replace(held, skills=held.skills | {fold(skill) for skill in self.items})
            case Kind.EXPERIENCE:
                return self._worked(held)
            case Kind.EDUCATION:
                return self._studied(held)

    def _worked(self, held: Held) -> Held:
        years = float(self.years or 0)
        if self.key == ANY_FIELD:
            return replace(held, experience_years=max(held.experience_years or 0, years))
        told = held.experience_years or 0
        years_in = {**held.years_in, self.key: max(held.years_in.get(self.key, 0), years)}
        return replace(held, years_in=years_in, experience_years=told + self.gained)

    def _studied(self, held: Held) -> Held:
        awards = held.awards | ({self.award_level} if self.award_level else set())
        programs = (*held.programs, self.program) if self.program else held.programs
        education = held.education
        gained = Education.HIGH_SCHOOL
        if self.award_level:
            gained = EDUCATION_OF_AWARD.get(self.award_level, gained)
        if education is None or is_less(education, gained):
            education = gained
        return replace(
            held,
            awards=awards,
            programs=programs,
            education=education,
            credits_earned=None,
            credits_counted=None,
        )


@dataclass(frozen=True, slots=True)
class UndecidedRequirement:
    """A requirement of a role that nobody can call met or missing, and why."""

    role: str
    kind: Kind
    requirement: Requirement | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Blocker:
    """A requirement that no step can meet, and why; None: the credential aimed at."""

    role: str | None
    requirement: Requirement | None
    reason: Message


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order; none where something blocks the way."""

    steps: tuple[Step, ...]
    held: Held
    open: tuple[UndecidedRequirement, ...]
    blocked_by: tuple[Blocker, ...]
