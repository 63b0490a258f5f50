"""What somebody holds on the way to a role."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from app.domain.advancement.levels import RANKS, highest, level_of_award
from app.domain.claims import ProgramFacts
from app.domain.credentials.eligibility import Education

OWN_FIELDS = ("51.07", "51.2706")
"""CIP codes, or how they begin, of which employers of these roles speak."""


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds; None is not told, which is never a no but is not counted either.

    ``awards`` are award levels, ``programs`` completed programs, ``years_in`` years by field of
    work, ``experience_years`` years of health information work in all; ``skills`` are folded.
    ``least`` is the education that credentials held show, and ``fields`` the CIP codes that the
    highest education told may be in. ``credits_earned`` are semester credits in all,
    ``credits_counted`` those that the next school counts.
    """

    education: Education | None = None
    awards: frozenset[str] = frozenset()
    programs: tuple[ProgramFacts, ...] = ()
    credentials: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    experience_years: float | None = None
    years_in: Mapping[str, float] = dataclass_field(default_factory=dict)
    skills: frozenset[str] = frozenset()
    least: Education | None = None
    fields: frozenset[str] = frozenset()
    credits_earned: float | None = None
    credits_counted: float | None = None

    @property
    def level(self) -> str | None:
        """The highest education told or shown, also by an award; None: nothing is."""
        return highest([self.education, self.level_in_field])

    @property
    def level_in_field(self) -> str | None:
        """The highest education without that which is told to be in another field."""
        named = [level_of_award(program.award_level) for program in self.programs]
        told = None if self.is_elsewhere else self.education
        return highest([told, self.least, *map(level_of_award, self.awards), *named])

    @property
    def is_elsewhere(self) -> bool:
        """Whether the highest education told is in a field that has nothing to do with this."""
        return bool(self.fields) and not any(code.startswith(OWN_FIELDS) for code in self.fields)

    def may_be_among(self, codes: Iterable[str]) -> bool:
        """Return whether the highest education told may be in one of these fields."""
        return not self.fields or any(code.startswith(tuple(self.fields)) for code in codes)

    @property
    def may_have_more(self) -> bool:
        """Whether the education told is more than the programs named have given."""
        named = (level_of_award(program.award_level) for program in self.programs)
        ranks = [RANKS[level] for level in named if level]
        level = self.level_in_field
        return level is not None and RANKS[level] > max(ranks, default=-1)

    def has_all_of(self, other: "Held") -> bool:
        """Return whether nothing is held there that is not held here."""
        years, others = self.experience_years or 0, other.experience_years or 0
        return (
            self.credentials >= other.credentials
            and self.roles >= other.roles
            and self.awards >= other.awards
            and self.skills >= other.skills
            and (other.level is None or self.reaches(other.level))
            and years >= others
            and all(self.years_in.get(k, 0) >= v for k, v in other.years_in.items())
            and all(program in self.programs for program in other.programs)
        )

    def reaches(self, level: str) -> bool:
        """Return whether the education told is at least a level."""
        return self.level is not None and RANKS[self.level] >= RANKS[level]
