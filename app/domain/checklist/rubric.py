"""The rubric: criteria, checks, points, reasons and questions, read from a published version."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from app.domain.vocabulary import Finding


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a student can verify; ``points`` is its share within the criterion."""

    key: str
    label: str
    points: int
    reason: str
    rule: str
    question: str
    whom: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A group of checks; ``weight`` is its default share of the whole."""

    key: str
    label: str
    weight: float
    reason: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A consequence that no points outweigh: raised when a check has a finding."""

    key: str
    check: str
    finding: str
    reason: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What a version makes of statements that fall short, and how it weighs criteria.

    What stands here is that of 2026.1, whose file says nothing of it.
    """

    undated: Finding = Finding.PARTLY_MET
    """A positive statement without a date."""
    institution_wide: Finding = Finding.PARTLY_MET
    """What is known for the school as a whole."""
    stale: Finding = Finding.UNKNOWN
    """A statement past its shelf life."""
    vague: Finding = Finding.PARTLY_MET
    """An accreditation that does not name award and campus."""
    dated_statements_lead: bool = False
    """Whether what bears a date leads, whoever says it."""
    keeps_running_terms: bool = False
    """Whether an accreditation whose term still runs is fresh, however old its page."""
    asks_accreditor_of_field: bool = False
    """Whether each field and award has its own accreditor, or none; else it is CAHIIM for all."""
    weighs_by_what_applies: bool = False
    """Whether a criterion has the share of its weight that its checks that apply have of all."""

    @property
    def open_findings(self) -> frozenset[Finding]:
        """The findings that leave something to ask the school."""
        short = {self.undated, self.institution_wide, self.stale, self.vague}
        return frozenset({*short, Finding.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Rubric:
    """One published version; it never changes, a correction is a new version.

    ``values`` are the shares of its points that a finding earns. ``possible`` are the least and
    the most share that it still can: a finding is the set of values that asking could still bring.
    """

    version: str
    published_on: str
    title: str
    measures: str
    values: Mapping[str, float]
    possible: Mapping[str, tuple[float, float]]
    policy: Policy
    criteria: tuple[Criterion, ...]
    gates: tuple[Gate, ...]

    @property
    def default_weights(self) -> dict[str, float]:
        """Criterion key -> default share, summing to 1."""
        return {criterion.key: criterion.weight for criterion in self.criteria}

    def find_check(self, key: str) -> Check | None:
        """Return the check with a key, or None."""
        for criterion in self.criteria:
            for check in criterion.checks:
                if check.key == key:
                    return check
        return None

    def count_answered(self, findings: Iterable[Finding]) -> tuple[int, int]:
        """Return of how many checks the answer is known at least in part, and how many apply."""
        applying = [one for one in findings if one is not Finding.NOT_APPLICABLE]
        return sum(one in self.values for one in applying), len(applying)

    @property
    def check_keys(self) -> tuple[str, ...]:
        """Keys of all checks, in order."""
        return tuple(check.key for criterion in self.criteria for check in criterion.checks)


def parse_rubric(text: str) -> Rubric:
    """Return the rubric in a JSON document.

    Raises:
        ValueError: Not a rubric: weights that do not sum to 1, a key used twice, a gate on
            an unknown check.
    """
    raw = json.loads(text)
    criteria = tuple(
        Criterion(**{**criterion, "checks": tuple(Check(**check) for check in criterion["checks"])})
        for criterion in raw["criteria"]
    )
    settled = {finding: [value, value] for finding, value in raw["values"].items()}
    possible = raw.get("possible") or {**settled, Finding.UNKNOWN: [0, 1]}
    rubric = Rubric(
        **{
            **raw,
            "possible": {finding: (least, most) for finding, (least, most) in possible.items()},
            "policy": _parse_policy(raw.get("policy", {})),
            "criteria": criteria,
            "gates": tuple(Gate(**gate) for gate in raw["gates"]),
        }
    )
    keys = rubric.check_keys
    if len(set(keys)) != len(keys):
        raise ValueError("a check key is used twice")
    if sum(Fraction(str(criterion.weight)) for criterion in criteria) != 1:
        raise ValueError("the default weights do not sum to 1")
    if unknown := [gate.check for gate in rubric.gates if gate.check not in keys]:
        raise ValueError(f"gates on unknown checks: {unknown}")
    return rubric


def _parse_policy(raw: Mapping[str, str | bool]) -> Policy:
    return Policy(
        **{  # type: ignore[arg-type]
            name: value if isinstance(value, bool) else Finding(value)
            for name, value in raw.items()
        }
    )


@lru_cache(maxsize=8)
def load_rubrics(folder: Path) -> dict[str, Rubric]:
    """Return version -> rubric of every file in a folder, oldest first.

    Raises:
        ValueError: A file is not a rubric, or its name is not its version.
    """
    rubrics = {}
    for path in sorted(folder.glob("*.json")):
        rubric = parse_rubric(path.read_text(encoding="utf-8"))
        if rubric.version != path.stem:
            raise ValueError(f"{path.name} holds version {rubric.version}")
        rubrics[rubric.version] = rubric
    return rubrics
